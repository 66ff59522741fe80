//! Networks, their sources, and what an instance says of itself.

use discover_model::SourceKind;
use jiff::Timestamp;
use jiff::civil::Date;
use serde::Serialize;
use utoipa::ToSchema;

use super::{AreaRef, Kind, List, NotListed, Topic, TopicPage, Warnings};

/// A declared source of a network and how it fares.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Source {
    #[schema(value_type = Kind)]
    pub kind: SourceKind,
    #[schema(format = "uri")]
    pub url: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = DateTime)]
    pub last_fetch: Option<Timestamp>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = DateTime)]
    pub last_ok: Option<Timestamp>,
    /// Whether the last visit went well.
    pub reached: bool,
    /// What blocked the last visit, in plain words.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub trouble: Option<String>,
    /// What its owner can do about it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub fix: Option<String>,
    /// When it is visited next; absent where visits have ended.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = DateTime)]
    pub next_fetch: Option<Timestamp>,
}

/// How often something was refused or redacted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct CodeCount {
    pub code: String,
    /// In plain words.
    pub words: String,
    /// Below 50 rounded to 5.
    pub count: u64,
}

/// A network that opted in.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct Network {
    pub slug: String,
    pub name: String,
    /// The organisation that owns it.
    pub owner: String,
    #[schema(pattern = "^(asked|live|paused|lapsed)$")]
    pub state: String,
    /// How consent was proved.
    #[schema(pattern = "^(well-known|dns-txt|meta|profile|attested|document)$")]
    pub proof: String,
    #[schema(value_type = String, format = DateTime)]
    pub registered: Timestamp,
    pub retention_days: u16,
    /// Areas it says it serves; empty where it serves no one area, or has not said.
    pub areas: Vec<AreaRef>,
    /// Whether its owner said that newcomers are welcome; never true of a sensitive network.
    pub newcomers: bool,
    /// Addresses the owner agreed to.
    pub scope: Vec<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = DateTime)]
    pub expires: Option<Timestamp>,
    pub sources: Vec<Source>,
    /// Conversations kept, exact.
    pub conversations: u64,
    /// Posts kept; below 50 rounded to 5. Absent: fewer than 8 voices.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub posts: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = DateTime)]
    pub last_fetch: Option<Timestamp>,
    /// Since when it could not be reached; absent while it can.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = DateTime)]
    pub unreachable_since: Option<Timestamp>,
}

/// What the front page says.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct Home {
    pub instance: String,
    /// Who runs it, and for which area, where that is said.
    pub operator: Option<String>,
    pub area: Option<String>,
    pub emerging: TopicPage,
    pub enduring: TopicPage,
    pub quiet: TopicPage,
    /// Of each list in that order, a topic of much value in it that does not stand there, and why.
    pub not_listed: [Option<NotListed>; 3],
    pub warnings: Warnings,
    /// The topic to begin with: that of the first warning, else the first that emerges.
    pub lead: Option<Topic>,
    pub networks: List<Network>,
    /// Networks that cannot be reached now.
    pub unreachable: Vec<Network>,
    pub conversations: u64,
    #[schema(value_type = String, format = Date)]
    pub drawn: Date,
    #[schema(value_type = String, format = DateTime)]
    pub now: Timestamp,
    pub generation: u64,
}

/// What is kept and what is refused, in live figures.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct About {
    pub instance: String,
    /// Who runs it, where that is said.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub operator: Option<String>,
    /// For which area it is run, where that is said.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub area: Option<String>,
    /// What the site is for, in its operator's words.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tag_line: Option<String>,
    pub operator_contact: String,
    pub user_agent: String,
    pub networks: u64,
    pub sources: u64,
    pub conversations: u64,
    pub posts: u64,
    pub topics: u64,
    /// Refusals by code, most frequent first.
    pub refused: Vec<CodeCount>,
    /// Redactions by kind, most frequent first.
    pub redacted: Vec<CodeCount>,
    /// Entries of the ledger, and the hash of the last one.
    pub ledger_seq: u64,
    pub ledger_head: String,
    pub thresholds: Thresholds,
    pub generation: u64,
}

/// From when on an aggregate is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
pub struct Thresholds {
    pub networks: u64,
    pub voices: u64,
    /// Counts below this are rounded.
    pub exact_from: u64,
    pub round_to: u64,
}
