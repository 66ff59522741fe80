//! A package as it is handed on: one file a tool, a manifest that names them all, and an archive that is signed.
//!
//! Contract: files are made from the manifest's quotations and from nothing else, for the same view the same bytes. What
//! is withdrawn while they are made is not in them. Formats and where they are documented: docs/handing-on.md.

pub(crate) mod check;
mod decidim;
mod people;
mod statements;

use std::fmt::Write as _;
use std::io::{Cursor, Write as _};

use discover_model::proof::sha256_hex;
use discover_store::Uses;
use zip::result::ZipError;
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, DateTime, ZipWriter};

use crate::problem::{Code, Problem};
use crate::read::package::{self, Subject};
use crate::shapes::{Package, PackageFile, Quotation};
use crate::state::View;
use crate::text::{coordinated, words};
use crate::uses;

pub(crate) const ARCHIVE: &str = "package.zip";
const MANIFEST: &str = "manifest.json";
const SIGNATURE: &str = "manifest.sig";
const DECIDIM: &str = "decidim";
const JSON: &str = "application/json";
const CSV: &str = "text/csv; charset=utf-8; header=present";
const PLAIN: &str = "text/plain; charset=utf-8";
const XLSX: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
/// Near copies from which on a text is no seed of a deliberation: who copied it would have its words voted on.
const MANY_COPIES: u32 = 4;
/// How often it is made anew where something was hidden meanwhile.
const TRIES: usize = 3;

/// One file, and what of the package it does not hold.
#[derive(Debug, Clone, PartialEq, Eq)]
struct File {
    name: &'static str,
    media: &'static str,
    bytes: Vec<u8>,
    quotations: u64,
    left_out: u64,
    because: Option<String>,
}

/// A package with its files, signed.
#[derive(Debug)]
pub(crate) struct Bundle {
    /// What it was made of.
    pub(crate) view: View,
    pub(crate) package: Package,
    files: Vec<File>,
    manifest: Vec<u8>,
    signature: String,
}

/// What is taken from a bundle.
#[derive(Debug)]
pub(crate) struct Taken {
    pub(crate) name: String,
    pub(crate) media: &'static str,
    pub(crate) bytes: Vec<u8>,
}

/// Makes a package; again, if something was hidden while it was made.
pub(crate) async fn bundle(view: &View, subject: &Subject) -> Result<Bundle, Problem> {
    let mut view = view.clone();
    for _ in 0..TRIES {
        let package = package::package(&view, subject).await?;
        let base = view.state.config().base_url.clone();
        let made = view
            .state
            .compute(move || written(package, &base))
            .await??;
        let now = view.state.view().await?;
        if now.generation() == view.generation() {
            let (package, files, manifest) = made;
            let signature = view.state.store().sign_package(&manifest);
            return Ok(Bundle {
                signature: signature.map_err(|error| Problem::internal(&error))?,
                view,
                package,
                files,
                manifest,
            });
        }
        view = now;
    }
    Err(Problem::new(
        Code::Overloaded,
        "what may be shown changed again and again while the package was made",
    ))
}

fn written(
    mut package: Package,
    base: &url::Url,
) -> Result<(Package, Vec<File>, Vec<u8>), Problem> {
    let table = people::table(&package);
    let all = package.quotations.len() as u64;
    let whole = |name, media, bytes| File {
        name,
        media,
        bytes,
        quotations: all,
        left_out: 0,
        because: None,
    };
    let quotations = serde_json::to_vec_pretty(&package.quotations);
    let files = vec![
        whole("README.txt", PLAIN, read_me(&package, base).into_bytes()),
        whole(
            "quotations.json",
            JSON,
            quotations.map_err(|error| Problem::internal(&error))?,
        ),
        whole("quotations.csv", CSV, table.csv()?),
        whole("quotations.xlsx", XLSX, table.xlsx()?),
        statements::polis(&package)?,
        statements::talk_to_the_city(&package)?,
        decidim::file(&package, decidim::LOCALE)?,
    ];
    package.files = files.iter().map(named).collect();
    let mut manifest =
        serde_json::to_vec_pretty(&package).map_err(|error| Problem::internal(&error))?;
    manifest.push(b'\n');
    Ok((package, files, manifest))
}

/// The quotations that a deliberation may begin with, and how many stand for a text that was copied often.
fn seeds(package: &Package) -> (Vec<&Quotation>, u64) {
    let copied = |one: &&Quotation| one.copies.is_some_and(|copies| copies.count >= MANY_COPIES);
    let (copied, seeds): (Vec<_>, Vec<_>) = package.quotations.iter().partition(copied);
    (seeds, copied.len() as u64)
}

