//! Loopback sites that play networks: feeds and a Discourse forum, each network on an address of its own.

use std::collections::{BTreeMap, HashMap};
use std::net::SocketAddr;
use std::path::Path;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::{StatusCode, header};
use axum::response::Response;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

/// A document a site serves.
#[derive(Clone)]
pub(crate) struct Document {
    pub content_type: &'static str,
    pub body: Vec<u8>,
}

/// What was asked of the sites.
#[derive(Default)]
pub(crate) struct Log {
    pub requests: AtomicU64,
    pub not_modified: AtomicU64,
    pub conditional: AtomicU64,
    /// Requests that should have been conditional: a validator had been given for the address before.
    pub unconditional_repeats: AtomicU64,
    /// Every address that was asked for, `HOST:PORT/path?query`, in order.
    pub asked: Mutex<Vec<String>>,
    seen: Mutex<HashMap<String, bool>>,
}

/// Networks by the address they live at; all on one port.
pub(crate) struct Sites {
    pub port: u16,
    documents: Arc<Mutex<BTreeMap<(String, String), Document>>>,
    pub log: Arc<Log>,
    _runtime: tokio::runtime::Runtime,
}

#[derive(Clone)]
struct Served {
    documents: Arc<Mutex<BTreeMap<(String, String), Document>>>,
    log: Arc<Log>,
}

impl Sites {
    pub(crate) fn start() -> Self {
        let documents: Arc<Mutex<BTreeMap<(String, String), Document>>> = Arc::default();
        let log: Arc<Log> = Arc::default();
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(1)
            .enable_all()
            .build()
            .expect("a runtime");
        let listener = runtime
            .block_on(tokio::net::TcpListener::bind(SocketAddr::from((
                [0, 0, 0, 0],
                0,
            ))))
            .expect("a free port");
        let port = listener.local_addr().expect("an address").port();
        let served = Served {
            documents: Arc::clone(&documents),
            log: Arc::clone(&log),
        };
        let router = Router::new().fallback(serve).with_state(served);
        runtime.spawn(async move { axum::serve(listener, router).await });
        Self {
            port,
            documents,
            log,
            _runtime: runtime,
        }
    }

    /// `http://127.A.B.C:PORT` of the n-th network.
    pub(crate) fn origin(&self, number: usize) -> String {
        format!(
            "http://127.0.{}.{}:{}",
            1 + number / 250,
            1 + number % 250,
            self.port
        )
    }

    /// Answers `path` of the n-th network with a status, and a `Location` for redirects: `"status/403"`.
    pub(crate) fn shut(&self, number: usize, path: &str, status: &'static str, location: &str) {
        self.put(number, path, status, location);
    }

    /// Serves `body` at `path` (with query) of the n-th network.
    pub(crate) fn put(
        &self,
        number: usize,
        path: &str,
        content_type: &'static str,
        body: impl Into<Vec<u8>>,
    ) {
        let origin = self.origin(number);
        let host = origin.trim_start_matches("http://").to_owned();
        self.documents.lock().expect("documents").insert(
            (host, path.to_owned()),
            Document {
                content_type,
                body: body.into(),
            },
        );
    }

    /// Takes a document down: 404 from then on. Gives it back.
    pub(crate) fn take(&self, number: usize, path: &str) -> Option<Vec<u8>> {
        let origin = self.origin(number);
        let host = origin.trim_start_matches("http://").to_owned();
        let mut documents = self.documents.lock().expect("documents");
        let gone = Document {
            content_type: "status/404",
            body: Vec::new(),
        };
        documents
            .insert((host, path.to_owned()), gone)
            .map(|document| document.body)
    }

    /// Serves the consent file with the token the executable gives.
    pub(crate) fn consent(
        &self,
        number: usize,
        data: &Path,
        registry: &Path,
        slug: &str,
        scope: &[&str],
    ) {
        let origin = self.origin(number);
        let token = super::binary::succeed(&[
            "--data",
            data.to_str().expect("a plain path"),
            "--sources",
            registry.to_str().expect("a plain path"),
            "sources",
            "token",
            slug,
            &origin,
        ]);
        let scope: Vec<String> = scope.iter().map(|path| format!("{origin}{path}")).collect();
        let file =
            json!({ "discover": 1, "token": token.trim(), "scope": scope, "members_told": true });
        self.put(
            number,
            "/.well-known/discover-consent.json",
            "application/json",
            file.to_string(),
        );
    }

