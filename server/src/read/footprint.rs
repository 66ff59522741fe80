//! What a kept answer of a search rests on.

use discover_indexer::Matched;
use discover_model::ConversationId;

/// What it takes to tell later whether a change touches an answer.
pub(super) struct Footprint {
    pub(super) matched: Matched,
    /// All conversations found; nothing where they are many.
    pub(super) members: Option<Vec<ConversationId>>,
}

#[cfg(test)]
impl Footprint {
    /// Of an answer that every change is taken to touch.
    pub(super) const WIDE: Self = Self {
        matched: Matched::All,
        members: None,
    };
}
