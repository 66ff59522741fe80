//! From a corpus to communities at three granularities, and the links between them.

pub(crate) mod granularity;
pub(crate) mod leiden;
pub(crate) mod meaning;
pub(crate) mod nearest_neighbours;
pub(crate) mod subjects;
pub(crate) mod topic_links;
pub(crate) mod weights;

use std::collections::BTreeMap;

use discover_model::{Language, NetworkId};
use jiff::civil::Date;

use crate::clustering::topic_links::TopicLinks;
use crate::clustering::weights::rarity;
use crate::corpus::doc::Doc;

/// Part of all conversations from which it matters how common a term is.
pub(crate) const COMMON: f32 = 0.01;

/// What the last pass learned, for labels and for those that come later.
#[derive(Debug, Default)]
pub(crate) struct Clustering {
    /// By term; not a number for a term that came later.
    pub(crate) weights: Vec<f32>,
    pub(crate) untold: f32,
    /// Part of all conversations that use a term, for terms that more than [`COMMON`] use.
    pub(crate) common: BTreeMap<u32, f32>,
    /// Conversations it saw.
    pub(crate) held: u32,
    pub(crate) topic_links: TopicLinks,
    /// By language, the terms that are used as function words are, ascending.
    pub(crate) everyday: Everyday,
    /// By topic (place in the memory's list), whether a model finds that half of its members hang on one subject.
    pub(crate) by_meaning: Vec<bool>,
}

/// By language, terms that are used as function words are, ascending.
pub(crate) type Everyday = BTreeMap<Option<Language>, Vec<u32>>;

impl Clustering {
    /// Part of all conversations that use a term by chance; next to none where it is not common.
    pub(crate) fn chance(&self, term: u32) -> f32 {
        self.common.get(&term).copied().unwrap_or_default()
    }

    /// What a term weighs; a term that came later is as rare as can be.
    pub(crate) fn weight(&self, term: u32) -> f32 {
        let known = self.weights.get(term as usize).copied();
        known
            .filter(|weight| !weight.is_nan())
            .unwrap_or_else(|| self.untold * rarity(self.held.max(2) as f32, 1.0))
    }

    /// Whether a language uses a term as it does its function words.
    pub(crate) fn is_everyday(&self, language: Option<Language>, term: u32) -> bool {
        let of = self.everyday.get(&language);
        of.is_some_and(|terms| terms.binary_search(&term).is_ok())
    }

    /// The number may go to another term.
    pub(crate) fn forget(&mut self, term: u32) {
        for terms in self.everyday.values_mut() {
            terms.retain(|other| *other != term);
        }
        if let Some(weight) = self.weights.get_mut(term as usize) {
            *weight = f32::NAN;
        }
        self.common.remove(&term);
    }
}

/// A community of one pass that is large enough to be a topic.
#[derive(Debug)]
pub(crate) struct Community {
    pub(crate) level: u8,
    /// Slots, by content key.
    pub(crate) slots: Vec<u32>,
    pub(crate) networks: Vec<NetworkId>,
    pub(crate) last_active: Date,
}

impl Community {
    pub(crate) fn of(level: u8, slots: Vec<u32>, docs: &[Option<Doc>]) -> Self {
        let held = || {
            slots
                .iter()
                .filter_map(|slot| docs[*slot as usize].as_ref())
        };
        let mut networks: Vec<NetworkId> = held().map(|doc| doc.facts.network).collect();
        networks.sort_unstable();
        networks.dedup();
        let days = held().flat_map(|doc| doc.facts.posts.iter().filter_map(|post| post.day));
        Self {
            level,
            networks,
            last_active: days.max().unwrap_or(Date::ZERO),
            slots,
        }
    }
}
