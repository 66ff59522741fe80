//! GET /map

use axum::extract::{RawQuery, State};
use axum::http::HeaderMap;
use axum::response::Response;

use super::answer;
use crate::problem::Problem;
use crate::read;
use crate::read::params::MapParams;
use crate::shapes::Map;

/// The map of topics
///
/// Near means alike. The same data always draws the same map.
#[utoipa::path(get, path = "/map", tag = "topics", params(MapParams),
    responses((status = 200, description = "Topics and links at one zoom level", body = Map)))]
pub(crate) async fn map(
    State(state): State<crate::State>,
    headers: HeaderMap,
    RawQuery(raw): RawQuery,
) -> Result<Response, Problem> {
    let params = MapParams::parse(raw.as_deref().unwrap_or_default())?;
    let view = state.view().await?;
    let map = read::map::map(&view, params.level)?;
    answer::one(&headers, &view, &map)
}
