//! Topics at three zoom levels from one hierarchy, at the granularity that is most stable.
//!
//! No one resolution serves all data. Conversations are first gathered into micro-clusters; then a range of
//! resolutions is tried on several copies of the graph, each without a different fifth of its links. The resolution at
//! which these agree best among themselves is the middle level: what a few links more or less do not change.
//!
//! Resolutions lie on a fixed grid of densities that does not depend on how much there is, and agreement counts each
//! network by the root of what it wrote. So whoever adds a great many conversations of their own changes neither the
//! grid that the others are cut by nor, to speak of, the choice on it.

use crate::clustering::leiden::{Net, aggregate, compact, gathered, leiden, leiden_twice};
use crate::corpus::near_copies::mix;

/// Most conversations of a micro-cluster, about, and fewest micro-clusters, about: together they say how fine one is.
const MICRO_SIZE: f64 = 200.0;
const MICRO_COUNT: f64 = 48.0;
/// Part of its links that a conversation at the rim has within its cluster, about.
const RIM: f64 = 0.5;
/// Coarsest resolution tried, relative to modularity's own.
const COARSEST: f64 = 0.5;
/// How much finer than the finest middle level a micro-cluster is.
const ROOM: f64 = 4.0;
/// Copies of the graph, and links of a hundred that each keeps.
const COPIES: u64 = 5;
const KEPT: u64 = 80;
/// Standard errors by which two agreements must differ for one to be better: of twenty times, once by chance.
const ERRORS: f64 = 2.0;
/// How much finer the fine level is, and how much coarser the coarse one.
const STEP: f64 = 4.0;

/// Communities of every node, coarse, middle and fine, each level within the one before. `shares` is how much each node
/// counts when granularity is chosen.
pub(crate) fn levels(net: &Net, shares: &[f32]) -> [Vec<u32>; 3] {
    let total = net.total();
    if total <= 0.0 {
        let alone: Vec<u32> = (0..net.nodes() as u32).collect();
        return [alone.clone(), alone.clone(), alone];
    }
    let finest = RIM * (MICRO_COUNT.max(net.nodes() as f64 / MICRO_SIZE));
    let micro_gamma = grid(finest / total);
    let mut micro = leiden(net, micro_gamma, None, None);
    let count = compact(&mut micro) as usize;
    let lowest = grid(COARSEST / total);
    let gamma = stable(net, &micro, count, shares, (lowest, micro_gamma / ROOM));
    let whole = aggregate(net, &micro, count);
    let above = leiden_twice(&whole, gamma);
    let start: Vec<u32> = micro.iter().map(|at| above[*at as usize]).collect();
    let middle = leiden(net, gamma, Some(&start), None);
    let fine = leiden(net, gamma * STEP, None, Some(&middle));
    let mut parts = middle.clone();
    let count = compact(&mut parts) as usize;
    let above = leiden_twice(&aggregate(net, &parts, count), gamma / STEP);
    let coarse = parts.iter().map(|part| above[*part as usize]).collect();
    [coarse, middle, fine]
}

/// The next step of the grid: powers of the root of two.
pub(crate) fn grid(density: f64) -> f64 {
    2.0_f64.powf((density.log2() * 2.0).ceil() / 2.0)
}

/// The resolution within a range at which the copies agree best.
fn stable(net: &Net, micro: &[u32], count: usize, shares: &[f32], range: (f64, f64)) -> f64 {
    let mut sizes = vec![0.0_f64; count];
    for (at, share) in micro.iter().zip(shares) {
        sizes[*at as usize] += f64::from(*share);
    }
    let copies: Vec<Net> = (0..COPIES)
        .map(|copy| {
            let salt = mix(copy + 1);
            gathered(net, micro, count, |a, b| {
                let link = u64::from(a.min(b)) << 32 | u64::from(a.max(b));
                mix(link ^ salt) % 100 < KEPT
            })
        })
        .collect();
    let mut tried: Vec<(f64, Agreement)> = Vec::new();
    let mut gamma = range.0;
    while gamma <= range.1 * 1.01 {
        // A copy has less weight all over; the same share of it must hold a cluster together.
        let scale = 100.0 / KEPT as f64;
        let parts: Vec<Vec<u32>> = copies
            .iter()
            .map(|copy| leiden(copy, gamma * scale, None, None))
            .collect();
        tried.push((gamma, Agreement::of(&parts, &sizes)));
        gamma *= std::f64::consts::SQRT_2;
    }
    // What is as stable as the best within the error of the difference is as good, and the simplest of these is taken.
    let best = tried
        .iter()
        .map(|(_, agreement)| *agreement)
        .reduce(|best, other| if other.mean > best.mean { other } else { best });
    tried
        .iter()
        .find(|(_, agreement)| best.is_none_or(|best| agreement.equals(&best)))
        .map_or(range.0, |(gamma, _)| *gamma)
}

/// How well partitions agree with each other.
#[derive(Debug, Clone, Copy)]
struct Agreement {
    mean: f64,
    /// Standard error of the mean over the partitions.
    error: f64,
}

impl Agreement {
    /// Whether it cannot be told from a better one.
    fn equals(&self, best: &Self) -> bool {
        best.mean - self.mean <= ERRORS * self.error.hypot(best.error)
    }

    fn of(parts: &[Vec<u32>], sizes: &[f64]) -> Self {
        let count = parts.len() as f64;
        let mut sums = vec![0.0; parts.len()];
        for a in 0..parts.len() {
            for b in 0..a {
                let agreement = rand_index(&parts[a], &parts[b], sizes);
                sums[a] += agreement;
                sums[b] += agreement;
            }
        }
        let means = sums.iter().map(|sum| sum / (count - 1.0));
        let mean = means.clone().sum::<f64>() / count;
        let square = means.map(|one| (one - mean).powi(2)).sum::<f64>();
        Self {
            mean,
            error: (square / (count * (count - 1.0))).sqrt(),
        }
    }
}

/// Adjusted Rand index of two partitions of weighted nodes.
fn rand_index(a: &[u32], b: &[u32], sizes: &[f64]) -> f64 {
    let mut cells: Vec<(u64, f64)> = a
        .iter()
        .zip(b)
        .zip(sizes)
        .map(|((x, y), size)| (u64::from(*x) << 32 | u64::from(*y), *size))
        .collect();
    cells.sort_by_key(|cell| cell.0);
    let (mut left, mut right) = (vec![0.0; a.len()], vec![0.0; b.len()]);
    for ((x, y), size) in a.iter().zip(b).zip(sizes) {
        left[*x as usize] += size;
        right[*y as usize] += size;
    }
    let pairs = |count: f64| count * (count - 1.0).max(0.0) / 2.0;
    let both: f64 = cells
        .chunk_by(|a, b| a.0 == b.0)
        .map(|run| pairs(run.iter().map(|cell| cell.1).sum()))
        .sum();
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
