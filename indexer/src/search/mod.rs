//! Searching: request and answer, and the one function that joins compiling, running and paging.
//!
//! Contract: every number (total, facets, timeline) counts conversations, is exact, and knows nothing of what
//! visibility hides. Raw numbers with the networks and voices behind them: thresholds are the server's.

mod bm25;
mod caches;
mod compile;
mod cursor;
mod facts;
mod hidden;
mod relax;
mod row;
mod run;
mod sets;
mod spelling;
mod statistics;
mod tally;
mod watch;
mod word;

use std::sync::Arc;
use std::time::{Duration, Instant};

use discover_model::{ConversationId, Language, NetworkId, SourceKind, TopicId, Visibility};
use jiff::civil::Date;

pub(crate) use caches::Caches;

use crate::error::{IndexError, SearchError};
use crate::index::Index;
use crate::query;
use compile::Compiler;
use cursor::Cursor;
use relax::Step;
use spelling::Vocabulary;
use watch::Watch;

/// Most hits of one page.
pub const MAX_LIMIT: usize = 1000;

/// Order of the hits. Ties are broken by id, so that the order is the same every time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Sort {
    #[default]
    Relevance,
    /// By the latest post.
    Newest,
    /// By the first post.
    Oldest,
}

/// Width of the timeline's buckets. Weeks begin on Monday.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub enum Interval {
    Day,
    #[default]
    Week,
    Month,
}

/// What to do where no conversation has all the words.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Matching {
    /// Fall back to conversations with some of the words, and say so in [`SearchAnswer::matched`].
    #[default]
    Auto,
    /// Never: for alerts, exports and figures.
    All,
    /// Conversations with any of the words from the start, best match first: to find one known thing by its title.
    Any,
}

/// Which words the conversations of an answer hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Matched {
    /// All that the query asks for.
    All,
    /// At least `required` of the `of` words.
    Most { required: usize, of: usize },
    /// At least one of the `of` words.
    Any { of: usize },
}

#[derive(Debug, Clone)]
pub struct SearchRequest {
    pub q: String,
    pub sort: Sort,
    /// Any of these; none means all. The same holds for the other lists.
    pub network: Vec<NetworkId>,
    pub language: Vec<Language>,
    pub kind: Vec<SourceKind>,
    pub topic: Vec<TopicId>,
    /// Only these conversations, where given; cursors know nothing of it.
    pub among: Option<Arc<[ConversationId]>>,
    /// A post on this day or later.
    pub after: Option<Date>,
    /// A post before this day.
    pub before: Option<Date>,
    pub interval: Interval,
    /// `next` of the page before.
    pub cursor: Option<String>,
    /// 1 to [`MAX_LIMIT`].
    pub limit: usize,
    /// Whether facets and timeline are wanted; they cost time.
    pub facets: bool,
    pub matching: Matching,
    /// Time allowed.
    pub deadline: Duration,
}

impl Default for SearchRequest {
    fn default() -> Self {
        Self {
            q: String::new(),
            sort: Sort::default(),
            network: Vec::new(),
            language: Vec::new(),
            kind: Vec::new(),
            topic: Vec::new(),
            among: None,
            after: None,
            before: None,
            interval: Interval::default(),
            cursor: None,
            limit: 20,
            facets: true,
            matching: Matching::default(),
            deadline: Duration::from_secs(2),
        }
    }
}

/// What a search needs from elsewhere.
pub struct SearchContext<'a> {
    pub visibility: &'a Visibility,
    /// The network of a slug; nothing for one that is unknown or withdrawn.
    pub slugs: &'a dyn Fn(&str) -> Option<NetworkId>,
    pub topic_members: &'a dyn Fn(TopicId) -> Option<Arc<[ConversationId]>>,
    /// For the topic facet: the topic that counts a conversation, where it has one that may be shown.
    pub topic_of: &'a dyn Fn(ConversationId) -> Option<TopicId>,
    /// Today in the instance's time zone, for `last:`.
    pub today: Date,
    /// Whether the search may take many times what searches take as a rule.
    pub may_be_long: bool,
}

impl std::fmt::Debug for SearchContext<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("SearchContext")
            .field("generation", &self.visibility.generation)
            .field("today", &self.today)
            .finish_non_exhaustive()
    }
}

#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Hit {
    pub id: ConversationId,
    /// 0 where the order is not by relevance.
    pub score: f32,
}

/// One row of a facet, with what thresholds need.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Facet<T> {
    pub value: T,
    /// Conversations.
    pub count: u64,
    /// Distinct networks, counted up to the threshold ([`discover_model::threshold::MIN_NETWORKS`]).
    pub networks: u64,
    /// Distinct voices, counted up to the threshold ([`discover_model::threshold::MIN_VOICES`]).
    pub voices: u64,
}

