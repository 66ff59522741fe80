//! `discover-bench topics`: runs the real graph over posts in arrival order and writes the middle zoom level.

use std::collections::{BTreeMap, HashMap};
use std::io::{BufRead, BufReader, BufWriter, Write};
use std::path::Path;
use std::sync::{Arc, RwLock};

use discover_graph::{Graph, Parameters, Rank, Snapshot, refresh, refresh_with};
use discover_model::{
    Conversation, ConversationId, ConversationPost, GrantId, Language, NetworkId, PostId, SourceId,
    SourceKind, Voice,
};
use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use serde::Deserialize;

use crate::meaning::{self, Texts};
use crate::score::{Scores, cpu_seconds, peak_bytes};

#[derive(Debug, Deserialize)]
pub(crate) struct Line {
    id: String,
    #[serde(default)]
    network: String,
    #[serde(default)]
    title: Option<String>,
    pub(crate) text: String,
    #[serde(default)]
    pub(crate) created: Option<Timestamp>,
    #[serde(default)]
    language: Option<String>,
    /// Truth, where the file holds it; read only to score.
    #[serde(default)]
    topic: Option<serde_json::Value>,
}

/// A pass is made whenever the graph has grown fourfold, as a busy instance would, and after the last line.
const GROWTH: f64 = 4.0;

/// What a run cost and how good it was.
#[derive(Debug)]
pub(crate) struct Outcome {
    pub(crate) posts: usize,
    pub(crate) topics: usize,
    /// By level, wide to fine: topics shown, and topics large enough that are kept back because they have no subject or
    /// are a source's format.
    pub(crate) shown: [(usize, usize, usize); 3],
    /// By level: of the topics on the map that have links, the share whose strongest leads to one of the three nearest.
    pub(crate) beside: [f32; 3],
    pub(crate) passes: usize,
    pub(crate) cpu_per_post: f64,
    pub(crate) peak_bytes: u64,
    pub(crate) bytes_saved: usize,
    pub(crate) scores: Option<Scores>,
}

/// Reads `input`, writes `out` (`{id, topic}`), prints the figures, and the first so many topics of each list.
pub(crate) fn run(
    input: &Path,
    out: Option<&Path>,
    score: bool,
    list: usize,
    model: Option<&Path>,
) -> anyhow::Result<Outcome> {
    let mut texts = Texts::default();
    let mut graph = RwLock::new(Graph::new(Parameters::default()));
    let (mut ids, mut truth): (Vec<(String, ConversationId)>, Vec<String>) =
        (Vec::new(), Vec::new());
    let mut titles: HashMap<ConversationId, String> = HashMap::new();
    let mut lines: HashMap<ConversationId, (Line, u64)> = HashMap::new();
    let (mut next_pass, mut passes, mut today) = (1000.0_f64, 0, Date::ZERO);
    let started = cpu_seconds();
    for (number, line) in (0_u64..).zip(BufReader::new(std::fs::File::open(input)?).lines()) {
        let line: Line = serde_json::from_str(&line?)?;
        let conversation = conversation(&line, number);
        today = conversation.posts[0].happened.unwrap_or(today);
        if list > 0 {
            let title = format!("{}: {}", line.network, conversation.title);
            titles.insert(conversation.id, title);
        }
        if model.is_some() {
            texts.add(&conversation);
        }
        ids.push((line.id.clone(), conversation.id));
        truth.push(
            line.topic
                .as_ref()
                .map(std::string::ToString::to_string)
                .unwrap_or_default(),
        );
        let held = graph.get_mut().expect("one thread holds the graph");
        held.upsert(&conversation);
        lines.insert(conversation.id, (line, number));
        for id in held.outdated() {
            let (line, number) = &lines[&id];
            held.upsert(&self::conversation(line, *number));
        }
        if ids.len() as f64 >= next_pass {
            refresh(&graph, today);
            passes += 1;
            next_pass = ids.len() as f64 * GROWTH;
        }
    }
    let space = model.map(|folder| texts.read(folder)).transpose()?;
    let snapshot = meaning::with(space.as_ref(), |meaning| {
        refresh_with(&graph, today, meaning)
    });
    let spent = cpu_seconds() - started;
    let names: HashMap<_, _> = snapshot
        .topics
        .iter()
        .map(|topic| (topic.id, topic.level))
        .collect();
    let topic_of = |(name, id): &(String, ConversationId)| {
        let topics = snapshot.topics_of(*id);
        let middle = topics.iter().find(|topic| names.get(topic) == Some(&1));
        middle.map_or_else(|| format!("alone-{name}"), ToString::to_string)
    };
    let found: Vec<String> = ids.iter().map(topic_of).collect();
    if let Some(out) = out {
        let mut out = BufWriter::new(std::fs::File::create(out)?);
        for ((name, _), topic) in ids.iter().zip(&found) {
            writeln!(out, "{}", serde_json::json!({"id": name, "topic": topic}))?;
        }
        out.flush()?;
    }
    let outcome = Outcome {
        posts: ids.len(),
        topics: snapshot
            .topics
            .iter()
            .filter(|topic| topic.level == 1)
            .count(),
        shown: [0, 1, 2].map(|level| {
            let topics = || snapshot.topics.iter().filter(|topic| topic.level == level);
            (
                topics().filter(|topic| topic.shown).count(),
                topics().filter(|topic| topic.loose).count(),
                topics().filter(|topic| topic.format).count(),
            )
        }),
        beside: [0, 1, 2].map(|level| snapshot.map(level).share_beside()),
        passes: passes + 1,
        cpu_per_post: spent / ids.len().max(1) as f64,
        peak_bytes: peak_bytes(),
        bytes_saved: saved(graph.get_mut().expect("one thread holds the graph")),
        scores: (score && truth.iter().all(|topic| !topic.is_empty()))
            .then(|| Scores::of(&truth, &found)),
    };
    print(&outcome);
    if list > 0 {
        print_lists(&snapshot, &titles, list);
    }
    Ok(outcome)
}

