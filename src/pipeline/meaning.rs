//! Meaning: a local model reads what is held, and its vectors are kept beside the texts.
//!
//! Contract: vectors follow the store's change log under their own place in it. They stand in the store, go with their
//! conversations, and are held in memory of what the graph holds alone. Nothing here gives a vector away.

use std::path::Path;
use std::sync::{Arc, PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard};

use anyhow::Context;
use data_encoding::HEXLOWER;
use discover_graph::{Alike, Graph, Snapshot};
use discover_meaning::{Encoder, Entry, Near, Space, Vector, digest, reading, reading_of};
use discover_model::grant::Purpose;
use discover_model::{Conversation, ConversationId, Language};
use discover_server::ByMeaning;
use discover_store::KeptVector;
use jiff::civil::Date;
use tokio::sync::Mutex;

use super::Pipeline;

/// Changes that are read at once: a few seconds of work, after which a stopping process may end.
const STEP: usize = 64;

/// Neighbours by meaning that a topics pass is given.
const NEAREST: usize = 15;
/// Neighbours by meaning of which relations are made.
const ASKED: usize = 60;

/// The model, and the vectors of what the graph holds.
#[derive(Debug)]
pub(crate) struct Meaning {
    encoder: Arc<Encoder>,
    space: RwLock<Space>,
    /// One at a time follows the change log.
    reading: Mutex<()>,
    /// Texts read side by side.
    threads: usize,
}

impl Meaning {
    /// Whether what is said in a language is compared with what is said in others; nobody knows it of another model than the
    /// one that our table of languages belongs to, so it is taken to know all.
    fn knows(&self, language: Language) -> bool {
        let offsets = self.encoder.offsets();
        offsets.is_none_or(|offsets| offsets.knows(language))
    }

    /// Loads the model in `folder`.
    pub(crate) fn open(folder: &Path) -> anyhow::Result<Self> {
        let encoder = Encoder::open(folder)?;
        let space = Space::of(Vec::new(), encoder.dimensions(), encoder.offsets());
        let cores = std::thread::available_parallelism().map_or(1, usize::from);
        Ok(Self {
            encoder: Arc::new(encoder),
            space: RwLock::new(space),
            reading: Mutex::new(()),
            // The site answers beside it.
            threads: (cores / 2).max(1),
        })
    }

    fn space(&self) -> RwLockReadGuard<'_, Space> {
        self.space.read().unwrap_or_else(PoisonError::into_inner)
    }

    /// What says much the same as a text; nothing where the model fails on it.
    fn nearest_to_text(&self, text: &str, language: Option<Language>) -> Alike {
        let text = reading_of(text);
        match self
            .encoder
            .encode_all(std::slice::from_ref(&text), 1, || ())
        {
            Ok((vectors, _)) => vectors
                .first()
                .map(|vector| alike(self.space().nearest_to(vector, language, ASKED)))
                .unwrap_or_default(),
            Err(error) => {
                tracing::warn!("a text is compared by words alone: {error}");
                Alike::new()
            }
        }
    }

    fn space_mut(&self) -> RwLockWriteGuard<'_, Space> {
        self.space.write().unwrap_or_else(PoisonError::into_inner)
    }

    /// Leaves nothing in memory of a conversation that the graph no longer holds.
    pub(super) fn forget(&self, id: ConversationId) {
        self.space_mut().remove(id);
    }

    /// Its place in the change log; another model begins at the start.
    fn place(&self) -> String {
        format!("meaning {}", HEXLOWER.encode(&self.encoder.fingerprint()))
    }
}

fn alike(near: Vec<Near>) -> Alike {
    near.into_iter()
        .map(|near| (near.id, near.likeness))
        .collect()
}

/// A topics pass, by meaning too where a model is there.
pub(super) fn draw(graph: &RwLock<Graph>, today: Date, meaning: Option<&Meaning>) -> Arc<Snapshot> {
    let Some(meaning) = meaning else {
        return discover_graph::refresh(graph, today);
    };
    let space = meaning.space();
    let by_meaning = discover_graph::Meaning {
        nearest: &|id| alike(space.nearest(id, NEAREST)),
        likeness: &|one, other| space.likeness(one, other),
        nearness: &|members| space.nearness(members),
    };
    discover_graph::refresh_with(graph, today, Some(by_meaning))
}

impl Pipeline {
    /// What the site asks of the model; the site does not keep the pipeline alive.
    pub(crate) fn by_meaning(pipeline: &Arc<Self>) -> Option<ByMeaning> {
        let meaning = Arc::downgrade(pipeline.meaning.as_ref()?);
        let (one, two, three) = (meaning.clone(), meaning.clone(), meaning.clone());
        Some(ByMeaning {
            nearest: Arc::new(move |id| {
                let meaning = one.upgrade();
                meaning.map_or_else(Alike::new, |meaning| {
                    alike(meaning.space().nearest(id, ASKED))
                })
            }),
            likeness: Arc::new(move |a, b| two.upgrade()?.space().likeness(a, b)),
            knows: Arc::new(move |language| {
                let meaning = meaning.upgrade();
                meaning.is_some_and(|meaning| meaning.knows(language))
            }),
            nearest_to_text: Arc::new(move |text, language| {
                let meaning = three.upgrade();
                meaning.map_or_else(Alike::new, |meaning| {
                    meaning.nearest_to_text(text, language)
                })
            }),
        })
    }

