//! Networks by topics: who talks about what, who could and does not, what cannot be compared.

use askama::Template;
use axum::http::HeaderMap;
use axum::response::Response;
use jiff::civil::Date;

use super::reader::Reader;
use super::respond;
use super::view::{Frame, Link, Nav, Taken, cite, label};
use crate::i18n::{Msg, filters, msg};
use crate::problem::Problem;
use crate::read;
use crate::read::params::{PageQuery, TopicParams};
use crate::shapes::{Matrix, MatrixRow, Rank, TopicState};
use crate::state::View;
use crate::text::inline::{Day, Text};
use crate::text::{coordinated, links, say, words};

/// Topics on a page: as many columns as a printed page is wide.
const COLUMNS: usize = 10;

#[derive(Debug, Template)]
#[template(path = "matrix.html")]
pub(super) struct Page {
    frame: Frame,
    title: Msg,
    ranks: Vec<Link>,
    levels: Vec<Link>,
    columns: Vec<Column>,
    groups: Vec<Group>,
    first: Option<String>,
    next: Option<String>,
    data: String,
    taken: Taken,
    unsearched: bool,
    since: Day,
}

/// A topic.
#[derive(Debug)]
struct Column {
    href: String,
    label: Text,
    sign: Option<Msg>,
    /// How many of all networks speak, mention it, could, and cannot be compared.
    speak: String,
    mention: String,
    could: String,
    unknown: String,
}

/// Networks of one area.
#[derive(Debug)]
struct Group {
    /// None where no network says which areas it serves.
    name: Option<Msg>,
    rows: Vec<Row>,
}

/// A network.
#[derive(Debug)]
struct Row {
    href: String,
    name: Text,
    cells: Vec<Cell>,
}

#[derive(Debug)]
struct Cell {
    /// Conversations; empty where the network has none.
    count: String,
    mentions: bool,
    could: bool,
}

impl Page {
    pub(super) fn new(instance: &str, params: &TopicParams, matrix: &Matrix, today: Date) -> Self {
        let start = TopicParams {
            cursor: None,
            ..params.clone()
        };
        let href = |params: &TopicParams| links::with_query("/topics/matrix", &params.to_query());
        Self {
            frame: Frame::new(instance, msg!("matrix-heading"), Nav::Topics),
            title: say::rank_topics(params.rank),
            ranks: Rank::ALL
                .into_iter()
                .map(|rank| {
                    let to = TopicParams {
                        rank,
                        ..start.clone()
                    };
                    Link::new(href(&to), say::rank_title(rank)).current(rank == params.rank)
                })
                .collect(),
            levels: say::levels()
                .into_iter()
                .map(|(level, name)| {
                    let to = TopicParams {
                        level,
                        ..start.clone()
                    };
                    Link::new(href(&to), name).current(level == params.level)
                })
                .collect(),
            columns: matrix.items.iter().map(column).collect(),
            groups: groups(matrix),
            first: params.cursor.is_some().then(|| href(&start)),
            next: matrix
                .next
                .as_deref()
                .map(|cursor| href(&params.at(cursor))),
            data: links::with_query("/api/v1/topics/matrix", &params.to_query()),
            since: Day(matrix.since),
            unsearched: matrix.mentions_unknown,
            taken: Taken::new(
                "/topics/matrix",
                &start.to_query(),
                &["csv", "xlsx"],
                cite(instance, "networks by topics", today),
            ),
        }
    }
}

fn column(row: &MatrixRow) -> Column {
    let count = |state: TopicState| {
        let cells = row.cells.iter();
        words::exact(cells.filter(|cell| cell.state == state).count() as u64)
    };
    Column {
        href: links::topic(row.topic.id),
        label: label(&row.topic.label, &row.topic.labels),
        sign: coordinated::sign(row.topic.coordinated.as_ref()),
        speak: count(TopicState::Speaks),
        mention: count(TopicState::Mentions),
        could: count(TopicState::Could),
        unknown: count(TopicState::NotComparable),
    }
}

/// Networks by area, each once: those of one area under it, then those of several, then those that named none.
fn groups(matrix: &Matrix) -> Vec<Group> {
    let serving = |slug: &String| -> usize {
        let areas = matrix.areas.iter();
        areas.filter(|area| area.networks.contains(slug)).count()
    };
    let rows = |wanted: &dyn Fn(&String) -> bool| -> Vec<Row> {
        let networks = matrix.networks.iter().enumerate();
        let wanted = networks.filter(|(_, network)| wanted(&network.slug));
        wanted
            .map(|(n, network)| Row {
                href: links::network(&network.slug),
                name: Text::unknown(&network.name),
                cells: matrix.items.iter().map(|row| cell(row, n)).collect(),
            })
            .collect()
    };
    let mut groups: Vec<Group> = matrix
        .areas
        .iter()
        .map(|area| Group {
            name: Some(say::area(&area.area.kind, &area.area.name)),
            rows: rows(&|slug| serving(slug) == 1 && area.networks.contains(slug)),
        })
        .collect();
    groups.push(Group {
        name: Some(msg!("matrix-several")),
        rows: rows(&|slug| serving(slug) > 1),
    });
    let none = (!matrix.areas.is_empty()).then(|| msg!("matrix-no-area"));
    groups.push(Group {
        name: none,
        rows: rows(&|slug| serving(slug) == 0),
    });
    groups.retain(|group| !group.rows.is_empty());
    groups
}

fn cell(row: &MatrixRow, network: usize) -> Cell {
    let cell = row.cells.get(network);
    let spoken = cell.filter(|cell| cell.state == TopicState::Speaks);
    let is = |state| cell.is_some_and(|cell| cell.state == state);
    Cell {
        count: spoken.map_or_else(String::new, |cell| words::exact(cell.once())),
        mentions: is(TopicState::Mentions),
        could: is(TopicState::Could),
    }
}

pub(super) async fn page(
    view: View,
    PageQuery(params): PageQuery<TopicParams>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let params = TopicParams {
        limit: params.limit.min(COLUMNS),
        ..params
    };
    let mut matrix = read::matrix::matrix(&view, &params).await?;
    let rows = matrix.items.iter_mut();
    Reader::of(&headers).name(rows.map(|row| &mut row.topic));
    let page = Page::new(
        &view.state.config().instance_name,
        &params,
        &matrix,
        view.today,
    );
    respond(
        &headers,
        &view,
        &links::with_query("/topics/matrix", &params.to_query()),
        &page,
    )
}
