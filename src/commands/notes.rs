//! `discover notes add`, and the networks that it is for: `discover sources add --kind notes`, `discover sources renew`.

use std::io::Read;
use std::path::Path;

use anyhow::Context;
use discover_crawler::notes;
use discover_model::network::is_slug;
use discover_model::proof::sha256_hex;
use jiff::civil::Date;
use serde_json::Value;

use super::admin::carry_out;
use crate::cli::{AddArgs, NotesCommand};
use crate::commands::say;
use crate::pipeline::{NewNotes, OperatorCommand, SeenDocument, Upload};
use crate::settings::config::Config;

/// Largest document whose hash is taken.
const LARGEST_DOCUMENT: u64 = 64 * 1024 * 1024;

/// Makes a network of notes. The operator is the one who has seen the consent.
pub(super) async fn make(config: Config, args: AddArgs) -> anyhow::Result<()> {
    anyhow::ensure!(
        is_slug(&args.slug),
        "--slug {:?} cannot stand in an address: use 1 to 64 lower-case letters, digits and hyphens",
        args.slug
    );
    let path = args.document.context("--document is missing")?;
    let document = seen(&path, args.until)?;
    anyhow::ensure!(
        args.agreed,
        "make it with --agreed: you have seen the consent, and those who are heard were told that what they say will be shown whole, without names"
    );
    let new = NewNotes {
        slug: args.slug,
        name: args.name,
        owner: args.owner,
        contact: args.owner_contact,
        retention_days: args.days,
        areas: args.areas,
        language: args.language,
        document,
    };
    let order = OperatorCommand::MakeNotes(Box::new(new));
    let done = Box::pin(carry_out(config, order)).await?;
    if args.json {
        return say(&done.to_string());
    }
    let text = |key: &str| done[key].as_str().unwrap_or_default();
    say(&format!(
        "{} has consent until {}; keep the document. Its owner's key, shown this once:",
        text("slug"),
        text("until")
    ))?;
    say(text("owner_key"))
}

/// Renews the consent of a network of notes.
pub(super) async fn renew(
    config: Config,
    network: String,
    document: &Path,
    until: Option<Date>,
) -> anyhow::Result<()> {
    let order = OperatorCommand::RenewNotes {
        network,
        document: seen(document, until)?,
    };
    let done = Box::pin(carry_out(config, order)).await?;
    say(done["outcome"].as_str().unwrap_or("done"))
}

pub(super) async fn run(config: Config, command: NotesCommand) -> anyhow::Result<()> {
    let NotesCommand::Add {
        file,
        network,
        owner_key,
        on,
        agreed,
        json,
    } = command;
    let (bytes, size) = read(&file, notes::MAX_BYTES as u64)?;
    let text = match size {
        Some(size) => Err(notes::BadNotes::TooLong(size)),
        None => notes::text_of(&bytes),
    };
    let text = text.with_context(|| format!("{} cannot be taken", file.display()))?;
    let order = OperatorCommand::Upload(Box::new(Upload {
        network,
        key: owner_key,
        text: text.to_owned(),
        on,
        agreed,
    }));
    let done = Box::pin(carry_out(config, order)).await?;
    if json {
        return say(&done.to_string());
    }
    for item in done["items"].as_array().into_iter().flatten() {
        say(&one(item))?;
    }
    for left in done["left_out"].as_array().into_iter().flatten() {
        let lines = match (&left["from"], &left["to"]) {
            (from, to) if from == to => format!("line {from}"),
            (from, to) => format!("lines {from} to {to}"),
        };
        let why = left["why"].as_str().unwrap_or_default();
        say(&format!("leave    {lines}: {why}"))?;
    }
    if !agreed {
        return say(
            "nothing was kept. The page of each item will show the whole of it, as it stands here: read it for names that were missed, then run this again with --agreed",
        );
    }
    let number = |key: &str| done[key].as_u64().unwrap_or_default();
    say(&format!(
        "{} items kept, {} as they were, {} refused",
        number("kept"),
        number("unchanged"),
        number("refused")
    ))
}

/// One item of a preview.
fn one(item: &Value) -> String {
    let text = |key: &str| item[key].as_str().unwrap_or_default().to_owned();
    if item["refused"].is_string() {
        return format!("refuse   {}: {}\n", text("refused"), text("reason"));
    }
    let taken: Vec<&str> = item["redacted"]
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(Value::as_str)
        .collect();
    let taken = match taken.as_slice() {
        [] => String::new(),
        taken => format!("\n         taken out: {}", taken.join(", ")),
    };
    let title = item["title"].as_str().unwrap_or("(no heading)");
    let body = text("text").replace('\n', "\n         ");
    format!(
        "keep     {title}\n         ({})\n         {body}{taken}\n",
        text("words")
    )
}

fn seen(document: &Path, until: Option<Date>) -> anyhow::Result<SeenDocument> {
    let (bytes, size) = read(document, LARGEST_DOCUMENT)?;
    let shown = document.display();
    if let Some(size) = size {
        anyhow::bail!("{shown} has {size} bytes, and at most {LARGEST_DOCUMENT} are read");
    }
    anyhow::ensure!(!bytes.is_empty(), "{shown} is empty");
    Ok(SeenDocument {
        sha256: sha256_hex(&bytes),
        until,
    })
}

/// What a file holds; of one with more than `most` bytes, how many it has at least.
fn read(file: &Path, most: u64) -> anyhow::Result<(Vec<u8>, Option<u64>)> {
    let unreadable = || format!("cannot read {}", file.display());
    let open = std::fs::File::open(file).with_context(unreadable)?;
    let size = open.metadata().with_context(unreadable)?.len();
    let mut bytes = Vec::new();
    // A pipe does not say how much comes out of it.
    open.take(most + 1)
        .read_to_end(&mut bytes)
        .with_context(unreadable)?;
    let read = bytes.len() as u64;
    Ok((bytes, (read > most).then(|| size.max(read))))
}
