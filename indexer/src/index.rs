//! The index on disk: opening, writing, committing and erasing.
//!
//! Contract: one writer, many readers. [`Index::commit`] carries the change log's `seq`, so that after a crash the
//! caller continues from [`Index::committed_seq`]. A deletion only hides; [`Index::purge`] makes the bytes go.

use std::collections::HashSet;
use std::path::Path;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

use discover_model::{Conversation, ConversationId, Visibility};
use tantivy::directory::MmapDirectory;
use tantivy::indexer::{IndexWriterOptions, LogMergePolicy};
use tantivy::{IndexReader, IndexSettings, IndexWriter, ReloadPolicy, Searcher, Term};

use crate::analysis::{NEUTRAL, NeutralTokenizer, STEMMED, StemTokenizer};
use crate::document::document;
use crate::error::{IndexError, SearchError};
use crate::integrity::{self, is_segment_file};
use crate::schema::{Fields, VERSION, schema};
use crate::search::{self, Caches, Engine, Matched, SearchAnswer, SearchContext, SearchRequest};

/// Memory of the one indexing thread before it writes a segment.
const WRITER_BYTES: usize = 32 * 1024 * 1024;
/// Share of deleted documents from which a segment is merged anew.
const DELETED_RATIO: f32 = 0.25;

/// Full-text index over conversations, derived from the store.
pub struct Index {
    pub(crate) files: tantivy::Index,
    pub(crate) fields: Fields,
    pub(crate) reader: IndexReader,
    writer: Option<Mutex<IndexWriter>>,
    /// What was put since the last commit, which no search knows of yet.
    uncommitted: Mutex<HashSet<ConversationId>>,
    pub(crate) caches: Caches,
    /// Name of the time zone that days are told in, where this process writes.
    zone: Option<String>,
    /// What the last commit of this process, or the one found at opening, is up to.
    seq: AtomicU64,
}

impl std::fmt::Debug for Index {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Index")
            .field("directory", self.files.directory())
            .field("writable", &self.writer.is_some())
            .finish_non_exhaustive()
    }
}

/// Removes lists of deleted documents that the committed state does not name. A loss of power between such a list and the commit
/// leaves one; tantivy would write it anew under the same name, and refuses to.
fn remove_lost_deletes(index: &tantivy::Index, dir: &Path) -> tantivy::Result<()> {
    let named = index.load_metas()?.list_segment_files();
    for entry in std::fs::read_dir(dir)? {
        let entry = entry?;
        let name = entry.file_name();
        let is_list = Path::new(&name).extension().is_some_and(|end| end == "del");
        if is_list && !named.contains(Path::new(&name)) {
            std::fs::remove_file(entry.path())?;
        }
    }
    Ok(())
}

impl Index {
    /// Opens the index in `dir` for writing, or makes an empty one. Every file is checked against its checksum:
    /// [`IndexError::Corrupt`] means the caller must empty the folder and rebuild.
    ///
    /// `zone` is the name of the time zone that days are told in. An index made in another one is outdated.
    pub fn open(dir: &Path, zone: &str) -> Result<Self, IndexError> {
        std::fs::create_dir_all(dir)?;
        Self::opened(dir, Some(zone))
    }

    /// Opens an existing index without taking the writer's lock; sees later commits of the writing process by itself.
    pub fn open_read_only(dir: &Path) -> Result<Self, IndexError> {
        Self::opened(dir, None)
    }