    /// Lets the model read what came since it last looked. Returns how many texts it read.
    pub(crate) async fn read_meaning(&self) -> anyhow::Result<u64> {
        let Some(meaning) = &self.meaning else {
            return Ok(0);
        };
        let _one = meaning.reading.lock().await;
        let place = meaning.place();
        let mut from = self.store.checkpoint(&place).await?.unwrap_or(0);
        let bar = self.progress.bar("reading for meaning");
        let mut read = 0;
        loop {
            // Before the texts: what changes while they are read is read again.
            let last = self.store.last_seq().await?;
            let changes = self.store.changes(from, STEP).await?;
            let Some(end) = changes.last().map(|change| change.seq) else {
                break;
            };
            let ids: Vec<ConversationId> = changes
                .iter()
                .filter(|change| !change.gone)
                .map(|change| change.conversation)
                .collect();
            let todo = self.unread(meaning, &ids).await?;
            bar.more(todo.len());
            read += todo.len() as u64;
            self.read(meaning, last, todo).await?;
            for _ in 0..ids.len() {
                bar.step("");
            }
            self.store.set_checkpoint(&place, end).await?;
            from = end;
        }
        bar.finish();
        Ok(read)
    }

    /// What of these may be clustered and has no vector of the text it has now.
    async fn unread(
        &self,
        meaning: &Meaning,
        ids: &[ConversationId],
    ) -> anyhow::Result<Vec<(Conversation, String)>> {
        let purposes = self.purposes().await?;
        let visibility = self.store.visibility().await?;
        let model = meaning.encoder.fingerprint();
        let known = self.store.vectors_of(model, ids).await?;
        let conversations = self.store.conversations(ids).await?;
        Ok(conversations
            .into_iter()
            .filter_map(|conversation| conversation.visible(&visibility))
            .filter(|conversation| {
                let grant = conversation.posts.first().map(|post| post.grant);
                grant
                    .and_then(|grant| purposes.get(&grant))
                    .is_some_and(|purposes| purposes.contains(&Purpose::Topics))
            })
            .filter_map(|conversation| {
                let text = reading(&conversation);
                let kept = known.get(&conversation.id).is_some_and(|kept| {
                    kept.digest == digest(&text) && kept.language == conversation.language
                });
                (!kept && !text.is_empty()).then_some((conversation, text))
            })
            .collect())
    }

    /// Reads these texts, of which the change log's last entry was `last`, and keeps their vectors.
    async fn read(
        &self,
        meaning: &Meaning,
        last: u64,
        todo: Vec<(Conversation, String)>,
    ) -> anyhow::Result<()> {
        if todo.is_empty() {
            return Ok(());
        }
        let (conversations, texts): (Vec<Conversation>, Vec<String>) = todo.into_iter().unzip();
        let digests: Vec<[u8; 16]> = texts.iter().map(|text| digest(text)).collect();
        let (encoder, threads) = (Arc::clone(&meaning.encoder), meaning.threads);
        let (vectors, _) =
            tokio::task::spawn_blocking(move || encoder.encode_all(&texts, threads, || ()))
                .await
                .context("the model ended early")??;
        let kept: Vec<KeptVector> = conversations
            .iter()
            .zip(&digests)
            .zip(&vectors)
            .map(|((conversation, digest), vector)| KeptVector {
                conversation: conversation.id,
                digest: *digest,
                language: conversation.language,
                vector: vector.to_bytes(),
            })
            .collect();
        // Nothing leaves the graph meanwhile, so what it holds now may be held here.
        let mut derived = self.deriving.lock().await;
        let model = meaning.encoder.fingerprint();
        self.store.keep_vectors(model, last, &kept).await?;
        let mut graph = self.graph.write().unwrap_or_else(PoisonError::into_inner);
        graph.meaning_changed();
        let mut space = meaning.space_mut();
        for (conversation, vector) in conversations.iter().zip(vectors) {
            if graph.contains(conversation.id) {
                space.put(&Entry {
                    id: conversation.id,
                    language: conversation.language,
                    started: conversation.started,
                    vector,
                });
            }
        }
        derived.graph_changed = true;
        Ok(())
    }

    /// Makes the space anew from the store, of what the graph holds: what topics are drawn from is a function of that.
    pub(super) async fn renew_meaning(&self) -> anyhow::Result<()> {
        let Some(meaning) = &self.meaning else {
            return Ok(());
        };
        let kept = self.store.vectors(meaning.encoder.fingerprint()).await?;
        let graph = Arc::clone(&self.graph);
        let encoder = Arc::clone(&meaning.encoder);
        let space = tokio::task::spawn_blocking(move || {
            let graph = graph.read().unwrap_or_else(PoisonError::into_inner);
            let held = kept.into_iter().filter_map(|(kept, started)| {
                graph.contains(kept.conversation).then_some(())?;
                Some(Entry {
                    id: kept.conversation,
                    language: kept.language,
                    started,
                    vector: Vector::from_bytes(&kept.vector)?,
                })
            });
            Space::of(held.collect(), encoder.dimensions(), encoder.offsets())
        })
        .await
        .context("the meaning task ended early")?;
        *meaning.space_mut() = space;
        Ok(())
    }

    /// Forgets every vector and lets the model read everything anew. Returns how many texts it read.
    pub(crate) async fn rebuild_meaning(&self) -> anyhow::Result<u64> {
        let meaning = self.meaning.as_ref().context(super::NO_MODEL)?;
        {
            let _one = meaning.reading.lock().await;
            self.store.forget_vectors().await?;
            self.store.set_checkpoint(&meaning.place(), 0).await?;
        }
        let read = self.read_meaning().await?;
        self.refresh_topics().await?;
        Ok(read)
    }
}
