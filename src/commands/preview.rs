//! `discover sources preview URL`: what a site offers, and what would be kept and refused of it. Nothing is stored.
//!
//! As everything else it needs consent: a live grant that covers the address, or on loopback `--allow-loopback`.

use std::path::Path;
use std::time::Duration;

use anyhow::Context;
use discover_crawler::discovery::{self, Discovery, Found};
use discover_crawler::{Batch, Fetcher, SourceState, Task, crawl};
use discover_model::{Grant, Item, Source, SourceOptions};
use jiff::Timestamp;
use serde_json::{Value, json};
use tokio::sync::mpsc;
use url::Url;

use crate::commands::inspect::{decided, describe, grant_for_address};
use crate::commands::say;
use crate::pipeline::fetch_config;
use crate::settings::config::Config;
use crate::settings::registry::{self, DeclaredSource};

/// Items shown at most.
const SAMPLE: usize = 60;
/// Longest time for reading the sample.
const PATIENCE: Duration = Duration::from_mins(2);

pub(super) async fn run(config: &Config, url: &Url, as_json: bool) -> anyhow::Result<()> {
    let now = config.now();
    let grant = grant_for_address(config, url, now).await?;
    let fetcher = Fetcher::new(fetch_config(config)?)?;
    let (found, source) = match declared(config, url) {
        Some(source) => (None, Some(source)),
        None => {
            let permit = grant.permit(now)?;
            let found = discovery::discover(&fetcher, &permit, url, now).await?;
            let source = found.best().map(as_declared).transpose()?;
            (Some(found), source)
        }
    };
    let mut shown = json!({ "discovery": found });
    if let Some(declared) = source {
        let source = Source::new(grant.network, declared.kind, declared.url, declared.options);
        let (items, health) = sample(&fetcher, &grant, &source, now).await?;
        let more = items.len() > SAMPLE;
        let items: Vec<Item> = items.into_iter().take(SAMPLE).collect();
        shown["source"] = json!({ "kind": source.kind.as_str(), "url": source.url });
        shown["health"] = health;
        shown["more"] = json!(more);
        let judged = decided(items, &grant, &source, now);
        for key in ["kept", "refused", "redacted"] {
            shown[key] = judged[key].clone();
        }
    }
    if as_json {
        return say(&shown.to_string());
    }
    if let Some(found) = &found {
        say_found(found)?;
    }
    if shown["source"].is_null() {
        return say("nothing to preview");
    }
    say("")?;
    describe(&shown)?;
    if shown["more"] == true {
        say(&format!("these are the first {SAMPLE}; there is more"))?;
    }
    if let Some(what) = shown["health"]["what"].as_str() {
        say(&format!(
            "reading it met trouble: {what}\n  {}",
            shown["health"]["fix"].as_str().unwrap_or_default()
        ))?;
    }
    Ok(())
}

/// The source as the registry declares it, with its owner's settings.
fn declared(config: &Config, url: &Url) -> Option<DeclaredSource> {
    let networks = super::read_registry(&config.sources).ok()?;
    let mut sources = networks.into_iter().flat_map(|network| network.sources);
    sources.find(|source| source.url == *url)
}

/// A source that was found, with the settings it needs, read as the registry would read them.
fn as_declared(found: &Found) -> anyhow::Result<DeclaredSource> {
    let Some(settings) = &found.settings else {
        let options = SourceOptions {
            comments: true,
            ..SourceOptions::default()
        };
        return Ok(DeclaredSource {
            kind: found.kind,
            url: found.url.clone(),
            options,
        });
    };
    let text = format!(
        "[[network]]\nslug = \"preview\"\nname = \"Preview\"\nowner = \"Preview\"\nproof = \"well-known\"\n{}\n{settings}\n",
        as_toml(found)
    );
    let networks = registry::read(Path::new("sources.toml"), &text)?;
    let source = networks
        .into_iter()
        .flat_map(|network| network.sources)
        .next();
    source.context("the settings name no source")
}

fn as_toml(found: &Found) -> String {
    format!(
        "[[network.source]]\nkind = \"{}\"\nurl = \"{}\"",
        found.kind, found.url
    )
}

/// The first items of a source, as they would come to the gate, and how reading it went.
async fn sample(
    fetcher: &Fetcher,
    grant: &Grant,
    source: &Source,
    now: Timestamp,
) -> anyhow::Result<(Vec<Item>, Value)> {
    let task = Task {
        source: source.clone(),
        permit: grant.permit(now)?,
        state: SourceState::default(),
        force_due: false,
    };
    let (sender, mut receiver) = mpsc::channel::<Batch>(1);
    let mut items = Vec::new();
    let collect = async {
        while let Some(batch) = receiver.recv().await {
            items.extend(batch.items);
            if items.len() > SAMPLE {
                // Ends the visit at its next batch.
                receiver.close();
            }
        }
    };
    let visit = async { tokio::join!(crawl(fetcher, task, now, sender), collect).0 };
    let health = match tokio::time::timeout(PATIENCE, visit).await {
        Ok(finish) if items.len() <= SAMPLE => serde_json::to_value(&finish.health)?,
        Ok(_) => Value::Null,
        Err(_) => json!({
            "what": format!("not all was read within {} seconds", PATIENCE.as_secs()),
            "fix": "nothing: a crawl takes the time that politeness needs",
        }),
    };
    Ok((items, health))
}

fn say_found(found: &Discovery) -> anyhow::Result<()> {
    if let Some(platform) = &found.platform {
        say(&format!("the site is run by {platform}"))?;
    }
    for source in &found.sources {
        let title = source.title.as_deref().unwrap_or("without a title");
        let side = if source.side {
            ", beside the main one"
        } else {
            ""
        };
        say(&format!(
            "found   {} {} ({title}; {}{side})",
            source.kind, source.url, source.how
        ))?;
    }
    for note in &found.notes {
        say(&format!("note    {note}"))?;
    }
    if let Some(best) = found.best() {
        say("\nto register it, add to your network:\n")?;
        say(&as_toml(best))?;
        if let Some(settings) = &best.settings {
            say(settings)?;
        }
    }
    Ok(())
}
