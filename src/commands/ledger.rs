//! The ledger and what rests on it: verify, export, audit, backup and restore.

use std::path::Path;
use std::process::ExitCode;

use anyhow::Context;
use discover_model::ledger::LedgerEntry;
use discover_store::Store;

use crate::commands::{open_to_read, say};
use crate::lock::Lock;
use crate::settings::config::Config;

/// Entries read at once.
const PAGE: usize = 1000;

pub(super) async fn verify(config: &Config) -> anyhow::Result<ExitCode> {
    let store = open_to_read(config).await?;
    match store.verify_ledger().await {
        Ok((seq, hash)) => {
            say(&format!("the ledger is whole: {seq} entries, head {hash}"))?;
            Ok(ExitCode::SUCCESS)
        }
        Err(error) => {
            eprintln!("error: the ledger does not verify: {error}");
            Ok(ExitCode::FAILURE)
        }
    }
}

async fn entries(store: &Store) -> anyhow::Result<Vec<LedgerEntry>> {
    let mut all: Vec<LedgerEntry> = Vec::new();
    loop {
        let page = store
            .ledger(all.last().map_or(0, |entry| entry.seq), PAGE)
            .await?;
        if page.is_empty() {
            return Ok(all);
        }
        all.extend(page);
    }
}

pub(super) async fn export(config: &Config) -> anyhow::Result<()> {
    let store = open_to_read(config).await?;
    for entry in entries(&store).await? {
        say(&serde_json::to_string(&entry)?)?;
    }
    Ok(())
}

pub(super) async fn audit(config: &Config) -> anyhow::Result<ExitCode> {
    let store = open_to_read(config).await?;
    let audit = store.audit(config.now()).await?;
    say(&format!(
        "{} of {} stored posts have a valid grant; {} are hidden until their purge or their owner's return",
        audit.posts - audit.without_grant - audit.hidden,
        audit.posts,
        audit.hidden
    ))?;
    Ok(if audit.without_grant == 0 {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}

pub(super) async fn backup(config: &Config, folder: &Path) -> anyhow::Result<()> {
    anyhow::ensure!(
        !folder.exists(),
        "{} exists already: name a new folder",
        folder.display()
    );
    let store = open_to_read(config).await?;
    store.backup(folder).await?;
    say(&format!(
        "{} written; it can be put back with `discover restore`",
        folder.display()
    ))
}

/// Restores into an empty folder, then carries out what a newer ledger says, before anything can be served.
pub(super) async fn restore(
    config: &Config,
    folder: &Path,
    newer: Option<&Path>,
) -> anyhow::Result<()> {
    anyhow::ensure!(
        !config.data.join("store.sqlite3").exists(),
        "the data folder {} already holds a store: restore into an empty folder (--data)",
        config.data.display()
    );
    let _lock = Lock::take(&config.data)?;
    let files = std::fs::read_dir(folder).with_context(|| {
        format!(
            "cannot read {}: name the folder that `discover backup` wrote",
            folder.display()
        )
    })?;
    for file in files {
        let file = file.with_context(|| format!("cannot read {}", folder.display()))?;
        if file.file_type().is_ok_and(|kind| kind.is_file()) {
            let target = config.data.join(file.file_name());
            std::fs::copy(file.path(), &target).with_context(|| {
                format!(
                    "cannot copy {} to {}",
                    file.path().display(),
                    target.display()
                )
            })?;
        }
    }
    let store = Store::open(&config.data, config.zone.clone()).await?;
    store.integrity_check().await?;
    let mut added = 0;
    if let Some(newer) = newer {
        let text = std::fs::read_to_string(newer)
            .with_context(|| format!("cannot read {}", newer.display()))?;
        let mut entries: Vec<LedgerEntry> = Vec::new();
        for (number, line) in text
            .lines()
            .enumerate()
            .filter(|(_, line)| !line.trim().is_empty())
        {
            let entry = serde_json::from_str(line).with_context(|| {
                format!(
                    "{}: line {} is not a ledger entry",
                    newer.display(),
                    number + 1
                )
            })?;
            entries.push(entry);
        }
        added = store.replay_ledger(&entries).await?;
    }
    store.purge(config.now()).await?;
    say(&format!(
        "restored; {added} newer ledger entries carried out"
    ))
}
