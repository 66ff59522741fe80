//! The map of topics, the same as cards by subject, and its table.

use std::collections::BTreeMap;

use askama::Template;
use axum::http::HeaderMap;
use axum::response::Response;
use discover_model::TopicId;

use super::reader::Reader;
use super::respond;
use super::view::{Frame, Link, Nav, Taken, cite, label};
use crate::i18n::{Arg, Msg, filters, msg};
use crate::picture::Px;
use crate::picture::map::{Picture, dot, strongest};
use crate::problem::Problem;
use crate::read;
use crate::read::params::{MapParams, PageQuery};
use crate::shapes::{Map, MapAnswers, MapTopic, Rank};
use crate::state::View;
use crate::text::answered::stage;
use crate::text::inline::{Day, Text};
use crate::text::{coordinated, links, say, why, words};

/// Topics that a search in the map names.
const NAMED: usize = 12;
/// Height of the tallest bar of the weeks.
const BAR: f64 = 28.0;

#[derive(Debug, Template)]
#[template(path = "map.html")]
pub(super) struct Page {
    frame: Frame,
    lead: Msg,
    levels: Vec<Link>,
    q: String,
    /// What the form carries on unseen.
    kept: Vec<(&'static str, String)>,
    found: Option<Found>,
    picture: Picture,
    /// What the letters in circles stand for.
    letters: Vec<LegendRow>,
    letters_words: Msg,
    subjects: Vec<Subject>,
    weeks: Vec<Week>,
    /// All twelve weeks together, where one is looked at.
    all_weeks: Option<String>,
    taken: Taken,
    drawn: Day,
    too_small: Msg,
    rows: Vec<Row>,
    /// Whether anybody answered any of them.
    answered: bool,
}

/// What a search in the map lit.
#[derive(Debug)]
struct Found {
    words: Msg,
    topics: Vec<(String, Text)>,
}

/// A wider topic with those in it; the name is empty where they lie in none.
#[derive(Debug)]
struct Subject {
    id: String,
    name: Option<Text>,
    topics: Vec<Line>,
}

/// A circle whose name found no place beside it.
#[derive(Debug)]
struct LegendRow {
    letter: String,
    href: String,
    label: Text,
}

#[derive(Debug)]
struct Line {
    href: String,
    label: Text,
    dot: &'static str,
    ringed: bool,
    size: String,
    sign: Option<Msg>,
    answers: Option<Answered>,
}

/// How far answers to a topic have come, with the look of it.
#[derive(Debug)]
struct Answered {
    class: &'static str,
    words: Msg,
}

#[derive(Debug)]
struct Week {
    href: String,
    start: Day,
    words: Msg,
    posts: Msg,
    current: bool,
    bar: Px,
    top: Px,
}

#[derive(Debug)]
struct Row {
    href: String,
    label: Text,
    subject: Option<Text>,
    /// Those it has most to do with, and why.
    related: Vec<Related>,
    list: Msg,
    size: String,
    networks: String,
    sign: Option<Msg>,
    answers: Option<Answered>,
}

#[derive(Debug)]
struct Related {
    href: String,
    label: Text,
    reason: Msg,
}

impl Page {
    pub(super) fn new(instance: &str, params: &MapParams, map: &Map) -> Self {
        let mut order: Vec<&MapTopic> = map.topics.iter().collect();
        let names: BTreeMap<TopicId, &str> = map
            .subjects
            .iter()
            .map(|subject| (subject.id, subject.label.as_str()))
            .collect();
        let name = |topic: &MapTopic| topic.parent.and_then(|parent| names.get(&parent).copied());
        // By subject, then largest first: as the eye would go over the picture.
        order.sort_by(|one, other| {
            let (a, b) = (name(one), name(other));
            a.is_none()
                .cmp(&b.is_none())
                .then(a.cmp(&b))
                .then(other.size.cmp(&one.size))
                .then(one.label.cmp(&other.label))
                .then(one.id.cmp(&other.id))
        });
        let start = MapParams {
            q: None,
            topic: None,
            ..params.clone()
        };
        let picture = Picture::new(map);
        let letters = letters(&picture, map);
        Self {
            letters_words: msg!("map-letters", count = letters.len()),
            letters,
            frame: Frame::new(instance, msg!("map-title"), Nav::Map),
            lead: lead(map),
            levels: levels(&start, map),
            q: params.q.clone().unwrap_or_default(),
            kept: kept(&start),
            found: params.q.as_deref().map(|q| found(q, map)),
            picture,
            subjects: subjects(&order, &name),
            weeks: weeks(&start, map),
            all_weeks: map.week.map(|_| {
                let whole = MapParams {
                    week: None,
                    ..start.clone()
                };
                links::with_query("/map", &whole.to_query())
            }),
            taken: Taken::new(
                "/map",
                &params.to_query(),
                &["svg", "csv"],
                cited(instance, map),
            ),
            drawn: Day(map.drawn),
            too_small: say::too_small(map.too_small),
            rows: rows(&order, &name, map),
            answered: map.topics.iter().any(|topic| topic.answers.is_some()),
        }
    }
}

fn lead(map: &Map) -> Msg {
    let topics = say::topics(map.topics.len() as u64);
    let circle = match map.week {
        Some(week) => msg!("map-circle-week", day = week),
        None => msg!("map-circle"),
    };
    msg!(
        "map-lead",
        topics = topics,
        subjects = map.subjects.len(),
        circle = circle,
    )
}

fn levels(start: &MapParams, map: &Map) -> Vec<Link> {
    say::levels()
        .into_iter()
        .map(|(level, name)| {
            let to = MapParams {
                level,
                ..start.clone()
            };
            Link::new(links::with_query("/map", &to.to_query()), name).current(level == map.level)
        })
        .collect()
}

fn kept(start: &MapParams) -> Vec<(&'static str, String)> {
    let mut kept = vec![("level", start.level.to_string())];
    kept.extend(start.week.map(|week| ("week", week.to_string())));
    kept
}

fn found(q: &str, map: &Map) -> Found {
    let topics = map
        .topics
        .iter()
        .filter(|topic| map.lit.contains(&topic.id));
    let words = match map.lit.len() as u64 {
        0 => msg!("map-none-found", q = q),
        count => msg!("map-found", topics = say::topics(count), q = q),
    };
    Found {
        words,
        topics: topics
            .take(NAMED)
            .map(|topic| (links::topic(topic.id), label(&topic.label, &topic.labels)))
            .collect(),
    }
}

fn subjects<'a>(order: &[&MapTopic], name: &dyn Fn(&MapTopic) -> Option<&'a str>) -> Vec<Subject> {
    let mut subjects: Vec<Subject> = Vec::new();
    let mut last = None;
    for topic in order {
        let own = name(topic);
        if last != Some(own) {
            subjects.push(Subject {
                id: format!("s-{}", subjects.len() + 1),
                name: own.map(|name| Text::unknown(words::sentence(name))),
                topics: Vec::new(),
            });
            last = Some(own);
        }
        if let Some(subject) = subjects.last_mut() {
            subject.topics.push(Line {
                href: links::topic(topic.id),
                label: label(&topic.label, &topic.labels),
                dot: dot(topic.list),
                ringed: topic.list == Some(Rank::Emerging),
                size: words::exact(topic.posts.unwrap_or(topic.size)),
                sign: coordinated::sign(topic.coordinated.as_ref()),
                answers: topic.answers.as_ref().map(answered),
            });
        }
    }
    subjects
}

