//! The map of topics and its table.

use std::collections::BTreeMap;

use askama::Template;
use axum::http::HeaderMap;
use axum::response::Response;
use discover_model::TopicId;

use super::home::too_small;
use super::reader::Reader;
use super::respond;
use super::view::{Frame, Link, Nav, Taken, cite, label};
use crate::picture::map::{Picture, strongest};
use crate::problem::Problem;
use crate::read;
use crate::read::params::{MapParams, PageQuery};
use crate::shapes::{Map, MapTopic, TopicRef};
use crate::state::View;
use crate::text::inline::{Day, Text};
use crate::text::{links, words};

#[derive(Debug, Template)]
#[template(path = "map.html")]
pub(super) struct Page {
    frame: Frame,
    lead: String,
    levels: Vec<Link>,
    picture: Picture,
    taken: Taken,
    drawn: Day,
    too_small: String,
    /// Whether topics of this level lie within wider ones.
    areas: bool,
    rows: Vec<Row>,
}

#[derive(Debug)]
struct Row {
    href: String,
    label: Text,
    area: Option<Text>,
    /// Those it has most to do with.
    related: Vec<(String, Text)>,
    list: &'static str,
    size: String,
    networks: String,
}

impl Page {
    /// `areas` are the names of the wider topics.
    pub(super) fn new(instance: &str, map: &Map, areas: &[TopicRef]) -> Self {
        let names: BTreeMap<TopicId, &str> = areas
            .iter()
            .map(|topic| (topic.id, topic.label.as_str()))
            .collect();
        let mut rows: Vec<(Option<&str>, &MapTopic)> = map
            .topics
            .iter()
            .map(|topic| {
                let area = topic.parent.and_then(|parent| names.get(&parent).copied());
                (area, topic)
            })
            .collect();
        let mut related: BTreeMap<TopicId, Vec<&MapTopic>> = BTreeMap::new();
        for (_, a, b) in strongest(map) {
            let (a, b) = (&map.topics[a], &map.topics[b]);
            related.entry(a.id).or_default().push(b);
            related.entry(b.id).or_default().push(a);
        }
        // By area, then largest first: as the eye would go over the picture.
        rows.sort_by(|one, other| {
            one.0
                .is_none()
                .cmp(&other.0.is_none())
                .then(one.0.cmp(&other.0))
                .then(other.1.size.cmp(&one.1.size))
                .then(one.1.label.cmp(&other.1.label))
                .then(one.1.id.cmp(&other.1.id))
        });
        Self {
            frame: Frame::new(instance, "Map of topics", Nav::Map),
            lead: format!(
                "{}. Near means alike; a bigger circle means more conversations; each topic is joined to the two it has most to do with, the thicker the more.",
                words::of(map.topics.len() as u64, "topic", "topics")
            ),
            levels: [(0, "Wide topics"), (1, "Topics"), (2, "Fine topics")]
                .into_iter()
                .map(|(level, name)| {
                    Link::new(format!("/map?level={level}"), name).current(level == map.level)
                })
                .collect(),
            picture: Picture::new(map),
            taken: Taken::new(
                "/map",
                &format!("level={}", map.level),
                &["svg", "csv"],
                cited(instance, map),
            ),
            drawn: Day(map.drawn),
            too_small: too_small(map.too_small),
            areas: rows.iter().any(|(area, _)| area.is_some()),
            rows: rows
                .into_iter()
                .map(|(area, topic)| Row {
                    href: links::topic(topic.id),
                    label: label(&topic.label, &topic.labels),
                    area: area.map(|area| Text::unknown(words::sentence(area))),
                    related: related
                        .get(&topic.id)
                        .into_iter()
                        .flatten()
                        .map(|other| (links::topic(other.id), label(&other.label, &other.labels)))
                        .collect(),
                    list: topic.list.map_or("None", words::rank_title),
                    size: words::exact(topic.size),
                    networks: words::exact(topic.networks),
                })
                .collect(),
        }
    }
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
    let mut map = read::map::map(&view, params.level)?;
    let parents: Vec<TopicId> = map.topics.iter().filter_map(|topic| topic.parent).collect();
    let mut areas = read::topics::of_ids(&view, &parents);
    let reader = Reader::of(&headers);
    reader.name(&mut map.topics);
    reader.name(&mut areas);
    respond(
        &headers,
        &view,
        &links::with_query("/map", &params.to_query()),
        &Page::new(&view.state.config().instance_name, &map, &areas),
    )
}
