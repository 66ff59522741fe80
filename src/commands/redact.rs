//! `discover redact`: JSON lines `{"text"}` in, `{"text","spans"}` out; offsets in code points of the input.

use std::io::{BufRead, Write};

use anyhow::Context;
use discover_model::redaction;
use serde::Deserialize;

#[derive(Deserialize)]
struct Line {
    text: String,
}

pub(super) fn run() -> anyhow::Result<()> {
    let mut out = std::io::BufWriter::new(std::io::stdout().lock());
    for (number, line) in std::io::stdin().lock().lines().enumerate() {
        let line = line.context("cannot read standard input")?;
        if line.trim().is_empty() {
            continue;
        }
        let Line { text } = serde_json::from_str(&line).with_context(|| {
            format!(
                "line {} is not JSON of the form {{\"text\":\"…\"}}",
                number + 1
            )
        })?;
        serde_json::to_writer(&mut out, &redaction::redact(&text))?;
        out.write_all(b"\n")?;
    }
    Ok(out.flush()?)
}
