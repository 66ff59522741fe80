//! A tiny chart of the last buckets of a timeline. Decoration: what it shows stands in words beside it.

use askama::Template;

use super::Px;
use crate::shapes::{Bucket, Timeline};

const BARS: usize = 12;
const HEIGHT: f64 = 28.0;
/// Height of the lowest bar that is not nothing.
const LOWEST: f64 = 4.0;
/// Height of a bar for nothing, so that the row of bars has a base.
const NONE: f64 = 1.5;

/// Twelve bars at most, scaled to the highest.
#[derive(Debug, Template)]
#[template(path = "picture/spark.svg", escape = "html")]
pub(crate) struct Spark {
    bars: Vec<Bar>,
}

#[derive(Debug)]
struct Bar {
    x: Px,
    y: Px,
    height: Px,
    class: &'static str,
}

impl askama::filters::HtmlSafe for Spark {}

impl Spark {
    pub(crate) fn new(timeline: &Timeline) -> Self {
        let from = timeline.buckets.len().saturating_sub(BARS);
        let shown = &timeline.buckets[from..];
        let highest = shown.iter().map(Bucket::once).max().unwrap_or(0).max(1) as f64;
        // A short timeline stands at the right, where today is.
        let skipped = BARS - shown.len();
        let bars = shown
            .iter()
            .enumerate()
            .map(|(n, bucket)| {
                let (height, class) = match bucket.once() {
                    0 => (NONE, "bar-none"),
                    count => (
                        LOWEST + (HEIGHT - 2.0 - LOWEST) * count as f64 / highest,
                        "bar-on",
                    ),
                };
                Bar {
                    x: Px((n + skipped) as f64 * 7.0),
                    y: Px(HEIGHT - height),
                    height: Px(height),
                    class,
                }
            })
            .collect();
        Self { bars }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::shapes::Interval;

    fn timeline(counts: &[u64]) -> Timeline {
        Timeline {
            interval: Interval::Week,
            undated: 0,
            buckets: counts
                .iter()
                .enumerate()
                .map(|(n, count)| Bucket {
                    start: jiff::civil::date(2026, 6, 1)
                        .saturating_add(jiff::Span::new().weeks(n as i64)),
                    count: *count,
                    near_copies: 0,
                    gaps: Vec::new(),
                })
                .collect(),
            notes: Vec::new(),
        }
    }

    #[test]
    fn bars_stay_inside_and_a_long_timeline_shows_its_end() {
        let counts: Vec<u64> = (0..40).map(|n| n * 5).collect();
        let spark = Spark::new(&timeline(&counts));
        assert_eq!(spark.bars.len(), BARS);
        for bar in &spark.bars {
            assert!(bar.y.0 >= 0.0 && bar.y.0 + bar.height.0 <= HEIGHT + 0.01);
            assert!(bar.x.0 >= 0.0 && bar.x.0 + 5.0 <= 84.0);
        }
        assert!(spark.bars[11].height.0 > spark.bars[0].height.0);
    }

    #[test]
    fn little_is_more_than_nothing() {
        let spark = Spark::new(&timeline(&[0, 1, 500]));
        assert!(spark.bars[0].height.0 < spark.bars[1].height.0);
        assert!(spark.bars[1].height.0 < spark.bars[2].height.0);
        assert_eq!(spark.bars[2].x.to_string(), "77");
        assert!(Spark::new(&timeline(&[])).bars.is_empty());
    }
}
