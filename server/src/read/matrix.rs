//! Who takes part in which topic, and who is silent.

use std::collections::{BTreeMap, BTreeSet};

use discover_graph::{Part, Topic as Clustered};
use discover_model::threshold::{MIN_VOICES, rounded};
use discover_model::{Network, NetworkId};

use super::params::{TopicParams, bad_cursor, page};
use super::topics;
use crate::problem::Problem;
use crate::shapes::{Matrix, MatrixCell, MatrixRow, NetworkRef, TopicNetwork, TopicNetworks};
use crate::state::View;

/// The networks of one topic, most conversations first, and those that are silent about it, by slug.
pub fn networks(view: &View, id: &str) -> Result<TopicNetworks, Problem> {
    let topic = topics::find(view, id)?;
    let parts = view.topics.parts_of(topic.id);
    let taking: BTreeSet<NetworkId> = parts.iter().map(|part| part.network).collect();
    Ok(TopicNetworks {
        topic: topics::reference(view, topic),
        items: parts
            .iter()
            .filter_map(|part| Some(shape(view.network(part.network)?, part)))
            .collect(),
        silent: view
            .networks()
            .filter(|network| !taking.contains(&network.id))
            .map(reference)
            .collect(),
        generation: view.generation(),
    })
}

/// The topics of one ranking, each with the networks that take part in it.
pub fn matrix(view: &View, params: &TopicParams) -> Result<Matrix, Problem> {
    if let Some(cursor) = &params.cursor {
        cursor
            .parse::<discover_model::TopicId>()
            .map_err(|_| bad_cursor())?;
    }
    let listed = topics::listed(view, params)?;
    let key = |topic: &&Clustered| topic.id.to_string();
    let (part, next) = page(&listed, params.cursor.as_deref(), params.limit, key)?;
    let mut active: BTreeMap<&str, usize> = view
        .networks()
        .map(|network| (network.slug.as_str(), 0))
        .collect();
    let mut items = Vec::with_capacity(part.len());
    for topic in part {
        let parts = view.topics.parts_of(topic.id);
        let cells = parts.iter().filter_map(|part| {
            let network = view.network(part.network)?;
            *active.entry(network.slug.as_str()).or_default() += 1;
            Some(MatrixCell {
                network: network.slug.clone(),
                count: enough(part).then(|| rounded(u64::from(part.conversations))),
            })
        });
        items.push(MatrixRow {
            cells: cells.collect(),
            topic: topics::reference(view, topic),
        });
    }
    let mut slugs: Vec<(&str, usize)> = active.into_iter().collect();
    slugs.sort_by_key(|(_, topics)| std::cmp::Reverse(*topics));
    Ok(Matrix {
        networks: slugs
            .into_iter()
            .filter_map(|(slug, _)| view.network_by_slug(slug).map(reference))
            .collect(),
        items,
        next,
        total: listed.len() as u64,
        generation: view.generation(),
        too_small: topics::too_small(view, params.level),
    })
}

fn enough(part: &Part) -> bool {
    part.voices as usize >= MIN_VOICES
}

fn reference(network: &Network) -> NetworkRef {
    NetworkRef {
        slug: network.slug.clone(),
        name: network.name.clone(),
    }
}

fn shape(network: &Network, part: &Part) -> TopicNetwork {
    let enough = enough(part);
    TopicNetwork {
        slug: network.slug.clone(),
        name: network.name.clone(),
        count: enough.then(|| rounded(u64::from(part.conversations))),
        first: enough.then_some(part.first),
        last: enough.then_some(part.last),
        weeks: enough.then_some(u64::from(part.weeks)),
    }
}
