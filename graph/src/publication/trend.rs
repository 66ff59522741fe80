//! How a topic was spoken of over time: the figures that the entry rules of the three lists look at.
//!
//! Conversations are counted, near copies once, so that a reader can list what is counted. Where it matters how many
//! there were, the one network that matters most is left out: no network alone moves a topic into a list or out of it.

use std::collections::BTreeMap;

use jiff::civil::Date;

use crate::corpus::days::days_between;

/// Weeks that make a past: a topic is compared with them, and endures from them on.
pub(crate) const WEEKS: u32 = 12;
/// Weeks in which a network speaks of a topic before it counts as staying with it.
pub(crate) const STAYS: usize = 3;

/// A conversation of a network that was active in one of the last weeks, weeks of seven days that end today.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Spoken {
    /// As numbered within the topic.
    pub(crate) network: u32,
    /// 0 for the last seven days.
    pub(crate) weeks_ago: u32,
    pub(crate) conversation: u32,
}

/// A topic's figures; see the names of the terms in `lists.rs`.
#[derive(Debug, Clone, PartialEq, Default)]
pub(crate) struct Trend {
    /// Days since its first post; none where nobody knows.
    pub(crate) age: Option<i64>,
    /// Weeks, from Monday on, in which anybody spoke of it.
    pub(crate) active_weeks: u32,
    /// Of the last twelve weeks, those in which anybody spoke of it.
    pub(crate) recent_weeks: u32,
    /// Networks that spoke of it in three weeks or more.
    pub(crate) staying_networks: u32,
    /// Networks that spoke of it in the last seven days.
    pub(crate) networks_lately: u32,
    /// Conversations a week over the last twelve weeks, the busiest network left out.
    pub(crate) rate: f64,
    /// Conversations of the last seven days, and a week over the twelve weeks before; the network that grew most is left out.
    pub(crate) lately: u32,
    pub(crate) before: f64,
}

/// One network's conversations: of the last week, of the last twelve, and of the twelve before the last.
#[derive(Debug, Clone, Copy, Default)]
struct Counts {
    lately: u32,
    recent: u32,
    before: u32,
}

impl Counts {
    /// By how much it grew, in twelfths of a conversation a week.
    fn growth(self) -> i64 {
        i64::from(WEEKS) * i64::from(self.lately) - i64::from(self.before)
    }
}

impl Trend {
    /// In which of the weeks looked at a day lies; a day to come counts as today.
    pub(crate) fn weeks_ago(day: Date, today: Date) -> Option<u32> {
        let weeks = days_between(day, today).max(0) / 7;
        u32::try_from(weeks).ok().filter(|weeks| *weeks <= WEEKS)
    }

    /// `first` is the day of the first post, zero where none is dated; `weeks` are weeks and the networks active in
    /// them, each pair once.
    pub(crate) fn of(
        first: Date,
        today: Date,
        weeks: &[(i64, u32)],
        mut spoken: Vec<Spoken>,
    ) -> Self {
        spoken.sort_unstable();
        spoken.dedup();
        let mut counts: BTreeMap<u32, Counts> = BTreeMap::new();
        let mut recent = [false; WEEKS as usize];
        for one in &spoken {
            let of = counts.entry(one.network).or_default();
            of.lately += u32::from(one.weeks_ago == 0);
            of.before += u32::from(one.weeks_ago > 0);
            if let Some(week) = recent.get_mut(one.weeks_ago as usize) {
                of.recent += 1;
                *week = true;
            }
        }
        let mut active: Vec<i64> = weeks.iter().map(|(week, _)| *week).collect();
        active.sort_unstable();
        active.dedup();
        let mut by_network: BTreeMap<u32, usize> = BTreeMap::new();
        for (_, network) in weeks {
            *by_network.entry(*network).or_default() += 1;
        }
        let recent_all: u32 = counts.values().map(|of| of.recent).sum();
        let busiest = counts.values().map(|of| of.recent).max();
        let grown = counts
            .values()
            .max_by_key(|of| (of.growth(), of.lately))
            .copied()
            .unwrap_or_default();
        let sum = |part: fn(&Counts) -> u32| counts.values().map(part).sum::<u32>() - part(&grown);
        let staying = by_network.values().filter(|weeks| **weeks >= STAYS);
        Self {
            age: (first != Date::ZERO).then(|| days_between(first, today).max(0)),
            active_weeks: active.len() as u32,
            recent_weeks: recent.iter().filter(|week| **week).count() as u32,
            staying_networks: staying.count() as u32,
            networks_lately: counts.values().filter(|of| of.lately > 0).count() as u32,
            rate: f64::from(recent_all - busiest.unwrap_or(0)) / f64::from(WEEKS),
            lately: sum(|of| of.lately),
            before: f64::from(sum(|of| of.before)) / f64::from(WEEKS),
        }
    }
}
