//! Masks: a snapshot without what must not be shown now, at once and without a new pass.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use discover_model::{ConversationId, NetworkId, TopicId, Visibility};
use jiff::civil::Date;

use crate::Parameters;
use crate::labels::{Candidate, choose, short};
use crate::measure::{Member, measure};
use crate::snapshot::{Copies, MapLevel, MapLink, MapTopic, Rank, Snapshot, Support, Topic};

/// What a topic is besides its members.
#[derive(Debug, Clone)]
pub(crate) struct Frame {
    pub(crate) id: TopicId,
    pub(crate) level: u8,
    pub(crate) parent: Option<TopicId>,
    pub(crate) label: String,
    pub(crate) history: Vec<crate::Event>,
}

/// A topic from its frame and its members; none where fewer than two conversations are left.
pub(crate) fn assemble(
    frame: Frame,
    support: &Support,
    today: Date,
    parameters: &Parameters,
) -> Option<Topic> {
    let measures = measure(support.members.iter(), today, parameters)?;
    (measures.conversations > 1).then(|| Topic {
        id: frame.id,
        short_label: short(&frame.label),
        label: frame.label,
        terms: support
            .terms
            .iter()
            .take(8)
            .map(|term| term.text.clone())
            .collect(),
        level: frame.level,
        parent: frame.parent,
        children: Vec::new(),
        conversations: measures.conversations,
        networks: measures.networks,
        voices: measures.voices,
        effective_networks: measures.effective_networks,
        languages: measures.languages,
        born: measures.born,
        last_active: measures.last_active,
        days: measures.days,
        coordinated: measures.coordinated,
        rank: measures.rank,
        history: frame.history,
        aliases: Vec::new(),
        shown: measures.shown,
    })
}

impl Snapshot {
    /// A snapshot of nothing, for before the first pass.
    pub fn empty() -> Self {
        Self::of(
            Vec::new(),
            [Vec::new(), Vec::new(), Vec::new()],
            BTreeMap::new(),
            BTreeMap::new(),
            Date::ZERO,
            Arc::default(),
        )
    }

    /// Builds every index of a snapshot from topics and what they rest on.
    pub(crate) fn of(
        mut parts: Vec<(Topic, Support)>,
        edges: [Vec<crate::snapshot::MapEdge>; 3],
        positions: BTreeMap<TopicId, (f32, f32)>,
        aliases: BTreeMap<TopicId, TopicId>,
        drawn: Date,
        parameters: Arc<Parameters>,
    ) -> Self {
        parts.sort_by_key(|(topic, _)| (topic.level, topic.id));
        let (mut topics, support): (Vec<Topic>, Vec<Support>) = parts.into_iter().unzip();
        let by_id: BTreeMap<TopicId, usize> = topics
            .iter()
            .enumerate()
            .map(|(at, topic)| (topic.id, at))
            .collect();
        let aliases: BTreeMap<TopicId, TopicId> = aliases
            .into_iter()
            .filter(|(_, to)| by_id.contains_key(to))
            .collect();
        for (from, to) in &aliases {
            topics[by_id[to]].aliases.push(*from);
        }
        for at in 0..topics.len() {
            let parent = topics[at]
                .parent
                .and_then(|parent| by_id.get(&parent).copied());
            topics[at].parent = parent.map(|parent| topics[parent].id);
            if let Some(parent) = parent {
                let id = topics[at].id;
                topics[parent].children.push(id);
            }
        }
        let lives = |id: &TopicId| by_id.contains_key(id) || aliases.contains_key(id);
        for topic in &mut topics {
            for event in &mut topic.history {
                event.with.retain(lives);
            }
            topic.history.retain(|event| {
                !event.with.is_empty()
                    || !matches!(
                        event.event,
                        crate::EventKind::Merged | crate::EventKind::Split
                    )
            });
        }
        let mut members = BTreeMap::new();
        let mut membership: std::collections::HashMap<ConversationId, Vec<TopicId>> =
            std::collections::HashMap::new();
        for (topic, support) in topics.iter().zip(&support) {
            let ids: Arc<[ConversationId]> = support
                .members
                .iter()
                .map(|member| member.facts.id)
                .collect();
            for id in ids.iter() {
                membership.entry(*id).or_default().push(topic.id);
            }
            members.insert(topic.id, ids);
        }
        let mut snapshot = Self {
            copies: std::collections::HashMap::new(),
            map: std::array::from_fn(|level| {
                draw(level as u8, &topics, &by_id, &edges[level], &positions)
            }),
            topics,
            by_id,
            members,
            membership,
            aliases,
            drawn,
            support,
            edges,
            positions,
            parameters,
            groups: Arc::default(),
        };
        snapshot.count_copies(&Visibility::default());
        snapshot
    }

