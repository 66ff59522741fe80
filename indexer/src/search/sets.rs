//! Sets of documents as queries: hidden ones, and the members of a topic.

use std::collections::HashMap;
use std::sync::Arc;

use tantivy::index::SegmentId;
use tantivy::query::{
    BitSetDocSet, ConstScorer, EmptyScorer, EnableScoring, Explanation, Query, Scorer, Weight,
};
use tantivy::{BitSet, DocId, Score, SegmentReader, TantivyError};

/// For each segment the documents in the set; a segment that is absent has none.
#[derive(Clone, Default)]
pub(crate) struct DocSets(pub(super) Arc<HashMap<SegmentId, Arc<BitSet>>>);

impl DocSets {
    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub(super) fn of(&self, segment: &SegmentReader) -> Option<&BitSet> {
        self.0.get(&segment.segment_id()).map(Arc::as_ref)
    }
}

impl std::fmt::Debug for DocSets {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "DocSets({} segments)", self.0.len())
    }
}

impl Query for DocSets {
    fn weight(&self, _scoring: EnableScoring<'_>) -> tantivy::Result<Box<dyn Weight>> {
        Ok(Box::new(self.clone()))
    }
}

impl Weight for DocSets {
    fn scorer(&self, reader: &SegmentReader, _boost: Score) -> tantivy::Result<Box<dyn Scorer>> {
        Ok(match self.0.get(&reader.segment_id()) {
            Some(documents) => {
                let documents = BitSetDocSet::from(BitSet::clone(documents));
                Box::new(ConstScorer::new(documents, 0.0))
            }
            None => Box::new(EmptyScorer),
        })
    }

    fn explain(&self, _reader: &SegmentReader, doc: DocId) -> tantivy::Result<Explanation> {
        Err(TantivyError::InvalidArgument(format!(
            "document {doc} is in a set, which has no score"
        )))
    }
}
