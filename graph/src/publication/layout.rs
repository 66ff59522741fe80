//! The map's layout: forces in the manner of ForceAtlas2, a fixed number of steps, warm from the last positions.
//!
//! Deterministic: single precision, fixed order, no randomness. A topic stays where readers found it: only new ones are
//! placed, each from beside its strongest neighbour, among those that stand. Where most are new, all is laid out anew.

use discover_model::TopicId;

use crate::Parameters;
use crate::publication::snapshot::{MapLevel, MapTopic};

impl MapLevel {
    /// The same map as if it were drawn for the first time. What a drawing costs is measured with it.
    #[must_use]
    pub fn laid_out_anew(&self, parameters: &Parameters) -> Self {
        let body = |topic: &MapTopic| Body {
            at: None,
            size: topic.size,
            label: topic.short_label.chars().count(),
            seed: (topic.id.as_u128() >> 64) as u64,
        };
        let bodies: Vec<Body> = self.topics.iter().map(body).collect();
        let number = |id: TopicId| self.topics.iter().position(|topic| topic.id == id);
        let links: Vec<(usize, usize, f32)> = self
            .links
            .iter()
            .filter_map(|link| Some((number(link.a)?, number(link.b)?, link.weight)))
            .collect();
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
}

/// Width of one character and height of a label, in parts of the map.
const CHARACTER: f32 = 0.0065;
const LINE: f32 = 0.022;
const MARGIN: f32 = 0.04;

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
    let mut at = start(bodies, links);
    let steps = if known * 2 < n { cold } else { warm };
    let pinned = known * 2 >= n;
    let ideal = 0.9 / (n as f32).sqrt();
    let strongest = links
        .iter()
        .map(|link| link.2)
        .fold(f32::MIN_POSITIVE, f32::max);
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
            let pull = (dx * dx + dy * dy).sqrt() / ideal * (weight / strongest).sqrt();
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
    if !pinned {
        fit(&mut at);
    }
    separate(&mut at, bodies, pinned);
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

/// Spreads the drawing over the page: a few topics stay together in the middle, as two in opposite corners would look
/// like opposites.
fn fit(at: &mut [(f32, f32)]) {
    let band = (0.3 + at.len() as f32 / 30.0).min(1.0) * (1.0 - 2.0 * MARGIN);
    let spread = |place: f32| 0.5 + (place - 0.5) * band;
    let across = evened(at, |point| point.0);
    let down = evened(at, |point| point.1);
    for (point, (x, y)) in at.iter_mut().zip(across.into_iter().zip(down)) {
        *point = (spread(x), spread(y));
    }
}

/// One coordinate of every topic between 0 and 1, half by its value and half by its place in the order: what crowds in
/// the middle gets room for its labels, and neighbours stay neighbours.
fn evened(at: &[(f32, f32)], pick: fn(&(f32, f32)) -> f32) -> Vec<f32> {
    let values: Vec<f32> = at.iter().map(pick).collect();
    let low = values.iter().copied().fold(f32::INFINITY, f32::min);
    let high = values.iter().copied().fold(f32::NEG_INFINITY, f32::max);
    let mut order: Vec<usize> = (0..values.len()).collect();
    order.sort_by(|a, b| values[*a].total_cmp(&values[*b]).then(a.cmp(b)));
    let mut evened = vec![0.5; values.len()];
    for (place, number) in order.into_iter().enumerate() {
        let by_value = (values[number] - low) / (high - low).max(1e-6);
        let by_place = place as f32 / (values.len() - 1).max(1) as f32;
        evened[number] = f32::midpoint(by_value, by_place);
    }
    evened
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
