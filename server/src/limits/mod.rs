//! Limits on what a request may cost: address length, body, time, requests at once, and requests per client.
//!
//! What exceeds them is answered at once with a problem and `Retry-After`, so that the rest is answered well.

mod client;
pub(crate) mod concurrency;
pub(crate) mod rate;
pub(crate) mod slow_queue;

use std::net::{IpAddr, SocketAddr};
use std::num::NonZeroU32;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use axum::extract::{ConnectInfo, Request};
use axum::http::StatusCode;
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use governor::clock::{Clock, DefaultClock};
use governor::{DefaultKeyedRateLimiter, Quota, RateLimiter};

pub(crate) use client::{Client, neighbourhood};

use crate::analyst::{self, Door};
use crate::problem::{Code, Problem};
use crate::state::State;

/// So many times as long may an answer take that has to ask an owner's site first, at its pace. These are taken in turns
/// ([`rate`]), so that they do not fill the house.
const ASKING_A_SITE: u32 = 6;

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

/// The layer that enforces all but the body's size.
pub async fn guard(
    axum::extract::State(state): axum::extract::State<State>,
    mut request: Request,
    next: Next,
) -> Response {
    let limits = &state.config().limits;
    let length = request
        .uri()
        .path_and_query()
        .map_or(0, |address| address.as_str().len());
    if length > limits.uri {
        return Problem {
            status: StatusCode::URI_TOO_LONG,
            ..Problem::new(Code::TooLarge, "the address is longer than 8 KiB")
        }
        .into_response();
    }
    let peer = request
        .extensions()
        .get::<ConnectInfo<SocketAddr>>()
        .map(|ConnectInfo(address)| address.ip());
    // A key is for the API, and counts by its own quota in place of the client's.
    let door = if request.uri().path().starts_with("/api/") {
        match analyst::door(&state, request.headers()).await {
            Ok(door) => door,
            Err(problem) => return problem.into_response(),
        }
    } else {
        Door::Anonymous
    };
    let counted = matches!(door, Door::Anonymous | Door::Wrong(_));
    if counted
        && let Some(client) = client::client(peer, request.headers(), &limits.trusted_proxies)
        && let Err(seconds) = state.clients().check(client)
    {
        return Problem {
            retry_after: Some(seconds),
            ..Problem::new(
                Code::RateLimited,
                "more requests than one client is given; wait and go on",
            )
        }
        .into_response();
    }
    match door {
        Door::Anonymous => {}
        Door::Known(analyst) => {
            request.extensions_mut().insert(analyst);
        }
        Door::Wrong(problem) | Door::Spent(problem) => return problem.into_response(),
    }
    // Health and figures must answer while everything else is refused.
    let vital = matches!(request.uri().path(), "/healthz" | "/readyz" | "/metrics");
    let _slot = match state.requests().try_acquire() {
        Ok(slot) => Some(slot),
        Err(_) if vital => None,
        Err(_) => {
            return Problem::new(Code::Overloaded, "too many requests are being answered")
                .into_response();
        }
    };
    let asks_a_site = matches!(
        request.uri().path(),
        "/register/preview" | "/register/join" | "/owner/change"
    );
    let time = if asks_a_site {
        limits.time * ASKING_A_SITE
    } else {
        limits.time
    };
    match tokio::time::timeout(time, next.run(request)).await {
        Ok(response) => response,
        Err(_) => {
            Problem::new(Code::Overloaded, "the answer was not ready in time").into_response()
        }
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
