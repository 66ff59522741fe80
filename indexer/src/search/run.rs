//! One pass over what a compiled query matches: exact total, the best hits, facets and timeline, under a deadline.

use std::collections::BinaryHeap;
use std::ops::Range;

use discover_model::ConversationId;
use tantivy::query::{EnableScoring, Query};
use tantivy::{COLLECT_BLOCK_BUFFER_LEN, DocId, Searcher, TERMINATED};

use super::answer::{Facets, Hit, Timeline};
use super::caches::Ready;
use super::columns::Columns;
use super::cursor::Rank;
use super::deadline::Deadline;
use super::request::{Interval, SearchContext, Sort};
use super::statistics::Statistics;
use super::tally::Tally;
use crate::error::SearchError;

/// How many documents are looked at between two looks at the clock.
const CLOCK_EVERY: u32 = 1024;
/// Scores are compared in steps of a thousandth: the last bits depend on the order of additions, which differs between
/// segments, and must not decide where a page ends.
const SCORE_STEPS: f32 = 1000.0;

pub(super) struct Plan<'a> {
    pub(super) searcher: &'a Searcher,
    pub(super) ready: &'a Ready,
    pub(super) query: &'a dyn Query,
    pub(super) statistics: &'a Statistics<'a>,
    pub(super) sort: Sort,
    /// The last hit of the page before.
    pub(super) after: Option<Rank>,
    pub(super) limit: usize,
    pub(super) facets: bool,
    /// Up to how many conversations are all named.
    pub(super) members: usize,
    pub(super) interval: Interval,
    /// Days the timeline is limited to.
    pub(super) days: Range<i64>,
    pub(super) deadline: &'a Deadline,
}

#[derive(Default)]
pub(super) struct Collected {
    pub(super) hits: Vec<Hit>,
    pub(super) total: u64,
    pub(super) near_copies: u64,
    pub(super) members: Option<Vec<ConversationId>>,
    /// The last hit's rank, where there are more.
    pub(super) more: Option<Rank>,
    pub(super) facets: Facets,
    pub(super) timeline: Timeline,
}

fn key(sort: Sort, score: f32, columns: &Columns, doc: u32) -> u64 {
    // Flipping the sign bit keeps the order of negative numbers.
    let ordered = |time: i64| (time as u64) ^ (1 << 63);
    match sort {
        Sort::Relevance => u64::MAX - f64::from((score * SCORE_STEPS).round()) as u64,
        Sort::Newest => !ordered(columns.last_active.first(doc).unwrap_or(i64::MIN)),
        Sort::Oldest => ordered(columns.started.first(doc).unwrap_or(i64::MAX)),
    }
}

pub(super) fn run(plan: &Plan<'_>, context: &SearchContext<'_>) -> Result<Collected, SearchError> {
    let scoring = plan.sort == Sort::Relevance;
    let weight = plan.query.weight(if scoring {
        EnableScoring::enabled_from_statistics_provider(plan.statistics, plan.searcher)
    } else {
        EnableScoring::disabled_from_searcher(plan.searcher)
    })?;
    let mut tally = plan
        .facets
        .then(|| Tally::new(plan.ready, plan.interval, plan.days.clone()));
    let mut total = 0_u64;
    let mut members = Vec::new();
    // The worst of the best stands on top. One more than asked for tells whether there is a next page.
    let mut best: BinaryHeap<Rank> = BinaryHeap::with_capacity(plan.limit + 2);
    // Scores below this cannot get in: a comparison that is cheaper than making the key.
    let mut least = f32::NEG_INFINITY;
    let mut looked_at = 0_u32;
    for (segment, columns) in plan
        .searcher
        .segment_readers()
        .iter()
        .zip(&plan.ready.columns)
    {
        plan.deadline.check()?;
        let mut scorer = weight.scorer(segment, 1.0)?;
        let of_segment = tally.as_mut().map(|tally| tally.segment(columns));
        let alive = segment.alive_bitset();
        let mut take = |doc: DocId, score: f32| {
            total += 1;
            if total <= plan.members as u64 {
                members.push(columns.id(doc));
            }
            if score >= least {
                let key = key(plan.sort, score, columns, doc);
                let full = best.len() > plan.limit;
                if !full || best.peek().is_some_and(|worst| key <= worst.key) {
                    let rank = Rank {
                        key,
                        id: columns.id(doc),
                    };
                    if plan.after.is_none_or(|after| rank > after) {
                        best.push(rank);
                        if best.len() > plan.limit + 1 {
                            best.pop();
                        }
                        if scoring && best.len() > plan.limit {
                            // A step less, as scores are rounded to steps.
                            let worst = best.peek().map_or(u64::MAX, |worst| worst.key);
                            least = ((u64::MAX - worst) as f32 - 1.0) / SCORE_STEPS;
                        }
                    }
                }
            }
            if let (Some(tally), Some(of_segment)) = (tally.as_mut(), of_segment.as_ref()) {
                tally.add(of_segment, doc, context);
            }
        };
        if !scoring {
            let mut block = [0; COLLECT_BLOCK_BUFFER_LEN];
            loop {
                let filled = scorer.fill_buffer(&mut block);
                for doc in &block[..filled] {
                    if alive.is_none_or(|alive| alive.is_alive(*doc)) {
                        take(*doc, 0.0);
                    }
                }
                if filled < block.len() {
                    break;
                }
                looked_at += 1;
                if looked_at.is_multiple_of(CLOCK_EVERY / COLLECT_BLOCK_BUFFER_LEN as u32) {
                    plan.deadline.check()?;
                }
            }
            continue;
        }
        let mut doc = scorer.doc();
        while doc != TERMINATED {
            looked_at = looked_at.wrapping_add(1);
            if looked_at.is_multiple_of(CLOCK_EVERY) {
                plan.deadline.check()?;
            }
            if alive.is_none_or(|alive| alive.is_alive(doc)) {
                take(doc, scorer.score());
            }
            doc = scorer.advance();
        }
    }
    // A row may have given up.
    plan.deadline.check()?;
    let mut ranks = best.into_sorted_vec();
    let more = (ranks.len() > plan.limit).then(|| {
        ranks.truncate(plan.limit);
        ranks.last().copied()
    });
    let hits = ranks
        .iter()
        .map(|rank| Hit {
            id: rank.id,
            score: if scoring {
                (u64::MAX - rank.key) as f32 / SCORE_STEPS
            } else {
                0.0
            },
        })
        .collect();
    let near_copies = tally.as_ref().map_or(0, Tally::near_copies);
    let (facets, timeline) = tally.map(Tally::finish).unwrap_or_default();
    Ok(Collected {
        hits,
        members: (total <= plan.members as u64).then_some(members),
        total,
        near_copies,
        more: more.flatten(),
        facets,
        timeline,
    })
}
