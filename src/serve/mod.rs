//! `discover serve`: the site, and the loops that keep it up to date.

mod connections;

use std::future::Future;
use std::sync::Arc;
use std::time::Duration;

use anyhow::Context;
use discover_server::signs::Sign;
use discover_server::views::NamedView;
use discover_server::{Limits, Parts, ServerConfig, State};
use tokio::net::TcpListener;
use tokio::sync::watch;

use crate::control::Socket;
use crate::pipeline::{Alerts, Pipeline};
use crate::settings::config::Config;
use crate::settings::views;

/// How often the frontier is looked at when nothing says when the next source is due.
const ROUND_EVERY: Duration = Duration::from_secs(20);
/// How long the change log gathers what comes close together: a crawled post is found within two seconds, and each commit
/// of the index costs as much as a dozen conversations in it.
const GATHER: Duration = Duration::from_secs(1);
/// How often the change log is looked at though nothing was written.
const LOOK_EVERY: Duration = Duration::from_secs(10);
/// How often it is asked whether topics should be drawn anew; what that costs sets the pace.
const TOPICS_EVERY: Duration = Duration::from_secs(5);
/// Purge and retention.
const TIDY_EVERY: Duration = Duration::from_mins(10);
/// How often it is asked whether a disk that was full has room again.
const LOOK_AT_DISK_EVERY: Duration = Duration::from_secs(2);
/// How often a withdrawal that waits for the database is tried again.
const WITHDRAWALS_EVERY: Duration = Duration::from_secs(2);
/// How often a purge that something stood in the way of is tried again.
const PURGE_AGAIN: Duration = Duration::from_secs(15);
/// How often memory lets go of what is not needed, or may not be shown, any more.
const FORGET_EVERY: Duration = Duration::from_mins(1);
/// Requests that are still open after this time are cut, so that the process ends within ten seconds.
const DRAIN: Duration = Duration::from_secs(7);

/// Connections of those who collect figures.
const OF_FIGURES: usize = 16;

/// The addresses that are listened on.
#[derive(Debug)]
pub(crate) struct Listeners {
    pub site: TcpListener,
    /// Of the figures, where they have an address of their own.
    pub metrics: Option<TcpListener>,
}

/// Listens before anything else, so that an occupied port is told at once.
pub(crate) async fn listen(config: &Config) -> anyhow::Result<Listeners> {
    let bind = |address, flag| async move {
        TcpListener::bind(address).await.with_context(|| {
            format!("cannot listen on {address}: is another program using the port? Choose another with {flag} 127.0.0.1:PORT")
        })
    };
    Ok(Listeners {
        site: bind(config.listen, "--listen").await?,
        metrics: match config.metrics_listen {
            Some(address) => Some(bind(address, "--metrics-listen").await?),
            None => None,
        },
    })
}

/// What the site and the alerts read.
fn state(pipeline: &Arc<Pipeline>, views: Vec<NamedView>) -> State {
    let config = &pipeline.config;
    State::new(Parts {
        store: pipeline.store.clone(),
        index: Arc::clone(&pipeline.index),
        graph: Arc::clone(&pipeline.graph),
        published: Arc::clone(&pipeline.published),
        config: ServerConfig {
            base_url: config.base_url.clone(),
            instance_name: config.instance_name.clone(),
            operator: config.operator.clone(),
            area: config.area.clone(),
            reply_to: config.reply_to.clone(),
            brand: config.brand.clone(),
            languages: config.languages.clone(),
            views: views.into(),
            metrics_apart: config.metrics_listen.is_some(),
            operator_contact: config.contact.clone().unwrap_or_default(),
            zone: config.zone.clone(),
            limits: Limits {
                trusted_proxies: config.trusted_proxies.clone(),
                ..Limits::default()
            },
            clock: match config.clock {
                Some(fixed) => Arc::new(move || fixed),
                None => Arc::new(crate::settings::config::system_now),
            },
            signs: Arc::clone(&pipeline.signs),
            operations: pipeline.operations(),
            meaning: Pipeline::by_meaning(pipeline),
            ..ServerConfig::default()
        },
    })
}

