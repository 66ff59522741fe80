//! Dates as feeds write them: RFC 3339, ISO 8601 and its short forms, RFC 822 and everything that looks like it,
//! names of months in many languages, East Asian and slashed forms, seconds since 1970. Whole seconds.
//!
//! A time without a zone is taken as UTC; a wrong day of the week is ignored; what is no date gives nothing.

use jiff::Timestamp;
use jiff::civil::{Date, DateTime, Time};
use jiff::tz::{Offset, TimeZone};

mod names;

use names::{month_name, named_offset};

/// Longest text that can be a date.
const MAX_LENGTH: usize = 80;

/// Reads a date.
pub fn parse(text: &str) -> Option<Timestamp> {
    let text = text.trim();
    if text.is_empty() || text.len() > MAX_LENGTH {
        return None;
    }
    if let Some((moment, zone)) = named_zone(text)
        && let Some(read) = parse(moment)
    {
        return in_zone(read, moment, zone);
    }
    epoch(text)
        .or_else(|| iso(text))
        .or_else(|| customary(text))
        .or_else(|| loose(text))
}

/// A date with the name of a zone of the IANA database behind it: `10:00 Europe/London`, `10:00+01:00[Europe/London]`
/// (RFC 9557). The date and the zone; `None` where there is no such name.
fn named_zone(text: &str) -> Option<(&str, TimeZone)> {
    let word = |c: char| c.is_whitespace() || matches!(c, '[' | ']' | '(' | ')');
    let inner = text.trim_end_matches(word);
    let (moment, name) = inner.rsplit_once(word)?;
    let is_name = name.split_once('/').is_some_and(|(area, place)| {
        area.len() > 2 && area.bytes().all(|b| b.is_ascii_alphabetic()) && !place.is_empty()
    });
    if !is_name {
        return None;
    }
    Some((moment.trim_end_matches(word), TimeZone::get(name).ok()?))
}

/// A date read as UTC, in the zone that is named behind it; one that says its own offset needs none.
fn in_zone(read: Timestamp, moment: &str, zone: TimeZone) -> Option<Timestamp> {
    if says_offset(moment) {
        return Some(read);
    }
    let civil = read.to_zoned(TimeZone::UTC).datetime();
    Some(civil.to_zoned(zone).ok()?.timestamp())
}

/// Whether a date ends in an offset: `Z`, `+01:00`, `GMT`.
fn says_offset(text: &str) -> bool {
    let clock = text.rfind(':').map_or("", |at| &text[at..]);
    let number = clock.contains(['+', '-'])
        || text
            .rsplit(' ')
            .next()
            .is_some_and(|word| word.starts_with(['+', '-']));
    number
        || text.ends_with(['Z', 'z'])
        || text
            .rsplit(' ')
            .next()
            .is_some_and(|word| named_offset(&word.to_ascii_lowercase()).is_some())
}

/// Seconds or milliseconds since 1970.
fn epoch(text: &str) -> Option<Timestamp> {
    if !text.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    let number: i64 = text.parse().ok()?;
    match text.len() {
        9 | 10 => Timestamp::from_second(number).ok(),
        13 => Timestamp::from_second(number / 1000).ok(),
        _ => None,
    }
}

fn build(date: Date, clock: Clock) -> Option<Timestamp> {
    // A leap second is the last second of its minute; 24:00 is the next day's start.
    let midnight = clock.hour == 24 && clock.minute == 0 && clock.second == 0;
    let hour = if midnight { 0 } else { clock.hour };
    let time = Time::new(hour, clock.minute, clock.second.min(59), 0).ok()?;
    let mut moment = DateTime::from_parts(date, time);
    if midnight {
        moment = moment.checked_add(jiff::Span::new().days(1)).ok()?;
    }
    let offset = Offset::from_seconds(clock.offset.unwrap_or(0)).ok()?;
    offset.to_timestamp(moment).ok()
}

#[derive(Debug, Clone, Copy, Default)]
struct Clock {
    hour: i8,
    minute: i8,
    second: i8,
    /// Seconds east of UTC.
    offset: Option<i32>,
}

