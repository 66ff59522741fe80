//! The real executable, run as an operator runs it, and what it used.

use std::io::{BufRead, BufReader};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc;
use std::time::{Duration, Instant};

use anyhow::{Context, bail};

use crate::service::client;

/// How long the executable may take to begin.
const BEGIN: Duration = Duration::from_mins(3);
/// How often a running command's memory is looked at.
const LOOK: Duration = Duration::from_millis(10);

/// The executable with one data folder.
pub(crate) struct Executable {
    binary: PathBuf,
    data: PathBuf,
    registry: PathBuf,
}

/// What a command that ended said and used.
pub(crate) struct Ran {
    pub(crate) said: String,
    /// User and system time of all its threads, in seconds, to the hundredth.
    pub(crate) cpu: f64,
    /// Seconds from its start to its end.
    pub(crate) took: f64,
    /// Most memory that was resident at once, in bytes.
    pub(crate) peak: u64,
}

impl Executable {
    /// `folder` holds the data folder and the registry file.
    pub(crate) fn new(binary: &Path, folder: &Path) -> anyhow::Result<Self> {
        Ok(Self {
            binary: std::fs::canonicalize(binary)
                .with_context(|| format!("cannot find {}", binary.display()))?,
            data: folder.join("data"),
            registry: folder.join("sources.toml"),
        })
    }

    /// The same over a copy of its data, which lies beside it: a round on one leaves the other as it was.
    pub(crate) fn copied(&self) -> anyhow::Result<Self> {
        let data = self.data.with_extension("copy");
        copy(&self.data, &data).with_context(|| format!("cannot copy to {}", data.display()))?;
        Ok(Self {
            binary: self.binary.clone(),
            data,
            registry: self.registry.clone(),
        })
    }

    pub(crate) fn registry(&self) -> &Path {
        &self.registry
    }

    /// The median of how long searches on the command line take, and of their CPU time, in milliseconds. `arguments` come
    /// before `search`.
    pub(crate) fn searches(
        &self,
        arguments: &[&str],
        queries: &[String],
    ) -> anyhow::Result<(f64, f64)> {
        let (mut took, mut cpu) = (Vec::new(), Vec::new());
        for query in queries {
            let search = ["search", "--json", "--", query.as_str()];
            let ran = self.measured(&[arguments, &search].concat())?;
            took.push(ran.took * 1e3);
            cpu.push(ran.cpu * 1e3);
        }
        Ok((median(took), median(cpu)))
    }

    /// Bytes of what lies at this place in the data folder.
    pub(crate) fn bytes(&self, place: &str) -> u64 {
        bytes(&self.data.join(place))
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(&self.binary);
        command
            .args([
                "--allow-loopback",
                "--gap",
                "0",
                "--contact",
                "bench@example.org",
            ])
            .arg("--data")
            .arg(&self.data)
            .arg("--sources")
            .arg(&self.registry)
            .args(arguments)
            .env("NO_COLOR", "1");
        command
    }

    /// Runs a command to its end.
    pub(crate) fn run(&self, arguments: &[&str]) -> anyhow::Result<String> {
        Ok(self.measured(arguments)?.said)
    }

    /// Runs a command to its end and says what it used. One at a time: the time is that of all children that ended.
    pub(crate) fn measured(&self, arguments: &[&str]) -> anyhow::Result<Ran> {
        let (before, began) = (children_cpu(), Instant::now());
        let child = self
            .command(arguments)
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()?;
        let id = child.id();
        let looking = std::thread::spawn(move || {
            let mut peak = 0;
            while let Some(now) = memory(id, "VmHWM:") {
                peak = peak.max(now);
                std::thread::sleep(LOOK);
            }
            peak
        });
        let output = child.wait_with_output()?;
        let took = began.elapsed().as_secs_f64();
        let peak = looking.join().unwrap_or_default();
        if !output.status.success() {
            bail!(
                "discover {}: {}",
                arguments.join(" "),
                String::from_utf8_lossy(&output.stderr)
            );
        }
        Ok(Ran {
            said: String::from_utf8_lossy(&output.stdout).into_owned(),
            cpu: children_cpu() - before,
            took,
            peak,
        })
    }

