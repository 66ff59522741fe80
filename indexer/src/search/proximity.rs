//! Words that stand in a row, or near each other.
//!
//! The engine's own phrases with slop take words in any order, and one word for two; here the order holds, every word
//! has a place of its own, and the slop is the number of places in between, all together.

use std::time::Instant;

use tantivy::fieldnorm::FieldNormReader;
use tantivy::postings::{Postings, SegmentPostings};
use tantivy::query::{EmptyScorer, EnableScoring, Explanation, Query, Scorer, Weight};
use tantivy::schema::IndexRecordOption;
use tantivy::{DocId, DocSet, Score, SegmentReader, TERMINATED, TantivyError, Term};

use super::bm25::{self, Norms};

/// What counts as an occurrence.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Reach {
    /// All words in their order, with at most so many places in between.
    InOrder { slop: u32 },
    /// Two words in either order, at most so many places apart.
    Pair { window: u32 },
}

/// Finds what holds all words of a row at least once within reach.
#[derive(Debug, Clone)]
pub(super) struct ProximityQuery {
    /// At least two, each with the terms of which any may stand there; all of one field that has positions.
    pub(super) slots: Vec<Vec<Term>>,
    pub(super) reach: Reach,
    pub(super) norms: Norms,
    pub(super) idf: Score,
    /// Rows are looked for in text: what never stands in one is read to the end of the list, unless time runs out.
    pub(super) deadline: Option<Instant>,
}

impl Query for ProximityQuery {
    fn weight(&self, _scoring: EnableScoring<'_>) -> tantivy::Result<Box<dyn Weight>> {
        Ok(Box::new(self.clone()))
    }

    fn query_terms<'a>(&'a self, visitor: &mut dyn FnMut(&'a Term, bool)) {
        for term in self.slots.iter().flatten() {
            visitor(term, true);
        }
    }
}

