//! Withdrawals that were accepted and do not stand in the database yet.
//!
//! Contract: a withdrawal hides at once, whoever holds the database's lock and whatever the disk does. It is noted in memory
//! first, then put into a small file beside the store, whole and synced, for the next start. It leaves both when the
//! database has it. A file found damaged at a start is an error: nothing is shown until somebody has set aside what cannot
//! be read ([`set_aside_damaged`]); one damaged later is written again from memory ([`Store::check_pending_file`]).

use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::sync::{MutexGuard, PoisonError};

use discover_model::Visibility;
use discover_model::ledger::Actor;
use discover_model::proof::sha256_hex;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::consent::visibility;
use crate::{Hide, Store, StoreError, files};

const FILE: &str = "withdrawals.pending";
/// Lines of it that could not be read.
const DAMAGED: &str = "withdrawals.damaged";

/// An accepted withdrawal.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PendingWithdrawal {
    pub what: Hide,
    pub actor: Actor,
    pub at: Timestamp,
}

fn path(dir: &Path) -> PathBuf {
    dir.join(FILE)
}

/// What the file holds; nothing where there is none.
fn read(dir: &Path) -> Result<Vec<PendingWithdrawal>, StoreError> {
    let path = path(dir);
    let lines = lines(&path)?;
    let read = lines.iter().enumerate().map(|(at, line)| {
        parse(line).ok_or_else(|| StoreError::PendingDamaged {
            path: path.clone(),
            line: at + 1,
        })
    });
    read.collect()
}

/// A line: the SHA-256 of the JSON in hexadecimal, a space, the JSON. A single changed bit could name another network.
fn render(pending: &[PendingWithdrawal]) -> String {
    let mut text = String::new();
    for one in pending {
        let json = serde_json::to_string(one).expect("ids and times become JSON");
        text.push_str(&sha256_hex(json.as_bytes()));
        text.push(' ');
        text.push_str(&json);
        text.push('\n');
    }
    text
}

fn parse(line: &[u8]) -> Option<PendingWithdrawal> {
    let (sum, json) = std::str::from_utf8(line).ok()?.split_once(' ')?;
    (sum == sha256_hex(json.as_bytes()))
        .then(|| serde_json::from_str(json).ok())
        .flatten()
}

fn lines(path: &Path) -> Result<Vec<Vec<u8>>, StoreError> {
    let bytes = match std::fs::read(path) {
        Ok(bytes) => bytes,
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(StoreError::io(path, error)),
    };
    // An empty file is one line that cannot be read: where nothing waits there is none.
    let whole = bytes.strip_suffix(b"\n").unwrap_or(&bytes);
    let lines = whole.split(|byte| *byte == b'\n');
    Ok(lines.map(<[u8]>::to_vec).collect())
}

/// Moves the lines that cannot be read into a file of their own, so that the rest counts again; how many there were. Only
/// while nothing has the store open.
pub fn set_aside_damaged(dir: &Path) -> Result<usize, StoreError> {
    let path = path(dir);
    let (mut pending, mut damaged) = (Vec::new(), Vec::new());
    for line in lines(&path)? {
        match parse(&line) {
            Some(one) => pending.push(one),
            None => damaged.push(line),
        }
    }
    if damaged.is_empty() {
        return Ok(0);
    }
    let aside = dir.join(DAMAGED);
    let mut kept = lines(&aside)?;
    kept.extend_from_slice(&damaged);
    let mut bytes = kept.join(&b'\n');
    bytes.push(b'\n');
    files::write_durably(&aside, &bytes).map_err(|error| StoreError::io(&aside, error))?;
    replace(dir, &pending)?;
    Ok(damaged.len())
}

fn write(dir: &Path, pending: &[PendingWithdrawal]) -> Result<(), StoreError> {
    let path = path(dir);
    let text = render(pending);
    files::write_durably(&path, text.as_bytes()).map_err(|error| StoreError::io(&path, error))
}

/// The same, and no file where nothing is left.
fn replace(dir: &Path, pending: &[PendingWithdrawal]) -> Result<(), StoreError> {
    if !pending.is_empty() {
        return write(dir, pending);
    }
    let path = path(dir);
    match std::fs::remove_file(&path) {
        Err(error) if error.kind() != ErrorKind::NotFound => Err(StoreError::io(&path, error)),
        _ => Ok(()),
    }
}

/// Each once, whoever asked for it first.
fn add(pending: &mut Vec<PendingWithdrawal>, more: Vec<PendingWithdrawal>) {
    for one in more {
        if !pending.iter().any(|held| held.what == one.what) {
            pending.push(one);
        }
    }
}

impl Store {
    /// What must not be shown now: everything hidden, networks that paused, lapsed or withdrew, and what is to be
    /// withdrawn as soon as the database can be written.
    pub async fn visibility(&self) -> Result<Visibility, StoreError> {
        // Before the database: what leaves them meanwhile stands there already.
        let pending = self.pending_withdrawals()?;
        let mut visibility = self.named(visibility::read(self.readers()).await)?;
        for one in pending {
            one.what.hide_in(&mut visibility);
        }
        Ok(visibility)
    }

