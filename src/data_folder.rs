//! The data folder is for the user that runs discover alone, and says whether the last process ended as it should.

use std::fs::{Permissions, set_permissions, symlink_metadata};
use std::io;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use rustix::fs::Mode;

/// There while a process that writes is running; left behind by one that was killed.
const RUNNING: &str = "running";
/// What nobody but the user may do with a file or folder.
const OTHERS: u32 = 0o077;
/// Free bytes below which a disk counts as full: a commit of the crawl and the log beside it.
const LOW: u64 = 16 << 20;
/// Folders within folders that are looked at.
const DEPTH: usize = 4;

/// From now on nothing is made that anybody else may read. To be called before there are threads.
pub(crate) fn keep_private() {
    rustix::process::umask(Mode::from_raw_mode(OTHERS));
}

/// Files and folders that others may read or write, the folder itself included.
pub(crate) fn exposed(data: &Path) -> io::Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    look(data, DEPTH, &mut found)?;
    Ok(found)
}

fn look(at: &Path, depth: usize, found: &mut Vec<PathBuf>) -> io::Result<()> {
    let about = match symlink_metadata(at) {
        Ok(about) => about,
        // Files come and go while discover runs.
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
        Err(error) => return Err(error),
    };
    if about.is_symlink() {
        return Ok(());
    }
    if about.permissions().mode() & OTHERS != 0 {
        found.push(at.to_owned());
    }
    if about.is_dir() && depth > 0 {
        for entry in std::fs::read_dir(at)? {
            look(&entry?.path(), depth - 1, found)?;
        }
    }
    Ok(())
}

/// Closes what an older version, or somebody's copy, left open to others.
pub(crate) fn close_to_others(data: &Path) -> io::Result<()> {
    for path in exposed(data)? {
        let mode = symlink_metadata(&path)?.permissions().mode();
        set_permissions(&path, Permissions::from_mode(mode & !OTHERS & 0o7777))?;
    }
    Ok(())
}

/// Says that the disk is full before the last byte of it is taken, or has been; `None` where there is room.
pub(crate) fn fullness(data: &Path) -> Option<String> {
    // What cannot be asked is told by whatever is written next.
    let about = rustix::fs::statvfs(data).ok()?;
    let free = about.f_bavail.saturating_mul(about.f_frsize);
    (free < LOW).then(|| {
        format!(
            "{} MiB are left on the disk of {}: free some space. What there is is served, withdrawals hide, and what could not be written is written when there is room",
            free >> 20,
            data.display()
        )
    })
}

/// Notes that a process is running; `true` where the one before it did not end as it should.
pub(crate) fn begin(data: &Path) -> io::Result<bool> {
    let path = data.join(RUNNING);
    let unclean = path.exists();
    std::fs::write(&path, b"")?;
    Ok(unclean)
}

/// Notes that everything was closed.
pub(crate) fn end(data: &Path) {
    // If it stays behind, the next start looks through the folder once more than it has to.
    let _ = std::fs::remove_file(data.join(RUNNING));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_others_may_read_is_found_and_closed() {
        let folder = tempfile::tempdir().expect("a folder");
        let data = folder.path();
        set_permissions(data, Permissions::from_mode(0o700)).expect("a mode");
        std::fs::create_dir(data.join("index")).expect("a folder");
        std::fs::write(data.join("index/segment"), b"x").expect("a file");
        set_permissions(data.join("index"), Permissions::from_mode(0o755)).expect("a mode");
        set_permissions(data.join("index/segment"), Permissions::from_mode(0o640)).expect("a mode");
        let mut found = exposed(data).expect("found");
        found.sort();
        assert_eq!(found, [data.join("index"), data.join("index/segment")]);
        close_to_others(data).expect("closed");
        assert!(exposed(data).expect("found").is_empty());
        let mode = symlink_metadata(data.join("index")).expect("a mode");
        assert_eq!(mode.permissions().mode() & 0o777, 0o700);
    }

    #[test]
    fn a_process_that_was_killed_is_noticed_by_the_next() {
        let folder = tempfile::tempdir().expect("a folder");
        assert!(!begin(folder.path()).expect("noted"));
        assert!(begin(folder.path()).expect("noted"));
        end(folder.path());
        assert!(!begin(folder.path()).expect("noted"));
    }
}
