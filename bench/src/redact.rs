//! `discover-bench redact`: megabytes of posts redacted in a CPU second, beside one pass of a plain regular expression.

use std::path::Path;

use discover_model::redaction::redact;
use serde::Deserialize;

use crate::measure::{Figure, print, read_lines, timed};

#[derive(Deserialize)]
struct Post {
    text: String,
}

/// `{text}` lines; they are repeated until there are some 20 MB.
pub(crate) fn run(input: &Path) -> anyhow::Result<()> {
    let posts: Vec<Post> = read_lines(input)?;
    let once: usize = posts.iter().map(|post| post.text.len()).sum();
    let rounds = (20_000_000 / once.max(1)).max(1);
    let megabytes = (once * rounds) as f64 / 1e6;
    let (spans, ours) = timed(|| {
        let mut spans = 0;
        for _ in 0..rounds {
            for post in &posts {
                spans += redact(&post.text).spans.len();
            }
        }
        spans
    });
    let plain = regex::Regex::new(r"[0-9][0-9 -]{7,}[0-9]|[^\s@]+@[^\s@]+")?;
    let (found, ceiling) = timed(|| {
        let mut found = 0;
        for _ in 0..rounds {
            for post in &posts {
                found += plain.find_iter(&post.text).count();
            }
        }
        found
    });
    tracing::debug!(spans, found, "pieces");
    print(&[Figure::new(
        "redaction",
        "MB per CPU second",
        megabytes / ours.as_secs_f64(),
        megabytes / ceiling.as_secs_f64(),
        "one pass of one regular expression",
    )]);
    Ok(())
}
