//! Finds rows for a view: in memory where they are as new as it, else in the store.

use std::sync::Arc;

use discover_model::ConversationId;
use discover_model::conversation::Conversation as Stored;
use discover_store::StoreError;

use super::{Inner, RowCache, Rows, bytes_of};
use crate::state::View;

/// A longer row is read each time.
const LONGEST: u32 = 512 * 1024;
/// After so many changes at once it is simpler to begin anew.
const CHANGES: usize = 2_000;

impl RowCache {
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
async fn read(view: &View, ids: &[ConversationId]) -> Result<Vec<Arc<Stored>>, StoreError> {
    let stored = view.state.store().conversations(ids).await?;
    Ok(stored
        .into_iter()
        .filter_map(|row| row.visible(&view.visibility))
        .map(Arc::new)
        .collect())
}
