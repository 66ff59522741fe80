//! From clusters to a snapshot: labels, counts, links and places of topics. Only topics that changed are made anew;
//! a topic is a function of its members, of what the last whole pass left, and of the day.

use std::collections::{BTreeMap, BTreeSet};
use std::io::Write;
use std::sync::Arc;

use discover_model::{NetworkId, TopicId};
use jiff::civil::Date;

use crate::corpus::deduplicated::order;
use crate::corpus::facts::Facts;
use crate::corpus::near_copies::mix;
use crate::corpus::place::NO_TOPIC;
use crate::graph::{Graph, GraphError, read_saved, write};
use crate::publication::coherence::Coherence;
use crate::publication::identity::Kept;
use crate::publication::labels::{by_language, candidates};
use crate::publication::layout::{Body, group, layout};
use crate::publication::mask::{Frame, Names, assemble, keep_borne_out};
use crate::publication::measure::Member;
use crate::publication::snapshot::{Leads, Membership, PublishedTopic, Snapshot, Support};
use crate::publication::topic_graph::TopicGraph;

/// A snapshot, and what the graph is to remember of it.
pub(crate) struct Drawn {
    snapshot: Arc<Snapshot>,
    /// Topics that were made anew as they are to be remembered, by place in the memory's list.
    kept: Vec<(u32, Kept)>,
    /// What each level was laid out from.
    keys: [u64; 3],
}

impl Graph {
    pub(crate) fn remember(&mut self, drawn: Drawn) -> Arc<Snapshot> {
        for (topic, now) in drawn.kept {
            if let Some(kept) = self.memory.topics.get_mut(topic as usize) {
                *kept = now;
            }
        }
        for kept in &mut self.memory.topics {
            // One that has no room on the map now will come back to where it was.
            if let Some(position) = drawn.snapshot.positions.get(&kept.id) {
                kept.position = Some(*position);
            }
        }
        self.memory.drawn_from = drawn.keys;
        self.forget_drawn();
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
    let mut remembered = Vec::new();
    let mut parts: Vec<PublishedTopic> = Vec::with_capacity(graph.memory.topics.len());
    for (topic, kept) in (0..).zip(&graph.memory.topics) {
        if let Some(last) = last
            && !graph.touched.contains(&topic)
        {
            parts.extend(last.part(kept.id));
            continue;
        }
        let members = all_members(graph, topic, kept.level);
        let mut kept = kept.clone();
        if !members.is_empty() {
            let (networks, last_active) = active(&members);
            kept.note(members.len() as u32, networks, last_active, today);
            kept.keep_latest(graph.parameters.max_history);
        }
        if members.len() > 1 {
            let (coherence, turns) = Coherence::of(&members, graph);
            let (labels, terms) = candidates(&members, &coherence, &turns, graph);
            let by_meaning = graph.clustering.by_meaning.get(topic as usize);
            let support = Support {
                by_meaning: by_meaning.copied().unwrap_or_default(),
                languages: by_language(&members, graph),
                members: members.into(),
                labels,
                terms,
                coherence,
            };
            let names = Names::of(
                &support,
                kept.label.as_deref(),
                &kept.labels,
                graph.parameters.label_margin,
            );
            kept.rename(&names.label, today);
            keep_borne_out(&mut kept.history, &support);
            kept.labels.clone_from(&names.labels);
            let frame = Frame {
                id: kept.id,
                level: kept.level,
                parent: parent(graph, topic, kept.level),
                names,
                history: kept.history.clone(),
            };
            if let Some(topic) = assemble(frame, &support, today, &graph.parameters) {
                parts.push(PublishedTopic {
                    topic: Arc::new(topic),
                    support: Arc::new(support),
                });
            }
        }
        remembered.push((topic, kept));
    }
    let edges = edges(graph);
    let known: BTreeMap<TopicId, (f32, f32)> = graph
        .memory
        .topics
        .iter()
        .filter_map(|kept| Some((kept.id, kept.position?)))
        .collect();
    let mut keys = graph.memory.drawn_from;
    let maps = std::array::from_fn::<_, 3, _>(|level| {
        let key = &mut keys[level];
        place(graph, level, &parts, &edges[level], &known, key)
    });
    let positions: BTreeMap<TopicId, (f32, f32)> = maps.iter().flatten().copied().collect();
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
        membership(graph),
        copies(graph),
        today,
        Arc::clone(&graph.parameters),
    );
    Drawn {
        snapshot: Arc::new(snapshot),
        kept: remembered,
        keys,
    }
}

/// A conversation as a member of its topic of this level.
fn member(graph: &Graph, slot: u32, level: u8) -> Option<Member> {
    let doc = graph.docs[slot as usize].as_ref()?;
    let leader = graph.docs.get(doc.place.copies as usize)?.as_ref();
    Some(Member {
        facts: Arc::clone(&doc.facts),
        copies: doc.place.copies,
        weight: leader.map_or(0.0, |leader| leader.place.weights[level as usize]),
    })
}

