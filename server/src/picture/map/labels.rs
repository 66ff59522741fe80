//! Where labels stand: beside their circles, on nothing else.

use super::parts::{Label, MANY, WIDTH, ring};
use super::place::Circle;
use crate::picture::Px;
use crate::picture::label::{self, Area, LINE};
use crate::shapes::MapTopic;

/// A point of a circle that lies aslant of its middle, as parts of its radius.
const ASLANT: f64 = std::f64::consts::FRAC_1_SQRT_2;

/// Where each topic's label stands, with its box; none where it would touch a circle or another label.
/// `taken` are boxes in which something stands already.
pub(super) fn labels(
    topics: &[MapTopic],
    circles: &[Circle],
    height: f64,
    taken: &mut Vec<Area>,
) -> Vec<Option<(Label, Area)>> {
    let picture = Area::new(2.0, 2.0, WIDTH - 2.0, height - 2.0);
    // Of very many the page would be too large with a name more for each.
    let tried = if topics.len() <= MANY { 8 } else { 4 };
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
    let mut labels: Vec<Option<(Label, Area)>> = topics.iter().map(|_| None).collect();
    for n in order {
        let circle = circles[n];
        let text = topics[n].short_label.trim();
        let wide = label::width(text);
        let rim = circle.radius + ring(topics[n].list);
        let spots = [
            // Below, above, right, left: where the line is anchored, and the middle of its box.
            ("middle", circle.x, circle.y + rim + 2.0 + LINE / 2.0),
            ("middle", circle.x, circle.y - rim - 2.0 - LINE / 2.0),
            ("start", circle.x + rim + 4.0, circle.y),
            ("end", circle.x - rim - 4.0, circle.y),
            // And aslant of it: below and above, to the right and the left.
            (
                "start",
                circle.x + rim * ASLANT,
                circle.y + rim * ASLANT + LINE / 2.0,
            ),
            (
                "end",
                circle.x - rim * ASLANT,
                circle.y + rim * ASLANT + LINE / 2.0,
            ),
            (
                "start",
                circle.x + rim * ASLANT,
                circle.y - rim * ASLANT - LINE / 2.0,
            ),
            (
                "end",
                circle.x - rim * ASLANT,
                circle.y - rim * ASLANT - LINE / 2.0,
            ),
        ];
        for (anchor, x, middle) in spots.into_iter().take(tried) {
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
