//! What joins the conversations of a topic: bridges between networks, and the topics beside it with the reason.

use std::sync::Arc;

use discover_graph::Topic;
use discover_model::{ConversationId, NetworkId, TopicId};

use super::rows;
use crate::problem::Problem;
use crate::shapes::{Bridge, NetworkRef, Reason};
use crate::state::View;

/// Neighbouring topics named.
const NEIGHBOURS: usize = 4;
/// Relations kept of one conversation, and how many are looked at before those that may not be shown are left out.
const KEPT: usize = 10;
const CANDIDATES: usize = 40;

/// A conversation's kept neighbours, only such as may be shown whole.
pub(super) fn kept(view: &View, id: ConversationId) -> Vec<discover_graph::Relation> {
    let meaning = crate::meaning::of_graph(view.state.config().meaning.as_ref());
    view.state.with_graph(|graph| {
        let shown = |id| {
            let network = graph.network_of_whole(id, &view.visibility);
            network.is_some_and(|network| view.network(network).is_some())
        };
        if !shown(id) {
            return Vec::new();
        }
        let mut found = graph.related_with(id, CANDIDATES, meaning);
        found.retain(|relation| shown(relation.other));
        found.truncate(KEPT);
        found
    })
}

/// Conversations that bridge networks among the central ones of a topic, found once for a publication.
pub(super) async fn bridges(view: &View, topic: &Topic) -> Result<Vec<Bridge>, Problem> {
    let known = view.bridges.get(topic.id);
    let found = match known {
        Some(found) => found,
        None => {
            let central = view.topics.central(topic.id);
            let central: Vec<(ConversationId, NetworkId)> = central
                .into_iter()
                .map(|one| (one.conversation, one.network))
                .collect();
            let asked = view.clone();
            let find = move || discover_graph::bridges(&central, |id| kept(&asked, id));
            let found = Arc::new(view.state.compute(find).await?);
            view.bridges.put(topic.id, Arc::clone(&found));
            found
        }
    };
    let ids: Vec<ConversationId> = found.iter().map(|bridge| bridge.conversation).collect();
    let rows = rows::visible(view, &ids).await?;
    let shape = |bridge: &discover_graph::Bridge| {
        let cut_off = bridge.cut_off.iter().filter_map(|id| view.network(*id));
        let mut cut_off: Vec<NetworkRef> = cut_off
            .map(|network| NetworkRef {
                slug: network.slug.clone(),
                name: network.name.clone(),
            })
            .collect();
        cut_off.sort_by(|a, b| a.slug.cmp(&b.slug));
        Some(Bridge {
            conversation: rows::conversation(view, rows.get(&bridge.conversation)?)?,
            cut_off,
            betweenness: (bridge.betweenness * 1e3).round() / 1e3,
        })
    };
    Ok(found.iter().filter_map(shape).collect())
}

/// A topic beside another, what their link weighs, and why the two conversations are related that join them most.
pub(super) type Beside = (TopicId, f32, Vec<Reason>);

/// The topics beside one, strongest link first.
pub(super) async fn beside(view: &View, topic: &Topic) -> Result<Vec<Beside>, Problem> {
    let mut found = view.topics.neighbours(topic.id);
    found.truncate(NEIGHBOURS);
    let asked = view.clone();
    let reasons = move || {
        let beside = found.into_iter().map(|neighbour| {
            let (one, other) = neighbour.between;
            let kept = kept(&asked, one);
            let relation = kept.iter().find(|relation| relation.other == other);
            let reasons = relation.iter().flat_map(|relation| &relation.reasons);
            (
                neighbour.topic,
                neighbour.weight,
                reasons.map(rows::reason).collect(),
            )
        });
        beside.collect()
    };
    view.state.compute(reasons).await
}
