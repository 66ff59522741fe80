//! One topic: what people say of it first; then where else, when, who could and does not, why it is listed, its history.

use askama::Template;
use axum::extract::Path;
use axum::http::HeaderMap;
use axum::response::{IntoResponse as _, Redirect, Response};
use discover_model::{Language, TopicId};
use jiff::civil::Date;
use jiff::tz::TimeZone;

use super::answers::Happened;
use super::reader::Reader;
use super::reasons::{self, Factor};
use super::respond;
use super::view::{
    Feed, Frame, Link, Nav, Row, Taken, TopicLink, Voice, central_title, cite, label,
    terms_language, title,
};
use crate::picture::timeline::Chart;
use crate::problem::Problem;
use crate::read;
use crate::read::params::{PageParams, PageQuery, PathParams, SearchParams};
use crate::shapes::{
    Answers, Bridge, Conversation, List, Neighbour, Rank, Topic, TopicEvent, TopicNetwork,
    TopicNetworks, TopicRef, TopicState,
};
use crate::state::View;
use crate::text::inline::{Day, Tag, Text};
use crate::text::{links, words};

#[derive(Debug, Template)]
#[template(path = "topic.html")]
pub(super) struct Page {
    frame: Frame,
    /// The list it stands in, and its place there.
    list: Option<(&'static str, String)>,
    label: Text,
    /// The title of its most central conversation.
    headline: Option<Text>,
    facts: String,
    voices: Vec<Voice>,
    tongues: Vec<Tongue>,
    neighbours: Vec<Near>,
    terms: Vec<Text>,
    because: Vec<Because>,
    states: States,
    bridges: Vec<Bridging>,
    all: String,
    atom: String,
    search: String,
    downloads: Vec<Link>,
    ranks: Vec<Ranked>,
    coordinated: Option<String>,
    chart: Chart,
    taken: Taken,
    networks: Vec<Part>,
    groups: Vec<Group>,
    happened: Happened,
    shown: String,
    first: Option<String>,
    next: Option<String>,
    parent: Option<TopicLink>,
    children: Vec<TopicLink>,
    history: Vec<Event>,
    aliases: usize,
    aliases_words: String,
}

/// Another language it is talked about in.
#[derive(Debug)]
struct Tongue {
    tag: Tag,
    href: String,
    /// What the topic is called in it, where that is another name than the page's.
    label: Option<Text>,
    /// What somebody says in it.
    said: Option<Text>,
}

/// A topic beside it, and why.
#[derive(Debug)]
struct Near {
    topic: TopicLink,
    reasons: String,
    way: String,
}

/// Why it stands in a list, or not.
#[derive(Debug)]
struct Because {
    title: &'static str,
    words: String,
}

/// Who speaks, who could and does not, of whom nobody knows.
#[derive(Debug)]
struct States {
    speak: String,
    could: Vec<Link>,
    could_words: String,
    unknown: Vec<(Text, String)>,
    unknown_words: String,
    since: Day,
    data: String,
}

/// A conversation that bridges networks.
#[derive(Debug)]
struct Bridging {
    href: String,
    title: Text,
    network: Text,
    words: String,
}

#[derive(Debug)]
struct Ranked {
    code: &'static str,
    /// Whether it stands in this list.
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
    pub(super) networks: &'a TopicNetworks,
    pub(super) answers: &'a Answers,
    pub(super) params: &'a PageParams,
    pub(super) today: Date,
}

impl Page {
    pub(super) fn new(instance: &str, content: &Content<'_>, zone: &TimeZone) -> Self {
        let Content {
            topic,
            conversations,
            named,
            networks,
            answers,
            params,
            today,
        } = *content;
        let label = label(&topic.label, &topic.labels);
        let here = links::topic(topic.id);
        let name = |id: TopicId| {
            named
                .iter()
                .find(|topic| topic.id == id)
                .map(TopicLink::new)
        };
        // A topic and the one around it often share their name: to point from one to the other would say nothing.
        let own = label.text.clone();
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
                Feed::atom(atom.clone(), label.text.clone()),
                Feed::json(json.clone(), label.text.clone()),
            ]),
            label,
            list: topic.list.map(|list| {
                let value = reasons::value(topic, list);
                let place = value.place.map_or_else(String::new, |place| {
                    format!(", {} of {}", words::ordinal(place), words::exact(value.of))
                });
                (words::rank_title(list), place)
            }),
            headline: central_title(topic),
            facts: facts(topic),
            voices: topic.quotes.iter().map(Voice::new).collect(),
            tongues: tongues(topic),
            neighbours: topic
                .neighbours
                .iter()
                .map(|near| self::near(topic.id, near))
                .collect(),
            because: Rank::ALL
                .map(|rank| Because {
                    title: words::rank_title(rank),
                    words: reasons::value(topic, rank).because.clone(),
                })
                .into(),
            states: states(topic, networks),
            bridges: topic.bridges.iter().map(bridging).collect(),
            all: format!(
                "All {}",
                words::of(topic.conversations, "conversation", "conversations")
            ),
            terms: topic
                .terms
                .iter()
                .take(8)
                .map(|term| Text::new(term, terms_language(&topic.languages)))
                .collect(),
            search: links::search(&query),
            downloads: vec![
                Link::new(format!("{here}/brief"), "Brief for a board (one page)"),
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
            taken: Taken::new(
                &format!("{here}/timeline"),
                "",
                &["svg", "csv"],
                cited(instance, topic, today),
            ),
            chart: chart(topic, &slugs),
            networks: topic
                .networks
                .iter()
                .map(|network| Part {
                    href: links::network(&network.slug),
                    name: Text::unknown(&network.name),
                    count: words::exact(network.count),
                })
                .collect(),
            groups: groups(&conversations.items, zone),
            happened: Happened::new(format!("{here}/answers"), answers),
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

/// When it was talked about, with the weeks before it began.
pub(super) fn chart(topic: &Topic, name: &dyn Fn(&str) -> Option<String>) -> Chart {
    match &topic.before {
        Some(before) => Chart::with_baseline("tt", "Conversations", &topic.timeline, before, name),
        None => Chart::new("tt", "Conversations", &topic.timeline, name),
    }
}

/// How the picture of a topic is named elsewhere.
pub(super) fn cited(instance: &str, topic: &Topic, today: Date) -> String {
    let what = format!("“{}”, conversations a week", words::sentence(&topic.label));
    cite(instance, &what, today)
}

/// Facts only, in one sentence.
pub(super) fn facts(topic: &Topic) -> String {
    let mut facts = format!(
        "Since {}: {} at {}",
        words::day(topic.born),
        words::some_of(topic.conversations, "conversation", "conversations"),
        words::networks(topic.networks.len() as u64)
    );
    let languages = topic.languages.len() as u64;
    if languages > 1 {
        facts = format!("{facts} in {languages} languages");
    }
    if let Some(week) = topic.timeline.buckets.last().filter(|week| week.count > 0) {
        facts = format!(
            "{facts}, {} of them active this week",
            words::exact(week.count)
        );
    }
    facts.push('.');
    facts
}

/// The languages besides the one that its name is in.
fn tongues(topic: &Topic) -> Vec<Tongue> {
    let own = |language: &&Language| topic.labels.get(language.as_str()) == Some(&topic.label);
    let own = topic.languages.iter().find(own).or(topic.languages.first());
    let others = topic.languages.iter().filter(|one| Some(*one) != own);
    others
        .map(|language| {
            let query = SearchParams {
                topic: vec![topic.id],
                language: vec![*language],
                ..SearchParams::default()
            };
            let said = topic
                .quotes
                .iter()
                .find(|quote| quote.language == Some(*language));
            let label = topic.labels.get(language.as_str());
            let label = label.filter(|label| **label != topic.label);
            Tongue {
                tag: Tag::new(*language),
                href: links::search(&query.to_query()),
                label: label.map(|label| Text::new(words::sentence(label), Some(*language))),
                said: said.map(|quote| Text::new(title(&quote.title), quote.language)),
            }
        })
        .collect()
}

fn near(own: TopicId, near: &Neighbour) -> Near {
    let reasons: Vec<&str> = near
        .reasons
        .iter()
        .map(|reason| reason.words.as_str())
        .collect();
    let params = PathParams {
        from: own.to_string(),
        to: near.topic.id.to_string(),
    };
    Near {
        topic: TopicLink::new(&near.topic),
        reasons: words::sentence(&reasons.join("; ")),
        way: links::with_query("/paths", &params.to_query()),
    }
}

fn states(topic: &Topic, networks: &TopicNetworks) -> States {
    let of = |state: TopicState| {
        let items = networks.items.iter();
        items.filter(move |network| network.state == state)
    };
    let unknown = |network: &TopicNetwork| {
        let why = if network.languages.is_empty() {
            "no posts in these weeks, or in no language that is known".to_owned()
        } else {
            let names: Vec<&str> = network
                .languages
                .iter()
                .map(Language::english_name)
                .collect();
            format!(
                "writes in {}, in which this topic cannot be found yet",
                words::list(&names)
            )
        };
        (Text::unknown(&network.name), why)
    };
    let count = |state| of(state).count() as u64;
    States {
        speak: words::exact(count(TopicState::Speaks)),
        could: of(TopicState::Could)
            .map(|network| Link::new(links::network(&network.slug), &network.name))
            .collect(),
        could_words: words::exact(count(TopicState::Could)),
        unknown: of(TopicState::NotComparable).map(unknown).collect(),
        unknown_words: words::exact(count(TopicState::NotComparable)),
        since: Day(networks.since),
        data: format!("/api/v1/topics/{}/networks", topic.id),
    }
}

fn bridging(bridge: &Bridge) -> Bridging {
    let row = &bridge.conversation;
    let cut: Vec<&str> = bridge
        .cut_off
        .iter()
        .map(|network| network.name.as_str())
        .collect();
    Bridging {
        href: links::conversation(row.id),
        title: Text::new(title(&row.title), row.language),
        network: Text::unknown(&row.network.name),
        words: format!(
            "without it, {} would not be linked to the rest",
            words::list(&cut)
        ),
    }
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
        high: value.place.is_some(),
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
    let mut topic = read::topics::topic(&view, &id).await?;
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
    let mut named = read::topics::of_ids(&view, &others);
    let reader = Reader::of(&headers);
    reader.name([&mut topic]);
    reader.name(&mut named);
    reader.name(topic.neighbours.iter_mut().map(|near| &mut near.topic));
    let networks = read::matrix::networks(&view, &id).await?;
    let answers = read::answers::of_topic(&view, &id).await?;
    let content = Content {
        topic: &topic,
        conversations: &conversations,
        named: &named,
        networks: &networks,
        answers: &answers,
        params: &params,
        today: view.today,
    };
    let config = view.state.config();
    respond(
        &headers,
        &view,
        &links::with_query(&links::topic(topic.id), &params.to_query()),
        &Page::new(&config.instance_name, &content, &config.zone),
    )
}
