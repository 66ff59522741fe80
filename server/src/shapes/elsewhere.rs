//! Where else something is being talked about: what an owner's box shows.

use jiff::civil::Date;
use serde::Serialize;
use utoipa::ToSchema;

use super::{Conversation, TopicRef};

/// Who said last what happened, and where it says so.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Answered {
    #[schema(pattern = "^(heard|answered|decided|changed)$")]
    pub stage: String,
    pub by: String,
    #[schema(value_type = String, format = Date)]
    pub at: Date,
    #[schema(format = "uri")]
    pub url: String,
}

/// Conversations of other networks about one thing, one a network.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct Elsewhere {
    #[schema(max_items = 3)]
    pub items: Vec<Conversation>,
    /// The topic they are in, where there is one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub topic: Option<TopicRef>,
    /// Languages that the topic is talked about in.
    pub languages: u64,
    /// The latest answer to the topic that was not corrected.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub answered: Option<Answered>,
    /// Where there is more of it, in full.
    #[schema(format = "uri")]
    pub url: String,
    pub generation: u64,
}
