//! A disk that fails, for one process: `shim.c`, compiled here and loaded before everything else.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;

use crate::support::binary::Serving;
use crate::support::skip::skip;

/// The library; `None`, visibly, on a machine without a C compiler.
fn library() -> Option<&'static Path> {
    static BUILT: OnceLock<Option<(tempfile::TempDir, PathBuf)>> = OnceLock::new();
    let built = BUILT.get_or_init(|| {
        let folder = tempfile::tempdir().expect("a folder");
        let library = folder.path().join("shim.so");
        let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/faults/shim.c");
        let compiled = Command::new("cc")
            .args(["-shared", "-fPIC", "-O1", "-o"])
            .args([&library, &source])
            .args(["-ldl", "-lpthread"])
            .status();
        match compiled {
            Ok(status) => {
                assert!(status.success(), "the shim does not compile");
                Some((folder, library))
            }
            Err(_) => {
                skip("this machine has no C compiler");
                None
            }
        }
    });
    built.as_ref().map(|(_, library)| library.as_path())
}

/// What the disk does.
pub(super) enum Disk {
    /// Keeps what was synced alone when the power is cut.
    Loses,
    /// Fails from the so-manieth call on, while the trigger is there.
    Fails { at: usize },
    /// Takes half of what it is given.
    TakesHalf,
    /// Takes so many milliseconds for every call, while the trigger is there.
    IsSlow { millis: usize },
}

/// The file that has to be there for a disk to fail or be slow.
pub(super) fn trigger(data: &Path) -> PathBuf {
    data.with_extension("trigger")
}

/// Puts the disk under the data folder of what the command starts; `None` where that cannot be.
pub(super) fn under(mut command: Command, data: &Path, disk: &Disk) -> Option<Command> {
    let (mode, at, millis) = match disk {
        Disk::Loses => ("lose", 1, 0),
        Disk::Fails { at } => ("eio", *at, 0),
        Disk::TakesHalf => ("short", 1, 0),
        Disk::IsSlow { millis } => ("slow", 1, *millis),
    };
    command
        .env("LD_PRELOAD", library()?)
        .env("SHIM_DIR", data)
        .env("SHIM_MODE", mode)
        .env("SHIM_AT", at.to_string())
        .env("SHIM_MS", millis.to_string())
        .env("SHIM_TRIGGER", trigger(data));
    Some(command)
}

/// Ends a process under [`Disk::Loses`] as a loss of power does.
pub(super) fn cut_power(mut serving: Serving) {
    serving.signal("USR2");
    let ended = serving.child.wait().expect("an end");
    assert_eq!(ended.code(), Some(137), "{}", serving.said());
}
