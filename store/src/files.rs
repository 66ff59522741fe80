//! The small files beside the database: the instance key, the mirrored head of the ledger, and a reserve of disk
//! space that lets a withdrawal through when the disk is full.

use std::io::{ErrorKind, Read, Write};
use std::path::{Path, PathBuf};

use crate::StoreError;

const KEY: &str = "instance.key";
const HEAD: &str = "ledger.head";
const RESERVE: &str = "reserve";
/// Folder within the data folder in which a backup is put back and brought up to date: what stands there alone may show
/// what was withdrawn since.
pub const RESTORING: &str = "restoring";
/// Room for far more than one withdrawal, the checkpoint after it included.
const RESERVE_BYTES: usize = 8 * 1024 * 1024;

pub(crate) fn key_path(dir: &Path) -> PathBuf {
    dir.join(KEY)
}

pub(crate) fn head_path(dir: &Path) -> PathBuf {
    dir.join(HEAD)
}

/// Makes the data folder, for this user alone, unless it is there.
pub(crate) fn make_dir(dir: &Path) -> Result<(), StoreError> {
    let mut builder = std::fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::DirBuilderExt;
        builder.mode(0o700);
    }
    builder
        .create(dir)
        .map_err(|error| StoreError::io(dir, error))
}

/// What shows that there was a store in this folder.
pub(crate) fn left_of_a_store(dir: &Path) -> Option<&'static str> {
    [RESTORING, HEAD, "index/meta.json", "graph.bin"]
        .into_iter()
        .find(|name| dir.join(name).exists())
}

/// Whether a folder is an instance's, or was: of a lost store the store itself tells. `elsewhere` says that the database is on
/// a server, so that here is what lies beside it alone: the key.
pub fn is_instance(dir: &Path, elsewhere: bool) -> bool {
    let held = if elsewhere {
        key_path(dir)
    } else {
        dir.join(crate::FILE)
    };
    held.exists() || left_of_a_store(dir).is_some()
}

/// The instance key; made on first use where `make` is set.
pub(crate) fn instance_key(dir: &Path, make: bool) -> Result<[u8; 32], StoreError> {
    let path = key_path(dir);
    let mut text = String::new();
    match std::fs::File::open(&path) {
        Ok(file) => {
            file.take(200)
                .read_to_string(&mut text)
                .map_err(|error| StoreError::io(&path, error))?;
            read_key(text.trim()).ok_or(StoreError::BadKey { path })
        }
        Err(error) if error.kind() == ErrorKind::NotFound && make => {
            let key = random()?;
            let text = format!("{}\n", crate::row::hex(&key));
            write_durably(&path, text.as_bytes()).map_err(|error| StoreError::io(&path, error))?;
            Ok(key)
        }
        Err(error) if error.kind() == ErrorKind::NotFound => Err(StoreError::NoKey { path }),
        Err(error) => Err(StoreError::io(&path, error)),
    }
}

fn read_key(text: &str) -> Option<[u8; 32]> {
    let mut key = [0; 32];
    if text.len() != 64 || !text.is_ascii() {
        return None;
    }
    for (at, byte) in key.iter_mut().enumerate() {
        *byte = u8::from_str_radix(text.get(at * 2..at * 2 + 2)?, 16).ok()?;
    }
    Some(key)
}

/// Fresh key material from the operating system.
pub(crate) fn random() -> Result<[u8; 32], StoreError> {
    let mut bytes = [0; 32];
    getrandom::fill(&mut bytes).map_err(|error| {
        StoreError::io(
            Path::new("the system's random source"),
            std::io::Error::other(error.to_string()),
        )
    })?;
    Ok(bytes)
}

/// The mirrored head; `None` where there is no file.
pub(crate) fn read_head(dir: &Path) -> Result<Option<(u64, String)>, StoreError> {
    let path = head_path(dir);
    let text = match std::fs::read_to_string(&path) {
        Ok(text) => text,
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
        Err(error) if error.kind() == ErrorKind::InvalidData => {
            return Err(StoreError::LedgerHead { path });
        }
        Err(error) => return Err(StoreError::io(&path, error)),
    };
    let head = text
        .trim_end()
        .split_once(' ')
        .and_then(|(seq, hash)| Some((seq.parse().ok()?, hash.to_owned())));
    match head {
        Some(head) => Ok(Some(head)),
        None => Err(StoreError::LedgerHead { path }),
    }
}

/// Mirrors the ledger's head. The entry itself is durable already: a failure here is told, not returned, and the
/// next entry or start makes up for it.
pub(crate) async fn write_head(dir: &Path, seq: u64, hash: &str) {
    let path = head_path(dir);
    let line = format!("{seq} {hash}\n");
    let to = path.clone();
    let written = tokio::task::spawn_blocking(move || write_durably(&to, line.as_bytes())).await;
    let failed = match written {
        Ok(Ok(())) => return,
        Ok(Err(error)) => error.to_string(),
        Err(error) => error.to_string(),
    };
    tracing::warn!(path = %path.display(), error = %failed, "the ledger's head could not be mirrored");
}

/// Whole, or not at all: written beside, synced, renamed, and the folder synced. For the owner's eyes only.
pub(crate) fn write_durably(path: &Path, bytes: &[u8]) -> std::io::Result<()> {
    let beside = path.with_extension("new");
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt;
        options.mode(0o600);
    }
    let mut file = options.open(&beside)?;
    file.write_all(bytes)?;
    file.sync_all()?;
    std::fs::rename(&beside, path)?;
    if let Some(dir) = path.parent() {
        std::fs::File::open(dir)?.sync_all()?;
    }
    Ok(())
}

/// Sets space aside, best effort.
pub(crate) fn make_reserve(dir: &Path) {
    let path = dir.join(RESERVE);
    if std::fs::metadata(&path).is_ok_and(|found| found.len() == RESERVE_BYTES as u64) {
        return;
    }
    // Written out, because a file that is only made long takes no space.
    let written =
        std::fs::File::create(&path).and_then(|mut file| file.write_all(&vec![0; RESERVE_BYTES]));
    if let Err(error) = written {
        let _ = std::fs::remove_file(&path);
        tracing::warn!(path = %path.display(), %error, "no disk space could be set aside for withdrawals");
    }
}

/// Gives the reserve free; `false` where there was none.
pub(crate) fn free_reserve(dir: &Path) -> bool {
    std::fs::remove_file(dir.join(RESERVE)).is_ok()
}

pub(crate) fn random_id() -> Result<[u8; 16], StoreError> {
    let mut bytes = [0; 16];
    bytes.copy_from_slice(&random()?[..16]);
    Ok(bytes)
}
