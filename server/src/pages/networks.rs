//! The networks that asked to be found, and each one's page.

use askama::Template;
use axum::extract::Path;
use axum::http::HeaderMap;
use axum::response::Response;
use discover_model::proof::ProofMethod;
use jiff::tz::TimeZone;

use super::answers::{Line, lines};
use super::conversation::method;
use super::reader::Reader;
use super::respond;
use super::view::{Fact, Feed, Frame, Link, Nav, label};
use crate::i18n::{Msg, filters, msg};
use crate::problem::Problem;
use crate::read;
use crate::read::params::{PageParams, PageQuery, SearchParams, TopicParams};
use crate::shapes::{AnswerEntry, AreaRef, List, MapAnswers, Network, Rank, TopicRef};
use crate::state::View;
use crate::text::inline::{Day, Moment, Text, outside};
use crate::text::{links, say, words};

#[derive(Debug, Template)]
#[template(path = "networks.html")]
pub(super) struct Page {
    frame: Frame,
    lead: Msg,
    total: Msg,
    opml: &'static str,
    rows: Vec<Row>,
    first: Option<String>,
    next: Option<String>,
}

#[derive(Debug)]
struct Row {
    href: String,
    name: Text,
    kinds: Msg,
    consent: Msg,
    conversations: String,
    unreachable: Option<Day>,
    last_fetch: Option<Day>,
}

/// The kinds of a network's sources in words, each once.
pub(super) fn kinds(network: &Network) -> Msg {
    let mut kinds: Vec<Msg> = Vec::new();
    for source in &network.sources {
        let kind = say::kind_within(source.kind);
        if !kinds.contains(&kind) {
            kinds.push(kind);
        }
    }
    let first = network.sources.first();
    if let (Some(kind), Some(source)) = (kinds.first_mut(), first) {
        *kind = say::kind(source.kind);
    }
    if kinds.is_empty() {
        msg!("kind-none")
    } else {
        say::list(kinds)
    }
}

/// An area, leading to what its networks say.
fn area(area: &AreaRef) -> Link {
    let search = SearchParams {
        area: vec![area.slug.clone()],
        ..SearchParams::default()
    };
    Link::new(
        links::search(&search.to_query()),
        say::area(&area.kind, &area.name),
    )
}

