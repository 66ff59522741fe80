//! Words, phrases and prefixes of a query as queries of the engine: every field and form a word may stand in.

use std::collections::BTreeMap;

use discover_model::text::folded;

use tantivy::Term;
use tantivy::query::{
    Bm25StatisticsProvider, BooleanQuery, DisjunctionMaxQuery, EmptyQuery, Occur, TermQuery,
};
use tantivy::schema::{Field, IndexRecordOption};

use super::units::{Slot, Unit, forms, units};
use super::{Clause, Compiler, Parts, boosted, union, unscored};
use crate::analysis::parts;
use crate::error::SearchError;
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
    ///
    /// Parts that signs join stand in a row where all words are required (`strict`), and anywhere where the query is a text
    /// that is looked for: who pastes `night/day cycle` wants what speaks of both.
    pub(super) fn word(
        &self,
        text: &str,
        strict: bool,
    ) -> Result<Option<(Clause, u64)>, SearchError> {
        let mut parts = Parts::default();
        let mut rarest = u64::MAX;
        for unit in units(text) {
            let (clause, frequency) = match &unit {
                Unit::Compound { parts, whole } if !strict => {
                    self.loose_compound(parts, whole.as_deref())?
                }
                unit => self.unit(unit)?,
            };
            rarest = rarest.min(frequency);
            parts.must(clause);
        }
        Ok(parts
            .join(self.fields.post_day)
            .map(|clause| (clause, rarest)))
    }

    fn unit(&self, unit: &Unit) -> Result<(Clause, u64), SearchError> {
        match unit {
            Unit::Word(word) => self.single(word),
            Unit::Run(run) => self.run(run),
            Unit::Compound { parts, whole } => self.compound(parts, whole.as_deref()),
        }
    }

    /// Parts joined by signs: they stand in a row, or are written as one word. That decides; the parts and the whole are
    /// what ranks, as they have all fields and forms.
    fn compound(
        &self,
        parts: &[String],
        whole: Option<&str>,
    ) -> Result<(Clause, u64), SearchError> {
        let (mut views, mut held) = (Vec::new(), Vec::new());
        let mut frequency = 0;
        if let Some(whole) = whole {
            let met = self.unknown.get();
            held.push(self.single(whole)?.0);
            let (clause, of_whole) = self.single(whole)?;
            // That nobody writes it as one word says nothing about what is known.
            self.unknown.set(met);
            frequency = of_whole;
            views.push(clause);
        }
        if let [single] = parts {
            let (clause, of_part) = self.single(single)?;
            views.push(clause);
            let either = Box::new(DisjunctionMaxQuery::new(views));
            return Ok((either, frequency.max(of_part)));
        }
        let slots: Vec<Slot> = parts.iter().map(|part| forms(part)).collect();
        let mut rarest = u64::MAX;
        for slot in &slots {
            rarest = rarest.min(self.frequency(slot)?);
        }
        let row = self.row(&slots, Reach::InOrder { slop: 0 })?;
        held.extend(row);
        let mut clauses = vec![(Occur::Must, unscored(union(held)))];
        for part in parts {
            views.push(self.single(part)?.0);
        }
        clauses.extend(views.into_iter().map(|view| (Occur::Should, view)));
        Ok((Box::new(BooleanQuery::new(clauses)), frequency.max(rarest)))
    }

    fn loose_compound(
        &self,
        parts: &[String],
        whole: Option<&str>,
    ) -> Result<(Clause, u64), SearchError> {
        let mut apart = Vec::new();
        let mut rarest = u64::MAX;
        for part in parts {
            let (clause, frequency) = self.single(part)?;
            rarest = rarest.min(frequency);
            apart.push((Occur::Must, clause));
        }
        let mut views: Vec<Clause> = vec![Box::new(BooleanQuery::new(apart))];
        if let Some(whole) = whole {
            let met = self.unknown.get();
            let (clause, frequency) = self.single(whole)?;
            self.unknown.set(met);
            rarest = rarest.max(frequency);
            views.push(clause);
        }
        Ok((Box::new(DisjunctionMaxQuery::new(views)), rarest))
    }

    /// In how many conversations the most frequent form stands.
    fn frequency(&self, slot: &Slot) -> Result<u64, SearchError> {
        let mut frequency = 0;
        for form in slot {
            let term = Term::from_field_text(self.fields.any, form);
            frequency = frequency.max(self.statistics.doc_freq(&term)?);
        }
        Ok(frequency)
    }

    /// One word in all its views. `any` alone would find it in every language; the stems add its other forms.
    pub(super) fn single(&self, word: &str) -> Result<(Clause, u64), SearchError> {
        let neutral = forms(word);
        let mut stemmed = neutral.clone();
        for stemmer in &self.ready.stemmers {
            if stemmer.stems(word) {
                stemmed.extend(stemmer.wanted(word));
            }
        }
        let mut places = Vec::new();
        let mut frequency = 0;
        for form in &neutral {
            let exact = Term::from_field_text(self.fields.any, form);
            self.place(exact, ANY, &mut places, &mut frequency)?;
        }
        for (field, weight) in self.weights() {
            for form in &stemmed {
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
        let slots: Vec<Slot> = characters.iter().map(|one| vec![one.clone()]).collect();
        let found = self
            .row(&slots, Reach::InOrder { slop: 0 })?
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
    pub(super) fn row(&self, slots: &[Slot], reach: Reach) -> Result<Option<Clause>, SearchError> {
        let term = |form: &String| Term::from_field_text(self.fields.any, form);
        let field = self.fields.any;
        Ok(match slots {
            [] => None,
            [single] => {
                let mut views = Vec::new();
                for form in single {
                    views.extend(self.term(field, form)?.map(|(clause, _)| clause));
                }
                Some(union(views))
            }
            several => {
                let mut specificity = 0.0;
                for slot in several {
                    specificity += idf(self.frequency(slot)?, self.documents);
                }
                Some(Box::new(ProximityQuery {
                    slots: several
                        .iter()
                        .map(|slot| slot.iter().map(term).collect())
                        .collect(),
                    reach,
                    norms: self.norms(field),
                    idf: specificity,
                    deadline: self.deadline,
                }))
            }
        })
    }

    /// Words in this order. The last is a beginning where `prefix` says so. What signs join is also found as one word.
    pub(super) fn phrase(
        &self,
        text: &str,
        slop: u32,
        prefix: bool,
    ) -> Result<Option<Clause>, SearchError> {
        let (mut parted, mut whole): (Vec<Slot>, Vec<Slot>) = (Vec::new(), Vec::new());
        for unit in units(text) {
            match unit {
                Unit::Word(word) => {
                    parted.push(forms(&word));
                    whole.push(forms(&word));
                }
                Unit::Run(run) => {
                    parted.extend(run.iter().map(|part| forms(part)));
                    whole.extend(run.iter().map(|part| forms(part)));
                }
                Unit::Compound { parts, whole: all } => {
                    let slots = parts.iter().map(|part| forms(part));
                    match all {
                        Some(all) if parts.len() == 1 => {
                            let both: Slot = slots.flatten().chain(forms(&all)).collect();
                            parted.push(both.clone());
                            whole.push(both);
                        }
                        Some(all) => {
                            parted.extend(slots);
                            whole.push(forms(&all));
                        }
                        None => {
                            parted.extend(slots.clone());
                            whole.extend(slots);
                        }
                    }
                }
            }
        }
        let mut rows = Vec::new();
        for mut slots in [parted, whole] {
            if let Some(last) = slots.last_mut().filter(|_| prefix) {
                let beginning = last.first().cloned().unwrap_or_default();
                *last = self.beginning_with(&beginning)?;
            }
            if !rows.contains(&slots) {
                rows.push(slots);
            }
        }
        let mut views = Vec::new();
        for slots in rows {
            views.extend(self.row(&slots, Reach::InOrder { slop })?);
        }
        Ok(match views.len() {
            0 => None,
            1 => views.pop(),
            _ => Some(Box::new(DisjunctionMaxQuery::new(views))),
        })
    }

    pub(super) fn prefix(&self, text: &str) -> Result<Option<Clause>, SearchError> {
        let mut parts = Parts::default();
        let mut units = units(text);
        let Some(last) = units.pop() else {
            return Ok(None);
        };
        for unit in units {
            parts.must(self.unit(&unit)?.0);
        }
        parts.must(match last {
            Unit::Word(word) => self.expanded(&folded(&word))?,
            Unit::Compound { parts, whole } => {
                let row = self.phrase(&parts.join(" "), 0, true)?;
                let whole = whole
                    .map(|whole| self.expanded(&folded(&whole)))
                    .transpose()?;
                union(row.into_iter().chain(whole).collect())
            }
            // Found within a run anyway.
            Unit::Run(run) => self.run(&run)?.0,
        });
        Ok(parts.join(self.fields.post_day))
    }

    /// The most frequent words that begin so.
    fn beginning_with(&self, beginning: &str) -> Result<Slot, SearchError> {
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
        let mut expanded = Slot::new();
        for (word, frequency) in words {
            let Ok(word) = String::from_utf8(word) else {
                continue;
            };
            if whole {
                let term = Term::from_field_text(self.fields.any, &word);
                self.statistics.note(term, frequency);
            }
            expanded.push(word);
        }
        Ok(expanded)
    }

    fn expanded(&self, beginning: &str) -> Result<Clause, SearchError> {
        let mut views = Vec::new();
        for word in self.beginning_with(beginning)? {
            if let Some((clause, _)) = self.term(self.fields.any, &word)? {
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
            if let Some(row) = self.row(&[forms(&left), forms(&right)], reach)? {
                bonuses.push(boosted(row, NEAR));
            }
        }
        Ok(bonuses)
    }
}
