//! Two to five searches, or periods of one, side by side.

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
use crate::read::params::{CompareParams, MAX_SIDES, OtherSide, Query, SearchParams};
use crate::shapes::{Comparison, FacetRow, MatchMode, Side, SignificantTerm, Timeline};
use crate::state::{State, View};
use crate::text::inline::Text;
use crate::text::{coordinated, links, say, words};

/// Rows of each table; the data has all.
const ROWS: usize = 10;
/// What sides are called, in their order.
const LETTERS: [&str; MAX_SIDES] = ["A", "B", "C", "D", "E"];
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
    /// Those that are filled in, and one more where there is room.
    sides: Vec<Fields>,
    keep: Vec<(&'static str, String)>,
    /// In words, that the filters hold for all sides.
    filters: Option<Msg>,
}

/// The fields of one side.
#[derive(Debug)]
struct Fields {
    letter: &'static str,
    /// What its parameters end with: nothing for the first.
    number: &'static str,
    q: String,
    after: String,
    before: String,
}

const NUMBERS: [&str; MAX_SIDES] = ["", "2", "3", "4", "5"];

/// What is wrong, and at which field.
#[derive(Debug)]
struct Trouble {
    field: String,
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
    /// The same with its two sides exchanged.
    swap: Option<String>,
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
    /// The comparison without this side, where enough are left.
    without: Option<String>,
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
    letters: Vec<&'static str>,
    rows: Vec<Row>,
    more: Option<Msg>,
}

#[derive(Debug)]
struct Row {
    label: Text,
    href: Option<String>,
    counts: Vec<Msg>,
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
    let search = SearchParams {
        after: Some(after),
        before: Some(before),
        ..narrowed(search)
    };
    let second = OtherSide {
        q: None,
        after: Some(after.checked_sub(i64::from(days).days()).ok()?),
        before: Some(after),
    };
    let params = CompareParams::of_two(search, second);
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
                field: NUMBERS
                    .into_iter()
                    .flat_map(|number| ["q", "after", "before"].map(|of| format!("{of}{number}")))
                    .find(|known| *known == field)
                    .unwrap_or_else(|| "q".to_owned()),
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
    ) -> Self {
        let sides = &found.sides;
        let asked = params.sides();
        let interval_shown = sides.first().map(|side| side.timeline.interval);
        let too_small: u64 = sides.iter().map(|side| side.too_small).sum();
        Self {
            frame: Frame::new(instance, msg!("comparison-title"), Nav::Search),
            form: Form::new(params),
            trouble: None,
            offers: Vec::new(),
            found: Some(Found {
                lead: lead(sides),
                sides: LETTERS
                    .into_iter()
                    .zip(sides)
                    .zip(&asked)
                    .map(|((letter, found), asked)| SideOf {
                        without: (sides.len() > 2 && asked.number > 1)
                            .then(|| href(&without(params, asked.number))),
                        ..side(letter, found, &asked.search)
                    })
                    .collect(),
                taken: Taken::new(
                    "/compare",
                    &params.to_query(),
                    &["svg", "csv"],
                    cited(instance, params, today),
                ),
                chart: Compared::new("ct", &timelines(found), name),
                intervals: say::intervals()
                    .into_iter()
                    .map(|(interval, words)| {
                        let mut to = params.clone();
                        to.search.interval = interval;
                        Link::new(href(&to), words).current(Some(interval) == interval_shown)
                    })
                    .collect(),
                tables: tables(sides),
                too_small: (too_small > 0).then(|| {
                    let each = LETTERS.into_iter().zip(sides).map(|(letter, side)| {
                        let topics = say::topics(side.too_small);
                        msg!("compare-small-of", topics = topics, letter = letter)
                    });
                    msg!(
                        "compare-too-small",
                        sides = say::list(each.collect::<Vec<_>>())
                    )
                }),
                data: links::with_query("/api/v1/compare", &params.to_query()),
                swap: swapped(params).map(|swapped| href(&swapped)),
            }),
        }
    }
}

/// The sides' timelines with their letters.
pub(super) fn timelines(found: &Comparison) -> Vec<(&'static str, &Timeline)> {
    let sides = found.sides.iter().map(|side| &side.timeline);
    LETTERS.into_iter().zip(sides).collect()
}

