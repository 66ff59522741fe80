//! From clusters to a snapshot: labels, counts, links and places of topics. Only topics that changed are made anew;
//! a topic is a function of its members, of what the last whole pass left, and of the day.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use discover_model::TopicId;
use jiff::civil::Date;

use crate::graph::{Facts, Graph, NO_TOPIC};
use crate::labels::{candidates, choose};
use crate::layout::{Body, layout};
use crate::mask::{Frame, assemble};
use crate::measure::Member;
use crate::minhash::mix;
use crate::snapshot::{Leads, MapEdge, Membership, Part, Snapshot, Support};
use crate::standing::order;

/// A snapshot, and what the graph is to remember of it.
pub(crate) struct Drawn {
    snapshot: Arc<Snapshot>,
    /// By place in the memory's list.
    labels: Vec<(u32, String)>,
    /// Of the levels that were laid out anew.
    positions: [Option<Positions>; 3],
    /// What each level was laid out from.
    keys: [u64; 3],
}

/// Where topics stand on the map, by place in the memory's list.
type Positions = Vec<Option<(f32, f32)>>;

impl Graph {
    pub(crate) fn remember(&mut self, drawn: Drawn) -> Arc<Snapshot> {
        for (topic, label) in drawn.labels {
            if let Some(kept) = self.memory.topics.get_mut(topic as usize) {
                kept.label = Some(label);
            }
        }
        for (level, positions) in (0..).zip(drawn.positions) {
            let Some(positions) = positions else { continue };
            for (kept, position) in self.memory.topics.iter_mut().zip(positions) {
                if kept.level == level {
                    kept.position = position;
                }
            }
        }
        self.memory.drawn_from = drawn.keys;
        self.touched.clear();
        self.moved.clear();
        self.drawn = Some(Arc::clone(&drawn.snapshot));
        drawn.snapshot
    }

    pub(crate) fn facts(&self, slot: u32) -> Option<&Arc<Facts>> {
        let doc = self.docs.get(slot as usize)?.as_ref()?;
        Some(&doc.facts)
    }
}

pub(crate) fn draw(graph: &Graph, today: Date) -> Drawn {
    let last = graph.drawn.as_ref().filter(|last| last.drawn == today);
    let mut labels = Vec::new();
    let mut parts: Vec<Part> = Vec::with_capacity(graph.memory.topics.len());
    for (topic, kept) in (0..).zip(&graph.memory.topics) {
        if let Some(last) = last
            && !graph.touched.contains(&topic)
        {
            parts.extend(last.part(kept.id));
            continue;
        }
        let slots = graph
            .rosters
            .get(topic as usize)
            .cloned()
            .unwrap_or_default();
        if slots.len() < 2 {
            continue;
        }
        let support = support(graph, &order(graph, slots), kept.level);
        let margin = graph.parameters.label_margin;
        let label = choose(&support.labels, kept.label.as_deref(), margin);
        labels.push((topic, label.clone()));
        let frame = Frame {
            id: kept.id,
            level: kept.level,
            parent: parent(graph, topic, kept.level),
            label,
            history: kept.history.clone(),
        };
        if let Some(topic) = assemble(frame, &support, today, &graph.parameters) {
            parts.push(Part {
                topic: Arc::new(topic),
                support: Arc::new(support),
            });
        }
    }
    let edges = edges(graph);
    let mut positions: BTreeMap<TopicId, (f32, f32)> = graph
        .memory
        .topics
        .iter()
        .filter_map(|kept| Some((kept.id, kept.position?)))
        .collect();
    let mut keys = graph.memory.drawn_from;
    let laid_out =
        std::array::from_fn(|level| place(graph, level, &parts, &edges[level], &mut keys[level]));
    for places in laid_out.iter().flatten() {
        for (kept, position) in graph.memory.topics.iter().zip(places) {
            if let Some(position) = position {
                positions.insert(kept.id, *position);
            }
        }
    }
    let leads = graph.memory.aliases.iter().map(|(from, alias)| {
        let networks = Arc::from(alias.networks.as_slice());
        (
            *from,
            Leads {
                to: alias.to,
                networks,
            },
        )
    });
    let snapshot = Snapshot::of(
        parts,
        edges,
        positions,
        leads.collect(),
        membership(graph, last.map(Arc::as_ref)),
        copies(graph),
        today,
        Arc::clone(&graph.parameters),
    );
    Drawn {
        snapshot: Arc::new(snapshot),
        labels,
        positions: laid_out,
        keys,
    }
}

fn support(graph: &Graph, slots: &[u32], level: u8) -> Support {
    let members: Vec<Member> = slots
        .iter()
        .filter_map(|slot| {
            let doc = graph.docs[*slot as usize].as_ref()?;
            let leader = graph.docs.get(doc.place.copies as usize)?.as_ref();
            Some(Member {
                facts: Arc::clone(&doc.facts),
                copies: doc.place.copies,
                weight: leader.map_or(0.0, |leader| leader.place.weights[level as usize]),
            })
        })
        .collect();
    let (labels, terms) = candidates(&members, graph);
    Support {
        members: members.into(),
        labels,
        terms,
    }
}