/// Why a file holds less than the package.
fn because(reasons: &[(u64, &'static str)]) -> Option<String> {
    let reasons = reasons.iter().filter(|(count, _)| *count > 0);
    let reasons: Vec<&str> = reasons.map(|(_, why)| *why).collect();
    (!reasons.is_empty()).then(|| reasons.join("; "))
}

const COPIED: &str = "a text that was posted in five or more nearly the same copies is nobody’s own words to begin with";

fn named(file: &File) -> PackageFile {
    PackageFile {
        name: file.name.to_owned(),
        media: file.media.to_owned(),
        bytes: file.bytes.len() as u64,
        sha256: sha256_hex(&file.bytes),
        quotations: file.quotations,
        left_out: file.left_out,
        because: file.because.clone(),
    }
}

impl Bundle {
    /// Counts it as taken away, for the owners of the networks that are quoted.
    pub(crate) fn count(&self) {
        let quoted = self.package.quotations.iter();
        let one = Uses {
            exported: 1,
            ..Uses::default()
        };
        uses::count(&self.view, quoted.map(|one| one.network.as_str()), one);
    }

    /// The manifest as it is signed.
    pub(crate) fn manifest(&self) -> &[u8] {
        &self.manifest
    }

    /// A file of this name; `decidim-xx.json` is the proposal for a Decidim whose own language is `xx`.
    pub(crate) fn take(&self, name: &str) -> Result<Taken, Problem> {
        let taken = |media, bytes| Taken {
            name: name.to_owned(),
            media,
            bytes,
        };
        if let Some(file) = self.files.iter().find(|file| file.name == name) {
            return Ok(taken(file.media, file.bytes.clone()));
        }
        match name {
            ARCHIVE => {
                let topic = self.package.topic.map(|id| format!("-{id}"));
                let bytes = self.archive().map_err(|error| Problem::internal(&error))?;
                Ok(Taken {
                    name: format!(
                        "package{}-{}.zip",
                        topic.unwrap_or_default(),
                        self.package.check.made
                    ),
                    ..taken("application/zip", bytes)
                })
            }
            MANIFEST => Ok(taken(JSON, self.manifest.clone())),
            SIGNATURE => Ok(taken(PLAIN, format!("{}\n", self.signature).into_bytes())),
            _ => {
                let locale = name
                    .strip_prefix(DECIDIM)
                    .and_then(|rest| rest.strip_prefix('-')?.strip_suffix(".json"));
                let locale = locale.filter(|locale| decidim::is_locale(locale));
                let locale = locale.ok_or_else(|| Problem::not_found("file"))?;
                let file = decidim::file(&self.package, locale)?;
                Ok(taken(file.media, file.bytes))
            }
        }
    }

    /// Not packed tighter: anybody can look for a word in it, and the same files are the same bytes.
    fn archive(&self) -> Result<Vec<u8>, ZipError> {
        let options = SimpleFileOptions::default()
            .compression_method(CompressionMethod::Stored)
            .last_modified_time(DateTime::default())
            .unix_permissions(0o644);
        let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
        let signature = format!("{}\n", self.signature);
        let files = self.files.iter();
        let files = files.map(|file| (file.name, file.bytes.as_slice()));
        let signed = [
            (MANIFEST, self.manifest.as_slice()),
            (SIGNATURE, signature.as_bytes()),
        ];
        for (name, bytes) in files.chain(signed) {
            zip.start_file(name, options)?;
            zip.write_all(bytes)?;
        }
        Ok(zip.finish()?.into_inner())
    }
}

fn read_me(package: &Package, base: &url::Url) -> String {
    let mut out = String::new();
    let what = heading(package);
    let _ = write!(
        out,
        "{what}\n{}, {}\n{}\n\n",
        package.instance,
        words::day(package.check.made),
        package.url
    );
    let quoted = package.quotations.len() as u64;
    let _ = write!(
        out,
        "{} of {}, quoted as written, at most 300 characters each, personal details taken out.\n\
         {}Left out of these: {} in the same words as another one, {} with nothing to quote.\n\
         Nobody who is quoted was asked whether they stand for a statement or a proposal.\n\n",
        words::of(quoted, "conversation", "conversations"),
        words::exact(package.once()),
        looked_through(package),
        package.left_out.same_words,
        package.left_out.nothing_to_quote,
    );
    if let Some(sign) = coordinated::sentence(package.coordinated.as_ref()) {
        let _ = write!(
            out,
            "{sign}\nWhat was copied is in quotations.csv and .json, with the number of its copies, and in no file that a deliberation begins with.\n\n"
        );
    }
    let _ = write!(
        out,
        "polis.csv               Polis: Configure, \"Upload a CSV of seed comments\"\n\
         talk-to-the-city.csv    Talk to the City: Create a report, \"Upload your data\"; the network stands as the speaker\n\
         decidim.json            Decidim: Proposals, Import from a file; one proposal, for a site whose own language is English\n\
         quotations.csv, .xlsx   for people, with references and consents\n\
         quotations.json         the same for programs\n\
         manifest.json, .sig     what is in here, whose consent it rests on, and the signature\n\n"
    );
    let _ = write!(
        out,
        "Before you use it again, ask for the manifest as it is now, at\n{}\nWhat is not in it any more was withdrawn, or is past the time it may be kept: take it out.\n\n\
         To check the signature: discover package verify FILE --key KEY\nThe key is at {}\n",
        package.manifest,
        crate::text::links::absolute(base, "/api/v1/ledger/heads"),
    );
    out
}

/// How many were looked through, where that is not all.
fn looked_through(package: &Package) -> String {
    if package.left_out.beyond == 0 {
        return String::new();
    }
    format!(
        "Looked through for something to quote: {} of {}, those first that stand first; the others are not in here.\n",
        words::exact(package.looked_through),
        words::exact(package.once())
    )
}

/// What the package is about, on one line.
fn heading(package: &Package) -> String {
    let label = package
        .label
        .split_whitespace()
        .collect::<Vec<_>>()
        .join(" ");
    match (package.topic, label.as_str()) {
        (Some(_), label) => words::sentence(label),
        (None, "") => "Conversations".to_owned(),
        (None, label) => format!("Conversations found for “{label}”"),
    }
}
