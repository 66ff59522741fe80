//! `discover-bench crawl`: feeds visited in a CPU second, beside a plain reqwest loop over the same addresses.
//!
//! The feeds are served by a second process, so that only the reading side is measured. "Cold" fetches every feed
//! whole, reads it and makes its items; "warm" sends validators back, and nine feeds of ten answer "not modified". The
//! ceiling is a loop that fetches the same addresses over as many connections, unpacks what is packed, and does nothing
//! else: no robots.txt, no pacing, no parsing. Beside it stands the same loop with bare feed-rs behind each fetch: what
//! it costs to read feeds at all.
//!
//! Three settings: every file on [`HOSTS`] hosts that keep their connections; the same with the files of at most
//! [`SMALL`] bytes, as the anchor's own measurement had it; and these packed and each on a host of its own, as feeds
//! are found in the world.

use std::io::{BufRead, BufReader, Write};
use std::net::SocketAddr;
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::time::Duration;

use anyhow::Context;
use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::{Request, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::Response;
use discover_crawler::{Batch, FetchConfig, Fetcher, SourceState, Task, crawl};
use discover_model::grant::{Evidence, Grant, GrantRecord, GrantState, Purpose};
use discover_model::proof::ProofMethod;
use discover_model::{
    GrantId, NetworkId, Origin, Scope, Source, SourceKind, SourceOptions, VoiceKey,
};
use flate2::Compression;
use flate2::write::{GzDecoder, GzEncoder};
use futures_util::StreamExt;
use futures_util::stream;
use jiff::Timestamp;
use tokio::sync::mpsc;
use url::Url;

use crate::measure::{Figure, print, process_cpu};

/// Hosts the sources are spread over, where they share hosts.
const HOSTS: usize = 50;
/// Visits at the same time.
const WORKERS: usize = 16;
/// Files of at most this size are the small ones.
const SMALL: usize = 120_000;

/// A feed as it is sent.
struct Served {
    plain: Bytes,
    gzip: Bytes,
}

/// All files, and the small ones.
struct Sets {
    all: Vec<Arc<Served>>,
    small: Vec<Arc<Served>>,
}

fn sets(folder: &Path) -> anyhow::Result<Sets> {
    let mut files: Vec<_> = std::fs::read_dir(folder)?
        .flatten()
        .map(|entry| entry.path())
        .collect();
    files.sort();
    let mut all = Vec::with_capacity(files.len());
    for file in files {
        let plain = std::fs::read(file)?;
        let mut packer = GzEncoder::new(Vec::new(), Compression::default());
        packer.write_all(&plain)?;
        all.push(Arc::new(Served {
            plain: plain.into(),
            gzip: packer.finish()?.into(),
        }));
    }
    let small = all
        .iter()
        .filter(|feed| feed.plain.len() <= SMALL)
        .cloned()
        .collect();
    Ok(Sets { all, small })
}

/// Serves `folder` until killed; says its port on standard output.
#[expect(
    clippy::print_stdout,
    reason = "the port is for the process that started this one"
)]
pub(crate) async fn serve(folder: &Path) -> anyhow::Result<()> {
    let sets = sets(folder)?;
    let listener = tokio::net::TcpListener::bind(SocketAddr::from(([0, 0, 0, 0], 0))).await?;
    println!("{}", listener.local_addr()?.port());
    Ok(axum::serve(
        listener,
        Router::new().fallback(answer).with_state(Arc::new(sets)),
    )
    .await?)
}

/// `/all/7`, `/small/7` and `/packed/7`.
async fn answer(State(sets): State<Arc<Sets>>, request: Request) -> Response {
    let mut response = Response::new(Body::empty());
    let mut path = request.uri().path().trim_start_matches('/').split('/');
    let set = path.next().unwrap_or_default();
    let number = path.next().and_then(|number| number.parse::<usize>().ok());
    let feeds = if set == "all" { &sets.all } else { &sets.small };
    let Some((number, feed)) =
        number.and_then(|number| Some((number, feeds.get(number % feeds.len())?)))
    else {
        *response.status_mut() = StatusCode::NOT_FOUND;
        return response;
    };
    let headers = response.headers_mut();
    headers.insert(header::ETAG, HeaderValue::from_static("\"fixed\""));
    if request.headers().contains_key(header::IF_NONE_MATCH) && number % 10 != 0 {
        *response.status_mut() = StatusCode::NOT_MODIFIED;
        return response;
    }
    let body = if set == "packed" {
        headers.insert(header::CONTENT_ENCODING, HeaderValue::from_static("gzip"));
        feed.gzip.clone()
    } else {
        feed.plain.clone()
    };
    *response.body_mut() = Body::from(body);
    response
}

