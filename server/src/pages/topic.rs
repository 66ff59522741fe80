//! One topic: what people say of it first; then where else, when, who could and does not, why it is listed, its history.

mod history;
mod joining;
mod members;

use std::collections::BTreeMap;

use askama::Template;
use axum::extract::Path;
use axum::http::HeaderMap;
use axum::response::{IntoResponse as _, Redirect, Response};
use discover_model::{ConversationId, Language, TopicId};
use jiff::civil::Date;
use jiff::tz::TimeZone;

use self::history::{Event, history};
use self::joining::{Joining, joining, welcoming};
use self::members::{Group, groups};
use super::answers::Happened;
use super::reader::Reader;
use super::reasons::{self, Factor};
use super::respond;
use super::search_mail::MailForm;
use super::view::{
    Feed, Frame, Link, Nav, Taken, TopicLink, Voice, central_title, cite, label, terms_language,
    title,
};
use crate::i18n::{Arg, Msg, filters, msg};
use crate::picture::timeline::Chart;
use crate::problem::Problem;
use crate::read;
use crate::read::params::{PageParams, PageQuery, PathParams, SearchParams};
use crate::shapes::{
    Answers, Bridge, Conversation, List, Neighbour, Rank, Topic, TopicNetwork, TopicNetworks,
    TopicRef, TopicState, Warning,
};
use crate::state::View;
use crate::text::inline::{Day, Tag, Text};
use crate::text::{coordinated, links, say, why, words};

#[derive(Debug, Template)]
#[template(path = "topic.html")]
pub(super) struct Page {
    frame: Frame,
    /// The list it stands in, and its place there.
    list: Option<(Msg, Msg)>,
    label: Text,
    /// The title of its most central conversation.
    headline: Option<Text>,
    facts: Msg,
    voices: Vec<Voice>,
    tongues: Vec<Tongue>,
    /// Networks that welcome newcomers, in words.
    welcoming: Msg,
    welcomes: bool,
    join: Vec<Joining>,
    neighbours: Vec<Near>,
    terms: Vec<Text>,
    because: Vec<Because>,
    states: States,
    bridges: Vec<Bridging>,
    all: Msg,
    atom: String,
    search: String,
    downloads: Vec<Link>,
    ranks: Vec<Ranked>,
    coordinated: Option<Msg>,
    /// That several networks speak of it more than they are used to.
    warning: Option<Alarm>,
    chart: Chart,
    taken: Taken,
    networks: Vec<Part>,
    groups: Vec<Group>,
    happened: Happened,
    shown: Msg,
    first: Option<String>,
    next: Option<String>,
    parent: Option<TopicLink>,
    children: Vec<TopicLink>,
    history: Vec<Event>,
    aliases: usize,
    aliases_words: Msg,
    mail: Option<MailForm>,
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
    reasons: Msg,
    way: String,
}

/// Why it stands in a list, or not.
#[derive(Debug)]
struct Because {
    title: Msg,
    words: Msg,
}

/// Who speaks, who could and does not, of whom nobody knows.
#[derive(Debug)]
struct States {
    /// Whether mentions could not be looked for.
    unsearched: bool,
    speak: String,
    /// Networks that mention it and take no part, each with the way to what was found.
    mention: Vec<Link>,
    mention_words: Msg,
    could: Vec<Link>,
    could_words: String,
    unknown: Vec<(Text, Msg)>,
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
    words: Msg,
}

#[derive(Debug)]
struct Ranked {
    name: Msg,
    code: &'static str,
    /// Whether it stands in this list.
    high: bool,
    heading: Msg,
    sentence: Msg,
    factors: Vec<Factor>,
    value: String,
}

#[derive(Debug)]
struct Part {
    href: String,
    name: Text,
    count: String,
}

/// An early warning, with its odds.
#[derive(Debug)]
struct Alarm {
    odds: Msg,
    networks: Msg,
}

