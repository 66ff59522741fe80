//! Index and graph follow the store's change log. Both are derived: whatever happens to them, they can be made anew.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::Context;
use discover_graph::{Graph, Parameters};
use discover_indexer::{Index, IndexError};
use discover_model::grant::Purpose;
use discover_model::{Conversation, ConversationId, GrantId};
use discover_server::Published;
use discover_store::Change;
use jiff::tz::TimeZone;
use serde::Serialize;

use super::{Pipeline, Readers, graph_file, meaning, saved_graph};
use crate::cli::RebuildCommand;

/// Changes that are carried over at once. Each commit of the index begins a dictionary for each of its fields.
const STEP: usize = 2_000;
/// Conversations that are held in memory at once on their way from the store.
const PIECE: usize = 250;

/// What the deriving side remembers between two calls.
#[derive(Debug, Default)]
pub(super) struct Derived {
    /// The graph changed since topics were last drawn.
    pub(super) graph_changed: bool,
    /// Newcomers joined topics since the last whole pass.
    joined: bool,
    pass: Option<Made>,
    join: Option<Made>,
    saved: Saved,
}

/// When something costly was last made, and what it took.
#[derive(Debug, Clone, Copy)]
struct Made {
    at: Instant,
    took: Duration,
}

impl Made {
    /// Whether so much time has gone by that making it again takes at most a tenth of it.
    fn is_due(made: Option<Self>, least: Duration) -> bool {
        made.is_none_or(|made| made.at.elapsed() >= (made.took * SPACING).max(least))
    }
}

/// What the saved graph holds.
#[derive(Debug, Clone, Copy, Default)]
struct Saved {
    seq: u64,
    at: Option<Instant>,
}

impl Saved {
    /// Whether so much changed that following the change log again would take long, or the file is as old as a purge
    /// allows.
    fn is_due(self, seq: u64, held: usize) -> bool {
        let changes = seq.saturating_sub(self.seq);
        changes > 0
            && (changes > MUCH.max(held as u64 / 10)
                || self.at.is_none_or(|at| at.elapsed() >= SAVE_EVERY))
    }
}

/// How topics are drawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Pace {
    /// A whole pass now, and the graph saved.
    Now,
    /// A pass when enough time has gone by, else newcomers join what there is.
    Spaced,
}

