//! The networks that asked to be found, and each one's page.

use askama::Template;
use axum::extract::Path;
use axum::http::HeaderMap;
use axum::response::Response;
use jiff::tz::TimeZone;

use super::answers::{Line, lines};
use super::conversation::method;
use super::respond;
use super::view::{Fact, Feed, Frame, Nav};
use crate::problem::Problem;
use crate::read;
use crate::read::params::{PageParams, PageQuery, SearchParams, TopicParams};
use crate::shapes::{AnswerEntry, List, Network, Rank};
use crate::state::View;
use crate::text::inline::{Day, Moment, Text, outside};
use crate::text::{kinds, links, words};

#[derive(Debug, Template)]
#[template(path = "networks.html")]
pub(super) struct Page {
    frame: Frame,
    lead: String,
    total: String,
    opml: &'static str,
    rows: Vec<Row>,
    first: Option<String>,
    next: Option<String>,
}

#[derive(Debug)]
struct Row {
    href: String,
    name: Text,
    kinds: String,
    consent: &'static str,
    conversations: String,
    unreachable: Option<Day>,
    last_fetch: Option<Day>,
}

/// The kinds of a network's sources in words, each once.
pub(super) fn kinds(network: &Network) -> String {
    let mut kinds: Vec<String> = Vec::new();
    for source in &network.sources {
        let kind = kinds::short(source.kind);
        let kind = if kinds.is_empty() {
            kind.to_owned()
        } else {
            kind.to_lowercase()
        };
        if !kinds.iter().any(|known| known.eq_ignore_ascii_case(&kind)) {
            kinds.push(kind);
        }
    }
    if kinds.is_empty() {
        "Network".to_owned()
    } else {
        words::list(&kinds)
    }
}

/// Consent in a word or two.
fn consent(network: &Network) -> &'static str {
    match (network.state.as_str(), network.proof.as_str()) {
        ("asked", _) => "asked, no proof yet",
        ("paused", _) => "paused",
        ("lapsed", _) => "lapsed",
        (_, "well-known") => "file on the site",
        (_, "dns-txt") => "DNS record",
        (_, "meta") => "tag on the home page",
        (_, "profile") => "token in the profile",
        (_, "attested") => "on paper",
        _ => "given",
    }
}

impl Page {
    pub(super) fn new(
        instance: &str,
        params: &PageParams,
        list: &List<Network>,
        zone: &TimeZone,
    ) -> Self {
        Self {
            frame: Frame::new(instance, "Networks", Nav::Networks),
            lead: "Each of these asked to be found, proved it, and can leave at once. Nothing else is read."
                .to_owned(),
            total: match list.total {
                0 => "No networks yet".to_owned(),
                total => words::networks(total),
            },
            opml: "/networks.opml",
            rows: list
                .items
                .iter()
                .map(|network| Row {
                    href: links::network(&network.slug),
                    name: Text::unknown(&network.name),
                    kinds: kinds(network),
                    consent: consent(network),
                    conversations: words::exact(network.conversations),
                    unreachable: network.unreachable_since.map(|at| Day::of(at, zone)),
                    last_fetch: network.last_fetch.map(|at| Day::of(at, zone)),
                })
                .collect(),
            first: params.cursor.is_some().then(|| "/networks".to_owned()),
            next: list
                .next
                .as_deref()
                .map(|cursor| links::with_query("/networks", &params.at(cursor).to_query())),
        }
    }
}

#[derive(Debug, Template)]
#[template(path = "network.html")]
pub(super) struct NetworkPage {
    frame: Frame,
    name: Text,
    owner: Text,
    kinds: String,
    facts: Vec<Fact>,
    search: String,
    topics: String,
    atom: String,
    look_now: String,
    unreachable: Option<Day>,
    state: &'static str,
    proof: String,
    scope: Vec<String>,
    days: String,
    registered: Day,
    expires: Option<Day>,
    sources: Vec<Source>,
    answered: Vec<Line>,
}

