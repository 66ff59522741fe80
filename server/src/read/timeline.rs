//! Timelines: conversations by day, week or month, and gaps where less may be known of a network than was said in it.

use discover_model::NetworkId;
use jiff::ToSpan;
use jiff::civil::{Date, Weekday};

use super::coverage::{Coverage, notes};
use super::topic_cache::Raw;
use crate::figures::Figures;
use crate::problem::Problem;
use crate::shapes::{Bucket, Gap, Interval, Timeline};
use crate::state::View;

/// Weeks of a topic's timeline at most: two years.
const TOPIC_WEEKS: i64 = 104;
/// Most buckets that a timeline is widened to.
const MAX_BUCKETS: usize = 400;

/// The days a timeline is about, and whose; `before` is the day after the last one.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Window<'a> {
    pub(crate) after: Option<Date>,
    pub(crate) before: Option<Date>,
    /// The networks in question; all, where none is named.
    pub(crate) networks: &'a [NetworkId],
}

/// Raw buckets as they may be shown, with the gaps of the networks in question.
pub(crate) async fn shown(
    view: &View,
    interval: Interval,
    buckets: Vec<Raw>,
    undated: u64,
    window: Window<'_>,
) -> Result<Timeline, Problem> {
    let figures = view.state.late_figures(view.today).await?;
    let covered = covered(view, &figures, window.networks);
    let from = window.after.or(buckets.first().map(|bucket| bucket.start));
    let to = window
        .before
        .and_then(|before| before.yesterday().ok())
        .unwrap_or(view.today)
        .min(view.today);
    Ok(Timeline {
        interval,
        undated,
        notes: from.map_or_else(Vec::new, |from| {
            let networks = covered.iter().map(|(slug, coverage)| (*slug, *coverage));
            notes(networks, from, to)
        }),
        buckets: buckets
            .into_iter()
            .map(|raw| Bucket {
                start: raw.start,
                count: raw.count,
                near_copies: raw.near_copies,
                gaps: gaps(&covered, interval, raw.start),
            })
            .collect(),
    })
}

/// First and last day a comparison's timeline spans, where it spans any.
pub(super) fn span(
    timeline: &Timeline,
    after: Option<Date>,
    before: Option<Date>,
) -> Option<(Date, Date)> {
    let (first, last) = (timeline.buckets.first(), timeline.buckets.last());
    let from = after.or(first.map(|bucket| bucket.start))?;
    let to = before
        .and_then(|before| before.yesterday().ok())
        .or(last.map(|bucket| bucket.start))?;
    (from <= to).then_some((from, to))
}

/// The narrowest interval from `interval` on in which `from..=to` are few enough buckets.
pub(super) fn fitting(interval: Interval, from: Date, to: Date) -> Interval {
    [Interval::Day, Interval::Week]
        .into_iter()
        .filter(|wider| *wider >= interval)
        .find(|interval| starts(*interval, from, to).is_some())
        .unwrap_or(Interval::Month)
}

/// The same timeline with empty buckets before and behind, so that it spans `from..=to`; as it is, where that would be
/// too many.
pub(super) async fn widened(
    view: &View,
    mut timeline: Timeline,
    from: Date,
    to: Date,
    networks: &[NetworkId],
) -> Result<Timeline, Problem> {
    let Some(starts) = starts(timeline.interval, from, to) else {
        return Ok(timeline);
    };
    let figures = view.state.late_figures(view.today).await?;
    let covered = covered(view, &figures, networks);
    let mut known = std::mem::take(&mut timeline.buckets);
    for start in starts {
        if known.iter().all(|bucket| bucket.start != start) {
            known.push(Bucket {
                start,
                count: 0,
                near_copies: 0,
                gaps: gaps(&covered, timeline.interval, start),
            });
        }
    }
    known.sort_by_key(|bucket| bucket.start);
    timeline.buckets = known;
    Ok(timeline)
}

/// The first days of the buckets that hold `from..=to`; none where they are too many.
fn starts(interval: Interval, from: Date, to: Date) -> Option<Vec<Date>> {
    let mut start = match interval {
        Interval::Day => from,
        Interval::Week => monday(from),
        Interval::Month => from.first_of_month(),
    };
    let mut starts = Vec::new();
    while start <= to {
        if starts.len() == MAX_BUCKETS {
            return None;
        }
        starts.push(start);
        let next = end(interval, start);
        if next <= start {
            break;
        }
        start = next;
    }
    Some(starts)
}

