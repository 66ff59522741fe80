//! Conversations over time as bars, with the rows of its table twin.
//!
//! A bucket with too few voices for a number is a dashed stub without a number; a bucket in which a network could
//! not be reached is hatched, and named in the twin: a gap is drawn, never smoothed.

use askama::Template;
use jiff::civil::Date;

use super::Px;
use crate::pages::words;
use crate::shapes::{Bucket, Interval, Timeline};

const LEFT: f64 = 44.0;
const RIGHT: f64 = 760.0;
const TOP: f64 = 22.0;
const BASE: f64 = 132.0;
/// Height of the stub for "some, too few for a number".
const STUB: f64 = 8.0;
/// Labels along the time axis at most; more would run into each other on a phone.
const LABELS: usize = 6;
/// Networks named in one cell of the table twin.
const NAMED: usize = 4;

/// A bar chart and its twin.
#[derive(Debug, Template)]
#[template(path = "picture/timeline.html")]
pub(crate) struct Chart {
    /// Prefix of the ids within the page.
    id: &'static str,
    title: String,
    description: String,
    column: &'static str,
    grid: Vec<Grid>,
    bars: Vec<Bar>,
    gaps: Vec<Hatch>,
    labels: Vec<Label>,
    rows: Vec<Row>,
    has_few: bool,
    /// Whether any number is rounded.
    rounded: bool,
}

impl askama::filters::HtmlSafe for Chart {}

#[derive(Debug)]
struct Grid {
    y: Px,
    text_y: Px,
    count: String,
}

#[derive(Debug)]
struct Bar {
    class: &'static str,
    x: Px,
    y: Px,
    width: Px,
    height: Px,
}

#[derive(Debug)]
struct Hatch {
    x: Px,
    width: Px,
}

#[derive(Debug)]
struct Label {
    x: Px,
    anchor: &'static str,
    text: String,
}

/// One row of the table twin, newest first.
#[derive(Debug)]
struct Row {
    start: Date,
    when: String,
    count: String,
    coverage: String,
}

impl Chart {
    /// `what` is what is counted ("Conversations that match"); `name` turns a network's slug into its name.
    pub(crate) fn new(
        id: &'static str,
        what: &str,
        timeline: &Timeline,
        name: &dyn Fn(&str) -> Option<String>,
    ) -> Self {
        let buckets = &timeline.buckets;
        let highest = buckets.iter().filter_map(|b| b.count).max().unwrap_or(0);
        let step = nice_step(highest);
        let top = highest.div_ceil(step).max(1) * step;
        let scale = (BASE - TOP) / top as f64;
        let slot = (RIGHT - LEFT) / buckets.len().max(1) as f64;
        let width = (slot * 0.72).clamp(0.8, 56.0);

        let mut bars = Vec::with_capacity(buckets.len());
        let mut gaps = Vec::new();
        for (n, bucket) in buckets.iter().enumerate() {
            let left = LEFT + slot * n as f64;
            if !bucket.gaps.is_empty() {
                gaps.push(Hatch {
                    x: Px(left + slot * 0.04),
                    width: Px(slot * 0.92),
                });
            }
            let (class, height) = match bucket.count {
                Some(0) => continue,
                None => ("bar-few", STUB),
                Some(count) => ("bar-on", count as f64 * scale),
            };
            bars.push(Bar {
                class,
                x: Px(left + (slot - width) / 2.0),
                y: Px(BASE - height),
                width: Px(width),
                height: Px(height),
            });
        }
        let grid = (0..=top / step)
            .map(|n| {
                let y = BASE - (n * step) as f64 * scale;
                Grid {
                    y: Px(y),
                    text_y: Px(y + 4.0),
                    count: words::exact(n * step),
                }
            })
            .collect();
        let (every, column) = match timeline.interval {
            Interval::Day => ("a day", "Day"),
            Interval::Week => ("a week", "Week of"),
            Interval::Month => ("a month", "Month"),
        };
        Self {
            id,
            title: format!("{what} {every}"),
            description: describe(timeline),
            column,
            grid,
            bars,
            gaps,
            labels: labels(timeline, slot),
            rows: buckets
                .iter()
                .rev()
                .map(|bucket| row(timeline.interval, bucket, name))
                .collect(),
            has_few: buckets.iter().any(|bucket| bucket.count.is_none()),
            rounded: buckets
                .iter()
                .any(|bucket| bucket.count.is_some_and(|n| n > 0 && n <= 50)),
        }
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }
}

/// A step of 1, 2 or 5 times a power of ten that gives at most three lines above the base: more would run into each
/// other on a phone.
fn nice_step(highest: u64) -> u64 {
    let mut power = 1;
    loop {
        for times in [1, 2, 5] {
            let step = times * power;
            if highest <= step * 3 {
                return step;
            }
        }
        power *= 10;
    }
}

fn labels(timeline: &Timeline, slot: f64) -> Vec<Label> {
    let buckets = &timeline.buckets;
    let every = buckets.len().div_ceil(LABELS).max(1);
    let years = match (buckets.first(), buckets.last()) {
        (Some(first), Some(last)) => first.start.year() != last.start.year(),
        _ => false,
    };
    let mut labels: Vec<Label> = buckets
        .iter()
        .enumerate()
        .rev()
        .step_by(every)
        .map(|(n, bucket)| {
            let middle = LEFT + slot * (n as f64 + 0.5);
            let (x, anchor) = if middle > RIGHT - 40.0 {
                (RIGHT, "end")
            } else if middle < LEFT + 20.0 {
                (LEFT, "start")
            } else {
                (middle, "middle")
            };
            Label {
                x: Px(x),
                anchor,
                text: match (timeline.interval, years) {
                    (Interval::Month, _) | (_, true) => words::month(bucket.start),
                    _ => words::short_day(bucket.start),
                },
            }
        })
        .collect();
    labels.reverse();
    labels
}

