//! A small HTTP client that makes load: open loop (a request is due when the clock says so, whatever became of those
//! before) and closed loop (each connection asks again as soon as it is answered).
//!
//! Latency of the open loop is counted from the moment a request was due, not from when a connection was free to send
//! it: a server that stalls is not flattered by the requests that were never sent.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use anyhow::Context;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

/// Connections of an open loop: as many requests can be under way.
const CONNECTIONS: usize = 400;
/// Time for one answer; what takes longer counts as failed.
const PATIENCE: Duration = Duration::from_secs(15);

/// Which address a request asks for, by its number, and whether it is one of those whose latency is looked at.
pub(crate) type Asks = Arc<dyn Fn(u64) -> (String, bool) + Send + Sync>;

/// What became of the requests of one run.
#[derive(Debug, Default)]
pub(crate) struct Outcome {
    /// Milliseconds of answers with status 200, ascending.
    pub(crate) good: Vec<f64>,
    /// The same for requests that are not looked at: they are there to disturb the others.
    pub(crate) aside: Vec<f64>,
    /// Milliseconds of answers with status 429 or 503, ascending.
    pub(crate) refused: Vec<f64>,
    /// Other answers by status; 0 stands for none.
    pub(crate) other: BTreeMap<u16, u64>,
    pub(crate) seconds: f64,
}

impl Outcome {
    fn add(&mut self, status: u16, took: Duration, looked_at: bool) {
        let took = took.as_secs_f64() * 1e3;
        match status {
            200 if looked_at => self.good.push(took),
            200 => self.aside.push(took),
            429 | 503 => self.refused.push(took),
            status => *self.other.entry(status).or_default() += 1,
        }
    }

    fn finish(parts: Vec<Self>, seconds: f64) -> Self {
        let mut all = Self {
            seconds,
            ..Self::default()
        };
        for part in parts {
            all.good.extend(part.good);
            all.aside.extend(part.aside);
            all.refused.extend(part.refused);
            for (status, count) in part.other {
                *all.other.entry(status).or_default() += count;
            }
        }
        all.good.sort_unstable_by(f64::total_cmp);
        all.aside.sort_unstable_by(f64::total_cmp);
        all.refused.sort_unstable_by(f64::total_cmp);
        all
    }

    /// Good answers a second.
    pub(crate) fn rate(&self) -> f64 {
        (self.good.len() + self.aside.len()) as f64 / self.seconds
    }
}

/// The value that so large a share of an ascending list stays below.
pub(crate) fn share(sorted: &[f64], share: f64) -> f64 {
    sorted
        .get(((sorted.len() as f64 - 1.0) * share).round() as usize)
        .copied()
        .unwrap_or(f64::NAN)
}

struct Connection {
    stream: TcpStream,
    held: Vec<u8>,
}

impl Connection {
    async fn open(server: SocketAddr) -> anyhow::Result<Self> {
        let stream = TcpStream::connect(server).await?;
        stream.set_nodelay(true)?;
        Ok(Self {
            stream,
            held: Vec::with_capacity(64 * 1024),
        })
    }

    /// Asks for one address; gives the status.
    async fn ask(&mut self, path: &str) -> anyhow::Result<(u16, Vec<u8>)> {
        let request = format!("GET {path} HTTP/1.1\r\nHost: bench\r\n\r\n");
        self.stream.write_all(request.as_bytes()).await?;
        let head = loop {
            if let Some(at) = self.held.windows(4).position(|four| four == b"\r\n\r\n") {
                break at + 4;
            }
            self.more().await?;
        };
        let text = std::str::from_utf8(&self.held[..head])?;
        let status = text
            .split(' ')
            .nth(1)
            .and_then(|status| status.parse().ok())
            .context("an answer without a status")?;
        let length: usize = text
            .lines()
            .filter_map(|line| line.split_once(':'))
            .find(|(name, _)| name.eq_ignore_ascii_case("content-length"))
            .and_then(|(_, value)| value.trim().parse().ok())
            .context("an answer without a length")?;
        while self.held.len() < head + length {
            self.more().await?;
        }
        let body = self.held[head..head + length].to_vec();
        self.held.drain(..head + length);
        Ok((status, body))
    }

    async fn more(&mut self) -> anyhow::Result<()> {
        let read = self.stream.read_buf(&mut self.held).await?;
        anyhow::ensure!(read > 0, "the connection was closed");
        Ok(())
    }
}

/// Asks once, on a connection of its own.
pub(crate) async fn ask(server: SocketAddr, path: &str) -> anyhow::Result<(u16, Vec<u8>)> {
    Connection::open(server).await?.ask(path).await
}

/// Asks on a held connection, or on a new one where the site closed that because it had idled, as browsers do.
async fn status(held: &mut Option<Connection>, server: SocketAddr, path: &str) -> u16 {
    let answer = async {
        if let Some(connection) = held
            && let Ok((status, _)) = connection.ask(path).await
        {
            return Ok(status);
        }
        let connection = held.insert(Connection::open(server).await?);
        let (status, _) = connection.ask(path).await?;
        anyhow::Ok(status)
    };
    match tokio::time::timeout(PATIENCE, answer).await {
        Ok(Ok(status)) => status,
        Ok(Err(_)) | Err(_) => {
            *held = None;
            0
        }
    }
}

/// `rate` requests a second for `time`.
pub(crate) async fn open_loop(
    server: SocketAddr,
    rate: f64,
    time: Duration,
    asks: &Asks,
) -> anyhow::Result<Outcome> {
    let next = Arc::new(AtomicU64::new(0));
    let all = (rate * time.as_secs_f64()) as u64;
    let start = Instant::now() + Duration::from_millis(50);
    let workers: Vec<_> = (0..CONNECTIONS)
        .map(|_| {
            let (next, asks) = (Arc::clone(&next), Arc::clone(asks));
            tokio::spawn(async move {
                let mut outcome = Outcome::default();
                let mut connection = None;
                loop {
                    let number = next.fetch_add(1, Ordering::Relaxed);
                    if number >= all {
                        return outcome;
                    }
                    let due = start + Duration::from_secs_f64(number as f64 / rate);
                    tokio::time::sleep_until(due.into()).await;
                    let (path, looked_at) = asks(number);
                    let status = status(&mut connection, server, &path).await;
                    outcome.add(status, due.elapsed(), looked_at);
                }
            })
        })
        .collect();
    let mut parts = Vec::new();
    for worker in workers {
        parts.push(worker.await?);
    }
    Ok(Outcome::finish(parts, start.elapsed().as_secs_f64()))
}

/// `connections` that ask one after the other for `time`.
pub(crate) async fn closed_loop(
    server: SocketAddr,
    connections: usize,
    time: Duration,
    asks: &Asks,
) -> anyhow::Result<Outcome> {
    let next = Arc::new(AtomicU64::new(0));
    let start = Instant::now();
    let workers: Vec<_> = (0..connections)
        .map(|_| {
            let (next, asks) = (Arc::clone(&next), Arc::clone(asks));
            tokio::spawn(async move {
                let mut outcome = Outcome::default();
                let mut connection = None;
                while start.elapsed() < time {
                    let number = next.fetch_add(1, Ordering::Relaxed);
                    let began = Instant::now();
                    let (path, looked_at) = asks(number);
                    let status = status(&mut connection, server, &path).await;
                    outcome.add(status, began.elapsed(), looked_at);
                }
                outcome
            })
        })
        .collect();
    let mut parts = Vec::new();
    for worker in workers {
        parts.push(worker.await?);
    }
    Ok(Outcome::finish(parts, start.elapsed().as_secs_f64()))
}
