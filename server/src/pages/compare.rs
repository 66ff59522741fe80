//! Two searches, or two periods of one, side by side.

use std::collections::BTreeMap;

use askama::Template;
use axum::extract::{RawQuery, State as FromState};
use axum::http::HeaderMap;
use axum::http::header::CONTENT_TYPE;
use axum::response::{IntoResponse as _, Response};
use discover_model::Language;
use jiff::ToSpan;
use jiff::civil::Date;

use super::search::error::of_the_query;
use super::search::facets::kept;
use super::view::{Frame, Link, Nav, Taken, cite};
use super::{HTML, render, respond};
use crate::etag::NO_CACHE;
use crate::i18n::{Msg, filters, msg};
use crate::picture::compared::Compared;
use crate::problem::Problem;
use crate::read;
use crate::read::params::{CompareParams, Query, SearchParams};
use crate::shapes::{Comparison, FacetRow, MatchMode, Side, SignificantTerm};
use crate::state::{State, View};
use crate::text::inline::Text;
use crate::text::{links, say, words};

/// Rows of each table; the data has all.
const ROWS: usize = 10;
/// Days of a period that is offered where the search has none.
const LATELY: i64 = 30;

#[derive(Debug, Template)]
#[template(path = "compare.html")]
pub(super) struct Page {
    frame: Frame,
    form: Form,
    trouble: Option<Trouble>,
    /// Ready-made comparisons of what was asked for.
    offers: Vec<Link>,
    found: Option<Found>,
}

/// What the form holds.
#[derive(Debug, Default)]
struct Form {
    q: String,
    q2: String,
    after: String,
    before: String,
    after2: String,
    before2: String,
    keep: Vec<(&'static str, String)>,
    /// In words, that the filters hold for both sides.
    filters: Option<Msg>,
}

/// What is wrong, and at which field.
#[derive(Debug)]
struct Trouble {
    field: &'static str,
    detail: Msg,
    advice: Option<Msg>,
}

#[derive(Debug)]
struct Found {
    lead: Msg,
    sides: Vec<SideOf>,
    chart: Compared,
    taken: Taken,
    intervals: Vec<Link>,
    tables: Vec<Table>,
    too_small: Option<Msg>,
    data: String,
    swap: String,
}

#[derive(Debug)]
struct SideOf {
    letter: &'static str,
    /// None where everything is meant.
    q: Option<Text>,
    when: Msg,
    total: Msg,
    href: String,
    widened: bool,
    empty: bool,
    distinctive: Vec<Word>,
    words: Vec<Word>,
    of: Option<Msg>,
}

#[derive(Debug)]
struct Word {
    word: Text,
    count: Msg,
}

#[derive(Debug)]
struct Table {
    id: &'static str,
    title: Msg,
    column: Msg,
    rows: Vec<Row>,
    more: Option<Msg>,
}

#[derive(Debug)]
struct Row {
    label: Text,
    href: Option<String>,
    counts: [Msg; 2],
}

fn href(params: &CompareParams) -> String {
    links::with_query("/compare", &params.to_query())
}

/// Ready-made comparisons of a search: with the time before its period, or the last days with those before.
pub(super) fn with_the_period_before(search: &SearchParams, today: Date) -> Option<Link> {
    let tomorrow = today.tomorrow().ok()?;
    let (after, before, words) = match (search.after, search.before) {
        (Some(after), before) => (after, before.unwrap_or(tomorrow), msg!("compare-before")),
        (None, None) => (
            tomorrow.checked_sub(LATELY.days()).ok()?,
            tomorrow,
            msg!("compare-lately", days = LATELY as u64),
        ),
        (None, Some(_)) => return None,
    };
    let days = after.until(before).ok()?.get_days();
    let params = CompareParams {
        after2: Some(after.checked_sub(i64::from(days).days()).ok()?),
        before2: Some(after),
        search: SearchParams {
            after: Some(after),
            before: Some(before),
            ..narrowed(search)
        },
        q2: None,
    };
    (days > 0).then(|| Link::new(href(&params), words))
}

/// The form with this search on its first side.
pub(super) fn with_another(search: &SearchParams) -> Link {
    let params = CompareParams {
        search: narrowed(search),
        ..CompareParams::default()
    };
    Link::new(href(&params), msg!("compare-another"))
}

/// A search without its place and order in a list.
fn narrowed(search: &SearchParams) -> SearchParams {
    SearchParams {
        sort: crate::shapes::Sort::default(),
        cursor: None,
        limit: SearchParams::default().limit,
        ..search.clone()
    }
}

impl Page {
    /// The form, with what was asked for so far.
    pub(super) fn asking(instance: &str, params: &CompareParams, today: Date) -> Self {
        let searched = params.search != SearchParams::default();
        Self {
            frame: Frame::new(instance, msg!("compare-title"), Nav::Search),
            form: Form::new(params),
            trouble: None,
            offers: searched
                .then(|| with_the_period_before(&params.search, today))
                .flatten()
                .into_iter()
                .collect(),
            found: None,
        }
    }