/// The topic around one, where all of it lies within.
fn parent(graph: &Graph, topic: u32, level: u8) -> Option<TopicId> {
    let above = usize::from(level).checked_sub(1)?;
    let slot = graph.rosters[topic as usize].first()?;
    let parent = graph.docs[*slot as usize].as_ref()?.place.topics[above];
    let kept = graph.memory.topics.get(parent as usize)?;
    Some(kept.id)
}

/// The conversations' topics: all of them, or what moved since the last pass on top of what it said.
fn membership(graph: &Graph, last: Option<&Snapshot>) -> Membership {
    let ids = graph.memory.topics.iter().map(|kept| kept.id).collect();
    let topics = |slot: u32| {
        graph.docs[slot as usize]
            .as_ref()
            .map(|doc| doc.place.topics)
    };
    if let Some(last) = last {
        let mut moved = HashMap::clone(&last.membership.moved);
        for id in &graph.moved {
            let slot = graph.slots.get(id);
            let topics = slot.and_then(|slot| topics(*slot)).unwrap_or([NO_TOPIC; 3]);
            moved.insert(*id, topics);
        }
        return Membership {
            all: Arc::clone(&last.membership.all),
            moved: Arc::new(moved),
            ids: Arc::new(ids),
        };
    }
    let all = graph
        .docs
        .iter()
        .flatten()
        .filter(|doc| doc.place.topics != [NO_TOPIC; 3])
        .map(|doc| (doc.facts.id, doc.place.topics));
    let mut all: Vec<_> = all.collect();
    all.sort_unstable();
    Membership {
        all: Arc::new(all),
        moved: Arc::default(),
        ids: Arc::new(ids),
    }
}

/// Groups of two or more near copies, each with the one that stands for it first.
fn copies(graph: &Graph) -> Vec<Arc<[Arc<Facts>]>> {
    let group = |(leader, followers): (&u32, &Vec<u32>)| {
        let slots = std::iter::once(leader).chain(followers);
        slots
            .filter_map(|slot| graph.facts(*slot).cloned())
            .collect()
    };
    graph.groups.iter().map(group).collect()
}

/// Links between topics of one level.
fn edges(graph: &Graph) -> [Vec<MapEdge>; 3] {
    let id = |topic: u32| graph.memory.topics.get(topic as usize).map(|kept| kept.id);
    std::array::from_fn(|level| {
        let mut edges: Vec<MapEdge> = graph.clustering.ties[level]
            .iter()
            .filter_map(|((a, b), ties)| {
                let (a, b) = (id(*a)?, id(*b)?);
                let parts = ties.iter().filter_map(|tie| {
                    let ends = (graph.facts(tie.from)?, graph.facts(tie.to)?);
                    Some((Arc::clone(ends.0), Arc::clone(ends.1), tie.weight))
                });
                Some(MapEdge {
                    a: a.min(b),
                    b: a.max(b),
                    parts: parts.collect(),
                })
            })
            .collect();
        edges.sort_by_key(|edge| (edge.a, edge.b));
        edges
    })
}

/// Places the largest topics of a level that may be shown; nothing where all of it is as it was. Positions are by
/// place in the memory's list.
fn place(
    graph: &Graph,
    level: usize,
    parts: &[Part],
    edges: &[MapEdge],
    drawn_from: &mut u64,
) -> Option<Positions> {
    let memory = &graph.memory;
    let place_of: BTreeMap<TopicId, usize> = memory
        .topics
        .iter()
        .enumerate()
        .map(|(at, kept)| (kept.id, at))
        .collect();
    let mut topics: Vec<_> = parts
        .iter()
        .map(|part| &part.topic)
        .filter(|topic| topic.level as usize == level && topic.shown)
        .collect();
    topics.sort_by_key(|topic| (std::cmp::Reverse(topic.texts), topic.id));
    topics.truncate(graph.parameters.map_topics);
    topics.sort_by_key(|topic| topic.id);
    let number: BTreeMap<TopicId, usize> = topics
        .iter()
        .enumerate()
        .map(|(at, topic)| (topic.id, at))
        .collect();
    let links: Vec<(usize, usize, f32)> = edges
        .iter()
        .filter_map(|edge| Some((*number.get(&edge.a)?, *number.get(&edge.b)?, edge.weight())))
        .collect();
    let mut key = 1_u64;
    for topic in &topics {
        key = mix(key ^ topic.id.as_u128() as u64 ^ topic.short_label.chars().count() as u64);
    }
    for (a, b, weight) in &links {
        key = mix(key ^ (*a as u64) << 32 ^ *b as u64 ^ u64::from(weight.to_bits()) << 20);
    }
    if key == *drawn_from {
        return None;
    }
    *drawn_from = key;
    let bodies: Vec<Body> = topics
        .iter()
        .map(|topic| Body {
            at: memory.topics[place_of[&topic.id]].position,
            size: topic.texts,
            label: topic.short_label.chars().count(),
            seed: (topic.id.as_u128() >> 64) as u64,
        })
        .collect();
    let parameters = &graph.parameters;
    let at = layout(
        &bodies,
        &links,
        parameters.layout_cold,
        parameters.layout_warm,
    );
    let positions = memory
        .topics
        .iter()
        .map(|kept| number.get(&kept.id).map(|place| at[*place]));
    Some(positions.collect())
}
