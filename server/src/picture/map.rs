//! The map of topics: subjects as hulls, circles in them, links and labels; for each topic its neighbours and the reason.
//!
//! Contract: circles do not cover each other's middles, labels overlap neither circles nor labels (a circle whose label finds
//! no place holds a letter, which a list below the picture explains, or is left to its name and the table where topics are very many), everything lies within the picture, and 300 topics take
//! less than 200 kB. Lists are told apart by shape, never by colour alone: ringed, filled, dashed, open.

mod hull;
mod labels;
mod links;
mod parts;
mod place;

use std::collections::HashMap;

use askama::Template;
use discover_model::TopicId;

use self::hull::hulls;
use self::labels::labels;
use self::links::Links;
pub(crate) use self::links::strongest;
use self::parts::{Label, MANY, NAMED, Ring, Tie, WIDTH, Why, letter, ring, short};
use self::place::{Circle, height, place};
use super::Px;
use super::label::{self, Area};
use crate::shapes::{Map, MapAnswers, MapTopic, Rank};
use crate::text::words;

const TARGET: f64 = 12.0;
/// Room below the topics for one strip, in which the reasons of whichever topic is pointed at stand.
const STRIP: f64 = 70.0;
/// From this radius on the number of conversations stands in a circle.
const COUNTED: f64 = 15.0;
/// Half the width of the pen that draws hulls.
const PEN: f64 = 22.0;
/// A subject's name is written larger than a label.
const NAME: f64 = 1.25;
/// The picture of one zoom level.
#[derive(Debug, Template)]
#[template(path = "picture/map.svg", escape = "html")]
pub(crate) struct Picture {
    title: String,
    description: String,
    width: Px,
    height: Px,
    /// Where the strip begins.
    strip: Px,
    /// Whether pointing at a topic shows its neighbours; a file that is taken away holds the picture alone.
    explored: bool,
    /// Whether the reasons stand in the strip; of many topics they stand in the table alone.
    reasons: bool,
    hulls: Vec<Subject>,
    ties: Vec<Tie>,
    topics: Vec<Placed>,
}

impl askama::filters::HtmlSafe for Picture {}

/// The picture of a map as it stands on its page.
pub fn svg(map: &Map) -> Result<String, askama::Error> {
    Picture::new(map).render()
}

#[derive(Debug)]
struct Subject {
    path: String,
    name: Option<Name>,
}

#[derive(Debug)]
struct Name {
    text: String,
    x: Px,
    y: Px,
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
    count: Option<Count>,
    label: Option<Label>,
    /// How far answers have come, at its upper right.
    sign: Option<Sign>,
    /// What stands in the circle where its label found no place.
    letter: Option<Count>,
    /// Whether it is what was looked for.
    lit: bool,
    /// Its name in the strip.
    said: String,
    /// Its strongest links as path data.
    glow: String,
    /// The circles they lead to.
    rings: Vec<Ring>,
    why: Vec<Why>,
}

/// A number in a circle.
#[derive(Debug)]
struct Count {
    text: String,
    class: &'static str,
    y: Px,
}

/// A small disc: a tick where a body answered, hands of a clock where something is due, `!` where that is overdue.
#[derive(Debug)]
struct Sign {
    class: &'static str,
    /// Class and path data of what stands in it.
    mark: (&'static str, String),
    x: Px,
    y: Px,
}

#[derive(Debug)]
struct Hot {
    x: Px,
    y: Px,
    width: Px,
    height: Px,
}

impl Picture {
    /// Width and height.
    pub(crate) fn size(&self) -> (f64, f64) {
        (self.width.0, self.height.0)
    }

