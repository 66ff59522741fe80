//! The status proof: what follows from each look at the place where an owner's proof should stand.
//!
//! Pure: the state of one origin's proof, what was seen, and `now` give the new state, what must be done, and when
//! to look again. A definite miss (404, 410, a page without the tag, something that is no valid proof) hides at the
//! first look, is confirmed after an hour, and withdraws after seven days. What may be a passing failure (DNS,
//! time-outs, 5xx) is no miss: it hides after 14 days and withdraws after 60. The owner's own `withdrawn` counts at once;
//! what may have been meant so hides until a person has looked, and no time ends that.

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

const HOUR: SignedDuration = SignedDuration::from_hours(1);
const DAY: SignedDuration = SignedDuration::from_hours(24);
/// How often a proof that stands is looked at.
pub const CHECK_EVERY: SignedDuration = DAY;
/// A first miss is looked at again after this time, in case it was a slip (a deployment, a moved folder).
pub const CONFIRM_AFTER: SignedDuration = HOUR;
/// A confirmed miss withdraws after this time, counted from the first miss.
pub const MISSED_WITHDRAWS: SignedDuration = SignedDuration::from_hours(7 * 24);
/// A proof that cannot be reached for this long hides.
pub const UNREACHABLE_HIDES: SignedDuration = SignedDuration::from_hours(14 * 24);
/// A proof that cannot be reached for this long withdraws.
pub const UNREACHABLE_WITHDRAWS: SignedDuration = SignedDuration::from_hours(60 * 24);
/// How soon a look that failed is repeated.
const RETRY_AFTER: SignedDuration = SignedDuration::from_hours(6);

/// What one look found, as far as consent is concerned.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CheckOutcome {
    /// A valid proof.
    Seen,
    /// A valid proof that says consent is withdrawn.
    Withdrawn,
    /// Definitely no valid proof.
    Missed,
    /// Something that may have been meant as a withdrawal.
    Doubted,
    /// Nothing can be said now.
    Unreachable,
}

/// How the proof of one origin was found so far.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct ProofStatus {
    /// The first of the misses since the proof was last seen.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub missed_since: Option<Timestamp>,
    /// When a second look confirmed the miss.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub confirmed: Option<Timestamp>,
    /// Since when what stands there may have been meant as a withdrawal.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub doubted_since: Option<Timestamp>,
    /// The first of the failed looks since anything definite was seen.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unreachable_since: Option<Timestamp>,
}

/// What must be done now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Consequence {
    /// Consent stands, or nothing changes.
    Nothing,
    /// Nothing more is fetched or shown until the proof is back.
    Hide,
    /// The owner has left.
    Withdraw,
}

/// What follows from a look.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Step {
    pub status: ProofStatus,
    pub consequence: Consequence,
    pub next_check: Timestamp,
}

impl ProofStatus {
    /// The step that a look at `now` leads to. Looks may come at any time (an owner may ask for one): asking more often
    /// makes nothing happen sooner than the times above.
    pub fn after(self, outcome: CheckOutcome, now: Timestamp) -> Step {
        match outcome {
            CheckOutcome::Seen => step(Self::default(), Consequence::Nothing, now, CHECK_EVERY),
            CheckOutcome::Withdrawn => step(self, Consequence::Withdraw, now, CHECK_EVERY),
            CheckOutcome::Missed => self.missed(now),
            CheckOutcome::Doubted => {
                let status = Self {
                    doubted_since: Some(self.doubted_since.unwrap_or(now)),
                    ..Self::default()
                };
                step(status, Consequence::Hide, now, CHECK_EVERY)
            }
            CheckOutcome::Unreachable => self.unreachable(now),
        }
    }

    fn missed(self, now: Timestamp) -> Step {
        let Some(since) = self.missed_since else {
            let status = Self {
                missed_since: Some(now),
                ..Self::default()
            };
            return step(status, Consequence::Hide, now, CONFIRM_AFTER);
        };
        let status = Self {
            doubted_since: None,
            unreachable_since: None,
            ..self
        };
        let missing = now.duration_since(since);
        if status.confirmed.is_none() {
            if missing < CONFIRM_AFTER {
                return step(status, Consequence::Hide, now, CONFIRM_AFTER - missing);
            }
            let status = Self {
                confirmed: Some(now),
                ..status
            };
            // Even where nobody looked for a week, one look alone never ends a consent for good.
            let left = (MISSED_WITHDRAWS - missing).clamp(CONFIRM_AFTER, CHECK_EVERY);
            return step(status, Consequence::Hide, now, left);
        }
        if missing >= MISSED_WITHDRAWS {
            return step(status, Consequence::Withdraw, now, CHECK_EVERY);
        }
        let left = (MISSED_WITHDRAWS - missing).clamp(CONFIRM_AFTER, CHECK_EVERY);
        step(status, Consequence::Hide, now, left)
    }

    fn unreachable(self, now: Timestamp) -> Step {
        let since = self.unreachable_since.unwrap_or(now);
        let status = Self {
            unreachable_since: Some(since),
            ..self
        };
        let away = now.duration_since(since);
        let hidden = self.missed_since.is_some() || self.doubted_since.is_some();
        let consequence = if away >= UNREACHABLE_WITHDRAWS {
            Consequence::Withdraw
        } else if away >= UNREACHABLE_HIDES || hidden {
            Consequence::Hide
        } else {
            Consequence::Nothing
        };
        let again = if self.missed_since.is_some() && self.confirmed.is_none() {
            CONFIRM_AFTER
        } else {
            RETRY_AFTER
        };
        step(status, consequence, now, again)
    }
}

