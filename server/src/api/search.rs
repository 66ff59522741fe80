//! GET /search

use axum::extract::{RawQuery, State};
use axum::http::HeaderMap;
use axum::response::Response;

use super::answer;
use crate::problem::Problem;
use crate::read;
use crate::read::params::SearchParams;
use crate::shapes::SearchPage;

/// Search conversations
///
/// Finds conversations by any of their posts, with the best passages, facets and a timeline. Without `q` every
/// conversation that passes the filters is found.
#[utoipa::path(get, path = "/search", tag = "search", params(SearchParams),
    responses((status = 200, description = "What was found", body = SearchPage)))]
pub(crate) async fn search(
    State(state): State<crate::State>,
    headers: HeaderMap,
    RawQuery(raw): RawQuery,
) -> Result<Response, Problem> {
    let params = SearchParams::parse(raw.as_deref().unwrap_or_default())?;
    let view = state.view().await?;
    let page = read::search::search(&view, &params).await?;
    let next = page.next.as_deref().map(|next| params.at(next).to_query());
    answer::list(&headers, &view, &*page, "/search", next)
}