fn saved(graph: &Graph) -> usize {
    let mut bytes = Vec::new();
    graph.write_to(&mut bytes).expect("memory takes everything");
    bytes.len()
}

/// Members printed of one topic.
const MEMBERS: usize = 12;

fn print_lists(snapshot: &Snapshot, titles: &HashMap<ConversationId, String>, list: usize) {
    for rank in [Rank::Emerging, Rank::Enduring, Rank::Quiet] {
        println!("\n{rank:?}");
        for topic in snapshot.ranked(rank, 1).into_iter().take(list) {
            let value = topic.rank.of(rank);
            println!(
                "  {:.2} {:?}: {} conversations, {} texts, {} networks ({:.1} effective), {} voices; terms {:?}; {:?}",
                value.value,
                topic.label,
                topic.conversations,
                topic.texts,
                topic.networks.len(),
                topic.effective_networks,
                topic.voices,
                topic.terms,
                topic.coordinated
            );
            let members = snapshot.members(topic.id);
            let step = members.len().div_ceil(MEMBERS).max(1);
            for title in members.iter().step_by(step).filter_map(|id| titles.get(id)) {
                println!("        {title}");
            }
        }
    }
    let warnings = snapshot.warnings();
    println!(
        "\n{} warnings, {:?}",
        warnings.raised.len(),
        warnings.replay
    );
}

fn print(outcome: &Outcome) {
    println!("posts              {}", outcome.posts);
    println!("topics (middle)    {}", outcome.topics);
    for (level, (shown, loose, formats)) in ["wide", "middle", "fine"].iter().zip(outcome.shown) {
        println!("shown, {level:<12}{shown}, {loose} kept back as loose, {formats} as formats");
    }
    let beside = outcome
        .beside
        .map(|share| format!("{:.0} %", share * 100.0));
    println!(
        "strongest near     {} of topics on the map",
        beside.join(", ")
    );
    println!("passes             {}", outcome.passes);
    println!("CPU per post       {:.1} us", outcome.cpu_per_post * 1e6);
    println!(
        "peak memory        {:.1} MB",
        outcome.peak_bytes as f64 / 1e6
    );
    println!(
        "saved, per post    {} B",
        outcome.bytes_saved / outcome.posts.max(1)
    );
    if let Some(scores) = &outcome.scores {
        println!("{scores}");
    }
}

