//! The conversations of a pass, in an order that does not depend on how they came: by day, then by what is said. One of each
//! group of near copies, the first, stands for all.

use discover_model::NetworkId;
use std::collections::BTreeMap;

use crate::corpus::doc::Term;
use crate::corpus::near_copies;
use crate::graph::Graph;

#[derive(Debug)]
pub(crate) struct DeduplicatedCorpus {
    /// Slots of all conversations, in order.
    pub(crate) order: Vec<u32>,
    /// Slot of each that stands for its group, in order.
    pub(crate) slots: Vec<u32>,
    /// For every slot, the place of its group in `slots`.
    pub(crate) group: Vec<Option<u32>>,
    /// How much each that stands counts in the statistics: a network by the root of how many it has, spread evenly
    /// over them; one on average.
    pub(crate) shares: Vec<f32>,
    /// Numbers for terms, in order of first use by those that stand.
    numbers: Vec<u32>,
    pub(crate) terms: usize,
    /// The lexicon's number of each.
    pub(crate) by_number: Vec<u32>,
}

const UNUSED: u32 = u32::MAX;

impl DeduplicatedCorpus {
    pub(crate) fn of(graph: &Graph) -> Self {
        let order = order(graph, (0..graph.docs.len() as u32).collect());
        let signatures: Vec<_> = order.iter().map(|slot| graph.signature_of(*slot)).collect();
        let leaders = near_copies::groups(&signatures, graph.parameters.copy_similarity);
        drop(signatures);
        let mut group = vec![None; graph.docs.len()];
        let mut slots = Vec::new();
        for (slot, leader) in order.iter().zip(&leaders) {
            let leader = order[*leader as usize];
            if group[leader as usize].is_none() {
                group[leader as usize] = Some(slots.len() as u32);
                slots.push(leader);
            }
            group[*slot as usize] = group[leader as usize];
        }
        let mut deduplicated = Self {
            shares: shares(graph, &slots),
            order,
            slots,
            group,
            numbers: vec![UNUSED; graph.lexicon.len()],
            terms: 0,
            by_number: Vec::new(),
        };
        for slot in &deduplicated.slots {
            for term in graph.terms_of(*slot) {
                let number = &mut deduplicated.numbers[term.number as usize];
                if *number == UNUSED {
                    *number = deduplicated.terms as u32;
                    deduplicated.terms += 1;
                    deduplicated.by_number.push(term.number);
                }
            }
        }
        deduplicated
    }

    pub(crate) fn len(&self) -> usize {
        self.slots.len()
    }

    /// Near copies of each that stands.
    pub(crate) fn copies(&self) -> Vec<u32> {
        let mut copies = vec![0_u32; self.slots.len()];
        for (slot, group) in (0..).zip(&self.group) {
            if let Some(group) = group
                && self.slots[*group as usize] != slot
            {
                copies[*group as usize] += 1;
            }
        }
        copies
    }

    /// The terms of one that stands, by the numbers of this pass, with how often it uses them.
    pub(crate) fn terms_of<'a>(
        &'a self,
        graph: &'a Graph,
        at: usize,
    ) -> impl Iterator<Item = (u32, u16)> + 'a {
        graph
            .terms_of(self.slots[at])
            .map(|term: Term| (self.numbers[term.number as usize], term.count))
    }

    /// Values by this pass's numbers, as values by the lexicon's.
    pub(crate) fn by_lexicon(&self, values: &[f32], missing: f32) -> Vec<f32> {
        self.numbers
            .iter()
            .map(|number| values.get(*number as usize).copied().unwrap_or(missing))
            .collect()
    }
}

/// Slots that hold a conversation, by content key.
pub(crate) fn order(graph: &Graph, slots: Vec<u32>) -> Vec<u32> {
    let mut keyed: Vec<_> = slots
        .into_iter()
        .filter_map(|slot| {
            graph.docs[slot as usize].as_ref()?;
            Some((graph.content_key(slot), slot))
        })
        .collect();
    keyed.sort_unstable();
    keyed.into_iter().map(|(_, slot)| slot).collect()
}

fn shares(graph: &Graph, slots: &[u32]) -> Vec<f32> {
    let networks: Vec<Option<NetworkId>> = slots
        .iter()
        .map(|slot| Some(graph.docs[*slot as usize].as_ref()?.facts.network))
        .collect();
    let mut counts: BTreeMap<Option<NetworkId>, f64> = BTreeMap::new();
    for network in &networks {
        *counts.entry(*network).or_default() += 1.0;
    }
    // In order of size: ids are drawn at random, and the order of a sum shows in its last digit.
    let mut roots: Vec<f64> = counts.values().map(|count| count.sqrt()).collect();
    roots.sort_unstable_by(f64::total_cmp);
    let roots: f64 = roots.iter().sum();
    let scale = slots.len() as f64 / roots.max(1.0);
    networks
        .iter()
        .map(|network| (scale / counts[network].sqrt()) as f32)
        .collect()
}
