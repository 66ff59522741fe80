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
use super::views::{self, Listed};
use crate::i18n::{Msg, filters, msg};
use crate::problem::Problem;
use crate::read;
use crate::shapes::{Home, Network, NotListed, Rank, TopicPage, Warning, Warnings};
use crate::state::View;
use crate::text::inline::{Day, Moment, Text};
use crate::text::{answered, coordinated, links, say, why, words};

/// Searches offered.
const TRIED: usize = 6;

#[derive(Debug, Template)]
#[template(path = "home.html")]
pub(super) struct Page {
    frame: Frame,
    today: Day,
    opted_in: Msg,
    /// Who runs it and for which area; empty where nobody said.
    runs: Msg,
    /// The first line: what is warned of today, or that nothing is.
    warned: Msg,
    odds: Option<Msg>,
    lead: Option<Lead>,
    try_these: Vec<Try>,
    lists: Vec<List>,
    networks: Vec<Place>,
    all_networks: Msg,
    unreachable: Vec<Place>,
    unreachable_words: Msg,
    too_small: Msg,
    drawn: Day,
    now: Moment,
    views: Vec<Listed>,
}

/// The topic that the page begins with.
#[derive(Debug)]
struct Lead {
    href: String,
    label: Text,
    facts: Msg,
    sign: Option<Msg>,
    happened: Option<Msg>,
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
    title: Msg,
    why: Msg,
    rows: Vec<TopicRow>,
    all: Msg,
    not: Option<Not>,
}

/// A topic that does not stand in a list, and why.
#[derive(Debug)]
struct Not {
    href: String,
    label: Text,
    because: Msg,
}

#[derive(Debug)]
struct Place {
    href: String,
    name: Text,
    note: Msg,
    since: Option<Day>,
}

impl Page {
    pub(super) fn new(home: &Home, views: Vec<Listed>, zone: &TimeZone) -> Self {
        let networks = home.networks.total;
        let pages = [&home.emerging, &home.enduring, &home.quiet];
        let today = Day::of(home.now, zone);
        Self {
            frame: Frame::new(&home.instance, msg!("home-title"), Nav::None),
            today,
            opted_in: msg!(
                "home-opted-in",
                networks = networks,
                conversations = say::some_conversations(home.conversations),
            ),
            runs: runs(home.operator.as_deref(), home.area.as_deref()),
            warned: warned(&home.warnings),
            odds: home.warnings.items.first().map(odds),
            lead: home.lead.as_ref().map(|topic| Lead {
                href: links::topic(topic.id),
                label: label(&topic.label, &topic.labels),
                facts: topic::facts(topic),
                sign: coordinated::said(topic.coordinated.as_ref()),
                happened: topic.answers.as_ref().map(answered::state),
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
            all_networks: msg!("home-all-networks", count = networks),
            unreachable: home
                .unreachable
                .iter()
                .map(|network| place(network, zone))
                .collect(),
            unreachable_words: msg!(
                "home-unreachable",
                count = home.unreachable.len(),
                networks = say::networks(networks),
            ),
            too_small: say::too_small(home.emerging.too_small),
            drawn: Day(home.drawn),
            now: Moment::new(home.now, zone),
            views,
        }
    }
}

/// How many warnings there are, and what that is worth.
fn warned(warnings: &Warnings) -> Msg {
    match warnings.items.len() {
        0 if warnings.tests == 0 => msg!("home-no-history"),
        0 => msg!("home-no-warning", topics = say::topics(warnings.tests)),
        count => msg!("home-warnings", count = count),
    }
}

fn odds(warning: &Warning) -> Msg {
    msg!(
        "home-odds",
        networks = warning.networks,
        odds = say::odds(warning.chance),
    )
}

fn list(rank: Rank, page: &TopicPage, not: Option<&NotListed>) -> List {
    List {
        code: words::rank_code(rank),
        title: say::rank_title(rank),
        why: say::rank_why(rank),
        rows: page
            .items
            .iter()
            .map(|topic| TopicRow::new(topic, rank))
            .collect(),
        all: match page.total {
            1 => msg!("home-list-one"),
            more => msg!("home-list-all", count = more, list = say::rank_before(rank),),
        },
        not: not.map(|not| Not {
            href: links::topic(not.topic.id),
            label: label(&not.topic.label, &not.topic.labels),
            because: why::in_list(&not.because),
        }),
    }
}

fn place(network: &Network, zone: &TimeZone) -> Place {
    Place {
        href: links::network(&network.slug),
        name: Text::unknown(&network.name),
        note: msg!(
            "home-network-note",
            kinds = kinds(network),
            conversations = say::some_conversations(network.conversations).sentence(),
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
        &Page::new(
            &home,
            views::listed(&view, &headers),
            &view.state.config().zone,
        ),
    )
}
