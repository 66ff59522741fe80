//! Every picture and table as a file: SVG with what to cite it as, CSV, and a workbook where a table is.
//!
//! Contract: what stands in a file is what its page shows, made by the same function of `read`.

use std::fmt::Display;

use askama::Template;
use axum::Router;
use axum::extract::{Path, RawQuery, State as FromState};
use axum::http::header::CONTENT_DISPOSITION;
use axum::http::{HeaderMap, HeaderValue};
use axum::response::Response;
use axum::routing::get;

use super::{compare, map as map_page, search as search_page, topic as topic_page};
use crate::etag;
use crate::export::sheet::Sheet;
use crate::export::table::Cell;
use crate::i18n::msg;
use crate::picture::compared::Compared;
use crate::picture::file;
use crate::picture::map::Picture;
use crate::picture::timeline::{Chart, Drawing};
use crate::problem::{Code, Problem};
use crate::read;
use crate::read::params::{MAX_LIMIT, MapParams, PageQuery, TopicParams};
use crate::shapes::{Coordinated, GapReason, Timeline, TopicState};
use crate::state::{State, View};
use crate::text::{coordinated, links};

const SVG: &str = "image/svg+xml; charset=utf-8";
pub(super) const CSV: &str = "text/csv; charset=utf-8; header=present";
pub(super) const XLSX: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

pub(super) fn routes() -> Router<State> {
    Router::new()
        .route("/topics/{id}/timeline.svg", get(topic_svg))
        .route("/topics/{id}/timeline.csv", get(topic_csv))
        .route("/search/timeline.svg", get(search_svg))
        .route("/search/timeline.csv", get(search_csv))
        .route("/compare.svg", get(compare_svg))
        .route("/compare.csv", get(compare_csv))
        .route("/map.svg", get(map_svg))
        .route("/map.csv", get(map_csv))
        .route("/topics/matrix.csv", get(matrix_csv))
        .route("/topics/matrix.xlsx", get(matrix_xlsx))
}

fn base(view: &View) -> &str {
    view.state.config().base_url.as_str().trim_end_matches('/')
}

pub(super) fn names(view: &View) -> impl Fn(&str) -> Option<String> + '_ {
    move |slug: &str| {
        let network = view.network_by_slug(slug)?;
        Some(network.name.clone())
    }
}

/// A file under a name of its own; `name` is of a-z, digits, `.` and `-`.
pub(super) fn saved(
    headers: &HeaderMap,
    view: &View,
    media: &'static str,
    name: impl Display,
    body: impl Into<axum::body::Bytes>,
) -> Result<Response, Problem> {
    let mut response = etag::respond(headers, view, media, body);
    let kind = if media == SVG { "inline" } else { "attachment" };
    let disposition = format!("{kind}; filename=\"{name}\"");
    let disposition = HeaderValue::try_from(disposition);
    response.headers_mut().insert(
        CONTENT_DISPOSITION,
        disposition.map_err(|error| Problem::internal(&error))?,
    );
    Ok(response)
}

/// `drawing` as a file that says `cite`, and that it is at `at`.
fn drawn(
    view: &View,
    drawing: &impl Template,
    size: (f64, f64),
    cite: &str,
    at: &str,
) -> Result<String, Problem> {
    let base = base(view);
    file::file(drawing, size, &format!("{cite}, {base}{at}"), base)
        .map_err(|error| Problem::internal(&error))
}

const OVER_TIME: [&str; 4] = ["start", "part", "conversations", "missing"];

/// Rows of a timeline, oldest first: the first day of each stretch, `part`, how many, and what is missing of whom.
fn over_time(part: &str, timeline: &Timeline) -> Vec<Vec<Cell>> {
    let buckets = timeline.buckets.iter();
    buckets
        .map(|bucket| {
            let gaps = bucket.gaps.iter().map(|gap| {
                let reason = match gap.reason {
                    GapReason::Unreachable => "unreachable",
                    GapReason::Stale => "stale",
                    GapReason::Joined => "joined",
                };
                format!("{}: {reason}", gap.network)
            });
            vec![
                Cell::text(&bucket.start.to_string()),
                Cell::text(part),
                Cell::Number(bucket.once()),
                Cell::text(&gaps.collect::<Vec<_>>().join("; ")),
            ]
        })
        .collect()
}

