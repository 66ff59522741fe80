//! GET /paths

use axum::http::HeaderMap;
use axum::response::Response;

use super::answer;
use crate::problem::Problem;
use crate::read;
use crate::read::params::{Params, PathParams};
use crate::shapes::Path;
use crate::state::View;

/// How two conversations or topics are connected
///
/// The best way over the neighbours kept of each conversation, each step with its reasons: at most 6 steps, and 2,000
/// conversations looked at. Where none is found the answer has no steps.
#[utoipa::path(get, path = "/paths", tag = "conversations", params(PathParams),
    responses((status = 200, description = "The way, without steps where none was found", body = Path)))]
pub(crate) async fn path(
    view: View,
    headers: HeaderMap,
    Params(params): Params<PathParams>,
) -> Result<Response, Problem> {
    let path = read::paths::path(&view, &params).await?;
    answer::one(&headers, &view, &path)
}
