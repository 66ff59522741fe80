//! What a topics pass publishes: topics, membership, copies and the map, immutable and shared.
//!
//! Contract: everything an output shows of topics comes from a snapshot that went through [`Snapshot::masked`], so
//! what a hidden network or conversation supported is gone at once; the purge follows.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::Arc;

use discover_model::{ConversationId, Language, NetworkId, TopicId};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::corpus::facts::Facts;
use crate::publication::candidate::{Candidate, is_titled};
use crate::publication::coherence::Coherence;
use crate::publication::measure::Member;
use crate::publication::rank::{Rank, Ranks};
use crate::publication::topic_graph::TopicGraph;
use crate::publication::trend::Trend;

/// What happened to a topic.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum EventKind {
    Born,
    Grown,
    Merged,
    Split,
    Faded,
    Renamed,
}

impl EventKind {
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Born => "born",
            Self::Grown => "grown",
            Self::Merged => "merged",
            Self::Split => "split",
            Self::Faded => "faded",
            Self::Renamed => "renamed",
        }
    }
}

/// One entry of a topic's history.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Event {
    pub at: Date,
    pub event: EventKind,
    /// The other topics: merged into this one, or split from or off it.
    pub with: Vec<TopicId>,
    /// What it was called before, while its conversations still bear that out.
    pub was: Option<String>,
}

/// One topic at one zoom level.
#[derive(Debug, Clone, PartialEq)]
pub struct Topic {
    pub id: TopicId,
    /// At most six words; no two topics of a level that may be shown have the same.
    pub label: String,
    /// In each language that enough of its conversations are written in, the label as these would have it.
    pub labels: BTreeMap<Language, String>,
    /// The title of its most central conversation, to stand beside the label.
    pub title: String,
    /// At most 22 characters, for the map.
    pub short_label: String,
    /// Its most telling words, best first.
    pub terms: Vec<String>,
    /// 0 coarse, 1 middle, 2 fine.
    pub level: u8,
    pub parent: Option<TopicId>,
    pub children: Vec<TopicId>,
    pub conversations: u32,
    /// Conversations, near copies once: how large it is drawn.
    pub texts: u32,
    /// Networks by conversations, most first.
    pub networks: Vec<(NetworkId, u32)>,
    pub voices: u32,
    pub effective_networks: f64,
    pub languages: Vec<Language>,
    pub born: Date,
    pub last_active: Date,
    /// Posts a day, near copies once.
    pub days: BTreeMap<Date, u32>,
    /// Why the topic looks coordinated, where it does; names nobody.
    pub coordinated: Option<String>,
    pub rank: Ranks,
    /// The one list it stands in, where it meets the rule of any and may be shown.
    pub list: Option<Rank>,
    pub(crate) trend: Trend,
    pub history: Vec<Event>,
    pub aliases: Vec<TopicId>,
    /// Whether it may be shown: the thresholds let it, and it is neither loose nor a format.
    pub shown: bool,
    /// Large enough to be shown, but without a subject: there is no term that half of its central texts turn on.
    pub loose: bool,
    /// Large enough to be shown, but a source's format: release notes, changesets, episodes.
    pub format: bool,
}

/// How often a conversation's text stands elsewhere.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Copies {
    /// Which group of near copies it is in: the same for all of one group, within one snapshot.
    pub group: u32,
    /// Near copies besides the conversation itself.
    pub count: u32,
    /// Networks they stand in, its own included.
    pub networks: u32,
}

/// One zoom level of the picture; only topics that may be shown.
#[derive(Debug, Clone, PartialEq, Default, Serialize)]
pub struct MapLevel {
    pub level: u8,
    pub topics: Vec<MapTopic>,
    pub links: Vec<MapLink>,
}

/// A topic on the map; `x` and `y` in 0..1.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct MapTopic {
    pub id: TopicId,
    pub label: String,
    pub short_label: String,
    pub x: f32,
    pub y: f32,
    pub size: u32,
    pub networks: u32,
    /// The wider topic it lies in.
    pub parent: Option<TopicId>,
}

/// Two topics whose conversations are related; `a` < `b`.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct MapLink {
    pub a: TopicId,
    pub b: TopicId,
    pub weight: f32,
}

/// The topics as one pass saw them.
#[derive(Debug, Clone, PartialEq)]
pub struct Snapshot {
    /// By level, then id. Topics below the thresholds are here too, with `shown` false.
    pub topics: Vec<Arc<Topic>>,
    pub by_id: BTreeMap<TopicId, usize>,
    pub copies: HashMap<ConversationId, Copies>,
    pub map: [MapLevel; 3],
    /// Former ids to the topic that goes on.
    pub aliases: BTreeMap<TopicId, TopicId>,
    pub drawn: Date,
    pub(crate) membership: Membership,
    /// Conversations that a mask hides: they are in no topic.
    pub(crate) hidden: HashSet<ConversationId>,
    /// What a topic rests on, so that a mask can take its share away; same order as `topics`.
    pub(crate) support: Vec<Arc<Support>>,
    pub(crate) edges: [TopicGraph; 3],
    pub(crate) positions: BTreeMap<TopicId, (f32, f32)>,
    pub(crate) leads: BTreeMap<TopicId, Leads>,
    pub(crate) parameters: Arc<crate::Parameters>,
    /// Groups of two or more near copies.
    pub(crate) groups: Vec<Arc<[Arc<Facts>]>>,
}

