//! Why a topic stands in a list: the rank's arithmetic as sentences and as rows. Pure.
//!
//! The names of the terms are the graph's; one that has no words here is printed by its own name, so that no factor
//! is ever hidden.

use std::collections::BTreeMap;

use crate::i18n::{Msg, msg};
use crate::shapes::{Rank, RankValue, Topic};
use crate::text::{say, words};

/// One line of the arithmetic.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Factor {
    pub(crate) words: Msg,
    pub(crate) value: String,
}

pub(crate) fn value(topic: &Topic, rank: Rank) -> &RankValue {
    match rank {
        Rank::Emerging => &topic.rank.emerging,
        Rank::Enduring => &topic.rank.enduring,
        Rank::Quiet => &topic.rank.quiet,
    }
}

/// A topic this young is listed for its first days, not for growth over a past it does not have ([entry rules]).
///
/// [entry rules]: ../../../docs/adr/0037-entry-rules-of-the-three-lists.md
const YOUNG_DAYS: i32 = 30;

/// The reason in one line, for a row of a list.
pub(crate) fn because(topic: &Topic, rank: Rank) -> Msg {
    match rank {
        Rank::Emerging => {
            let days = topic
                .last_active
                .since(topic.born)
                .map_or(i32::MAX, |span| span.get_days())
                .saturating_add(1);
            match times(topic) {
                Some(times) if days > YOUNG_DAYS => msg!("because-times", times = times),
                _ if days <= YOUNG_DAYS => msg!(
                    "because-young",
                    networks = say::networks(topic.networks.len() as u64),
                    days = say::days(days.max(1) as u64),
                ),
                _ => msg!("because-since", day = topic.born),
            }
        }
        Rank::Enduring => match active_weeks(topic) {
            Some(weeks) => msg!("because-weeks", weeks = weeks),
            None => msg!("because-enduring-since", day = topic.born),
        },
        Rank::Quiet => match active_weeks(topic) {
            Some(weeks) => msg!("because-quiet-weeks", weeks = weeks),
            None => msg!("because-quiet-since", day = topic.born),
        },
    }
}

fn term_of(terms: &BTreeMap<String, f64>, name: &str) -> Option<f64> {
    terms.get(name).copied().filter(|value| value.is_finite())
}

fn active_weeks(topic: &Topic) -> Option<Msg> {
    let weeks = term_of(&topic.rank.enduring.terms, "active_weeks")?;
    Some(say::weeks(weeks.round().max(0.0) as u64))
}

/// How many times the talk of the last seven days is that of a week of the twelve before, where it has grown: the number
/// that admits a topic to the list, with the network that grew most left out.
fn times(topic: &Topic) -> Option<String> {
    let terms = &topic.rank.emerging.terms;
    let times = term_of(terms, "lately")? / term_of(terms, "before")?;
    (1.05..1000.0).contains(&times).then(|| {
        if times >= 10.0 {
            format!("{times:.0}")
        } else {
            format!("{times:.1}")
        }
    })
}

/// The same in a sentence of its own on the topic's page.
pub(crate) fn sentence(topic: &Topic, rank: Rank) -> Msg {
    match rank {
        Rank::Emerging => match times(topic) {
            Some(times) => msg!("why-times", times = times),
            None => msg!("why-no-more"),
        },
        Rank::Enduring => msg!("why-because", because = because(topic, rank)),
        Rank::Quiet => match active_weeks(topic) {
            Some(weeks) => msg!("why-quiet", weeks = weeks),
            None => msg!("why-because", because = because(topic, rank)),
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
fn term(name: &str) -> (Msg, &'static str) {
    match name {
        "short_rate" => (msg!("factor-short-rate"), ""),
        "long_rate" => (msg!("factor-long-rate"), ""),
        "prior" => (msg!("factor-prior"), "+ "),
        "log_ratio" => (msg!("factor-log-ratio"), ""),
        "active_weeks" => (msg!("factor-active-weeks"), ""),
        "corroborated_weeks" => (msg!("factor-corroborated-weeks"), ""),
        "effective_networks" => (msg!("factor-effective-networks"), "× "),
        "corroborated" => (msg!("factor-corroborated"), "× "),
        "age_days" => (msg!("factor-age-days"), ""),
        "lately" => (msg!("factor-lately"), ""),
        "before" => (msg!("factor-before"), ""),
        "networks_lately" => (msg!("factor-networks-lately"), ""),
        "staying_networks" => (msg!("factor-staying-networks"), ""),
        "recent_weeks" => (msg!("factor-recent-weeks"), ""),
        "rate" => (msg!("factor-rate"), ""),
        "median_rate" => (msg!("factor-median-rate"), ""),
        "small_below" => (msg!("factor-small-below"), ""),
        "root_of_posts" => (msg!("factor-root-of-posts"), "÷ "),
        other => (other.replace('_', " ").into(), ""),
    }
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
        let mut with = |lately: f64, before: f64| {
            let terms = &mut topic.rank.emerging.terms;
            terms.insert("lately".to_owned(), lately);
            terms.insert("before".to_owned(), before);
            times(&topic)
        };
        assert_eq!(with(6.1, 1.0).as_deref(), Some("6.1"));
        assert_eq!(with(12.0, 0.5).as_deref(), Some("24"));
        assert_eq!(with(1.0, 1.0), None);
        assert_eq!(with(4.0, 0.0), None);
        assert_eq!(with(f64::NAN, 1.0), None);
    }
}