fn columns(names: &[&str]) -> Vec<String> {
    names.iter().map(|name| (*name).to_owned()).collect()
}

async fn topic_svg(
    view: View,
    Path(id): Path<String>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let topic = read::topics::topic(&view, &id).await?;
    let chart = topic_page::chart(&topic, &names(&view));
    let cite = topic_page::cited(&view.state.config().instance_name, &topic, view.today);
    let at = links::topic(topic.id);
    let svg = drawn(&view, &chart.drawing(), Drawing::SIZE, &cite, &at)?;
    saved(
        &headers,
        &view,
        SVG,
        format_args!("topic-{}.svg", topic.id),
        svg,
    )
}

async fn topic_csv(
    view: View,
    Path(id): Path<String>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let topic = read::topics::topic(&view, &id).await?;
    let before = topic.before.as_ref();
    let mut rows = before.map_or_else(Vec::new, |before| over_time("before", &before.timeline));
    rows.extend(over_time("since", &topic.timeline));
    let sheet = Sheet {
        name: "Topic",
        columns: columns(&OVER_TIME),
        rows,
    };
    saved(
        &headers,
        &view,
        CSV,
        format_args!("topic-{}.csv", topic.id),
        sheet.csv()?,
    )
}

async fn search_svg(
    FromState(state): FromState<State>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let (view, params, found) = search_page::find(&state, &query.unwrap_or_default()).await?;
    let chart = Chart::new(
        "st",
        &msg!("chart-matching"),
        &found.timeline,
        &names(&view),
    );
    let cite = search_page::cited(&state.config().instance_name, &params, view.today);
    let at = links::search(&params.to_query());
    let svg = drawn(&view, &chart.drawing(), Drawing::SIZE, &cite, &at)?;
    saved(&headers, &view, SVG, "search.svg", svg)
}

async fn search_csv(
    FromState(state): FromState<State>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let (view, _, found) = search_page::find(&state, &query.unwrap_or_default()).await?;
    let sheet = Sheet {
        name: "Search",
        columns: columns(&OVER_TIME),
        rows: over_time("", &found.timeline),
    };
    saved(&headers, &view, CSV, "search.csv", sheet.csv()?)
}

async fn compare_svg(
    FromState(state): FromState<State>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let (view, params, found) = compare::find(&state, &query.unwrap_or_default()).await?;
    let found = found.ok_or_else(one_side)?;
    let chart = Compared::new("ct", &compare::timelines(&found), &names(&view));
    let cite = compare::cited(&state.config().instance_name, &params, view.today);
    let at = links::with_query("/compare", &params.to_query());
    let drawing = chart.drawing();
    let svg = drawn(&view, &drawing, drawing.size(), &cite, &at)?;
    saved(&headers, &view, SVG, "comparison.svg", svg)
}

async fn compare_csv(
    FromState(state): FromState<State>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let (view, _, found) = compare::find(&state, &query.unwrap_or_default()).await?;
    let found = found.ok_or_else(one_side)?;
    let sides = compare::timelines(&found).into_iter();
    let sheet = Sheet {
        name: "Comparison",
        columns: columns(&OVER_TIME),
        rows: sides
            .flat_map(|(letter, timeline)| over_time(letter, timeline))
            .collect(),
    };
    saved(&headers, &view, CSV, "comparison.csv", sheet.csv()?)
}

fn one_side() -> Problem {
    Problem::new(
        Code::BadParameter,
        "a comparison has two sides or more, and one is given",
    )
    .with_hint("give a second search (q2) or a second period (after2, before2)")
}

