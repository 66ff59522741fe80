//! What a term tells: how rare it is, and, once a first clustering has an idea of what belongs together, how much it
//! says about where a conversation belongs.
//!
//! Rarity alone takes `using` and `oracle` for equals where as many titles hold either. The second number is the
//! information (Kullback–Leibler divergence) between the communities a term is found in and all communities, less what
//! a term as frequent would seem to tell if conversations had been dealt to communities at random: a term seen twice
//! proves little. The weight is the geometric mean of the two.

use crate::clustering::{Everyday, rarity};
use crate::corpus::deduplicated::DeduplicatedCorpus;
use crate::corpus::near_copies::mix;
use crate::corpus::words::binds;
use crate::graph::Graph;

/// Least information a term is taken to have: what tells nothing still links where there is nothing else.
const FLOOR: f32 = 0.01;
/// Frequencies are put into classes, each half as frequent again as the one before, to ask what chance would tell.
const CLASS: f32 = 1.5;

#[derive(Debug)]
pub(crate) struct Weights {
    /// By term: conversations that use it.
    used: Vec<u32>,
    pub(crate) weight: Vec<f32>,
    /// What a term weighs beside its rarity where nothing is known of what it tells.
    pub(crate) untold: f32,
    /// By language, terms that bind nothing, ascending.
    pub(crate) everyday: Everyday,
}

impl Weights {
    /// `everyday` are the terms that bind nothing.
    pub(crate) fn by_rarity(
        graph: &Graph,
        deduplicated: &DeduplicatedCorpus,
        everyday: Everyday,
    ) -> Self {
        let mut used = vec![0_u32; deduplicated.terms];
        let mut sum = vec![0.0_f32; deduplicated.terms];
        for at in 0..deduplicated.len() {
            for (term, _) in deduplicated.terms_of(graph, at) {
                used[term as usize] += 1;
                sum[term as usize] += deduplicated.shares[at];
            }
        }
        let all = deduplicated.len().max(1) as f32;
        let mut weight: Vec<f32> = sum.iter().map(|sum| rarity(all, *sum)).collect();
        for (weight, number) in weight.iter_mut().zip(&deduplicated.by_number) {
            if !binds(&graph.lexicon.get(*number).text) {
                *weight = 0.0;
            }
        }
        Self {
            used,
            weight,
            untold: 1.0,
            everyday,
        }
    }

    /// Part of so many that stand that use a term.
    pub(crate) fn share(&self, term: u32, all: usize) -> f32 {
        self.used[term as usize] as f32 / all.max(1) as f32
    }

    /// By term, the part of those that stand that use it.
    pub(crate) fn shares(&self, deduplicated: &DeduplicatedCorpus) -> Vec<f32> {
        let all = deduplicated.len().max(1) as f32;
        self.used.iter().map(|used| *used as f32 / all).collect()
    }

    /// Takes into account what each term tells about the communities of a sample (places of those that stand).
    pub(crate) fn learn(
        &mut self,
        graph: &Graph,
        deduplicated: &DeduplicatedCorpus,
        sample: &[u32],
        communities: &[u32],
    ) {
        let told = told(graph, deduplicated, sample, communities);
        let dealt = told_by_chance(graph, deduplicated, sample, communities);
        let excess: Vec<f32> = told
            .iter()
            .zip(&dealt)
            .map(|(told, chance)| (told - chance).max(FLOOR).sqrt())
            .collect();
        // A term that the sample does not hold is taken for one that it holds once or twice.
        let rare: Vec<f32> = (0..excess.len())
            .filter(|term| told[*term] > 0.0 && self.used[*term] <= 2)
            .map(|term| excess[term])
            .collect();
        self.untold = if rare.is_empty() {
            1.0
        } else {
            rare.iter().sum::<f32>() / rare.len() as f32
        };
        for (term, weight) in self.weight.iter_mut().enumerate() {
            *weight *= if told[term] > 0.0 {
                excess[term]
            } else {
                self.untold
            };
        }
    }

