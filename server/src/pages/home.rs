//! The front page: what this is, search, the three lists, the networks, today's coverage.

use askama::Template;
use axum::http::HeaderMap;
use axum::response::Response;
use jiff::tz::TimeZone;

use super::networks::kinds;
use super::respond;
use super::view::{Frame, Nav, TopicRow};
use crate::problem::Problem;
use crate::read;
use crate::shapes::{Home, Network, Rank, TopicPage};
use crate::state::View;
use crate::text::inline::{Day, Moment, Text};
use crate::text::{links, words};

#[derive(Debug, Template)]
#[template(path = "home.html")]
pub(super) struct Page {
    frame: Frame,
    headline: String,
    opted_in: String,
    lists: Vec<List>,
    networks: Vec<Place>,
    all_networks: String,
    unreachable: Vec<Place>,
    unreachable_words: String,
    too_small: String,
    drawn: Day,
    now: Moment,
}

#[derive(Debug)]
struct List {
    code: &'static str,
    title: &'static str,
    why: &'static str,
    rows: Vec<TopicRow>,
    all: String,
}

#[derive(Debug)]
struct Place {
    href: String,
    name: Text,
    note: String,
    since: Option<Day>,
}

impl Page {
    pub(super) fn new(home: &Home, zone: &TimeZone) -> Self {
        let networks = home.networks.total;
        Self {
            frame: Frame::new(
                &home.instance,
                "Find where people are talking, on sites that asked to be found",
                Nav::None,
            ),
            headline: "Find where people are talking, on sites that asked to be found".to_owned(),
            opted_in: opted_in(networks, home.conversations),
            lists: [
                (Rank::Emerging, &home.emerging),
                (Rank::Enduring, &home.enduring),
                (Rank::Quiet, &home.quiet),
            ]
            .map(|(rank, page)| list(rank, page))
            .into(),
            networks: home
                .networks
                .items
                .iter()
                .map(|network| place(network, zone))
                .collect(),
            all_networks: match networks {
                0 | 1 => "All networks".to_owned(),
                more => format!("All {}", words::networks(more)),
            },
            unreachable: home
                .unreachable
                .iter()
                .map(|network| place(network, zone))
                .collect(),
            unreachable_words: format!(
                "{} of {} could not be reached today:",
                words::exact(home.unreachable.len() as u64),
                words::networks(networks)
            ),
            too_small: too_small(home.emerging.too_small),
            drawn: Day(home.drawn),
            now: Moment::new(home.now, zone),
        }
    }
}

fn opted_in(networks: u64, conversations: u64) -> String {
    match networks {
        0 => "No network has opted in yet.".to_owned(),
        1 => format!(
            "1 network has opted in, with {}.",
            words::some_of(conversations, "conversation", "conversations")
        ),
        more => format!(
            "{} networks have opted in, with {}.",
            words::exact(more),
            words::some_of(conversations, "conversation", "conversations")
        ),
    }
}

/// What stands in place of topics that may not be listed.
pub(super) fn too_small(count: u64) -> String {
    match count {
        0 => "No topic is too small to show.".to_owned(),
        1 => "1 topic is too small to show.".to_owned(),
        more => format!("{} topics are too small to show.", words::exact(more)),
    }
}

fn list(rank: Rank, page: &TopicPage) -> List {
    List {
        code: words::rank_code(rank),
        title: words::rank_title(rank),
        why: words::rank_why(rank),
        rows: page
            .items
            .iter()
            .map(|topic| TopicRow::new(topic, rank))
            .collect(),
        all: match page.total {
            1 => "The list".to_owned(),
            more => format!(
                "All {} {} topics",
                words::exact(more),
                words::rank_code(rank)
            ),
        },
    }
}

fn place(network: &Network, zone: &TimeZone) -> Place {
    Place {
        href: links::network(&network.slug),
        name: Text::unknown(&network.name),
        note: format!(
            "{}. {}",
            kinds(network),
            words::sentence(&words::some_of(
                network.conversations,
                "conversation",
                "conversations"
            ))
        ),
        since: network.unreachable_since.map(|at| Day::of(at, zone)),
    }
}

pub(super) async fn page(view: View, headers: HeaderMap) -> Result<Response, Problem> {
    let home = read::home::home(&view).await?;
    respond(
        &headers,
        &view,
        "/",
        &Page::new(&home, &view.state.config().zone),
    )
}
