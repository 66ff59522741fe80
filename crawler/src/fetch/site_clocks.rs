//! How far this machine's clock is off the clocks of the sites it reads, by their `Date` headers (RFC 9110, 6.6.1).
//!
//! Contract: one site's clock proves nothing, so the median of several counts. Kept in memory alone.

use std::collections::VecDeque;
use std::sync::{Mutex, PoisonError};

use jiff::{SignedDuration, Timestamp};

/// Sites that are remembered: those that answered last. A clock that is set right is known after half of them.
const SITES: usize = 9;
/// Fewer than these say nothing.
const SEVERAL: usize = 3;

#[derive(Debug, Default)]
pub(super) struct SiteClocks(Mutex<VecDeque<(String, i64)>>);

impl SiteClocks {
    /// Notes what a site's clock said, in seconds since 1970, when ours said `now`.
    pub(super) fn note(&self, host: &str, date: i64, now: Timestamp) {
        let ahead = now.as_second().saturating_sub(date);
        let mut sites = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        sites.retain(|(known, _)| known != host);
        if sites.len() == SITES {
            sites.pop_front();
        }
        sites.push_back((host.to_owned(), ahead));
    }

    /// How far our clock is ahead of the sites' (behind, where negative); `None` while too few have answered.
    pub(super) fn ahead(&self) -> Option<SignedDuration> {
        let sites = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if sites.len() < SEVERAL {
            return None;
        }
        let mut ahead: Vec<i64> = sites.iter().map(|(_, seconds)| *seconds).collect();
        ahead.sort_unstable();
        Some(SignedDuration::from_secs(ahead[ahead.len() / 2]))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Timestamp = Timestamp::constant(1_700_000_000, 0);
    const YEAR: i64 = 365 * 86_400;

    fn noted(dates: &[(&str, i64)]) -> Option<SignedDuration> {
        let clocks = SiteClocks::default();
        for (host, ahead) in dates {
            clocks.note(host, NOW.as_second() - ahead, NOW);
        }
        clocks.ahead()
    }

    #[test]
    fn few_sites_and_one_with_a_wrong_clock_say_nothing() {
        assert_eq!(noted(&[("a", YEAR), ("b", YEAR), ("b", YEAR)]), None);
        let one_wrong = noted(&[("a", 1), ("b", YEAR), ("c", -2)]);
        assert_eq!(one_wrong, Some(SignedDuration::from_secs(1)));
    }

    #[test]
    fn a_clock_that_is_set_right_is_known_after_half_of_the_sites() {
        let clocks = SiteClocks::default();
        let site = |n: usize| format!("site{n}");
        for n in 0..SITES {
            clocks.note(&site(n), NOW.as_second() - YEAR, NOW);
        }
        assert_eq!(clocks.ahead(), Some(SignedDuration::from_secs(YEAR)));
        for n in 0..=SITES / 2 {
            clocks.note(&site(n), NOW.as_second(), NOW);
        }
        assert_eq!(clocks.ahead(), Some(SignedDuration::ZERO));
    }
}
