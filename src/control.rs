//! The control socket: how a command reaches the process that holds the data folder.
//!
//! A Unix socket in the data folder, readable and writable by its owner only. One JSON line in, one JSON line out.

use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context, bail};
use serde::{Deserialize, Serialize};
use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::{UnixListener, UnixStream};

use crate::cli::RebuildCommand;
use crate::pipeline::{OperatorCommand, Pipeline, WithdrawPart};

/// Longest line the serving process reads: notes of 64 KiB, of which each sign may be spelt out as six.
const MAX_LINE: u64 = 512 * 1024;
/// Longest answer: a preview holds many excerpts.
const MAX_ANSWER: u64 = 1024 * 1024;

/// What a command asks of the serving process.
#[derive(Debug, Serialize, Deserialize)]
#[serde(tag = "command", rename_all = "snake_case")]
pub(crate) enum Request {
    Withdraw {
        network: String,
        part: Option<WithdrawPart>,
        purge: bool,
    },
    Admin {
        order: OperatorCommand,
    },
    Crawl,
    /// The bad states that the process knows of.
    Signs,
    Rebuild {
        what: String,
    },
}

#[derive(Debug, Serialize, Deserialize)]
#[serde(tag = "outcome", rename_all = "snake_case")]
enum Answer {
    Done { value: serde_json::Value },
    Failed { error: String },
}

fn path(data: &Path) -> PathBuf {
    data.join("control.sock")
}

/// Asks the process that serves `data`; `None` where no process answers there.
pub(crate) async fn ask(
    data: &Path,
    request: &Request,
) -> anyhow::Result<Option<serde_json::Value>> {
    let Ok(mut stream) = UnixStream::connect(path(data)).await else {
        return Ok(None);
    };
    let mut line = serde_json::to_string(request)?;
    line.push('\n');
    stream
        .write_all(line.as_bytes())
        .await
        .context("cannot write to the control socket")?;
    let mut answer = String::new();
    BufReader::new(stream)
        .take(MAX_ANSWER)
        .read_line(&mut answer)
        .await
        .context("the serving process ended before it answered")?;
    match serde_json::from_str(&answer).context("the serving process gave no readable answer")? {
        Answer::Done { value } => Ok(Some(value)),
        Answer::Failed { error } => bail!(error),
    }
}

/// The listening end; its file goes when this is dropped.
#[derive(Debug)]
pub(crate) struct Socket {
    path: PathBuf,
    listener: UnixListener,
}

impl Socket {
    /// The data folder's lock must be held: a socket file found here was left by a killed process.
    pub(crate) fn bind(data: &Path) -> anyhow::Result<Self> {
        let path = path(data);
        if path.exists() {
            std::fs::remove_file(&path)
                .with_context(|| format!("cannot remove the old {}", path.display()))?;
        }
        let listener = UnixListener::bind(&path).with_context(|| {
            format!(
                "cannot listen on {}: is the path longer than 100 characters?",
                path.display()
            )
        })?;
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o600))
            .with_context(|| format!("cannot protect {}", path.display()))?;
        Ok(Self { path, listener })
    }

    /// Answers until the task is dropped.
    pub(crate) async fn serve(self, pipeline: Arc<Pipeline>) {
        loop {
            let Ok((stream, _)) = self.listener.accept().await else {
                tokio::time::sleep(Duration::from_millis(100)).await;
                continue;
            };
            let pipeline = Arc::clone(&pipeline);
            tokio::spawn(async move {
                if let Err(error) = Box::pin(answer(stream, &pipeline)).await {
                    tracing::warn!("control socket: {error:#}");
                }
            });
        }
    }
}

impl Drop for Socket {
    fn drop(&mut self) {
        // A file that stays behind is removed at the next start.
        let _ = std::fs::remove_file(&self.path);
    }
}

async fn answer(stream: UnixStream, pipeline: &Arc<Pipeline>) -> anyhow::Result<()> {
    let (read, mut write) = stream.into_split();
    let mut line = String::new();
    tokio::time::timeout(
        Duration::from_secs(5),
        BufReader::new(read.take(MAX_LINE)).read_line(&mut line),
    )
    .await??;
    let outcome = match serde_json::from_str(&line) {
        Ok(request) => Box::pin(carry_out(request, pipeline)).await,
        Err(error) => Err(anyhow::anyhow!("the request cannot be read: {error}")),
    };
    let answer = match outcome {
        Ok(value) => Answer::Done { value },
        Err(error) => Answer::Failed {
            error: format!("{error:#}"),
        },
    };
    let mut text = serde_json::to_string(&answer)?;
    text.push('\n');
    write.write_all(text.as_bytes()).await?;
    Ok(())
}

async fn carry_out(
    request: Request,
    pipeline: &Arc<Pipeline>,
) -> anyhow::Result<serde_json::Value> {
    match request {
        Request::Withdraw {
            network,
            part,
            purge,
        } => Ok(serde_json::to_value(
            pipeline.withdraw(&network, part.as_ref(), purge).await?,
        )?),
        Request::Admin { order } => Box::pin(pipeline.carry_out(&order)).await,
        Request::Signs => Ok(serde_json::to_value(
            pipeline.signs.with_those_of(&pipeline.store),
        )?),
        Request::Crawl => Ok(serde_json::to_value(pipeline.crawl_and_tell().await?)?),
        Request::Rebuild { what } if what == "meaning" => {
            let read = pipeline.rebuild_meaning().await?;
            Ok(serde_json::json!({ "conversations": read }))
        }
        Request::Rebuild { what } => {
            let what = match what.as_str() {
                "index" => RebuildCommand::Index,
                "graph" => RebuildCommand::Graph,
                other => bail!("cannot rebuild {other:?}"),
            };
            Ok(serde_json::to_value(pipeline.rebuild(what).await?)?)
        }
    }
}
