//! What is worked out once per commit, per visibility and per search, instead of once per query.

use std::collections::{BTreeMap, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use discover_model::Visibility;
use discover_model::text::Stemmer;
use tantivy::index::SegmentId;
use tantivy::{Searcher, SegmentReader};

use super::bm25::Norms;
use super::columns::Columns;
use super::hidden;
use super::sets::DocSets;
use super::statistics::Frozen;
use crate::error::IndexError;
use crate::schema::Fields;

/// Searches whose figures are kept for their next pages, and the most words kept in all.
const KEPT_SEARCHES: usize = 512;
const KEPT_TERMS: usize = 50_000;
/// Four fields, before and after a few commits.
const KEPT_NORMS: usize = 32;

#[derive(Default)]
pub(crate) struct Caches {
    ready: Mutex<Option<(u64, Arc<Ready>)>>,
    hidden: Mutex<Option<Hidden>>,
    statistics: Mutex<VecDeque<(u64, Frozen)>>,
    norms: Mutex<VecDeque<((u64, u64), Norms)>>,
}

struct Hidden {
    visibility: Visibility,
    sets: DocSets,
    looked_at: Vec<SegmentId>,
}

/// Columns and languages of one commit.
#[derive(Debug)]
pub(crate) struct Ready {
    /// In the order of the searcher's segments.
    pub(crate) columns: Vec<Arc<Columns>>,
    /// Languages that have stems in the index.
    pub(crate) stemmers: Vec<&'static Stemmer>,
}

impl Ready {
    /// Segments never change: what is `known` of one from the commit before holds.
    fn new(
        searcher: &Searcher,
        fields: &Fields,
        known: &[Arc<Columns>],
    ) -> Result<Self, IndexError> {
        let columns = searcher
            .segment_readers()
            .iter()
            .map(|segment| {
                let known = known
                    .iter()
                    .find(|columns| columns.segment == segment.segment_id());
                known.map_or_else(
                    || Columns::open(segment).map(Arc::new),
                    |columns| Ok(Arc::clone(columns)),
                )
            })
            .collect::<Result<_, _>>()?;
        let mut stemmers = Vec::new();
        'stemmers: for stemmer in Stemmer::all() {
            // Every stem is written as `tag:stem`, so one look into the sorted dictionary tells.
            let from = format!("{}:", stemmer.tag);
            for segment in searcher.segment_readers() {
                for field in [fields.opening, fields.title, fields.replies] {
                    let terms = segment.inverted_index(field)?;
                    let mut first = terms.terms().range().ge(&from).into_stream()?;
                    if first.advance() && first.key().starts_with(from.as_bytes()) {
                        stemmers.push(stemmer);
                        continue 'stemmers;
                    }
                }
            }
        }
        Ok(Self { columns, stemmers })
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Caches {
    pub(crate) fn ready(
        &self,
        searcher: &Searcher,
        fields: &Fields,
    ) -> Result<Arc<Ready>, IndexError> {
        let generation = searcher.generation().generation_id();
        let mut kept = lock(&self.ready);
        if let Some((of, ready)) = kept.as_ref()
            && *of == generation
        {
            return Ok(Arc::clone(ready));
        }
        let known = kept
            .as_ref()
            .map_or(&[][..], |(_, ready)| ready.columns.as_slice());
        let ready = Arc::new(Ready::new(searcher, fields, known)?);
        *kept = Some((generation, Arc::clone(&ready)));
        Ok(ready)
    }

    /// The documents `visibility` hides. Segments never change, so after a commit only the new ones are looked at.
    pub(crate) fn hidden(
        &self,
        searcher: &Searcher,
        fields: &Fields,
        visibility: &Visibility,
    ) -> Result<DocSets, IndexError> {
        if hidden::nothing(visibility) {
            return Ok(DocSets::default());
        }
        let mut kept = lock(&self.hidden);
        let segments = searcher.segment_readers();
        // Compared as a whole, not by generation: a wrong answer here would show what is hidden.
        let known = kept.take().filter(|old| old.visibility == *visibility);
        let sets = match &known {
            Some(old)
                if segments.len() == old.looked_at.len()
                    && segments
                        .iter()
                        .all(|segment| old.looked_at.contains(&segment.segment_id())) =>
            {
                let sets = old.sets.clone();
                *kept = known;
                return Ok(sets);
            }
            Some(old) => {
                let (known, looked_at) = (&old.sets, &old.looked_at);
                hidden::of_all(segments.iter(), fields, visibility, known, looked_at)?
            }
            None => {
                let nothing = DocSets::default();
                hidden::of_all(segments.iter(), fields, visibility, &nothing, &[])?
            }
        };
        *kept = Some(Hidden {
            visibility: visibility.clone(),
            sets: sets.clone(),
            looked_at: segments.iter().map(SegmentReader::segment_id).collect(),
        });
        Ok(sets)
    }

    /// The weights of lengths where so many tokens stand in so many documents.
    pub(super) fn norms(&self, tokens: u64, documents: u64) -> Norms {
        let mut kept = lock(&self.norms);
        if let Some((_, norms)) = kept.iter().find(|(of, _)| *of == (tokens, documents)) {
            return norms.clone();
        }
        let norms = Norms::new(tokens, documents);
        kept.push_back(((tokens, documents), norms.clone()));
        if kept.len() > KEPT_NORMS {
            kept.pop_front();
        }
        norms
    }

    pub(crate) fn statistics(&self, key: u64) -> Option<Frozen> {
        lock(&self.statistics)
            .iter()
            .find(|(of, _)| *of == key)
            .map(|(_, frozen)| frozen.clone())
    }

    /// Keeps the figures of a first page; the key goes into its cursor.
    pub(crate) fn keep_statistics(&self, fingerprint: u64, frozen: Frozen) -> u64 {
        let key = fingerprint ^ frozen.digest();
        let mut kept = lock(&self.statistics);
        if !kept.iter().any(|(of, _)| *of == key) {
            kept.push_back((key, frozen));
        }
        let mut terms: usize = kept.iter().map(|(_, frozen)| frozen.len()).sum();
        while kept.len() > KEPT_SEARCHES || (terms > KEPT_TERMS && kept.len() > 1) {
            terms -= kept.pop_front().map_or(0, |(_, frozen)| frozen.len());
        }
        key
    }

    /// Lets go of everything that keeps files of old segments open.
    pub(crate) fn forget(&self) {
        *lock(&self.ready) = None;
        *lock(&self.hidden) = None;
    }
}

/// Positions of values that several segments share.
#[derive(Debug)]
pub(crate) struct Positions<T> {
    pub(crate) values: Vec<T>,
    known: BTreeMap<T, usize>,
}

impl<T> Default for Positions<T> {
    fn default() -> Self {
        Self {
            values: Vec::new(),
            known: BTreeMap::new(),
        }
    }
}

impl<T: Ord + Copy> Positions<T> {
    pub(crate) fn of(&mut self, value: T) -> usize {
        *self.known.entry(value).or_insert_with(|| {
            self.values.push(value);
            self.values.len() - 1
        })
    }
}