/// What the page is made of: the topic, a page of its conversations, and the names of the topics it mentions.
#[derive(Debug)]
pub(super) struct Content<'a> {
    pub(super) topic: &'a Topic,
    pub(super) conversations: &'a List<Conversation>,
    /// From a near copy among them to the first.
    pub(super) nearly: &'a BTreeMap<ConversationId, ConversationId>,
    pub(super) named: &'a [TopicRef],
    pub(super) networks: &'a TopicNetworks,
    pub(super) warning: Option<&'a Warning>,
    pub(super) answers: &'a Answers,
    pub(super) params: &'a PageParams,
    pub(super) today: Date,
    /// Whether readers may ask for alerts by mail.
    pub(super) mails: bool,
}

impl Page {
    pub(super) fn new(instance: &str, content: &Content<'_>, zone: &TimeZone) -> Self {
        let Content {
            topic,
            conversations,
            nearly,
            named,
            networks,
            warning,
            answers,
            params,
            today,
            mails,
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
            frame: Frame::new(
                instance,
                msg!("topic-title", label = label.text),
                Nav::Topics,
            )
            .with_feeds(vec![
                Feed::atom(atom.clone(), label.text.clone()),
                Feed::json(json.clone(), label.text.clone()),
            ]),
            label,
            list: topic.list.map(|list| {
                let value = reasons::value(topic, list);
                let place = value.place.map_or_else(
                    || "".into(),
                    |place| msg!("topic-place", place = Arg::Ordinal(place), of = value.of),
                );
                (say::rank_title(list), place)
            }),
            headline: central_title(topic),
            facts: facts(topic),
            voices: topic
                .quotes
                .iter()
                .map(|quote| Voice::on_topic(quote, topic.id))
                .collect(),
            tongues: tongues(topic),
            welcoming: welcoming(topic),
            welcomes: topic.welcoming > 0,
            join: topic.join.iter().map(joining).collect(),
            neighbours: topic
                .neighbours
                .iter()
                .map(|near| self::near(topic.id, near))
                .collect(),
            because: Rank::ALL
                .map(|rank| Because {
                    title: say::rank_title(rank),
                    words: why::in_list(&reasons::value(topic, rank).because),
                })
                .into(),
            states: states(topic, networks),
            bridges: topic.bridges.iter().map(bridging).collect(),
            all: msg!(
                "topic-all",
                conversations = say::conversations(topic.once()),
            ),
            terms: topic
                .terms
                .iter()
                .take(8)
                .map(|term| Text::new(term, terms_language(&topic.languages)))
                .collect(),
            search: links::search(&query),
            downloads: vec![
                Link::new(format!("{here}/brief"), msg!("brief-for-board")),
                Link::new(format!("{here}/package"), msg!("hand-on")),
                Link::new(json, "JSON Feed"),
                Link::new(format!("/api/v1/topics/{}", topic.id), msg!("as-data")),
            ],
            atom,
            ranks: [Rank::Emerging, Rank::Enduring, Rank::Quiet]
                .map(|rank| ranked(topic, rank))
                .into(),
            coordinated: topic
                .coordinated
                .as_ref()
                .filter(|seen| seen.flag)
                .map(|seen| Msg::English(coordinated::reason(seen))),
            warning: warning.map(|warning| Alarm {
                odds: say::odds(warning.chance),
                networks: msg!("topic-warned", networks = warning.networks),
            }),
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
                    count: words::exact(network.once()),
                })
                .collect(),
            groups: groups(&conversations.items, nearly, zone),
            happened: Happened::new(format!("{here}/answers"), answers),
            shown: msg!(
                "search-some-of",
                count = conversations.items.len() - nearly.len(),
                total = say::conversations(topic.once()),
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
            aliases_words: msg!("topic-aliases", count = topic.aliases.len()),
            mail: mails.then(|| MailForm::of_topic(topic.id)).flatten(),
        }
    }
}

/// When it was talked about, with the weeks before it began.
pub(super) fn chart(topic: &Topic, name: &dyn Fn(&str) -> Option<String>) -> Chart {
    let chart = match &topic.before {
        Some(before) => Chart::with_baseline(
            "tt",
            &msg!("column-conversations"),
            &topic.timeline,
            before,
            name,
        ),
        None => Chart::new("tt", &msg!("column-conversations"), &topic.timeline, name),
    };
    chart.annotated(&topic.annotations)
}

