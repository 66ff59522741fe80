//! What was read of each network and when, so that a chart can tell a quiet time from a time we know little of.
//!
//! Contract: pure, from the days of visits. Three things make a number small that nobody's silence made small:
//! a network could not be reached, it was not looked at (*stale*), or it joined only later.

use std::collections::BTreeMap;

use discover_model::NetworkId;
use discover_store::VisitDay;
use jiff::ToSpan;
use jiff::civil::Date;

use crate::shapes::{GapReason, Note};

/// No source is due less often than once a week, and a visit may fall late into its day: whoever has not been looked
/// at for longer was left out.
pub(crate) const LONGEST_WAIT_DAYS: u32 = 8;

/// A run of days, both ends included.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Run {
    pub(crate) reason: GapReason,
    pub(crate) from: Date,
    pub(crate) to: Date,
}

impl Run {
    fn meets(&self, from: Date, to: Date) -> bool {
        self.from <= to && from <= self.to
    }
}

/// What one network's days of visits say.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Coverage {
    /// Runs of days of which we know too little, oldest first.
    runs: Vec<Run>,
}

impl Coverage {
    /// What lies within `from..=to` at least in part.
    pub(crate) fn within(&self, from: Date, to: Date) -> impl Iterator<Item = Run> + '_ {
        self.runs
            .iter()
            .copied()
            .filter(move |run| run.meets(from, to))
    }

    /// What is to be said of a window: what lies in it, cut to it, and a joining that came after its first day.
    fn of_window(&self, from: Date, to: Date) -> impl Iterator<Item = Run> + '_ {
        self.runs.iter().filter_map(move |run| match run.reason {
            GapReason::Joined => (run.from > from).then_some(*run),
            GapReason::Unreachable | GapReason::Stale => run.meets(from, to).then(|| Run {
                from: run.from.max(from),
                to: run.to.min(to),
                ..*run
            }),
        })
    }
}

/// What the visits of all networks say; `visits` by network and day, with holes of more than [`LONGEST_WAIT_DAYS`].
pub(crate) fn coverage(visits: &[VisitDay], today: Date) -> BTreeMap<NetworkId, Coverage> {
    visits
        .chunk_by(|a, b| a.network == b.network)
        .filter_map(|days| {
            Some((
                days.first()?.network,
                Coverage {
                    runs: runs(days, today),
                },
            ))
        })
        .filter(|(_, coverage)| !coverage.runs.is_empty())
        .collect()
}

fn runs(days: &[VisitDay], today: Date) -> Vec<Run> {
    let mut runs: Vec<Run> = Vec::new();
    let Some(joined) = days.iter().find(|visit| visit.ok) else {
        // It was asked for and never read: it has not joined in any way a chart could show.
        return runs;
    };
    runs.push(Run {
        reason: GapReason::Joined,
        from: joined.day,
        to: joined.day,
    });
    let mut last = joined;
    for visit in days.iter().skip_while(|visit| visit.day <= joined.day) {
        if let Some(before) = visit.before {
            // Days that failed are all told: what is not told went well.
            let failed = last.day == before && !last.ok;
            pass(&mut runs, (before, failed), visit.day, !visit.ok);
        }
        if !visit.ok {
            extend(&mut runs, GapReason::Unreachable, visit.day, visit.day);
        }
        last = visit;
    }
    // Today may still bring a visit.
    pass(&mut runs, (last.day, !last.ok), today, true);
    runs
}

/// The days between a visit and the next one: a long time without any is stale; a short one between two that failed
/// belongs to their run.
fn pass(runs: &mut Vec<Run>, (last, failed): (Date, bool), next: Date, next_failed: bool) {
    let (Ok(from), Ok(to)) = (last.tomorrow(), next.yesterday()) else {
        return;
    };
    if from > to {
        return;
    }
    if to >= from.saturating_add(i64::from(LONGEST_WAIT_DAYS).days()) {
        extend(runs, GapReason::Stale, from, to);
    } else if failed && next_failed {
        extend(runs, GapReason::Unreachable, from, to);
    }
}

fn extend(runs: &mut Vec<Run>, reason: GapReason, from: Date, to: Date) {
    if let Some(last) = runs.last_mut()
        && last.reason == reason
        && last.to.tomorrow().is_ok_and(|next| next == from)
    {
        last.to = to;
    } else {
        runs.push(Run { reason, from, to });
    }
}

