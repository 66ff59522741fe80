//! Masks: a snapshot without what must not be shown now, at once and without a new pass.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::sync::Arc;

use discover_model::{ConversationId, Language, NetworkId, TopicId, Visibility};
use jiff::civil::Date;

use crate::corpus::facts::{Facts, PostFact};
use crate::publication::candidate::{
    Candidate, another, central_title, choose, in_language, reorder, sort, speaks,
};
use crate::publication::format::is_format;
use crate::publication::lists::assign;
use crate::publication::measure::{Member, measure};
use crate::publication::rank::Rank;
use crate::publication::snapshot::{
    Copies, Event, Leads, MapLevel, MapLink, MapTopic, Membership, PublishedTopic, Snapshot,
    Support, Topic,
};
use crate::publication::topic_graph::TopicGraph;
use crate::publication::wording::short;
use crate::{EventKind, Parameters};

/// What a topic is besides its members.
#[derive(Debug, Clone)]
pub(crate) struct Frame {
    pub(crate) id: TopicId,
    pub(crate) level: u8,
    pub(crate) parent: Option<TopicId>,
    pub(crate) names: Names,
    pub(crate) history: Vec<crate::Event>,
}

/// What a topic is called.
#[derive(Debug, Clone)]
pub(crate) struct Names {
    pub(crate) label: String,
    /// Where its conversations are in several languages, in each of them.
    pub(crate) labels: BTreeMap<Language, String>,
}

impl Names {
    /// The best names, or the old ones where these are nearly as good.
    pub(crate) fn of(
        support: &Support,
        old: Option<&str>,
        olds: &BTreeMap<Language, String>,
        margin: f32,
    ) -> Self {
        let languages = support.languages.iter();
        let labels: BTreeMap<Language, String> = languages
            .filter_map(|(language, (coherence, labels))| {
                let old = olds.get(language).map(String::as_str);
                let label = in_language(labels, coherence, old, margin)?;
                Some((*language, label))
            })
            .collect();
        // What no words of all languages say is said in that of most.
        let told = speaks(&support.labels, &support.coherence);
        let texts = |language: Language| {
            let members = support.members.iter();
            members
                .filter(|one| one.facts.language == Some(language))
                .count()
        };
        let most = labels
            .iter()
            .max_by_key(|(language, _)| (texts(**language), std::cmp::Reverse(**language)));
        let label = match most {
            Some((_, label)) if !told => label.clone(),
            _ => choose(&support.labels, &support.coherence, old, margin),
        };
        Self { label, labels }
    }
}

/// A topic from its frame and its members; none where fewer than two conversations are left.
pub(crate) fn assemble(
    mut frame: Frame,
    support: &Support,
    today: Date,
    parameters: &Parameters,
) -> Option<Topic> {
    let measures = measure(&support.members, today, parameters)?;
    let loose = measures.shown && !support.has_subject();
    let format = measures.shown && !loose && is_format(&support.members);
    keep_borne_out(&mut frame.history, support);
    let Names { label, mut labels } = frame.names;
    // Where all is said in one language, the label is in that.
    if let [language] = measures.languages.as_slice() {
        labels.insert(*language, label.clone());
    }
    (measures.conversations > 1).then(|| Topic {
        id: frame.id,
        short_label: short(&label),
        label,
        labels,
        title: central_title(&support.members, &support.coherence),
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
        texts: measures.texts,
        networks: measures.networks,
        voices: measures.voices,
        effective_networks: measures.effective_networks,
        languages: measures.languages,
        born: measures.born,
        last_active: measures.last_active,
        days: measures.days,
        coordinated: measures.coordinated,
        rank: measures.rank,
        list: None,
        trend: measures.trend,
        history: frame.history,
        aliases: Vec::new(),
        shown: measures.shown && !loose && !format,
        loose,
        format,
    })
}

/// Drops former names that nobody here would still give: they may be what has left alone wrote.
pub(crate) fn keep_borne_out(history: &mut [Event], support: &Support) {
    for event in history {
        let borne_out = |was: &String| support.labels.iter().any(|label| label.text == *was);
        event.was = event.was.take().filter(borne_out);
    }
}

impl Snapshot {
    /// A snapshot of nothing, for before the first pass.
    pub fn empty() -> Self {
        Self::of(
            Vec::new(),
            <[TopicGraph; 3]>::default(),
            BTreeMap::new(),
            BTreeMap::new(),
            Membership::default(),
            Vec::new(),
            Date::ZERO,
            Arc::default(),
        )
    }

