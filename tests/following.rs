//! Alerts over the real executable: signed, neither lost nor doubled by a crash, retried, given up, replayed, and told
//! when a network leaves.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::atomic::{AtomicU16, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use axum::extract::{Request, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use data_encoding::BASE64;
use hmac::{Hmac, Mac};
use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};
use sha2::Sha256;

use crate::support::binary::{self, Serving};
use crate::support::data::files_holding;
use crate::support::networks::World;
use crate::support::site;

pub(crate) const CANARY: &str = "zanzibarquux";
/// Never answers.
const SILENT: u16 = 0;

#[derive(Debug, Clone)]
pub(crate) struct Heard {
    path: String,
    pub(crate) id: String,
    at: String,
    signature: String,
    pub(crate) event: String,
    pub(crate) body: Vec<u8>,
}

impl Heard {
    fn json(&self) -> Value {
        serde_json::from_slice(&self.body).expect("JSON")
    }

    /// As a receiver checks it.
    fn is_signed_with(&self, secret: &str) -> bool {
        let key = BASE64.decode(secret.trim_start_matches("whsec_").as_bytes());
        let mut mac = Hmac::<Sha256>::new_from_slice(&key.expect("base64")).expect("any length");
        mac.update(format!("{}.{}.", self.id, self.at).as_bytes());
        mac.update(&self.body);
        self.signature == format!("v1,{}", BASE64.encode(&mac.finalize().into_bytes()))
    }
}

/// A receiver that answers what it is told to, and writes down what it hears.
pub(crate) struct Receiver {
    pub(crate) address: String,
    heard: Arc<Mutex<Vec<Heard>>>,
    answer: Arc<AtomicU16>,
    _runtime: tokio::runtime::Runtime,
}

impl Receiver {
    pub(crate) fn start() -> Self {
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(1)
            .enable_all()
            .build()
            .expect("a runtime");
        let listener = runtime
            .block_on(tokio::net::TcpListener::bind("127.0.0.1:0"))
            .expect("a free port");
        let address = format!("http://{}", listener.local_addr().expect("an address"));
        let (heard, answer) = (Arc::default(), Arc::new(AtomicU16::new(200)));
        let router = axum::Router::new()
            .fallback(hear)
            .with_state((Arc::clone(&heard), Arc::clone(&answer)));
        runtime.spawn(async move { axum::serve(listener, router).await });
        Self {
            address,
            heard,
            answer,
            _runtime: runtime,
        }
    }

    fn answers(&self, status: u16) {
        self.answer.store(status, Ordering::Relaxed);
    }

    pub(crate) fn heard(&self) -> Vec<Heard> {
        self.heard.lock().expect("heard").clone()
    }

    /// Waits until so many requests came in.
    pub(crate) fn wait(&self, count: usize) -> Vec<Heard> {
        let begun = Instant::now();
        loop {
            let heard = self.heard();
            if heard.len() >= count {
                return heard;
            }
            assert!(
                begun.elapsed() < Duration::from_mins(1),
                "{} of {count} alerts came",
                heard.len()
            );
            std::thread::sleep(Duration::from_millis(50));
        }
    }
}

type Heap = (Arc<Mutex<Vec<Heard>>>, Arc<AtomicU16>);

async fn hear(State((heard, answer)): State<Heap>, request: Request) -> Response {
    let (head, body) = request.into_parts();
    let body = axum::body::to_bytes(body, 1 << 20).await.expect("a body");
    let header = |name: &str| {
        let value = head.headers.get(name).and_then(|value| value.to_str().ok());
        value.unwrap_or_default().to_owned()
    };
    heard.lock().expect("heard").push(Heard {
        path: head.uri.path().to_owned(),
        id: header("webhook-id"),
        at: header("webhook-timestamp"),
        signature: header("webhook-signature"),
        event: header("discover-event"),
        body: body.to_vec(),
    });
    match answer.load(Ordering::Relaxed) {
        SILENT => std::future::pending().await,
        307 => (StatusCode::TEMPORARY_REDIRECT, [("location", "/trap")]).into_response(),
        status => StatusCode::from_u16(status)
            .expect("a status")
            .into_response(),
    }
}

fn feed(slug: &str, word: &str, base: &str, items: std::ops::Range<usize>) -> String {
    let items: Vec<String> = items
        .map(|n| {
            format!(
                "<item><guid>{slug}-{n}</guid><link>{base}/p/{n}</link><title>Walk-in tests {n}</title>\
                 <description>The {word} clinic stopped its walk-in blood tests, booking line {n}.</description>\
                 <pubDate>Mon, {:02} Jun 2026 09:00:00 GMT</pubDate></item>",
                n + 1
            )
        })
        .collect();
    format!(
        "<rss version=\"2.0\"><channel><title>{slug}</title><link>{base}/</link>{}</channel></rss>",
        items.concat()
    )
}

