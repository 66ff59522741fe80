//! Times as pages write them, in the owner's own format and zone.

use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::fmt::strtime::BrokenDownTime;
use jiff::tz::TimeZone;

use super::pick::words;
use crate::parse::date;

const MONTHS: [&str; 12] = [
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
];

/// Words of a sentence at which a date may begin.
const MAX_STARTS: usize = 60;

/// Reads `text` by `format` (strftime; several parted by ` | `) in the zone called `tz`, else as any date, else finds an
/// ISO date in it. `now` is what "today" is said of.
pub(super) fn read(
    text: &str,
    format: Option<&str>,
    tz: Option<&str>,
    now: Timestamp,
) -> Option<Timestamp> {
    let text = words(text);
    if text.is_empty() || text.len() > 1000 {
        return None;
    }
    let zone = tz.and_then(|tz| TimeZone::get(tz).ok());
    if let Some(found) = by_day_word(&text, zone.as_ref(), now) {
        return Some(found);
    }
    let mut formats = format.into_iter().flat_map(|formats| formats.split(" | "));
    if let Some(found) = formats.find_map(|format| formatted(&text, format, zone.as_ref())) {
        return Some(found);
    }
    if zone.is_none()
        && let Some(found) = date::parse(&text)
    {
        return Some(found);
    }
    in_zone(iso_within(&text)?, zone.as_ref())
}

fn in_zone(civil: DateTime, zone: Option<&TimeZone>) -> Option<Timestamp> {
    let zoned = civil.to_zoned(zone.cloned().unwrap_or(TimeZone::UTC));
    zoned.ok().map(|zoned| zoned.timestamp())
}

/// "Today at 05:02 AM", "Yesterday, 17:40": how boards write what is new, in their own zone.
fn by_day_word(text: &str, zone: Option<&TimeZone>, now: Timestamp) -> Option<Timestamp> {
    let lower = text.to_lowercase();
    let (ago, rest) = [("today", 0), ("yesterday", 1)]
        .into_iter()
        .find_map(|(word, ago)| Some((ago, lower.strip_prefix(word)?)))?;
    let rest = rest.trim_start_matches([',', ' ']);
    let rest = plain(rest.strip_prefix("at ").unwrap_or(rest), "");
    let time = ["%I:%M:%S %p", "%I:%M %p", "%H:%M:%S", "%H:%M"]
        .into_iter()
        .find_map(|format| {
            let (parsed, _) = BrokenDownTime::parse_prefix(format, &rest).ok()?;
            parsed.to_time().ok()
        })?;
    let today = now.to_zoned(zone.cloned().unwrap_or(TimeZone::UTC)).date();
    let day = today.checked_sub(jiff::Span::new().days(ago)).ok()?;
    in_zone(day.to_datetime(time), zone)
}

/// A date written as `format` says, wherever in the text it begins.
fn formatted(text: &str, format: &str, zone: Option<&TimeZone>) -> Option<Timestamp> {
    let (text, format) = (plain(text, format), plain_format(format));
    [text.clone(), with_minutes(&text)].iter().find_map(|text| {
        let starts = text.match_indices(' ').map(|(at, _)| at + 1);
        let mut starts = std::iter::once(0).chain(starts).take(MAX_STARTS);
        starts.find_map(|start| {
            let (parsed, _) = BrokenDownTime::parse_prefix(&format, &text[start..]).ok()?;
            if let Ok(at) = parsed.to_timestamp() {
                return Some(at);
            }
            let civil = parsed
                .to_datetime()
                .or_else(|_| parsed.to_date().map(DateTime::from));
            in_zone(civil.ok()?, zone)
        })
    })
}

/// English as people write it ("7:39 p.m.", "noon", "Sept. 3") to what strptime reads.
fn plain(text: &str, format: &str) -> String {
    let mut words = Vec::new();
    for word in text.split(' ') {
        let (core, comma) = match word.strip_suffix(',') {
            Some(core) => (core, ","),
            None => (word, ""),
        };
        let bare = core.trim_end_matches('.').to_lowercase();
        let new = match bare.as_str() {
            "a.m" | "am" => "AM".to_owned(),
            "p.m" | "pm" => "PM".to_owned(),
            "noon" => "12:00 PM".to_owned(),
            "midnight" => "12:00 AM".to_owned(),
            _ => month(&bare, format).unwrap_or_else(|| core.trim_end_matches('.').to_owned()),
        };
        words.push(format!("{new}{comma}"));
    }
    words.join(" ")
}

