//! Conversations for the benches, made from JSON lines.

use std::path::Path;

use discover_model::{
    Conversation, ConversationId, ConversationPost, GrantId, NetworkId, PostId, SourceId,
    SourceKind, Voice,
};
use jiff::Timestamp;
use jiff::tz::TimeZone;
use serde::Deserialize;

use crate::measure::read_lines;

/// `{id, title?, text, created?}`
#[derive(Debug, Deserialize)]
pub(crate) struct Line {
    pub id: String,
    #[serde(default)]
    pub title: String,
    pub text: String,
    #[serde(default)]
    pub created: Option<Timestamp>,
}

pub(crate) fn read(file: &Path) -> anyhow::Result<Vec<Line>> {
    read_lines(file)
}

/// A conversation of one post; `number` becomes its id. With `body_only` the title is not searched.
pub(crate) fn conversation(number: usize, line: &Line, body_only: bool) -> Conversation {
    let at = line.created.unwrap_or(Timestamp::UNIX_EPOCH);
    let number = number as u128;
    let title = if body_only {
        String::new()
    } else {
        line.title.clone()
    };
    let post = ConversationPost {
        id: PostId::from_u128(number),
        source: SourceId::from_u128(1),
        grant: GrantId::from_u128(1),
        parent: None,
        url: format!("https://site.example/{number}"),
        title: None,
        text: line.text.clone(),
        language: None,
        voice: Voice::from_bytes([0; 16]),
        published: Some(at),
        first_seen: at,
        happened: Some(at.to_zoned(TimeZone::UTC).date()),
        links: Vec::new(),
    };
    Conversation {
        id: ConversationId::from_u128(number),
        network: NetworkId::from_u128(1),
        kind: SourceKind::Discourse,
        url: post.url.clone(),
        title,
        language: discover_model::Language::from_tag("en"),
        started: Some(at),
        last_active: Some(at),
        posts: vec![post],
    }
}
