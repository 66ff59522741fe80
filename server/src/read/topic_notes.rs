//! What is noted on a topic, as far as it may be shown.
//!
//! Contract: a note of a network is shown while the network may be shown and speaks in the topic; none is that names a network
//! which may not be shown.

use discover_graph::Topic as Clustered;
use discover_model::network::NetworkState;
use discover_model::{NetworkId, TopicId};
use discover_store::{Annotation as Stored, names_network};

use crate::problem::Problem;
use crate::shapes::{Annotation, NetworkRef};
use crate::state::View;

/// Those of a topic that may be shown, by day.
pub(super) async fn of_topic(view: &View, topic: &Clustered) -> Result<Vec<Annotation>, Problem> {
    let stored = view.state.store().annotations(&ids(topic)).await;
    let stored = stored.map_err(|error| Problem::internal(&error))?;
    let shown = stored.iter().filter(|one| is_shown(view, one, topic));
    Ok(shown.filter_map(|one| shape(view, one)).collect())
}

/// All ids of a topic.
pub(super) fn ids(topic: &Clustered) -> Vec<TopicId> {
    let mut ids = vec![topic.id];
    ids.extend(topic.aliases.iter().copied());
    ids
}

/// Whether everybody may see it on its topic.
pub(super) fn is_shown(view: &View, one: &Stored, topic: &Clustered) -> bool {
    let by = one.network.is_none_or(|id| {
        view.network(id).is_some() && topic.networks.iter().any(|row| row.0 == id)
    });
    by && !names_hidden(view, one, None)
}

/// Whether it names a network that may not be shown, another one than `own`: then not even its author sees it.
pub(super) fn names_hidden(view: &View, one: &Stored, own: Option<NetworkId>) -> bool {
    let mut all = view.networks.by_id.values();
    all.any(|network| {
        // One that has only been entered has shown nothing yet.
        network.state != NetworkState::Asked
            && Some(network.id) != own
            && view.network(network.id).is_none()
            && names_network(&one.text, &network.slug, &network.name)
    })
}

/// With the name of whoever wrote it; none where that may not be named.
pub(super) fn shape(view: &View, one: &Stored) -> Option<Annotation> {
    let config = view.state.config();
    let mut note = bare(one);
    match one.network {
        Some(id) => {
            let network = view.network(id)?;
            note.network = Some(NetworkRef {
                slug: network.slug.clone(),
                name: network.name.clone(),
            });
        }
        None => {
            let name = config.operator.as_ref().unwrap_or(&config.instance_name);
            note.operator = Some(name.clone());
        }
    }
    Some(note)
}

pub(super) fn bare(one: &Stored) -> Annotation {
    Annotation {
        number: one.number,
        day: one.day,
        text: one.text.clone(),
        network: None,
        operator: None,
        written: one.at,
        topic: one.topic,
    }
}
