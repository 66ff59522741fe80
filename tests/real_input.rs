//! Real feeds and a real forum, served on loopback as opted-in networks and read by the real executable.

use std::collections::BTreeSet;
use std::path::Path;
use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};

use discover_indexer::Index;
use discover_model::ConversationId;
use discover_store::Store;
use jiff::tz::TimeZone;

use crate::support::binary::{self, Serving};
use crate::support::data::shared;
use crate::support::networks::World;

/// What the shared data holds, counted independently of the crawler.
pub(crate) struct Expected {
    pub feeds: usize,
    pub topics: usize,
    pub posts: usize,
    pub edges: usize,
}

/// The 87 feeds and the forum as networks, with their owners' consent.
pub(crate) fn real_world() -> Option<(World, Expected)> {
    let (feeds, topics) = (shared("feeds/real")?, shared("discourse/topics")?);
    let mut world = World::new();
    let mut files: Vec<_> = std::fs::read_dir(feeds)
        .expect("feeds")
        .flatten()
        .map(|entry| entry.path())
        .collect();
    files.sort();
    let mut slugs = Vec::new();
    for (number, file) in files.iter().enumerate() {
        let json = file
            .extension()
            .is_some_and(|extension| extension == "json");
        let content_type = if json {
            "application/feed+json"
        } else {
            "application/xml"
        };
        world.sites.put(
            number,
            "/feed",
            content_type,
            std::fs::read(file).expect("a feed"),
        );
        let slug = format!("feed-{number:02}");
        world.declare(number, &slug, &slug, "feed", "/feed");
        slugs.push(slug);
    }
    let forum = files.len();
    let (topics, posts, edges) = world.sites.discourse(forum, &topics);
    world.declare(forum, "forum", "Forum", "discourse", "/");
    slugs.push("forum".to_owned());
    for (number, slug) in slugs.iter().enumerate() {
        world.consent(number, slug);
    }
    Some((
        world,
        Expected {
            feeds: files.len(),
            topics,
            posts,
            edges,
        },
    ))
}

/// What the store and the index hold of the forum, and of everything.
pub(crate) struct Held {
    pub forum_conversations: usize,
    pub forum_posts: usize,
    pub forum_edges: usize,
    pub feeds_with_posts: usize,
    pub stored: BTreeSet<ConversationId>,
    pub indexed: BTreeSet<ConversationId>,
    pub titles: Vec<String>,
    pub posts: u64,
}

pub(crate) fn held(data: &Path) -> Held {
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    runtime.block_on(async {
        let store = Store::open_read_only(data, TimeZone::UTC)
            .await
            .expect("the store opens");
        let forum = store
            .network_by_slug("forum")
            .await
            .expect("a read")
            .expect("the forum")
            .id;
        let mut stored = BTreeSet::new();
        let mut after = None;
        let (mut conversations, mut posts, mut edges) = (0, 0, 0);
        let mut feeds = BTreeSet::new();
        let mut titles = Vec::new();
        loop {
            let ids = store.conversation_ids(after, 500).await.expect("a read");
            let Some(last) = ids.last() else { break };
            after = Some(*last);
            for conversation in store.conversations(&ids).await.expect("a read") {
                stored.insert(conversation.id);
                titles.push(conversation.title.clone());
                if conversation.network == forum {
                    conversations += 1;
                    posts += conversation.posts.len();
                    edges += conversation
                        .posts
                        .iter()
                        .filter(|post| post.parent.is_some())
                        .count();
                } else {
                    feeds.insert(conversation.network);
                }
            }
        }
        let index = Index::open_read_only(&data.join("index")).expect("the index opens");
        Held {
            forum_conversations: conversations,
            forum_posts: posts,
            forum_edges: edges,
            feeds_with_posts: feeds.len(),
            stored,
            indexed: index.all_ids().expect("a read").into_iter().collect(),
            titles,
            posts: store.counts().await.expect("a read").posts,
        }
    })
}

