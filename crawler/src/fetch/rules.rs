//! robots.txt of each origin: fetched once a day under the same permit, and what its absence means.
//!
//! 2xx: what it says. 4xx: everything is allowed (RFC 9309 2.3.1.3). 5xx, 429, time-outs, DNS and connection errors,
//! and redirects away from the origin: nothing is allowed until it can be read. A redirect to a login: the whole site keeps
//! visitors out.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use url::{Position, Url};

use super::error::FetchError;
use crate::robots::Rules;

/// How long a file is used at most.
const KEEP: SignedDuration = SignedDuration::from_hours(24);
/// How long it is used at least, whatever Cache-Control says: not one look for each page.
const KEEP_AT_LEAST: SignedDuration = SignedDuration::from_mins(10);
/// How long a failure stands before it is looked at again.
const KEEP_FAILURE: SignedDuration = SignedDuration::from_mins(10);
/// Origins remembered before stale ones are forgotten.
const MAX_ORIGINS: usize = 8192;
/// Rules worth keeping between visits; a longer list is fetched again.
const MAX_SAVED: usize = 500;

/// What is known of one origin's robots.txt. Kept in the source's state, so that a restart does not ask again.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct KnownRobots {
    pub origin: String,
    pub until: Timestamp,
    pub(crate) verdict: Verdict,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Verdict {
    Rules(Rules),
    Unreachable(String),
    Login(Url),
}

impl KnownRobots {
    pub(crate) fn rules(
        url: &Url,
        rules: Rules,
        fresh: Option<SignedDuration>,
        now: Timestamp,
    ) -> Self {
        let keep = fresh.unwrap_or(KEEP).clamp(KEEP_AT_LEAST, KEEP);
        Self {
            origin: origin_of(url).to_owned(),
            until: now + keep,
            verdict: Verdict::Rules(rules),
        }
    }

    pub(crate) fn unreachable(url: &Url, why: String, now: Timestamp) -> Self {
        Self {
            origin: origin_of(url).to_owned(),
            until: now + KEEP_FAILURE,
            verdict: Verdict::Unreachable(why),
        }
    }

    pub(crate) fn login(url: &Url, page: Url, now: Timestamp) -> Self {
        Self {
            origin: origin_of(url).to_owned(),
            until: now + KEEP_FAILURE,
            verdict: Verdict::Login(page),
        }
    }

    pub(crate) fn check(&self, url: &Url) -> Result<(), FetchError> {
        match &self.verdict {
            Verdict::Rules(rules) if rules.allows(url) => Ok(()),
            Verdict::Rules(_) => Err(FetchError::Robots(Box::new(url.clone()))),
            Verdict::Unreachable(why) => Err(FetchError::RobotsUnreachable(why.clone())),
            Verdict::Login(page) => Err(FetchError::LoginWall {
                from: Box::new(url.clone()),
                to: Box::new(page.clone()),
            }),
        }
    }

    pub(crate) fn crawl_delay(&self) -> Option<std::time::Duration> {
        match &self.verdict {
            Verdict::Rules(rules) => rules.crawl_delay(),
            Verdict::Unreachable(_) | Verdict::Login(_) => None,
        }
    }

    fn is_fresh(&self, now: Timestamp) -> bool {
        // A clock that was set back must not make a file last for ever.
        now < self.until && self.until.duration_since(now) <= KEEP
    }
}

/// Scheme, host and port as they stand in the address.
pub(crate) fn origin_of(url: &Url) -> &str {
    &url[..Position::BeforePath]
}

/// One origin's place in the cache. Its lock makes the first asker fetch and the others wait for the answer.
pub(crate) type Slot = Arc<tokio::sync::Mutex<Option<Arc<KnownRobots>>>>;

/// The cache shared by all crawls of one fetcher.
#[derive(Debug, Default)]
pub(crate) struct RobotsCache {
    slots: Mutex<HashMap<String, Slot>>,
}

impl RobotsCache {
    pub(crate) fn slot(&self, url: &Url, now: Timestamp) -> Slot {
        let origin = origin_of(url);
        let mut slots = self.slots.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(slot) = slots.get(origin) {
            return Arc::clone(slot);
        }
        if slots.len() >= MAX_ORIGINS {
            slots.retain(|_, slot| {
                Arc::strong_count(slot) > 1
                    || slot
                        .try_lock()
                        .is_ok_and(|known| known.as_ref().is_some_and(|known| known.is_fresh(now)))
            });
            if slots.len() >= MAX_ORIGINS {
                slots.retain(|_, slot| Arc::strong_count(slot) > 1);
            }
        }
        let slot = Slot::default();
        slots.insert(origin.to_owned(), Arc::clone(&slot));
        slot
    }

    /// What is known and still fresh.
    pub(crate) fn fresh(
        known: Option<&Arc<KnownRobots>>,
        now: Timestamp,
    ) -> Option<Arc<KnownRobots>> {
        known.filter(|known| known.is_fresh(now)).map(Arc::clone)
    }

    /// Takes over what a source's state remembers, unless something is known already.
    pub(crate) fn remember(&self, url: &Url, saved: &KnownRobots, now: Timestamp) {
        if saved.origin != origin_of(url) || !saved.is_fresh(now) {
            return;
        }
        if let Ok(mut known) = self.slot(url, now).try_lock()
            && known.is_none()
        {
            *known = Some(Arc::new(saved.clone()));
        }
    }

    /// What to keep in a source's state.
    pub(crate) fn saved(&self, url: &Url, now: Timestamp) -> Option<KnownRobots> {
        let slot = self.slot(url, now);
        let known = slot.try_lock().ok()?;
        let known = known.as_ref().filter(|known| known.is_fresh(now))?;
        match &known.verdict {
            Verdict::Rules(rules) if rules.len() <= MAX_SAVED => Some((**known).clone()),
            _ => None,
        }
    }
}
