//! Limits on what a request may cost: address length, body, time, requests at once, and requests per client.
//!
//! What exceeds them is answered at once with a problem and `Retry-After`, so that the rest is answered well.

mod client;
pub(crate) mod concurrency;
mod layer;
pub(crate) mod rate;
pub(crate) mod slow_queue;

use std::net::IpAddr;
use std::num::NonZeroU32;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use governor::clock::{Clock, DefaultClock};
use governor::{DefaultKeyedRateLimiter, Quota, RateLimiter};

pub(crate) use client::{Client, neighbourhood};
pub use layer::guard;

/// What requests may cost.
#[derive(Debug, Clone)]
pub struct Limits {
    /// Bytes of an address with its query.
    pub uri: usize,
    /// Bytes of a body.
    pub body: usize,
    /// From the first byte of the request's head to the head of the answer.
    pub time: Duration,
    pub concurrent_requests: usize,
    /// Searches that wait for a core before others are refused.
    pub waiting_searches: usize,
    /// Requests a second of one client, in the long run.
    pub client_rate: NonZeroU32,
    /// Requests of one client at once.
    pub client_burst: NonZeroU32,
    /// Front servers whose `Forwarded` or `X-Forwarded-For` is believed.
    pub trusted_proxies: Vec<IpAddr>,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            // 512 characters of any script are up to 6 KiB when percent-encoded.
            uri: 8192,
            body: 64 * 1024,
            time: Duration::from_secs(10),
            concurrent_requests: 512,
            waiting_searches: 64,
            client_rate: NonZeroU32::new(20).unwrap_or(NonZeroU32::MIN),
            client_burst: NonZeroU32::new(120).unwrap_or(NonZeroU32::MIN),
            trusted_proxies: Vec::new(),
        }
    }
}

/// Clients by the network they come from (/24, /64), each with its allowance. Kept in memory only.
#[derive(Debug)]
pub(crate) struct Clients {
    allowance: DefaultKeyedRateLimiter<IpAddr>,
    clock: DefaultClock,
    seen: AtomicU64,
}

/// Clients that have been quiet are forgotten every so many requests, beside those that time forgets, so that a flood
/// does not fill the memory.
const FORGET_EVERY: u64 = 4096;

impl Clients {
    pub(crate) fn new(limits: &Limits) -> Self {
        let quota = Quota::per_second(limits.client_rate).allow_burst(limits.client_burst);
        Self {
            allowance: RateLimiter::keyed(quota),
            clock: DefaultClock::default(),
            seen: AtomicU64::new(0),
        }
    }

    /// Forgets all whose allowance has come back in full.
    pub(crate) fn forget(&self) {
        self.allowance.retain_recent();
    }

    /// Seconds to wait, where the client has used up its allowance.
    fn check(&self, client: IpAddr) -> Result<(), u64> {
        if self.seen.fetch_add(1, Ordering::Relaxed) % FORGET_EVERY == FORGET_EVERY - 1 {
            self.forget();
        }
        self.allowance
            .check_key(&neighbourhood(client))
            .map_err(|until| until.wait_time_from(self.clock.now()).as_secs() + 1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ip(text: &str) -> IpAddr {
        text.parse().expect("address")
    }

    #[test]
    fn a_client_is_limited_with_its_neighbours_and_no_other() {
        let limits = Limits {
            client_rate: NonZeroU32::MIN,
            client_burst: NonZeroU32::new(2).expect("two"),
            ..Limits::default()
        };
        let clients = Clients::new(&limits);
        assert_eq!(clients.check(ip("203.0.113.7")), Ok(()));
        assert_eq!(clients.check(ip("203.0.113.8")), Ok(()));
        assert!(
            clients
                .check(ip("203.0.113.9"))
                .is_err_and(|wait| wait >= 1)
        );
        assert_eq!(clients.check(ip("203.0.114.9")), Ok(()));
    }
}
