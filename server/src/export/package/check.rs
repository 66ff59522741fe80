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
use crate::text::words;

/// Largest archive, and largest file in it.
const LARGEST: usize = 16 * 1024 * 1024;
/// Most files in it.
const MOST: usize = 32;

/// Why an archive is no package as it was signed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NotSigned {
    #[error("no package: it has {0} bytes, and a package has {LARGEST} at most")]
    TooLarge(usize),
    #[error("no package: it is no zip archive: {0}")]
    NoArchive(String),
    #[error("no package: it holds {0} files, and a package {MOST} at most")]
    TooMany(usize),
    #[error("no package: {MANIFEST} is not the manifest of one: {0}")]
    NoManifest(String),
    #[error(
        "signed by another key: the package says that its key is {found}, which is not {wanted}"
    )]
    OtherKey { wanted: String, found: String },
    /// What differs from what was signed, in the order of the manifest.
    #[error("tampered with: {}", .0.iter().map(ToString::to_string).collect::<Vec<_>>().join("; "))]
    Tampered(Vec<Difference>),
}

/// What differs between an archive and what was signed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Difference {
    #[error(
        "{MANIFEST} is not what {key} signed: it was changed, or signed by somebody else, so that nothing it says of the other files counts"
    )]
    Manifest { key: String },
    #[error("{name} was changed: it has {} with SHA-256 {}, and {} with SHA-256 {} were signed", bytes_of(.found.bytes), .found.sha256, bytes_of(.signed.bytes), .signed.sha256)]
    Changed {
        name: String,
        signed: Sum,
        found: Sum,
    },
    #[error("{0} is missing")]
    Missing(String),
    #[error("{0} cannot be read: its bytes are damaged, or more than a file of a package has")]
    Unreadable(String),
    #[error("{0} was added: the manifest does not name it")]
    Added(String),
    #[error("two files have the same name")]
    TwoOfOneName,
}

/// What tells a file from another one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sum {
    pub bytes: u64,
    pub sha256: String,
}

fn bytes_of(count: u64) -> String {
    words::of(count, "byte", "bytes")
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
    bytes: u64,
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
        return Err(NotSigned::Tampered(vec![Difference::TwoOfOneName]));
    }
    let whole =
        |read: Result<Vec<u8>, Difference>| read.map_err(|one| NotSigned::Tampered(vec![one]));
    // Without one it was never a package.
    let manifest_bytes = read(&mut archive, MANIFEST)
        .map_err(|_| NotSigned::NoManifest("it is missing, or cannot be read".to_owned()))?;
    let signature = whole(read(&mut archive, SIGNATURE))?;
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
        let key = manifest.key;
        return Err(NotSigned::Tampered(vec![Difference::Manifest { key }]));
    }
    // Who signs a manifest himself may name one entry any number of times.
    if manifest.files.len() > MOST {
        return Err(NotSigned::TooMany(manifest.files.len()));
    }
    let differences = differences(&mut archive, &manifest.files);
    if !differences.is_empty() {
        return Err(NotSigned::Tampered(differences));
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

/// Every file that is not as the manifest has it, and every one that it has not.
fn differences(archive: &mut ZipArchive<Cursor<&[u8]>>, named: &[Named]) -> Vec<Difference> {
    let mut all = Vec::new();
    for file in named {
        match read(archive, &file.name) {
            Ok(bytes) => {
                let found = Sum {
                    bytes: bytes.len() as u64,
                    sha256: sha256_hex(&bytes),
                };
                if found.sha256 != file.sha256 {
                    all.push(Difference::Changed {
                        name: file.name.clone(),
                        signed: Sum {
                            bytes: file.bytes,
                            sha256: file.sha256.clone(),
                        },
                        found,
                    });
                }
            }
            Err(difference) => all.push(difference),
        }
    }
    for name in archive.file_names() {
        let Ok(name) = name else {
            all.push(Difference::Unreadable("the name of a file".to_owned()));
            continue;
        };
        let known = name == MANIFEST || name == SIGNATURE;
        if !known && !named.iter().any(|file| file.name == name) {
            all.push(Difference::Added(name.into_owned()));
        }
    }
    all
}

fn read(archive: &mut ZipArchive<Cursor<&[u8]>>, name: &str) -> Result<Vec<u8>, Difference> {
    let unreadable = || Difference::Unreadable(name.to_owned());
    let file = archive.by_name(name);
    let file = file.map_err(|_| Difference::Missing(name.to_owned()))?;
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
