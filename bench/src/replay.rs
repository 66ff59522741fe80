//! `discover-bench topics --replay`: a month of conversations as a serving process takes them in, by the pace of
//! `src/pipeline/derive.rs`: what upkeep costs a conversation, and what share of a core passes take.
//!
//! A month of passes would take hours of CPU. Each day has one pass at its end, and its first hour minute by minute; what the
//! rest of a day costs is told from these.

use std::sync::RwLock;

use discover_graph::{Graph, Parameters, join, refresh};
use discover_model::Conversation;
use jiff::civil::{Date, date};
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};

use crate::score::{cpu_seconds, peak_bytes};
use crate::topics::{conversation, generated, sequence};

const DAYS: u64 = 30;
/// Minutes of each day that are followed one by one.
const FOLLOWED: u64 = 60;
const MINUTES: u64 = 24 * 60;
/// The pace of passes: so many times their own cost apart, and so many seconds where more conversations are held.
const SPACING: f64 = 10.0;
const LARGE: usize = 20_000;
const LARGE_EVERY: f64 = 600.0;

/// Sums of a replay.
#[derive(Debug, Default)]
struct Spent {
    conversations: u64,
    putting: f64,
    joined: u64,
    joining: f64,
    drawings: u64,
    drawing: f64,
    /// The dearest, in CPU seconds.
    dearest_pass: f64,
    /// The largest share of a core, by the pace.
    share: f64,
}

/// Replays a month of so many conversations a day, and prints what it costs.
pub(crate) fn run(a_day: u64) {
    let mut graph = RwLock::new(Graph::new(Parameters::default()));
    let mut draw = sequence();
    let mut spent = Spent::default();
    let mut today = date(2026, 10, 1);
    for _ in 0..DAYS {
        let morning = midnight(today);
        for minute in 0..FOLLOWED {
            let at = morning + SignedDuration::from_mins(minute as i64);
            let new = arrivals(&mut spent, a_day / MINUTES, at, &mut draw);
            put(&mut graph, &new, &mut spent);
            follow(&graph, today, new.len() as u64, &mut spent);
        }
        let rest = a_day - FOLLOWED * (a_day / MINUTES);
        let at = morning + SignedDuration::from_hours(12);
        let new = arrivals(&mut spent, rest, at, &mut draw);
        put(&mut graph, &new, &mut spent);
        let before = cpu_seconds();
        refresh(&graph, today);
        pass(&graph, cpu_seconds() - before, &mut spent);
        today = today.tomorrow().unwrap_or(today);
    }
    print(&spent);
}

fn midnight(day: Date) -> Timestamp {
    let start = day.to_zoned(TimeZone::UTC);
    start.map_or(Timestamp::UNIX_EPOCH, |start| start.timestamp())
}

fn arrivals(
    spent: &mut Spent,
    count: u64,
    at: Timestamp,
    draw: &mut impl FnMut(u64) -> u64,
) -> Vec<Conversation> {
    let from = spent.conversations;
    spent.conversations += count;
    (from..from + count)
        .map(|number| {
            let mut line = generated(number, draw);
            line.created = Some(at);
            conversation(&line, number)
        })
        .collect()
}

fn put(graph: &mut RwLock<Graph>, new: &[Conversation], spent: &mut Spent) {
    let before = cpu_seconds();
    let held = graph.get_mut().expect("one thread holds the graph");
    for conversation in new {
        held.upsert(conversation);
    }
    spent.putting += cpu_seconds() - before;
}

/// Lets newcomers join; a snapshot with nobody waiting tells what drawing alone costs.
fn follow(graph: &RwLock<Graph>, today: Date, new: u64, spent: &mut Spent) {
    let before = cpu_seconds();
    join(graph, today);
    let joined = cpu_seconds();
    join(graph, today);
    let drawing = cpu_seconds() - joined;
    spent.joined += new;
    spent.joining += (joined - before - drawing).max(0.0);
    spent.drawings += 1;
    spent.drawing += drawing;
}

fn pass(graph: &RwLock<Graph>, cost: f64, spent: &mut Spent) {
    let held = graph.read().expect("no panic held it").len();
    let least = if held > LARGE { LARGE_EVERY } else { 0.0 };
    spent.dearest_pass = spent.dearest_pass.max(cost);
    spent.share = spent.share.max(cost / (cost + (cost * SPACING).max(least)));
}

fn print(spent: &Spent) {
    let count = spent.conversations.max(1) as f64;
    let (put, joined) = (
        spent.putting / count * 1e6,
        spent.joining / spent.joined.max(1) as f64 * 1e6,
    );
    println!("conversations      {}", spent.conversations);
    println!(
        "upkeep             {:.0} us CPU a conversation: {put:.0} neighbours, {joined:.0} joining",
        put + joined
    );
    println!(
        "passes             {:.2} s CPU the dearest, {:.1} % of one core at most",
        spent.dearest_pass,
        spent.share * 100.0
    );
    println!(
        "drawing            {:.1} ms CPU a snapshot between passes, never oftener than a tenth of the time",
        spent.drawing / spent.drawings.max(1) as f64 * 1e3
    );
    println!("peak memory        {:.0} MB", peak_bytes() as f64 / 1e6);
}
