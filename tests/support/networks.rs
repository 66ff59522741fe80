//! Registers loopback sites as opted-in networks and crawls them with the real executable.

use std::fmt::Write;
use std::path::{Path, PathBuf};

use serde_json::Value;
use sha2::{Digest, Sha256};
use tempfile::TempDir;

use super::binary;
use super::site::Sites;

/// A data folder, a registry file and the sites it names.
pub(crate) struct World {
    pub folder: TempDir,
    pub sites: Sites,
    registry: String,
}

impl World {
    pub(crate) fn new() -> Self {
        Self {
            folder: TempDir::new().expect("a temporary folder"),
            sites: Sites::start(),
            registry: String::new(),
        }
    }

    pub(crate) fn data(&self) -> PathBuf {
        self.folder.path().join("data")
    }

    pub(crate) fn registry(&self) -> PathBuf {
        self.folder.path().join("sources.toml")
    }

    /// Declares the n-th site as a network with one source.
    pub(crate) fn declare(
        &mut self,
        number: usize,
        slug: &str,
        name: &str,
        kind: &str,
        path: &str,
    ) {
        self.declare_with(number, slug, name, kind, path, "");
    }

    /// The same, with more lines for the source.
    pub(crate) fn declare_with(
        &mut self,
        number: usize,
        slug: &str,
        name: &str,
        kind: &str,
        path: &str,
        more: &str,
    ) {
        let url = format!("{}{path}", self.sites.origin(number));
        write!(
            self.registry,
            "[[network]]\nslug = \"{slug}\"\nname = \"{name}\"\nowner = \"{name}\"\nproof = \"well-known\"\n\
             [[network.source]]\nkind = \"{kind}\"\nurl = \"{url}\"\n{more}"
        )
        .expect("writing to a string");
        std::fs::write(self.registry(), &self.registry).expect("the registry is written");
    }

    /// The lines of a network in the registry whose consent stands on paper.
    pub(crate) fn proof_on_paper(&self) -> String {
        let paper = self.folder.path().join("consent.txt");
        let words = "We want to be found.";
        std::fs::write(&paper, words).expect("the paper is written");
        let hash: String = Sha256::digest(words)
            .iter()
            .map(|byte| format!("{byte:02x}"))
            .collect();
        format!(
            "proof = \"attested\"\nattested = {{ document = \"{}\", sha256 = \"{hash}\", on = 2026-11-01 }}\n",
            paper.display()
        )
    }

    /// Lets the owner of the n-th site agree.
    pub(crate) fn consent(&self, number: usize, slug: &str) {
        self.sites
            .consent(number, &self.data(), &self.registry(), slug, &["/"]);
    }

    /// The arguments every command of this world needs.
    pub(crate) fn arguments<'a>(
        data: &'a str,
        registry: &'a str,
        rest: &[&'a str],
    ) -> Vec<&'a str> {
        let mut arguments = vec![
            "--data",
            data,
            "--sources",
            registry,
            "--allow-loopback",
            "--gap",
            "0",
            "--force-due",
            "--contact",
            "test@example.org",
        ];
        arguments.extend_from_slice(rest);
        arguments
    }

    pub(crate) fn command(&self, rest: &[&str]) -> std::process::Command {
        let (data, registry) = (self.data(), self.registry());
        let arguments = Self::arguments(text(&data), text(&registry), rest);
        binary::command(&arguments)
    }

    /// One crawl round; its outcome as JSON.
    pub(crate) fn crawl(&self) -> Value {
        let output = self
            .command(&["crawl", "--once", "--json"])
            .output()
            .expect("the executable starts");
        assert!(output.status.success(), "{}", binary::stderr(&output));
        serde_json::from_slice(&output.stdout).expect("JSON")
    }
}

fn text(path: &Path) -> &str {
    path.to_str().expect("a plain path")
}
