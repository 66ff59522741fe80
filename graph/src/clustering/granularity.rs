//! Topics at three zoom levels from one hierarchy, at the granularity that is most stable, and finer where that would mix
//! subjects.
//!
//! No one resolution serves all data, and none all subjects of one. Conversations are first gathered into micro-clusters; then a range of
//! resolutions is tried on several copies of the graph, each without a different fifth of its links. The resolution at
//! which these agree best among themselves is the middle level: what a few links more or less do not change. A community
//! there that has no one subject is cut more finely, and its parts again, until they have one.
//!
//! Resolutions lie on a fixed grid of densities that does not depend on how much there is, and agreement counts each
//! network by the root of what it wrote. So whoever adds a great many conversations of their own changes neither the
//! grid that the others are cut by nor, to speak of, the choice on it.

use std::collections::BTreeMap;

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
/// How much they must differ besides where the coarsest is taken: the copies are few and their errors uncertain, and a
/// handful of other posts moves an agreement by about so much.
const MARGIN: f64 = 0.05;
/// Mean nearness of its members to its middle from which a community has one subject.
const ONE_SUBJECT: f32 = 0.4;
/// Fewest conversations of a community that is cut: what a few say is no sure sign of two subjects.
const LEAST: usize = 24;
/// How often a community without one subject is cut again, each time by a step of the grid more finely.
const CUTS: i32 = 8;
/// How much nearer to their own middles the parts must lie for a cut to stand: what is even all through is left whole.
const NEARER: f32 = 1.25;
/// Most parts of a community that are compared, to be joined again.
const JOINED: usize = 16;
/// How much finer the fine level is, and how much coarser the coarse one.
const STEP: f64 = 4.0;

/// Which of the resolutions that are equally stable is the middle level: by words the coarsest, as splinters agree as well
/// as subjects do; by meaning the finest, as neighbouring subjects that are one cluster agree as well.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Pick {
    Coarsest,
    Finest,
}

/// Communities of every node, coarse, middle and fine, each level within the one before. `shares` is how much each node
/// counts when granularity is chosen; `nearness` says how near nodes lie to their middle on average, from 0 to 1.
pub(crate) fn levels(
    net: &Net,
    shares: &[f32],
    pick: Pick,
    mut nearness: impl FnMut(&[u32]) -> f32,
) -> [Vec<u32>; 3] {
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
    let range = (lowest, micro_gamma / ROOM);
    let gamma = stable(net, (&micro, count), shares, range, pick);
    let whole = aggregate(net, &micro, count);
    let above = leiden_twice(&whole, gamma);
    let start: Vec<u32> = micro.iter().map(|at| above[*at as usize]).collect();
    let mut middle = leiden(net, gamma, Some(&start), None);
    let before = middle.clone();
    let mut mixed = mixed(&middle, &mut nearness);
    let mut cut = vec![false; net.nodes()];
    for turn in 1..=CUTS {
        if mixed.is_empty() {
            break;
        }
        let finer = gamma * std::f64::consts::SQRT_2.powi(turn);
        let finer = leiden(net, finer, None, Some(&middle));
        mixed = take_apart(&mut middle, &finer, mixed, &mut cut, &mut nearness);
    }
    join_again(&mut middle, &before, &cut, &mut nearness);
    compact(&mut middle);
    let mut fine = leiden(net, gamma * STEP, None, Some(&middle));
    if cut.contains(&true) {
        // What was cut is finer than its level already.
        let finer = leiden(net, gamma * STEP * STEP, None, Some(&middle));
        let free = fine.iter().max().map_or(0, |most| most + 1);
        for (node, cut) in cut.into_iter().enumerate() {
            if cut {
                fine[node] = free + finer[node];
            }
        }
        compact(&mut fine);
    }
    let mut parts = middle.clone();
    let count = compact(&mut parts) as usize;
    let above = leiden_twice(&aggregate(net, &parts, count), gamma / STEP);
    let coarse = parts.iter().map(|part| above[*part as usize]).collect();
    [coarse, middle, fine]
}

/// A community that may have more than one subject, and how near its nodes lie to its middle.
struct Mixed {
    nodes: Vec<u32>,
    nearness: f32,
}

impl Mixed {
    fn of(nodes: Vec<u32>, nearness: &mut impl FnMut(&[u32]) -> f32) -> Self {
        let nearness = nearness(&nodes);
        Self { nodes, nearness }
    }

    fn sum(&self) -> f32 {
        self.nearness * self.nodes.len() as f32
    }

    fn is_mixed(&self) -> bool {
        self.nodes.len() >= LEAST && self.nearness < ONE_SUBJECT
    }
}