    /// Serves a Discourse forum from the topics in `folder`; returns (topics, posts, reply edges).
    pub(crate) fn discourse(&self, number: usize, folder: &Path) -> (usize, usize, usize) {
        let mut topics: Vec<Value> = std::fs::read_dir(folder)
            .expect("topics")
            .flatten()
            .map(|entry| {
                serde_json::from_slice(&std::fs::read(entry.path()).expect("a topic"))
                    .expect("JSON")
            })
            .collect();
        // As a forum lists them: the latest activity first.
        topics.sort_by_key(|topic| {
            std::cmp::Reverse(topic["last_posted_at"].as_str().map(str::to_owned))
        });
        let (mut posts_count, mut edges) = (0, 0);
        for topic in &mut topics {
            let posts = topic["post_stream"]["posts"]
                .as_array()
                .cloned()
                .unwrap_or_default();
            posts_count += posts.len();
            let numbers: Vec<u64> = posts
                .iter()
                .filter_map(|post| post["post_number"].as_u64())
                .collect();
            edges += posts
                .iter()
                .filter_map(|post| post["reply_to_post_number"].as_u64())
                .filter(|number| numbers.contains(number))
                .count();
            let stream: Vec<Value> = posts.iter().map(|post| post["id"].clone()).collect();
            let id = topic["id"].as_u64().expect("an id");
            for batch in posts[20.min(posts.len())..].chunks(20) {
                let query: Vec<String> = batch
                    .iter()
                    .map(|post| format!("post_ids[]={}", post["id"]))
                    .collect();
                let body = json!({ "post_stream": { "posts": batch }, "id": id });
                self.put(
                    number,
                    &format!("/t/{id}/posts.json?{}", query.join("&")),
                    "application/json",
                    body.to_string(),
                );
            }
            topic["post_stream"]["stream"] = Value::Array(stream);
            topic["post_stream"]["posts"] = Value::Array(posts.into_iter().take(20).collect());
            self.put(
                number,
                &format!("/t/{id}.json"),
                "application/json",
                topic.to_string(),
            );
        }
        let pages: Vec<&[Value]> = topics.chunks(30).collect();
        for (page, chunk) in pages.iter().enumerate() {
            let listed: Vec<Value> = chunk
                .iter()
                .map(|topic| {
                    json!({
                        "id": topic["id"], "title": topic["title"], "slug": topic["slug"], "visible": true, "archetype": "regular",
                        "posts_count": topic["posts_count"], "highest_post_number": topic["highest_post_number"],
                        "created_at": topic["created_at"], "last_posted_at": topic["last_posted_at"],
                        "bumped_at": topic["last_posted_at"], "category_id": topic["category_id"], "pinned": false,
                    })
                })
                .collect();
            let mut list = json!({ "per_page": 30, "topics": listed });
            if page + 1 < pages.len() {
                list["more_topics_url"] = json!(format!("/latest?page={}", page + 1));
            }
            let body = json!({ "topic_list": list }).to_string();
            self.put(
                number,
                &format!("/latest.json?page={page}"),
                "application/json",
                body,
            );
        }
        (topics.len(), posts_count, edges)
    }
}

async fn serve(State(served): State<Served>, request: Request) -> Response {
    let host = request
        .headers()
        .get(header::HOST)
        .and_then(|host| host.to_str().ok())
        .unwrap_or_default()
        .to_owned();
    let path = request
        .uri()
        .path_and_query()
        .map_or_else(|| "/".to_owned(), ToString::to_string);
    let mut path = path.replace("%5B", "[").replace("%5D", "]");
    if let Some(query) = path.strip_prefix("/latest.json") {
        let page = query
            .split(['?', '&'])
            .find_map(|part| part.strip_prefix("page="))
            .unwrap_or("0");
        path = format!("/latest.json?page={page}");
    }
    served.log.requests.fetch_add(1, Ordering::Relaxed);
    let asked = format!("{host}{path}");
    served.log.asked.lock().expect("asked").push(asked);
    let document = {
        let documents = served.documents.lock().expect("documents");
        let at = |path: &str| documents.get(&(host.clone(), path.to_owned())).cloned();
        // An interface answers by one of the parameters, or whatever is asked of it besides.
        let (alone, query) = path.split_once('?').unwrap_or((&path, ""));
        let is_interface = alone.contains("/api/")
            || ["/wp-json/", "/xrpc/"]
                .iter()
                .any(|at| alone.starts_with(at));
        let by_parameter = || {
            let mut pairs = query.split('&');
            pairs.find_map(|pair| at(&format!("{alone}?{pair}")))
        };
        at(&path)
            .or_else(|| is_interface.then(by_parameter)?)
            .or_else(|| is_interface.then(|| at(alone))?)
    };
    let reply = |status: StatusCode| Response::builder().status(status);
    // The pages of items are there unless a test says otherwise.
    let is_page = ["/p/", "/notice/", "/news/", "/1", "/2"]
        .iter()
        .any(|page| path.starts_with(page));
    let document = document.or_else(|| {
        is_page.then(|| Document {
            content_type: "text/html",
            body: b"<p>A page.</p>".to_vec(),
        })
    });
    let Some(document) = document else {
        return reply(StatusCode::NOT_FOUND)
            .body(Body::from("not found"))
            .expect("a response");
    };
    if let Some(status) = document.content_type.strip_prefix("status/") {
        return reply(StatusCode::from_bytes(status.as_bytes()).expect("a status"))
            .header(header::LOCATION, document.body)
            .body(Body::empty())
            .expect("a response");
    }
    let etag = format!("\"{:x}\"", Sha256::digest(&document.body))
        .chars()
        .take(24)
        .collect::<String>()
        + "\"";
    let given = request
        .headers()
        .get(header::IF_NONE_MATCH)
        .and_then(|value| value.to_str().ok());
    let key = format!("{host}{path}");
    let repeated = served
        .log
        .seen
        .lock()
        .expect("seen")
        .insert(key, true)
        .is_some();
    if given.is_some() {
        served.log.conditional.fetch_add(1, Ordering::Relaxed);
    } else if repeated && !path.starts_with("/.well-known") {
        served
            .log
            .unconditional_repeats
            .fetch_add(1, Ordering::Relaxed);
    }
    if given == Some(etag.as_str()) {
        served.log.not_modified.fetch_add(1, Ordering::Relaxed);
        return reply(StatusCode::NOT_MODIFIED)
            .header(header::ETAG, etag)
            .body(Body::empty())
            .expect("a response");
    }
    reply(StatusCode::OK)
        .header(header::ETAG, etag)
        .header(header::CONTENT_TYPE, document.content_type)
        .body(Body::from(document.body))
        .expect("a response")
}

