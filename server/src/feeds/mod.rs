//! Outputs to follow: Atom and JSON Feed of a search, a topic and a network; OPML of networks; OpenSearch.

mod atom;
mod entries;
mod json_feed;
mod opml;
pub(crate) mod xml;

use axum::Router;
use axum::extract::{Path, RawQuery, Request, State};
use axum::http::HeaderMap;
use axum::response::Response;
use axum::routing::get;

use crate::etag;
use crate::problem::Problem;
use crate::read::params;
use crate::state;
use entries::Feed;

const ATOM: &str = "application/atom+xml; charset=utf-8";
const JSON_FEED: &str = "application/feed+json";
const OPML: &str = "text/x-opml; charset=utf-8";
const OPENSEARCH: &str = "application/opensearchdescription+xml; charset=utf-8";

pub(crate) fn routes() -> Router<state::State> {
    Router::new()
        .route("/search.atom", get(search_atom))
        .route("/search.json", get(search_json))
        .route("/topics/{id}/atom", get(topic_atom))
        .route("/topics/{id}/json", get(topic_json))
        .route("/networks/{slug}/atom", get(network_atom))
        .route("/networks/{slug}/json", get(network_json))
        .route("/networks.opml", get(networks_opml))
        .route("/opensearch.xml", get(opensearch))
}

/// Rewrites the address of a topic's feed to one that the router knows.
pub(crate) fn route(mut request: Request) -> Request {
    if let Some(path) = route_path(request.uri().path()) {
        let address = match request.uri().query() {
            Some(query) => format!("{path}?{query}"),
            None => path,
        };
        if let Ok(address) = address.parse() {
            *request.uri_mut() = address;
        }
    }
    request
}

/// `/topics/{id}.atom` as people write it, as the router knows it.
fn route_path(path: &str) -> Option<String> {
    let of = |suffix: &str, kind: &str| {
        let id = path.strip_prefix("/topics/")?.strip_suffix(suffix)?;
        (!id.is_empty() && !id.contains('/')).then(|| format!("/topics/{id}/{kind}"))
    };
    of(".atom", "atom").or_else(|| of(".json", "json"))
}

fn atom(headers: &HeaderMap, view: &state::View, feed: &Feed) -> Response {
    etag::respond(headers, view, ATOM, atom::write(view, feed))
}

fn json(headers: &HeaderMap, view: &state::View, feed: &Feed) -> Result<Response, Problem> {
    let body = json_feed::write(view, feed).map_err(|error| Problem::internal(&error))?;
    Ok(etag::respond(headers, view, JSON_FEED, body))
}

async fn search_atom(
    State(state): State<state::State>,
    headers: HeaderMap,
    RawQuery(raw): RawQuery,
) -> Result<Response, Problem> {
    let view = state.view().await?;
    let feed = entries::of_search(&view, raw.as_deref().unwrap_or_default(), "atom").await?;
    Ok(atom(&headers, &view, &feed))
}

async fn search_json(
    State(state): State<state::State>,
    headers: HeaderMap,
    RawQuery(raw): RawQuery,
) -> Result<Response, Problem> {
    let view = state.view().await?;
    let feed = entries::of_search(&view, raw.as_deref().unwrap_or_default(), "json").await?;
    json(&headers, &view, &feed)
}

async fn topic_atom(
    State(state): State<state::State>,
    headers: HeaderMap,
    Path(id): Path<String>,
    RawQuery(raw): RawQuery,
) -> Result<Response, Problem> {
    params::none(raw.as_deref().unwrap_or_default())?;
    let view = state.view().await?;
    let feed = entries::of_topic(&view, &id, "atom").await?;
    Ok(atom(&headers, &view, &feed))
}

async fn topic_json(
    State(state): State<state::State>,
    headers: HeaderMap,
    Path(id): Path<String>,
    RawQuery(raw): RawQuery,
) -> Result<Response, Problem> {
    params::none(raw.as_deref().unwrap_or_default())?;
    let view = state.view().await?;
    let feed = entries::of_topic(&view, &id, "json").await?;
    json(&headers, &view, &feed)
}

async fn network_atom(
    State(state): State<state::State>,
    headers: HeaderMap,
    Path(slug): Path<String>,
    RawQuery(raw): RawQuery,
) -> Result<Response, Problem> {
    params::none(raw.as_deref().unwrap_or_default())?;
    let view = state.view().await?;
    let feed = entries::of_network(&view, &slug, "atom").await?;
    Ok(atom(&headers, &view, &feed))
}

async fn network_json(
    State(state): State<state::State>,
    headers: HeaderMap,
    Path(slug): Path<String>,
    RawQuery(raw): RawQuery,
) -> Result<Response, Problem> {
    params::none(raw.as_deref().unwrap_or_default())?;
    let view = state.view().await?;
    let feed = entries::of_network(&view, &slug, "json").await?;
    json(&headers, &view, &feed)
}

async fn networks_opml(
    State(state): State<state::State>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let view = state.view().await?;
    Ok(etag::respond(&headers, &view, OPML, opml::networks(&view)))
}

async fn opensearch(
    State(state): State<state::State>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let view = state.view().await?;
    Ok(etag::respond(
        &headers,
        &view,
        OPENSEARCH,
        opml::opensearch(&view),
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_topic_feed_is_found_by_its_suffix() {
        assert_eq!(
            route_path("/topics/abc.atom").as_deref(),
            Some("/topics/abc/atom")
        );
        assert_eq!(route_path("/topics/abc"), None);
        assert_eq!(route_path("/topics/a/b.atom"), None);
        assert_eq!(route_path("/topics/.atom"), None);
    }
}
