//! Where a conversation lies among topics and near copies.

use serde::{Deserialize, Serialize};

/// Stands for a topic where there is none.
pub(crate) const NO_TOPIC: u32 = u32::MAX;

/// Where the last pass put a conversation.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub(crate) struct Place {
    /// Its topics, coarse to fine, as places in the memory's list.
    pub(crate) topics: [u32; 3],
    /// Slot of the conversation that stands for it and its near copies; its own where it has none.
    pub(crate) copies: u32,
    /// Weight of its links within its topics.
    pub(crate) weights: [f32; 3],
    /// Its unit of likeness: what its ten best neighbours have on average; 0 where no pass saw it.
    pub(crate) unit: f32,
}

impl Place {
    pub(crate) const fn alone(slot: u32) -> Self {
        Self {
            topics: [NO_TOPIC; 3],
            copies: slot,
            weights: [0.0; 3],
            unit: 0.0,
        }
    }
}