    pub(crate) fn with_groups(
        mut self,
        groups: Vec<Vec<(ConversationId, NetworkId)>>,
        visibility: &Visibility,
    ) -> Self {
        self.groups = Arc::new(groups);
        self.count_copies(visibility);
        self
    }

    fn count_copies(&mut self, visibility: &Visibility) {
        self.copies.clear();
        for group in self.groups.iter() {
            let shown: Vec<_> = group
                .iter()
                .filter(|(id, network)| {
                    visibility.shows_network(*network) && !visibility.conversations.contains(id)
                })
                .collect();
            let networks: BTreeSet<NetworkId> = shown.iter().map(|(_, network)| *network).collect();
            if shown.len() > 1 {
                for (id, _) in &shown {
                    let copies = Copies {
                        count: shown.len() as u32 - 1,
                        networks: networks.len() as u32,
                    };
                    self.copies.insert(*id, copies);
                }
            }
        }
    }

    /// The snapshot as it may be shown now. What a hidden network, source, path, conversation or post supported is gone:
    /// members, counts, links of the map, labels (the next candidate that others support takes over).
    #[must_use]
    pub fn masked(&self, visibility: &Visibility) -> Self {
        let hides = !visibility.networks.is_empty()
            || !visibility.conversations.is_empty()
            || visibility.hides_parts();
        if !hides {
            return self.clone();
        }
        let mut parts = Vec::with_capacity(self.topics.len());
        for (topic, support) in self.topics.iter().zip(&self.support) {
            let kept: Vec<(u32, Seen)> = (0..)
                .zip(support.members.iter())
                .map(|(at, member)| (at, seen(member, visibility)))
                .filter(|(_, seen)| !matches!(seen, Seen::Nothing))
                .collect();
            let whole = kept.len() == support.members.len()
                && kept.iter().all(|(_, seen)| matches!(seen, Seen::All));
            if whole {
                let mut topic = topic.clone();
                topic.children.clear();
                topic.aliases.clear();
                parts.push((topic, support.clone()));
                continue;
            }
            let support = reduce(support, kept);
            let frame = Frame {
                id: topic.id,
                level: topic.level,
                parent: topic.parent,
                label: choose(
                    &support.labels,
                    Some(&topic.label),
                    self.parameters.label_margin,
                ),
                history: topic.history.clone(),
            };
            if let Some(topic) = assemble(frame, &support, self.drawn, &self.parameters) {
                parts.push((topic, support));
            }
        }
        let mut edges = self.edges.clone();
        for edge in edges.iter_mut().flatten() {
            edge.parts
                .retain(|(a, b, _)| visibility.shows_network(*a) && visibility.shows_network(*b));
        }
        let groups = self.groups.as_ref().clone();
        Self::of(
            parts,
            edges,
            self.positions.clone(),
            self.aliases.clone(),
            self.drawn,
            Arc::clone(&self.parameters),
        )
        .with_groups(groups, visibility)
    }

    /// A topic by its id or a former one.
    pub fn resolve(&self, id: TopicId) -> Option<&Topic> {
        let id = self.aliases.get(&id).copied().unwrap_or(id);
        self.by_id.get(&id).map(|at| &self.topics[*at])
    }

    /// The topics of one level that may be shown, best first; ties to the older id.
    pub fn ranked(&self, rank: Rank, level: u8) -> Vec<&Topic> {
        let mut topics: Vec<&Topic> = self
            .topics
            .iter()
            .filter(|topic| topic.shown && topic.level == level)
            .collect();
        topics.sort_by(|a, b| {
            b.rank
                .of(rank)
                .value
                .total_cmp(&a.rank.of(rank).value)
                .then(a.id.cmp(&b.id))
        });
        topics
    }

    /// A conversation's topics, coarse to fine; fewer than three where it stands alone at a level.
    pub fn topics_of(&self, id: ConversationId) -> &[TopicId] {
        self.membership.get(&id).map_or(&[], Vec::as_slice)
    }

