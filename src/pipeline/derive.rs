//! Index and graph follow the store's change log. Both are derived: whatever happens to them, they can be made anew.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

use anyhow::Context;
use discover_graph::{Graph, Parameters};
use discover_indexer::{Index, IndexError};
use discover_model::grant::Purpose;
use discover_model::{Conversation, ConversationId, GrantId};
use discover_server::Published;
use discover_store::Change;
use jiff::tz::TimeZone;
use serde::Serialize;

use super::{Pipeline, graph_file, saved_graph};
use crate::cli::RebuildCommand;

/// Changes that are carried over at once.
const STEP: usize = 500;

/// What the deriving side remembers between two calls.
#[derive(Debug, Default)]
pub(super) struct Derived {
    /// The graph changed since topics were last drawn.
    pub(super) graph_changed: bool,
}

/// What a rebuild made.
#[derive(Debug, Serialize)]
pub(crate) struct Rebuilt {
    pub conversations: u64,
}

/// What the index knows the time zone of its days by.
pub(crate) fn zone_name(zone: &TimeZone) -> &str {
    zone.iana_name().unwrap_or("UTC")
}

/// Opens the index; a damaged one, or one whose days are of another time zone, is set aside and made anew from the store.
pub(super) fn open_index(dir: &Path, zone: &TimeZone) -> anyhow::Result<Index> {
    let zone = zone_name(zone);
    match Index::open(dir, zone) {
        Ok(index) => Ok(index),
        Err(error @ IndexError::Corrupt { .. }) => {
            tracing::warn!("{error}: the index is made anew from the store");
            std::fs::remove_dir_all(dir)
                .with_context(|| format!("cannot remove the damaged index {}", dir.display()))?;
            Ok(Index::open(dir, zone)?)
        }
        Err(error) => Err(error.into()),
    }
}

/// Loads the saved graph; without a readable one it begins anew and follows the change log from the start.
pub(super) fn load_graph(file: &Path) -> Graph {
    let fresh = || Graph::new(Parameters::default());
    match saved_graph::read(file) {
        Ok(bytes) => Graph::load(&bytes).unwrap_or_else(|error| {
            tracing::warn!(
                "{}: {error}: the graph is made anew from the store",
                file.display()
            );
            fresh()
        }),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => fresh(),
        Err(error) => {
            tracing::warn!(
                "cannot read {}: {error}: the graph is made anew from the store",
                file.display()
            );
            fresh()
        }
    }
}

impl Pipeline {
    /// After a restore the store can be behind index and graph; then they are made anew.
    pub(super) async fn mend(&self) -> anyhow::Result<()> {
        let last = self.store.last_seq().await?;
        if self.index.committed_seq() > last {
            self.rebuild(RebuildCommand::Index).await?;
        }
        if self.graph_seq() > last {
            self.rebuild(RebuildCommand::Graph).await?;
        }
        Ok(())
    }

    fn graph_seq(&self) -> u64 {
        self.graph
            .read()
            .unwrap_or_else(std::sync::PoisonError::into_inner)
            .seq
    }

    /// Carries every change the store has logged into index and graph. Returns the `seq` both have now.
    pub(crate) async fn catch_up(&self) -> anyhow::Result<u64> {
        let mut derived = self.deriving.lock().await;
        let last = self.store.last_seq().await?;
        let mut from = self.index.committed_seq().min(self.graph_seq());
        if from >= last {
            return Ok(from);
        }
        let purposes = self.purposes().await?;
        let visibility = self.store.visibility().await?;
        let bar = self.progress.bar("indexing");
        while from < last {
            let changes = self.store.changes(from, STEP).await?;
            let Some(end) = changes.last().map(|change| change.seq) else {
                break;
            };
            let ids: Vec<ConversationId> = changes
                .iter()
                .filter(|change| !change.gone)
                .map(|change| change.conversation)
                .collect();
            // What is hidden never enters index or graph, and leaves them as soon as it is put again.
            let conversations: Vec<Conversation> = self
                .store
                .conversations(&ids)
                .await?
                .into_iter()
                .filter_map(|conversation| conversation.visible(&visibility))
                .collect();
            bar.more(changes.len());
            self.apply(changes, conversations, &purposes, end).await?;
            bar.step("");
            derived.graph_changed = true;
            from = end;
        }
        bar.finish();
        Ok(from)
    }

    async fn purposes(&self) -> anyhow::Result<Arc<BTreeMap<GrantId, Vec<Purpose>>>> {
        let grants = self.store.grants(None).await?;
        Ok(Arc::new(
            grants
                .into_iter()
                .map(|grant| (grant.id, grant.purposes.clone()))
                .collect(),
        ))
    }

