//! Why the topics are linked that stand beside each other on a map.

use std::collections::BTreeMap;

use discover_model::TopicId;

use super::{links, rows, topics};
use crate::picture::map::strongest;
use crate::problem::Problem;
use crate::shapes::Map;
use crate::state::View;
use crate::text::words;

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
        let kept = links::kept(view, one);
        let relation = kept.iter().find(|relation| relation.other == other)?;
        relation
            .reasons
            .first()
            .map(|first| rows::reason(first).words)
    });
    related.or_else(|| {
        let terms = |id: TopicId| Some(&topics::shown(view, id)?.terms);
        let (one, other) = (terms(a)?, terms(b)?);
        let both: Vec<&String> = one
            .iter()
            .filter(|term| other.contains(term))
            .take(3)
            .collect();
        (!both.is_empty()).then(|| format!("both speak of {}", words::list(&both)))
    })
}
