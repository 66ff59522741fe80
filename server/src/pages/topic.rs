//! One topic: why it is listed, when and where, its conversations, its history.

use askama::Template;
use axum::extract::Path;
use axum::http::HeaderMap;
use axum::response::{IntoResponse as _, Redirect, Response};
use discover_model::TopicId;
use jiff::tz::TimeZone;

use super::reasons::{self, Factor};
use super::respond;
use super::view::{Feed, Frame, Languages, Link, Nav, Row, TopicLink, label_language};
use crate::picture::timeline::Chart;
use crate::problem::Problem;
use crate::read;
use crate::read::params::{PageParams, PageQuery, SearchParams};
use crate::shapes::{Conversation, List, Rank, Topic, TopicEvent, TopicRef};
use crate::state::View;
use crate::text::inline::{Day, Text};
use crate::text::{links, words};

#[derive(Debug, Template)]
#[template(path = "topic.html")]
pub(super) struct Page {
    frame: Frame,
    label: Text,
    lead: String,
    terms: Vec<Text>,
    facts: Vec<Fact>,
    born: Day,
    last_active: Day,
    languages: Languages,
    atom: String,
    search: String,
    downloads: Vec<Link>,
    ranks: Vec<Ranked>,
    coordinated: Option<String>,
    chart: Chart,
    networks: Vec<Part>,
    networks_data: String,
    groups: Vec<Group>,
    shown: String,
    first: Option<String>,
    next: Option<String>,
    parent: Option<TopicLink>,
    children: Vec<TopicLink>,
    history: Vec<Event>,
    aliases: usize,
    aliases_words: String,
}

/// A figure with its name.
#[derive(Debug)]
pub(super) struct Fact {
    pub(super) what: &'static str,
    pub(super) value: String,
}

#[derive(Debug)]
struct Ranked {
    code: &'static str,
    /// Whether it stands high in this list.
    high: bool,
    heading: String,
    sentence: String,
    factors: Vec<Factor>,
    value: String,
}

#[derive(Debug)]
struct Part {
    href: String,
    name: Text,
    count: String,
}

#[derive(Debug)]
struct Group {
    name: Text,
    rows: Vec<Row>,
}

#[derive(Debug)]
struct Event {
    at: Day,
    words: String,
    with: Vec<TopicLink>,
}

/// What the page is made of: the topic, a page of its conversations, and the names of the topics it mentions.
#[derive(Debug)]
pub(super) struct Content<'a> {
    pub(super) topic: &'a Topic,
    pub(super) conversations: &'a List<Conversation>,
    pub(super) named: &'a [TopicRef],
    pub(super) params: &'a PageParams,
}

impl Page {
    pub(super) fn new(instance: &str, content: &Content<'_>, zone: &TimeZone) -> Self {
        let Content {
            topic,
            conversations,
            named,
            params,
        } = *content;
        let label = words::sentence(&topic.label);
        let here = links::topic(topic.id);
        let name = |id: TopicId| {
            named
                .iter()
                .find(|topic| topic.id == id)
                .map(TopicLink::new)
        };
        // A topic and the one around it often share their name: to point from one to the other would say nothing.
        let own = label.clone();
        let other = |topic: &TopicLink| topic.label.text != own;
        let slugs = |slug: &str| {
            topic
                .networks
                .iter()
                .find(|network| network.slug == slug)
                .map(|network| network.name.clone())
        };
        let query = SearchParams {
            topic: vec![topic.id],
            ..SearchParams::default()
        }
        .to_query();
        let atom = format!("{here}/atom");
        let json = format!("{here}/json");
        Self {
            frame: Frame::new(instance, format!("{label}, a topic"), Nav::Topics).with_feeds(vec![
                Feed::atom(atom.clone(), label.clone()),
                Feed::json(json.clone(), label.clone()),
            ]),
            label: Text::new(label, label_language(&topic.languages)),
            lead: lead(topic),
            terms: topic
                .terms
                .iter()
                .take(8)
                .map(|term| Text::new(term, label_language(&topic.languages)))
                .collect(),
            facts: vec![
                Fact {
                    what: "conversations",
                    value: words::exact(topic.conversations),
                },
                Fact {
                    what: words::noun(topic.networks.len() as u64, "network", "networks"),
                    value: words::exact(topic.networks.len() as u64),
                },
                Fact {
                    what: "voices",
                    value: words::about(topic.voices),
                },
            ],
            born: Day(topic.born),
            last_active: Day(topic.last_active),
            languages: Languages::new(&topic.languages),
            search: links::search(&query),
            downloads: vec![
                Link::new(json, "JSON Feed"),
                Link::new(format!("/api/v1/topics/{}", topic.id), "As data (JSON)"),
            ],
            atom,
            ranks: [Rank::Emerging, Rank::Enduring, Rank::Quiet]
                .map(|rank| ranked(topic, rank))
                .into(),
            coordinated: topic
                .coordinated
                .as_ref()
                .filter(|seen| seen.flag)
                .map(|seen| closed(&seen.reason)),
            chart: Chart::new("tt", "Conversations", &topic.timeline, &slugs),
            networks: topic
                .networks
                .iter()
                .map(|network| Part {
                    href: links::network(&network.slug),
                    name: Text::unknown(&network.name),
                    count: words::exact(network.count),
                })
                .collect(),
            networks_data: format!("/api/v1/topics/{}/networks", topic.id),
            groups: groups(&conversations.items, zone),
            shown: format!(
                "{} of {}",
                words::exact(conversations.items.len() as u64),
                words::of(conversations.total, "conversation", "conversations")
            ),
            first: params
                .cursor
                .is_some()
                .then(|| format!("{here}#conversations")),
            next: conversations.next.as_deref().map(|cursor| {
                let query = params.at(cursor).to_query();
                format!("{}#conversations", links::with_query(&here, &query))
            }),
            parent: topic.parent.and_then(name).filter(other),
            children: topic
                .children
                .iter()
                .copied()
                .filter_map(name)
                .filter(other)
                .collect(),
            history: history(&topic.history, &name),
            aliases: topic.aliases.len(),
            aliases_words: format!(
                "{} still lead here.",
                words::sentence(&words::of(
                    topic.aliases.len() as u64,
                    "older address",
                    "older addresses"
                ))
            )
            .replace(
                "1 older address still lead ",
                "1 older address still leads ",
            ),
        }
    }
}