/// `2003-12-31T10:14:55Z` and its relatives: date with or without dashes, to the month or year only, ordinal;
/// `T` or a blank; any zone.
fn iso(text: &str) -> Option<Timestamp> {
    let year: i16 = text.get(..4)?.parse().ok().filter(|year| *year >= 0)?;
    let bytes = text.as_bytes();
    if !bytes[..4].iter().all(u8::is_ascii_digit) {
        return None;
    }
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    let (date, rest) = if digits == 8 {
        let (month, day) = (text[4..6].parse().ok()?, text[6..8].parse().ok()?);
        (Date::new(year, month, day).ok()?, &text[8..])
    } else if digits == 7 {
        (ordinal(year, text[4..7].parse().ok()?)?, &text[7..])
    } else if digits == 4 {
        let rest = &text[4..];
        if rest.is_empty() {
            return build(Date::new(year, 1, 1).ok()?, Clock::default());
        }
        let rest = rest.strip_prefix('-')?;
        let (month, length) = number(rest)?;
        if length == 3 {
            (ordinal(year, month)?, &rest[3..])
        } else {
            let month = i8::try_from(month).ok()?;
            let after = &rest[length..];
            match after
                .strip_prefix('-')
                .and_then(|rest| number(rest).map(|found| (rest, found)))
            {
                Some((rest, (day, length))) => {
                    let day = i8::try_from(day).ok()?;
                    (Date::new(year, month, day).ok()?, &rest[length..])
                }
                None if after.is_empty() => (Date::new(year, month, 1).ok()?, after),
                None => return None,
            }
        }
    } else {
        return None;
    };
    let rest = rest.trim_start();
    let rest = rest
        .strip_prefix(['T', 't', '_', ','])
        .unwrap_or(rest)
        .trim();
    if rest.is_empty() || rest.eq_ignore_ascii_case("z") {
        return build(date, Clock::default());
    }
    if !rest.as_bytes()[0].is_ascii_digit() {
        // A zone without a time: `2003-12-31+01:00`.
        let offset = numeric_offset(rest)?;
        return build(
            date,
            Clock {
                offset: Some(offset),
                ..Clock::default()
            },
        );
    }
    let (mut clock, rest) = clock(rest)?;
    finish(date, &mut clock, rest)
}

fn finish(date: Date, clock: &mut Clock, rest: &str) -> Option<Timestamp> {
    for word in rest.split_whitespace() {
        zone_word(word, clock)?;
    }
    build(date, *clock)
}

/// `Thu, 01 Jan 2004 19:48:21 GMT`, as most of RSS writes it: what [`loose`] would read of it, at a tenth of the cost.
fn customary(text: &str) -> Option<Timestamp> {
    let bytes = text.as_bytes();
    let bytes = match bytes {
        [a, b, c, b',', b' ', rest @ ..] if [a, b, c].iter().all(|b| b.is_ascii_alphabetic()) => {
            rest
        }
        _ => bytes,
    };
    // `01 Jan 2004 19:48:21 ` has its parts in fixed places.
    let (moment, zone) = bytes.split_at_checked(21)?;
    let separated = [
        (2, b' '),
        (6, b' '),
        (11, b' '),
        (14, b':'),
        (17, b':'),
        (20, b' '),
    ];
    if separated.iter().any(|(at, byte)| moment[*at] != *byte) {
        return None;
    }
    let month = match &moment[3..6] {
        b"Jan" => 1,
        b"Feb" => 2,
        b"Mar" => 3,
        b"Apr" => 4,
        b"May" => 5,
        b"Jun" => 6,
        b"Jul" => 7,
        b"Aug" => 8,
        b"Sep" => 9,
        b"Oct" => 10,
        b"Nov" => 11,
        b"Dec" => 12,
        _ => return None,
    };
    let offset = match zone {
        b"GMT" | b"UTC" | b"Z" => 0,
        [sign @ (b'+' | b'-'), digits @ ..] if digits.len() == 4 => {
            let hours = i32::from(two_digits(digits, 0)?);
            let minutes = i32::from(two_digits(digits, 2)?);
            if hours > 25 || minutes > 59 {
                return None;
            }
            let east = if *sign == b'+' { 1 } else { -1 };
            east * (hours * 3600 + minutes * 60)
        }
        _ => return None,
    };
    let century = i16::from(two_digits(moment, 7)?);
    let year = century * 100 + i16::from(two_digits(moment, 9)?);
    let clock = Clock {
        hour: two_digits(moment, 12)?,
        minute: two_digits(moment, 15)?,
        second: two_digits(moment, 18)?,
        offset: Some(offset),
    };
    if clock.hour > 24 || clock.minute > 59 || clock.second > 60 {
        return None;
    }
    build(Date::new(year, month, two_digits(moment, 0)?).ok()?, clock)
}

