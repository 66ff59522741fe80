//! Leiden clustering (Traag, Waltman, van Eck 2019) on petgraph's compressed rows, without randomness.
//!
//! Quality is the sum over communities of inner edge weight minus `gamma` × (community mass)². With masses set to node
//! strengths and `gamma` divided by the total weight this is modularity. Nodes are visited in a fixed order and ties go
//! to the lowest number, so the same graph gives the same communities.

use petgraph::Directed;
use petgraph::csr::Csr;

/// Both directions of every edge; the node weight is its mass.
pub(crate) type Net = Csr<f64, f32, Directed, u32>;

/// A graph from edges given in both directions, sorted, without doubles; masses are strengths.
pub(crate) fn net(nodes: usize, edges: &[(u32, u32, f32)]) -> Net {
    let mut net = build(nodes, edges);
    for node in 0..nodes as u32 {
        net[node] = net
            .edges_slice(node)
            .iter()
            .map(|weight| f64::from(*weight))
            .sum();
    }
    net
}

/// A graph with given masses.
pub(crate) fn with_masses(edges: &[(u32, u32, f32)], masses: &[f64]) -> Net {
    let mut net = build(masses.len(), edges);
    for (node, mass) in (0..).zip(masses) {
        net[node] = *mass;
    }
    net
}

fn build(nodes: usize, edges: &[(u32, u32, f32)]) -> Net {
    let mut net = Net::from_sorted_edges(edges).unwrap_or_default();
    while net.node_count() < nodes {
        net.add_node(0.0);
    }
    net
}

/// Total mass, to turn a resolution into `gamma`.
pub(crate) fn mass(net: &Net) -> f64 {
    (0..net.node_count() as u32).map(|node| net[node]).sum()
}

/// Communities, numbered by their first node. `start` is a partition to begin with (each node alone without one);
/// `within` keeps communities inside the parts of another partition.
pub(crate) fn leiden(
    net: &Net,
    gamma: f64,
    start: Option<&[u32]>,
    within: Option<&[u32]>,
) -> Vec<u32> {
    let mut result: Vec<u32> = match start {
        Some(start) => start.to_vec(),
        None => (0..net.node_count() as u32).collect(),
    };
    round(net, gamma, &mut result, within);
    result
}

/// [`leiden`], then once more from its result, which mends what aggregation froze; for small graphs.
pub(crate) fn leiden_twice(net: &Net, gamma: f64) -> Vec<u32> {
    let once = leiden(net, gamma, None, None);
    leiden(net, gamma, Some(&once), None)
}

fn round(net: &Net, gamma: f64, result: &mut [u32], within: Option<&[u32]>) {
    let mut owned: Option<Net> = None;
    let mut place: Vec<u32> = (0..result.len() as u32).collect();
    let mut community = result.to_vec();
    compact(&mut community);
    let mut fence: Option<Vec<u32>> = within.map(<[u32]>::to_vec);
    loop {
        let current = owned.as_ref().unwrap_or(net);
        local_move(current, gamma, &mut community, fence.as_deref());
        let count = compact(&mut community);
        if count as usize == current.node_count() {
            break;
        }
        let mut refined = refine(current, gamma, &community);
        let parts = compact(&mut refined);
        if parts as usize == current.node_count() {
            break;
        }
        let mut above = vec![0; parts as usize];
        let mut fenced = vec![0; parts as usize];
        for (node, &part) in refined.iter().enumerate() {
            above[part as usize] = community[node];
            if let Some(fence) = &fence {
                fenced[part as usize] = fence[node];
            }
        }
        let next = aggregate(current, &refined, parts as usize);
        for at in &mut place {
            *at = refined[*at as usize];
        }
        fence = fence.is_some().then_some(fenced);
        community = above;
        compact(&mut community);
        owned = Some(next);
    }
    for (node, at) in place.iter().enumerate() {
        result[node] = community[*at as usize];
    }
    compact(result);
}

