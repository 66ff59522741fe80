//! Leaving: hidden at once from every output, then purged everywhere.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::{Context, bail};
use discover_model::ledger::Actor;
use discover_model::network::NetworkState;
use discover_model::{ConversationId, Network, NetworkId, Origin, PostId, Visibility};
use discover_server::Published;
use discover_server::signs::Sign;
use discover_store::{Hide, PendingWithdrawal, StoreError};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use url::Url;

use super::Pipeline;

/// A part of a network, as a command or a form names it.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum WithdrawPart {
    Source(Url),
    Path(Url),
    Conversation(ConversationId),
    Post(PostId),
}

/// How long a withdrawal waits for the database before it is answered: it is hidden and stands in its file by then.
const WAIT_FOR_STORE: Duration = Duration::from_secs(10);
/// The same where another process holds the database's lock.
const WAIT_FOR_OTHERS: Duration = Duration::from_millis(500);

/// What a withdrawal did.
#[derive(Debug, Serialize)]
pub(crate) struct Left {
    pub network: NetworkId,
    /// Milliseconds from acceptance until no output showed it.
    pub hidden_after_ms: u64,
    /// Posts purged; absent while the purge is still to come.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub purged_posts: Option<u64>,
    /// Why the purge is still to come, and what ends the waiting.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub purge_waits: Option<String>,
    /// Why it would be shown again if the process ended now; absent where it would not.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub unsaved: Option<String>,
}

/// A withdrawal that no output shows any more.
#[derive(Debug)]
pub(crate) struct Withdrawn {
    pub hidden_after_ms: u64,
    /// Why the database does not have it yet.
    pub waits: Option<String>,
    /// Why it ends with the process: neither the file beside the store nor the database could take it.
    pub unsaved: Option<String>,
}

impl Pipeline {
    /// The network with this slug, or words that say which there are.
    pub(crate) async fn network_named(&self, slug: &str) -> anyhow::Result<Network> {
        let networks = self.store.networks().await?;
        if let Some(network) = networks.iter().find(|network| network.slug == slug) {
            return Ok(network.clone());
        }
        let mut slugs: Vec<&str> = networks
            .iter()
            .filter(|network| network.state != NetworkState::Withdrawn)
            .map(|network| network.slug.as_str())
            .collect();
        slugs.sort_unstable();
        slugs.truncate(50);
        bail!(
            "there is no network {slug:?} here; known: {}",
            slugs.join(", ")
        );
    }

    /// Withdraws the network with this slug, or a part of it, at the operator's word.
    pub(crate) async fn withdraw(
        &self,
        slug: &str,
        part: Option<&WithdrawPart>,
        purge: bool,
    ) -> anyhow::Result<Left> {
        let now = self.config.now();
        let mut left = match self.network_named(slug).await {
            Ok(network) => {
                let what = self.part_named(&network, part).await?;
                let withdrawn = self.withdraw_what(&what, Actor::Operator, now).await?;
                if part.is_none() {
                    self.left_before().insert(network.slug, network.id);
                }
                Left {
                    network: network.id,
                    hidden_after_ms: withdrawn.hidden_after_ms,
                    purged_posts: None,
                    purge_waits: withdrawn.waits,
                    unsaved: withdrawn.unsaved,
                }
            }
            // Its rows may be gone already, and its name with them, while their bytes are not.
            Err(unknown) => Left {
                network: *self.left_before().get(slug).ok_or(unknown)?,
                hidden_after_ms: 0,
                purged_posts: None,
                purge_waits: None,
                unsaved: None,
            },
        };
        if purge && left.purge_waits.is_none() && left.unsaved.is_none() {
            match self.purge_or_tell(now).await {
                Ok(posts) => left.purged_posts = Some(posts),
                // It is hidden, which is what was promised at once; the purge goes on, or is tried again, by itself.
                Err(reason) => left.purge_waits = Some(reason),
            }
        }
        Ok(left)
    }

