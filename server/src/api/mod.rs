//! The JSON API under `/api/v1`. Handlers hold no logic: they parse, call one read function, render.

pub(crate) mod annotations;
pub(crate) mod answer;
pub(crate) mod answers;
pub(crate) mod brief;
pub(crate) mod consent;
pub(crate) mod conversations;
mod digests;
pub(crate) mod elsewhere;
pub(crate) mod export;
pub(crate) mod follow;
pub(crate) mod follows;
pub(crate) mod graph;
pub(crate) mod ledger;
pub(crate) mod map;
pub(crate) mod networks;
pub(crate) mod owner;
pub(crate) mod package;
pub(crate) mod paths;
pub(crate) mod related;
pub(crate) mod search;
pub(crate) mod significant_terms;
pub(crate) mod topics;
pub(crate) mod tray;
pub(crate) mod views;

use axum::extract::Request;
use axum::http::Method;
use axum::middleware::{Next, from_fn};
use axum::response::Response;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::problem::Problem;
use crate::read::params;
use crate::state::State;

/// Every route of the API, with its documentation: what is not here does not exist, and is not documented.
pub(crate) fn routes() -> OpenApiRouter<State> {
    OpenApiRouter::new()
        .routes(routes!(search::search))
        .routes(routes!(export::export))
        .routes(routes!(brief::of_search))
        .routes(routes!(package::of_search))
        .routes(routes!(package::file_of_search))
        .routes(routes!(follow::events))
        .routes(routes!(follows::list, follows::make))
        .routes(routes!(follows::one, follows::end))
        .routes(routes!(follows::deliveries))
        .routes(routes!(follows::replay))
        .routes(routes!(significant_terms::words))
        .routes(routes!(significant_terms::compare))
        .routes(routes!(conversations::conversation))
        .routes(routes!(tray::tray))
        .routes(routes!(views::views))
        .routes(routes!(related::of_conversation))
        .routes(routes!(consent::of_conversation))
        .routes(routes!(consent::of_post))
        .routes(routes!(related::by_url, related::by_text))
        .routes(routes!(elsewhere::elsewhere))
        .routes(routes!(topics::list))
        .routes(routes!(topics::changes))
        .routes(routes!(topics::matrix))
        .routes(routes!(topics::warnings))
        .routes(routes!(digests::notices))
        .routes(routes!(digests::list))
        .routes(routes!(digests::digest))
        .routes(routes!(topics::topic))
        .routes(routes!(answers::list, answers::write))
        .routes(routes!(annotations::list, annotations::write))
        .routes(routes!(topics::networks))
        .routes(routes!(brief::of_topic))
        .routes(routes!(package::of_topic))
        .routes(routes!(package::file_of_topic))
        .routes(routes!(topics::conversations))
        .routes(routes!(paths::path))
        .routes(routes!(map::map))
        .routes(routes!(graph::graph))
        .routes(routes!(networks::list))
        .routes(routes!(networks::network))
        .routes(routes!(answers::of_network))
        .routes(routes!(networks::about))
        .routes(routes!(ledger::page))
        .routes(routes!(ledger::heads))
        .routes(routes!(ledger::transparency))
        .routes(routes!(owner::look_now))
        .routes(routes!(owner::withdrawal))
        .routes(routes!(owner::replay))
        .layer(from_fn(filled_in))
}

/// A parameter without a value is a mistake here. Methods that a path does not have are the router's to refuse.
async fn filled_in(request: Request, next: Next) -> Result<Response, Problem> {
    if matches!(*request.method(), Method::GET | Method::HEAD) {
        params::filled_in(request.uri().query().unwrap_or_default())?;
    }
    Ok(next.run(request).await)
}
