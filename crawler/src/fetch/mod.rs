//! The one fetch layer: nothing in this workspace reaches the network by another way.
//!
//! [`Fetcher::get`] asks, for the first address and for every redirect hop: does the permit cover it, does the guard
//! allow it, does robots.txt allow it, is it this site's turn. It sends an honest name and nothing else (no cookies,
//! no referrer, no proxy), reads the body within its caps, and never retries under another name. A [`WebhookClient`] sends
//! instead of fetching, and takes no permit.

mod body;
mod error;
pub mod headers;
mod hop;
mod messages;
mod resolve;
mod rules;
mod site_clocks;
#[cfg(test)]
mod tests;
mod webhook_client;

use std::collections::BTreeMap;
use std::net::IpAddr;
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use discover_model::{Permit, permit};
use jiff::{SignedDuration, Timestamp};
use reqwest::header::{
    ACCEPT, ACCEPT_ENCODING, CONTENT_ENCODING, CONTENT_TYPE, HeaderMap, HeaderValue,
    IF_MODIFIED_SINCE, IF_NONE_MATCH,
};
use url::{Host, Url};

pub use error::{FetchError, shown};
use error::{chain, classify, classify_body};
pub use headers::Validators;
use hop::Hop;
pub use hop::MAX_HOPS;
pub use messages::{Request, Response, What};
pub use rules::KnownRobots;
pub use webhook_client::{Receipt, WebhookClient};

use crate::clock::Clock;
use crate::politeness::{MAX_CRAWL_DELAY, Pacer};
use crate::robots::{self, Robots};
use crate::ssrf_guard;
use crate::websub::Subscriber;
use body::{Body, ContentEncoding, Overflow};
use resolve::Resolver;
use rules::{RobotsCache, origin_of};
use site_clocks::SiteClocks;

/// How long a visit waits for its turn at a hub, which is nobody's source and may be slow or dead.
const HUB_PATIENCE: Duration = Duration::from_secs(5);
/// How much of an error's body is read: enough for a platform to say why.
const ERROR_BODY: usize = 16 * 1024;

/// How the fetch layer behaves.
#[derive(Debug, Clone)]
pub struct FetchConfig {
    /// Product and version, for example `Discover/0.1`; the part before the slash is our name in robots.txt.
    pub user_agent_product: String,
    /// Where a site owner reads who we are and how to reach the operator.
    pub contact_page: Url,
    /// For tests and the demo: also connect to 127.0.0.0/8, ::1 and localhost.
    pub allow_loopback: bool,
    /// Least time between two requests to one site; zero only for tests.
    pub min_gap: Duration,
    /// For one fetch in all, waiting for the site's turn not counted.
    pub timeout: Duration,
    pub max_feed: usize,
    pub max_page: usize,
    /// Names answered from here instead of the system's resolver; the guard holds for them too.
    pub hosts: BTreeMap<String, Vec<IpAddr>>,
}

impl FetchConfig {
    pub fn new(user_agent_product: &str, contact_page: Url) -> Self {
        Self {
            user_agent_product: user_agent_product.to_owned(),
            contact_page,
            allow_loopback: false,
            min_gap: Duration::from_secs(1),
            timeout: Duration::from_secs(30),
            max_feed: 8 << 20,
            max_page: 4 << 20,
            hosts: BTreeMap::new(),
        }
    }
}

/// The fetch layer. One for a process, shared by all crawls.
#[derive(Debug)]
pub struct Fetcher {
    client: reqwest::Client,
    config: FetchConfig,
    /// Our name in robots.txt.
    agent: String,
    resolver: Resolver,
    clock: Clock,
    pacer: Pacer,
    robots: RobotsCache,
    subscriber: OnceLock<Subscriber>,
    site_clocks: SiteClocks,
}

impl Fetcher {
    pub fn new(config: FetchConfig) -> Result<Self, FetchError> {
        // Fails when a provider is installed already, which is as good.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let product = config.user_agent_product.trim();
        let agent = product.split('/').next().unwrap_or_default().to_owned();
        if agent.is_empty() || !matches!(config.contact_page.scheme(), "http" | "https") {
            return Err(FetchError::Config(
                "a product name and the address of a contact page are needed: no contact, no crawl"
                    .to_owned(),
            ));
        }
        let resolver = Resolver::new(config.allow_loopback, config.hosts.clone());
        let client = reqwest::Client::builder()
            .user_agent(format!("{product} (+{})", config.contact_page))
            .redirect(reqwest::redirect::Policy::none())
            .referer(false)
            .no_proxy()
            .dns_resolver(resolver.clone())
            .connect_timeout(Duration::from_secs(10).min(config.timeout))
            // A connection serves the requests of one visit; idle ones of many sources would only cost.
            .pool_max_idle_per_host(1)
            .pool_idle_timeout(Duration::from_secs(20))
            .build()
            .map_err(|error| FetchError::Config(chain(&error)))?;
        let clock = Clock::default();
        Ok(Self {
            client,
            agent,
            resolver,
            pacer: Pacer::new(config.min_gap, clock.clone()),
            clock,
            robots: RobotsCache::default(),
            subscriber: OnceLock::new(),
            site_clocks: SiteClocks::default(),
            config,
        })
    }