/// Numbers communities by their first node; returns how many there are.
pub(crate) fn compact(community: &mut [u32]) -> u32 {
    let top = community.iter().max().map_or(0, |top| *top as usize + 1);
    let mut names = vec![u32::MAX; top];
    let mut next = 0;
    for at in community {
        let name = &mut names[*at as usize];
        if *name == u32::MAX {
            *name = next;
            next += 1;
        }
        *at = *name;
    }
    next
}

/// Weight from one node to each community it touches.
struct Touch {
    weight: Vec<f64>,
    seen: Vec<u32>,
}

impl Touch {
    fn new(communities: usize) -> Self {
        Self {
            weight: vec![0.0; communities],
            seen: Vec::new(),
        }
    }

    fn add(&mut self, community: u32, weight: f32) {
        // Weights are positive, so zero means unseen.
        let slot = &mut self.weight[community as usize];
        if *slot == 0.0 {
            self.seen.push(community);
        }
        *slot += f64::from(weight);
    }

    fn clear(&mut self) {
        for community in self.seen.drain(..) {
            self.weight[community as usize] = 0.0;
        }
    }
}

/// Moves nodes to the neighbouring community that gains most until none gains.
fn local_move(net: &Net, gamma: f64, community: &mut [u32], within: Option<&[u32]>) {
    let nodes = net.node_count();
    let mut masses = vec![0.0; nodes];
    for (node, at) in community.iter().enumerate() {
        masses[*at as usize] += net[node as u32];
    }
    let mut empty: Vec<u32> = (0..nodes as u32)
        .rev()
        .filter(|at| masses[*at as usize] == 0.0)
        .collect();
    let mut touch = Touch::new(nodes);
    let mut queue: std::collections::VecDeque<u32> = (0..nodes as u32).collect();
    let mut queued = vec![true; nodes];
    // Each move raises quality, so this ends; the bound only guards against rounding at the last digit.
    let mut left = nodes.saturating_mul(50);
    while let Some(node) = queue.pop_front() {
        queued[node as usize] = false;
        if left == 0 {
            break;
        }
        left -= 1;
        let own = community[node as usize];
        let mass = net[node];
        let (near, weights) = (net.neighbors_slice(node), net.edges_slice(node));
        for (&other, &weight) in near.iter().zip(weights) {
            if other != node
                && within.is_none_or(|within| within[other as usize] == within[node as usize])
            {
                touch.add(community[other as usize], weight);
            }
        }
        let rest = masses[own as usize] - mass;
        let stay = touch.weight[own as usize] - gamma * mass * rest;
        let (mut best, mut gain) = (own, stay);
        for &other in &touch.seen {
            if other == own {
                continue;
            }
            let value = touch.weight[other as usize] - gamma * mass * masses[other as usize];
            if value > gain + 1e-12 || (value > gain - 1e-12 && best != own && other < best) {
                (best, gain) = (other, value);
            }
        }
        touch.clear();
        let alone = rest <= 0.0;
        if gain < -1e-12
            && !alone
            && let Some(free) = empty.pop()
        {
            best = free;
        }
        if best == own {
            continue;
        }
        masses[own as usize] = if alone { 0.0 } else { rest };
        if alone {
            empty.push(own);
        }
        masses[best as usize] += mass;
        community[node as usize] = best;
        for &other in near {
            if !queued[other as usize] && community[other as usize] != best {
                queued[other as usize] = true;
                queue.push_back(other);
            }
        }
    }
}