    fn left_before(&self) -> std::sync::MutexGuard<'_, BTreeMap<String, NetworkId>> {
        self.left
            .lock()
            .unwrap_or_else(std::sync::PoisonError::into_inner)
    }

    /// What the words of a command or a form mean; only what belongs to the network can be named.
    pub(crate) async fn part_named(
        &self,
        network: &Network,
        part: Option<&WithdrawPart>,
    ) -> anyhow::Result<Hide> {
        let foreign = || format!("that is not of the network {}", network.slug);
        Ok(match part {
            None => Hide::Network(network.id),
            Some(WithdrawPart::Source(url)) => {
                let sources = self.store.sources(Some(network.id)).await?;
                let source = sources.iter().find(|source| source.url == *url);
                Hide::Source(source.with_context(foreign)?.id)
            }
            Some(WithdrawPart::Path(url)) => Hide::Path {
                network: network.id,
                origin: Origin::of(url)?,
                prefix: url.path().to_owned(),
            },
            Some(WithdrawPart::Conversation(id)) => {
                let held = self.store.conversation(*id).await?;
                let held = held
                    .filter(|held| held.network == network.id)
                    .with_context(foreign)?;
                Hide::Conversation(held.id)
            }
            Some(WithdrawPart::Post(id)) => {
                let held = self.store.post(*id).await?;
                let held = held
                    .filter(|held| held.network == network.id)
                    .with_context(foreign)?;
                Hide::Post(held.id)
            }
        })
    }

    /// Withdraws a network or a part of one. Hidden from every output first, in memory; then put into a small file that the
    /// next start reads; then written to the database, which may have to be waited for longer than anybody should wait.
    /// What neither of them takes stays hidden while this process runs, is tried again, and is said.
    pub(crate) async fn withdraw_what(
        &self,
        what: &Hide,
        actor: Actor,
        now: Timestamp,
    ) -> anyhow::Result<Withdrawn> {
        let accepted = Instant::now();
        // Before it is published: whoever reads the deny set anew meanwhile hides it as well.
        self.store.note_withdrawal(&PendingWithdrawal {
            what: what.clone(),
            actor,
            at: now,
        });
        let mut visibility = (*self.published.load().visibility).clone();
        what.hide_in(&mut visibility);
        self.publish_visibility(visibility);
        let hidden_after_ms = u64::try_from(accepted.elapsed().as_millis()).unwrap_or(u64::MAX);
        self.save_withdrawals().await?;
        let waits = self.written_soon().await?;
        let unsaved = self.store.is_unsaved(what).then(|| {
            format!(
                "the disk took it neither into the store nor beside it: free some space or mend the disk, and do not end discover before; it is tried again every two seconds{}",
                waits.as_deref().map(|reason| format!(" ({reason})")).unwrap_or_default()
            )
        });
        Ok(Withdrawn {
            hidden_after_ms,
            waits,
            unsaved,
        })
    }

    /// Puts what was accepted into the file that the next start reads. What the disk does not take is a sign.
    async fn save_withdrawals(&self) -> anyhow::Result<()> {
        let store = self.store.clone();
        let saved = tokio::task::spawn_blocking(move || store.save_withdrawals())
            .await
            .context("saving a withdrawal")?;
        match (saved, self.store.unsaved_withdrawals()) {
            (_, 0) => self.signs.clear(Sign::WithdrawalUnsaved),
            (saved, count) => {
                let reason = saved.err().map(|error| format!(" ({error})"));
                let advice = format!(
                    "{count} withdrawals are hidden in memory alone and would be shown again after a restart{}: free some space or mend the disk, and do not end discover before this sign is gone; if it ended, withdraw again",
                    reason.unwrap_or_default()
                );
                if self.signs.set(Sign::WithdrawalUnsaved, &advice) {
                    tracing::error!("{advice}");
                }
            }
        }
        Ok(())
    }

    /// Waits until the database has what was accepted, as long as that may take; else says why it waits on.
    async fn written_soon(&self) -> anyhow::Result<Option<String>> {
        let pipeline = self.me.upgrade().context("the process is ending")?;
        // It is carried out to its end whether or not somebody waits for it.
        let mut written = tokio::spawn(async move { pipeline.write_withdrawals().await });
        let began = Instant::now();
        let mut locked = 0;
        while began.elapsed() < WAIT_FOR_STORE {
            if let Ok(done) = tokio::time::timeout(WAIT_FOR_OTHERS / 10, &mut written).await {
                let done = done.context("writing a withdrawal")?;
                return Ok(done.err().map(|error| format!("{error:#}")));
            }
            locked = if self.store.waits_for_lock() {
                locked + 1
            } else {
                0
            };
            // A lock of our own is given up within moments.
            if locked > 1 && began.elapsed() >= WAIT_FOR_OTHERS {
                break;
            }
        }
        let reason =
            "the store is locked by another process: end it, and what was withdrawn is written";
        self.signs.set(Sign::StoreLocked, reason);
        Ok(Some(reason.to_owned()))
    }

    /// Carries the withdrawals that were accepted over into the database. What cannot be written stays hidden, and is
    /// tried again.
    pub(crate) async fn write_withdrawals(&self) -> anyhow::Result<()> {
        let _one = self.withdrawing.lock().await;
        let written = self.write_each().await;
        // What the database did not take, the file may by now.
        self.save_withdrawals().await?;
        written
    }

    async fn write_each(&self) -> anyhow::Result<()> {
        let mut failed = None;
        for pending in self.store.pending_withdrawals()? {
            let done = self
                .store
                .withdraw_part(&pending.what, pending.actor, pending.at)
                .await;
            match done {
                // What is not there any more has nothing left to hide.
                Ok(_) | Err(StoreError::NotFound { .. }) => {
                    self.store.settle_withdrawal(&pending.what).await?;
                }
                // One that cannot be written keeps no other from it.
                Err(error) => {
                    failed.get_or_insert(error);
                }
            }
        }
        if let Some(error) = failed {
            return Err(error.into());
        }
        self.signs.clear(Sign::StoreLocked);
        self.publish_visibility(self.store.visibility().await?);
        Ok(())
    }

    /// Carries over what waits for the database, and purges it; says what came of it.
    pub(super) async fn settle_withdrawals(&self, now: Timestamp) -> anyhow::Result<String> {
        self.write_withdrawals().await?;
        let purge = match self.purge_or_tell(now).await {
            Ok(posts) => format!("{posts} posts purged"),
            Err(reason) => format!("the purge waits ({reason}) and goes on by itself"),
        };
        Ok(format!("no withdrawal waits for the store, {purge}"))
    }

    /// Hides a network and stops reading it, until it is resumed. Nothing is deleted.
    pub(crate) async fn pause(
        &self,
        network: NetworkId,
        actor: Actor,
        now: Timestamp,
    ) -> anyhow::Result<()> {
        self.publish_visibility(self.store.pause_network(network, actor, now).await?);
        Ok(())
    }

    /// Takes a paused network up again.
    pub(crate) async fn resume(
        &self,
        network: NetworkId,
        actor: Actor,
        now: Timestamp,
    ) -> anyhow::Result<()> {
        let visibility = self.store.resume_network(network, actor, now).await?;
        self.publish_visibility(visibility);
        self.catch_up().await?;
        self.refresh_topics().await
    }

    /// Swaps visibility and topics together, so that no output ever sees one without the other. An older visibility
    /// never takes the place of a newer one.
    pub(super) fn publish_visibility(&self, visibility: Visibility) {
        let visibility = Arc::new(visibility);
        self.published.rcu(|published| {
            if published.visibility.generation > visibility.generation {
                return Arc::clone(published);
            }
            Arc::new(Published {
                topics: Arc::new(published.topics.masked(&visibility)),
                visibility: Arc::clone(&visibility),
            })
        });
    }
}
