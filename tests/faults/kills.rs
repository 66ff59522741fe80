//! The serving process is killed while it crawls, hides, purges and is backed up: what it acknowledged holds.

use std::process::{Child, Stdio};
use std::time::{Duration, Instant};

use super::signs;
use crate::support::binary::{self, Serving};
use crate::support::data::files_holding;
use crate::support::networks::World;

/// Rounds, unless `DISCOVER_TEST_KILLS` says otherwise.
const KILLS: usize = 100;
const NETWORKS: usize = 4;
/// How soon no file holds what was withdrawn.
const PURGED: Duration = Duration::from_mins(2);
/// Items that each network says more in every round in which something is said.
const NEWS: usize = 3;

/// Numbers that look random and are the same in every run.
struct Draws(u64);

impl Draws {
    fn below(&mut self, bound: u64) -> u64 {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % bound
    }

    fn pause(&mut self, longest: u64) {
        std::thread::sleep(Duration::from_millis(self.below(longest)));
    }
}

/// A word that no other item holds and no stemmer shortens.
fn canary(network: usize, item: usize) -> String {
    const LETTERS: [char; 10] = ['b', 'c', 'd', 'f', 'g', 'h', 'j', 'k', 'm', 'p'];
    let digits = format!("{network}{item:04}");
    let letters = digits
        .chars()
        .filter_map(|digit| digit.to_digit(10))
        .map(|digit| LETTERS[digit as usize]);
    format!("zq{}x", letters.collect::<String>())
}

fn slug(network: usize) -> String {
    format!("net{network}")
}

/// What is published, and what was taken out of it.
struct Played {
    world: World,
    published: [usize; NETWORKS],
    /// Withdrawals that were answered.
    withdrawn: Vec<(usize, usize)>,
}

impl Played {
    fn new() -> Self {
        let mut world = World::new();
        for network in 0..NETWORKS {
            let slug = slug(network);
            world.declare(
                network,
                &slug,
                &format!("The {slug} network"),
                "feed",
                "/feed",
            );
            world.consent(network, &slug);
        }
        let mut played = Self {
            world,
            published: [0; NETWORKS],
            withdrawn: Vec::new(),
        };
        for network in 0..NETWORKS {
            played.publish(network, 12);
        }
        played.world.crawl();
        played
    }

    fn publish(&mut self, network: usize, more: usize) {
        self.published[network] += more;
        let base = self.world.sites.origin(network);
        let items: String = (0..self.published[network])
            .map(|item| {
                let word = canary(network, item);
                format!(
                    "<item><guid>n{network}-{item}</guid><link>{base}/p/{item:04}</link><title>Queue {word}</title>\
                     <description>The clinic {word} spoke of its queue.</description>\
                     <pubDate>Mon, 01 Jun 2026 09:00:00 GMT</pubDate></item>"
                )
            })
            .collect();
        let feed = format!(
            "<rss version=\"2.0\"><channel><title>{}</title><link>{base}/</link>{items}</channel></rss>",
            slug(network)
        );
        self.world
            .sites
            .put(network, "/feed", "application/rss+xml", feed);
    }

    fn serve(&self) -> Serving {
        Serving::try_spawn(self.world.command(&["--listen", "127.0.0.1:0", "serve"]))
            .unwrap_or_else(|said| panic!("the site does not start again:\n{said}"))
    }

    /// Withdraws an item that was not withdrawn yet; the command is left running.
    fn withdraw(&self, draws: &mut Draws) -> (usize, usize, Child) {
        let (network, item) = loop {
            let network = draws.below(NETWORKS as u64) as usize;
            let item = draws.below(self.published[network] as u64) as usize;
            if !self.withdrawn.contains(&(network, item)) {
                break (network, item);
            }
        };
        let path = format!("{}/p/{item:04}", self.world.sites.origin(network));
        let child = self
            .world
            .command(&["withdraw", &slug(network), "--path", &path])
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .expect("the executable starts");
        (network, item, child)
    }

    /// Nothing that was withdrawn is shown.
    fn check_hidden(&self, serving: &Serving, when: &str) {
        for (network, item) in &self.withdrawn {
            let shown = total(serving, &canary(*network, *item));
            assert_eq!(shown, 0, "item {item} of network {network} {when}");
        }
    }
}

fn total(serving: &Serving, query: &str) -> u64 {
    serving.json(&format!("/api/v1/search?q={query}"))["total"]
        .as_u64()
        .expect("a number")
}

