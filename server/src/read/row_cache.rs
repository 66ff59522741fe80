//! Rows of conversations as they may be shown, kept in memory: the best known ones are part of most answers.
//!
//! A row is given only to a view of the visibility it was read under, and never one that is older than what the view
//! finds: the store's change log tells which rows have changed since they were read. Bounded by the bytes of their texts.
//! All are dropped as soon as more (or less) is hidden: with the next request, or within a minute ([`crate::State::forget`]).

mod lookup;

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use discover_model::conversation::Conversation as Stored;
use discover_model::{ConversationId, ConversationPost};
use moka::sync::Cache;

/// Bytes of all rows held.
const MOST: u64 = 48 * 1024 * 1024;

pub(crate) type Rows = HashMap<ConversationId, Arc<Stored>>;

struct Inner {
    /// Of the visibility the rows were read under.
    generation: u64,
    /// Up to where the change log has been followed.
    seq: u64,
    rows: Cache<ConversationId, Arc<Stored>>,
}

fn bytes_of(row: &Stored) -> u32 {
    let of_post = |post: &ConversationPost| {
        let links: usize = post.links.iter().map(|link| link.len() + 24).sum();
        post.text.len() + post.url.len() + links + 256
    };
    let bytes = row.posts.iter().map(of_post).sum::<usize>() + 256;
    u32::try_from(bytes).unwrap_or(u32::MAX)
}

impl Inner {
    fn new(generation: u64, seq: u64) -> Self {
        let rows = Cache::builder()
            .max_capacity(MOST)
            .weigher(|_, row: &Arc<Stored>| bytes_of(row));
        Self {
            generation,
            seq,
            rows: rows.build(),
        }
    }
}

impl Default for Inner {
    fn default() -> Self {
        Self::new(0, 0)
    }
}

/// The rows held.
#[derive(Default)]
pub(crate) struct RowCache(Mutex<Inner>);

impl RowCache {
    /// A holder that panicked left whole rows.
    fn lock(&self) -> MutexGuard<'_, Inner> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn forget(&self) {
        *self.lock() = Inner::default();
    }

    #[cfg(test)]
    pub(crate) fn is_empty(&self) -> bool {
        self.lock().rows.iter().next().is_none()
    }
}
