//! The map of topics at one zoom level.

use std::collections::{BTreeMap, BTreeSet};

use discover_graph::{MapLevel, Snapshot};
use discover_model::TopicId;
use discover_model::text::folded;
use discover_model::threshold::rounded;
use jiff::ToSpan as _;
use jiff::civil::Date;

use super::params::MapParams;
use super::{answers, link_reasons, timeline};
use crate::problem::Problem;
use crate::read::rankings::Rankings;
use crate::shapes::{Coordinated, Map, MapLink, MapTopic, MapWeek};
use crate::state::View;

/// Weeks that the map can be looked at in.
const WEEKS: i64 = 12;

/// Topics and links at one zoom level, with the reasons of the strongest links.
pub async fn map(view: &View, params: &MapParams) -> Result<Map, Problem> {
    let drawn = view
        .topics
        .map
        .get(usize::from(params.level))
        .ok_or_else(|| Problem::parameter("level", "expected a zoom level: 0, 1 or 2"))?;
    let mut map = of(&view.topics, &view.rankings, drawn, view.generation());
    let parents: BTreeSet<TopicId> = map.topics.iter().filter_map(|topic| topic.parent).collect();
    let parents: Vec<TopicId> = parents.into_iter().collect();
    map.subjects = super::topics::of_ids(view, &parents);
    weeks(view, &mut map, params.week)?;
    map.lit = lit(view, &map, params);
    let answered = answers::states(view).await?;
    for topic in &mut map.topics {
        topic.answers = answered.get(&topic.id).cloned();
    }
    let reasons = link_reasons::reasons(view, &map).await?;
    for link in &mut map.links {
        let pair = (link.a.min(link.b), link.a.max(link.b));
        link.reason = reasons.get(&pair).cloned();
    }
    Ok(map)
}

/// What was said in each of the last weeks, and of each topic in the one that was asked for.
fn weeks(view: &View, map: &mut Map, asked: Option<Date>) -> Result<(), Problem> {
    let last = timeline::monday(view.today);
    let starts: Vec<Date> = (0..WEEKS)
        .rev()
        .map(|back| last.saturating_sub(back.weeks()))
        .collect();
    map.week = asked.map(timeline::monday);
    if map.week.is_some_and(|week| !starts.contains(&week)) {
        return Err(Problem::parameter(
            "week",
            "expected a day of one of the last twelve weeks",
        ));
    }
    let posts = |topic: TopicId, start: Date| -> u64 {
        let days = super::topics::shown(view, topic).map(|topic| &topic.days);
        let week = days.map(|days| days.range(start..start.saturating_add(1.week())));
        week.map_or(0, |week| week.map(|(_, posts)| u64::from(*posts)).sum())
    };
    let all = |start: Date| -> u64 { map.topics.iter().map(|topic| posts(topic.id, start)).sum() };
    map.weeks = starts
        .into_iter()
        .map(|start| MapWeek {
            start,
            posts: rounded(all(start)),
        })
        .collect();
    if let Some(week) = map.week {
        for topic in &mut map.topics {
            topic.posts = Some(rounded(posts(topic.id, week)));
        }
    }
    Ok(())
}

/// The topics that were asked for by id, or whose names or terms have all words of `q`, or begin with them.
fn lit(view: &View, map: &Map, params: &MapParams) -> Vec<TopicId> {
    let q = params.q.as_deref().unwrap_or_default();
    let words: Vec<String> = q.split_whitespace().map(folded).collect();
    let has = |topic: &&MapTopic| {
        let terms = super::topics::shown(view, topic.id).map(|topic| topic.terms.as_slice());
        let names = topic
            .labels
            .values()
            .chain([&topic.label, &topic.short_label]);
        let texts = names.chain(terms.unwrap_or_default());
        let own: Vec<String> = texts
            .flat_map(|text| text.split(|c: char| !c.is_alphanumeric()))
            .map(folded)
            .collect();
        !words.is_empty()
            && words
                .iter()
                .all(|word| own.iter().any(|own| own.starts_with(word)))
    };
    let asked = |topic: &&MapTopic| params.topic == Some(topic.id) || has(topic);
    let topics = map.topics.iter().filter(asked);
    topics.map(|topic| topic.id).collect()
}

/// A level as it is drawn, as an output shows it.
pub fn of(snapshot: &Snapshot, rankings: &Rankings, drawn: &MapLevel, generation: u64) -> Map {
    let shown = |id| snapshot.resolve(id).filter(|topic| topic.shown);
    let topics: Vec<MapTopic> = drawn
        .topics
        .iter()
        .filter_map(|place| {
            let topic = shown(place.id)?;
            Some(MapTopic {
                id: place.id,
                label: place.label.clone(),
                labels: super::topics::labels(topic),
                short_label: place.short_label.clone(),
                x: f64::from(place.x),
                y: f64::from(place.y),
                size: u64::from(place.size),
                networks: u64::from(place.networks),
                posts: None,
                since: topic.history.first().map_or(topic.born, |event| event.at),
                parent: topic.parent.filter(|parent| shown(*parent).is_some()),
                list: rankings.list_of(topic.id),
                coordinated: Coordinated::by(topic.coordinated.as_ref()),
                answers: None,
            })
        })
        .collect();
    let placed = |id| topics.iter().any(|topic| topic.id == id);
    let links = drawn
        .links
        .iter()
        .filter(|link| placed(link.a) && placed(link.b))
        .map(|link| MapLink {
            a: link.a,
            b: link.b,
            weight: f64::from(link.weight),
            reason: None,
        })
        .collect();
    Map {
        level: drawn.level,
        subjects: Vec::new(),
        week: None,
        weeks: Vec::new(),
        links,
        lit: Vec::new(),
        drawn: snapshot.drawn,
        parameters: BTreeMap::from([
            (
                "min_networks".to_owned(),
                discover_model::threshold::MIN_NETWORKS as f64,
            ),
            (
                "min_voices".to_owned(),
                discover_model::threshold::MIN_VOICES as f64,
            ),
        ]),
        generation,
        too_small: super::topics::too_small(snapshot, drawn.level),
        topics,
    }
}
