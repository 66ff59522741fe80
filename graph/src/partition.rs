//! Topics at three zoom levels from one hierarchy, at the granularity that is most stable.
//!
//! No one resolution serves all data. Conversations are first gathered into micro-clusters; then a range of
//! resolutions is tried on several copies of the graph, each without a different fifth of its links. The resolution at
//! which these agree best among themselves is the middle level: what a few links more or less do not change.

use crate::leiden::{Net, aggregate, compact, leiden, leiden_twice, mass};
use crate::minhash::mix;

/// Resolution of micro-clusters.
const MICRO: f64 = 24.0;
/// Resolutions tried: a factor of the square root of two apart.
const TRIED: i32 = 8;
const LOWEST: f64 = 0.5;
/// Copies of the graph, and links of a hundred that each keeps.
const COPIES: u64 = 5;
const KEPT: u64 = 80;
/// How much finer the fine level is, and how much coarser the coarse one.
const STEP: f64 = 4.0;

/// Communities of every node at levels 0 (coarse), 1 (middle), 2 (fine); each level lies within the one before.
pub(crate) fn levels(net: &Net) -> [Vec<u32>; 3] {
    let total = mass(net).max(f64::MIN_POSITIVE);
    let mut micro = leiden(net, MICRO / total, None, None);
    let count = compact(&mut micro) as usize;
    let gamma = stable(net, &micro, count);
    let whole = aggregate(net, &micro, count);
    let above = leiden_twice(&whole, gamma / total);
    let start: Vec<u32> = micro.iter().map(|at| above[*at as usize]).collect();
    let middle = leiden(net, gamma / total, Some(&start), None);
    let fine = leiden(net, gamma * STEP / total, None, Some(&middle));
    let mut parts = middle.clone();
    let count = compact(&mut parts) as usize;
    let above = leiden_twice(&aggregate(net, &parts, count), gamma / STEP / total);
    let coarse = parts.iter().map(|part| above[*part as usize]).collect();
    [coarse, middle, fine]
}

/// The resolution at which the copies agree best.
fn stable(net: &Net, micro: &[u32], count: usize) -> f64 {
    let sizes = {
        let mut sizes = vec![0.0_f64; count];
        for at in micro {
            sizes[*at as usize] += 1.0;
        }
        sizes
    };
    let copies: Vec<Net> = (0..COPIES)
        .map(|copy| thinned(net, micro, count, copy))
        .collect();
    let (mut best, mut chosen) = (f64::MIN, 1.0);
    for step in 0..TRIED {
        let gamma = LOWEST * 2.0_f64.powf(f64::from(step) / 2.0);
        let parts: Vec<Vec<u32>> = copies
            .iter()
            .map(|copy| leiden(copy, gamma / mass(copy).max(f64::MIN_POSITIVE), None, None))
            .collect();
        let mut agreement = 0.0;
        for a in 0..parts.len() {
            for b in 0..a {
                agreement += rand_index(&parts[a], &parts[b], &sizes);
            }
        }
        if agreement > best + 1e-9 {
            (best, chosen) = (agreement, gamma);
        }
    }
    chosen
}

/// The graph of micro-clusters without a fifth of the links, another fifth for each copy.
fn thinned(net: &Net, micro: &[u32], count: usize, copy: u64) -> Net {
    let salt = mix(copy + 1);
    let mut sums: Vec<(u64, f32)> = Vec::new();
    for a in 0..net.node_count() as u32 {
        for (&b, &weight) in net.neighbors_slice(a).iter().zip(net.edges_slice(a)) {
            let (from, to) = (micro[a as usize], micro[b as usize]);
            let link = u64::from(a.min(b)) << 32 | u64::from(a.max(b));
            // Links within a micro-cluster count towards its mass, as they do in the whole graph.
            if mix(link ^ salt) % 100 < KEPT {
                sums.push((u64::from(from) << 32 | u64::from(to), weight));
            }
        }
    }
    sums.sort_by_key(|(pair, _)| *pair);
    let mut edges: Vec<(u32, u32, f32)> = Vec::new();
    let mut masses = vec![0.0; count];
    for run in sums.chunk_by(|a, b| a.0 == b.0) {
        let (from, to) = ((run[0].0 >> 32) as u32, run[0].0 as u32);
        let weight: f64 = run.iter().map(|(_, weight)| f64::from(*weight)).sum();
        masses[from as usize] += weight;
        if from != to {
            edges.push((from, to, weight as f32));
        }
    }
    crate::leiden::with_masses(&edges, &masses)
}

/// Adjusted Rand index of two partitions of weighted nodes.
fn rand_index(a: &[u32], b: &[u32], sizes: &[f64]) -> f64 {
    let pairs = |count: f64| count * (count - 1.0) / 2.0;
    let mut cells: std::collections::BTreeMap<(u32, u32), f64> = std::collections::BTreeMap::new();
    let (mut left, mut right) = (vec![0.0; a.len()], vec![0.0; b.len()]);
    for ((x, y), size) in a.iter().zip(b).zip(sizes) {
        *cells.entry((*x, *y)).or_default() += size;
        left[*x as usize] += size;
        right[*y as usize] += size;
    }
    let both: f64 = cells.values().map(|count| pairs(*count)).sum();
    let (one, two): (f64, f64) = (
        left.iter().map(|n| pairs(*n)).sum(),
        right.iter().map(|n| pairs(*n)).sum(),
    );
    let chance = one * two / pairs(sizes.iter().sum::<f64>()).max(1.0);
    let most = f64::midpoint(one, two);
    if (most - chance).abs() < 1e-9 {
        0.0
    } else {
        (both - chance) / (most - chance)
    }
}
