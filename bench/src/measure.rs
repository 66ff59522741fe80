//! CPU time, memory and how figures are shown: ours beside the ceiling's of the same run, and their ratio.

use std::path::Path;
use std::time::Duration;

use anyhow::Context;
use serde::Serialize;
use serde::de::DeserializeOwned;

/// CPU time of this process so far: of its threads by the scheduler's own account (nanoseconds), or by the clock ticks
/// of the whole process where those of ended threads make it more.
pub(crate) fn process_cpu() -> Duration {
    threads_cpu().max(ticks_cpu().unwrap_or_default())
}

fn threads_cpu() -> Duration {
    let Ok(tasks) = std::fs::read_dir("/proc/self/task") else {
        return Duration::ZERO;
    };
    tasks
        .flatten()
        .filter_map(|task| std::fs::read_to_string(task.path().join("schedstat")).ok())
        .filter_map(|text| text.split(' ').next()?.parse::<u64>().ok())
        .map(Duration::from_nanos)
        .sum()
}

/// User and system time, ended threads included, in hundredths of a second (Linux shows no finer ones here).
fn ticks_cpu() -> Option<Duration> {
    let stat = std::fs::read_to_string("/proc/self/stat").ok()?;
    // The second field is the program's name in brackets, which may hold blanks.
    let fields: Vec<&str> = stat.rsplit_once(')')?.1.split_whitespace().collect();
    let ticks: u64 = fields.get(11)?.parse::<u64>().ok()? + fields.get(12)?.parse::<u64>().ok()?;
    Some(Duration::from_millis(ticks * 10))
}

/// CPU time of this thread so far.
pub(crate) fn thread_cpu() -> Duration {
    let text = std::fs::read_to_string("/proc/thread-self/schedstat").unwrap_or_default();
    Duration::from_nanos(
        text.split(' ')
            .next()
            .and_then(|field| field.parse().ok())
            .unwrap_or_default(),
    )
}

/// Runs `work` on this thread and returns its CPU time.
pub(crate) fn timed<T>(work: impl FnOnce() -> T) -> (T, Duration) {
    let before = thread_cpu();
    let value = work();
    (value, thread_cpu().saturating_sub(before))
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