    /// Builds every index of a snapshot from topics and what they rest on.
    #[expect(clippy::too_many_arguments, reason = "the parts of a snapshot")]
    pub(crate) fn of(
        mut parts: Vec<PublishedTopic>,
        edges: [TopicGraph; 3],
        positions: BTreeMap<TopicId, (f32, f32)>,
        leads: BTreeMap<TopicId, Leads>,
        membership: Membership,
        groups: Vec<Arc<[Arc<Facts>]>>,
        drawn: Date,
        parameters: Arc<Parameters>,
    ) -> Self {
        parts.sort_by_key(|part| (part.topic.level, part.topic.id));
        let by_id: BTreeMap<TopicId, usize> = parts
            .iter()
            .enumerate()
            .map(|(at, part)| (part.topic.id, at))
            .collect();
        let aliases: BTreeMap<TopicId, TopicId> = leads
            .iter()
            .filter(|(_, leads)| by_id.contains_key(&leads.to))
            .map(|(from, leads)| (*from, leads.to))
            .collect();
        let mut own_aliases: BTreeMap<TopicId, Vec<TopicId>> = BTreeMap::new();
        for (from, to) in &aliases {
            own_aliases.entry(*to).or_default().push(*from);
        }
        let mut children: BTreeMap<TopicId, Vec<TopicId>> = BTreeMap::new();
        for part in &parts {
            if let Some(parent) = part.topic.parent {
                children.entry(parent).or_default().push(part.topic.id);
            }
        }
        let lives = |id: &TopicId| by_id.contains_key(id) || aliases.contains_key(id);
        for part in &mut parts {
            let id = part.topic.id;
            let parent = part
                .topic
                .parent
                .filter(|parent| by_id.contains_key(parent));
            let children = children.remove(&id).unwrap_or_default();
            let aliases = own_aliases.remove(&id).unwrap_or_default();
            let history = &part.topic.history;
            let stale = history.iter().any(|event| !event.with.iter().all(lives));
            let same = part.topic.parent == parent
                && part.topic.children == children
                && part.topic.aliases == aliases;
            if stale || !same {
                let topic = Arc::make_mut(&mut part.topic);
                (topic.parent, topic.children, topic.aliases) = (parent, children, aliases);
                for event in &mut topic.history {
                    event.with.retain(lives);
                }
                topic.history.retain(|event| {
                    !event.with.is_empty()
                        || !matches!(event.event, EventKind::Merged | EventKind::Split)
                });
            }
        }
        tell_apart(&mut parts);
        let mut topics: Vec<_> = parts.iter_mut().map(|part| &mut part.topic).collect();
        assign(&mut topics, &parameters);
        let map = std::array::from_fn(|level| {
            draw(level as u8, &parts, &by_id, &edges[level], &positions)
        });
        let (topics, support) = parts
            .into_iter()
            .map(|part| (part.topic, part.support))
            .unzip();
        let copies = count_copies(&groups);
        Self {
            copies,
            map,
            topics,
            by_id,
            membership,
            hidden: HashSet::new(),
            aliases,
            drawn,
            support,
            edges,
            positions,
            leads,
            parameters,
            groups,
        }
    }

    /// The snapshot as it may be shown now. What a hidden network, source, path, conversation or post supported is gone:
    /// members, counts, copies, links of the map, former ids, labels (the next candidate that others support takes over).
    #[must_use]
    pub fn masked(&self, visibility: &Visibility) -> Self {
        let hides = !visibility.networks.is_empty()
            || !visibility.conversations.is_empty()
            || visibility.hides_parts();
        if !hides {
            return self.clone();
        }
        let mut hidden = self.hidden.clone();
        let mut parts = Vec::with_capacity(self.topics.len());
        for (topic, support) in self.topics.iter().zip(&self.support) {
            let seen: Vec<Seen> = support
                .members
                .iter()
                .map(|member| seen(&member.facts, visibility))
                .collect();
            if seen.iter().all(|seen| matches!(seen, Seen::All)) {
                parts.push(PublishedTopic {
                    topic: Arc::clone(topic),
                    support: Arc::clone(support),
                });
                continue;
            }
            for (member, seen) in support.members.iter().zip(&seen) {
                if matches!(seen, Seen::Nothing) {
                    hidden.insert(member.facts.id);
                }
            }
            let support = reduce(support, seen);
            let frame = Frame {
                id: topic.id,
                level: topic.level,
                parent: topic.parent,
                names: Names::of(
                    &support,
                    Some(&topic.label),
                    &topic.labels,
                    self.parameters.label_margin,
                ),
                history: topic.history.clone(),
            };
            if let Some(topic) = assemble(frame, &support, self.drawn, &self.parameters) {
                parts.push(PublishedTopic {
                    topic: Arc::new(topic),
                    support: Arc::new(support),
                });
            }
        }
        // What joined two conversations may stand in the part that is hidden.
        let whole = |facts: &Facts| matches!(seen(facts, visibility), Seen::All);
        let edges = self
            .edges
            .each_ref()
            .map(|graph| graph.masked(|(a, b, _)| whole(a) && whole(b)));
        let shown = |leads: &Leads| {
            let networks = &leads.networks;
            networks.is_empty() || networks.iter().any(|id| visibility.shows_network(*id))
        };
        let leads = self.leads.iter().filter(|(_, leads)| shown(leads));
        let mut masked = Self::of(
            parts,
            edges,
            self.positions.clone(),
            leads.map(|(from, leads)| (*from, leads.clone())).collect(),
            self.membership.clone(),
            left_of_groups(&self.groups, visibility),
            self.drawn,
            Arc::clone(&self.parameters),
        );
        masked.hidden = hidden;
        masked
    }