/// A topic's weeks, from its first to this one, at most two years. `found` are the weeks as the index counts them.
pub(crate) async fn of_topic(
    view: &View,
    topic: &discover_graph::Topic,
    found: &[Raw],
    undated: u64,
) -> Result<Timeline, Problem> {
    let networks: Vec<_> = topic.networks.iter().map(|row| row.0).collect();
    let last = monday(view.today.max(topic.last_active));
    let oldest = first_week(last);
    let mut start = found
        .first()
        .map_or(last, |first| monday(first.start))
        .clamp(oldest, last);
    let mut buckets = Vec::new();
    while start <= last {
        let end = end(Interval::Week, start);
        let week = found.iter().find(|week| week.start == start);
        buckets.push(Raw {
            start,
            count: week.map_or(0, |week| week.count),
            near_copies: week.map_or(0, |week| week.near_copies),
        });
        if end <= start {
            break;
        }
        start = end;
    }
    let window = Window {
        after: None,
        before: None,
        networks: &networks,
    };
    shown(view, Interval::Week, buckets, undated, window).await
}

/// First week of a topic's timeline that ends with `last`.
fn first_week(last: Date) -> Date {
    last.checked_sub((TOPIC_WEEKS - 1).weeks()).unwrap_or(last)
}

/// First day of a topic's timeline.
pub(crate) fn first_day(view: &View) -> Date {
    first_week(monday(view.today))
}

/// The day after a bucket.
fn end(interval: Interval, start: Date) -> Date {
    let span = match interval {
        Interval::Day => 1.day(),
        Interval::Week => 1.week(),
        Interval::Month => 1.month(),
    };
    start.checked_add(span).unwrap_or(Date::MAX)
}

pub(super) fn monday(day: Date) -> Date {
    let back = day.weekday().since(Weekday::Monday);
    day.checked_sub(i64::from(back).days()).unwrap_or(day)
}

/// The networks in question that are shown and of which there is something to say.
fn covered<'a>(
    view: &'a View,
    figures: &'a Figures,
    networks: &[NetworkId],
) -> Vec<(&'a str, &'a Coverage)> {
    let mut covered: Vec<(&str, &Coverage)> = figures
        .coverage
        .iter()
        .filter(|(id, _)| networks.is_empty() || networks.contains(id))
        .filter_map(|(id, coverage)| Some((view.network(*id)?.slug.as_str(), coverage)))
        .collect();
    covered.sort_unstable_by_key(|(slug, _)| *slug);
    covered
}

/// What holds for at least one day of a bucket, each reason of a network once.
fn gaps(covered: &[(&str, &Coverage)], interval: Interval, start: Date) -> Vec<Gap> {
    let last = end(interval, start).yesterday().unwrap_or(start);
    let mut gaps: Vec<Gap> = covered
        .iter()
        .flat_map(|(slug, coverage)| {
            coverage.within(start, last).map(|run| Gap {
                network: (*slug).to_owned(),
                reason: run.reason,
            })
        })
        .collect();
    gaps.sort();
    gaps.dedup();
    gaps
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn buckets_span_the_days_asked_for_and_never_more_than_four_hundred() {
        let day = |text: &str| text.parse::<Date>().expect("day");
        let (from, to) = (day("2026-10-30"), day("2026-11-10"));
        let weeks = starts(Interval::Week, from, to).expect("few");
        assert_eq!(
            weeks,
            [day("2026-10-26"), day("2026-11-02"), day("2026-11-09")]
        );
        assert_eq!(fitting(Interval::Day, from, to), Interval::Day);
        assert_eq!(
            fitting(Interval::Day, day("2024-01-01"), to),
            Interval::Week
        );
        assert_eq!(
            fitting(Interval::Week, day("1970-01-01"), to),
            Interval::Month
        );
        assert_eq!(starts(Interval::Month, day("1970-01-01"), to), None);
    }

    #[test]
    fn weeks_begin_on_monday() {
        let day = |text: &str| text.parse::<Date>().expect("day");
        assert_eq!(monday(day("2026-11-22")), day("2026-11-16"));
        assert_eq!(monday(day("2026-11-16")), day("2026-11-16"));
        assert_eq!(end(Interval::Month, day("2026-12-01")), day("2027-01-01"));
    }
}
