//! The pipeline joins the rooms: crawler, gate, store, index and graph. Nothing else knows more than one of them.
//!
//! Contract: the store is the only truth. A crawl writes posts, change log and frontier state in one transaction;
//! index and graph follow the change log and carry the `seq` they have consumed, so that a crash at any point
//! loses and doubles nothing.

mod add;
mod admission;
mod alerts;
mod change;
mod clock;
mod closed;
mod consent;
mod crawl;
mod derive;
mod leave;
#[cfg(feature = "meaning")]
mod meaning;
#[cfg(not(feature = "meaning"))]
#[path = "no_meaning.rs"]
mod meaning;
mod notes;
mod objection;
mod operations;
mod operator_command;
mod owner_mail;
mod preview;
mod reappear;
mod recheck;
mod register;
mod registry;
mod round;
pub(crate) mod sample;
pub(crate) mod saved_graph;
mod tidy;

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::{Arc, RwLock, Weak};
use std::time::Instant;

use anyhow::Context;
use arc_swap::ArcSwap;
use discover_crawler::{FetchConfig, Fetcher};
use discover_graph::{Graph, Snapshot};
use discover_indexer::Index;
use discover_model::NetworkId;
use discover_server::Published;
use discover_server::signs::{Sign, Signs};
use discover_store::Store;
use tokio::sync::Mutex;

pub(crate) use add::Add;
pub(crate) use alerts::Alerts;
pub(crate) use clock::behind_ledger;
pub(crate) use leave::WithdrawPart;
pub(crate) use meaning::Meaning;
pub(crate) use notes::{NewNotes, SeenDocument, Upload};
pub(crate) use operator_command::OperatorCommand;
pub(crate) use register::fresh_id;
pub(crate) use registry::{SyncRegistry, Synced};
pub(crate) use round::Round;

use crate::data_folder;
use crate::lock::DataLock;
use crate::progress::Progress;
use crate::settings::config::Config;

/// Said where a model is needed and none is set.
pub(crate) const NO_MODEL: &str = "no model is set: name its folder with --meaning-model, DISCOVER_MEANING_MODEL or `model` under [meaning] in discover.toml (docs/meaning.md says where to get one)";

/// Everything that writes, behind the data folder's lock.
pub(crate) struct Pipeline {
    pub config: Config,
    pub store: Store,
    pub index: Arc<Index>,
    pub graph: Arc<RwLock<Graph>>,
    /// What every output reads: visibility and topics, swapped together.
    pub published: Arc<ArcSwap<Published>>,
    pub progress: Progress,
    /// The model of meaning, where one is set.
    meaning: Option<Arc<Meaning>>,
    /// For work that goes on when whoever began it no longer waits.
    me: Weak<Self>,
    fetcher: Arc<Fetcher>,
    begun: std::time::Instant,
    /// When the clock was last written down.
    clock_recorded: std::sync::Mutex<Option<std::time::Instant>>,
    /// One crawl round at a time.
    crawling: Mutex<()>,
    /// One look at proofs at a time.
    looking: Mutex<()>,
    /// When all proofs were looked at last.
    looked: std::sync::Mutex<Option<Instant>>,
    /// How many sources a network had when all its origins had been looked at.
    settled: Mutex<BTreeMap<NetworkId, u64>>,
    /// One purge at a time.
    purging: Mutex<()>,
    purge_step: std::sync::Mutex<tidy::PurgeStep>,
    /// Networks that left while this process ran, by the name they had: whoever asks again hears where it stands.
    left: std::sync::Mutex<BTreeMap<String, NetworkId>>,
    /// Accepted withdrawals are written by one at a time.
    withdrawing: Mutex<()>,
    /// What the operator should know; shown by `/readyz`, `/metrics` and `discover doctor`.
    pub signs: Arc<Signs>,
    /// Index and graph have one writer: whoever holds this.
    deriving: Mutex<derive::Derived>,
    readers: Readers,
    _lock: DataLock,
}

/// Whether topics are shown by this process. Where they are not, they are drawn only when something changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Readers {
    Some,
    None,
}

/// A process that ends by itself ends cleanly; one that is killed does not come here.
impl Drop for Pipeline {
    fn drop(&mut self) {
        data_folder::end(&self.config.data);
    }
}

impl std::fmt::Debug for Pipeline {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Pipeline")
            .field("data", &self.config.data)
            .finish_non_exhaustive()
    }
}

/// Where the parts lie in the data folder.
pub(crate) fn index_dir(config: &Config) -> PathBuf {
    config.data.join("index")
}

pub(crate) fn graph_file(config: &Config) -> PathBuf {
    config.data.join("graph.bin")
}

/// How the fetch layer behaves under these settings.
pub(crate) fn fetch_config(config: &Config) -> anyhow::Result<FetchConfig> {
    let contact_page = config
        .base_url
        .join("bot")
        .context("address of the page for site owners")?;
    Ok(FetchConfig {
        allow_loopback: config.crawl.allow_loopback,
        min_gap: config.crawl.gap,
        ..FetchConfig::new(
            concat!("Discover/", env!("CARGO_PKG_VERSION")),
            contact_page,
        )
    })
}

impl Pipeline {
    /// Whether conversations are compared by meaning.
    pub(crate) fn has_model(&self) -> bool {
        self.meaning.is_some()
    }

