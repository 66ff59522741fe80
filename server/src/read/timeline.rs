//! Timelines: thresholds on counts, and gaps where a network was not reached.

use discover_model::threshold::{may_show, rounded};
use jiff::ToSpan;
use jiff::civil::{Date, Weekday};

use crate::figures::{Figures, figures};
use crate::problem::Problem;
use crate::shapes::{Bucket, Gap, Interval, Timeline};
use crate::state::View;

/// Weeks of a topic's timeline at most: two years.
const TOPIC_WEEKS: i64 = 104;
/// Why a bucket may hold too little.
const UNREACHABLE: &str = "unreachable";

/// A count with what thresholds need.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Raw {
    pub(crate) start: Date,
    pub(crate) count: u64,
    pub(crate) networks: u64,
    pub(crate) voices: u64,
}

/// A published count: none where there is something, but too little for a number.
pub(crate) fn published(count: u64, networks: u64, voices: u64) -> Option<u64> {
    (count == 0 || may_show(networks as usize, voices as usize)).then(|| rounded(count))
}

/// Raw buckets as they may be shown, with the gaps of the networks in question (all, where none is named).
pub(crate) async fn shown(
    view: &View,
    interval: Interval,
    buckets: Vec<Raw>,
    networks: &[discover_model::NetworkId],
) -> Result<Timeline, Problem> {
    let figures = figures(view).await?;
    Ok(Timeline {
        interval,
        buckets: buckets
            .into_iter()
            .map(|raw| Bucket {
                start: raw.start,
                count: published(raw.count, raw.networks, raw.voices),
                gaps: gaps(
                    view,
                    &figures,
                    networks,
                    raw.start,
                    end(interval, raw.start),
                ),
            })
            .collect(),
    })
}

/// A topic's weeks, from its first to this one, at most two years. `found` are the weeks as the index counts them;
/// copies of one text, which the graph counts once, do not make a week taller.
pub(crate) async fn of_topic(
    view: &View,
    topic: &discover_graph::Topic,
    found: &[Raw],
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
        let once: u64 = topic
            .days
            .range(start..end)
            .map(|(_, posts)| u64::from(*posts))
            .sum();
        let week = found.iter().find(|week| week.start == start);
        buckets.push(Raw {
            start,
            count: week.map_or(0, |week| week.count.min(once)),
            networks: week.map_or(0, |week| week.networks),
            voices: week.map_or(0, |week| week.voices),
        });
        if end <= start {
            break;
        }
        start = end;
    }
    shown(view, Interval::Week, buckets, &networks).await
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

fn monday(day: Date) -> Date {
    let back = day.weekday().since(Weekday::Monday);
    day.checked_sub(i64::from(back).days()).unwrap_or(day)
}

/// Networks that could not be reached on at least one day of `start..end`.
fn gaps(
    view: &View,
    figures: &Figures,
    networks: &[discover_model::NetworkId],
    start: Date,
    end: Date,
) -> Vec<Gap> {
    let mut gaps: Vec<Gap> = figures
        .gaps
        .iter()
        .filter(|(id, days)| {
            (networks.is_empty() || networks.contains(id))
                && days.range(start..end).next().is_some()
        })
        .filter_map(|(id, _)| view.network(*id))
        .map(|network| Gap {
            network: network.slug.clone(),
            reason: UNREACHABLE.to_owned(),
        })
        .collect();
    gaps.sort();
    gaps
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bucket_is_none_a_rounded_number_or_too_few_for_one() {
        assert_eq!(published(0, 0, 0), Some(0));
        assert_eq!(published(2, 2, 7), None);
        assert_eq!(published(3, 3, 3), Some(5));
        assert_eq!(published(8, 1, 8), Some(10));
        assert_eq!(published(77, 1, 8), Some(77));
    }

    #[test]
    fn weeks_begin_on_monday() {
        let day = |text: &str| text.parse::<Date>().expect("day");
        assert_eq!(monday(day("2026-11-22")), day("2026-11-16"));
        assert_eq!(monday(day("2026-11-16")), day("2026-11-16"));
        assert_eq!(end(Interval::Month, day("2026-12-01")), day("2027-01-01"));
    }
}
