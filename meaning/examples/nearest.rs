//! Writes what is nearest to each text of a file, and prints what reading costs.
//!
//! ```console
//! $ cargo run --release -p discover-meaning --example nearest -- MODEL texts.jsonl out.jsonl
//! ```
//!
//! In: JSON lines `{id, text, language, set?}`; texts of one `set` are one pool. Out: `{id, related}`, best first.

use std::collections::BTreeMap;
use std::error::Error;
use std::io::Write;
use std::path::Path;

use discover_meaning::{Encoder, Entry, Space};
use discover_model::{ConversationId, Language};
use jiff::Timestamp;
use serde::Deserialize;

#[derive(Debug, Deserialize)]
struct Line {
    id: String,
    text: String,
    language: Option<String>,
    #[serde(default)]
    set: String,
}

/// Written of each text.
const NEAREST: usize = 50;

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [model, input, out] = arguments.as_slice() else {
        return Err("usage: nearest MODEL IN OUT".into());
    };
    let encoder = Encoder::open(Path::new(model))?;
    println!(
        "{}: {} numbers a text, languages known: {}",
        encoder.graph(),
        encoder.dimensions(),
        encoder.offsets().map_or(0, |table| table.languages())
    );
    let mut pools: BTreeMap<String, Vec<Line>> = BTreeMap::new();
    for line in std::fs::read_to_string(input)?.lines() {
        let line: Line = serde_json::from_str(line)?;
        pools.entry(line.set.clone()).or_default().push(line);
    }
    let mut out = std::io::BufWriter::new(std::fs::File::create(out)?);
    for (name, lines) in pools {
        let texts: Vec<String> = lines.iter().map(|line| line.text.clone()).collect();
        let before = cpu_seconds();
        let (vectors, pieces) = encoder.encode_all(&texts, 1, || ())?;
        let spent = cpu_seconds() - before;
        let held = lines
            .iter()
            .zip(vectors)
            .zip(1..)
            .map(|((line, vector), number)| Entry {
                id: ConversationId::from_u128(number),
                language: line.language.as_deref().and_then(Language::from_tag),
                started: Some(Timestamp::UNIX_EPOCH),
                vector,
            });
        let before = cpu_seconds();
        let space = Space::of(held.collect(), encoder.dimensions(), encoder.offsets());
        for (line, number) in lines.iter().zip(1..) {
            let near = space.nearest(ConversationId::from_u128(number), NEAREST);
            let related: Vec<&str> = near
                .iter()
                .map(|near| lines[near.id.as_u128() as usize - 1].id.as_str())
                .collect();
            writeln!(
                out,
                "{}",
                serde_json::json!({"id": line.id, "related": related})
            )?;
        }
        println!(
            "{name}: {} texts, {pieces} pieces, {:.0} pieces a CPU second; chance {:.3}; nearest {:.2} ms each",
            lines.len(),
            pieces as f64 / spent,
            space.chance(),
            (cpu_seconds() - before) / lines.len() as f64 * 1e3
        );
    }
    Ok(out.flush()?)
}

/// CPU time of all threads of this process.
fn cpu_seconds() -> f64 {
    let stat = std::fs::read_to_string("/proc/self/stat").unwrap_or_default();
    let fields: Vec<&str> = stat
        .rsplit(')')
        .next()
        .unwrap_or_default()
        .split_whitespace()
        .collect();
    let ticks = |at: usize| {
        fields
            .get(at)
            .and_then(|field| field.parse::<f64>().ok())
            .unwrap_or(0.0)
    };
    // utime and stime, in hundredths of a second.
    (ticks(11) + ticks(12)) / 100.0
}