    /// Takes the lock, opens all parts, mends what a crash left behind, and brings index and graph up to date.
    pub(crate) async fn open(
        config: Config,
        readers: Readers,
        progress: Progress,
    ) -> anyhow::Result<Arc<Self>> {
        let lock = DataLock::take(&config.data)?;
        // A folder of somebody else's, or a disk that is full, is told by what follows.
        if let Err(error) = data_folder::close_to_others(&config.data) {
            tracing::warn!("the data folder could not be closed to others: {error}");
        }
        let unclean = data_folder::begin(&config.data).unwrap_or(true);
        let store = match &config.store {
            None => Store::open(&config.data, config.zone.clone()).await?,
            Some(address) => {
                Store::open_on_postgres(&config.data, config.zone.clone(), address).await?
            }
        };
        let index = Arc::new(derive::open_index(&index_dir(&config), &config.zone)?);
        let graph = derive::load_graph(&graph_file(&config));
        let visibility = store.visibility().await?;
        let published = Published {
            visibility: Arc::new(visibility),
            topics: Arc::new(Snapshot::empty()),
        };
        let fetcher = Fetcher::new(fetch_config(&config)?)?;
        let meaning = match config.model.clone() {
            Some(folder) => Some(
                tokio::task::spawn_blocking(move || Meaning::open(&folder))
                    .await
                    .context("loading the model")?
                    .map(Arc::new)?,
            ),
            None => None,
        };
        let pipeline = Arc::new_cyclic(|me| Self {
            me: Weak::clone(me),
            store,
            index,
            graph: Arc::new(RwLock::new(graph)),
            published: Arc::new(ArcSwap::from_pointee(published)),
            progress,
            meaning,
            fetcher: Arc::new(fetcher),
            begun: std::time::Instant::now(),
            clock_recorded: std::sync::Mutex::default(),
            crawling: Mutex::new(()),
            looking: Mutex::new(()),
            looked: std::sync::Mutex::default(),
            settled: Mutex::default(),
            purging: Mutex::new(()),
            purge_step: std::sync::Mutex::default(),
            left: std::sync::Mutex::default(),
            withdrawing: Mutex::new(()),
            signs: Arc::default(),
            deriving: Mutex::new(derive::Derived::default()),
            readers,
            _lock: lock,
            config,
        });
        pipeline.start().await?;
        pipeline.check_room();
        if unclean {
            pipeline.check_soon();
        }
        Ok(pipeline)
    }

    /// Brings everything up to date. A full or locked disk is no reason not to serve what there is: what must be hidden is
    /// hidden already, and the rest is made up for when there is room.
    async fn start(&self) -> anyhow::Result<()> {
        let derived = async {
            self.mend().await?;
            self.catch_up().await?;
            self.refresh_topics().await
        };
        if let Err(error) = derived.await {
            self.put_off(error)?;
        }
        let written = async {
            self.write_withdrawals().await?;
            self.store.release_leases().await?;
            anyhow::Ok(())
        };
        if let Err(error) = written.await {
            self.put_off(error)?;
        }
        Ok(())
    }

    /// Looks through the store while it is served, after a stop that was not clean. What is found is a sign. Index and graph
    /// are checked against their checksums whenever they are opened.
    fn check_soon(&self) {
        let Some(pipeline) = self.me.upgrade() else {
            return;
        };
        self.signs.set(
            Sign::Checking,
            "the last process did not end as it should: the store is looked through while it is served",
        );
        tokio::spawn(async move {
            if let Err(error) = pipeline.store.quick_check().await {
                tracing::error!("store: {error}");
                pipeline.signs.set(Sign::StoreDamaged, &error.to_string());
            }
            pipeline.signs.clear(Sign::Checking);
        });
    }

    /// Says whether the disk is full, and takes it back when there is room; `true` where there is room again.
    pub(crate) fn check_room(&self) -> bool {
        if let Some(advice) = data_folder::fullness(&self.config.data) {
            if self.signs.set(Sign::DiskFull, &advice) {
                tracing::warn!("{advice}");
            }
            return false;
        }
        let was_full = self.signs.all().contains_key(&Sign::DiskFull);
        self.signs.clear(Sign::DiskFull);
        was_full
    }

    /// Closes the store, and notes that this was a clean end.
    pub(crate) async fn close(&self) {
        self.store.close().await;
        data_folder::end(&self.config.data);
    }

    /// Notes what can be made up for later; everything else is an error.
    pub(crate) fn put_off(&self, error: anyhow::Error) -> anyhow::Result<()> {
        let full = error.chain().any(|cause| {
            matches!(
                cause.downcast_ref(),
                Some(discover_store::StoreError::DiskFull { .. })
            ) || cause
                .downcast_ref::<std::io::Error>()
                .is_some_and(|error| error.kind() == std::io::ErrorKind::StorageFull)
        });
        let locked = matches!(
            error.downcast_ref(),
            Some(discover_store::StoreError::Locked { .. })
        );
        let sign = match (full, locked) {
            (true, _) => Sign::DiskFull,
            (false, true) => Sign::StoreLocked,
            (false, false) => return Err(error),
        };
        self.signs.set(sign, &format!("{error:#}"));
        tracing::warn!("put off: {error:#}");
        Ok(())
    }
}
