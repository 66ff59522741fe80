//! Leiden clustering (Traag, Waltman, van Eck 2019), without randomness.
//!
//! Quality is the sum over communities of inner edge weight minus `gamma` × (community mass)². With masses set to node
//! strengths and `gamma` divided by the total weight this is modularity. Nodes are visited in a fixed order and topic_links go
//! to the lowest number, so the same graph gives the same communities.

/// A graph in compressed rows: every edge in both directions, rows in order of neighbour.
///
/// Rows are made where the lists of neighbours are, so that a million conversations need no second copy of their edges.
#[derive(Debug, Clone, Default)]
pub(crate) struct Net {
    masses: Vec<f64>,
    ends: Vec<u32>,
    edges: Vec<(u32, f32)>,
}

impl Net {
    pub(crate) fn nodes(&self) -> usize {
        self.masses.len()
    }

    pub(crate) fn mass(&self, node: u32) -> f64 {
        self.masses[node as usize]
    }

    /// Gives every node weight of its own, as of an edge to itself.
    pub(crate) fn add_masses(&mut self, own: impl Iterator<Item = f64>) {
        for (mass, own) in self.masses.iter_mut().zip(own) {
            *mass += own;
        }
    }

    /// Total mass, to turn a resolution into `gamma`.
    pub(crate) fn total(&self) -> f64 {
        self.masses.iter().sum()
    }

    fn row(&self, node: u32) -> std::ops::Range<usize> {
        let at = node as usize;
        let start = if at == 0 { 0 } else { self.ends[at - 1] };
        start as usize..self.ends[at] as usize
    }

    pub(crate) fn edges(&self, node: u32) -> impl Iterator<Item = (u32, f32)> + '_ {
        self.edges[self.row(node)].iter().copied()
    }

    /// From lists of neighbours, `cap` places a node and `lengths` of them used; an edge in either list is in the graph.
    /// Masses are strengths. The rows are made where the lists are: only edges that one end alone lists are held twice
    /// for a while.
    pub(crate) fn of_lists(mut lists: Vec<(u32, f32)>, lengths: &[u8], cap: usize) -> Self {
        let nodes = lengths.len();
        let list = |node: usize| &lists[node * cap..node * cap + lengths[node] as usize];
        // Edges that a node does not list itself.
        let mut ends = vec![0_u32; nodes];
        // Places whose edge stands in both lists: looked for once, from the first of its ends.
        let mut mutual = Flags::new(nodes * cap);
        for node in 0..nodes {
            for (place, &(other, _)) in (node * cap..).zip(list(node)) {
                let far = other as usize;
                let back = (far > node)
                    .then(|| list(far).iter().position(|edge| edge.0 == node as u32))
                    .flatten();
                if let Some(back) = back {
                    mutual.set(place);
                    mutual.set(far * cap + back);
                } else if !mutual.get(place) {
                    ends[far] += 1;
                }
            }
        }
        let mut sum = 0;
        for end in &mut ends {
            let length = *end;
            *end = sum;
            sum += length;
        }
        let mut unlisted = vec![(0, 0.0); sum as usize];
        for node in 0..nodes {
            for (place, &(other, weight)) in (node * cap..).zip(list(node)) {
                if !mutual.get(place) {
                    let end = &mut ends[other as usize];
                    unlisted[*end as usize] = (node as u32, weight);
                    *end += 1;
                }
            }
        }
        drop(mutual);
        let mut listed = 0;
        for (node, length) in lengths.iter().enumerate() {
            let from = node * cap;
            lists.copy_within(from..from + *length as usize, listed);
            listed += *length as usize;
        }
        let mut end = listed + unlisted.len();
        let mut edges = lists;
        edges.resize(end.max(edges.len()), (0, 0.0));
        edges.truncate(end);
        // From the last row on: a row ends no earlier than the list that it is made of.
        let mut masses = vec![0.0; nodes];
        let mut row: Vec<(u32, f32)> = Vec::new();
        for node in (0..nodes).rev() {
            let start = if node == 0 { 0 } else { ends[node - 1] };
            row.clear();
            row.extend(&edges[listed - lengths[node] as usize..listed]);
            row.extend(&unlisted[start as usize..ends[node] as usize]);
            row.sort_unstable_by_key(|edge| edge.0);
            masses[node] = row.iter().map(|edge| f64::from(edge.1)).sum();
            edges[end - row.len()..end].copy_from_slice(&row);
            listed -= lengths[node] as usize;
            ends[node] = end as u32;
            end -= row.len();
        }
        Self {
            masses,
            ends,
            edges,
        }
    }

    /// From edges in both directions, sorted; masses are strengths.
    #[cfg(test)]
    pub(crate) fn of_edges(nodes: usize, edges: &[(u32, u32, f32)]) -> Self {
        let mut net = Self::default();
        let mut rest = edges.iter().peekable();
        for node in 0..nodes as u32 {
            let mut mass = 0.0;
            while let Some((_, to, weight)) = rest.next_if(|edge| edge.0 == node) {
                net.edges.push((*to, *weight));
                mass += f64::from(*weight);
            }
            net.ends.push(net.edges.len() as u32);
            net.masses.push(mass);
        }
        net
    }
}

