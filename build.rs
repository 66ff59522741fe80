//! Names the rules by which a text is read, redacted and judged, so that what another build decided is decided anew.
//!
//! The name is a hash of the sources that hold these rules and of the versions of all dependencies. Nobody has to think of
//! raising a number; a build that only differs elsewhere has the same name.

use std::hash::{DefaultHasher, Hash, Hasher};
use std::path::{Path, PathBuf};

/// Files and folders that decide what becomes of an item, relative to this file.
const RULES: [&str; 8] = [
    "src/pipeline/admission.rs",
    "model/src",
    "indexer/src/language",
    "indexer/data",
    "Cargo.lock",
    // Features of dependencies, which the lock does not name.
    "Cargo.toml",
    "model/Cargo.toml",
    "indexer/Cargo.toml",
];

fn main() -> std::io::Result<()> {
    let mut hasher = DefaultHasher::new();
    for place in RULES {
        println!("cargo::rerun-if-changed={place}");
        let mut files = Vec::new();
        collect(Path::new(place), &mut files)?;
        files.sort();
        for file in files {
            file.hash(&mut hasher);
            std::fs::read(&file)?.hash(&mut hasher);
        }
    }
    println!("cargo::rustc-env=DISCOVER_RULES={:016x}", hasher.finish());
    Ok(())
}

fn collect(place: &Path, files: &mut Vec<PathBuf>) -> std::io::Result<()> {
    if place.is_file() {
        files.push(place.to_owned());
        return Ok(());
    }
    for entry in std::fs::read_dir(place)? {
        collect(&entry?.path(), files)?;
    }
    Ok(())
}
