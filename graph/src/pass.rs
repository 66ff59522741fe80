//! The topics pass. A *whole* pass clusters everything anew: a function of what is held, not of how it came. Between
//! whole passes new and changed conversations are *settled* one by one among the topics there are, and only topics
//! that changed are drawn anew. The heavy parts only read; what is to be remembered is adopted after.

use std::collections::BTreeMap;
use std::sync::{Arc, PoisonError, RwLock};

use discover_model::NetworkId;
use jiff::civil::Date;

use crate::clustering::granularity::{grid, levels};
use crate::clustering::leiden::{Net, leiden};
use crate::clustering::nearest_neighbours::neighbours;
use crate::clustering::topic_links::topic_links;
use crate::clustering::weights::Weights;
use crate::corpus::deduplicated::DeduplicatedCorpus;
use crate::corpus::doc::Doc;
use crate::corpus::near_copies::mix;
use crate::graph::{Graph, NO_TOPIC, Place};
use crate::publication::draw::draw;
use crate::publication::identity::{Found, Memory};
use crate::publication::snapshot::Snapshot;
use crate::settle::{COMMON, Clustering};

/// Passes that may be overtaken by a removal before one is made with the graph locked.
const TRIES: usize = 2;
/// Conversations up to which every pass is whole.
const SMALL: usize = 2_000;
/// A whole pass is due when so large a part of what the last one saw has come, changed or gone.
const GROWTH: f64 = 0.5;
/// Conversations from which it is learned what each term tells.
const SAMPLE: usize = 16_384;

/// Makes a new snapshot: the heavy parts under the read lock, so that relations are still answered; then the graph
/// remembers clusters, names, labels and places under the write lock. A pass that a removal overtook is made again.
pub fn refresh(graph: &RwLock<Graph>, today: Date) -> Arc<Snapshot> {
    let read = || graph.read().unwrap_or_else(PoisonError::into_inner);
    let write = || graph.write().unwrap_or_else(PoisonError::into_inner);
    for _ in 0..TRIES {
        {
            let mut graph = write();
            if graph.whole_pass_due() {
                graph.tidy();
                // What was drawn need not be held beside what is drawn anew.
                graph.forget_drawn();
            }
        }
        let clusters = {
            let graph = read();
            graph
                .whole_pass_due()
                .then(|| (cluster(&graph, today), graph.removals, graph.dirty.len()))
        };
        {
            let mut graph = write();
            match clusters {
                Some((_, removals, _)) if removals != graph.removals => continue,
                Some((clusters, _, seen)) => graph.adopt(clusters, seen),
                None => {}
            }
            graph.settle(today);
        }
        let (drawn, removals) = {
            let graph = read();
            (draw(&graph, today), graph.removals)
        };
        let mut graph = write();
        if graph.removals == removals {
            return graph.remember(drawn);
        }
    }
    let mut graph = write();
    if graph.whole_pass_due() {
        graph.tidy();
        let (clusters, seen) = (cluster(&graph, today), graph.dirty.len());
        graph.adopt(clusters, seen);
    }
    graph.settle(today);
    let drawn = draw(&graph, today);
    graph.remember(drawn)
}

/// What a whole pass finds.
struct Clusters {
    memory: Memory,
    /// By slot.
    places: Vec<Place>,
    clustering: Clustering,
}

impl Graph {
    /// Whether so much changed that everything must be clustered anew.
    fn whole_pass_due(&self) -> bool {
        let changed = f64::from(self.clustering.changed);
        self.due
            || !self.dirty.is_empty()
                && (self.slots.len() <= SMALL || changed > GROWTH * f64::from(self.clustering.held))
    }

    /// `seen` is how many changes the clusters know of.
    fn adopt(&mut self, clusters: Clusters, seen: usize) {
        self.refill();
        self.memory = clusters.memory;
        self.clustering = clusters.clustering;
        self.due = false;
        for (doc, place) in self.docs.iter_mut().zip(clusters.places) {
            if let Some(doc) = doc {
                doc.place = place;
            }
        }
        // Mostly none is left, and the list was as long as all that is held.
        self.dirty = self.dirty.split_off(seen.min(self.dirty.len()));
        self.gone.clear();
        self.young.clear();
        self.list_members();
        self.forget_drawn();
    }
}

fn cluster(graph: &Graph, today: Date) -> Clusters {
    let deduplicated = DeduplicatedCorpus::of(graph);
    let (net, weights) = network(graph, &deduplicated);
    let levels = levels(&net, &deduplicated.shares);
    let found = found(graph, &deduplicated, &levels.of, &net);
    let memory = graph
        .memory
        .next(&found, &graph.docs, today, &graph.parameters);
    let mut places: Vec<Place> = (0..graph.docs.len() as u32).map(Place::alone).collect();
    for (topic, found) in (0..).zip(&found) {
        for slot in &found.slots {
            places[*slot as usize].topics[found.level as usize] = topic;
        }
    }
    let central = centrality(&net, &levels.of);
    for slot in &deduplicated.order {
        if let Some(group) = deduplicated.group[*slot as usize] {
            places[*slot as usize].copies = deduplicated.slots[group as usize];
            places[*slot as usize].weights = central[group as usize];
        }
    }
    let topics = |slot: u32| places[slot as usize].topics;
    let topic_links = topic_links(&deduplicated.slots, &net, topics, &found, &graph.parameters);
    let weights_by_term = deduplicated.by_lexicon(&weights.weight, f32::NAN);
    let shares = deduplicated.by_lexicon(&weights.shares(&deduplicated), 0.0);
    let common = (0..).zip(shares).filter(|(_, share)| *share > COMMON);
    Clusters {
        clustering: Clustering {
            weights: weights_by_term,
            untold: weights.untold,
            common: common.collect(),
            gamma: levels.gamma,
            held: graph.slots.len() as u32,
            changed: 0,
            topic_links,
        },
        memory,
        places,
    }
}

