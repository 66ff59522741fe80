//! Searching conversations.

use std::collections::BTreeMap;
use std::sync::{Arc, MutexGuard, PoisonError};

use discover_indexer::{
    Facet, Matched as IndexMatched, Matching, SearchAnswer, SearchContext, SearchError,
    SearchRequest, highlight, query,
};
use discover_model::conversation::EXCERPT_CHARS;
use discover_model::{ConversationId, NetworkId, TopicId};
use discover_store::Uses;
use jiff::ToSpan as _;

use super::footprint::Footprint;
use super::names::{NOBODY, Names};
use super::params::{PageParams, SearchParams};
use super::row_cache::Rows;
use super::topic_cache::{Raw, TopicCache, TopicFigures};
use super::{areas, params, rows, timeline};
use crate::problem::{Code, Problem};
use crate::shapes::{
    Conversation, Coordinated, FacetRow, Facets, Highlight, Hit, Interval, List, MatchMode,
    Matched, SearchPage, Sort,
};
use crate::state::View;
use crate::text::kinds;
use crate::text::order::by_name;
use crate::uses;

/// What a search is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Purpose {
    /// A reader: with facets and timeline, and with looser matches where there is no exact one.
    Read,
    /// A feed: exact matches only, so that it never fills with what was not asked for.
    Follow,
    /// A download: the hits that a reader sees, without passages and figures.
    Take,
}

/// One page of what was found; computed once for all who ask the same while nothing changes.
pub async fn search(view: &View, params: &SearchParams) -> Result<Arc<SearchPage>, Problem> {
    let page = view.state.search_cache().get(view, params).await?;
    let one = Uses {
        found: 1,
        ..Uses::default()
    };
    uses::count(
        view,
        page.items
            .iter()
            .map(|hit| hit.conversation.network.slug.as_str()),
        one,
    );
    Ok(page)
}

/// As [`search`], for the given purpose.
pub async fn run(
    view: &View,
    params: &SearchParams,
    purpose: Purpose,
) -> Result<SearchPage, Problem> {
    let names = Arc::new(match purpose {
        Purpose::Read | Purpose::Take => Names::strict(),
        Purpose::Follow => Names::forgiving(BTreeMap::new()),
    });
    run_with(view, params, purpose, names).await
}

/// As [`run`], with the names in the search taken as `names` says.
pub(crate) async fn run_with(
    view: &View,
    params: &SearchParams,
    purpose: Purpose,
    names: Arc<Names>,
) -> Result<SearchPage, Problem> {
    let (page, _) = found(view, params, purpose, names).await?;
    Ok(page)
}

/// Up to how many conversations found are remembered with an answer that is kept.
const REMEMBERED: usize = 4_096;

/// An answer for readers, which may be kept.
pub(super) async fn to_keep(
    view: &View,
    params: &SearchParams,
) -> Result<(SearchPage, Footprint), Problem> {
    found(view, params, Purpose::Read, Arc::new(Names::strict())).await
}

impl Footprint {
    /// Whether the answer may have become another one by changes of some conversations: one of them was found, or is found
    /// now. What it ranks by may be older.
    pub(super) async fn is_touched(
        &self,
        view: &View,
        params: &SearchParams,
        changed: Vec<ConversationId>,
    ) -> Result<bool, Problem> {
        let Some(members) = &self.members else {
            return Ok(true);
        };
        if changed.iter().any(|id| members.binary_search(id).is_ok()) {
            return Ok(true);
        }
        let request = SearchRequest {
            among: Some(changed.into()),
            ..request(view, params, Purpose::Read, &Names::strict())?
        };
        let (view, matched) = (view.clone(), self.matched);
        let state = view.state.clone();
        let look = move || {
            with_context(&view, &Names::strict(), false, |context| {
                view.state.index().finds_any(&request, matched, context)
            })
        };
        state.compute(look).await?.map_err(problem)
    }
}

