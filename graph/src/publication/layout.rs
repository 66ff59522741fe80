//! The map's layout: forces in the manner of ForceAtlas2, a fixed number of steps, then a cell for each topic.
//!
//! Deterministic: single precision, fixed order, no randomness. A topic stays where readers found it: only new ones are
//! placed, each from beside its strongest neighbour, among those that stand. All is laid out anew where most are new, or
//! where too few stand beside what they have most to do with.

use discover_model::TopicId;

use crate::Parameters;
use crate::publication::cells;
use crate::publication::snapshot::{MapLevel, MapLink, MapTopic};

impl MapLevel {
    /// The same map as if it were drawn for the first time. What a drawing costs is measured with it.
    #[must_use]
    pub fn laid_out_anew(&self, parameters: &Parameters) -> Self {
        let body = |topic: &MapTopic| Body {
            at: None,
            size: topic.size,
            label: topic.short_label.chars().count(),
            seed: (topic.id.as_u128() >> 64) as u64,
            group: group(topic.parent),
        };
        let bodies: Vec<Body> = self.topics.iter().map(body).collect();
        let links = self.numbered();
        let places = layout(
            &bodies,
            &links,
            parameters.layout_cold,
            parameters.layout_warm,
        );
        let mut anew = self.clone();
        for (topic, (x, y)) in anew.topics.iter_mut().zip(places) {
            (topic.x, topic.y) = (x, y);
        }
        anew
    }

    /// Of the topics that have links, the share whose strongest leads to one of the three nearest.
    pub fn share_beside(&self) -> f32 {
        let places: Vec<(f32, f32)> = self.topics.iter().map(|topic| (topic.x, topic.y)).collect();
        cells::share_beside(&places, &self.numbered())
    }

    fn numbered(&self) -> Vec<(usize, usize, f32)> {
        let number = |id: TopicId| self.topics.iter().position(|topic| topic.id == id);
        let links = self.links.iter();
        let numbered = |link: &MapLink| Some((number(link.a)?, number(link.b)?, link.weight));
        links.filter_map(numbered).collect()
    }
}

/// The subject a topic lies in, as a number; those of none lie together.
pub(crate) fn group(parent: Option<TopicId>) -> u64 {
    parent.map_or(0, |parent| parent.as_u128() as u64)
}

/// A topic to be placed.
#[derive(Debug, Clone)]
pub(crate) struct Body {
    /// Where it was; absent for a new topic.
    pub(crate) at: Option<(f32, f32)>,
    pub(crate) size: u32,
    /// Characters of its short label.
    pub(crate) label: usize,
    /// Anything stable, for the first position.
    pub(crate) seed: u64,
    /// The subject it lies in.
    pub(crate) group: u64,
}

/// Width of one character and height of a label, in parts of the map.
const CHARACTER: f32 = 0.0065;
const LINE: f32 = 0.022;
/// Least share of topics that stand beside what they have most to do with; below it all is laid out anew.
const BESIDE: f32 = 0.6;
/// Below so many topics a few decide that share.
const MANY: usize = 12;

/// Positions in 0..1. `links` name bodies by number, once each.
pub(crate) fn layout(
    bodies: &[Body],
    links: &[(usize, usize, f32)],
    cold: u32,
    warm: u32,
) -> Vec<(f32, f32)> {
    let n = bodies.len();
    if n == 0 {
        return Vec::new();
    }
    if n == 1 {
        return vec![bodies[0].at.unwrap_or((0.5, 0.5))];
    }
    let known = bodies.iter().filter(|body| body.at.is_some()).count();
    if known * 2 >= n {
        let at = forced(bodies, links, warm, true);
        if n < MANY || cells::share_beside(&at, links) >= BESIDE {
            return at;
        }
    }
    let at = forced(bodies, links, cold, false);
    let tile = |(body, at): (&Body, (f32, f32))| cells::Tile {
        at,
        size: body.size,
        group: body.group,
    };
    let tiles: Vec<cells::Tile> = bodies.iter().zip(at).map(tile).collect();
    let mut at = cells::fill(&tiles, links);
    separate(&mut at, bodies, false);
    at
}

