//! WebSub (W3C Recommendation of 23 January 2018): a feed's hub tells us of news, and the feed is asked rarely.
//!
//! What a hub sends is never read for its content: a notice that carries the right signature only brings the source's
//! next visit forward, so that everything kept still comes from the source itself, under its permit, its robots.txt
//! and its pace, and a hub (or somebody who plays it) can put nothing into a source's mouth.
//!
//! The [`Subscriber`] is what a callback route needs: `GET` goes to [`Subscriber::intent`], `POST` to
//! [`Subscriber::notice`]. It keeps
//! nothing on disk: keys are derived, leases are written into the source's state at its next visit, and what a restart
//! loses is asked for again.

mod subscribe;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use data_encoding::HEXLOWER;
use discover_model::SourceId;
use hmac::{Hmac, Mac};
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use sha1::Sha1;
use sha2::{Sha256, Sha384, Sha512};
use url::Url;

pub(crate) use subscribe::tend;

use crate::frontier::{WEEKLY, jitter};
use crate::politeness::site_key;

/// The lease we ask for, and the longest that is believed.
const LEASE: SignedDuration = SignedDuration::from_hours(10 * 24);
/// A hub that gives less is not worth its renewals.
const SHORTEST_LEASE: SignedDuration = SignedDuration::from_hours(1);
/// How long a hub may take to ask whether the subscription is meant.
const PENDING: SignedDuration = SignedDuration::from_hours(1);
/// How soon a hub that did not take a subscription is asked again.
const AGAIN: SignedDuration = SignedDuration::from_hours(24);
/// Sites of dead hubs that are remembered.
const MAX_DEAD: usize = 1000;
/// Longest notice whose signature is checked; the caller reads no more of a body.
pub const MAX_NOTICE: usize = 4 << 20;
const MAX_CHALLENGE: usize = 1024;

/// What is remembered of a source's subscription between visits.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Subscription {
    pub hub: Url,
    pub topic: Url,
    /// When the hub was asked last.
    pub asked: Timestamp,
    /// The lease, once the hub has verified it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lease: Option<Lease>,
    /// The hub said no then.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub denied: Option<Timestamp>,
    /// When a notice of the hub was last believed. Until the first one, and from when the feed had news of which the
    /// hub said nothing, visits are as frequent as without a hub.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub heard: Option<Timestamp>,
    /// The last visit that looked for news.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub visited: Option<Timestamp>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Lease {
    pub since: Timestamp,
    pub until: Timestamp,
}

impl Subscription {
    /// Whether the hub is to be asked (again) at `now`. A lease is renewed in its last third, each source at a moment
    /// of its own.
    fn is_due(&self, source: SourceId, now: Timestamp) -> bool {
        if let Some(denied) = self.denied {
            return now >= denied + WEEKLY;
        }
        let rested = now >= self.asked + AGAIN;
        match self.lease {
            Some(lease) => {
                let third = lease.until.duration_since(lease.since) / 3;
                let spread = third.as_secs_f64() / 2.0 * jitter(source, 1);
                now >= lease.until - third + SignedDuration::from_secs(spread as i64)
                    && (rested || self.asked <= lease.since)
            }
            None => rested,
        }
    }

    pub(crate) fn is_live(&self, now: Timestamp) -> bool {
        self.lease.is_some_and(|lease| now < lease.until)
    }
}

/// What a hub asks of us before it begins, or tells us (`GET` on the callback).
#[derive(Debug, Clone, Default)]
pub struct Intent {
    pub mode: String,
    pub topic: String,
    pub challenge: String,
    pub lease_seconds: Option<i64>,
}

impl Intent {
    /// From the query of the callback's address.
    pub fn from_query(query: &str) -> Self {
        let mut intent = Self::default();
        for (name, value) in url::form_urlencoded::parse(query.as_bytes()) {
            match &*name {
                "hub.mode" => intent.mode = value.into_owned(),
                "hub.topic" => intent.topic = value.into_owned(),
                "hub.challenge" => intent.challenge = value.into_owned(),
                "hub.lease_seconds" => intent.lease_seconds = value.parse().ok(),
                _ => {}
            }
        }
        intent
    }
}

/// What a `POST` on the callback was.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Notice {
    /// The topic has news: bring the source's next visit forward, but leave
    /// [`crate::frontier::FLOOR`] after the last one. Answer 202.
    News(SourceId),
    /// Not signed by the hub we gave our secret. Answer 202 all the same, as the Recommendation asks, and do nothing.
    Forged,
    /// No such callback. Answer 410, on which hubs end a subscription.
    Unknown,
}

#[derive(Debug, Default)]
struct Known {
    /// Topic and moment of the last request to a hub that is not answered yet.
    pending: Option<(Url, Timestamp)>,
    lease: Option<Lease>,
    denied: Option<Timestamp>,
    /// When the last signed notice came.
    heard: Option<Timestamp>,
}

/// See the module's documentation.
#[derive(Debug)]
pub struct Subscriber {
    base: Url,
    key: Vec<u8>,
    known: Mutex<BTreeMap<SourceId, Known>>,
    /// Sites of hubs that could not be asked, and when: one dead hub is found out once, not by every source that names
    /// it.
    dead: Mutex<BTreeMap<String, Timestamp>>,
}

impl Subscriber {
    /// `base` is the public address below which callbacks lie, for example `https://discover.example/websub/`; `key`
    /// is secret to the instance.
    pub fn new(base: Url, key: &[u8]) -> Self {
        Self {
            base,
            key: key.to_vec(),
            known: Mutex::default(),
            dead: Mutex::default(),
        }
    }

