//! What happened about a topic: entries of bodies that the operator gave a key to, and what is due.

use discover_model::{ConversationId, Language, TopicId};
use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{Id, LanguageCode, NetworkRef, TopicRef};

/// One entry. It is never removed: a mistake is followed by a correction.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct AnswerEntry {
    /// Its number, over all topics.
    pub seq: u64,
    #[schema(pattern = "^(heard|answered|decided|changed)$", example = "heard")]
    pub stage: String,
    /// The body that wrote it, as the operator entered it.
    #[schema(example = "Wexmoor Health Board")]
    pub by: String,
    #[schema(value_type = String, format = Date)]
    pub at: Date,
    #[schema(value_type = String, format = DateTime)]
    pub written: Timestamp,
    /// Days after the day that was given for it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub late_days: Option<u64>,
    /// By when the body will have done what comes next.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = Date)]
    pub due: Option<Date>,
    /// Null once it was erased.
    pub text: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub erased: Option<Erased>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(format = "uri")]
    pub url: Option<String>,
    /// SHA-256 of `{salt}\n{text}`, as it stands in the ledger.
    pub hash: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub salt: Option<String>,
    /// Number of the entry that it corrects.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub corrects: Option<u64>,
    /// Number of the latest entry that corrects it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub corrected_by: Option<u64>,
    /// The topic as it was called by its id then.
    #[schema(value_type = Id)]
    pub topic: TopicId,
    /// Conversations that it answers, and that may be shown.
    #[schema(value_type = Vec<Id>)]
    pub conversations: Vec<ConversationId>,
    /// The same by their titles, in their order.
    pub cites: Vec<Cited>,
    /// Those that it answered when it was written.
    pub cited: u64,
    /// SHA-256 of `{conversations_salt}` and the ids, sorted, each after a line break, as it stands in the ledger.
    pub conversations_hash: String,
    /// Absent once the list is not whole any more.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub conversations_salt: Option<String>,
    /// Networks that had raised the topic, and may be named: each is told.
    pub networks: Vec<NetworkRef>,
    /// Those that had raised it when it was written.
    pub raised: u64,
    /// Those of them that left, or may not be shown for another reason than a pause.
    pub withdrawn: u64,
    /// Those that are paused, or have nothing of it here any more.
    pub absent: u64,
    /// Those whose owner asked to be told by webhook or mail too, and how many of these were reached.
    pub asked: u64,
    pub told: u64,
    /// Number of its entry in the ledger.
    pub ledger: u64,
    /// Ed25519 over `discover answer\n{seq}\n{hash of the ledger's entry}\n`, by the key of the ledger's heads, as hex.
    pub signature: String,
}

/// A conversation that an entry answers, as it may be shown now.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Cited {
    #[schema(value_type = Id)]
    pub id: ConversationId,
    pub title: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<LanguageCode>)]
    pub language: Option<Language>,
    pub network: NetworkRef,
}

/// When a text was erased, and why.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Erased {
    #[schema(value_type = String, format = Date)]
    pub at: Date,
    #[schema(value_type = String, format = DateTime)]
    pub moment: Timestamp,
    pub reason: String,
}

/// What a body said it would have done by a day, and has not yet.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Due {
    pub by: String,
    #[schema(value_type = String, format = Date)]
    pub due: Date,
    /// Number of the entry that says so.
    pub entry: u64,
    /// How far things had come with that entry.
    #[schema(pattern = "^(heard|answered|decided|changed)$")]
    pub stage: String,
    /// Absent while the day has not passed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub overdue_days: Option<u64>,
}

/// What happened about a topic, oldest first.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Answers {
    /// Absent where the topic is gone, or too small to be shown now: its answers stay.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub topic: Option<TopicRef>,
    pub items: Vec<AnswerEntry>,
    /// The longest overdue first.
    pub due: Vec<Due>,
    pub generation: u64,
}

/// The latest entries about topics that a network had raised, latest first.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct NetworkAnswers {
    pub items: Vec<AnswerEntry>,
    pub generation: u64,
}

/// An entry to be written.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewAnswer {
    #[schema(pattern = "^(heard|answered|decided|changed)$")]
    pub stage: String,
    /// Personal details are taken out before anything is kept.
    #[schema(min_length = 1, max_length = 2000)]
    pub text: String,
    #[serde(default)]
    #[schema(format = "uri", max_length = 2048)]
    pub url: Option<String>,
    /// By when you will have done what comes next.
    #[serde(default)]
    #[schema(value_type = Option<String>, format = Date)]
    pub due: Option<Date>,
    /// Number of an entry of yours that this one corrects.
    #[serde(default)]
    pub corrects: Option<u64>,
}
