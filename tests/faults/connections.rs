//! Readers that send, take or do nothing keep nobody else waiting.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use super::{shown, world};
use crate::support::binary::{self, Serving};
use crate::support::networks::World;

/// Of each kind but the slow readers, who keep the process busy until they block: in all more than it has descriptors for.
/// By `DISCOVER_TEST_CONNECTIONS` so many of every kind.
const EACH: usize = 180;
const READERS: usize = 40;

fn counts() -> (usize, usize) {
    let told = std::env::var("DISCOVER_TEST_CONNECTIONS").ok();
    told.map_or((EACH, READERS), |told| {
        let each = told.parse().expect("a number of connections");
        (each, each)
    })
}
const DESCRIPTORS: &str = "512";
const PROMISED: Duration = Duration::from_secs(1);

fn open(address: &str, say: &str) -> Option<TcpStream> {
    let address = address.parse().expect("an address");
    let mut stream = TcpStream::connect_timeout(&address, Duration::from_secs(5)).ok()?;
    // The other end may have closed it already.
    let _ = stream.write_all(say.as_bytes());
    Some(stream)
}

/// How long a fresh connection waits for the answer to a request.
fn answered(address: &str, path: &str) -> Duration {
    let started = Instant::now();
    let say = format!("GET {path} HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\r\n");
    let mut stream = open(address, &say).expect("a connection");
    stream
        .set_read_timeout(Some(Duration::from_secs(20)))
        .expect("a timeout");
    let mut answer = String::new();
    stream.read_to_string(&mut answer).expect("an answer");
    assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
    started.elapsed()
}

#[test]
fn slow_heads_bodies_and_readers_and_idle_connections_switch_nothing_off() {
    let world = world();
    let data = world.data();
    let text = data.to_str().expect("a path");
    let mut command = Command::new("sh");
    command
        .args(["-c", "ulimit -n \"$0\" && exec \"$@\"", DESCRIPTORS])
        .arg(binary::path())
        .args([
            "--data",
            text,
            "--listen",
            "127.0.0.1:0",
            "serve",
            "--no-crawl",
        ])
        .stdin(Stdio::null());
    let serving = Serving::try_spawn(command).expect("it starts");
    let address = serving.base.trim_start_matches("http://").to_owned();
    let host = format!("Host: {address}\r\n");
    let kinds = [
        // Heads and bodies that never end.
        format!("GET /api/v1/search?q=tests HTTP/1.1\r\n{host}X-Slow: "),
        format!(
            "POST /objection HTTP/1.1\r\n{host}Content-Type: application/x-www-form-urlencoded\r\nContent-Length: 1000\r\n\r\na"
        ),
        // An answer that nobody takes: many at once, so that they fill the buffers.
        format!("GET /api/v1/openapi.json HTTP/1.1\r\n{host}\r\n").repeat(40),
        // One answer, then nothing.
        format!("GET /healthz HTTP/1.1\r\n{host}\r\n"),
    ];
    let mut held = Vec::new();
    let (mut slowest, mut checks) = (Duration::ZERO, 0);
    let (each, readers) = counts();
    for number in 0..each {
        for (at, kind) in kinds.iter().enumerate() {
            if at != 2 || number < readers {
                held.extend(open(&address, kind));
            }
        }
        if number % 10 == 9 {
            slowest = slowest.max(answered(&address, "/healthz"));
            checks += 1;
        }
    }
    println!(
        "{} connections, {checks} looks at /healthz, the slowest {slowest:?}",
        held.len()
    );
    assert!(slowest < PROMISED, "{slowest:?}");

    let registry = world.registry();
    let arguments = World::arguments(
        text,
        registry.to_str().expect("a path"),
        &["withdraw", "leaver", "--no-purge"],
    );
    let started = Instant::now();
    let said = binary::succeed(&arguments);
    assert!(
        started.elapsed() < PROMISED,
        "{:?}: {said}",
        started.elapsed()
    );
    assert_eq!(shown(&serving), 0);
    let figures = serving.get("/metrics").1;
    assert!(
        figures.contains("discover_connections_closed_total"),
        "{figures}"
    );
}

#[test]
fn an_idle_connection_is_closed_and_an_unfinished_head_too() {
    let world = world();
    let serving = Serving::start(&world.data(), &["serve", "--no-crawl"]);
    let address = serving.base.trim_start_matches("http://").to_owned();
    let mut idle = open(&address, "").expect("a connection");
    let mut slow = open(&address, "GET / HTTP/1.1\r\nHost: x\r\nX: ").expect("a connection");
    let started = Instant::now();
    for stream in [&mut idle, &mut slow] {
        stream
            .set_read_timeout(Some(Duration::from_secs(40)))
            .expect("a timeout");
        let mut rest = Vec::new();
        stream.read_to_end(&mut rest).expect("it ends");
    }
    assert!(started.elapsed() < Duration::from_secs(40));
}
