//! Bars over time within one frame: what a timeline has once and a comparison twice.

use jiff::ToSpan as _;

use super::Px;
use crate::i18n::{Arg, Msg, msg};
use crate::shapes::{Bucket, GapReason, Interval, Timeline};
use crate::text::words;

pub(super) const LEFT: f64 = 44.0;
pub(super) const RIGHT: f64 = 760.0;
pub(super) const TOP: f64 = 22.0;
pub(super) const BASE: f64 = 132.0;
/// Labels along the time axis at most; more would run into each other on a phone.
pub(super) const LABELS: usize = 6;

/// The bars of a timeline, with what is marked among them.
#[derive(Debug)]
pub(super) struct Panel {
    pub(super) grid: Vec<Grid>,
    pub(super) bars: Vec<Bar>,
    pub(super) gaps: Vec<Hatch>,
    pub(super) joins: Vec<Px>,
    pub(super) labels: Vec<Label>,
    /// The mean of what came before, from the left to where it ended.
    pub(super) usual: Option<Usual>,
    /// Notes on days, by their numbers.
    pub(super) flags: Vec<Flag>,
}

/// One or more notes in a bucket.
#[derive(Debug)]
pub(super) struct Flag {
    pub(super) x: Px,
    /// Left end and width of the box that their numbers stand in.
    pub(super) left: Px,
    pub(super) width: Px,
    pub(super) numbers: String,
}

impl Flag {
    /// Over the n-th of so many buckets.
    pub(super) fn new(n: usize, slots: usize, numbers: String) -> Self {
        let slot = (RIGHT - LEFT) / slots.max(1) as f64;
        let x = LEFT + slot * (n as f64 + 0.5);
        let width = 10.0 + 7.0 * numbers.chars().count() as f64;
        Self {
            x: Px(x),
            left: Px((x - width / 2.0).clamp(LEFT, RIGHT - width)),
            width: Px(width),
            numbers,
        }
    }

    pub(super) fn middle(&self) -> Px {
        Px(self.left.0 + self.width.0 / 2.0)
    }
}

#[derive(Debug)]
pub(super) struct Usual {
    pub(super) y: Px,
    pub(super) end: Px,
}

#[derive(Debug)]
pub(super) struct Grid {
    pub(super) y: Px,
    pub(super) text_y: Px,
    pub(super) count: String,
}

#[derive(Debug)]
pub(super) struct Bar {
    pub(super) class: &'static str,
    pub(super) x: Px,
    pub(super) y: Px,
    pub(super) width: Px,
    pub(super) height: Px,
}

/// A bucket in which something is missing.
#[derive(Debug)]
pub(super) struct Hatch {
    pub(super) x: Px,
    pub(super) width: Px,
    /// Which pattern: `gap` where a network could not be reached, else `stale`.
    pub(super) pattern: &'static str,
}

#[derive(Debug)]
pub(super) struct Label {
    pub(super) x: Px,
    pub(super) anchor: &'static str,
    pub(super) text: Msg,
}

/// What a panel shows besides bars, for its key.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Marks {
    pub(super) unreachable: bool,
    pub(super) stale: bool,
    pub(super) joined: bool,
}

impl Marks {
    pub(super) fn of(timelines: &[&Timeline]) -> Self {
        let mut marks = Self::default();
        for bucket in timelines.iter().flat_map(|timeline| &timeline.buckets) {
            for gap in &bucket.gaps {
                match gap.reason {
                    GapReason::Unreachable => marks.unreachable = true,
                    GapReason::Stale => marks.stale = true,
                    GapReason::Joined => marks.joined = true,
                }
            }
        }
        marks
    }
}

/// The scale on which the highest bar of some timelines stands: the distance of its lines, and the topmost of them.
#[derive(Debug, Clone, Copy)]
pub(super) struct Scale {
    step: u64,
    top: u64,
}

impl Scale {
    pub(super) fn of(timelines: &[&Timeline]) -> Self {
        let counts = timelines.iter().flat_map(|timeline| &timeline.buckets);
        let highest = counts.map(Bucket::once).max().unwrap_or(0);
        let step = nice_step(highest);
        Self {
            step,
            top: highest.div_ceil(step).max(1) * step,
        }
    }
}

impl Panel {
    /// `slots` is how many buckets the frame has room for; the timeline stands at its left.
    pub(super) fn new(timeline: &Timeline, scale: Scale, slots: usize) -> Self {
        let Scale { step, top } = scale;
        let scale = (BASE - TOP) / top as f64;
        let slot = (RIGHT - LEFT) / slots.max(1) as f64;
        let width = (slot * 0.72).clamp(0.8, 56.0);

        let mut bars = Vec::with_capacity(timeline.buckets.len());
        let mut gaps = Vec::new();
        let mut joins = Vec::new();
        for (n, bucket) in timeline.buckets.iter().enumerate() {
            let left = LEFT + slot * n as f64;
            let has = |reason| bucket.gaps.iter().any(|gap| gap.reason == reason);
            if has(GapReason::Unreachable) || has(GapReason::Stale) {
                gaps.push(Hatch {
                    x: Px(left + slot * 0.04),
                    width: Px(slot * 0.92),
                    pattern: if has(GapReason::Unreachable) {
                        "gap"
                    } else {
                        "stale"
                    },
                });
            }
            if has(GapReason::Joined) {
                joins.push(Px(left + slot * 0.04));
            }
            if bucket.once() == 0 {
                continue;
            }
            let height = bucket.once() as f64 * scale;
            bars.push(Bar {
                class: "bar-on",
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
        Self {
            grid,
            bars,
            gaps,
            joins,
            labels: labels(timeline, slot),
            usual: None,
            flags: Vec::new(),
        }
    }

    /// Gives the first buckets another colour, and draws their mean.
    pub(super) fn set_apart(&mut self, first: usize, slots: usize, scale: Scale, mean: f64) {
        let end = LEFT + (RIGHT - LEFT) / slots.max(1) as f64 * first as f64;
        for bar in self.bars.iter_mut().filter(|bar| bar.x.0 < end) {
            bar.class = "bar-base";
        }
        let height = mean * (BASE - TOP) / scale.top as f64;
        self.usual = Some(Usual {
            y: Px(BASE - height),
            end: Px(end),
        });
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
    // Days tell more than months, and within half a year they are of one year each.
    let long = match (buckets.first(), buckets.last()) {
        (Some(first), Some(last)) => first.start.saturating_add(6.months()) < last.start,
        _ => false,
    };
    let by_month = long || timeline.interval == Interval::Month;
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
                text: if by_month {
                    msg!("plain", text = Arg::ShortMonth(bucket.start))
                } else {
                    msg!("plain", text = Arg::ShortDay(bucket.start))
                },
            }
        })
        .collect();
    labels.reverse();
    labels
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn steps_are_round_and_few() {
        let steps: Vec<u64> = [0, 4, 6, 11, 55, 240, 9_999]
            .into_iter()
            .map(nice_step)
            .collect();
        assert_eq!(steps, [1, 2, 2, 5, 20, 100, 5_000]);
    }
}
