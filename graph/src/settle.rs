//! Between whole passes: new and changed conversations are settled among the topics there are.
//!
//! The work depends on how much changed, not on how much is held. *Young* conversations, those that came or changed
//! since the last whole pass (the latest of them, where they are many), may found topics of their own: they are
//! clustered together at every pass, with each older topic as one heavy node that they may join.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::clustering::granularity::STEP;
use crate::clustering::leiden::{Net, leiden};
use crate::clustering::nearest_neighbours::{Scores, bond};
use crate::clustering::topic_links::{self, TopicLinks};
use crate::clustering::weights::rarity;
use crate::corpus::deduplicated::order;
use crate::graph::{Graph, NO_TOPIC, Place};
use crate::kin::{COMPARED, strength};
use crate::publication::identity::Found;

/// Conversations that may still found topics, latest first.
const YOUNG: usize = 4_096;

/// Part of all conversations from which it matters how common a term is.
pub(crate) const COMMON: f32 = 0.01;

/// What the last whole pass leaves for those that come later.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub(crate) struct Clustering {
    /// By term; not a number for a term that came later.
    pub(crate) weights: Vec<f32>,
    pub(crate) untold: f32,
    /// Part of all conversations that use a term, for terms that more than [`COMMON`] use.
    pub(crate) common: BTreeMap<u32, f32>,
    /// Density that cut the middle level.
    pub(crate) gamma: f64,
    /// Conversations it saw, and those that came, changed or went since.
    pub(crate) held: u32,
    pub(crate) changed: u32,
    pub(crate) topic_links: TopicLinks,
}

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
}

impl Graph {
    /// Settles what changed since the last pass.
    pub(crate) fn settle(&mut self, today: Date) {
        let mut dirty = std::mem::take(&mut self.dirty);
        dirty.sort_unstable();
        dirty.dedup();
        dirty.retain(|slot| self.docs[*slot as usize].is_some());
        let changed = dirty.len() + self.gone.len();
        if changed == 0 {
            return;
        }
        self.clustering.changed = self.clustering.changed.saturating_add(changed as u32);
        for slot in &dirty {
            self.touch(self.place(*slot).topics);
            self.restated.insert(*slot);
        }
        let mut loose = std::mem::take(&mut self.gone);
        let dirty = order(self, dirty);
        let mut scores = Scores::new(self.parameters.topic_terms * COMPARED);
        for slot in &dirty {
            self.meet(*slot, &mut scores);
        }
        self.age();
        let before: BTreeMap<u32, [u32; 3]> = self
            .young
            .keys()
            .chain(&dirty)
            .filter_map(|slot| Some((*slot, self.docs[*slot as usize].as_ref()?.place.topics)))
            .collect();
        let after = self.cluster_young(today);
        for (slot, topics) in after {
            self.move_to(slot, topics);
            let followers = self.groups.get(&slot).cloned().unwrap_or_default();
            for follower in followers {
                self.move_to(follower, topics);
            }
        }
        for slot in &dirty {
            // A copy of one that is not young follows it too.
            let leader = self.place(*slot).copies;
            if leader != *slot {
                self.move_to(*slot, self.place(leader).topics);
            }
        }
        let moved: BTreeSet<u32> = before
            .iter()
            .filter(|(slot, topics)| self.place(**slot).topics != **topics)
            .map(|(slot, _)| *slot)
            .collect();
        self.leave_addresses(&before, today);
        loose.extend(&moved);
        loose.extend(&dirty);
        let untied = topic_links::forget(&mut self.clustering.topic_links, &loose);
        self.retied.extend(untied);
        for slot in moved
            .iter()
            .chain(dirty.iter().filter(|slot| !moved.contains(slot)))
        {
            self.tie(*slot);
        }
    }

    pub(crate) fn place(&self, slot: u32) -> Place {
        let doc = self.docs.get(slot as usize).and_then(Option::as_ref);
        doc.map_or(Place::alone(slot), |doc| doc.place)
    }

    /// Keeps the latest young ones; the others belong to their topics from now on.
    fn age(&mut self) {
        let extra = self.young.len().saturating_sub(YOUNG);
        if extra == 0 {
            return;
        }
        let old = order(self, self.young.keys().copied().collect());
        for slot in old.into_iter().take(extra) {
            let strength = self.young.remove(&slot).map_or(0.0, |kin| strength(&kin));
            for topic in self.place(slot).topics {
                if let Some(kept) = self.memory.topics.get_mut(topic as usize) {
                    kept.mass += strength;
                }
            }
        }
    }

