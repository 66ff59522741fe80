//! Where the circles of the map stand and how large they are.

use std::cmp::Ordering;

use jiff::civil::Date;

use super::parts::{MARGIN, WIDTH};
use crate::shapes::MapTopic;

/// Smallest circle: middles of neighbours stay 24 units apart, the least a target needs.
const SMALLEST: f64 = 9.5;

/// What a picture of so many topics is made with.
struct Scale {
    /// Circles take about this share of the picture.
    share: f64,
    largest: f64,
    /// Room at the edge: of every circle, and of the places before circles push each other apart.
    edge: f64,
    spread: f64,
}

impl Scale {
    /// Among many, a large circle that changes would move too many, and one that is squeezed against the edge as well.
    const fn of(topics: usize) -> Self {
        if topics > 60 {
            Self {
                share: 0.115,
                largest: 30.0,
                edge: 20.0,
                spread: 50.0,
            }
        } else {
            Self {
                share: 0.1,
                largest: 52.0,
                edge: MARGIN,
                spread: MARGIN,
            }
        }
    }
}

/// Rounds in which circles push each other apart.
const ROUNDS: usize = 120;

/// A circle on its way to its place.
#[derive(Debug, Clone, Copy)]
pub(super) struct Circle {
    pub(super) x: f64,
    pub(super) y: f64,
    pub(super) radius: f64,
}

/// Of the part that holds the topics.
pub(super) fn height(topics: usize) -> f64 {
    match topics {
        0..=60 => 760.0,
        61..=140 => 980.0,
        _ => 1240.0,
    }
}

/// Radius by size, positions as the layout has them, then overlaps pushed apart. Deterministic: fixed order, fixed
/// number of rounds.
pub(super) fn place(topics: &[MapTopic], height: f64) -> Vec<Circle> {
    let made = Scale::of(topics.len());
    let root = |topic: &MapTopic| (topic.posts.unwrap_or(topic.size).max(1) as f64).sqrt();
    let sum: f64 = topics.iter().map(|topic| root(topic).powi(2)).sum();
    let scale = (made.share * WIDTH * height / (std::f64::consts::PI * sum.max(1.0))).sqrt();
    let spread = |place: f64, room: f64| {
        let place = if place.is_finite() { place } else { 0.5 };
        made.spread + (room - 2.0 * made.spread) * place.clamp(0.0, 1.0)
    };
    let mut circles: Vec<Circle> = topics
        .iter()
        .map(|topic| Circle {
            x: spread(topic.x, WIDTH),
            y: spread(topic.y, height),
            radius: (root(topic) * scale).clamp(SMALLEST, made.largest),
        })
        .collect();
    let since: Vec<Date> = topics.iter().map(|topic| topic.since).collect();
    push_apart(&mut circles, &since, height);
    circles
}

/// Room kept around a circle, more below it, where its label usually stands.
fn gap(circles: usize) -> (f64, f64) {
    if circles > 140 {
        (6.0, 10.0)
    } else {
        (10.0, 22.0)
    }
}

/// Of two circles the younger makes room, so that what is new moves nothing that readers know.
fn push_apart(circles: &mut [Circle], since: &[Date], height: f64) {
    let (beside, below) = gap(circles.len());
    let made = Scale::of(circles.len());
    for _ in 0..ROUNDS {
        let mut moved = false;
        for a in 0..circles.len() {
            for b in a + 1..circles.len() {
                let (first, second) = (circles[a], circles[b]);
                let reach = first.radius + second.radius;
                let (dx, dy) = (second.x - first.x, second.y - first.y);
                if dx.abs() >= reach + beside || dy.abs() >= reach + below {
                    continue;
                }
                let distance = (dx * dx + dy * dy).sqrt();
                // A label stands above or below, so circles need more room there than beside each other.
                let lean = if distance > 1e-6 {
                    dy.abs() / distance
                } else {
                    1.0
                };
                let needed = reach + beside + (below - beside) * lean;
                if distance >= needed {
                    continue;
                }
                let (ux, uy) = if distance > 1e-6 {
                    (dx / distance, dy / distance)
                } else {
                    // Two at the same place part in a direction that depends on their order alone.
                    let turn = (a * 7 + b) as f64;
                    (turn.cos(), turn.sin())
                };
                let part = match since[a].cmp(&since[b]) {
                    Ordering::Less => 0.0,
                    Ordering::Equal => 0.5,
                    Ordering::Greater => 1.0,
                };
                let push = needed - distance;
                circles[a].x -= ux * push * part;
                circles[a].y -= uy * push * part;
                circles[b].x += ux * push * (1.0 - part);
                circles[b].y += uy * push * (1.0 - part);
                moved = true;
            }
        }
        for circle in circles.iter_mut() {
            let edge = circle.radius + made.edge;
            circle.x = circle.x.clamp(edge, WIDTH - edge);
            circle.y = circle.y.clamp(edge, height - edge);
        }
        if !moved {
            break;
        }
    }
}