/// A topic's members, by first day, then id.
fn all_members(graph: &Graph, topic: u32, level: u8) -> Vec<Member> {
    let slots = graph.rosters.get(topic as usize).cloned();
    order(graph, slots.unwrap_or_default())
        .into_iter()
        .filter_map(|slot| member(graph, slot, level))
        .collect()
}

/// The networks that members are from, and the day of their latest post.
fn active(members: &[Member]) -> (Vec<NetworkId>, Date) {
    let mut networks = BTreeSet::new();
    let mut last = Date::ZERO;
    for member in members {
        networks.insert(member.facts.network);
        let days = member.facts.posts.iter().filter_map(|post| post.day);
        last = days.fold(last, Date::max);
    }
    (networks.into_iter().collect(), last)
}

/// The topic around one, where all of it lies within.
fn parent(graph: &Graph, topic: u32, level: u8) -> Option<TopicId> {
    let above = usize::from(level).checked_sub(1)?;
    let slot = graph.rosters[topic as usize].first()?;
    let parent = graph.docs[*slot as usize].as_ref()?.place.topics[above];
    let kept = graph.memory.topics.get(parent as usize)?;
    Some(kept.id)
}

/// The conversations' topics.
fn membership(graph: &Graph) -> Membership {
    let all = graph
        .docs
        .iter()
        .flatten()
        .filter(|doc| doc.place.topics != [NO_TOPIC; 3])
        .map(|doc| (doc.facts.id, doc.place.topics));
    let mut all: Vec<_> = all.collect();
    all.sort_unstable();
    let ids = graph.memory.topics.iter().map(|kept| kept.id);
    Membership::of(all, ids.collect())
}

impl Graph {
    /// Writes the groups of near copies that the last pass found, for [`Snapshot::of_copies`].
    pub fn write_copies_to(&self, out: impl Write) -> Result<(), GraphError> {
        write(&copies(self), out)
    }
}

impl Snapshot {
    /// The groups of near copies, as [`Graph::write_copies_to`] wrote them, and no topics: for answers that need no more.
    pub fn of_copies(bytes: &[u8], today: Date) -> Result<Self, GraphError> {
        let groups: Vec<Arc<[Arc<Facts>]>> = read_saved(bytes)?;
        if groups
            .iter()
            .flat_map(|group| group.iter())
            .any(|facts| facts.posts.is_empty())
        {
            return Err(postcard::Error::DeserializeBadEncoding.into());
        }
        Ok(Self::of(
            Vec::new(),
            <[TopicGraph; 3]>::default(),
            BTreeMap::new(),
            BTreeMap::new(),
            Membership::default(),
            groups,
            today,
            Arc::default(),
        ))
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

/// Links between the topics of every level.
fn edges(graph: &Graph) -> [TopicGraph; 3] {
    let id = |topic: u32| graph.memory.topics.get(topic as usize).map(|kept| kept.id);
    std::array::from_fn(|level| {
        let links = graph.clustering.topic_links[level].iter();
        TopicGraph::of(links.filter_map(|(pair, links)| {
            let parts = links.iter().filter_map(|link| {
                let ends = (graph.facts(link.from)?, graph.facts(link.to)?);
                Some((Arc::clone(ends.0), Arc::clone(ends.1), link.weight))
            });
            Some((id(pair.0)?, id(pair.1)?, parts.collect()))
        }))
    })
}

/// Where the largest topics of a level that may be shown stand; laid out only where something is not as it was. `known`
/// is where topics stood.
fn place(
    graph: &Graph,
    level: usize,
    parts: &[PublishedTopic],
    edges: &TopicGraph,
    known: &BTreeMap<TopicId, (f32, f32)>,
    drawn_from: &mut u64,
) -> Vec<(TopicId, (f32, f32))> {
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
        .links()
        .filter_map(|(a, b, link)| Some((*number.get(&a)?, *number.get(&b)?, link.weight())))
        .collect();
    let mut key = 1_u64;
    for topic in &topics {
        key = mix(key ^ topic.id.as_u128() as u64 ^ topic.short_label.chars().count() as u64);
    }
    for (a, b, weight) in &links {
        key = mix(key ^ (*a as u64) << 32 ^ *b as u64 ^ u64::from(weight.to_bits()) << 20);
    }
    if key == *drawn_from {
        let places = topics.iter().map(|topic| topic.id);
        return places
            .filter_map(|id| Some((id, *known.get(&id)?)))
            .collect();
    }
    *drawn_from = key;
    let bodies: Vec<Body> = topics
        .iter()
        .map(|topic| Body {
            at: known.get(&topic.id).copied(),
            size: topic.texts,
            label: topic.short_label.chars().count(),
            seed: (topic.id.as_u128() >> 64) as u64,
            group: group(topic.parent),
        })
        .collect();
    let parameters = &graph.parameters;
    let at = layout(
        &bodies,
        &links,
        parameters.layout_cold,
        parameters.layout_warm,
    );
    topics.iter().map(|topic| topic.id).zip(at).collect()
}