/// One setting of the measurement.
struct Setting {
    set: &'static str,
    what: &'static str,
    /// One host for each source.
    own_hosts: bool,
}

const SETTINGS: [Setting; 3] = [
    Setting {
        set: "all",
        what: "all files, 50 hosts",
        own_hosts: false,
    },
    Setting {
        set: "small",
        what: "files up to 120 kB, 50 hosts",
        own_hosts: false,
    },
    Setting {
        set: "packed",
        what: "files up to 120 kB, packed, a host each",
        own_hosts: true,
    },
];

/// Visits `count` sources made from the feeds in `folder`.
#[expect(clippy::print_stdout, reason = "the figures are this program's output")]
pub(crate) async fn run(folder: &Path, count: usize) -> anyhow::Result<()> {
    let sets = sets(folder)?;
    for (name, feeds) in [
        ("all files", &sets.all),
        ("files up to 120 kB", &sets.small),
    ] {
        let bytes: usize = feeds.iter().map(|feed| feed.plain.len()).sum();
        println!(
            "{name}: {}, mean {} bytes",
            feeds.len(),
            bytes / feeds.len().max(1)
        );
    }
    drop(sets);
    let mut server = Command::new(std::env::current_exe()?)
        .args(["serve-feeds", "--feeds"])
        .arg(folder)
        .stdout(Stdio::piped())
        .spawn()
        .context("cannot start the process that serves the feeds")?;
    let mut line = String::new();
    BufReader::new(server.stdout.take().context("the server's output")?).read_line(&mut line)?;
    let port: u16 = line.trim().parse().context("the server says its port")?;
    let mut figures = Vec::new();
    let mut outcome = Ok(());
    for setting in &SETTINGS {
        match measure(port, count, setting).await {
            Ok(more) => figures.extend(more),
            Err(error) => outcome = Err(error),
        }
    }
    server.kill()?;
    server.wait()?;
    print(&figures);
    outcome
}

/// What a plain loop does.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Plain {
    /// Fetches whole answers.
    Whole,
    /// Sends validators.
    Conditional,
    /// Fetches whole answers and reads them with bare feed-rs.
    Parsed,
}

/// Fetches `url` whole and unpacks it; how many bytes it was.
async fn plain(client: &reqwest::Client, url: &Url, how: Plain) -> anyhow::Result<usize> {
    let mut request = client.get(url.clone()).header("accept-encoding", "gzip");
    if how == Plain::Conditional {
        request = request.header("if-none-match", "\"fixed\"");
    }
    let response = request.send().await?;
    let packed = response.headers().contains_key(header::CONTENT_ENCODING);
    let body = response.bytes().await?;
    let body = if packed {
        let mut unpacker = GzDecoder::new(Vec::new());
        unpacker.write_all(&body)?;
        Bytes::from(unpacker.finish()?)
    } else {
        body
    };
    if how == Plain::Parsed {
        // A few files are beyond it; what it cost to find out counts.
        std::hint::black_box(feed_rs::parser::parse(&body[..]).is_ok());
    }
    Ok(body.len())
}

/// CPU time of a plain loop over `urls`.
async fn plain_loop(urls: &[Url], own_hosts: bool, how: Plain) -> anyhow::Result<Duration> {
    let mut client = reqwest::Client::builder()
        .no_proxy()
        .timeout(Duration::from_secs(30));
    if own_hosts {
        // A connection nobody will use again is not kept by ours either for long.
        client = client.pool_max_idle_per_host(1);
    }
    let client = client.build()?;
    let before = process_cpu();
    let mut bytes = 0;
    let mut answers = stream::iter(urls)
        .map(|url| plain(&client, url, how))
        .buffer_unordered(WORKERS);
    while let Some(length) = answers.next().await {
        bytes += length?;
    }
    tracing::debug!(bytes, "plain loop");
    Ok(process_cpu().saturating_sub(before))
}

