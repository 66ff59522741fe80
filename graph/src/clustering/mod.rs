//! From a corpus to communities at three granularities, and the links between them.

pub(crate) mod community;
pub(crate) mod granularity;
pub(crate) mod leiden;
pub(crate) mod meaning;
pub(crate) mod nearest_neighbours;
pub(crate) mod subjects;
pub(crate) mod topic_links;
pub(crate) mod weights;

use std::collections::BTreeMap;

use discover_model::Language;

use crate::clustering::topic_links::TopicLinks;

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

/// The root of how rare a term is that `used` of `all` use.
pub(crate) fn rarity(all: f32, used: f32) -> f32 {
    (all / used.max(1e-6)).ln().max(0.1).sqrt()
}
