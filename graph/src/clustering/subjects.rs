//! By words: whether a community has one subject, and which of its members hang on it.
//!
//! A community has a middle, the sum of the vectors of the half that lies nearest to the sum of all; a member is as near
//! to it as its words are, its own part in it left out. Clustering asks where a conversation belongs best, and something
//! always is best; this asks whether it belongs there at all: by how near it is, and by how much of what it is linked to is
//! there.

use crate::clustering::weights::Weights;
use crate::corpus::deduplicated::DeduplicatedCorpus;
use crate::graph::Graph;

/// Part of the members that must turn on one word for it to be the subject of all.
const SHARED: f32 = 0.8;
/// A member hangs on the subject where its nearness and so much of the part of its links that stay within come to this;
/// not where it is hardly near at all, however few links it has.
const HANGS: f32 = 0.76;
const LINKED: f32 = 0.7;
const NEAR: f32 = 0.03;

/// Measures communities of one pass. Vectors are made for one community at a time: those of a million conversations
/// would not fit beside the rest.
pub(crate) struct Subjects<'a> {
    graph: &'a Graph,
    deduplicated: &'a DeduplicatedCorpus,
    weights: &'a Weights,
    /// Near copies of each that stands: they lie where it does.
    copies: Vec<u32>,
    sum: Sum,
    /// Vectors of the members, one after another, and where each ends.
    vectors: Vec<(u32, f32)>,
    ends: Vec<usize>,
}

impl<'a> Subjects<'a> {
    pub(crate) fn new(
        graph: &'a Graph,
        deduplicated: &'a DeduplicatedCorpus,
        weights: &'a Weights,
    ) -> Self {
        Self {
            graph,
            deduplicated,
            weights,
            copies: deduplicated.copies(),
            sum: Sum::new(deduplicated.terms),
            vectors: Vec::new(),
            ends: Vec::new(),
        }
    }

    /// How near these lie to the middle of them on average; 1 where they have a word in common, whatever else they say.
    pub(crate) fn mean_nearness(&mut self, members: &[u32]) -> f32 {
        let near = self.nearness(members);
        if self.most_shared(members) >= SHARED {
            return 1.0;
        }
        near.iter().sum::<f32>() / near.len().max(1) as f32
    }

    /// Which of these hang on what most of them speak of; `linked` is the part of its links that each has within, by
    /// number.
    pub(crate) fn hang(&mut self, members: &[u32], linked: &[f32]) -> Vec<bool> {
        let near = self.nearness(members);
        let linked = members.iter().map(|member| linked[*member as usize]);
        near.into_iter()
            .zip(linked)
            .map(|(near, linked)| near >= NEAR && near + LINKED * linked >= HANGS)
            .collect()
    }

    /// How near each is to the middle of them.
    fn nearness(&mut self, members: &[u32]) -> Vec<f32> {
        self.read(members);
        let near = self.near_sum(members, |_| true);
        let mut order: Vec<usize> = (0..members.len()).collect();
        // A stable sort: equals stay in the order of the pass.
        order.sort_by(|a, b| near[*b].total_cmp(&near[*a]));
        let mut inner = vec![false; members.len()];
        for at in order.iter().take(members.len().div_ceil(2)) {
            inner[*at] = true;
        }
        self.near_sum(members, |at| inner[at])
    }

    /// Part of these that turn on one term, the most that do on any, of those that chance leaves; they have been read.
    fn most_shared(&mut self, members: &[u32]) -> f32 {
        let mut sum = std::mem::take(&mut self.sum);
        sum.clear();
        for (term, _) in &self.vectors {
            sum.add(&[(*term, 1.0)], 1.0);
        }
        let all = members.len() as f32;
        let beyond_chance = |term: &u32| {
            let chance = self.weights.share(*term, self.deduplicated.len());
            (sum.values[*term as usize] / all - chance) / (1.0 - chance).max(f32::MIN_POSITIVE)
        };
        let most = sum.used.iter().map(beyond_chance).fold(0.0, f32::max);
        self.sum = sum;
        most
    }

    fn read(&mut self, members: &[u32]) {
        self.vectors.clear();
        self.ends.clear();
        let mut own = Vec::new();
        let terms = self.graph.parameters.topic_terms;
        for member in members {
            let at = *member as usize;
            self.weights
                .vector(self.graph, self.deduplicated, at, terms, &mut own);
            self.vectors.extend(&own);
            self.ends.push(self.vectors.len());
        }
    }

    fn vector(&self, at: usize) -> &[(u32, f32)] {
        let from = at.checked_sub(1).map_or(0, |before| self.ends[before]);
        &self.vectors[from..self.ends[at]]
    }

    /// How near each is to the sum of those that are `inner`.
    fn near_sum(&mut self, members: &[u32], inner: impl Fn(usize) -> bool) -> Vec<f32> {
        let mut sum = std::mem::take(&mut self.sum);
        sum.clear();
        for (at, member) in members.iter().enumerate().filter(|(at, _)| inner(*at)) {
            let times = 1 + self.copies[*member as usize];
            sum.add(self.vector(at), times as f32);
        }
        let square = sum.square();
        let near = (0..members.len()).map(|at| sum.nearness(square, self.vector(at), inner(at)));
        let near = near.collect();
        self.sum = sum;
        near
    }
}

/// A sum of vectors: a number for every term, and which terms have one.
#[derive(Default)]
struct Sum {
    values: Vec<f32>,
    used: Vec<u32>,
}

impl Sum {
    fn new(terms: usize) -> Self {
        Self {
            values: vec![0.0; terms],
            used: Vec::new(),
        }
    }

    fn clear(&mut self) {
        for term in self.used.drain(..) {
            self.values[term as usize] = 0.0;
        }
    }

    fn add(&mut self, vector: &[(u32, f32)], times: f32) {
        for &(term, weight) in vector {
            let value = &mut self.values[term as usize];
            // Every part is above 0.
            if *value <= 0.0 {
                self.used.push(term);
            }
            *value += times * weight;
        }
    }

    fn square(&self) -> f32 {
        let values = self.used.iter().map(|term| self.values[*term as usize]);
        values.map(|value| value * value).sum()
    }

    /// Cosine of a vector of length 1 and the sum; of what is left of the sum where the vector is a part of it.
    fn nearness(&self, square: f32, vector: &[(u32, f32)], part: bool) -> f32 {
        let parts = vector
            .iter()
            .map(|(term, weight)| weight * self.values[*term as usize]);
        let product: f32 = parts.sum();
        let (product, square) = if part {
            (product - 1.0, square + 1.0 - 2.0 * product)
        } else {
            (product, square)
        };
        if product > 1e-6 && square > 1e-6 {
            product / square.sqrt()
        } else {
            0.0
        }
    }
}
