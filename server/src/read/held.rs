//! Rows of conversations as they may be shown, kept in memory: the best known ones are part of most answers.
//!
//! A row is given only to a view of the visibility it was read under, and never one that is older than what the view
//! finds: the store's change log tells which rows have changed since they were read. Bounded by the bytes of their texts;
//! what is asked for least goes first. All are dropped as soon as more (or less) is hidden.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use discover_model::ConversationId;
use discover_model::conversation::Conversation as Stored;
use discover_store::StoreError;

use crate::state::View;

/// Bytes of all rows held, in each of two generations.
const MOST: usize = 16 * 1024 * 1024;
/// A longer row is read each time.
const LONGEST: usize = MOST / 64;
/// After so many changes at once it is simpler to begin anew.
const CHANGES: usize = 2_000;

pub(crate) type Rows = HashMap<ConversationId, Arc<Stored>>;

#[derive(Default)]
struct Inner {
    /// Of the visibility the rows were read under.
    generation: u64,
    /// Up to where the change log has been followed.
    seq: u64,
    young: Rows,
    /// What was young before there was too much; what is asked for again becomes young again.
    old: Rows,
    /// Of the young ones.
    bytes: usize,
}

fn bytes_of(row: &Stored) -> usize {
    let of_post = |post: &discover_model::ConversationPost| {
        let links: usize = post.links.iter().map(|link| link.len() + 24).sum();
        post.text.len() + post.url.len() + links + 256
    };
    row.posts.iter().map(of_post).sum::<usize>() + 256
}

impl Inner {
    fn get(&mut self, id: ConversationId) -> Option<Arc<Stored>> {
        if let Some(row) = self.young.get(&id) {
            return Some(Arc::clone(row));
        }
        let row = self.old.remove(&id)?;
        self.put(Arc::clone(&row));
        Some(row)
    }

    fn put(&mut self, row: Arc<Stored>) {
        let bytes = bytes_of(&row);
        if bytes > LONGEST {
            return;
        }
        self.bytes += bytes;
        if self.bytes > MOST {
            self.old = std::mem::take(&mut self.young);
            self.bytes = bytes;
        }
        self.young.insert(row.id, row);
    }

    fn drop_one(&mut self, id: ConversationId) {
        if let Some(row) = self.young.remove(&id) {
            self.bytes -= bytes_of(&row).min(self.bytes);
        }
        self.old.remove(&id);
    }
}

/// The rows held.
#[derive(Default)]
pub(crate) struct Held(Mutex<Inner>);

impl Held {
    /// A holder that panicked left whole rows.
    fn lock(&self) -> MutexGuard<'_, Inner> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn forget(&self) {
        *self.lock() = Inner::default();
    }

    /// Those of some conversations that are held and as new as the view, with the place in the change log they are as
    /// new as; nothing where that has to be found out first.
    fn current(&self, view: &View, ids: &[ConversationId]) -> Option<(Rows, u64)> {
        let mut inner = self.lock();
        if inner.generation < view.generation() {
            *inner = Inner {
                generation: view.generation(),
                seq: view.seq,
                ..Inner::default()
            };
        }
        if inner.generation != view.generation() || inner.seq < view.seq {
            return None;
        }
        let rows = ids.iter().filter_map(|id| inner.get(*id));
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
            let mut inner = self.lock();
            // Otherwise a change may have been followed that these rows were read before.
            if inner.generation == view.generation() && inner.seq == seq {
                for row in &read {
                    inner.put(Arc::clone(row));
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
                *inner = Inner {
                    generation: view.generation(),
                    seq: view.seq,
                    ..Inner::default()
                };
                return Ok(());
            }
            for change in &changes {
                inner.drop_one(change.conversation);
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
