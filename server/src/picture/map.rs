//! The map of topics: circles, links and labels.
//!
//! Contract: circles do not cover each other's middles, labels overlap neither circles nor labels (what finds no
//! place is left to the accessible name and the table twin), everything lies within the picture, and 300 topics take
//! less than 200 kB. Lists are told apart by shape, never by colour alone: ringed, filled, dashed, open.

use std::cmp::Ordering;
use std::collections::{HashMap, HashSet};

use askama::Template;
use discover_model::TopicId;
use jiff::civil::Date;

use super::Px;
use super::label::{self, Area, LINE};
use crate::shapes::{Map, MapTopic, Rank};
use crate::text::words;

const WIDTH: f64 = 1120.0;
const MARGIN: f64 = 20.0;
/// Circles take about this share of the picture.
const SHARE: f64 = 0.115;
/// Smallest circle: middles of neighbours stay 24 units apart, the least a target needs.
const SMALLEST: f64 = 9.5;
const LARGEST: f64 = 30.0;
const TARGET: f64 = 12.0;
/// Rounds in which circles push each other apart.
const ROUNDS: usize = 120;
/// Links drawn of each topic: its strongest.
const STRONGEST: usize = 2;
/// Width of the line of a link: of the weakest, and how much more of the strongest.
const THIN: f64 = 1.25;
const THICKER: f64 = 4.75;

/// The picture of one zoom level.
#[derive(Debug, Template)]
#[template(path = "picture/map.svg", escape = "html")]
pub(crate) struct Picture {
    title: String,
    description: String,
    width: Px,
    height: Px,
    ties: Vec<Tie>,
    topics: Vec<Placed>,
}

impl askama::filters::HtmlSafe for Picture {}

/// The picture of a map as it stands on its page.
pub fn svg(map: &Map) -> Result<String, askama::Error> {
    Picture::new(map).render()
}

#[derive(Debug)]
struct Tie {
    width: Px,
    x1: Px,
    y1: Px,
    x2: Px,
    y2: Px,
}

#[derive(Debug)]
struct Placed {
    id: TopicId,
    name: String,
    class: &'static str,
    ring: Option<Px>,
    x: Px,
    y: Px,
    radius: Px,
    hot: Hot,
    label: Option<Label>,
}

#[derive(Debug)]
struct Hot {
    x: Px,
    y: Px,
    width: Px,
    height: Px,
}

#[derive(Debug)]
struct Label {
    text: String,
    x: Px,
    y: Px,
    anchor: &'static str,
}

/// A circle on its way to its place.
#[derive(Debug, Clone, Copy)]
struct Circle {
    x: f64,
    y: f64,
    radius: f64,
}

impl Picture {
    /// Width and height.
    pub(crate) fn size(&self) -> (f64, f64) {
        (self.width.0, self.height.0)
    }

    pub(crate) fn new(map: &Map) -> Self {
        let height = height(map.topics.len());
        let circles = place(&map.topics, height);
        let ties = ties(map, &circles);
        let labels = labels(&map.topics, &circles, height);
        let topics = map
            .topics
            .iter()
            .zip(&circles)
            .zip(labels)
            .map(|((topic, circle), label)| placed(topic, *circle, label))
            .collect();
        Self {
            title: format!(
                "Map of {}",
                words::of(map.topics.len() as u64, "topic", "topics")
            ),
            description: describe(&map.topics),
            width: Px(WIDTH),
            height: Px(height),
            ties,
            topics,
        }
    }
}

fn height(topics: usize) -> f64 {
    match topics {
        0..=60 => 760.0,
        61..=140 => 980.0,
        _ => 1240.0,
    }
}