/// The same with its sides exchanged; nothing where there are more than two.
fn swapped(params: &CompareParams) -> Option<CompareParams> {
    let sides = params.sides();
    let [first, second] = sides.as_slice() else {
        return None;
    };
    let (first, second) = (&first.search, &second.search);
    let other = first.after != second.after || first.before != second.before;
    let now_second = OtherSide {
        q: (first.q != second.q).then(|| first.q.clone()),
        after: first.after.filter(|_| other),
        before: first.before.filter(|_| other),
    };
    Some(CompareParams::of_two(second.clone(), now_second))
}

/// The same without a further side.
fn without(params: &CompareParams, number: usize) -> CompareParams {
    let mut less = params.clone();
    if let Some(side) = number.checked_sub(2).and_then(|at| less.others.get_mut(at)) {
        *side = OtherSide::default();
    }
    less
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
        let others = params.others.iter().map(|side| {
            let q = side.q.clone().unwrap_or_default();
            (q, day(side.after), day(side.before))
        });
        let first = (search.q.clone(), day(search.after), day(search.before));
        Self {
            // What is filled in moves up, so that no gap is between sides.
            sides: fields(std::iter::once(first).chain(others.filter(is_filled))),
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
        let mut take = |name: &str, number: &str| {
            let name = format!("{name}{number}");
            sent.remove(&name).unwrap_or_default()
        };
        let sides = NUMBERS.map(|number| {
            (
                take("q", number),
                take("after", number),
                take("before", number),
            )
        });
        Self {
            // As it was sent: what is wrong is said of a field by its name.
            sides: fields(sides.into_iter()),
            ..Self::default()
        }
    }
}

/// Query, first day and day after the last one, as they stand in fields.
type Filled = (String, String, String);

fn is_filled(side: &Filled) -> bool {
    *side != Filled::default()
}

/// The sides up to the last one that is filled in, at least two, and an empty one after them.
fn fields(all: impl Iterator<Item = Filled>) -> Vec<Fields> {
    let mut all: Vec<Filled> = all.collect();
    let last = all.iter().rposition(is_filled).unwrap_or(0);
    all.resize((last + 2).clamp(2, MAX_SIDES), Filled::default());
    let named = LETTERS.into_iter().zip(NUMBERS).zip(all);
    named
        .map(|((letter, number), (q, after, before))| Fields {
            letter,
            number,
            q,
            after,
            before,
        })
        .collect()
}

fn lead(sides: &[Side]) -> Msg {
    if sides.iter().all(|side| side.total == 0) {
        return msg!("compare-nothing");
    }
    let each = LETTERS.into_iter().zip(sides).map(|(letter, side)| {
        let conversations = say::conversations(side.once());
        msg!("compare-in", conversations = conversations, letter = letter)
    });
    msg!("compare-lead", sides = say::list(each.collect::<Vec<_>>()))
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
        total: say::conversations(side.once()),
        href: links::search(&params.to_query()),
        widened: side.total > 0 && side.matched.mode != MatchMode::All,
        empty: side.total == 0,
        distinctive: side.distinctive.iter().take(ROWS).map(word).collect(),
        words: side.words.iter().take(ROWS).map(word).collect(),
        of: (side.of < side.total).then(|| msg!("compare-best", count = side.of)),
        without: None,
    }
}

