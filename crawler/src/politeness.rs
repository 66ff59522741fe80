//! Pacing: one request at a time to a site, a gap after each, and silence when it asked for silence.
//!
//! A "site" is the registrable domain, so that five hundred feeds of one hosting service are one queue; the address
//! connected to is paced as well, so that five hundred names on one machine are. Loopback plays the part of many
//! sites in tests and the demo: there each port is one.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use jiff::Timestamp;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use url::{Host, Url};

use crate::clock::Clock;

/// Longest `Crawl-delay` that is waited out.
pub const MAX_CRAWL_DELAY: Duration = Duration::from_mins(1);
/// Requests in flight to one site.
const PER_SITE: usize = 1;
/// Requests in flight to one address, which may be a large host's front.
const PER_ADDRESS: usize = 2;
/// Sites remembered before idle ones are forgotten.
const MAX_SITES: usize = 4096;

/// The next free moments of every site.
#[derive(Debug)]
pub(crate) struct Pacer {
    gap: Duration,
    clock: Clock,
    /// Whether loopback addresses have a queue of their own like any other. Only where they stand for others.
    pub(crate) paces_loopback: bool,
    sites: Mutex<HashMap<String, Arc<Site>>>,
}

#[derive(Debug)]
struct Site {
    slots: Arc<Semaphore>,
    times: Mutex<Times>,
}

#[derive(Debug, Default)]
struct Times {
    /// When the last request ended (a site) or began (an address).
    last: Option<Instant>,
    /// The gap the last request asked for: a `Crawl-delay` also holds for the one after it.
    last_gap: Duration,
    silent_until: Option<Timestamp>,
}

/// The right to send one request. The gap begins when it is dropped.
#[derive(Debug)]
pub(crate) struct Turn {
    site: Arc<Site>,
    clock: Clock,
    gap: Duration,
    _slots: (OwnedSemaphorePermit, Option<OwnedSemaphorePermit>),
}

impl Drop for Turn {
    fn drop(&mut self) {
        let mut times = self.site.times();
        times.last = Some(self.clock.now());
        times.last_gap = self.gap;
    }
}

impl Site {
    fn new(slots: usize) -> Self {
        Self {
            slots: Arc::new(Semaphore::new(slots)),
            times: Mutex::default(),
        }
    }

    fn times(&self) -> MutexGuard<'_, Times> {
        self.times.lock().unwrap_or_else(PoisonError::into_inner)
    }

    async fn slot(&self) -> Option<OwnedSemaphorePermit> {
        // The semaphore is never closed, so this is always some.
        Arc::clone(&self.slots).acquire_owned().await.ok()
    }
}

impl Pacer {
    pub(crate) fn new(gap: Duration, clock: Clock) -> Self {
        Self {
            gap,
            clock,
            paces_loopback: false,
            sites: Mutex::new(HashMap::new()),
        }
    }

    fn site(&self, key: &str, slots: usize, now: Timestamp) -> Arc<Site> {
        let mut sites = self.sites.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(site) = sites.get(key) {
            return Arc::clone(site);
        }
        if sites.len() >= MAX_SITES {
            let moment = self.clock.now();
            sites.retain(|_, site| {
                let times = site.times();
                let idle = times
                    .last
                    .is_none_or(|last| moment > last + times.last_gap.max(self.gap));
                Arc::strong_count(site) > 1
                    || !idle
                    || times.silent_until.is_some_and(|until| until > now)
            });
        }
        let site = Arc::new(Site::new(slots));
        sites.insert(key.to_owned(), Arc::clone(&site));
        site
    }

    fn site_of(&self, url: &Url, now: Timestamp) -> Arc<Site> {
        self.site(&site_key(url), PER_SITE, now)
    }

    /// Waits for the turn of a request to `url`, or says until when the site wants silence.
    pub(crate) async fn turn(
        &self,
        url: &Url,
        address: Option<IpAddr>,
        gap: Duration,
        now: Timestamp,
    ) -> Result<Turn, Timestamp> {
        let site = self.site_of(url, now);
        let silent = |site: &Site| match site.times().silent_until {
            Some(until) if until > now => Err(until),
            _ => Ok(()),
        };
        silent(&site)?;
        let Some(slot) = site.slot().await else {
            return Err(now);
        };
        // Another request may have been told to wait while this one stood in the queue.
        silent(&site)?;
        let gap = gap.max(self.gap);
        let ready = {
            let times = site.times();
            times.last.map(|last| last + gap.max(times.last_gap))
        };
        self.wait_until(ready).await;
        let address_slot = match address.filter(|ip| self.paces_loopback || !ip.is_loopback()) {
            Some(ip) => Some(self.address_turn(ip, now).await),
            None => None,
        };
        silent(&site)?;
        Ok(Turn {
            site,
            clock: self.clock.clone(),
            gap,
            _slots: (slot, address_slot.flatten()),
        })
    }