async fn found(
    view: &View,
    params: &SearchParams,
    purpose: Purpose,
    names: Arc<Names>,
) -> Result<(SearchPage, Footprint), Problem> {
    let request = request(view, params, purpose, &names)?;
    let networks = request.network.clone();
    let query = query::parse(&request.q).map_err(|error| problem(SearchError::Query(error)))?;
    let marked = (purpose == Purpose::Read && query.has_text()).then_some(query);
    let look = {
        let (view, marked) = (view.clone(), marked.clone());
        move |may_be_long: bool| {
            let answer = find_within(&view, &request, &names, may_be_long)?;
            let ids: Vec<ConversationId> = answer.hits.iter().map(|hit| hit.id).collect();
            // Most often all are in memory, and nobody else has to be asked.
            let rows = view.state.row_cache().all(&view, &ids);
            let items = rows.map(|rows| hits(&view, &answer.hits, &rows, marked.as_ref()));
            Ok((answer, ids, items))
        }
    };
    let slot = view.state.compute_permit().await?;
    let brief = look.clone();
    let (slot, found) = match slot.run(move || brief(false)).await? {
        Err(SearchError::Costly) => {
            drop(slot);
            let long = view.state.slow_queue().run(move || look(true)).await;
            (None, long.unwrap_or(Err(SearchError::Costly)))
        }
        found => (Some(slot), found),
    };
    let (mut answer, ids, items) = found.map_err(problem)?;
    let items = match items {
        Some(items) => items,
        None => {
            let rows = rows::visible(view, &ids).await?;
            let slot = match slot {
                Some(slot) => slot,
                None => view.state.compute_permit().await?,
            };
            let (view, found) = (view.clone(), answer.hits.clone());
            // Looking for passages in long conversations takes too long for a thread that serves others.
            slot.run(move || hits(&view, &found, &rows, marked.as_ref()))
                .await?
        }
    };

    let (facets, too_small) = facets(view, &answer);
    let buckets = raw(&answer);
    let interval = interval_back(answer.timeline.interval);
    let window = timeline::Window {
        after: params.after,
        before: params.before,
        networks: &networks,
    };
    let mut members = answer.members.take();
    if let Some(members) = &mut members {
        members.sort_unstable();
        members.shrink_to_fit();
    }
    let page = SearchPage {
        items,
        total: answer.total,
        near_copies: answer.near_copies,
        generation: view.generation(),
        matched: matched(answer.matched),
        sort: match answer.sort {
            discover_indexer::Sort::Relevance => Sort::Relevance,
            discover_indexer::Sort::Newest => Sort::Newest,
            discover_indexer::Sort::Oldest => Sort::Oldest,
        },
        facets,
        timeline: timeline::shown(view, interval, buckets, answer.timeline.undated, window).await?,
        too_small,
        next: answer.next,
        suggestion: answer.suggestion,
    };
    let footprint = Footprint {
        matched: answer.matched,
        members,
    };
    Ok((page, footprint))
}

/// Those of some conversations that a search finds exactly, in no particular order.
pub(crate) async fn among(
    view: &View,
    params: &SearchParams,
    names: &Arc<Names>,
    ids: Arc<[ConversationId]>,
) -> Result<Vec<Conversation>, Problem> {
    let request = SearchRequest {
        sort: discover_indexer::Sort::Newest,
        limit: ids.len().max(1),
        among: Some(ids),
        ..request(view, params, Purpose::Follow, names)?
    };
    let (asked, names) = (view.clone(), Arc::clone(names));
    let answer = view
        .state
        .compute(move || find_within(&asked, &request, &names, true))
        .await?
        .map_err(problem)?;
    let ids: Vec<ConversationId> = answer.hits.iter().map(|hit| hit.id).collect();
    rows::shapes(view, &ids).await
}

