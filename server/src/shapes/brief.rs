//! A brief: a topic or a search on one page, for somebody who decides and has a minute.

use std::collections::BTreeMap;

use discover_model::{Language, TopicId};
use jiff::civil::Date;
use serde::Serialize;
use utoipa::ToSchema;

use super::{
    Annotation, Answers, Baseline, Coordinated, FacetRow, FalseAlarms, Id, LanguageCode, Matched,
    NetworkRef, Quote, Rank, Timeline, is_none,
};

/// A topic or a search on one page.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct Brief {
    /// The topic's label, or what was searched for.
    pub label: String,
    /// The label by language; empty where it is a search.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub labels: BTreeMap<String, String>,
    /// The title of the topic's most central conversation.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub headline: Option<String>,
    /// What it is about, in full, at its address here.
    #[schema(format = "uri")]
    pub url: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<Id>)]
    pub topic: Option<TopicId>,
    /// The list that the topic stands in.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub list: Option<Rank>,
    /// Day on which the topic began, or the first day that was searched.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = Date)]
    pub since: Option<Date>,
    /// Day after the last one that was searched.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = Date)]
    pub before: Option<Date>,
    /// Exact.
    pub conversations: u64,
    /// Those with a post of the last seven days, today's included, near copies once; of topics only. Exact.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub last_7_days: Option<u64>,
    /// Below 50 rounded to 5; of topics only.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub voices: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub coordinated: Option<Coordinated>,
    pub timeline: Timeline,
    /// The twelve weeks before a topic began.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub baseline: Option<Baseline>,
    /// Networks that speak of it, most conversations first.
    pub networks: Vec<BriefNetwork>,
    /// First days of the weeks that `networks[].weeks` are about.
    #[schema(value_type = Vec<String>)]
    pub weeks: Vec<Date>,
    /// Networks that were looked at, those that speak included.
    pub looked_at: u64,
    /// Conversations by language, exact.
    pub languages: Vec<FacetRow>,
    /// What people say: one a network.
    #[schema(max_items = 4)]
    pub quotes: Vec<Quote>,
    /// Networks that take no part in it and mention it by its name; of topics only.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub mentions: Vec<NetworkRef>,
    /// Networks that could speak of it and do not.
    pub could: Vec<NetworkRef>,
    /// Networks of which nobody knows.
    pub not_comparable: Vec<NotComparable>,
    /// What early warnings are worth; none is given of a search.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub warning: Option<BriefWarning>,
    /// What happened about a topic.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub happened: Option<Answers>,
    /// What networks that speak in a topic, and the operator, note on days of it.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub annotations: Vec<Annotation>,
    pub left_out: LeftOut,
    pub check: Check,
}

impl Brief {
    /// Conversations, near copies once.
    pub const fn once(&self) -> u64 {
        self.conversations.saturating_sub(self.left_out.near_copies)
    }
}

/// A network's part in a brief.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct BriefNetwork {
    pub slug: String,
    pub name: String,
    /// Conversations, near copies once. Exact.
    pub count: u64,
    /// Conversations active in each of the brief's weeks, near copies once, exact; of the first twelve networks.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub weeks: Vec<u64>,
}

/// A network of which nobody knows whether it would speak.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct NotComparable {
    pub slug: String,
    pub name: String,
    /// Languages it writes in, none of which the subject can be found in; empty where it has no posts in the last twelve
    /// weeks, or where nobody knows its languages.
    #[schema(value_type = Vec<LanguageCode>)]
    pub languages: Vec<Language>,
}

/// Whether an early warning is raised of a topic, and what such a warning is worth.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct BriefWarning {
    /// Chance of as much in an ordinary week; absent where no warning is raised.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub chance: Option<f64>,
    /// Networks that speak of it more than they are used to.
    pub networks: u64,
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
}

/// What a brief does not hold, or counts once.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct LeftOut {
    /// Of the conversations, near copies of another one of them: the page counts them once.
    #[serde(skip_serializing_if = "is_none")]
    pub near_copies: u64,
    /// Conversations without a known date: in no week.
    pub undated: u64,
    /// Which of its words a conversation has; absent where it is a topic.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub matched: Option<Matched>,
}

/// What it takes to check a brief.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct Check {
    /// Day of the brief.
    #[schema(value_type = String, format = Date)]
    pub made: Date,
    /// Day of the topics.
    #[schema(value_type = String, format = Date)]
    pub drawn: Date,
    pub generation: u64,
    /// Number of the last change that the index had consumed.
    pub seq: u64,
    /// Number and hash of the ledger's last entry.
    pub ledger_seq: u64,
    pub ledger_head: String,
    /// SHA-256 of the parameters of the topics, as JSON.
    pub parameters: String,
}
