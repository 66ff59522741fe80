//! What a topic is to be held against: how often its words were used at its networks in the twelve weeks before it began.

use discover_graph::Topic;
use discover_indexer::{Interval as Buckets, Matching, SearchRequest};
use jiff::ToSpan as _;

use super::search;
use super::timeline::{self, Window};
use super::topic_cache::Raw;
use crate::problem::Problem;
use crate::shapes::{Baseline, Interval, Timeline};
use crate::state::View;

/// Weeks before the first one.
const WEEKS: i64 = 12;
/// Words that a conversation must hold to count.
const WORDS: usize = 2;

/// The weeks before a topic's first one; none where it has no dated past or no words.
pub(super) async fn before(
    view: &View,
    topic: &Topic,
    timeline: &Timeline,
) -> Result<Option<Baseline>, Problem> {
    let words: Vec<String> = topic.terms.iter().take(WORDS).cloned().collect();
    let first = timeline.buckets.first().map(|bucket| bucket.start);
    let (Some(first), false) = (first, words.is_empty()) else {
        return Ok(None);
    };
    // An older past than the timeline reaches is none of its beginning.
    if topic.born < first {
        return Ok(None);
    }
    let from = first.saturating_sub(WEEKS.weeks());
    let networks: Vec<_> = topic.networks.iter().map(|row| row.0).collect();
    let quoted = words
        .iter()
        .map(|word| format!("\"{}\"", word.replace(['"', '\\'], " ")));
    let request = SearchRequest {
        q: quoted.collect::<Vec<_>>().join(" "),
        network: networks.clone(),
        after: Some(from),
        before: Some(first),
        interval: Buckets::Week,
        limit: 1,
        matching: Matching::All,
        ..SearchRequest::default()
    };
    let found = search::weeks(view, request).await?;
    let buckets: Vec<Raw> = (0..WEEKS)
        .map(|week| {
            let start = from.saturating_add(week.weeks());
            let found = found.iter().find(|raw| raw.start == start);
            Raw {
                start,
                count: found.map_or(0, |raw| raw.count),
                near_copies: found.map_or(0, |raw| raw.near_copies),
            }
        })
        .collect();
    let sum: u64 = buckets.iter().map(Raw::once).sum();
    let window = Window {
        after: Some(from),
        before: Some(first),
        networks: &networks,
    };
    Ok(Some(Baseline {
        words,
        timeline: timeline::shown(view, Interval::Week, buckets, 0, window).await?,
        mean: (sum as f64 / WEEKS as f64 * 10.0).round() / 10.0,
    }))
}