fn weeks(start: &MapParams, map: &Map) -> Vec<Week> {
    let most = map.weeks.iter().map(|week| week.posts).max().unwrap_or(0);
    let week = |week: &crate::shapes::MapWeek| {
        let to = MapParams {
            week: Some(week.start),
            ..start.clone()
        };
        let bar = if most > 0 {
            BAR * week.posts as f64 / most as f64
        } else {
            0.0
        };
        Week {
            href: links::with_query("/map", &to.to_query()),
            start: Day(week.start),
            words: msg!("plain", text = Arg::ShortDay(week.start)),
            posts: msg!("map-posts", count = say::about(week.posts)),
            current: map.week == Some(week.start),
            bar: Px(bar),
            top: Px(BAR - bar),
        }
    };
    map.weeks.iter().map(week).collect()
}

fn rows<'a>(
    order: &[&MapTopic],
    name: &dyn Fn(&MapTopic) -> Option<&'a str>,
    map: &Map,
) -> Vec<Row> {
    let reasons: BTreeMap<(TopicId, TopicId), &str> = map
        .links
        .iter()
        .filter_map(|link| {
            let pair = (link.a.min(link.b), link.a.max(link.b));
            Some((pair, link.reason.as_deref()?))
        })
        .collect();
    let mut related: BTreeMap<TopicId, Vec<Related>> = BTreeMap::new();
    for (_, a, b) in strongest(map) {
        let (a, b) = (&map.topics[a], &map.topics[b]);
        let reason = reasons.get(&(a.id.min(b.id), a.id.max(b.id)));
        for (own, other) in [(a, b), (b, a)] {
            related.entry(own.id).or_default().push(Related {
                href: links::topic(other.id),
                label: label(&other.label, &other.labels),
                reason: reason.map_or_else(|| "".into(), |reason| why::linked(reason)),
            });
        }
    }
    order
        .iter()
        .map(|topic| Row {
            href: links::topic(topic.id),
            label: label(&topic.label, &topic.labels),
            subject: name(topic).map(|name| Text::unknown(words::sentence(name))),
            related: related.remove(&topic.id).unwrap_or_default(),
            list: topic
                .list
                .map_or_else(|| msg!("map-list-none"), say::rank_title),
            size: words::exact(topic.size),
            networks: words::exact(topic.networks),
            sign: coordinated::sign(topic.coordinated.as_ref()),
            answers: topic.answers.as_ref().map(answered),
        })
        .collect()
}

fn answered(answers: &MapAnswers) -> Answered {
    let (class, words) = match answers.due {
        Some(day) if answers.overdue => ("badge warn", msg!("map-overdue", day = Day(day))),
        Some(day) => ("badge line", msg!("map-due", day = Day(day))),
        None => ("badge", stage(&answers.stage)),
    };
    Answered { class, words }
}

fn letters(picture: &Picture, map: &Map) -> Vec<LegendRow> {
    let named = |(letter, id): (&str, TopicId)| {
        let topic = map.topics.iter().find(|topic| topic.id == id)?;
        Some(LegendRow {
            letter: letter.to_owned(),
            href: links::topic(id),
            label: label(&topic.label, &topic.labels),
        })
    };
    picture.lettered().filter_map(named).collect()
}

/// How the map is named elsewhere.
pub(super) fn cited(instance: &str, map: &Map) -> String {
    let topics = words::of(map.topics.len() as u64, "topic", "topics");
    cite(instance, &format!("map of {topics}"), map.drawn)
}

pub(super) async fn page(
    view: View,
    PageQuery(params): PageQuery<MapParams>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let mut map = read::map::map(&view, &params).await?;
    let reader = Reader::of(&headers);
    reader.name(&mut map.topics);
    reader.name(&mut map.subjects);
    respond(
        &headers,
        &view,
        &links::with_query("/map", &params.to_query()),
        &Page::new(&view.state.config().instance_name, &params, &map),
    )
}
