//! The figures behind BM25, frozen for the pages of one search.
//!
//! Scores depend on how frequent each word is in the whole index, so a commit between two pages would shift them all
//! and let hits be repeated or skipped. The figures of the first page are therefore kept and used for the next ones.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

use tantivy::query::Bm25StatisticsProvider;
use tantivy::schema::Field;
use tantivy::{Searcher, Term};

#[derive(Debug, Clone, Default)]
pub(crate) struct Frozen {
    documents: u64,
    tokens: BTreeMap<Field, u64>,
    terms: BTreeMap<Term, u64>,
}

impl Frozen {
    pub(super) fn len(&self) -> usize {
        self.terms.len()
    }

    /// Tells the figures of two moments apart.
    pub(super) fn digest(&self) -> u64 {
        self.tokens
            .values()
            .chain(self.terms.values())
            .fold(self.documents, |sum, number| {
                sum.wrapping_mul(31).wrapping_add(*number)
            })
    }
}

pub(crate) struct Statistics<'a> {
    searcher: &'a Searcher,
    known: Mutex<Frozen>,
}

impl<'a> Statistics<'a> {
    pub(crate) fn new(searcher: &'a Searcher, frozen: Option<Frozen>) -> Self {
        let documents = || {
            searcher
                .segment_readers()
                .iter()
                .map(|segment| u64::from(segment.max_doc()))
                .sum()
        };
        Self {
            searcher,
            known: Mutex::new(frozen.unwrap_or_else(|| Frozen {
                documents: documents(),
                ..Frozen::default()
            })),
        }
    }

    pub(crate) fn frozen(&self) -> Frozen {
        self.known().clone()
    }

    /// A frequency that came to light by the way, so that it is not looked up again.
    pub(super) fn note(&self, term: Term, frequency: u64) {
        let mut known = self.known();
        let frequency = frequency.min(known.documents);
        known.terms.entry(term).or_insert(frequency);
    }

    fn known(&self) -> std::sync::MutexGuard<'_, Frozen> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Bm25StatisticsProvider for Statistics<'_> {
    fn total_num_tokens(&self, field: Field) -> tantivy::Result<u64> {
        if let Some(tokens) = self.known().tokens.get(&field) {
            return Ok(*tokens);
        }
        let tokens = self.searcher.total_num_tokens(field)?;
        self.known().tokens.insert(field, tokens);
        Ok(tokens)
    }

    fn total_num_docs(&self) -> tantivy::Result<u64> {
        Ok(self.known().documents)
    }

    fn doc_freq(&self, term: &Term) -> tantivy::Result<u64> {
        if let Some(frequency) = self.known().terms.get(term) {
            return Ok(*frequency);
        }
        let frequency = self.searcher.doc_freq(term)?;
        let mut known = self.known();
        // A word that came into the index after the first page must not count more documents than there were.
        let frequency = frequency.min(known.documents);
        known.terms.insert(term.clone(), frequency);
        Ok(frequency)
    }
}
