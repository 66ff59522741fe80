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

/// Compares each with the `newest` users of its terms. Both directions of every link, sorted, without doubles.
pub(crate) fn neighbours(
    vectors: &Vectors,
    terms: usize,
    newest: usize,
    parameters: &Parameters,
) -> Vec<(u32, u32, f32)> {
    let mut postings: Vec<VecDeque<(u32, f32)>> = vec![VecDeque::new(); terms];
    let mut lists: Vec<Vec<(f32, u32)>> = vec![Vec::new(); vectors.len()];
    let mut scores: Vec<f32> = vec![0.0; vectors.len()];
    let mut seen: Vec<u32> = Vec::new();
    for at in 0..vectors.len() {
        let vector = vectors.get(at);
        for &(term, weight) in vector {
            for &(other, other_weight) in &postings[term as usize] {
                let score = &mut scores[other as usize];
                if *score == 0.0 {
                    seen.push(other);
                }
                *score += weight * other_weight;
            }
        }
        for other in seen.drain(..) {
            let score = std::mem::take(&mut scores[other as usize]);
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