fn two_digits(bytes: &[u8], at: usize) -> Option<i8> {
    match bytes.get(at..at + 2)? {
        [tens, ones] if tens.is_ascii_digit() && ones.is_ascii_digit() => {
            Some(((tens - b'0') * 10 + (ones - b'0')) as i8)
        }
        _ => None,
    }
}

fn ordinal(year: i16, day: u32) -> Option<Date> {
    let day = i64::from(day);
    let date = Date::new(year, 1, 1).ok()?;
    if !(1..=366).contains(&day) {
        return None;
    }
    date.checked_add(jiff::Span::new().days(day - 1))
        .ok()
        .filter(|date| date.year() == year)
}

/// The number at the start of `text` and how many digits it has, 4 at most.
fn number(text: &str) -> Option<(u32, usize)> {
    let length = text.bytes().take_while(u8::is_ascii_digit).count();
    if length == 0 || length > 4 {
        return None;
    }
    Some((text[..length].parse().ok()?, length))
}

/// `10`, `10:14`, `10:14:55.123`, `101455` and what follows.
fn clock(text: &str) -> Option<(Clock, &str)> {
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    let part = |range: std::ops::Range<usize>| text.get(range)?.parse::<i8>().ok();
    let mut clock = Clock::default();
    let mut rest;
    if digits >= 4 {
        clock.hour = part(0..2)?;
        clock.minute = part(2..4)?;
        if digits >= 6 {
            clock.second = part(4..6)?;
        }
        rest = &text[digits..];
    } else {
        clock.hour = part(0..digits)?;
        rest = &text[digits..];
        for field in [&mut clock.minute, &mut clock.second] {
            let Some((value, length)) = rest.strip_prefix(':').and_then(number) else {
                break;
            };
            *field = i8::try_from(value).ok()?;
            rest = &rest[1 + length..];
        }
    }
    if let Some(fraction) = rest.strip_prefix(['.', ',']) {
        rest = fraction.trim_start_matches(|c: char| c.is_ascii_digit());
    }
    let valid = clock.hour <= 24 && clock.minute < 60 && clock.second <= 60;
    valid.then_some((clock, rest))
}

/// A word after the time: zone, offset, both in one (`GMT+0100`), or am/pm. Unknown words end the attempt.
fn zone_word(word: &str, clock: &mut Clock) -> Option<()> {
    let lower = word
        .trim_matches(|c| matches!(c, '(' | ')' | ','))
        .to_lowercase();
    match lower.as_str() {
        "" => {}
        "am" | "a.m." | "오전" | "上午" | "午前" => {
            if clock.hour == 12 {
                clock.hour = 0;
            }
        }
        "pm" | "p.m." | "오후" | "下午" | "午後" => {
            if clock.hour < 12 {
                clock.hour += 12;
            }
        }
        _ => {
            let letters = lower
                .find(|c: char| !c.is_ascii_alphabetic())
                .unwrap_or(lower.len());
            let (name, offset) = lower.split_at(letters);
            let found = match (name, offset) {
                ("", offset) => numeric_offset(offset)?,
                (name, "") => named_offset(name)?,
                // `GMT+1` in feeds means one hour ahead of UTC, whatever POSIX says.
                ("gmt" | "utc" | "ut" | "z", offset) => numeric_offset(offset)?,
                _ => return None,
            };
            // The first zone holds; a second one is its name in brackets.
            clock.offset.get_or_insert(found);
        }
    }
    Some(())
}

/// `+01:00`, `-0530`, `+1`.
fn numeric_offset(text: &str) -> Option<i32> {
    let sign = match text.as_bytes().first()? {
        b'+' => 1,
        b'-' => -1,
        _ => return None,
    };
    let digits: String = text[1..].chars().filter(|c| *c != ':').collect();
    if digits.is_empty() || !digits.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    let (hours, minutes) = match digits.len() {
        1 | 2 => (digits.parse::<i32>().ok()?, 0),
        3 => (digits[..1].parse().ok()?, digits[1..].parse().ok()?),
        4 | 6 => (digits[..2].parse().ok()?, digits[2..4].parse().ok()?),
        _ => return None,
    };
    (hours <= 25 && minutes < 60).then_some(sign * (hours * 3600 + minutes * 60))
}

