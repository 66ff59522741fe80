//! What the server holds, and the one consistent [`View`] of it that each request takes.

use std::fmt;
use std::sync::{Arc, OnceLock, PoisonError, RwLock};
use std::time::{Duration, Instant};

use arc_swap::{ArcSwap, ArcSwapOption};
use discover_graph::{Graph, Snapshot, Warnings};
use discover_indexer::Index;
use discover_model::network::NetworkState;
use discover_model::{Network, NetworkId, Visibility};
use discover_store::Store;
use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use url::Url;

use crate::analyst::Analysts;
use crate::assets::Branding;
use crate::brand::Brand;
use crate::directory::{Directory, host_of};
use crate::figures::Figures;
use crate::i18n::Locales;
use crate::limits::concurrency::ConcurrencyLimit;
use crate::limits::slow_queue::SlowQueue;
use crate::limits::{Clients, Limits};
use crate::meaning::ByMeaning;
use crate::operations::Operations;
use crate::owner::Owners;
use crate::problem::{Code, Problem};
use crate::read::rankings::Rankings;
use crate::read::recent_changes::RecentChanges;
use crate::read::row_cache::RowCache;
use crate::read::search_cache::SearchCache;
use crate::read::topic_cache::{BridgeCache, Languages, MentionCache, ReasonCache, TopicCache};
use crate::signs::Signs;
use crate::uses::Counting;
use crate::views::NamedView;

/// What must not be shown and the topics that go with it: swapped together, so that every output sees one moment.
#[derive(Debug, Clone)]
pub struct Published {
    pub visibility: Arc<Visibility>,
    pub topics: Arc<Snapshot>,
}

/// How this instance presents itself.
#[derive(Clone)]
pub struct ServerConfig {
    /// Where the instance is reached; feeds and links are made from it.
    pub base_url: Url,
    pub instance_name: String,
    /// Who runs it, and for which area, where the settings say so.
    pub operator: Option<String>,
    pub area: Option<String>,
    /// Where readers without a computer send what they write: a postal address, or a name, as it is printed.
    pub reply_to: Option<String>,
    pub brand: Brand,
    /// Languages that pages are offered in.
    pub languages: Locales,
    /// Searches and lists that the operator named.
    pub views: Arc<[NamedView]>,
    /// Whether figures have an address of their own ([`crate::metrics_site`]), so that this site has none.
    pub metrics_apart: bool,
    /// How to reach the operator: an address or a page; shown publicly.
    pub operator_contact: String,
    /// Days are days of this zone.
    pub zone: TimeZone,
    /// What our crawler calls itself.
    pub user_agent: String,
    pub clock: Arc<dyn Fn() -> Timestamp + Send + Sync>,
    pub limits: Limits,
    /// What the operator should know.
    pub signs: Arc<Signs>,
    /// What needs the crawler or changes what is shown.
    pub operations: Operations,
    /// A model of meaning, where there is one.
    pub meaning: Option<ByMeaning>,
}

impl fmt::Debug for ServerConfig {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ServerConfig")
            .field("base_url", &self.base_url.as_str())
            .field("instance_name", &self.instance_name)
            .finish_non_exhaustive()
    }
}

impl Default for ServerConfig {
    #[expect(
        clippy::disallowed_methods,
        reason = "the server's edge reads the clock where the caller hands in none"
    )]
    fn default() -> Self {
        Self {
            base_url: Url::parse("http://127.0.0.1:8080").expect("the address is well formed"),
            instance_name: "Discover".to_owned(),
            operator: None,
            area: None,
            reply_to: None,
            brand: Brand::default(),
            languages: Locales::default(),
            views: Arc::new([]),
            metrics_apart: false,
            operator_contact: String::new(),
            zone: TimeZone::UTC,
            user_agent: String::new(),
            clock: Arc::new(Timestamp::now),
            limits: Limits::default(),
            signs: Arc::default(),
            operations: Operations::default(),
            meaning: None,
        }
    }
}