/// A conversation as a search shows it, with the passages that match; nothing where it may not be shown.
pub(crate) async fn hit(
    view: &View,
    q: &str,
    id: ConversationId,
) -> Result<Option<(Conversation, Vec<Highlight>)>, Problem> {
    let rows = rows::visible(view, &[id]).await?;
    let Some(row) = rows.into_values().next() else {
        return Ok(None);
    };
    let Some(conversation) = rows::conversation(view, &row) else {
        return Ok(None);
    };
    let query = query::parse(q).ok().filter(query::Query::has_text);
    let passages = match query {
        Some(query) => view.state.compute(move || highlights(&query, &row)).await?,
        None => Vec::new(),
    };
    Ok(Some((conversation, passages)))
}

/// The words a query asks for, folded as the index folds them; none where it cannot be read.
pub(super) fn words_of(q: &str) -> Vec<String> {
    query::parse(q).map_or_else(|_| Vec::new(), |query| query.words())
}

/// From those of some conversations that are near copies of an earlier one to the first of these.
pub(crate) fn nearly(
    view: &View,
    ids: &[ConversationId],
) -> BTreeMap<ConversationId, ConversationId> {
    let mut first: BTreeMap<u32, ConversationId> = BTreeMap::new();
    let mut nearly = |id: ConversationId| {
        let group = view.topics.copies.get(&id)?.group;
        let first = *first.entry(group).or_insert(id);
        (first != id).then_some((id, first))
    };
    ids.iter().filter_map(|id| nearly(*id)).collect()
}

/// The hits whose rows may be shown, with the passages that match.
fn hits(
    view: &View,
    found: &[discover_indexer::Hit],
    rows: &Rows,
    marked: Option<&query::Query>,
) -> Vec<Hit> {
    let ids: Vec<ConversationId> = found.iter().map(|hit| hit.id).collect();
    let nearly = nearly(view, &ids);
    found
        .iter()
        .filter_map(|hit| {
            let row = rows.get(&hit.id)?;
            Some(Hit {
                conversation: rows::conversation(view, row)?,
                score: hit.score,
                nearly: nearly.get(&hit.id).copied(),
                highlight: marked.map_or_else(Vec::new, |query| highlights(query, row)),
            })
        })
        .collect()
}

/// A topic's figures; counted once for each publication.
pub(super) async fn topic_figures(
    view: &View,
    topic: TopicId,
) -> Result<Arc<TopicFigures>, Problem> {
    let held = lock(&view.topic_figures).get(&topic).cloned();
    if let Some(figures) = held {
        return Ok(figures);
    }
    let request = SearchRequest {
        topic: vec![topic],
        interval: discover_indexer::Interval::Week,
        limit: 1,
        matching: Matching::All,
        ..SearchRequest::default()
    };
    let asked = view.clone();
    let first_day = timeline::first_day(view);
    let week = view.today.saturating_sub(6.days());
    let (answer, lately) = view
        .state
        .compute(move || {
            let mut answer = find(&asked, &request)?;
            let after = Some(week);
            let late = find(
                &asked,
                &SearchRequest {
                    after,
                    ..request.clone()
                },
            )?;
            let lately = late.total.saturating_sub(late.near_copies);
            if answer.timeline.interval == request.interval {
                return Ok((answer, lately));
            }
            // Too long a past for weeks: only what the timeline shows.
            let after = Some(first_day);
            let late = find(&asked, &SearchRequest { after, ..request })?;
            answer.timeline.interval = late.timeline.interval;
            answer.timeline.buckets = late.timeline.buckets;
            Ok((answer, lately))
        })
        .await?
        .map_err(problem)?;
    let figures = Arc::new(TopicFigures {
        networks: answer
            .facets
            .network
            .iter()
            .map(|facet| (facet.value, (facet.count, facet.near_copies)))
            .collect(),
        weeks: raw(&answer),
        undated: answer.timeline.undated,
        lately,
    });
    lock(&view.topic_figures).insert(topic, Arc::clone(&figures));
    Ok(figures)
}

