//! Whether an archive is a package as it was signed.
//!
//! Contract: bytes of anybody, bounded before they are read. It passes if the manifest is signed by the key, and the archive
//! holds the files that the manifest names, as they were, and no other.

use std::io::{Cursor, Read as _};

use discover_model::proof::sha256_hex;
use discover_store::is_signed_package;
use jiff::civil::Date;
use serde::Deserialize;
use zip::ZipArchive;

use super::{MANIFEST, SIGNATURE};

/// Largest archive, and largest file in it.
const LARGEST: usize = 16 * 1024 * 1024;
/// Most files in it.
const MOST: usize = 32;

/// Why an archive is no package as it was signed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NotSigned {
    #[error("it has {0} bytes, and a package has {LARGEST} at most")]
    TooLarge(usize),
    #[error("it is no zip archive: {0}")]
    NoArchive(String),
    #[error("it holds {0} files, and a package {MOST} at most")]
    TooMany(usize),
    #[error("it holds two files of one name")]
    TwoOfOneName,
    #[error("{0} is missing")]
    Missing(String),
    #[error("{0} cannot be read, or is larger than a file of a package")]
    Unreadable(String),
    #[error("{MANIFEST} is not the manifest of a package: {0}")]
    NoManifest(String),
    #[error("the package says that its key is {found}, which is not {wanted}")]
    OtherKey { wanted: String, found: String },
    #[error("{MANIFEST} was not signed by {0}, or was changed since")]
    Signature(String),
    #[error("{0} was changed since the package was signed")]
    Changed(String),
    #[error("{0} is not in the manifest: it was added since")]
    Added(String),
}

/// A package that is as it was signed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignedPackage {
    pub label: String,
    pub made: Date,
    pub files: usize,
    pub quotations: usize,
    /// The key that it was signed by.
    pub key: String,
    /// Where its manifest is made anew.
    pub manifest: String,
}

#[derive(Deserialize)]
struct Manifest {
    label: String,
    #[serde(rename = "manifest")]
    address: String,
    key: String,
    quotations: Vec<serde::de::IgnoredAny>,
    files: Vec<Named>,
    check: Made,
}

#[derive(Deserialize)]
struct Named {
    name: String,
    sha256: String,
}

#[derive(Deserialize)]
struct Made {
    made: Date,
}

/// Checks an archive against `key`, or against the key that it names itself: then only that it was not changed since.
pub fn check_package(bytes: &[u8], key: Option<&str>) -> Result<SignedPackage, NotSigned> {
    if bytes.len() > LARGEST {
        return Err(NotSigned::TooLarge(bytes.len()));
    }
    let archive = ZipArchive::new(Cursor::new(bytes));
    let mut archive = archive.map_err(|error| NotSigned::NoArchive(error.to_string()))?;
    if archive.len() > MOST {
        return Err(NotSigned::TooMany(archive.len()));
    }
    if archive.has_duplicate_names() {
        return Err(NotSigned::TwoOfOneName);
    }
    let manifest_bytes = read(&mut archive, MANIFEST)?;
    let signature = read(&mut archive, SIGNATURE)?;
    let manifest: Manifest = serde_json::from_slice(&manifest_bytes)
        .map_err(|error| NotSigned::NoManifest(error.to_string()))?;
    if let Some(wanted) = key
        && wanted != manifest.key
    {
        return Err(NotSigned::OtherKey {
            wanted: wanted.to_owned(),
            found: manifest.key,
        });
    }
    let signature = String::from_utf8_lossy(&signature);
    if !is_signed_package(&manifest.key, &manifest_bytes, signature.trim()) {
        return Err(NotSigned::Signature(manifest.key));
    }
    // Who signs a manifest himself may name one entry any number of times.
    if manifest.files.len() > MOST {
        return Err(NotSigned::TooMany(manifest.files.len()));
    }
    for file in &manifest.files {
        if sha256_hex(&read(&mut archive, &file.name)?) != file.sha256 {
            return Err(NotSigned::Changed(file.name.clone()));
        }
    }
    for name in archive.file_names() {
        let name = name.map_err(|_| NotSigned::Unreadable("the name of a file".to_owned()))?;
        let mut files = manifest.files.iter();
        if name != MANIFEST && name != SIGNATURE && !files.any(|file| file.name == name) {
            return Err(NotSigned::Added(name.into_owned()));
        }
    }
    Ok(SignedPackage {
        label: manifest.label,
        made: manifest.check.made,
        files: manifest.files.len(),
        quotations: manifest.quotations.len(),
        key: manifest.key,
        manifest: manifest.address,
    })
}

fn read(archive: &mut ZipArchive<Cursor<&[u8]>>, name: &str) -> Result<Vec<u8>, NotSigned> {
    let unreadable = || NotSigned::Unreadable(name.to_owned());
    let file = archive.by_name(name);
    let file = file.map_err(|_| NotSigned::Missing(name.to_owned()))?;
    let mut bytes = Vec::new();
    let limit = LARGEST as u64 + 1;
    file.take(limit)
        .read_to_end(&mut bytes)
        .map_err(|_| unreadable())?;
    if bytes.len() > LARGEST {
        return Err(unreadable());
    }
    Ok(bytes)
}