/// What a router is made of.
#[derive(Clone)]
pub struct Parts {
    pub store: Store,
    pub index: Arc<Index>,
    pub graph: Arc<RwLock<Graph>>,
    pub published: Arc<ArcSwap<Published>>,
    pub config: ServerConfig,
}

impl fmt::Debug for Parts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Parts")
            .field("config", &self.config)
            .finish_non_exhaustive()
    }
}

/// The router's state; cheap to clone.
#[derive(Clone)]
pub struct State(Arc<Inner>);

struct Inner {
    parts: Parts,
    branding: Arc<Branding>,
    directory: ArcSwapOption<ReadDirectory>,
    refresh: tokio::sync::Mutex<()>,
    masked: ArcSwapOption<Masked>,
    figures: ArcSwapOption<Figures>,
    reading_figures: tokio::sync::Mutex<()>,
    clients: Clients,
    owners: Owners,
    streams: Arc<ConcurrencyLimit>,
    exports: Arc<ConcurrencyLimit>,
    search_cache: SearchCache,
    row_cache: RowCache,
    recent_changes: RecentChanges,
    analysts: Analysts,
    uses: Counting,
    requests: Semaphore,
    searches: Arc<Semaphore>,
    waiting: Arc<Semaphore>,
    slow_queue: SlowQueue,
}

/// Permission to compute. Held by the work itself too: a reader who goes away does not free a core that is still busy.
pub(crate) struct ComputePermit(Arc<HeldPermits>);

struct HeldPermits {
    _running: OwnedSemaphorePermit,
    _waiting: OwnedSemaphorePermit,
}

impl ComputePermit {
    /// Runs `work` on a thread that may block.
    pub(crate) async fn run<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> T + Send + 'static,
    ) -> Result<T, Problem> {
        let held = Arc::clone(&self.0);
        tokio::task::spawn_blocking(move || {
            let _held = held;
            work()
        })
        .await
        .map_err(|error| Problem::internal(&error))
    }
}

/// A published snapshot, and what is made of it once: the same without what its visibility hides, and the rankings.
struct Masked {
    of: Arc<Published>,
    topics: Arc<Snapshot>,
    rankings: Arc<Rankings>,
    topic_figures: Arc<TopicCache>,
    warnings: Arc<OnceLock<Warnings>>,
    languages: Arc<OnceLock<Languages>>,
    bridges: Arc<BridgeCache>,
    mentions: Arc<MentionCache>,
    reasons: Arc<ReasonCache>,
}

impl fmt::Debug for State {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("State").finish_non_exhaustive()
    }
}

/// Names of networks are read again when they are older than this. What is hidden does not depend on it.
const DIRECTORY_AGE: Duration = Duration::from_secs(1);

impl State {
    pub fn new(parts: Parts) -> Self {
        let limits = &parts.config.limits;
        let cores = std::thread::available_parallelism().map_or(2, std::num::NonZero::get);
        Self(Arc::new(Inner {
            branding: Arc::new(Branding::new(&parts.config.brand)),
            directory: ArcSwapOption::empty(),
            refresh: tokio::sync::Mutex::new(()),
            masked: ArcSwapOption::empty(),
            figures: ArcSwapOption::empty(),
            reading_figures: tokio::sync::Mutex::new(()),
            clients: Clients::new(limits),
            owners: Owners::default(),
            streams: ConcurrencyLimit::new("streams of events", 256, 8),
            exports: ConcurrencyLimit::new("exports", 32, 4),
            search_cache: SearchCache::default(),
            row_cache: RowCache::default(),
            recent_changes: RecentChanges::default(),
            analysts: Analysts::default(),
            uses: Counting::default(),
            requests: Semaphore::new(limits.concurrent_requests),
            searches: Arc::new(Semaphore::new(cores + 1)),
            waiting: Arc::new(Semaphore::new(cores + 1 + limits.waiting_searches)),
            slow_queue: SlowQueue::default(),
            parts,
        }))
    }

    pub fn config(&self) -> &ServerConfig {
        &self.0.parts.config
    }

