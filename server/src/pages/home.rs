//! The front page, a morning paper: today's warning, the three lists, search, the networks, what cannot be reached.

use askama::Template;
use axum::http::HeaderMap;
use axum::response::Response;
use jiff::tz::TimeZone;

use super::about::runs;
use super::networks::kinds;
use super::reader::Reader;
use super::respond;
use super::topic;
use super::view::{Frame, Nav, TopicRow, Voice, label};
use crate::problem::Problem;
use crate::read;
use crate::shapes::{Home, Network, NotListed, Rank, TopicPage, Warning, Warnings};
use crate::state::View;
use crate::text::inline::{Day, Moment, Text};
use crate::text::{links, words};

/// Searches offered.
const TRIED: usize = 6;

#[derive(Debug, Template)]
#[template(path = "home.html")]
pub(super) struct Page {
    frame: Frame,
    today: Day,
    opted_in: String,
    /// Who runs it and for which area; empty where nobody said.
    runs: String,
    /// The first line: what is warned of today, or that nothing is.
    warned: String,
    odds: String,
    lead: Option<Lead>,
    try_these: Vec<Try>,
    lists: Vec<List>,
    networks: Vec<Place>,
    all_networks: String,
    unreachable: Vec<Place>,
    unreachable_words: String,
    too_small: String,
    drawn: Day,
    now: Moment,
}

/// The topic that the page begins with.
#[derive(Debug)]
struct Lead {
    href: String,
    label: Text,
    facts: String,
    voice: Option<Voice>,
}

/// A search from the instance's own topics.
#[derive(Debug)]
struct Try {
    href: String,
    words: Text,
}

#[derive(Debug)]
struct List {
    code: &'static str,
    title: &'static str,
    why: &'static str,
    rows: Vec<TopicRow>,
    all: String,
    not: Option<Not>,
}

/// A topic that does not stand in a list, and why.
#[derive(Debug)]
struct Not {
    href: String,
    label: Text,
    because: String,
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
        let pages = [&home.emerging, &home.enduring, &home.quiet];
        let today = Day::of(home.now, zone);
        Self {
            frame: Frame::new(
                &home.instance,
                "What people are talking about, on sites that asked to be found",
                Nav::None,
            ),
            today,
            opted_in: opted_in(networks, home.conversations),
            runs: runs(home.operator.as_deref(), home.area.as_deref()),
            warned: warned(&home.warnings),
            odds: home.warnings.items.first().map_or_else(String::new, odds),
            lead: home.lead.as_ref().map(|topic| Lead {
                href: links::topic(topic.id),
                label: label(&topic.label, &topic.labels),
                facts: topic::facts(topic),
                voice: topic.quotes.first().map(Voice::new),
            }),
            try_these: pages
                .into_iter()
                .flat_map(|page| &page.items)
                .take(TRIED)
                .map(|topic| Try {
                    href: links::search_for(&topic.label),
                    words: Text {
                        text: topic.label.clone(),
                        ..label(&topic.label, &topic.labels)
                    },
                })
                .collect(),
            lists: Rank::ALL
                .into_iter()
                .zip(pages)
                .zip(&home.not_listed)
                .map(|((rank, page), not)| list(rank, page, not.as_ref()))
                .collect(),
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

/// How many warnings there are, and what that is worth.
fn warned(warnings: &Warnings) -> String {
    match warnings.items.len() as u64 {
        0 if warnings.tests == 0 => {
            "No early warning: there is too little history yet to warn of anything.".to_owned()
        }
        0 => format!(
            "No early warning today, of {} tested.",
            words::of(warnings.tests, "topic", "topics")
        ),
        count => format!(
            "{} today.",
            words::of(count, "early warning", "early warnings")
        ),
    }
}

fn odds(warning: &Warning) -> String {
    format!(
        "{} {} of this more than {} used to. The odds of that in an ordinary week: {}.",
        words::sentence(&words::networks(warning.networks)),
        words::noun(warning.networks, "speaks", "speak"),
        words::noun(warning.networks, "it is", "each is"),
        words::odds(warning.chance)
    )
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

fn list(rank: Rank, page: &TopicPage, not: Option<&NotListed>) -> List {
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
        not: not.map(|not| Not {
            href: links::topic(not.topic.id),
            label: label(&not.topic.label, &not.topic.labels),
            because: not.because.clone(),
        }),
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
    let mut home = read::home::home(&view).await?;
    Reader::of(&headers).name_home(&mut home);
    respond(
        &headers,
        &view,
        "/",
        &Page::new(&home, &view.state.config().zone),
    )
}
