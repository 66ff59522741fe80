//! Lasting names: matches the topics of a pass to those of the last one, and writes their history.

use std::collections::{BTreeMap, BTreeSet};

use discover_model::{Language, NetworkId, TopicId};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::Parameters;
use crate::clustering::community::Community;
use crate::corpus::doc::Doc;
use crate::corpus::near_copies::mix;
use crate::corpus::place::NO_TOPIC;
use crate::publication::snapshot::{Event, EventKind};

/// Overlap (shared members of all members of both) below which two topics are not the same.
const SAME: f64 = 0.1;
/// Days without a post after which a topic has faded.
const FADED_DAYS: i64 = 30;

/// What the graph remembers of its last pass.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub(crate) struct Memory {
    pub(crate) topics: Vec<Kept>,
    pub(crate) aliases: BTreeMap<TopicId, Alias>,
    /// What the layout of each level was computed from; unchanged input keeps its positions.
    pub(crate) drawn_from: [u64; 3],
}

/// A topic as it was.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct Kept {
    pub(crate) id: TopicId,
    pub(crate) level: u8,
    /// Conversations at its last event of growth.
    size: u32,
    pub(crate) history: Vec<Event>,
    pub(crate) label: Option<String>,
    /// In other languages than its own.
    pub(crate) labels: BTreeMap<Language, String>,
    pub(crate) position: Option<(f32, f32)>,
    pub(crate) networks: Vec<NetworkId>,
}

/// Where a former id leads, and which networks the topic rested on.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct Alias {
    pub(crate) to: TopicId,
    pub(crate) networks: Vec<NetworkId>,
}

impl Memory {
    /// Whether anything kept rests on a network.
    pub(crate) fn names(&self, network: NetworkId) -> bool {
        self.topics
            .iter()
            .any(|kept| kept.networks.contains(&network))
            || self
                .aliases
                .values()
                .any(|alias| alias.networks.contains(&network))
    }

    /// Forgets what rested on a network alone, and every label that may have.
    pub(crate) fn forget(&mut self, network: NetworkId, docs: &mut [Option<Doc>]) {
        let mut alive = vec![false; self.topics.len()];
        for doc in docs.iter().flatten() {
            for kept in doc.place.topics {
                if kept != NO_TOPIC {
                    alive[kept as usize] = true;
                }
            }
        }
        let mut places = vec![NO_TOPIC; self.topics.len()];
        let mut topics = Vec::new();
        for (at, mut kept) in std::mem::take(&mut self.topics).into_iter().enumerate() {
            if alive[at] {
                if kept.networks.contains(&network) {
                    kept.forget_labels();
                    kept.networks.retain(|other| *other != network);
                }
                places[at] = topics.len() as u32;
                topics.push(kept);
            }
        }
        self.topics = topics;
        for doc in docs.iter_mut().flatten() {
            for kept in &mut doc.place.topics {
                *kept = places.get(*kept as usize).copied().unwrap_or(NO_TOPIC);
            }
        }
        let live: BTreeSet<TopicId> = self.topics.iter().map(|kept| kept.id).collect();
        self.aliases.retain(|_, alias| {
            alias.networks.retain(|other| *other != network);
            !alias.networks.is_empty() && live.contains(&alias.to)
        });
        self.prune();
    }

    /// Drops from the history what no longer leads anywhere.
    fn prune(&mut self) {
        let mut known: BTreeSet<TopicId> = self.topics.iter().map(|kept| kept.id).collect();
        known.extend(self.aliases.keys());
        for kept in &mut self.topics {
            for event in &mut kept.history {
                event.with.retain(|id| known.contains(id));
            }
            kept.history.retain(|event| {
                !event.with.is_empty()
                    || !matches!(event.event, EventKind::Merged | EventKind::Split)
            });
        }
    }

    /// The memory after a pass; its topics stand in the order of `found`.
    pub(crate) fn next(
        &self,
        found: &[Community],
        docs: &[Option<Doc>],
        today: Date,
        parameters: &Parameters,
    ) -> Self {
        let overlaps = Overlaps::count(found, docs, &self.topics);
        let matched = overlaps.matching(found);
        let mut next = Self {
            topics: Vec::with_capacity(found.len()),
            aliases: self.aliases.clone(),
            drawn_from: self.drawn_from,
        };
        let mut ids: BTreeSet<TopicId> = self.topics.iter().map(|kept| kept.id).collect();
        for (at, found) in found.iter().enumerate() {
            let mut kept = if let Some(old) = matched[at] {
                self.topics[old].clone()
            } else {
                let known = |id| ids.contains(&id) || self.aliases.contains_key(&id);
                born(found, docs, today, known)
            };
            ids.insert(kept.id);
            let networks = found.networks.clone();
            kept.note(found.slots.len() as u32, networks, found.last_active, today);
            next.topics.push(kept);
        }
        self.note_splits(&mut next, &overlaps, &matched, today);
        self.note_merges(&mut next, &overlaps, &matched, today);
        let live: BTreeSet<TopicId> = next.topics.iter().map(|kept| kept.id).collect();
        next.aliases
            .retain(|id, alias| live.contains(&alias.to) && !live.contains(id));
        while next.aliases.len() > parameters.max_aliases {
            next.aliases.pop_first();
        }
        next.prune();
        for kept in &mut next.topics {
            kept.keep_latest(parameters.max_history);
        }
        next
    }

