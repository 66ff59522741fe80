//! Links between topics: the strongest links between their conversations, each remembered with both ends, so that
//! hiding or removing either conversation takes its part away.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use crate::Parameters;
use crate::graph::NO_TOPIC;
use crate::identity::Found;
use crate::leiden::Net;

/// Links between conversations kept of one pair of topics, strongest first.
const PARTS: usize = 12;

/// A link between two conversations of different topics.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub(crate) struct Tie {
    pub(crate) weight: f32,
    /// Slots; the first lies in the first topic of the pair.
    pub(crate) from: u32,
    pub(crate) to: u32,
}

/// By level, and by pair of topics (places in the memory's list, lower first).
pub(crate) type Ties = [BTreeMap<Pair, Vec<Tie>>; 3];

pub(crate) type Pair = (u32, u32);

/// Ties between the largest topics of every level. `slots` name the conversations of the net's nodes.
pub(crate) fn ties(
    slots: &[u32],
    net: &Net,
    topics: impl Fn(u32) -> [u32; 3],
    found: &[Found],
    parameters: &Parameters,
) -> Ties {
    let linked = largest(found, parameters.linked_topics);
    let mut ties: Ties = std::array::from_fn(|_| BTreeMap::new());
    for node in 0..net.nodes() as u32 {
        let slot = slots[node as usize];
        let own = topics(slot);
        for (other, weight) in net.edges(node).filter(|edge| edge.0 > node) {
            let far = slots[other as usize];
            let others = topics(far);
            for level in 0..3 {
                if linked.contains(&own[level]) && linked.contains(&others[level]) {
                    add(
                        &mut ties[level],
                        (own[level], others[level]),
                        (slot, far),
                        weight,
                    );
                }
            }
        }
    }
    for level in &mut ties {
        prune(level, parameters.topic_links);
    }
    ties
}

/// Keeps the strongest links of every topic: what a map can show, whatever words anybody may use.
fn prune(ties: &mut BTreeMap<Pair, Vec<Tie>>, most: usize) {
    let mut of_topic: BTreeMap<u32, Vec<(f32, Pair)>> = BTreeMap::new();
    for (pair, parts) in &*ties {
        let weight = parts.iter().map(|tie| tie.weight).sum();
        for end in [pair.0, pair.1] {
            of_topic.entry(end).or_default().push((weight, *pair));
        }
    }
    let mut kept: BTreeSet<Pair> = BTreeSet::new();
    for links in of_topic.values_mut() {
        links.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
        kept.extend(links.iter().take(most).map(|(_, pair)| *pair));
    }
    ties.retain(|pair, _| kept.contains(pair));
}

/// Notes a link between two conversations in these topics. Returns the pair of topics that is linked otherwise now.
pub(crate) fn add(
    ties: &mut BTreeMap<Pair, Vec<Tie>>,
    topics: (u32, u32),
    slots: (u32, u32),
    weight: f32,
) -> Option<Pair> {
    if topics.0 == topics.1 || topics.0 == NO_TOPIC || topics.1 == NO_TOPIC {
        return None;
    }
    let turned = topics.0 > topics.1;
    let pair = (topics.0.min(topics.1), topics.0.max(topics.1));
    let tie = Tie {
        weight,
        from: if turned { slots.1 } else { slots.0 },
        to: if turned { slots.0 } else { slots.1 },
    };
    let parts = ties.entry(pair).or_default();
    let at = parts.partition_point(|other| other.weight >= weight);
    (at < PARTS).then(|| {
        if parts.len() == PARTS {
            parts.pop();
        }
        parts.insert(at, tie);
        pair
    })
}

/// Takes every tie of some conversations away. Returns the pairs of topics that had any.
pub(crate) fn forget(ties: &mut Ties, gone: &BTreeSet<u32>) -> BTreeSet<Pair> {
    let mut changed = BTreeSet::new();
    for level in ties {
        level.retain(|pair, parts| {
            let before = parts.len();
            parts.retain(|tie| !gone.contains(&tie.from) && !gone.contains(&tie.to));
            if parts.len() != before {
                changed.insert(*pair);
            }
            !parts.is_empty()
        });
    }
    changed
}

/// Places of the largest topics of every level.
fn largest(found: &[Found], most: usize) -> BTreeSet<u32> {
    let mut linked = BTreeSet::new();
    for level in 0..3 {
        let mut places: Vec<(usize, u32)> = (0..)
            .zip(found)
            .filter(|(_, found)| found.level == level)
            .map(|(place, found)| (found.slots.len(), place))
            .collect();
        places.sort_by_key(|(size, place)| (std::cmp::Reverse(*size), *place));
        linked.extend(places.into_iter().take(most).map(|(_, place)| place));
    }
    linked
}
