//! Why a topic stands in a list: the rank's arithmetic as sentences and as rows. Pure.
//!
//! The names of the terms are the graph's; one that has no words here is printed by its own name, so that no factor
//! is ever hidden.

use std::collections::BTreeMap;

use crate::shapes::{Rank, RankValue, Topic};
use crate::text::words;

/// One line of the arithmetic.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Factor {
    pub(crate) words: String,
    pub(crate) value: String,
}

pub(crate) fn value(topic: &Topic, rank: Rank) -> &RankValue {
    match rank {
        Rank::Emerging => &topic.rank.emerging,
        Rank::Enduring => &topic.rank.enduring,
        Rank::Quiet => &topic.rank.quiet,
    }
}

/// A topic this young is described by its first days, not by growth over a past it does not have.
const YOUNG_DAYS: i32 = 28;

/// The reason in one line, for a row of a list.
pub(crate) fn because(topic: &Topic, rank: Rank) -> String {
    match rank {
        Rank::Emerging => {
            let days = topic
                .last_active
                .since(topic.born)
                .map_or(i32::MAX, |span| span.get_days())
                .saturating_add(1);
            match times(topic) {
                Some(times) if days > YOUNG_DAYS => format!("{times} times as much talk as before"),
                _ if days <= YOUNG_DAYS => format!(
                    "From {} in {}",
                    words::networks(topic.networks.len() as u64),
                    words::of(days.max(1) as u64, "day", "days")
                ),
                _ => format!("Talked about since {}", words::day(topic.born)),
            }
        }
        Rank::Enduring => match active_weeks(topic) {
            Some(weeks) => format!("Active in {weeks}"),
            None => format!("Since {}", words::day(topic.born)),
        },
        Rank::Quiet => match active_weeks(topic) {
            Some(weeks) => format!("A few at a time in {weeks}"),
            None => format!("A few at a time since {}", words::day(topic.born)),
        },
    }
}

fn term_of(terms: &BTreeMap<String, f64>, name: &str) -> Option<f64> {
    terms.get(name).copied().filter(|value| value.is_finite())
}

fn active_weeks(topic: &Topic) -> Option<String> {
    let weeks = term_of(&topic.rank.enduring.terms, "active_weeks")?;
    Some(words::of(weeks.round().max(0.0) as u64, "week", "weeks"))
}

/// How many times the talk of the last days is that of the longer past, where it has grown.
fn times(topic: &Topic) -> Option<String> {
    let times = term_of(&topic.rank.emerging.terms, "log_ratio")?.exp();
    (1.05..1000.0).contains(&times).then(|| {
        if times >= 10.0 {
            format!("{times:.0}")
        } else {
            format!("{times:.1}")
        }
    })
}

/// The same in a sentence of its own on the topic's page.
pub(crate) fn sentence(topic: &Topic, rank: Rank) -> String {
    match rank {
        Rank::Emerging => match times(topic) {
            Some(times) => {
                format!(
                    "There is {times} times as much talk about this lately as over the months before."
                )
            }
            None => {
                "There is no more talk about this lately than over the months before.".to_owned()
            }
        },
        Rank::Enduring => format!("{}.", because(topic, rank)),
        Rank::Quiet => match active_weeks(topic) {
            Some(weeks) => {
                format!("Talked about in {weeks}; the less there is in all, the quieter.")
            }
            None => format!("{}.", because(topic, rank)),
        },
    }
}

/// The order in which factors are read; those not named here follow by name.
const ORDER: [&str; 7] = [
    "short_rate",
    "long_rate",
    "prior",
    "log_ratio",
    "active_weeks",
    "corroborated_weeks",
    "effective_networks",
];

/// The arithmetic, factor by factor.
pub(crate) fn factors(rank: &RankValue) -> Vec<Factor> {
    let place = |name: &str| {
        ORDER
            .iter()
            .position(|known| *known == name)
            .unwrap_or(ORDER.len())
    };
    let mut terms: Vec<(&String, &f64)> = rank.terms.iter().collect();
    terms.sort_by_key(|(name, _)| place(name));
    terms
        .into_iter()
        .map(|(name, value)| {
            let (words, sign) = term(name);
            Factor {
                words,
                value: format!("{sign}{}", words::factor(*value)),
            }
        })
        .collect()
}

/// A factor's words, and the sign it enters with.
fn term(name: &str) -> (String, &'static str) {
    let (words, sign) = match name {
        "short_rate" => ("talk a week, of the last days", ""),
        "long_rate" => ("talk a week, of the last months", ""),
        "prior" => ("added to both, so that two posts are no wave", "+ "),
        "log_ratio" => ("growth: ln of the one over the other", ""),
        "active_weeks" => ("active weeks", ""),
        "corroborated_weeks" => ("weeks, those with one network alone counting a tenth", ""),
        "effective_networks" => ("effective number of networks", "× "),
        "corroborated" => ("1 where two networks or more speak of it, else 0", "× "),
        "age_days" => ("days since it began", ""),
        "lately" => (
            "conversations of the last 7 days, the network that grew most left out",
            "",
        ),
        "before" => ("the same a week, in the 12 weeks before", ""),
        "networks_lately" => ("networks of the last 7 days", ""),
        "staying_networks" => ("networks that spoke of it in 3 weeks or more", ""),
        "recent_weeks" => ("of the last 12 weeks, those with talk", ""),
        "rate" => (
            "conversations a week over 12 weeks, the busiest network left out",
            "",
        ),
        "median_rate" => ("the same of the topic in the middle", ""),
        "small_below" => ("small is below", ""),
        "root_of_posts" => ("square root of its posts", "÷ "),
        other => return (other.replace('_', " "), ""),
    };
    (words.to_owned(), sign)
}

#[cfg(test)]
mod unit {
    use super::*;
    use crate::pages::sample;

    #[test]
    fn a_factor_without_words_is_printed_by_its_own_name() {
        let rank = RankValue {
            value: 1.0,
            terms: BTreeMap::from([
                ("a_new_factor".to_owned(), 2.5),
                ("effective_networks".to_owned(), 3.0),
                ("corroborated_weeks".to_owned(), 4.1),
            ]),
            place: None,
            of: 0,
            meets: false,
            because: String::new(),
        };
        let lines: Vec<String> = factors(&rank)
            .into_iter()
            .map(|factor| format!("{} {}", factor.words, factor.value))
            .collect();
        assert_eq!(
            lines,
            [
                "weeks, those with one network alone counting a tenth 4.1",
                "effective number of networks × 3",
                "a new factor 2.5",
            ]
        );
    }

    #[test]
    fn growth_is_said_only_where_there_is_some() {
        let mut topic = sample::topic(0);
        let mut with = |ratio: f64| {
            topic
                .rank
                .emerging
                .terms
                .insert("log_ratio".to_owned(), ratio);
            times(&topic)
        };
        assert_eq!(with(1.81).as_deref(), Some("6.1"));
        assert_eq!(with(0.0), None);
        assert_eq!(with(f64::NAN), None);
    }
}