    async fn address_turn(&self, ip: IpAddr, now: Timestamp) -> Option<OwnedSemaphorePermit> {
        let site = self.site(&format!("ip {ip}"), PER_ADDRESS, now);
        let slot = site.slot().await;
        loop {
            let ready = {
                let mut times = site.times();
                let now = self.clock.now();
                match times.last.map(|last| last + self.gap) {
                    Some(ready) if ready > now => ready,
                    // The moment it begins, not the one it was meant to: a late waking must not bunch those behind.
                    _ => {
                        times.last = Some(now);
                        return slot;
                    }
                }
            };
            self.wait_until(Some(ready)).await;
        }
    }

    async fn wait_until(&self, ready: Option<Instant>) {
        if let Some(ready) = ready
            && ready > self.clock.now()
        {
            self.clock.wait_until(ready).await;
        }
    }

    /// No request to the site of `url` before `until`.
    pub(crate) fn silence(&self, url: &Url, until: Timestamp, now: Timestamp) {
        let site = self.site_of(url, now);
        let mut times = site.times();
        if times.silent_until.is_none_or(|already| already < until) {
            times.silent_until = Some(until);
        }
    }
}

/// The queue an address stands in: its registrable domain, or a literal with its port.
pub(crate) fn site_key(url: &Url) -> String {
    match url.host() {
        Some(Host::Domain(name)) => {
            let name = name.trim_end_matches('.');
            if crate::ssrf_guard::is_localhost(name) {
                return url[url::Position::BeforeHost..url::Position::AfterPort].to_owned();
            }
            psl::domain_str(name).unwrap_or(name).to_owned()
        }
        _ => url[url::Position::BeforeHost..url::Position::AfterPort].to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Timestamp = Timestamp::constant(1_790_000_000, 0);

    fn url(text: &str) -> Url {
        Url::parse(text).expect("url")
    }

    #[test]
    fn row_53_names_of_one_registrable_domain_are_one_site() {
        let key = |text: &str| site_key(&url(text));
        assert_eq!(key("https://a.blogs.example.co.uk/x"), "example.co.uk");
        assert_eq!(key("http://b.example.co.uk:8080/"), "example.co.uk");
        // A hosting service on the public suffix list gives each customer a site.
        assert_ne!(key("https://a.github.io/"), key("https://b.github.io/"));
        assert_ne!(key("http://127.0.0.1:8001/"), key("http://127.0.0.1:8002/"));
    }

    #[tokio::test]
    async fn row_53_requests_to_one_site_keep_their_gap_and_others_do_not_wait() {
        let gap = Duration::from_millis(40);
        let pacer = Pacer::new(gap, Clock::default());
        let begun = Instant::now();
        let mut ended: Option<Instant> = None;
        for path in [
            "https://a.example/1",
            "https://b.a.example/2",
            "https://a.example/3",
        ] {
            let turn = pacer.turn(&url(path), None, Duration::ZERO, NOW).await;
            let turn = turn.expect("turn");
            assert!(ended.is_none_or(|ended| ended.elapsed() >= gap));
            drop(turn);
            ended = Some(Instant::now());
        }
        let waited = begun.elapsed();
        let other = url("https://b.example/");
        let other = pacer.turn(&other, None, Duration::ZERO, NOW).await;
        assert!(other.is_ok());
        assert!(waited >= 2 * gap && begun.elapsed() < waited + gap);
    }

    #[tokio::test]
    async fn row_53_names_on_one_address_keep_its_gap_and_are_two_at_most_at_once() {
        let clock = Clock::moved();
        let gap = Duration::from_secs(1);
        let pacer = Pacer::new(gap, clock.clone());
        let address = Some(IpAddr::from([93, 184, 216, 34]));
        let turn = async |n: u8| {
            let url = url(&format!("https://site{n}.example/"));
            pacer.turn(&url, address, Duration::ZERO, NOW).await
        };
        let first = turn(1).await.expect("turn");
        assert_eq!(clock.elapsed(), Duration::ZERO);
        let second = turn(2).await.expect("turn");
        assert_eq!(clock.elapsed(), gap, "another name, but the same machine");
        let third = tokio::time::timeout(Duration::from_millis(50), turn(3)).await;
        assert!(third.is_err(), "two are in flight");
        drop((first, second));
        assert!(turn(3).await.is_ok());
        assert_eq!(clock.elapsed(), gap * 2);
        let elsewhere = Some(IpAddr::from([93, 184, 216, 35]));
        let other = url("https://site4.example/");
        let other = pacer.turn(&other, elsewhere, Duration::ZERO, NOW).await;
        assert!(other.is_ok() && clock.elapsed() == gap * 2);
    }

    #[tokio::test]
    async fn row_25_a_site_that_asked_for_silence_gets_it_whichever_source_asks() {
        let pacer = Pacer::new(Duration::ZERO, Clock::default());
        let until = NOW + jiff::SignedDuration::from_mins(5);
        pacer.silence(&url("https://feeds.site.example/a"), until, NOW);
        let other = url("https://www.site.example/b");
        assert_eq!(
            pacer.turn(&other, None, Duration::ZERO, NOW).await.err(),
            Some(until)
        );
        assert!(
            pacer
                .turn(&other, None, Duration::ZERO, until)
                .await
                .is_ok()
        );
    }
}
