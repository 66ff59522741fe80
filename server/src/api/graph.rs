//! GET /graph

use axum::http::HeaderMap;
use axum::response::Response;

use super::answer;
use crate::etag;
use crate::export::graphml;
use crate::problem::Problem;
use crate::read;
use crate::read::params::{GraphFormat, GraphParams, Params};
use crate::shapes::PublicGraph;
use crate::state::View;

/// The public graph to take away
///
/// Topics of all three zoom levels that may be shown, the links between topics of one level, what lies within what,
/// and which networks take part; as JSON or as GraphML.
#[utoipa::path(get, path = "/graph", tag = "topics", params(GraphParams),
    responses((status = 200, description = "The graph",
        content((PublicGraph = "application/json"), (String = "application/graphml+xml")))))]
pub(crate) async fn graph(
    view: View,
    headers: HeaderMap,
    Params(params): Params<GraphParams>,
) -> Result<Response, Problem> {
    let graph = read::graph::graph(&view);
    match params.format {
        GraphFormat::Json => answer::one(&headers, &view, &graph),
        GraphFormat::Graphml => Ok(etag::respond(
            &headers,
            &view,
            graphml::MEDIA,
            graphml::write(&graph),
        )),
    }
}
