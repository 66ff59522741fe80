//! `discover-bench crawl`: feeds visited in a CPU second, beside a plain reqwest loop over the same addresses.
//!
//! The feeds are served by a second process, so that only the reading side is measured. "Cold" fetches every feed
//! whole; "warm" sends validators back, and nine feeds of ten answer "not modified".

use std::io::{BufRead, BufReader};
use std::net::SocketAddr;
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::time::Duration;

use anyhow::Context;
use axum::Router;
use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::{StatusCode, header};
use axum::response::Response;
use discover_crawler::{Batch, FetchConfig, Fetcher, SourceState, Task, crawl};
use discover_model::grant::{Evidence, Grant, GrantState, Purpose};
use discover_model::proof::ProofMethod;
use discover_model::{GrantId, NetworkId, Origin, Scope, Source, SourceKind, SourceOptions};
use futures_util::StreamExt;
use futures_util::stream;
use jiff::Timestamp;
use tokio::sync::mpsc;
use url::Url;

use crate::measure::{Figure, print, process_cpu};

/// Hosts the sources are spread over.
const HOSTS: usize = 50;
/// Visits at the same time.
const WORKERS: usize = 16;

/// Serves `folder` until killed; says its port on standard output.
#[expect(
    clippy::print_stdout,
    reason = "the port is for the process that started this one"
)]
pub(crate) async fn serve(folder: &Path) -> anyhow::Result<()> {
    let mut files: Vec<_> = std::fs::read_dir(folder)?
        .flatten()
        .map(|entry| entry.path())
        .collect();
    files.sort();
    let feeds: Vec<Vec<u8>> = files.iter().map(std::fs::read).collect::<Result<_, _>>()?;
    let listener = tokio::net::TcpListener::bind(SocketAddr::from(([0, 0, 0, 0], 0))).await?;
    println!("{}", listener.local_addr()?.port());
    Ok(axum::serve(
        listener,
        Router::new().fallback(answer).with_state(Arc::new(feeds)),
    )
    .await?)
}

async fn answer(State(feeds): State<Arc<Vec<Vec<u8>>>>, request: Request) -> Response {
    let number = request
        .uri()
        .path()
        .trim_start_matches('/')
        .parse::<usize>()
        .ok();
    let mut response = Response::new(Body::empty());
    let Some((number, feed)) =
        number.and_then(|number| Some((number, feeds.get(number % feeds.len())?)))
    else {
        *response.status_mut() = StatusCode::NOT_FOUND;
        return response;
    };
    response
        .headers_mut()
        .insert(header::ETAG, header::HeaderValue::from_static("\"fixed\""));
    if request.headers().contains_key(header::IF_NONE_MATCH) && number % 10 != 0 {
        *response.status_mut() = StatusCode::NOT_MODIFIED;
        return response;
    }
    *response.body_mut() = Body::from(feed.clone());
    response
}

/// Visits `count` sources made from the feeds in `folder`.
pub(crate) async fn run(folder: &Path, count: usize) -> anyhow::Result<()> {
    let mut server = Command::new(std::env::current_exe()?)
        .args(["serve-feeds", "--feeds"])
        .arg(folder)
        .stdout(Stdio::piped())
        .spawn()
        .context("cannot start the process that serves the feeds")?;
    let mut line = String::new();
    BufReader::new(server.stdout.take().context("the server's output")?).read_line(&mut line)?;
    let port: u16 = line.trim().parse().context("the server says its port")?;
    let outcome = measure(port, count).await;
    server.kill()?;
    server.wait()?;
    print(&outcome?);
    Ok(())
}

async fn measure(port: u16, count: usize) -> anyhow::Result<Vec<Figure>> {
    let now = Timestamp::constant(1_795_000_000, 0);
    let urls: Vec<Url> = (0..count)
        .map(|n| Url::parse(&format!("http://127.0.3.{}:{port}/{n}", 1 + n % HOSTS)))
        .collect::<Result<_, _>>()?;
    let client = reqwest::Client::builder()
        .no_proxy()
        .timeout(Duration::from_secs(30))
        .build()?;
    let plain = |conditional: bool| {
        let (client, urls) = (&client, &urls);
        async move {
            let before = process_cpu();
            let bytes: usize = stream::iter(urls)
                .map(|url| async move {
                    let mut request = client.get(url.clone());
                    if conditional {
                        request = request.header("if-none-match", "\"fixed\"");
                    }
                    match request.send().await {
                        Ok(response) => response.bytes().await.map_or(0, |body| body.len()),
                        Err(_) => 0,
                    }
                })
                .buffer_unordered(WORKERS)
                .fold(0, |sum, length| async move { sum + length })
                .await;
            tracing::debug!(bytes, "plain loop");
            process_cpu().saturating_sub(before)
        }
    };
    let plain_cold = plain(false).await;
    let plain_warm = plain(true).await;

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
    tracing::debug!(?items, "items");
    let rate = |cpu: Duration| count as f64 / cpu.as_secs_f64();
    Ok(vec![
        Figure::new(
            "visits, cold: fetched and parsed",
            "feeds per CPU second",
            rate(cpu[0]),
            rate(plain_cold),
            "plain reqwest loop, whole answers, no parsing",
        ),
        Figure::new(
            "visits, warm: 9 of 10 not modified",
            "feeds per CPU second",
            rate(cpu[1]),
            rate(plain_cold),
            "plain reqwest loop, whole answers, no parsing",
        ),
        Figure::new(
            "visits, warm: 9 of 10 not modified",
            "feeds per CPU second",
            rate(cpu[1]),
            rate(plain_warm),
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
    let grant = Grant {
        id: GrantId::from_u128(1),
        network,
        scope: Scope::all(Origin::of(url)?),
        purposes: vec![Purpose::Search],
        retention_days: 365,
        evidence: Evidence {
            method: ProofMethod::Attested,
            sha256: String::new(),
            seen: now,
        },
        granted: now,
        expires: Grant::latest_expiry(ProofMethod::Attested, now),
        members_told: false,
        state: GrantState::Live,
    };
    let source = Source::new(
        network,
        SourceKind::Feed,
        url.clone(),
        SourceOptions::default(),
    );
    let task = Task {
        source,
        permit: grant.permit(now)?,
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
