//! The entry rules of the three lists, in one place: where a topic stands, and why in no other.
//!
//! A topic stands in one list at most, the first of *emerging*, *enduring* and *quiet* whose rule it meets; each list says
//! of every topic why, with the figures that decided. Rules look at the level of the topic and only at what may be shown,
//! so a mask asks them again. Why these rules: docs/adr/0037.

use std::sync::Arc;

use discover_model::threshold::MIN_NETWORKS;

use crate::Parameters;
use crate::publication::rank::Rank;
use crate::publication::snapshot::Topic;
use crate::publication::trend::{STAYS, Trend, WEEKS};

/// How many times what was usual a rise is, and how many conversations more at least.
const TIMES: f64 = 3.0;
const LEAST_MORE: f64 = 3.0;
/// Of the last twelve weeks, how many an enduring and a quiet topic is spoken of in.
const WEEK_AFTER_WEEK: u32 = 6;
const NOW_AND_THEN: u32 = 3;
/// Conversations a week below which a topic is small wherever it is, and part of the median rate below which it is small
/// among others.
const SMALL: f64 = 2.0;
const SMALL_PART: f64 = 0.5;

/// Whether a rule is met, and the figures that say so.
struct Answer {
    meets: bool,
    because: String,
}

impl Answer {
    fn yes(because: String) -> Self {
        Self {
            meets: true,
            because,
        }
    }

    fn no(because: impl AsRef<str>) -> Self {
        Self {
            meets: false,
            because: format!("not here, because {}", because.as_ref()),
        }
    }

    fn not_yet(because: impl AsRef<str>) -> Self {
        Self {
            meets: false,
            because: format!("not yet, because {}", because.as_ref()),
        }
    }
}

/// Gives every topic to its list, and says of each list why.
pub(crate) fn assign(topics: &mut [&mut Arc<Topic>], parameters: &Parameters) {
    for level in 0..3 {
        let of_level = topics.iter().filter(|topic| topic.level == level);
        let shown = of_level.filter(|topic| topic.shown);
        let median = median(shown.map(|topic| topic.trend.rate).collect());
        for topic in topics.iter_mut().filter(|topic| topic.level == level) {
            give(topic, median, parameters.long_half_life);
        }
    }
}

/// The median rate of those that are spoken of at all.
fn median(mut rates: Vec<f64>) -> f64 {
    rates.retain(|rate| *rate > 0.0);
    rates.sort_by(f64::total_cmp);
    rates.get(rates.len() / 2).copied().unwrap_or_default()
}

fn give(shared: &mut Arc<Topic>, median: f64, new_days: f64) {
    let topic = &**shared;
    let small_below = SMALL.max(median * SMALL_PART);
    let mut answers = [
        emerging(topic, new_days),
        enduring(&topic.trend, small_below),
        quiet(&topic.trend, small_below),
    ];
    let list = Rank::ALL
        .into_iter()
        .zip(&answers)
        .find(|(_, answer)| topic.shown && answer.meets)
        .map(|(rank, _)| rank);
    for (rank, answer) in Rank::ALL.into_iter().zip(&mut answers) {
        if let Some(list) = list
            && answer.meets
            && rank != list
        {
            let first = name(list);
            answer.because =
                format!("not here, because it stands under {first}, which comes first");
        }
    }
    let entries = Rank::ALL.into_iter().zip(answers).map(|(rank, answer)| {
        let terms = terms(&topic.trend, rank, median, small_below);
        (rank, answer, terms)
    });
    let entries: Vec<_> = entries.collect();
    // Topics are shared with earlier snapshots, and mostly nothing is new.
    let same = entries.iter().all(|(rank, answer, terms)| {
        let of = topic.rank.of(*rank);
        of.meets == answer.meets
            && of.because == answer.because
            && terms
                .iter()
                .all(|(name, term)| of.terms.get(name) == Some(term))
    });
    if same && topic.list == list {
        return;
    }
    let topic = Arc::make_mut(shared);
    topic.list = list;
    for (rank, answer, terms) in entries {
        let of = topic.rank.of_mut(rank);
        of.meets = answer.meets;
        of.because = answer.because;
        of.terms.extend(terms);
    }
}

/// The figures that a rule looks at, beside those of the list's value.
fn terms(trend: &Trend, rank: Rank, median: f64, small: f64) -> Vec<(&'static str, f64)> {
    let round = |value: f64| (value * 1e6).round() / 1e6;
    let age = trend.age.map(|days| ("age_days", days as f64));
    let staying = ("staying_networks", f64::from(trend.staying_networks));
    let recent = ("recent_weeks", f64::from(trend.recent_weeks));
    let rates = [
        ("rate", round(trend.rate)),
        ("median_rate", round(median)),
        ("small_below", round(small)),
    ];
    let mut terms: Vec<_> = age.into_iter().collect();
    match rank {
        Rank::Emerging => terms.extend([
            ("lately", f64::from(trend.lately)),
            ("before", round(trend.before)),
            ("networks_lately", f64::from(trend.networks_lately)),
        ]),
        Rank::Enduring | Rank::Quiet => {
            terms.extend([staying, recent]);
            terms.extend(rates);
        }
    }
    terms
}