/// Positions by forces; where `pinned`, only what has no place yet is moved.
fn forced(
    bodies: &[Body],
    links: &[(usize, usize, f32)],
    steps: u32,
    pinned: bool,
) -> Vec<(f32, f32)> {
    let n = bodies.len();
    let mut at = start(bodies, links);
    let ideal = 0.9 / (n as f32).sqrt();
    // A link pulls as hard as it weighs among the links of the two it joins.
    let mut most = vec![f32::MIN_POSITIVE; n];
    for &(a, b, weight) in links {
        most[a] = most[a].max(weight);
        most[b] = most[b].max(weight);
    }
    for step in 0..steps {
        let heat = ideal * 0.6 * (1.0 - step as f32 / steps as f32);
        let mut force = vec![(0.0_f32, 0.0_f32); n];
        for a in 0..n {
            for b in a + 1..n {
                let (dx, dy) = (at[a].0 - at[b].0, at[a].1 - at[b].1);
                let push = ideal * ideal / (dx * dx + dy * dy).max(1e-6);
                force[a] = (force[a].0 + dx * push, force[a].1 + dy * push);
                force[b] = (force[b].0 - dx * push, force[b].1 - dy * push);
            }
        }
        for &(a, b, weight) in links {
            let (dx, dy) = (at[b].0 - at[a].0, at[b].1 - at[a].1);
            let share = f32::midpoint(weight / most[a], weight / most[b]);
            let pull = (dx * dx + dy * dy).sqrt() / ideal * share;
            force[a] = (force[a].0 + dx * pull, force[a].1 + dy * pull);
            force[b] = (force[b].0 - dx * pull, force[b].1 - dy * pull);
        }
        for (place, body) in bodies.iter().enumerate() {
            if pinned && body.at.is_some() {
                continue;
            }
            let (x, y) = at[place];
            // Gravity keeps unlinked topics on the page.
            let pull = (
                force[place].0 + (0.5 - x) * 0.3,
                force[place].1 + (0.5 - y) * 0.3,
            );
            let length = (pull.0 * pull.0 + pull.1 * pull.1).sqrt().max(1e-9);
            let step = length.min(heat) / length;
            at[place] = (x + pull.0 * step, y + pull.1 * step);
        }
    }
    if pinned {
        separate(&mut at, bodies, true);
    }
    at
}

/// Known places, else beside the strongest placed neighbour, else on a spiral by size.
fn start(bodies: &[Body], links: &[(usize, usize, f32)]) -> Vec<(f32, f32)> {
    let mut near: Vec<Option<(f32, usize)>> = vec![None; bodies.len()];
    for &(a, b, weight) in links {
        for (from, to) in [(a, b), (b, a)] {
            if bodies[to].at.is_some() && near[from].is_none_or(|(best, _)| weight > best) {
                near[from] = Some((weight, to));
            }
        }
    }
    let mut order: Vec<usize> = (0..bodies.len()).collect();
    order.sort_by_key(|at| (std::cmp::Reverse(bodies[*at].size), bodies[*at].seed));
    let mut at = vec![(0.5, 0.5); bodies.len()];
    for (turn, place) in order.into_iter().enumerate() {
        let body = &bodies[place];
        let angle = (body.seed % 6283) as f32 / 1000.0;
        at[place] = match (body.at, near[place]) {
            (Some(home), _) => home,
            (None, Some((_, other))) => {
                let (x, y) = bodies[other].at.unwrap_or((0.5, 0.5));
                (x + 0.03 * angle.cos(), y + 0.03 * angle.sin())
            }
            (None, None) => {
                let radius = 0.45 * ((turn as f32 + 0.5) / bodies.len() as f32).sqrt();
                let golden = turn as f32 * 2.399_963;
                (0.5 + radius * golden.cos(), 0.5 + radius * golden.sin())
            }
        };
    }
    at
}

/// Pushes overlapping labels apart, along the shorter way, and keeps everything on the page. Where `pinned`, only what has no place yet is moved.
fn separate(at: &mut [(f32, f32)], bodies: &[Body], pinned: bool) {
    let width = |body: &Body| 0.012 + CHARACTER * body.label as f32;
    let free = |body: &Body| !(pinned && body.at.is_some());
    for _ in 0..120 {
        let mut moved = false;
        for a in 0..at.len() {
            for b in a + 1..at.len() {
                // How far each of the two goes, of the way that both must go.
                let (first, second) = match (free(&bodies[a]), free(&bodies[b])) {
                    (true, true) => (0.51, 0.51),
                    (true, false) => (1.02, 0.0),
                    (false, true) => (0.0, 1.02),
                    (false, false) => continue,
                };
                let dx = at[b].0 - at[a].0;
                let dy = at[b].1 - at[a].1;
                let over_x = f32::midpoint(width(&bodies[a]), width(&bodies[b])) - dx.abs();
                let over_y = LINE - dy.abs();
                if over_x <= 0.0 || over_y <= 0.0 {
                    continue;
                }
                moved = true;
                if over_y <= over_x {
                    let push = if dy >= 0.0 { over_y } else { -over_y };
                    at[a].1 -= push * first;
                    at[b].1 += push * second;
                } else {
                    let push = if dx >= 0.0 { over_x } else { -over_x };
                    at[a].0 -= push * first;
                    at[b].0 += push * second;
                }
            }
        }
        for (point, body) in at.iter_mut().zip(bodies).filter(|(_, body)| free(body)) {
            let side = (width(body) / 2.0).min(0.2);
            point.0 = point.0.clamp(side, 1.0 - side);
            point.1 = point.1.clamp(LINE / 2.0, 1.0 - LINE / 2.0);
        }
        if !moved {
            break;
        }
    }
}
