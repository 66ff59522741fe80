//! What a backup holds: each file with its size and SHA-256.
//!
//! Contract: nothing of a backup is used unless it is a plain file that is listed, under a name without a path, and is to
//! the byte what was written. A list that names anything else is refused, whoever wrote it.

use std::collections::BTreeMap;
use std::io::Read;
use std::path::Path;

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::row::hex;
use crate::{FILE, StoreError, files};

/// The list within the backup.
const LIST: &str = "manifest.json";
/// A list is short; what is longer is none.
const LONGEST_LIST: u64 = 64 * 1024;
/// Files that a backup may hold.
const FILES: [&str; 3] = [FILE, "ledger.head", "instance.key"];

#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Manifest {
    version: u32,
    files: BTreeMap<String, Listed>,
}

#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Listed {
    bytes: u64,
    sha256: String,
}

fn refused(dir: &Path, detail: impl Into<String>) -> StoreError {
    StoreError::NotABackup {
        path: dir.to_owned(),
        detail: detail.into(),
    }
}

/// Lists what lies in `dir`.
pub(crate) fn write(dir: &Path) -> Result<(), StoreError> {
    let mut manifest = Manifest {
        version: 1,
        files: BTreeMap::new(),
    };
    for name in FILES {
        let path = dir.join(name);
        if path.exists() {
            let listed = sum(&path).map_err(|error| StoreError::io(&path, error))?;
            manifest.files.insert(name.to_owned(), listed);
        }
    }
    let text = serde_json::to_string_pretty(&manifest).expect("names and numbers become JSON");
    files::write_durably(&dir.join(LIST), text.as_bytes())
        .map_err(|error| StoreError::io(dir, error))
}

fn sum(path: &Path) -> std::io::Result<Listed> {
    let mut file = std::fs::File::open(path)?;
    let mut hasher = Sha256::new();
    let mut bytes = 0;
    let mut buffer = vec![0; 1 << 16];
    loop {
        let read = file.read(&mut buffer)?;
        if read == 0 {
            break;
        }
        hasher.update(&buffer[..read]);
        bytes += read as u64;
    }
    Ok(Listed {
        bytes,
        sha256: hex(&hasher.finalize()),
    })
}

/// Copies a backup into `to` once all of it is known to be what was written.
pub fn put_back(backup: &Path, to: &Path) -> Result<(), StoreError> {
    let path = backup.join(LIST);
    plain(backup, &path, LIST)?;
    let mut text = String::new();
    std::fs::File::open(&path)
        .and_then(|file| file.take(LONGEST_LIST).read_to_string(&mut text))
        .map_err(|error| StoreError::io(&path, error))?;
    let manifest: Manifest = serde_json::from_str(&text)
        .map_err(|error| refused(backup, format!("{LIST} cannot be read: {error}")))?;
    if manifest.version != 1 {
        return Err(refused(
            backup,
            format!("version {} is not known", manifest.version),
        ));
    }
    for name in manifest.files.keys() {
        if !FILES.contains(&name.as_str()) {
            return Err(refused(
                backup,
                format!("{name:?} is nothing a backup holds"),
            ));
        }
    }
    for name in [FILE, "instance.key"] {
        if !manifest.files.contains_key(name) {
            return Err(refused(backup, format!("{name} is not in it")));
        }
    }
    files::make_dir(to)?;
    for (name, listed) in &manifest.files {
        let from = backup.join(name);
        plain(backup, &from, name)?;
        // What is copied is what is checked: the copy, not a file that may change meanwhile.
        let target = to.join(name);
        std::fs::copy(&from, &target).map_err(|error| StoreError::io(&target, error))?;
        let copied = sum(&target).map_err(|error| StoreError::io(&target, error))?;
        if copied != *listed {
            let _ = std::fs::remove_file(&target);
            return Err(refused(
                backup,
                format!("{name} is not what was written: its SHA-256 is another"),
            ));
        }
    }
    Ok(())
}

fn plain(backup: &Path, path: &Path, name: &str) -> Result<(), StoreError> {
    match std::fs::symlink_metadata(path) {
        Ok(found) if found.is_file() => Ok(()),
        Ok(_) => Err(refused(backup, format!("{name} is no plain file"))),
        Err(_) => Err(refused(backup, format!("{name} is not in it"))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn backup() -> tempfile::TempDir {
        let dir = tempfile::tempdir().expect("a folder");
        for name in FILES {
            std::fs::write(dir.path().join(name), name.repeat(100)).expect("a file");
        }
        write(dir.path()).expect("listed");
        dir
    }

    fn refusal(change: impl FnOnce(&Path)) -> String {
        let backup = backup();
        change(backup.path());
        let to = tempfile::tempdir().expect("a folder");
        let error = put_back(backup.path(), &to.path().join("data")).expect_err("refused");
        assert!(matches!(error, StoreError::NotABackup { .. }), "{error}");
        error.to_string()
    }

    #[test]
    fn a_whole_backup_is_put_back_and_everything_else_is_refused() {
        let whole = backup();
        let to = tempfile::tempdir().expect("a folder");
        put_back(whole.path(), to.path()).expect("put back");
        for name in FILES {
            assert!(to.path().join(name).exists());
        }
        let said = refusal(|dir| std::fs::write(dir.join(FILE), "other").expect("a file"));
        assert!(said.contains("SHA-256"), "{said}");
        let said = refusal(|dir| std::fs::remove_file(dir.join("instance.key")).expect("gone"));
        assert!(said.contains("instance.key is not in it"), "{said}");
        let said = refusal(|dir| std::fs::remove_file(dir.join(LIST)).expect("gone"));
        assert!(said.contains(LIST), "{said}");
    }

    #[cfg(unix)]
    #[test]
    fn a_backup_leads_nowhere_else() {
        let said = refusal(|dir| {
            std::fs::rename(dir.join(FILE), dir.join("moved")).expect("moved");
            std::os::unix::fs::symlink(dir.join("moved"), dir.join(FILE)).expect("a link");
        });
        assert!(said.contains("no plain file"), "{said}");
        for name in ["../instance.key", "/etc/passwd", "a/b", "extra"] {
            let said = refusal(|dir| {
                let list = std::fs::read_to_string(dir.join(LIST)).expect("a list");
                let list = list.replacen("ledger.head", name, 1);
                std::fs::write(dir.join(LIST), list).expect("a list");
            });
            assert!(said.contains("nothing a backup holds"), "{name}: {said}");
        }
    }
}
