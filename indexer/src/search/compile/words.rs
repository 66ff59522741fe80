//! Words, phrases and prefixes of a query as queries of the engine: every field and form a word may stand in.

use std::collections::BTreeMap;

use tantivy::Term;
use tantivy::query::{Bm25StatisticsProvider, BooleanQuery, EmptyQuery, Occur, TermQuery};
use tantivy::schema::{Field, IndexRecordOption};

use super::{Clause, Compiler, Parts, boosted, union};
use crate::analysis::{fold, parts, pieces};
use crate::error::SearchError;
use crate::query::{Node, Query};
use crate::search::bm25::{Norms, idf};
use crate::search::multi_field_term::{MultiFieldTermQuery, WeightedTerm};
use crate::search::proximity::{ProximityQuery, Reach};

/// Weight of the word exactly as written, beside its stem.
const ANY: f32 = 0.6;
const TITLE: f32 = 2.0;
const OPENING: f32 = 1.1;
const REPLIES: f32 = 1.0;
/// Weight of two words of the query standing near each other.
const NEAR: f32 = 0.2;
/// How far apart in the query two words may stand for that: neighbours, and those with one word between.
const NEAR_IN_QUERY: usize = 2;
/// Weight of the parts of a compound (`NavMesh`) standing for themselves.
const PARTS: f32 = 0.5;
/// How near, in places.
const NEAR_WINDOW: u32 = 4;
/// Most pairs looked at.
const NEAR_PAIRS: usize = 8;
/// Most words a prefix stands for, and how many are looked at in each segment to find the most frequent.
const EXPANSIONS: usize = 50;
const LOOKED_AT: usize = 5_000;

/// One thing to look for within a word as typed: a word, or a run of a script without spaces.
pub(super) enum Unit {
    Word(String),
    Run(Vec<String>),
}

pub(super) fn units(text: &str) -> Vec<Unit> {
    let mut units: Vec<Unit> = Vec::new();
    for piece in pieces(text) {
        let part = text[piece.from..piece.to].to_owned();
        match units.last_mut() {
            Some(Unit::Run(run)) if piece.unspaced && piece.joined => run.push(part),
            _ if piece.unspaced => units.push(Unit::Run(vec![part])),
            _ => units.push(Unit::Word(part)),
        }
    }
    units
}

pub(super) fn folded(text: &str) -> String {
    let mut into = String::new();
    fold(text, &mut into);
    into
}