/// Notes of a window for the networks given by slug: what holds for several of them at once is said once.
pub(crate) fn notes<'a>(
    networks: impl Iterator<Item = (&'a str, &'a Coverage)>,
    from: Date,
    to: Date,
) -> Vec<Note> {
    let mut together: BTreeMap<(GapReason, Date, Date), Vec<String>> = BTreeMap::new();
    for (slug, coverage) in networks {
        for run in coverage.of_window(from, to) {
            together
                .entry((run.reason, run.from, run.to))
                .or_default()
                .push(slug.to_owned());
        }
    }
    together
        .into_iter()
        .map(|((reason, from, to), mut networks)| {
            networks.sort_unstable();
            Note {
                reason,
                from,
                to,
                networks,
            }
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(n: i64) -> Date {
        jiff::civil::date(2026, 9, 1).saturating_add((n - 1).days())
    }

    fn visits(days: &[(i64, bool)]) -> Vec<VisitDay> {
        let mut before = None;
        days.iter()
            .map(|(n, ok)| VisitDay {
                network: NetworkId::from_u128(1),
                day: day(*n),
                before: before.replace(day(*n)),
                ok: *ok,
            })
            .collect()
    }

    fn told(days: &[(i64, bool)], today: i64) -> Vec<(GapReason, Date, Date)> {
        coverage(&visits(days), day(today))
            .into_values()
            .flat_map(|coverage| coverage.runs)
            .map(|run| (run.reason, run.from, run.to))
            .collect()
    }

    #[test]
    fn failed_days_are_one_run_and_long_silence_is_stale() {
        use GapReason::{Joined, Stale, Unreachable};
        assert_eq!(told(&[(1, true), (2, true)], 3), [(Joined, day(1), day(1))]);
        // Back-off leaves days between two failed visits without any: they are still out of reach.
        assert_eq!(
            told(&[(1, true), (2, false), (5, false), (6, true)], 7),
            [(Joined, day(1), day(1)), (Unreachable, day(2), day(5))]
        );
        // It fails to this day.
        assert_eq!(
            told(&[(1, true), (2, false), (4, false)], 6),
            [(Joined, day(1), day(1)), (Unreachable, day(2), day(5))]
        );
        assert_eq!(
            told(&[(1, true), (11, true)], 12),
            [(Joined, day(1), day(1)), (Stale, day(2), day(10))]
        );
        assert_eq!(
            told(&[(1, true), (10, true)], 11),
            [(Joined, day(1), day(1))]
        );
        assert_eq!(
            told(&[(1, true)], 20),
            [(Joined, day(1), day(1)), (Stale, day(2), day(19))]
        );
        // What failed before the first reading is not a gap: there was nothing to lose yet.
        assert_eq!(
            told(&[(1, false), (3, true)], 4),
            [(Joined, day(3), day(3))]
        );
        assert_eq!(told(&[(1, false)], 4), []);
    }

    #[test]
    fn an_even_row_of_which_only_the_ends_are_told_is_no_hole() {
        let mut ends = visits(&[(1, true), (30, true)]);
        ends[1].before = Some(day(29));
        let runs = coverage(&ends, day(31))
            .into_values()
            .flat_map(|coverage| coverage.runs);
        assert_eq!(
            runs.map(|run| run.reason).collect::<Vec<_>>(),
            [GapReason::Joined]
        );
        // A failure after such a row begins with its own day.
        ends[1].ok = false;
        let runs = coverage(&ends, day(31))
            .into_values()
            .flat_map(|coverage| coverage.runs);
        let last = runs.last().map(|run| (run.reason, run.from, run.to));
        assert_eq!(last, Some((GapReason::Unreachable, day(30), day(30))));
    }

    #[test]
    fn notes_are_cut_to_the_window_and_name_together_what_happened_together() {
        let rows = visits(&[(5, true), (6, false), (9, false), (10, true)]);
        let one = coverage(&rows, day(10))
            .remove(&NetworkId::from_u128(1))
            .expect("one");
        let pair = || [("b", &one), ("a", &one)].into_iter();
        let said: Vec<_> = notes(pair(), day(1), day(7))
            .into_iter()
            .map(|note| (note.reason, note.from, note.to, note.networks.join(" ")))
            .collect();
        assert_eq!(
            said,
            [
                (GapReason::Unreachable, day(6), day(7), "a b".to_owned()),
                (GapReason::Joined, day(5), day(5), "a b".to_owned()),
            ]
        );
        // It joined before the window: nothing is missing in it.
        assert!(notes(pair(), day(10), day(20)).is_empty());
        // It joined after the window, which is therefore without it.
        assert_eq!(notes(pair(), day(1), day(3)).len(), 1);
    }
}
