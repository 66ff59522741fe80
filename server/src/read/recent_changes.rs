//! Which conversations changed of late, by the store's change log: for what is kept in memory and asks whether it holds.
//!
//! Contract: [`RecentChanges::after`] names every conversation that changed behind a place in the log and up to `seq`, and
//! maybe later ones; or nothing, where it cannot be sure to name them all.

use std::collections::VecDeque;
use std::sync::{Mutex, MutexGuard, PoisonError};

use discover_model::ConversationId;
use discover_store::{Store, StoreError};

/// Changes remembered.
const MOST: usize = 4_000;
/// Read at once; more than these in one go are not followed.
const AT_ONCE: usize = 2_000;

#[derive(Default)]
struct Inner {
    /// All changes behind this place are known, as far as the log was read.
    since: u64,
    upto: u64,
    log: VecDeque<(u64, ConversationId)>,
}

#[derive(Default)]
pub(crate) struct RecentChanges(Mutex<Inner>);

impl RecentChanges {
    fn lock(&self) -> MutexGuard<'_, Inner> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) async fn after(
        &self,
        store: &Store,
        seq: u64,
        from: u64,
    ) -> Result<Option<Vec<ConversationId>>, StoreError> {
        self.follow(store, seq).await?;
        let inner = self.lock();
        if from < inner.since {
            return Ok(None);
        }
        // Without an upper end: the log holds a conversation at its latest change only, so one that changed within may
        // stand behind.
        let changed = inner.log.iter().filter(|(seq, _)| *seq > from);
        let mut changed: Vec<ConversationId> = changed.map(|(_, id)| *id).collect();
        changed.sort_unstable();
        changed.dedup();
        Ok(Some(changed))
    }

    /// Reads the log up to `seq`, at least.
    async fn follow(&self, store: &Store, seq: u64) -> Result<(), StoreError> {
        loop {
            let from = {
                let inner = self.lock();
                if inner.upto >= seq {
                    return Ok(());
                }
                inner.upto
            };
            let changes = store.changes(from, AT_ONCE).await?;
            let mut inner = self.lock();
            if inner.upto != from {
                continue;
            }
            if changes.len() == AT_ONCE {
                *inner = Inner {
                    since: seq,
                    upto: seq,
                    log: VecDeque::new(),
                };
                return Ok(());
            }
            let last = changes.last().map_or(from, |change| change.seq);
            inner.upto = last.max(seq);
            let read = changes
                .iter()
                .map(|change| (change.seq, change.conversation));
            inner.log.extend(read);
            while inner.log.len() > MOST {
                if let Some((seq, _)) = inner.log.pop_front() {
                    inner.since = seq;
                }
            }
        }
    }
}
