//! What a visit is given, and what it hands over on its way.

use discover_model::{Item, Mark, Permit, Source, VoiceKey};

use crate::state::SourceState;

/// Items in one batch at most.
pub const BATCH_ITEMS: usize = 200;

/// What to visit, and what was kept of it.
#[derive(Debug, Clone)]
pub struct Task {
    pub source: Source,
    pub permit: Permit,
    /// The network's secret: the state names what was seen by marks made with it.
    pub secret: VoiceKey,
    pub state: SourceState,
    /// The visit comes before it was due (a test, or an owner's wish). Conditional requests, robots.txt, pacing, and
    /// silence that the site asked for still hold.
    pub force_due: bool,
}

/// Items to be kept together with the state that covers them.
#[derive(Debug, Clone, PartialEq)]
pub struct Batch {
    /// At most [`BATCH_ITEMS`].
    pub items: Vec<Item>,
    /// Item keys that were taken back.
    pub gone: Vec<String>,
    /// Marks of items that were there and are not any more ([`SourceState::item_mark`]).
    pub missing: Vec<Mark>,
    pub state: SourceState,
}