/// Conversations by week that a request finds.
pub(super) async fn weeks(view: &View, request: SearchRequest) -> Result<Vec<Raw>, Problem> {
    Ok(raw(&in_turn(view, request).await?))
}

/// The networks at which a request finds anything, as many as a facet has rows.
pub(super) async fn networks_of(
    view: &View,
    request: SearchRequest,
) -> Result<Vec<NetworkId>, Problem> {
    let answer = in_turn(view, request).await?;
    let rows = answer.facets.network.iter();
    Ok(rows.map(|row| row.value).collect())
}

/// What a request finds; what proves to be long waits its turn, as any search does.
async fn in_turn(view: &View, request: SearchRequest) -> Result<SearchAnswer, Problem> {
    let look = {
        let view = view.clone();
        move |may_be_long: bool| find_within(&view, &request, &Names::strict(), may_be_long)
    };
    let brief = look.clone();
    let answer = match view.state.compute(move || brief(false)).await? {
        Err(SearchError::Costly) => {
            let long = view.state.slow_queue().run(move || look(true)).await;
            long.unwrap_or(Err(SearchError::Costly))
        }
        answer => answer,
    };
    answer.map_err(problem)
}

/// A holder that panicked left the cache whole: entries are inserted complete.
fn lock(cache: &TopicCache) -> MutexGuard<'_, BTreeMap<TopicId, Arc<TopicFigures>>> {
    cache.lock().unwrap_or_else(PoisonError::into_inner)
}

fn raw(answer: &SearchAnswer) -> Vec<Raw> {
    answer
        .timeline
        .buckets
        .iter()
        .map(|bucket| Raw {
            start: bucket.start,
            count: bucket.count,
            near_copies: bucket.near_copies,
        })
        .collect()
}

/// The conversations that a request finds.
pub(super) async fn ids(
    view: &View,
    request: SearchRequest,
) -> Result<Vec<ConversationId>, Problem> {
    let asked = view.clone();
    let answer = view
        .state
        .compute(move || find(&asked, &request))
        .await?
        .map_err(problem)?;
    Ok(answer.hits.iter().map(|hit| hit.id).collect())
}

/// One page of a topic's conversations, latest activity first.
pub(super) async fn in_topic(
    view: &View,
    topic: TopicId,
    params: &PageParams,
) -> Result<List<Conversation>, Problem> {
    let request = SearchRequest {
        sort: discover_indexer::Sort::Newest,
        topic: vec![topic],
        cursor: params.cursor.clone(),
        limit: params.limit,
        facets: false,
        matching: Matching::All,
        ..SearchRequest::default()
    };
    let asked = view.clone();
    let answer = view
        .state
        .compute(move || find(&asked, &request))
        .await?
        .map_err(problem)?;
    let ids: Vec<ConversationId> = answer.hits.iter().map(|hit| hit.id).collect();
    Ok(List {
        items: rows::shapes(view, &ids).await?,
        next: answer.next,
        total: answer.total,
        generation: view.generation(),
    })
}

/// The networks a search is narrowed to.
pub(super) fn networks(
    view: &View,
    params: &SearchParams,
    names: &Names,
) -> Result<Vec<NetworkId>, Problem> {
    let id = |slug: &String| {
        names
            .network(view, slug)
            .ok_or_else(|| Problem::parameter("network", format!("there is no network {slug}")))
    };
    let named: Vec<NetworkId> = params.network.iter().map(id).collect::<Result<_, _>>()?;
    if params.area.is_empty() {
        return Ok(named);
    }
    let serving = areas::asked(view, &params.area, names)?;
    if named.is_empty() {
        return Ok(serving.into_iter().collect());
    }
    let mut both: Vec<NetworkId> = named;
    both.retain(|id| serving.contains(id));
    if both.is_empty() {
        both.push(NOBODY);
    }
    Ok(both)
}

