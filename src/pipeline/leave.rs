//! Leaving: hidden at once from every output, then purged everywhere.

use std::sync::Arc;
use std::time::Instant;

use anyhow::{Context, bail};
use discover_model::ledger::Actor;
use discover_model::network::NetworkState;
use discover_model::{NetworkId, Visibility};
use discover_server::Published;
use jiff::Timestamp;
use serde::Serialize;

use super::Pipeline;

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
    /// Withdraws the network with this slug, at the operator's word.
    pub(crate) async fn withdraw(&self, slug: &str, purge: bool) -> anyhow::Result<Left> {
        let now = self.config.now();
        let networks = self.store.networks().await?;
        let Some(network) = networks.iter().find(|network| network.slug == slug) else {
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
        };
        let mut left = self.withdraw_id(network.id, Actor::Operator, now).await?;
        if purge {
            left.purged_posts = Some(self.purge(now).await?);
        }
        Ok(left)
    }

    /// Hides the network from every output at once.
    pub(super) async fn withdraw_id(
        &self,
        network: NetworkId,
        actor: Actor,
        now: Timestamp,
    ) -> anyhow::Result<Left> {
        let accepted = Instant::now();
        let visibility = self.store.withdraw_network(network, actor, now).await?;
        self.publish_visibility(visibility);
        let hidden_after_ms = u64::try_from(accepted.elapsed().as_millis()).unwrap_or(u64::MAX);
        Ok(Left {
            network,
            hidden_after_ms,
            purged_posts: None,
        })
    }

    /// Swaps visibility and topics together, so that no output ever sees one without the other.
    pub(super) fn publish_visibility(&self, visibility: Visibility) {
        let topics = Arc::new(self.published.load().topics.masked(&visibility));
        self.published.store(Arc::new(Published {
            visibility: Arc::new(visibility),
            topics,
        }));
    }

    /// What is done every few minutes: purge after withdrawals, and retention.
    pub(crate) async fn tidy(&self) -> anyhow::Result<()> {
        let now = self.config.now();
        self.purge(now).await?;
        self.store.expire(now, false).await?;
        Ok(())
    }

    /// Purges what withdrawn networks left: store, index segments, graph. Returns the posts that went.
    pub(crate) async fn purge(&self, now: Timestamp) -> anyhow::Result<u64> {
        let purged = self.store.purge(now).await?;
        if purged.is_empty() {
            return Ok(0);
        }
        {
            let mut graph = self
                .graph
                .write()
                .unwrap_or_else(std::sync::PoisonError::into_inner);
            for network in &purged {
                graph.remove_network(network.network);
            }
        }
        self.catch_up().await?;
        self.refresh_topics().await?;
        let index = Arc::clone(&self.index);
        tokio::task::spawn_blocking(move || index.purge())
            .await
            .context("purging the index")??;
        Ok(purged.iter().map(|network| network.posts).sum())
    }
}
