//! What a topics pass publishes: topics, membership, copies and the map, immutable and shared.
//!
//! Contract: everything an output shows of topics comes from a snapshot that went through [`Snapshot::masked`], so
//! what a hidden network or conversation supported is gone at once; the purge follows.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use discover_model::{ConversationId, Language, NetworkId, TopicId};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::measure::Member;

/// One of the three lists of topics; they are never mixed into one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Rank {
    Emerging,
    Enduring,
    Quiet,
}

/// A rank's value and every term of its arithmetic.
#[derive(Debug, Clone, PartialEq, Default, Serialize)]
pub struct RankValue {
    pub value: f64,
    pub terms: BTreeMap<&'static str, f64>,
}

/// A topic's value in each of the three lists.
#[derive(Debug, Clone, PartialEq, Default, Serialize)]
pub struct Ranks {
    pub emerging: RankValue,
    pub enduring: RankValue,
    pub quiet: RankValue,
}

impl Ranks {
    pub const fn of(&self, rank: Rank) -> &RankValue {
        match rank {
            Rank::Emerging => &self.emerging,
            Rank::Enduring => &self.enduring,
            Rank::Quiet => &self.quiet,
        }
    }
}

/// What happened to a topic.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum EventKind {
    Born,
    Grown,
    Merged,
    Split,
    Faded,
}

impl EventKind {
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Born => "born",
            Self::Grown => "grown",
            Self::Merged => "merged",
            Self::Split => "split",
            Self::Faded => "faded",
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
}

/// One topic at one zoom level.
#[derive(Debug, Clone, PartialEq)]
pub struct Topic {
    pub id: TopicId,
    pub label: String,
    /// At most 22 characters, for the map.
    pub short_label: String,
    /// Its most telling words, best first.
    pub terms: Vec<String>,
    /// 0 coarse, 1 middle, 2 fine.
    pub level: u8,
    pub parent: Option<TopicId>,
    pub children: Vec<TopicId>,
    pub conversations: u32,
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
    pub history: Vec<Event>,
    pub aliases: Vec<TopicId>,
    /// Whether the thresholds let it be shown.
    pub shown: bool,
}

/// How often a conversation's text stands elsewhere.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Copies {
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
    pub topics: Vec<Topic>,
    pub by_id: BTreeMap<TopicId, usize>,
    pub members: BTreeMap<TopicId, Arc<[ConversationId]>>,
    /// A conversation's topics at levels 0, 1, 2.
    pub membership: HashMap<ConversationId, Vec<TopicId>>,
    pub copies: HashMap<ConversationId, Copies>,
    pub map: [MapLevel; 3],
    /// Former ids to the topic that goes on.
    pub aliases: BTreeMap<TopicId, TopicId>,
    pub drawn: Date,
    /// What a topic rests on, so that a mask can take its share away; same order as `topics`.
    pub(crate) support: Vec<Support>,
    pub(crate) edges: [Vec<MapEdge>; 3],
    pub(crate) positions: BTreeMap<TopicId, (f32, f32)>,
    pub(crate) parameters: Arc<crate::Parameters>,
    /// Groups of near copies of two or more.
    pub(crate) groups: Arc<Vec<Vec<(ConversationId, NetworkId)>>>,
}

/// What a topic rests on.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Support {
    pub(crate) members: Arc<[Member]>,
    pub(crate) labels: Vec<crate::labels::Candidate>,
    pub(crate) terms: Vec<crate::labels::Candidate>,
}

/// A link between topics, with the pairs of conversations it rests on.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct MapEdge {
    pub(crate) a: TopicId,
    pub(crate) b: TopicId,
    /// Weight by pair of networks, so that hiding one takes its part away.
    pub(crate) parts: Vec<(NetworkId, NetworkId, f32)>,
}
