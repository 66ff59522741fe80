//! `discover demo`: sample networks on loopback, the whole pipeline over them, then the site.

use std::collections::BTreeMap;
use std::net::{IpAddr, SocketAddr};
use std::path::Path;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use anyhow::Context;
use discover_graph::{Rank, Snapshot, Topic};
use discover_model::{NetworkId, proof};
use serde::Serialize;
use sha2::{Digest, Sha256};
use url::Url;

use crate::cli::{DemoArgs, Global};
use crate::commands::across::Across;
use crate::commands::say;
use crate::demo;
use crate::pipeline::{Pipeline, Readers};
use crate::progress::Progress;
use crate::serve::{self, Listeners};
use crate::settings::config::{Config, DEFAULT_LISTEN};
use crate::settings::registry;

/// What came of the demo's crawl.
#[derive(Debug, Serialize)]
struct Outcome {
    networks: u64,
    conversations: u64,
    posts: u64,
    topics: usize,
    /// The topic that most languages speak of, and what joins it.
    across: Option<Across>,
    relations: usize,
    refused: BTreeMap<String, u64>,
    redacted: BTreeMap<String, u64>,
}

pub(super) async fn run(mut config: Config, asked: &Global, args: &DemoArgs) -> anyhow::Result<()> {
    let temporary = match asked.data {
        Some(_) => None,
        None => Some(TemporaryFolder::new()?),
    };
    if let Some(folder) = &temporary {
        config.data = folder.path().to_owned();
        config.store = None;
    }
    config.crawl.allow_loopback = true;
    config.crawl.gap = Duration::ZERO;
    config.crawl.force_due = true;
    // One source after the other: what arrives in the same order gives the same topics.
    config.crawl.workers = 1;
    config
        .contact
        .get_or_insert_with(|| "discover demo".to_owned());
    config
        .operator
        .get_or_insert_with(|| "discover demo".to_owned());
    config.area.get_or_insert_with(|| "Ashmere".to_owned());
    "Discover (demo)".clone_into(&mut config.instance_name);

    let listeners = if args.once {
        None
    } else {
        Some(listen(&mut config, asked).await?)
    };
    let pipeline = Pipeline::open(config, Readers::Some, Progress::detect()).await?;
    let now = pipeline.config.now();
    let held = pipeline.store.networks().await?;
    let mut addresses: BTreeMap<String, SocketAddr> = BTreeMap::new();
    for network in &held {
        let sources = pipeline.store.sources(Some(network.id)).await?;
        let address = sources.iter().find_map(|source| address(&source.url));
        addresses.extend(address.map(|address| (network.slug.clone(), address)));
    }
    let ids: Mutex<BTreeMap<String, NetworkId>> = Mutex::new(
        held.into_iter()
            .map(|network| (network.slug, network.id))
            .collect(),
    );
    let id_for = |slug: &str| {
        let mut ids = ids
            .lock()
            .unwrap_or_else(std::sync::PoisonError::into_inner);
        *ids.entry(slug.to_owned())
            .or_insert_with(|| sample_id(slug))
    };
    let key = pipeline.store.proof_key();
    let site = demo::start(
        |slug| addresses.get(slug).copied(),
        |slug, origin| Some(proof::token(&key, id_for(slug), origin)),
        now,
    )
    .await?;
    let declared = registry::read(Path::new("the demo's sources.toml"), &site.sources_toml)?;
    pipeline.register_as(&declared, now, id_for).await?;
    pipeline.crawl_round().await?;
    if pipeline.read_meaning().await? > 0 {
        pipeline.refresh_topics().await?;
    }
    let outcome = outcome(&pipeline).await?;
    if args.json {
        return say(&serde_json::to_string(&outcome)?);
    }
    for line in network_lines(&pipeline).await? {
        eprintln!("{line}");
    }
    eprintln!(
        "{} sample networks: {} posts in {} conversations, {} topics, {} relations; {} items refused",
        outcome.networks,
        outcome.posts,
        outcome.conversations,
        outcome.topics,
        outcome.relations,
        outcome.refused.values().sum::<u64>()
    );
    if let Some(across) = &outcome.across {
        eprintln!("{}", across.words(pipeline.has_model()));
    }
    match listeners {
        Some(listeners) => {
            let base = pipeline.config.base_url.clone();
            for line in look_first(&base, &pipeline.published.load().topics) {
                eprintln!("{line}");
            }
            serve::run(pipeline, listeners, true).await
        }
        None => Ok(()),
    }
}