pub(crate) struct Stage {
    pub(crate) world: World,
    receiver: Receiver,
    pub(crate) key: String,
}

impl Stage {
    pub(crate) fn new() -> Self {
        let mut world = World::new();
        for (number, slug) in ["leaver", "stayer"].into_iter().enumerate() {
            world.declare(
                number,
                slug,
                &format!("The {slug} network"),
                "feed",
                "/feed",
            );
        }
        let mut stage = Self {
            world,
            receiver: Receiver::start(),
            key: String::new(),
        };
        stage.publish(0..1, 0..1);
        for (number, slug) in ["leaver", "stayer"].into_iter().enumerate() {
            stage.world.consent(number, slug);
        }
        stage.world.crawl();
        let data = stage.world.data();
        let add = [
            "--data",
            text(&data),
            "admin",
            "key",
            "add",
            "--holder",
            "County Insight Team",
            "--purpose",
            "Alerts",
            "--scope",
            "follow:write",
        ];
        binary::succeed(&add).trim().clone_into(&mut stage.key);
        stage
    }

    /// What the two networks have published so far.
    pub(crate) fn publish(&self, leaver: std::ops::Range<usize>, stayer: std::ops::Range<usize>) {
        for (number, (slug, word, items)) in
            [("leaver", CANARY, leaver), ("stayer", "remainder", stayer)]
                .into_iter()
                .enumerate()
        {
            let base = self.world.sites.origin(number);
            let feed = feed(slug, word, &base, items);
            self.world
                .sites
                .put(number, "/feed", "application/rss+xml", feed);
        }
    }

    pub(crate) fn serve(&self, more: &[&str]) -> Serving {
        let mut args = vec!["--allow-loopback"];
        args.extend(more);
        args.extend(["serve", "--no-crawl"]);
        Serving::start(&self.world.data(), &args)
    }

    pub(crate) fn post(&self, serving: &Serving, path: &str, body: &Value) -> (u16, Value) {
        let key = format!("Bearer {}", self.key);
        let (status, body) = site::post(
            &format!("{}/api/v1{path}", serving.base),
            "application/json",
            &body.to_string(),
            &[("authorization", &key)],
        );
        (status, serde_json::from_str(&body).unwrap_or_default())
    }

    pub(crate) fn deliveries(&self, serving: &Serving, follow: &str) -> Vec<Value> {
        let key = format!("Bearer {}", self.key);
        let address = format!("{}/api/v1/follows/{follow}/deliveries", serving.base);
        let (status, body) = site::get_with(&address, &[("authorization", &key)]);
        assert_eq!(status, 200, "{body}");
        let list: Value = serde_json::from_str(&body).expect("JSON");
        list["items"].as_array().expect("items").clone()
    }

    /// Saves a search for the blood tests, told to this path of the receiver; its id, secret and time.
    fn follow(&self, serving: &Serving, path: &str) -> (String, String, Timestamp) {
        let webhook = format!("{}{path}", self.receiver.address);
        let body = json!({"search": {"q": "\"blood tests\""}, "deliver": {"webhook": webhook}});
        let (status, made) = self.post(serving, "/follows", &body);
        assert_eq!(status, 201, "{made}");
        let part = |name: &str| made[name].as_str().expect(name).to_owned();
        (
            part("id"),
            part("secret"),
            part("made").parse().expect("a time"),
        )
    }

    /// Waits until a delivery of a follow is in this state.
    pub(crate) fn until(
        &self,
        serving: &Serving,
        follow: &str,
        wanted: impl Fn(&Value) -> bool,
    ) -> Value {
        let begun = Instant::now();
        loop {
            let all = self.deliveries(serving, follow);
            if let Some(found) = all.iter().find(|one| wanted(one)) {
                return found.clone();
            }
            assert!(begun.elapsed() < Duration::from_mins(1), "{all:?}");
            std::thread::sleep(Duration::from_millis(100));
        }
    }
}

fn text(path: &Path) -> &str {
    path.to_str().expect("a plain path")
}

pub(crate) fn end(mut serving: Serving) {
    serving.signal("TERM");
    assert!(serving.child.wait().expect("an end").success());
}

