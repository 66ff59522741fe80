//! Neighbours for topics: each conversation is compared with the newest users of its telling terms.
//!
//! Conversations pass in the order of a pass over bounded postings, so the work for one does not grow with how many there
//! are; each ends with its best neighbours among earlier and later ones.

use std::collections::VecDeque;

use crate::Parameters;
use crate::clustering::leiden::Net;

/// How many times its own number of neighbours a conversation offers itself to.
const OFFERED: usize = 4;

/// Sums by number in a table that stays small, however many there are.
pub(crate) struct Scores {
    slots: Vec<(u32, f32)>,
    used: Vec<u32>,
}

const FREE: u32 = u32::MAX;

impl Scores {
    /// For at most so many different numbers at a time.
    pub(crate) fn new(most: usize) -> Self {
        Self {
            slots: vec![(FREE, 0.0); (2 * most.max(1)).next_power_of_two()],
            used: Vec::new(),
        }
    }

    pub(crate) fn add(&mut self, number: u32, score: f32) {
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
    pub(crate) fn take(&mut self, out: &mut Vec<(f32, u32)>) {
        out.clear();
        for at in self.used.drain(..) {
            let slot = &mut self.slots[at as usize];
            out.push((slot.1, slot.0));
            slot.0 = FREE;
        }
    }
}

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
) -> Net {
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
    let mut net = Net::of_lists(lists, &lengths, cap);
    net.add_masses((0..count).map(|at| bond(copies(at), cap)));
    net
}

/// What so many near copies weigh as neighbours.
pub(crate) fn bond(copies: u32, cap: usize) -> f64 {
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
