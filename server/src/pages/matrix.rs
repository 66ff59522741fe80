//! Networks by topics: who talks about what, who could and does not, what cannot be compared.

use askama::Template;
use axum::http::HeaderMap;
use axum::response::Response;
use jiff::civil::Date;

use super::reader::Reader;
use super::respond;
use super::view::{Frame, Link, Nav, Taken, cite, label};
use crate::problem::Problem;
use crate::read;
use crate::read::params::{PageQuery, TopicParams};
use crate::shapes::{Matrix, MatrixRow, Rank, TopicState};
use crate::state::View;
use crate::text::inline::{Day, Text};
use crate::text::{links, words};

/// Columns that a page holds; the data has all.
const COLUMNS: usize = 40;

#[derive(Debug, Template)]
#[template(path = "matrix.html")]
pub(super) struct Page {
    frame: Frame,
    title: &'static str,
    ranks: Vec<Link>,
    levels: Vec<Link>,
    columns: Vec<Link>,
    /// Networks left out of the table.
    more: String,
    rows: Vec<Row>,
    first: Option<String>,
    next: Option<String>,
    data: String,
    taken: Taken,
    since: Day,
}

#[derive(Debug)]
struct Row {
    href: String,
    label: Text,
    cells: Vec<Cell>,
    /// How many of all networks speak, could, and cannot be compared.
    states: [String; 3],
}

#[derive(Debug)]
struct Cell {
    /// Conversations; empty where the network has none.
    count: String,
    could: bool,
}

impl Page {
    pub(super) fn new(instance: &str, params: &TopicParams, matrix: &Matrix, today: Date) -> Self {
        let start = TopicParams {
            cursor: None,
            ..params.clone()
        };
        let href = |params: &TopicParams| links::with_query("/topics/matrix", &params.to_query());
        let shown = matrix.networks.len().min(COLUMNS);
        let left = (matrix.networks.len() - shown) as u64;
        Self {
            frame: Frame::new(instance, "Who speaks of what", Nav::Topics),
            title: words::rank_title(params.rank),
            ranks: Rank::ALL
                .into_iter()
                .map(|rank| {
                    let to = TopicParams {
                        rank,
                        ..start.clone()
                    };
                    Link::new(href(&to), words::rank_title(rank)).current(rank == params.rank)
                })
                .collect(),
            levels: [(0, "Wide topics"), (1, "Topics"), (2, "Fine topics")]
                .into_iter()
                .map(|(level, name)| {
                    let to = TopicParams {
                        level,
                        ..start.clone()
                    };
                    Link::new(href(&to), name).current(level == params.level)
                })
                .collect(),
            columns: matrix.networks[..shown]
                .iter()
                .map(|network| Link::new(links::network(&network.slug), &network.name))
                .collect(),
            more: match left {
                0 => String::new(),
                left => format!(
                    "{} that take part in fewer of these topics are left out of the table; the data has them.",
                    words::sentence(&words::networks(left))
                ),
            },
            rows: matrix
                .items
                .iter()
                .map(|row| self::row(row, shown))
                .collect(),
            first: params.cursor.is_some().then(|| href(&start)),
            next: matrix
                .next
                .as_deref()
                .map(|cursor| href(&params.at(cursor))),
            data: links::with_query("/api/v1/topics/matrix", &params.to_query()),
            since: Day(matrix.since),
            taken: Taken::new(
                "/topics/matrix",
                &start.to_query(),
                &["csv", "xlsx"],
                cite(instance, "networks by topics", today),
            ),
        }
    }
}

fn row(row: &MatrixRow, shown: usize) -> Row {
    let count = |state: TopicState| {
        let cells = row.cells.iter();
        words::exact(cells.filter(|cell| cell.state == state).count() as u64)
    };
    Row {
        href: links::topic(row.topic.id),
        label: label(&row.topic.label, &row.topic.labels),
        cells: row.cells[..shown.min(row.cells.len())]
            .iter()
            .map(|cell| Cell {
                count: match cell.state {
                    TopicState::Speaks => words::exact(cell.count),
                    TopicState::Could | TopicState::NotComparable => String::new(),
                },
                could: cell.state == TopicState::Could,
            })
            .collect(),
        states: [
            count(TopicState::Speaks),
            count(TopicState::Could),
            count(TopicState::NotComparable),
        ],
    }
}

pub(super) async fn page(
    view: View,
    PageQuery(params): PageQuery<TopicParams>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
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
