//! Figures and health of networks, read from the store at most every two seconds.
//!
//! Held for all networks; an output takes those of the networks its view shows, so that what is hidden is gone
//! from every figure at once, however old the figures are.

mod shown;

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use discover_model::ledger::{GENESIS, LedgerEntry, LedgerEvent};
use discover_model::{Grant, NetworkId, Source, SourceId};
use discover_store::{NetworkCounts, SourceHealth, Store, StoreError};
use jiff::civil::Date;

pub(crate) use shown::figures;

use crate::read::coverage::{Coverage, LONGEST_WAIT_DAYS, coverage};

const AGE: Duration = Duration::from_secs(2);
/// Age up to which they do where days are told.
const LATE: Duration = Duration::from_mins(1);

/// What the store knows of networks besides their names.
#[derive(Debug)]
pub(crate) struct Figures {
    pub(crate) counts: BTreeMap<NetworkId, NetworkCounts>,
    pub(crate) sources: BTreeMap<NetworkId, Vec<Source>>,
    pub(crate) health: BTreeMap<SourceId, SourceHealth>,
    pub(crate) grants: BTreeMap<NetworkId, Vec<Grant>>,
    /// When each network was read; only of those of which there is something to say.
    pub(crate) coverage: BTreeMap<NetworkId, Coverage>,
    /// Number and hash of the ledger's last entry.
    pub(crate) head: (u64, String),
    /// What the ledger says in sum.
    pub(crate) ledger: Tally,
    read: Instant,
}

/// The ledger in sum: how often each event stands in it, and how many posts its receipts say were purged.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Tally {
    pub(crate) events: BTreeMap<&'static str, u64>,
    /// Withdrawals of whole networks.
    pub(crate) left: u64,
    pub(crate) purged_posts: u64,
}

impl Tally {
    fn add(&mut self, entry: &LedgerEntry) {
        *self.events.entry(entry.fact.event.as_str()).or_default() += 1;
        let whole = entry.fact.event == LedgerEvent::Withdrawn && entry.fact.part.is_none();
        self.left += u64::from(whole);
        self.purged_posts += entry.fact.posts.unwrap_or_default();
    }
}

/// Ledger entries read at a time on the way to the last one.
const LEDGER_PAGE: usize = 1000;

impl Figures {
    pub(crate) fn fresh(&self) -> bool {
        self.read.elapsed() < AGE
    }

    /// Not too old for what is told by the day.
    pub(crate) fn late(&self) -> bool {
        self.read.elapsed() < LATE
    }

    /// Reads anew; the ledger only from where the figures before left off.
    pub(crate) async fn read(
        store: &Store,
        before: Option<&Self>,
        today: Date,
    ) -> Result<Self, StoreError> {
        let mut head = before.map_or((0, GENESIS.to_owned()), |before| before.head.clone());
        let mut ledger = before
            .map(|before| before.ledger.clone())
            .unwrap_or_default();
        loop {
            let entries = store.ledger(head.0, LEDGER_PAGE).await?;
            let Some(last) = entries.last() else {
                break;
            };
            head = (last.seq, last.hash.clone());
            for entry in &entries {
                ledger.add(entry);
            }
        }
        let mut sources: BTreeMap<NetworkId, Vec<Source>> = BTreeMap::new();
        for source in store.sources(None).await? {
            sources.entry(source.network).or_default().push(source);
        }
        for list in sources.values_mut() {
            list.sort_by(|a, b| a.url.cmp(&b.url));
        }
        let mut grants: BTreeMap<NetworkId, Vec<Grant>> = BTreeMap::new();
        for grant in store.grants(None).await? {
            grants.entry(grant.network).or_default().push(grant);
        }
        let visits = store.visits(LONGEST_WAIT_DAYS).await?;
        Ok(Self {
            head,
            ledger,
            coverage: coverage(&visits, today),
            counts: store.counts().await?.per_network,
            sources,
            health: store
                .all_sources_health()
                .await?
                .into_iter()
                .map(|health| (health.source, health))
                .collect(),
            grants,
            read: Instant::now(),
        })
    }

    pub(crate) fn of(&self, network: NetworkId) -> NetworkCounts {
        self.counts.get(&network).cloned().unwrap_or_default()
    }
}
