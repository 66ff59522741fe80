//! How much two conversations have in common by their words.
//!
//! Saturated counts, the title several times, a flat idf and a plain product: chosen on four communities together, where
//! dividing by the lengths of the vectors lost most. Hubs, which are alike to everything, are divided away: the unit of
//! likeness is what the ten best neighbours of either side have on average.

use crate::corpus::lexicon::saturated;
use crate::corpus::scores::Scores;
use crate::graph::Graph;

/// Neighbours whose mean likeness is a conversation's unit.
pub(crate) const UNIT_OF: usize = 10;

/// How many candidates are looked up and compared.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Effort {
    pub(crate) terms: usize,
    pub(crate) postings: usize,
    pub(crate) compared: usize,
}

impl Effort {
    /// For comparing one among all when it comes.
    pub(crate) const ONE_OF_ALL: Self = Self {
        terms: 24,
        postings: 64,
        compared: 32,
    };
    /// For units of likeness, which every relation is measured in.
    pub(crate) const OF_UNITS: Self = Self {
        terms: 24,
        postings: 128,
        compared: 40,
    };
}

/// How rare a term is that so many of all use; in a product of two it stands once.
pub(crate) fn idf(all: f32, used: u32) -> f32 {
    let rarity = (all / used.max(1) as f32).ln_1p();
    rarity * rarity.sqrt()
}

/// One side of a comparison: what each of its terms weighs, in a table found by term.
#[derive(Debug)]
pub(crate) struct Query {
    table: Vec<(u32, f32)>,
    /// Heaviest first; equals in order of first use.
    heaviest: Vec<(u32, f32)>,
}

const FREE: u32 = u32::MAX;

impl Query {
    /// `terms` with how often each is used, in order of first use.
    pub(crate) fn of(graph: &Graph, terms: &[(u32, u16)]) -> Self {
        let length: f32 = terms.iter().map(|(_, count)| f32::from(*count)).sum();
        let all = graph.len() as f32;
        let mut heaviest: Vec<(u32, f32)> = terms
            .iter()
            .map(|(term, count)| {
                let used = graph.lexicon.get(*term).used;
                (*term, saturated(*count, length) * idf(all, used))
            })
            .collect();
        let mut table = vec![(FREE, 0.0); (2 * heaviest.len().max(1)).next_power_of_two()];
        for &(term, weight) in &heaviest {
            let at = find(&table, term);
            table[at] = (term, weight);
        }
        heaviest.sort_by(|a, b| b.1.total_cmp(&a.1));
        Self { table, heaviest }
    }

    fn weight(&self, term: u32) -> f32 {
        let (held, weight) = self.table[find(&self.table, term)];
        if held == term { weight } else { 0.0 }
    }

    /// What this and another conversation have in common.
    pub(crate) fn product(&self, graph: &Graph, other: u32) -> f32 {
        let length = graph.length_of(other);
        let terms = graph.terms_of(other);
        terms
            .map(|term| (self.weight(term.number), term.count))
            .filter(|(weight, _)| *weight > 0.0)
            .map(|(weight, count)| weight * saturated(count, length))
            .sum()
    }

    /// Every shared term with what it adds, most first.
    pub(crate) fn shared(&self, graph: &Graph, other: u32) -> Vec<(u32, f32)> {
        let length = graph.length_of(other);
        let mut shared: Vec<(u32, f32)> = graph
            .terms_of(other)
            .map(|term| {
                let weight = self.weight(term.number) * saturated(term.count, length);
                (term.number, weight)
            })
            .filter(|(_, weight)| *weight > 0.0)
            .collect();
        let text = |term: u32| &graph.lexicon.get(term).text;
        shared.sort_by(|a, b| b.1.total_cmp(&a.1).then_with(|| text(a.0).cmp(text(b.0))));
        shared
    }

    /// The most alike among the strongest users of its heaviest terms, best first.
    pub(crate) fn nearest(
        &self,
        graph: &Graph,
        own: Option<u32>,
        effort: Effort,
        scores: &mut Scores,
    ) -> Vec<(f32, u32)> {
        for &(term, weight) in self.heaviest.iter().take(effort.terms) {
            let postings = &graph.lexicon.get(term).postings;
            for posting in postings.iter().take(effort.postings) {
                scores.add(posting.slot, weight * posting.impact());
            }
        }
        let mut found: Vec<(f32, u32)> = Vec::new();
        scores.take(&mut found);
        found.retain(|(_, other)| Some(*other) != own);
        let best_first = |a: &(f32, u32), b: &(f32, u32)| {
            let keys = || graph.content_key(a.1).cmp(&graph.content_key(b.1));
            b.0.total_cmp(&a.0).then_with(keys)
        };
        if found.len() > effort.compared {
            found.select_nth_unstable_by(effort.compared, best_first);
            found.truncate(effort.compared);
        }
        for (score, other) in &mut found {
            *score = self.product(graph, *other);
        }
        found.retain(|(score, _)| *score > 0.0);
        found.sort_unstable_by(best_first);
        found
    }
}

fn find(table: &[(u32, f32)], term: u32) -> usize {
    let mask = table.len() - 1;
    let mut at = (term.wrapping_mul(0x9e37_79b1) >> 7) as usize & mask;
    while table[at].0 != term && table[at].0 != FREE {
        at = (at + 1) & mask;
    }
    at
}

/// The mean of the best.
pub(crate) fn unit(best: impl Iterator<Item = f32>) -> f32 {
    let (mut sum, mut count) = (0.0, 0.0);
    for score in best.take(UNIT_OF) {
        sum += score;
        count += 1.0;
    }
    if count > 0.0 { sum / count } else { 0.0 }
}

/// By slot, the unit of every conversation: each is offered to both ends of what it is compared with. `order` is every
/// slot by its content key.
pub(crate) fn units(graph: &Graph, order: &[u32], effort: Effort) -> Vec<f32> {
    let mut best = vec![(0.0_f32, FREE); graph.docs.len() * UNIT_OF];
    let mut scores = Scores::new(effort.terms * effort.postings);
    let mut terms: Vec<(u32, u16)> = Vec::new();
    for &slot in order {
        terms.clear();
        terms.extend(graph.terms_of(slot).map(|term| (term.number, term.count)));
        let query = Query::of(graph, &terms);
        for (score, other) in query.nearest(graph, Some(slot), effort, &mut scores) {
            offer(&mut best, slot, other, score);
            offer(&mut best, other, slot, score);
        }
    }
    best.chunks_exact(UNIT_OF)
        .map(|row| {
            let held = row.iter().filter(|(_, other)| *other != FREE);
            unit(held.map(|(score, _)| *score))
        })
        .collect()
}

fn offer(best: &mut [(f32, u32)], to: u32, other: u32, score: f32) {
    let row = &mut best[to as usize * UNIT_OF..(to as usize + 1) * UNIT_OF];
    if score <= row[UNIT_OF - 1].0 || row.iter().any(|(_, held)| *held == other) {
        return;
    }
    let at = row.partition_point(|(held, _)| *held >= score);
    row[at..].rotate_right(1);
    row[at] = (score, other);
}