fn lead(topic: &Topic) -> String {
    let languages = topic.languages.len() as u64;
    let mut lead = format!(
        "{} in {}",
        words::sentence(&words::some_of(
            topic.conversations,
            "conversation",
            "conversations"
        )),
        words::networks(topic.networks.len() as u64)
    );
    if languages > 1 {
        lead = format!("{lead} and {languages} languages");
    }
    lead.push('.');
    lead
}

/// `text` with a full stop, where it has none.
fn closed(text: &str) -> String {
    let text = words::sentence(text.trim());
    if text.ends_with(['.', '!', '?']) {
        text
    } else {
        format!("{text}.")
    }
}

fn ranked(topic: &Topic, rank: Rank) -> Ranked {
    let value = reasons::value(topic, rank);
    let title = words::rank_title(rank);
    Ranked {
        code: words::rank_code(rank),
        high: value
            .place
            .is_some_and(|place| place <= 5 || place * 5 <= value.of),
        heading: match value.place {
            Some(place) => format!(
                "{title}: {} of {}",
                words::ordinal(place),
                words::exact(value.of)
            ),
            None => format!("{title}: not in this list"),
        },
        sentence: reasons::sentence(topic, rank),
        factors: reasons::factors(value),
        value: words::factor(value.value),
    }
}

/// Conversations under their network, networks in the order in which they first come.
fn groups(conversations: &[Conversation], zone: &TimeZone) -> Vec<Group> {
    let mut slugs: Vec<&str> = Vec::new();
    let mut groups: Vec<Group> = Vec::new();
    for conversation in conversations {
        let slug = conversation.network.slug.as_str();
        let at = slugs
            .iter()
            .position(|known| *known == slug)
            .unwrap_or_else(|| {
                slugs.push(slug);
                groups.push(Group {
                    name: Text::unknown(&conversation.network.name),
                    rows: Vec::new(),
                });
                groups.len() - 1
            });
        groups[at].rows.push(Row::new(conversation, zone));
    }
    groups
}

/// Newest first.
fn history(events: &[TopicEvent], name: &dyn Fn(TopicId) -> Option<TopicLink>) -> Vec<Event> {
    events
        .iter()
        .rev()
        .map(|event| {
            let with: Vec<TopicLink> = event.with.iter().copied().filter_map(name).collect();
            let count = event.with.len() as u64;
            let others = || words::of(count, "other topic", "other topics");
            let words = match (event.event.as_str(), with.is_empty(), count) {
                ("born", ..) => "Born".to_owned(),
                ("grown", ..) => "Grew to twice its size".to_owned(),
                ("merged", _, 0) => "Merged with another topic".to_owned(),
                ("merged", true, _) => format!("Merged with {}", others()),
                ("merged", false, _) => "Merged with".to_owned(),
                ("split", _, 0) => "Split from another topic".to_owned(),
                ("split", true, _) => format!("Split from {}", others()),
                ("split", false, _) => "Split from".to_owned(),
                ("faded", ..) => "Faded: nobody has talked about it for a while".to_owned(),
                (other, ..) => words::sentence(other),
            };
            Event {
                at: Day(event.at),
                words,
                with,
            }
        })
        .collect()
}

pub(super) async fn page(
    view: View,
    Path(id): Path<String>,
    PageQuery(params): PageQuery<PageParams>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let topic = read::topics::topic(&view, &id).await?;
    if topic.id.to_string() != id {
        // An older id leads on to the topic that took it over.
        return Ok(Redirect::permanent(&links::topic(topic.id)).into_response());
    }
    let conversations = read::topics::conversations(&view, &id, &params).await?;
    let mut others: Vec<TopicId> = topic
        .parent
        .into_iter()
        .chain(topic.children.clone())
        .collect();
    others.extend(topic.history.iter().flat_map(|event| event.with.clone()));
    let named = read::topics::of_ids(&view, &others);
    let content = Content {
        topic: &topic,
        conversations: &conversations,
        named: &named,
        params: &params,
    };
    let config = view.state.config();
    respond(
        &headers,
        &view,
        &links::with_query(&links::topic(topic.id), &params.to_query()),
        &Page::new(&config.instance_name, &content, &config.zone),
    )
}
