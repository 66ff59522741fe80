//! The sample networks' web servers: one loopback listener a network, documents made once at the start.
//!
//! Answers carry strong ETags and Last-Modified, and honour If-None-Match and If-Modified-Since (RFC 9110, 13.2.2).

use std::collections::BTreeMap;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use axum::extract::State as Shared;
use axum::http::header::{CONTENT_TYPE, ETAG, IF_MODIFIED_SINCE, IF_NONE_MATCH, LAST_MODIFIED};
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, Response, StatusCode, Uri};
use discover_model::Origin;
use discover_model::grant::Purpose;
use discover_model::proof::{ConsentFile, sha256_hex};
use jiff::{Timestamp, ToSpan};
use serde_json::Value;
use tokio::net::TcpListener;

use super::content::{Format, Network, State};
use super::{discourse, feeds, page};

const JSON: &str = "application/json; charset=utf-8";
const HTML: &str = "text/html; charset=utf-8";
const ROBOTS_TAG: HeaderName = HeaderName::from_static("x-robots-tag");
/// The first network listens here, the next on the address that follows.
const FIRST: u8 = 11;
const USUAL_PORT: u16 = 4860;

/// One document, ready to be sent.
#[derive(Debug)]
struct Document {
    content_type: &'static str,
    body: String,
    etag: String,
    modified: Option<Timestamp>,
    noindex: bool,
}

impl Document {
    fn new(content_type: &'static str, body: String, modified: Option<Timestamp>) -> Self {
        let etag = format!("\"{}\"", &sha256_hex(body.as_bytes())[..24]);
        Self {
            content_type,
            body,
            etag,
            modified,
            noindex: false,
        }
    }

    fn json(value: &Value, modified: Option<Timestamp>) -> Self {
        Self::new(JSON, value.to_string(), modified)
    }

    fn is_fresh_for(&self, headers: &HeaderMap) -> bool {
        if let Some(tags) = headers.get(IF_NONE_MATCH) {
            return tags.to_str().is_ok_and(|tags| {
                tags.split(',').any(|tag| {
                    let tag = tag.trim();
                    tag == "*" || tag.strip_prefix("W/").unwrap_or(tag) == self.etag
                })
            });
        }
        let (Some(modified), Some(since)) = (self.modified, headers.get(IF_MODIFIED_SINCE)) else {
            return false;
        };
        // A date is only ever one we sent, so the same text means the same date.
        since
            .to_str()
            .is_ok_and(|since| since == feeds::http_date(modified))
    }
}

/// All that one network answers, by path; a page of a list has its number behind the path.
#[derive(Debug)]
pub(super) struct Routes {
    documents: BTreeMap<String, Document>,
    /// Posts of Discourse topics, by topic id.
    topics: BTreeMap<u32, Vec<(u32, Value)>>,
}

/// Binds the address of network `number`: 127.0.0.11 and on, where a system has more than one loopback
/// address (Linux has), else a port of 127.0.0.1. The usual port is tried first: a second run on the same data folder then
/// finds the same networks where they were.
///
/// `held` is where the network stood when a folder took it in: there, or nowhere, for elsewhere it would be another one.
pub(super) async fn bind(number: usize, held: Option<SocketAddr>) -> std::io::Result<TcpListener> {
    if let Some(held) = held {
        return TcpListener::bind(held).await;
    }
    let last = FIRST.saturating_add(u8::try_from(number).unwrap_or(u8::MAX));
    let own = Ipv4Addr::new(127, 0, 0, last);
    for address in [(own, USUAL_PORT), (own, 0)] {
        if let Ok(listener) = TcpListener::bind(address).await {
            return Ok(listener);
        }
    }
    TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await
}

pub(super) async fn serve(listener: TcpListener, routes: Routes) {
    let router = Router::new().fallback(answer).with_state(Arc::new(routes));
    if let Err(error) = axum::serve(listener, router).await {
        tracing::warn!(%error, "a sample network stopped");
    }
}