    async fn apply(
        &self,
        changes: Vec<Change>,
        conversations: Vec<Conversation>,
        purposes: &Arc<BTreeMap<GrantId, Vec<Purpose>>>,
        end: u64,
    ) -> anyhow::Result<()> {
        let (index, graph, purposes) = (
            Arc::clone(&self.index),
            Arc::clone(&self.graph),
            Arc::clone(purposes),
        );
        tokio::task::spawn_blocking(move || {
            let held: BTreeMap<ConversationId, Conversation> = conversations
                .into_iter()
                .map(|conversation| (conversation.id, conversation))
                .collect();
            let serves = |conversation: &Conversation, purpose: Purpose| {
                conversation
                    .posts
                    .first()
                    .and_then(|post| purposes.get(&post.grant))
                    .is_some_and(|purposes| purposes.contains(&purpose))
            };
            let index_seq = index.committed_seq();
            for change in &changes {
                let conversation = held.get(&change.conversation).filter(|_| !change.gone);
                if change.seq > index_seq {
                    match conversation.filter(|conversation| serves(conversation, Purpose::Search))
                    {
                        Some(conversation) => index.put(conversation)?,
                        None => index.remove(change.conversation)?,
                    }
                }
                let mut graph = graph
                    .write()
                    .unwrap_or_else(std::sync::PoisonError::into_inner);
                if change.seq > graph.seq {
                    match conversation.filter(|conversation| serves(conversation, Purpose::Topics))
                    {
                        Some(conversation) => graph.upsert(conversation),
                        None => graph.remove(change.conversation),
                    }
                    graph.seq = change.seq;
                }
            }
            if end > index_seq {
                index.commit(end)?;
            }
            anyhow::Ok(())
        })
        .await
        .context("the indexing task ended early")?
    }

    /// Draws the topics anew if the graph or the day changed, saves the graph, and publishes what is shown.
    pub(crate) async fn refresh_topics(&self) -> anyhow::Result<()> {
        let mut derived = self.deriving.lock().await;
        let today = self.config.now().to_zoned(self.config.zone.clone()).date();
        let current = {
            let published = self.published.load();
            let topics = &published.topics;
            // Rates decay and silent topics fade by the day, though nothing comes in.
            topics.drawn == today
        };
        if !derived.graph_changed && current {
            return Ok(());
        }
        let graph = Arc::clone(&self.graph);
        let file = graph_file(&self.config);
        let snapshot = tokio::task::spawn_blocking(move || {
            let snapshot = discover_graph::refresh(&graph, today);
            let bytes = graph
                .read()
                .unwrap_or_else(std::sync::PoisonError::into_inner)
                .save();
            write_whole(&file, &saved_graph::sealed(bytes))?;
            anyhow::Ok(snapshot)
        })
        .await
        .context("the topics task ended early")??;
        derived.graph_changed = false;
        let visibility = Arc::new(self.store.visibility().await?);
        self.published.rcu(|published| {
            // Something may have been hidden since: an older visibility never takes the place of a newer one.
            let visibility = if published.visibility.generation > visibility.generation {
                &published.visibility
            } else {
                &visibility
            };
            Arc::new(Published {
                topics: Arc::new(snapshot.masked(visibility)),
                visibility: Arc::clone(visibility),
            })
        });
        Ok(())
    }

    /// Makes index or graph anew from the store.
    pub(crate) async fn rebuild(&self, what: RebuildCommand) -> anyhow::Result<Rebuilt> {
        {
            let mut derived = self.deriving.lock().await;
            match what {
                RebuildCommand::Index => {
                    let index = Arc::clone(&self.index);
                    tokio::task::spawn_blocking(move || index.clear())
                        .await
                        .context("clearing the index")??;
                }
                RebuildCommand::Graph => {
                    *self
                        .graph
                        .write()
                        .unwrap_or_else(std::sync::PoisonError::into_inner) =
                        Graph::new(Parameters::default());
                    derived.graph_changed = true;
                }
            }
        }
        self.catch_up().await?;
        self.refresh_topics().await?;
        Ok(Rebuilt {
            conversations: self.store.counts().await?.conversations,
        })
    }
}

/// Writes a file so that a crash leaves the old one or the new one, never half of either.
pub(crate) fn write_whole(file: &Path, bytes: &[u8]) -> anyhow::Result<()> {
    use std::io::Write;
    let new = file.with_extension("new");
    let write = || {
        let mut out = std::fs::File::create(&new)?;
        out.write_all(bytes)?;
        out.sync_all()?;
        std::fs::rename(&new, file)
    };
    write().with_context(|| format!("cannot write {}: is the disk full?", file.display()))
}
