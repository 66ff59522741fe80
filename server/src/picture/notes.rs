//! What a chart does not show, in words: networks that could not be reached, were not looked at, or joined later.

use crate::shapes::{Bucket, GapReason, Note};
use crate::text::words;

/// Networks named in one sentence or cell.
const NAMED: usize = 4;
/// Sentences about times in which something is missing.
const SENTENCES: usize = 6;

/// RateLimits a network's slug into its name.
pub(super) type Name<'a> = &'a dyn Fn(&str) -> Option<String>;

/// The notes of a window as sentences.
pub(super) fn sentences(notes: &[Note], name: Name<'_>) -> Vec<String> {
    let (joined, missing): (Vec<&Note>, Vec<&Note>) = notes
        .iter()
        .partition(|note| note.reason == GapReason::Joined);
    let mut said: Vec<String> = missing
        .iter()
        .take(SENTENCES)
        .map(|note| {
            let when = words::sentence(&words::days(note.from, note.to));
            let who = named(&note.networks, name);
            match note.reason {
                GapReason::Stale => format!("{when} we did not look at {who}."),
                _ => format!("{when} {who} could not be reached."),
            }
        })
        .collect();
    let left = missing.len().saturating_sub(SENTENCES) as u64;
    if left > 0 {
        let times = words::of(left, "more such time stands", "more such times stand");
        said.push(format!("{times} in the table and in the data."));
    }
    said.extend(joinings(&joined, name));
    said
}

fn joinings(joined: &[&Note], name: Name<'_>) -> Option<String> {
    let count: usize = joined.iter().map(|note| note.networks.len()).sum();
    let times: Vec<String> = match joined {
        [] => return None,
        [first, .., last] if joined.len() > NAMED => vec![format!(
            "{} joined between {} and {}",
            words::sentence(&words::networks(count as u64)),
            words::day(first.from),
            words::day(last.from)
        )],
        _ => joined
            .iter()
            .enumerate()
            .map(|(n, note)| {
                let joined = if n == 0 { "joined " } else { "" };
                format!(
                    "{} {joined}on {}",
                    named(&note.networks, name),
                    words::day(note.from)
                )
            })
            .collect(),
    };
    let they = if count == 1 { "it" } else { "they" };
    Some(format!(
        "{}: of earlier days there is only what {they} still showed then.",
        words::list(&times)
    ))
}

/// The coverage of one bucket, for a cell of a table.
pub(super) fn cell(buckets: &[&Bucket], name: Name<'_>) -> String {
    let mut parts = Vec::new();
    for (reason, what) in [
        (GapReason::Unreachable, "not reached"),
        (GapReason::Stale, "not looked at"),
        (GapReason::Joined, "joined"),
    ] {
        let mut slugs: Vec<String> = buckets
            .iter()
            .flat_map(|bucket| &bucket.gaps)
            .filter(|gap| gap.reason == reason)
            .map(|gap| gap.network.clone())
            .collect();
        slugs.sort_unstable();
        slugs.dedup();
        if !slugs.is_empty() {
            parts.push(format!("{} {what}", named(&slugs, name)));
        }
    }
    if parts.is_empty() {
        "All reached".to_owned()
    } else {
        parts.join("; ")
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
fn named(slugs: &[String], name: Name<'_>) -> String {
    let mut names: Vec<String> = slugs
        .iter()
        .map(|slug| isolated(name(slug).unwrap_or_else(|| slug.clone())))
        .collect();
    names.sort_unstable();
    names.dedup();
    let left = names.len().saturating_sub(NAMED);
    if left > 0 {
        let more = left + 1;
        names.truncate(NAMED - 1);
        names.push(format!("{} more", words::exact(more as u64)));
    }
    words::list(&names)
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
        assert_eq!(
            sentences(&notes, &name),
            [
                "From 2 to 8 November 2026 LEEDS could not be reached.",
                "From 28 October to 9 November 2026 we did not look at BATH.",
                "MILL joined on 5 November 2026: of earlier days there is only what it still showed then.",
            ]
        );
        let slugs = ["e", "d", "c", "b", "a"];
        let many = [note(GapReason::Unreachable, day(2), day(2), &slugs)];
        assert_eq!(
            sentences(&many, &name),
            ["On 2 November 2026 A, B, C and 2 more could not be reached."]
        );
        let two = [
            note(GapReason::Joined, day(5), day(5), &["a", "b"]),
            note(GapReason::Joined, day(7), day(7), &["c"]),
        ];
        assert_eq!(
            sentences(&two, &name),
            [
                "A and B joined on 5 November 2026 and C on 7 November 2026: of earlier days there is only what they still showed then."
            ]
        );
        assert_eq!(sentences(&[], &name), Vec::<String>::new());
    }
}
