//! What changed among topics since a day.

use askama::Template;
use axum::http::HeaderMap;
use axum::response::Response;
use jiff::ToSpan;
use jiff::civil::Date;

use super::reader::Reader;
use super::respond;
use super::view::{Frame, Link, Nav, TopicLink};
use crate::i18n::{Msg, filters, msg};
use crate::problem::Problem;
use crate::read;
use crate::read::params::{ChangesParams, PageQuery};
use crate::shapes::TopicChanges;
use crate::state::View;
use crate::text::inline::Day;
use crate::text::{links, say};

#[derive(Debug, Template)]
#[template(path = "changes.html")]
struct Page {
    frame: Frame,
    since: Day,
    periods: Vec<Link>,
    levels: Vec<Link>,
    total: Msg,
    /// Topics drawn first in this time that are not new.
    already_old: Option<Msg>,
    rows: Vec<Row>,
    first: Option<String>,
    next: Option<String>,
    data: String,
}

#[derive(Debug)]
struct Row {
    at: Day,
    topic: TopicLink,
    words: Msg,
    with: Vec<TopicLink>,
}

const PATH: &str = "/topics/changes";

impl Page {
    fn new(instance: &str, params: &ChangesParams, changes: &TopicChanges, today: Date) -> Self {
        let start = ChangesParams {
            cursor: None,
            ..params.clone()
        };
        let href = |params: &ChangesParams| links::with_query(PATH, &params.to_query());
        Self {
            frame: Frame::new(instance, msg!("changes-title"), Nav::Topics),
            since: Day(changes.since),
            periods: [
                (1, msg!("changes-since-yesterday")),
                (7, msg!("changes-week")),
                (31, msg!("changes-month")),
            ]
            .into_iter()
            .map(|(days, name)| {
                let since = today.saturating_sub(i64::from(days).days());
                let to = ChangesParams {
                    since: Some(since),
                    ..start.clone()
                };
                Link::new(href(&to), name).current(since == changes.since)
            })
            .collect(),
            levels: say::levels()
                .into_iter()
                .map(|(level, name)| {
                    let to = ChangesParams {
                        level,
                        ..start.clone()
                    };
                    Link::new(href(&to), name).current(level == params.level)
                })
                .collect(),
            total: match changes.total {
                0 => msg!("changes-no"),
                total => msg!("changes-count", count = total),
            },
            already_old: (changes.already_old > 0)
                .then(|| msg!("changes-already-old", count = changes.already_old)),
            rows: changes
                .items
                .iter()
                .map(|change| Row {
                    at: Day(change.at),
                    topic: TopicLink::new(&change.topic),
                    words: event(&change.event),
                    with: change.with.iter().map(TopicLink::new).collect(),
                })
                .collect(),
            first: params.cursor.is_some().then(|| href(&start)),
            next: changes
                .next
                .as_deref()
                .map(|cursor| href(&params.at(cursor))),
            data: links::with_query("/api/v1/topics/changes", &params.to_query()),
        }
    }
}

fn event(event: &str) -> Msg {
    match event {
        "born" => msg!("change-born"),
        "grown" => msg!("change-grown"),
        "merged" => msg!("change-merged"),
        "split" => msg!("change-split"),
        "faded" => msg!("change-faded"),
        "renamed" => msg!("change-renamed"),
        _ => msg!("change-other"),
    }
}

pub(super) async fn page(
    view: View,
    PageQuery(params): PageQuery<ChangesParams>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let mut changes = read::changes::changes(&view, &params)?;
    let reader = Reader::of(&headers);
    for change in &mut changes.items {
        reader.name([&mut change.topic]);
        reader.name(&mut change.with);
    }
    let page = Page::new(
        &view.state.config().instance_name,
        &params,
        &changes,
        view.today,
    );
    respond(
        &headers,
        &view,
        &links::with_query("/topics/changes", &params.to_query()),
        &page,
    )
}