    /// Our name in robots.txt and `X-Robots-Tag`.
    pub fn agent(&self) -> &str {
        &self.agent
    }

    pub fn config(&self) -> &FetchConfig {
        &self.config
    }

    /// From now on, hubs that feeds declare are asked to tell this subscriber of news. Counts once.
    pub fn subscribe_as(&self, subscriber: Subscriber) {
        // The first one stands: hubs know its callbacks.
        let _ = self.subscriber.set(subscriber);
    }

    pub fn subscriber(&self) -> Option<&Subscriber> {
        self.subscriber.get()
    }

    /// How far this machine's clock is ahead of the sites' that answered last (behind, where negative); `None` while too
    /// few have answered.
    pub fn ahead_of_sites(&self) -> Option<SignedDuration> {
        self.site_clocks.ahead()
    }

    pub(crate) fn clock(&self) -> &Clock {
        &self.clock
    }

    /// A fetcher for which `clock` goes by, and names that stand on loopback addresses are sites like any other.
    #[cfg(test)]
    pub(crate) fn on_a_stage(config: FetchConfig, clock: &Clock) -> Result<Self, FetchError> {
        let mut this = Self::new(config)?;
        this.resolver.trust_loopback();
        this.clock = clock.clone();
        this.pacer = Pacer::new(this.config.min_gap, clock.clone());
        this.pacer.paces_loopback = true;
        Ok(this)
    }

    /// Fetches `request.url` under `permit`. Any complete answer is `Ok`, whatever its status.
    pub async fn get(
        &self,
        permit: &Permit,
        request: Request,
        now: Timestamp,
    ) -> Result<Response, FetchError> {
        if permit.exception() == Some(permit::Exception::Proof) {
            tracing::info!(address = %shown(&request.url), "looks for a proof of consent");
        }
        let first = self
            .follow(permit, &request, "gzip, deflate, br", now)
            .await;
        match first {
            // Once more, and plainly: some servers cannot pack, but can send.
            Err(FetchError::Garbage(_)) => self.follow(permit, &request, "identity", now).await,
            other => other,
        }
    }

    /// Sends `form` to a hub under the leave to ask it; the status of its answer. No redirect is followed. A hub whose
    /// turn does not come within seconds is not asked ([`FetchError::HostWaits`]).
    pub async fn post_form(
        &self,
        permit: &Permit,
        url: &Url,
        form: String,
        now: Timestamp,
    ) -> Result<u16, FetchError> {
        if permit.exception() != Some(permit::Exception::Hub) {
            return Err(FetchError::NoConsent(Box::new(url.clone())));
        }
        tracing::info!(address = %shown(url), "asks a declared hub");
        let request = Request::new(url.clone(), What::Hub);
        let mut hop = Hop::new(&request, "identity", self.config.timeout);
        hop.form = Some(form);
        hop.patience = Some(HUB_PATIENCE);
        self.check(permit, &hop)?;
        Ok(self.one(&hop, Duration::ZERO, now).await?.status)
    }

    /// Asks for silence on the site of `url` until then; every source of it is held back.
    pub fn silence(&self, url: &Url, until: Timestamp, now: Timestamp) {
        self.pacer.silence(url, until, now);
    }

    /// Takes over what a source's state remembers of robots.txt.
    pub fn remember_robots(&self, url: &Url, saved: &KnownRobots, now: Timestamp) {
        self.robots.remember(url, saved, now);
    }

    /// What a source's state should remember of robots.txt.
    pub fn known_robots(&self, url: &Url, now: Timestamp) -> Option<KnownRobots> {
        self.robots.saved(url, now)
    }

