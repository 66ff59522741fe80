//! Early warning: topics that several networks speak of more than each of them is used to.
//!
//! The count is that of *voice-days*: a voice that wrote about a topic on a day, however much, is one; near copies count
//! for the network that had the text first. Each network is compared with itself: given what it wrote in all, this
//! week and in the twelve weeks before, how surprising is this topic's part of the week (the exact conditional test of
//! two Poisson rates, Przyborowski and Wilenski 1940)? The networks' answers are joined so that one network alone, however loud, says
//! nothing: the chance that as many of all active networks as `r` are as surprised, for the best `r` of two or more,
//! times the number of choices of `r`. Topics are then many tests at once: Benjamini and Hochberg (1995) keep the
//! expected share of false ones among the warnings below [`FALSE_SHARE`].
//!
//! What that is worth is measured and not believed: the rule is run over the last weeks again with every network's
//! history turned by another number of weeks. Each network is as bursty as it was, but no two have to do with each
//! other, so every warning is a false one.

use std::collections::{BTreeMap, BTreeSet};

use discover_model::{NetworkId, TopicId};
use jiff::civil::Date;

use crate::Snapshot;
use crate::corpus::days::days_between;
use crate::corpus::facts::{MAX_POSTS, PostFact};
use crate::corpus::near_copies::mix;

/// Days that are looked at, today the last of them.
const WINDOW: usize = 7;
/// Days before them that a network is compared with.
const BASELINE: usize = 84;
/// Days of the past on which the rule is tried again.
const REPLAYED: usize = 28;
/// Expected share of false ones among the warnings.
pub(crate) const FALSE_SHARE: f64 = 0.05;
/// History that is read: what the replay of the earliest day looks back on, in whole weeks.
const HISTORY: usize = 126;
/// Fewest days of history to compare a week with.
const LEAST: usize = 28;

/// A topic that several networks speak of more than they are used to.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Warning {
    pub topic: TopicId,
    /// Chance of as much if no network spoke of it more than it is used to, before the correction for many tests.
    pub chance: f64,
    /// Networks that speak of it more than they are used to.
    pub networks: u32,
}

/// What a replay of the rule over unconnected networks gave.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Replay {
    /// Days of the past that were tried.
    pub days: u32,
    /// Topics tested, summed over these days.
    pub tests: u32,
    /// Warnings raised, all of them false.
    pub raised: u32,
}

/// The warnings of a day, and what they are worth.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Warnings {
    /// Most surprising first.
    pub raised: Vec<Warning>,
    /// What the test gave of every topic, most surprising first: those of which nothing is warned too.
    pub tested: Vec<Warning>,
    /// Topics tested.
    pub tests: u32,
    /// Nothing was measured where `days` is 0: there is too little history.
    pub replay: Replay,
}

impl Warnings {
    /// Days looked at, days compared with, and the share of false warnings that the correction aims at.
    pub const fn rule() -> (usize, usize, f64) {
        (WINDOW, BASELINE, FALSE_SHARE)
    }
}

impl Snapshot {
    /// The early warnings of the day of this snapshot, for topics of the middle level. Reads every post of the last
    /// weeks: to be made once for a snapshot, after masking.
    pub fn warnings(&self) -> Warnings {
        let history = History::of(self);
        let length = history.length;
        if length < LEAST {
            return Warnings::default();
        }
        let networks = history.totals.len();
        let tested = history.tested(length, &vec![0; networks]);
        let raised = kept(tested.clone());
        let mut replay = Replay::default();
        for back in 0..REPLAYED.min(length - LEAST + 1) {
            let turns = turns(networks, length / 7, back as u64 + 1);
            replay.days += 1;
            replay.tests += history.topics.len() as u32;
            replay.raised += kept(history.tested(length - back, &turns)).len() as u32;
        }
        Warnings {
            raised,
            tested,
            tests: history.topics.len() as u32,
            replay,
        }
    }
}

/// Voice-days by topic, network and day.
struct History {
    /// Days held, today the last; a whole number of weeks, so that turning keeps days of the week.
    length: usize,
    topics: Vec<TopicId>,
    /// Per topic, per network that spoke of it: voice-days of each day on which there were any.
    counts: Vec<BTreeMap<usize, Vec<(usize, u32)>>>,
    /// Per network, voice-days of every day over all topics.
    totals: Vec<Vec<u32>>,
}

