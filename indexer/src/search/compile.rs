//! From the query's tree to a query of the engine, with visibility inside.
//!
//! Contract: [`Compiler::compile`] is the only maker of engine queries, and everything it makes excludes what is hidden.

use std::cell::Cell;
use std::collections::{BTreeMap, HashMap};
use std::ops::{Bound, Range};
use std::sync::Arc;
use std::time::Instant;

use discover_model::ConversationId;
use tantivy::query::{
    AllQuery, Bm25StatisticsProvider, BooleanQuery, BoostQuery, ConstScoreQuery, EmptyQuery, Occur,
    Query as EngineQuery, RangeQuery, TermQuery,
};
use tantivy::schema::{Field, IndexRecordOption};
use tantivy::{BitSet, Searcher, Term};

use super::bm25::{Norms, idf};
use super::caches::{Caches, Ready};
use super::relax::{Loosened, Mode, loose_words, side_by_side};
use super::row::{Reach, RowQuery};
use super::sets::DocSets;
use super::spelling::{self, Vocabulary};
use super::statistics::{Frozen, Statistics};
use super::tally::any_day;
use super::word::{Place, WordQuery};
use super::{Matched, SearchContext, SearchRequest};
use crate::analysis::{fold, parts, pieces};
use crate::document::{day_number, kind_number};
use crate::error::SearchError;
use crate::query::{Filter, Node, Query, QueryError};
use crate::schema::Fields;

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

type Clause = Box<dyn EngineQuery>;

pub(super) struct Compiled {
    pub(super) query: Clause,
    pub(super) terms: Vec<String>,
    pub(super) matched: Matched,
    /// Days all posts that count must lie in.
    pub(super) days: Range<i64>,
}

pub(super) struct Compiler<'a> {
    searcher: &'a Searcher,
    fields: &'a Fields,
    ready: &'a Ready,
    hidden: &'a DocSets,
    context: &'a SearchContext<'a>,
    statistics: Statistics<'a>,
    documents: u64,
    norms: [(Field, Norms); 4],
    /// Whether a word was met that stands nowhere.
    unknown: Cell<bool>,
    /// When the search ends without an answer.
    deadline: Option<Instant>,
}

/// One thing to look for within a word as typed: a word, or a run of a script without spaces.
enum Unit {
    Word(String),
    Run(Vec<String>),
}

