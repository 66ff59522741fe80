//! RateLimits: how often anybody may make us ask another site for something, or hide something.
//!
//! Per client (by its /24 or /64) and per site, so that neither one visitor nor many can point us at a site. What
//! somebody proved to be allowed is never made to wait by others who proved nothing: only failures to log in are
//! counted, by client, and an owner's session has turns of its own.

use std::hash::Hash;
use std::net::IpAddr;
use std::num::NonZeroU32;
use std::time::Duration;

use governor::clock::{Clock, DefaultClock};
use governor::middleware::NoOpMiddleware;
use governor::state::keyed::DefaultKeyedStateStore;
use governor::{Quota, RateLimiter};

use crate::limits::neighbourhood;

type Keyed<K, C> =
    RateLimiter<K, DefaultKeyedStateStore<K>, C, NoOpMiddleware<<C as Clock>::Instant>>;

#[derive(Debug)]
pub(crate) struct RateLimits<C: Clock = DefaultClock> {
    clients: Keyed<IpAddr, C>,
    sites: Keyed<String, C>,
    objections: Keyed<IpAddr, C>,
    missing: Keyed<IpAddr, C>,
    mails: Keyed<IpAddr, C>,
    failures: Keyed<(Option<IpAddr>, String), C>,
    clock: C,
}

/// Most clients, sites or failures remembered at once.
const MOST: usize = 50_000;
/// How long whoever comes beyond that waits, in seconds.
const FULL: u64 = 60;

/// `burst` at once, then one in each `every`.
fn quota(every: Duration, burst: u32) -> Quota {
    Quota::with_period(every)
        .unwrap_or(Quota::per_hour(NonZeroU32::MIN))
        .allow_burst(NonZeroU32::new(burst).unwrap_or(NonZeroU32::MIN))
}

fn keyed<K: Hash + Eq + Clone, C: Clock + Clone>(quota: Quota, clock: &C) -> Keyed<K, C> {
    RateLimiter::new(quota, DefaultKeyedStateStore::default(), clock.clone())
}

impl Default for RateLimits {
    fn default() -> Self {
        Self::by(DefaultClock::default())
    }
}

impl<C: Clock + Clone> RateLimits<C> {
    fn by(clock: C) -> Self {
        Self {
            clients: keyed(quota(Duration::from_mins(1), 10), &clock),
            sites: keyed(quota(Duration::from_mins(2), 6), &clock),
            objections: keyed(quota(Duration::from_hours(6), 5), &clock),
            missing: keyed(quota(Duration::from_hours(6), 4), &clock),
            mails: keyed(quota(Duration::from_hours(6), 4), &clock),
            failures: keyed(quota(Duration::from_mins(5), 10), &clock),
            clock,
        }
    }

    /// Forgets all whose turns have come back in full: who asked once, after the time of two.
    pub(crate) fn forget(&self) {
        self.clients.retain_recent();
        self.sites.retain_recent();
        self.objections.retain_recent();
        self.missing.retain_recent();
        self.mails.retain_recent();
        self.failures.retain_recent();
    }

    /// A look at `site` for `client`; the operator's own machine counts as no client. Seconds to wait otherwise.
    pub(crate) fn take(&self, client: Option<IpAddr>, site: &str) -> Result<(), u64> {
        if let Some(client) = client {
            self.check(&self.clients, &neighbourhood(client))?;
        }
        self.check(&self.sites, &site.to_owned())
    }

    /// An objection by `client`.
    pub(crate) fn object(&self, client: Option<IpAddr>) -> Result<(), u64> {
        client.map_or(Ok(()), |client| {
            self.check(&self.objections, &neighbourhood(client))
        })
    }

    /// `client` names a site that is missing here.
    pub(crate) fn miss(&self, client: Option<IpAddr>) -> Result<(), u64> {
        client.map_or(Ok(()), |client| {
            self.check(&self.missing, &neighbourhood(client))
        })
    }

    /// `client` has a mailbox asked whether it wants digests.
    pub(crate) fn mail(&self, client: Option<IpAddr>) -> Result<(), u64> {
        client.map_or(Ok(()), |client| {
            self.check(&self.mails, &neighbourhood(client))
        })
    }

    /// `client` failed to prove to be the owner of the network with this slug (empty: there is none).
    pub(crate) fn fail(&self, client: Option<IpAddr>, slug: &str) -> Result<(), u64> {
        self.check(
            &self.failures,
            &(client.map(neighbourhood), slug.trim().to_owned()),
        )
    }

    fn check<K: Hash + Eq + Clone>(&self, limiter: &Keyed<K, C>, key: &K) -> Result<(), u64> {
        // Forgets who has been quiet, so that memory is bounded whoever asks.
        if limiter.len() >= MOST {
            limiter.retain_recent();
            if limiter.len() >= MOST {
                return Err(FULL);
            }
        }
        limiter
            .check_key(key)
            .map_err(|until| until.wait_time_from(self.clock.now()).as_secs() + 1)
    }
}

#[cfg(test)]
mod tests {
    use governor::clock::FakeRelativeClock;

    use super::*;

    #[test]
    fn neither_one_client_nor_many_can_have_a_site_asked_without_end() {
        let turns = RateLimits::default();
        let client = |n: u8| Some(IpAddr::from([203, 0, n, 7]));
        let mut sites = 0;
        for n in 0..30 {
            sites += u32::from(
                turns
                    .take(client(1), &format!("https://s{n}.example"))
                    .is_ok(),
            );
        }
        assert_eq!(sites, 10);
        let mut one = 0;
        for n in 10..60 {
            one += u32::from(turns.take(client(n), "https://site.example").is_ok());
        }
        assert_eq!(one, 6);
        let wait = turns
            .take(client(99), "https://site.example")
            .expect_err("a wait");
        assert!(wait > 1);
    }

    #[test]
    fn a_failure_counts_for_whoever_failed_and_the_blanks_around_a_name_do_not_help() {
        let turns = RateLimits::default();
        let client = |n: u8| Some(IpAddr::from([203, 0, n, 7]));
        let mut tries = 0;
        for n in 0..30 {
            let slug = if n % 2 == 0 { "victim" } else { " victim " };
            tries += u32::from(turns.fail(client(1), slug).is_ok());
        }
        assert_eq!(tries, 10);
        assert!(turns.fail(client(2), "victim").is_ok());
    }

    #[test]
    fn whoever_asks_no_more_is_forgotten_when_the_turns_are_back() {
        let clock = FakeRelativeClock::default();
        let turns = RateLimits::by(clock.clone());
        let client = Some(IpAddr::from([203, 0, 113, 7]));
        turns.take(client, "https://site.example").expect("a turn");
        turns.object(client).expect("a turn");
        turns.miss(client).expect("a turn");
        turns.fail(client, "victim").expect("a turn");
        let kept = || {
            [
                turns.clients.len(),
                turns.sites.len(),
                turns.failures.len(),
                turns.objections.len(),
                turns.missing.len(),
            ]
        };
        turns.forget();
        assert_eq!(kept(), [1; 5]);
        clock.advance(Duration::from_mins(11));
        turns.forget();
        assert_eq!(kept(), [0, 0, 0, 1, 1]);
        clock.advance(Duration::from_hours(12));
        turns.forget();
        assert_eq!(kept(), [0; 5]);
    }

    #[test]
    fn memory_is_bounded_whoever_asks() {
        let turns = RateLimits::default();
        let mut waits = 0;
        for n in 0..MOST + 10 {
            waits += u32::from(turns.take(None, &n.to_string()).is_err());
        }
        assert!(waits > 0 && turns.sites.len() <= MOST);
    }
}