fn client() -> &'static (tokio::runtime::Runtime, reqwest::Client) {
    static CLIENT: std::sync::LazyLock<(tokio::runtime::Runtime, reqwest::Client)> =
        std::sync::LazyLock::new(|| {
            let runtime = tokio::runtime::Builder::new_multi_thread()
                .worker_threads(2)
                .enable_all()
                .build()
                .expect("a runtime");
            // The tests speak plain HTTP to loopback only.
            let _ = rustls::crypto::ring::default_provider().install_default();
            let client = reqwest::Client::builder()
                .no_proxy()
                .redirect(reqwest::redirect::Policy::none())
                .timeout(Duration::from_secs(30))
                .build()
                .expect("a client");
            (runtime, client)
        });
    &CLIENT
}

/// Status, headers and body; status 0 where nothing answers.
fn send(
    request: impl FnOnce(&reqwest::Client) -> reqwest::RequestBuilder,
    headers: &[(&str, &str)],
) -> (u16, reqwest::header::HeaderMap, String) {
    let (runtime, client) = client();
    let mut request = request(client);
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    runtime.block_on(async {
        match request.send().await {
            Ok(response) => {
                let (status, headers) = (response.status().as_u16(), response.headers().clone());
                (status, headers, response.text().await.unwrap_or_default())
            }
            Err(_) => (0, reqwest::header::HeaderMap::new(), String::new()),
        }
    })
}

/// A plain GET; status 0 where nothing answers. Redirects are not followed.
pub(crate) fn get(url: &str) -> (u16, String) {
    get_with(url, &[])
}

pub(crate) fn get_with(url: &str, headers: &[(&str, &str)]) -> (u16, String) {
    let (status, _, body) = send(|client| client.get(url), headers);
    (status, body)
}

/// A POST of a body of this media type.
pub(crate) fn post(url: &str, media: &str, body: &str, headers: &[(&str, &str)]) -> (u16, String) {
    let (status, _, body) = post_whole(url, media, body, headers);
    (status, body)
}

/// A POST; the `Location` it answers with.
pub(crate) fn post_for_location(
    url: &str,
    media: &str,
    body: &str,
    headers: &[(&str, &str)],
) -> String {
    header(&post_whole(url, media, body, headers).1, "location")
}

/// A POST; the cookie it sets, as a browser would send it back.
pub(crate) fn post_for_cookie(
    url: &str,
    media: &str,
    body: &str,
    headers: &[(&str, &str)],
) -> String {
    let cookie = header(&post_whole(url, media, body, headers).1, "set-cookie");
    cookie.split(';').next().unwrap_or_default().to_owned()
}

fn post_whole(
    url: &str,
    media: &str,
    body: &str,
    headers: &[(&str, &str)],
) -> (u16, reqwest::header::HeaderMap, String) {
    let build = |client: &reqwest::Client| {
        client
            .post(url)
            .header("content-type", media)
            .body(body.to_owned())
    };
    send(build, headers)
}

fn header(headers: &reqwest::header::HeaderMap, name: &str) -> String {
    let value = headers.get(name).and_then(|value| value.to_str().ok());
    value.unwrap_or_default().to_owned()
}
