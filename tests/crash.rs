//! A process killed at any moment of a crawl loses and doubles nothing.

use std::process::Stdio;
use std::time::{Duration, Instant};

use crate::real_input::{held, real_world};

/// Moments at which the crawl is killed.
const KILLS: u32 = 20;

#[test]
fn a_crawl_killed_at_twenty_moments_loses_and_doubles_nothing() {
    let Some((world, expected)) = real_world() else {
        return;
    };
    let mut random: u64 = 0x9e37_79b9_7f4a_7c15;
    let mut longest = Duration::from_millis(1500);
    for kill in 0..KILLS {
        random = random
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        let moment = longest.mul_f64((random >> 33) as f64 / f64::from(u32::MAX >> 1));
        let started = Instant::now();
        let mut child = world
            .command(&["crawl", "--once"])
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .expect("the executable starts");
        while started.elapsed() < moment && child.try_wait().expect("a status").is_none() {
            std::thread::sleep(Duration::from_millis(2));
        }
        if child.try_wait().expect("a status").is_some() {
            // It finished before its moment came: aim earlier.
            longest = longest.mul_f64(0.7);
        }
        child.kill().expect("a kill -9");
        child.wait().expect("an end");
        println!("kill {kill} after {} ms", started.elapsed().as_millis());
    }
    world.crawl();
    let held = held(&world.data());
    assert_eq!(held.forum_conversations, expected.topics);
    assert_eq!(held.forum_posts, expected.posts);
    assert_eq!(held.forum_edges, expected.edges);
    assert!(held.feeds_with_posts >= 84);
    assert_eq!(
        held.stored, held.indexed,
        "the index holds what the store holds"
    );
    assert_eq!(world.crawl()["stored"], 0);
}