/// A line as a conversation of one post; without `created` the clock is the line number, one minute a line.
pub(crate) fn conversation(line: &Line, number: u64) -> Conversation {
    let language = line.language.as_deref().and_then(Language::from_tag);
    let network = NetworkId::from_u128(u128::from(hash(&line.network)) + 1);
    let zero = Timestamp::from_second(1_700_000_000).expect("a second of 2023");
    let at = line
        .created
        .unwrap_or_else(|| zero + SignedDuration::from_mins(number as i64));
    let id = ConversationId::derive(network, &line.id);
    let source = SourceId::from_u128(network.as_u128());
    let title = line
        .title
        .clone()
        .unwrap_or_else(|| discover_model::conversation::title_from_text(&line.text));
    let mut voice = [0; 16];
    voice[..8].copy_from_slice(&hash(&line.id).to_be_bytes());
    Conversation {
        id,
        network,
        kind: SourceKind::Feed,
        url: format!("https://{}.example/{}", line.network, line.id),
        title,
        language,
        started: Some(at),
        last_active: Some(at),
        posts: vec![ConversationPost {
            id: PostId::from_u128(id.as_u128()),
            source,
            grant: GrantId::from_u128(1),
            parent: None,
            url: String::new(),
            title: line.title.clone(),
            text: line.text.clone(),
            language,
            voice: Voice::from_bytes(voice),
            published: Some(at),
            first_seen: at,
            happened: Some(discover_model::time::happened(at, at, &TimeZone::UTC)),
            links: Vec::new(),
        }],
    }
}

pub(crate) fn hash(text: &str) -> u64 {
    text.bytes().fold(0xcbf2_9ce4_8422_2325, |sum: u64, byte| {
        (sum ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    })
}

/// Ten-fold larger each time: what a post costs as the graph grows.
pub(crate) fn grow(sizes: &[usize]) -> BTreeMap<usize, f64> {
    sizes.iter().map(|&size| (size, growth(size))).collect()
}

/// A fixed sequence of numbers below what is asked for.
pub(crate) fn sequence() -> impl FnMut(u64) -> u64 {
    let mut state = 7_u64;
    move |below| {
        state = state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) % below
    }
}

fn growth(size: usize) -> f64 {
    let mut graph = RwLock::new(Graph::new(Parameters::default()));
    let mut draw = sequence();
    // The same share of passes at every size, so that sizes compare.
    let (mut next_pass, mut today) = (size as f64 / (GROWTH * GROWTH), Date::ZERO);
    let mut spent = 0.0;
    let mut number = 0;
    while number < size as u64 {
        // The clock is read once for many posts: reading it costs as much as a post.
        let end = (number + BATCH).min(size as u64);
        let batch: Vec<Conversation> = (number..end)
            .map(|number| conversation(&generated(number, &mut draw), number))
            .collect();
        number = end;
        let before = cpu_seconds();
        let held = graph.get_mut().expect("one thread holds the graph");
        for conversation in &batch {
            held.upsert(conversation);
        }
        today = batch
            .last()
            .and_then(|last| last.posts[0].happened)
            .unwrap_or(today);
        if number as f64 >= next_pass {
            refresh(&graph, today);
            next_pass = number as f64 * GROWTH;
        }
        spent += cpu_seconds() - before;
    }
    let before = cpu_seconds();
    refresh(&graph, today);
    spent += cpu_seconds() - before;
    let cost = spent / size as f64;
    let postings = graph
        .get_mut()
        .expect("one thread holds the graph")
        .relation_bytes();
    println!(
        "{size:>9} posts  {:.1} us CPU a post  peak {:.0} MB, {:.0} B a post, of which relation postings {:.0} B",
        cost * 1e6,
        peak_bytes() as f64 / 1e6,
        peak_bytes() as f64 / size as f64,
        postings as f64 / size as f64
    );
    changes(&mut graph, size as u64, today, &mut draw);
    cost
}