fn mixed(communities: &[u32], nearness: &mut impl FnMut(&[u32]) -> f32) -> Vec<Mixed> {
    let mut lists: BTreeMap<u32, Vec<u32>> = BTreeMap::new();
    for (node, community) in (0..).zip(communities) {
        lists.entry(*community).or_default().push(node);
    }
    lists
        .into_values()
        .map(|nodes| Mixed::of(nodes, nearness))
        .filter(Mixed::is_mixed)
        .collect()
}

/// Joins parts of what was one community that have one subject between them: a cut that parted others went through it.
fn join_again(
    communities: &mut [u32],
    before: &[u32],
    cut: &[bool],
    nearness: &mut impl FnMut(&[u32]) -> f32,
) {
    let mut wholes: BTreeMap<u32, BTreeMap<u32, Vec<u32>>> = BTreeMap::new();
    for node in (0..communities.len()).filter(|node| cut[*node]) {
        let parts = wholes.entry(before[node]).or_default();
        parts
            .entry(communities[node])
            .or_default()
            .push(node as u32);
    }
    for parts in wholes.into_values() {
        let mut parts: Vec<Vec<u32>> = parts.into_values().filter(|part| part.len() > 2).collect();
        // The largest first; equals in the order of the pass.
        parts.sort_by_key(|part| (std::cmp::Reverse(part.len()), part[0]));
        parts.truncate(JOINED);
        for other in 1..parts.len() {
            for at in 0..other {
                let mut union = [parts[at].as_slice(), &parts[other]].concat();
                union.sort_unstable();
                if !parts[at].is_empty() && is_whole(&union, &parts[at], &parts[other], nearness) {
                    let community = communities[parts[at][0] as usize];
                    for node in parts[other].drain(..) {
                        communities[node as usize] = community;
                    }
                    parts[at] = union;
                    break;
                }
            }
        }
    }
}

/// Whether two parts have one subject between them, and lie about as near to a common middle as each to its own.
fn is_whole(
    union: &[u32],
    one: &[u32],
    other: &[u32],
    nearness: &mut impl FnMut(&[u32]) -> f32,
) -> bool {
    let near = nearness(union);
    let mut sum = |part: &[u32]| nearness(part) * part.len() as f32;
    let apart = (sum(one) + sum(other)) / union.len().max(1) as f32;
    near >= ONE_SUBJECT && near * NEARER >= apart
}

/// Puts finer communities in the place of those that are mixed, where that brings their nodes nearer together. Returns
/// what is mixed still.
fn take_apart(
    communities: &mut [u32],
    finer: &[u32],
    mixed: Vec<Mixed>,
    cut: &mut [bool],
    nearness: &mut impl FnMut(&[u32]) -> f32,
) -> Vec<Mixed> {
    let mut free = communities.iter().max().map_or(0, |most| most + 1);
    let mut left = Vec::new();
    for whole in mixed {
        let mut lists: BTreeMap<u32, Vec<u32>> = BTreeMap::new();
        for node in &whole.nodes {
            lists.entry(finer[*node as usize]).or_default().push(*node);
        }
        let lists = lists.into_values();
        let parts: Vec<Mixed> = lists.map(|nodes| Mixed::of(nodes, nearness)).collect();
        if parts.iter().map(Mixed::sum).sum::<f32>() < NEARER * whole.sum() {
            left.push(whole);
            continue;
        }
        for part in parts {
            for node in &part.nodes {
                communities[*node as usize] = free;
                cut[*node as usize] = true;
            }
            free += 1;
            if part.is_mixed() {
                left.push(part);
            }
        }
    }
    left
}

/// The next step of the grid: powers of the root of two.
pub(crate) fn grid(density: f64) -> f64 {
    2.0_f64.powf((density.log2() * 2.0).ceil() / 2.0)
}

/// The resolution within a range at which the copies agree best.
fn stable(
    net: &Net,
    (micro, count): (&[u32], usize),
    shares: &[f32],
    range: (f64, f64),
    pick: Pick,
) -> f64 {
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
    // What is as stable as the best within the error of the difference is as good.
    let best = tried
        .iter()
        .map(|(_, agreement)| *agreement)
        .reduce(|best, other| if other.mean > best.mean { other } else { best });
    let margin = match pick {
        Pick::Coarsest => MARGIN,
        Pick::Finest => 0.0,
    };
    let equal = |(_, agreement): &&(f64, Agreement)| {
        best.is_none_or(|best| agreement.equals(&best, margin))
    };
    let picked = match pick {
        Pick::Coarsest => tried.iter().find(equal),
        Pick::Finest => tried.iter().rfind(equal),
    };
    picked.map_or(range.0, |(gamma, _)| *gamma)
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
    fn equals(&self, best: &Self, margin: f64) -> bool {
        best.mean - self.mean <= margin.max(ERRORS * self.error.hypot(best.error))
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
