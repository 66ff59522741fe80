//! Times as pages write them, in the owner's own format and zone.

use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::fmt::strtime::BrokenDownTime;
use jiff::tz::TimeZone;

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

/// Reads `text` by `format` (strftime) in the zone called `tz`, else as any date, else finds an ISO date in it.
pub(super) fn read(text: &str, format: Option<&str>, tz: Option<&str>) -> Option<Timestamp> {
    let text = super::words(text);
    if text.is_empty() || text.len() > 1000 {
        return None;
    }
    let zone = tz.and_then(|tz| TimeZone::get(tz).ok());
    if let Some(format) = format
        && let Some(found) = formatted(&text, format, zone.as_ref())
    {
        return Some(found);
    }
    if zone.is_none()
        && let Some(found) = date::parse(&text)
    {
        return Some(found);
    }
    let civil = iso_within(&text)?;
    civil
        .to_zoned(zone.unwrap_or(TimeZone::UTC))
        .ok()
        .map(|zoned| zoned.timestamp())
}

fn formatted(text: &str, format: &str, zone: Option<&TimeZone>) -> Option<Timestamp> {
    let (text, format) = (plain(text, format), plain_format(format));
    for text in [text.clone(), with_minutes(&text)] {
        let Ok(parsed) = BrokenDownTime::parse(&format, &text) else {
            continue;
        };
        if let Ok(at) = parsed.to_timestamp() {
            return Some(at);
        }
        let civil = parsed
            .to_datetime()
            .or_else(|_| parsed.to_date().map(DateTime::from))
            .ok()?;
        let zone = zone.cloned().unwrap_or(TimeZone::UTC);
        return civil.to_zoned(zone).ok().map(|zoned| zoned.timestamp());
    }
    None
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
    super::words(&format.replace("%b.", "%b").replace("%p.", "%p"))
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
            let found = read(text, format, london).map(|at| at.to_string());
            assert_eq!(found.as_deref(), Some(expected), "{text}");
        }
    }

    #[test]
    fn a_date_within_a_sentence_is_found() {
        let text = "(1) By amina on 2026-11-25 04:18:56 [link]";
        assert_eq!(
            read(text, None, None).map(|at| at.to_string()).as_deref(),
            Some("2026-11-25T04:18:56Z")
        );
        let found = read("on 2026-07-25 04:18", None, Some("Europe/London"));
        assert_eq!(
            found.map(|at| at.to_string()).as_deref(),
            Some("2026-07-25T03:18:00Z")
        );
        assert_eq!(read("yesterday", None, None), None);
    }
}