fn units(text: &str) -> Vec<Unit> {
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

fn folded(text: &str) -> String {
    let mut into = String::new();
    fold(text, &mut into);
    into
}

fn unscored(query: Clause) -> Clause {
    Box::new(ConstScoreQuery::new(query, 0.0))
}

fn boosted(query: Clause, boost: f32) -> Clause {
    Box::new(BoostQuery::new(query, boost))
}

fn all() -> Clause {
    unscored(Box::new(AllQuery))
}

/// The parts of a conjunction.
#[derive(Default)]
struct Parts {
    clauses: Vec<(Occur, Clause)>,
    days: Option<Range<i64>>,
}

impl Parts {
    fn must(&mut self, query: Clause) {
        self.clauses.push((Occur::Must, query));
    }

    fn narrow(&mut self, days: Range<i64>) {
        let known = self.days.take().unwrap_or_else(any_day);
        self.days = Some(known.start.max(days.start)..known.end.min(days.end));
    }

    /// Nothing where the parts ask for nothing.
    fn join(mut self, post_day: Field) -> Option<Clause> {
        if let Some(days) = self.days {
            self.clauses.push((Occur::Must, within(post_day, &days)));
        }
        if self.clauses.is_empty() {
            return None;
        }
        if !self.clauses.iter().any(|(occur, _)| *occur == Occur::Must) {
            self.clauses.push((Occur::Must, all()));
        }
        if self.clauses.len() == 1 {
            return self.clauses.pop().map(|(_, query)| query);
        }
        Some(Box::new(BooleanQuery::new(self.clauses)))
    }
}

fn within(post_day: Field, days: &Range<i64>) -> Clause {
    if days.is_empty() {
        return Box::new(EmptyQuery);
    }
    unscored(Box::new(RangeQuery::new(
        Bound::Included(Term::from_field_i64(post_day, days.start)),
        Bound::Excluded(Term::from_field_i64(post_day, days.end)),
    )))
}

impl<'a> Compiler<'a> {
    pub(super) fn new(
        searcher: &'a Searcher,
        fields: &'a Fields,
        ready: &'a Ready,
        hidden: &'a DocSets,
        context: &'a SearchContext<'a>,
        caches: &Caches,
        frozen: Option<Frozen>,
    ) -> Result<Self, SearchError> {
        let statistics = Statistics::new(searcher, frozen);
        let documents = statistics.total_num_docs()?;
        let norms = |field: Field| -> Result<(Field, Norms), SearchError> {
            let tokens = statistics.total_num_tokens(field)?;
            Ok((field, caches.norms(tokens, documents)))
        };
        let norms = [
            norms(fields.any)?,
            norms(fields.title)?,
            norms(fields.opening)?,
            norms(fields.replies)?,
        ];
        Ok(Self {
            searcher,
            fields,
            ready,
            hidden,
            context,
            statistics,
            documents,
            norms,
            unknown: Cell::new(false),
            deadline: None,
        })
    }

    /// Whether a word of what was compiled stands nowhere, in no form.
    pub(super) const fn met_unknown(&self) -> bool {
        self.unknown.get()
    }

    pub(super) const fn statistics(&self) -> &Statistics<'a> {
        &self.statistics
    }

    pub(super) fn compile(
        &self,
        query: &Query,
        request: &SearchRequest,
        mode: Mode,
    ) -> Result<Compiled, SearchError> {
        let mut parts = Parts::default();
        let mut matched = Matched::All;
        let words = loose_words(&query.root);
        let mut word_clauses = Vec::new();
        let mut known = Vec::new();
        for word in words {
            if let Some((clause, frequency)) = self.word(word)? {
                word_clauses.push(clause);
                known.push((word, frequency));
            }
        }
        let frequencies: Vec<u64> = known.iter().map(|(_, frequency)| *frequency).collect();
        match Loosened::new(mode, &frequencies, self.documents) {
            None => {
                for clause in word_clauses {
                    parts.must(clause);
                }
            }
            Some(loosened) if !word_clauses.is_empty() => {
                matched = loosened.matched(mode);
                let mut counting = Vec::new();
                for (clause, counts) in word_clauses.into_iter().zip(&loosened.counts) {
                    if *counts {
                        counting.push(clause);
                    } else {
                        parts.clauses.push((Occur::Should, clause));
                    }
                }
                parts.must(Box::new(BooleanQuery::union_with_minimum_required_clauses(
                    counting,
                    loosened.required,
                )));
            }
            Some(_) => {}
        }
        for node in side_by_side(&query.root) {
            if !matches!(node, Node::Word(_)) {
                self.part(node, &mut parts)?;
            }
        }
        self.filters(request, &mut parts)?;
        for near in self.near(&known)? {
            parts.clauses.push((Occur::Should, near));
        }
        let days = parts.days.clone().unwrap_or_else(any_day);
        let wanted = parts.join(self.fields.post_day).unwrap_or_else(all);
        Ok(Compiled {
            query: self.visible(wanted),
            terms: terms(query),
            matched,
            days,
        })
    }

    /// What is compiled gives up by then, also where it finds nothing to stop at.
    #[must_use]
    pub(super) fn until(mut self, deadline: Instant) -> Self {
        self.deadline = Some(deadline);
        self
    }

    /// The query as it was probably meant, where words of it stand nowhere in any form.
    pub(super) fn suggestion(
        &self,
        query: &Query,
        q: &str,
        vocabulary: &Vocabulary<'_>,
    ) -> Result<Option<String>, SearchError> {
        let mut meant = q.to_owned();
        let mut looked_at = 0;
        for node in query.wanted() {
            let Node::Word(text) = node else { continue };
            let units = units(text);
            let [Unit::Word(word)] = units.as_slice() else {
                continue;
            };
            if looked_at == spelling::MAX_WORDS {
                break;
            }
            // A compound may stand nowhere while its parts do.
            if self.single(word)?.1 > 0 || parts(word).len() > 1 {
                continue;
            }
            looked_at += 1;
            if let Some(near) = vocabulary.nearest(&folded(word))?
                && let Some(corrected) = spelling::replaced(&meant, word, &near)
            {
                meant = corrected;
            }
        }
        Ok((meant != q).then_some(meant))
    }

    /// What is wanted, without what is hidden. The only way out of this module.
    fn visible(&self, wanted: Clause) -> Clause {
        if self.hidden.is_empty() {
            return wanted;
        }
        Box::new(BooleanQuery::new(vec![
            (Occur::Must, wanted),
            (Occur::MustNot, Box::new(self.hidden.clone())),
        ]))
    }

    /// Adds one condition to a conjunction.
    fn part(&self, node: &Node, parts: &mut Parts) -> Result<(), SearchError> {
        match node {
            // All days of a conjunction go into one range, as one post must lie within.
            Node::Field(filter) if self.days(filter).is_some() => {
                if let Some(days) = self.days(filter) {
                    parts.narrow(days);
                }
            }
            Node::Not(inner) => {
                if let Some(query) = self.node(inner)? {
                    parts.clauses.push((Occur::MustNot, query));
                }
            }
            Node::And(nodes) => {
                for node in nodes {
                    self.part(node, parts)?;
                }
            }
            other => {
                if let Some(query) = self.node(other)? {
                    parts.must(query);
                }
            }
        }
        Ok(())
    }

    /// Nothing for what asks for nothing, such as a word of punctuation only.
    fn node(&self, node: &Node) -> Result<Option<Clause>, SearchError> {
        Ok(match node {
            Node::All => None,
            Node::Word(text) => self.word(text)?.map(|(clause, _)| clause),
            Node::Phrase { text, slop } => self.phrase(text, *slop)?,
            Node::Prefix(text) => self.prefix(text)?,
            Node::Field(filter) => Some(self.filter(filter)?),
            Node::And(_) | Node::Not(_) => {
                let mut parts = Parts::default();
                self.part(node, &mut parts)?;
                parts.join(self.fields.post_day)
            }
            Node::Or(nodes) => {
                let mut branches = Vec::new();
                for node in nodes {
                    branches.extend(self.node(node)?);
                }
                (!branches.is_empty()).then(|| Box::new(BooleanQuery::union(branches)) as Clause)
            }
        })
    }

    fn term(&self, field: Field, text: &str) -> Result<Option<(Clause, u64)>, SearchError> {
        let term = Term::from_field_text(field, text);
        let frequency = self.statistics.doc_freq(&term)?;
        Ok((frequency > 0).then(|| {
            let query = TermQuery::new(term, IndexRecordOption::WithFreqs);
            (Box::new(query) as Clause, frequency)
        }))
    }

    /// A word as typed, with the number of conversations that hold it exactly so (the rarest part, if it has several).
    fn word(&self, text: &str) -> Result<Option<(Clause, u64)>, SearchError> {
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
    fn single(&self, word: &str) -> Result<(Clause, u64), SearchError> {
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
            views.push(Box::new(WordQuery {
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

    fn norms(&self, field: Field) -> Norms {
        let known = self.norms.iter().find(|(of, _)| *of == field);
        known.map_or_else(|| Norms::new(0, 1), |(_, norms)| norms.clone())
    }

    /// Adds a form of a word in a field, if anything holds it so.
    fn place(
        &self,
        term: Term,
        weight: f32,
        places: &mut Vec<Place>,
        frequency: &mut u64,
    ) -> Result<(), SearchError> {
        let found = self.statistics.doc_freq(&term)?;
        if found > 0 {
            *frequency = found.max(*frequency);
            places.push(Place {
                norms: self.norms(term.field()),
                term,
                weight,
            });
        }
        Ok(())
    }

    fn weights(&self) -> [(Field, f32); 3] {
        [
            (self.fields.title, TITLE),
            (self.fields.opening, OPENING),
            (self.fields.replies, REPLIES),
        ]
    }

    /// A run without spaces: found wherever its characters stand in a row, ranked by its pairs.
    fn run(&self, run: &[String]) -> Result<(Clause, u64), SearchError> {
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
    fn row(&self, tokens: &[String], reach: Reach) -> Result<Option<Clause>, SearchError> {
        let term = |token: &String| Term::from_field_text(self.fields.any, token);
        Ok(match tokens {
            [] => None,
            [single] => Some(Box::new(TermQuery::new(
                term(single),
                IndexRecordOption::WithFreqs,
            ))),
            several => {
                let terms: Vec<Term> = several.iter().map(term).collect();
                let mut telling = 0.0;
                for term in &terms {
                    telling += idf(self.statistics.doc_freq(term)?, self.documents);
                }
                Some(Box::new(RowQuery {
                    terms,
                    reach,
                    norms: self.norms(self.fields.any),
                    idf: telling,
                    deadline: self.deadline,
                }))
            }
        })
    }

    fn phrase(&self, text: &str, slop: u32) -> Result<Option<Clause>, SearchError> {
        let tokens: Vec<String> = pieces(text)
            .map(|piece| folded(&text[piece.from..piece.to]))
            .filter(|token| !token.is_empty())
            .collect();
        self.row(&tokens, Reach::InOrder { slop })
    }

    fn prefix(&self, text: &str) -> Result<Option<Clause>, SearchError> {
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
    fn expanded(&self, beginning: &str) -> Result<Clause, SearchError> {
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
    fn near(&self, words: &[(&str, u64)]) -> Result<Vec<Clause>, SearchError> {
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

    /// The days a filter stands for, if it is about days.
    fn days(&self, filter: &Filter) -> Option<Range<i64>> {
        let all = any_day();
        match filter {
            Filter::After(day) => Some(day_number(*day)..all.end),
            Filter::Before(day) => Some(all.start..day_number(*day)),
            Filter::Last(period) => {
                let today = self.context.today;
                Some(day_number(period.start(today))..day_number(today) + 1)
            }
            _ => None,
        }
    }

    fn filter(&self, filter: &Filter) -> Result<Clause, SearchError> {
        if let Some(days) = self.days(filter) {
            return Ok(within(self.fields.post_day, &days));
        }
        let term = match filter {
            Filter::Network { slug, column } => match (self.context.slugs)(slug) {
                Some(network) => Term::from_field_bytes(self.fields.network, &network.to_bytes()),
                None => {
                    return Err(QueryError::syntax(
                        *column,
                        format!("no network is called {slug:?}"),
                        Some("the list of networks shows the names to use here".into()),
                    )
                    .into());
                }
            },
            Filter::Language(language) => {
                Term::from_field_bytes(self.fields.language, language.as_str().as_bytes())
            }
            Filter::Kind(kind) => Term::from_field_u64(self.fields.kind, kind_number(*kind)),
            Filter::Topic(topic) => {
                return match (self.context.topic_members)(*topic) {
                    Some(members) => Ok(Box::new(self.members(&members)?)),
                    None => Ok(Box::new(EmptyQuery)),
                };
            }
            Filter::After(_) | Filter::Before(_) | Filter::Last(_) => return Ok(all()),
        };
        Ok(unscored(Box::new(TermQuery::new(
            term,
            IndexRecordOption::Basic,
        ))))
    }

    fn members(&self, members: &[ConversationId]) -> Result<DocSets, SearchError> {
        let mut sets = HashMap::new();
        for segment in self.searcher.segment_readers() {
            let ids = segment.inverted_index(self.fields.id)?;
            let mut documents = BitSet::with_max_value(segment.max_doc());
            for member in members {
                let term = Term::from_field_bytes(self.fields.id, &member.to_bytes());
                let postings = ids
                    .read_postings(&term, IndexRecordOption::Basic)
                    .map_err(|error| SearchError::Index(error.into()))?;
                if let Some(mut postings) = postings {
                    use tantivy::{DocSet, TERMINATED};
                    while postings.doc() != TERMINATED {
                        documents.insert(postings.doc());
                        postings.advance();
                    }
                }
            }
            if documents.len() > 0 {
                sets.insert(segment.segment_id(), Arc::new(documents));
            }
        }
        Ok(DocSets(Arc::new(sets)))
    }

    /// The conditions that come beside the query text: any value of a list, and all lists.
    fn filters(&self, request: &SearchRequest, parts: &mut Parts) -> Result<(), SearchError> {
        let mut any_of = |filters: Vec<Filter>| -> Result<(), SearchError> {
            let mut clauses = Vec::new();
            for filter in &filters {
                clauses.push(self.filter(filter)?);
            }
            match clauses.len() {
                0 => {}
                1 => parts
                    .clauses
                    .extend(clauses.pop().map(|only| (Occur::Must, only))),
                _ => parts.must(unscored(Box::new(BooleanQuery::union(clauses)))),
            }
            Ok(())
        };
        any_of(
            request
                .language
                .iter()
                .copied()
                .map(Filter::Language)
                .collect(),
        )?;
        any_of(request.kind.iter().copied().map(Filter::Kind).collect())?;
        any_of(request.topic.iter().copied().map(Filter::Topic).collect())?;
        let networks: Vec<Clause> = request
            .network
            .iter()
            .map(|network| {
                let term = Term::from_field_bytes(self.fields.network, &network.to_bytes());
                Box::new(TermQuery::new(term, IndexRecordOption::Basic)) as Clause
            })
            .collect();
        if !networks.is_empty() {
            parts.must(unscored(union(networks)));
        }
        if let Some(among) = &request.among {
            parts.must(Box::new(self.members(among)?));
        }
        let dates = [
            request.after.map(Filter::After),
            request.before.map(Filter::Before),
        ];
        for days in dates
            .iter()
            .flatten()
            .filter_map(|filter| self.days(filter))
        {
            parts.narrow(days);
        }
        Ok(())
    }
}

fn union(mut views: Vec<Clause>) -> Clause {
    match views.len() {
        0 => Box::new(EmptyQuery),
        1 => views.swap_remove(0),
        _ => Box::new(BooleanQuery::union(views)),
    }
}

/// The words looked for, folded, each once.
fn terms(query: &Query) -> Vec<String> {
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
