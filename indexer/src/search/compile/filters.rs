//! Conditions on something other than text: network, language, kind, topic, days, and a given set of conversations.

use std::collections::HashMap;
use std::ops::Range;
use std::sync::Arc;

use discover_model::ConversationId;
use tantivy::query::{BooleanQuery, EmptyQuery, Occur, TermQuery};
use tantivy::schema::IndexRecordOption;
use tantivy::{BitSet, DocSet, TERMINATED, Term};

use super::{Clause, Compiler, Parts, all, union, unscored, within};
use crate::document::{day_number, kind_number};
use crate::error::SearchError;
use crate::query::{Filter, QueryError};
use crate::search::request::SearchRequest;
use crate::search::sets::DocSets;
use crate::search::tally::any_day;

impl Compiler<'_> {
    /// The days a filter stands for, if it is about days.
    pub(super) fn days(&self, filter: &Filter) -> Option<Range<i64>> {
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

    pub(super) fn filter(&self, filter: &Filter) -> Result<Clause, SearchError> {
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

    pub(super) fn members(&self, members: &[ConversationId]) -> Result<DocSets, SearchError> {
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
    pub(super) fn filters(
        &self,
        request: &SearchRequest,
        parts: &mut Parts,
    ) -> Result<(), SearchError> {
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
