//! Withdrawals that were accepted and do not stand in the database yet.
//!
//! Contract: a withdrawal must hide at once, whoever else holds the database's lock. So it is put into a small file beside
//! the store first, whole and synced; [`Store::visibility`] counts what stands there, and so does the next start. It leaves
//! the file when the database has it.

use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::sync::PoisonError;

use discover_model::Visibility;
use discover_model::ledger::Actor;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::consent::visibility;
use crate::{Hide, Store, StoreError, files};

const FILE: &str = "withdrawals.pending";

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
    let text = match std::fs::read_to_string(&path) {
        Ok(text) => text,
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(StoreError::io(&path, error)),
    };
    text.lines()
        .map(|line| {
            serde_json::from_str(line).map_err(|error| StoreError::Corrupt {
                path: path.clone(),
                detail: error.to_string(),
            })
        })
        .collect()
}

fn write(dir: &Path, pending: &[PendingWithdrawal]) -> Result<(), StoreError> {
    let path = path(dir);
    let mut text = String::new();
    for one in pending {
        text.push_str(&serde_json::to_string(one).expect("ids and times become JSON"));
        text.push('\n');
    }
    files::write_durably(&path, text.as_bytes()).map_err(|error| StoreError::io(&path, error))
}

impl Store {
    /// What must not be shown now: everything hidden, networks that paused, lapsed or withdrew, and what is to be
    /// withdrawn as soon as the database can be written.
    pub async fn visibility(&self) -> Result<Visibility, StoreError> {
        // The file first: what leaves it meanwhile stands in the database already.
        let pending = self.pending_withdrawals()?;
        let mut visibility = self.named(visibility::read(self.readers()).await)?;
        for one in pending {
            one.what.hide_in(&mut visibility);
        }
        Ok(visibility)
    }

    /// Withdrawals that wait for the database, oldest first.
    pub fn pending_withdrawals(&self) -> Result<Vec<PendingWithdrawal>, StoreError> {
        read(self.dir())
    }

    /// Accepts a withdrawal; durable when it returns. It must be carried out by [`Store::withdraw_part`] and then taken off
    /// by [`Store::settle_withdrawal`]. Blocks for as long as the disk takes to sync a small file, and for no lock.
    pub fn accept_withdrawal(&self, withdrawal: &PendingWithdrawal) -> Result<(), StoreError> {
        let _one = self
            .inner
            .pending
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        let mut pending = read(self.dir())?;
        if pending.iter().any(|one| one.what == withdrawal.what) {
            return Ok(());
        }
        pending.push(withdrawal.clone());
        match write(self.dir(), &pending) {
            Err(StoreError::DiskFull { .. }) if files::free_reserve(self.dir()) => {
                write(self.dir(), &pending)
            }
            done => done,
        }
    }

    /// Takes a withdrawal off that the database has. The generation grows, so that it never falls behind one that counted
    /// what was pending.
    pub async fn settle_withdrawal(&self, what: &Hide) -> Result<(), StoreError> {
        {
            let _one = self
                .inner
                .pending
                .lock()
                .unwrap_or_else(PoisonError::into_inner);
            let mut pending = read(self.dir())?;
            pending.retain(|one| one.what != *what);
            if pending.is_empty() {
                let path = path(self.dir());
                match std::fs::remove_file(&path) {
                    Err(error) if error.kind() != ErrorKind::NotFound => {
                        return Err(StoreError::io(&path, error));
                    }
                    _ => {}
                }
            } else {
                write(self.dir(), &pending)?;
            }
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