/// How far topics move on the map in a week in which every day brings one post for a hundred, and what a day costs.
pub(crate) fn week(posts: usize) {
    let mut draw = sequence();
    let mut graph = RwLock::new(Graph::new(Parameters::default()));
    let mut today = Date::ZERO;
    let held = graph.get_mut().expect("one thread holds the graph");
    for number in 0..posts as u64 {
        let conversation = conversation(&generated(number, &mut draw), number);
        today = conversation.posts[0].happened.unwrap_or(today);
        held.upsert(&conversation);
    }
    let first = refresh(&graph, today);
    let mut last = Arc::clone(&first);
    let mut spent = Vec::new();
    for day in 0..7_u64 {
        today = today.tomorrow().expect("a day");
        let noon = today.at(12, 0, 0, 0).to_zoned(TimeZone::UTC).expect("noon");
        let held = graph.get_mut().expect("one thread holds the graph");
        for number in 0..posts as u64 / 100 {
            let number = (day + 1) << 32 | number;
            let mut line = generated(posts as u64, &mut draw);
            line.id = number.to_string();
            line.created = Some(noon.timestamp());
            held.upsert(&conversation(&line, number));
        }
        let before = cpu_seconds();
        last = refresh(&graph, today);
        spent.push(format!("{:.0}", (cpu_seconds() - before) * 1e3));
    }
    for level in 0..3 {
        let (old, new) = (first.map(level), last.map(level));
        let mut moves: Vec<f32> = new
            .topics
            .iter()
            .filter_map(|topic| {
                let old = old.topics.iter().find(|old| old.id == topic.id)?;
                Some((topic.x - old.x).hypot(topic.y - old.y))
            })
            .collect();
        moves.sort_by(f32::total_cmp);
        println!(
            "level {level}: {} topics on the map, {} after a week, {} of both; moved at most {:.4} of the width; strongest among the three nearest in {:.0} %, then {:.0} %",
            old.topics.len(),
            new.topics.len(),
            moves.len(),
            moves.last().copied().unwrap_or_default(),
            old.share_beside() * 100.0,
            new.share_beside() * 100.0
        );
    }
    println!("CPU ms to draw each day: {}", spent.join(", "));
}

/// Posts made before the clock is read again.
const BATCH: u64 = 1_000;
/// Changes of each kind that are drawn at once, and how often.
const CHANGES: u64 = 100;
const ROUNDS: u64 = 5;

/// What it costs to carry a few changes all the way to a new snapshot.
fn changes(graph: &mut RwLock<Graph>, size: u64, today: Date, draw: &mut impl FnMut(u64) -> u64) {
    let mut timed = |what: &str, change: &dyn Fn(&mut Graph, u64)| {
        let before = cpu_seconds();
        let mut drawing = 0.0;
        for round in 0..ROUNDS {
            let held = graph.get_mut().expect("one thread holds the graph");
            for one in 0..CHANGES {
                change(held, round * CHANGES + one);
            }
            let start = cpu_seconds();
            refresh(graph, today);
            drawing += cpu_seconds() - start;
        }
        let all = cpu_seconds() - before;
        println!(
            "          {what:<8} {:.0} us CPU each, {:.1} ms to draw {CHANGES} of them",
            all / (ROUNDS * CHANGES) as f64 * 1e6,
            drawing / ROUNDS as f64 * 1e3
        );
    };
    let new: Vec<Conversation> = (0..ROUNDS * CHANGES)
        .map(|at| conversation(&generated(size + at, draw), size + at))
        .collect();
    timed("inserted", &|graph, at| graph.upsert(&new[at as usize]));
    let edited: Vec<Conversation> = (0..ROUNDS * CHANGES)
        .map(|at| {
            let old = (at * 7919) % size;
            conversation(&generated(old, draw), old)
        })
        .collect();
    timed("edited", &|graph, at| graph.upsert(&edited[at as usize]));
    timed("deleted", &|graph, at| graph.remove(edited[at as usize].id));
    let before = cpu_seconds();
    let network = new[0].network;
    graph
        .get_mut()
        .expect("one thread holds the graph")
        .remove_network(network);
    let removed = cpu_seconds() - before;
    refresh(graph, today);
    println!(
        "          one of twelve networks leaves: {:.2} s CPU until nothing of it is held, {:.2} s until all is drawn anew",
        removed,
        cpu_seconds() - before
    );
}

/// A post of a stream in which every hundred posts bring a topic. A topic has twelve words of its own; a title mixes
/// five of them with three of anybody's.
pub(crate) fn generated(number: u64, draw: &mut impl FnMut(u64) -> u64) -> Line {
    let topic = draw(20 + number / 100);
    let mut words: Vec<String> = (0..5).map(|_| format!("t{topic}w{}", draw(12))).collect();
    words.extend((0..3).map(|_| format!("common{}", draw(5000))));
    Line {
        id: number.to_string(),
        network: format!("net-{:02}", draw(12)),
        title: None,
        text: words.join(" "),
        created: None,
        topic: None,
        language: None,
    }
}
