//! The files of the data folder: whose they are, and what happens where one is missing, foreign, old or torn.

use std::fs::{Permissions, set_permissions};
use std::io::{Seek, SeekFrom, Write};
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::time::{Duration, Instant};

use super::{said_everywhere, signs, world};
use crate::damage::copy;
use crate::support::binary::{self, Serving};

fn text(path: &Path) -> &str {
    path.to_str().expect("a plain path")
}

#[test]
fn nobody_else_may_read_the_data_folder_and_doctor_says_so_where_they_may() {
    let world = world();
    let data = world.data();
    let serving = Serving::start(&data, &["serve", "--no-crawl"]);
    let mut folders = vec![data.clone()];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(&folder).expect("a folder").flatten() {
            let mode = entry.metadata().expect("a mode").permissions().mode();
            assert_eq!(mode & 0o077, 0, "{}: {mode:o}", entry.path().display());
            if entry.path().is_dir() {
                folders.push(entry.path());
            }
        }
    }
    drop(serving);
    set_permissions(data.join("graph.bin"), Permissions::from_mode(0o644)).expect("a mode");
    let said = binary::stdout(&binary::run(&["--data", text(&data), "doctor"]));
    assert!(said.contains("chmod -R go="), "{said}");
}

#[test]
fn a_folder_without_its_key_its_store_or_its_newest_entries_is_refused() {
    let world = world();
    let data = world.data();
    let older = world.folder.path().join("older");
    copy(&data, &older);
    let registry = world.registry();
    binary::succeed(&crate::support::networks::World::arguments(
        text(&data),
        text(&registry),
        &["withdraw", "leaver"],
    ));
    let refused = |change: &dyn Fn(&Path)| {
        let folder = world.folder.path().join("changed");
        copy(&data, &folder);
        change(&folder);
        let said = binary::fail(&["--data", text(&folder), "--listen", "127.0.0.1:0", "serve"]);
        std::fs::remove_dir_all(&folder).expect("gone");
        said
    };
    let remove =
        |name: &'static str| move |at: &Path| std::fs::remove_file(at.join(name)).expect("gone");
    let said = refused(&remove("instance.key"));
    assert!(said.contains("instance.key is missing"), "{said}");
    let said = refused(&|at| {
        std::fs::write(at.join("instance.key"), format!("{}\n", "ab".repeat(32))).expect("a key");
    });
    assert!(said.contains("is not the key"), "{said}");
    let said = refused(&remove("store.sqlite3"));
    assert!(said.contains("restore a backup"), "{said}");
    let said = refused(&|at| {
        std::fs::copy(older.join("store.sqlite3"), at.join("store.sqlite3")).expect("a copy");
        for log in ["store.sqlite3-wal", "store.sqlite3-shm"] {
            // Folded in, or not there.
            let _ = std::fs::remove_file(at.join(log));
        }
    });
    assert!(said.contains("older than what was here"), "{said}");
}

#[test]
fn a_torn_page_is_found_after_an_unclean_stop_while_the_site_is_served() {
    let world = world();
    let data = world.data();
    let mut serving = Serving::start(&data, &["serve", "--no-crawl"]);
    serving.child.kill().expect("a kill -9");
    serving.child.wait().expect("an end");
    drop(serving);
    // Folded into the database first, so that the page is read from it.
    binary::succeed(&["--data", text(&data), "admin", "objections", "list"]);
    let whole = Serving::start(&data, &["serve", "--no-crawl"]);
    let started = Instant::now();
    while !signs(&whole)["checking"].is_null() {
        assert!(started.elapsed() < Duration::from_secs(30));
        std::thread::sleep(Duration::from_millis(50));
    }
    assert!(signs(&whole).is_null(), "{}", signs(&whole));
    drop(whole);

    let store = data.join("store.sqlite3");
    let size = std::fs::metadata(&store).expect("a size").len();
    let mut file = std::fs::OpenOptions::new()
        .write(true)
        .open(&store)
        .expect("the store");
    // Most pages behind the middle hold posts and their keys.
    for page in [size / 4096 * 6 / 10, size / 4096 * 8 / 10] {
        file.seek(SeekFrom::Start(page * 4096)).expect("a page");
        file.write_all(&[0; 4096]).expect("torn");
    }
    drop(file);
    // It is refused at the start, or served with a sign; never anything else.
    match Serving::try_start(&data, &["serve", "--no-crawl"]) {
        Err(said) => assert!(said.contains("restore the latest backup"), "{said}"),
        Ok(serving) => {
            let started = Instant::now();
            while signs(&serving)["store_damaged"].is_null() {
                assert!(
                    started.elapsed() < Duration::from_secs(30),
                    "{}",
                    serving.said()
                );
                std::thread::sleep(Duration::from_millis(50));
            }
            said_everywhere(&data, &serving, "store_damaged", "discover restore");
        }
    }
}