    /// The form again, with what is wrong with it.
    pub(super) fn refused(instance: &str, query: &str, problem: &Problem) -> Self {
        let detail = Msg::English(words::sentence(&problem.detail));
        let field = problem.parameter.as_deref().unwrap_or_default();
        Self {
            frame: Frame::new(
                instance,
                msg!("error-title", title = msg!("compare-refused")),
                Nav::Search,
            ),
            form: Form::raw(query),
            trouble: Some(Trouble {
                field: ["q2", "after", "before", "after2", "before2"]
                    .into_iter()
                    .find(|known| *known == field)
                    .unwrap_or("q"),
                advice: problem
                    .hint
                    .as_deref()
                    .map(|hint| Msg::English(words::sentence(hint))),
                detail,
            }),
            offers: Vec::new(),
            found: None,
        }
    }

    pub(super) fn new(
        instance: &str,
        params: &CompareParams,
        found: &Comparison,
        name: &dyn Fn(&str) -> Option<String>,
        today: Date,
    ) -> Option<Self> {
        let [a, b] = found.sides.as_slice() else {
            return None;
        };
        let (first, second) = params.sides();
        Some(Self {
            frame: Frame::new(instance, msg!("comparison-title"), Nav::Search),
            form: Form::new(params),
            trouble: None,
            offers: Vec::new(),
            found: Some(Found {
                lead: lead(a, b),
                sides: vec![side("A", a, &first), side("B", b, &second)],
                taken: Taken::new(
                    "/compare",
                    &params.to_query(),
                    &["svg", "csv"],
                    cited(instance, params, today),
                ),
                chart: Compared::new("ct", [&a.timeline, &b.timeline], name),
                intervals: say::intervals()
                    .into_iter()
                    .map(|(interval, words)| {
                        let mut to = params.clone();
                        to.search.interval = interval;
                        Link::new(href(&to), words).current(interval == a.timeline.interval)
                    })
                    .collect(),
                tables: tables(a, b),
                too_small: (a.too_small + b.too_small > 0).then(|| {
                    msg!(
                        "compare-too-small",
                        a = say::topics(a.too_small),
                        b = say::topics(b.too_small),
                    )
                }),
                data: links::with_query("/api/v1/compare", &params.to_query()),
                swap: href(&swapped(params)),
            }),
        })
    }
}

/// The same with its sides exchanged.
fn swapped(params: &CompareParams) -> CompareParams {
    let (first, second) = params.sides();
    CompareParams {
        q2: (first.q != second.q).then(|| first.q.clone()),
        after2: first
            .after
            .filter(|_| first.after != second.after || first.before != second.before),
        before2: first
            .before
            .filter(|_| first.after != second.after || first.before != second.before),
        search: second,
    }
}

impl Form {
    fn new(params: &CompareParams) -> Self {
        let day = |day: Option<Date>| day.map(|day| day.to_string()).unwrap_or_default();
        let search = &params.search;
        let filters = SearchParams {
            q: String::new(),
            after: None,
            before: None,
            ..search.clone()
        };
        let count = filters.network.len()
            + filters.language.len()
            + filters.kind.len()
            + filters.topic.len();
        Self {
            q: search.q.clone(),
            q2: params.q2.clone().unwrap_or_default(),
            after: day(search.after),
            before: day(search.before),
            after2: day(params.after2),
            before2: day(params.before2),
            keep: kept(&filters, true),
            filters: (count > 0).then(|| msg!("compare-filters", count = count)),
        }
    }