/// Splits each community into parts that hang together: nodes join, one at a time, the well connected part of their
/// community that gains most.
fn refine(net: &Net, gamma: f64, community: &[u32]) -> Vec<u32> {
    let nodes = net.node_count();
    let mut part: Vec<u32> = (0..nodes as u32).collect();
    let mut masses: Vec<f64> = (0..nodes as u32).map(|node| net[node]).collect();
    let mut whole = vec![0.0; nodes];
    for (node, at) in community.iter().enumerate() {
        whole[*at as usize] += masses[node];
    }
    // Weight from each part to the rest of its community.
    let mut outward: Vec<f64> = (0..nodes as u32)
        .map(|node| {
            let near = net.neighbors_slice(node).iter().zip(net.edges_slice(node));
            near.filter(|(other, _)| {
                **other != node && community[**other as usize] == community[node as usize]
            })
            .map(|(_, weight)| f64::from(*weight))
            .sum()
        })
        .collect();
    let mut alone = vec![true; nodes];
    let mut touch = Touch::new(nodes);
    for node in 0..nodes as u32 {
        let at = node as usize;
        let total = whole[community[at] as usize];
        let mass = net[node];
        if !alone[at] || outward[at] < gamma * mass * (total - mass) {
            continue;
        }
        for (&other, &weight) in net.neighbors_slice(node).iter().zip(net.edges_slice(node)) {
            if other != node && community[other as usize] == community[at] {
                touch.add(part[other as usize], weight);
            }
        }
        let (mut best, mut gain) = (part[at], 0.0);
        for &other in &touch.seen {
            let size = masses[other as usize];
            let well = outward[other as usize] >= gamma * size * (total - size);
            let value = touch.weight[other as usize] - gamma * mass * size;
            if well
                && (value > gain + 1e-12
                    || (value > gain - 1e-12 && best != part[at] && other < best))
            {
                (best, gain) = (other, value);
            }
        }
        if best != part[at] {
            let joined = touch.weight[best as usize];
            masses[best as usize] += mass;
            outward[best as usize] += outward[at] - 2.0 * joined;
            masses[at] = 0.0;
            part[at] = best;
            alone[best as usize] = false;
        }
        touch.clear();
    }
    part
}

/// One node a part, weights summed; weight within a part needs no keeping.
pub(crate) fn aggregate(net: &Net, part: &[u32], parts: usize) -> Net {
    // Nodes by part, without a list for each.
    let mut ends = vec![0_usize; parts + 1];
    for at in part {
        ends[*at as usize + 1] += 1;
    }
    for at in 0..parts {
        ends[at + 1] += ends[at];
    }
    let mut next_free = ends.clone();
    let mut nodes = vec![0_u32; part.len()];
    for (node, at) in (0..).zip(part) {
        nodes[next_free[*at as usize]] = node;
        next_free[*at as usize] += 1;
    }
    let mut edges: Vec<(u32, u32, f32)> = Vec::new();
    let mut touch = Touch::new(parts);
    for at in 0..parts {
        for &node in &nodes[ends[at]..ends[at + 1]] {
            for (&other, &weight) in net.neighbors_slice(node).iter().zip(net.edges_slice(node)) {
                let other = part[other as usize];
                if other as usize != at {
                    touch.add(other, weight);
                }
            }
        }
        touch.seen.sort_unstable();
        edges.extend(
            touch
                .seen
                .iter()
                .map(|&other| (at as u32, other, touch.weight[other as usize] as f32)),
        );
        touch.clear();
    }
    let mut next = build(parts, &edges);
    for (node, at) in part.iter().enumerate() {
        next[*at] += net[node as u32];
    }
    next
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Rings of cliques: every clique of five is a community at resolution 1.
    fn cliques(count: u32) -> Net {
        let mut edges = Vec::new();
        for clique in 0..count {
            for a in 0..5 {
                for b in 0..5 {
                    if a != b {
                        edges.push((clique * 5 + a, clique * 5 + b, 1.0));
                    }
                }
            }
            let (from, to) = (clique * 5, (clique + 1) % count * 5 + 1);
            edges.push((from, to, 0.5));
            edges.push((to, from, 0.5));
        }
        edges.sort_by_key(|edge| (edge.0, edge.1));
        net(count as usize * 5, &edges)
    }

    #[test]
    fn cliques_in_a_ring_are_found() {
        let net = cliques(8);
        let found = leiden(&net, 1.0 / mass(&net), None, None);
        let want: Vec<u32> = (0..40).map(|node| node / 5).collect();
        assert_eq!(found, want);
    }

    #[test]
    fn a_fence_is_never_crossed() {
        let net = cliques(4);
        let fence: Vec<u32> = (0..20).map(|node| node % 2).collect();
        let found = leiden(&net, 0.01 / mass(&net), None, Some(&fence));
        for a in 0..20 {
            for b in 0..20 {
                assert!(found[a] != found[b] || fence[a] == fence[b]);
            }
        }
    }
}
