//! GET /search

use axum::http::HeaderMap;
use axum::response::Response;

use super::answer;
use crate::problem::Problem;
use crate::read;
use crate::read::params::{Params, SearchParams};
use crate::shapes::SearchPage;
use crate::state::View;

/// Search conversations
///
/// Finds conversations by any of their posts, with the best passages, facets and a timeline. Without `q` every
/// conversation that passes the filters is found.
#[utoipa::path(get, path = "/search", tag = "search", params(SearchParams),
    responses((status = 200, description = "What was found", body = SearchPage)))]
pub(crate) async fn search(
    view: View,
    headers: HeaderMap,
    Params(params): Params<SearchParams>,
) -> Result<Response, Problem> {
    let page = read::search::search(&view, &params).await?;
    let next = page.next.as_deref().map(|next| params.at(next).to_query());
    answer::list(&headers, &view, &*page, "/search", next)
}