    pub(crate) fn new(map: &Map) -> Self {
        let height = height(map.topics.len());
        let circles = place(&map.topics, height);
        let links = Links::of(map, &circles);
        let (hulls, mut taken) = subjects(map, &circles);
        let labels = labels(&map.topics, &circles, height, &mut taken);
        let lead = lead(map);
        let few = map.topics.len() <= MANY;
        let mut without = 0;
        let topics = map
            .topics
            .iter()
            .zip(labels)
            .enumerate()
            .map(|(n, (topic, label))| {
                let letter = (few && label.is_none()).then(|| {
                    without += 1;
                    letter(without - 1)
                });
                (n, topic, label, letter)
            })
            .map(|(n, topic, label, letter)| Placed {
                letter: letter.map(|text| Count {
                    text,
                    class: match topic.list {
                        Some(Rank::Emerging | Rank::Enduring) if topic.posts != Some(0) => "letter",
                        _ => "letter-ink",
                    },
                    y: Px(circles[n].y + 4.0),
                }),
                lit: lead == Some(topic.id),
                glow: links.glow(n),
                rings: links.rings(n, &circles),
                why: links.why(n, map),
                ..placed(
                    topic,
                    circles[n],
                    label,
                    map.lit.contains(&topic.id),
                    &links.names(n, map),
                )
            })
            .collect();
        Self {
            title: title(map),
            description: describe(&map.topics),
            width: Px(WIDTH),
            height: Px(height + STRIP),
            strip: Px(height + 8.0),
            explored: true,
            reasons: map.topics.len() <= MANY,
            hulls,
            ties: links.drawn.iter().filter_map(|link| link.tie).collect(),
            topics,
        }
    }

    /// The topics whose circles hold a letter in place of a name beside them: the letter, and which topic.
    pub(crate) fn lettered(&self) -> impl Iterator<Item = (&str, TopicId)> {
        let topics = self.topics.iter();
        topics.filter_map(|topic| Some((topic.letter.as_ref()?.text.as_str(), topic.id)))
    }

    /// The same without what pointing at a topic would show, and without letters: nothing beside a file explains them.
    pub(crate) fn still(mut self) -> Self {
        for topic in &mut self.topics {
            topic.letter = None;
        }
        self.explored = false;
        self.height = Px(self.height.0 - STRIP);
        self
    }
}

/// The topic whose neighbours show while none is pointed at: the one that was looked for, else the largest that emerges,
/// else the largest. Only one fits into the strip.
fn lead(map: &Map) -> Option<TopicId> {
    match map.lit.as_slice() {
        [] => {
            let key =
                |topic: &&MapTopic| (topic.list == Some(Rank::Emerging), topic.size, topic.id);
            map.topics.iter().max_by_key(key).map(|topic| topic.id)
        }
        [one] => Some(*one),
        _ => None,
    }
}

fn title(map: &Map) -> String {
    let topics = words::of(map.topics.len() as u64, "topic", "topics");
    match map.subjects.len() as u64 {
        0 => format!("Map of {topics}"),
        subjects => format!(
            "Map of {topics} in {}",
            words::of(subjects, "subject", "subjects")
        ),
    }
}

/// Hulls with the names of their subjects, and the boxes that the names take.
fn subjects(map: &Map, circles: &[Circle]) -> (Vec<Subject>, Vec<Area>) {
    let names: HashMap<TopicId, &str> = map
        .subjects
        .iter()
        .map(|subject| (subject.id, subject.label.as_str()))
        .collect();
    let mut taken: Vec<Area> = Vec::new();
    let mut drawn = Vec::new();
    for hull in hulls(&map.topics, circles) {
        let name = names.get(&hull.subject).and_then(|name| {
            let room = (hull.width + 2.0 * PEN).max(120.0);
            let mut text = words::sentence(name);
            while label::width(&text) * NAME > room && text.contains(' ') {
                text = short(&text, text.chars().count() - 1);
            }
            let wide = label::width(&text) * NAME;
            let x = hull.top.0.clamp(wide / 2.0 + 4.0, WIDTH - wide / 2.0 - 4.0);
            let y = (hull.top.1 - 6.0).max(16.0);
            let area = Area::new(x - wide / 2.0, y - 15.0, x + wide / 2.0, y + 4.0);
            let free = taken.iter().all(|other| !area.overlaps(other));
            free.then(|| {
                taken.push(area);
                Name {
                    text,
                    x: Px(x),
                    y: Px(y),
                }
            })
        });
        drawn.push(Subject {
            path: hull.path,
            name,
        });
    }
    (drawn, taken)
}

/// The class of a topic's circle.
pub(crate) const fn dot(list: Option<Rank>) -> &'static str {
    match list {
        Some(Rank::Emerging) => "dot-emerging",
        Some(Rank::Enduring) => "dot-enduring",
        Some(Rank::Quiet) => "dot-quiet",
        None => "dot-other",
    }
}

