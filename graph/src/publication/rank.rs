//! The three lists of topics, and what a topic is worth in each.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// One of the three lists of topics; they are never mixed into one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Rank {
    Emerging,
    Enduring,
    Quiet,
}

impl Rank {
    /// In the order in which a topic that meets several rules is given to a list.
    pub const ALL: [Self; 3] = [Self::Emerging, Self::Enduring, Self::Quiet];
}

/// A rank's value and every term of its arithmetic, and what its list's entry rule says of the topic.
#[derive(Debug, Clone, PartialEq, Default, Serialize)]
pub struct RankValue {
    pub value: f64,
    pub terms: BTreeMap<&'static str, f64>,
    /// Whether the topic meets the rule; it stands in one list at most.
    pub meets: bool,
    /// Why it stands in this list, or why not, with the figures that decided.
    pub because: String,
}

/// A topic's value in each of the three lists.
#[derive(Debug, Clone, PartialEq, Default, Serialize)]
pub struct Ranks {
    pub emerging: RankValue,
    pub enduring: RankValue,
    pub quiet: RankValue,
}

impl Ranks {
    pub const fn of(&self, rank: Rank) -> &RankValue {
        match rank {
            Rank::Emerging => &self.emerging,
            Rank::Enduring => &self.enduring,
            Rank::Quiet => &self.quiet,
        }
    }

    pub(crate) const fn of_mut(&mut self, rank: Rank) -> &mut RankValue {
        match rank {
            Rank::Emerging => &mut self.emerging,
            Rank::Enduring => &mut self.enduring,
            Rank::Quiet => &mut self.quiet,
        }
    }
}
