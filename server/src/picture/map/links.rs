//! The links that are drawn: of each topic its strongest, with the reasons.

use std::collections::{HashMap, HashSet};
use std::fmt::Write as _;

use discover_model::TopicId;

use super::parts::{MANY, NAMED, Ring, Tie, Why, short};
use super::place::Circle;
use crate::picture::Px;
use crate::shapes::Map;

/// Links drawn of each topic: its strongest.
const STRONGEST: usize = 2;
/// Width of the line of a link: of the weakest, and how much more of the strongest.
const THIN: f64 = 1.25;
const THICKER: f64 = 4.75;
/// Characters of a reason.
const REASON: usize = 78;

/// A link that is drawn.
pub(super) struct Drawn {
    a: usize,
    b: usize,
    /// Absent where the circles touch.
    pub(super) tie: Option<Tie>,
    reason: Option<String>,
}

/// The links that are drawn, strongest first, and which of them each topic has.
pub(super) struct Links {
    pub(super) drawn: Vec<Drawn>,
    of: Vec<Vec<usize>>,
}

impl Links {
    pub(super) fn of(map: &Map, circles: &[Circle]) -> Self {
        let strongest = strongest(map);
        let most = strongest.first().map_or(0.0, |link| link.0);
        let reasons: HashMap<(TopicId, TopicId), &String> = map
            .links
            .iter()
            .filter_map(|link| {
                Some((
                    (link.a.min(link.b), link.a.max(link.b)),
                    link.reason.as_ref()?,
                ))
            })
            .collect();
        let mut of = vec![Vec::new(); circles.len()];
        let mut drawn = Vec::with_capacity(strongest.len());
        for (weight, a, b) in strongest {
            let share = if most > 0.0 { weight / most } else { 0.0 };
            let (one, other) = (map.topics[a].id, map.topics[b].id);
            for end in [a, b] {
                of[end].push(drawn.len());
            }
            drawn.push(Drawn {
                a,
                b,
                tie: tie(circles[a], circles[b], share),
                reason: reasons
                    .get(&(one.min(other), one.max(other)))
                    .map(|words| (*words).clone()),
            });
        }
        Self { drawn, of }
    }

    /// The strongest links of a topic, and where each leads.
    fn strongest(&self, topic: usize) -> impl Iterator<Item = (&Drawn, usize)> {
        let links = self.of[topic].iter().take(STRONGEST);
        links.map(move |link| {
            let link = &self.drawn[*link];
            (link, if link.a == topic { link.b } else { link.a })
        })
    }

    /// The strongest links of a topic as path data.
    pub(super) fn glow(&self, topic: usize) -> String {
        let mut path = String::new();
        for (link, _) in self.strongest(topic) {
            if let Some(tie) = link.tie {
                // Writing to a text cannot fail.
                let _ = write!(path, "M{} {}L{} {}", tie.x1, tie.y1, tie.x2, tie.y2);
            }
        }
        path
    }

    /// Rings around the circles that they lead to, where the picture has room for them.
    pub(super) fn rings(&self, topic: usize, circles: &[Circle]) -> Vec<Ring> {
        if circles.len() > MANY {
            return Vec::new();
        }
        let links = self.strongest(topic);
        links
            .map(|(_, other)| Ring {
                x: Px(circles[other].x),
                y: Px(circles[other].y),
                radius: Px(circles[other].radius + 5.0),
            })
            .collect()
    }

    pub(super) fn why(&self, topic: usize, map: &Map) -> Vec<Why> {
        if map.topics.len() > MANY {
            return Vec::new();
        }
        let links = self.strongest(topic).enumerate();
        links
            .map(|(n, (link, other))| Why {
                line: 23.0 + 20.0 * n as f64,
                with: short(&map.topics[other].label, NAMED),
                reason: short(link.reason.as_deref().unwrap_or_default(), REASON),
            })
            .collect()
    }

    pub(super) fn names<'a>(&self, topic: usize, map: &'a Map) -> Vec<&'a str> {
        let links = self.strongest(topic);
        links
            .map(|(_, other)| map.topics[other].label.as_str())
            .collect()
    }
}

/// The line of a link, from rim to rim.
fn tie(from: Circle, to: Circle, share: f64) -> Option<Tie> {
    let (dx, dy) = (to.x - from.x, to.y - from.y);
    let distance = dx.hypot(dy);
    if distance <= from.radius + to.radius {
        return None;
    }
    let (ux, uy) = (dx / distance, dy / distance);
    Some(Tie {
        width: Px(THIN + THICKER * share.clamp(0.0, 1.0)),
        x1: Px(from.x + ux * from.radius),
        y1: Px(from.y + uy * from.radius),
        x2: Px(to.x - ux * to.radius),
        y2: Px(to.y - uy * to.radius),
    })
}

/// Of each topic its strongest links to others of the map, as weight and places in `topics`, strongest first.
pub(crate) fn strongest(map: &Map) -> Vec<(f64, usize, usize)> {
    let at: HashMap<TopicId, usize> = map
        .topics
        .iter()
        .enumerate()
        .map(|(n, topic)| (topic.id, n))
        .collect();
    let mut links: Vec<(f64, usize, usize)> = map
        .links
        .iter()
        .filter_map(|link| {
            let (a, b) = (*at.get(&link.a)?, *at.get(&link.b)?);
            (a != b).then_some((link.weight, a.min(b), a.max(b)))
        })
        .collect();
    links.sort_by(|one, other| {
        other
            .0
            .total_cmp(&one.0)
            .then((one.1, one.2).cmp(&(other.1, other.2)))
    });
    let mut known: HashSet<(usize, usize)> = HashSet::new();
    links.retain(|(_, a, b)| known.insert((*a, *b)));
    let mut seen = vec![0_usize; map.topics.len()];
    links.retain(|(_, a, b)| {
        let drawn = seen[*a] < STRONGEST || seen[*b] < STRONGEST;
        seen[*a] += 1;
        seen[*b] += 1;
        drawn
    });
    links
}
