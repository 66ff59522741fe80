//! One word in every field and form it may stand in, scored once; see [`super::bm25`].

use tantivy::fieldnorm::FieldNormReader;
use tantivy::postings::{Postings, SegmentPostings};
use tantivy::query::{EmptyScorer, EnableScoring, Explanation, Query, Scorer, Weight};
use tantivy::schema::IndexRecordOption;
use tantivy::{DocId, DocSet, Score, SegmentReader, TERMINATED, TantivyError, Term};

use super::bm25::{self, Norms};

/// A form of the word in a field, and what it counts there.
#[derive(Debug, Clone)]
pub(super) struct WeightedTerm {
    pub(super) term: Term,
    pub(super) weight: Score,
    pub(super) norms: Norms,
}

/// Finds what holds the word in any of its places.
#[derive(Debug, Clone)]
pub(super) struct MultiFieldTermQuery {
    pub(super) places: Vec<WeightedTerm>,
    pub(super) idf: Score,
}

impl Query for MultiFieldTermQuery {
    fn weight(&self, _scoring: EnableScoring<'_>) -> tantivy::Result<Box<dyn Weight>> {
        Ok(Box::new(self.clone()))
    }

    fn query_terms<'a>(&'a self, visitor: &mut dyn FnMut(&'a Term, bool)) {
        for place in &self.places {
            visitor(&place.term, false);
        }
    }
}

impl Weight for MultiFieldTermQuery {
    fn scorer(&self, reader: &SegmentReader, boost: Score) -> tantivy::Result<Box<dyn Scorer>> {
        let mut lists = Vec::with_capacity(self.places.len());
        for place in &self.places {
            let field = place.term.field();
            let postings = reader
                .inverted_index(field)?
                .read_postings(&place.term, IndexRecordOption::WithFreqs)?;
            if let Some(postings) = postings {
                lists.push(List {
                    doc: postings.doc(),
                    postings,
                    lengths: reader.get_fieldnorms_reader(field)?,
                    norms: place.norms.clone(),
                    weight: place.weight,
                });
            }
        }
        if lists.is_empty() {
            return Ok(Box::new(EmptyScorer));
        }
        let mut scorer = MultiFieldTermScorer {
            lists,
            idf: self.idf * boost,
            doc: TERMINATED,
        };
        scorer.settle();
        Ok(Box::new(scorer))
    }

    fn explain(&self, _reader: &SegmentReader, doc: DocId) -> tantivy::Result<Explanation> {
        Err(TantivyError::InvalidArgument(format!(
            "the score of document {doc} is not explained"
        )))
    }
}

struct List {
    postings: SegmentPostings,
    lengths: FieldNormReader,
    norms: Norms,
    weight: Score,
    /// Where the list stands; kept here as it is asked for all the time.
    doc: DocId,
}

struct MultiFieldTermScorer {
    lists: Vec<List>,
    idf: Score,
    doc: DocId,
}

impl MultiFieldTermScorer {
    fn settle(&mut self) -> DocId {
        let nearest = self.lists.iter().map(|list| list.doc).min();
        self.doc = nearest.unwrap_or(TERMINATED);
        self.doc
    }
}

impl DocSet for MultiFieldTermScorer {
    fn advance(&mut self) -> DocId {
        for list in &mut self.lists {
            if list.doc == self.doc && list.doc != TERMINATED {
                list.doc = list.postings.advance();
            }
        }
        self.settle()
    }

    fn seek(&mut self, target: DocId) -> DocId {
        if target <= self.doc {
            return self.doc;
        }
        for list in &mut self.lists {
            if list.doc < target {
                list.doc = list.postings.seek(target);
            }
        }
        self.settle()
    }

    fn doc(&self) -> DocId {
        self.doc
    }

    fn size_hint(&self) -> u32 {
        let longest = self.lists.iter().map(|list| list.postings.size_hint());
        longest.max().unwrap_or_default()
    }
}

impl Scorer for MultiFieldTermScorer {
    fn score(&mut self) -> Score {
        let mut frequency = 0.0;
        for list in &mut self.lists {
            if list.doc == self.doc {
                let norm = list.norms.of(list.lengths.fieldnorm_id(list.doc));
                frequency += list.weight * list.postings.term_freq() as Score * norm;
            }
        }
        bm25::score(self.idf, frequency)
    }
}