    /// What was sent, however it reads.
    fn raw(query: &str) -> Self {
        let mut sent: BTreeMap<String, String> = BTreeMap::new();
        for (name, value) in url::form_urlencoded::parse(query.as_bytes()) {
            sent.entry(name.into_owned())
                .or_insert_with(|| value.chars().take(600).collect());
        }
        let mut take = |name: &str| sent.remove(name).unwrap_or_default();
        Self {
            q: take("q"),
            q2: take("q2"),
            after: take("after"),
            before: take("before"),
            after2: take("after2"),
            before2: take("before2"),
            ..Self::default()
        }
    }
}

fn lead(a: &Side, b: &Side) -> Msg {
    match (a.total, b.total) {
        (0, 0) => msg!("compare-nothing"),
        _ => msg!(
            "compare-lead",
            a = say::conversations(a.total),
            b = say::conversations(b.total),
        ),
    }
}

fn side(letter: &'static str, side: &Side, params: &SearchParams) -> SideOf {
    let word = |word: &SignificantTerm| Word {
        word: Text::unknown(&word.word),
        count: say::about(word.count),
    };
    SideOf {
        letter,
        q: (!side.q.is_empty()).then(|| Text::unknown(&side.q)),
        when: say::when(side.after, side.before),
        total: say::conversations(side.total),
        href: links::search(&params.to_query()),
        widened: side.total > 0 && side.matched.mode != MatchMode::All,
        empty: side.total == 0,
        distinctive: side.distinctive.iter().take(ROWS).map(word).collect(),
        words: side.words.iter().take(ROWS).map(word).collect(),
        of: (side.of < side.total).then(|| msg!("compare-best", count = side.of)),
    }
}

fn tables(a: &Side, b: &Side) -> Vec<Table> {
    let none = msg!("none-count");
    // A topic that is too small to be shown is not told from none.
    let small = msg!("compare-none-or-few");
    [
        Table::new(
            ("t-network", msg!("networks-title"), msg!("column-network")),
            [&a.facets.network, &b.facets.network],
            &none,
            &|row| (Text::unknown(&row.label), Some(links::network(&row.value))),
        ),
        Table::new(
            (
                "t-language",
                msg!("languages-title"),
                msg!("facet-language"),
            ),
            [&a.facets.language, &b.facets.language],
            &none,
            &|row| match row.value.parse::<Language>() {
                Ok(language) => (Text::new(language.endonym(), Some(language)), None),
                Err(_) => (Text::unknown(&row.label), None),
            },
        ),
        Table::new(
            ("t-topic", msg!("topics-plain"), msg!("column-topic")),
            [&a.facets.topic, &b.facets.topic],
            &small,
            &|row| {
                let label = Text::unknown(words::sentence(&row.label));
                (label, Some(links::topic(&row.value)))
            },
        ),
    ]
    .into_iter()
    .filter(|table| !table.rows.is_empty())
    .collect()
}

impl Table {
    fn new(
        (id, title, column): (&'static str, Msg, Msg),
        sides: [&[FacetRow]; 2],
        absent: &Msg,
        label: &dyn Fn(&FacetRow) -> (Text, Option<String>),
    ) -> Self {
        let mut union: BTreeMap<&str, (&FacetRow, [Option<&FacetRow>; 2])> = BTreeMap::new();
        for (n, rows) in sides.into_iter().enumerate() {
            for row in rows {
                union.entry(&row.value).or_insert((row, [None, None])).1[n] = Some(row);
            }
        }
        let mut union: Vec<_> = union.into_values().collect();
        let size = |rows: &[Option<&FacetRow>; 2]| -> u64 {
            rows.iter().flatten().map(|row| row.count).sum()
        };
        // Largest first; of equals, present on both sides before on one.
        union.sort_by_key(|(row, rows)| {
            let present = rows.iter().flatten().count();
            (
                std::cmp::Reverse((size(rows), present)),
                row.label.to_lowercase(),
                row.value.as_str(),
            )
        });
        let left = union.len().saturating_sub(ROWS) as u64;
        Self {
            id,
            title,
            column,
            rows: union
                .into_iter()
                .take(ROWS)
                .map(|(row, rows)| {
                    let (label, href) = label(row);
                    Row {
                        label,
                        href,
                        counts: rows.map(|row| match row {
                            None => absent.clone(),
                            Some(row) => words::exact(row.count).into(),
                        }),
                    }
                })
                .collect(),
            more: (left > 0).then(|| msg!("compare-more", count = left)),
        }
    }
}

pub(super) async fn find(
    state: &State,
    query: &str,
) -> Result<(View, CompareParams, Option<Comparison>), Problem> {
    let params = CompareParams::liberal(query)?;
    let view = state.view().await?;
    let found = if params.is_pair() {
        Some(read::significant_terms::compare(&view, &params).await?)
    } else {
        None
    };
    Ok((view, params, found))
}

/// How the picture of a comparison is named elsewhere.
pub(super) fn cited(instance: &str, params: &CompareParams, today: Date) -> String {
    let (a, b) = params.sides();
    let what = format!("“{}” beside “{}”, conversations over time", a.q, b.q);
    cite(instance, &what, today)
}

pub(super) async fn page(
    FromState(state): FromState<State>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let query = query.unwrap_or_default();
    let instance = &state.config().instance_name;
    match find(&state, &query).await {
        Ok((view, params, found)) => {
            let name = |slug: &str| {
                view.network_by_slug(slug)
                    .map(|network| network.name.clone())
            };
            let page = found
                .and_then(|found| Page::new(instance, &params, &found, &name, view.today))
                .unwrap_or_else(|| Page::asking(instance, &params, view.today));
            respond(&headers, &view, &href(&params), &page)
        }
        Err(problem) if of_the_query(problem.code) => {
            let page = Page::refused(instance, &query, &problem);
            let mut response = (problem.status, render(&page)?).into_response();
            let headers = response.headers_mut();
            headers.insert(CONTENT_TYPE, axum::http::HeaderValue::from_static(HTML));
            headers.insert(axum::http::header::CACHE_CONTROL, NO_CACHE);
            Ok(response)
        }
        Err(problem) => Err(problem),
    }
}

#[cfg(test)]
mod unit {
    use super::*;

