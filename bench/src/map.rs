//! `discover-bench topics --map`: the map of so many topics, laid out and drawn as the server draws it.

use std::hint::black_box;
use std::sync::RwLock;

use anyhow::ensure;
use discover_graph::{Graph, Parameters, refresh};
use discover_server::read::{map, rankings::Rankings};
use jiff::civil::Date;

use crate::score::cpu_seconds;
use crate::topics::{conversation, generated, sequence};

/// Posts generated for each topic of the map: some topics are too small or without a subject.
const POSTS: u64 = 150;
const ROUNDS: u32 = 20;
/// What it may cost: milliseconds of CPU, and bytes.
const BARS: (f64, usize) = (200.0, 200_000);

/// Least share of topics whose strongest link leads to one of the three nearest.
const NEAR: f32 = 0.7;

/// Draws the middle level of a generated stream with at least `topics` topics that may be shown.
pub(crate) fn run(topics: usize) -> anyhow::Result<()> {
    let parameters = Parameters {
        map_topics: topics,
        linked_topics: topics + topics / 3,
        ..Parameters::default()
    };
    let mut graph = Graph::new(parameters.clone());
    let mut draw = sequence();
    let mut today = Date::ZERO;
    for number in 0..topics as u64 * POSTS {
        let conversation = conversation(&generated(number, &mut draw), number);
        today = conversation.posts[0].happened.unwrap_or(today);
        graph.upsert(&conversation);
    }
    let snapshot = refresh(&RwLock::new(graph), today);
    let rankings = Rankings::of(&snapshot);
    let drawn = snapshot.map(1);
    ensure!(
        drawn.topics.len() == topics,
        "the generated stream has {} topics to show, {topics} were asked for",
        drawn.topics.len()
    );
    let (mut laying, mut drawing, mut bytes) = (0.0, 0.0, 0);
    let mut beside = 0.0;
    for _ in 0..ROUNDS {
        let start = cpu_seconds();
        let anew = black_box(drawn.laid_out_anew(&parameters));
        let laid_out = cpu_seconds();
        beside = anew.share_beside();
        let svg = discover_server::map_svg(&map::of(&snapshot, &rankings, &anew, 0))?;
        laying += laid_out - start;
        drawing += cpu_seconds() - laid_out;
        bytes = black_box(svg).len();
    }
    let each = |seconds: f64| seconds / f64::from(ROUNDS) * 1e3;
    println!(
        "{topics} topics, {} links: {:.0} ms CPU to lay out for the first time, {:.0} ms for the picture, {:.0} in all (bar {}); SVG {} bytes (bar {}); the strongest link leads to one of the three nearest in {:.0} % (bar {:.0})",
        drawn.links.len(),
        each(laying),
        each(drawing),
        each(laying + drawing),
        BARS.0,
        bytes,
        BARS.1,
        beside * 100.0,
        NEAR * 100.0
    );
    Ok(())
}
