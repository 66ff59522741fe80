//! When a source is due next: pure arithmetic over what was seen.
//!
//! After success: the owner's interval, stretched by the source's own rhythm to at most a day, and never shorter than
//! what the server asks for (cache lifetime, ttl, sy:*, skipHours, skipDays). After failure: exponential back-off with
//! full jitter, never faster than after success, at most a week. Jitter is a hash of source and count, so the same
//! input gives the same moment and a thousand sources give a thousand.

use discover_model::{Source, SourceId};
use jiff::civil::Weekday;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};

use crate::fetch::headers::LONGEST_WAIT;

/// No owner can ask for more visits than this.
pub const FLOOR: SignedDuration = SignedDuration::from_mins(10);
/// Without an owner's wish.
pub const DEFAULT_EVERY: SignedDuration = SignedDuration::from_hours(1);
/// Quiet sources, and those without validators, are visited once a day.
pub const DAILY: SignedDuration = SignedDuration::from_hours(24);
/// What is shut is tried once a week.
pub const WEEKLY: SignedDuration = LONGEST_WAIT;

/// What a visit learnt about how often to come.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Pace {
    /// The server's cache lifetime, from a 200 or a 304.
    pub lifetime: Option<SignedDuration>,
    pub ttl: Option<SignedDuration>,
    pub update_period: Option<SignedDuration>,
    pub skip_hours: Vec<u8>,
    pub skip_days: Vec<Weekday>,
    /// The server gives no validators, so each visit costs it a whole document.
    pub unconditional: bool,
    /// A hub tells us of news (WebSub): polling is only the safety net.
    pub pushed: bool,
    /// Work waits in the cursor.
    pub unfinished: bool,
    /// Pages of items wait that this visit had no time for: the visit goes on at once.
    pub behind: bool,
}

/// Where a connector's lower bounds come from when it reads many pages: the first.
pub(crate) fn pace_of(lifetime: Option<SignedDuration>, unfinished: bool) -> Pace {
    Pace {
        lifetime,
        unfinished,
        ..Pace::default()
    }
}

/// The owner's interval within the bounds.
pub fn every(source: &Source) -> SignedDuration {
    source
        .options
        .every_seconds
        .map_or(DEFAULT_EVERY, |seconds| {
            SignedDuration::from_secs(i64::from(seconds))
        })
        .clamp(FLOOR, WEEKLY)
}

/// The next visit after one that went well. `rhythm` is the time between two posts of late, in seconds.
pub fn after_success(
    source: &Source,
    pace: &Pace,
    rhythm: Option<i64>,
    now: Timestamp,
) -> Timestamp {
    let floor = every(source);
    let mut wait = floor;
    if let Some(seconds) = rhythm {
        // Twice for each post expected, so that a post waits half its like at most.
        wait = SignedDuration::from_secs(seconds / 2).clamp(floor, DAILY.max(floor));
    }
    if pace.unconditional || pace.pushed {
        wait = wait.max(DAILY);
    }
    for asked in [pace.lifetime, pace.ttl, pace.update_period]
        .into_iter()
        .flatten()
    {
        wait = wait.max(asked.min(LONGEST_WAIT));
    }
    if pace.unfinished {
        wait = pace
            .lifetime
            .unwrap_or_default()
            .clamp(FLOOR, wait.max(FLOOR));
    }
    if pace.behind {
        return outside_skips(now, &pace.skip_hours, &pace.skip_days);
    }
    let spread = jitter(source.id, now.as_second().unsigned_abs()) * wait.as_secs_f64() / 10.0;
    let due = now + wait + seconds(spread);
    outside_skips(due, &pace.skip_hours, &pace.skip_days)
}

/// The next visit after `failures` failures in a row.
pub fn after_failure(source: &Source, failures: u32, now: Timestamp) -> Timestamp {
    let floor = every(source);
    let room = (WEEKLY - floor).as_secs_f64().max(0.0);
    let span = (floor.as_secs_f64() * f64::from(2_u32.saturating_pow(failures.min(20)))).min(room);
    now + floor + seconds(span * jitter(source.id, u64::from(failures)))
}

