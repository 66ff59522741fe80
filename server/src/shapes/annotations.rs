//! Annotations: a day and a few words on a topic, of a network that speaks in it or of the operator.

use discover_model::TopicId;
use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{Id, NetworkRef};

/// A few words on a day of a topic. It goes when whoever wrote it takes it away, and with its network.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Annotation {
    pub number: u64,
    /// The day that it is about.
    #[schema(value_type = String, format = Date)]
    pub day: Date,
    /// As it was written, personal details taken out.
    #[schema(max_length = 200)]
    pub text: String,
    /// The network whose owner wrote it; absent where the operator did.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub network: Option<NetworkRef>,
    /// Who runs this instance, where the operator wrote it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub operator: Option<String>,
    #[schema(value_type = String, format = DateTime)]
    pub written: Timestamp,
    /// The topic by the id it was called by then.
    #[schema(value_type = Id)]
    pub topic: TopicId,
}

/// An annotation of a network that speaks in the topic, signed with its owner's key, which itself is never sent.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SignedAnnotation {
    /// Slug of the network.
    #[schema(example = "riverside-forum")]
    pub network: String,
    /// The day that it is about; another annotation of that day is replaced.
    #[schema(value_type = String, format = Date)]
    pub day: Date,
    /// One line. Empty, it takes the annotation of that day away.
    #[schema(max_length = 200)]
    pub text: String,
    /// Now, within 15 minutes, in whole seconds.
    #[schema(value_type = String, format = DateTime)]
    pub at: Timestamp,
    /// As of a withdrawal, over `discover annotate\n{network}\n{topic}\n{day}\n{text}\n{at}\n`.
    pub signature: String,
}
