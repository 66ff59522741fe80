//! The graph of topics as it may be shown, whole.

use std::collections::{BTreeMap, BTreeSet};

use discover_model::TopicId;

use crate::shapes::{GraphTopic, MapLink, NetworkRef, PublicGraph};
use crate::state::View;

/// Topics of all levels past the thresholds, by level and id; links between them; networks that take part, by slug.
pub fn graph(view: &View) -> PublicGraph {
    let mut places: BTreeMap<TopicId, (f64, f64)> = BTreeMap::new();
    let mut links = Vec::new();
    for level in &view.topics.map {
        let on_map = level.topics.iter();
        places.extend(on_map.map(|topic| (topic.id, (f64::from(topic.x), f64::from(topic.y)))));
        links.extend(level.links.iter().map(|link| MapLink {
            a: link.a,
            b: link.b,
            weight: f64::from(link.weight),
            reason: None,
        }));
    }
    let shown = |id: TopicId| super::topics::shown(view, id).is_some();
    let mut slugs: BTreeSet<&str> = BTreeSet::new();
    let mut topics = Vec::new();
    for topic in view.topics.topics.iter().filter(|topic| topic.shown) {
        let mut networks: Vec<&str> = topic
            .networks
            .iter()
            .filter_map(|(id, _)| Some(view.network(*id)?.slug.as_str()))
            .collect();
        networks.sort_unstable();
        slugs.extend(&networks);
        let place = places.get(&topic.id);
        topics.push(GraphTopic {
            id: topic.id,
            label: topic.label.clone(),
            level: topic.level,
            parent: topic.parent.filter(|id| shown(*id)),
            conversations: super::topics::size(topic).0,
            near_copies: super::topics::size(topic).1,
            networks: networks.into_iter().map(str::to_owned).collect(),
            effective_networks: topic.effective_networks,
            born: topic.born,
            last_active: topic.last_active,
            coordinated: topic.coordinated.is_some(),
            x: place.map(|place| place.0),
            y: place.map(|place| place.1),
        });
    }
    PublicGraph {
        topics,
        links,
        networks: slugs
            .into_iter()
            .filter_map(|slug| {
                let network = view.network_by_slug(slug)?;
                Some(NetworkRef {
                    slug: network.slug.clone(),
                    name: network.name.clone(),
                })
            })
            .collect(),
        drawn: view.topics.drawn,
        generation: view.generation(),
        too_small: (0..3)
            .map(|level| super::topics::too_small(&view.topics, level))
            .sum(),
    }
}
