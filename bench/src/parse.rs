//! `discover-bench parse`: megabytes of feeds parsed in a CPU second, beside bare feed-rs on the same files; and what
//! items cost that are made of them (plain text, links, keys), which feed-rs does not do.

use std::path::Path;

use anyhow::Context;
use discover_crawler::parse::{self, Head};
use discover_model::{NetworkId, Source, SourceKind, SourceOptions};
use url::Url;

use crate::measure::{Figure, print, timed};

/// How often each file is parsed.
const ROUNDS: usize = 10;

/// Classes of file sizes.
const SIZES: [(usize, usize); 5] = [
    (0, 20_000),
    (20_000, 60_000),
    (60_000, 120_000),
    (120_000, 300_000),
    (300_000, usize::MAX),
];

/// Every file of `folder` is a feed.
#[expect(clippy::print_stdout, reason = "the figures are this program's output")]
pub(crate) fn run(folder: &Path) -> anyhow::Result<()> {
    let mut files: Vec<_> = std::fs::read_dir(folder)
        .with_context(|| format!("cannot read {}", folder.display()))?
        .flatten()
        .map(|entry| entry.path())
        .collect();
    files.sort();
    let feeds: Vec<Vec<u8>> = files.iter().map(std::fs::read).collect::<Result<_, _>>()?;
    let megabytes = feeds.iter().map(Vec::len).sum::<usize>() as f64 * ROUNDS as f64 / 1e6;
    let base = Url::parse("https://site.example/feed")?;
    let head = Head {
        content_type: None,
        content_location: None,
        content_language: None,
    };
    let ((read, entries), ours) = timed(|| {
        let (mut read, mut entries) = (0, 0);
        for _ in 0..ROUNDS {
            for feed in &feeds {
                if let Ok(parsed) = parse::feed(feed, &base, &head) {
                    read += 1;
                    entries += parsed.entries.len();
                }
            }
        }
        (read / ROUNDS, entries / ROUNDS)
    });
    let ((bare, bare_entries), ceiling) = timed(|| {
        let (mut read, mut entries) = (0, 0);
        for _ in 0..ROUNDS {
            for feed in &feeds {
                if let Ok(parsed) = feed_rs::parser::parse(feed.as_slice()) {
                    read += 1;
                    entries += parsed.entries.len();
                }
            }
        }
        (read / ROUNDS, entries / ROUNDS)
    });
    let source = Source::new(
        NetworkId::from_u128(1),
        SourceKind::Feed,
        base.clone(),
        SourceOptions::default(),
    );
    println!(
        "| bytes a file | files | mean bytes | us to parse | us to parse and make items |\n|---|--:|--:|--:|--:|"
    );
    for (least, most) in SIZES {
        let class: Vec<&Vec<u8>> = feeds
            .iter()
            .filter(|feed| (least..most).contains(&feed.len()))
            .collect();
        let each = |cpu: std::time::Duration| {
            cpu.as_secs_f64() * 1e6 / (class.len().max(1) * ROUNDS) as f64
        };
        let ((), parse) = timed(|| {
            for feed in class.iter().cycle().take(class.len() * ROUNDS) {
                let _ = std::hint::black_box(parse::feed(feed, &base, &head));
            }
        });
        let ((), all) = timed(|| {
            for feed in class.iter().cycle().take(class.len() * ROUNDS) {
                let parsed = parse::feed(feed, &base, &head);
                let _ = std::hint::black_box(parsed.map(|parsed| parse::items(&parsed, &source)));
            }
        });
        let bytes: usize = class.iter().map(|feed| feed.len()).sum();
        println!(
            "| {least}..{most} | {} | {} | {:.0} | {:.0} |",
            class.len(),
            bytes / class.len().max(1),
            each(parse),
            each(all)
        );
    }
    println!(
        "{} files: ours reads {read} ({entries} entries), bare feed-rs {bare} ({bare_entries} entries)",
        feeds.len()
    );
    print(&[Figure::new(
        "feeds parsed",
        "MB per CPU second",
        megabytes / ours.as_secs_f64(),
        megabytes / ceiling.as_secs_f64(),
        "bare feed-rs on the same files",
    )]);
    Ok(())
}
