//! Subjects as hulls around their topics. A hull has no one else's topic in it: where a simple one would, its topics are
//! strung together instead.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use discover_model::TopicId;

use super::place::Circle;
use crate::picture::Px;
use crate::shapes::MapTopic;

/// The line around a subject, drawn with a wide round pen.
#[derive(Debug)]
pub(super) struct Hull {
    pub(super) subject: TopicId,
    /// Path data.
    pub(super) path: String,
    /// Its topmost point: its name stands there.
    pub(super) top: (f64, f64),
    pub(super) width: f64,
}

type Point = (f64, f64);

/// Hulls of the subjects that have several topics here, by subject.
pub(super) fn hulls(topics: &[MapTopic], circles: &[Circle]) -> Vec<Hull> {
    let mut members: BTreeMap<TopicId, Vec<usize>> = BTreeMap::new();
    for (n, topic) in topics.iter().enumerate() {
        if let Some(parent) = topic.parent {
            members.entry(parent).or_default().push(n);
        }
    }
    let hull = |(subject, members): (TopicId, Vec<usize>)| {
        let own: Vec<Circle> = members.iter().map(|n| circles[*n]).collect();
        let simple = convex(own.iter().flat_map(corners).collect());
        let others = circles.iter().enumerate();
        let mut others = others.filter(|(n, _)| !members.contains(n));
        let alone = others.all(|(_, other)| !contains(&simple, (other.x, other.y)));
        let left = own
            .iter()
            .map(|circle| circle.x - circle.radius)
            .fold(f64::MAX, f64::min);
        let right = own
            .iter()
            .map(|circle| circle.x + circle.radius)
            .fold(f64::MIN, f64::max);
        let top = own
            .iter()
            .map(|circle| circle.y - circle.radius)
            .fold(f64::MAX, f64::min);
        Hull {
            subject,
            path: if alone {
                outline(&simple)
            } else {
                strung(&own)
            },
            top: (f64::midpoint(left, right), top),
            width: right - left,
        }
    };
    // One topic alone needs no line around it.
    let several = members.into_iter().filter(|(_, members)| members.len() > 1);
    several.map(hull).collect()
}

fn corners(circle: &Circle) -> [Point; 8] {
    let reach = circle.radius;
    let slant = reach * std::f64::consts::FRAC_1_SQRT_2;
    [
        (reach, 0.0),
        (slant, slant),
        (0.0, reach),
        (-slant, slant),
        (-reach, 0.0),
        (-slant, -slant),
        (0.0, -reach),
        (slant, -slant),
    ]
    .map(|(dx, dy)| (circle.x + dx, circle.y + dy))
}

fn turn(a: Point, b: Point, c: Point) -> f64 {
    (b.0 - a.0) * (c.1 - a.1) - (b.1 - a.1) * (c.0 - a.0)
}

/// Convex hull, counter-clockwise (Andrew's monotone chain).
fn convex(mut points: Vec<Point>) -> Vec<Point> {
    points.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.total_cmp(&b.1)));
    points.dedup();
    let half = |points: &mut dyn Iterator<Item = Point>| {
        let mut chain: Vec<Point> = Vec::new();
        for point in points {
            while let [.., a, b] = chain[..]
                && turn(a, b, point) <= 0.0
            {
                chain.pop();
            }
            chain.push(point);
        }
        chain.pop();
        chain
    };
    let mut hull = half(&mut points.iter().copied());
    hull.extend(half(&mut points.iter().rev().copied()));
    hull
}

fn contains(hull: &[Point], point: Point) -> bool {
    hull.len() > 2
        && (0..hull.len()).all(|n| turn(hull[n], hull[(n + 1) % hull.len()], point) >= 0.0)
}

fn outline(points: &[Point]) -> String {
    let mut path = String::new();
    for (n, (x, y)) in points.iter().enumerate() {
        let letter = if n == 0 { 'M' } else { 'L' };
        // Writing to a text cannot fail.
        let _ = write!(path, "{letter}{} {}", Px(x.round()), Px(y.round()));
    }
    path.push('Z');
    path
}

/// Each circle's outline, and lines from each to the nearest before it.
fn strung(circles: &[Circle]) -> String {
    let mut path = String::new();
    for (n, circle) in circles.iter().enumerate() {
        path.push_str(&outline(&corners(circle)));
        let near = circles[..n].iter().min_by(|a, b| {
            let of = |other: &Circle| (other.x - circle.x).hypot(other.y - circle.y);
            of(a).total_cmp(&of(b))
        });
        if let Some(near) = near {
            let points = [(circle.x, circle.y), (near.x, near.y)];
            path.push_str(&outline(&points));
        }
    }
    path
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_hull_holds_its_own_and_no_others() {
        let circle = |x: f64, y: f64| Circle { x, y, radius: 10.0 };
        let square = convex(
            [
                (0.0, 0.0),
                (10.0, 0.0),
                (5.0, 5.0),
                (10.0, 10.0),
                (0.0, 10.0),
            ]
            .into(),
        );
        assert_eq!(square.len(), 4);
        assert!(contains(&square, (5.0, 5.0)) && !contains(&square, (11.0, 5.0)));
        let crowded = crate::pages::sample::map(1);
        let mut topics = crowded.topics[..4].to_vec();
        for topic in &mut topics[..3] {
            topic.parent = Some(TopicId::from_u128(7));
        }
        topics[3].parent = Some(TopicId::from_u128(8));
        let apart = [
            circle(0.0, 0.0),
            circle(100.0, 0.0),
            circle(50.0, 90.0),
            circle(300.0, 0.0),
        ];
        let drawn = hulls(&topics, &apart);
        assert_eq!(drawn.len(), 1, "one topic alone has none");
        assert_eq!(drawn[0].path.matches('M').count(), 1, "one outline");
        let mixed = [apart[0], apart[1], apart[2], circle(50.0, 30.0)];
        let drawn = hulls(&topics, &mixed);
        assert!(
            drawn[0].path.matches('M').count() > 1,
            "strung together around the stranger"
        );
    }
}