    fn opened(dir: &Path, zone: Option<&str>) -> Result<Self, IndexError> {
        let writable = zone.is_some();
        let opening = |error: tantivy::TantivyError| IndexError::opening(error, dir);
        let (wanted, fields) = schema();
        let directory = MmapDirectory::open(dir).map_err(|error| opening(error.into()))?;
        let exists = tantivy::Index::exists(&directory).map_err(|error| opening(error.into()))?;
        let index = match (exists, writable) {
            (true, _) => tantivy::Index::open(directory).map_err(opening)?,
            (false, true) => {
                if has_segments(dir)? {
                    return Err(IndexError::Corrupt(
                        "the list of segments is missing".into(),
                    ));
                }
                tantivy::Index::create(directory, wanted.clone(), IndexSettings::default())
                    .map_err(opening)?
            }
            (false, false) => {
                return Err(IndexError::Io(std::io::Error::new(
                    std::io::ErrorKind::NotFound,
                    "there is no index yet",
                )));
            }
        };
        if index.schema() != wanted {
            return Err(IndexError::Corrupt("it was made by another version".into()));
        }
        index.tokenizers().register(NEUTRAL, NeutralTokenizer);
        index.tokenizers().register(STEMMED, StemTokenizer);
        let damaged = index.validate_checksum().map_err(opening)?;
        if let Some(file) = damaged.iter().min() {
            return Err(IndexError::Corrupt(format!(
                "{} is damaged",
                file.display()
            )));
        }
        if writable {
            remove_lost_deletes(&index, dir).map_err(opening)?;
        }
        if writable && let Some(damage) = integrity::damage(&index, dir)? {
            return Err(IndexError::Corrupt(damage));
        }
        let payload = index.load_metas().map_err(opening)?.payload;
        if let Some(payload) = payload.as_deref() {
            let Some((_, made_in)) = read_payload(payload) else {
                return Err(IndexError::Corrupt("it was made by another version".into()));
            };
            if let Some(zone) = zone.filter(|zone| *zone != made_in) {
                return Err(IndexError::Corrupt(format!(
                    "its days are those of the time zone {made_in}, not {zone}"
                )));
            }
        }
        let writer = writable
            .then(|| writer(&index))
            .transpose()
            .map_err(opening)?;
        let policy = if writable {
            ReloadPolicy::Manual
        } else {
            ReloadPolicy::OnCommitWithDelay
        };
        let reader = index
            .reader_builder()
            .reload_policy(policy)
            .doc_store_cache_num_blocks(1)
            .try_into()
            .map_err(opening)?;
        if writable && let Some(damage) = integrity::miscounted(&index, &reader)? {
            return Err(IndexError::Corrupt(damage));
        }
        Ok(Self {
            files: index,
            fields,
            reader,
            writer: writer.map(Mutex::new),
            uncommitted: Mutex::default(),
            caches: Caches::default(),
            zone: zone.map(str::to_owned),
            seq: AtomicU64::new(seq_of(payload.as_deref()).unwrap_or_default()),
        })
    }