    /// The heaviest terms of one that stands, of length 1; a word that one conversation uses links it to nothing.
    pub(crate) fn vector(
        &self,
        graph: &Graph,
        deduplicated: &DeduplicatedCorpus,
        at: usize,
        terms: usize,
        heavy: &mut Vec<(u32, f32)>,
    ) {
        heavy.clear();
        let language = graph
            .facts(deduplicated.slots[at])
            .and_then(|facts| facts.language);
        let everyday = self.everyday.get(&language).map_or(&[][..], Vec::as_slice);
        heavy.extend(
            deduplicated
                .terms_of(graph, at)
                .filter(|(term, _)| {
                    self.used[*term as usize] > 1
                        && self.weight[*term as usize] > 0.0
                        && everyday.binary_search(term).is_err()
                })
                .map(|(term, count)| (term, frequency(count) * self.weight[term as usize])),
        );
        heaviest(heavy, terms);
        let norm = heavy
            .iter()
            .map(|(_, weight)| weight * weight)
            .sum::<f32>()
            .sqrt();
        let scale = if norm > 0.0 { 1.0 / norm } else { 0.0 };
        for (_, weight) in heavy {
            *weight *= scale;
        }
    }
}

/// How much being used several times counts.
pub(crate) fn frequency(count: u16) -> f32 {
    1.0 + f32::from(count).ln()
}

/// The heaviest so many, heaviest first; equals in the order they came in.
pub(crate) fn heaviest(terms: &mut Vec<(u32, f32)>, most: usize) {
    terms.sort_by(|a, b| b.1.total_cmp(&a.1));
    terms.truncate(most);
}

/// By term, its information about the communities; zero where the sample does not hold it.
fn told(
    graph: &Graph,
    deduplicated: &DeduplicatedCorpus,
    sample: &[u32],
    communities: &[u32],
) -> Vec<f32> {
    let mut told = vec![0.0; deduplicated.terms];
    for_each_term(graph, deduplicated, sample, communities, |term, _, nats| {
        told[term as usize] = nats.max(f32::MIN_POSITIVE);
    });
    told
}

/// By term, what one as frequent tells on average when communities are dealt anew.
fn told_by_chance(
    graph: &Graph,
    deduplicated: &DeduplicatedCorpus,
    sample: &[u32],
    communities: &[u32],
) -> Vec<f32> {
    let mut deal: Vec<u32> = (0..communities.len() as u32).collect();
    deal.sort_by_key(|at| mix(u64::from(*at) + 1));
    let dealt: Vec<u32> = deal.iter().map(|at| communities[*at as usize]).collect();
    let class = |sum: f32| (sum.max(1.0).ln() / CLASS.ln()) as usize;
    let mut classes: Vec<(f64, f64)> = Vec::new();
    let mut of_term: Vec<Option<usize>> = vec![None; deduplicated.terms];
    for_each_term(graph, deduplicated, sample, &dealt, |term, sum, nats| {
        let class = class(sum);
        if classes.len() <= class {
            classes.resize(class + 1, (0.0, 0.0));
        }
        classes[class].0 += f64::from(nats);
        classes[class].1 += 1.0;
        of_term[term as usize] = Some(class);
    });
    of_term
        .iter()
        .map(|class| class.map_or(0.0, |class| (classes[class].0 / classes[class].1) as f32))
        .collect()
}

/// Calls `each` with every term of the sample, how often it is used (by share), and its information in nats.
fn for_each_term(
    graph: &Graph,
    deduplicated: &DeduplicatedCorpus,
    sample: &[u32],
    communities: &[u32],
    mut each: impl FnMut(u32, f32, f32),
) {
    let count = communities.iter().max().map_or(0, |top| *top as usize + 1);
    let mut shares = vec![0.0_f32; count];
    let all: f32 = sample
        .iter()
        .map(|at| deduplicated.shares[*at as usize])
        .sum::<f32>()
        .max(f32::MIN_POSITIVE);
    for (at, community) in sample.iter().zip(communities) {
        shares[*community as usize] += deduplicated.shares[*at as usize] / all;
    }
    let mut cells: Vec<(u64, f32)> = Vec::new();
    for (at, community) in sample.iter().zip(communities) {
        for (term, _) in deduplicated.terms_of(graph, *at as usize) {
            let cell = u64::from(term) << 32 | u64::from(*community);
            cells.push((cell, deduplicated.shares[*at as usize]));
        }
    }
    // A stable sort, so that sums are made in one order.
    cells.sort_by_key(|cell| cell.0);
    for run in cells.chunk_by(|a, b| a.0 >> 32 == b.0 >> 32) {
        let sum: f32 = run.iter().map(|cell| cell.1).sum();
        let mut nats = 0.0;
        for cell in run.chunk_by(|a, b| a.0 == b.0) {
            let here = cell.iter().map(|cell| cell.1).sum::<f32>() / sum;
            nats += here * (here / shares[cell[0].0 as u32 as usize]).ln();
        }
        each((run[0].0 >> 32) as u32, sum, nats);
    }
}