/// Everything else: words and numbers in any customary order.
fn loose(text: &str) -> Option<Timestamp> {
    let mut numbers: Vec<(u32, usize)> = Vec::new();
    let mut month = None;
    let mut time: Option<Clock> = None;
    let mut half = Vec::new();
    // `2004년 05월 28일`, `2024年5月3日`: the signs separate year, month and day; a `T` between digits, day and time.
    let mut spaced = String::with_capacity(text.len());
    let mut rest = text.chars().peekable();
    let mut after_digit = false;
    while let Some(c) = rest.next() {
        let before_digit = rest.peek().is_some_and(char::is_ascii_digit);
        let gap = "년월일年月日".contains(c) || c == 'T' && after_digit && before_digit;
        spaced.push(if gap { ' ' } else { c });
        after_digit = c.is_ascii_digit();
    }
    let east = text.contains(['년', '年']);
    let separators = |c: char| c.is_whitespace() || c == ',';
    let slashed = text.contains('/');
    let dotted = |word: &str| word.split('.').filter(|part| !part.is_empty()).count() == 3;
    let mut day_first = true;
    for word in spaced.split(separators).filter(|word| !word.is_empty()) {
        // A clock: `7:39`, not `2004-july-13`.
        let is_clock =
            word.find(':').is_some_and(|at| at <= 2) && word.as_bytes()[0].is_ascii_digit();
        if is_clock && time.is_none() {
            let (found, rest) = clock(word)?;
            time = Some(found);
            if !rest.is_empty() {
                half.push(rest);
            }
            continue;
        }
        if time.is_some() || half_day(word) {
            // After the time: a zone, or the year (`Sun Jan  6 02:00:00 EST 2004`).
            match number(word) {
                Some((value, length)) if length == word.len() && !word.starts_with(['+', '-']) => {
                    numbers.push((value, length));
                }
                _ => half.push(word),
            }
            continue;
        }
        let split =
            |c: char| matches!(c, '-' | '/') || c == '.' && (dotted(word) || word.ends_with('.'));
        for part in word.split(split).filter(|part| !part.is_empty()) {
            if let Some((value, length)) = number(part) {
                let suffix = &part[length..];
                if matches!(
                    suffix,
                    "" | "st" | "nd" | "rd" | "th" | "er" | "º" | "." | "ος" | "ηση"
                ) {
                    numbers.push((value, length));
                    continue;
                }
                return None;
            }
            // The last one: French `mar., 05 févr.` begins with a Tuesday, not with March.
            month = month_name(part).or(month);
        }
        if slashed && word.contains('/') {
            day_first = false;
        }
    }
    let date = match (month, numbers.as_slice()) {
        (Some(month), [a, b, ..]) => {
            // The year is the one that cannot be a day.
            let (year, day) = if a.1 >= 3 || a.0 > 31 {
                (*a, *b)
            } else {
                (*b, *a)
            };
            Date::new(full_year(year)?, month, i8::try_from(day.0).ok()?).ok()?
        }
        (Some(month), [year]) if year.1 == 4 => Date::new(full_year(*year)?, month, 1).ok()?,
        (None, [a, b, c, ..]) => {
            let (year, month, day) = if a.1 == 4 || east {
                (*a, b.0, c.0)
            } else if day_first || a.0 > 12 {
                (*c, b.0, a.0)
            } else {
                (*c, a.0, b.0)
            };
            let (month, day) = (i8::try_from(month).ok()?, i8::try_from(day).ok()?);
            Date::new(full_year(year)?, month, day).ok()?
        }
        _ => return None,
    };
    let mut clock = time.unwrap_or_default();
    for word in half {
        // A zone nobody knows does not make the day unknown.
        let _ = zone_word(word, &mut clock);
    }
    build(date, clock)
}

fn half_day(word: &str) -> bool {
    matches!(word, "오전" | "오후" | "上午" | "下午" | "午前" | "午後")
}

