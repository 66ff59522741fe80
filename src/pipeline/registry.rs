//! The registry file and the store side by side: what the file no longer declares is not read any more.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::Context;
use discover_model::{NetworkId, Source, SourceId};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::Pipeline;
use crate::settings::registry::DeclaredNetwork;

/// What `discover sources sync` is asked to do.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct SyncRegistry {
    /// Say what would be done, and do nothing.
    pub dry_run: bool,
    /// Erase what is held of sources that have left the file. A network of which none is left in it goes only if it is
    /// named here: one emptied file erases nothing.
    pub prune: Option<Vec<String>>,
}

/// What came of it, by slug and address.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub(crate) struct Synced {
    /// No longer declared since now.
    pub left: Vec<(String, String)>,
    /// Their posts are erased, or would be.
    pub pruned: Vec<(String, String)>,
    /// Not erased, as their network has left as a whole and was not named.
    pub kept: Vec<(String, String)>,
}

impl Pipeline {
    /// Brings the store in line with the file.
    pub(crate) async fn sync(
        &self,
        declared: &[DeclaredNetwork],
        sync: &SyncRegistry,
        now: Timestamp,
    ) -> anyhow::Result<Synced> {
        if !sync.dry_run {
            self.register(declared, now).await?;
        }
        let slugs: BTreeMap<NetworkId, String> = self
            .store
            .networks()
            .await?
            .into_iter()
            .map(|network| (network.id, network.slug))
            .collect();
        let named = |source: &Source| {
            let slug = slugs.get(&source.network).cloned().unwrap_or_default();
            (slug, source.url.to_string())
        };
        let ids = self.declared_ids(declared).await?;
        let leaving = self.store.no_longer_declared(&ids).await?;
        let mut synced = Synced {
            left: leaving.iter().map(named).collect(),
            ..Synced::default()
        };
        if !sync.dry_run {
            self.store.set_declared(&ids).await?;
        }
        let Some(prune) = &sync.prune else {
            return Ok(synced);
        };
        for slug in prune {
            slugs
                .values()
                .find(|known| *known == slug)
                .with_context(|| format!("--prune {slug}: there is no such network"))?;
        }
        let here: BTreeSet<NetworkId> = self
            .store
            .sources(None)
            .await?
            .into_iter()
            .filter(|source| ids.contains(&source.id))
            .map(|source| source.network)
            .collect();
        let mut gone = self.store.left_sources().await?;
        if sync.dry_run {
            gone.extend(leaving);
        }
        for source in gone {
            let (slug, url) = named(&source);
            if here.contains(&source.network) || prune.contains(&slug) {
                if !sync.dry_run {
                    self.store.erase_left(source.id, now).await?;
                }
                synced.pruned.push((slug, url));
            } else {
                synced.kept.push((slug, url));
            }
        }
        if !sync.dry_run && !synced.pruned.is_empty() {
            self.publish_visibility(self.store.visibility().await?);
            self.purge(now).await?;
        }
        Ok(synced)
    }

    /// Notes which sources the file declares, and says which have left it.
    pub(super) async fn note_declared(&self, declared: &[DeclaredNetwork]) -> anyhow::Result<()> {
        let ids = self.declared_ids(declared).await?;
        for source in self.store.no_longer_declared(&ids).await? {
            tracing::warn!(
                source = %source.id,
                "a source has left the registry file: it is read no more, and its posts stay until they expire \
                 (discover sources list shows it; discover sources sync --prune erases them)"
            );
        }
        Ok(self.store.set_declared(&ids).await?)
    }

    async fn declared_ids(
        &self,
        declared: &[DeclaredNetwork],
    ) -> anyhow::Result<BTreeSet<SourceId>> {
        let mut ids = BTreeSet::new();
        for network in declared {
            let Some(held) = self.store.network_by_slug(&network.slug).await? else {
                continue;
            };
            for source in &network.sources {
                let source = Source::new(
                    held.id,
                    source.kind,
                    source.url.clone(),
                    source.options.clone(),
                );
                ids.insert(source.id);
            }
        }
        Ok(ids)
    }
}
