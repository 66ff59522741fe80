//! Analysts' keys at the door: `Authorization: Bearer disc_…` on the API.
//!
//! Nobody needs a key to read. A key counts by its own quota instead of by the client's address, and allows longer
//! exports; in return it opens only the routes of its scopes, for a purpose that is shown to the public. All keys are
//! held in memory and read anew at most once a second, so that guessing costs no look into the store and a revoked
//! key ends within a second.

mod door;

use std::collections::{BTreeMap, BTreeSet};
use std::num::NonZeroU32;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use arc_swap::ArcSwapOption;
use discover_store::{AnalystKey, KeyScope, Store};
use governor::clock::DefaultClock;
use governor::{DefaultDirectRateLimiter, Quota, RateLimiter};
use jiff::civil::Date;

pub(crate) use door::{Door, door, opened};

use crate::problem::Problem;

const AGE: Duration = Duration::from_secs(1);

/// Whoever asks with a key, as the routes behind the door see it.
#[derive(Debug, Clone)]
pub(crate) struct Analyst {
    /// Id of the key.
    pub(crate) key: Arc<str>,
    /// The organisation that holds it, as the operator entered it.
    pub(crate) holder: Arc<str>,
    scopes: Arc<[KeyScope]>,
}

impl Analyst {
    pub(crate) fn has(&self, scope: KeyScope) -> bool {
        self.scopes.contains(&scope)
    }
}

/// What the server remembers of keys.
#[derive(Debug, Default)]
pub(crate) struct Analysts {
    held: ArcSwapOption<CachedKeys>,
    refresh: tokio::sync::Mutex<()>,
    quotas: Mutex<BTreeMap<String, Arc<DefaultDirectRateLimiter>>>,
    /// Days of use that were recorded: one write a key and day.
    noted: Mutex<BTreeSet<(String, Date)>>,
    clock: DefaultClock,
}

#[derive(Debug)]
struct CachedKeys {
    keys: BTreeMap<String, AnalystKey>,
    read: Instant,
}

impl Analysts {
    async fn held(&self, store: &Store) -> Result<Arc<CachedKeys>, Problem> {
        let fresh = |held: &Arc<CachedKeys>| held.read.elapsed() < AGE;
        if let Some(held) = self.held.load_full().filter(fresh) {
            return Ok(held);
        }
        let _turn = self.refresh.lock().await;
        if let Some(held) = self.held.load_full().filter(fresh) {
            return Ok(held);
        }
        let keys = store.analyst_keys().await;
        let keys = keys.map_err(|error| Problem::internal(&error))?;
        let held = Arc::new(CachedKeys {
            keys: keys.into_iter().map(|key| (key.id.clone(), key)).collect(),
            read: Instant::now(),
        });
        self.held.store(Some(Arc::clone(&held)));
        Ok(held)
    }

    fn quota(&self, key: &AnalystKey) -> Arc<DefaultDirectRateLimiter> {
        let mut quotas = self.quotas.lock().unwrap_or_else(PoisonError::into_inner);
        Arc::clone(quotas.entry(key.id.clone()).or_insert_with(|| {
            let rate = NonZeroU32::new(key.per_minute).unwrap_or(NonZeroU32::MIN);
            Arc::new(RateLimiter::direct(Quota::per_minute(rate)))
        }))
    }

    /// Records that the key was used today.
    fn note(&self, store: &Store, key: &AnalystKey, today: Date) {
        let mut noted = self.noted.lock().unwrap_or_else(PoisonError::into_inner);
        noted.retain(|(_, day)| *day == today);
        if key.last_used == Some(today) || !noted.insert((key.id.clone(), today)) {
            return;
        }
        let (store, id) = (store.clone(), key.id.clone());
        tokio::spawn(async move {
            if let Err(error) = store.analyst_key_used(&id, today).await {
                tracing::warn!("the day of a key's use was not recorded: {error}");
            }
        });
    }
}