const fn name(rank: Rank) -> &'static str {
    match rank {
        Rank::Emerging => "emerging",
        Rank::Enduring => "enduring",
        Rank::Quiet => "quiet",
    }
}

/// New, or risen threefold, in several places at once.
fn emerging(topic: &Topic, new_days: f64) -> Answer {
    let trend = &topic.trend;
    let Some(age) = trend.age else {
        return Answer::no("nobody knows when it began: none of its posts has a date");
    };
    if topic.rank.emerging.value <= 0.0 {
        return Answer::no(
            "there is no more talk of the last days, in several networks, than of the last months",
        );
    }
    let (lately, before) = (f64::from(trend.lately), trend.before);
    let figures = || {
        format!(
            "{} of the last 7 days, {} a week in the {WEEKS} weeks before, the network that grew most left out",
            counted(lately, "conversation"),
            number(before)
        )
    };
    if age as f64 <= new_days {
        return Answer::yes(format!(
            "it began {} ago, and this list is for what is at most {} old",
            counted(age as f64, "day"),
            counted(new_days, "day")
        ));
    }
    let misses = if lately < TIMES * before {
        Some("threefold")
    } else if lately < before + LEAST_MORE {
        Some("by 3 conversations a week")
    } else if trend.networks_lately < 2 {
        Some("in two networks")
    } else {
        None
    };
    if let Some(misses) = misses {
        return Answer::no(format!(
            "it is {} old, and has not risen {misses}: {}",
            counted(age as f64, "day"),
            figures()
        ));
    }
    let times = if before > 0.0 {
        format!("{} times as much", number(lately / before))
    } else {
        "it came back".to_owned()
    };
    Answer::yes(format!("{times}: {}", figures()))
}

/// In three networks from twelve weeks on, week after week, and not small.
fn enduring(trend: &Trend, small_below: f64) -> Answer {
    if let Err(answer) = lasting(trend) {
        return answer;
    }
    if trend.active_weeks < WEEKS {
        return Answer::not_yet(format!(
            "it was spoken of in {}, and this list begins at {WEEKS}",
            counted(f64::from(trend.active_weeks), "week")
        ));
    }
    if trend.recent_weeks < WEEK_AFTER_WEEK {
        return Answer::no(format!(
            "it was spoken of in {} of the last {WEEKS} weeks, and this list asks for {WEEK_AFTER_WEEK}",
            trend.recent_weeks
        ));
    }
    if trend.rate < small_below {
        return Answer::no(format!("it is small: {}", sized(trend, small_below)));
    }
    Answer::yes(format!(
        "spoken of in {}, {} of the last {WEEKS}, and in {STAYS} weeks or more at {}",
        counted(f64::from(trend.active_weeks), "week"),
        trend.recent_weeks,
        counted(f64::from(trend.staying_networks), "network"),
    ))
}

/// Small, in three networks for months.
fn quiet(trend: &Trend, small_below: f64) -> Answer {
    if let Err(answer) = lasting(trend) {
        return answer;
    }
    if trend.recent_weeks < NOW_AND_THEN {
        return Answer::no(format!(
            "it was spoken of in {} of the last {WEEKS} weeks, and this list asks for {NOW_AND_THEN}",
            trend.recent_weeks
        ));
    }
    if trend.rate >= small_below {
        return Answer::no(format!("it is not small: {}", sized(trend, small_below)));
    }
    Answer::yes(format!(
        "small for {}, and spoken of in {STAYS} weeks or more at {}: {}",
        trend.age.map_or_else(|| "months".to_owned(), aged),
        counted(f64::from(trend.staying_networks), "network"),
        sized(trend, small_below)
    ))
}

/// What enduring and quiet have in common: begun twelve weeks ago, and three networks that stay with it.
fn lasting(trend: &Trend) -> Result<(), Answer> {
    let Some(age) = trend.age else {
        return Err(Answer::no(
            "nobody knows when it began: none of its posts has a date",
        ));
    };
    if age < i64::from(WEEKS) * 7 {
        return Err(Answer::not_yet(format!(
            "it is {} old, and this list begins at {WEEKS} weeks",
            aged(age)
        )));
    }
    if (trend.staying_networks as usize) < MIN_NETWORKS {
        let networks = match trend.staying_networks {
            0 => "no network".to_owned(),
            some => counted(f64::from(some), "network"),
        };
        return Err(Answer::no(format!(
            "{networks} spoke of it in {STAYS} weeks or more, and this list asks for {MIN_NETWORKS}"
        )));
    }
    Ok(())
}

fn sized(trend: &Trend, small_below: f64) -> String {
    format!(
        "{} a week, the busiest network left out, and small is below {} here",
        counted(trend.rate, "conversation"),
        number(small_below)
    )
}

/// An age in days, or in whole weeks.
fn aged(days: i64) -> String {
    if days < 14 {
        counted(days as f64, "day")
    } else {
        counted((days / 7) as f64, "week")
    }
}

fn counted(count: f64, noun: &str) -> String {
    let plural = if number(count) == "1" { "" } else { "s" };
    format!("{} {noun}{plural}", number(count))
}

/// A whole number as it is, another with one decimal.
fn number(value: f64) -> String {
    let text = format!("{value:.1}");
    text.strip_suffix(".0").map_or(text.clone(), str::to_owned)
}