fn kill(mut serving: Serving) {
    serving.child.kill().expect("a kill -9");
    serving.child.wait().expect("an end");
}

#[test]
fn whatever_a_killed_process_acknowledged_is_there_once_and_what_it_hid_stays_hidden() {
    let rounds = std::env::var("DISCOVER_TEST_KILLS")
        .ok()
        .map_or(KILLS, |rounds| rounds.parse().expect("a number of rounds"));
    let mut played = Played::new();
    let mut draws = Draws(0x9e37_79b9_7f4a_7c15);
    let data = played.world.data();
    let data_text = data.to_str().expect("a plain path").to_owned();
    for round in 0..rounds {
        let serving = played.serve();
        played.check_hidden(&serving, &format!("at the first request of round {round}"));
        match round % 5 {
            0 => {
                played.publish(draws.below(NETWORKS as u64) as usize, NEWS);
                draws.pause(600);
            }
            // Killed before, while or after the withdrawal is answered.
            1 | 2 => {
                let (network, item, mut command) = played.withdraw(&mut draws);
                draws.pause(400);
                if round % 5 == 2 {
                    let said = command.wait().expect("an end");
                    assert!(said.success(), "{}", serving.said());
                    played.withdrawn.push((network, item));
                    played.check_hidden(&serving, "once the withdrawal was answered");
                    kill(serving);
                    continue;
                }
                kill(serving);
                if command.wait().expect("an end").success() {
                    played.withdrawn.push((network, item));
                }
                continue;
            }
            // A purge beside a crawl.
            3 => {
                for network in 0..NETWORKS {
                    played.publish(network, 1);
                }
                let (network, item, mut command) = played.withdraw(&mut draws);
                draws.pause(60);
                kill(serving);
                if command.wait().expect("an end").success() {
                    played.withdrawn.push((network, item));
                }
                continue;
            }
            _ => {
                let copy = played.world.folder.path().join(format!("copy{round}"));
                let mut command = played
                    .world
                    .command(&["backup", copy.to_str().expect("a plain path")])
                    .stdout(Stdio::null())
                    .stderr(Stdio::null())
                    .spawn()
                    .expect("the executable starts");
                draws.pause(150);
                kill(serving);
                // Without the process the command goes on by itself, or says that it could not.
                command.wait().expect("an end");
                continue;
            }
        }
        kill(serving);
    }

    for _ in 0..2 {
        played.world.crawl();
    }
    assert_eq!(played.world.crawl()["stored"], 0, "all there is came in");
    let serving = played.serve();
    assert!(
        signs(&serving)
            .as_object()
            .is_none_or(|signs| !signs.contains_key("store_damaged"))
    );
    played.check_hidden(&serving, "at the end");
    let mut there = 0;
    for network in 0..NETWORKS {
        for item in 0..played.published[network] {
            let found = total(&serving, &canary(network, item));
            assert!(
                found <= 1,
                "item {item} of network {network} is there {found} times"
            );
            there += found;
        }
    }
    let published: usize = played.published.iter().sum();
    // A withdrawal that was not answered may have been carried out all the same.
    let unanswered = rounds / 5 * 2;
    assert!(there as usize <= published - played.withdrawn.len());
    assert!(
        there as usize >= published - played.withdrawn.len() - unanswered,
        "{there} of {published}"
    );
    assert_eq!(
        total(&serving, "clinic"),
        there,
        "the index holds what the store holds"
    );
    // The purge of what was withdrawn last goes on by itself.
    let started = Instant::now();
    let held = || {
        let words = played.withdrawn.iter();
        let words = words.map(|(network, item)| canary(*network, *item));
        words
            .map(|word| (files_holding(&data, word.as_bytes()), word))
            .find(|(files, _)| !files.is_empty())
    };
    while let Some(held) = held() {
        assert!(started.elapsed() < PURGED, "{held:?}: {}", serving.said());
        std::thread::sleep(Duration::from_millis(500));
    }
    drop(serving);

    let said = binary::succeed(&["--data", &data_text, "ledger", "verify"]);
    assert!(said.contains("whole"), "{said}");
    binary::succeed(&["--data", &data_text, "audit"]);
    println!(
        "{rounds} kills: {published} items published, {} withdrawn and answered, {there} there",
        played.withdrawn.len()
    );
}