    /// Topics of every young conversation.
    fn cluster_young(&mut self, today: Date) -> Vec<(u32, [u32; 3])> {
        let young: Vec<u32> = order(self, self.young.keys().copied().collect());
        let number: BTreeMap<u32, u32> = (0..).zip(&young).map(|(at, slot)| (*slot, at)).collect();
        // Older topics are nodes after the young ones.
        let mut topics: Vec<u32> = Vec::new();
        let mut node_of: BTreeMap<u32, u32> = BTreeMap::new();
        let mut edges: BTreeMap<(u32, u32), f32> = BTreeMap::new();
        for (at, slot) in (0..).zip(&young) {
            let copies = self.groups.get(slot).map_or(0, Vec::len);
            let room = self.parameters.neighbours.saturating_sub(copies);
            for (weight, other) in self.young[slot].iter().take(room) {
                let to = if let Some(&to) = number.get(other) {
                    to
                } else {
                    let topic = self.place(*other).topics[1];
                    if topic == NO_TOPIC {
                        continue;
                    }
                    *node_of.entry(topic).or_insert_with(|| {
                        topics.push(topic);
                        (young.len() + topics.len()) as u32 - 1
                    })
                };
                if to >= young.len() as u32 {
                    *edges.entry((at, to)).or_default() += weight;
                    *edges.entry((to, at)).or_default() += weight;
                } else if to != at {
                    edges.insert((at, to), *weight);
                    edges.insert((to, at), *weight);
                }
            }
        }
        let masses: Vec<f64> = young
            .iter()
            .map(|slot| {
                let copies = self.groups.get(slot).map_or(0, Vec::len) as u32;
                strength(&self.young[slot]) + bond(copies, self.parameters.neighbours)
            })
            .chain(
                topics
                    .iter()
                    .map(|topic| self.memory.topics[*topic as usize].mass),
            )
            .collect();
        let net = Net::with_masses(&edges, masses);
        let communities = leiden(&net, self.clustering.gamma, None, None);
        let mut members: BTreeMap<u32, Vec<u32>> = BTreeMap::new();
        let mut heaviest: BTreeMap<u32, u32> = BTreeMap::new();
        for (node, community) in communities.iter().enumerate() {
            if let Some(slot) = young.get(node) {
                members.entry(*community).or_default().push(*slot);
            } else {
                let topic = topics[node - young.len()];
                let mass = |topic: u32| self.memory.topics[topic as usize].mass;
                let best = heaviest.entry(*community).or_insert(topic);
                if mass(topic) > mass(*best) {
                    *best = topic;
                }
            }
        }
        let mut found: Vec<(Option<u32>, Vec<u32>)> = members
            .into_iter()
            .map(|(community, slots)| (heaviest.get(&community).copied(), slots))
            .collect();
        found.sort_by_key(|(_, slots)| std::cmp::Reverse(slots.len()));
        let mut taken: BTreeSet<u32> = BTreeSet::new();
        let mut result = Vec::with_capacity(young.len());
        for (topic, slots) in found {
            let followed = slots.iter().any(|slot| self.groups.contains_key(slot));
            if let Some(topic) = topic {
                for slot in slots {
                    result.push((slot, self.within(slot, topic)));
                }
            } else if slots.len() < 2 && !followed {
                result.extend(slots.into_iter().map(|slot| (slot, [NO_TOPIC; 3])));
            } else {
                let places = self.young_topic(&slots, &number, &mut taken, today);
                result.extend(slots.into_iter().map(|slot| (slot, places)));
            }
        }
        result
    }

    /// Topics of a young conversation that joins an older one: the wide topic around it, and the fine one it is
    /// nearest to.
    fn within(&self, slot: u32, topic: u32) -> [u32; 3] {
        let mut fine: BTreeMap<u32, f32> = BTreeMap::new();
        let mut wide = NO_TOPIC;
        for (weight, other) in &self.young[&slot] {
            let topics = self.place(*other).topics;
            if topics[1] == topic && !self.young.contains_key(other) {
                wide = topics[0];
                if topics[2] != NO_TOPIC {
                    *fine.entry(topics[2]).or_default() += weight;
                }
            }
        }
        if wide == NO_TOPIC {
            let any = self
                .rosters
                .get(topic as usize)
                .and_then(|slots| slots.iter().find(|slot| !self.young.contains_key(slot)));
            wide = any.map_or(NO_TOPIC, |slot| self.place(*slot).topics[0]);
        }
        let mass = strength(&self.young[&slot]);
        let gain = |(topic, weight): (&u32, &f32)| {
            let whole = self.memory.topics[*topic as usize].mass;
            (
                f64::from(*weight) - self.clustering.gamma * STEP * mass * whole,
                *topic,
            )
        };
        let best = fine
            .iter()
            .map(gain)
            .filter(|(gain, _)| *gain > 0.0)
            .max_by(|a, b| a.0.total_cmp(&b.0).then(b.1.cmp(&a.1)));
        [wide, topic, best.map_or(NO_TOPIC, |(_, topic)| topic)]
    }

