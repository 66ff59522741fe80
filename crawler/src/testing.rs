//! What the crate's tests share.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use axum::body::Body;
use axum::http::{HeaderMap, HeaderValue, Response, StatusCode};
use discover_model::gate::stored_key;
use discover_model::grant::{Evidence, Grant, GrantRecord, GrantState, Purpose};
use discover_model::ids::GrantId;
use discover_model::proof::ProofMethod;
use discover_model::source::SourceOptions;
use discover_model::{
    Item, Mark, NetworkId, Origin, Permit, PostId, Scope, Source, SourceKind, VoiceKey,
};
use jiff::{SignedDuration, Timestamp};
use url::Url;

use crate::crawl::Finish;
use crate::fetch::{FetchConfig, Fetcher};
use crate::state::SourceState;
use crate::task::{Batch, Task};

/// A file below the test data folder. Absent data skips a test visibly, and fails it in CI.
pub(crate) fn data(name: &str) -> Option<Vec<u8>> {
    let path = data_dir()?.join(name);
    Some(std::fs::read(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display())))
}

pub(crate) fn data_dir() -> Option<PathBuf> {
    let root = std::env::var_os("DISCOVER_TEST_DATA").map_or_else(
        || Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../../shared/data")).to_owned(),
        PathBuf::from,
    );
    if root.is_dir() {
        return Some(root);
    }
    assert!(
        std::env::var_os("CI").is_none(),
        "no test data at {}",
        root.display()
    );
    println!("skipped: no test data at {}", root.display());
    None
}

pub(crate) const NOW: Timestamp = Timestamp::constant(1_790_000_000, 0);
pub(crate) const NETWORK: NetworkId = NetworkId::from_u128(1);

/// One request as a server saw it.
#[derive(Debug, Clone)]
pub(crate) struct Hit {
    pub(crate) path: String,
    pub(crate) query: String,
    pub(crate) headers: HeaderMap,
    pub(crate) at: Instant,
    pub(crate) origin: Origin,
    /// How many requests came before it.
    pub(crate) n: usize,
}

impl Hit {
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name)?.to_str().ok()
    }

    /// Whether the request asks conditionally with exactly this `ETag`.
    pub(crate) fn has(&self, etag: &str) -> bool {
        self.header("if-none-match") == Some(etag)
    }

    pub(crate) fn param(&self, name: &str) -> Option<String> {
        url::form_urlencoded::parse(self.query.as_bytes())
            .find(|(key, _)| key == name)
            .map(|(_, value)| value.into_owned())
    }
}

pub(crate) type Answer = Response<Body>;

/// Answers, in short.
pub(crate) struct Reply;

impl Reply {
    pub(crate) fn status(status: StatusCode) -> Answer {
        Self::with(status.as_u16(), &[], Vec::new())
    }

