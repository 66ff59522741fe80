//! Plain English for numbers, days, kinds and ranks. Pure.
//!
//! What can be listed is counted exactly and printed with [`exact`]; other counts come rounded below 50 from the read
//! functions and are printed with [`about`].

use discover_model::threshold::{MIN_NETWORKS, MIN_VOICES};
use jiff::civil::Date;

use crate::shapes::Rank;

/// How many must take part before what is drawn from many is shown.
pub(crate) fn enough() -> String {
    format!("{MIN_NETWORKS} networks or {MIN_VOICES} voices")
}

/// A number with its thousands apart: `1,284`.
pub(crate) fn exact(count: u64) -> String {
    let digits = count.to_string();
    let mut text = String::with_capacity(digits.len() + digits.len() / 3);
    for (n, digit) in digits.chars().enumerate() {
        if n > 0 && (digits.len() - n).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// A published count: `none`, `about 35`, `93`. 50 may itself be rounded.
pub(crate) fn about(count: u64) -> String {
    match count {
        0 => "none".to_owned(),
        1..=50 => format!("about {count}"),
        _ => exact(count),
    }
}

/// [`of`], and `no posts` for none.
pub(crate) fn some_of(count: u64, one: &str, many: &str) -> String {
    match count {
        0 => format!("no {many}"),
        _ => of(count, one, many),
    }
}

/// An exact count with its noun: `1 post`, `14 posts`.
pub(crate) fn of(count: u64, one: &str, many: &str) -> String {
    format!("{} {}", exact(count), if count == 1 { one } else { many })
}

/// The noun for a count that stands beside it.
pub(crate) const fn noun(count: u64, one: &'static str, many: &'static str) -> &'static str {
    if count == 1 { one } else { many }
}

pub(crate) fn networks(count: u64) -> String {
    of(count, "network", "networks")
}

/// `text` with its first letter large, for the start of a sentence.
pub(crate) fn sentence(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map_or_else(String::new, |first| {
        first.to_uppercase().chain(chars).collect()
    })
}

/// `a`, `a and b`, `a, b and c`.
pub(crate) fn list<S: AsRef<str>>(items: &[S]) -> String {
    match items {
        [] => String::new(),
        [only] => only.as_ref().to_owned(),
        [first @ .., last] => {
            let first: Vec<&str> = first.iter().map(AsRef::as_ref).collect();
            format!("{} and {}", first.join(", "), last.as_ref())
        }
    }
}

/// An area with its kind: `Ashmere (council)`.
pub(crate) fn area(kind: &str, name: &str) -> String {
    format!("{name} ({})", kind.replace('-', " "))
}

const MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];

fn month_name(date: Date) -> &'static str {
    MONTHS[usize::try_from(date.month() - 1).unwrap_or(0).min(11)]
}

/// `22 November 2026`
pub(crate) fn day(date: Date) -> String {
    format!("{} {} {}", date.day(), month_name(date), date.year())
}

/// `on 2 November 2026`, `from 2 to 8 November 2026`, `from 28 October to 3 November 2026`.
pub(crate) fn days(from: Date, to: Date) -> String {
    if from == to {
        return format!("on {}", day(from));
    }
    format!("from {} to {}", first_day(from, to), day(to))
}

/// The first of two days, without what it shares with the second.
pub(crate) fn first_day(from: Date, to: Date) -> String {
    if from.year() != to.year() {
        day(from)
    } else if from.month() != to.month() {
        format!("{} {}", from.day(), month_name(from))
    } else {
        from.day().to_string()
    }
}

/// A window of days within a sentence; `before` is the day after its last.
pub(crate) fn when(after: Option<Date>, before: Option<Date>) -> String {
    let last = |before: Date| before.yesterday().unwrap_or(before);
    match (after, before) {
        (None, None) => "at any time".to_owned(),
        (Some(after), None) => format!("since {}", day(after)),
        (None, Some(before)) => format!("until {}", day(last(before))),
        (Some(after), Some(before)) => days(after, last(before)),
    }
}

/// `22 Nov`
pub(crate) fn short_day(date: Date) -> String {
    format!("{} {}", date.day(), &month_name(date)[..3])
}

/// `Nov 2026`
pub(crate) fn month(date: Date) -> String {
    format!("{} {}", &month_name(date)[..3], date.year())
}

/// `November 2026`
pub(crate) fn whole_month(date: Date) -> String {
    format!("{} {}", month_name(date), date.year())
}

pub(crate) const fn rank_code(rank: Rank) -> &'static str {
    match rank {
        Rank::Emerging => "emerging",
        Rank::Enduring => "enduring",
        Rank::Quiet => "quiet",
    }
}

/// `1st`, `2nd`, `3rd`, `11th`, `21st`.
pub(crate) fn ordinal(n: u64) -> String {
    let end = match (n % 10, n % 100) {
        (_, 11..=13) => "th",
        (1, _) => "st",
        (2, _) => "nd",
        (3, _) => "rd",
        _ => "th",
    };
    format!("{}{end}", exact(n))
}

/// A factor of a rank: no decimals where it has none, else at most two.
pub(crate) fn factor(value: f64) -> String {
    if !value.is_finite() {
        return "–".to_owned();
    }
    if (value - value.round()).abs() < 0.005 {
        let whole = value.round();
        return if whole < 0.0 {
            format!("−{}", exact(-whole as u64))
        } else {
            exact(whole as u64)
        };
    }
    let text = if value.abs() >= 100.0 {
        format!("{value:.0}")
    } else if value.abs() >= 10.0 {
        format!("{value:.1}")
    } else {
        format!("{value:.2}")
    };
    let text = match text.split_once('.') {
        Some((whole, part)) => match part.trim_end_matches('0') {
            "" => whole.to_owned(),
            part => format!("{whole}.{part}"),
        },
        None => text,
    };
    text.replace('-', "−")
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn rounded_counts_say_about_and_exact_ones_do_not() {
        let said: Vec<String> = [0, 5, 45, 50, 51, 1284].into_iter().map(about).collect();
        assert_eq!(
            said,
            ["none", "about 5", "about 45", "about 50", "51", "1,284"]
        );
        assert_eq!(exact(1_234_567), "1,234,567");
        assert_eq!(of(1, "post", "posts"), "1 post");
    }

    #[test]
    fn days_read_as_people_write_them() {
        assert_eq!(day(date(2026, 11, 2)), "2 November 2026");
        assert_eq!(short_day(date(2026, 11, 2)), "2 Nov");
    }

    #[test]
    fn places_and_lists_are_english() {
        let places: Vec<String> = [1, 2, 3, 4, 11, 12, 13, 21, 112]
            .into_iter()
            .map(ordinal)
            .collect();
        assert_eq!(
            places,
            [
                "1st", "2nd", "3rd", "4th", "11th", "12th", "13th", "21st", "112th"
            ]
        );
        assert_eq!(list(&["a", "b", "c"]), "a, b and c");
        assert_eq!(factor(1.814), "1.81");
        assert_eq!(factor(5.3), "5.3");
        assert_eq!(factor(-3.0), "−3");
        assert_eq!(factor(120.4), "120");
    }
}