/// Consent in a word or two.
fn consent(network: &Network) -> Msg {
    match (network.state.as_str(), network.proof.as_str()) {
        ("asked", _) => msg!("consent-asked"),
        ("paused", _) => msg!("consent-paused"),
        ("lapsed", _) => msg!("consent-lapsed"),
        (_, "well-known") => msg!("consent-file"),
        (_, "dns-txt") => msg!("consent-dns"),
        (_, "meta") => msg!("consent-meta"),
        (_, "profile") => msg!("consent-profile"),
        (_, "attested" | "document") => msg!("consent-paper"),
        _ => msg!("consent-given"),
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
            frame: Frame::new(instance, msg!("networks-title"), Nav::Networks),
            lead: msg!("networks-lead"),
            total: match list.total {
                0 => msg!("networks-no"),
                total => say::networks(total),
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
    kinds: Msg,
    facts: Vec<Fact>,
    /// Areas it serves; empty where it did not say.
    areas: Vec<Link>,
    search: String,
    topics: String,
    atom: String,
    look_now: String,
    unreachable: Option<Day>,
    state: Msg,
    proof: Msg,
    scope: Vec<String>,
    /// Whether it has no site, and its owner uploads what is shown.
    uploaded: bool,
    days: Msg,
    registered: Day,
    expires: Option<Day>,
    sources: Vec<Source>,
    answered: Vec<Line>,
    answers_atom: String,
    /// What is due or overdue about topics that it speaks in.
    due: Vec<Msg>,
}

#[derive(Debug)]
struct Source {
    address: String,
    href: Option<String>,
    kind: Msg,
    last_fetch: Option<Moment>,
    health: Health,
}

/// How a source fares, and what helps.
#[derive(Debug)]
struct Health {
    fares: Msg,
    helps: Option<Msg>,
}

impl NetworkPage {
    pub(super) fn new(
        instance: &str,
        network: &Network,
        answers: &[AnswerEntry],
        due: &[(TopicRef, MapAnswers)],
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
        let uploaded = network.proof == ProofMethod::Document.as_str();
        let posts = network.posts.map_or_else(|| msg!("too-few"), say::about);
        Self {
            frame: Frame::new(
                instance,
                msg!("network-title", name = network.name),
                Nav::Networks,
            )
            .with_feeds(vec![
                Feed::atom(atom.clone(), &network.name),
                Feed::json(format!("{here}/json"), &network.name),
                Feed::atom(format!("{here}/answers.atom"), &network.name),
            ]),
            name: Text::unknown(&network.name),
            owner: Text::unknown(&network.owner),
            kinds: kinds(network),
            facts: [
                Fact {
                    what: msg!("fact-conversations-kept"),
                    value: words::exact(network.conversations).into(),
                },
                Fact {
                    what: msg!("fact-posts-kept"),
                    value: posts,
                },
            ]
            .into_iter()
            // What was taken down offline is an item each, whoever spoke.
            .take(if uploaded { 1 } else { 2 })
            .collect(),
            areas: network.areas.iter().map(area).collect(),
            answered: lines(answers.iter()),
            answers_atom: format!("{here}/answers.atom"),
            due: due.iter().filter_map(due_words).collect(),
            search: links::search(&search.to_query()),
            topics: links::with_query("/topics", &topics.to_query()),
            atom,
            look_now: format!("{here}/look-now"),
            unreachable: network.unreachable_since.map(|at| Day::of(at, zone)),
            state: match network.state.as_str() {
                "asked" => msg!("network-asked"),
                "paused" => msg!("network-paused"),
                "lapsed" => msg!("network-lapsed"),
                _ => msg!("network-live"),
            },
            proof: msg!("network-given", method = method(&network.proof)),
            scope: network.scope.clone(),
            uploaded,
            days: say::days(u64::from(network.retention_days)),
            registered: Day::of(network.registered, zone),
            expires: network.expires.map(|at| Day::of(at, zone)),
            sources: network
                .sources
                .iter()
                .map(|source| Source {
                    address: source.url.clone(),
                    href: outside(&source.url),
                    kind: say::kind_by(source.kind),
                    last_fetch: source.last_fetch.map(|at| Moment::new(at, zone)),
                    health: health(source),
                })
                .collect(),
        }
    }
}

fn due_words((topic, answers): &(TopicRef, MapAnswers)) -> Option<Msg> {
    let href = format!("{}/answers", links::topic(topic.id));
    let name = label(&topic.label, &topic.labels);
    let day = Day(answers.due?);
    Some(if answers.overdue {
        msg!(
            "network-answer-overdue",
            href = href,
            topic = name,
            day = day
        )
    } else {
        msg!("network-answer-due", href = href, topic = name, day = day)
    })
}

/// How a source fares, and what its owner can do about it.
fn health(source: &crate::shapes::Source) -> Health {
    let fares = match (&source.trouble, source.reached, source.last_fetch) {
        (Some(trouble), ..) => Msg::English(words::sentence(trouble.trim_end_matches('.'))),
        (None, true, Some(_)) => msg!("health-well"),
        (None, true, None) => msg!("health-not-yet"),
        (None, false, _) => msg!("health-not-reached"),
    };
    Health {
        fares,
        helps: source
            .fix
            .clone()
            .map(|fix| msg!("health-helps", fix = Msg::English(fix))),
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
    let mut due = read::answers::due_at(&view, &slug).await?;
    Reader::of(&headers).name(due.iter_mut().map(|(topic, _)| topic));
    let config = view.state.config();
    respond(
        &headers,
        &view,
        &links::network(&network.slug),
        &NetworkPage::new(
            &config.instance_name,
            &network,
            &answers,
            &due,
            &config.zone,
        ),
    )
}
