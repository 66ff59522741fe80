//! A withdrawal hides within a second, whatever else holds the database.

use std::time::{Duration, Instant};

use super::{Foreign, POSTS, said_everywhere, shown, signs, world};
use crate::support::binary::{self, Serving};
use crate::support::data::files_holding;
use crate::support::networks::World;

const PROMISED: Duration = Duration::from_secs(1);
/// Items whose pages are looked at one by one while a purge goes on.
const NEWS: usize = 150;

fn withdraw(world: &World) -> String {
    let (data, registry) = (world.data(), world.registry());
    binary::succeed(&World::arguments(
        data.to_str().expect("a path"),
        registry.to_str().expect("a path"),
        &["withdraw", "leaver"],
    ))
}

fn purged(serving: &Serving) -> bool {
    let started = Instant::now();
    while started.elapsed() < Duration::from_mins(1) {
        let ledger = serving.get("/api/v1/ledger").1;
        if ledger.contains("\"purged\"") {
            return true;
        }
        std::thread::sleep(Duration::from_millis(200));
    }
    false
}

#[test]
fn a_withdrawal_beside_a_foreign_lock_hides_at_once_and_survives_a_kill() {
    let world = world();
    let mut serving = Serving::start(&world.data(), &["serve", "--no-crawl"]);
    assert_eq!(shown(&serving), POSTS as u64);
    let lock = Foreign::hold(&world.data(), "BEGIN IMMEDIATE");
    let started = Instant::now();
    let said = withdraw(&world);
    let took = started.elapsed();
    assert_eq!(shown(&serving), 0, "{said}");
    assert!(took < PROMISED, "{took:?}: {said}");
    assert!(said.contains("goes on by itself"), "{said}");
    said_everywhere(&world.data(), &serving, "store_locked", "end it");

    serving.child.kill().expect("a kill -9");
    serving.child.wait().expect("an end");
    drop(serving);
    // The lock is still held: the next process must not show what its database does not know to be gone.
    let again = Serving::start(&world.data(), &["serve", "--no-crawl"]);
    assert_eq!(shown(&again), 0, "at the first request");
    drop(lock);
    assert!(purged(&again), "{}", again.said());
    assert!(signs(&again)["store_locked"].is_null());
    let pending = world.data().join("withdrawals.pending");
    assert!(!pending.exists(), "the database has it");
}

#[test]
fn a_purge_beside_a_foreign_reader_says_so_and_ends_when_the_reader_does() {
    let world = world();
    let serving = Serving::start(&world.data(), &["serve", "--no-crawl"]);
    let reader = Foreign::hold(&world.data(), "BEGIN;SELECT count(*) FROM posts");
    let said = withdraw(&world);
    assert_eq!(shown(&serving), 0);
    assert!(said.contains("another process reads the store"), "{said}");
    said_everywhere(&world.data(), &serving, "purge_waits", "end that process");
    drop(reader);
    let said = withdraw(&world);
    assert!(said.contains("purged"), "{said}");
    assert!(signs(&serving)["purge_waits"].is_null());
}

/// Serves and crawls: what the network that stays says new is read for longer than a purge takes.
fn serve_while_crawling(world: &World) -> Serving {
    let base = world.sites.origin(1);
    let items: String = (0..NEWS)
        .map(|n| {
            format!(
                "<item><guid>news-{n}</guid><link>{base}/news/{n}</link><title>Evening class number {n}</title>\
                 <description>The evening class of the newsquoll speaks of number {n}.</description>\
                 <pubDate>Mon, 01 Jun 2026 09:00:00 GMT</pubDate></item>"
            )
        })
        .collect();
    let feed = format!(
        "<rss version=\"2.0\"><channel><title>News</title><link>{base}/</link>{items}</channel></rss>"
    );
    world.sites.put(1, "/feed", "application/rss+xml", feed);
    let registry = world.registry();
    let serving = Serving::start(
        &world.data(),
        &[
            "--sources",
            registry.to_str().expect("a path"),
            "--allow-loopback",
            "--gap",
            "0.4",
            "--force-due",
            "--contact",
            "test@example.org",
            "serve",
        ],
    );
    let started = Instant::now();
    while news_asked_for(world) == 0 {
        assert!(
            started.elapsed() < Duration::from_secs(30),
            "{}",
            serving.said()
        );
        std::thread::sleep(Duration::from_millis(50));
    }
    serving
}

/// Pages of news that were looked at so far.
fn news_asked_for(world: &World) -> usize {
    let asked = world.sites.log.asked.lock().expect("asked");
    asked.iter().filter(|at| at.contains("/news/")).count()
}

