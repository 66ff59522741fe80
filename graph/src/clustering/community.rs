//! Conversations that a pass finds to belong together.

use discover_model::NetworkId;
use jiff::civil::Date;

use crate::corpus::doc::Doc;

/// A community of one pass that is large enough to be a topic.
#[derive(Debug)]
pub(crate) struct Community {
    pub(crate) level: u8,
    /// Slots, by content key.
    pub(crate) slots: Vec<u32>,
    pub(crate) networks: Vec<NetworkId>,
    pub(crate) last_active: Date,
}

impl Community {
    pub(crate) fn of(level: u8, slots: Vec<u32>, docs: &[Option<Doc>]) -> Self {
        let held = || {
            slots
                .iter()
                .filter_map(|slot| docs[*slot as usize].as_ref())
        };
        let mut networks: Vec<NetworkId> = held().map(|doc| doc.facts.network).collect();
        networks.sort_unstable();
        networks.dedup();
        let days = held().flat_map(|doc| doc.facts.posts.iter().filter_map(|post| post.day));
        Self {
            level,
            networks,
            last_active: days.max().unwrap_or(Date::ZERO),
            slots,
        }
    }
}