async fn measure(port: u16, count: usize, setting: &Setting) -> anyhow::Result<Vec<Figure>> {
    let now = Timestamp::constant(1_795_000_000, 0);
    let urls: Vec<Url> = (0..count)
        .map(|n| {
            let (high, low) = if setting.own_hosts {
                (4 + n / 250, 1 + n % 250)
            } else {
                (3, 1 + n % HOSTS)
            };
            Url::parse(&format!(
                "http://127.0.{high}.{low}:{port}/{}/{n}",
                setting.set
            ))
        })
        .collect::<Result<_, _>>()?;
    // Once before anything is counted, so that neither side pays for cold caches.
    plain_loop(&urls[..count.min(200)], setting.own_hosts, Plain::Whole).await?;
    let plain_cold = plain_loop(&urls, setting.own_hosts, Plain::Whole).await?;
    let plain_warm = plain_loop(&urls, setting.own_hosts, Plain::Conditional).await?;
    let plain_parsed = plain_loop(&urls, setting.own_hosts, Plain::Parsed).await?;

    let fetcher = Fetcher::new(FetchConfig {
        allow_loopback: true,
        min_gap: Duration::ZERO,
        ..FetchConfig::new("Discover/0.1", Url::parse("http://127.0.0.1/bot")?)
    })?;
    let mut states = vec![SourceState::default(); count];
    let mut items = [0_usize; 2];
    let mut cpu = [Duration::ZERO; 2];
    for round in 0..2 {
        let before = process_cpu();
        let visits = stream::iter(urls.iter().zip(std::mem::take(&mut states)))
            .map(|(url, state)| visit(&fetcher, url, state, now))
            .buffered(WORKERS)
            .collect::<Vec<_>>()
            .await;
        cpu[round] = process_cpu().saturating_sub(before);
        for visit in visits {
            let (state, read) = visit?;
            states.push(state);
            items[round] += read;
        }
    }
    anyhow::ensure!(items[0] > count, "only {} items of {count} feeds", items[0]);
    let rate = |cpu: Duration| count as f64 / cpu.as_secs_f64();
    let figure = |what: &str, ours, ceiling, against| {
        Figure::new(
            format!("visits, {what}: {}", setting.what),
            "feeds per CPU second",
            rate(ours),
            rate(ceiling),
            against,
        )
    };
    Ok(vec![
        figure("cold", cpu[0], plain_cold, "plain reqwest loop, no parsing"),
        figure(
            "cold",
            cpu[0],
            plain_parsed,
            "plain reqwest loop and bare feed-rs",
        ),
        figure(
            "9 of 10 not modified",
            cpu[1],
            plain_cold,
            "plain reqwest loop, whole answers, no parsing",
        ),
        figure(
            "9 of 10 not modified",
            cpu[1],
            plain_warm,
            "plain reqwest loop that sends validators, no parsing",
        ),
    ])
}

async fn visit(
    fetcher: &Fetcher,
    url: &Url,
    state: SourceState,
    now: Timestamp,
) -> anyhow::Result<(SourceState, usize)> {
    let network = NetworkId::from_u128(1);
    let grant = Grant::recorded(GrantRecord {
        id: GrantId::from_u128(1),
        network,
        scope: Scope::all(Origin::of(url)?),
        purposes: vec![Purpose::Search],
        retention_days: 365,
        evidence: Evidence {
            method: ProofMethod::Attested,
            folder: None,
            sha256: String::new(),
            seen: now,
        },
        granted: now,
        expires: Grant::latest_expiry(ProofMethod::Attested, now),
        members_told: false,
        state: GrantState::Live,
    });
    let source = Source::new(
        network,
        SourceKind::Feed,
        url.clone(),
        SourceOptions::default(),
    );
    let task = Task {
        source,
        permit: grant.permit(now)?,
        secret: VoiceKey::new([0; 32]),
        state,
        force_due: true,
    };
    let (sender, mut receiver) = mpsc::channel::<Batch>(4);
    let count = async {
        let mut items = 0;
        while let Some(batch) = receiver.recv().await {
            items += batch.items.len();
        }
        items
    };
    let (finish, items) = tokio::join!(crawl(fetcher, task, now, sender), count);
    Ok((finish.state, items))
}