/// Makes every document of `network`.
pub(super) fn routes(
    network: &Network,
    origin: &Origin,
    token: Option<&str>,
) -> anyhow::Result<Routes> {
    let mut documents = BTreeMap::new();
    let mut topics = BTreeMap::new();
    let latest = network
        .conversations
        .iter()
        .map(super::content::Conversation::latest)
        .max();
    documents.insert(
        "/".to_owned(),
        Document::new(HTML, page::home(network), latest),
    );
    documents.insert(
        "/robots.txt".to_owned(),
        Document::new("text/plain; charset=utf-8", robots(network), None),
    );
    if let Some(token) = token {
        let file = consent(network, origin, token, latest);
        documents.insert(
            "/.well-known/discover-consent.json".to_owned(),
            Document::new(JSON, serde_json::to_string_pretty(&file)?, None),
        );
    }
    for source in &network.sources {
        if source.format == Format::Discourse {
            forum(network, origin, &mut documents, &mut topics);
        } else if let Some((content_type, body)) = feeds::document(network, source, origin) {
            let updated = Some(feeds::updated(network, source));
            documents.insert(
                source.path.clone(),
                Document::new(content_type, body, updated),
            );
        }
    }
    for conversation in &network.conversations {
        let mut shown = Document::new(
            HTML,
            page::conversation(network, conversation),
            Some(conversation.latest()),
        );
        shown.noindex = conversation.root().state == State::Noindex;
        let own = page::address(network, conversation);
        for position in 1..conversation.posts.len() {
            let path = conversation.post_path(position);
            documents.insert(
                path,
                Document::new(HTML, shown.body.clone(), shown.modified),
            );
        }
        documents.insert(own, shown);
    }
    Ok(Routes { documents, topics })
}

fn forum(
    network: &Network,
    origin: &Origin,
    documents: &mut BTreeMap<String, Document>,
    topics: &mut BTreeMap<u32, Vec<(u32, Value)>>,
) {
    let mut lists = vec![("/latest.json".to_owned(), None)];
    for category in &network.categories {
        lists.push((
            format!("/c/{}/{}.json", category.slug, category.id),
            Some(category.id),
        ));
        lists.push((
            format!("/c/{}/{}/l/latest.json", category.slug, category.id),
            Some(category.id),
        ));
    }
    for (path, category) in lists {
        for (number, list) in discourse::latest(network, category).iter().enumerate() {
            documents.insert(format!("{path}?page={number}"), Document::json(list, None));
        }
    }
    documents.insert(
        "/categories.json".to_owned(),
        Document::json(&discourse::categories(network), None),
    );
    documents.insert(
        "/site.json".to_owned(),
        Document::json(&discourse::site(network), None),
    );
    let info = discourse::basic_info(network, origin);
    documents.insert(
        "/site/basic-info.json".to_owned(),
        Document::json(&info, None),
    );
    for conversation in &network.conversations {
        let id = conversation.topic_id();
        let topic = Document::json(&discourse::topic(conversation), Some(conversation.latest()));
        documents.insert(format!("/t/{id}.json"), topic);
        let posts = conversation
            .posts
            .iter()
            .map(|post| {
                (
                    post.number,
                    discourse::posts(conversation, &[post.number])["post_stream"]["posts"][0]
                        .take(),
                )
            })
            .collect();
        topics.insert(id, posts);
    }
}

fn robots(network: &Network) -> String {
    format!("User-agent: *\nDisallow: /admin/\n{}", network.robots)
}

fn consent(
    network: &Network,
    origin: &Origin,
    token: &str,
    latest: Option<Timestamp>,
) -> ConsentFile {
    let expires = latest.and_then(|at| {
        at.to_zoned(jiff::tz::TimeZone::UTC)
            .date()
            .checked_add(300.days())
            .ok()
    });
    ConsentFile {
        discover: 1,
        token: token.to_owned(),
        scope: network
            .scope
            .iter()
            .map(|path| format!("{origin}{path}"))
            .collect(),
        purposes: vec![Purpose::Search, Purpose::Topics],
        retention_days: Some(network.retention_days.into()),
        expires,
        contact: Some(network.contact.clone()),
        members_told: true,
        withdrawn: false,
        nonce: None,
    }
}

