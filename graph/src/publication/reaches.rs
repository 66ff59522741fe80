//! Reads the most central texts of a topic for the terms that they turn on, and for how far each reaches.

use crate::clustering::weights::{frequency, heaviest};
use crate::graph::Graph;
use crate::publication::coherence::{Coherence, Reach, Texts};
use crate::publication::measure::Member;

/// Texts read of one topic, most central first; [`Texts`] has a bit for each.
const READ: usize = 48;
/// Widespread terms kept, so that a mask can ask again.
const KEPT: usize = 12;

/// By term, its reach.
#[derive(Debug)]
pub(crate) struct Reaches(Vec<(u32, Reach)>);

impl Reaches {
    pub(crate) fn of(&self, term: u32) -> Reach {
        let at = self.0.binary_search_by_key(&term, |turn| turn.0);
        at.map_or(Reach::NONE, |at| self.0[at].1)
    }
}

impl Coherence {
    pub(crate) fn of(members: &[Member], graph: &Graph) -> (Self, Reaches) {
        let read = central(members);
        let mut turns: Vec<(u32, Texts)> = Vec::new();
        let mut terms: Vec<(u32, f32)> = Vec::new();
        for (bit, at) in read.iter().enumerate() {
            let Some(slot) = graph.slot(members[*at as usize].facts.id) else {
                continue;
            };
            terms.clear();
            let language = members[*at as usize].facts.language;
            let told = graph
                .terms_of(slot)
                .filter(|term| !graph.clustering.is_everyday(language, term.number));
            terms.extend(told.map(|term| {
                let weight = graph.clustering.weight(term.number);
                (term.number, frequency(term.count) * weight)
            }));
            heaviest(&mut terms, graph.parameters.topic_terms);
            turns.extend(terms.iter().map(|(term, _)| (*term, 1 << bit)));
        }
        turns.sort_unstable();
        let turns: Vec<(u32, Reach)> = turns
            .chunk_by(|a, b| a.0 == b.0)
            .map(|run| {
                let texts = run.iter().fold(0, |texts, turn| texts | turn.1);
                let chance = graph.clustering.chance(run[0].0);
                (run[0].0, Reach { texts, chance })
            })
            .collect();
        let mut shared: Vec<Reach> = turns.iter().map(|turn| turn.1).collect();
        let beyond = |reach: &Reach| reach.beyond_chance(read.len());
        shared.sort_by(|a, b| beyond(b).total_cmp(&beyond(a)).then(a.texts.cmp(&b.texts)));
        shared.truncate(KEPT);
        let read = read.into_iter().map(Some).collect();
        (Self { read, shared }, Reaches(turns))
    }

    /// The terms that make it a subject, most rare beside their reach first.
    pub(crate) fn subjects(&self, turns: &Reaches, graph: &Graph) -> Vec<(u32, Reach)> {
        let mut subjects: Vec<(f32, u32, Reach)> = turns
            .0
            .iter()
            .filter(|(_, reach)| self.is_half(*reach))
            .map(|(term, reach)| {
                let weight = graph.clustering.weight(*term);
                (
                    reach.texts.count_ones() as f32 * weight * weight,
                    *term,
                    *reach,
                )
            })
            .collect();
        let text = |term: u32| &graph.lexicon.get(term).text;
        subjects.sort_by(|a, b| b.0.total_cmp(&a.0).then_with(|| text(a.1).cmp(text(b.1))));
        let subjects = subjects.into_iter();
        subjects.map(|(_, term, reach)| (term, reach)).collect()
    }
}

/// The most central members, near copies once, most central first.
fn central(members: &[Member]) -> Vec<u32> {
    let mut order = leaders(members);
    let central = |a: &u32, b: &u32| {
        let (x, y) = (members[*a as usize].weight, members[*b as usize].weight);
        y.total_cmp(&x).then(a.cmp(b))
    };
    if order.len() > READ {
        order.select_nth_unstable_by(READ, central);
        order.truncate(READ);
    }
    order.sort_unstable_by(central);
    order
}

/// The first member of every group of near copies.
fn leaders(members: &[Member]) -> Vec<u32> {
    let mut order: Vec<(u32, u32)> = (0..)
        .zip(members)
        .map(|(at, member)| (member.copies, at))
        .collect();
    order.sort_unstable();
    order.dedup_by_key(|(copies, _)| *copies);
    order.into_iter().map(|(_, at)| at).collect()
}