fn placed(
    topic: &MapTopic,
    circle: Circle,
    label: Option<(Label, Area)>,
    found: bool,
    nearest: &[&str],
) -> Placed {
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
    let class = match topic.posts {
        Some(0) => "dot-away",
        _ => dot(topic.list),
    };
    let amount = match topic.posts {
        Some(0) => "no posts that week".to_owned(),
        Some(posts) => words::of(posts, "post", "posts") + " that week",
        None => words::of(topic.size, "conversation", "conversations"),
    };
    let mut name = format!(
        "{}: {list}, {amount}, {}",
        spoken(topic),
        words::networks(topic.networks)
    );
    if !nearest.is_empty() {
        name = format!("{name}; most to do with {}", words::list(nearest));
    }
    if let Some(answers) = &topic.answers {
        name = format!("{name}; {}", answered(answers));
    }
    let ringed = topic.list == Some(Rank::Emerging) && topic.posts != Some(0);
    Placed {
        sign: topic.answers.as_ref().map(|answers| sign(answers, circle)),
        id: topic.id,
        name,
        class,
        ring: (ringed || found).then_some(Px(circle.radius + if found { 7.0 } else { 4.0 })),
        x: Px(circle.x),
        y: Px(circle.y),
        radius: Px(circle.radius),
        hot: Hot {
            x: Px(hot.x0),
            y: Px(hot.y0),
            width: Px(hot.x1 - hot.x0),
            height: Px(hot.y1 - hot.y0),
        },
        count: (circle.radius >= COUNTED && topic.posts != Some(0)).then(|| Count {
            text: words::exact(topic.posts.unwrap_or(topic.size)),
            class: match topic.list {
                Some(Rank::Emerging | Rank::Enduring) => "count",
                Some(Rank::Quiet) | None => "count-ink",
            },
            y: Px(circle.y + 5.0),
        }),
        label,
        letter: None,
        lit: false,
        said: words::sentence(&short(&topic.label, NAMED)),
        glow: String::new(),
        rings: Vec::new(),
        why: Vec::new(),
    }
}

fn answered(answers: &MapAnswers) -> String {
    match answers.due {
        Some(day) if answers.overdue => format!(
            "{}, the next step is overdue since {}",
            answers.stage,
            words::day(day)
        ),
        Some(day) => format!(
            "{}, the next step is due on {}",
            answers.stage,
            words::day(day)
        ),
        None => answers.stage.clone(),
    }
}

fn sign(answers: &MapAnswers, circle: Circle) -> Sign {
    let out = circle.radius * std::f64::consts::FRAC_1_SQRT_2 + 3.0;
    let (x, y) = (circle.x + out, circle.y - out);
    let (class, mark) = match answers.due {
        Some(_) if answers.overdue => (
            "sign-overdue",
            ("sign-mark", format!("M{} {}v5m0 3v1", Px(x), Px(y - 4.5))),
        ),
        Some(_) => (
            "sign-due",
            ("sign-hand", format!("M{} {}v4.5h3.5", Px(x), Px(y - 4.5))),
        ),
        None if answers.stage == "heard" => (
            "sign-heard",
            ("sign-hand", format!("M{} {}h5", Px(x - 2.5), Px(y))),
        ),
        None => (
            "sign-answered",
            (
                "sign-mark",
                format!("M{} {}l2.5 2.5 4.5-5", Px(x - 3.5), Px(y)),
            ),
        ),
    };
    Sign {
        class,
        mark,
        x: Px(x),
        y: Px(y),
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
mod tests;
