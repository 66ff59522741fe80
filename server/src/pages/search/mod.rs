//! Search: the form, what was found, when, and how to narrow it down; a page of its own for a query that cannot be
//! read.

mod advice;
pub(super) mod error;
pub(super) mod facets;
mod rows;
pub(super) mod sheet;

use std::sync::Arc;

use askama::Template;
use axum::extract::{RawQuery, State as FromState};
use axum::http::HeaderMap;
use axum::http::header::CONTENT_TYPE;
use axum::response::{IntoResponse as _, Response};
use discover_model::{Language, TopicId};
use jiff::ToSpan as _;
use jiff::civil::Date;
use jiff::tz::TimeZone;

use self::advice::{advice, empty};
pub(super) use self::error::ErrorPage;
use self::error::{asked, of_the_query};
use self::facets::{Facet, facets, filtered, href, kept};
use self::rows::Found;
use super::reader::Reader;
use super::search_mail::MailForm;
use super::view::{Feed, Frame, Link, Nav, Row, Taken, cite};
use super::views::{self, Listed};
use super::{HTML, compare, render, respond};
use crate::etag::NO_CACHE;
use crate::i18n::{Msg, filters, msg};
use crate::picture::spark::Spark;
use crate::picture::timeline::Chart;
use crate::problem::Problem;
use crate::read;
use crate::read::params::{Format, MAX_LIMIT, Query, SearchParams};
use crate::shapes::{Conversation, Interval, MatchMode, Matched, SearchPage, Sort, TopicRef};
use crate::state::{State, View};
use crate::text::inline::Tag;
use crate::text::{links, say, words};