    /// The looks of this instance, with the addresses of their files here.
    pub(crate) fn branding(&self) -> &Arc<Branding> {
        &self.0.branding
    }

    pub fn store(&self) -> &Store {
        &self.0.parts.store
    }

    pub fn index(&self) -> &Arc<Index> {
        &self.0.parts.index
    }

    pub(crate) fn graph(&self) -> &Arc<RwLock<Graph>> {
        &self.0.parts.graph
    }

    /// Lets go of the address ranges of clients whose allowances are back in full, of sessions that are over, and of what may
    /// not be shown any more: to be called every minute or so, whether or not anybody asks for anything.
    pub fn forget(&self) {
        self.0.clients.forget();
        self.0.owners.rates.forget();
        self.0.owners.sessions.forget((self.0.parts.config.clock)());
        let generation = self.0.parts.published.load().visibility.generation;
        let masked = self.0.masked.load_full();
        if masked.is_some_and(|masked| masked.of.visibility.generation != generation) {
            self.0.masked.store(None);
            self.0.search_cache.forget();
            self.0.row_cache.forget();
        }
    }

    #[cfg(test)]
    pub(crate) fn holds_rows(&self) -> bool {
        !self.0.row_cache.is_empty()
    }

    pub(crate) fn clients(&self) -> &Clients {
        &self.0.clients
    }

    pub(crate) fn owners(&self) -> &Owners {
        &self.0.owners
    }

    pub(crate) fn streams(&self) -> &Arc<ConcurrencyLimit> {
        &self.0.streams
    }

    pub(crate) fn exports(&self) -> &Arc<ConcurrencyLimit> {
        &self.0.exports
    }

    pub(crate) fn search_cache(&self) -> &SearchCache {
        &self.0.search_cache
    }

    /// For searches that turn out to be long.
    pub(crate) fn slow_queue(&self) -> &SlowQueue {
        &self.0.slow_queue
    }

    pub(crate) fn row_cache(&self) -> &RowCache {
        &self.0.row_cache
    }

    pub(crate) fn recent_changes(&self) -> &RecentChanges {
        &self.0.recent_changes
    }

    pub(crate) fn uses(&self) -> &Counting {
        &self.0.uses
    }

    pub(crate) fn analysts(&self) -> &Analysts {
        &self.0.analysts
    }

    /// ConcurrencyLimit for requests in work.
    pub(crate) fn requests(&self) -> &Semaphore {
        &self.0.requests
    }

    /// A place to compute in. As many are at work as there are cores and one more, a bounded number waits, and what
    /// exceeds both is told so at once.
    pub(crate) async fn compute_permit(&self) -> Result<ComputePermit, Problem> {
        let place = Arc::clone(&self.0.waiting)
            .try_acquire_owned()
            .map_err(|_| Problem::new(Code::Overloaded, "too many searches are running"))?;
        let running = Arc::clone(&self.0.searches)
            .acquire_owned()
            .await
            .map_err(|error| Problem::internal(&error))?;
        Ok(ComputePermit(Arc::new(HeldPermits {
            _running: running,
            _waiting: place,
        })))
    }