async fn answer(
    Shared(routes): Shared<Arc<Routes>>,
    method: Method,
    uri: Uri,
    headers: HeaderMap,
) -> Response<Body> {
    if !matches!(method, Method::GET | Method::HEAD) {
        return plain(StatusCode::METHOD_NOT_ALLOWED, "only GET and HEAD\n");
    }
    if let Some(posts) = routes.posts(&uri) {
        return send(&Document::json(&posts, None), &headers);
    }
    match routes.find(&uri) {
        Some(document) => send(document, &headers),
        None => plain(StatusCode::NOT_FOUND, "there is no such page\n"),
    }
}

impl Routes {
    fn find(&self, uri: &Uri) -> Option<&Document> {
        let path = uri.path();
        let number = query(uri)
            .find(|(name, _)| *name == "page")
            .map_or("0", |(_, number)| number);
        self.documents
            .get(path)
            .or_else(|| self.documents.get(&format!("{path}?page={number}")))
            .or_else(|| self.topic_page(path))
    }

    /// `/t/ID`, `/t/SLUG/ID` and `/t/SLUG/ID/NUMBER`, whatever the slug says, as Discourse does it.
    fn topic_page(&self, path: &str) -> Option<&Document> {
        let mut parts = path.strip_prefix("/t/")?.split('/');
        let first = parts.next()?;
        let id = first
            .parse::<u32>()
            .ok()
            .or_else(|| parts.next()?.parse().ok())?;
        let suffix = format!("/{id}");
        self.documents.iter().find_map(|(path, document)| {
            (path.starts_with("/t/") && path.ends_with(&suffix)).then_some(document)
        })
    }

    fn posts(&self, uri: &Uri) -> Option<Value> {
        let id: u32 = uri
            .path()
            .strip_prefix("/t/")?
            .strip_suffix("/posts.json")?
            .parse()
            .ok()?;
        let wanted: Vec<u32> = query(uri)
            .filter(|(name, _)| matches!(*name, "post_ids[]" | "post_ids%5B%5D" | "post_ids%5b%5d"))
            .filter_map(|(_, value)| value.parse().ok())
            .collect();
        let posts = self.topics.get(&id)?.iter();
        let posts: Vec<_> = posts
            .filter(|(number, _)| wanted.contains(number))
            .map(|(_, post)| post.clone())
            .collect();
        Some(serde_json::json!({"post_stream": {"posts": posts}, "id": id}))
    }
}

fn query(uri: &Uri) -> impl Iterator<Item = (&str, &str)> {
    uri.query()
        .unwrap_or_default()
        .split('&')
        .filter_map(|part| part.split_once('='))
}

fn plain(status: StatusCode, words: &'static str) -> Response<Body> {
    let mut response = Response::new(Body::from(words));
    *response.status_mut() = status;
    response
}

fn send(document: &Document, headers: &HeaderMap) -> Response<Body> {
    let fresh = document.is_fresh_for(headers);
    let mut response = Response::new(if fresh {
        Body::empty()
    } else {
        Body::from(document.body.clone())
    });
    let head = response.headers_mut();
    head.insert(
        CONTENT_TYPE,
        HeaderValue::from_static(document.content_type),
    );
    if let Ok(etag) = HeaderValue::from_str(&document.etag) {
        head.insert(ETAG, etag);
    }
    if let Some(modified) = document
        .modified
        .and_then(|at| HeaderValue::from_str(&feeds::http_date(at)).ok())
    {
        head.insert(LAST_MODIFIED, modified);
    }
    if document.noindex {
        head.insert(ROBOTS_TAG, HeaderValue::from_static("noindex"));
    }
    if fresh {
        *response.status_mut() = StatusCode::NOT_MODIFIED;
    }
    response
}

#[cfg(test)]
impl Routes {
    /// Path, content type and body of every document.
    pub(super) fn bodies(&self) -> impl Iterator<Item = (&str, &str, &str)> {
        self.documents
            .iter()
            .map(|(path, document)| (path.as_str(), document.content_type, document.body.as_str()))
    }
}
