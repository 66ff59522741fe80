//! The sites that are read: real feeds, a forum and an archive dealt out to twelve networks, each at an address of its own
//! on loopback; or generated posts. Served by a process of its own, so that only the reading side is measured.

use std::collections::HashMap;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use anyhow::Context;
use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::{Request, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::Response;
use discover_model::SourceKind;
use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};

use crate::corpus;
use crate::topics;

/// The feeds were fetched in that week.
pub(super) const NOW: Timestamp = Timestamp::constant(1_771_502_400, 0);
/// Networks that the archive, or the generated posts, are dealt out to at least, and items of one at most: a feed may hold
/// ten thousand and eight megabytes.
const ARCHIVES: usize = 12;
const ITEMS: usize = 5_000;
/// Days before [`NOW`] over which these are spread.
const DAYS: i64 = 900;
/// Topics on a page of the forum's list.
const PAGE: usize = 30;
/// Lines of eight generated words in a generated post.
const LINES: usize = 6;

/// One network with one source.
#[derive(Debug, Clone)]
pub(super) struct Site {
    pub(super) slug: String,
    host: String,
    port: u16,
    pub(super) kind: SourceKind,
}

impl Site {
    pub(super) fn origin(&self) -> String {
        format!("http://{}:{}", self.host, self.port)
    }

    pub(super) fn source(&self) -> String {
        let path = if self.kind == SourceKind::Feed {
            "feed.xml"
        } else {
            ""
        };
        format!("{}/{path}", self.origin())
    }

    /// Where the owner's consent is expected to lie.
    pub(super) fn consent(&self, folder: &Path) -> PathBuf {
        folder.join(&self.host)
    }
}

struct Document {
    body: Bytes,
    kind: &'static str,
}

/// All sites, and what stands at their addresses.
pub(super) struct World {
    pub(super) sites: Vec<Site>,
    documents: HashMap<(String, String), Document>,
}

impl World {
    /// From real data, or of so many generated posts; the same each time.
    pub(super) fn load(data: Option<&Path>, posts: usize, port: u16) -> anyhow::Result<Self> {
        let mut world = Self {
            sites: Vec::new(),
            documents: HashMap::new(),
        };
        let lines = match data {
            Some(data) => {
                world.feeds(&data.join("feeds/real"), port)?;
                world.forum(&data.join("discourse/topics"), port)?;
                corpus::read(&data.join("related/conversations.jsonl"))?
            }
            None => generated(posts),
        };
        world.archive(&lines, port);
        Ok(world)
    }

    fn site(&mut self, slug: String, host: String, port: u16, kind: SourceKind) -> Site {
        let site = Site {
            slug,
            host,
            port,
            kind,
        };
        self.sites.push(site.clone());
        site
    }

    fn put(&mut self, site: &Site, path: &str, kind: &'static str, body: impl Into<Bytes>) {
        let document = Document {
            body: body.into(),
            kind,
        };
        self.documents
            .insert((site.host.clone(), path.to_owned()), document);
    }

    fn put_json(&mut self, site: &Site, path: &str, body: &Value) {
        self.put(site, path, "application/json", body.to_string());
    }

    fn feeds(&mut self, folder: &Path, port: u16) -> anyhow::Result<()> {
        for (number, file) in files(folder)?.iter().enumerate() {
            let number = number + 1;
            let host = format!("127.2.{}.{}", number / 200, number % 200 + 1);
            let site = self.site(format!("net-{number}"), host, port, SourceKind::Feed);
            self.put(&site, "/feed.xml", "application/xml", std::fs::read(file)?);
        }
        Ok(())
    }

    fn forum(&mut self, folder: &Path, port: u16) -> anyhow::Result<()> {
        let host = "127.2.9.1".to_owned();
        let site = self.site("forum".to_owned(), host, port, SourceKind::Discourse);
        let mut topics: Vec<(u64, Value)> = Vec::new();
        for file in files(folder)? {
            let topic: Value = serde_json::from_slice(&std::fs::read(&file)?)?;
            let id = topic["id"].as_u64().context("a topic has a number")?;
            topics.push((id, topic));
        }
        topics.sort_by_key(|(id, _)| std::cmp::Reverse(*id));
        let categories: Vec<Value> = (1..60)
            .map(|id| json!({"id": id, "name": format!("c{id}"), "slug": format!("c{id}"), "read_restricted": false}))
            .collect();
        for path in ["/site.json", "/categories.json"] {
            self.put_json(&site, path, &json!({"categories": categories}));
        }
        let pages = topics.chunks(PAGE).count();
        for (page, topics) in topics.chunks(PAGE).enumerate() {
            let rows: Vec<Value> = topics.iter().map(|(_, topic)| row(topic)).collect();
            let mut list = json!({"topics": rows, "per_page": PAGE});
            if page + 1 < pages {
                list["more_topics_url"] = json!(format!("/latest?page={}", page + 1));
            }
            let path = format!("/latest.json?page={page}");
            self.put_json(&site, &path, &json!({"topic_list": list}));
        }
        for (id, topic) in &topics {
            self.put_json(&site, &format!("/t/{id}.json"), topic);
        }
        Ok(())
    }

