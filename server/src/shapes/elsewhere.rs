//! Where else something is being talked about: what an owner's box shows.

use serde::Serialize;
use utoipa::ToSchema;

use super::{Conversation, TopicRef};

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
    /// Where there is more of it, in full.
    #[schema(format = "uri")]
    pub url: String,
    pub generation: u64,
}
