//! The map of topics at one zoom level.

use std::collections::BTreeMap;

use discover_graph::{MapLevel, Snapshot};

use crate::problem::Problem;
use crate::read::rankings::Rankings;
use crate::shapes::{Map, MapLink, MapTopic};
use crate::state::View;

/// Topics and links at `level` (0 widest, 2 finest).
pub fn map(view: &View, level: u8) -> Result<Map, Problem> {
    let drawn = view
        .topics
        .map
        .get(usize::from(level))
        .ok_or_else(|| Problem::parameter("level", "expected a zoom level: 0, 1 or 2"))?;
    Ok(of(&view.topics, &view.rankings, drawn, view.generation()))
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
                since: topic.history.first().map_or(topic.born, |event| event.at),
                parent: topic.parent.filter(|parent| shown(*parent).is_some()),
                list: rankings.list_of(topic.id),
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
        })
        .collect();
    Map {
        level: drawn.level,
        links,
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
