//! The topics pass: a function of what is held, whatever the order and rhythm in which it came.
//!
//! Members, ranks and relations depend on nothing else; ids, kept labels, history and places on the map are memory. The
//! heavy parts only read; what is to be remembered is adopted after. Between passes newcomers join what there is.

use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, PoisonError, RwLock};

use discover_model::ConversationId;
use jiff::civil::Date;

use crate::clustering::community::Community;
use crate::clustering::granularity::{Pick, grid, levels};
use crate::clustering::leiden::{Net, leiden};
use crate::clustering::meaning::{Meaning, Nearness, joint};
use crate::clustering::nearest_neighbours::neighbours;
use crate::clustering::subjects::Subjects;
use crate::clustering::topic_links::topic_links;
use crate::clustering::weights::Weights;
use crate::clustering::{COMMON, Clustering};
use crate::corpus::deduplicated::DeduplicatedCorpus;
use crate::corpus::everyday::everyday;
use crate::corpus::near_copies::mix;
use crate::corpus::place::Place;
use crate::graph::Graph;
use crate::publication::draw::draw;
use crate::publication::identity::Memory;
use crate::publication::snapshot::Snapshot;
use crate::relations::similarity::{Effort, units};

/// Passes that may be overtaken by a removal before one is made with the graph locked.
const TRIES: usize = 2;
/// Conversations from which it is learned what each term tells.
const SAMPLE: usize = 16_384;
/// By meaning, a member hangs on the subject where its nearness and the part of its links that stay within come to this.
const HANGS_BY_MEANING: f32 = 1.0;

/// Makes a topics pass by words alone; see [`refresh_with`].
pub fn refresh(graph: &RwLock<Graph>, today: Date) -> Arc<Snapshot> {
    refresh_with(graph, today, None)
}

