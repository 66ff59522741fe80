//! Makes the bytes of removed documents go.
//!
//! Contract: when [`Index::purge`] returns, no file of the index holds a word of what was removed before the commit that was
//! the last when it began. Others write and commit meanwhile: merges are waited for outside of the writer's turn.

use std::collections::HashSet;
use std::time::{Duration, Instant};

use tantivy::index::SegmentId;

use crate::error::IndexError;
use crate::index::Index;
use crate::integrity::is_segment_file;

/// How long background merges and readers that hold old files are waited for.
const LONGEST: Duration = Duration::from_mins(2);
const PAUSE: Duration = Duration::from_millis(50);

impl Index {
    /// Merges away all deleted documents and deletes the files that held them.
    pub fn purge(&self) -> Result<(), IndexError> {
        let began = Instant::now();
        let mut purge = Purge::begin(self)?;
        loop {
            purge.merge()?;
            self.reader.reload()?;
            // The caches hold the columns, and so the files, of the segments just merged away.
            self.caches.forget();
            let collected = self.writer()?.garbage_collect_files();
            collected.wait()?;
            if purge.is_done()? {
                return Ok(());
            }
            if began.elapsed() > LONGEST {
                return Err(IndexError::Io(std::io::Error::new(
                    std::io::ErrorKind::TimedOut,
                    "merges did not come to an end",
                )));
            }
            std::thread::sleep(PAUSE);
        }
    }

    fn segments(&self) -> Result<Segments, IndexError> {
        let mut found = Segments::default();
        for segment in self.files.searchable_segment_metas()? {
            found.living.insert(segment.id());
            if segment.has_deletes() {
                found.dirty.insert(segment.id());
            }
        }
        Ok(found)
    }

    /// Names of the segments that files in the folder belong to.
    fn segments_with_files(&self) -> HashSet<String> {
        self.files
            .directory()
            .list_managed_files()
            .into_iter()
            .filter(|path| is_segment_file(path))
            .filter_map(|path| Some(path.to_str()?.split('.').next()?.to_owned()))
            .collect()
    }
}

/// Segments of the committed state.
#[derive(Default)]
struct Segments {
    living: HashSet<SegmentId>,
    /// Those with deleted documents.
    dirty: HashSet<SegmentId>,
}

/// Which segments may hold what was removed before the purge began.
struct Purge<'a> {
    index: &'a Index,
    suspects: HashSet<SegmentId>,
    /// Made by the purge itself, so without what was removed before.
    made: HashSet<SegmentId>,
    /// A background merge took a suspect: it may have begun before the purge, and have carried what was removed into a
    /// segment of its own, which is a suspect then.
    overtaken: bool,
    /// All merges that began before the purge have ended: later ones carry nothing on.
    caught_up: bool,
    /// Names of all segments of which there were files when it began.
    before: HashSet<String>,
}

impl<'a> Purge<'a> {
    fn begin(index: &'a Index) -> Result<Self, IndexError> {
        // Within the writer's turn, so that no commit is half done.
        let _turn = index.writer()?;
        Ok(Self {
            index,
            suspects: index.segments()?.dirty,
            made: HashSet::new(),
            overtaken: false,
            caught_up: false,
            before: index.segments_with_files(),
        })
    }

    fn merge(&mut self) -> Result<(), IndexError> {
        let mut writer = self.index.writer()?;
        let segments = self.index.segments()?;
        let known = self.suspects.len();
        self.suspects.retain(|id| segments.living.contains(id));
        self.overtaken |= !self.caught_up && self.suspects.len() < known;
        if self.overtaken && self.suspects.is_empty() {
            self.suspects = segments.dirty.difference(&self.made).copied().collect();
            self.overtaken = false;
            self.caught_up = true;
        }
        let begun: Vec<_> = self
            .suspects
            .iter()
            .map(|id| (*id, writer.merge(&[*id])))
            .collect();
        drop(writer);
        for (id, merge) in begun {
            match merge.wait() {
                Ok(made) => {
                    self.suspects.remove(&id);
                    self.made.extend(made.map(|segment| segment.id()));
                }
                // It is being merged already: the next round sees what came of it.
                Err(error) => tracing::debug!(%error, "segment is being merged already"),
            }
        }
        Ok(())
    }

    /// No segment that may hold what was removed is left, and no file of one.
    fn is_done(&self) -> Result<bool, IndexError> {
        if self.overtaken || !self.suspects.is_empty() {
            return Ok(false);
        }
        let living = self.index.segments()?.living;
        let living: HashSet<String> = living.iter().map(SegmentId::uuid_string).collect();
        let with_files = self.index.segments_with_files();
        Ok(self
            .before
            .intersection(&with_files)
            .all(|name| living.contains(name)))
    }
}
