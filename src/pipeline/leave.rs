//! Leaving: hidden at once from every output, then purged everywhere.

use std::sync::Arc;
use std::time::Instant;

use anyhow::{Context, bail};
use discover_model::ledger::Actor;
use discover_model::network::NetworkState;
use discover_model::{ConversationId, Network, NetworkId, Origin, PostId, Visibility};
use discover_server::Published;
use discover_store::Hide;
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

/// What a withdrawal did.
#[derive(Debug, Serialize)]
pub(crate) struct Left {
    pub network: NetworkId,
    /// Milliseconds from acceptance until no output showed it.
    pub hidden_after_ms: u64,
    /// Posts purged; absent while the purge is still to come.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub purged_posts: Option<u64>,
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
        let network = self.network_named(slug).await?;
        let what = self.part_named(&network, part).await?;
        let mut left = Left {
            network: network.id,
            hidden_after_ms: self.withdraw_what(&what, Actor::Operator, now).await?,
            purged_posts: None,
        };
        if purge {
            left.purged_posts = Some(self.purge(now).await?);
        }
        Ok(left)
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
                held.filter(|held| held.network == network.id)
                    .with_context(foreign)?;
                Hide::Conversation(*id)
            }
            Some(WithdrawPart::Post(id)) => {
                let held = self.store.post(*id).await?;
                held.filter(|held| held.network == network.id)
                    .with_context(foreign)?;
                Hide::Post(*id)
            }
        })
    }

    /// Withdraws a network or a part of one: hidden from every output at once.
    pub(crate) async fn withdraw_what(
        &self,
        what: &Hide,
        actor: Actor,
        now: Timestamp,
    ) -> anyhow::Result<u64> {
        let accepted = Instant::now();
        let visibility = self.store.withdraw_part(what, actor, now).await?;
        self.publish_visibility(visibility);
        Ok(u64::try_from(accepted.elapsed().as_millis()).unwrap_or(u64::MAX))
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

    /// What is done every few minutes: purge after withdrawals, retention, the ledger's signed head.
    pub(crate) async fn tidy(&self) -> anyhow::Result<()> {
        let now = self.config.now();
        self.lapse_expired(now).await?;
        self.erase_closed(now).await?;
        self.purge(now).await?;
        for head in self.store.sign_heads(now).await? {
            tracing::info!(day = %head.day, seq = head.seq, hash = %head.hash, "the ledger's head is signed");
        }
        // Before what waits for other people's sites.
        let expired = self.store.expire(now, false).await;
        self.check_objections(now).await?;
        expired?;
        Ok(())
    }

    /// Purges what was withdrawn: store, index segments, graph, and only then the receipt. A run that was broken off at
    /// any point is completed by the next one. Returns the posts that went.
    pub(crate) async fn purge(&self, now: Timestamp) -> anyhow::Result<u64> {
        let _one = self.purging.lock().await;
        let erased = self.store.erase(now).await?;
        if erased.is_empty() {
            return Ok(0);
        }
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
        let index = Arc::clone(&self.index);
        tokio::task::spawn_blocking(move || index.purge())
            .await
            .context("purging the index")??;
        self.store.receipt(&erased, now).await?;
        Ok(erased.iter().map(|purged| purged.posts).sum())
    }
}
