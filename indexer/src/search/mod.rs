//! Searching: the one function that joins compiling, running and paging.
//!
//! Contract: every number (total, facets, timeline) counts conversations, is exact, and knows nothing of what
//! visibility hides.

mod answer;
mod bm25;
mod caches;
mod columns;
mod compile;
mod cursor;
mod deadline;
mod hidden;
mod minimum_should_match;
mod multi_field_term;
mod proximity;
mod request;
mod run;
mod sets;
mod spelling;
mod statistics;
mod tally;

use std::time::Instant;

use discover_model::{ConversationId, Visibility};
use tantivy::Searcher;

pub use answer::{Bucket, Facet, Facets, Hit, Matched, SearchAnswer, Timeline};
pub(crate) use caches::Caches;
pub use request::{Interval, MAX_LIMIT, Matching, SearchContext, SearchRequest, Sort};
pub use tally::MAX_FACET_ROWS;

use crate::error::{IndexError, SearchError};
use crate::query;
use crate::schema::Fields;
use compile::Compiler;
use cursor::Cursor;
use deadline::Deadline;
use minimum_should_match::{Mode, Step};
use spelling::Vocabulary;

/// One commit of the index, as searches see it.
pub(crate) struct Engine<'a> {
    pub(crate) searcher: Searcher,
    pub(crate) fields: &'a Fields,
    pub(crate) caches: &'a Caches,
}

/// Finds conversations. See the module for what the numbers mean.
pub(crate) fn search(
    engine: &Engine<'_>,
    request: &SearchRequest,
    context: &SearchContext<'_>,
) -> Result<SearchAnswer, SearchError> {
    let deadline = Deadline::new(Instant::now() + request.deadline, context.may_be_long);
    let query = query::parse(&request.q)?;
    let sort = match request.sort {
        Sort::Relevance if !query.has_text() => Sort::Newest,
        sort => sort,
    };
    let fingerprint = cursor::fingerprint(request, sort);
    let cursor = request
        .cursor
        .as_deref()
        .map(|text| Cursor::read(text, fingerprint))
        .transpose()?;

    let Engine {
        searcher,
        fields,
        caches,
    } = engine;
    let ready = caches.ready(searcher, fields)?;
    let hidden = caches.hidden(searcher, fields, context.visibility)?;
    let frozen = cursor
        .as_ref()
        .and_then(|cursor| caches.statistics(cursor.statistics));
    let compiler = Compiler::new(searcher, fields, &ready, &hidden, context, caches, frozen)?
        .until(deadline.instant());

    let steps = match &cursor {
        Some(cursor) => vec![Step {
            mode: cursor.mode,
            enough: 0,
        }],
        None => minimum_should_match::steps(&query, request.matching),
    };
    let mut answer = None;
    for step in steps {
        let compiled = compiler.compile(&query, request, step.mode)?;
        let found = run::run(
            &run::Plan {
                searcher,
                ready: &ready,
                query: compiled.query.as_ref(),
                statistics: compiler.statistics(),
                sort,
                after: cursor.as_ref().map(|cursor| cursor.rank),
                limit: request.limit.clamp(1, MAX_LIMIT),
                facets: request.facets,
                members: request.members,
                interval: request.interval,
                days: compiled.days.clone(),
                deadline: &deadline,
            },
            context,
        )?;
        let enough = found.total >= step.enough;
        answer = Some((step.mode, compiled, found));
        if enough {
            break;
        }
    }
    let (mode, compiled, found) = answer.expect("there is always a step");
    let vocabulary = Vocabulary {
        searcher,
        ready: &ready,
        hidden: &hidden,
        field: fields.any,
        deadline: deadline.instant(),
    };
    let unknown = request.matching == Matching::Auto && cursor.is_none() && compiler.met_unknown();
    let suggestion = if unknown {
        compiler.suggestion(&query, request.q.trim(), &vocabulary)?
    } else {
        None
    };
    let next = found.more.map(|rank| {
        let statistics = match &cursor {
            Some(cursor) => cursor.statistics,
            None => caches.keep_statistics(fingerprint, compiler.statistics().frozen()),
        };
        Cursor {
            rank,
            mode,
            statistics,
            generation: context.visibility.generation,
        }
        .write(fingerprint)
    });
    Ok(SearchAnswer {
        hits: found.hits,
        total: found.total,
        near_copies: found.near_copies,
        next,
        facets: found.facets,
        timeline: found.timeline,
        members: found.members,
        terms: compiled.terms,
        matched: compiled.matched,
        suggestion,
        sort,
    })
}

