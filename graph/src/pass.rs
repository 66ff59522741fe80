//! The topics pass: from conversations to a snapshot. The heavy part only reads; what is to be remembered is adopted after.

use std::collections::BTreeMap;
use std::sync::{Arc, PoisonError, RwLock};

use discover_model::{ConversationId, NetworkId, TopicId};
use jiff::civil::Date;

use crate::graph::{Doc, Graph, NO_TOPIC};
use crate::identity::{Found, Memory};
use crate::labels::{candidates, choose};
use crate::layout::{Body, layout};
use crate::leiden::{Net, leiden, mass, net};
use crate::mask::{Frame, assemble};
use crate::measure::Member;
use crate::minhash::{self, mix};
use crate::neighbours::neighbours;
use crate::partition::levels;
use crate::snapshot::{MapEdge, Snapshot, Support, Topic};
use crate::weights::Weights;

/// Passes that may be overtaken by a removal before one is made with the graph locked.
const TRIES: usize = 2;

/// Makes a new snapshot: the heavy part under the read lock, so that relations are still answered; then the graph
/// remembers names, labels and places under the write lock. A pass that a removal overtook is made again.
pub fn refresh(graph: &RwLock<Graph>, today: Date) -> Arc<Snapshot> {
    for _ in 0..TRIES {
        let (outcome, removals) = {
            let graph = graph.read().unwrap_or_else(PoisonError::into_inner);
            (compute(&graph, today), graph.removals)
        };
        let mut graph = graph.write().unwrap_or_else(PoisonError::into_inner);
        if graph.removals == removals {
            return graph.adopt(outcome);
        }
    }
    let mut graph = graph.write().unwrap_or_else(PoisonError::into_inner);
    let outcome = compute(&graph, today);
    graph.adopt(outcome)
}

struct Outcome {
    snapshot: Snapshot,
    memory: Memory,
    /// Topics of each conversation, by slot.
    kept: Vec<[u32; 3]>,
}

impl Graph {
    fn adopt(&mut self, outcome: Outcome) -> Arc<Snapshot> {
        self.refill();
        self.memory = outcome.memory;
        for (doc, kept) in self.docs.iter_mut().zip(outcome.kept) {
            if let Some(doc) = doc {
                doc.kept = kept;
            }
        }
        Arc::new(outcome.snapshot)
    }
}

/// The conversations of a pass: one for each group of near copies stands for all.
struct Standing {
    /// Slot of each that stands for its group.
    slots: Vec<u32>,
    /// For every slot, the place of its group in `slots`.
    group: Vec<Option<u32>>,
}

fn standing(graph: &Graph) -> Standing {
    let signatures: Vec<_> = graph
        .docs
        .iter()
        .map(|doc| {
            doc.as_ref()
                .and_then(|doc| doc.signature.as_deref().copied())
        })
        .collect();
    let leaders = minhash::groups(&signatures, graph.parameters.copy_similarity);
    let mut group = vec![None; graph.docs.len()];
    let mut slots = Vec::new();
    for (slot, doc) in graph.docs.iter().enumerate() {
        if doc.is_none() {
            continue;
        }
        let leader = leaders[slot] as usize;
        if group[leader].is_none() {
            group[leader] = Some(slots.len() as u32);
            slots.push(leader as u32);
        }
        group[slot] = group[leader];
    }
    Standing { slots, group }
}

/// Links between conversations that stand for their group. First every term counts by its rarity; then, with a first
/// idea of what belongs together, by how much it tells about that too.
fn network(graph: &Graph, standing: &Standing) -> Net {
    let docs: Vec<&[(u32, u16)]> = standing
        .slots
        .iter()
        .map(|slot| {
            graph.docs[*slot as usize]
                .as_ref()
                .map_or(&[][..], |doc| &doc.terms)
        })
        .collect();
    let mut weights = Weights::by_rarity(&docs, graph.lexicon.len());
    let link = |weights: &Weights, newest: usize| {
        let vectors = weights.vectors(&docs, graph.parameters.topic_terms);
        let edges = neighbours(&vectors, graph.lexicon.len(), newest, &graph.parameters);
        net(docs.len(), &edges)
    };
    // A first idea needs fewer comparisons.
    let newest = graph.parameters.topic_postings;
    let first = link(&weights, newest / 2);
    let communities = leiden(
        &first,
        1.0 / mass(&first).max(f64::MIN_POSITIVE),
        None,
        None,
    );
    drop(first);
    weights.learn(&docs, &communities);
    link(&weights, newest)
}

