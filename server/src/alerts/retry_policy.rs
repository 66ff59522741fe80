//! What a receiver's answer means for what was sent: pure, and the same for everybody.

use discover_store::{Outcome, Tried};
use jiff::{SignedDuration, Timestamp};

/// Minutes to wait after the first, second, … failed attempt. The last one is used for all that follow.
const WAITS: [i64; 8] = [1, 5, 30, 2 * 60, 6 * 60, 12 * 60, 24 * 60, 24 * 60];
/// What has waited for so long when an attempt fails is given up.
const GIVE_UP: SignedDuration = SignedDuration::from_hours(72);
/// A receiver may ask for at most so much patience.
const MOST_PATIENCE: SignedDuration = SignedDuration::from_hours(24);

/// What came of an attempt.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Answer {
    Status {
        status: u16,
        retry_after: Option<SignedDuration>,
    },
    /// There was none, for this reason.
    None(String),
    /// There is no such mailbox, as its server says.
    NoMailbox(String),
}

/// What follows from an answer at `now`.
///
/// 2xx: delivered. 410, and a mailbox that is none: the follow is paused. 408, 425, 429, 5xx, redirects and no answer at all are about the receiver:
/// nothing is sent to it until the next attempt. Any other answer is about this delivery alone. Given up is what fails
/// more often than there are waits, or three days after it was made; where the receiver is at fault, with all that has
/// waited as long.
pub fn judge(tried: &Tried, answer: &Answer, now: Timestamp) -> Outcome {
    let (said, receiver, asked) = match answer {
        Answer::Status { status, .. } if (200..300).contains(status) => return Outcome::Delivered,
        Answer::Status {
            status,
            retry_after,
        } => (
            format!("answer {status}"),
            matches!(status, 300..=399 | 408 | 425 | 429 | 500..),
            *retry_after,
        ),
        Answer::NoMailbox(said) => return Outcome::Paused { said: said.clone() },
        Answer::None(reason) => (reason.chars().take(200).collect(), true, None),
    };
    if matches!(answer, Answer::Status { status: 410, .. }) {
        return Outcome::Paused { said };
    }
    // A receiver that has been failing for long is not asked more often because the next delivery is a new one.
    let failed = if receiver {
        tried.attempts.max(tried.failures + 1)
    } else {
        tried.attempts
    };
    let step = (failed as usize - 1).min(WAITS.len() - 1);
    let wait = SignedDuration::from_mins(WAITS[step]).max(asked.unwrap_or_default());
    let again = now + wait.min(MOST_PATIENCE);
    let spent = tried.attempts as usize > WAITS.len();
    let old = now.duration_since(tried.made) >= GIVE_UP;
    match (receiver, spent || old) {
        (true, true) => Outcome::AllDead {
            said,
            since: now - GIVE_UP,
            again,
        },
        (false, true) => Outcome::Dead { said },
        (hold, false) => Outcome::Failed { said, again, hold },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Timestamp = Timestamp::constant(1_795_348_800, 0);

    fn tried(attempts: u32, failures: u32) -> Tried {
        Tried {
            attempts,
            failures,
            made: NOW,
        }
    }

    fn status(status: u16) -> Answer {
        Answer::Status {
            status,
            retry_after: None,
        }
    }

    fn minutes(minutes: i64) -> SignedDuration {
        SignedDuration::from_mins(minutes)
    }

    #[test]
    fn attempts_follow_the_schedule_for_three_days_and_then_end() {
        let (mut now, mut waits) = (NOW, Vec::new());
        for attempts in 1.. {
            match judge(&tried(attempts, attempts - 1), &status(500), now) {
                Outcome::Failed { again, hold, .. } => {
                    assert!(hold);
                    waits.push(again.duration_since(now).as_mins());
                    now = again;
                }
                Outcome::AllDead { .. } => break,
                other => panic!("{other:?}"),
            }
        }
        assert_eq!(waits, WAITS);
        assert!((68..73).contains(&now.duration_since(NOW).as_hours()));
    }

    #[test]
    fn each_answer_has_its_meaning() {
        for ok in [200, 202, 204, 299] {
            assert_eq!(judge(&tried(1, 0), &status(ok), NOW), Outcome::Delivered);
        }
        let paused = judge(&tried(1, 0), &status(410), NOW);
        assert!(matches!(paused, Outcome::Paused { .. }));
        let nowhere = judge(
            &tried(1, 0),
            &Answer::NoMailbox("answer 550 5.1.1".into()),
            NOW,
        );
        assert!(matches!(nowhere, Outcome::Paused { .. }));
        for (code, holds) in [
            (307, true),
            (429, true),
            (503, true),
            (400, false),
            (404, false),
        ] {
            let outcome = judge(&tried(1, 0), &status(code), NOW);
            assert!(
                matches!(&outcome, Outcome::Failed { hold, again, .. } if *hold == holds && *again == NOW + minutes(1)),
                "{code}: {outcome:?}"
            );
        }
        let late = judge(&tried(1, 0), &status(400), NOW + minutes(72 * 60));
        assert!(matches!(late, Outcome::Dead { .. }));
    }

    #[test]
    fn patience_is_had_as_asked_within_bounds_and_a_dead_receiver_is_asked_seldom() {
        let asked = |minutes_asked: i64| {
            let answer = Answer::Status {
                status: 429,
                retry_after: Some(minutes(minutes_asked)),
            };
            match judge(&tried(1, 0), &answer, NOW) {
                Outcome::Failed { again, .. } => again.duration_since(NOW).as_mins(),
                other => panic!("{other:?}"),
            }
        };
        assert_eq!(asked(0), 1);
        assert_eq!(asked(45), 45);
        assert_eq!(asked(7 * 24 * 60), 24 * 60);
        let outcome = judge(&tried(1, 20), &Answer::None("no connection".into()), NOW);
        assert!(
            matches!(outcome, Outcome::Failed { again, .. } if again == NOW + minutes(24 * 60)),
            "a new delivery to it waits a day"
        );
    }
}