/// Radius by size, positions as the layout has them, then overlaps pushed apart. Deterministic: fixed order, fixed
/// number of rounds.
fn place(topics: &[MapTopic], height: f64) -> Vec<Circle> {
    let root = |topic: &MapTopic| (topic.size.max(1) as f64).sqrt();
    let sum: f64 = topics.iter().map(|topic| root(topic).powi(2)).sum();
    let scale = (SHARE * WIDTH * height / (std::f64::consts::PI * sum.max(1.0))).sqrt();
    let spread = |place: f64, room: f64| {
        let place = if place.is_finite() { place } else { 0.5 };
        LARGEST + MARGIN + (room - 2.0 * (LARGEST + MARGIN)) * place.clamp(0.0, 1.0)
    };
    let mut circles: Vec<Circle> = topics
        .iter()
        .map(|topic| Circle {
            x: spread(topic.x, WIDTH),
            y: spread(topic.y, height),
            radius: (root(topic) * scale).clamp(SMALLEST, LARGEST),
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
            let edge = circle.radius + MARGIN;
            circle.x = circle.x.clamp(edge, WIDTH - edge);
            circle.y = circle.y.clamp(edge, height - edge);
        }
        if !moved {
            break;
        }
    }
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

/// The strongest links, drawn from rim to rim.
fn ties(map: &Map, circles: &[Circle]) -> Vec<Tie> {
    let links = strongest(map);
    let most = links.first().map_or(0.0, |link| link.0);
    let width = |weight: f64| {
        let share = if most > 0.0 { weight / most } else { 0.0 };
        Px(THIN + THICKER * share.clamp(0.0, 1.0))
    };
    links
        .into_iter()
        .filter_map(|(weight, a, b)| {
            let (from, to) = (circles[a], circles[b]);
            let (dx, dy) = (to.x - from.x, to.y - from.y);
            let distance = (dx * dx + dy * dy).sqrt();
            if distance <= from.radius + to.radius {
                return None;
            }
            let (ux, uy) = (dx / distance, dy / distance);
            Some(Tie {
                width: width(weight),
                x1: Px(from.x + ux * from.radius),
                y1: Px(from.y + uy * from.radius),
                x2: Px(to.x - ux * to.radius),
                y2: Px(to.y - uy * to.radius),
            })
        })
        .collect()
}

/// Where each topic's label stands, with its box; none where it would touch a circle or another label.
fn labels(topics: &[MapTopic], circles: &[Circle], height: f64) -> Vec<Option<(Label, Area)>> {
    let picture = Area::new(2.0, 2.0, WIDTH - 2.0, height - 2.0);
    // Those in a list come first, then the large ones.
    let mut order: Vec<usize> = (0..topics.len()).collect();
    order.sort_by_key(|&n| {
        let topic = &topics[n];
        (
            topic.list.is_none(),
            std::cmp::Reverse(topic.size),
            topic.id,
        )
    });
    let mut taken: Vec<Area> = Vec::with_capacity(topics.len());
    let mut labels: Vec<Option<(Label, Area)>> = topics.iter().map(|_| None).collect();
    for n in order {
        let circle = circles[n];
        let text = topics[n].short_label.trim();
        let wide = label::width(text);
        let rim = circle.radius + ring(topics[n].list);
        let spots = [
            // Below, above, right, left: middle of the text line's box.
            ("middle", circle.x, circle.y + rim + 2.0 + LINE / 2.0),
            ("middle", circle.x, circle.y - rim - 2.0 - LINE / 2.0),
            ("start", circle.x + rim + 4.0, circle.y),
            ("end", circle.x - rim - 4.0, circle.y),
        ];
        for (anchor, x, middle) in spots {
            let left = match anchor {
                "middle" => x - wide / 2.0,
                "start" => x,
                _ => x - wide,
            };
            let area = Area::new(left, middle - LINE / 2.0, left + wide, middle + LINE / 2.0);
            let free = area.within(&picture)
                && taken.iter().all(|other| !area.overlaps(other))
                && circles.iter().enumerate().all(|(other, around)| {
                    other == n
                        || !area.overlaps(&Area::around(
                            around.x,
                            around.y,
                            around.radius + ring(topics[other].list),
                        ))
                });
            if free && !text.is_empty() {
                taken.push(area);
                labels[n] = Some((
                    Label {
                        text: text.to_owned(),
                        x: Px(x),
                        y: Px(middle + 4.6),
                        anchor,
                    },
                    area,
                ));
                break;
            }
        }
    }
    labels
}

/// How far the ring of an emerging topic lies outside its circle.
const fn ring(list: Option<Rank>) -> f64 {
    match list {
        Some(Rank::Emerging) => 4.0,
        _ => 0.0,
    }
}

fn placed(topic: &MapTopic, circle: Circle, label: Option<(Label, Area)>) -> Placed {
    let reach = (circle.radius + ring(topic.list) + 2.0).max(TARGET);
    let mut hot = Area::around(circle.x, circle.y, reach);
    let label = label.map(|(label, area)| {
        hot = hot.union(&area);
        label
    });
    let list = topic.list.map_or("in no list", |list| match list {
        Rank::Emerging => "emerging",
        Rank::Enduring => "enduring",
        Rank::Quiet => "quiet but persistent",
    });
    Placed {
        id: topic.id,
        name: format!(
            "{}: {list}, {}",
            spoken(topic),
            words::networks(topic.networks)
        ),
        class: match topic.list {
            Some(Rank::Emerging) => "dot-emerging",
            Some(Rank::Enduring) => "dot-enduring",
            Some(Rank::Quiet) => "dot-quiet",
            None => "dot-other",
        },
        ring: (topic.list == Some(Rank::Emerging)).then_some(Px(circle.radius + 4.0)),
        x: Px(circle.x),
        y: Px(circle.y),
        radius: Px(circle.radius),
        hot: Hot {
            x: Px(hot.x0),
            y: Px(hot.y0),
            width: Px(hot.x1 - hot.x0),
            height: Px(hot.y1 - hot.y0),
        },
        label,
    }
}

/// What a topic is called by voice: the words that stand in the picture first, so that they can be spoken to reach it.
fn spoken(topic: &MapTopic) -> String {
    let short = topic.short_label.trim();
    if short.is_empty() || short.eq_ignore_ascii_case(topic.label.trim()) {
        topic.label.clone()
    } else {
        format!("{short} ({})", topic.label)
    }
}

fn describe(topics: &[MapTopic]) -> String {
    let of = |rank: Option<Rank>| topics.iter().filter(|topic| topic.list == rank).count() as u64;
    format!(
        "{} emerging, {} enduring, {} quiet but persistent, {} in none of the lists. The same stands in the table below.",
        words::exact(of(Some(Rank::Emerging))),
        words::exact(of(Some(Rank::Enduring))),
        words::exact(of(Some(Rank::Quiet))),
        words::exact(of(None)),
    )
}

#[cfg(test)]
#[path = "map_tests.rs"]
mod tests;
