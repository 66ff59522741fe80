//! `discover package verify`: whether a package that was handed on is as it was signed. It needs no data folder.

use std::io::Read as _;
use std::path::Path;
use std::process::ExitCode;

use anyhow::Context;
use discover_server::{NotSigned, check_package};

use crate::commands::say;
use crate::logging::harmless;

/// Largest file that is read.
const LARGEST: u64 = 64 * 1024 * 1024;

pub(super) fn verify(file: &Path, key: Option<&str>) -> anyhow::Result<ExitCode> {
    let cannot = || format!("cannot read {}", file.display());
    let mut bytes = Vec::new();
    std::fs::File::open(file)
        .with_context(cannot)?
        .take(LARGEST + 1)
        .read_to_end(&mut bytes)
        .with_context(cannot)?;
    anyhow::ensure!(
        bytes.len() as u64 <= LARGEST,
        "{} has more than {LARGEST} bytes, far more than a package has",
        file.display()
    );
    let signed = match check_package(&bytes, key) {
        Ok(signed) => signed,
        Err(NotSigned::Tampered(differences)) => {
            eprintln!("TAMPERED: {} is not what was signed", file.display());
            for one in differences {
                eprintln!("  {}", harmless(&one.to_string()));
            }
            return Ok(ExitCode::FAILURE);
        }
        Err(error) => {
            eprintln!(
                "error: {} does not verify: {}",
                file.display(),
                harmless(&error.to_string())
            );
            return Ok(ExitCode::FAILURE);
        }
    };
    say(&format!(
        "{} is as it was signed on {}: {:?}, {} quotations in {} files",
        file.display(),
        signed.made,
        signed.label,
        signed.quotations,
        signed.files
    ))?;
    if key.is_none() {
        say(&format!(
            "its key is its own word: compare {} with the one at /api/v1/ledger/heads of the instance that made it, or give that one with --key",
            signed.key
        ))?;
    }
    say(&format!(
        "what was withdrawn since is not in {} any more: ask there before you use it",
        signed.manifest
    ))?;
    Ok(ExitCode::SUCCESS)
}
