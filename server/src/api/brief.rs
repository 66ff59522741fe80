//! GET /topics/{id}/brief and /search/brief

use axum::extract::Path;
use axum::http::HeaderMap;
use axum::response::Response;

use super::answer;
use crate::problem::Problem;
use crate::read;
use crate::read::params::{Nothing, Params, SearchParams};
use crate::shapes::{Brief, Id};
use crate::state::View;

/// A topic on one page
///
/// What its brief for print is made of: figures with what they are held against, up to four quotations, who speaks, who
/// could and does not, of whom nobody knows, what a warning is worth, what is left out, and what it takes to check it.
#[utoipa::path(get, operation_id = "topic_brief", path = "/topics/{id}/brief", tag = "topics",
    params(("id" = Id, Path, description = "Id of a topic")),
    responses((status = 200, description = "The brief", body = Brief)))]
pub(crate) async fn of_topic(
    view: View,
    headers: HeaderMap,
    Path(id): Path<String>,
    Params(Nothing): Params<Nothing>,
) -> Result<Response, Problem> {
    let brief = read::brief::of_topic(&view, &id).await?;
    answer::one(&headers, &view, &brief)
}

/// What a search finds, on one page
///
/// As the brief of a topic; the place in the list (`cursor`, `limit`) makes no difference.
#[utoipa::path(get, operation_id = "search_brief", path = "/search/brief", tag = "search", params(SearchParams),
    responses((status = 200, description = "The brief", body = Brief)))]
pub(crate) async fn of_search(
    view: View,
    headers: HeaderMap,
    Params(params): Params<SearchParams>,
) -> Result<Response, Problem> {
    let brief = read::brief::of_search(&view, &params).await?;
    answer::one(&headers, &view, &brief)
}
