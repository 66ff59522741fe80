//! All topics of one list, page by page.

use askama::Template;
use axum::http::HeaderMap;
use axum::response::Response;

use super::reader::Reader;
use super::respond;
use super::view::{Frame, Link, Nav, TopicRow};
use crate::i18n::{Arg, Msg, filters, msg};
use crate::problem::Problem;
use crate::read;
use crate::read::params::{PageQuery, TopicParams};
use crate::shapes::{AreaRef, Rank, TopicPage};
use crate::state::View;
use crate::text::{links, say};

#[derive(Debug, Template)]
#[template(path = "topics.html")]
pub(super) struct Page {
    frame: Frame,
    title: Msg,
    why: Msg,
    ranks: Vec<Link>,
    levels: Vec<Link>,
    /// All areas, and each that a network serves; empty where none does.
    areas: Vec<Link>,
    /// What the list is narrowed to, in words; empty where it is not.
    filters: Option<Msg>,
    unfiltered: String,
    total: Msg,
    rows: Vec<TopicRow>,
    first: Option<String>,
    next: Option<String>,
    too_small: Msg,
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
        let narrowed = narrowed.map(|area| say::area(&area.kind, &area.name));
        let start = TopicParams {
            cursor: None,
            ..params.clone()
        };
        let title = say::rank_topics(params.rank);
        Self {
            frame: Frame::new(instance, title.clone(), Nav::Topics),
            title,
            why: say::rank_why(params.rank),
            ranks: [Rank::Emerging, Rank::Enduring, Rank::Quiet]
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
            areas: by_area(&start, areas),
            filters: filters(params, narrowed.as_ref()),
            unfiltered: href(&TopicParams {
                rank: params.rank,
                level: params.level,
                ..TopicParams::default()
            }),
            total: match page.total {
                0 => msg!("topics-none"),
                total => say::topics(total),
            },
            rows: page
                .items
                .iter()
                .map(|topic| TopicRow::new(topic, params.rank))
                .collect(),
            first: params.cursor.is_some().then(|| href(&start)),
            next: page.next.as_deref().map(|cursor| href(&params.at(cursor))),
            too_small: say::too_small(page.too_small),
        }
    }
}

/// Ways to narrow the list to an area, where networks serve any.
fn by_area(start: &TopicParams, areas: &[AreaRef]) -> Vec<Link> {
    if areas.is_empty() {
        return Vec::new();
    }
    let link = |area: Option<&AreaRef>, words: Msg| {
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
        .map(|area| link(Some(area), say::area(&area.kind, &area.name)));
    std::iter::once(link(None, msg!("areas-all")))
        .chain(each)
        .collect()
}

fn filters(params: &TopicParams, area: Option<&Msg>) -> Option<Msg> {
    let mut said = Vec::new();
    if let Some(language) = params.language {
        let name = Arg::Foreign(language.endonym().to_owned(), Some(language));
        said.push(msg!("topics-in-language", language = name));
    }
    if let Some(network) = &params.network {
        said.push(msg!("topics-with-network", network = network));
    }
    if let Some(area) = area {
        said.push(msg!("topics-in-area", area = area));
    }
    if let Some(after) = params.after {
        said.push(msg!("topics-active-since", day = after));
    }
    (!said.is_empty()).then(|| say::list(said))
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
