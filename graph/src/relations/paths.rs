//! How two conversations, or two topics, are connected: the best way over neighbour lists.
//!
//! Contract: pure. `neighbours` gives a conversation's kept neighbours, only such as may be shown, in an order that
//! hangs on no id. A way is the better the higher the product of its scores; a step is either end's neighbour.

use std::cmp::Ordering;
use std::collections::{BTreeMap, BinaryHeap, HashMap, HashSet};

use discover_model::ConversationId;
use petgraph::algo::astar;
use petgraph::graphmap::{DiGraphMap, UnGraphMap};

use crate::relations::Relation;

/// Steps of a way at most.
pub const MOST_STEPS: usize = 6;
/// Conversations whose neighbours are looked at for one way, at most.
pub const MOST_LOOKED_AT: usize = 2_000;
/// No score counts as certain: a way of more steps is never as good as one of fewer, all else equal.
const SUREST: f32 = 0.99;

/// A step of a way: from one conversation to the next, and why.
#[derive(Debug, Clone, PartialEq)]
pub struct Step {
    pub from: ConversationId,
    /// `other` is where it leads.
    pub relation: Relation,
}

/// The best way, where there is one.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Path {
    /// Where it begins; none where no way was found.
    pub start: Option<ConversationId>,
    pub steps: Vec<Step>,
    /// Conversations whose neighbours were looked at.
    pub looked_at: usize,
}

/// What is known from one end: how far each conversation is, and what to look at next.
#[derive(Default)]
struct Side {
    costs: HashMap<ConversationId, f32>,
    next: BinaryHeap<Next>,
    done: HashSet<ConversationId>,
}

/// Nearest first; of equals the one that was met first.
struct Next {
    cost: f32,
    met: u32,
    steps: usize,
    id: ConversationId,
}

impl Ord for Next {
    fn cmp(&self, other: &Self) -> Ordering {
        let nearer = other.cost.total_cmp(&self.cost);
        nearer.then(other.met.cmp(&self.met))
    }
}

impl PartialOrd for Next {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for Next {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}

impl Eq for Next {}

impl Side {
    fn of(ends: &[ConversationId]) -> Self {
        let mut side = Self::default();
        for id in ends {
            side.offer(*id, 0.0, 0);
        }
        side
    }

    fn offer(&mut self, id: ConversationId, cost: f32, steps: usize) {
        if self.costs.get(&id).is_none_or(|known| cost < *known) {
            self.costs.insert(id, cost);
            let met = self.costs.len() as u32 + self.next.len() as u32;
            self.next.push(Next {
                cost,
                met,
                steps,
                id,
            });
        }
    }