pub(super) fn request(
    view: &View,
    params: &SearchParams,
    purpose: Purpose,
    names: &Names,
) -> Result<SearchRequest, Problem> {
    let mut network = networks(view, params, names)?;
    let mut topic = Vec::with_capacity(params.topic.len());
    for id in &params.topic {
        match view.topics.resolve(*id).filter(|topic| topic.shown) {
            Some(known) => topic.push(known.id),
            None if names.is_forgiving() => names.no_topic(id),
            None => return Err(Problem::parameter("topic", "there is no such topic")),
        }
    }
    if topic.is_empty() && !params.topic.is_empty() {
        // No topic that was asked for is there: that is not the same as asking for none.
        network = vec![NOBODY];
    }
    Ok(SearchRequest {
        q: params.q.clone(),
        sort: match params.sort {
            Sort::Relevance => discover_indexer::Sort::Relevance,
            Sort::Newest => discover_indexer::Sort::Newest,
            Sort::Oldest => discover_indexer::Sort::Oldest,
        },
        network,
        language: params.language.clone(),
        kind: params.kind.clone(),
        topic,
        after: params.after,
        before: params.before,
        interval: match params.interval {
            Interval::Day => discover_indexer::Interval::Day,
            Interval::Week => discover_indexer::Interval::Week,
            Interval::Month => discover_indexer::Interval::Month,
        },
        cursor: params.cursor.clone(),
        limit: params.limit,
        facets: purpose == Purpose::Read,
        members: if purpose == Purpose::Read {
            REMEMBERED
        } else {
            0
        },
        matching: match purpose {
            Purpose::Read | Purpose::Take => Matching::Auto,
            Purpose::Follow => Matching::All,
        },
        ..SearchRequest::default()
    })
}

/// Runs a search that is made once for many readers, on the calling thread.
fn find(view: &View, request: &SearchRequest) -> Result<SearchAnswer, SearchError> {
    find_within(view, request, &Names::strict(), true)
}

/// Runs the search on the calling thread, to its end or until it proves to be long.
fn find_within(
    view: &View,
    request: &SearchRequest,
    names: &Names,
    may_be_long: bool,
) -> Result<SearchAnswer, SearchError> {
    with_context(view, names, may_be_long, |context| {
        view.state.index().search(request, context)
    })
}

