//! Makes the table that `discover-indexer` decides languages by, from the figures that the `lingua` models publish.
//!
//! `cargo run --release -- FILE` writes it; the same figures give the same bytes on every machine.

mod counts;
mod file;
mod model;
mod ngram;
mod sources;

use std::path::PathBuf;

use anyhow::Context;

fn main() -> anyhow::Result<()> {
    let out = std::env::args_os()
        .nth(1)
        .map(PathBuf::from)
        .context("usage: discover-language-table FILE")?;
    let mut table = file::Table::default();
    for ((name, code), path) in sources::LANGUAGES.iter().zip(sources::files()?) {
        let read = || {
            let counts = counts::read(&path)?;
            let weights = model::weights(&counts)?;
            anyhow::Ok((counts.script, weights))
        };
        let (script, weights) = read().with_context(|| format!("{name}, {}", path.display()))?;
        eprintln!("{code} {} {}", script.short_name(), weights.len());
        table.add(code, script, &weights)?;
    }
    let bytes = table.bytes()?;
    std::fs::write(&out, bytes).with_context(|| format!("writing {}", out.display()))
}