    async fn follow(
        &self,
        permit: &Permit,
        request: &Request,
        encodings: &'static str,
        now: Timestamp,
    ) -> Result<Response, FetchError> {
        let mut hop = Hop::new(request, encodings, self.config.timeout);
        loop {
            self.check(permit, &hop)?;
            let mut gap = request.gap;
            if permit.exception().is_none() && request.what != What::Robots {
                let known = self.robots(permit, &hop.url, now).await?;
                known.check(&hop.url)?;
                let delay = known.crawl_delay().unwrap_or_default();
                gap = gap.max(delay.min(MAX_CRAWL_DELAY));
            }
            let mut response = self.one(&hop, gap, now).await?;
            hop.spend();
            if matches!(response.status, 301 | 302 | 303 | 307 | 308) {
                hop.redirect(&response)?;
                continue;
            }
            response.hops = hop.hops;
            response.moved = hop.moved;
            return Ok(response);
        }
    }

    /// Permit and guard, for the first address and every hop.
    fn check(&self, permit: &Permit, hop: &Hop<'_>) -> Result<(), FetchError> {
        let url = &hop.url;
        // robots.txt may stand behind redirects within the origin whose robots.txt it is (RFC 9309 2.3.1.2).
        let own_robots = hop.request.what == What::Robots
            && hop.hops > 0
            && origin_of(url) == origin_of(&hop.request.url);
        if !permit.covers(url) && !own_robots {
            return Err(if hop.hops == 0 {
                FetchError::NoConsent(Box::new(url.clone()))
            } else {
                FetchError::OutOfScope {
                    from: Box::new(hop.request.url.clone()),
                    to: Box::new(url.clone()),
                    permanent: hop.moved.is_some(),
                }
            });
        }
        ssrf_guard::check_url(url, self.config.allow_loopback)?;
        Ok(())
    }

    /// One request and its answer, in its turn.
    async fn one(
        &self,
        hop: &Hop<'_>,
        gap: Duration,
        now: Timestamp,
    ) -> Result<Response, FetchError> {
        let address = match hop.url.host() {
            Some(Host::Domain(name)) => self.resolver.lookup(name).await?.first().copied(),
            Some(Host::Ipv4(ip)) => Some(IpAddr::V4(ip)),
            Some(Host::Ipv6(ip)) => Some(IpAddr::V6(ip)),
            None => None,
        };
        let turn = self.pacer.turn(&hop.url, address, gap, now);
        let turn = match hop.patience {
            Some(patience) => tokio::time::timeout(patience, turn)
                .await
                .unwrap_or(Err(now)),
            None => turn.await,
        };
        let turn = turn.map_err(FetchError::HostWaits)?;
        let busy = self.clock.busy();
        let answer = tokio::time::timeout(hop.left, self.send(hop)).await;
        drop(busy);
        let answer = answer.map_err(|_| FetchError::Timeout(self.config.timeout.as_secs()));
        // A host that is too busy is left alone by all its sources, before the next of them gets its turn.
        if let Ok(Ok(response)) = &answer
            && matches!(response.status, 429 | 503)
            && let Some(wait) = response.retry_after(now)
        {
            self.pacer.silence(&hop.url, now + wait, now);
        }
        if let Ok(Ok(response)) = &answer
            && let Some(date) = headers::date(&response.headers)
        {
            let host = hop.url.host_str().unwrap_or_default();
            self.site_clocks.note(host, date, now);
        }
        drop(turn);
        answer?
    }

    async fn send(&self, hop: &Hop<'_>) -> Result<Response, FetchError> {
        let mut headers = HeaderMap::with_capacity(4);
        headers.insert(ACCEPT, HeaderValue::from_static(hop.request.what.accept()));
        headers.insert(ACCEPT_ENCODING, HeaderValue::from_static(hop.encodings));
        let validators = &hop.request.validators;
        let theirs = match &hop.request.validators_of {
            Some(of) => *of == hop.url,
            None => hop.hops == 0,
        };
        for (name, kept) in [
            (IF_NONE_MATCH, &validators.etag),
            (IF_MODIFIED_SINCE, &validators.last_modified),
        ] {
            if theirs && let Some(value) = kept.as_deref().and_then(headers::exact_value) {
                headers.insert(name, value);
            }
        }
        if hop.form.is_some() {
            let form = HeaderValue::from_static("application/x-www-form-urlencoded");
            headers.insert(CONTENT_TYPE, form);
        }
        let build = || {
            let request = match &hop.form {
                None => self.client.get(hop.url.clone()),
                Some(form) => self.client.post(hop.url.clone()).body(form.clone()),
            };
            request.headers(headers.clone())
        };
        let mut response = match build().send().await {
            Ok(response) => response,
            // A kept connection may have been closed under us; a GET is repeated once on a new one.
            Err(error)
                if hop.form.is_none()
                    && error.is_request()
                    && !error.is_connect()
                    && !error.is_timeout() =>
            {
                build().send().await.map_err(|error| classify(&error))?
            }
            Err(error) => return Err(classify(&error)),
        };
        if let Some(peer) = response.remote_addr() {
            ssrf_guard::check_ip(peer.ip(), self.config.allow_loopback)
                .map_err(|_| FetchError::WrongPeer(peer.ip()))?;
        }
        let status = response.status().as_u16();
        let body = if status == 304 || (300..309).contains(&status) {
            Vec::new()
        } else if (200..300).contains(&status) {
            self.read(hop.request.what, &mut response).await?
        } else {
            read_error(&mut response).await
        };
        Ok(Response {
            url: hop.url.clone(),
            status,
            headers: std::mem::take(response.headers_mut()),
            body,
            hops: 0,
            moved: None,
        })
    }

