//! Neighbours for topics: each conversation is compared with the newest users of its telling terms.
//!
//! Conversations pass in order of arrival over bounded postings, so the work for one does not grow with how many there
//! are; each ends with its best neighbours among earlier and later ones.

use std::collections::VecDeque;

use crate::Parameters;

/// Term weights of every conversation, of length 1, in one list.
#[derive(Debug, Default)]
pub(crate) struct Vectors {
    ends: Vec<u32>,
    terms: Vec<(u32, f32)>,
}

impl Vectors {
    pub(crate) fn push(&mut self, vector: &[(u32, f32)]) {
        let norm = vector
            .iter()
            .map(|(_, weight)| weight * weight)
            .sum::<f32>()
            .sqrt();
        let scale = if norm > 0.0 { 1.0 / norm } else { 0.0 };
        self.terms
            .extend(vector.iter().map(|(term, weight)| (*term, weight * scale)));
        self.ends.push(self.terms.len() as u32);
    }

    pub(crate) fn len(&self) -> usize {
        self.ends.len()
    }

    pub(crate) fn get(&self, at: usize) -> &[(u32, f32)] {
        let start = if at == 0 { 0 } else { self.ends[at - 1] };
        &self.terms[start as usize..self.ends[at] as usize]
    }
}

/// How many times its own number of neighbours a conversation offers itself to.
const OFFERED: usize = 4;

/// Sums by number in a table that stays small, however many there are.
struct Scores {
    slots: Vec<(u32, f32)>,
    used: Vec<u32>,
}

const FREE: u32 = u32::MAX;

impl Scores {
    /// For at most so many different numbers at a time.
    fn new(most: usize) -> Self {
        Self {
            slots: vec![(FREE, 0.0); (2 * most.max(1)).next_power_of_two()],
            used: Vec::new(),
        }
    }

    fn add(&mut self, number: u32, score: f32) {
        let mask = self.slots.len() - 1;
        let mut at = (number.wrapping_mul(0x9e37_79b1) >> 7) as usize & mask;
        loop {
            let slot = &mut self.slots[at];
            if slot.0 == number {
                slot.1 += score;
                return;
            }
            if slot.0 == FREE {
                *slot = (number, score);
                self.used.push(at as u32);
                return;
            }
            at = (at + 1) & mask;
        }
    }

    /// Moves all sums out, in order of first mention.
    fn take(&mut self, out: &mut Vec<(f32, u32)>) {
        out.clear();
        for at in self.used.drain(..) {
            let slot = &mut self.slots[at as usize];
            out.push((slot.1, slot.0));
            slot.0 = FREE;
        }
    }
}

/// Compares each with the `newest` users of its terms. Both directions of every link, sorted, without doubles.
pub(crate) fn neighbours(
    vectors: &Vectors,
    terms: usize,
    newest: usize,
    parameters: &Parameters,
) -> Vec<(u32, u32, f32)> {
    let mut postings: Vec<VecDeque<(u32, f32)>> = vec![VecDeque::new(); terms];
    let mut lists: Vec<Vec<(f32, u32)>> = vec![Vec::new(); vectors.len()];
    let mut scores = Scores::new(parameters.topic_terms * newest);
    let mut found: Vec<(f32, u32)> = Vec::new();
    for at in 0..vectors.len() {
        let vector = vectors.get(at);
        for &(term, weight) in vector {
            for &(other, other_weight) in &postings[term as usize] {
                scores.add(other, weight * other_weight);
            }
        }
        scores.take(&mut found);
        // Only the best are offered to the other side: far lists are far memory.
        let offered = parameters.neighbours * OFFERED;
        if found.len() > offered {
            found.select_nth_unstable_by(offered, |a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
            found.truncate(offered);
        }
        for &(score, other) in &found {
            keep(&mut lists[at], score, other, parameters.neighbours);
            keep(
                &mut lists[other as usize],
                score,
                at as u32,
                parameters.neighbours,
            );
        }
        for &(term, weight) in vector {
            let posting = &mut postings[term as usize];
            if posting.len() == newest {
                posting.pop_front();
            }
            posting.push_back((at as u32, weight));
        }
    }
    let mut edges: Vec<(u32, u32, f32)> = Vec::new();
    for (at, list) in (0..).zip(&lists) {
        for &(score, other) in list {
            edges.push((at, other, score));
            edges.push((other, at, score));
        }
    }
    drop(lists);
    edges.sort_unstable_by_key(|edge| (edge.0, edge.1));
    edges.dedup_by_key(|edge| (edge.0, edge.1));
    edges
}

/// Best first; equals by lowest number.
fn keep(list: &mut Vec<(f32, u32)>, score: f32, other: u32, cap: usize) {
    if list.len() == cap && list.last().is_some_and(|last| last.0 > score) {
        return;
    }
    let at = list.partition_point(|entry| entry.0 > score || (entry.0 >= score && entry.1 < other));
    if at >= cap {
        return;
    }
    if list.len() == cap {
        list.pop();
    }
    list.insert(at, (score, other));
}
