//! What a chart does not show, in words: networks that could not be reached, were not looked at, or joined later.

use crate::i18n::{Msg, msg};
use crate::shapes::{Bucket, GapReason, Note};
use crate::text::say;

/// Networks named in one sentence or cell.
const NAMED: usize = 4;
/// Sentences about times in which something is missing.
const SENTENCES: usize = 6;

/// RateLimits a network's slug into its name.
pub(super) type Name<'a> = &'a dyn Fn(&str) -> Option<String>;

/// The notes of a window as sentences.
pub(super) fn sentences(notes: &[Note], name: Name<'_>) -> Vec<Msg> {
    let (joined, missing): (Vec<&Note>, Vec<&Note>) = notes
        .iter()
        .partition(|note| note.reason == GapReason::Joined);
    let mut said: Vec<Msg> = missing
        .iter()
        .take(SENTENCES)
        .map(|note| {
            let when = say::days_between(note.from, note.to);
            let who = named(&note.networks, name);
            match note.reason {
                GapReason::Stale => msg!("note-stale", when = when, who = who).sentence(),
                _ => msg!("note-unreachable", when = when, who = who).sentence(),
            }
        })
        .collect();
    let left = missing.len().saturating_sub(SENTENCES);
    if left > 0 {
        said.push(msg!("note-more", count = left));
    }
    said.extend(joinings(&joined, name));
    said
}

fn joinings(joined: &[&Note], name: Name<'_>) -> Option<Msg> {
    let count: usize = joined.iter().map(|note| note.networks.len()).sum();
    let times = match joined {
        [] => return None,
        [first, .., last] if joined.len() > NAMED => msg!(
            "note-joined-between",
            networks = say::networks(count as u64),
            first = first.from,
            last = last.from,
        ),
        _ => say::list(
            joined
                .iter()
                .enumerate()
                .map(|(n, note)| {
                    let who = named(&note.networks, name);
                    if n == 0 {
                        msg!("note-joined-first", who = who, day = note.from)
                    } else {
                        msg!("note-joined-then", who = who, day = note.from)
                    }
                })
                .collect::<Vec<_>>(),
        ),
    };
    Some(msg!("note-joined", times = times, count = count))
}

/// The coverage of one bucket, for a cell of a table.
pub(super) fn cell(buckets: &[&Bucket], name: Name<'_>) -> Msg {
    let mut parts: Vec<Msg> = Vec::new();
    for reason in [GapReason::Unreachable, GapReason::Stale, GapReason::Joined] {
        let mut slugs: Vec<String> = buckets
            .iter()
            .flat_map(|bucket| &bucket.gaps)
            .filter(|gap| gap.reason == reason)
            .map(|gap| gap.network.clone())
            .collect();
        slugs.sort_unstable();
        slugs.dedup();
        if !slugs.is_empty() {
            let who = named(&slugs, name);
            parts.push(match reason {
                GapReason::Unreachable => msg!("cell-unreachable", who = who),
                GapReason::Stale => msg!("cell-stale", who = who),
                GapReason::Joined => msg!("cell-joined", who = who),
            });
        }
    }
    let mut parts = parts.into_iter();
    match parts.next() {
        None => msg!("cell-all-reached"),
        Some(first) => parts.fold(first, |first, then| {
            msg!("cell-and", first = first, then = then)
        }),
    }
}

/// Whether a bucket lacks something that was said in its days.
pub(super) fn lacks(bucket: &Bucket) -> bool {
    bucket
        .gaps
        .iter()
        .any(|gap| gap.reason != GapReason::Joined)
}

/// Names in alphabetical order, a few of them.
fn named(slugs: &[String], name: Name<'_>) -> Msg {
    let mut names: Vec<String> = slugs
        .iter()
        .map(|slug| isolated(name(slug).unwrap_or_else(|| slug.clone())))
        .collect();
    names.sort_unstable();
    names.dedup();
    let left = names.len().saturating_sub(NAMED);
    let mut said: Vec<Msg> = names.into_iter().map(Msg::Text).collect();
    if left > 0 {
        said.truncate(NAMED - 1);
        said.push(msg!("names-more", count = left + 1));
    }
    say::list(said)
}

/// A name written from right to left would carry the words around it along.
fn isolated(name: String) -> String {
    if name.is_ascii() {
        name
    } else {
        format!("\u{2068}{name}\u{2069}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::{Date, date};

    fn note(reason: GapReason, from: Date, to: Date, networks: &[&str]) -> Note {
        Note {
            reason,
            from,
            to,
            networks: networks.iter().map(|&slug| slug.to_owned()).collect(),
        }
    }

    #[test]
    fn each_reason_has_its_sentence_with_days_and_names() {
        let name = |slug: &str| Some(slug.to_uppercase());
        let day = |n| date(2026, 11, n);
        let notes = [
            note(GapReason::Unreachable, day(2), day(8), &["leeds"]),
            note(GapReason::Stale, date(2026, 10, 28), day(9), &["bath"]),
            note(GapReason::Joined, day(5), day(5), &["mill"]),
        ];
        let said = |notes: &[Note]| -> Vec<String> {
            let said = sentences(notes, &name);
            said.iter().map(ToString::to_string).collect()
        };
        assert_eq!(
            said(&notes),
            [
                "From 2 to 8 November 2026 LEEDS could not be reached.",
                "From 28 October to 9 November 2026 we did not look at BATH.",
                "MILL joined on 5 November 2026: of earlier days there is only what it still showed then.",
            ]
        );
        let slugs = ["e", "d", "c", "b", "a"];
        let many = [note(GapReason::Unreachable, day(2), day(2), &slugs)];
        assert_eq!(
            said(&many),
            ["On 2 November 2026 A, B, C and 2 more could not be reached."]
        );
        let two = [
            note(GapReason::Joined, day(5), day(5), &["a", "b"]),
            note(GapReason::Joined, day(7), day(7), &["c"]),
        ];
        assert_eq!(
            said(&two),
            [
                "A and B joined on 5 November 2026 and C on 7 November 2026: of earlier days there is only what they still showed then."
            ]
        );
        assert!(said(&[]).is_empty());
    }
}