fn describe(timeline: &Timeline) -> String {
    let buckets = &timeline.buckets;
    let (Some(first), Some(last)) = (buckets.first(), buckets.last()) else {
        return "Nothing to show.".to_owned();
    };
    let mut text = format!(
        "From {} to {}. ",
        words::period(timeline.interval, first.start),
        words::period(timeline.interval, last.start)
    );
    let busiest = buckets
        .iter()
        .filter_map(|bucket| bucket.count.map(|count| (count, bucket.start)))
        .filter(|(count, _)| *count > 0)
        .max();
    match busiest {
        Some((count, start)) => {
            text = format!(
                "{text}Most in {}: {}.",
                words::period(timeline.interval, start),
                words::about(count)
            );
        }
        None if buckets.iter().any(|bucket| bucket.count.is_none()) => {
            text.push_str("Always too few to publish a number.");
        }
        None => text.push_str("None."),
    }
    let gaps = buckets.iter().filter(|b| !b.gaps.is_empty()).count() as u64;
    if gaps > 0 {
        text = format!(
            "{text} A network could not be reached in {} of {}.",
            words::exact(gaps),
            words::exact(buckets.len() as u64)
        );
    }
    text
}

fn row(interval: Interval, bucket: &Bucket, name: &dyn Fn(&str) -> Option<String>) -> Row {
    let mut missing: Vec<String> = bucket
        .gaps
        .iter()
        .map(|gap| name(&gap.network).unwrap_or_else(|| gap.network.clone()))
        .collect();
    missing.sort_unstable();
    missing.dedup();
    let coverage = match missing.len() {
        0 => "All reached".to_owned(),
        n if n > NAMED => format!(
            "{} and {} more not reached",
            missing[..NAMED - 1].join(", "),
            words::exact((n + 1 - NAMED) as u64)
        ),
        _ => format!("{} not reached", words::list(&missing)),
    };
    Row {
        start: bucket.start,
        when: words::bucket(interval, bucket.start),
        count: match bucket.count {
            None => "too few to show".to_owned(),
            Some(0) if !bucket.gaps.is_empty() => "no data".to_owned(),
            Some(count) => words::about(count),
        },
        coverage,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::shapes::Gap;

    fn weeks(counts: &[Option<u64>]) -> Timeline {
        Timeline {
            interval: Interval::Week,
            buckets: counts
                .iter()
                .enumerate()
                .map(|(n, count)| Bucket {
                    start: jiff::civil::date(2026, 6, 1)
                        .saturating_add(jiff::Span::new().weeks(n as i64)),
                    count: *count,
                    gaps: Vec::new(),
                })
                .collect(),
        }
    }

    #[test]
    fn every_bar_stays_within_the_picture_whatever_the_counts() {
        for counts in [
            vec![Some(0); 3],
            vec![None, Some(5), Some(1_000_000)],
            vec![Some(7); 400],
            vec![Some(3)],
        ] {
            let chart = Chart::new("t", "Conversations", &weeks(&counts), &|_| None);
            for bar in &chart.bars {
                assert!(bar.x.0 >= LEFT - 0.01 && bar.x.0 + bar.width.0 <= RIGHT + 0.01);
                assert!(bar.y.0 >= TOP - 0.01 && bar.y.0 + bar.height.0 <= BASE + 0.01);
            }
            assert!(chart.grid.len() <= 4 && chart.labels.len() <= LABELS + 1);
            assert_eq!(chart.rows.len(), counts.len());
        }
    }

    #[test]
    fn too_few_for_a_number_has_no_number_in_picture_or_twin() {
        let chart = Chart::new("t", "Conversations", &weeks(&[None, None]), &|_| None);
        assert!(chart.rows.iter().all(|row| row.count == "too few to show"));
        assert!(chart.bars.iter().all(|bar| bar.class == "bar-few"));
        assert!(
            chart
                .description
                .ends_with("Always too few to publish a number.")
        );
    }

    #[test]
    fn a_gap_is_hatched_and_named_in_the_twin() {
        let mut timeline = weeks(&[Some(0), Some(55)]);
        timeline.buckets[0].gaps.push(Gap {
            network: "leeds-carers".to_owned(),
            reason: "unreachable".to_owned(),
        });
        let chart = Chart::new("t", "Conversations", &timeline, &|slug| {
            (slug == "leeds-carers").then(|| "Leeds <Carers>".to_owned())
        });
        assert_eq!(chart.gaps.len(), 1);
        assert_eq!(chart.rows[1].count, "no data");
        assert_eq!(chart.rows[1].coverage, "Leeds <Carers> not reached");
        let html = chart.render().expect("a chart renders");
        assert!(html.contains("Leeds &#60;Carers&#62; not reached"));
        assert!(!html.contains("style="));
    }

    #[test]
    fn steps_are_round_and_few() {
        let steps: Vec<u64> = [0, 4, 6, 11, 55, 240, 9_999]
            .into_iter()
            .map(nice_step)
            .collect();
        assert_eq!(steps, [1, 2, 2, 5, 20, 100, 5_000]);
    }
}
