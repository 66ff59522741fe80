//! A source that visitors can no longer read: what is kept of it is hidden, later erased, and shown again when the
//! source opens.
//!
//! Contract: a pure rule over the answers of visits. It is the same for every kind of source; a single post has its own
//! rule ([`crate::recheck`]), and failures that may pass (name servers, time-outs, 5xx) are no answers here.

use discover_model::Refusal;
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use crate::fetch::FetchError;
use crate::frontier::{DAILY, WEEKLY};
use crate::trouble::Trouble;

const DAY: SignedDuration = SignedDuration::from_hours(24);
/// Answers at least this far apart count as two.
const APART: SignedDuration = SignedDuration::from_hours(20);
/// What visitors were kept out of for so long is hidden.
const SHUT_HIDES: SignedDuration = SignedDuration::from_hours(2 * 24);
/// What was not there for so long is hidden.
const MISSING_HIDES: SignedDuration = SignedDuration::from_hours(7 * 24);
/// After so long all that is kept of the source is erased.
const ERASES: SignedDuration = SignedDuration::from_hours(30 * 24);
/// So long the source is asked every day, then every week.
const ASKED_DAILY: SignedDuration = SignedDuration::from_hours(7 * 24);

/// How a source keeps visitors out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Answer {
    /// 401, 402, 403, 451, a login in its place, or a robots.txt that forbids it.
    Shut,
    /// 404 or 410.
    Missing,
}

impl Answer {
    pub(crate) fn of(trouble: &Trouble) -> Option<Self> {
        match trouble {
            Trouble::Status {
                status: 401..=403 | 451,
                ..
            }
            | Trouble::Fetch(FetchError::LoginWall { .. } | FetchError::Robots(_))
            | Trouble::Refused {
                refusal: Refusal::LoginWall | Refusal::NotPublic | Refusal::Password,
                ..
            } => Some(Self::Shut),
            Trouble::Status {
                status: 404 | 410, ..
            } => Some(Self::Missing),
            _ => None,
        }
    }

    const fn hides_after(self) -> SignedDuration {
        match self {
            Self::Shut => SHUT_HIDES,
            Self::Missing => MISSING_HIDES,
        }
    }
}

/// Since when a source is closed to visitors. It ends with the first visit that can read the source.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Closed {
    pub since: Timestamp,
    /// The last answer that counted.
    pub last: Timestamp,
    /// Answers at least [`APART`].
    pub times: u32,
    pub answer: Answer,
    /// What its owner was told of by mail.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub told: Option<Consequence>,
}

/// What follows for what is kept of a source.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Consequence {
    Nothing,
    Hide,
    Erase,
}

impl Closed {
    /// After one more such answer.
    pub(crate) fn again(before: Option<Self>, answer: Answer, now: Timestamp) -> Self {
        let Some(mut closed) = before else {
            return Self {
                since: now,
                last: now,
                times: 1,
                answer,
                told: None,
            };
        };
        closed.answer = answer;
        if now.duration_since(closed.last) >= APART {
            closed.last = now;
            closed.times = closed.times.saturating_add(1);
        }
        closed
    }

    /// One answer alone never hides anything.
    pub fn consequence(&self, now: Timestamp) -> Consequence {
        let closed = now.duration_since(self.since);
        if self.times < 2 || closed < self.answer.hides_after() {
            Consequence::Nothing
        } else if closed < ERASES {
            Consequence::Hide
        } else {
            Consequence::Erase
        }
    }

    pub(crate) fn ask_again_after(&self, now: Timestamp) -> SignedDuration {
        if now.duration_since(self.since) < ASKED_DAILY {
            DAILY
        } else {
            WEEKLY
        }
    }

    /// What the owner is told beside the cause.
    pub(crate) fn notice(&self, now: Timestamp) -> String {
        let day = |after: SignedDuration| {
            let at = self.since.checked_add(after).unwrap_or(Timestamp::MAX);
            at.strftime("%Y-%m-%d").to_string()
        };
        match self.consequence(now) {
            Consequence::Nothing => format!(
                "unless visitors can read it again, what is kept of it is hidden from {} on",
                day(self.answer.hides_after().max(DAY))
            ),
            Consequence::Hide => format!(
                "what is kept of it is hidden, and erased on {} unless visitors can read it again; then it is shown at \
                 our next visit",
                day(ERASES)
            ),
            Consequence::Erase => {
                "what was kept of it is erased; when visitors can read it again, our next visit \
                 reads it anew"
                    .to_owned()
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const START: Timestamp = Timestamp::constant(1_790_000_000, 0);

    /// Asked as often as the rule says, from the first answer until `days` later.
    fn after(answer: Answer, days: i64) -> Consequence {
        let end = START + DAY * i32::try_from(days).expect("days");
        let (mut now, mut closed) = (START, None);
        while now <= end {
            let next = Closed::again(closed, answer, now);
            now += next.ask_again_after(now);
            closed = Some(next);
        }
        closed.map_or(Consequence::Nothing, |closed| closed.consequence(end))
    }

    #[test]
    fn what_keeps_visitors_out_hides_after_two_days_what_is_missing_after_seven_and_both_erase_after_thirty()
     {
        use Answer::{Missing, Shut};
        use Consequence::{Erase, Hide, Nothing};
        for (answer, days, expected) in [
            (Shut, 0, Nothing),
            (Shut, 1, Nothing),
            (Shut, 2, Hide),
            (Shut, 3, Hide),
            (Shut, 10, Hide),
            (Shut, 29, Hide),
            (Shut, 30, Erase),
            (Shut, 40, Erase),
            (Missing, 1, Nothing),
            (Missing, 3, Nothing),
            (Missing, 6, Nothing),
            (Missing, 7, Hide),
            (Missing, 10, Hide),
            (Missing, 40, Erase),
        ] {
            assert_eq!(after(answer, days), expected, "{answer:?} for {days} days");
        }
    }

    #[test]
    fn one_answer_or_many_at_once_hide_nothing() {
        let mut closed = Closed::again(None, Answer::Shut, START);
        assert_eq!(closed.consequence(START + DAY * 40), Consequence::Nothing);
        for hours in 0..19 {
            let at = START + SignedDuration::from_hours(hours);
            closed = Closed::again(Some(closed), Answer::Shut, at);
        }
        assert_eq!(closed.times, 1);
        let closed = Closed::again(Some(closed), Answer::Shut, START + DAY * 40);
        assert_eq!(closed.consequence(START + DAY * 40), Consequence::Erase);
    }
}