/// Hands the index what it needs to know of a view.
fn with_context<T>(
    view: &View,
    names: &Names,
    may_be_long: bool,
    ask: impl FnOnce(&SearchContext<'_>) -> T,
) -> T {
    let shown = |id: TopicId| view.topics.resolve(id).filter(|topic| topic.shown);
    let slugs = |slug: &str| names.network(view, slug);
    let members = |id: TopicId| -> Option<Arc<[ConversationId]>> {
        let topic = shown(id);
        if topic.is_none() {
            names.no_topic(id);
        }
        topic.map(|topic| view.topics.members(topic.id))
    };
    // One level: a conversation's three topics would stand under nearly the same name.
    let topic = |id: ConversationId| {
        let topic = view.topics.topic_at(id, params::DEFAULT_LEVEL)?;
        view.rankings.shows(topic).then_some(topic)
    };
    let context = SearchContext {
        visibility: &view.visibility,
        slugs: &slugs,
        topic_members: &members,
        topic_of: &topic,
        copies_of: &|id| Some(view.topics.copies.get(&id)?.group),
        today: view.today,
        may_be_long,
    };
    ask(&context)
}

fn highlights(query: &query::Query, row: &discover_model::Conversation) -> Vec<Highlight> {
    highlight(query, row)
        .into_iter()
        // Nobody is shown more of a text than an excerpt, whatever the passage is.
        .filter(|passage| passage.text.chars().count() <= EXCERPT_CHARS)
        .map(|passage| Highlight {
            text: passage.text,
            marks: passage.marks,
            post: passage.post,
        })
        .collect()
}

/// Facets, and how many topics among them are too small to be shown. Each row can be listed by its filter, so it is
/// counted exactly.
fn facets(view: &View, answer: &SearchAnswer) -> (Facets, u64) {
    let network = answer.facets.network.iter().filter_map(|facet| {
        let network = view.network(facet.value)?;
        Some(row(&network.slug, &network.name, facet))
    });
    let language = answer.facets.language.iter().map(|facet| {
        let language = facet.value;
        row(language.as_str(), language.endonym(), facet)
    });
    let kind = answer.facets.kind.iter();
    let kind = kind.map(|facet| row(facet.value.as_str(), kinds::long(facet.value), facet));
    let topics = answer.facets.topic.iter().filter_map(|facet| {
        let topic = view.topics.resolve(facet.value)?;
        topic.shown.then(|| FacetRow {
            coordinated: Coordinated::by(topic.coordinated.as_ref()),
            ..row(&topic.id.to_string(), &topic.label, facet)
        })
    });
    let topic: Vec<FacetRow> = topics.collect();
    let too_small = answer.facets.topic.len() - topic.len();
    let counts = answer.facets.network.iter();
    let counts = counts.map(|facet| (facet.value, (facet.count, facet.near_copies)));
    let counts = counts.collect();
    let facets = Facets {
        network: sorted(network.collect()),
        area: sorted(areas::facet(view, &counts)),
        language: sorted(language.collect()),
        kind: sorted(kind.collect()),
        topic: sorted(topic),
    };
    (facets, too_small as u64)
}

/// By what pages count, most first, then by name.
fn sorted(mut rows: Vec<FacetRow>) -> Vec<FacetRow> {
    rows.sort_by(|one, other| {
        let count = (other.once(), other.count).cmp(&(one.once(), one.count));
        count.then_with(|| by_name(&one.label, &other.label))
    });
    rows
}

fn row<T>(value: &str, label: &str, facet: &Facet<T>) -> FacetRow {
    FacetRow {
        value: value.to_owned(),
        label: label.to_owned(),
        count: facet.count,
        near_copies: facet.near_copies,
        coordinated: None,
    }
}

fn matched(matched: IndexMatched) -> Matched {
    let (mode, required, of) = match matched {
        IndexMatched::All => (MatchMode::All, None, None),
        IndexMatched::Most { required, of } => {
            (MatchMode::Most, Some(required as u64), Some(of as u64))
        }
        IndexMatched::Any { of } => (MatchMode::Any, Some(1), Some(of as u64)),
    };
    Matched { mode, required, of }
}

fn interval_back(interval: discover_indexer::Interval) -> Interval {
    match interval {
        discover_indexer::Interval::Day => Interval::Day,
        discover_indexer::Interval::Week => Interval::Week,
        discover_indexer::Interval::Month => Interval::Month,
    }
}

pub(crate) fn problem(error: SearchError) -> Problem {
    match error {
        SearchError::Query(error) => {
            let code = match error.code {
                query::QueryErrorCode::Syntax => Code::QuerySyntax,
                query::QueryErrorCode::UnknownField => Code::UnknownField,
                query::QueryErrorCode::TooLarge => Code::QueryTooLarge,
            };
            Problem {
                column: Some(error.column),
                hint: error.hint,
                parameter: Some("q".to_owned()),
                ..Problem::new(code, error.detail)
            }
        }
        SearchError::BadCursor => params::bad_cursor(),
        SearchError::CursorExpired => params::cursor_expired(),
        SearchError::TooSlow => Problem::new(
            Code::Overloaded,
            "the search took too long; narrow it down or try again",
        ),
        SearchError::Costly => Problem::new(
            Code::Overloaded,
            "this search costs many times what others do, and enough such are running",
        )
        .with_hint("narrow it down by a rarer word, a network or a date, or try again in a moment"),
        SearchError::Index(error) => Problem::internal(&error),
    }
}
