//! Saved searches that are followed, and what they were told.

use discover_model::{ConversationId, DeliveryId, FollowId};
use discover_store::Every;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use utoipa::ToSchema;

use super::{AnswerEntry, Conversation, Highlight, Id, Kind, LanguageCode, Notice, TopicRef};

/// The parameters of a search, without order and place. Each means what it means in `GET /search`.
#[derive(Debug, ToSchema)]
#[schema(example = json!({"q": "\"blood tests\" -private", "language": ["en", "cy"]}))]
#[expect(
    dead_code,
    reason = "describes an object that is read as parameters are"
)]
pub struct FollowSearch {
    #[schema(max_length = 512)]
    q: Option<String>,
    /// Slugs of networks.
    network: Option<Vec<String>>,
    language: Option<Vec<LanguageCode>>,
    kind: Option<Vec<Kind>>,
    /// Ids of topics.
    topic: Option<Vec<Id>>,
    #[schema(format = Date)]
    after: Option<String>,
    #[schema(format = Date)]
    before: Option<String>,
}

/// Where a follow is told.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
#[serde(untagged)]
pub enum Deliver {
    Webhook(ToWebhook),
    Mail(ToMail),
}

/// Told at once, by a POST request for each conversation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ToWebhook {
    /// An https address that takes POST requests.
    #[schema(
        format = "uri",
        max_length = 2048,
        example = "https://insight.example/hooks/discover"
    )]
    pub webhook: String,
}

/// Told by one mail for all that was found since the last one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ToMail {
    /// Whoever reads it is asked first. It is kept as long as the saved search.
    #[schema(
        format = "email",
        max_length = 254,
        example = "insight@council.example"
    )]
    pub mail: String,
    #[schema(default = "day", required = false)]
    pub every: MailEvery,
}

/// What is told early is narrowed to. Each means what it means in `GET /topics/notices`.
#[derive(Debug, ToSchema)]
#[schema(example = json!({"kind": "warning", "language": ["en", "cy"], "area": ["council-ashmere"]}))]
#[expect(
    dead_code,
    reason = "describes an object that is read as parameters are"
)]
pub struct FollowEarly {
    #[schema(pattern = "^(warning|emerging)$")]
    kind: Option<String>,
    language: Option<Vec<LanguageCode>>,
    /// Slugs of areas that networks serve.
    area: Option<Vec<String>>,
}

/// How often a mail may come: at the full hour, at seven in the morning of the instance, on Mondays or on the first of a month.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum MailEvery {
    Hour,
    #[default]
    Day,
    Week,
    Month,
}

impl From<MailEvery> for Every {
    fn from(every: MailEvery) -> Self {
        match every {
            MailEvery::Hour => Self::Hour,
            MailEvery::Day => Self::Day,
            MailEvery::Week => Self::Week,
            MailEvery::Month => Self::Month,
        }
    }
}

impl From<Every> for MailEvery {
    fn from(every: Every) -> Self {
        match every {
            Every::Hour => Self::Hour,
            Every::Day => Self::Day,
            Every::Week => Self::Week,
            Every::Month => Self::Month,
        }
    }
}

/// A [`Deliver`] as it is asked for, so that each mistake in it is said with its field.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NewDeliver {
    #[serde(default, deserialize_with = "given")]
    pub webhook: Option<String>,
    #[serde(default, deserialize_with = "given")]
    pub mail: Option<String>,
    #[serde(default, deserialize_with = "given")]
    pub every: Option<MailEvery>,
}

/// What may be left out, and where it is not, is no `null`.
fn given<'de, D: serde::Deserializer<'de>, T: Deserialize<'de>>(
    from: D,
) -> Result<Option<T>, D::Error> {
    T::deserialize(from).map(Some)
}

/// A search to be saved and followed.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewFollow {
    /// For whoever made it: one line.
    #[serde(default)]
    #[schema(min_length = 1, max_length = 100, example = "Blood tests")]
    pub name: Option<String>,
    /// This, or `early`.
    #[serde(default)]
    #[schema(value_type = Option<FollowSearch>)]
    pub search: Option<Map<String, Value>>,
    /// Warnings, and topics that are newly emerging.
    #[serde(default)]
    #[schema(value_type = Option<FollowEarly>)]
    pub early: Option<Map<String, Value>>,
    /// Without it the search is saved and nothing is sent.
    #[serde(default)]
    #[schema(value_type = Option<Deliver>)]
    pub deliver: Option<NewDeliver>,
}

/// What becomes of a follow.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum FollowState {
    /// What is found is sent.
    Live,
    /// Nothing is looked for or sent; `reason` says why.
    Paused,
    /// The mailbox was asked whether it wants mails, and has three days to say yes. Until then nothing else is sent to it.
    Unconfirmed,
    /// Saved only: there is nowhere to send to.
    Saved,
}

