//! GET /elsewhere

use axum::http::HeaderMap;
use axum::response::Response;

use super::answer;
use crate::problem::Problem;
use crate::read;
use crate::read::params::{ElsewhereParams, Params};
use crate::shapes::Elsewhere;
use crate::state::View;

/// Where else it is being talked about
///
/// What an owner's box shows: up to three conversations about a topic, or about a page, one a network and never those of the
/// network that asks. Nothing is counted or kept of who asks. Fetch it on your own server, every five minutes at most, and
/// your readers never call us.
#[utoipa::path(get, path = "/elsewhere", tag = "conversations", params(ElsewhereParams),
    responses((status = 200, description = "Conversations of other networks", body = Elsewhere)))]
pub(crate) async fn elsewhere(
    view: View,
    headers: HeaderMap,
    Params(params): Params<ElsewhereParams>,
) -> Result<Response, Problem> {
    let elsewhere = read::elsewhere::elsewhere(&view, &params).await?;
    answer::one(&headers, &view, &elsewhere)
}