impl Weight for ProximityQuery {
    fn scorer(&self, reader: &SegmentReader, boost: Score) -> tantivy::Result<Box<dyn Scorer>> {
        let Some(first) = self.slots.iter().flatten().next() else {
            return Ok(Box::new(EmptyScorer));
        };
        let field = first.field();
        let index = reader.inverted_index(field)?;
        let mut postings = Vec::with_capacity(self.slots.len());
        for slot in &self.slots {
            let mut lists = Vec::with_capacity(slot.len());
            for term in slot {
                lists.extend(index.read_postings(term, IndexRecordOption::WithFreqsAndPositions)?);
            }
            if lists.is_empty() {
                return Ok(Box::new(EmptyScorer));
            }
            postings.push(Slot {
                lists,
                scratch: Vec::new(),
            });
        }
        let rarest = (0..postings.len()).min_by_key(|at| postings[*at].size_hint());
        let mut scorer = ProximityScorer {
            positions: vec![Vec::new(); postings.len()],
            postings,
            rarest: rarest.unwrap_or_default(),
            lengths: reader.get_fieldnorms_reader(field)?,
            norms: self.norms.clone(),
            reach: self.reach,
            idf: self.idf * boost,
            frequency: 0.0,
            ended: false,
            deadline: self.deadline,
            looked_at: 0,
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

/// The documents that hold any of some terms, and where.
struct Slot {
    lists: Vec<SegmentPostings>,
    scratch: Vec<u32>,
}

impl Slot {
    fn doc(&self) -> DocId {
        self.lists
            .iter()
            .map(DocSet::doc)
            .min()
            .unwrap_or(TERMINATED)
    }

    fn advance(&mut self) -> DocId {
        let doc = self.doc();
        for list in &mut self.lists {
            if list.doc() == doc && doc != TERMINATED {
                list.advance();
            }
        }
        self.doc()
    }

    fn seek(&mut self, target: DocId) -> DocId {
        for list in &mut self.lists {
            if list.doc() < target {
                list.seek(target);
            }
        }
        self.doc()
    }

    fn size_hint(&self) -> u32 {
        self.lists.iter().map(DocSet::size_hint).sum()
    }

    /// Ascending, each once.
    fn positions(&mut self, into: &mut Vec<u32>) {
        let doc = self.doc();
        if let [single] = self.lists.as_mut_slice() {
            single.positions(into);
        } else {
            into.clear();
            for list in self.lists.iter_mut().filter(|list| list.doc() == doc) {
                list.positions(&mut self.scratch);
                into.append(&mut self.scratch);
            }
            into.sort_unstable();
        }
        into.dedup();
    }
}

struct ProximityScorer {
    postings: Vec<Slot>,
    /// The one with the fewest documents, which leads.
    rarest: usize,
    positions: Vec<Vec<u32>>,
    lengths: FieldNormReader,
    norms: Norms,
    reach: Reach,
    idf: Score,
    /// Occurrences in the document it stands at, looser ones counting less.
    frequency: Score,
    /// Whether a list other than the leader has come to its end, or the time has.
    ended: bool,
    deadline: Option<Instant>,
    /// Documents whose positions were read.
    looked_at: u32,
}

/// The clock is looked at once for so many documents.
const CLOCK_EVERY: u32 = 256;

impl ProximityScorer {
    /// Goes on to the first document, from where the leader stands, that has an occurrence.
    fn settle(&mut self) -> DocId {
        loop {
            let doc = self.postings[self.rarest].doc();
            if doc == TERMINATED {
                return doc;
            }
            let ahead = self.postings.iter_mut().find_map(|list| {
                let at = if list.doc() < doc {
                    list.seek(doc)
                } else {
                    list.doc()
                };
                (at > doc).then_some(at)
            });
            match ahead {
                Some(TERMINATED) => {
                    self.ended = true;
                    return TERMINATED;
                }
                Some(ahead) => {
                    self.postings[self.rarest].seek(ahead);
                }
                None => {
                    self.looked_at = self.looked_at.wrapping_add(1);
                    if self.looked_at.is_multiple_of(CLOCK_EVERY)
                        && self.deadline.is_some_and(|by| Instant::now() >= by)
                    {
                        // Whoever runs the query sees by the clock that this is no end.
                        self.ended = true;
                        return TERMINATED;
                    }
                    for (list, positions) in self.postings.iter_mut().zip(&mut self.positions) {
                        list.positions(positions);
                    }
                    self.frequency = match self.reach {
                        Reach::InOrder { slop } => in_order(&self.positions, slop),
                        Reach::Pair { window } => pairs(&self.positions, window),
                    };
                    if self.frequency > 0.0 {
                        return doc;
                    }
                    self.postings[self.rarest].advance();
                }
            }
        }
    }
}

impl DocSet for ProximityScorer {
    fn advance(&mut self) -> DocId {
        if self.doc() == TERMINATED {
            return TERMINATED;
        }
        self.postings[self.rarest].advance();
        self.settle()
    }

    fn seek(&mut self, target: DocId) -> DocId {
        if target <= self.doc() {
            return self.doc();
        }
        self.postings[self.rarest].seek(target);
        self.settle()
    }

    fn doc(&self) -> DocId {
        if self.ended {
            TERMINATED
        } else {
            self.postings[self.rarest].doc()
        }
    }

    fn size_hint(&self) -> u32 {
        self.postings[self.rarest].size_hint() / 4
    }

    fn cost(&self) -> u64 {
        // Reading positions is far dearer than reading documents.
        self.postings
            .iter()
            .map(|list| u64::from(list.size_hint()) * 8)
            .sum()
    }
}

impl Scorer for ProximityScorer {
    fn score(&mut self) -> Score {
        let norm = self.norms.of(self.lengths.fieldnorm_id(self.doc()));
        bm25::score(self.idf, self.frequency * norm)
    }
}

/// Occurrences of all words in their order; one with `n` places in between counts `1 / (1 + n)`. Positions ascend.
fn in_order(positions: &[Vec<u32>], slop: u32) -> Score {
    let Some((first, rest)) = positions.split_first() else {
        return 0.0;
    };
    let mut next = vec![0; rest.len()];
    let mut found = 0.0;
    'starts: for start in first {
        let mut end = *start;
        // The nearest following place of each word gives the tightest row that begins here.
        for (of, at) in rest.iter().zip(&mut next) {
            while of.get(*at).is_some_and(|place| *place <= end) {
                *at += 1;
            }
            match of.get(*at) {
                Some(place) => end = *place,
                None => break 'starts,
            }
        }
        let between = end - start - rest.len() as u32;
        if between <= slop {
            found += 1.0 / (1.0 + between as Score);
        }
    }
    found
}

/// For each place of the first word, how near the second one stands: `1 / distance²`.
fn pairs(positions: &[Vec<u32>], window: u32) -> Score {
    let [left, right] = positions else {
        return 0.0;
    };
    let (mut at, mut found) = (0, 0.0);
    for place in left {
        while right.get(at).is_some_and(|other| other < place) {
            at += 1;
        }
        let after = right.get(at).map(|other| other - place);
        let before = at.checked_sub(1).map(|before| place - right[before]);
        let nearest = after
            .into_iter()
            .chain(before)
            .filter(|apart| *apart > 0)
            .min();
        if let Some(apart) = nearest.filter(|apart| *apart <= window) {
            found += 1.0 / (apart * apart) as Score;
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// Whether the words stand in order somewhere with few enough places between, by trying everything.
    fn tried(positions: &[Vec<u32>], slop: u32) -> bool {
        fn from(rest: &[Vec<u32>], start: u32, last: u32, allowed: u32) -> bool {
            match rest.split_first() {
                None => last - start <= allowed,
                Some((word, rest)) => word
                    .iter()
                    .any(|place| *place > last && from(rest, start, *place, allowed)),
            }
        }
        let allowed = slop + positions.len() as u32 - 1;
        positions[0]
            .iter()
            .any(|start| from(&positions[1..], *start, *start, allowed))
    }

    fn places() -> impl Strategy<Value = Vec<Vec<u32>>> {
        let word = proptest::collection::btree_set(0..24_u32, 0..6)
            .prop_map(|places| places.into_iter().collect());
        proptest::collection::vec(word, 2..5)
    }

    proptest! {
        #[test]
        fn a_row_is_found_exactly_where_trying_everything_finds_one(positions in places(), slop in 0..8_u32) {
            prop_assert_eq!(in_order(&positions, slop) > 0.0, tried(&positions, slop));
        }
    }

    #[test]
    fn nearer_pairs_count_more_and_a_word_is_no_pair_with_itself() {
        let pair = |left: &[u32], right: &[u32]| pairs(&[left.to_vec(), right.to_vec()], 5);
        assert!(pair(&[4], &[5]) > pair(&[4], &[6]));
        assert!((pair(&[4], &[3]) - pair(&[4], &[5])).abs() < f32::EPSILON);
        assert!(pair(&[4], &[4]) <= 0.0 && pair(&[4], &[10]) <= 0.0);
    }
}
