//! The instance under load: generated posts as the feeds of networks on loopback, read by the real executable.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::io::Write as _;
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::{Request, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::Response;
use serde_json::json;
use tokio::sync::watch;

use crate::cost::posts::{self, Post};
use crate::executable::Executable;

/// Networks whose feeds are answered one after the other while a load runs, and how long apart.
pub(super) const LIVE: u64 = 5;
pub(super) const EVERY: Duration = Duration::from_secs(2);

#[derive(Clone)]
struct Document {
    body: Bytes,
    /// So long after the gates opened it is answered.
    after: Option<Duration>,
}

/// What the sites serve, and when the gates opened.
#[derive(Clone)]
struct Sites {
    documents: Arc<Mutex<BTreeMap<(String, String), Document>>>,
    opened: watch::Receiver<Option<Instant>>,
}

/// Sites on loopback, and the folder of the instance that reads them.
pub(super) struct World {
    pub(super) executable: Executable,
    port: u16,
    sites: Sites,
    gates: watch::Sender<Option<Instant>>,
}

fn host(network: u64) -> String {
    format!("127.0.9.{}", network + 1)
}

fn item(network: &str, number: u64, at: jiff::Timestamp, text: &str) -> serde_json::Value {
    let title: String = text.chars().take(60).collect();
    json!({
        "id": format!("{network}-{number}"),
        "url": format!("{network}/talk/{number}"),
        "title": title,
        "content_text": text,
        "date_published": at.to_string(),
    })
}

impl World {
    /// Serves the posts, with a feed for each network, and registers the networks.
    pub(super) async fn start(
        binary: &Path,
        folder: &Path,
        posts: &[Post],
    ) -> anyhow::Result<Self> {
        let listener = tokio::net::TcpListener::bind(("0.0.0.0", 0)).await?;
        let port = listener.local_addr()?.port();
        let (gates, opened) = watch::channel(None);
        let sites = Sites {
            documents: Arc::default(),
            opened,
        };
        let router = Router::new().fallback(serve).with_state(sites.clone());
        tokio::spawn(async move { axum::serve(listener, router).await });
        let world = Self {
            executable: Executable::new(binary, folder)?,
            port,
            sites,
            gates,
        };
        let mut feeds: BTreeMap<u64, Vec<serde_json::Value>> = BTreeMap::new();
        for post in posts {
            let item = item(
                &world.origin(post.network),
                post.number,
                post.at,
                &post.text,
            );
            feeds.entry(post.network).or_default().push(item);
        }
        for (network, items) in &feeds {
            // A feed may hold ten thousand items and eight megabytes.
            let parts: Vec<serde_json::Value> = items.chunks(5_000).map(feed).collect();
            world.register(*network, &parts, None)?;
        }
        Ok(world)
    }

    /// Adds a network with these feeds and its owner's consent to the registry.
    fn register(
        &self,
        network: u64,
        feeds: &[serde_json::Value],
        after: Option<Duration>,
    ) -> anyhow::Result<()> {
        let (slug, origin) = (format!("network-{network}"), self.origin(network));
        let mut entry = format!(
            "[[network]]\nslug = \"{slug}\"\nname = \"Network {network}\"\nowner = \"Owners of {network}\"\nproof = \"well-known\"\nretention_days = 1095\n"
        );
        for (part, feed) in feeds.iter().enumerate() {
            let path = format!("/feed/{part}.json");
            write!(
                entry,
                "[[network.source]]\nkind = \"feed\"\nurl = \"{origin}{path}\"\n"
            )?;
            self.put(network, &path, feed, after);
        }
        let mut registry = std::fs::OpenOptions::new()
            .create(true)
            .append(true)
            .open(self.executable.registry())?;
        registry.write_all(entry.as_bytes())?;
        let token = self.executable.run(&["sources", "token", &slug, &origin])?;
        let consent = json!({
            "discover": 1, "token": token.trim(), "scope": [format!("{origin}/")], "members_told": true
        });
        self.put(
            network,
            "/.well-known/discover-consent.json",
            &consent,
            None,
        );
        Ok(())
    }

    /// Registers the networks whose feeds wait behind the gates: `texts` for each.
    pub(super) fn register_live(
        &self,
        texts: &[Vec<String>],
        at: jiff::Timestamp,
    ) -> anyhow::Result<()> {
        for (number, texts) in (0..LIVE).zip(texts) {
            let network = posts::NETWORKS + number;
            let site = self.origin(network);
            let items: Vec<serde_json::Value> = (number * 1_000_000..)
                .zip(texts)
                .map(|(number, text)| item(&site, number, at, text))
                .collect();
            self.register(network, &[feed(&items)], Some(EVERY * number as u32))?;
        }
        Ok(())
    }

    /// From now on the feeds behind the gates are answered, one after the other.
    pub(super) fn open_gates(&self) -> Instant {
        let now = Instant::now();
        self.gates.send_replace(Some(now));
        now
    }

    fn origin(&self, network: u64) -> String {
        format!("http://{}:{}", host(network), self.port)
    }

    fn put(&self, network: u64, path: &str, body: &serde_json::Value, after: Option<Duration>) {
        let at = format!("{}:{}", host(network), self.port);
        let document = Document {
            body: body.to_string().into(),
            after,
        };
        self.sites
            .documents
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .insert((at, path.to_owned()), document);
    }
}

fn feed(items: &[serde_json::Value]) -> serde_json::Value {
    json!({
        "version": "https://jsonfeed.org/version/1.1",
        "title": "Generated",
        "language": "en",
        "items": items,
    })
}

async fn serve(State(mut sites): State<Sites>, request: Request) -> Response {
    let at = request
        .headers()
        .get(header::HOST)
        .and_then(|host| host.to_str().ok())
        .unwrap_or_default()
        .to_owned();
    let found = sites
        .documents
        .lock()
        .unwrap_or_else(PoisonError::into_inner)
        .get(&(at, request.uri().path().to_owned()))
        .cloned();
    let mut response = Response::default();
    let Some(document) = found else {
        *response.status_mut() = StatusCode::NOT_FOUND;
        return response;
    };
    if let Some(after) = document.after {
        // An error means that the bench is over.
        let opened = sites.opened.wait_for(Option::is_some).await;
        let opened = opened.ok().and_then(|opened| *opened);
        if let Some(opened) = opened {
            tokio::time::sleep_until((opened + after).into()).await;
        }
    }
    *response.body_mut() = Body::from(document.body);
    response.headers_mut().insert(
        header::CONTENT_TYPE,
        HeaderValue::from_static("application/json"),
    );
    response
}
