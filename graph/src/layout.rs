//! The map's layout: forces in the manner of ForceAtlas2, a fixed number of steps, warm from the last positions.
//!
//! Deterministic: single precision, fixed order, no randomness. A new topic starts beside its strongest neighbour.

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
            let (x, y) = at[place];
            // Gravity keeps unlinked topics on the page; a known topic is held near where readers found it.
            let mut pull = (
                force[place].0 + (0.5 - x) * 0.3,
                force[place].1 + (0.5 - y) * 0.3,
            );
            let mut hottest = heat;
            if pinned && let Some(home) = body.at {
                pull = (
                    pull.0 * 0.1 + (home.0 - x) * 2.0,
                    pull.1 * 0.1 + (home.1 - y) * 2.0,
                );
                hottest *= 0.1;
            }
            let length = (pull.0 * pull.0 + pull.1 * pull.1).sqrt().max(1e-9);
            let step = length.min(hottest) / length;
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

/// Scales the drawing to the page.
fn fit(at: &mut [(f32, f32)]) {
    let range = |values: &mut dyn Iterator<Item = f32>| {
        values.fold((f32::MAX, f32::MIN), |r, v| (r.0.min(v), r.1.max(v)))
    };
    let (left, right) = range(&mut at.iter().map(|p| p.0));
    let (top, bottom) = range(&mut at.iter().map(|p| p.1));
    let (width, height) = ((right - left).max(1e-6), (bottom - top).max(1e-6));
    for point in at {
        point.0 = MARGIN + (point.0 - left) / width * (1.0 - 2.0 * MARGIN);
        point.1 = MARGIN + (point.1 - top) / height * (1.0 - 2.0 * MARGIN);
    }
}

/// Pushes overlapping labels apart, along the shorter way, and keeps everything on the page.
fn separate(at: &mut [(f32, f32)], bodies: &[Body], gentle: bool) {
    let width = |body: &Body| 0.012 + CHARACTER * body.label as f32;
    for _ in 0..if gentle { 30 } else { 120 } {
        let mut moved = false;
        for a in 0..at.len() {
            for b in a + 1..at.len() {
                let dx = at[b].0 - at[a].0;
                let dy = at[b].1 - at[a].1;
                let over_x = f32::midpoint(width(&bodies[a]), width(&bodies[b])) - dx.abs();
                let over_y = LINE - dy.abs();
                if over_x <= 0.0 || over_y <= 0.0 {
                    continue;
                }
                moved = true;
                if over_y <= over_x {
                    let push = if dy >= 0.0 { over_y } else { -over_y } * 0.51;
                    at[a].1 -= push;
                    at[b].1 += push;
                } else {
                    let push = if dx >= 0.0 { over_x } else { -over_x } * 0.51;
                    at[a].0 -= push;
                    at[b].0 += push;
                }
            }
        }
        for (point, body) in at.iter_mut().zip(bodies) {
            let side = (width(body) / 2.0).min(0.2);
            point.0 = point.0.clamp(side, 1.0 - side);
            point.1 = point.1.clamp(LINE / 2.0, 1.0 - LINE / 2.0);
        }
        if !moved {
            break;
        }
    }
}