fn compute(graph: &Graph, today: Date) -> Outcome {
    let parameters = &graph.parameters;
    let standing = standing(graph);
    let net = network(graph, &standing);
    let levels = levels(&net);
    let found = found(graph, &standing, &levels);
    let mut memory = graph.memory.next(&found, &graph.docs, today, parameters);
    let mut kept = vec![[NO_TOPIC; 3]; graph.docs.len()];
    for (place, found) in (0..).zip(&found) {
        for slot in &found.slots {
            kept[*slot as usize][found.level as usize] = place;
        }
    }
    let mut parts: Vec<(Topic, Support)> = Vec::with_capacity(found.len());
    let weights = centrality(&net, &standing, &levels);
    for (place, found) in found.iter().enumerate() {
        let support = support(graph, &standing, found, &weights);
        let label = choose(
            &support.labels,
            memory.topics[place].label.as_deref(),
            parameters.label_margin,
        );
        memory.topics[place].label = Some(label.clone());
        let parent = found
            .slots
            .first()
            .filter(|_| found.level > 0)
            .map(|slot| kept[*slot as usize][found.level as usize - 1]);
        let frame = Frame {
            id: memory.topics[place].id,
            level: found.level,
            parent: parent
                .and_then(|parent| memory.topics.get(parent as usize))
                .map(|kept| kept.id),
            label,
            history: memory.topics[place].history.clone(),
        };
        if let Some(topic) = assemble(frame, &support, today, parameters) {
            parts.push((topic, support));
        }
    }
    let edges = between(graph, &standing, &net, &kept, &memory);
    place(&mut memory, &parts, &edges, parameters);
    let positions = memory
        .topics
        .iter()
        .filter_map(|kept| Some((kept.id, kept.position?)))
        .collect();
    let aliases = memory
        .aliases
        .iter()
        .map(|(from, alias)| (*from, alias.to))
        .collect();
    let snapshot = Snapshot::of(
        parts,
        edges,
        positions,
        aliases,
        today,
        Arc::clone(parameters),
    )
    .with_groups(
        copies(graph, &standing),
        &discover_model::Visibility::default(),
    );
    Outcome {
        snapshot,
        memory,
        kept,
    }
}

/// Communities of two or more conversations, by level, then by first conversation.
fn found(graph: &Graph, standing: &Standing, levels: &[Vec<u32>; 3]) -> Vec<Found> {
    let mut all = Vec::new();
    for (level, communities) in (0..).zip(levels) {
        let mut slots: BTreeMap<u32, Vec<u32>> = BTreeMap::new();
        for (slot, group) in standing.group.iter().enumerate() {
            if let Some(group) = group {
                slots
                    .entry(communities[*group as usize])
                    .or_default()
                    .push(slot as u32);
            }
        }
        let mut list: Vec<Vec<u32>> = slots
            .into_values()
            .filter(|slots| slots.len() > 1)
            .collect();
        list.sort();
        for slots in list {
            let docs: Vec<&Doc> = slots
                .iter()
                .filter_map(|slot| graph.docs[*slot as usize].as_ref())
                .collect();
            let mut networks: Vec<NetworkId> = docs.iter().map(|doc| doc.facts.network).collect();
            networks.sort_unstable();
            networks.dedup();
            let last = docs
                .iter()
                .flat_map(|doc| doc.facts.posts.iter().map(|post| post.day))
                .max();
            all.push(Found {
                level,
                networks,
                last_active: last.unwrap_or(Date::ZERO),
                slots,
            });
        }
    }
    all
}

