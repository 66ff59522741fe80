//! CPU time, memory and how figures are shown: ours beside the ceiling's of the same run, and their ratio.

use std::path::Path;
use std::time::Duration;

use anyhow::Context;
use cpu_time::{ProcessTime, ThreadTime};
use serde::Serialize;
use serde::de::DeserializeOwned;

/// CPU time of this process so far, with that of threads that have ended.
pub(crate) fn process_cpu() -> Duration {
    ProcessTime::try_now().map_or(Duration::ZERO, |time| time.as_duration())
}

/// CPU time of this thread so far.
pub(crate) fn thread_cpu() -> Duration {
    ThreadTime::try_now().map_or(Duration::ZERO, |time| time.as_duration())
}

/// Runs `work` on this thread and returns its CPU time.
pub(crate) fn timed<T>(work: impl FnOnce() -> T) -> (T, Duration) {
    let before = thread_cpu();
    let value = work();
    (value, thread_cpu().saturating_sub(before))
}

/// Memory of this process that is its own: what the system reports, without pages of files.
pub(crate) fn own_memory() -> u64 {
    status_kib("RssAnon:") * 1024
}

/// Pages of files (the program with its models, the index) that are in memory for this process.
pub(crate) fn file_memory() -> u64 {
    status_kib("RssFile:") * 1024
}

fn status_kib(name: &str) -> u64 {
    std::fs::read_to_string("/proc/self/status")
        .ok()
        .and_then(|text| {
            let line = text.lines().find(|line| line.starts_with(name))?;
            line.split_whitespace().nth(1)?.parse().ok()
        })
        .unwrap_or_default()
}

/// One figure and its ceiling.
#[derive(Debug, Serialize)]
pub(crate) struct Figure {
    pub what: String,
    pub unit: &'static str,
    pub ours: f64,
    pub ceiling: f64,
    /// What the ceiling is.
    pub against: &'static str,
    /// Ours divided by the ceiling's.
    pub ratio: f64,
}

impl Figure {
    pub(crate) fn new(
        what: impl Into<String>,
        unit: &'static str,
        ours: f64,
        ceiling: f64,
        against: &'static str,
    ) -> Self {
        let ratio = if ceiling > 0.0 {
            ours / ceiling
        } else {
            f64::NAN
        };
        Self {
            what: what.into(),
            unit,
            ours,
            ceiling,
            against,
            ratio,
        }
    }
}

/// Prints figures as a table, and as one JSON line.
#[expect(clippy::print_stdout, reason = "the figures are this program's output")]
pub(crate) fn print(figures: &[Figure]) {
    println!("| what | unit | ours | ceiling | ratio | ceiling is |\n|---|---|--:|--:|--:|---|");
    for figure in figures {
        println!(
            "| {} | {} | {:.2} | {:.2} | {:.2} | {} |",
            figure.what, figure.unit, figure.ours, figure.ceiling, figure.ratio, figure.against
        );
    }
    println!("{}", serde_json::to_string(figures).unwrap_or_default());
}

/// Reads JSON lines.
pub(crate) fn read_lines<T: DeserializeOwned>(file: &Path) -> anyhow::Result<Vec<T>> {
    let text =
        std::fs::read_to_string(file).with_context(|| format!("cannot read {}", file.display()))?;
    text.lines()
        .enumerate()
        .filter(|(_, line)| !line.trim().is_empty())
        .map(|(number, line)| {
            serde_json::from_str(line)
                .with_context(|| format!("{}: line {} cannot be read", file.display(), number + 1))
        })
        .collect()
}

/// Writes JSON lines.
pub(crate) fn write_lines<T: Serialize>(
    file: &Path,
    lines: impl IntoIterator<Item = T>,
) -> anyhow::Result<()> {
    let mut text = String::new();
    for line in lines {
        text.push_str(&serde_json::to_string(&line)?);
        text.push('\n');
    }
    std::fs::write(file, text).with_context(|| format!("cannot write {}", file.display()))
}
