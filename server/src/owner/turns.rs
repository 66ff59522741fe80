//! Turns: how often anybody may make us ask another site for something, or hide something.
//!
//! Per client (by its /24 or /64) and per site, so that neither one visitor nor many can point us at a site.

use std::net::IpAddr;
use std::num::NonZeroU32;
use std::time::Duration;

use governor::clock::{Clock, DefaultClock};
use governor::{DefaultKeyedRateLimiter, Quota, RateLimiter};

use crate::limits::neighbourhood;

#[derive(Debug)]
pub(crate) struct Turns {
    clients: DefaultKeyedRateLimiter<IpAddr>,
    sites: DefaultKeyedRateLimiter<String>,
    objections: DefaultKeyedRateLimiter<IpAddr>,
    logins: DefaultKeyedRateLimiter<String>,
    clock: DefaultClock,
}

/// `burst` at once, then one in each `every`.
fn quota(every: Duration, burst: u32) -> Quota {
    Quota::with_period(every)
        .unwrap_or(Quota::per_hour(NonZeroU32::MIN))
        .allow_burst(NonZeroU32::new(burst).unwrap_or(NonZeroU32::MIN))
}

impl Default for Turns {
    fn default() -> Self {
        Self {
            clients: RateLimiter::keyed(quota(Duration::from_mins(1), 10)),
            sites: RateLimiter::keyed(quota(Duration::from_mins(2), 6)),
            objections: RateLimiter::keyed(quota(Duration::from_hours(6), 5)),
            logins: RateLimiter::keyed(quota(Duration::from_mins(5), 10)),
            clock: DefaultClock::default(),
        }
    }
}

impl Turns {
    /// A look at `site` for `client`; the operator's own machine counts as no client. Seconds to wait otherwise.
    pub(crate) fn take(&self, client: Option<IpAddr>, site: &str) -> Result<(), u64> {
        self.tidy();
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

    /// A try to log in as the owner of `slug`.
    pub(crate) fn log_in(&self, slug: &str) -> Result<(), u64> {
        self.tidy();
        self.check(&self.logins, &slug.chars().take(64).collect())
    }

    fn check<K: std::hash::Hash + Eq + Clone>(
        &self,
        limiter: &DefaultKeyedRateLimiter<K>,
        key: &K,
    ) -> Result<(), u64> {
        limiter
            .check_key(key)
            .map_err(|until| until.wait_time_from(self.clock.now()).as_secs() + 1)
    }

    /// Forgets who has been quiet, so that memory is bounded by what happens within the periods.
    fn tidy(&self) {
        if self.sites.len() > 50_000 || self.logins.len() > 50_000 {
            self.sites.retain_recent();
            self.logins.retain_recent();
            self.clients.retain_recent();
            self.objections.retain_recent();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn neither_one_client_nor_many_can_have_a_site_asked_without_end() {
        let turns = Turns::default();
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
}
