//! The ledger and what rests on it: verify, export, audit, backup and restore.

use std::path::Path;
use std::process::ExitCode;

use anyhow::Context;
use discover_model::grant::GrantState;
use discover_model::ledger::{Actor, LedgerEntry, LedgerEvent, LedgerFact};
use discover_store::{FILE, RESTORING, SignedHead, Store};
use serde::de::DeserializeOwned;

use crate::commands::{open_to_read, say};
use crate::lock::DataLock;
use crate::settings::config::Config;

/// Entries read at once.
const PAGE: usize = 1000;

pub(super) async fn verify(config: &Config, heads: Option<&Path>) -> anyhow::Result<ExitCode> {
    let store = open_to_read(config).await?;
    let kept: Vec<SignedHead> = match heads {
        Some(file) => json_lines(file, "a signed head")?,
        None => Vec::new(),
    };
    let checked = async {
        let end = store.verify_ledger().await?;
        for head in &kept {
            store.check_kept_head(head).await?;
        }
        Ok::<_, discover_store::StoreError>(end)
    };
    match checked.await {
        Ok((seq, hash)) => {
            let signed = store.signed_heads(usize::MAX >> 1).await?.len();
            say(&format!(
                "the ledger is whole: {seq} entries, head {hash}; {signed} signed heads here and {} kept elsewhere fit it",
                kept.len()
            ))?;
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

pub(super) async fn heads(config: &Config) -> anyhow::Result<()> {
    let store = open_to_read(config).await?;
    for head in store.signed_heads(usize::MAX >> 1).await? {
        say(&serde_json::to_string(&head)?)?;
    }
    Ok(())
}

/// A file of JSON lines.
fn json_lines<T: DeserializeOwned>(file: &Path, what: &str) -> anyhow::Result<Vec<T>> {
    let text =
        std::fs::read_to_string(file).with_context(|| format!("cannot read {}", file.display()))?;
    text.lines()
        .enumerate()
        .filter(|(_, line)| !line.trim().is_empty())
        .map(|(number, line)| {
            serde_json::from_str(line)
                .with_context(|| format!("{}: line {} is not {what}", file.display(), number + 1))
        })
        .collect()
}

pub(super) async fn audit(config: &Config) -> anyhow::Result<ExitCode> {
    let store = open_to_read(config).await?;
    let audit = store.audit(config.now()).await?;
    say(&format!(
        "{} of {} stored posts are shown, each under a valid grant that the ledger records; {} are hidden until their purge, a decision, or their proof's or owner's return",
        audit.granted, audit.posts, audit.hidden
    ))?;
    if audit.is_clean() {
        return Ok(ExitCode::SUCCESS);
    }
    eprintln!(
        "error: {} posts are shown without a valid grant, and {} grants are not what the ledger recorded: withdraw them with `discover withdraw`, or restore a backup",
        audit.without_grant, audit.unrecorded_grants
    );
    Ok(ExitCode::FAILURE)
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
    anyhow::ensure!(
        folder.join(FILE).is_file(),
        "{} is no backup: name a folder that `discover backup` wrote",
        folder.display()
    );
    let _lock = DataLock::take(&config.data)?;
    // Whoever is killed before the end leaves no store that could be served.
    let aside = config.data.join(RESTORING);
    if aside.exists() {
        std::fs::remove_dir_all(&aside)
            .with_context(|| format!("removing {}, left by a restore", aside.display()))?;
    }
    discover_store::put_back(folder, &aside)?;
    let store = Store::open(&aside, config.zone.clone()).await?;
    store.integrity_check().await?;
    let mut added = 0;
    if let Some(newer) = newer {
        let entries: Vec<LedgerEntry> = json_lines(newer, "a ledger entry")?;
        added = store.replay_ledger(&entries).await?;
    }
    let knows_more = added > 0;
    if !knows_more {
        // Nobody says who left since: everything is hidden until its proof is seen again.
        lapse_all(&store, config).await?;
        store.begin_proof_epoch(config.now()).await?;
    }
    // Which keys were revoked since nobody says either.
    store.revoke_all_analyst_keys().await?;
    // Nor which notes on topics were taken away.
    store.forget_annotations().await?;
    // Index and graph are made from what is left.
    let erased = store.erase(config.now()).await?;
    store.receipt(&erased, config.now()).await?;
    for network in store.networks().await? {
        let restored = LedgerFact::new(
            config.now(),
            LedgerEvent::Restored,
            network.id,
            Actor::Operator,
        );
        store.append_ledger(restored).await?;
    }
    store.close().await;
    if let Some(address) = &config.store {
        store.copy_to_postgres(address).await?;
    }
    drop(store);
    if config.store.is_some() {
        // Its rows are elsewhere now; the keys beside it stay here.
        std::fs::remove_file(aside.join(FILE))
            .with_context(|| format!("removing the copy in {}", aside.display()))?;
    }
    move_up(&aside, &config.data)
        .with_context(|| format!("moving {} into its place", aside.display()))?;
    say(&if knows_more {
        format!("restored; {added} newer ledger entries carried out")
    } else {
        "restored; without a newer ledger (--ledger) everything is hidden until each network has put up a new token (`discover sources token`) and it was seen, and of notes until you have seen a new document (`discover sources renew`)"
            .to_owned()
    })
}

/// Moves what was restored into its place, the store last of all: until then there is none. What a closed store leaves of
/// its log is empty, and goes by itself meanwhile.
fn move_up(aside: &Path, data: &Path) -> std::io::Result<()> {
    let mut names: Vec<String> = Vec::new();
    for entry in std::fs::read_dir(aside)? {
        let name = entry?.file_name().to_string_lossy().into_owned();
        let kept = match std::fs::metadata(aside.join(&name)) {
            Ok(about) => about.len() > 0 && !name.ends_with("-shm"),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => false,
            Err(error) => return Err(error),
        };
        if kept {
            names.push(name);
        }
    }
    names.sort_by_key(|name| name == FILE);
    for name in &names {
        std::fs::rename(aside.join(name), data.join(name))?;
    }
    std::fs::File::open(data)?.sync_all()?;
    std::fs::remove_dir_all(aside)
}

async fn lapse_all(store: &Store, config: &Config) -> anyhow::Result<()> {
    let now = config.now();
    for grant in store.grants(None).await? {
        if matches!(grant.state, GrantState::Live | GrantState::Paused) {
            let lapsed = grant.in_state(GrantState::Lapsed);
            store
                .put_grant(&lapsed, LedgerEvent::Lapsed, Actor::System, now)
                .await?;
        }
    }
    for look in store.proof_checks(None).await? {
        store
            .put_proof_check(&discover_store::ProofCheck {
                next_check: now,
                ..look
            })
            .await?;
    }
    Ok(())
}