/// Most frequent first, then by value.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Facets {
    pub network: Vec<Facet<NetworkId>>,
    pub language: Vec<Facet<Language>>,
    pub kind: Vec<Facet<SourceKind>>,
    pub topic: Vec<Facet<TopicId>>,
    /// How many of the conversations found the topic rows cover: all, up to a bound.
    pub topics_counted: u64,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Bucket {
    /// First day.
    pub start: Date,
    /// Conversations with a post in these days.
    pub count: u64,
    pub networks: u64,
    pub voices: u64,
}

#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Timeline {
    /// As asked for, or wider where that would make too many buckets.
    pub interval: Interval,
    /// In order, without holes.
    pub buckets: Vec<Bucket>,
}

#[derive(Debug, Clone, PartialEq)]
pub struct SearchAnswer {
    pub hits: Vec<Hit>,
    /// Exact.
    pub total: u64,
    pub next: Option<String>,
    /// Empty unless asked for.
    pub facets: Facets,
    pub timeline: Timeline,
    /// The words that were looked for, folded.
    pub terms: Vec<String>,
    pub matched: Matched,
    /// The query with words that stand nowhere replaced by near ones that do.
    pub suggestion: Option<String>,
    /// The order used: a query without words has no relevance, and is answered newest first.
    pub sort: Sort,
}

impl Index {
    /// Finds conversations. See the module for what the numbers mean.
    pub fn search(
        &self,
        request: &SearchRequest,
        context: &SearchContext<'_>,
    ) -> Result<SearchAnswer, SearchError> {
        let watch = Watch::new(Instant::now() + request.deadline, context.may_be_long);
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

        let searcher = self.searcher();
        let ready = self.caches.ready(&searcher, &self.fields)?;
        let hidden = self
            .caches
            .hidden(&searcher, &self.fields, context.visibility)?;
        let frozen = cursor
            .as_ref()
            .and_then(|cursor| self.caches.statistics(cursor.statistics));
        let compiler = Compiler::new(
            &searcher,
            &self.fields,
            &ready,
            &hidden,
            context,
            &self.caches,
            frozen,
        )?
        .until(watch.deadline());

        let steps = match &cursor {
            Some(cursor) => vec![Step {
                mode: cursor.mode,
                enough: 0,
            }],
            None => relax::steps(&query, request.matching),
        };
        let mut answer = None;
        for step in steps {
            let compiled = compiler.compile(&query, request, step.mode)?;
            let found = run::run(
                &run::Plan {
                    searcher: &searcher,
                    ready: &ready,
                    query: compiled.query.as_ref(),
                    statistics: compiler.statistics(),
                    sort,
                    after: cursor.as_ref().map(|cursor| cursor.rank),
                    limit: request.limit.clamp(1, MAX_LIMIT),
                    facets: request.facets,
                    interval: request.interval,
                    days: compiled.days.clone(),
                    watch: &watch,
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
            searcher: &searcher,
            ready: &ready,
            hidden: &hidden,
            field: self.fields.any,
            deadline: watch.deadline(),
        };
        let unknown =
            request.matching == Matching::Auto && cursor.is_none() && compiler.met_unknown();
        let suggestion = if unknown {
            compiler.suggestion(&query, request.q.trim(), &vocabulary)?
        } else {
            None
        };
        let next = found.more.map(|rank| {
            let statistics = match &cursor {
                Some(cursor) => cursor.statistics,
                None => self
                    .caches
                    .keep_statistics(fingerprint, compiler.statistics().frozen()),
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
            next,
            facets: found.facets,
            timeline: found.timeline,
            terms: compiled.terms,
            matched: compiled.matched,
            suggestion,
            sort,
        })
    }

    /// The engine's query that answers a request first, and what it is to be run on: for measuring what this crate adds
    /// to the engine. It excludes what is hidden, like every query.
    pub fn compiled(
        &self,
        request: &SearchRequest,
        context: &SearchContext<'_>,
    ) -> Result<(tantivy::Searcher, Box<dyn tantivy::query::Query>), SearchError> {
        let query = query::parse(&request.q)?;
        let searcher = self.searcher();
        let ready = self.caches.ready(&searcher, &self.fields)?;
        let hidden = self
            .caches
            .hidden(&searcher, &self.fields, context.visibility)?;
        let compiler = Compiler::new(
            &searcher,
            &self.fields,
            &ready,
            &hidden,
            context,
            &self.caches,
            None,
        )?;
        let first = relax::steps(&query, request.matching)[0];
        let compiled = compiler.compile(&query, request, first.mode)?.query;
        Ok((searcher, compiled))
    }

    /// The conversations in the index that hold something `visibility` hides, ascending: they are not found any more,
    /// and must be put again without the hidden part, or removed.
    pub fn touched_by(&self, visibility: &Visibility) -> Result<Vec<ConversationId>, IndexError> {
        let searcher = self.searcher();
        let ready = self.caches.ready(&searcher, &self.fields)?;
        let hidden = self.caches.hidden(&searcher, &self.fields, visibility)?;
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
}