    pub(crate) fn writer(&self) -> Result<MutexGuard<'_, IndexWriter>, IndexError> {
        let writer = self.writer.as_ref().ok_or(IndexError::ReadOnly)?;
        // A panic while holding the lock leaves at worst uncommitted work, which the next commit's seq does not claim.
        Ok(writer.lock().unwrap_or_else(PoisonError::into_inner))
    }

    fn id_term(&self, id: ConversationId) -> Term {
        Term::from_field_bytes(self.fields.id, &id.to_bytes())
    }

    /// Adds or replaces a conversation. Found after the next [`Index::commit`].
    ///
    /// Hand in what may be shown (`conversation.visible(&visibility)`): a conversation that holds anything hidden is
    /// not found at all until it is put again without it.
    pub fn put(&self, conversation: &Conversation) -> Result<(), IndexError> {
        let document = document(&self.fields, conversation);
        let term = self.id_term(conversation.id);
        let writer = self.writer()?;
        // A deletion is looked up in every segment, and kept in memory until then: newcomers need none.
        if !self.uncommitted().insert(conversation.id) || self.holds(&term)? {
            writer.delete_term(term);
        }
        writer.add_document(document)?;
        Ok(())
    }

    fn uncommitted(&self) -> MutexGuard<'_, HashSet<ConversationId>> {
        self.uncommitted
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }

    /// Whether any document of the last commit bears the term, be it deleted meanwhile.
    fn holds(&self, term: &Term) -> Result<bool, IndexError> {
        for segment in self.searcher().segment_readers() {
            let terms = segment.inverted_index(term.field())?;
            if terms.get_term_info(term)?.is_some() {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// Takes a conversation out. Gone after the next [`Index::commit`]; its bytes after [`Index::purge`].
    pub fn remove(&self, id: ConversationId) -> Result<(), IndexError> {
        self.writer()?.delete_term(self.id_term(id));
        Ok(())
    }

    /// Makes everything put and removed so far durable and visible, together with the `seq` it is up to.
    pub fn commit(&self, seq: u64) -> Result<(), IndexError> {
        let mut writer = self.writer()?;
        let mut prepared = writer.prepare_commit()?;
        prepared.set_payload(&payload(seq, self.zone.as_deref().unwrap_or_default()));
        prepared.commit()?;
        self.reader.reload()?;
        // Not before the searches know of it.
        self.uncommitted().clear();
        drop(writer);
        // Only now: whoever reads this number finds everything up to it.
        self.seq.store(seq, Ordering::Release);
        Ok(())
    }

    /// The `seq` of the last commit that searches see; 0 for an empty index, and where the folder cannot be read (everything is then
    /// taken in again, which is always safe).
    pub fn committed_seq(&self) -> u64 {
        if self.writer.is_some() {
            // Nobody else can commit.
            return self.seq.load(Ordering::Acquire);
        }
        self.files
            .load_metas()
            .ok()
            .and_then(|metas| seq_of(metas.payload.as_deref()))
            .unwrap_or_default()
    }

    /// Forgets everything, for a rebuild.
    pub fn clear(&self) -> Result<(), IndexError> {
        {
            let mut writer = self.writer()?;
            // Taken back first: what is still in the pipeline must not come in after the clearing.
            writer.rollback()?;
            writer.delete_all_documents()?;
        }
        self.commit(0)?;
        self.purge()
    }

    /// How many conversations are in the index.
    pub fn doc_count(&self) -> u64 {
        self.searcher().num_docs()
    }

    /// The ids of all conversations, ascending: to compare the index with the store.
    pub fn all_ids(&self) -> Result<Vec<ConversationId>, IndexError> {
        let searcher = self.searcher();
        let ready = self.caches.ready(&searcher, &self.fields)?;
        let mut ids = Vec::with_capacity(searcher.num_docs() as usize);
        for (segment, columns) in searcher.segment_readers().iter().zip(&ready.columns) {
            ids.extend(segment.doc_ids_alive().map(|doc| columns.id(doc)));
        }
        ids.sort_unstable();
        Ok(ids)
    }

    /// Finds conversations.
    pub fn search(
        &self,
        request: &SearchRequest,
        context: &SearchContext<'_>,
    ) -> Result<SearchAnswer, SearchError> {
        search::search(&self.engine(), request, context)
    }

    /// Whether any of the conversations in `request.among` is found by a request that was answered with `matched`.
    pub fn finds_any(
        &self,
        request: &SearchRequest,
        matched: Matched,
        context: &SearchContext<'_>,
    ) -> Result<bool, SearchError> {
        search::finds_any(&self.engine(), request, matched, context)
    }

    /// The engine's query that answers a request first, and what it is to be run on: for measuring what this crate adds
    /// to the engine. It excludes what is hidden, like every query.
    pub fn compiled(
        &self,
        request: &SearchRequest,
        context: &SearchContext<'_>,
    ) -> Result<(Searcher, Box<dyn tantivy::query::Query>), SearchError> {
        let engine = self.engine();
        let compiled = search::compiled(&engine, request, context)?;
        Ok((engine.searcher, compiled))
    }

    /// The conversations in the index that hold something `visibility` hides, ascending: they are not found any more,
    /// and must be put again without the hidden part, or removed.
    pub fn touched_by(&self, visibility: &Visibility) -> Result<Vec<ConversationId>, IndexError> {
        search::touched_by(&self.engine(), visibility)
    }

    fn engine(&self) -> Engine<'_> {
        Engine {
            searcher: self.searcher(),
            fields: &self.fields,
            caches: &self.caches,
        }
    }

    pub(crate) fn searcher(&self) -> Searcher {
        self.reader.searcher()
    }
}

fn writer(index: &tantivy::Index) -> Result<IndexWriter, tantivy::TantivyError> {
    let writer = index.writer_with_options(
        IndexWriterOptions::builder()
            .memory_budget_per_thread(WRITER_BYTES)
            .num_worker_threads(1)
            // One merge at a time: the rest of the machine serves readers.
            .num_merge_threads(1)
            .build(),
    )?;
    let mut policy = LogMergePolicy::default();
    policy.set_min_num_segments(6);
    // Below this all segments count as one size: a live instance would write its largest anew with every sixth commit.
    policy.set_min_layer_size(500);
    policy.set_del_docs_ratio_before_merge(DELETED_RATIO);
    writer.set_merge_policy(Box::new(policy));
    Ok(writer)
}

/// The number stands there twice: it has no checksum, and a wrong one would leave changes out.
fn payload(seq: u64, zone: &str) -> String {
    format!("discover {VERSION} {seq} {seq} {zone}")
}

/// The number and the time zone, if it is of this version.
fn read_payload(payload: &str) -> Option<(u64, &str)> {
    let mut parts = payload.splitn(5, ' ');
    let ours = parts.next() == Some("discover")
        && parts.next().and_then(|version| version.parse().ok()) == Some(VERSION);
    let (seq, again, zone) = (parts.next()?, parts.next()?, parts.next()?);
    (ours && seq == again)
        .then(|| Some((seq.parse().ok()?, zone)))
        .flatten()
}

fn seq_of(payload: Option<&str>) -> Option<u64> {
    read_payload(payload?).map(|(seq, _)| seq)
}

fn has_segments(dir: &Path) -> Result<bool, IndexError> {
    for entry in std::fs::read_dir(dir)? {
        let path = entry?.path();
        if is_segment_file(&path) {
            return Ok(true);
        }
    }
    Ok(false)
}