    fn archive(&mut self, lines: &[corpus::Line], port: u16) {
        let archives = ARCHIVES.max(lines.len().div_ceil(ITEMS));
        for number in 0..archives {
            let host = format!("127.2.8.{}", number + 1);
            let slug = format!("archive-{}", number + 1);
            let site = self.site(slug, host, port, SourceKind::Feed);
            let base = site.origin();
            let items: Vec<Value> = lines
                .iter()
                .enumerate()
                .skip(number)
                .step_by(archives)
                .rev()
                .map(|(at, line)| {
                    let minutes = DAYS * 24 * 60 * (lines.len() - at) as i64 / lines.len() as i64;
                    json!({
                        "id": line.id, "url": format!("{base}/t/{}", line.id), "title": line.title,
                        "content_text": line.text,
                        "date_published": (NOW - SignedDuration::from_mins(minutes)).to_string(),
                    })
                })
                .collect();
            for line in lines.iter().skip(number).step_by(archives) {
                let page = page(&line.title, &line.text);
                let path = format!("/t/{}", line.id);
                self.put(&site, &path, "text/html; charset=utf-8", page);
            }
            let feed = json!({
                "version": "https://jsonfeed.org/version/1.1", "title": site.slug, "home_page_url": base,
                "items": items,
            });
            self.put_json(&site, "/feed.xml", &feed);
        }
    }
}

/// A page of a post: the crawler looks whether it is there.
fn page(title: &str, text: &str) -> String {
    let escape = |text: &str| text.replace('&', "&amp;").replace('<', "&lt;");
    format!(
        "<!doctype html><title>{}</title><p>{}",
        escape(title),
        escape(text)
    )
}

fn files(folder: &Path) -> anyhow::Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    for entry in
        std::fs::read_dir(folder).with_context(|| format!("cannot read {}", folder.display()))?
    {
        let path = entry?.path();
        if path.is_file() {
            files.push(path);
        }
    }
    files.sort();
    Ok(files)
}

/// What a forum's list says of a topic.
fn row(topic: &Value) -> Value {
    let mut row = json!({"archetype": "regular", "visible": true});
    for key in [
        "id",
        "title",
        "slug",
        "posts_count",
        "created_at",
        "last_posted_at",
        "bumped",
        "closed",
        "archived",
        "category_id",
        "highest_post_number",
        "pinned",
    ] {
        row[key] = topic[key].clone();
    }
    row["bumped_at"] = topic["last_posted_at"].clone();
    row
}

fn generated(posts: usize) -> Vec<corpus::Line> {
    let mut draw = topics::sequence();
    (0..posts as u64)
        .map(|number| {
            let mut words = (0..LINES).map(|_| topics::generated(number, &mut draw).text);
            corpus::Line {
                id: number.to_string(),
                title: words.next().unwrap_or_default(),
                text: words.collect::<Vec<_>>().join("\n"),
                created: None,
            }
        })
        .collect()
}

/// How the documents are answered.
struct Answers {
    world: World,
    consents: PathBuf,
    /// Line ends that are added to each document before its first item: it changes by a byte and says what it said.
    added: AtomicUsize,
    /// Times that the date in the head of each document that has one was changed.
    dated: AtomicUsize,
    /// Answers are whole whatever is asked with them.
    whole: AtomicBool,
}

