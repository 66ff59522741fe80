//! The serving process is killed, or its power is cut, while it crawls, alerts, hides, purges, is backed up and restored:
//! what it acknowledged holds.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::process::{Child, Stdio};
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use super::shim::{Disk, cut_power, under};
use super::signs;
use crate::following::Receiver;
use crate::support::binary::{self, Serving};
use crate::support::data::files_holding;
use crate::support::networks::World;
use crate::support::site;

/// Rounds, unless `DISCOVER_TEST_KILLS` says otherwise.
const KILLS: usize = 100;
/// Rounds with a disk that loses what was not synced.
const CUTS: usize = 40;
const NETWORKS: usize = 4;
/// How soon no file holds what was withdrawn.
const PURGED: Duration = Duration::from_mins(2);
/// How long a machine may be too busy to answer.
const PATIENCE: Duration = Duration::from_mins(1);
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
    /// Hears what is found for a saved search.
    receiver: Receiver,
    /// The last backup that was written to its end.
    copy: Option<PathBuf>,
    power: bool,
}

impl Played {
    /// With `power`, processes end by a loss of power.
    fn new(power: bool) -> Self {
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
            receiver: Receiver::start(),
            copy: None,
            power,
        };
        for network in 0..NETWORKS {
            played.publish(network, 12);
        }
        played.world.crawl();
        played.follow();
        played
    }

    /// Saves a search that finds every item.
    fn follow(&self) {
        let data = self.world.data();
        let key = binary::succeed(&[
            "--data",
            data.to_str().expect("a plain path"),
            "admin",
            "key",
            "add",
            "--holder",
            "County Insight Team",
            "--purpose",
            "Alerts",
            "--scope",
            "follow:write",
        ]);
        let serving = Serving::start(&data, &["--allow-loopback", "serve", "--no-crawl"]);
        let webhook = format!("{}/hook", self.receiver.address);
        let body = json!({"search": {"q": "clinic"}, "deliver": {"webhook": webhook}});
        let (status, made) = site::post(
            &format!("{}/api/v1/follows", serving.base),
            "application/json",
            &body.to_string(),
            &[("authorization", &format!("Bearer {}", key.trim()))],
        );
        assert_eq!(status, 201, "{made}");
    }

    /// No conversation was told twice as something new.
    fn check_told(&self) -> usize {
        let mut told: BTreeMap<String, String> = BTreeMap::new();
        for heard in self.receiver.heard() {
            let said: Value = serde_json::from_slice(&heard.body).expect("JSON");
            if heard.event != "conversation.found" {
                continue;
            }
            let conversation = said["conversation"]["id"]
                .as_str()
                .expect("an id")
                .to_owned();
            // A process that dies before it has noted the answer sends the same message again, under the same id.
            let first = told
                .entry(conversation.clone())
                .or_insert_with(|| heard.id.clone());
            assert_eq!(*first, heard.id, "{conversation} is told twice");
        }
        told.len()
    }

    /// Restores the last whole backup, killed after a moment, and then in peace: what was withdrawn before the backup is
    /// not shown.
    fn restore(&self, draws: &mut Draws, round: usize) {
        let Some(copy) = &self.copy else { return };
        let copy = copy.to_str().expect("a plain path");
        for (name, longest) in [("killed", Some(250)), ("whole", None)] {
            let data = self.world.folder.path().join(format!("{name}{round}"));
            let data_text = data.to_str().expect("a plain path");
            let ledger = self.world.folder.path().join("ledger.jsonl");
            let printed = binary::succeed(&[
                "--data",
                self.world.data().to_str().expect("a path"),
                "ledger",
                "export",
            ]);
            std::fs::write(&ledger, printed).expect("a ledger");
            let mut restoring = binary::command(&[
                "--data",
                data_text,
                "restore",
                copy,
                "--ledger",
                ledger.to_str().expect("a plain path"),
            ])
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()
            .expect("the executable starts");
            if let Some(longest) = longest {
                draws.pause(longest);
                // It may have ended by itself.
                let _ = restoring.kill();
                restoring.wait().expect("an end");
            } else {
                let ended = restoring.wait_with_output().expect("an end");
                assert!(ended.status.success(), "{}", binary::stderr(&ended));
            }
            // Half a restore is either refused or hides what left.
            let serving = Serving::try_start(&data, &["--allow-loopback", "serve", "--no-crawl"]);
            match serving {
                Ok(serving) => self.check_hidden(&serving, &format!("after a {name} restore")),
                Err(said) => assert!(longest.is_some(), "{said}"),
            }
            std::fs::remove_dir_all(&data).expect("removed");
        }
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

    fn end(&self, mut serving: Serving) {
        if self.power {
            return cut_power(serving);
        }
        serving.child.kill().expect("a kill -9");
        serving.child.wait().expect("an end");
    }

    fn serve(&self) -> Serving {
        let mut command = self.world.command(&["--listen", "127.0.0.1:0", "serve"]);
        if self.power {
            command = under(command, &self.world.data(), &Disk::Loses).expect("looked for before");
        }
        Serving::try_spawn(command)
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
    answer(serving, &format!("/api/v1/search?q={query}"))["total"]
        .as_u64()
        .expect("a number")
}

/// An answer; a busy machine says that it has none yet, which is asked again.
fn answer(serving: &Serving, path: &str) -> Value {
    let started = Instant::now();
    loop {
        let (status, body) = serving.get(path);
        if status != 503 {
            assert_eq!(status, 200, "{path}: {body}");
            return serde_json::from_str(&body).expect("JSON");
        }
        assert!(started.elapsed() < PATIENCE, "{path}: {body}");
        std::thread::sleep(Duration::from_millis(500));
    }
}

/// What a reader is told of the graph: how many networks and conversations hold up each topic, and what is related to each
/// conversation. The names and places that topics have by their history are their own.
fn graph(serving: &Serving) -> Vec<Value> {
    let mut topics: Vec<Value> = answer(serving, "/api/v1/graph")["topics"]
        .as_array()
        .expect("topics")
        .iter()
        .map(|topic| {
            json!([
                topic["networks"],
                topic["conversations"],
                topic["level"],
                topic["effective_networks"]
            ])
        })
        .collect();
    topics.sort_by_key(Value::to_string);
    let found = answer(serving, "/api/v1/search?q=clinic&limit=50&sort=newest");
    for item in found["items"].as_array().expect("items") {
        let id = item["id"].as_str().expect("an id");
        let related = answer(
            serving,
            &format!("/api/v1/conversations/{id}/related?limit=50"),
        );
        let mut ids: Vec<String> = related["items"]
            .as_array()
            .expect("items")
            .iter()
            .map(|one| one["conversation"]["id"].to_string())
            .collect();
        ids.sort_unstable();
        topics.push(json!([id, ids]));
    }
    topics
}

fn rounds_of(usual: usize) -> usize {
    std::env::var("DISCOVER_TEST_KILLS")
        .ok()
        .map_or(usual, |rounds| rounds.parse().expect("a number of rounds"))
}

#[test]
fn whatever_a_killed_process_acknowledged_is_there_once_and_what_it_hid_stays_hidden() {
    rounds(Played::new(false), rounds_of(KILLS));
}

#[test]
#[ignore = "moments are drawn at random and each run tries others: .ci/nightly kills"]
fn whatever_a_process_acknowledged_survives_a_loss_of_power() {
    let world = World::new();
    if under(world.command(&["doctor"]), &world.data(), &Disk::Loses).is_none() {
        return;
    }
    rounds(Played::new(true), rounds_of(CUTS * 2) / 2);
}

fn rounds(mut played: Played, rounds: usize) {
    let mut draws = Draws(0x9e37_79b9_7f4a_7c15);
    let data = played.world.data();
    let data_text = data.to_str().expect("a plain path").to_owned();
    for round in 0..rounds {
        if round % 100 == 0 && round > 0 {
            println!(
                "{round} of {rounds} ends, {} withdrawn",
                played.withdrawn.len()
            );
        }
        let serving = played.serve();
        played.check_hidden(&serving, &format!("at the first request of round {round}"));
        match round % 6 {
            0 => {
                played.publish(draws.below(NETWORKS as u64) as usize, NEWS);
                draws.pause(600);
            }
            // Killed before, while or after the withdrawal is answered.
            1 | 2 => {
                let (network, item, mut command) = played.withdraw(&mut draws);
                draws.pause(400);
                if round % 6 == 2 {
                    let said = command.wait().expect("an end");
                    assert!(said.success(), "{}", serving.said());
                    played.withdrawn.push((network, item));
                    played.check_hidden(&serving, "once the withdrawal was answered");
                    played.end(serving);
                    continue;
                }
                played.end(serving);
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
                played.end(serving);
                if command.wait().expect("an end").success() {
                    played.withdrawn.push((network, item));
                }
                continue;
            }
            4 => played.restore(&mut draws, round),
            _ => {
                let copy = played.world.folder.path().join(format!("copy{round}"));
                let mut command = played
                    .world
                    .command(&["backup", copy.to_str().expect("a plain path")])
                    .stdout(Stdio::null())
                    .stderr(Stdio::null())
                    .spawn()
                    .expect("the executable starts");
                draws.pause(1500);
                played.end(serving);
                // Without the process the command goes on by itself, or says that it could not.
                if command.wait().expect("an end").success() {
                    played.copy = Some(copy);
                }
                continue;
            }
        }
        played.end(serving);
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
    let unanswered = rounds / 6 * 2 + 2;
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
    // Alerts go on where they were broken off.
    let started = Instant::now();
    while played.receiver.heard().is_empty() {
        assert!(started.elapsed() < PURGED, "{}", serving.said());
        std::thread::sleep(Duration::from_millis(200));
    }
    let told = played.check_told();
    drop(serving);

    let quiet = || Serving::start(&data, &["--allow-loopback", "serve", "--no-crawl"]);
    let as_it_grew = graph(&quiet());
    binary::succeed(&["--data", &data_text, "rebuild", "graph"]);
    assert_eq!(as_it_grew, graph(&quiet()), "a graph made anew is the same");

    let said = binary::succeed(&["--data", &data_text, "ledger", "verify"]);
    assert!(said.contains("whole"), "{said}");
    binary::succeed(&["--data", &data_text, "audit"]);
    println!(
        "{rounds} ends ({}): {published} items published, {} withdrawn and answered, {there} there, {told} told",
        if played.power { "power" } else { "kill -9" },
        played.withdrawn.len()
    );
}