fn step(
    status: ProofStatus,
    consequence: Consequence,
    now: Timestamp,
    wait: SignedDuration,
) -> Step {
    Step {
        status,
        consequence,
        next_check: now.checked_add(wait).unwrap_or(Timestamp::MAX),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const START: Timestamp = Timestamp::constant(1_790_000_000, 0);

    fn hours(hours: i64) -> Timestamp {
        START + SignedDuration::from_hours(hours)
    }

    /// Looks at the given hours; returns each consequence and the last step.
    fn looks(looks: &[(i64, CheckOutcome)]) -> (Vec<Consequence>, Step) {
        let mut step = ProofStatus::default().after(CheckOutcome::Seen, START);
        let mut found = Vec::new();
        for (at, outcome) in looks {
            step = step.status.after(*outcome, hours(*at));
            found.push(step.consequence);
        }
        (found, step)
    }

    #[test]
    fn a_miss_hides_at_once_is_confirmed_after_an_hour_and_withdraws_after_seven_days() {
        use Consequence::{Hide, Withdraw};
        let (found, first) = looks(&[(24, CheckOutcome::Missed)]);
        assert_eq!((found, first.next_check), (vec![Hide], hours(25)));
        let (_, second) = looks(&[(24, CheckOutcome::Missed), (25, CheckOutcome::Missed)]);
        assert_eq!(second.status.confirmed, Some(hours(25)));
        assert_eq!(second.next_check, hours(49));
        let days = |day: i64| (24 * day, CheckOutcome::Missed);
        let (found, last) = looks(&[
            (24, CheckOutcome::Missed),
            (25, CheckOutcome::Missed),
            days(5),
            days(7),
        ]);
        assert_eq!(found.last(), Some(&Hide));
        assert_eq!(last.next_check, hours(24 * 8));
        let (found, _) = looks(&[
            (24, CheckOutcome::Missed),
            (25, CheckOutcome::Missed),
            days(7),
            days(8),
        ]);
        assert_eq!(found.last(), Some(&Withdraw));
    }

    #[test]
    fn looking_often_or_hardly_ever_never_withdraws_by_one_look() {
        let minutes: Vec<(i64, CheckOutcome)> =
            (0..200).map(|_| (24, CheckOutcome::Missed)).collect();
        let (found, last) = looks(&minutes);
        assert!(found.iter().all(|found| *found == Consequence::Hide));
        assert_eq!(last.status.confirmed, None);
        let (found, last) = looks(&[(24, CheckOutcome::Missed), (24 * 30, CheckOutcome::Missed)]);
        assert_eq!(found.last(), Some(&Consequence::Hide));
        assert_eq!(last.next_check, hours(24 * 30 + 1));
    }

    #[test]
    fn a_proof_that_is_back_makes_everything_good() {
        let (found, last) = looks(&[
            (24, CheckOutcome::Missed),
            (25, CheckOutcome::Missed),
            (24 * 6, CheckOutcome::Seen),
            (24 * 9, CheckOutcome::Missed),
        ]);
        assert_eq!(found[2], Consequence::Nothing);
        assert_eq!(last.status.missed_since, Some(hours(24 * 9)));
        assert_eq!(last.status.confirmed, None);
    }

    #[test]
    fn an_outage_is_no_miss_hides_after_14_days_and_withdraws_after_60() {
        use Consequence::{Hide, Nothing, Withdraw};
        let day = |day: i64| (24 * day, CheckOutcome::Unreachable);
        let (found, _) = looks(&[day(1), day(7), day(14), day(15), day(60), day(61)]);
        assert_eq!(found, [Nothing, Nothing, Nothing, Hide, Hide, Withdraw]);
        // A single answer in between starts the count anew.
        let (found, _) = looks(&[day(1), (24 * 13, CheckOutcome::Seen), day(14), day(27)]);
        assert_eq!(found, [Nothing; 4]);
    }

    #[test]
    fn an_outage_after_a_miss_neither_shows_again_nor_counts_as_a_miss() {
        let (found, last) = looks(&[
            (24, CheckOutcome::Missed),
            (25, CheckOutcome::Unreachable),
            (24 * 9, CheckOutcome::Unreachable),
        ]);
        assert!(found.iter().all(|found| *found == Consequence::Hide));
        assert_eq!(last.status.confirmed, None);
    }

    #[test]
    fn what_may_be_a_withdrawal_hides_until_a_person_has_looked() {
        use Consequence::{Hide, Nothing};
        let day = |day: i64| (24 * day, CheckOutcome::Doubted);
        let (found, last) = looks(&[day(1), day(2), day(9), day(300)]);
        assert_eq!(found, [Hide; 4]);
        assert_eq!(last.status.doubted_since, Some(hours(24)));
        let (found, _) = looks(&[
            day(1),
            (48, CheckOutcome::Unreachable),
            (72, CheckOutcome::Seen),
        ]);
        assert_eq!(found, [Hide, Hide, Nothing], "the owner has mended it");
        let (found, last) = looks(&[day(1), (24 * 30, CheckOutcome::Missed)]);
        assert_eq!(found, [Hide, Hide]);
        assert_eq!(
            last.status.missed_since,
            Some(hours(24 * 30)),
            "the time of a miss begins with the miss"
        );
    }

    #[test]
    fn the_owners_own_word_counts_at_once() {
        let (found, _) = looks(&[(1, CheckOutcome::Withdrawn)]);
        assert_eq!(found, [Consequence::Withdraw]);
    }
}
