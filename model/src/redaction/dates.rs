//! Dates of birth: a full date after a word that says so, or right behind something else that names the person.

use super::cue::{Words, is_one_of, words};
use super::finding::{Found, Look};
use super::kind::Kind;

const MONTHS: Words = words!(
    "january|february|march|april|may|june|july|august|september|october|november|december|jan|feb|\
    mar|apr|jun|jul|aug|sep|sept|oct|nov|dec|ionawr|chwefror|mawrth|ebrill|mai|mehefin|gorffennaf|\
    awst|medi|hydref|tachwedd|rhagfyr|stycznia|lutego|marca|kwietnia|maja|czerwca|lipca|sierpnia|\
    wrzesnia|pazdziernika|listopada|grudnia"
);

const BIRTH_CUES: Words = words!(
    "dob|d.o.b|d o b|date of birth|birth date|birthdate|born|birthday|dyddiad geni|ganwyd|ganed|\
    data urodzenia|urodzony|urodzona|birth"
);

/// A date of birth that begins at token `index`.
pub(super) fn birth(look: &Look<'_>, index: usize) -> Option<Found> {
    let (end, full) = date(look, index)?;
    let mut start = look.tokens.get(index)?.start;
    if index > 0 && !full && is_month(look, index - 1) {
        start = look.tokens.get(index - 1)?.start.max(look.floor);
    }
    let found = Found {
        start,
        end,
        kind: Kind::Dob,
    };
    // The service has a birthday of its own.
    if look.cue_right_before(start, BIRTH_CUES)
        && !look.cue_before(
            start,
            24,
            words!("nhs was born|service was born|was founded"),
        )
    {
        return Some(found);
    }
    // "Kim Ledger, 01/01/1970": right behind what was just taken out.
    (full && look.follows_taken(start)).then_some(found)
}

/// Where the date at token `index` ends, and whether it is all digits with a year of four.
fn date(look: &Look<'_>, index: usize) -> Option<(usize, bool)> {
    let tokens = look.tokens;
    let token = tokens.get(index).filter(|token| token.len() <= 4)?;
    let number = |position: usize| {
        let token = tokens
            .get(position)
            .filter(|token| token.is_number() && token.len() <= 4)?;
        Some(tokens.value(token))
    };
    let is_year = |position: usize| {
        let length = tokens.get(position).map_or(0, super::tokens::Token::len);
        number(position)
            .is_some_and(|year| (length == 4 && (1890..=2035).contains(&year)) || length == 2)
    };
    let is_day = |position: usize| number(position).is_some_and(|day| (1..=31).contains(&day));
    let gap = |position: usize| tokens.gap_before(position).unwrap_or_default();
    let end = |position: usize| tokens.get(position).map(|token| token.end);
    let marks = |position: usize| {
        matches!(
            gap(position),
            b"/" | b"-" | b"." | b" " | b" / " | b". " | b" - "
        )
    };
    let near = |position: usize| {
        gap(position).len() <= 3 && gap(position).iter().all(|byte| b" ,.-'/".contains(byte))
    };

    if token.is_number() && marks(index + 1) && marks(index + 2) && is_day(index + 1) {
        if token.len() <= 2 && is_day(index) && is_year(index + 2) {
            return Some((end(index + 2)?, tokens.get(index + 2)?.len() == 4));
        }
        if token.len() == 4 && is_year(index) && is_day(index + 2) {
            return Some((end(index + 2)?, true));
        }
    }
    let text = tokens.text(token);
    let day = (1..=2).contains(&token.digits)
        && (token.is_number()
            || (token.len() <= 4
                && [b"st", b"nd", b"rd", b"th"]
                    .iter()
                    .any(|th| text.to_ascii_lowercase().ends_with(*th))));
    if !day {
        return None;
    }
    // "3 July 1988", "3rd of July, 1988", "3 o Orffennaf 1988".
    for month in index + 1..index + 3 {
        if near(month) && is_month(look, month) && near(month + 1) && is_year(month + 1) {
            return Some((end(month + 1)?, false));
        }
    }
    // "July 3rd 1988": the month stands before.
    let before = index.checked_sub(1)?;
    (is_month(look, before) && near(index) && near(index + 1) && is_year(index + 1))
        .then_some(())?;
    Some((end(index + 1)?, false))
}

fn is_month(look: &Look<'_>, index: usize) -> bool {
    look.tokens.get(index).is_some_and(|token| {
        token.digits == 0 && token.len() >= 3 && is_one_of(look.tokens.text(token), MONTHS)
    })
}

impl Look<'_> {
    /// Whether only marks and spaces stand between `at` and what was last taken out.
    fn follows_taken(&self, at: usize) -> bool {
        let plane = self.tokens.plane;
        let mut start = at;
        while start > self.floor
            && matches!(
                plane[start - 1],
                b' ' | b',' | b';' | b'(' | b'-' | b'/' | b'\n'
            )
        {
            start -= 1;
        }
        at - start <= 3
            && ((start == self.floor && self.floor > 0)
                || (start > 0 && plane[start - 1] == super::plane::TAKEN))
    }
}