    /// A new topic most of whose members came from a topic that goes on was split off it.
    fn note_splits(
        &self,
        next: &mut Self,
        overlaps: &Overlaps,
        matched: &[Option<usize>],
        today: Date,
    ) {
        for at in 0..matched.len() {
            if matched[at].is_some() {
                continue;
            }
            let Some((old, shared)) = overlaps.largest_old(at) else {
                continue;
            };
            let goes_on = matched.iter().position(|other| *other == Some(old));
            if let Some(parent) = goes_on
                && shared * 2 >= overlaps.new_sizes[at]
            {
                let (child_id, parent_id) = (next.topics[at].id, self.topics[old].id);
                next.topics[at].history = vec![event(today, EventKind::Split, Some(parent_id))];
                next.topics[parent]
                    .history
                    .push(event(today, EventKind::Split, Some(child_id)));
            }
        }
    }

    /// A topic that does not go on leads to the one that took most of it.
    fn note_merges(
        &self,
        next: &mut Self,
        overlaps: &Overlaps,
        matched: &[Option<usize>],
        today: Date,
    ) {
        let goes_on: BTreeSet<usize> = matched.iter().flatten().copied().collect();
        for (old, kept) in self.topics.iter().enumerate() {
            if goes_on.contains(&old) {
                continue;
            }
            let Some((heir, shared)) = overlaps.largest_new(old) else {
                continue;
            };
            let to = next.topics[heir].id;
            if shared * 2 >= overlaps.old_sizes[old] {
                next.topics[heir]
                    .history
                    .push(event(today, EventKind::Merged, Some(kept.id)));
            }
            for alias in next
                .aliases
                .values_mut()
                .filter(|alias| alias.to == kept.id)
            {
                alias.to = to;
            }
            next.aliases.insert(
                kept.id,
                Alias {
                    to,
                    networks: kept.networks.clone(),
                },
            );
        }
    }
}

fn event(at: Date, event: EventKind, with: Option<TopicId>) -> Event {
    Event {
        at,
        event,
        with: with.into_iter().collect(),
        was: None,
    }
}

/// A new topic. Its id comes from what its first conversation says, so that it depends neither on what was held before
/// nor on ids that were drawn; where
/// that id is `known` already, the next one is taken.
fn born(
    found: &Community,
    docs: &[Option<Doc>],
    today: Date,
    known: impl Fn(TopicId) -> bool,
) -> Kept {
    let first = found
        .slots
        .first()
        .and_then(|slot| docs[*slot as usize].as_ref());
    let seed = first.map_or(0, |doc| doc.content);
    let seed = mix(seed ^ mix(u64::from(found.level) + 1));
    let id = |turn: u64| {
        let (high, low) = (mix(seed ^ mix(2 * turn)), mix(seed ^ mix(2 * turn + 1)));
        TopicId::from_u128(u128::from(high) << 64 | u128::from(low))
    };
    let free = (1..=u64::MAX).map(id).find(|id| !known(*id));
    Kept {
        id: free.unwrap_or(id(0)),
        level: found.level,
        size: found.slots.len() as u32,
        history: vec![event(today, EventKind::Born, None)],
        label: None,
        labels: BTreeMap::new(),
        position: None,
        networks: Vec::new(),
    }
}

impl Kept {
    /// A label may be what has left alone wrote.
    pub(crate) fn forget_labels(&mut self) {
        self.label = None;
        self.labels.clear();
        for event in &mut self.history {
            event.was = None;
        }
    }

    /// Writes down that it is called `label` now; a day has one renaming at most.
    pub(crate) fn rename(&mut self, label: &str, today: Date) {
        let before = self.label.replace(label.to_owned());
        let Some(before) = before.filter(|before| before != label) else {
            return;
        };
        let today_already = self
            .history
            .iter()
            .rposition(|event| event.at == today && event.event == EventKind::Renamed);
        match today_already {
            Some(at) if self.history[at].was.as_deref() == Some(label) => {
                self.history.remove(at);
            }
            Some(_) => {}
            None => self.history.push(Event {
                was: Some(before),
                ..event(today, EventKind::Renamed, None)
            }),
        }
    }

    /// Writes down what the topic has become; saying the same twice changes nothing.
    pub(crate) fn note(
        &mut self,
        size: u32,
        networks: Vec<NetworkId>,
        last_active: Date,
        today: Date,
    ) {
        if size >= self.size.saturating_mul(2) {
            self.history.push(event(today, EventKind::Grown, None));
            self.size = size;
        }
        self.networks = networks;
        fade(self, last_active, today);
    }