/// Serves until SIGTERM or SIGINT, then ends within ten seconds.
pub(crate) async fn run(
    pipeline: Arc<Pipeline>,
    listeners: Listeners,
    crawl: bool,
) -> anyhow::Result<()> {
    let views = match &pipeline.config.views {
        Some(file) => views::load(file)?,
        None => Vec::new(),
    };
    let (stop, stopped) = watch::channel(false);
    let socket = Socket::bind(&pipeline.config.data)?;
    let address = listeners.site.local_addr()?;
    let mut loops = tokio::task::JoinSet::new();
    loops.spawn(until(stopped.clone(), socket.serve(Arc::clone(&pipeline))));
    loops.spawn(until(stopped.clone(), follow(Arc::clone(&pipeline))));
    loops.spawn(until(stopped.clone(), draw(Arc::clone(&pipeline))));
    loops.spawn(until(stopped.clone(), read_meaning(Arc::clone(&pipeline))));
    loops.spawn(until(stopped.clone(), tidy(Arc::clone(&pipeline))));
    loops.spawn(until(
        stopped.clone(),
        write_withdrawals(Arc::clone(&pipeline)),
    ));
    loops.spawn(until(stopped.clone(), purge_again(Arc::clone(&pipeline))));
    loops.spawn(until(stopped.clone(), check_room(Arc::clone(&pipeline))));
    loops.spawn(until(stopped.clone(), keep_proofs(Arc::clone(&pipeline))));
    let state = state(&pipeline, views);
    loops.spawn(until(stopped.clone(), forget(state.clone())));
    let alerts = Alerts::new(&pipeline, state.clone());
    loops.spawn(until(stopped.clone(), Arc::clone(&alerts).watch()));
    loops.spawn(until(stopped.clone(), Arc::clone(&alerts).watch_topics()));
    loops.spawn(until(stopped.clone(), alerts.send()));
    if crawl {
        pipeline.subscribe_to_hubs()?;
        loops.spawn(until(stopped.clone(), crawl_rounds(Arc::clone(&pipeline))));
    }
    eprintln!(
        "{} is at http://{address}/ (stop with Ctrl-C)",
        pipeline.config.instance_name
    );

    let limits = connections::Limits::of_process(pipeline.config.trusted_proxies.clone());
    if let Some(listener) = listeners.metrics {
        eprintln!(
            "its figures are at http://{}/metrics",
            listener.local_addr()?
        );
        let few = connections::Limits {
            all: OF_FIGURES,
            per_client: OF_FIGURES,
            ..limits.clone()
        };
        let figures = discover_server::metrics_site(state.clone());
        let stopped = stopped.clone();
        loops.spawn(async move {
            connections::serve(listener, figures, few, stopped, DRAIN).await;
        });
    }
    if let Some(trouble) = pipeline.config.unreachable_base_url() {
        tracing::warn!("base_url: {trouble}");
    }

    let site = discover_server::site(state);
    let mut server = tokio::spawn(connections::serve(
        listeners.site,
        site,
        limits,
        stopped.clone(),
        DRAIN,
    ));
    tokio::select! {
        ended = &mut server => {
            ended.context("the web server ended early")?;
        }
        () = signal() => {
            tracing::info!("stopping");
            stop.send_replace(true);
            if !server.await.context("the web server failed")? {
                tracing::warn!("some requests were still open and are cut");
            }
        }
    }
    stop.send_replace(true);
    // Loops end at their next await; what they were writing is one transaction, whole or not at all.
    let _ = tokio::time::timeout(Duration::from_secs(1), async {
        while loops.join_next().await.is_some() {}
    })
    .await;
    let _ = tokio::time::timeout(Duration::from_secs(1), pipeline.close()).await;
    Ok(())
}

async fn until(mut stopped: watch::Receiver<bool>, work: impl Future<Output = ()>) {
    tokio::select! {
        () = work => {}
        _ = stopped.wait_for(|stop| *stop) => {}
    }
}

async fn signal() {
    use tokio::signal::unix::{SignalKind, signal};
    let (Ok(mut term), Ok(mut int)) = (
        signal(SignalKind::terminate()),
        signal(SignalKind::interrupt()),
    ) else {
        tracing::warn!("cannot listen for signals");
        return std::future::pending().await;
    };
    tokio::select! {
        _ = term.recv() => {}
        _ = int.recv() => {}
    }
}

async fn crawl_rounds(pipeline: Arc<Pipeline>) {
    if pipeline.config.contact.is_none() {
        tracing::warn!(
            "no contact is set, so nothing is crawled: set it with --contact or `contact` in discover.toml"
        );
        return;
    }
    loop {
        if let Err(error) = pipeline.crawl_round().await {
            tracing::error!("crawl round: {error:#}");
        }
        tokio::time::sleep(ROUND_EVERY).await;
    }
}