/// Makes a topics pass where anything changed, and a new snapshot: the heavy parts under the read lock, so that
/// relations are still answered; then the graph remembers clusters, names, labels and places under the write lock. A
/// pass that a removal overtook is made again.
pub fn refresh_with(
    graph: &RwLock<Graph>,
    today: Date,
    meaning: Option<Meaning<'_>>,
) -> Arc<Snapshot> {
    let read = || graph.read().unwrap_or_else(PoisonError::into_inner);
    let write = || graph.write().unwrap_or_else(PoisonError::into_inner);
    for _ in 0..TRIES {
        {
            let mut graph = write();
            if graph.pass_due() {
                graph.tidy();
                // What was drawn need not be held beside what is drawn anew.
                graph.forget_drawn();
            }
        }
        let clusters = {
            let graph = read();
            graph.pass_due().then(|| {
                let clusters = cluster(&graph, today, meaning);
                (clusters, graph.removals, graph.waiting.len())
            })
        };
        {
            let mut graph = write();
            match clusters {
                Some((_, removals, _)) if removals != graph.removals => continue,
                Some((clusters, _, seen)) => graph.adopt(clusters, seen),
                None => {}
            }
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
    if graph.pass_due() {
        graph.tidy();
        let (clusters, seen) = (cluster(&graph, today, meaning), graph.waiting.len());
        graph.adopt(clusters, seen);
    }
    let drawn = draw(&graph, today);
    graph.remember(drawn)
}

/// Between passes: lets what came since join the topic of most of its neighbours, takes what went out of its topics,
/// and makes a snapshot of it. Costs next to nothing beside a pass.
pub fn join(graph: &RwLock<Graph>, today: Date) -> Arc<Snapshot> {
    let read = || graph.read().unwrap_or_else(PoisonError::into_inner);
    let write = || graph.write().unwrap_or_else(PoisonError::into_inner);
    for _ in 0..TRIES {
        let (places, removals, waiting) = {
            let graph = read();
            let places = graph.places_of_waiting();
            (places, graph.removals, graph.waiting.len())
        };
        {
            let mut graph = write();
            if graph.removals != removals {
                continue;
            }
            let seen = waiting.min(graph.waiting.len());
            let later = graph.waiting.split_off(seen);
            graph.adopt_places(places);
            graph.waiting = later;
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
    let places = graph.places_of_waiting();
    graph.adopt_places(places);
    let drawn = draw(&graph, today);
    graph.remember(drawn)
}

/// What a pass finds.
struct Clusters {
    memory: Memory,
    /// By slot.
    places: Vec<Place>,
    clustering: Clustering,
}

impl Graph {
    /// Whether anything changed since the last pass, or none was made by this process.
    fn pass_due(&self) -> bool {
        self.due || self.clustering.held == 0
    }

    /// `seen` is how many of those that waited the clusters know of.
    fn adopt(&mut self, clusters: Clusters, seen: usize) {
        self.memory = clusters.memory;
        self.clustering = clusters.clustering;
        for (doc, place) in self.docs.iter_mut().zip(clusters.places) {
            if let Some(doc) = doc {
                doc.place = place;
            }
        }
        // Mostly none is left, and the list was as long as all that is held.
        self.waiting = self.waiting.split_off(seen.min(self.waiting.len()));
        self.due = !self.waiting.is_empty();
        self.list_members();
        self.forget_drawn();
    }
}

fn cluster(graph: &Graph, today: Date, meaning: Option<Meaning<'_>>) -> Clusters {
    let deduplicated = DeduplicatedCorpus::of(graph);
    let (net, weights) = network(graph, &deduplicated, meaning);
    let mut subjects = Subjects::new(graph, &deduplicated, &weights);
    let nearness = |members: &[u32]| {
        // What a model finds to be on one subject is.
        let by_meaning = nearness_by_meaning(graph, &deduplicated, members, meaning);
        if by_meaning.is_some_and(|near| are_near(&near)) {
            return 1.0;
        }
        subjects.mean_nearness(members)
    };
    let pick = meaning.map_or(Pick::Coarsest, |_| Pick::Finest);
    let levels = levels(&net, &deduplicated.shares, pick, nearness);
    let central = centrality(&net, &levels);
    let linked = linked(&net, &central);
    let hang = |members: &[u32]| {
        let Some(near) = nearness_by_meaning(graph, &deduplicated, members, meaning) else {
            return subjects.hang(members, &linked);
        };
        let linked = members.iter().map(|member| linked[*member as usize]);
        near.into_iter()
            .zip(linked)
            .map(|(near, linked)| near.is_none_or(|near| near + linked >= HANGS_BY_MEANING))
            .collect()
    };
    let kept = kept(&levels, hang);
    let found = found(graph, &deduplicated, &levels, &kept);
    let memory = graph
        .memory
        .next(&found, &graph.docs, today, &graph.parameters);
    let units = units(graph, &deduplicated.order, Effort::OF_UNITS);
    let mut places: Vec<Place> = (0..graph.docs.len() as u32).map(Place::alone).collect();
    for (place, unit) in places.iter_mut().zip(units) {
        place.unit = unit;
    }
    for (topic, found) in (0..).zip(&found) {
        for slot in &found.slots {
            places[*slot as usize].topics[found.level as usize] = topic;
        }
    }
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
    let by_lexicon = |terms: Vec<u32>| {
        let numbers = terms.into_iter();
        let mut terms: Vec<u32> = numbers
            .map(|term| deduplicated.by_number[term as usize])
            .collect();
        terms.sort_unstable();
        terms
    };
    let everyday = weights.everyday.into_iter();
    let everyday = everyday.map(|(language, terms)| (language, by_lexicon(terms)));
    let by_meaning = found.iter().map(|found| {
        let ids = found.slots.iter().filter_map(|slot| graph.facts(*slot));
        let ids: Vec<ConversationId> = ids.map(|facts| facts.id).collect();
        let near = meaning.and_then(|meaning| (meaning.nearness)(&ids));
        near.is_some_and(|near| are_near(&near))
    });
    Clusters {
        clustering: Clustering {
            weights: weights_by_term,
            untold: weights.untold,
            common: common.collect(),
            held: graph.len().max(1) as u32,
            topic_links,
            everyday: everyday.collect(),
            by_meaning: by_meaning.collect(),
        },
        memory,
        places,
    }
}

/// Links between conversations that stand for their group. First every term counts by its rarity; then, with a first
/// idea of what belongs together, by how much it tells about that too. Neighbours by meaning join those by words.
fn network(
    graph: &Graph,
    deduplicated: &DeduplicatedCorpus,
    meaning: Option<Meaning<'_>>,
) -> (Net, Weights) {
    let parameters = &graph.parameters;
    let everyday = everyday(graph, deduplicated);
    let mut weights = Weights::by_rarity(graph, deduplicated, everyday);
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
    let first = first.net(|at| copies[sample[at] as usize], parameters.neighbours);
    let communities = leiden(&first, grid(1.0 / first.total().max(1e-9)), None, None);
    drop(first);
    weights.learn(graph, deduplicated, &sample, &communities);
    let all: Vec<u32> = (0..deduplicated.len() as u32).collect();
    let mut lists = link(&weights, &all, newest);
    if let Some(meaning) = meaning {
        let facts = |at: u32| graph.facts(deduplicated.slots[at as usize]);
        let id = |at: u32| facts(at).map(|facts| facts.id);
        let numbers: HashMap<ConversationId, u32> = (0..deduplicated.len() as u32)
            .filter_map(|at| Some((id(at)?, at)))
            .collect();
        let nearest = |at: u32| -> Vec<u32> {
            let near = id(at).map(meaning.nearest).unwrap_or_default();
            let near = near.into_iter();
            near.filter_map(|(id, _)| numbers.get(&id).copied())
                .collect()
        };
        let words = |a: u32, b: u32| {
            let (mut one, mut other) = (Vec::new(), Vec::new());
            let most = parameters.topic_terms;
            weights.vector(graph, deduplicated, a as usize, most, &mut one);
            weights.vector(graph, deduplicated, b as usize, most, &mut other);
            product(&one, &other)
        };
        let weigh = |a: u32, b: u32, words: f32| {
            let (Some(one), Some(other)) = (facts(a), facts(b)) else {
                return words;
            };
            let alike = (meaning.likeness)(one.id, other.id);
            joint(words, alike, one.language == other.language)
        };
        lists = lists.joined(nearest, words, weigh);
    }
    let net = lists.net(|at| copies[at], parameters.neighbours);
    (net, weights)
}

/// Product of two short vectors.
fn product(a: &[(u32, f32)], b: &[(u32, f32)]) -> f32 {
    let weight = |term: u32| b.iter().find(|other| other.0 == term).map(|other| other.1);
    let terms = a.iter();
    terms
        .filter_map(|(term, own)| Some(own * weight(*term)?))
        .sum()
}

/// How near these lie to their subject by a model of meaning; nothing where it cannot say.
fn nearness_by_meaning(
    graph: &Graph,
    deduplicated: &DeduplicatedCorpus,
    members: &[u32],
    meaning: Option<Meaning<'_>>,
) -> Option<Nearness> {
    let meaning = meaning?;
    let ids = members.iter().filter_map(|at| {
        let facts = graph.facts(deduplicated.slots[*at as usize])?;
        Some(facts.id)
    });
    (meaning.nearness)(&ids.collect::<Vec<ConversationId>>())
}

/// Whether at least half lie near their subject; those that are not judged count as near.
fn are_near(near: &[Option<f32>]) -> bool {
    let on = near
        .iter()
        .filter(|near| near.is_none_or(|near| near >= 1.0));
    on.count() * 2 >= near.len()
}

/// By level, which of those that stand hang on the subject of their community. What is let go from the middle level is
/// let go from the fine one too, which lies within.
fn kept(levels: &[Vec<u32>; 3], mut hang: impl FnMut(&[u32]) -> Vec<bool>) -> [Vec<bool>; 3] {
    let mut kept = levels.each_ref().map(|level| vec![true; level.len()]);
    for level in [1, 2] {
        let mut members: BTreeMap<u32, Vec<u32>> = BTreeMap::new();
        for (at, community) in (0..).zip(&levels[level]) {
            members.entry(*community).or_default().push(at);
        }
        for members in members.values().filter(|members| members.len() > 1) {
            for (at, hangs) in members.iter().zip(hang(members)) {
                kept[level][*at as usize] = hangs;
            }
        }
    }
    let [_, middle, fine] = &mut kept;
    for (fine, middle) in fine.iter_mut().zip(middle) {
        *fine &= *middle;
    }
    kept
}

/// Places of those from which weights are learned: all, or some that what they say chooses.
fn sample(graph: &Graph, deduplicated: &DeduplicatedCorpus) -> Vec<u32> {
    let every = deduplicated.len().div_ceil(SAMPLE).max(1) as u64;
    (0..deduplicated.len() as u32)
        .filter(|at| {
            let doc = graph.docs[deduplicated.slots[*at as usize] as usize].as_ref();
            every == 1 || doc.is_some_and(|doc| mix(doc.content).is_multiple_of(every))
        })
        .collect()
}

/// Communities of two or more conversations, by level, then by first conversation.
fn found(
    graph: &Graph,
    deduplicated: &DeduplicatedCorpus,
    levels: &[Vec<u32>; 3],
    kept: &[Vec<bool>; 3],
) -> Vec<Community> {
    let mut all = Vec::new();
    for (level, (communities, kept)) in (0..).zip(levels.iter().zip(kept)) {
        let mut slots: BTreeMap<u32, Vec<u32>> = BTreeMap::new();
        for slot in &deduplicated.order {
            if let Some(group) = deduplicated.group[*slot as usize]
                && kept[group as usize]
            {
                let community = communities[group as usize];
                slots.entry(community).or_default().push(*slot);
            }
        }
        let several = slots.into_values().filter(|slots| slots.len() > 1);
        all.extend(several.map(|slots| Community::of(level, slots, &graph.docs)));
    }
    all
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

/// Part of the links of each that stay within its topic of the middle level; its near copies are links of its own.
fn linked(net: &Net, central: &[[f32; 3]]) -> Vec<f32> {
    (0..net.nodes() as u32)
        .zip(central)
        .map(|(node, [_, within, _])| {
            let all: f32 = net.edges(node).map(|(_, weight)| weight).sum();
            let own = (net.mass(node) as f32 - all).max(0.0);
            (within + own) / (all + own).max(f32::MIN_POSITIVE)
        })
        .collect()
}
