//! What a term tells: how rare it is, and, once a first pass has an idea of what belongs together, how much it says
//! about where a conversation belongs.
//!
//! Rarity alone takes `using` and `oracle` for equals where as many titles hold either. The second number is the
//! information (Kullback–Leibler divergence) between the communities a term is found in and all communities, smoothed
//! so that a term seen a few times proves little. The weight is the geometric mean of the two.

use crate::neighbours::Vectors;

/// Conversations that a term is imagined to have been seen in beforehand, spread like all conversations.
const SMOOTHING: f32 = 5.0;
/// Least information a term is taken to have.
const FLOOR: f32 = 0.01;

#[derive(Debug)]
pub(crate) struct Weights {
    /// By term: conversations that use it.
    used: Vec<u32>,
    weight: Vec<f32>,
}

impl Weights {
    pub(crate) fn by_rarity(docs: &[&[(u32, u16)]], terms: usize) -> Self {
        let mut used = vec![0_u32; terms];
        for (term, _) in docs.iter().copied().flatten() {
            used[*term as usize] += 1;
        }
        let all = docs.len().max(1) as f32;
        let weight = used
            .iter()
            .map(|used| (all / (*used).max(1) as f32).ln().max(0.1).sqrt())
            .collect();
        Self { used, weight }
    }

    /// Takes into account what each term tells about the communities (by conversation, numbered from 0).
    pub(crate) fn learn(&mut self, docs: &[&[(u32, u16)]], communities: &[u32]) {
        let count = communities.iter().max().map_or(0, |top| *top as usize + 1);
        let mut share = vec![0.0_f32; count];
        for at in communities {
            share[*at as usize] += 1.0 / communities.len() as f32;
        }
        let mut cells: Vec<u64> = docs
            .iter()
            .zip(communities)
            .flat_map(|(doc, at)| {
                doc.iter()
                    .map(move |(term, _)| u64::from(*term) << 32 | u64::from(*at))
            })
            .collect();
        cells.sort_unstable();
        for run in cells.chunk_by(|a, b| a >> 32 == b >> 32) {
            let total = run.len() as f32 + SMOOTHING;
            let (mut told, mut rest) = (0.0, 1.0_f32);
            for cell in run.chunk_by(|a, b| a == b) {
                let share = share[cell[0] as u32 as usize];
                let here = (cell.len() as f32 + SMOOTHING * share) / total;
                told += here * (here / share).ln();
                rest -= share;
            }
            let unseen = SMOOTHING / total;
            told += rest.max(0.0) * unseen * unseen.ln();
            self.weight[(run[0] >> 32) as usize] *= told.max(FLOOR).sqrt();
        }
    }

    /// The heaviest terms of every conversation; a word that one conversation uses links it to nothing.
    pub(crate) fn vectors(&self, docs: &[&[(u32, u16)]], terms: usize) -> Vectors {
        let mut vectors = Vectors::default();
        let mut heavy: Vec<(u32, f32)> = Vec::new();
        for doc in docs {
            heavy.clear();
            heavy.extend(
                doc.iter()
                    .filter(|(term, _)| self.used[*term as usize] > 1)
                    .map(|(term, count)| {
                        (
                            *term,
                            (1.0 + f32::from(*count).ln()) * self.weight[*term as usize],
                        )
                    }),
            );
            heavy.sort_unstable_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
            heavy.truncate(terms);
            vectors.push(&heavy);
        }
        vectors
    }
}
