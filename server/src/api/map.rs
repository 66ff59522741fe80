//! GET /map

use axum::http::HeaderMap;
use axum::response::Response;

use super::answer;
use crate::problem::Problem;
use crate::read;
use crate::read::params::{MapParams, Params};
use crate::shapes::Map;
use crate::state::View;

/// The map of topics
///
/// Near means alike. The same data always draws the same map.
#[utoipa::path(get, path = "/map", tag = "topics", params(MapParams),
    responses((status = 200, description = "Topics and links at one zoom level", body = Map)))]
pub(crate) async fn map(
    view: View,
    headers: HeaderMap,
    Params(params): Params<MapParams>,
) -> Result<Response, Problem> {
    let map = read::map::map(&view, &params).await?;
    answer::one(&headers, &view, &map)
}
