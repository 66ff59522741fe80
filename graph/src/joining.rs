//! Between passes: what came or changed joins the topic of most of its neighbours, or waits for the next pass.

use std::collections::BTreeMap;

use crate::corpus::deduplicated::order;
use crate::corpus::near_copies::likeness;
use crate::corpus::place::{NO_TOPIC, Place};
use crate::corpus::scores::Scores;
use crate::graph::Graph;
use crate::relations::similarity::{Effort, Query, unit};

impl Graph {
    /// Where those that wait belong; nothing for one that must go on waiting.
    pub(crate) fn places_of_waiting(&self) -> Vec<(u32, Place)> {
        let mut waiting = self.waiting.clone();
        waiting.sort_unstable();
        waiting.dedup();
        let effort = Effort::ONE_OF_ALL;
        let mut scores = Scores::new(effort.terms * effort.postings);
        order(self, waiting)
            .into_iter()
            .map(|slot| {
                let terms = self.terms_of(slot);
                let terms: Vec<(u32, u16)> = terms.map(|term| (term.number, term.count)).collect();
                let near = Query::of(self, &terms).nearest(self, Some(slot), effort, &mut scores);
                (slot, self.place_beside(slot, &near))
            })
            .collect()
    }

    fn place_beside(&self, slot: u32, near: &[(f32, u32)]) -> Place {
        let own = self.signature_of(slot);
        let bar = self.parameters.copy_similarity;
        let copied = near.iter().map(|(_, other)| *other);
        let copied = copied
            .filter(|other| likeness(own, self.signature_of(*other)) >= bar)
            .map(|other| self.place(other).copies)
            .find(|leader| *leader != slot);
        let unit = unit(near.iter().map(|(score, _)| *score));
        if let Some(leader) = copied {
            return Place {
                copies: leader,
                unit,
                ..self.place(leader)
            };
        }
        let mut place = Place {
            unit,
            ..Place::alone(slot)
        };
        let near = &near[..near.len().min(self.parameters.neighbours)];
        let all: f32 = near.iter().map(|(score, _)| score).sum();
        // From the middle, which readers see first: the wide topic is around it, the fine one within.
        for level in [1, 0, 2] {
            if level != 1 && place.topics[1] == NO_TOPIC {
                break;
            }
            let mut votes: BTreeMap<u32, f32> = BTreeMap::new();
            for (score, other) in near {
                let topics = self.place(*other).topics;
                if level == 1 || topics[1] == place.topics[1] {
                    *votes.entry(topics[level]).or_default() += score;
                }
            }
            let best = votes.into_iter().max_by(|a, b| a.1.total_cmp(&b.1));
            let enough = if level == 0 { 0.0 } else { all / 2.0 };
            if let Some((topic, votes)) = best
                && votes > enough
            {
                place.topics[level] = topic;
                place.weights[level] = if topic == NO_TOPIC { 0.0 } else { votes / all };
            }
        }
        place
    }

    /// Moves those that waited to where they belong.
    pub(crate) fn adopt_places(&mut self, places: Vec<(u32, Place)>) {
        for (slot, place) in places {
            self.leave_group(slot);
            self.move_to(slot, place.topics);
            if let Some(doc) = &mut self.docs[slot as usize] {
                doc.place = place;
            }
            if place.copies != slot {
                self.groups.entry(place.copies).or_default().push(slot);
            }
            self.touch(place.topics);
        }
        self.waiting.clear();
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
                    kept.forget_labels();
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
            if let Some((head, rest)) = followers.split_first() {
                for follower in &followers {
                    if let Some(doc) = &mut self.docs[*follower as usize] {
                        doc.place.copies = *head;
                    }
                }
                if !rest.is_empty() {
                    self.groups.insert(*head, rest.to_vec());
                }
            }
        }
    }
}