async fn map_svg(
    view: View,
    PageQuery(params): PageQuery<MapParams>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let map = read::map::map(&view, &params).await?;
    let picture = Picture::new(&map).still();
    let cite = map_page::cited(&view.state.config().instance_name, &map);
    let at = links::with_query("/map", &params.to_query());
    let svg = drawn(&view, &picture, picture.size(), &cite, &at)?;
    saved(
        &headers,
        &view,
        SVG,
        format_args!("map-{}.svg", map.level),
        svg,
    )
}

async fn map_csv(
    view: View,
    PageQuery(params): PageQuery<MapParams>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let map = read::map::map(&view, &params).await?;
    let rows = map.topics.iter().map(|topic| {
        vec![
            Cell::text(&topic.id.to_string()),
            Cell::text(&topic.label),
            topic
                .parent
                .map_or(Cell::Nothing, |parent| Cell::text(&parent.to_string())),
            topic.list.map_or(Cell::Nothing, |list| {
                Cell::text(crate::text::words::rank_code(list))
            }),
            Cell::Number(topic.size),
            Cell::Number(topic.networks),
            Cell::text(&topic.since.to_string()),
            topic.posts.map_or(Cell::Nothing, Cell::Number),
            topic.answers.as_ref().map_or(Cell::Nothing, |answers| {
                Cell::text(match answers.due {
                    Some(_) if answers.overdue => "overdue",
                    Some(_) => "due",
                    None => &answers.stage,
                })
            }),
            if map.lit.contains(&topic.id) {
                Cell::text("yes")
            } else {
                Cell::Nothing
            },
            signed(topic.coordinated.as_ref()),
        ]
    });
    let sheet = Sheet {
        name: "Map",
        columns: columns(&[
            "topic",
            "label",
            "within",
            "list",
            "conversations",
            "networks",
            "since",
            "week_posts",
            "answers",
            "asked_for",
            "sign",
        ]),
        rows: rows.collect(),
    };
    saved(
        &headers,
        &view,
        CSV,
        format_args!("map-{}.csv", map.level),
        sheet.csv()?,
    )
}

/// That part of a topic looks coordinated, and what was seen.
fn signed(seen: Option<&Coordinated>) -> Cell {
    coordinated::sentence(seen).map_or(Cell::Nothing, |sign| Cell::text(&sign))
}

/// The table of networks by topics: how many conversations, `mentions`, `could`, or nothing where nobody knows.
async fn matrix(view: &View, params: &TopicParams) -> Result<Sheet, Problem> {
    let params = TopicParams {
        limit: MAX_LIMIT,
        ..params.clone()
    };
    let matrix = read::matrix::matrix(view, &params).await?;
    let networks = matrix.networks.iter().map(|network| network.name.clone());
    let rows = matrix.items.iter().map(|row| {
        let cells = row.cells.iter().map(|cell| match cell.state {
            TopicState::Speaks => Cell::Number(cell.once()),
            TopicState::Mentions => Cell::text("mentions"),
            TopicState::Could => Cell::text("could"),
            TopicState::NotComparable => Cell::Nothing,
        });
        [
            Cell::text(&row.topic.id.to_string()),
            Cell::text(&row.topic.label),
            signed(row.topic.coordinated.as_ref()),
        ]
        .into_iter()
        .chain(cells)
        .collect::<Vec<Cell>>()
    });
    Ok(Sheet {
        name: "Networks by topics",
        columns: columns(&["topic", "label", "sign"])
            .into_iter()
            .chain(networks)
            .collect(),
        rows: rows.collect(),
    })
}

async fn matrix_csv(
    view: View,
    PageQuery(params): PageQuery<TopicParams>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let sheet = matrix(&view, &params).await?;
    saved(&headers, &view, CSV, "networks-by-topics.csv", sheet.csv()?)
}

async fn matrix_xlsx(
    view: View,
    PageQuery(params): PageQuery<TopicParams>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let sheet = matrix(&view, &params).await?;
    let file = view.state.compute(move || sheet.xlsx()).await??;
    saved(&headers, &view, XLSX, "networks-by-topics.xlsx", file)
}