    fn dead(&self) -> MutexGuard<'_, BTreeMap<String, Timestamp>> {
        self.dead.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn is_dead(&self, hub: &Url, now: Timestamp) -> bool {
        let failed = self.dead().get(&site_key(hub)).copied();
        failed.is_some_and(|failed| now < failed + AGAIN)
    }

    fn failed(&self, hub: &Url, now: Timestamp) {
        let mut dead = self.dead();
        dead.retain(|_, failed| now < *failed + AGAIN);
        if dead.len() < MAX_DEAD {
            dead.insert(site_key(hub), now);
        }
    }

    fn known(&self) -> MutexGuard<'_, BTreeMap<SourceId, Known>> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn derive(&self, purpose: &str, source: SourceId) -> String {
        // An HMAC takes a key of any length.
        let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(&self.key) else {
            return String::new();
        };
        mac.update(purpose.as_bytes());
        mac.update(&source.to_bytes());
        HEXLOWER.encode(&mac.finalize().into_bytes())
    }

    /// The part of the callback's path that only the hub is told.
    fn token(&self, source: SourceId) -> String {
        let mut token = self.derive("websub callback", source);
        token.truncate(32);
        token
    }

    fn secret(&self, source: SourceId) -> String {
        self.derive("websub secret", source)
    }

    /// Where a hub reaches us about a source: `{base}{source}/{token}`.
    pub fn callback(&self, source: SourceId) -> Option<Url> {
        let path = format!("{source}/{}", self.token(source));
        self.base.join(&path).ok()
    }

    fn is_ours(&self, source: SourceId, token: &str) -> bool {
        let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(&self.key) else {
            return false;
        };
        // Compared as hashes, so that the time it takes tells nothing.
        mac.update(token.as_bytes());
        let given = mac.finalize().into_bytes();
        let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(&self.key) else {
            return false;
        };
        mac.update(self.token(source).as_bytes());
        mac.verify(&given).is_ok()
    }

    /// The form a hub is sent.
    fn form(&self, source: SourceId, topic: &Url) -> Option<String> {
        let callback = self.callback(source)?;
        let lease = LEASE.as_secs().to_string();
        let form = url::form_urlencoded::Serializer::new(String::new())
            .append_pair("hub.mode", "subscribe")
            .append_pair("hub.topic", topic.as_str())
            .append_pair("hub.callback", callback.as_str())
            .append_pair("hub.secret", &self.secret(source))
            .append_pair("hub.lease_seconds", &lease)
            .finish();
        Some(form)
    }

    /// Verification of intent: what to answer (200) if we did ask for this; nothing (404) if not.
    pub fn intent(
        &self,
        source: SourceId,
        token: &str,
        intent: &Intent,
        now: Timestamp,
    ) -> Option<String> {
        if !self.is_ours(source, token) {
            return None;
        }
        let mut known = self.known();
        let known = known.get_mut(&source)?;
        let (topic, asked) = known.pending.as_ref()?;
        if topic.as_str() != intent.topic || now > *asked + PENDING {
            return None;
        }
        match intent.mode.as_str() {
            "subscribe" if (1..=MAX_CHALLENGE).contains(&intent.challenge.len()) => {
                let seconds = intent.lease_seconds.unwrap_or_else(|| LEASE.as_secs());
                let lease = SignedDuration::from_secs(seconds.clamp(0, LEASE.as_secs()));
                if lease < SHORTEST_LEASE {
                    return None;
                }
                known.lease = Some(Lease {
                    since: now,
                    until: now + lease,
                });
                known.denied = None;
                known.pending = None;
                Some(intent.challenge.clone())
            }
            "denied" => {
                known.denied = Some(now);
                known.pending = None;
                Some(String::new())
            }
            // We never ask a hub to unsubscribe: a source that is gone answers 410.
            _ => None,
        }
    }

    /// A notice, with its `X-Hub-Signature` header and its body as sent.
    pub fn notice(
        &self,
        source: SourceId,
        token: &str,
        signature: Option<&str>,
        body: &[u8],
        now: Timestamp,
    ) -> Notice {
        if !self.is_ours(source, token) {
            return Notice::Unknown;
        }
        let signed = signature.is_some_and(|signature| {
            body.len() <= MAX_NOTICE && is_signed(signature, self.secret(source).as_bytes(), body)
        });
        if signed {
            self.known().entry(source).or_default().heard = Some(now);
            Notice::News(source)
        } else {
            Notice::Forged
        }
    }
}

/// Whether `signature` (`method=hex`) is that of `body` under `secret` (W3C WebSub 7.1). The hub of YouTube and Blogger
/// signs with SHA-1, whose weakness (collisions) does not touch an HMAC; a notice says no more than that there is news.
fn is_signed(signature: &str, secret: &[u8], body: &[u8]) -> bool {
    fn check<M: Mac + hmac::digest::KeyInit>(secret: &[u8], body: &[u8], given: &[u8]) -> bool {
        <M as Mac>::new_from_slice(secret).is_ok_and(|mut mac| {
            mac.update(body);
            mac.verify_slice(given).is_ok()
        })
    }
    let Some((method, hex)) = signature.trim().split_once('=') else {
        return false;
    };
    let Ok(given) = HEXLOWER.decode(hex.trim().to_ascii_lowercase().as_bytes()) else {
        return false;
    };
    match method.to_ascii_lowercase().as_str() {
        "sha1" => check::<Hmac<Sha1>>(secret, body, &given),
        "sha256" => check::<Hmac<Sha256>>(secret, body, &given),
        "sha384" => check::<Hmac<Sha384>>(secret, body, &given),
        "sha512" => check::<Hmac<Sha512>>(secret, body, &given),
        _ => false,
    }
}