    async fn read(
        &self,
        what: What,
        response: &mut reqwest::Response,
    ) -> Result<Vec<u8>, FetchError> {
        let (cap, overflow) = match what {
            What::Feed => (self.config.max_feed, Overflow::Refuse),
            What::Page | What::Json => (self.config.max_page, Overflow::Refuse),
            What::Hub => (ERROR_BODY, Overflow::Cut),
            What::Proof => (discover_model::proof::MAX_PROOF_BYTES, Overflow::Refuse),
            What::Robots => (robots::MAX_BYTES, Overflow::Cut),
        };
        let encoding = content_encoding(response)?;
        if overflow == Overflow::Refuse
            && response
                .content_length()
                .is_some_and(|length| length > cap as u64)
        {
            return Err(FetchError::TooLarge(cap));
        }
        let mut body = Body::new(encoding, cap, overflow, response.content_length());
        while let Some(chunk) = response
            .chunk()
            .await
            .map_err(|error| classify_body(&error))?
        {
            body.push(&chunk)?;
            if body.is_full() {
                break;
            }
        }
        body.finish()
    }

    /// The origin's robots.txt, from the cache or fetched under the same permit.
    async fn robots(
        &self,
        permit: &Permit,
        url: &Url,
        now: Timestamp,
    ) -> Result<Arc<KnownRobots>, FetchError> {
        let slot = self.robots.slot(url, now);
        let mut known = slot.lock().await;
        if let Some(fresh) = RobotsCache::fresh(known.as_ref(), now) {
            return Ok(fresh);
        }
        let mut address = url.clone();
        address.set_path("/robots.txt");
        address.set_query(None);
        address.set_fragment(None);
        let request = Request::new(address, What::Robots);
        let answer = Box::pin(self.follow(permit, &request, "gzip, deflate, br", now)).await;
        let fetched = match answer {
            Ok(answer) if (200..300).contains(&answer.status) => {
                let rules = Robots::parse(&answer.body).rules_for(&self.agent);
                KnownRobots::rules(url, rules, answer.lifetime(now), now)
            }
            Ok(answer) if (400..500).contains(&answer.status) && answer.status != 429 => {
                KnownRobots::rules(url, robots::Rules::default(), answer.lifetime(now), now)
            }
            Ok(answer)
                if matches!(answer.status, 429 | 503) && answer.retry_after(now).is_some() =>
            {
                let wait = answer.retry_after(now).unwrap_or_default();
                return Err(FetchError::HostWaits(now + wait));
            }
            Ok(answer) => KnownRobots::unreachable(url, format!("answer {}", answer.status), now),
            Err(FetchError::HostWaits(until)) => return Err(FetchError::HostWaits(until)),
            // The guard's no is about the host, not about its robots.txt.
            Err(blocked @ (FetchError::Blocked(_) | FetchError::NoConsent(_))) => {
                return Err(blocked);
            }
            // Who logs every visitor in first says so of robots.txt too.
            Err(FetchError::LoginWall { to, .. }) => KnownRobots::login(url, *to, now),
            Err(error) => KnownRobots::unreachable(url, error.to_string(), now),
        };
        let fetched = Arc::new(fetched);
        *known = Some(Arc::clone(&fetched));
        Ok(fetched)
    }
}

fn content_encoding(response: &reqwest::Response) -> Result<ContentEncoding, FetchError> {
    let named = response.headers().get_all(CONTENT_ENCODING).iter();
    ContentEncoding::of(named.filter_map(|value| value.to_str().ok()))
}

async fn read_error(response: &mut reqwest::Response) -> Vec<u8> {
    let Ok(encoding) = content_encoding(response) else {
        return Vec::new();
    };
    let mut body = Body::new(encoding, ERROR_BODY, Overflow::Cut, None);
    while let Ok(Some(chunk)) = response.chunk().await {
        if body.push(&chunk).is_err() {
            return Vec::new();
        }
        if body.is_full() {
            break;
        }
    }
    body.finish().unwrap_or_default()
}
