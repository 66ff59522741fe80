//! What bodies promised in entries of one topic, and what came late: pure, from the entries alone.

use std::collections::BTreeMap;

use discover_store::{Answer, Stage};
use jiff::civil::Date;
use jiff::tz::TimeZone;

use crate::shapes::Due;

pub(super) fn day(at: jiff::Timestamp, zone: &TimeZone) -> Date {
    at.to_zoned(zone.clone()).date()
}

fn days_after(later: Date, earlier: Date) -> Option<u64> {
    let days = later.since(earlier).ok()?.get_days();
    u64::try_from(days).ok().filter(|days| *days > 0)
}

/// How many days an entry of one topic, all of which are in `held`, oldest first, came after the day that its body had given for it.
pub(super) fn late(answer: &Answer, held: &[Answer], zone: &TimeZone) -> Option<u64> {
    if answer.corrects.is_some() {
        return None;
    }
    let before = held.partition_point(|one| one.seq < answer.seq);
    let kept = promises(&held[..before]);
    let promise = kept
        .iter()
        .filter(|one| one.by == answer.by && one.stage < answer.stage);
    let due = promise.map(|one| one.due).max()?;
    days_after(day(answer.at, zone), due)
}

/// A day that a body gave, and has not kept yet.
struct Promise<'a> {
    by: &'a str,
    due: Date,
    entry: u64,
    stage: Stage,
}

/// By number, the entry that its chain of corrections began with; of numbers with what each corrects, oldest first.
pub(super) fn roots(chain: impl IntoIterator<Item = (u64, Option<u64>)>) -> BTreeMap<u64, u64> {
    let mut roots = BTreeMap::new();
    for (seq, corrects) in chain {
        let root = corrects.map_or(seq, |other| roots.get(&other).copied().unwrap_or(other));
        roots.insert(seq, root);
    }
    roots
}

/// What was promised in `held` and not done by a later entry of the same body. A correction with a day moves the day.
fn promises(held: &[Answer]) -> Vec<Promise<'_>> {
    let roots = roots(held.iter().map(|one| (one.seq, one.corrects)));
    let mut open: BTreeMap<u64, Promise<'_>> = BTreeMap::new();
    for answer in held {
        let root = roots[&answer.seq];
        if answer.corrects.is_none() {
            open.retain(|_, promise| promise.by != answer.by || promise.stage >= answer.stage);
        }
        // A day that is moved after the thing was done promises nothing.
        let still = answer.corrects.is_none() || open.contains_key(&root) || {
            let mut later = held.iter().filter(|one| one.corrects.is_none());
            !later
                .any(|one| one.by == answer.by && one.stage > answer.stage && one.seq < answer.seq)
        };
        if let Some(due) = answer.due.filter(|_| still) {
            let promise = Promise {
                by: &answer.by,
                due,
                entry: answer.seq,
                stage: answer.stage,
            };
            open.insert(root, promise);
        }
    }
    open.into_values().collect()
}

/// What is due of the entries of one topic, the longest overdue first.
pub(super) fn due(held: &[Answer], today: Date) -> Vec<Due> {
    let mut due: Vec<Due> = promises(held)
        .into_iter()
        .map(|promise| Due {
            by: promise.by.to_owned(),
            due: promise.due,
            entry: promise.entry,
            stage: promise.stage.to_string(),
            overdue_days: days_after(today, promise.due),
        })
        .collect();
    due.sort_by_key(|one| (one.due, one.entry));
    due
}

#[cfg(test)]
pub(super) mod tests {
    use discover_model::TopicId;
    use jiff::civil::date;

    use super::*;

    pub(crate) fn entry(seq: u64, by: &str, stage: Stage, at: Date, due: Option<Date>) -> Answer {
        let at = at.to_zoned(TimeZone::UTC).expect("a day").timestamp();
        Answer {
            seq,
            ledger: seq,
            topic: TopicId::from_u128(1),
            stage,
            by: by.to_owned(),
            at,
            due,
            corrects: None,
            corrected_by: None,
            url: None,
            text: None,
            text_salt: None,
            text_sha256: String::new(),
            erased: None,
            cited: 0,
            conversations: Vec::new(),
            conversations_salt: None,
            conversations_sha256: String::new(),
            raised: 0,
            networks: Vec::new(),
            signature: String::new(),
        }
    }

    #[test]
    fn a_correction_belongs_to_what_its_chain_began_with() {
        let chain = [
            (1, None),
            (2, None),
            (3, Some(1)),
            (5, Some(3)),
            (6, Some(4)),
        ];
        let roots: Vec<(u64, u64)> = roots(chain).into_iter().collect();
        assert_eq!(roots, [(1, 1), (2, 2), (3, 1), (5, 1), (6, 4)]);
    }

    #[test]
    fn a_day_that_was_given_is_due_until_the_same_body_comes_further() {
        let november = |day| date(2026, 11, day);
        let mut held = vec![
            entry(1, "Board", Stage::Heard, november(12), Some(november(26))),
            entry(2, "Council", Stage::Heard, november(16), Some(november(27))),
        ];
        let open = due(&held, november(30));
        let said: Vec<_> = open
            .iter()
            .map(|one| (one.by.as_str(), one.overdue_days))
            .collect();
        assert_eq!(said, [("Board", Some(4)), ("Council", Some(3))]);
        // The board answers a day late and says when it decides; the council is not done by that.
        let decided = date(2026, 12, 16);
        held.push(entry(
            3,
            "Board",
            Stage::Answered,
            november(27),
            Some(decided),
        ));
        assert_eq!(late(&held[2], &held, &TimeZone::UTC), Some(1));
        let open = due(&held, november(30));
        let said: Vec<_> = open
            .iter()
            .map(|one| (one.by.as_str(), one.overdue_days))
            .collect();
        assert_eq!(said, [("Council", Some(3)), ("Board", None)]);
        // A correction moves the day, and one without a day leaves it.
        let mut correction = entry(4, "Council", Stage::Heard, november(28), Some(november(29)));
        correction.corrects = Some(2);
        held.push(correction);
        let mut words = entry(5, "Council", Stage::Heard, november(28), None);
        words.corrects = Some(4);
        held.push(words);
        let open = due(&held, november(30));
        assert_eq!((open[0].due, open[0].entry), (november(29), 4));
        assert_eq!(open.len(), 2);
    }
}
