//! Outputs to follow: Atom and JSON Feed of a search, a topic and a network, of answers, and of what is told early; Atom of digests; OPML of
//! networks; OpenSearch.

mod answers;
mod atom;
mod digests;
mod early;
mod entries;
mod json_feed;
mod notes;
mod opml;
pub(crate) mod xml;

use axum::Router;
use axum::extract::{Path, Request};
use axum::http::HeaderMap;
use axum::response::Response;
use axum::routing::get;

use crate::etag;
use crate::problem::Problem;
use crate::read::params::{DigestListParams, NoticeParams, PageQuery, SearchParams};
use crate::state::{self, View};
use entries::Feed;
use notes::Notes;

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
        .route("/topics/warnings/atom", get(early_atom))
        .route("/topics/warnings/json", get(early_json))
        .route("/topics/{id}/answers.atom", get(topic_answers_atom))
        .route("/topics/{id}/answers.json", get(topic_answers_json))
        .route("/networks/{slug}/answers.atom", get(network_answers_atom))
        .route("/networks/{slug}/answers.json", get(network_answers_json))
        .route("/digest.atom", get(digests_atom))
        .route("/networks.opml", get(networks_opml))
        .route("/opensearch.xml", get(opensearch))
}

/// Rewrites an address as people write it to one that the router knows: a topic's feed by its suffix, and a page with a
/// slash at its end. The API has one form of each address.
pub(crate) fn route(mut request: Request) -> Request {
    let given = request.uri().path();
    if let Some(path) = route_path(given).or_else(|| without_slash(given)) {
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
    let mut response = etag::respond(headers, view, ATOM, atom::write(view, feed));
    if !feed.entries.is_empty() {
        etag::last_modified(&mut response, feed.updated());
    }
    response
}

fn json(headers: &HeaderMap, view: &state::View, feed: &Feed) -> Result<Response, Problem> {
    let body = json_feed::write(view, feed).map_err(|error| Problem::internal(&error))?;
    let mut response = etag::respond(headers, view, JSON_FEED, body);
    if !feed.entries.is_empty() {
        etag::last_modified(&mut response, feed.updated());
    }
    Ok(response)
}

async fn search_atom(
    view: View,
    headers: HeaderMap,
    PageQuery(params): PageQuery<SearchParams>,
) -> Result<Response, Problem> {
    let feed = entries::of_search(&view, params, "atom").await?;
    Ok(atom(&headers, &view, &feed))
}

async fn search_json(
    view: View,
    headers: HeaderMap,
    PageQuery(params): PageQuery<SearchParams>,
) -> Result<Response, Problem> {
    let feed = entries::of_search(&view, params, "json").await?;
    json(&headers, &view, &feed)
}

async fn topic_atom(
    view: View,
    headers: HeaderMap,
    Path(id): Path<String>,
) -> Result<Response, Problem> {
    let feed = entries::of_topic(&view, &id, "atom").await?;
    Ok(atom(&headers, &view, &feed))
}

async fn topic_json(
    view: View,
    headers: HeaderMap,
    Path(id): Path<String>,
) -> Result<Response, Problem> {
    let feed = entries::of_topic(&view, &id, "json").await?;
    json(&headers, &view, &feed)
}

async fn network_atom(
    view: View,
    headers: HeaderMap,
    Path(slug): Path<String>,
) -> Result<Response, Problem> {
    let feed = entries::of_network(&view, &slug, "atom").await?;
    Ok(atom(&headers, &view, &feed))
}

async fn network_json(
    view: View,
    headers: HeaderMap,
    Path(slug): Path<String>,
) -> Result<Response, Problem> {
    let feed = entries::of_network(&view, &slug, "json").await?;
    json(&headers, &view, &feed)
}

async fn early_atom(
    view: View,
    headers: HeaderMap,
    PageQuery(params): PageQuery<NoticeParams>,
) -> Result<Response, Problem> {
    let notes = early::notes(&view, &params, "atom").await?;
    Ok(etag::respond(&headers, &view, ATOM, notes.atom(&view)))
}

async fn topic_answers_atom(
    view: View,
    headers: HeaderMap,
    Path(id): Path<String>,
) -> Result<Response, Problem> {
    let notes = answers::of_topic(&view, &id, "atom").await?;
    Ok(etag::respond(&headers, &view, ATOM, notes.atom(&view)))
}

async fn topic_answers_json(
    view: View,
    headers: HeaderMap,
    Path(id): Path<String>,
) -> Result<Response, Problem> {
    let notes = answers::of_topic(&view, &id, "json").await?;
    json_notes(&headers, &view, &notes)
}

async fn network_answers_atom(
    view: View,
    headers: HeaderMap,
    Path(slug): Path<String>,
) -> Result<Response, Problem> {
    let notes = answers::of_network(&view, &slug, "atom").await?;
    Ok(etag::respond(&headers, &view, ATOM, notes.atom(&view)))
}

async fn network_answers_json(
    view: View,
    headers: HeaderMap,
    Path(slug): Path<String>,
) -> Result<Response, Problem> {
    let notes = answers::of_network(&view, &slug, "json").await?;
    json_notes(&headers, &view, &notes)
}

fn json_notes(headers: &HeaderMap, view: &View, notes: &Notes) -> Result<Response, Problem> {
    let body = notes
        .json(view)
        .map_err(|error| Problem::internal(&error))?;
    Ok(etag::respond(headers, view, JSON_FEED, body))
}

async fn early_json(
    view: View,
    headers: HeaderMap,
    PageQuery(params): PageQuery<NoticeParams>,
) -> Result<Response, Problem> {
    let notes = early::notes(&view, &params, "json").await?;
    json_notes(&headers, &view, &notes)
}

async fn digests_atom(
    view: View,
    headers: HeaderMap,
    PageQuery(params): PageQuery<DigestListParams>,
) -> Result<Response, Problem> {
    let notes = digests::notes(&view, &params).await?;
    Ok(etag::respond(&headers, &view, ATOM, notes.atom(&view)))
}

async fn networks_opml(view: View, headers: HeaderMap) -> Result<Response, Problem> {
    Ok(etag::respond(&headers, &view, OPML, opml::networks(&view)))
}

async fn opensearch(view: View, headers: HeaderMap) -> Result<Response, Problem> {
    Ok(etag::respond(
        &headers,
        &view,
        OPENSEARCH,
        opml::opensearch(&view),
    ))
}

/// A page's address without the slashes at its end, where it has any.
fn without_slash(path: &str) -> Option<String> {
    let trimmed = path.trim_end_matches('/');
    let of_page = !path.starts_with("/api/") && !trimmed.is_empty();
    (of_page && trimmed.len() < path.len()).then(|| trimmed.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slash_at_the_end_of_a_page_is_none_of_its_address() {
        assert_eq!(without_slash("/topics/").as_deref(), Some("/topics"));
        assert_eq!(
            without_slash("/topics/abc//").as_deref(),
            Some("/topics/abc")
        );
        for path in ["/", "//", "/topics", "/api/v1/search/"] {
            assert_eq!(without_slash(path), None, "{path}");
        }
    }

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
