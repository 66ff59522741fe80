//! Who takes part in which topic, and who is silent.

use std::collections::{BTreeMap, BTreeSet};

use discover_graph::{Participation, Topic as Clustered};
use discover_model::grant::Purpose;
use discover_model::threshold::may_show_of_one;
use discover_model::{Grant, Network, NetworkId};

use super::params::{TopicParams, page};
use super::topics;
use crate::figures::Figures;
use crate::problem::Problem;
use crate::shapes::{Matrix, MatrixCell, MatrixRow, NetworkRef, TopicNetwork, TopicNetworks};
use crate::state::View;

/// The networks of one topic, most conversations first, and those that are silent about it, by slug.
pub async fn networks(view: &View, id: &str) -> Result<TopicNetworks, Problem> {
    let figures = view.state.figures(view.today).await?;
    let topic = topics::find(view, id)?;
    let parts = view.topics.participation_of(topic.id);
    let taking: BTreeSet<NetworkId> = parts.iter().map(|part| part.network).collect();
    Ok(TopicNetworks {
        topic: topics::reference(view, topic),
        items: parts
            .iter()
            .filter_map(|part| Some(shape(view.network(part.network)?, part)))
            .collect(),
        silent: joining(view, &figures)
            .filter(|network| !taking.contains(&network.id))
            .map(reference)
            .collect(),
        generation: view.generation(),
    })
}

/// The topics of one ranking, each with the networks that take part in it.
pub async fn matrix(view: &View, params: &TopicParams) -> Result<Matrix, Problem> {
    let figures = view.state.figures(view.today).await?;
    let listed = topics::listed(view, params)?;
    let key = |topic: &&Clustered| topic.id.to_string();
    let (part, next) = page(&listed, params.cursor.as_deref(), params.limit, key)?;
    let mut active: BTreeMap<&str, usize> = joining(view, &figures)
        .map(|network| (network.slug.as_str(), 0))
        .collect();
    let mut items = Vec::with_capacity(part.len());
    for topic in part {
        let parts = view.topics.participation_of(topic.id);
        let cells = parts.iter().filter_map(|part| {
            let network = view.network(part.network)?;
            *active.entry(network.slug.as_str()).or_default() += 1;
            Some(MatrixCell {
                network: network.slug.clone(),
                count: u64::from(part.conversations),
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
        too_small: topics::too_small(&view.topics, params.level),
    })
}

/// The networks that agreed to be part of topics: the others are not silent, they are not asked.
fn joining<'a>(view: &'a View, figures: &'a Figures) -> impl Iterator<Item = &'a Network> {
    view.networks().filter(|network| {
        let grants = figures.grants.get(&network.id);
        grants.is_some_and(|grants| {
            let agreed = |grant: &Grant| grant.purposes.contains(&Purpose::Topics);
            grants.iter().any(agreed)
        })
    })
}

fn enough(part: &Participation) -> bool {
    may_show_of_one(u64::from(part.voices))
}

fn reference(network: &Network) -> NetworkRef {
    NetworkRef {
        slug: network.slug.clone(),
        name: network.name.clone(),
    }
}

fn shape(network: &Network, part: &Participation) -> TopicNetwork {
    let enough = enough(part);
    TopicNetwork {
        slug: network.slug.clone(),
        name: network.name.clone(),
        count: u64::from(part.conversations),
        first: enough.then_some(part.first),
        last: enough.then_some(part.last),
        weeks: enough.then_some(u64::from(part.weeks)),
    }
}
