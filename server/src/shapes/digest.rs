//! Digests of a week or a month, and topics that are told of early.

use discover_model::{Language, TopicId};
use jiff::Timestamp;
use jiff::civil::Date;
use serde::Serialize;
use utoipa::ToSchema;

use super::{
    AnswerEntry, AreaRef, Coordinated, Due, FacetRow, FalseAlarms, Id, LanguageCode, NetworkRef,
    Quote, TopicRef, is_none,
};

/// A topic that is told of early: a warning, or that it is newly emerging.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct Notice {
    /// Grows with each.
    pub number: u64,
    #[schema(pattern = "^(warning|emerging)$", example = "warning")]
    pub kind: String,
    /// Absent where the topic may not be shown any more.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub topic: Option<TopicRef>,
    /// The topic's id when it was told last.
    #[schema(value_type = Id)]
    pub id: TopicId,
    #[schema(value_type = String, format = DateTime)]
    pub began: Timestamp,
    /// Absent until it has not held for a day, or the topic is gone.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = DateTime)]
    pub ended: Option<Timestamp>,
    /// Whether it holds by the topics of now.
    pub holds: bool,
    /// Chance of as much in an ordinary week, before the correction for many tests; absent where there is too little history
    /// to test, and where the topic is gone.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub chance: Option<f64>,
    /// Of a warning, the networks that speak of it more than they are used to; else those that speak of it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub networks: Option<u64>,
    /// Why it stands in the list of emerging topics.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub because: Option<String>,
    #[schema(value_type = Vec<LanguageCode>)]
    pub languages: Vec<Language>,
}

/// Topics that are told of early: those that hold, then those that ended, newest first.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct Notices {
    pub items: Vec<Notice>,
    /// Topics tested.
    pub tests: u64,
    /// Days looked at.
    pub days: u64,
    /// Days before them that each network is compared with.
    pub compared_with: u64,
    /// Expected share of false ones among the warnings.
    pub false_share: f64,
    /// Absent where there is too little history to measure.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub false_alarms: Option<FalseAlarms>,
    pub generation: u64,
}

/// A topic in a digest, with what was said of it in these days.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct DigestItem {
    pub topic: TopicRef,
    /// Conversations with a post in these days, exact.
    pub conversations: u64,
    /// Of these, near copies of another one of them: pages count them once.
    #[serde(skip_serializing_if = "is_none")]
    pub near_copies: u64,
    /// Networks that these are at.
    pub networks: u64,
    /// Day of its latest post, where none is of these days or later.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = Date)]
    pub quiet_since: Option<Date>,
    #[schema(value_type = Vec<LanguageCode>)]
    pub languages: Vec<Language>,
    /// Chance of as much in an ordinary week; absent where there is too little history to test.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub chance: Option<f64>,
    /// Of a warning, the day since which it does not hold any more.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = Date)]
    pub over_since: Option<Date>,
    /// What the digest said when it was made, where that was more.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub said: Option<DigestSaid>,
    /// The same conversation however often the digest is asked for, while it may be shown.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub quote: Option<Quote>,
}

/// What a digest said of a topic before some of it went.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
pub struct DigestSaid {
    /// Near copies once.
    pub conversations: u64,
    pub networks: u64,
}

/// What a search found in the days of a digest.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct DigestSearch {
    /// The search as parameters of `GET /search`, with the days.
    pub query: String,
    /// Conversations, exact.
    pub total: u64,
    /// Of these, near copies of another one of them: pages count them once.
    #[serde(skip_serializing_if = "is_none")]
    pub near_copies: u64,
    pub networks: Vec<FacetRow>,
    pub languages: Vec<FacetRow>,
    #[schema(max_items = 4)]
    pub quotes: Vec<Quote>,
}

/// What was answered about a topic in the days of a digest, and what was due in them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct DigestAnswers {
    /// Absent where the topic may not be shown: its answers stay.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub topic: Option<TopicRef>,
    pub items: Vec<AnswerEntry>,
    pub due: Vec<Due>,
}

/// What a digest named and is no longer shown: withdrawn, taken back, or past its time.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, ToSchema)]
pub struct DigestGone {
    /// Conversations that were quoted, by title at least.
    pub quotations: u64,
    pub topics: u64,
}

impl DigestGone {
    pub const fn is_nothing(self) -> bool {
        self.quotations == 0 && self.topics == 0
    }
}

/// A digest by its days, and what of it is gone.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct DigestRef {
    /// An ISO week, `2026-W48`, or a month, `2026-11`.
    #[schema(pattern = "^[0-9]{4}-(W[0-9]{2}|[0-9]{2})$", example = "2026-W48")]
    pub period: String,
    #[schema(pattern = "^(week|month)$", example = "week")]
    pub every: String,
    #[schema(value_type = String, format = Date)]
    pub start: Date,
    #[schema(value_type = String, format = Date)]
    pub last: Date,
    /// Its period is not over yet: it follows the topics.
    pub so_far: bool,
    pub gone: DigestGone,
}

/// A digest that is over, by the names of its topics alone: for feeds and mails.
#[derive(Debug, Clone, PartialEq)]
pub struct DigestInBrief {
    pub of: DigestRef,
    /// When its period was over.
    pub over: Timestamp,
    /// When something that it named was last seen to be gone.
    pub gone_at: Option<Timestamp>,
    pub parts: Vec<DigestPart>,
}

/// What a part of a digest is called, and the topics in it.
#[derive(Debug, Clone, PartialEq)]
pub struct DigestPart {
    pub name: &'static str,
    pub topics: Vec<DigestNamed>,
}

/// A topic by its name, with what must be said wherever it is named.
#[derive(Debug, Clone, PartialEq)]
pub struct DigestNamed {
    pub label: String,
    pub chance: Option<f64>,
    pub over_since: Option<Date>,
    pub coordinated: Option<Coordinated>,
}

/// Digests, latest first.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct DigestList {
    pub items: Vec<DigestRef>,
    pub generation: u64,
}

/// What people talked about in a week or a month, in few words.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct Digest {
    #[serde(flatten)]
    pub of: DigestRef,
    /// The areas that it is narrowed to.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub areas: Vec<AreaRef>,
    /// Of a search; then there are no topics.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub search: Option<DigestSearch>,
    /// Day of the topics.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = Date)]
    pub drawn: Option<Date>,
    /// Days up to that one which the odds are of.
    pub odds_days: u64,
    #[schema(max_items = 3)]
    pub warnings: Vec<DigestItem>,
    /// Topics that began to emerge in these days.
    #[schema(max_items = 3)]
    pub emerging: Vec<DigestItem>,
    #[schema(max_items = 3)]
    pub enduring: Vec<DigestItem>,
    #[schema(max_items = 3)]
    pub quiet: Vec<DigestItem>,
    pub answers: Vec<DigestAnswers>,
    /// Earlier digests that named what is no longer shown.
    pub errata: Vec<DigestRef>,
    /// Networks that asked to be found.
    pub networks: u64,
    /// Those of them that cannot be reached now.
    pub unreachable: Vec<NetworkRef>,
    pub generation: u64,
}
