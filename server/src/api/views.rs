//! GET /views

use axum::http::HeaderMap;
use axum::response::Response;

use super::answer;
use crate::problem::Problem;
use crate::read;
use crate::read::params::{Nothing, Params};
use crate::shapes::Views;
use crate::state::View;

/// Views of this instance
///
/// Searches, comparisons and lists of topics that the operator gave a name; `/views/NAME` leads to each. One that names a
/// network or topic that may not be shown is not among them.
#[utoipa::path(get, operation_id = "views", path = "/views", tag = "search",
    responses((status = 200, description = "The views, in the operator's order", body = Views)))]
pub(crate) async fn views(
    view: View,
    headers: HeaderMap,
    Params(Nothing): Params<Nothing>,
) -> Result<Response, Problem> {
    answer::one(&headers, &view, &read::views::views(&view))
}
