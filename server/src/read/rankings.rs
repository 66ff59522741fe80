//! The three rankings of topics, made once for each publication.

use std::collections::{BTreeMap, HashSet};

use discover_graph::{Rank as GraphRank, Snapshot};
use discover_model::TopicId;

use crate::shapes::Rank;

/// Levels of the map.
const LEVELS: u8 = 3;

/// Topics that stand in a list, by level and list, first place first.
#[derive(Debug, Default)]
pub struct Rankings {
    lists: BTreeMap<(u8, Rank), Vec<TopicId>>,
    places: BTreeMap<(Rank, TopicId), u64>,
    shown: HashSet<TopicId>,
}

impl Rankings {
    pub fn of(topics: &Snapshot) -> Self {
        let mut rankings = Self {
            shown: topics
                .topics
                .iter()
                .filter(|topic| topic.shown)
                .map(|topic| topic.id)
                .collect(),
            ..Self::default()
        };
        for level in 0..LEVELS {
            for rank in Rank::ALL {
                let list: Vec<TopicId> = topics
                    .listed(rank.into(), level)
                    .into_iter()
                    .map(|topic| topic.id)
                    .collect();
                for (place, id) in (1..).zip(&list) {
                    rankings.places.insert((rank, *id), place);
                }
                rankings.lists.insert((level, rank), list);
            }
        }
        rankings
    }

    /// Whether a topic of the present snapshot may be shown. Asked for every conversation that a search finds.
    pub fn shows(&self, id: TopicId) -> bool {
        self.shown.contains(&id)
    }

    pub fn list(&self, level: u8, rank: Rank) -> &[TopicId] {
        self.lists.get(&(level, rank)).map_or(&[], Vec::as_slice)
    }

    /// From 1; nothing where the topic is not in the list of its level.
    pub fn place(&self, rank: Rank, id: TopicId) -> Option<u64> {
        self.places.get(&(rank, id)).copied()
    }

    /// The list it stands in.
    pub fn list_of(&self, id: TopicId) -> Option<Rank> {
        let mut lists = Rank::ALL.into_iter();
        lists.find(|rank| self.place(*rank, id).is_some())
    }
}

impl Rank {
    pub const ALL: [Self; 3] = [Self::Emerging, Self::Enduring, Self::Quiet];
}

impl From<Rank> for GraphRank {
    fn from(rank: Rank) -> Self {
        match rank {
            Rank::Emerging => Self::Emerging,
            Rank::Enduring => Self::Enduring,
            Rank::Quiet => Self::Quiet,
        }
    }
}

impl From<GraphRank> for Rank {
    fn from(rank: GraphRank) -> Self {
        match rank {
            GraphRank::Emerging => Self::Emerging,
            GraphRank::Enduring => Self::Enduring,
            GraphRank::Quiet => Self::Quiet,
        }
    }
}
