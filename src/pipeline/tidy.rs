//! What is done by itself every few minutes: purges after withdrawals, retention, the ledger's signed head.

use std::sync::Arc;
use std::time::Duration;

use anyhow::Context;
use discover_server::signs::Sign;
use discover_store::{ExpiryClock, StoreError};
use jiff::Timestamp;

use super::Pipeline;

/// How long who withdraws waits for the purge to end before hearing how far it is.
const WAIT_FOR_PURGE: Duration = Duration::from_secs(20);

/// What a purge does just now.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) enum PurgeStep {
    #[default]
    Deletes,
    Draws,
    Merges,
}

impl Pipeline {
    /// What is done every few minutes: purge after withdrawals, retention, the ledger's signed head. One that fails does
    /// not keep the others from their work.
    pub(crate) async fn tidy(&self) -> anyhow::Result<()> {
        let now = self.config.now();
        self.write_withdrawals().await?;
        // A withdrawal's purge waits for no clock.
        let purged = self.purge(now).await;
        let clock = self.check_clock(now).await?;
        self.lapse_expired(now).await?;
        let (signed, erased) = if clock.waits() {
            (Ok(Vec::new()), Ok(()))
        } else {
            (
                self.store.sign_heads(now).await,
                self.erase_closed(now).await,
            )
        };
        // Before what waits for other people's sites.
        let trust = if clock.waits() {
            ExpiryClock::Doubted
        } else {
            ExpiryClock::Trusted
        };
        let expired = self.expire(now, trust).await;
        self.check_objections(now).await?;
        let today = now.to_zoned(self.config.zone.clone()).date();
        self.store.forget_missing_sites(today).await?;
        purged?;
        erased?;
        for head in signed? {
            tracing::info!(day = %head.day, seq = head.seq, hash = %head.hash, "the ledger's head is signed");
        }
        expired?;
        Ok(())
    }

    /// Removes what is past its network's retention. A run that looks like a jump of the clock hides it and waits; that is
    /// no error, but a sign. Returns the posts that went.
    pub(crate) async fn expire(&self, now: Timestamp, clock: ExpiryClock) -> anyhow::Result<u64> {
        let expired = self.store.expire(now, clock).await;
        self.publish_visibility(self.store.visibility().await?);
        match expired {
            Ok(expired) => {
                self.signs.clear(Sign::ExpiryWaits);
                Ok(expired.posts)
            }
            Err(error @ (StoreError::ClockJump { .. } | StoreError::ClockDoubted { .. })) => {
                if self.signs.set(Sign::ExpiryWaits, &error.to_string()) {
                    tracing::warn!("{error}");
                }
                Ok(0)
            }
            Err(error) => Err(error.into()),
        }
    }

    /// Purges what was withdrawn: store, index segments, graph, and only then the receipt. A run that was broken off at
    /// any point is completed by the next one. Returns the posts that went.
    pub(crate) async fn purge(&self, now: Timestamp) -> anyhow::Result<u64> {
        let _one = self.purging.lock().await;
        let purged = self.purge_once(now).await;
        match &purged {
            Ok(_) => self.signs.clear(Sign::PurgeWaits),
            Err(error) => {
                self.signs.set(
                    Sign::PurgeWaits,
                    &format!("what was withdrawn is hidden, and is not purged yet: {error:#}"),
                );
            }
        }
        purged
    }

    /// Purges, and waits for it as long as anybody should; the posts that went, or how far it is. It goes on in any case.
    pub(super) async fn purge_or_tell(&self, now: Timestamp) -> Result<u64, String> {
        let Some(pipeline) = self.me.upgrade() else {
            return Err("the process is ending".to_owned());
        };
        let purged = tokio::spawn(async move { pipeline.purge(now).await });
        match tokio::time::timeout(WAIT_FOR_PURGE, purged).await {
            Ok(Ok(purged)) => purged.map_err(|error| format!("{error:#}")),
            Ok(Err(error)) => Err(error.to_string()),
            Err(_) => Err(self.how_far()),
        }
    }

    fn how_far(&self) -> String {
        if let Some(cleaning) = self.store.cleaning() {
            return format!(
                "{} of {} pages of the store are cleaned, which takes about {} s more",
                cleaning.pages,
                cleaning.of,
                cleaning.left.as_secs() + 1
            );
        }
        let step = self
            .purge_step
            .lock()
            .unwrap_or_else(std::sync::PoisonError::into_inner);
        match *step {
            PurgeStep::Deletes => "rows are being deleted",
            PurgeStep::Draws => "topics are being drawn anew",
            PurgeStep::Merges => "the index is being merged",
        }
        .to_owned()
    }

    fn begin_step(&self, step: PurgeStep) {
        *self
            .purge_step
            .lock()
            .unwrap_or_else(std::sync::PoisonError::into_inner) = step;
    }

    async fn purge_once(&self, now: Timestamp) -> anyhow::Result<u64> {
        self.begin_step(PurgeStep::Deletes);
        let remains = self.store.remains(now).await?;
        let erased = self.store.erase(now).await?;
        if erased.is_empty() && remains.is_none() {
            return Ok(0);
        }
        self.begin_step(PurgeStep::Draws);
        {
            let mut derived = self.deriving.lock().await;
            let mut graph = self
                .graph
                .write()
                .unwrap_or_else(std::sync::PoisonError::into_inner);
            for purged in erased.iter().filter(|purged| purged.whole()) {
                graph.remove_network(purged.network);
            }
            derived.graph_changed = true;
        }
        self.catch_up().await?;
        self.refresh_topics().await?;
        self.begin_step(PurgeStep::Merges);
        let index = Arc::clone(&self.index);
        tokio::task::spawn_blocking(move || index.purge())
            .await
            .context("purging the index")??;
        self.store.receipt(&erased, now).await?;
        if let Some(since) = remains {
            self.store.forget_remains(since).await?;
        }
        Ok(erased.iter().map(|purged| purged.posts).sum())
    }
}