    /// Runs `work` under a permit of its own.
    pub(crate) async fn compute<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> T + Send + 'static,
    ) -> Result<T, Problem> {
        self.compute_permit().await?.run(work).await
    }

    /// The moment that one request sees.
    pub async fn view(&self) -> Result<View, Problem> {
        // Names first: what is hidden while they are read is hidden from this view too.
        let networks = self.directory().await?;
        let masked = self.masked(self.0.parts.published.load_full()).await?;
        let now = (self.config().clock)();
        Ok(View {
            state: self.clone(),
            visibility: Arc::clone(&masked.of.visibility),
            topics: Arc::clone(&masked.topics),
            rankings: Arc::clone(&masked.rankings),
            topic_figures: Arc::clone(&masked.topic_figures),
            warnings: Arc::clone(&masked.warnings),
            languages: Arc::clone(&masked.languages),
            bridges: Arc::clone(&masked.bridges),
            mentions: Arc::clone(&masked.mentions),
            reasons: Arc::clone(&masked.reasons),
            networks,
            now,
            today: now.to_zoned(self.config().zone.clone()).date(),
            seq: self.0.parts.index.committed_seq(),
        })
    }

    /// Topics without what is hidden, made once for each publication: a topic never rests on a publisher's care.
    async fn masked(&self, published: Arc<Published>) -> Result<Arc<Masked>, Problem> {
        if let Some(masked) = self.0.masked.load_full()
            && Arc::ptr_eq(&masked.of, &published)
        {
            return Ok(masked);
        }
        let masked = tokio::task::spawn_blocking(move || {
            let topics = Arc::new(published.topics.masked(&published.visibility));
            Arc::new(Masked {
                rankings: Arc::new(Rankings::of(&topics)),
                topics,
                topic_figures: Arc::default(),
                warnings: Arc::default(),
                languages: Arc::default(),
                bridges: Arc::default(),
                mentions: Arc::default(),
                reasons: Arc::default(),
                of: published,
            })
        })
        .await
        .map_err(|error| Problem::internal(&error))?;
        let before = self.0.masked.swap(Some(Arc::clone(&masked)));
        let generation = |masked: &Masked| masked.of.visibility.generation;
        if before.is_none_or(|before| generation(&before) != generation(&masked)) {
            // They may hold what must not be shown any more.
            self.0.search_cache.forget();
            self.0.row_cache.forget();
        }
        Ok(masked)
    }

    async fn directory(&self) -> Result<Arc<Directory>, Problem> {
        let fresh = |held: &ReadDirectory| held.at.elapsed() < DIRECTORY_AGE;
        let held = self.0.directory.load_full();
        if let Some(held) = held.as_ref().filter(|held| fresh(held)) {
            return Ok(Arc::clone(&held.directory));
        }
        let _turn = match held {
            // Somebody is reading it anew already; the old names do for a moment.
            Some(held) => match self.0.refresh.try_lock() {
                Ok(turn) => turn,
                Err(_) => return Ok(Arc::clone(&held.directory)),
            },
            None => self.0.refresh.lock().await,
        };
        let held = self.0.directory.load_full();
        if let Some(held) = held.as_ref().filter(|held| fresh(held)) {
            return Ok(Arc::clone(&held.directory));
        }
        let networks = self
            .store()
            .networks()
            .await
            .map_err(|error| Problem::internal(&error))?;
        let grants = self
            .store()
            .grants(None)
            .await
            .map_err(|error| Problem::internal(&error))?;
        let read = Directory::new(networks, &grants);
        let directory = match held {
            // The same one for as long as nothing changes: what rests on it can be told by its address.
            Some(held) if *held.directory == read => Arc::clone(&held.directory),
            _ => Arc::new(read),
        };
        self.0.directory.store(Some(Arc::new(ReadDirectory {
            directory: Arc::clone(&directory),
            at: Instant::now(),
        })));
        Ok(directory)
    }

    /// Figures of all networks, at most two seconds old; one request reads them, others wait for it.
    pub(crate) async fn figures(&self, today: Date) -> Result<Arc<Figures>, Problem> {
        let _turn = self.0.reading_figures.lock().await;
        let held = self.0.figures.load_full();
        if let Some(figures) = held.as_ref().filter(|figures| figures.fresh()) {
            return Ok(Arc::clone(figures));
        }
        let figures = Figures::read(self.store(), held.as_deref(), today)
            .await
            .map_err(|error| Problem::internal(&error))?;
        let figures = Arc::new(figures);
        self.0.figures.store(Some(Arc::clone(&figures)));
        Ok(figures)
    }

    /// Figures that may be a minute old, for what is told by the day: nobody waits while they are read anew.
    pub(crate) async fn late_figures(&self, today: Date) -> Result<Arc<Figures>, Problem> {
        let Some(held) = self.0.figures.load_full().filter(|held| held.late()) else {
            return self.figures(today).await;
        };
        if !held.fresh() && self.0.reading_figures.try_lock().is_ok() {
            let state = self.clone();
            tokio::spawn(async move {
                if let Err(problem) = state.figures(today).await {
                    tracing::warn!("the figures of networks cannot be read: {problem}");
                }
            });
        }
        Ok(held)
    }

    /// Reads the graph. A writer that panicked leaves a graph that is still whole enough to read.
    pub(crate) fn with_graph<T>(&self, read: impl FnOnce(&Graph) -> T) -> T {
        read(&self.graph().read().unwrap_or_else(PoisonError::into_inner))
    }
}