    /// A topic by its id or a former one.
    pub fn resolve(&self, id: TopicId) -> Option<&Topic> {
        let id = self.aliases.get(&id).copied().unwrap_or(id);
        self.by_id.get(&id).map(|at| self.topics[*at].as_ref())
    }

    /// The topics of one level that stand in a list, best first.
    pub fn listed(&self, rank: Rank, level: u8) -> Vec<&Topic> {
        let mut topics = self.ranked(rank, level);
        topics.retain(|topic| topic.list == Some(rank));
        topics
    }

    /// The topics of one level that may be shown, by their value in a list whether they stand in it or not.
    pub fn ranked(&self, rank: Rank, level: u8) -> Vec<&Topic> {
        let mut topics: Vec<&Topic> = self
            .topics
            .iter()
            .map(Arc::as_ref)
            .filter(|topic| topic.shown && topic.level == level)
            .collect();
        topics.sort_by(|a, b| {
            b.rank
                .of(rank)
                .value
                .total_cmp(&a.rank.of(rank).value)
                .then(b.conversations.cmp(&a.conversations))
                .then_with(|| a.label.cmp(&b.label))
                .then(a.born.cmp(&b.born))
                .then(a.id.cmp(&b.id))
        });
        topics
    }

    /// A zoom level of the map; the middle one where there is no such level.
    pub fn map(&self, level: u8) -> &MapLevel {
        self.map.get(level as usize).unwrap_or(&self.map[1])
    }
}

/// Gives topics of one level that may be shown different labels: the largest keeps what several would be called.
fn tell_apart(parts: &mut [PublishedTopic]) {
    let mut order: Vec<usize> = (0..parts.len())
        .filter(|at| parts[*at].topic.shown)
        .collect();
    order.sort_by(|a, b| {
        let (a, b) = (&parts[*a].topic, &parts[*b].topic);
        let size = b
            .texts
            .cmp(&a.texts)
            .then(b.conversations.cmp(&a.conversations));
        size.then(a.born.cmp(&b.born))
            .then_with(|| a.title.cmp(&b.title))
    });
    let mut taken: [HashSet<String>; 3] = Default::default();
    for at in order {
        let part = &mut parts[at];
        let Some(taken) = taken.get_mut(usize::from(part.topic.level)) else {
            continue;
        };
        if taken.insert(part.topic.label.to_lowercase()) {
            continue;
        }
        let support = &part.support;
        let is_taken = |text: &str| taken.contains(&text.to_lowercase());
        let label = &part.topic.label;
        if let Some(label) = another(&support.labels, &support.terms, label, is_taken) {
            taken.insert(label.to_lowercase());
            let topic = Arc::make_mut(&mut part.topic);
            if let [language] = topic.languages.as_slice() {
                topic.labels.insert(*language, label.clone());
            }
            topic.short_label = short(&label);
            topic.label = label;
        }
    }
}

/// How much of a conversation may be shown.
pub(crate) enum Seen {
    All,
    /// Some of its posts; it no longer supports labels, because they may stand in what is hidden.
    Part(Arc<Facts>),
    Nothing,
}