fn tables(sides: &[Side]) -> Vec<Table> {
    let of = |rows: fn(&Side) -> &Vec<FacetRow>| -> Vec<&[FacetRow]> {
        sides.iter().map(|side| rows(side).as_slice()).collect()
    };
    let none = msg!("none-count");
    // A topic that is too small to be shown is not told from none.
    let small = msg!("compare-none-or-few");
    [
        Table::new(
            ("t-network", msg!("networks-title"), msg!("column-network")),
            &of(|side| &side.facets.network),
            &none,
            &|row| (Text::unknown(&row.label), Some(links::network(&row.value))),
        ),
        Table::new(
            (
                "t-language",
                msg!("languages-title"),
                msg!("facet-language"),
            ),
            &of(|side| &side.facets.language),
            &none,
            &|row| match row.value.parse::<Language>() {
                Ok(language) => (Text::new(language.endonym(), Some(language)), None),
                Err(_) => (Text::unknown(&row.label), None),
            },
        ),
        Table::new(
            ("t-topic", msg!("topics-plain"), msg!("column-topic")),
            &of(|side| &side.facets.topic),
            &small,
            &|row| {
                let sign = coordinated::sign(row.coordinated.as_ref());
                let sign = sign.map_or_else(String::new, |sign| format!(" ({sign})"));
                let label = Text::unknown(format!("{}{sign}", words::sentence(&row.label)));
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
        sides: &[&[FacetRow]],
        absent: &Msg,
        label: &dyn Fn(&FacetRow) -> (Text, Option<String>),
    ) -> Self {
        let mut union: BTreeMap<&str, (&FacetRow, Vec<Option<&FacetRow>>)> = BTreeMap::new();
        for (n, rows) in sides.iter().enumerate() {
            for row in *rows {
                let known = union.entry(&row.value);
                known.or_insert_with(|| (row, vec![None; sides.len()])).1[n] = Some(row);
            }
        }
        let mut union: Vec<_> = union.into_values().collect();
        let size = |rows: &[Option<&FacetRow>]| -> u64 {
            rows.iter().flatten().map(|row| row.once()).sum()
        };
        // Largest first; of equals, present on more sides before on fewer.
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
            letters: LETTERS.into_iter().take(sides.len()).collect(),
            rows: union
                .into_iter()
                .take(ROWS)
                .map(|(row, rows)| {
                    let (label, href) = label(row);
                    Row {
                        label,
                        href,
                        counts: rows
                            .into_iter()
                            .map(|row| match row {
                                None => absent.clone(),
                                Some(row) => words::exact(row.once()).into(),
                            })
                            .collect(),
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
    let found = if params.is_comparison() {
        Some(read::significant_terms::compare(&view, &params).await?)
    } else {
        None
    };
    Ok((view, params, found))
}

/// How the picture of a comparison is named elsewhere.
pub(super) fn cited(instance: &str, params: &CompareParams, today: Date) -> String {
    let sides = params.sides().into_iter();
    let sides: Vec<String> = sides.map(|side| format!("“{}”", side.search.q)).collect();
    let what = format!("{}, conversations over time", sides.join(" beside "));
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
            let page = match found {
                Some(found) => Page::new(instance, &params, &found, &name, view.today),
                None => Page::asking(instance, &params, view.today),
            };
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
        assert_eq!(params.others[0].after, Some(days("2026-11-01")));
        assert_eq!(params.others[0].before, params.search.after);
        assert_eq!(params.search.network, ["a"]);
        let lately = compared("q=blood&sort=newest&limit=5").expect("one");
        assert_eq!(lately.search.before, Some(days("2026-11-23")));
        assert_eq!(lately.search.after, Some(days("2026-10-24")));
        assert_eq!(lately.others[0].after, Some(days("2026-09-24")));
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
            let searches = |params: &CompareParams| -> Vec<SearchParams> {
                let sides = params.sides().into_iter();
                sides.map(|side| side.search).collect()
            };
            let mut expected = searches(&params);
            expected.reverse();
            let swapped = swapped(&params).expect("two sides");
            assert_eq!(searches(&swapped), expected, "{query}");
        }
        let many = CompareParams::parse("q=a&q2=b&q3=c").expect("parameters");
        assert_eq!(swapped(&many), None);
    }

    #[test]
    fn the_form_closes_gaps_and_offers_one_more_side_up_to_five() {
        let letters = |query: &str| -> Vec<String> {
            let form = Form::new(&CompareParams::parse(query).expect("parameters"));
            let sides = form.sides.iter();
            sides
                .map(|side| format!("{}{}={}", side.letter, side.number, side.q))
                .collect()
        };
        assert_eq!(letters(""), ["A=", "B2="]);
        assert_eq!(letters("q=a&q4=d"), ["A=a", "B2=d", "C3="]);
        assert_eq!(
            letters("q=a&q2=b&q3=c&q4=d&q5=e"),
            ["A=a", "B2=b", "C3=c", "D4=d", "E5=e"]
        );
        let params = CompareParams::parse("q=a&q2=b&q3=c").expect("parameters");
        assert_eq!(without(&params, 2).to_query(), "q=a&q3=c");
    }
}
