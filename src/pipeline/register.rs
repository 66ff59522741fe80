//! From the registry file to the store: declared networks and sources, not yet consent.

use std::collections::BTreeMap;

use discover_model::network::NetworkState;
use discover_model::{Network, NetworkId, Origin, Source};
use jiff::Timestamp;

use super::Pipeline;
use crate::settings::registry::DeclaredNetwork;

impl Pipeline {
    /// Adds what the file declares and the store does not hold yet, and brings names and settings up to date.
    /// A network that withdrew stays away, whatever the file says: its owner comes back under another slug.
    pub(crate) async fn register(
        &self,
        declared: &[DeclaredNetwork],
        now: Timestamp,
    ) -> anyhow::Result<()> {
        self.register_as(declared, now, |_| fresh_id()).await?;
        self.note_declared(declared).await
    }

    /// As [`Pipeline::register`], with the ids that new networks get.
    pub(crate) async fn register_as(
        &self,
        declared: &[DeclaredNetwork],
        now: Timestamp,
        id_for: impl Fn(&str) -> NetworkId,
    ) -> anyhow::Result<()> {
        let known: BTreeMap<String, Network> = self
            .store
            .networks()
            .await?
            .into_iter()
            .map(|network| (network.slug.clone(), network))
            .collect();
        for network in declared {
            let held = known.get(&network.slug);
            if held.is_some_and(|held| held.state == NetworkState::Withdrawn) {
                continue;
            }
            if held.is_none() && self.has_left(network).await? {
                // The slug is the registry file's own word, and is said so that its operator finds the line.
                tracing::warn!(
                    "{} still declares {:?}, which has left: take it out; if its owner asks to come back, declare it under \
                     another slug",
                    self.config.sources.display(),
                    network.slug
                );
                continue;
            }
            if held.is_some_and(|held| !held.proof.has_place()) {
                tracing::warn!(
                    "{} declares {:?}, which is the name of a network of notes: declare it under another slug",
                    self.config.sources.display(),
                    network.slug
                );
                continue;
            }
            let id = held.map_or_else(|| id_for(&network.slug), |held| held.id);
            let wanted = Network {
                id,
                slug: network.slug.clone(),
                name: network.name.clone(),
                owner: network.owner.clone(),
                contact: network.contact.clone(),
                proof: network.proof,
                retention_days: network.retention_days,
                recheck_days: network.recheck_days,
                link_only: network.link_only,
                sensitive: network.sensitive,
                areas: network
                    .areas
                    .clone()
                    .unwrap_or_else(|| held.map_or_else(Vec::new, |held| held.areas.clone())),
                newcomers: network
                    .newcomers
                    .unwrap_or_else(|| held.is_some_and(|held| held.newcomers)),
                registered: held.map_or(now, |held| held.registered),
                state: held.map_or(NetworkState::Asked, |held| held.state),
            };
            if let Some(held) = held
                && held.link_only != wanted.link_only
            {
                self.change_of_brake(held).await?;
            }
            if held != Some(&wanted) {
                self.store.put_network(&wanted, None).await?;
            }
            let held_sources: BTreeMap<_, _> = self
                .store
                .sources(Some(id))
                .await?
                .into_iter()
                .map(|source| (source.id, source))
                .collect();
            for source in &network.sources {
                let source =
                    Source::new(id, source.kind, source.url.clone(), source.options.clone());
                if held_sources.get(&source.id) != Some(&source) {
                    self.store.put_source(&source, now).await?;
                }
            }
            if let Some(attested) = &network.attested {
                self.grant_attested(&wanted, attested, now).await?;
            }
        }
        Ok(())
    }
}

impl Pipeline {
    async fn has_left(&self, network: &DeclaredNetwork) -> anyhow::Result<bool> {
        let origins: Vec<Origin> = network
            .sources
            .iter()
            .filter_map(|source| Origin::of(&source.url).ok())
            .collect();
        Ok(self.store.has_left(&network.slug, &origins).await?)
    }

    /// Whether a network is shown by links alone decides what is kept of every post: it cannot change under posts that
    /// are held.
    async fn change_of_brake(&self, held: &Network) -> anyhow::Result<()> {
        let posts = self.store.held(held.id).await?.posts;
        anyhow::ensure!(
            posts == 0,
            "network {:?} holds {posts} posts, so `sensitive` and `link_only` cannot change: withdraw it (discover \
             withdraw {}) and declare it anew under another slug",
            held.slug,
            held.slug
        );
        Ok(())
    }
}

/// A random id: it says nothing about the network once its names are destroyed.
pub(crate) fn fresh_id() -> NetworkId {
    NetworkId::from_u128(uuid::Uuid::new_v4().as_u128())
}
