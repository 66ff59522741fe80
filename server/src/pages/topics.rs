//! All topics of one list, page by page.

use askama::Template;
use axum::http::HeaderMap;
use axum::response::Response;

use super::home::too_small;
use super::reader::Reader;
use super::respond;
use super::view::{Frame, Link, Nav, TopicRow};
use crate::problem::Problem;
use crate::read;
use crate::read::params::{PageQuery, TopicParams};
use crate::shapes::{AreaRef, Rank, TopicPage};
use crate::state::View;
use crate::text::{links, words};

#[derive(Debug, Template)]
#[template(path = "topics.html")]
pub(super) struct Page {
    frame: Frame,
    title: &'static str,
    why: &'static str,
    ranks: Vec<Link>,
    levels: Vec<Link>,
    /// All areas, and each that a network serves; empty where none does.
    areas: Vec<Link>,
    /// What the list is narrowed to, in words; empty where it is not.
    filters: String,
    unfiltered: String,
    total: String,
    rows: Vec<TopicRow>,
    first: Option<String>,
    next: Option<String>,
    too_small: String,
}

/// The list with these parameters, from its first page.
fn href(params: &TopicParams) -> String {
    links::with_query("/topics", &params.to_query())
}

impl Page {
    pub(super) fn new(
        instance: &str,
        params: &TopicParams,
        page: &TopicPage,
        areas: &[AreaRef],
    ) -> Self {
        let narrowed = areas
            .iter()
            .find(|area| params.area.as_ref() == Some(&area.slug));
        let narrowed = narrowed.map(|area| words::area(&area.kind, &area.name));
        let start = TopicParams {
            cursor: None,
            ..params.clone()
        };
        let title = words::rank_title(params.rank);
        Self {
            frame: Frame::new(instance, format!("{title} topics"), Nav::Topics),
            title,
            why: words::rank_why(params.rank),
            ranks: [Rank::Emerging, Rank::Enduring, Rank::Quiet]
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
            areas: by_area(&start, areas),
            filters: filters(params, narrowed.as_deref()),
            unfiltered: href(&TopicParams {
                rank: params.rank,
                level: params.level,
                ..TopicParams::default()
            }),
            total: match page.total {
                0 => "No topics".to_owned(),
                total => words::of(total, "topic", "topics"),
            },
            rows: page
                .items
                .iter()
                .map(|topic| TopicRow::new(topic, params.rank))
                .collect(),
            first: params.cursor.is_some().then(|| href(&start)),
            next: page.next.as_deref().map(|cursor| href(&params.at(cursor))),
            too_small: too_small(page.too_small),
        }
    }
}

/// Ways to narrow the list to an area, where networks serve any.
fn by_area(start: &TopicParams, areas: &[AreaRef]) -> Vec<Link> {
    if areas.is_empty() {
        return Vec::new();
    }
    let link = |area: Option<&AreaRef>, words: String| {
        let area = area.map(|area| area.slug.clone());
        let current = area == start.area;
        let to = TopicParams {
            area,
            ..start.clone()
        };
        Link::new(href(&to), words).current(current)
    };
    let each = areas
        .iter()
        .map(|area| link(Some(area), words::area(&area.kind, &area.name)));
    std::iter::once(link(None, "All areas".to_owned()))
        .chain(each)
        .collect()
}

fn filters(params: &TopicParams, area: Option<&str>) -> String {
    let mut said = Vec::new();
    if let Some(language) = params.language {
        said.push(format!("topics in {}", language.endonym()));
    }
    if let Some(network) = &params.network {
        said.push(format!("topics in which {network} takes part"));
    }
    if let Some(area) = area {
        said.push(format!("topics in which a network of {area} takes part"));
    }
    if let Some(after) = params.after {
        said.push(format!("topics active since {}", words::day(after)));
    }
    words::list(&said)
}

pub(super) async fn page(
    view: View,
    PageQuery(params): PageQuery<TopicParams>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let mut page = read::topics::list(&view, &params).await?;
    Reader::of(&headers).name(&mut page.items);
    respond(
        &headers,
        &view,
        &links::with_query("/topics", &params.to_query()),
        &Page::new(
            &view.state.config().instance_name,
            &params,
            &page,
            &read::areas::list(&view),
        ),
    )
}