#[derive(Debug, Template)]
#[template(path = "search.html")]
pub(super) struct Page {
    frame: Frame,
    q: String,
    /// What a new query keeps of this search.
    keep: Vec<(&'static str, String)>,
    /// What new filters keep of it, besides the query.
    keep_sort: Vec<(&'static str, String)>,
    filtered: bool,
    clear: String,
    facets: Vec<Facet>,
    after: String,
    before: String,
    too_small: Option<Msg>,
    heading: Msg,
    /// Said where no conversation has all the words.
    widened: Option<Msg>,
    /// The query as it was probably meant.
    meant: Option<Link>,
    presets: Vec<Link>,
    sorts: Vec<Link>,
    intervals: Vec<Link>,
    spark: Spark,
    chart: Chart,
    taken: Taken,
    outputs: Vec<Link>,
    downloads: Vec<Link>,
    compare: Vec<Link>,
    print: String,
    atom: String,
    hits: Vec<Found>,
    /// What says much the same in other languages, by a model of meaning.
    elsewhere: Vec<Row>,
    /// The same search in each language that it finds something in, and how much.
    languages: Vec<InLanguage>,
    shown: Msg,
    first: Option<String>,
    next: Option<String>,
    empty: Msg,
    advice: Vec<Link>,
    views: Vec<Listed>,
    mail: Option<MailForm>,
}

/// A search in one language.
#[derive(Debug)]
struct InLanguage {
    tag: Tag,
    count: String,
    href: String,
}

/// Conversations in other languages that are named.
const ELSEWHERE: usize = 5;

/// What a page needs to know besides what was found.
pub(super) struct Around<'a> {
    pub(super) instance: &'a str,
    pub(super) zone: &'a TimeZone,
    /// The name of a network by its slug.
    pub(super) name: &'a dyn Fn(&str) -> Option<String>,
    /// The topics that the search can be narrowed to, as their reader calls them.
    pub(super) topics: &'a [TopicRef],
    /// What says much the same in other languages.
    pub(super) elsewhere: &'a [Conversation],
    pub(super) today: Date,
    /// Whether readers may ask for alerts by mail.
    pub(super) mails: bool,
}

impl Page {
    pub(super) fn new(
        params: &SearchParams,
        found: &SearchPage,
        around: &Around<'_>,
        views: Vec<Listed>,
    ) -> Self {
        let Around {
            instance,
            zone,
            name,
            topics,
            elsewhere,
            today,
            mails,
        } = *around;
        let start = SearchParams {
            cursor: None,
            ..params.clone()
        };
        let query = SearchParams {
            sort: Sort::default(),
            interval: Interval::default(),
            limit: SearchParams::default().limit,
            ..start.clone()
        }
        .to_query();
        let atom = links::with_query("/search.atom", &query);
        let json = links::with_query("/search.json", &query);
        let heading = match found.once() {
            0 => msg!("search-nothing"),
            once => msg!(
                "search-found-at",
                conversations = say::conversations(once),
                networks = say::networks(found.facets.network.len() as u64),
                copies = say::nearly_the_same(found.near_copies),
            ),
        };
        let unfiltered = SearchParams {
            q: params.q.clone(),
            sort: params.sort,
            ..SearchParams::default()
        };
        let named = match params.q.as_str() {
            "" => instance,
            q => q,
        };
        Self {
            frame: Frame::new(
                instance,
                match found.once() {
                    0 => heading.clone(),
                    once => msg!("search-found", conversations = say::conversations(once),),
                },
                Nav::Search,
            )
            .with_feeds(vec![
                Feed::atom(atom.clone(), named),
                Feed::json(json.clone(), named),
            ]),
            q: params.q.clone(),
            keep: kept(params, true),
            keep_sort: kept(params, false),
            filtered: filtered(params),
            clear: href(&unfiltered),
            facets: facets(params, found, topics),
            after: params.after.map(|day| day.to_string()).unwrap_or_default(),
            before: params.before.map(|day| day.to_string()).unwrap_or_default(),
            too_small: (found.too_small > 0).then(|| say::too_small(found.too_small)),
            meant: found.suggestion.as_ref().map(|q| {
                let to = SearchParams {
                    q: q.clone(),
                    ..start.clone()
                };
                Link::new(href(&to), q.clone())
            }),
            sorts: [
                (Sort::Relevance, msg!("sort-best")),
                (Sort::Newest, msg!("sort-newest")),
                (Sort::Oldest, msg!("sort-oldest")),
            ]
            .into_iter()
            .map(|(sort, name)| {
                let to = SearchParams {
                    sort,
                    ..start.clone()
                };
                Link::new(href(&to), name).current(sort == found.sort)
            })
            .collect(),
            intervals: say::intervals()
                .into_iter()
                .map(|(interval, name)| {
                    let to = SearchParams {
                        interval,
                        ..start.clone()
                    };
                    Link::new(href(&to), name).current(interval == params.interval)
                })
                .collect(),
            taken: Taken::new(
                "/search/timeline",
                &start.to_query(),
                &["svg", "csv"],
                cited(instance, params, today),
            ),
            chart: Chart::new("st", &msg!("chart-matching"), &found.timeline, name),
            outputs: vec![
                Link::new(
                    links::with_query("/search/brief", &query),
                    msg!("brief-for-board"),
                ),
                Link::new(
                    links::with_query("/search/package", &query),
                    msg!("hand-on"),
                ),
                Link::new(atom.clone(), msg!("search-follow-atom")),
                Link::new(json, "JSON Feed"),
                Link::new(
                    links::with_query("/api/v1/search", &start.to_query()),
                    msg!("as-data"),
                ),
            ],
            downloads: if found.total == 0 {
                Vec::new()
            } else {
                downloads(&start)
            },
            compare: compare::with_the_period_before(params, today)
                .into_iter()
                .chain([compare::with_another(params)])
                .collect(),
            print: links::with_query("/search/print", &start.to_query()),
            atom,
            hits: rows::folded(&found.items, zone),
            elsewhere: elsewhere.iter().map(|row| Row::new(row, zone)).collect(),
            languages: in_languages(&start, found),
            shown: shown(params, found),
            presets: presets(&start, today),
            spark: Spark::new(&found.timeline),
            first: params.cursor.is_some().then(|| href(&start)),
            next: found.next.as_deref().map(|cursor| href(&params.at(cursor))),
            empty: empty(params),
            advice: advice(params),
            widened: (found.total > 0).then(|| widened(found.matched)).flatten(),
            mail: mails.then(|| MailForm::of_search(params)).flatten(),
            views,
            heading,
        }
    }
}

/// The search in each of its languages; none where it is in one already, or finds one alone.
fn in_languages(params: &SearchParams, found: &SearchPage) -> Vec<InLanguage> {
    let rows = &found.facets.language;
    if rows.len() < 2 || !params.language.is_empty() || params.q.trim().is_empty() {
        return Vec::new();
    }
    rows.iter()
        .filter_map(|row| {
            let language: Language = row.value.parse().ok()?;
            let to = SearchParams {
                language: vec![language],
                ..params.clone()
            };
            Some(InLanguage {
                tag: Tag::new(language),
                count: words::exact(row.once()),
                href: href(&to),
            })
        })
        .collect()
}

/// How the picture of a search is named elsewhere.
pub(super) fn cited(instance: &str, params: &SearchParams, today: Date) -> String {
    let what = match params.q.trim() {
        "" => "conversations over time".to_owned(),
        q => format!("“{q}”, conversations over time"),
    };
    cite(instance, &what, today)
}

/// The usual stretches of time, back from today.
fn presets(params: &SearchParams, today: Date) -> Vec<Link> {
    let whole = SearchParams {
        after: None,
        before: None,
        ..params.clone()
    };
    let of = |days: i64, name: Msg| {
        let to = SearchParams {
            after: Some(today.saturating_sub((days - 1).days())),
            ..whole.clone()
        };
        Link::new(href(&to), name).current(to == *params)
    };
    vec![
        of(7, msg!("preset-days")),
        of(28, msg!("preset-weeks")),
        of(84, msg!("preset-months")),
        Link::new(href(&whole), msg!("preset-any")).current(whole == *params),
    ]
}

/// The whole result as a file.
fn downloads(params: &SearchParams) -> Vec<Link> {
    let query = SearchParams {
        limit: SearchParams::default().limit,
        interval: Interval::default(),
        ..params.clone()
    }
    .to_query();
    [
        (Format::Xlsx, msg!("download-xlsx")),
        (Format::Csv, msg!("download-csv")),
        (Format::References, msg!("download-references")),
        (Format::Ndjson, msg!("download-ndjson")),
    ]
    .into_iter()
    .map(|(format, name)| {
        let mut with = format!("format={}", format.as_str());
        if !query.is_empty() {
            with.push('&');
            with.push_str(&query);
        }
        Link::new(links::with_query("/api/v1/search/export", &with), name)
    })
    .collect()
}

pub(in crate::pages) fn widened(matched: Matched) -> Option<Msg> {
    match (matched.mode, matched.required, matched.of) {
        (MatchMode::All, ..) => None,
        (MatchMode::Most, Some(required), Some(of)) => {
            Some(msg!("search-most-words", required = required, of = of,))
        }
        (MatchMode::Any | MatchMode::Most, ..) => Some(msg!("search-some-words")),
    }
}

fn shown(params: &SearchParams, found: &SearchPage) -> Msg {
    let total = say::conversations(found.once());
    if params.cursor.is_none() && found.next.is_none() {
        return msg!("search-all-of", total = total);
    }
    let rows = found.items.iter().filter(|hit| hit.nearly.is_none());
    msg!("search-some-of", count = rows.count(), total = total)
}

pub(super) async fn find(
    state: &State,
    query: &str,
) -> Result<(View, SearchParams, Arc<SearchPage>), Problem> {
    let params = SearchParams::liberal(query)?;
    let view = state.view().await?;
    let mut found = read::search::search(&view, &params).await?;
    let folds = found.items.iter().any(|hit| hit.nearly.is_some());
    if folds && found.next.is_some() && params.limit == SearchParams::default().limit {
        // Copies take one row together, and leave room for others.
        let more = SearchParams {
            limit: MAX_LIMIT,
            ..params.clone()
        };
        found = read::search::search(&view, &more).await?;
    }
    Ok((view, params, found))
}

pub(super) async fn page(
    FromState(state): FromState<State>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let query = query.unwrap_or_default();
    let config = state.config();
    match find(&state, &query).await {
        Ok((view, params, found)) => {
            let name = |slug: &str| {
                view.network_by_slug(slug)
                    .map(|network| network.name.clone())
            };
            let rows = found.facets.topic.iter();
            let ids: Vec<TopicId> = rows.filter_map(|row| row.value.parse().ok()).collect();
            let mut topics = read::topics::of_ids(&view, &ids);
            Reader::of(&headers).name(&mut topics);
            let first = params.cursor.is_none();
            let elsewhere = if first && !found.items.is_empty() {
                let most = ELSEWHERE;
                read::related::in_other_languages(&view, &params.q, &found, most).await?
            } else {
                Vec::new()
            };
            let around = Around {
                elsewhere: &elsewhere,
                instance: &config.instance_name,
                zone: &config.zone,
                name: &name,
                topics: &topics,
                today: view.today,
                mails: config.operations.alert_mails,
            };
            let views = views::listed(&view, &headers);
            let page = Page::new(&params, &found, &around, views);
            respond(&headers, &view, &links::search(&params.to_query()), &page)
        }
        Err(problem) if of_the_query(problem.code) => {
            let page = ErrorPage::new(&config.instance_name, &asked(&query), &problem);
            let mut response = (problem.status, render(&page)?).into_response();
            let headers = response.headers_mut();
            headers.insert(CONTENT_TYPE, axum::http::HeaderValue::from_static(HTML));
            headers.insert(axum::http::header::CACHE_CONTROL, NO_CACHE);
            Ok(response)
        }
        Err(problem) => Err(problem),
    }
}