    fn nearest(&self) -> Option<f32> {
        self.next.peek().map(|next| next.cost)
    }
}

/// The best way from any of `from` to any of `to`, of at most [`MOST_STEPS`], looking at no more than [`MOST_LOOKED_AT`].
pub fn best_path(
    from: &[ConversationId],
    to: &[ConversationId],
    mut neighbours: impl FnMut(ConversationId) -> Vec<Relation>,
) -> Path {
    let mut graph: UnGraphMap<ConversationId, f32> = UnGraphMap::new();
    let mut relations: HashMap<(ConversationId, ConversationId), Relation> = HashMap::new();
    for id in from.iter().chain(to) {
        graph.add_node(*id);
    }
    let mut sides = [Side::of(from), Side::of(to)];
    let mut looked_at: HashSet<ConversationId> = HashSet::new();
    // The shortest way known so far: both sides meet where it costs least.
    let mut best = f32::INFINITY;
    loop {
        let [one, other] = &sides;
        let (Some(a), Some(b)) = (one.nearest(), other.nearest()) else {
            break;
        };
        if a + b >= best {
            break;
        }
        let turn = usize::from(b < a);
        let Some(next) = sides[turn].next.pop() else {
            break;
        };
        if !sides[turn].done.insert(next.id) {
            continue;
        }
        if let Some(rest) = sides[1 - turn].costs.get(&next.id) {
            best = best.min(next.cost + rest);
        }
        if next.steps == MOST_STEPS / 2 {
            continue;
        }
        if looked_at.len() == MOST_LOOKED_AT && !looked_at.contains(&next.id) {
            break;
        }
        if looked_at.insert(next.id) {
            for relation in neighbours(next.id) {
                let cost = -relation.score.clamp(f32::MIN_POSITIVE, SUREST).ln();
                graph.add_edge(next.id, relation.other, cost);
                relations.insert((next.id, relation.other), relation);
            }
        }
        let edges: Vec<(ConversationId, f32)> = graph
            .edges(next.id)
            .map(|(_, other, cost)| (other, *cost))
            .collect();
        for (other, cost) in edges {
            let cost = next.cost + cost;
            if let Some(rest) = sides[1 - turn].costs.get(&other) {
                best = best.min(cost + rest);
            }
            sides[turn].offer(other, cost, next.steps + 1);
        }
    }
    let looked_at = looked_at.len();
    let way = cheapest(&graph, from, to).unwrap_or_default();
    let step = |pair: &[ConversationId]| {
        let (here, there) = (pair[0], pair[1]);
        // Scores and reasons are the same from either side.
        let relation = relations.get(&(here, there)).cloned().or_else(|| {
            let back = relations.get(&(there, here))?.clone();
            Some(Relation {
                other: there,
                ..back
            })
        });
        relation.map(|relation| Step {
            from: here,
            relation,
        })
    };
    Path {
        start: way.first().copied(),
        steps: way.windows(2).filter_map(step).collect(),
        looked_at,
    }
}

/// A conversation after so many steps; the first and last are the two ends.
type Place = (ConversationId, u8);

/// The way of least cost with at most so many steps: every conversation stands once for every number of steps.
fn cheapest(
    graph: &UnGraphMap<ConversationId, f32>,
    from: &[ConversationId],
    to: &[ConversationId],
) -> Option<Vec<ConversationId>> {
    let goals: HashSet<ConversationId> = to.iter().copied().collect();
    let mut layers: DiGraphMap<Place, f32> = DiGraphMap::new();
    let mut reached: Vec<ConversationId> = from.to_vec();
    for step in 0..MOST_STEPS as u8 {
        let mut next: Vec<ConversationId> = Vec::new();
        for id in reached {
            layers.add_node((id, step));
            for (_, other, cost) in graph.edges(id) {
                if layers
                    .add_edge((id, step), (other, step + 1), *cost)
                    .is_none()
                {
                    next.push(other);
                }
            }
        }
        let mut seen = HashSet::new();
        next.retain(|id| seen.insert(*id));
        reached = next;
    }
    // All starts at once.
    let start = (ConversationId::from_u128(0), u8::MAX);
    for id in from {
        layers.add_edge(start, (*id, 0), 0.0);
    }
    let is_goal = |place: Place| place != start && goals.contains(&place.0);
    let (_, way) = astar(&layers, start, is_goal, |(.., cost)| *cost, |_| 0.0)?;
    Some(way.into_iter().skip(1).map(|(id, _)| id).collect())
}

/// Relations among some conversations, each pair once: what bridges are found in.
pub(crate) fn among(
    ids: &[ConversationId],
    mut neighbours: impl FnMut(ConversationId) -> Vec<Relation>,
) -> UnGraphMap<ConversationId, f32> {
    let places: BTreeMap<ConversationId, usize> =
        ids.iter().enumerate().map(|(at, id)| (*id, at)).collect();
    let mut graph = UnGraphMap::new();
    for id in ids {
        graph.add_node(*id);
    }
    for id in ids {
        for relation in neighbours(*id) {
            if places.contains_key(&relation.other) {
                graph.add_edge(*id, relation.other, relation.score);
            }
        }
    }
    graph
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::relations::Reason;

    fn id(number: u32) -> ConversationId {
        ConversationId::from_u128(u128::from(number))
    }

    /// Neighbours by a table of scores; each stands in the list of the first alone.
    fn lists(table: &[(u32, u32, f32)]) -> impl FnMut(ConversationId) -> Vec<Relation> {
        let table: Vec<_> = table.to_vec();
        move |of| {
            let of = table.iter().filter(|row| id(row.0) == of);
            of.map(|row| Relation {
                other: id(row.1),
                score: row.2,
                reasons: vec![Reason::Quote { weight: row.2 }],
            })
            .collect()
        }
    }

    fn way(path: &Path) -> Vec<ConversationId> {
        let steps = path.steps.iter().map(|step| step.relation.other);
        path.start.into_iter().chain(steps).collect()
    }

    fn both(table: &[(u32, u32, f32)]) -> Vec<(u32, u32, f32)> {
        let back = table.iter().map(|row| (row.1, row.0, row.2));
        table.iter().copied().chain(back).collect()
    }

    #[test]
    fn the_best_way_is_the_one_whose_scores_multiply_to_most() {
        let table = both(&[
            (1, 2, 0.2),
            (1, 3, 0.9),
            (3, 2, 0.9),
            (3, 4, 0.9),
            (4, 2, 0.95),
        ]);
        let path = best_path(&[id(1)], &[id(2)], lists(&table));
        assert_eq!(way(&path), [id(1), id(3), id(2)]);
        assert_eq!(best_path(&[id(1)], &[id(9)], lists(&table)).start, None);
        let same = best_path(&[id(1)], &[id(1)], lists(&table));
        assert_eq!((same.start, same.steps.len()), (Some(id(1)), 0));
    }

    #[test]
    fn a_way_has_six_steps_at_most_and_a_better_long_one_gives_way_to_a_short_one() {
        let chain = |last: u32| both(&(1..last).map(|at| (at, at + 1, 0.9)).collect::<Vec<_>>());
        let found = |last: u32| way(&best_path(&[id(1)], &[id(last)], lists(&chain(last)))).len();
        assert_eq!((found(7), found(8)), (7, 0));
        let mut table = chain(8);
        table.extend(both(&[(1, 20, 0.1), (20, 8, 0.1)]));
        let path = best_path(&[id(1)], &[id(8)], lists(&table));
        assert_eq!(way(&path), [id(1), id(20), id(8)]);
    }

    #[test]
    fn no_more_is_looked_at_than_may_be() {
        let crowd = |of: ConversationId| -> Vec<Relation> {
            let from = (of.as_u128() as u32).wrapping_mul(41);
            let table: Vec<_> = (0..40)
                .map(|at| (of.as_u128() as u32, from.wrapping_add(at), 0.5))
                .collect();
            lists(&table)(of)
        };
        let path = best_path(&[id(1)], &[id(u32::MAX)], crowd);
        assert!(
            path.looked_at <= MOST_LOOKED_AT && path.start.is_none(),
            "{}",
            path.looked_at
        );
    }
}