    /// Drops the oldest events where there are more than `most`.
    pub(crate) fn keep_latest(&mut self, most: usize) {
        let extra = self.history.len().saturating_sub(most);
        self.history.drain(..extra);
    }
}

/// Notes once that a topic has gone silent; it may wake again.
fn fade(kept: &mut Kept, last_active: Date, today: Date) {
    let silent = crate::corpus::days::days_between(last_active, today);
    let noted = kept
        .history
        .last()
        .is_some_and(|event| event.event == EventKind::Faded);
    if silent > FADED_DAYS && !noted {
        kept.history.push(event(today, EventKind::Faded, None));
    } else if silent <= FADED_DAYS && noted {
        kept.history.push(event(today, EventKind::Grown, None));
    }
}

/// Members that a new and an old topic of one level share.
struct Overlaps {
    /// By new, then old topic.
    shared: BTreeMap<(usize, usize), u32>,
    /// By old, then new topic.
    turned: BTreeMap<(usize, usize), u32>,
    new_sizes: Vec<u32>,
    old_sizes: Vec<u32>,
}

impl Overlaps {
    fn count(found: &[Community], docs: &[Option<Doc>], old: &[Kept]) -> Self {
        let mut shared: BTreeMap<(usize, usize), u32> = BTreeMap::new();
        let mut old_sizes = vec![0; old.len()];
        for doc in docs.iter().flatten() {
            for kept in doc.place.topics {
                if let Some(size) = old_sizes.get_mut(kept as usize) {
                    *size += 1;
                }
            }
        }
        for (new, found) in found.iter().enumerate() {
            for doc in found
                .slots
                .iter()
                .filter_map(|slot| docs[*slot as usize].as_ref())
            {
                let kept = doc.place.topics[found.level as usize] as usize;
                if kept < old.len() {
                    *shared.entry((new, kept)).or_insert(0) += 1;
                }
            }
        }
        Self {
            turned: shared
                .iter()
                .map(|(&(new, old), &count)| ((old, new), count))
                .collect(),
            shared,
            new_sizes: found.iter().map(|found| found.slots.len() as u32).collect(),
            old_sizes,
        }
    }

    /// For every new topic the old one it continues: largest overlap first, topic_links to the older.
    fn matching(&self, found: &[Community]) -> Vec<Option<usize>> {
        let mut pairs: Vec<(f64, usize, usize)> = self
            .shared
            .iter()
            .map(|(&(new, old), &shared)| {
                let all = self.new_sizes[new] + self.old_sizes[old] - shared;
                (f64::from(shared) / f64::from(all.max(1)), old, new)
            })
            .filter(|(overlap, ..)| *overlap >= SAME)
            .collect();
        pairs.sort_by(|a, b| b.0.total_cmp(&a.0).then((a.1, a.2).cmp(&(b.1, b.2))));
        let mut matched = vec![None; found.len()];
        let mut taken = vec![false; self.old_sizes.len()];
        for (_, old, new) in pairs {
            if matched[new].is_none() && !taken[old] {
                matched[new] = Some(old);
                taken[old] = true;
            }
        }
        matched
    }

    fn largest_old(&self, new: usize) -> Option<(usize, u32)> {
        let row = self.shared.range((new, 0)..(new + 1, 0));
        row.map(|(&(_, old), &shared)| (old, shared))
            .max_by_key(|(old, shared)| (*shared, std::cmp::Reverse(*old)))
    }

    fn largest_new(&self, old: usize) -> Option<(usize, u32)> {
        let row = self.turned.range((old, 0)..(old + 1, 0));
        row.map(|(&(_, new), &shared)| (new, shared))
            .max_by_key(|(new, shared)| (*shared, std::cmp::Reverse(*new)))
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    #[test]
    fn a_day_has_one_renaming_and_none_that_was_taken_back() {
        let mut kept = Kept {
            id: TopicId::from_u128(1),
            level: 1,
            size: 3,
            history: Vec::new(),
            label: None,
            labels: BTreeMap::new(),
            position: None,
            networks: Vec::new(),
        };
        let day = date(2026, 11, 20);
        let said = |kept: &Kept| -> Vec<Option<String>> {
            kept.history.iter().map(|event| event.was.clone()).collect()
        };
        kept.rename("queue", day);
        assert!(kept.history.is_empty(), "a first name is no renaming");
        kept.rename("phone queue", day);
        kept.rename("8 am phone queue", day);
        assert_eq!(said(&kept), [Some("queue".to_owned())]);
        kept.rename("queue", day);
        assert!(kept.history.is_empty(), "taken back: {:?}", kept.history);
        kept.rename("phone queue", day.tomorrow().expect("a day"));
        kept.forget_labels();
        assert_eq!(said(&kept), [None]);
    }
}