    /// Withdrawals that wait for the database: those in the file, oldest first, then those that it could not take yet.
    pub fn pending_withdrawals(&self) -> Result<Vec<PendingWithdrawal>, StoreError> {
        // These first: what leaves them meanwhile is among the saved already.
        let unsaved = self.unsaved().clone();
        let mut pending = self.saved_withdrawals()?;
        add(&mut pending, unsaved);
        Ok(pending)
    }

    /// What the file held when it was read first, and what was put into it and taken off it since.
    fn saved_withdrawals(&self) -> Result<Vec<PendingWithdrawal>, StoreError> {
        let mut saved = self.saved();
        if let Some(saved) = &*saved {
            return Ok(saved.clone());
        }
        Ok(saved.insert(read(self.dir())?).clone())
    }

    /// Whether the file holds what it should. Where the disk or somebody changed it, what it held counts as unsaved again,
    /// for [`Store::save_withdrawals`] to write. Blocks as that does.
    pub fn check_pending_file(&self) -> Result<bool, StoreError> {
        let _one = self.changing_file();
        let saved = self.saved_withdrawals()?;
        let path = path(self.dir());
        let held = match std::fs::read(&path) {
            Err(error) if error.kind() == ErrorKind::NotFound => Vec::new(),
            held => held.map_err(|error| StoreError::io(&path, error))?,
        };
        if held == render(&saved).as_bytes() {
            return Ok(true);
        }
        if saved.is_empty() {
            replace(self.dir(), &[])?;
        }
        add(&mut self.unsaved(), saved);
        *self.saved() = Some(Vec::new());
        Ok(false)
    }

    /// Takes a withdrawal up in memory, without touching the disk: [`Store::visibility`] of this process hides it from now
    /// on. It is durable once [`Store::save_withdrawals`] has returned without an error, or the database has it.
    pub fn note_withdrawal(&self, withdrawal: &PendingWithdrawal) {
        add(&mut self.unsaved(), vec![withdrawal.clone()]);
    }

    /// Whether neither the file nor the database has this withdrawal yet: it ends with the process.
    pub fn is_unsaved(&self, what: &Hide) -> bool {
        self.unsaved().iter().any(|one| one.what == *what)
    }

    /// How many withdrawals end with the process.
    pub fn unsaved_withdrawals(&self) -> usize {
        self.unsaved().len()
    }

    /// Puts into the file what was noted, so that it survives the process. Each must be carried out by
    /// [`Store::withdraw_part`] and then taken off by [`Store::settle_withdrawal`]. Blocks for as long as the disk takes to
    /// sync a small file, and for no lock of the database.
    pub fn save_withdrawals(&self) -> Result<(), StoreError> {
        let _one = self.changing_file();
        let unsaved = self.unsaved().clone();
        if unsaved.is_empty() {
            return Ok(());
        }
        let mut pending = self.saved_withdrawals()?;
        add(&mut pending, unsaved.clone());
        match write(self.dir(), &pending) {
            Err(StoreError::DiskFull { .. }) if files::free_reserve(self.dir()) => {
                write(self.dir(), &pending)?;
            }
            done => done?,
        }
        *self.saved() = Some(pending);
        self.unsaved().retain(|one| !unsaved.contains(one));
        Ok(())
    }

    fn changing_file(&self) -> MutexGuard<'_, ()> {
        self.inner
            .pending
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }

    fn saved(&self) -> MutexGuard<'_, Option<Vec<PendingWithdrawal>>> {
        self.inner
            .saved
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }

    fn unsaved(&self) -> MutexGuard<'_, Vec<PendingWithdrawal>> {
        self.inner
            .unsaved
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }

    /// Takes a withdrawal off that the database has. The generation grows, so that it never falls behind one that counted
    /// what was pending.
    pub async fn settle_withdrawal(&self, what: &Hide) -> Result<(), StoreError> {
        self.unsaved().retain(|one| one.what != *what);
        {
            let _one = self.changing_file();
            let mut pending = self.saved_withdrawals()?;
            pending.retain(|one| one.what != *what);
            replace(self.dir(), &pending)?;
            *self.saved() = Some(pending);
        }
        let mut writer = self.write().await?;
        let result = visibility::next_generation(writer.connection()).await;
        writer.finish(result).await
    }
}

impl Hide {
    /// Hides it in a deny set held in memory, as a new generation.
    pub fn hide_in(&self, visibility: &mut Visibility) {
        visibility.generation += 1;
        match self {
            Self::Network(network) => {
                visibility.networks.insert(*network);
            }
            Self::Source(source) => {
                visibility.sources.insert(*source);
            }
            Self::Path {
                network,
                origin,
                prefix,
            } => {
                let path = (*network, origin.as_str().to_owned(), prefix.clone());
                if let Err(at) = visibility.paths.binary_search(&path) {
                    visibility.paths.insert(at, path);
                }
            }
            Self::Conversation(conversation) => {
                visibility.conversations.insert(*conversation);
            }
            Self::Post(post) => {
                visibility.posts.insert(*post);
            }
        }
    }
}