pub(crate) fn seen(facts: &Facts, visibility: &Visibility) -> Seen {
    if !visibility.shows_network(facts.network) || visibility.conversations.contains(&facts.id) {
        return Seen::Nothing;
    }
    if !visibility.hides_parts() {
        return Seen::All;
    }
    let shows = |post: &PostFact| {
        visibility.shows_post(
            facts.network,
            post.source(),
            facts.id,
            post.id(),
            facts.url(),
        )
    };
    let left = facts.posts.iter().filter(|post| shows(post)).count();
    if left == facts.posts.len() {
        return Seen::All;
    }
    if left == 0 {
        return Seen::Nothing;
    }
    let mut facts = Facts::clone(facts);
    facts.posts = facts
        .posts
        .iter()
        .filter(|post| shows(post))
        .cloned()
        .collect();
    Seen::Part(Arc::new(facts))
}

/// How often every conversation's text stands elsewhere.
fn count_copies(groups: &[Arc<[Arc<Facts>]>]) -> HashMap<ConversationId, Copies> {
    let mut copies = HashMap::new();
    let several = groups.iter().filter(|group| group.len() > 1);
    for (number, group) in (0..).zip(several) {
        let networks: BTreeSet<NetworkId> = group.iter().map(|facts| facts.network).collect();
        copies.extend(group.iter().map(|facts| {
            let copies = Copies {
                group: number,
                count: group.len() as u32 - 1,
                networks: networks.len() as u32,
            };
            (facts.id, copies)
        }));
    }
    copies
}

/// Groups of near copies without what is hidden; the text that is copied is the first post's.
fn left_of_groups(groups: &[Arc<[Arc<Facts>]>], visibility: &Visibility) -> Vec<Arc<[Arc<Facts>]>> {
    let left = |facts: &Arc<Facts>| match seen(facts, visibility) {
        Seen::All => Some(Arc::clone(facts)),
        Seen::Part(left) => (left.posts[0].id() == facts.posts[0].id()).then_some(left),
        Seen::Nothing => None,
    };
    groups
        .iter()
        .map(|group| group.iter().filter_map(left).collect())
        .collect()
}

/// What is left of a topic's support.
fn reduce(support: &Support, kept: Vec<Seen>) -> Support {
    let mut place = vec![None; support.members.len()];
    let mut members = Vec::with_capacity(kept.len());
    for ((member, seen), place) in support.members.iter().zip(kept).zip(&mut place) {
        match seen {
            Seen::All => {
                *place = Some(members.len() as u32);
                members.push(member.clone());
            }
            Seen::Part(facts) => members.push(Member {
                facts,
                ..member.clone()
            }),
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
    let coherence = support.coherence.reduced(&place);
    let (mut labels, terms) = (left(&support.labels), left(&support.terms));
    reorder(&mut labels, &coherence, &members, &place);
    let languages = support.languages.iter();
    let languages = languages.map(|(language, (coherence, labels))| {
        let (coherence, mut labels) = (coherence.reduced(&place), left(labels));
        sort(&mut labels, &coherence);
        (*language, (coherence, labels))
    });
    Support {
        by_meaning: support.by_meaning,
        languages: languages.collect(),
        labels,
        terms,
        coherence,
        members: members.into(),
    }
}

/// One level of the map from topics, the links between them and their places.
fn draw(
    level: u8,
    parts: &[PublishedTopic],
    by_id: &BTreeMap<TopicId, usize>,
    edges: &TopicGraph,
    positions: &BTreeMap<TopicId, (f32, f32)>,
) -> MapLevel {
    let drawn: Vec<MapTopic> = parts
        .iter()
        .map(|part| &part.topic)
        .filter(|topic| topic.level == level && topic.shown)
        .filter_map(|topic| {
            let (x, y) = *positions.get(&topic.id)?;
            Some(MapTopic {
                id: topic.id,
                label: topic.label.clone(),
                short_label: topic.short_label.clone(),
                x,
                y,
                size: topic.texts,
                networks: topic.networks.len() as u32,
                parent: topic.parent,
            })
        })
        .collect();
    let on_map = |id: &TopicId| {
        by_id.get(id).is_some_and(|at| parts[*at].topic.shown) && positions.contains_key(id)
    };
    let links = edges
        .links()
        .filter(|(a, b, _)| on_map(a) && on_map(b))
        .map(|(a, b, link)| MapLink {
            a,
            b,
            weight: link.weight(),
        })
        .filter(|link| link.weight > 0.0)
        .collect();
    MapLevel {
        level,
        topics: drawn,
        links,
    }
}