/// Listens where it was asked to, or else at the usual address, and where that is taken at a free one.
async fn listen(config: &mut Config, asked: &Global) -> anyhow::Result<Listeners> {
    let usual = asked.listen.is_none() && config.listen.to_string() == DEFAULT_LISTEN;
    let has_name = config.base_url.as_str() != format!("http://{}/", config.listen);
    let listeners = match serve::listen(config).await {
        Err(_) if usual => {
            eprintln!("{DEFAULT_LISTEN} is taken by another program; this demo takes a free port");
            config.listen.set_port(0);
            serve::listen(config).await?
        }
        listeners => listeners?,
    };
    config.listen = listeners.site.local_addr()?;
    if !has_name {
        config.base_url = Url::parse(&format!("http://{}/", config.listen))?;
    }
    Ok(listeners)
}

/// Where the sample network of this address listens, or listened.
fn address(url: &Url) -> Option<SocketAddr> {
    let host: IpAddr = url.host_str()?.parse().ok()?;
    Some(SocketAddr::new(host, url.port_or_known_default()?))
}

/// One line a network: what is held of it.
async fn network_lines(pipeline: &Pipeline) -> anyhow::Result<Vec<String>> {
    let mut lines = Vec::new();
    for network in pipeline.store.networks().await? {
        let held = pipeline.store.held(network.id).await?;
        lines.push(format!(
            "  {:<28} {:>3} conversations, {:>3} posts, {:>2} refused",
            network.name,
            held.conversations,
            held.posts,
            held.refused.values().sum::<u64>()
        ));
    }
    Ok(lines)
}

/// Where to begin: the pages that show most, of what is there.
fn look_first(base: &Url, topics: &Snapshot) -> Vec<String> {
    let base = base.as_str();
    let first = |rank: Rank| {
        let mut ranked = topics.ranked(rank, 1).into_iter();
        ranked.find(|topic| topic.list == Some(rank))
    };
    let topic = |topic: &Topic, what: &str| {
        let networks = topic.networks.len();
        format!(
            "  {base}topics/{}  {what}: {}, at {networks} networks",
            topic.id, topic.label
        )
    };
    let mut lines = vec![
        "Look first at".to_owned(),
        format!("  {base}  the front page, a morning paper"),
    ];
    lines.extend(first(Rank::Emerging).map(|found| topic(found, "what is new")));
    lines.extend(first(Rank::Quiet).map(|found| topic(found, "what few have heard")));
    lines.push(format!(
        "  {base}topics/matrix  who speaks of what, and who could and does not"
    ));
    lines.push(format!(
        "  {base}transparency  what was refused, and what was taken out before it was kept"
    ));
    lines
}

/// The id of a sample network: the same at every start, as ids decide the order in which things are read.
fn sample_id(slug: &str) -> NetworkId {
    let digest = Sha256::digest(slug.as_bytes());
    let mut first = [0; 16];
    first.copy_from_slice(&digest[..16]);
    NetworkId::from_bytes(first)
}

async fn outcome(pipeline: &Arc<Pipeline>) -> anyhow::Result<Outcome> {
    let counts = pipeline.store.counts().await?;
    let published = pipeline.published.load();
    let mut relations = 0;
    {
        let graph = pipeline
            .graph
            .read()
            .unwrap_or_else(std::sync::PoisonError::into_inner);
        for id in graph.conversations() {
            relations += graph
                .related(id, usize::MAX)
                .iter()
                .filter(|relation| relation.other > id)
                .count();
        }
    }
    Ok(Outcome {
        networks: counts.networks,
        conversations: counts.conversations,
        posts: counts.posts,
        topics: published
            .topics
            .topics
            .iter()
            .filter(|topic| topic.shown && topic.level == 1)
            .count(),
        across: Across::of(
            pipeline,
            Pipeline::by_meaning(pipeline).as_ref(),
            &pipeline.store.networks().await?,
        ),
        relations,
        refused: counts
            .refused
            .into_iter()
            .map(|(refusal, count)| (refusal.code().to_owned(), count))
            .collect(),
        redacted: counts
            .redacted
            .into_iter()
            .map(|(kind, count)| (kind.as_str().to_owned(), count))
            .collect(),
    })
}

/// A folder that goes when the demo ends.
struct TemporaryFolder(std::path::PathBuf);

impl TemporaryFolder {
    fn new() -> anyhow::Result<Self> {
        let path = std::env::temp_dir().join(format!("discover-demo-{}", std::process::id()));
        std::fs::create_dir_all(&path)
            .with_context(|| format!("cannot make {}", path.display()))?;
        Ok(Self(path))
    }
    fn path(&self) -> &Path {
        &self.0
    }
}

impl Drop for TemporaryFolder {
    fn drop(&mut self) {
        // What cannot be removed now is removed by the system's own tidying of temporary files.
        let _ = std::fs::remove_dir_all(&self.0);
    }
}
