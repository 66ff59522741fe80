//! Common ground: the terms that a topic's central texts have in common. By it a topic is shown and named.
//!
//! Clustering gathers what is left over too, by a stray word here and another there. Such a topic has members and
//! numbers but no subject. It is told from one that has by asking whether there is a single term on which half of its
//! most central texts turn, beyond those that would by chance (Cohen's correction: of the texts that chance leaves). A
//! text turns on the terms that decide where it belongs, the heaviest few: a long text uses nearly every common word.
//! Chance is how many of all conversations use the term: what everybody says is nobody's subject.

use crate::graph::Graph;
use crate::measure::Member;
use crate::weights::{frequency, heaviest};

/// Texts read of one topic, most central first; a set of them has a bit for each.
pub(crate) const READ: usize = 48;
/// Widespread terms kept, so that a mask can ask again.
const KEPT: usize = 12;

/// A set of the texts read.
pub(crate) type Texts = u64;

/// How far a term, or several together, reach among the texts read.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Reach {
    /// The texts that turn on it.
    pub(crate) texts: Texts,
    /// Part of all conversations that use it.
    pub(crate) chance: f32,
}

impl Reach {
    /// Of nothing said: every text.
    pub(crate) const ALL: Self = Self {
        texts: Texts::MAX,
        chance: 1.0,
    };
    pub(crate) const NONE: Self = Self {
        texts: 0,
        chance: 0.0,
    };

    /// Of both said in one text.
    pub(crate) fn and(self, other: Self) -> Self {
        Self {
            texts: self.texts & other.texts,
            chance: self.chance.min(other.chance),
        }
    }
}

/// What the central texts of a topic have in common.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Ground {
    /// Places in the list of members of the texts read, most central first; none where a mask hides one.
    pub(crate) read: Vec<Option<u32>>,
    /// Reach of the most widespread terms.
    shared: Vec<Reach>,
}

/// By term, its reach.
#[derive(Debug)]
pub(crate) struct Turns(Vec<(u32, Reach)>);

impl Turns {
    pub(crate) fn of(&self, term: u32) -> Reach {
        let at = self.0.binary_search_by_key(&term, |turn| turn.0);
        at.map_or(Reach::NONE, |at| self.0[at].1)
    }
}

impl Ground {
    pub(crate) fn of(members: &[Member], graph: &Graph) -> (Self, Turns) {
        let read = central(members);
        let mut turns: Vec<(u32, Texts)> = Vec::new();
        let mut terms: Vec<(u32, f32)> = Vec::new();
        for (bit, at) in read.iter().enumerate() {
            let Some(slot) = graph.slot(members[*at as usize].facts.id) else {
                continue;
            };
            terms.clear();
            terms.extend(graph.terms_of(slot).map(|term| {
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
        let beyond = |reach: &Reach| {
            let share = reach.texts.count_ones() as f32 / read.len() as f32;
            (share - reach.chance) / (1.0 - reach.chance).max(f32::MIN_POSITIVE)
        };
        shared.sort_by(|a, b| beyond(b).total_cmp(&beyond(a)).then(a.texts.cmp(&b.texts)));
        shared.truncate(KEPT);
        let read = read.into_iter().map(Some).collect();
        (Self { read, shared }, Turns(turns))
    }

    /// Whether the topic has a subject.
    pub(crate) fn holds(&self) -> bool {
        self.shared.iter().any(|reach| self.is_half(*reach))
    }

    /// Whether it reaches half of the texts that are left, beyond chance.
    pub(crate) fn is_half(&self, reach: Reach) -> bool {
        let left = self.left();
        let (of, all) = ((reach.texts & left).count_ones(), left.count_ones());
        all > 0 && 2.0 * of as f32 >= all as f32 * (1.0 + reach.chance)
    }

    /// Without the members that have no new place.
    pub(crate) fn reduced(&self, places: &[Option<u32>]) -> Self {
        let new = |at: &Option<u32>| at.and_then(|at| places[at as usize]);
        Self {
            read: self.read.iter().map(new).collect(),
            shared: self.shared.clone(),
        }
    }

    fn left(&self) -> Texts {
        let bits = self.read.iter().enumerate();
        bits.filter(|(_, at)| at.is_some())
            .fold(0, |left, (bit, _)| left | 1 << bit)
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