#[test]
fn a_crash_loses_and_doubles_no_alert_and_a_withdrawal_is_told() {
    let stage = Stage::new();
    let data = stage.world.data();
    let serving = stage.serve(&[]);
    let (_, secret, _) = stage.follow(&serving, "/hook");
    for (address, why) in [
        ("https://10.0.0.1/hook", "public internet"),
        ("https://metadata.google.internal/", "local network"),
        ("http://hooks.example/", "https"),
    ] {
        let body = json!({"search": {"q": "tests"}, "deliver": {"webhook": address}});
        let (status, problem) = stage.post(&serving, "/follows", &body);
        assert_eq!(status, 400, "{address}");
        assert_eq!(problem["parameter"], "deliver.webhook", "{problem}");
        assert!(
            problem["detail"]
                .as_str()
                .is_some_and(|said| said.contains(why)),
            "{problem}"
        );
    }
    end(serving);

    // Both networks write; the process dies while the first alert is under way.
    stage.publish(0..4, 0..4);
    assert_eq!(stage.world.crawl()["stored"], 6);
    stage.receiver.answers(SILENT);
    let mut serving = stage.serve(&[]);
    let cut_off = stage.receiver.wait(1).remove(0);
    serving.child.kill().expect("killed");
    serving.child.wait().expect("an end");

    stage.receiver.answers(200);
    let before = stage.receiver.heard().len();
    let serving = stage.serve(&[]);
    let heard = stage.receiver.wait(before + 6);
    let again: Vec<&Heard> = heard[before..].iter().collect();
    let ids: BTreeSet<&str> = again.iter().map(|one| one.id.as_str()).collect();
    assert_eq!(ids.len(), 6, "each once");
    assert!(ids.contains(cut_off.id.as_str()), "under the id it had");
    let mut told: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for one in &heard {
        assert!(one.is_signed_with(&secret), "{one:?}");
        assert!(!one.is_signed_with(&format!("whsec_{}", BASE64.encode(&[7; 32]))));
        assert_eq!(one.event, "conversation.found");
        let body = one.json();
        assert_eq!(body["id"], one.id.as_str());
        let conversation = &body["conversation"];
        let slug = conversation["network"]["slug"]
            .as_str()
            .expect("a slug")
            .to_owned();
        let id = conversation["id"].as_str().expect("an id").to_owned();
        told.entry(slug).or_default().insert(id);
    }
    assert_eq!(told.values().map(BTreeSet::len).collect::<Vec<_>>(), [3, 3]);

    let before = heard.len();
    binary::succeed(&["--data", text(&data), "withdraw", "leaver"]);
    let heard = stage.receiver.wait(before + 3);
    // Nothing else comes, however often it is looked again.
    std::thread::sleep(Duration::from_secs(3));
    assert_eq!(stage.receiver.heard().len(), before + 3);
    let mut gone = BTreeSet::new();
    for one in &heard[before..] {
        assert!(one.is_signed_with(&secret));
        assert_eq!(one.event, "conversation.withdrawn");
        let conversation = one.json()["conversation"].clone();
        let id = conversation["id"].as_str().expect("an id").to_owned();
        assert_eq!(conversation, json!({"id": id}));
        assert!(!String::from_utf8_lossy(&one.body).contains(CANARY));
        gone.insert(id);
    }
    assert_eq!(gone, told["leaver"]);
    end(serving);
    for needle in [CANARY, "leaver"] {
        let held = files_holding(&data, needle.as_bytes());
        assert_eq!(held, Vec::<std::path::PathBuf>::new(), "{needle}");
    }
    // A process that begins anew repeats nothing.
    let serving = stage.serve(&[]);
    std::thread::sleep(Duration::from_secs(4));
    assert_eq!(stage.receiver.heard().len(), before + 3);
    end(serving);
}

#[test]
fn a_receiver_that_fails_is_asked_again_given_up_and_told_when_it_is_replayed() {
    let stage = Stage::new();
    let serving = stage.serve(&[]);
    let (follow, _, made) = stage.follow(&serving, "/failing");
    end(serving);
    stage.publish(0..1, 0..2);
    stage.world.crawl();
    stage.receiver.answers(307);
    let serving = stage.serve(&[]);
    let failed = stage.until(&serving, &follow, |one| {
        one["attempts"] == 1 && one["outcome"].is_string()
    });
    assert_eq!(
        (&failed["state"], &failed["outcome"]),
        (&json!("pending"), &json!("answer 307"))
    );
    end(serving);

    // Four days on.
    let later = (made + SignedDuration::from_hours(4 * 24)).to_string();
    let serving = stage.serve(&["--clock", &later]);
    let dead = stage.until(&serving, &follow, |one| one["state"] == "dead");
    assert_eq!((&dead["id"], &dead["attempts"]), (&failed["id"], &json!(2)));
    stage.receiver.answers(200);
    let (status, replayed) = stage.post(&serving, &format!("/follows/{follow}/replay"), &json!({}));
    assert_eq!((status, &replayed["queued"]), (200, &json!(1)));
    let done = stage.until(&serving, &follow, |one| one["state"] == "delivered");
    assert_eq!(done["id"], dead["id"]);
    end(serving);
    let heard = stage.receiver.heard();
    assert_eq!(heard.len(), 3);
    assert!(
        heard.iter().all(|one| one.path == "/failing"),
        "no redirect was followed"
    );
    assert!(
        heard
            .iter()
            .all(|one| Some(one.id.as_str()) == dead["id"].as_str())
    );
}