/// Serves until killed; says the port on standard output.
#[expect(
    clippy::print_stdout,
    reason = "the port is for the process that started this one"
)]
pub(crate) async fn serve(
    data: Option<&Path>,
    posts: usize,
    consents: &Path,
) -> anyhow::Result<()> {
    let listener = tokio::net::TcpListener::bind(SocketAddr::from(([0, 0, 0, 0], 0))).await?;
    let port = listener.local_addr()?.port();
    let answers = Arc::new(Answers {
        world: World::load(data, posts, port)?,
        consents: consents.to_owned(),
        added: AtomicUsize::new(0),
        dated: AtomicUsize::new(0),
        whole: AtomicBool::new(false),
    });
    println!("{port}");
    let router = Router::new().fallback(answer).with_state(answers);
    Ok(axum::serve(listener, router).await?)
}

/// Asked for at any other address than those of sites, these change how the sites answer from then on.
pub(super) const WHOLE: &str = "/whole";
pub(super) const ADD: &str = "/add";
pub(super) const DATE: &str = "/date";

async fn answer(State(answers): State<Arc<Answers>>, request: Request) -> Response {
    let headers = request.headers();
    let host = headers
        .get(header::HOST)
        .and_then(|host| host.to_str().ok())
        .and_then(|host| host.split(':').next())
        .unwrap_or_default();
    let mut response = Response::default();
    let path = request.uri().path();
    if !host.starts_with("127.2.") {
        match path {
            WHOLE => answers.whole.store(true, Ordering::Relaxed),
            ADD => {
                answers.added.fetch_add(1, Ordering::Relaxed);
            }
            DATE => {
                answers.dated.fetch_add(1, Ordering::Relaxed);
            }
            _ => *response.status_mut() = StatusCode::NOT_FOUND,
        }
        return response;
    }
    let json = HeaderValue::from_static("application/json");
    if path == "/.well-known/discover-consent.json" {
        match std::fs::read(answers.consents.join(host)) {
            Ok(consent) => {
                response.headers_mut().insert(header::CONTENT_TYPE, json);
                *response.body_mut() = Body::from(consent);
            }
            Err(_) => *response.status_mut() = StatusCode::NOT_FOUND,
        }
        return response;
    }
    let page = request
        .uri()
        .query()
        .and_then(|query| query.split('&').find(|part| part.starts_with("page=")))
        .unwrap_or("page=0");
    let place = if path == "/latest.json" {
        format!("{path}?{page}")
    } else {
        path.to_owned()
    };
    let Some(document) = answers.world.documents.get(&(host.to_owned(), place)) else {
        *response.status_mut() = StatusCode::NOT_FOUND;
        return response;
    };
    let added = answers.added.load(Ordering::Relaxed);
    let mut hasher = DefaultHasher::new();
    let dated = answers.dated.load(Ordering::Relaxed);
    (document.body.len(), added, dated, host, path, page).hash(&mut hasher);
    let tag = format!("\"{:x}\"", hasher.finish());
    let same = headers
        .get(header::IF_NONE_MATCH)
        .is_some_and(|asked| asked.as_bytes() == tag.as_bytes());
    if let Ok(tag) = HeaderValue::from_str(&tag) {
        response.headers_mut().insert(header::ETAG, tag);
    }
    if same && !answers.whole.load(Ordering::Relaxed) {
        *response.status_mut() = StatusCode::NOT_MODIFIED;
        return response;
    }
    response.headers_mut().insert(
        header::CONTENT_TYPE,
        HeaderValue::from_static(document.kind),
    );
    *response.body_mut() = if added + dated == 0 {
        Body::from(document.body.clone())
    } else {
        let mut body = document.body.to_vec();
        let head = first_item(&body);
        if let Some(date) = head_date(&body[..head]) {
            body.splice(date..date, std::iter::repeat_n(b'0', dated));
        }
        let at = first_item(&body);
        body.splice(at..at, std::iter::repeat_n(b'\n', added));
        Body::from(body)
    };
    response
}

/// Where the first item of a feed begins, or what a document that is none holds ends.
fn first_item(body: &[u8]) -> usize {
    let find = |name: &[u8]| body.windows(name.len()).position(|part| part == name);
    let first = [&b"<item>"[..], b"<item ", b"<entry>", b"<entry "];
    let first = first.iter().filter_map(|name| find(name)).min();
    // Of JSON within its outermost braces: white space behind them is no part of it.
    first.unwrap_or_else(|| body.len().saturating_sub(1))
}

/// Where the text of the head's date begins.
fn head_date(head: &[u8]) -> Option<usize> {
    let dates = [&b"<lastBuildDate>"[..], b"<updated>", b"<pubDate>"];
    dates.iter().find_map(|name| {
        let at = head.windows(name.len()).position(|part| part == *name)?;
        Some(at + name.len())
    })
}