impl Compiler<'_> {
    pub(super) fn term(
        &self,
        field: Field,
        text: &str,
    ) -> Result<Option<(Clause, u64)>, SearchError> {
        let term = Term::from_field_text(field, text);
        let frequency = self.statistics.doc_freq(&term)?;
        Ok((frequency > 0).then(|| {
            let query = TermQuery::new(term, IndexRecordOption::WithFreqs);
            (Box::new(query) as Clause, frequency)
        }))
    }

    /// A word as typed, with the number of conversations that hold it exactly so (the rarest part, if it has several).
    pub(super) fn word(&self, text: &str) -> Result<Option<(Clause, u64)>, SearchError> {
        let mut parts = Parts::default();
        let mut rarest = u64::MAX;
        for unit in units(text) {
            let (clause, frequency) = match unit {
                Unit::Word(word) => self.single(&word)?,
                Unit::Run(run) => self.run(&run)?,
            };
            rarest = rarest.min(frequency);
            parts.must(clause);
        }
        Ok(parts
            .join(self.fields.post_day)
            .map(|clause| (clause, rarest)))
    }

    /// One word in all its views. `any` alone would find it in every language; the stems add its other forms.
    pub(super) fn single(&self, word: &str) -> Result<(Clause, u64), SearchError> {
        let plain = folded(word);
        let mut forms = vec![plain.clone()];
        for family in &self.ready.families {
            if family.stems(word) {
                let mut stem = String::new();
                family.stem(word, &mut stem);
                forms.push(stem);
            }
        }
        let mut places = Vec::new();
        let mut frequency = 0;
        let exact = Term::from_field_text(self.fields.any, &plain);
        self.place(exact, ANY, &mut places, &mut frequency)?;
        for (field, weight) in self.weights() {
            for form in &forms {
                let term = Term::from_field_text(field, form);
                self.place(term, weight, &mut places, &mut frequency)?;
            }
        }
        let mut views: Vec<Clause> = Vec::new();
        if places.is_empty() {
            self.unknown.set(true);
        } else {
            views.push(Box::new(MultiFieldTermQuery {
                places,
                idf: idf(frequency, self.documents),
            }));
        }
        let parts = parts(word);
        if parts.len() > 1 {
            let mut apart = Vec::new();
            for part in parts {
                let (clause, _) = self.single(part)?;
                apart.push(boosted(clause, PARTS));
            }
            views.push(Box::new(BooleanQuery::intersection(apart)));
        }
        Ok((union(views), frequency))
    }

    pub(super) fn norms(&self, field: Field) -> Norms {
        let known = self.norms.iter().find(|(of, _)| *of == field);
        known.map_or_else(|| Norms::new(0, 1), |(_, norms)| norms.clone())
    }

    /// Adds a form of a word in a field, if anything holds it so.
    pub(super) fn place(
        &self,
        term: Term,
        weight: f32,
        places: &mut Vec<WeightedTerm>,
        frequency: &mut u64,
    ) -> Result<(), SearchError> {
        let found = self.statistics.doc_freq(&term)?;
        if found > 0 {
            *frequency = found.max(*frequency);
            places.push(WeightedTerm {
                norms: self.norms(term.field()),
                term,
                weight,
            });
        }
        Ok(())
    }

    pub(super) fn weights(&self) -> [(Field, f32); 3] {
        [
            (self.fields.title, TITLE),
            (self.fields.opening, OPENING),
            (self.fields.replies, REPLIES),
        ]
    }

    /// A run without spaces: found wherever its characters stand in a row, ranked by its pairs.
    pub(super) fn run(&self, run: &[String]) -> Result<(Clause, u64), SearchError> {
        let characters: Vec<String> = run.iter().map(|part| folded(part)).collect();
        let mut rarest = u64::MAX;
        for character in &characters {
            let term = Term::from_field_text(self.fields.any, character);
            rarest = rarest.min(self.statistics.doc_freq(&term)?);
        }
        let found = self
            .row(&characters, Reach::InOrder { slop: 0 })?
            .unwrap_or_else(|| Box::new(EmptyQuery));
        let mut clauses = vec![(Occur::Must, boosted(found, ANY))];
        let pairs: Vec<String> = match characters.as_slice() {
            [single] => vec![single.clone()],
            several => several.windows(2).map(<[String]>::concat).collect(),
        };
        for (field, weight) in self.weights() {
            for pair in &pairs {
                if let Some((clause, _)) = self.term(field, pair)? {
                    clauses.push((Occur::Should, boosted(clause, weight)));
                }
            }
        }
        Ok((Box::new(BooleanQuery::new(clauses)), rarest))
    }

    /// Tokens of the neutral view in a row.
    pub(super) fn row(
        &self,
        tokens: &[String],
        reach: Reach,
    ) -> Result<Option<Clause>, SearchError> {
        let term = |token: &String| Term::from_field_text(self.fields.any, token);
        Ok(match tokens {
            [] => None,
            [single] => Some(Box::new(TermQuery::new(
                term(single),
                IndexRecordOption::WithFreqs,
            ))),
            several => {
                let terms: Vec<Term> = several.iter().map(term).collect();
                let mut specificity = 0.0;
                for term in &terms {
                    specificity += idf(self.statistics.doc_freq(term)?, self.documents);
                }
                Some(Box::new(ProximityQuery {
                    terms,
                    reach,
                    norms: self.norms(self.fields.any),
                    idf: specificity,
                    deadline: self.deadline,
                }))
            }
        })
    }

    pub(super) fn phrase(&self, text: &str, slop: u32) -> Result<Option<Clause>, SearchError> {
        let tokens: Vec<String> = pieces(text)
            .map(|piece| folded(&text[piece.from..piece.to]))
            .filter(|token| !token.is_empty())
            .collect();
        self.row(&tokens, Reach::InOrder { slop })
    }

    pub(super) fn prefix(&self, text: &str) -> Result<Option<Clause>, SearchError> {
        let mut parts = Parts::default();
        let mut units = units(text);
        let Some(last) = units.pop() else {
            return Ok(None);
        };
        for unit in units {
            parts.must(match unit {
                Unit::Word(word) => self.single(&word)?.0,
                Unit::Run(run) => self.run(&run)?.0,
            });
        }
        parts.must(match last {
            Unit::Word(word) => self.expanded(&folded(&word))?,
            // Found within a run anyway.
            Unit::Run(run) => self.run(&run)?.0,
        });
        Ok(parts.join(self.fields.post_day))
    }

    /// The most frequent words that begin so.
    pub(super) fn expanded(&self, beginning: &str) -> Result<Clause, SearchError> {
        let mut found: BTreeMap<Vec<u8>, u64> = BTreeMap::new();
        let mut whole = true;
        for segment in self.searcher.segment_readers() {
            let words = segment.inverted_index(self.fields.any)?;
            let stream = words.terms().range().ge(beginning).into_stream();
            let mut stream = stream.map_err(|error| SearchError::Index(error.into()))?;
            let mut looked_at = 0;
            while looked_at < LOOKED_AT
                && stream.advance()
                && stream.key().starts_with(beginning.as_bytes())
            {
                looked_at += 1;
                let frequency = u64::from(stream.value().doc_freq);
                *found.entry(stream.key().to_vec()).or_default() += frequency;
            }
            whole &= looked_at < LOOKED_AT;
        }
        let mut words: Vec<(Vec<u8>, u64)> = found.into_iter().collect();
        words.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
        words.truncate(EXPANSIONS);
        let mut views = Vec::new();
        for (word, frequency) in words {
            let Ok(word) = std::str::from_utf8(&word) else {
                continue;
            };
            if whole {
                let term = Term::from_field_text(self.fields.any, word);
                self.statistics.note(term, frequency);
            }
            if let Some((clause, _)) = self.term(self.fields.any, word)? {
                views.push(clause);
            }
        }
        Ok(union(views))
    }

    /// A bonus where words of the query stand near each other: neighbours in the query, and those with one word between.
    /// Frequent words count here too: it is their neighbours that make them tell something.
    pub(super) fn near(&self, words: &[(&str, u64)]) -> Result<Vec<Clause>, SearchError> {
        let mut bonuses = Vec::new();
        let pairs = (1..=NEAR_IN_QUERY).flat_map(|apart| {
            let others = words.iter().skip(apart);
            words.iter().zip(others)
        });
        for ((left, some), (right, others)) in pairs {
            if *some == 0 || *others == 0 || bonuses.len() == NEAR_PAIRS {
                continue;
            }
            let [Some(Unit::Word(left)), Some(Unit::Word(right))] =
                [units(left).pop(), units(right).pop()]
            else {
                continue;
            };
            let reach = Reach::Pair {
                window: NEAR_WINDOW,
            };
            if let Some(row) = self.row(&[folded(&left), folded(&right)], reach)? {
                bonuses.push(boosted(row, NEAR));
            }
        }
        Ok(bonuses)
    }
}

/// The words looked for, folded, each once.
pub(super) fn terms(query: &Query) -> Vec<String> {
    let mut terms: Vec<String> = Vec::new();
    for node in query.wanted() {
        let (Node::Word(text) | Node::Prefix(text) | Node::Phrase { text, .. }) = node else {
            continue;
        };
        for unit in units(text) {
            let term = match unit {
                Unit::Word(word) => folded(&word),
                Unit::Run(run) => run.iter().map(|part| folded(part)).collect(),
            };
            if !term.is_empty() && !terms.contains(&term) {
                terms.push(term);
            }
        }
    }
    terms
}
