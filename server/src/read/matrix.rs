//! Who takes part in which topic, who could and does not, and of whom nobody knows.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use discover_graph::{Participation, Topic as Clustered};
use discover_model::grant::Purpose;
use discover_model::threshold::may_show_of_one;
use discover_model::{Grant, Language, Network, NetworkId};

use super::params::{TopicParams, page};
use super::{areas, comparable, mentions, topics};
use crate::figures::Figures;
use crate::problem::Problem;
use crate::shapes::{
    Matrix, MatrixArea, MatrixCell, MatrixRow, NetworkRef, TopicNetwork, TopicNetworks, TopicState,
};
use crate::state::View;
use crate::text::order::by_name;

/// Conversations of each network, and how many of them are near copies of others there.
type Counts = BTreeMap<NetworkId, (u64, u64)>;

/// The networks of one topic: those that speak, most conversations first; then those that mention it, those that could, and
/// those of which nobody knows.
pub async fn networks(view: &View, id: &str) -> Result<TopicNetworks, Problem> {
    let figures = view.state.figures(view.today).await?;
    let languages = comparable::languages(view).await?;
    let topic = topics::find(view, id)?;
    let parts = view.topics.participation_of(topic.id);
    let taking: BTreeSet<NetworkId> = parts.iter().map(|part| part.network).collect();
    let mut items: Vec<TopicNetwork> = parts
        .iter()
        .filter_map(|part| {
            let network = view.network(part.network)?;
            Some(shape(network, part, languages.get(&network.id)))
        })
        .collect();
    items.sort_by(|one, other| {
        let count = other.once().cmp(&one.once());
        count.then_with(|| by_name(&one.name, &other.name))
    });
    let others = joining(view, &figures).filter(|network| !taking.contains(&network.id));
    let mentions = mentions::of(view, topic).await?;
    let looked = mentions.is_some();
    let mentions = mentions.unwrap_or_default();
    let (mention, others): (Vec<&Network>, Vec<&Network>) =
        others.partition(|network| mentions.contains(&network.id));
    // Of one that may mention it nobody says that it is silent.
    let (could, unknown): (Vec<&Network>, Vec<&Network>) =
        others.into_iter().partition(|network| {
            looked && comparable::could(view, &topic.languages, languages.get(&network.id))
        });
    for (networks, state) in [
        (&mention, TopicState::Mentions),
        (&could, TopicState::Could),
        (&unknown, TopicState::NotComparable),
    ] {
        items.extend(networks.iter().map(|network| TopicNetwork {
            slug: network.slug.clone(),
            name: network.name.clone(),
            state,
            count: 0,
            near_copies: 0,
            languages: listed(languages.get(&network.id)),
            first: None,
            last: None,
            weeks: None,
        }));
    }
    Ok(TopicNetworks {
        topic: topics::reference(view, topic),
        items,
        silent: could.into_iter().map(reference).collect(),
        mentions_unknown: !looked,
        since: comparable::since(view),
        generation: view.generation(),
    })
}

/// What networks say of a topic, and which mention it; none where that could not be looked for.
type Taking = (Counts, Option<Arc<BTreeSet<NetworkId>>>);

/// The topics of one ranking, and what each network has to do with each.
pub async fn matrix(view: &View, params: &TopicParams) -> Result<Matrix, Problem> {
    let figures = view.state.figures(view.today).await?;
    let languages = comparable::languages(view).await?;
    let listed = topics::listed(view, params)?;
    let key = |topic: &&Clustered| topic.id.to_string();
    let (part, next) = page(&listed, params.cursor.as_deref(), params.limit, key)?;
    let mut active: BTreeMap<&str, (&Network, usize)> = joining(view, &figures)
        .map(|network| (network.slug.as_str(), (network, 0)))
        .collect();
    let mut taking: Vec<Taking> = Vec::with_capacity(part.len());
    for topic in part {
        let parts = view.topics.participation_of(topic.id);
        let mut counts = BTreeMap::new();
        for part in &parts {
            if let Some(network) = view.network(part.network) {
                let of = active.entry(network.slug.as_str()).or_insert((network, 0));
                of.1 += 1;
                counts.insert(network.id, counted(part));
            }
        }
        taking.push((counts, mentions::of(view, topic).await?));
    }
    let mut networks: Vec<(&Network, usize)> = active.into_values().collect();
    networks.sort_by(|(one, topics), (other, more)| {
        more.cmp(topics)
            .then_with(|| by_name(&one.name, &other.name))
    });
    let mentions_unknown = taking.iter().any(|(_, mentions)| mentions.is_none());
    let row = |(topic, (counts, mentions)): (&&Clustered, &Taking)| {
        let cells = networks.iter().map(|(network, _)| {
            let (count, near_copies) = counts.get(&network.id).copied().unwrap_or_default();
            let state = if count > 0 {
                TopicState::Speaks
            } else if mentions
                .as_ref()
                .is_some_and(|all| all.contains(&network.id))
            {
                TopicState::Mentions
            } else if mentions.is_some()
                && comparable::could(view, &topic.languages, languages.get(&network.id))
            {
                TopicState::Could
            } else {
                TopicState::NotComparable
            };
            MatrixCell {
                network: network.slug.clone(),
                state,
                count,
                near_copies,
            }
        });
        MatrixRow {
            topic: topics::reference(view, topic),
            cells: cells.collect(),
        }
    };
    Ok(Matrix {
        mentions_unknown,
        areas: by_area(&networks),
        items: part.iter().zip(&taking).map(row).collect(),
        networks: networks
            .iter()
            .map(|(network, _)| reference(network))
            .collect(),
        next,
        total: listed.len() as u64,
        since: comparable::since(view),
        generation: view.generation(),
        too_small: topics::too_small(&view.topics, params.level),
    })
}

fn by_area(networks: &[(&Network, usize)]) -> Vec<MatrixArea> {
    let mut areas: BTreeMap<String, MatrixArea> = BTreeMap::new();
    for (network, _) in networks {
        for area in areas::of(network) {
            let of = areas.entry(area.slug.clone()).or_insert(MatrixArea {
                area,
                networks: Vec::new(),
            });
            of.networks.push(network.slug.clone());
        }
    }
    let mut areas: Vec<MatrixArea> = areas.into_values().collect();
    areas.sort_by(|one, other| {
        let kind = one.area.kind.cmp(&other.area.kind);
        kind.then_with(|| by_name(&one.area.name, &other.area.name))
    });
    areas
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

/// Conversations, and how many of them are near copies of others at the network.
fn counted(part: &Participation) -> (u64, u64) {
    let near_copies = part.conversations.saturating_sub(part.texts);
    (u64::from(part.conversations), u64::from(near_copies))
}

fn reference(network: &Network) -> NetworkRef {
    NetworkRef {
        slug: network.slug.clone(),
        name: network.name.clone(),
    }
}

fn listed(languages: Option<&BTreeSet<Language>>) -> Vec<Language> {
    languages.into_iter().flatten().copied().collect()
}

fn shape(
    network: &Network,
    part: &Participation,
    languages: Option<&BTreeSet<Language>>,
) -> TopicNetwork {
    let enough = enough(part);
    let (count, near_copies) = counted(part);
    TopicNetwork {
        slug: network.slug.clone(),
        name: network.name.clone(),
        state: TopicState::Speaks,
        count,
        near_copies,
        languages: listed(languages),
        first: part.first.filter(|_| enough),
        last: part.last.filter(|_| enough),
        weeks: enough.then_some(u64::from(part.weeks)),
    }
}
