//! The lock on a data folder: one process writes, and a second is told which one does.
//!
//! An advisory lock on an open file: it ends with the process, so a lock left behind by a killed process
//! is no obstacle.

use std::fs::{File, OpenOptions, TryLockError};
use std::io::{Read, Seek, Write};
use std::path::Path;

use anyhow::{Context, bail};

/// Held while this process may write to the folder.
#[derive(Debug)]
pub(crate) struct DataLock {
    _file: File,
}

impl DataLock {
    /// Takes the lock, making the folder if it is not there.
    pub(crate) fn take(data: &Path) -> anyhow::Result<Self> {
        std::fs::create_dir_all(data).with_context(|| {
            format!(
                "cannot make the data folder {}: choose a folder you may write to with --data",
                data.display()
            )
        })?;
        let path = data.join("lock");
        let mut file = OpenOptions::new().read(true).write(true).create(true).truncate(false).open(&path).with_context(
            || format!("cannot write to the data folder {}: make it writable, or choose another with --data", data.display()),
        )?;
        match file.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => {
                let mut holder = String::new();
                // Only for the message: the number may be missing while the other process is starting.
                let _ = file.read_to_string(&mut holder);
                let holder = holder.trim();
                let who = if holder.is_empty() {
                    String::new()
                } else {
                    format!(" (process {holder})")
                };
                bail!(
                    "another discover{who} is using the data folder {}: stop it first, or choose another folder with --data",
                    data.display()
                );
            }
            Err(TryLockError::Error(error)) => {
                return Err(error).with_context(|| format!("cannot lock {}", path.display()));
            }
        }
        file.set_len(0)
            .and_then(|()| file.rewind())
            .and_then(|()| writeln!(file, "{}", std::process::id()))
            .with_context(|| format!("cannot write {}: is the disk full?", path.display()))?;
        Ok(Self { _file: file })
    }
}