impl History {
    fn of(snapshot: &Snapshot) -> Self {
        let today = snapshot.drawn;
        let parts = || {
            let all = snapshot.topics.iter().zip(&snapshot.support);
            all.filter(|(topic, _)| topic.level == 1)
        };
        let oldest = parts().map(|(topic, _)| topic.born).min().unwrap_or(today);
        let held = (days_between(oldest, today).max(0) as usize + 1).min(HISTORY);
        let length = held / 7 * 7;
        let mut numbers: BTreeMap<NetworkId, usize> = BTreeMap::new();
        for (topic, _) in parts() {
            for (network, _) in &topic.networks {
                numbers.entry(*network).or_default();
            }
        }
        for (at, number) in numbers.values_mut().enumerate() {
            *number = at;
        }
        let mut history = Self {
            length,
            topics: Vec::new(),
            counts: Vec::new(),
            totals: vec![vec![0; length]; numbers.len()],
        };
        for (topic, support) in parts() {
            let mut seen: BTreeSet<(usize, usize, u64)> = BTreeSet::new();
            let mut copied: BTreeSet<u32> = BTreeSet::new();
            for member in support.members.iter() {
                let copy = !copied.insert(member.copies);
                if has_lost_its_past(&member.facts.posts, today, length) {
                    continue;
                }
                let network = numbers[&member.facts.network];
                for post in member.facts.posts.iter().skip(usize::from(copy)) {
                    if let Some(day) = post.day.and_then(|day| place(day, today, length)) {
                        seen.insert((network, day, post.voice));
                    }
                }
            }
            let mut counts: BTreeMap<usize, Vec<(usize, u32)>> = BTreeMap::new();
            for (network, day, _) in seen {
                history.totals[network][day] += 1;
                let days = counts.entry(network).or_default();
                match days.last_mut() {
                    Some(last) if last.0 == day => last.1 += 1,
                    _ => days.push((day, 1)),
                }
            }
            if topic.shown {
                history.topics.push(topic.id);
                history.counts.push(counts);
            }
        }
        history
    }

    /// The tests of the day before `end`, with every network's history turned by so many days.
    fn tested(&self, end: usize, turns: &[usize]) -> Vec<Warning> {
        let turned = |network: usize, day: usize| (day + turns[network]) % self.length;
        let window = end.saturating_sub(WINDOW)..end;
        let before = window.start.saturating_sub(BASELINE)..window.start;
        let totals: Vec<(u32, u32)> = self
            .totals
            .iter()
            .enumerate()
            .map(|(network, days)| {
                let (mut now, mut then) = (0, 0);
                for (day, count) in days.iter().enumerate() {
                    let day = turned(network, day);
                    now += if window.contains(&day) { *count } else { 0 };
                    then += if before.contains(&day) { *count } else { 0 };
                }
                (now, then)
            })
            .collect();
        // A network without a past has nothing to be compared with.
        let active = |total: &&(u32, u32)| total.0 > 0 && total.1 > 0;
        let networks = totals.iter().filter(active).count() as u32;
        let mut found: Vec<Warning> = Vec::new();
        for (topic, counts) in self.topics.iter().zip(&self.counts) {
            let mut chances: Vec<f64> = Vec::new();
            for (&network, days) in counts {
                let (now, then) = totals[network];
                if now == 0 || then == 0 {
                    continue;
                }
                let (mut here, mut past) = (0, 0);
                for &(day, count) in days {
                    let day = turned(network, day);
                    here += if window.contains(&day) { count } else { 0 };
                    past += if before.contains(&day) { count } else { 0 };
                }
                if here > 0 {
                    let share = f64::from(now) / f64::from(now + then);
                    chances.push(at_least(here, here + past, share));
                }
            }
            let (chance, networks) = joined(chances, networks);
            found.push(Warning {
                topic: *topic,
                chance,
                networks,
            });
        }
        found.sort_by(by_chance);
        found
    }
}

/// By how many days each network's history is turned: whole weeks, no two networks alike as long as the weeks last.
fn turns(networks: usize, weeks: usize, salt: u64) -> Vec<usize> {
    let mut order: Vec<usize> = (0..networks).collect();
    order.sort_by_key(|network| mix(mix(salt) ^ (*network as u64 + 1)));
    let mut turns = vec![0; networks];
    for (place, network) in order.into_iter().enumerate() {
        turns[network] = place % weeks.max(1) * 7;
    }
    turns
}

