//! Links between topics: the strongest links between their conversations, each remembered with both ends, so that
//! hiding or removing either conversation takes its part away.

use std::collections::{BTreeMap, BTreeSet};

use crate::Parameters;
use crate::clustering::community::Community;
use crate::clustering::leiden::Net;
use crate::corpus::place::NO_TOPIC;

/// Links between conversations kept of one pair of topics, strongest first.
const PARTS: usize = 12;

/// A link between two conversations of different topics.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct TopicLink {
    pub(crate) weight: f32,
    /// Slots; the first lies in the first topic of the pair.
    pub(crate) from: u32,
    pub(crate) to: u32,
}

/// By level, and by pair of topics (places in the memory's list, lower first).
pub(crate) type TopicLinks = [BTreeMap<Pair, Vec<TopicLink>>; 3];

pub(crate) type Pair = (u32, u32);

/// TopicLinks between the largest topics of every level. `slots` name the conversations of the net's nodes.
pub(crate) fn topic_links(
    slots: &[u32],
    net: &Net,
    topics: impl Fn(u32) -> [u32; 3],
    found: &[Community],
    parameters: &Parameters,
) -> TopicLinks {
    let linked = largest(found, parameters.linked_topics);
    let mut topic_links: TopicLinks = std::array::from_fn(|_| BTreeMap::new());
    for node in 0..net.nodes() as u32 {
        let slot = slots[node as usize];
        let own = topics(slot);
        for (other, weight) in net.edges(node).filter(|edge| edge.0 > node) {
            let far = slots[other as usize];
            let others = topics(far);
            for level in 0..3 {
                let (a, b) = (own[level], others[level]);
                let large = |topic: u32| linked.get(topic as usize).copied().unwrap_or(false);
                if a != b && large(a) && large(b) {
                    add(&mut topic_links[level], (a, b), (slot, far), weight);
                }
            }
        }
    }
    for level in &mut topic_links {
        prune(level, parameters.topic_links);
    }
    topic_links
}

/// Keeps the strongest links of every topic: what a map can show, whatever words anybody may use.
fn prune(topic_links: &mut BTreeMap<Pair, Vec<TopicLink>>, most: usize) {
    let mut of_topic: BTreeMap<u32, Vec<(f32, Pair)>> = BTreeMap::new();
    for (pair, parts) in &*topic_links {
        let weight = parts.iter().map(|link| link.weight).sum();
        for end in [pair.0, pair.1] {
            of_topic.entry(end).or_default().push((weight, *pair));
        }
    }
    let mut kept: BTreeSet<Pair> = BTreeSet::new();
    for links in of_topic.values_mut() {
        links.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
        kept.extend(links.iter().take(most).map(|(_, pair)| *pair));
    }
    topic_links.retain(|pair, _| kept.contains(pair));
}

/// Notes a link between two conversations in these topics.
fn add(
    topic_links: &mut BTreeMap<Pair, Vec<TopicLink>>,
    topics: (u32, u32),
    slots: (u32, u32),
    weight: f32,
) {
    if topics.0 == topics.1 || topics.0 == NO_TOPIC || topics.1 == NO_TOPIC {
        return;
    }
    let turned = topics.0 > topics.1;
    let pair = (topics.0.min(topics.1), topics.0.max(topics.1));
    let link = TopicLink {
        weight,
        from: if turned { slots.1 } else { slots.0 },
        to: if turned { slots.0 } else { slots.1 },
    };
    let parts = topic_links.entry(pair).or_default();
    let at = parts.partition_point(|other| other.weight >= weight);
    if at < PARTS {
        parts.truncate(PARTS - 1);
        parts.insert(at, link);
    }
}

/// Whether each is one of the largest topics of its level.
fn largest(found: &[Community], most: usize) -> Vec<bool> {
    let mut linked = vec![false; found.len()];
    for level in 0..3 {
        let mut places: Vec<(usize, u32)> = (0..)
            .zip(found)
            .filter(|(_, found)| found.level == level)
            .map(|(place, found)| (found.slots.len(), place))
            .collect();
        places.sort_by_key(|(size, place)| (std::cmp::Reverse(*size), *place));
        for (_, place) in places.into_iter().take(most) {
            linked[place as usize] = true;
        }
    }
    linked
}
