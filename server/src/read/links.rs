//! What joins the conversations of a topic: bridges between networks, and the topics beside it with the reason.

use std::collections::BTreeMap;
use std::sync::Arc;

use discover_graph::Topic;
use discover_model::{ConversationId, NetworkId, TopicId};

use super::rows;
use crate::picture::map::strongest;
use crate::problem::Problem;
use crate::shapes::{Bridge, Map, NetworkRef, Reason};
use crate::state::View;
use crate::text::words;

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

/// Topics by twos, the lower id first.
type Pair = (TopicId, TopicId);

/// Why the topics are linked that stand beside each other on a map, found once for a publication.
pub(super) async fn reasons(view: &View, map: &Map) -> Result<BTreeMap<Pair, String>, Problem> {
    let ids = |(_, a, b): (f64, usize, usize)| {
        let (a, b) = (map.topics[a].id, map.topics[b].id);
        (a.min(b), a.max(b))
    };
    let pairs: Vec<Pair> = strongest(map).into_iter().map(ids).collect();
    let unknown: Vec<Pair> = pairs
        .iter()
        .copied()
        .filter(|pair| view.reasons.get(*pair).is_none())
        .collect();
    if !unknown.is_empty() {
        let asked = view.clone();
        let find = move || {
            for (a, b) in unknown {
                let reason = reason(&asked, a, b).unwrap_or_default();
                asked.reasons.put((a, b), reason);
            }
        };
        view.state.compute(find).await?;
    }
    let known = |pair: Pair| {
        let reason = view.reasons.get(pair)?;
        (!reason.is_empty()).then_some((pair, reason))
    };
    Ok(pairs.into_iter().filter_map(known).collect())
}

/// The reason of the two conversations that join two topics most; else the terms that both have.
fn reason(view: &View, a: TopicId, b: TopicId) -> Option<String> {
    let beside = view.topics.neighbours(a);
    let between = beside.iter().find(|neighbour| neighbour.topic == b);
    let related = between.and_then(|neighbour| {
        let (one, other) = neighbour.between;
        let kept = kept(view, one);
        let relation = kept.iter().find(|relation| relation.other == other)?;
        relation
            .reasons
            .first()
            .map(|first| rows::reason(first).words)
    });
    related.or_else(|| {
        let terms = |id: TopicId| Some(&super::topics::shown(view, id)?.terms);
        let (one, other) = (terms(a)?, terms(b)?);
        let both: Vec<&String> = one
            .iter()
            .filter(|term| other.contains(term))
            .take(3)
            .collect();
        (!both.is_empty()).then(|| format!("both speak of {}", words::list(&both)))
    })
}
