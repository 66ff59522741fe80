//! Rows of conversations as they may be shown, kept in memory: the best known ones are part of most answers.
//!
//! A row is given only to a view of the visibility it was read under, and never one that is older than what the view
//! finds: the store's change log tells which rows have changed since they were read. Bounded by the bytes of their texts.
//! All are dropped as soon as more (or less) is hidden: with the next request, or within a minute ([`crate::State::forget`]).

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use discover_model::conversation::Conversation as Stored;
use discover_model::{ConversationId, ConversationPost};
use discover_store::StoreError;
use moka::sync::Cache;

use crate::state::View;

/// Bytes of all rows held.
const MOST: u64 = 48 * 1024 * 1024;
/// A longer row is read each time.
const LONGEST: u32 = 512 * 1024;
/// After so many changes at once it is simpler to begin anew.
const CHANGES: usize = 2_000;

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

    /// Those of some conversations that are held and as new as the view, with the place in the change log they are as
    /// new as; nothing where that has to be found out first.
    fn current(&self, view: &View, ids: &[ConversationId]) -> Option<(Rows, u64)> {
        let mut inner = self.lock();
        if inner.generation < view.generation() {
            *inner = Inner::new(view.generation(), view.seq);
        }
        if inner.generation != view.generation() || inner.seq < view.seq {
            return None;
        }
        let rows = ids.iter().filter_map(|id| inner.rows.get(id));
        let rows = rows.map(|row| (row.id, row)).collect();
        Some((rows, inner.seq))
    }

    /// All of some conversations, where all are held: without waiting.
    pub(crate) fn all(&self, view: &View, ids: &[ConversationId]) -> Option<Rows> {
        let (rows, _) = self.current(view, ids)?;
        (rows.len() == ids.len()).then_some(rows)
    }

    /// Those that may be shown, from memory or else from the store.
    pub(crate) async fn visible(
        &self,
        view: &View,
        ids: &[ConversationId],
    ) -> Result<Rows, StoreError> {
        if ids.is_empty() {
            return Ok(Rows::new());
        }
        self.follow(view).await?;
        let (mut rows, seq) = match self.current(view, ids) {
            Some((rows, seq)) => (rows, Some(seq)),
            // The view is older than what is held.
            None => (Rows::new(), None),
        };
        let missing: Vec<ConversationId> = ids
            .iter()
            .filter(|id| !rows.contains_key(id))
            .copied()
            .collect();
        if missing.is_empty() {
            return Ok(rows);
        }
        let read: Vec<Arc<Stored>> = read(view, &missing).await?;
        if let Some(seq) = seq {
            let inner = self.lock();
            // Otherwise a change may have been followed that these rows were read before.
            if inner.generation == view.generation() && inner.seq == seq {
                for row in read.iter().filter(|row| bytes_of(row) <= LONGEST) {
                    inner.rows.insert(row.id, Arc::clone(row));
                }
            }
        }
        rows.extend(read.into_iter().map(|row| (row.id, row)));
        Ok(rows)
    }

    /// Drops the rows that have changed up to where the view's index has come.
    async fn follow(&self, view: &View) -> Result<(), StoreError> {
        loop {
            let from = {
                let inner = self.lock();
                if inner.generation != view.generation() || inner.seq >= view.seq {
                    return Ok(());
                }
                inner.seq
            };
            let changes = view.state.store().changes(from, CHANGES).await?;
            let mut inner = self.lock();
            if inner.generation != view.generation() || inner.seq != from {
                continue;
            }
            if changes.len() == CHANGES {
                *inner = Inner::new(view.generation(), view.seq);
                return Ok(());
            }
            for change in &changes {
                inner.rows.invalidate(&change.conversation);
            }
            let last = changes.last().map_or(from, |change| change.seq);
            inner.seq = last.max(view.seq);
        }
    }
}

/// Rows of the store that may be shown.
pub(crate) async fn read(
    view: &View,
    ids: &[ConversationId],
) -> Result<Vec<Arc<Stored>>, StoreError> {
    let stored = view.state.store().conversations(ids).await?;
    Ok(stored
        .into_iter()
        .filter_map(|row| row.visible(&view.visibility))
        .map(Arc::new)
        .collect())
}