/// Times its own cost that lie between two passes.
const SPACING: u32 = 10;
/// Conversations from which passes are at least [`LARGE_EVERY`] apart.
const LARGE: usize = 20_000;
const LARGE_EVERY: Duration = Duration::from_mins(10);
/// Changes after which the graph is saved in any case, and the oldest a saved graph gets while things change.
const MUCH: u64 = 2_000;
const SAVE_EVERY: Duration = Duration::from_mins(10);

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
            derived.graph_changed |= self.put_outdated().await?;
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
            bar.more(changes.len());
            derived.graph_changed = true;
            for changes in changes.chunks(PIECE) {
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
                self.apply(changes.to_vec(), conversations, &purposes)
                    .await?;
                let leaving: Vec<ConversationId> =
                    changes.iter().map(|change| change.conversation).collect();
                self.forget_meaning(&leaving);
            }
            self.commit_index(end).await?;
            bar.step("");
            from = end;
        }
        bar.finish();
        derived.graph_changed |= self.put_outdated().await?;
        Ok(from)
    }

    /// Puts conversations into the graph again of whose posts another part is repeated by their source now. Tells whether
    /// there were any.
    async fn put_outdated(&self) -> anyhow::Result<bool> {
        let mut any = false;
        loop {
            let ids = {
                let graph = self.graph.read();
                let graph = graph.unwrap_or_else(std::sync::PoisonError::into_inner);
                graph.outdated()
            };
            if ids.is_empty() {
                return Ok(any);
            }
            any = true;
            let purposes = self.purposes().await?;
            let visibility = self.store.visibility().await?;
            for ids in ids.chunks(STEP) {
                let held = self.store.conversations(ids).await?.into_iter();
                let conversations: BTreeMap<ConversationId, Conversation> = held
                    .filter_map(|conversation| conversation.visible(&visibility))
                    .filter(|conversation| serves(&purposes, conversation, Purpose::Topics))
                    .map(|conversation| (conversation.id, conversation))
                    .collect();
                let graph = Arc::clone(&self.graph);
                let again = ids.to_vec();
                let put = tokio::task::spawn_blocking(move || {
                    for id in again {
                        let graph = graph.write();
                        let mut graph = graph.unwrap_or_else(std::sync::PoisonError::into_inner);
                        match conversations.get(&id) {
                            Some(conversation) => graph.upsert(conversation),
                            None => graph.remove(id),
                        }
                    }
                });
                put.await.context("the graph's task ended early")?;
                self.forget_meaning(ids);
            }
        }
    }

    /// What left the graph leaves the model's memory too.
    fn forget_meaning(&self, changed: &[ConversationId]) {
        let Some(meaning) = &self.meaning else { return };
        let graph = self
            .graph
            .read()
            .unwrap_or_else(std::sync::PoisonError::into_inner);
        for id in changed.iter().filter(|id| !graph.contains(**id)) {
            meaning.forget(*id);
        }
    }

    pub(super) async fn purposes(&self) -> anyhow::Result<Arc<BTreeMap<GrantId, Vec<Purpose>>>> {
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
            let index_seq = index.committed_seq();
            for change in &changes {
                let conversation = held.get(&change.conversation).filter(|_| !change.gone);
                if change.seq > index_seq {
                    let searched = |conversation: &&Conversation| {
                        serves(&purposes, conversation, Purpose::Search)
                    };
                    match conversation.filter(searched) {
                        Some(conversation) => index.put(conversation)?,
                        None => index.remove(change.conversation)?,
                    }
                }
                let mut graph = graph
                    .write()
                    .unwrap_or_else(std::sync::PoisonError::into_inner);
                if change.seq > graph.seq {
                    let clustered = |conversation: &&Conversation| {
                        serves(&purposes, conversation, Purpose::Topics)
                    };
                    match conversation.filter(clustered) {
                        Some(conversation) => graph.upsert(conversation),
                        None => graph.remove(change.conversation),
                    }
                    graph.seq = change.seq;
                }
            }
            anyhow::Ok(())
        })
        .await
        .context("the indexing task ended early")?
    }

    /// Lets searches find what was applied, up to this place in the change log.
    async fn commit_index(&self, end: u64) -> anyhow::Result<()> {
        let index = Arc::clone(&self.index);
        tokio::task::spawn_blocking(move || {
            if end > index.committed_seq() {
                index.commit(end)?;
            }
            anyhow::Ok(())
        })
        .await
        .context("the indexing task ended early")?
    }

    /// Makes a topics pass if anything or the day changed, saves the graph, and publishes what is shown.
    pub(crate) async fn refresh_topics(&self) -> anyhow::Result<()> {
        self.draw_topics(Pace::Now).await
    }

    /// As [`Pipeline::refresh_topics`] at a bearable pace: between passes newcomers join what there is.
    pub(crate) async fn follow_topics(&self) -> anyhow::Result<()> {
        self.draw_topics(Pace::Spaced).await
    }

    async fn draw_topics(&self, pace: Pace) -> anyhow::Result<()> {
        let mut derived = self.deriving.lock().await;
        let today = self.config.now().to_zoned(self.config.zone.clone()).date();
        // Rates decay and silent topics fade by the day, though nothing comes in.
        let current = if self.readers == Readers::None {
            graph_file(&self.config).exists()
        } else {
            self.published.load().topics.drawn == today
        };
        let changed = derived.graph_changed || !current;
        let held = self
            .graph
            .read()
            .unwrap_or_else(std::sync::PoisonError::into_inner)
            .len();
        let least = if held > LARGE {
            LARGE_EVERY
        } else {
            Duration::ZERO
        };
        let pass = match pace {
            Pace::Now => changed || derived.joined,
            Pace::Spaced => (changed || derived.joined) && Made::is_due(derived.pass, least),
        };
        if !(pass || changed && Made::is_due(derived.join, Duration::ZERO)) {
            return Ok(());
        }
        if pass {
            self.renew_meaning().await?;
        }
        let meaning = self.meaning.clone();
        let graph = Arc::clone(&self.graph);
        let file = graph_file(&self.config);
        let saved = derived.saved;
        let (snapshot, made, saved) = tokio::task::spawn_blocking(move || {
            let start = Instant::now();
            let snapshot = if pass {
                meaning::draw(&graph, today, meaning.as_deref())
            } else {
                discover_graph::join(&graph, today)
            };
            let made = Made {
                at: Instant::now(),
                took: start.elapsed(),
            };
            let graph = graph
                .read()
                .unwrap_or_else(std::sync::PoisonError::into_inner);
            let mut saved = saved;
            if pace == Pace::Now || saved.is_due(graph.seq, graph.len()) {
                saved_graph::write(&file, &graph)?;
                saved = Saved {
                    seq: graph.seq,
                    at: Some(Instant::now()),
                };
            }
            anyhow::Ok((snapshot, made, saved))
        })
        .await
        .context("the topics task ended early")??;
        derived.graph_changed = false;
        derived.joined = !pass;
        derived.saved = saved;
        if pass {
            derived.pass = Some(made);
        } else {
            derived.join = Some(made);
        }
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

/// Whether the grant of a conversation's first post allows a purpose.
fn serves(
    purposes: &BTreeMap<GrantId, Vec<Purpose>>,
    conversation: &Conversation,
    purpose: Purpose,
) -> bool {
    let first = conversation.posts.first();
    first
        .and_then(|post| purposes.get(&post.grant))
        .is_some_and(|purposes| purposes.contains(&purpose))
}