    /// Starts the site and waits until it answers. `arguments` come before `serve`.
    pub(crate) async fn serve(&self, arguments: &[&str]) -> anyhow::Result<Serving> {
        let mut child = self
            .command(arguments)
            .args(["--listen", "127.0.0.1:0", "serve"])
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()?;
        let errors = child.stderr.take().context("standard error is piped")?;
        let (sender, receiver) = mpsc::channel();
        std::thread::spawn(move || {
            for line in BufReader::new(errors).lines().map_while(Result::ok) {
                if let Some((_, rest)) = line.split_once("http://127.0.0.1:") {
                    let port: String = rest.chars().take_while(char::is_ascii_digit).collect();
                    // The bench may have stopped listening.
                    let _ = sender.send(port);
                }
            }
        });
        let mut serving = Serving {
            child,
            address: SocketAddr::from(([127, 0, 0, 1], 0)),
        };
        let port = tokio::task::spawn_blocking(move || receiver.recv_timeout(BEGIN)).await??;
        serving.address.set_port(port.parse()?);
        let began = Instant::now();
        loop {
            match client::ask(serving.address, "/readyz").await {
                Ok((200, _)) => return Ok(serving),
                _ if began.elapsed() > BEGIN => bail!("the site does not become ready"),
                _ => tokio::time::sleep(Duration::from_millis(100)).await,
            }
        }
    }
}

/// The site; ended when dropped.
pub(crate) struct Serving {
    child: Child,
    pub(crate) address: SocketAddr,
}

impl Serving {
    /// CPU seconds and megabytes of its own the site has used so far.
    pub(crate) fn used(&self) -> (f64, f64) {
        let own = memory(self.child.id(), "RssAnon:").unwrap_or_default();
        let (user, system) = (13, 14);
        let cpu = ticks(&self.child.id().to_string(), [user, system]);
        (cpu, own as f64 / 1024.0 / 1024.0)
    }

    /// Bytes resident now, pages of files included.
    pub(crate) fn resident(&self) -> u64 {
        memory(self.child.id(), "VmRSS:").unwrap_or_default()
    }

    /// Ends the site as an operator would.
    pub(crate) fn stop(&mut self) -> anyhow::Result<()> {
        Command::new("kill")
            .arg(self.child.id().to_string())
            .status()?;
        self.child.wait()?;
        Ok(())
    }
}

impl Drop for Serving {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// User and system time of all children that ended and were waited for, with that of their ended threads.
fn children_cpu() -> f64 {
    let (user, system) = (15, 16);
    ticks("self", [user, system])
}

/// The sum of two fields of a process's `stat`, counted from 0, that are in hundredths of a second.
fn ticks(process: &str, fields: [usize; 2]) -> f64 {
    let stat = std::fs::read_to_string(format!("/proc/{process}/stat")).unwrap_or_default();
    // The name may hold blanks; it is the second field.
    let after_name = stat.rsplit(')').next().unwrap_or_default();
    let field = |at: usize| -> f64 {
        let value = after_name.split_whitespace().nth(at - 2);
        value.and_then(|value| value.parse().ok()).unwrap_or(0.0)
    };
    fields.map(field).iter().sum::<f64>() / 100.0
}

/// A line of a process's `status` that is in kB, in bytes; `None` when the process has ended.
fn memory(process: u32, line: &str) -> Option<u64> {
    let status = std::fs::read_to_string(format!("/proc/{process}/status")).ok()?;
    let found = status.lines().find(|found| found.starts_with(line))?;
    let kib: u64 = found.split_whitespace().nth(1)?.parse().ok()?;
    Some(kib * 1024)
}

fn median(mut all: Vec<f64>) -> f64 {
    all.sort_by(f64::total_cmp);
    all.get(all.len() / 2).copied().unwrap_or(f64::NAN)
}

fn bytes(place: &Path) -> u64 {
    let Ok(entries) = std::fs::read_dir(place) else {
        return std::fs::metadata(place).map_or(0, |found| found.len());
    };
    entries.flatten().map(|entry| bytes(&entry.path())).sum()
}

/// A folder with all that lies in it.
fn copy(from: &Path, to: &Path) -> std::io::Result<()> {
    std::fs::create_dir(to)?;
    for entry in std::fs::read_dir(from)? {
        let entry = entry?;
        let (kind, to) = (entry.file_type()?, to.join(entry.file_name()));
        if kind.is_dir() {
            copy(&entry.path(), &to)?;
        } else if kind.is_file() {
            std::fs::copy(entry.path(), to)?;
        }
    }
    Ok(())
}