    fn days(text: &str) -> Date {
        text.parse().expect("a day")
    }

    #[test]
    fn the_period_before_is_as_long_and_ends_where_the_period_begins() {
        let today = days("2026-11-22");
        let compared = |query: &str| -> Option<CompareParams> {
            let search = SearchParams::parse(query).expect("parameters");
            let link = with_the_period_before(&search, today)?;
            let (_, query) = link.href.split_once('?')?;
            Some(CompareParams::parse(query).expect("it reads as it was written"))
        };
        let params = compared("q=blood&network=a&after=2026-11-08&before=2026-11-15").expect("one");
        assert_eq!(params.after2, Some(days("2026-11-01")));
        assert_eq!(params.before2, params.search.after);
        assert_eq!(params.search.network, ["a"]);
        let lately = compared("q=blood&sort=newest&limit=5").expect("one");
        assert_eq!(lately.search.before, Some(days("2026-11-23")));
        assert_eq!(lately.search.after, Some(days("2026-10-24")));
        assert_eq!(lately.after2, Some(days("2026-09-24")));
        assert_eq!(compared("before=2026-11-15"), None);
    }

    #[test]
    fn sides_exchanged_twice_are_the_same_two_searches() {
        for query in [
            "q=a&q2=b",
            "q=a&after=2026-11-08&after2=2026-11-01&before2=2026-11-08",
            "q=a&q2=b&after=2026-11-08&language=cy",
        ] {
            let params = CompareParams::parse(query).expect("parameters");
            let (a, b) = params.sides();
            assert_eq!(swapped(&params).sides(), (b, a), "{query}");
        }
    }
}
