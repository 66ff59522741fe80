//! Any answers of a platform: a visit ends, without a panic, and every item has a key.
//!
//! The input is a script: the first letter names the kind of source (a for the first of `SourceKind::ALL`), the rest
//! are the answers, in the order in which they are asked for, parted by lines of `---`. A part that begins with `!` and
//! three digits has that status. What is asked for beyond them does not exist.
#![no_main]

use std::sync::{LazyLock, Mutex};

use discover_crawler::{Batch, FetchConfig, Fetcher, SourceState, Task, crawl};
use discover_model::grant::{Evidence, Grant, GrantRecord, GrantState, Purpose};
use discover_model::proof::ProofMethod;
use discover_model::{
    GrantId, NetworkId, Origin, Scope, Source, SourceKind, SourceOptions, VoiceKey,
};
use jiff::{SignedDuration, Timestamp};
use libfuzzer_sys::fuzz_target;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::runtime::{Builder, Runtime};
use url::Url;

const NOW: Timestamp = Timestamp::constant(1_790_000_000, 0);

static SCRIPT: Mutex<Vec<Vec<u8>>> = Mutex::new(Vec::new());

static WORLD: LazyLock<(Runtime, Url, Fetcher)> = LazyLock::new(|| {
    let runtime = Builder::new_current_thread().enable_all().build().expect("a runtime");
    let listener = runtime.block_on(tokio::net::TcpListener::bind("127.0.0.1:0")).expect("a port");
    let root = format!("http://{}/", listener.local_addr().expect("an address"));
    runtime.spawn(async move {
        while let Ok((socket, _)) = listener.accept().await {
            tokio::spawn(answer(socket));
        }
    });
    let root = Url::parse(&root).expect("a url");
    let mut config = FetchConfig::new("Discover/0.1", root.clone());
    config.allow_loopback = true;
    config.min_gap = std::time::Duration::ZERO;
    // One for all inputs: it is the slowest thing to make.
    let fetcher = Fetcher::new(config).expect("a fetcher");
    (runtime, root, fetcher)
});

async fn answer(mut socket: tokio::net::TcpStream) {
    let mut head = vec![0; 16 << 10];
    loop {
        let read = socket.read(&mut head).await.unwrap_or(0);
        if read == 0 {
            return;
        }
        let robots = head[..read].starts_with(b"GET /robots.txt ");
        let next = if robots { None } else { SCRIPT.lock().expect("the script").pop() };
        let (status, body) = match next {
            None => (404, Vec::new()),
            Some(part) => match part.strip_prefix(b"!").and_then(|rest| rest.split_at_checked(3)) {
                Some((digits, body)) if digits.iter().all(u8::is_ascii_digit) && digits[0] > b'1' => {
                    let status = std::str::from_utf8(digits).expect("digits").parse().expect("digits");
                    (status, body.to_vec())
                }
                _ => (200, part),
            },
        };
        let kind = match body.trim_ascii_start().first() {
            Some(b'<') => "text/html",
            Some(b'B') => "text/calendar",
            _ => "application/json",
        };
        let answer = format!(
            "HTTP/1.1 {status} X\r\ncontent-type: {kind}\r\ncontent-length: {}\r\n\r\n",
            body.len()
        );
        if socket.write_all(answer.as_bytes()).await.is_err() || socket.write_all(&body).await.is_err() {
            return;
        }
    }
}

fn task(kind: SourceKind, root: &Url) -> Task {
    let network = NetworkId::from_u128(1);
    let options: SourceOptions = SourceOptions {
        comments: true,
        accounts: match kind {
            SourceKind::Mastodon => vec!["@council@127.0.0.1".to_owned()],
            SourceKind::Atproto => vec!["council.example.org".to_owned()],
            _ => Vec::new(),
        },
        communities: vec!["town".to_owned()],
        ..SourceOptions::default()
    };
    let grant = Grant::recorded(GrantRecord {
        id: GrantId::from_u128(1),
        network,
        scope: Scope::all(Origin::of(root).expect("an origin")),
        purposes: vec![Purpose::Search],
        retention_days: 365,
        evidence: Evidence { method: ProofMethod::WellKnown, folder: None, sha256: String::new(), seen: NOW },
        granted: NOW,
        expires: NOW + SignedDuration::from_hours(24),
        members_told: true,
        state: GrantState::Live,
    });
    Task {
        source: Source::new(network, kind, root.clone(), options),
        permit: grant.permit(NOW).expect("a live grant"),
        secret: VoiceKey::new([7; 32]),
        state: SourceState::default(),
        force_due: true,
    }
}

fuzz_target!(|bytes: &[u8]| {
    let Some((letter, script)) = bytes.split_first() else { return };
    let kinds = SourceKind::ALL;
    let kind = kinds[usize::from(letter.wrapping_sub(b'a')) % kinds.len()];
    let mut parts: Vec<Vec<u8>> = vec![Vec::new()];
    for line in script.split_inclusive(|byte| *byte == b'\n') {
        if line.trim_ascii() == b"---" {
            parts.push(Vec::new());
        } else if let Some(part) = parts.last_mut() {
            part.extend_from_slice(line);
        }
    }
    parts.truncate(40);
    parts.reverse();
    *SCRIPT.lock().expect("the script") = parts;
    let (runtime, root, fetcher) = &*WORLD;
    runtime.block_on(async {
        let (send, mut receive) = tokio::sync::mpsc::channel::<Batch>(4);
        let keep = async {
            while let Some(batch) = receive.recv().await {
                assert!(batch.items.iter().all(|item| !item.key.is_empty()));
            }
        };
        let (finish, ()) = tokio::join!(crawl(fetcher, task(kind, root), NOW, send), keep);
        assert!(finish.next_due > NOW);
        // What is kept must be readable at the next visit.
        let json = serde_json::to_string(&finish.state).expect("json");
        serde_json::from_str::<SourceState>(&json).expect("a state");
    });
});