/// Runs a crawl and returns its outcome and peak memory in MiB.
fn crawl_measured(world: &World) -> (serde_json::Value, u64) {
    let mut child = world
        .command(&["crawl", "--once", "--json"])
        .stdout(std::process::Stdio::piped())
        .spawn()
        .expect("the executable starts");
    let status = format!("/proc/{}/status", child.id());
    let mut peak = 0;
    while child.try_wait().expect("a status").is_none() {
        let text = std::fs::read_to_string(&status).unwrap_or_default();
        let line = text
            .lines()
            .find(|line| line.starts_with("VmHWM:"))
            .unwrap_or_default();
        peak = line
            .split_whitespace()
            .nth(1)
            .and_then(|kib| kib.parse::<u64>().ok())
            .map_or(peak, |kib| peak.max(kib / 1024));
        std::thread::sleep(Duration::from_millis(10));
    }
    let output = child.wait_with_output().expect("output");
    assert!(output.status.success(), "{}", binary::stderr(&output));
    (serde_json::from_slice(&output.stdout).expect("JSON"), peak)
}

/// Searches for words of the titles, one request after the other, and prints how long the answers take.
fn time_searches(serving: &Serving, titles: &[String]) {
    let queries: BTreeSet<String> = titles
        .iter()
        .enumerate()
        .filter_map(|(number, title)| {
            let words: Vec<&str> = title
                .split(|c: char| !c.is_alphabetic())
                .filter(|word| word.chars().count() > 4)
                .take(1 + number % 3)
                .collect();
            (!words.is_empty()).then(|| words.join("%20"))
        })
        .collect();
    let mut times: Vec<Duration> = queries
        .iter()
        .step_by(1 + queries.len() / 1000)
        .map(|query| {
            let started = Instant::now();
            let (status, _) = serving.get(&format!("/api/v1/search?q={query}"));
            assert_eq!(status, 200, "{query}");
            started.elapsed()
        })
        .collect();
    times.sort_unstable();
    println!(
        "{} searches through HTTP: median {:?}, 99th percentile {:?}, slowest {:?}",
        times.len(),
        times[times.len() / 2],
        times[times.len() * 99 / 100],
        times[times.len() - 1]
    );
}

#[test]
fn real_feeds_and_a_real_forum_go_the_whole_way_once() {
    let Some((world, expected)) = real_world() else {
        return;
    };
    let (first, peak) = crawl_measured(&world);
    println!("first crawl: {first}, peak memory {peak} MiB");
    assert!(peak < 400, "peak memory {peak} MiB");

    let held_first = held(&world.data());
    println!(
        "feeds that give items: {} of {}",
        held_first.feeds_with_posts, expected.feeds
    );
    assert!(
        held_first.feeds_with_posts >= 84,
        "{} feeds give items",
        held_first.feeds_with_posts
    );
    assert_eq!(held_first.forum_conversations, expected.topics);
    assert_eq!(held_first.forum_posts, expected.posts);
    assert_eq!(held_first.forum_edges, expected.edges);
    assert_eq!(
        held_first.stored, held_first.indexed,
        "the index holds what the store holds"
    );

    let before = world
        .sites
        .log
        .unconditional_repeats
        .load(Ordering::Relaxed);
    let not_modified = world.sites.log.not_modified.load(Ordering::Relaxed);
    let second = world.crawl();
    println!("second crawl: {second}");
    assert_eq!(second["stored"], 0);
    assert_eq!(second["updated"], 0);
    assert_eq!(
        world
            .sites
            .log
            .unconditional_repeats
            .load(Ordering::Relaxed),
        before,
        "a validator was given and not sent back"
    );
    assert!(world.sites.log.not_modified.load(Ordering::Relaxed) - not_modified >= 84);
    assert_eq!(held(&world.data()).posts, held_first.posts);

    let serving = Serving::start(&world.data(), &["serve", "--no-crawl"]);
    let found = serving.json("/api/v1/search?q=physics&network=forum");
    assert!(
        found["total"].as_u64().is_some_and(|total| total > 5),
        "{found}"
    );
    assert!(
        found["items"][0]["highlight"][0]["text"].is_string(),
        "{}",
        found["items"][0]
    );
    let topics = serving.json("/api/v1/map");
    assert!(
        topics["topics"]
            .as_array()
            .is_some_and(|items| !items.is_empty()),
        "{topics}"
    );
    let (status, page) = serving.get("/");
    assert_eq!(status, 200);
    let label = topics["topics"][0]["label"].as_str().expect("a label");
    println!("a topic: {label}; home page of {} bytes", page.len());
    time_searches(&serving, &held_first.titles);
}
