//! What a source took down and lists again: shown again, whatever it answered earlier, where its page is there.

use std::collections::HashSet;

use discover_crawler::recheck::{self, Kept, Verdict};
use discover_crawler::{Batch, SourceState, Task};
use discover_model::{Grant, ItemState, PostId, Refusal, SourceKind, gate};
use discover_store::Due;
use jiff::Timestamp;

use super::Pipeline;
use super::round::Round;

impl Pipeline {
    /// Looks at the pages of items that were taken down and stand in the list again, and withholds those that are not
    /// there: a feed may be an old copy. A platform's own word about its item needs no second look.
    pub(super) async fn hold_back_stale(
        &self,
        due: &Due,
        grant: &Grant,
        batch: &mut Batch,
        taken_down: &HashSet<PostId>,
        now: Timestamp,
        round: &mut Round,
    ) -> anyhow::Result<()> {
        let source = &due.source;
        if taken_down.is_empty()
            || !matches!(source.kind, SourceKind::Feed | SourceKind::PublicInbox)
        {
            return Ok(());
        }
        let (mut which, mut listed) = (Vec::new(), Vec::new());
        for (at, item) in batch.items.iter().enumerate() {
            let key = gate::stored_key(&item.key);
            let id = PostId::derive(source.network, source.id, &key);
            if item.state == ItemState::Live && taken_down.contains(&id) {
                which.push(at);
                listed.push(Kept {
                    key,
                    url: item.url.clone(),
                });
            }
        }
        if listed.is_empty() {
            return Ok(());
        }
        let task = Task {
            source: source.clone(),
            permit: grant.permit(now)?,
            secret: self.store.voice_key(source.network).await?,
            // One look decides: doubts are for what is held.
            state: SourceState::default(),
            force_due: false,
        };
        let looked = Box::pin(recheck::recheck(&self.fetcher, task, &listed, now)).await;
        round.requests += u64::from(looked.requests);
        for (at, verdict) in which.into_iter().zip(looked.verdicts) {
            if verdict != Verdict::There {
                batch.items[at].state = ItemState::Withheld(Refusal::Withdrawn);
            }
        }
        Ok(())
    }
}