/// Two digits are 1970 to 2069.
fn full_year((value, length): (u32, usize)) -> Option<i16> {
    let year = match length {
        4 => value,
        2 if value < 70 => 2000 + value,
        2 | 3 => 1900 + value,
        _ => return None,
    };
    i16::try_from(year).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_short_way_reads_what_the_long_way_reads() {
        for text in [
            "Thu, 01 Jan 2004 19:48:21 GMT",
            "01 Jan 2004 19:48:21 +0130",
            "Sat, 31 Dec 2022 23:59:60 -0800",
            "Tue, 29 Feb 2000 24:00:00 Z",
            "Mon, 05 Sep 2016 00:00:00 UTC",
        ] {
            assert!(customary(text).is_some(), "{text}");
            assert_eq!(customary(text), loose(text), "{text}");
        }
        for text in [
            "Thu, 31 Feb 2004 19:48:21 GMT",
            "Thu, 1 Jan 2004 19:48:21 GMT",
            "Thu, 01 Jan 2004 25:48:21 GMT",
            "Thu, 01 Jan 2004 19:48:21 EST",
            "Thu, 01 Dez 2004 19:48:21 GMT",
        ] {
            assert_eq!(customary(text), None, "{text}");
        }
    }

    #[test]
    fn dates_are_read_in_the_forms_feeds_use() {
        for (text, meant) in [
            ("2003-12-31T10:14:55Z", "2003-12-31T10:14:55Z"),
            ("2003-12-31T10:14:55.123456+01:00", "2003-12-31T09:14:55Z"),
            ("2003-12-31 10:14:55 -0800", "2003-12-31T18:14:55Z"),
            ("2003-12-31T10:14Z", "2003-12-31T10:14:00Z"),
            ("20031231T101455Z", "2003-12-31T10:14:55Z"),
            ("2003-12-31", "2003-12-31T00:00:00Z"),
            ("2003-12", "2003-12-01T00:00:00Z"),
            ("2003", "2003-01-01T00:00:00Z"),
            ("2003-335", "2003-12-01T00:00:00Z"),
            ("2003-12-31T24:00:00Z", "2004-01-01T00:00:00Z"),
            ("2003-12-31T23:59:60Z", "2003-12-31T23:59:59Z"),
            ("Thu, 01 Jan 2004 19:48:21 GMT", "2004-01-01T19:48:21Z"),
            ("Fri, 1 Jan 04 19:48:21 +0100", "2004-01-01T18:48:21Z"),
            ("01 Jan 2004 19:48 EST", "2004-01-02T00:48:00Z"),
            ("Thu, 01 Jan 2004 19:48:21 GMT+0200", "2004-01-01T17:48:21Z"),
            (
                "Thu, 01 Jan 2004 19:48:21 +0200 (CEST)",
                "2004-01-01T17:48:21Z",
            ),
            ("Thu Jan  1 19:48:21 2004", "2004-01-01T19:48:21Z"),
            ("Thu Jan  1 19:48:21 PST 2004", "2004-01-02T03:48:21Z"),
            ("Thursday, 01-Jan-04 19:48:21 GMT", "2004-01-01T19:48:21Z"),
            ("January 5, 2015", "2015-01-05T00:00:00Z"),
            ("5th March 2015 7:39 p.m.", "2015-03-05T19:39:00Z"),
            ("Jan. 05, 2015, 12:05 AM", "2015-01-05T00:05:00Z"),
            ("Do, 01 Dez 2004 19:48:21 GMT", "2004-12-01T19:48:21Z"),
            ("mar., 05 févr. 2019 10:00:00 +0100", "2019-02-05T09:00:00Z"),
            ("пт, 04 июл 2008 09:06:32 MSK", "2008-07-04T06:06:32Z"),
            ("Παρ, 16 Ιούλ 2004 14:12:32 EST", "2004-07-16T19:12:32Z"),
            ("2004-július-13T9:15-05:00", "2004-07-13T14:15:00Z"),
            ("Llun, 05 Rhagfyr 2022 10:00:00 GMT", "2022-12-05T10:00:00Z"),
            ("2004년 05월 28일  01:31:15", "2004-05-28T01:31:15Z"),
            ("2004-05-25 오후 11:23:17", "2004-05-25T23:23:17Z"),
            ("2024年5月3日 08:00", "2024-05-03T08:00:00Z"),
            ("Fri, 2004/01/02 10:00:00 EDT", "2004-01-02T14:00:00Z"),
            ("31.12.2003 10:14", "2003-12-31T10:14:00Z"),
            ("12/31/2003 10:14:55 PM", "2003-12-31T22:14:55Z"),
            ("1072865695", "2003-12-31T10:14:55Z"),
            ("1072865695123", "2003-12-31T10:14:55Z"),
        ] {
            let read = parse(text).map(|at| at.to_string());
            assert_eq!(read.as_deref(), Some(meant), "{text}");
        }
        for text in [
            "",
            "yesterday",
            "0000-00-00",
            "2003-02-30",
            "Mon, 99 Foo",
            "12",
            "é",
            "99999999999999999999",
        ] {
            assert_eq!(parse(text), None, "{text}");
        }
    }
}
