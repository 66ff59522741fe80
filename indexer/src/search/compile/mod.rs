//! From the query's tree to a query of the engine, with visibility inside.
//!
//! Contract: [`Compiler::compile`] is the only maker of engine queries, and everything it makes excludes what is hidden.

mod filters;
mod units;
mod words;

use std::cell::Cell;
use std::ops::{Bound, Range};
use std::time::Instant;

use discover_model::text::folded;
use tantivy::query::{
    AllQuery, Bm25StatisticsProvider, BooleanQuery, BoostQuery, ConstScoreQuery, EmptyQuery, Occur,
    Query as EngineQuery, RangeQuery,
};
use tantivy::schema::Field;
use tantivy::{Searcher, Term};

use super::answer::Matched;
use super::bm25::Norms;
use super::caches::{Caches, Ready};
use super::minimum_should_match::{MinimumShouldMatch, Mode, loose_words, side_by_side};
use super::request::{SearchContext, SearchRequest};
use super::sets::DocSets;
use super::spelling::{self, Vocabulary};
use super::statistics::{Frozen, Statistics};
use super::tally::any_day;
use crate::analysis::parts;
use crate::error::SearchError;
use crate::query::{Node, Query};
use crate::schema::Fields;
use units::{Unit, terms, units};

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
            if let Some((clause, frequency)) = self.word(word, mode == Mode::All)? {
                word_clauses.push(clause);
                known.push((word, frequency));
            }
        }
        let frequencies: Vec<u64> = known.iter().map(|(_, frequency)| *frequency).collect();
        match MinimumShouldMatch::new(mode, &frequencies, self.documents) {
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
                // Of an unknown date nobody can say that it is another one.
                if self.is_about_days(inner) {
                    parts.must(within(self.fields.post_day, &any_day()));
                }
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

    /// Whether a condition asks for days and nothing else.
    fn is_about_days(&self, node: &Node) -> bool {
        match node {
            Node::Field(filter) => self.days(filter).is_some(),
            Node::Not(inner) => self.is_about_days(inner),
            Node::And(nodes) | Node::Or(nodes) => nodes.iter().all(|node| self.is_about_days(node)),
            _ => false,
        }
    }

    /// Nothing for what asks for nothing, such as a word of punctuation only.
    fn node(&self, node: &Node) -> Result<Option<Clause>, SearchError> {
        Ok(match node {
            Node::All => None,
            Node::Word(text) => self.word(text, true)?.map(|(clause, _)| clause),
            Node::Phrase { text, slop, prefix } => self.phrase(text, *slop, *prefix)?,
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
}

fn union(mut views: Vec<Clause>) -> Clause {
    match views.len() {
        0 => Box::new(EmptyQuery),
        1 => views.swap_remove(0),
        _ => Box::new(BooleanQuery::union(views)),
    }
}