/// Proofs stand whether or not anything is crawled: a withdrawal on the site is seen in any case.
async fn keep_proofs(pipeline: Arc<Pipeline>) {
    loop {
        tokio::time::sleep(ROUND_EVERY).await;
        // Short rounds of the crawl look at them too.
        if pipeline.looked_within(ROUND_EVERY * 5 / 4) {
            continue;
        }
        let now = pipeline.config.now();
        let kept = if pipeline.config.contact.is_some() {
            pipeline.check_proofs(now).await
        } else {
            pipeline.lapse_expired(now).await
        };
        if let Err(error) = kept {
            tracing::error!("looking at proofs: {error:#}");
        }
    }
}

async fn follow(pipeline: Arc<Pipeline>) {
    let mut written = pipeline.store.written();
    loop {
        written.mark_unchanged();
        if let Err(error) = pipeline.catch_up().await {
            tracing::error!("following the change log: {error:#}");
            tokio::time::sleep(Duration::from_secs(5)).await;
        }
        // Looked at in any case, whether it was written to or the time is up.
        let _ = tokio::time::timeout(LOOK_EVERY, written.changed()).await;
        tokio::time::sleep(GATHER).await;
    }
}

async fn draw(pipeline: Arc<Pipeline>) {
    loop {
        tokio::time::sleep(TOPICS_EVERY).await;
        if let Err(error) = pipeline.follow_topics().await {
            tracing::error!("drawing topics: {error:#}");
        }
    }
}

/// Apart from the change log's other readers: a text takes the model a hundred times as long as the index.
async fn read_meaning(pipeline: Arc<Pipeline>) {
    let mut written = pipeline.store.written();
    loop {
        written.mark_unchanged();
        if let Err(error) = pipeline.read_meaning().await {
            tracing::error!("reading for meaning: {error:#}");
            tokio::time::sleep(Duration::from_mins(1)).await;
        }
        // Looked at in any case, whether it was written to or the time is up.
        let _ = tokio::time::timeout(LOOK_EVERY, written.changed()).await;
        tokio::time::sleep(GATHER).await;
    }
}

async fn tidy(pipeline: Arc<Pipeline>) {
    loop {
        if let Err(error) = pipeline.tidy().await {
            tracing::error!("purge and retention: {error:#}");
        }
        tokio::time::sleep(TIDY_EVERY).await;
    }
}

async fn check_room(pipeline: Arc<Pipeline>) {
    loop {
        tokio::time::sleep(LOOK_AT_DISK_EVERY).await;
        // What was put off for want of room, the purge above all, waits no longer.
        if pipeline.check_room()
            && let Err(error) = pipeline.tidy().await
        {
            tracing::error!("purge and retention: {error:#}");
        }
    }
}

async fn forget(state: State) {
    loop {
        tokio::time::sleep(FORGET_EVERY).await;
        state.forget();
    }
}

/// A purge that a reader of another process, or a disk, stood in the way of.
async fn purge_again(pipeline: Arc<Pipeline>) {
    loop {
        tokio::time::sleep(PURGE_AGAIN).await;
        if pipeline.signs.all().contains_key(&Sign::PurgeWaits)
            && let Err(error) = pipeline.purge(pipeline.config.now()).await
        {
            tracing::warn!("purge: {error:#}");
        }
    }
}

/// Withdrawals that the database could not take at once.
async fn write_withdrawals(pipeline: Arc<Pipeline>) {
    loop {
        tokio::time::sleep(WITHDRAWALS_EVERY).await;
        let store = pipeline.store.clone();
        match tokio::task::spawn_blocking(move || store.check_pending_file()).await {
            Ok(Ok(true)) => {}
            Ok(Ok(false)) => tracing::warn!(
                "withdrawals.pending beside the store was damaged and is written again from memory: look after the disk"
            ),
            Ok(Err(error)) => {
                // It is hidden all the same; the next start would not know.
                let advice = format!("pending withdrawals: {error}");
                if pipeline.signs.set(Sign::StoreDamaged, &advice) {
                    tracing::error!("{advice}");
                }
            }
            Err(_) => return,
        }
        let pending = pipeline.store.pending_withdrawals();
        if pending.is_ok_and(|pending| pending.is_empty()) {
            continue;
        }
        match pipeline.write_withdrawals().await {
            Ok(()) => {
                if let Err(error) = pipeline.purge(pipeline.config.now()).await {
                    tracing::warn!("purge: {error:#}");
                }
            }
            Err(error) => {
                tracing::warn!("a withdrawal is hidden and waits for the store: {error:#}");
            }
        }
    }
}
