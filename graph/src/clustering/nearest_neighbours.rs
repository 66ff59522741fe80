//! Neighbours for topics: each conversation is compared with the newest users of its telling terms.
//!
//! Conversations pass in the order of a pass over bounded postings, so the work for one does not grow with how many there
//! are; each ends with its best neighbours among earlier and later ones.

use std::collections::VecDeque;

use crate::Parameters;
use crate::clustering::leiden::Net;
use crate::clustering::meaning::NEAREST;
use crate::corpus::scores::Scores;

/// How many times its own number of neighbours a conversation offers itself to.
const OFFERED: usize = 4;

/// Compares each with the `newest` users of its terms, and joins each to its best. `vector` gives the term weights of
/// one, of length 1.
///
/// One with near copies has them for its nearest neighbours: they take up room in its list and weigh as an edge to
/// itself. Otherwise a flood of copies, of which one is compared, would hang on whatever shares a stray word with it.
pub(crate) fn neighbours(
    count: usize,
    vector: impl Fn(usize, &mut Vec<(u32, f32)>),
    terms: usize,
    newest: usize,
    copies: impl Fn(usize) -> u32,
    parameters: &Parameters,
) -> Lists {
    let cap = parameters.neighbours;
    let mut postings: Vec<VecDeque<(u32, f32)>> = vec![VecDeque::new(); terms];
    let mut lists = vec![(0_u32, 0.0_f32); count * cap];
    let mut lengths = vec![0_u8; count];
    let rooms: Vec<u8> = (0..count)
        .map(|at| (cap - (copies(at) as usize).min(cap)) as u8)
        .collect();
    // Below this an offer is turned down without a look at the list: most are, and lists lie far apart.
    let mut bars: Vec<f32> = rooms
        .iter()
        .map(|room| if *room == 0 { f32::INFINITY } else { 0.0 })
        .collect();
    let mut scores = Scores::new(parameters.topic_terms * newest);
    let mut found: Vec<(f32, u32)> = Vec::new();
    let mut own: Vec<(u32, f32)> = Vec::new();
    for at in 0..count {
        vector(at, &mut own);
        for &(term, weight) in &own {
            for &(other, other_weight) in &postings[term as usize] {
                scores.add(other, weight * other_weight);
            }
        }
        scores.take(&mut found);
        // Only the best are offered to the other side: far lists are far memory.
        let offered = cap * OFFERED;
        if found.len() > offered {
            found.select_nth_unstable_by(offered, |a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
            found.truncate(offered);
        }
        for &(score, other) in &found {
            for (list, known) in [(at, other), (other as usize, at as u32)] {
                if bars[list] > score {
                    continue;
                }
                let room = rooms[list] as usize;
                let places = &mut lists[list * cap..list * cap + room];
                keep(places, &mut lengths[list], score, known);
                if lengths[list] as usize == room
                    && let Some(last) = places.last()
                {
                    bars[list] = last.1;
                }
            }
        }
        for &(term, weight) in &own {
            let posting = &mut postings[term as usize];
            if posting.len() == newest {
                posting.pop_front();
            }
            posting.push_back((at as u32, weight));
        }
    }
    // What is still needed is large enough: a million lists and their edges.
    drop((postings, rooms, bars));
    Lists {
        places: lists,
        lengths,
        cap,
    }
}

/// By node, its best neighbours with their weights: `cap` places each, so many of them used.
#[derive(Debug)]
pub(crate) struct Lists {
    places: Vec<(u32, f32)>,
    lengths: Vec<u8>,
    cap: usize,
}

impl Lists {
    /// The graph of all edges in either list. Near copies weigh as an edge of a node to itself.
    pub(crate) fn net(self, copies: impl Fn(usize) -> u32, neighbours: usize) -> Net {
        let count = self.lengths.len();
        let mut net = Net::of_lists(self.places, &self.lengths, self.cap);
        net.add_masses((0..count).map(|at| bond(copies(at), neighbours)));
        net
    }

    /// Each list joined with the nearest by meaning, every pair weighed anew by both.
    pub(crate) fn joined(
        self,
        nearest: impl Fn(u32) -> Vec<u32>,
        words: impl Fn(u32, u32) -> f32,
        weigh: impl Fn(u32, u32, f32) -> f32,
    ) -> Self {
        let cap = self.cap + NEAREST;
        let mut places = vec![(0_u32, 0.0_f32); self.lengths.len() * cap];
        let mut lengths = vec![0_u8; self.lengths.len()];
        for (node, row) in (0..).zip(self.places.chunks_exact(self.cap)) {
            let at = node as usize;
            let own = &row[..usize::from(self.lengths[at])];
            let mut joined: Vec<(u32, f32)> = own
                .iter()
                .map(|&(other, likeness)| (other, weigh(node, other, likeness)))
                .collect();
            for other in nearest(node) {
                if other != node && own.iter().all(|(known, _)| *known != other) {
                    joined.push((other, weigh(node, other, words(node, other))));
                }
            }
            joined.retain(|(_, weight)| *weight > 0.0);
            joined.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
            joined.truncate(cap);
            lengths[at] = joined.len() as u8;
            places[at * cap..at * cap + joined.len()].copy_from_slice(&joined);
        }
        Self {
            places,
            lengths,
            cap,
        }
    }
}

/// What so many near copies weigh as neighbours.
fn bond(copies: u32, cap: usize) -> f64 {
    f64::from(copies.min(cap as u32))
}

/// Best first; equals by lowest number.
fn keep(places: &mut [(u32, f32)], length: &mut u8, score: f32, other: u32) {
    let full = *length as usize == places.len();
    let used = &places[..*length as usize];
    let at = used.partition_point(|entry| entry.1 > score || (entry.1 >= score && entry.0 < other));
    if at >= places.len() {
        return;
    }
    let last = if full {
        places.len() - 1
    } else {
        *length as usize
    };
    places.copy_within(at..last, at + 1);
    places[at] = (other, score);
    *length = last as u8 + 1;
}
