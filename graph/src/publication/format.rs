//! Topics that are a source's format and no subject: release notes, changesets, episodes. What joins them is how their
//! titles are put, a number in the same words each time, and not what they are about.

use std::collections::{BTreeMap, BTreeSet};

use discover_model::SourceId;

use crate::corpus::near_copies::{hash, mix};
use crate::corpus::words::{binds, fold, without_placeholders, words};
use crate::publication::measure::Member;

/// Titles of a source put alike from which they are a format.
const SERIES: usize = 3;
/// Words of a title that are looked at, and within how many of its beginning or end the number must stand.
const WORDS: usize = 40;
const NEAR: usize = 4;

/// Whether at least half of the texts are of sources' formats. Near copies count once.
pub(crate) fn is_format(members: &[Member]) -> bool {
    let mut texts: BTreeMap<u32, &Member> = BTreeMap::new();
    for member in members {
        texts.entry(member.copies).or_insert(member);
    }
    let mut series: BTreeMap<(SourceId, u64), Vec<(u32, u64)>> = BTreeMap::new();
    for (text, member) in &texts {
        let Some(first) = member.facts.posts.first() else {
            continue;
        };
        for (pattern, number) in patterns(member.facts.title()) {
            let titles = series.entry((first.source(), pattern)).or_default();
            titles.push((*text, number));
        }
    }
    let mut serial: Vec<u32> = series
        .into_values()
        .filter(|titles| {
            // The same number each time is what they are about: a ward, a bus.
            let numbers: BTreeSet<u64> = titles.iter().map(|(_, number)| *number).collect();
            numbers.len() >= SERIES
        })
        .flatten()
        .map(|(text, _)| text)
        .collect();
    serial.sort_unstable();
    serial.dedup();
    serial.len() >= SERIES && serial.len() * 2 >= texts.len()
}

/// How a title is put, and the number in it: the whole of it with numbers, dates and codes left open, and the words
/// before a number near its beginning or end. Nothing for a title without a number.
fn patterns(title: &str) -> Vec<(u64, u64)> {
    const NUMBER: u64 = 1;
    let mut read: Vec<u64> = Vec::new();
    let mut numbers: Vec<u64> = Vec::new();
    let mut folded = String::new();
    words(&without_placeholders(title), |word| {
        fold(word.text, &mut folded);
        let said = hash(folded.as_bytes());
        if binds(&folded) {
            read.push(said);
        } else if read.last() == Some(&NUMBER) {
            // A date or a version is one number, however many parts it has.
            if let Some(last) = numbers.last_mut() {
                *last = mix(*last ^ said);
            }
        } else {
            read.push(NUMBER);
            numbers.push(said);
        }
        read.len() < WORDS
    });
    let sum = |salt: u64, part: &[u64]| part.iter().fold(salt, |sum, word| mix(sum ^ *word));
    let first = read.iter().position(|word| *word == NUMBER);
    let last = read.iter().rposition(|word| *word == NUMBER);
    let mut found = Vec::new();
    if let (Some(first), Some(last), (Some(one), Some(other))) =
        (first, last, (numbers.first(), numbers.last()))
    {
        if read.len() > numbers.len() {
            let all = numbers.iter().fold(0, |sum, number| mix(sum ^ *number));
            found.push((sum(2, &read), all));
        }
        if (1..NEAR).contains(&first) {
            found.push((sum(3, &read[..=first]), *one));
        }
        if last > 0 && read.len() - last <= NEAR {
            found.push((sum(4, &read[last - 1..=last]), *other));
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn alike(one: &str, other: &str) -> bool {
        let other = patterns(other);
        let pattern = |(pattern, _): &(u64, u64)| other.iter().any(|(other, _)| other == pattern);
        patterns(one).iter().any(pattern)
    }

    #[test]
    fn titles_that_a_number_counts_are_put_alike_and_no_others() {
        for (one, other) in [
            ("Release 1.2.0", "Release 1.10.3-rc1"),
            (
                "Changeset 159682247 - Added objects",
                "Changeset 159682068 - Weir",
            ),
            ("Episode 165: Season finale", "Episode 12: Squid"),
            (
                "Squid: Midnight Chats – Episode 162",
                "Porches: Midnight Chats – Episode 9",
            ),
            ("Weekly update – 14/02/2026", "Weekly update – 7/02/2026"),
        ] {
            assert!(alike(one, other), "{one} | {other}");
        }
        for (one, other) in [
            ("Blood tests stopped in May", "Blood tests stopped in June"),
            ("Ward 9 is closed again", "The 8 am phone queue"),
            ("1886 church in Gilman", "1918 house in Hart"),
        ] {
            assert!(!alike(one, other), "{one} | {other}");
        }
    }
}
