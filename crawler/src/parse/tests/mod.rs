//! Tests over whole documents.

mod conformance;
mod hostile;
mod keys;
mod real;
mod second_look;

use std::path::PathBuf;

use url::Url;

use super::{Head, ParseError, Parsed};

/// A folder of the shared test data; absent, the test says so and is skipped (never where CI is set).
fn data(folder: &str) -> Option<PathBuf> {
    let root = std::env::var_os("DISCOVER_TEST_DATA").map_or_else(
        || PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../../shared/data")),
        PathBuf::from,
    );
    let path = root.join(folder);
    if path.is_dir() {
        return Some(path);
    }
    assert!(
        std::env::var_os("CI").is_none(),
        "no test data at {}",
        path.display()
    );
    println!("skipped: no test data at {}", path.display());
    None
}

fn base() -> Url {
    Url::parse("https://site.example/feed").expect("base")
}

fn read(text: &str) -> Result<Parsed, ParseError> {
    super::feed(text.as_bytes(), &base(), &Head::default())
}

fn parsed(text: &str) -> Parsed {
    read(text).expect("a feed")
}

/// Every file of the real feeds, by name.
fn real_files() -> Vec<(String, Vec<u8>)> {
    let Some(folder) = data("feeds/real") else {
        return Vec::new();
    };
    let mut files: Vec<_> = std::fs::read_dir(folder)
        .expect("folder")
        .map(|entry| {
            let path = entry.expect("entry").path();
            let name = path
                .file_name()
                .unwrap_or_default()
                .to_string_lossy()
                .into_owned();
            (name, std::fs::read(path).expect("file"))
        })
        .collect();
    files.sort();
    files
}