#[test]
fn a_purge_beside_a_running_crawl_and_a_foreign_reader_says_so_and_ends_when_the_reader_does() {
    let world = world();
    let serving = serve_while_crawling(&world);
    let reader = Foreign::hold(&world.data(), "BEGIN;SELECT count(*) FROM posts");
    let said = withdraw(&world);
    assert_eq!(shown(&serving), 0, "{said}");
    assert!(said.contains("another process reads the store"), "{said}");
    assert!(signs(&serving)["purge_waits"].is_string());
    let before = news_asked_for(&world);
    assert!((1..NEWS).contains(&before), "the crawl goes on: {before}");
    drop(reader);
    // By itself.
    assert!(purged(&serving), "{}", serving.said());
    let after = news_asked_for(&world);
    assert!(after > before && after < NEWS, "the crawl went on: {after}");
    assert!(signs(&serving)["purge_waits"].is_null());
    drop(serving);
    let held = files_holding(&world.data(), b"zanzibarquux");
    assert!(held.is_empty(), "{held:?}");
    world.crawl();
    let whole = Serving::start(&world.data(), &["serve", "--no-crawl"]);
    let news = whole.json("/api/v1/search?q=newsquoll")["total"].as_u64();
    assert_eq!(news, Some(NEWS as u64), "what came in beside it is there");
}

#[test]
fn a_purge_beside_a_running_crawl_and_readers_that_come_and_go_ends() {
    let world = world();
    let serving = serve_while_crawling(&world);
    let readers = [0, 1].map(|_| Foreign::come_and_go(&world.data()));
    let said = withdraw(&world);
    assert_eq!(shown(&serving), 0, "{said}");
    assert!(
        said.contains("posts purged") || said.contains("goes on by itself"),
        "{said}"
    );
    let asked = news_asked_for(&world);
    assert!((1..NEWS).contains(&asked), "the crawl goes on: {asked}");
    assert!(purged(&serving), "{}", serving.said());
    drop(readers);
    drop(serving);
    let held = files_holding(&world.data(), b"zanzibarquux");
    assert!(held.is_empty(), "{held:?}");
}

#[test]
fn a_withdrawal_that_no_process_carried_out_is_said_and_carried_out_by_a_command() {
    let world = world();
    let data = world.data();
    let run = |rest: &[&str]| {
        let output = world.command(rest).output().expect("the executable starts");
        (
            output.status.success(),
            binary::stdout(&output) + &binary::stderr(&output),
        )
    };
    let mut serving = Serving::start(&data, &["serve", "--no-crawl"]);
    let lock = Foreign::hold(&data, "BEGIN IMMEDIATE");
    withdraw(&world);
    serving.child.kill().expect("a kill -9");
    serving.child.wait().expect("an end");
    drop((serving, lock));

    let pending = data.join("withdrawals.pending");
    assert!(pending.exists());
    let said = run(&["doctor"]).1;
    assert!(said.contains("run `discover admin withdrawals`"), "{said}");
    let (done, said) = run(&["admin", "withdrawals"]);
    assert!(
        done && said.contains("no withdrawal waits for the store"),
        "{said}"
    );
    assert!(said.contains(&format!("{POSTS} posts purged")), "{said}");
    assert!(!pending.exists());
    let said = run(&["doctor"]).1;
    assert!(!said.contains("withdrawals"), "{said}");
    let held = files_holding(&data, b"zanzibarquux");
    assert!(held.is_empty(), "{held:?}");

    // What is damaged under a running process it writes again from memory: here nothing waits.
    let serving = Serving::start(&data, &["serve", "--no-crawl"]);
    std::fs::write(&pending, [0; 200]).expect("damaged");
    let started = Instant::now();
    while pending.exists() {
        assert!(
            started.elapsed() < Duration::from_secs(10),
            "{}",
            serving.said()
        );
        std::thread::sleep(Duration::from_millis(50));
    }
    let way = "discover admin withdrawals --set-aside";
    let (done, said) = run(&["admin", "withdrawals", "--set-aside"]);
    assert!(!done && said.contains("stop it first"), "{said}");
    drop(serving);
    // What a disk made of the file is no withdrawal any more: nothing starts as if there had been none.
    std::fs::write(&pending, [0; 200]).expect("damaged");
    let refused = Serving::try_start(&data, &["serve", "--no-crawl"])
        .err()
        .expect("a refusal");
    assert!(refused.contains(way), "{refused}");
    let said = run(&["doctor"]).1;
    assert!(said.contains(way), "{said}");
    let (done, said) = run(&["admin", "withdrawals", "--set-aside"]);
    assert!(done && said.contains("1 lines could not be read"), "{said}");
    assert!(data.join("withdrawals.damaged").exists());
    Serving::start(&data, &["serve", "--no-crawl"]);
}