/// A month's name as the format wants it: whole, or three letters.
fn month(word: &str, format: &str) -> Option<String> {
    if word.len() < 3 {
        return None;
    }
    let name = MONTHS.iter().find(|name| {
        **name == word || name[..3] == *word || word == "sept" && **name == "september"
    })?;
    Some(if format.contains("%B") {
        (*name).to_owned()
    } else {
        name[..3].to_owned()
    })
}

fn plain_format(format: &str) -> String {
    words(&format.replace("%b.", "%b").replace("%p.", "%p"))
}

/// "7 PM" as "7:00 PM": some sites leave the minutes of a whole hour out.
fn with_minutes(text: &str) -> String {
    let words: Vec<&str> = text.split(' ').collect();
    let mut out = Vec::with_capacity(words.len());
    for (at, word) in words.iter().enumerate() {
        let hour = words
            .get(at + 1)
            .is_some_and(|next| matches!(*next, "AM" | "PM"))
            && word.bytes().all(|b| b.is_ascii_digit());
        out.push(if hour {
            format!("{word}:00")
        } else {
            (*word).to_owned()
        });
    }
    out.join(" ")
}

/// The first `2026-11-25 04:18` in a longer text.
fn iso_within(text: &str) -> Option<DateTime> {
    let bytes = text.as_bytes();
    for at in 0..bytes.len().saturating_sub(15) {
        if !bytes[at].is_ascii_digit() || at > 0 && bytes[at - 1].is_ascii_digit() {
            continue;
        }
        let Some(rest) = text.get(at..) else { continue };
        let end = rest
            .find(|c: char| !(c.is_ascii_digit() || matches!(c, '-' | ':' | ' ' | 'T')))
            .unwrap_or(rest.len());
        let found = rest[..end].trim();
        let found = found.get(..19).or_else(|| found.get(..16));
        if let Some(civil) = found.and_then(|found| found.parse::<DateTime>().ok()) {
            return Some(civil);
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::NOW;

    #[test]
    fn boards_write_what_is_new_by_the_word_and_the_rest_by_one_of_their_formats() {
        // The 21st of September 2026, 14:13 UTC.
        let formats = Some("%m-%d-%Y, %I:%M %p | %B %d, %Y, %I:%M:%S %p | %b %d, %Y, %I:%M %p");
        for (text, zone, expected) in [
            ("Today at 05:02:11 AM", None, Some("2026-09-21T05:02:11Z")),
            ("Yesterday, 11:40 PM", None, Some("2026-09-20T23:40:00Z")),
            (
                "Today, 00:10",
                Some("Asia/Tokyo"),
                Some("2026-09-20T15:10:00Z"),
            ),
            (
                "09-03-2026, 07:40 PM (edited by Jo)",
                None,
                Some("2026-09-03T19:40:00Z"),
            ),
            (
                "September 03, 2026, 07:40:05 PM",
                None,
                Some("2026-09-03T19:40:05Z"),
            ),
            (
                "By: Jo on Sept. 3, 2026, 7:40 p.m.",
                None,
                Some("2026-09-03T19:40:00Z"),
            ),
            ("5 minutes ago", None, None),
        ] {
            let found = read(text, formats, zone, NOW).map(|at| at.to_string());
            assert_eq!(found.as_deref(), expected, "{text}");
        }
    }

    #[test]
    fn english_prose_is_read_by_the_owners_format() {
        let format = Some("%b. %d, %Y, %I:%M %p");
        let london = Some("Europe/London");
        for (text, expected) in [
            ("July 3, 2026, 7:39 p.m.", "2026-07-03T18:39:00Z"),
            ("Sept. 3, 2026, 7 p.m.", "2026-09-03T18:00:00Z"),
            ("Jan. 13, 2026, noon", "2026-01-13T12:00:00Z"),
            ("March 1, 2026, midnight", "2026-03-01T00:00:00Z"),
            ("Nov. 25, 2026, 4:18 a.m.", "2026-11-25T04:18:00Z"),
        ] {
            let found = read(text, format, london, NOW).map(|at| at.to_string());
            assert_eq!(found.as_deref(), Some(expected), "{text}");
        }
    }

    #[test]
    fn a_date_within_a_sentence_is_found() {
        let text = "(1) By amina on 2026-11-25 04:18:56 [link]";
        assert_eq!(
            read(text, None, None, NOW)
                .map(|at| at.to_string())
                .as_deref(),
            Some("2026-11-25T04:18:56Z")
        );
        let found = read("on 2026-07-25 04:18", None, Some("Europe/London"), NOW);
        assert_eq!(
            found.map(|at| at.to_string()).as_deref(),
            Some("2026-07-25T03:18:00Z")
        );
        assert_eq!(read("yesterday", None, None, NOW), None);
    }
}