    /// The places of a topic of young conversations alone: those it had, or new ones.
    fn young_topic(
        &mut self,
        slots: &[u32],
        young: &BTreeMap<u32, u32>,
        taken: &mut BTreeSet<u32>,
        today: Date,
    ) -> [u32; 3] {
        let mut shared: BTreeMap<[u32; 3], u32> = BTreeMap::new();
        for slot in slots {
            let topics = self.place(*slot).topics;
            let all_young = topics.iter().all(|topic| {
                self.rosters.get(*topic as usize).is_some_and(|roster| {
                    roster
                        .iter()
                        .all(|member| young.contains_key(&self.place(*member).copies))
                })
            });
            if all_young && !topics.iter().any(|topic| taken.contains(topic)) {
                *shared.entry(topics).or_default() += 1;
            }
        }
        let kept = shared
            .into_iter()
            .max_by_key(|(topics, count)| (*count, std::cmp::Reverse(*topics)));
        let places = kept.map_or_else(
            || {
                std::array::from_fn(|level| {
                    let found = Found::of(level as u8, slots.to_vec(), 0.0, &self.docs);
                    self.memory.bear(&found, &self.docs, today)
                })
            },
            |(topics, _)| topics,
        );
        taken.extend(places);
        self.rosters.resize(self.memory.topics.len(), Vec::new());
        places
    }

    /// Moves a conversation to these topics; most are where they should be, and then nothing is touched.
    pub(crate) fn move_to(&mut self, slot: u32, topics: [u32; 3]) {
        let Some(doc) = &mut self.docs[slot as usize] else {
            return;
        };
        let old = std::mem::replace(&mut doc.place.topics, topics);
        if old == topics {
            return;
        }
        self.moved.insert(doc.facts.id);
        for (from, to) in old.into_iter().zip(topics) {
            if from == to {
                continue;
            }
            if let Some(roster) = self.rosters.get_mut(from as usize) {
                roster.retain(|member| *member != slot);
                if roster.len() < 2
                    && let Some(kept) = self.memory.topics.get_mut(from as usize)
                {
                    // It is no topic any more, and its label may be the title of what has left.
                    kept.label = None;
                }
            }
            if let Some(roster) = self.rosters.get_mut(to as usize) {
                roster.push(slot);
            }
        }
        // The topics it stays in too: what is around them may be another.
        self.touch(old);
        self.touch(topics);
    }

    /// A conversation stops to stand for others, or to be stood for.
    pub(crate) fn leave_group(&mut self, slot: u32) {
        let leader = self.place(slot).copies;
        if let Some(followers) = self.groups.get_mut(&leader) {
            followers.retain(|follower| *follower != slot);
            if followers.is_empty() {
                self.groups.remove(&leader);
            }
        }
        if leader == slot
            && let Some(followers) = self.groups.remove(&slot)
        {
            let followers = order(self, followers);
            self.restated.extend(&followers);
            if let Some((head, rest)) = followers.split_first() {
                let kin = self.young.get(&slot).cloned().unwrap_or_default();
                for follower in &followers {
                    if let Some(doc) = &mut self.docs[*follower as usize] {
                        doc.place.copies = *head;
                    }
                }
                if !rest.is_empty() {
                    self.groups.insert(*head, rest.to_vec());
                }
                if self.young.contains_key(&slot) {
                    self.young.insert(*head, kin);
                }
            }
        }
    }

    /// Ids of topics that nobody is in any more lead to where most of their conversations went.
    fn leave_addresses(&mut self, before: &BTreeMap<u32, [u32; 3]>, today: Date) {
        let mut went: BTreeMap<u32, BTreeMap<u32, u32>> = BTreeMap::new();
        for (slot, old) in before {
            for (from, to) in old.iter().zip(self.place(*slot).topics) {
                if *from != NO_TOPIC && *from != to && to != NO_TOPIC {
                    *went.entry(*from).or_default().entry(to).or_default() += 1;
                }
            }
        }
        for (from, heirs) in went {
            let left = self.rosters.get(from as usize).map_or(0, Vec::len);
            let heir = heirs
                .into_iter()
                .max_by_key(|(to, count)| (*count, std::cmp::Reverse(*to)));
            if let (0 | 1, Some((to, _))) = (left, heir) {
                self.memory.merge(from, to, today);
            }
        }
    }

    /// Notes how much a conversation's links hold it in its topics, and topic_links its topics to those of its neighbours.
    fn tie(&mut self, slot: u32) {
        let own = self.place(slot);
        let Some(kin) = self.young.get(&slot) else {
            return;
        };
        let mut weights = [0.0; 3];
        for (weight, other) in kin {
            let others = self.place(*other);
            for (level, sum) in weights.iter_mut().enumerate() {
                if own.topics[level] == others.topics[level] {
                    *sum += weight;
                } else {
                    let pair = (own.topics[level], others.topics[level]);
                    let topic_links = &mut self.clustering.topic_links[level];
                    self.retied.extend(topic_links::add(
                        topic_links,
                        pair,
                        (slot, *other),
                        *weight,
                    ));
                }
            }
        }
        if let Some(doc) = &mut self.docs[slot as usize] {
            doc.place.weights = weights;
        }
        self.restated.insert(slot);
        self.restated
            .extend(self.groups.get(&slot).into_iter().flatten());
    }
}