/// Whether a thread is so long that days it would be compared with are no longer held: its past would look quiet.
fn has_lost_its_past(posts: &[PostFact], today: Date, length: usize) -> bool {
    posts.len() == MAX_POSTS
        && posts
            .get(1)
            .and_then(|post| place(post.day?, today, length))
            .is_some()
}

/// The day's place in a history of so many days.
fn place(day: Date, today: Date, length: usize) -> Option<usize> {
    let age = usize::try_from(days_between(day, today)).ok()?;
    (age < length).then(|| length - 1 - age)
}

/// The chance that so many of all networks are as surprised as these, for the best number of two or more, times the
/// number of choices; and that number.
fn joined(mut chances: Vec<f64>, all: u32) -> (f64, u32) {
    chances.sort_unstable_by(f64::total_cmp);
    let choices = f64::from(all.saturating_sub(1).max(1));
    let mut best = (1.0, 0);
    for (count, chance) in (1..).zip(&chances).skip(1) {
        let joint = (at_least(count, all.max(count), *chance) * choices).min(1.0);
        if joint < best.0 {
            best = (joint, count);
        }
    }
    best
}

/// Chance of `least` or more in `times` draws of this share: the upper tail of the binomial distribution.
fn at_least(least: u32, times: u32, share: f64) -> f64 {
    if least == 0 || share >= 1.0 {
        return 1.0;
    }
    if share <= 0.0 || least > times {
        return 0.0;
    }
    let odds = share / (1.0 - share);
    let choose: f64 = (0..least)
        .map(|at| (f64::from(times - at) / f64::from(at + 1)).ln())
        .sum();
    let mut term =
        (choose + f64::from(least) * share.ln() + f64::from(times - least) * (-share).ln_1p())
            .exp();
    if term == 0.0 {
        // Too far out for a number: beyond what is expected next to nothing, below it next to certain.
        return f64::from(f64::from(least) <= f64::from(times) * share);
    }
    let mut sum = 0.0;
    for at in least..=times {
        sum += term;
        term *= f64::from(times - at) / f64::from(at + 1) * odds;
    }
    sum.min(1.0)
}

fn by_chance(a: &Warning, b: &Warning) -> std::cmp::Ordering {
    a.chance.total_cmp(&b.chance).then(a.topic.cmp(&b.topic))
}

/// Benjamini and Hochberg: of all tests, those whose chance passes; most surprising first.
fn kept(mut tests: Vec<Warning>) -> Vec<Warning> {
    tests.sort_by(by_chance);
    let all = tests.len() as f64;
    let passes = |(at, test): (usize, &Warning)| test.chance <= FALSE_SHARE * (at + 1) as f64 / all;
    let count = (0..tests.len())
        .rev()
        .find(|at| passes((*at, &tests[*at])))
        .map_or(0, |last| last + 1);
    tests.truncate(count);
    tests
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_tail_of_the_binomial_is_right() {
        let close = |a: f64, b: f64| (a - b).abs() < 1e-12;
        assert!(close(at_least(0, 5, 0.3), 1.0));
        assert!(close(at_least(5, 5, 0.5), 0.031_25));
        assert!(close(at_least(1, 2, 0.5), 0.75));
        // 1 - 0.9^10 - 10 * 0.1 * 0.9^9
        assert!(close(at_least(2, 10, 0.1), 0.263_901_070_9));
        // A subject that fades: far fewer than expected is no surprise.
        assert!(close(at_least(20, 12_020, 0.077), 1.0));
        assert!(close(at_least(100, 20_100, 0.08), 1.0));
        assert!(close(at_least(9_000, 12_020, 0.077), 0.0));
    }

    #[test]
    fn one_network_alone_says_nothing() {
        assert_eq!(joined(vec![1e-30], 12), (1.0, 0));
        assert!(joined(vec![1e-30, 1.0], 12).0 > 0.9);
        assert!(joined(vec![1e-3, 1e-3], 12).0 < 1e-2);
    }

    #[test]
    fn many_tests_raise_the_bar() {
        let test = |chance, topic| Warning {
            topic: TopicId::from_u128(topic),
            chance,
            networks: 2,
        };
        let mut tests = vec![test(0.04, 1)];
        assert_eq!(kept(tests.clone()).len(), 1);
        tests.extend((2..=100).map(|topic| test(0.9, topic)));
        assert!(kept(tests).is_empty());
    }
}