/// Links between conversations that stand for their group. First every term counts by its rarity; then, with a first
/// idea of what belongs together, by how much it tells about that too.
fn network(graph: &Graph, deduplicated: &DeduplicatedCorpus) -> (Net, Weights) {
    let parameters = &graph.parameters;
    let mut weights = Weights::by_rarity(graph, deduplicated);
    let sample = sample(graph, deduplicated);
    let copies = deduplicated.copies();
    let link = |weights: &Weights, places: &[u32], newest: usize| {
        let most = parameters.topic_terms;
        let vector = |at: usize, out: &mut Vec<(u32, f32)>| {
            weights.vector(graph, deduplicated, places[at] as usize, most, out);
        };
        let copies = |at: usize| copies[places[at] as usize];
        neighbours(
            places.len(),
            vector,
            deduplicated.terms,
            newest,
            copies,
            parameters,
        )
    };
    // A first idea needs fewer comparisons.
    let newest = parameters.topic_postings;
    let first = link(&weights, &sample, newest / 2);
    let communities = leiden(&first, grid(1.0 / first.total().max(1e-9)), None, None);
    drop(first);
    weights.learn(graph, deduplicated, &sample, &communities);
    let all: Vec<u32> = (0..deduplicated.len() as u32).collect();
    let net = link(&weights, &all, newest);
    (net, weights)
}

/// Places of those from which weights are learned: all, or some that their ids choose.
fn sample(graph: &Graph, deduplicated: &DeduplicatedCorpus) -> Vec<u32> {
    let every = deduplicated.len().div_ceil(SAMPLE).max(1) as u64;
    (0..deduplicated.len() as u32)
        .filter(|at| {
            let doc = graph.docs[deduplicated.slots[*at as usize] as usize].as_ref();
            every == 1
                || doc.is_some_and(|doc| mix(doc.facts.id.as_u128() as u64).is_multiple_of(every))
        })
        .collect()
}

/// Communities of two or more conversations, by level, then by first conversation.
fn found(
    graph: &Graph,
    deduplicated: &DeduplicatedCorpus,
    levels: &[Vec<u32>; 3],
    net: &Net,
) -> Vec<Found> {
    let mut all = Vec::new();
    for (level, communities) in (0..).zip(levels) {
        let mut slots: BTreeMap<u32, Vec<u32>> = BTreeMap::new();
        for slot in &deduplicated.order {
            if let Some(group) = deduplicated.group[*slot as usize] {
                let community = communities[group as usize];
                slots.entry(community).or_default().push(*slot);
            }
        }
        let mut masses = vec![0.0; communities.len()];
        for (node, community) in communities.iter().enumerate() {
            masses[*community as usize] += net.mass(node as u32);
        }
        for (community, slots) in slots {
            if slots.len() > 1 {
                all.push(Found::of(
                    level,
                    slots,
                    masses[community as usize],
                    &graph.docs,
                ));
            }
        }
    }
    all
}

impl Found {
    pub(crate) fn of(level: u8, slots: Vec<u32>, mass: f64, docs: &[Option<Doc>]) -> Self {
        let held = || {
            slots
                .iter()
                .filter_map(|slot| docs[*slot as usize].as_ref())
        };
        let mut networks: Vec<NetworkId> = held().map(|doc| doc.facts.network).collect();
        networks.sort_unstable();
        networks.dedup();
        let last = held()
            .flat_map(|doc| doc.facts.posts.iter().filter_map(|post| post.day))
            .max();
        Self {
            level,
            networks,
            last_active: last.unwrap_or(Date::ZERO),
            mass,
            slots,
        }
    }
}

/// Weight of each standing conversation's links within its topic, by level.
fn centrality(net: &Net, levels: &[Vec<u32>; 3]) -> Vec<[f32; 3]> {
    (0..net.nodes() as u32)
        .map(|node| {
            let mut sums = [0.0; 3];
            for (other, weight) in net.edges(node) {
                for (sum, level) in sums.iter_mut().zip(levels) {
                    if level[other as usize] == level[node as usize] {
                        *sum += weight;
                    }
                }
            }
            sums
        })
        .collect()
}

impl Place {
    pub(crate) const fn alone(slot: u32) -> Self {
        Self {
            topics: [NO_TOPIC; 3],
            copies: slot,
            weights: [0.0; 3],
        }
    }
}