/// How the picture of a topic is named elsewhere.
pub(super) fn cited(instance: &str, topic: &Topic, today: Date) -> String {
    let what = format!("“{}”, conversations a week", words::sentence(&topic.label));
    cite(instance, &what, today)
}

/// Facts only, in one sentence.
pub(super) fn facts(topic: &Topic) -> Msg {
    msg!(
        "topic-facts",
        day = topic.born,
        conversations = say::some_conversations(topic.once()),
        copies = say::nearly_the_same(topic.near_copies),
        networks = say::networks(topic.networks.len() as u64),
        areas = in_areas(topic),
        languages = topic.languages.len(),
        active = topic.last_7_days,
    )
}

/// In how many of the areas that networks serve; empty where none says so.
pub(super) fn in_areas(topic: &Topic) -> Msg {
    match (topic.areas.len(), topic.areas_of) {
        (0, _) => "".into(),
        (areas, of) => msg!("topic-in-areas", areas = areas, of = of),
    }
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
    let params = PathParams {
        from: own.to_string(),
        to: near.topic.id.to_string(),
    };
    Near {
        topic: TopicLink::new(&near.topic),
        reasons: why::all_linked(&near.reasons).unwrap_or_else(|| "".into()),
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
            msg!("topic-unknown-none")
        } else {
            let names = network.languages.iter();
            let names = names.map(|language| language.endonym().into());
            msg!("topic-unknown-language", languages = say::list(names))
        };
        (Text::unknown(&network.name), why)
    };
    let count = |state| of(state).count() as u64;
    States {
        unsearched: networks.mentions_unknown,
        speak: words::exact(count(TopicState::Speaks)),
        mention: of(TopicState::Mentions)
            .map(|network| {
                let found = SearchParams {
                    q: read::mentions::asked(&topic.label, topic.labels.values()),
                    network: vec![network.slug.clone()],
                    ..SearchParams::default()
                };
                Link::new(links::search(&found.to_query()), &network.name)
            })
            .collect(),
        mention_words: msg!("topic-mention", count = count(TopicState::Mentions)),
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
    let cut = bridge.cut_off.iter();
    let cut = cut.map(|network| Msg::from(&network.name));
    Bridging {
        href: links::conversation(row.id),
        title: Text::new(title(&row.title), row.language),
        network: Text::unknown(&row.network.name),
        words: msg!("topic-bridge", networks = say::list(cut)),
    }
}

fn ranked(topic: &Topic, rank: Rank) -> Ranked {
    let value = reasons::value(topic, rank);
    let title = say::rank_title(rank);
    Ranked {
        code: words::rank_code(rank),
        name: title.clone(),
        high: value.place.is_some(),
        heading: match value.place {
            Some(place) => msg!(
                "topic-rank-at",
                title = title,
                place = Arg::Ordinal(place),
                of = value.of,
            ),
            None => msg!("topic-rank-not", title = title),
        },
        sentence: reasons::sentence(topic, rank),
        factors: reasons::factors(value),
        value: words::factor(value.value),
    }
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
    let ids: Vec<ConversationId> = conversations.items.iter().map(|row| row.id).collect();
    let nearly = read::search::nearly(&view, &ids);
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
    let warnings = read::warnings::warnings(&view).await?;
    let answers = read::answers::of_topic(&view, &id).await?;
    let content = Content {
        topic: &topic,
        conversations: &conversations,
        nearly: &nearly,
        named: &named,
        networks: &networks,
        warning: warnings
            .items
            .iter()
            .find(|warning| warning.topic.id == topic.id),
        answers: &answers,
        params: &params,
        today: view.today,
        mails: view.state.config().operations.alert_mails,
    };
    let config = view.state.config();
    respond(
        &headers,
        &view,
        &links::with_query(&links::topic(topic.id), &params.to_query()),
        &Page::new(&config.instance_name, &content, &config.zone),
    )
}