/// One bit each.
struct Flags(Vec<u64>);

impl Flags {
    fn new(count: usize) -> Self {
        Self(vec![0; count.div_ceil(64)])
    }

    fn set(&mut self, at: usize) {
        self.0[at / 64] |= 1 << (at % 64);
    }

    fn get(&self, at: usize) -> bool {
        self.0[at / 64] >> (at % 64) & 1 == 1
    }
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
        None => (0..net.nodes() as u32).collect(),
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
        if count as usize == current.nodes() {
            break;
        }
        let mut refined = refine(current, gamma, &community);
        let parts = compact(&mut refined);
        if parts as usize == current.nodes() {
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

/// As [`Touch`] for one row, in a table as small as the row: in a large net the communities of neighbours lie far apart.
#[derive(Default)]
struct Row {
    slots: Vec<(u32, f64)>,
    used: Vec<u32>,
    mask: u32,
    met: Vec<(u32, f32)>,
}

impl Row {
    /// Sums weights by community; `met` gives them in order.
    fn sum(&mut self, met: impl Iterator<Item = (u32, f32)>) {
        for at in self.used.drain(..) {
            self.slots[at as usize] = (FREE, 0.0);
        }
        // All are fetched before any is looked at, so that the fetches overlap.
        self.met.clear();
        self.met.extend(met);
        let room = (2 * self.met.len()).next_power_of_two();
        if room > self.slots.len() {
            self.slots.resize(room, (FREE, 0.0));
        }
        self.mask = room as u32 - 1;
        for at in 0..self.met.len() {
            let (community, weight) = self.met[at];
            let at = self.find(community);
            let slot = &mut self.slots[at];
            if slot.0 == FREE {
                slot.0 = community;
                self.used.push(at as u32);
            }
            slot.1 += f64::from(weight);
        }
    }

    fn find(&self, community: u32) -> usize {
        let mut at = (community.wrapping_mul(0x9e37_79b1) >> 16) & self.mask;
        loop {
            let held = self.slots[at as usize].0;
            if held == community || held == FREE {
                return at as usize;
            }
            at = (at + 1) & self.mask;
        }
    }

    fn weight(&self, community: u32) -> f64 {
        if self.used.is_empty() {
            0.0
        } else {
            self.slots[self.find(community)].1
        }
    }

    /// In order of first mention.
    fn seen(&self) -> impl Iterator<Item = (u32, f64)> + '_ {
        self.used.iter().map(|at| self.slots[*at as usize])
    }
}

const FREE: u32 = u32::MAX;

/// Moves nodes to the neighbouring community that gains most until none gains.
fn local_move(net: &Net, gamma: f64, community: &mut [u32], within: Option<&[u32]>) {
    let nodes = net.nodes();
    let mut masses = vec![0.0; nodes];
    for (node, at) in community.iter().enumerate() {
        masses[*at as usize] += net.mass(node as u32);
    }
    let mut empty: Vec<u32> = (0..nodes as u32)
        .rev()
        .filter(|at| masses[*at as usize] == 0.0)
        .collect();
    let mut row = Row::default();
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
        let mass = net.mass(node);
        let near = net.edges(node).filter(|(other, _)| {
            *other != node
                && within.is_none_or(|within| within[*other as usize] == within[node as usize])
        });
        row.sum(near.map(|(other, weight)| (community[other as usize], weight)));
        let rest = masses[own as usize] - mass;
        let stay = row.weight(own) - gamma * mass * rest;
        let (mut best, mut gain) = (own, stay);
        for (other, weight) in row.seen() {
            if other == own {
                continue;
            }
            let value = weight - gamma * mass * masses[other as usize];
            if value > gain + 1e-12 || (value > gain - 1e-12 && best != own && other < best) {
                (best, gain) = (other, value);
            }
        }
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
        for (other, _) in net.edges(node) {
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
    let nodes = net.nodes();
    let mut part: Vec<u32> = (0..nodes as u32).collect();
    let mut masses: Vec<f64> = (0..nodes as u32).map(|node| net.mass(node)).collect();
    let mut whole = vec![0.0; nodes];
    for (node, at) in community.iter().enumerate() {
        whole[*at as usize] += masses[node];
    }
    // Weight from each part to the rest of its community.
    let mut outward: Vec<f64> = (0..nodes as u32)
        .map(|node| {
            let inside = net.edges(node).map(|(other, weight)| {
                let same = community[other as usize] == community[node as usize];
                f64::from(weight) * f64::from(u8::from(same && other != node))
            });
            inside.sum()
        })
        .collect();
    let mut alone = vec![true; nodes];
    let mut touch = Touch::new(nodes);
    for node in 0..nodes as u32 {
        let at = node as usize;
        let total = whole[community[at] as usize];
        let mass = net.mass(node);
        if !alone[at] || outward[at] < gamma * mass * (total - mass) {
            continue;
        }
        for (other, weight) in net.edges(node) {
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

/// One node a part, weights and masses summed; weight within a part needs no keeping.
pub(crate) fn aggregate(net: &Net, part: &[u32], parts: usize) -> Net {
    let mut next = gathered(net, part, parts, |_, _| true);
    next.masses = vec![0.0; parts];
    for (node, at) in part.iter().enumerate() {
        next.masses[*at as usize] += net.mass(node as u32);
    }
    next
}

/// As [`aggregate`], of the edges that `keeps` names alone; masses are what is left of the strengths.
pub(crate) fn gathered(
    net: &Net,
    part: &[u32],
    parts: usize,
    keeps: impl Fn(u32, u32) -> bool,
) -> Net {
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
    let mut next = Net::default();
    let mut touch = Touch::new(parts);
    for at in 0..parts {
        let mut mass = 0.0;
        for &node in &nodes[ends[at]..ends[at + 1]] {
            for (other, weight) in net.edges(node) {
                if !keeps(node, other) {
                    continue;
                }
                mass += f64::from(weight);
                let other = part[other as usize];
                if other as usize != at {
                    touch.add(other, weight);
                }
            }
        }
        touch.seen.sort_unstable();
        for &other in &touch.seen {
            next.edges
                .push((other, touch.weight[other as usize] as f32));
        }
        touch.clear();
        next.ends.push(next.edges.len() as u32);
        next.masses.push(mass);
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
        Net::of_edges(count as usize * 5, &edges)
    }

    #[test]
    fn cliques_in_a_ring_are_found() {
        let net = cliques(8);
        let found = leiden(&net, 1.0 / net.total(), None, None);
        let want: Vec<u32> = (0..40).map(|node| node / 5).collect();
        assert_eq!(found, want);
    }

    #[test]
    fn lists_of_neighbours_become_rows_in_both_directions() {
        let no = (0, 0.0);
        let lists = [
            [(2, 0.9), (1, 0.5), no],
            [no; 3],
            [(0, 0.9), (3, 0.4), (1, 0.1)],
            [no; 3],
        ];
        let net = Net::of_lists(lists.concat(), &[2, 0, 3, 0], 3);
        let rows: Vec<Vec<(u32, f32)>> = (0..4).map(|node| net.edges(node).collect()).collect();
        assert_eq!(rows[0], [(1, 0.5), (2, 0.9)]);
        assert_eq!(rows[1], [(0, 0.5), (2, 0.1)]);
        assert_eq!(rows[2], [(0, 0.9), (1, 0.1), (3, 0.4)]);
        assert_eq!(rows[3], [(2, 0.4)]);
        assert!((net.mass(2) - 1.4).abs() < 1e-6);
    }

    #[test]
    fn a_fence_is_never_crossed() {
        let net = cliques(4);
        let fence: Vec<u32> = (0..20).map(|node| node % 2).collect();
        let found = leiden(&net, 0.01 / net.total(), None, Some(&fence));
        for a in 0..20 {
            for b in 0..20 {
                assert!(found[a] != found[b] || fence[a] == fence[b]);
            }
        }
    }
}
