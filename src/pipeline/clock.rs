//! Whether the machine's clock is right: expiry by retention, erasure of closed sources and the ledger's signed heads
//! hang on it and cannot be undone, so they wait while it is in doubt, for [`LONGEST_DOUBT`] of running at most.

use std::time::{Duration, Instant};

use discover_server::signs::Sign;
use discover_store::ClockRecord;
use jiff::{SignedDuration, Timestamp};

use super::Pipeline;

/// Our clock may be so far off the sites' clocks.
const OFF: SignedDuration = SignedDuration::from_hours(1);
/// The clock may stand so far behind the ledger's newest entry: time servers step it back a little.
const BEHIND: SignedDuration = SignedDuration::from_mins(1);
/// After a longer stop, or a jump that looks like one, the sites' clocks are waited for, but not longer than `FOR_SITES`.
const LONG_STOP: SignedDuration = SignedDuration::from_hours(48);
const FOR_SITES: Duration = Duration::from_hours(1);
const LONGEST_DOUBT: SignedDuration = SignedDuration::from_hours(7 * 24);

/// What may be done by the clock.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum ClockTrust {
    Right,
    /// After a long stop, until the first sites have answered.
    Unproven,
    /// In doubt, and why.
    Doubted(String),
    /// In doubt for so long that nothing waits for it any more.
    Overruled(String),
}

impl ClockTrust {
    pub(super) const fn waits(&self) -> bool {
        matches!(self, Self::Unproven | Self::Doubted(_))
    }

    const fn reason(&self) -> Option<&String> {
        match self {
            Self::Right | Self::Unproven => None,
            Self::Doubted(reason) | Self::Overruled(reason) => Some(reason),
        }
    }
}

/// How the clock contradicts the ledger, where it does.
pub(crate) fn behind_ledger(now: Timestamp, record: &ClockRecord) -> Option<String> {
    let newest = record.newest_entry?;
    (newest.duration_since(now) > BEHIND).then(|| {
        format!("the clock stands at {now}, before the newest entry of the ledger ({newest})")
    })
}

/// `ahead` is how far the clock is ahead of the sites', where they are known; `running` how long this process has run.
fn judge(
    now: Timestamp,
    ahead: Option<SignedDuration>,
    record: &ClockRecord,
    running: Duration,
) -> ClockTrust {
    let reason = match ahead {
        Some(ahead) if ahead.abs() > OFF => {
            let side = if ahead.is_negative() {
                "behind"
            } else {
                "ahead of"
            };
            format!(
                "the clock is {} hours {side} the clocks of the sites that answered last",
                ahead.abs().as_hours()
            )
        }
        // The sites agree with it, whatever was written down by a clock that was wrong.
        Some(_) => return ClockTrust::Right,
        None => match behind_ledger(now, record) {
            Some(trouble) => trouble,
            None => {
                let stopped = record.ran.map(|ran| now.duration_since(ran));
                return if stopped.is_some_and(|stopped| stopped > LONG_STOP) && running < FOR_SITES
                {
                    ClockTrust::Unproven
                } else {
                    ClockTrust::Right
                };
            }
        },
    };
    let reason = format!(
        "{reason}: set it; until then nothing expires and no head of the ledger is signed, for 7 days at most"
    );
    if record
        .doubted
        .is_some_and(|doubted| doubted >= LONGEST_DOUBT)
    {
        ClockTrust::Overruled(reason)
    } else {
        ClockTrust::Doubted(reason)
    }
}

impl Pipeline {
    /// Judges the clock, says what is wrong with it, and mends what a clock that has gone back left in the future.
    pub(super) async fn check_clock(&self, now: Timestamp) -> anyhow::Result<ClockTrust> {
        // A clock that a test has set is meant to differ from the sites'.
        let ahead = match self.config.clock {
            None => self.fetcher.ahead_of_sites(),
            Some(_) => None,
        };
        let record = self.store.clock_record().await?;
        let trust = judge(now, ahead, &record, self.begun.elapsed());
        match trust.reason() {
            Some(reason) => {
                if self.signs.set(Sign::ClockOff, reason) {
                    tracing::warn!("{reason}");
                }
            }
            None => self.signs.clear(Sign::ClockOff),
        }
        // Until the sites have answered, the long stop stays to be seen.
        if trust != ClockTrust::Unproven {
            let passed = self
                .clock_recorded
                .lock()
                .unwrap_or_else(std::sync::PoisonError::into_inner)
                .replace(Instant::now())
                .map(|recorded| recorded.elapsed());
            let mended = self
                .store
                .record_clock(now, trust.reason().is_some(), passed)
                .await?;
            if mended > 0 {
                tracing::warn!(
                    rows = mended,
                    "the clock has gone back: what was put off until a moment in the future is due now"
                );
            }
        }
        Ok(trust)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Timestamp = Timestamp::constant(1_700_000_000, 0);
    const HOUR: Duration = Duration::from_hours(1);

    fn hours(hours: i64) -> SignedDuration {
        SignedDuration::from_hours(hours)
    }

    fn record(newest: i64, ran: i64, doubted: Option<i64>) -> ClockRecord {
        ClockRecord {
            newest_entry: Some(NOW - hours(newest)),
            ran: Some(NOW - hours(ran)),
            doubted: doubted.map(hours),
        }
    }

    #[test]
    fn a_clock_is_doubted_for_the_sites_word_or_the_ledgers_and_not_for_quiet() {
        let quiet = record(24 * 365, 0, None);
        assert_eq!(judge(NOW, None, &quiet, HOUR), ClockTrust::Right);
        for ahead in [2, -2, 24 * 365] {
            let trust = judge(NOW, Some(hours(ahead)), &quiet, HOUR);
            assert!(
                matches!(&trust, ClockTrust::Doubted(why) if why.contains("hours")),
                "{ahead}"
            );
            assert!(trust.waits());
        }
        let behind = record(-2, 0, None);
        assert!(judge(NOW, None, &behind, HOUR).waits());
        // An entry that was written by a clock that was wrong says nothing against one that the sites agree with.
        assert_eq!(judge(NOW, Some(hours(0)), &behind, HOUR), ClockTrust::Right);
    }

    #[test]
    fn after_a_long_stop_the_sites_are_waited_for_but_not_for_ever() {
        let stopped = record(72, 72, None);
        assert_eq!(
            judge(NOW, None, &stopped, Duration::ZERO),
            ClockTrust::Unproven
        );
        assert_eq!(judge(NOW, None, &stopped, HOUR), ClockTrust::Right);
        assert_eq!(
            judge(NOW, Some(hours(0)), &stopped, Duration::ZERO),
            ClockTrust::Right
        );
        assert_eq!(
            judge(NOW, None, &record(9, 9, None), Duration::ZERO),
            ClockTrust::Right
        );
    }

    #[test]
    fn a_doubt_of_seven_days_holds_nothing_up_and_is_still_said() {
        let long = record(0, 0, Some(7 * 24));
        let trust = judge(NOW, Some(hours(3)), &long, HOUR);
        assert!(!trust.waits());
        assert!(trust.reason().is_some());
        assert!(judge(NOW, Some(hours(3)), &record(0, 0, Some(6 * 24)), HOUR).waits());
    }
}