/// The next probe of what is shut, spread over an hour.
pub fn after_refusal(source: &Source, wait: SignedDuration, now: Timestamp) -> Timestamp {
    now + wait + seconds(3600.0 * jitter(source.id, now.as_second().unsigned_abs()))
}

/// After silence the sources of a host come back one after the other, within a minute or a tenth of the wait.
pub fn after_silence(source: &Source, until: Timestamp, now: Timestamp) -> Timestamp {
    let waited = until.duration_since(now).as_secs_f64().max(0.0);
    until + seconds((waited / 10.0).clamp(1.0, 600.0) * jitter(source.id, 0))
}

fn seconds(seconds: f64) -> SignedDuration {
    SignedDuration::from_secs(seconds as i64)
}

/// A fixed fraction in [0, 1) for a source and a count.
pub fn jitter(source: SourceId, salt: u64) -> f64 {
    let bytes = source.to_bytes();
    let mut x = u64::from_be_bytes([
        bytes[8], bytes[9], bytes[10], bytes[11], bytes[12], bytes[13], bytes[14], bytes[15],
    ]) ^ salt.wrapping_mul(0x9e37_79b9_7f4a_7c15);
    // splitmix64's finaliser: every bit of the input moves every bit of the output.
    x = (x ^ (x >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    x = (x ^ (x >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    ((x ^ (x >> 31)) >> 11) as f64 / (1_u64 << 53) as f64
}

/// Moves a moment out of the hours (UTC) and days in which the source does not want visits.
fn outside_skips(due: Timestamp, hours: &[u8], days: &[Weekday]) -> Timestamp {
    let mut at = due;
    for _ in 0..=7 * 24 {
        let civil = at.to_zoned(TimeZone::UTC).datetime();
        let hour = u8::try_from(civil.hour()).unwrap_or(0);
        // RSS counted hours from 1 to 24 before it counted from 0 to 23.
        let skipped = hours.contains(&hour)
            || hour == 0 && hours.contains(&24)
            || days.contains(&civil.weekday());
        if !skipped {
            return at;
        }
        let to_next_hour = 3600 - at.as_second().rem_euclid(3600);
        at += SignedDuration::from_secs(to_next_hour);
    }
    // A source that skips every hour of the week has not meant it.
    due
}

/// The time between posts of late: the mean of the newest twenty, or longer where it has been quiet since.
pub fn rhythm(mut published: Vec<Timestamp>, now: Timestamp) -> Option<i64> {
    published.retain(|at| *at <= now);
    published.sort_unstable();
    published.reverse();
    published.truncate(20);
    let (newest, oldest) = (published.first()?, published.last()?);
    let quiet = now.duration_since(*newest).as_secs() / 2;
    if published.len() < 2 {
        return Some(quiet);
    }
    let span = newest.duration_since(*oldest).as_secs();
    Some((span / (published.len() as i64 - 1)).max(quiet))
}

#[cfg(test)]
mod tests {
    use discover_model::source::SourceOptions;
    use discover_model::{NetworkId, SourceKind};
    use url::Url;

    use super::*;

    const NOW: Timestamp = Timestamp::constant(1_790_000_000, 0);
    const HOUR: SignedDuration = SignedDuration::from_hours(1);

    fn source(n: u32, every_seconds: Option<u32>) -> Source {
        let url = Url::parse(&format!("https://site.example/{n}")).expect("url");
        let options = SourceOptions {
            every_seconds,
            ..SourceOptions::default()
        };
        Source::new(NetworkId::from_u128(1), SourceKind::Feed, url, options)
    }

    fn wait(pace: &Pace, rhythm: Option<i64>) -> SignedDuration {
        after_success(&source(1, None), pace, rhythm, NOW).duration_since(NOW)
    }

    #[test]
    fn row_23_without_hints_an_hour_conditionally_and_a_day_unconditionally() {
        let hourly = wait(&Pace::default(), None);
        assert!(hourly >= HOUR && hourly <= HOUR * 11 / 10, "{hourly:?}");
        let unconditional = Pace {
            unconditional: true,
            ..Pace::default()
        };
        assert!(wait(&unconditional, None) >= DAILY);
        let hasty = after_success(&source(1, Some(1)), &Pace::default(), None, NOW);
        assert!(hasty.duration_since(NOW) >= FLOOR);
    }

    #[test]
    fn row_20_and_21_what_the_server_asks_for_is_a_lower_bound() {
        for asked in [12, 30, 24 * 30] {
            let asked = HOUR * asked;
            for pace in [
                Pace {
                    lifetime: Some(asked),
                    ..Pace::default()
                },
                Pace {
                    ttl: Some(asked),
                    ..Pace::default()
                },
                Pace {
                    update_period: Some(asked),
                    ..Pace::default()
                },
            ] {
                let wait = wait(&pace, Some(60));
                assert!(
                    wait >= asked.min(WEEKLY) && wait <= WEEKLY * 11 / 10,
                    "{wait:?}"
                );
            }
        }
    }

    #[test]
    fn row_22_skipped_hours_and_days_are_not_visited() {
        let civil = NOW.to_zoned(TimeZone::UTC);
        let hour = civil.hour() as u8;
        let pace = Pace {
            skip_hours: (0..6).map(|n| (hour + n) % 24).collect(),
            skip_days: vec![civil.date().tomorrow().expect("date").weekday()],
            ..Pace::default()
        };
        for n in 0..200 {
            let due = after_success(&source(n, None), &pace, None, NOW).to_zoned(TimeZone::UTC);
            assert!(!pace.skip_hours.contains(&(due.hour() as u8)), "{due}");
            assert!(!pace.skip_days.contains(&due.date().weekday()), "{due}");
        }
        let never = Pace {
            skip_hours: (0..24).collect(),
            ..Pace::default()
        };
        assert!(wait(&never, None) < HOUR * 2);
    }

    #[test]
    fn row_24_the_interval_follows_the_sources_own_rhythm() {
        let weekly: Vec<Timestamp> = (0..10).map(|n| NOW - HOUR * 24 * 7 * n).collect();
        assert!(wait(&Pace::default(), rhythm(weekly, NOW)) >= DAILY);
        let hourly: Vec<Timestamp> = (0..10).map(|n| NOW - HOUR * n).collect();
        assert!(wait(&Pace::default(), rhythm(hourly, NOW)) < HOUR * 2);
        let silent_for_long: Vec<Timestamp> = (0..10).map(|n| NOW - HOUR * (1000 + n)).collect();
        assert!(wait(&Pace::default(), rhythm(silent_for_long, NOW)) >= DAILY);
    }

    #[test]
    fn row_30_failures_back_off_with_jitter_up_to_a_week_and_never_faster() {
        let source = source(3, None);
        let waits: Vec<SignedDuration> = (1..40)
            .map(|n| after_failure(&source, n, NOW).duration_since(NOW))
            .collect();
        assert!(waits.iter().all(|wait| *wait >= HOUR && *wait <= WEEKLY));
        assert!(waits[10..].iter().max() > waits[..3].iter().max());
        assert_eq!(
            after_failure(&source, 5, NOW),
            after_failure(&source, 5, NOW),
            "the same input gives the same moment"
        );
    }

    #[test]
    fn row_31_sources_due_at_once_come_back_spread_out() {
        let mut minutes: Vec<i64> = (0..1000)
            .map(|n| {
                let due = after_success(&source(n, None), &Pace::default(), None, NOW);
                due.duration_since(NOW).as_mins()
            })
            .collect();
        minutes.sort_unstable();
        minutes.dedup();
        assert!(minutes.len() >= 6, "{minutes:?}");
    }
}
