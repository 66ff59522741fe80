//! A disk that is full at any point of a crawl: it is said, and once there is room everything is there.

use std::collections::BTreeSet;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::damage::copy;
use crate::following::{Stage, end};
use crate::support::binary::{self, Serving};
use crate::support::networks::World;

/// KiB left when the crawl begins: too little for the store, for the index, for the graph, and enough.
const ROOMS: [usize; 6] = [0, 64, 256, 768, 2048, 32 * 1024];

/// A small file system of its own, gone when dropped.
pub(crate) struct SmallDisk {
    folder: tempfile::TempDir,
}

impl SmallDisk {
    /// `None`, and a line that says so, where nothing may be mounted.
    pub(crate) fn mount() -> Option<Self> {
        let folder = tempfile::tempdir().expect("a folder");
        let at = folder.path().to_str().expect("a plain path");
        let mounted = Command::new("mount")
            .args(["-t", "tmpfs", "-o", "size=48m", "tmpfs", at])
            .status();
        if mounted.is_ok_and(|status| status.success()) {
            return Some(Self { folder });
        }
        crate::support::skip::skip("this machine lets nothing be mounted");
        None
    }

    pub(crate) fn data(&self) -> PathBuf {
        self.folder.path().join("data")
    }

    /// Writes until so many KiB are left; the file to be removed.
    pub(crate) fn fill(&self, room: usize) -> PathBuf {
        let filler = self.folder.path().join("filler");
        let mut file = std::fs::File::create(&filler).expect("a file");
        let mut written = 0_u64;
        while file.write_all(&[1; 4096]).is_ok() {
            written += 4096;
        }
        let left = written.saturating_sub(room as u64 * 1024);
        file.set_len(left).expect("cut");
        filler
    }
}

impl Drop for SmallDisk {
    fn drop(&mut self) {
        // A folder that stays behind is the system's to clean.
        let _ = Command::new("umount").arg(self.folder.path()).status();
    }
}

fn crawl(stage: &Stage, data: &Path) -> std::process::Output {
    let registry = stage.world.registry();
    let (data, registry) = (data.to_str(), registry.to_str());
    let (data, registry) = (data.expect("a plain path"), registry.expect("a plain path"));
    binary::run(&World::arguments(
        data,
        registry,
        &["crawl", "--once", "--json"],
    ))
}

/// The conversations that each of two searches finds.
fn found(data: &Path) -> Vec<BTreeSet<String>> {
    let serving = Serving::start(data, &["--allow-loopback", "serve", "--no-crawl"]);
    let found = ["tests", "zanzibarquux -remainder"].map(|q| {
        let q = q.replace(' ', "+");
        let (mut ids, mut next) = (BTreeSet::new(), format!("/api/v1/search?q={q}&limit=100"));
        loop {
            let page = serving.json(&next);
            let items = page["items"].as_array().expect("items");
            ids.extend(items.iter().map(|item| item["id"].to_string()));
            match page["next"].as_str() {
                Some(cursor) => next = format!("/api/v1/search?q={q}&limit=100&cursor={cursor}"),
                None => break,
            }
        }
        ids
    });
    end(serving);
    found.to_vec()
}

#[test]
fn a_disk_that_is_full_at_any_point_of_a_crawl_leaves_nothing_out_once_there_is_room() {
    if SmallDisk::mount().is_none() {
        return;
    }
    let stage = Stage::new();
    let before = stage.world.data();
    stage.publish(0..28, 0..28);
    let whole = tempfile::tempdir().expect("a folder");
    copy(&before, whole.path());
    assert!(crawl(&stage, whole.path()).status.success());
    let expected = found(whole.path());
    assert_eq!(
        expected.iter().map(BTreeSet::len).collect::<Vec<_>>(),
        [56, 28]
    );

    let mut failed = 0;
    for room in ROOMS {
        let disk = SmallDisk::mount().expect("as before");
        copy(&before, &disk.data());
        let filler = disk.fill(room);
        let output = crawl(&stage, &disk.data());
        if !output.status.success() {
            failed += 1;
            let said = binary::stderr(&output);
            let told = ["no room left", "disk full"]
                .iter()
                .any(|words| said.contains(words));
            assert!(told, "{room} KiB: {said}");
        }
        std::fs::remove_file(filler).expect("gone");
        let output = crawl(&stage, &disk.data());
        assert!(
            output.status.success(),
            "{room} KiB: {}",
            binary::stderr(&output)
        );
        assert_eq!(found(&disk.data()), expected, "{room} KiB");
    }
    assert!((1..ROOMS.len()).contains(&failed), "{failed} crawls failed");
}