#[derive(Debug)]
struct Source {
    address: String,
    href: Option<String>,
    kind: &'static str,
    last_fetch: Option<Moment>,
    health: String,
}

impl NetworkPage {
    pub(super) fn new(
        instance: &str,
        network: &Network,
        answers: &[AnswerEntry],
        zone: &TimeZone,
    ) -> Self {
        let here = links::network(&network.slug);
        let atom = format!("{here}/atom");
        let search = SearchParams {
            network: vec![network.slug.clone()],
            ..SearchParams::default()
        };
        let topics = TopicParams {
            network: Some(network.slug.clone()),
            rank: Rank::Enduring,
            ..TopicParams::default()
        };
        let posts = network
            .posts
            .map_or_else(|| "too few to show".to_owned(), words::about);
        Self {
            frame: Frame::new(
                instance,
                format!("{}, a network", network.name),
                Nav::Networks,
            )
            .with_feeds(vec![
                Feed::atom(atom.clone(), &network.name),
                Feed::json(format!("{here}/json"), &network.name),
            ]),
            name: Text::unknown(&network.name),
            owner: Text::unknown(&network.owner),
            kinds: kinds(network),
            facts: vec![
                Fact {
                    what: "conversations kept",
                    value: words::exact(network.conversations),
                },
                Fact {
                    what: "posts kept",
                    value: posts,
                },
            ],
            answered: lines(answers.iter()),
            search: links::search(&search.to_query()),
            topics: links::with_query("/topics", &topics.to_query()),
            atom,
            look_now: format!("{here}/look-now"),
            unreachable: network.unreachable_since.map(|at| Day::of(at, zone)),
            state: match network.state.as_str() {
                "asked" => "asked to be found; no proof has been seen yet",
                "paused" => "paused by its owner",
                "lapsed" => "the proof could not be seen; hidden until it is",
                _ => "live",
            },
            proof: format!("given {}", method(&network.proof)),
            scope: network.scope.clone(),
            days: words::of(u64::from(network.retention_days), "day", "days"),
            registered: Day::of(network.registered, zone),
            expires: network.expires.map(|at| Day::of(at, zone)),
            sources: network
                .sources
                .iter()
                .map(|source| Source {
                    address: source.url.clone(),
                    href: outside(&source.url),
                    kind: kinds::long(source.kind),
                    last_fetch: source.last_fetch.map(|at| Moment::new(at, zone)),
                    health: health(source),
                })
                .collect(),
        }
    }
}

/// How a source fares, and what its owner can do about it.
fn health(source: &crate::shapes::Source) -> String {
    let fares = match (&source.trouble, source.reached, source.last_fetch) {
        (Some(trouble), ..) => words::sentence(trouble),
        (None, true, Some(_)) => "Went well".to_owned(),
        (None, true, None) => "Not looked at yet".to_owned(),
        (None, false, _) => "Could not be reached".to_owned(),
    };
    match &source.fix {
        Some(fix) => format!("{}. What helps: {fix}.", fares.trim_end_matches('.')),
        None => fares,
    }
}

pub(super) async fn list(
    view: View,
    PageQuery(params): PageQuery<PageParams>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let list = read::networks::list(&view, &params).await?;
    let config = view.state.config();
    respond(
        &headers,
        &view,
        &links::with_query("/networks", &params.to_query()),
        &Page::new(&config.instance_name, &params, &list, &config.zone),
    )
}

pub(super) async fn one(
    view: View,
    Path(slug): Path<String>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let network = read::networks::network(&view, &slug).await?;
    let answers = read::answers::to_network(&view, &slug).await?;
    let config = view.state.config();
    respond(
        &headers,
        &view,
        &links::network(&network.slug),
        &NetworkPage::new(&config.instance_name, &network, &answers, &config.zone),
    )
}