    pub(crate) fn with(
        status: u16,
        headers: &[(&'static str, &str)],
        body: impl Into<Body>,
    ) -> Answer {
        let mut answer = Response::new(body.into());
        *answer.status_mut() = StatusCode::from_u16(status).expect("status");
        for (name, value) in headers {
            let value = HeaderValue::from_bytes(value.as_bytes()).expect("value");
            answer.headers_mut().append(*name, value);
        }
        answer
    }

    pub(crate) fn json(body: &str) -> Answer {
        Self::with(
            200,
            &[("content-type", "application/json")],
            body.to_owned(),
        )
    }

    pub(crate) fn html(body: &str) -> Answer {
        Self::with(200, &[("content-type", "text/html")], body.to_owned())
    }

    pub(crate) fn feed(body: &str, headers: &[(&'static str, &str)]) -> Answer {
        let mut answer = Self::with(200, headers, body.to_owned());
        answer.headers_mut().insert(
            "content-type",
            HeaderValue::from_static("application/rss+xml"),
        );
        answer
    }

    pub(crate) fn redirect(status: u16, to: &str) -> Answer {
        Self::with(status, &[("location", to)], Vec::new())
    }

    pub(crate) fn not_found() -> Answer {
        Self::status(StatusCode::NOT_FOUND)
    }
}

/// A loopback server that plays a row's part and writes down what it was asked.
pub(crate) struct Site {
    pub(crate) root: Url,
    log: Arc<Mutex<Vec<Hit>>>,
    bodies: Arc<Mutex<Vec<String>>>,
}

impl Site {
    pub(crate) async fn start(play: impl Fn(&Hit) -> Answer + Send + Sync + 'static) -> Self {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0")
            .await
            .expect("port");
        let root = Url::parse(&format!(
            "http://{}/",
            listener.local_addr().expect("address")
        ))
        .expect("url");
        let origin = Origin::of(&root).expect("origin");
        let log: Arc<Mutex<Vec<Hit>>> = Arc::default();
        let bodies: Arc<Mutex<Vec<String>>> = Arc::default();
        let (written, sent) = (Arc::clone(&log), Arc::clone(&bodies));
        let play = Arc::new(play);
        let app = axum::Router::new().fallback(move |request: axum::extract::Request| {
            let (written, sent) = (Arc::clone(&written), Arc::clone(&sent));
            let (play, origin) = (Arc::clone(&play), origin.clone());
            async move {
                let (head, body) = request.into_parts();
                let hit = {
                    let mut log = written.lock().expect("log");
                    let hit = Hit {
                        path: head.uri.path().to_owned(),
                        query: head.uri.query().unwrap_or_default().to_owned(),
                        headers: head.headers,
                        at: Instant::now(),
                        origin,
                        n: log.len(),
                    };
                    log.push(hit.clone());
                    hit
                };
                if head.method == axum::http::Method::POST {
                    let body = axum::body::to_bytes(body, 1 << 20).await.expect("body");
                    let body = String::from_utf8_lossy(&body).into_owned();
                    sent.lock().expect("bodies").push(body);
                }
                play(&hit)
            }
        });
        tokio::spawn(async move { axum::serve(listener, app).await });
        Self { root, log, bodies }
    }

    /// The bodies of the `POST`s that came in.
    pub(crate) fn bodies(&self) -> Arc<Mutex<Vec<String>>> {
        Arc::clone(&self.bodies)
    }

    pub(crate) fn url(&self, path: &str) -> Url {
        self.root.join(path).expect("path")
    }

    pub(crate) fn origin(&self) -> Origin {
        Origin::of(&self.root).expect("origin")
    }

    pub(crate) fn hits(&self) -> Vec<Hit> {
        self.log.lock().expect("log").clone()
    }

    /// What was asked for, robots.txt left out.
    pub(crate) fn asked(&self) -> Vec<Hit> {
        let mut hits = self.hits();
        hits.retain(|hit| hit.path != "/robots.txt");
        hits
    }

    pub(crate) fn paths(&self) -> Vec<String> {
        self.hits().into_iter().map(|hit| hit.path).collect()
    }

    pub(crate) fn forget(&self) {
        self.log.lock().expect("log").clear();
    }

    pub(crate) fn permit(&self) -> Permit {
        permit(&self.root, &["/"])
    }

    pub(crate) fn task(&self, kind: SourceKind, path: &str) -> Task {
        Task {
            source: source(kind, &self.url(path)),
            permit: self.permit(),
            secret: SECRET,
            state: SourceState::default(),
            force_due: false,
        }
    }
}

/// The network's secret in all tests.
pub(crate) const SECRET: VoiceKey = VoiceKey::new([7; 32]);

pub(crate) fn permit(root: &Url, scope: &[&str]) -> Permit {
    permit_by(ProofMethod::WellKnown, root, scope)
}

pub(crate) fn permit_by(method: ProofMethod, root: &Url, scope: &[&str]) -> Permit {
    let origin = Origin::of(root).expect("origin");
    let grant = Grant::recorded(GrantRecord {
        id: GrantId::from_u128(5),
        network: NETWORK,
        scope: Scope::new(origin, scope).expect("scope"),
        purposes: vec![Purpose::Search],
        retention_days: 365,
        evidence: Evidence {
            method,
            folder: None,
            sha256: String::new(),
            seen: NOW,
        },
        granted: NOW,
        expires: NOW + SignedDuration::from_hours(24 * 400),
        members_told: true,
        state: GrantState::Live,
    });
    grant.permit(NOW).expect("live")
}

pub(crate) fn source(kind: SourceKind, url: &Url) -> Source {
    Source::new(NETWORK, kind, url.clone(), SourceOptions::default())
}

pub(crate) fn config() -> FetchConfig {
    let contact = Url::parse("https://discover.example/bot").expect("url");
    let mut config = FetchConfig::new("Discover/0.1", contact);
    config.allow_loopback = true;
    config.min_gap = Duration::ZERO;
    config
}

pub(crate) fn fetcher() -> Fetcher {
    Fetcher::new(config()).expect("fetcher")
}

/// What a visit handed over, as a store would see it.
pub(crate) struct Visited {
    pub(crate) batches: Vec<Batch>,
    pub(crate) finish: Finish,
}

impl Visited {
    pub(crate) fn items(&self) -> Vec<&Item> {
        self.batches.iter().flat_map(|batch| &batch.items).collect()
    }

    /// Keys of what was taken back, as far as any visit of any test handed it over.
    pub(crate) fn gone(&self) -> Vec<String> {
        self.batches.iter().flat_map(gone).collect()
    }
}

/// Keys by mark, as a store knows them.
static KEYS: Mutex<BTreeMap<Mark, String>> = Mutex::new(BTreeMap::new());

pub(crate) fn gone(batch: &Batch) -> Vec<String> {
    let keys = KEYS.lock().expect("keys");
    let missing = batch.missing.iter().filter_map(|mark| keys.get(mark));
    batch.gone.iter().chain(missing).cloned().collect()
}

fn note_keys(source: &Source, batch: &Batch) {
    let mut keys = KEYS.lock().expect("keys");
    for item in &batch.items {
        let post = PostId::derive(source.network, source.id, &stored_key(&item.key));
        keys.insert(SourceState::item_mark(&SECRET, post), item.key.clone());
    }
}

pub(crate) async fn visit(fetcher: &Fetcher, task: Task, now: Timestamp) -> Visited {
    let source = task.source.clone();
    let (send, mut receive) = tokio::sync::mpsc::channel(4);
    let collect = tokio::spawn(async move {
        let mut batches = Vec::new();
        while let Some(batch) = receive.recv().await {
            note_keys(&source, &batch);
            batches.push(batch);
        }
        batches
    });
    let finish = Box::pin(crate::crawl::crawl(fetcher, task, now, send)).await;
    Visited {
        batches: collect.await.expect("batches"),
        finish,
    }
}