    /// A topic's conversations, in order of arrival; nothing where the topic is unknown.
    pub fn members(&self, id: TopicId) -> Arc<[ConversationId]> {
        let id = self.aliases.get(&id).copied().unwrap_or(id);
        self.members.get(&id).cloned().unwrap_or_default()
    }

    /// A zoom level of the map; the middle one where there is no such level.
    pub fn map(&self, level: u8) -> &MapLevel {
        self.map.get(level as usize).unwrap_or(&self.map[1])
    }
}

enum Seen {
    All,
    /// Some of its posts; it no longer supports labels, because they may stand in what is hidden.
    Part(Box<Member>),
    Nothing,
}

fn seen(member: &Member, visibility: &Visibility) -> Seen {
    let facts = &member.facts;
    if !visibility.shows_network(facts.network) || visibility.conversations.contains(&facts.id) {
        return Seen::Nothing;
    }
    if !visibility.hides_parts() {
        return Seen::All;
    }
    let shows = |post: &crate::graph::PostFact| {
        visibility.shows_post(facts.network, post.source, facts.id, post.id, &facts.url)
    };
    let left = facts.posts.iter().filter(|post| shows(post)).count();
    if left == facts.posts.len() {
        return Seen::All;
    }
    if left == 0 {
        return Seen::Nothing;
    }
    let mut facts = crate::graph::Facts::clone(facts);
    facts.posts = facts
        .posts
        .iter()
        .filter(|post| shows(post))
        .cloned()
        .collect();
    Seen::Part(Box::new(Member {
        facts: Arc::new(facts),
        ..member.clone()
    }))
}

/// What is left of a topic's support.
fn reduce(support: &Support, kept: Vec<(u32, Seen)>) -> Support {
    let mut place = vec![None; support.members.len()];
    let mut members = Vec::with_capacity(kept.len());
    for (at, seen) in kept {
        let place = &mut place[at as usize];
        match seen {
            Seen::All => {
                *place = Some(members.len() as u32);
                members.push(support.members[at as usize].clone());
            }
            Seen::Part(member) => members.push(*member),
            Seen::Nothing => {}
        }
    }
    let networks: BTreeSet<NetworkId> = members.iter().map(|member| member.facts.network).collect();
    let left = |candidates: &[Candidate]| -> Vec<Candidate> {
        candidates
            .iter()
            .filter_map(|candidate| {
                let mut candidate = candidate.clone();
                candidate.used_by = candidate
                    .used_by
                    .iter()
                    .filter_map(|at| place[*at as usize])
                    .collect();
                candidate
                    .supported(&members, networks.len())
                    .then_some(candidate)
            })
            .collect()
    };
    let (mut labels, terms) = (left(&support.labels), left(&support.terms));
    if labels.is_empty() {
        labels.extend(crate::labels::medoid(&members, &place));
    }
    Support {
        labels,
        terms,
        members: members.into(),
    }
}

/// One level of the map from topics, the links between them and their places.
fn draw(
    level: u8,
    topics: &[Topic],
    by_id: &BTreeMap<TopicId, usize>,
    edges: &[crate::snapshot::MapEdge],
    positions: &BTreeMap<TopicId, (f32, f32)>,
) -> MapLevel {
    let drawn: Vec<MapTopic> = topics
        .iter()
        .filter(|topic| topic.level == level && topic.shown)
        .filter_map(|topic| {
            let (x, y) = *positions.get(&topic.id)?;
            Some(MapTopic {
                id: topic.id,
                label: topic.label.clone(),
                short_label: topic.short_label.clone(),
                x,
                y,
                size: topic.conversations,
                networks: topic.networks.len() as u32,
            })
        })
        .collect();
    let on_map = |id: &TopicId| {
        by_id.get(id).is_some_and(|at| topics[*at].shown) && positions.contains_key(id)
    };
    let links = edges
        .iter()
        .filter(|edge| on_map(&edge.a) && on_map(&edge.b))
        .map(|edge| MapLink {
            a: edge.a,
            b: edge.b,
            weight: edge.parts.iter().map(|part| part.2).sum(),
        })
        .filter(|link| link.weight > 0.0)
        .collect();
    MapLevel {
        level,
        topics: drawn,
        links,
    }
}