/// Weight of each standing conversation's links within its topic, by level.
fn centrality(net: &Net, standing: &Standing, levels: &[Vec<u32>; 3]) -> Vec<[f32; 3]> {
    (0..standing.slots.len() as u32)
        .map(|node| {
            let mut sums = [0.0; 3];
            for (&other, &weight) in net.neighbors_slice(node).iter().zip(net.edges_slice(node)) {
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

fn support(graph: &Graph, standing: &Standing, found: &Found, weights: &[[f32; 3]]) -> Support {
    let members: Vec<Member> = found
        .slots
        .iter()
        .filter_map(|slot| {
            let group = standing.group[*slot as usize]?;
            Some(Member {
                facts: Arc::clone(&graph.docs[*slot as usize].as_ref()?.facts),
                copies: group,
                weight: weights[group as usize][found.level as usize],
            })
        })
        .collect();
    let (labels, terms) = candidates(&members, &graph.lexicon, graph.slots.len() as f32);
    Support {
        members: members.into(),
        labels,
        terms,
    }
}

/// Links between topics of one level, by pair of networks.
fn between(
    graph: &Graph,
    standing: &Standing,
    net: &Net,
    kept: &[[u32; 3]],
    memory: &Memory,
) -> [Vec<MapEdge>; 3] {
    std::array::from_fn(|level| {
        let mut sums: BTreeMap<(u32, u32), BTreeMap<(NetworkId, NetworkId), f32>> = BTreeMap::new();
        for node in 0..net.node_count() as u32 {
            let slot = standing.slots[node as usize] as usize;
            for (&other, &weight) in net.neighbors_slice(node).iter().zip(net.edges_slice(node)) {
                let far = standing.slots[other as usize] as usize;
                let (a, b) = (kept[slot][level], kept[far][level]);
                if node >= other || a == b || a == NO_TOPIC || b == NO_TOPIC {
                    continue;
                }
                if let (Some(one), Some(two)) = (&graph.docs[slot], &graph.docs[far]) {
                    let (x, y) = (one.facts.network, two.facts.network);
                    let parts = sums.entry((a.min(b), a.max(b))).or_default();
                    *parts.entry((x.min(y), x.max(y))).or_default() += weight;
                }
            }
        }
        let mut edges: Vec<MapEdge> = sums
            .into_iter()
            .map(|((a, b), parts)| {
                let (a, b) = (memory.topics[a as usize].id, memory.topics[b as usize].id);
                MapEdge {
                    a: a.min(b),
                    b: a.max(b),
                    parts: parts
                        .into_iter()
                        .map(|((x, y), weight)| (x, y, weight))
                        .collect(),
                }
            })
            .collect();
        edges.sort_by_key(|edge| (edge.a, edge.b));
        edges
    })
}

/// Places the largest topics of each level that may be shown; unchanged topics and links keep their places.
fn place(
    memory: &mut Memory,
    parts: &[(Topic, Support)],
    edges: &[Vec<MapEdge>; 3],
    parameters: &crate::Parameters,
) {
    let place_of: BTreeMap<TopicId, usize> = memory
        .topics
        .iter()
        .enumerate()
        .map(|(at, kept)| (kept.id, at))
        .collect();
    for (level, edges) in edges.iter().enumerate() {
        let mut topics: Vec<&Topic> = parts
            .iter()
            .map(|(topic, _)| topic)
            .filter(|topic| topic.level as usize == level && topic.shown)
            .collect();
        topics.sort_by_key(|topic| (std::cmp::Reverse(topic.conversations), topic.id));
        topics.truncate(parameters.map_topics);
        topics.sort_by_key(|topic| topic.id);
        let number: BTreeMap<TopicId, usize> = topics
            .iter()
            .enumerate()
            .map(|(at, topic)| (topic.id, at))
            .collect();
        let links: Vec<(usize, usize, f32)> = edges
            .iter()
            .filter_map(|edge| {
                let weight: f32 = edge.parts.iter().map(|part| part.2).sum();
                Some((*number.get(&edge.a)?, *number.get(&edge.b)?, weight))
            })
            .collect();
        let mut key = 1_u64;
        for topic in &topics {
            key = mix(key ^ topic.id.as_u128() as u64 ^ topic.short_label.chars().count() as u64);
        }
        for (a, b, weight) in &links {
            key = mix(key ^ (*a as u64) << 32 ^ *b as u64 ^ u64::from(weight.to_bits()) << 20);
        }
        if key == memory.drawn_from[level] {
            continue;
        }
        memory.drawn_from[level] = key;
        let bodies: Vec<Body> = topics
            .iter()
            .map(|topic| Body {
                at: memory.topics[place_of[&topic.id]].position,
                size: topic.conversations,
                label: topic.short_label.chars().count(),
                seed: (topic.id.as_u128() >> 64) as u64,
            })
            .collect();
        let at = layout(
            &bodies,
            &links,
            parameters.layout_cold,
            parameters.layout_warm,
        );
        for kept in memory
            .topics
            .iter_mut()
            .filter(|kept| kept.level as usize == level)
        {
            kept.position = number.get(&kept.id).map(|place| at[*place]);
        }
    }
}

/// Groups of two or more near copies.
fn copies(graph: &Graph, standing: &Standing) -> Vec<Vec<(ConversationId, NetworkId)>> {
    let mut groups: Vec<Vec<(ConversationId, NetworkId)>> = vec![Vec::new(); standing.slots.len()];
    for (doc, group) in graph.docs.iter().zip(&standing.group) {
        if let (Some(doc), Some(group)) = (doc, group) {
            groups[*group as usize].push((doc.facts.id, doc.facts.network));
        }
    }
    groups.retain(|group| group.len() > 1);
    groups
}
