//! Words of every day: those that a language uses as it does its function words, learned from what is held. They may be
//! sought and count in relations; they bind nothing into a topic, name none and are no reason.
//!
//! What one network writes teaches nobody: where several speak a language, a word must be one of every day also without
//! any one of them.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use discover_model::text::Lengths;
use discover_model::{Language, NetworkId};

use crate::corpus::deduplicated::DeduplicatedCorpus;
use crate::graph::Graph;

/// By language, the terms of this pass that are used everywhere, by the numbers of this pass, ascending.
pub(crate) fn everyday(
    graph: &Graph,
    deduplicated: &DeduplicatedCorpus,
) -> BTreeMap<Option<Language>, Vec<u32>> {
    let mut places: BTreeMap<Option<Language>, Vec<(NetworkId, usize)>> = BTreeMap::new();
    for (at, slot) in deduplicated.slots.iter().enumerate() {
        if let Some(facts) = graph.facts(*slot) {
            let of_language = places.entry(facts.language).or_default();
            of_language.push((facts.network, at));
        }
    }
    let mut uses = vec![Uses::default(); deduplicated.terms];
    let mut everyday = BTreeMap::new();
    for (language, places) in places {
        let found = of_language(graph, deduplicated, &places, &mut uses);
        if !found.is_empty() {
            everyday.insert(language, found);
        }
    }
    everyday
}

/// Texts that use a term, and how often.
#[derive(Debug, Clone, Copy, Default)]
struct Uses {
    with: u32,
    times: u32,
}

impl Uses {
    fn add(&mut self, times: u32) {
        self.with += 1;
        self.times += times;
    }
}

/// `uses` is empty before and after.
fn of_language(
    graph: &Graph,
    deduplicated: &DeduplicatedCorpus,
    places: &[(NetworkId, usize)],
    uses: &mut [Uses],
) -> Vec<u32> {
    let mut lengths = Lengths::default();
    let mut by_network: BTreeMap<NetworkId, Vec<u32>> = BTreeMap::new();
    let mut met: Vec<u32> = Vec::new();
    let mut long: Vec<(NetworkId, usize)> = Vec::new();
    for (network, at) in places {
        let counted = counted(graph, deduplicated, *at);
        let length = counted.iter().map(|(_, times)| times).sum();
        let of_network = by_network.entry(*network).or_default();
        if !Lengths::counts(length) {
            continue;
        }
        lengths.add(length);
        of_network.push(length);
        long.push((*network, *at));
        for (term, times) in counted {
            let used = &mut uses[term as usize];
            if used.with == 0 {
                met.push(term);
            }
            used.add(times);
        }
    }
    let mut found: BTreeMap<u32, Uses> = BTreeMap::new();
    for term in met {
        let used = std::mem::take(&mut uses[term as usize]);
        if lengths.is_used_everywhere(used.with, used.times) {
            found.insert(term, used);
        }
    }
    if by_network.len() > 1 && !found.is_empty() {
        let alone = taught_by_one(graph, deduplicated, &long, &found, &lengths, &by_network);
        found.retain(|term, _| !alone.contains(term));
    }
    found.into_keys().collect()
}

/// Of these terms, those that are no words of every day without one of the networks.
fn taught_by_one(
    graph: &Graph,
    deduplicated: &DeduplicatedCorpus,
    long: &[(NetworkId, usize)],
    found: &BTreeMap<u32, Uses>,
    lengths: &Lengths,
    by_network: &BTreeMap<NetworkId, Vec<u32>>,
) -> BTreeSet<u32> {
    let mut shares: HashMap<(u32, NetworkId), Uses> = HashMap::new();
    for (network, at) in long {
        for (term, times) in counted(graph, deduplicated, *at) {
            if found.contains_key(&term) {
                shares.entry((term, *network)).or_default().add(times);
            }
        }
    }
    let mut without: BTreeMap<NetworkId, Lengths> = BTreeMap::new();
    let mut alone = BTreeSet::new();
    for ((term, network), own) in shares {
        let rest = without.entry(network).or_insert_with(|| {
            let mut rest = lengths.clone();
            for length in by_network.get(&network).into_iter().flatten() {
                rest.remove(*length);
            }
            rest
        });
        let all = found[&term];
        let (with, times) = (all.with - own.with, all.times.saturating_sub(own.times));
        if !rest.is_used_everywhere(with, times) {
            alone.insert(term);
        }
    }
    alone
}

/// Terms of a text, and how often each stands in it: a word of the title was counted several times.
fn counted(graph: &Graph, deduplicated: &DeduplicatedCorpus, at: usize) -> Vec<(u32, u32)> {
    let title = graph.parameters.title_weight;
    deduplicated
        .terms_of(graph, at)
        .map(|(term, count)| {
            let beyond = if title > 0 && count >= title {
                title - 1
            } else {
                0
            };
            (term, u32::from(count - beyond))
        })
        .collect()
}