/// Whether any of some conversations is found by a request that was answered with `matched`: by what that answer asked of
/// them, without looser matches.
pub(crate) fn finds_any(
    engine: &Engine<'_>,
    request: &SearchRequest,
    matched: Matched,
    context: &SearchContext<'_>,
) -> Result<bool, SearchError> {
    let deadline = Deadline::new(Instant::now() + request.deadline, context.may_be_long);
    let query = query::parse(&request.q)?;
    let Engine {
        searcher,
        fields,
        caches,
    } = engine;
    let ready = caches.ready(searcher, fields)?;
    let hidden = caches.hidden(searcher, fields, context.visibility)?;
    let compiler = Compiler::new(searcher, fields, &ready, &hidden, context, caches, None)?
        .until(deadline.instant());
    let mode = match matched {
        Matched::All => Mode::All,
        Matched::Most { .. } => Mode::Most,
        Matched::Any { .. } => Mode::Any,
    };
    let compiled = compiler.compile(&query, request, mode)?;
    let found = run::run(
        &run::Plan {
            searcher,
            ready: &ready,
            query: compiled.query.as_ref(),
            statistics: compiler.statistics(),
            sort: Sort::Newest,
            after: None,
            limit: 1,
            facets: false,
            members: 0,
            interval: request.interval,
            days: compiled.days.clone(),
            deadline: &deadline,
        },
        context,
    )?;
    Ok(found.total > 0)
}

/// The engine's query that answers a request first, and what it is to be run on: for measuring what this crate adds
/// to the engine. It excludes what is hidden, like every query.
pub(crate) fn compiled(
    engine: &Engine<'_>,
    request: &SearchRequest,
    context: &SearchContext<'_>,
) -> Result<Box<dyn tantivy::query::Query>, SearchError> {
    let query = query::parse(&request.q)?;
    let Engine {
        searcher,
        fields,
        caches,
    } = engine;
    let ready = caches.ready(searcher, fields)?;
    let hidden = caches.hidden(searcher, fields, context.visibility)?;
    let compiler = Compiler::new(searcher, fields, &ready, &hidden, context, caches, None)?;
    let first = minimum_should_match::steps(&query, request.matching)[0];
    let compiled = compiler.compile(&query, request, first.mode)?.query;
    Ok(compiled)
}

/// The conversations in the index that hold something `visibility` hides, ascending: they are not found any more,
/// and must be put again without the hidden part, or removed.
pub(crate) fn touched_by(
    engine: &Engine<'_>,
    visibility: &Visibility,
) -> Result<Vec<ConversationId>, IndexError> {
    let Engine {
        searcher,
        fields,
        caches,
    } = engine;
    let ready = caches.ready(searcher, fields)?;
    let hidden = caches.hidden(searcher, fields, visibility)?;
    let mut ids = Vec::new();
    for (segment, columns) in searcher.segment_readers().iter().zip(&ready.columns) {
        let Some(documents) = hidden.of(segment) else {
            continue;
        };
        ids.extend(
            segment
                .doc_ids_alive()
                .filter(|doc| documents.contains(*doc))
                .map(|doc| columns.id(doc)),
        );
    }
    ids.sort_unstable();
    Ok(ids)
}
