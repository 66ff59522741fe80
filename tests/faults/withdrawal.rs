//! A withdrawal hides within a second, whatever else holds the database.

use std::time::{Duration, Instant};

use super::{Foreign, POSTS, shown, signs, world};
use crate::support::binary::{self, Serving};
use crate::support::networks::World;

const PROMISED: Duration = Duration::from_secs(1);

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
    assert!(signs(&serving)["store_locked"].is_string());

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
    assert!(signs(&serving)["purge_waits"].is_string());
    drop(reader);
    let said = withdraw(&world);
    assert!(said.contains("purged"), "{said}");
    assert!(signs(&serving)["purge_waits"].is_null());
}