/// A topic and what it rests on.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct PublishedTopic {
    pub(crate) topic: Arc<Topic>,
    pub(crate) support: Arc<Support>,
}

/// What a topic rests on.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Support {
    /// By first day, then id.
    pub(crate) members: Arc<[Member]>,
    pub(crate) labels: Vec<Candidate>,
    pub(crate) terms: Vec<Candidate>,
    pub(crate) coherence: Coherence,
    /// By language, what its conversations have in common and its candidates for the label; empty where all are in one.
    pub(crate) languages: BTreeMap<Language, (Coherence, Vec<Candidate>)>,
    /// Whether a model of meaning finds that its members hang on one subject.
    pub(crate) by_meaning: bool,
}

/// Members from which it tells that no two titles name the subject: of few, chance may have it so.
const MANY: usize = 16;

impl Support {
    /// Whether the topic has a subject: words that half of its central texts turn on. Between languages no word can be
    /// one; where a model finds one subject, it is enough that most texts are in languages with such words of their own.
    pub(crate) fn has_subject(&self) -> bool {
        let own = [(&self.coherence, &self.labels)];
        let of_languages = self.languages.values().map(|(of, labels)| (of, labels));
        let mut named = own.into_iter().chain(of_languages);
        // What no two titles name is what texts say by the way.
        let titled =
            |(coherence, labels): (&_, &Vec<_>)| is_titled(labels, &self.members, coherence);
        if self.members.len() >= MANY && !named.any(titled) {
            return false;
        }
        if self.coherence.holds(&self.members) {
            return true;
        }
        let holds = |language: Language| {
            let own = self.languages.get(&language);
            own.is_some_and(|(coherence, _)| coherence.holds_alone())
        };
        let languages = self.members.iter().filter_map(|one| one.facts.language);
        self.by_meaning && languages.filter(|of| holds(*of)).count() * 2 >= self.members.len()
    }
}

/// Where a former id leads, and the networks its topic rested on.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Leads {
    pub(crate) to: TopicId,
    pub(crate) networks: Arc<[NetworkId]>,
}

/// The topics of every conversation, shared by every mask of a snapshot.
#[derive(Debug, Clone, PartialEq, Default)]
pub(crate) struct Membership {
    /// In order of id.
    all: Arc<[(ConversationId, [u32; 3])]>,
    /// Topics by the numbers used above.
    pub(crate) ids: Arc<[TopicId]>,
}

impl Membership {
    /// `all` in order of id.
    pub(crate) fn of(all: Vec<(ConversationId, [u32; 3])>, ids: Vec<TopicId>) -> Self {
        Self {
            all: all.into(),
            ids: ids.into(),
        }
    }

    fn places(&self, id: ConversationId) -> Option<[u32; 3]> {
        let at = self.all.binary_search_by_key(&id, |entry| entry.0).ok()?;
        Some(self.all[at].1)
    }
}

impl Snapshot {
    /// A conversation's topics, coarse to fine; fewer than three where it stands alone at a level.
    pub fn topics_of(&self, id: ConversationId) -> Vec<TopicId> {
        (0..3)
            .filter_map(|level| self.topic_at(id, level))
            .collect()
    }

    /// A conversation's topic at a zoom level, 0 to 2. Asked for every conversation that a search finds.
    pub fn topic_at(&self, id: ConversationId, level: u8) -> Option<TopicId> {
        let places = self.membership.places(id)?;
        let place = *places.get(usize::from(level))?;
        let topic = *self.membership.ids.get(place as usize)?;
        (self.by_id.contains_key(&topic) && !self.hidden.contains(&id)).then_some(topic)
    }

    /// What the arithmetic depended on besides the conversations.
    pub fn parameters(&self) -> &crate::Parameters {
        &self.parameters
    }

    /// A topic's conversations, in order of their first day; nothing where the topic is unknown.
    pub fn members(&self, id: TopicId) -> Arc<[ConversationId]> {
        let id = self.aliases.get(&id).copied().unwrap_or(id);
        let Some(support) = self.by_id.get(&id).map(|at| &self.support[*at]) else {
            return Arc::default();
        };
        support
            .members
            .iter()
            .map(|member| member.facts.id)
            .collect()
    }

    pub(crate) fn part(&self, id: TopicId) -> Option<PublishedTopic> {
        let at = *self.by_id.get(&id)?;
        Some(PublishedTopic {
            topic: Arc::clone(&self.topics[at]),
            support: Arc::clone(&self.support[at]),
        })
    }
}