/// A saved search.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct Follow {
    #[schema(value_type = Id)]
    pub id: FollowId,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<FollowSearch>)]
    pub search: Option<Map<String, Value>>,
    /// In place of `search` where warnings and newly emerging topics are followed.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<FollowEarly>)]
    pub early: Option<Map<String, Value>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub deliver: Option<Deliver>,
    pub state: FollowState,
    /// Why nothing is found or sent just now, where something is in the way.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    #[schema(value_type = String, format = DateTime)]
    pub made: Timestamp,
    /// What deliveries are signed with (Standard Webhooks). Said this once, in the answer that makes the follow.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(
        pattern = "^whsec_",
        example = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw5q9qJj8pX1E="
    )]
    pub secret: Option<String>,
}

/// What is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
pub enum AlertEvent {
    #[serde(rename = "conversation.found")]
    Found,
    #[serde(rename = "conversation.withdrawn")]
    Withdrawn,
    /// A mailbox is asked whether it wants mails. Never sent to a webhook.
    #[serde(rename = "mail.confirm")]
    Confirm,
    /// A warning, or that a topic is emerging.
    #[serde(rename = "topic.begun")]
    Begun,
    /// One that was told holds no more.
    #[serde(rename = "topic.ended")]
    Ended,
    /// A digest. Never sent to a webhook.
    #[serde(rename = "digest")]
    Digest,
    /// Something that a digest named is not shown any more. Never sent to a webhook.
    #[serde(rename = "digest.erratum")]
    Erratum,
    /// A body wrote what happened about a topic that the owner's network raised; a correction is an entry too.
    #[serde(rename = "answer.written")]
    Answered,
    /// The text of an entry that was told is erased.
    #[serde(rename = "answer.erased")]
    AnswerErased,
}

impl AlertEvent {
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Found => "conversation.found",
            Self::Withdrawn => "conversation.withdrawn",
            Self::Confirm => "mail.confirm",
            Self::Begun => "topic.begun",
            Self::Ended => "topic.ended",
            Self::Digest => "digest",
            Self::Erratum => "digest.erratum",
            Self::Answered => "answer.written",
            Self::AnswerErased => "answer.erased",
        }
    }
}

/// One delivery, and what came of it.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct Delivery {
    /// The same however often it is sent: the header `webhook-id`.
    #[schema(value_type = Id)]
    pub id: DeliveryId,
    pub event: AlertEvent,
    #[schema(
        pattern = "^(pending|delivered|dead|called_off)$",
        example = "delivered"
    )]
    pub state: String,
    /// Since it was made, or replayed.
    pub attempts: u32,
    /// Forgotten once it has gone and that was told.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<Id>)]
    pub conversation: Option<ConversationId>,
    /// Number of the notice that it is about.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub notice: Option<u64>,
    #[schema(value_type = String, format = DateTime)]
    pub made: Timestamp,
    /// The next attempt, where there is to be one.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = DateTime)]
    pub next: Option<Timestamp>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = DateTime)]
    pub ended: Option<Timestamp>,
    /// What the last attempt came to, where it failed.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = "answer 500")]
    pub outcome: Option<String>,
}

/// What to send once more.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ReplayFrom {
    /// This delivery and all after it, delivered or not. Without it, all that were given up.
    #[serde(default)]
    #[schema(value_type = Option<Id>)]
    pub from: Option<String>,
}

/// What a replay will send.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Replayed {
    /// Deliveries that wait to be sent once more.
    pub queued: u64,
}

/// The body of an alert.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct Alert {
    #[serde(rename = "type")]
    pub kind: AlertEvent,
    /// The same however often it is sent.
    #[schema(value_type = Id)]
    pub id: DeliveryId,
    #[schema(value_type = Id)]
    pub follow: FollowId,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// When it happened here.
    #[schema(value_type = String, format = DateTime)]
    pub timestamp: Timestamp,
    /// Of a saved search.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub conversation: Option<AlertConversation>,
    /// Of what is told early.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub topic: Option<Box<AlertTopic>>,
    /// Of what an owner is told.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub answer: Option<Box<AlertAnswer>>,
}

/// An entry of the answers, in words and as `GET /topics/{id}/answers` has it, but for its networks and conversations, which
/// stand on `page` while they may be shown.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct AlertAnswer {
    pub title: String,
    pub text: String,
    #[schema(format = "uri")]
    pub page: String,
    /// Absent where the topic may not be named any more.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub topic: Option<TopicRef>,
    pub entry: AnswerEntry,
}

/// A warning or an emerging topic, in words and as `GET /topics/notices` has it.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct AlertTopic {
    pub title: String,
    pub text: String,
    #[serde(flatten)]
    pub notice: Notice,
}

/// The conversation as a search shows it, or its id alone where it has gone.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
#[serde(untagged)]
pub enum AlertConversation {
    Found {
        #[serde(flatten)]
        conversation: Box<Conversation>,
        #[serde(skip_serializing_if = "Vec::is_empty")]
        highlight: Vec<Highlight>,
    },
    Withdrawn(GoneConversation),
}

/// A conversation that has gone.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct GoneConversation {
    #[schema(value_type = Id)]
    pub id: ConversationId,
}
