//! The neighbours of one conversation, found through the bounded postings that relations use.

use std::collections::BTreeSet;

use crate::clustering::nearest_neighbours::Scores;
use crate::clustering::weights::{frequency, heaviest};
use crate::corpus::near_copies::likeness;
use crate::graph::Graph;

/// Users of a term that a conversation is compared with, by impact, and how many of all are compared in full.
pub(crate) const COMPARED: usize = 256;
const RERANKED: usize = 60;

/// A young conversation's best neighbours among those that stand for their copies, best first.
pub(crate) type Kin = Vec<(f32, u32)>;

impl Graph {
    /// Finds a conversation's neighbours and, where it is one, what it is a copy of.
    pub(crate) fn meet(&mut self, slot: u32, scores: &mut Scores) {
        self.leave_group(slot);
        let near = self.compare(slot, scores);
        let own = self.signature_of(slot);
        let copied = near.iter().map(|(_, other)| *other).find(|other| {
            likeness(own, self.signature_of(*other)) >= self.parameters.copy_similarity
        });
        let leader = copied.map_or(slot, |other| self.place(other).copies);
        let mut kin: Kin = Vec::new();
        let mut seen = BTreeSet::from([slot]);
        for (score, other) in near {
            let other = self.place(other).copies;
            if kin.len() < self.parameters.neighbours && seen.insert(other) {
                kin.push((score, other));
            }
        }
        if let Some(doc) = &mut self.docs[slot as usize] {
            doc.place.copies = leader;
        }
        if leader == slot {
            self.young.insert(slot, kin);
        } else {
            self.young.remove(&slot);
            self.groups.entry(leader).or_default().push(slot);
        }
    }

    /// Most alike first.
    fn compare(&self, slot: u32, scores: &mut Scores) -> Vec<(f32, u32)> {
        let vector = self.topic_vector(slot);
        for &(term, weight) in &vector {
            for posting in self.lexicon.get(term).postings.iter().take(COMPARED) {
                scores.add(posting.slot, weight * weight * posting.impact);
            }
        }
        let mut found: Vec<(f32, u32)> = Vec::new();
        scores.take(&mut found);
        found.retain(|(_, other)| *other != slot);
        let best_first = |a: &(f32, u32), b: &(f32, u32)| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1));
        found.sort_unstable_by(best_first);
        found.truncate(RERANKED);
        for (score, other) in &mut found {
            *score = product(&vector, &self.topic_vector(*other));
        }
        found.retain(|(score, _)| *score > 0.0);
        found.sort_unstable_by(best_first);
        found
    }

    /// The heaviest terms of a conversation in order of number, of length 1.
    fn topic_vector(&self, slot: u32) -> Vec<(u32, f32)> {
        let terms = self.terms_of(slot);
        let mut vector: Vec<(u32, f32)> = terms
            .filter(|term| self.lexicon.get(term.number).used > 1)
            .map(|term| {
                let weight = frequency(term.count) * self.clustering.weight(term.number);
                (term.number, weight)
            })
            .collect();
        heaviest(&mut vector, self.parameters.topic_terms);
        let square: f32 = vector.iter().map(|(_, weight)| weight * weight).sum();
        let scale = if square > 0.0 {
            1.0 / square.sqrt()
        } else {
            0.0
        };
        for (_, weight) in &mut vector {
            *weight *= scale;
        }
        vector.sort_unstable_by_key(|(term, _)| *term);
        vector
    }
}

/// How much a conversation's links weigh in all.
pub(crate) fn strength(kin: &Kin) -> f64 {
    kin.iter().map(|(weight, _)| f64::from(*weight)).sum()
}

/// Sum of products of two vectors in order of number.
fn product(a: &[(u32, f32)], b: &[(u32, f32)]) -> f32 {
    let (mut left, mut right, mut sum) = (0, 0, 0.0);
    while let (Some(x), Some(y)) = (a.get(left), b.get(right)) {
        match x.0.cmp(&y.0) {
            std::cmp::Ordering::Less => left += 1,
            std::cmp::Ordering::Greater => right += 1,
            std::cmp::Ordering::Equal => {
                sum += x.1 * y.1;
                left += 1;
                right += 1;
            }
        }
    }
    sum
}
