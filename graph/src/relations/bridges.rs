//! Conversations that bridge networks: without them some networks' conversations would not be linked to the rest.
//!
//! Two measures of one graph of relations: articulation says which they are (what falls apart without it), betweenness
//! how much hangs on each (how many of the shortest ways from one network to another lead through it; Brandes 2001).

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use discover_model::{ConversationId, NetworkId};
use petgraph::algo::articulation_points::articulation_points;
use petgraph::graphmap::UnGraphMap;
use petgraph::visit::{Dfs, NodeIndexable as _};

use crate::relations::Relation;
use crate::relations::paths::among;

/// Bridges named of one set of conversations.
const MOST: usize = 3;

/// A conversation that bridges networks.
#[derive(Debug, Clone, PartialEq)]
pub struct Bridge {
    pub conversation: ConversationId,
    /// Networks that would not be linked to the rest without it.
    pub cut_off: BTreeSet<NetworkId>,
    /// Part of the shortest ways between conversations of two networks that lead through it.
    pub betweenness: f64,
}

/// The bridges among some conversations, those that most hangs on first. `neighbours` as for a path.
pub fn bridges(
    conversations: &[(ConversationId, NetworkId)],
    neighbours: impl FnMut(ConversationId) -> Vec<Relation>,
) -> Vec<Bridge> {
    let ids: Vec<ConversationId> = conversations.iter().map(|(id, _)| *id).collect();
    let graph = among(&ids, neighbours);
    let networks: BTreeMap<ConversationId, NetworkId> = conversations.iter().copied().collect();
    let between = betweenness(&graph, &networks);
    let points = articulation_points(&graph);
    let mut found: Vec<Bridge> = ids
        .iter()
        .zip(between)
        .filter(|(id, _)| points.contains(*id))
        .map(|(id, betweenness)| Bridge {
            conversation: *id,
            cut_off: cut_off(&graph, *id, &networks),
            betweenness,
        })
        .filter(|bridge| !bridge.cut_off.is_empty())
        .collect();
    // A stable sort: equals stay in the order given.
    found.sort_by(|a, b| {
        let more = b.cut_off.len().cmp(&a.cut_off.len());
        more.then(b.betweenness.total_cmp(&a.betweenness))
    });
    found.truncate(MOST);
    found
}

/// Networks that are linked to the rest through this one alone: those that are in a part that falls off, and not in the
/// largest part.
fn cut_off(
    graph: &UnGraphMap<ConversationId, f32>,
    id: ConversationId,
    networks: &BTreeMap<ConversationId, NetworkId>,
) -> BTreeSet<NetworkId> {
    let mut rest = graph.clone();
    rest.remove_node(id);
    let mut seen: BTreeSet<ConversationId> = BTreeSet::new();
    let mut parts: Vec<BTreeSet<NetworkId>> = Vec::new();
    let mut sizes: Vec<usize> = Vec::new();
    for neighbour in graph.neighbors(id) {
        if seen.contains(&neighbour) {
            continue;
        }
        let mut walk = Dfs::new(&rest, neighbour);
        let (mut part, mut size) = (BTreeSet::new(), 0);
        while let Some(node) = walk.next(&rest) {
            seen.insert(node);
            part.extend(networks.get(&node));
            size += 1;
        }
        parts.push(part);
        sizes.push(size);
    }
    let own = networks.get(&id);
    let largest = (0..parts.len()).max_by_key(|at| (sizes[*at], std::cmp::Reverse(*at)));
    let Some(largest) = largest else {
        return BTreeSet::new();
    };
    let off = (0..parts.len()).filter(|at| *at != largest);
    off.flat_map(|at| &parts[at])
        .filter(|network| !parts[largest].contains(network) && Some(*network) != own)
        .copied()
        .collect()
}

/// By conversation in order of the graph's nodes: part of the shortest ways between two networks that lead through it.
fn betweenness(
    graph: &UnGraphMap<ConversationId, f32>,
    networks: &BTreeMap<ConversationId, NetworkId>,
) -> Vec<f64> {
    let nodes: Vec<ConversationId> = graph.nodes().collect();
    let of: Vec<Option<&NetworkId>> = nodes.iter().map(|id| networks.get(id)).collect();
    let near: Vec<Vec<usize>> = nodes
        .iter()
        .map(|id| {
            graph
                .neighbors(*id)
                .map(|other| graph.to_index(other))
                .collect()
        })
        .collect();
    let mut through = vec![0.0; nodes.len()];
    let mut pairs = 0.0;
    for start in 0..nodes.len() {
        let (mut order, mut queue) = (Vec::new(), VecDeque::from([start]));
        let mut ways = vec![0.0_f64; nodes.len()];
        let mut distance = vec![usize::MAX; nodes.len()];
        (ways[start], distance[start]) = (1.0, 0);
        while let Some(at) = queue.pop_front() {
            order.push(at);
            for &other in &near[at] {
                if distance[other] == usize::MAX {
                    distance[other] = distance[at] + 1;
                    queue.push_back(other);
                }
                if distance[other] == distance[at] + 1 {
                    ways[other] += ways[at];
                }
            }
        }
        let mut hang = vec![0.0; nodes.len()];
        for &at in order.iter().rev() {
            let foreign = if of[at] == of[start] { 0.0 } else { 1.0 };
            for &before in &near[at] {
                if distance[before] + 1 == distance[at] {
                    hang[before] += ways[before] / ways[at] * (foreign + hang[at]);
                }
            }
            if at != start {
                through[at] += hang[at];
                pairs += foreign;
            }
        }
    }
    through
        .into_iter()
        .map(|sum| if pairs > 0.0 { sum / pairs } else { 0.0 })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::relations::Reason;

    fn id(number: u32) -> ConversationId {
        ConversationId::from_u128(u128::from(number))
    }

    fn neighbours(pairs: &[(u32, u32)]) -> impl FnMut(ConversationId) -> Vec<Relation> {
        let pairs = pairs.to_vec();
        move |of| {
            let to = |number: u32| Relation {
                other: id(number),
                score: 0.5,
                reasons: vec![Reason::Quote { weight: 0.5 }],
            };
            let of = |row: &&(u32, u32)| id(row.0) == of;
            pairs.iter().filter(of).map(|row| to(row.1)).collect()
        }
    }

    #[test]
    fn what_networks_hang_on_is_found_and_named_with_them() {
        // Two of network 1 and two of network 2, which know each other; network 3 hangs on conversation 5 alone.
        let net = |number: u32| NetworkId::from_u128(u128::from(number));
        let all = [(1, 1), (2, 1), (3, 2), (4, 2), (5, 2), (6, 3), (7, 3)];
        let all: Vec<_> = all.iter().map(|(at, of)| (id(*at), net(*of))).collect();
        let pairs = [
            (1, 2),
            (2, 3),
            (1, 3),
            (3, 4),
            (4, 1),
            (4, 5),
            (3, 5),
            (5, 6),
            (6, 7),
        ];
        let found = bridges(&all, neighbours(&pairs));
        assert_eq!((found.len(), found[0].conversation), (1, id(5)));
        assert_eq!(found[0].cut_off, BTreeSet::from([net(3)]));
        // Conversation 6 is of the network that would fall off, and bridges nothing.
        assert!(bridges(&all[..5], neighbours(&pairs)).is_empty());
    }
}