/// The networks, and when they were read.
struct ReadDirectory {
    directory: Arc<Directory>,
    at: Instant,
}

/// What one request sees: visibility, topics and names that belong together.
#[derive(Debug, Clone)]
pub struct View {
    pub state: State,
    pub visibility: Arc<Visibility>,
    /// Without what is hidden.
    pub topics: Arc<Snapshot>,
    pub rankings: Arc<Rankings>,
    pub(crate) topic_figures: Arc<TopicCache>,
    /// Made when first asked for.
    pub(crate) warnings: Arc<OnceLock<Warnings>>,
    /// What each network writes in; found when first asked for.
    pub(crate) languages: Arc<OnceLock<Languages>>,
    pub(crate) bridges: Arc<BridgeCache>,
    pub(crate) mentions: Arc<MentionCache>,
    pub(crate) reasons: Arc<ReasonCache>,
    pub networks: Arc<Directory>,
    pub now: Timestamp,
    pub today: Date,
    /// What the index had consumed of the change log.
    pub seq: u64,
}

impl axum::extract::FromRequestParts<State> for View {
    type Rejection = Problem;

    async fn from_request_parts(
        _: &mut axum::http::request::Parts,
        state: &State,
    ) -> Result<Self, Problem> {
        state.view().await
    }
}

impl View {
    pub fn generation(&self) -> u64 {
        self.visibility.generation
    }

    fn shows(&self, network: &Network) -> bool {
        network.state == NetworkState::Live && self.visibility.shows_network(network.id)
    }

    /// A network that may be shown.
    pub fn network(&self, id: NetworkId) -> Option<&Network> {
        self.networks
            .by_id
            .get(&id)
            .filter(|network| self.shows(network))
    }

    pub fn network_by_slug(&self, slug: &str) -> Option<&Network> {
        self.network(*self.networks.by_slug.get(slug)?)
    }

    /// The host that an address leads to, where it is none of those that the network proved to be its own: then it is what
    /// the network links to, and nothing that it wrote.
    pub(crate) fn links_to(&self, network: NetworkId, address: &str) -> Option<String> {
        let host = host_of(address)?;
        let homes = self.networks.homes.get(&network)?;
        (!homes.contains(&host)).then_some(host)
    }

    /// The networks that may be shown, by name.
    pub fn networks(&self) -> impl Iterator<Item = &Network> {
        self.networks
            .by_name
            .iter()
            .filter_map(|id| self.network(*id))
    }

    /// What to say where something of this network is asked for and may not be shown.
    pub fn gone(&self, network: NetworkId, what: &str) -> Problem {
        let paused = self.networks.by_id.get(&network).is_some_and(|network| {
            matches!(
                network.state,
                NetworkState::Asked | NetworkState::Paused | NetworkState::Lapsed
            )
        });
        if paused || self.visibility.shows_network(network) {
            Problem::not_found(what)
        } else {
            Problem::new(
                Code::GoneWithdrawn,
                format!("this {what} was withdrawn by its network"),
            )
        }
    }

    /// As [`View::gone`], for a network asked for by its slug.
    pub fn gone_slug(&self, slug: &str) -> Problem {
        match self.networks.by_slug.get(slug) {
            Some(id) => self.gone(*id, "network"),
            None => Problem::not_found("network"),
        }
    }
}
