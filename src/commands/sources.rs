//! `discover sources add|check|list|preview|renew|token`: the registry as its file says it and as the store holds it.

use std::collections::BTreeMap;

use anyhow::Context;
use discover_crawler::Counts;
use discover_model::network::{Sensitive, is_link_only, is_slug};
use discover_model::proof::{ProofMethod, ProofSubject};
use discover_model::{Origin, SourceKind, proof};
use serde_json::{Value, json};
use url::Url;

use crate::cli::{AddArgs, SourcesCommand};
use crate::commands::{instance, open_to_read, say};
use crate::pipeline::{Add, OperatorCommand, Pipeline, Readers, SyncRegistry, Synced};
use crate::progress::Progress;
use crate::settings::config::Config;
use crate::settings::registry::{self, DeclaredNetwork};

pub(super) async fn run(config: Config, command: SourcesCommand) -> anyhow::Result<()> {
    match command {
        SourcesCommand::Check => check(&config),
        SourcesCommand::Sync { dry_run, prune } => {
            Box::pin(sync(config, SyncRegistry { dry_run, prune })).await
        }
        SourcesCommand::List { json } => list(&config, json).await,
        SourcesCommand::Preview { url, json } => {
            Box::pin(super::preview::run(&config, &url, json)).await
        }
        SourcesCommand::Add(args) if args.kind.is_some() => {
            Box::pin(super::notes::make(config, *args)).await
        }
        SourcesCommand::Add(args) => Box::pin(add(config, *args)).await,
        SourcesCommand::Renew {
            network,
            document,
            until,
        } => Box::pin(super::notes::renew(config, network, &document, until)).await,
        SourcesCommand::Token { network, origin } => token(config, &network, &origin).await,
    }
}

/// Two networks with one origin cannot both speak for it, but where each lies in a folder of its own there.
fn one_network_an_origin(declared: &[DeclaredNetwork]) -> anyhow::Result<()> {
    let mut of: BTreeMap<Origin, BTreeMap<&str, Vec<&Url>>> = BTreeMap::new();
    for network in declared {
        for source in &network.sources {
            // An account is its own: many stand on one server.
            if source.kind.is_account() {
                continue;
            }
            let Ok(origin) = Origin::of(&source.url) else {
                continue;
            };
            of.entry(origin)
                .or_default()
                .entry(&network.slug)
                .or_default()
                .push(&source.url);
        }
    }
    let mistakes: Vec<String> = of
        .iter()
        .filter(|(_, networks)| networks.len() > 1)
        .filter(|(origin, networks)| {
            let folders: Vec<Option<ProofSubject>> = networks
                .values()
                .map(|urls| ProofSubject::folder_around(origin, urls.iter().copied()))
                .collect();
            let apart = folders
                .iter()
                .enumerate()
                .all(|(at, folder)| folder.is_some() && !folders[..at].contains(folder));
            !apart
        })
        .map(|(origin, networks)| {
            let slugs: Vec<String> = networks.keys().map(|slug| format!("{slug:?}")).collect();
            format!(
                "the networks {} declare sources of {origin}: a proof speaks for an origin, or for one folder of it, so put \
                 them into one network, or each into a folder of its own",
                slugs.join(" and ")
            )
        })
        .collect();
    anyhow::ensure!(mistakes.is_empty(), "{}", mistakes.join("\n"));
    Ok(())
}

fn check(config: &Config) -> anyhow::Result<()> {
    let declared = registry::load(&config.sources)?;
    one_network_an_origin(&declared)?;
    let sources: usize = declared.iter().map(|network| network.sources.len()).sum();
    say(&format!(
        "{}: {} networks with {sources} sources, no mistakes",
        config.sources.display(),
        declared.len()
    ))
}

async fn sync(config: Config, sync: SyncRegistry) -> anyhow::Result<()> {
    let dry = sync.dry_run;
    let order = OperatorCommand::Sync(sync);
    let done = Box::pin(super::admin::carry_out(config, order)).await?;
    let synced: Synced = serde_json::from_value(done)?;
    let (read, erased) = if dry {
        ("would be read no more", "would be erased")
    } else {
        (
            "is read no more; its posts stay until they expire",
            "its posts are erased",
        )
    };
    for (lines, what) in [
        (&synced.left, read),
        (&synced.pruned, erased),
        (
            &synced.kept,
            "its posts stay: its whole network has left the file, so name it (--prune NETWORK) to erase them",
        ),
    ] {
        for (network, url) in lines {
            say(&format!("{network} {url}: {what}"))?;
        }
    }
    if synced.left.is_empty() && synced.pruned.is_empty() && synced.kept.is_empty() {
        say("everything that was declared still is")?;
    }
    Ok(())
}

async fn list(config: &Config, as_json: bool) -> anyhow::Result<()> {
    let store = open_to_read(config).await?;
    let health = store.all_sources_health().await?;
    let left = store.left_sources().await?;
    let mut listed = Vec::new();
    for network in store.networks().await? {
        for source in store.sources(Some(network.id)).await? {
            let health = health.iter().find(|health| health.source == source.id);
            let said = health
                .and_then(|health| health.health_json.as_deref())
                .and_then(|text| serde_json::from_str::<serde_json::Value>(text).ok());
            listed.push(json!({
                "network": network.slug,
                "state": network.state.as_str(),
                "declared": !left.iter().any(|gone| gone.id == source.id),
                "kind": source.kind.as_str(),
                "url": source.url,
                "last_fetch": health.and_then(|health| health.last_fetch).map(|at| at.to_string()),
                "last_ok": health.and_then(|health| health.last_ok).map(|at| at.to_string()),
                "next_due": health.map(|health| health.next_due.to_string()),
                "counts": said.as_ref().map(|health| health["counts"].clone()),
                "failures": health.map(|health| health.failures),
                "health": said,
            }));
        }
    }
    if as_json {
        return say(&serde_json::to_string(&listed)?);
    }
    for source in &listed {
        let text = |key: &str| source[key].as_str().unwrap_or("never").to_owned();
        if source["kind"] == SourceKind::Notes.as_str() {
            say(&format!(
                "{:<24} {:<10} {:<12} last upload {}",
                text("network"),
                text("state"),
                text("kind"),
                text("last_ok")
            ))?;
            continue;
        }
        say(&format!(
            "{:<24} {:<10} {:<12} last read {:<22} {}",
            text("network"),
            text("state"),
            text("kind"),
            text("last_ok"),
            text("url")
        ))?;
        if source["declared"] == false {
            say(&format!(
                "{:24} left the registry file: read no more, its posts stay until they expire",
                ""
            ))?;
        }
        if let Ok(counts) = serde_json::from_value::<Counts>(source["counts"].clone()) {
            say(&format!("{:24} {}", "", counts.words()))?;
        }
    }
    say(&format!("{} sources", listed.len()))
}

/// Prints what the owner places on the site. Registers what the file declares first, so that the network has its id.
async fn token(config: Config, slug: &str, origin: &str) -> anyhow::Result<()> {
    let url: Url = origin
        .parse()
        .context("write the origin in full, for example https://forum.example.org")?;
    let origin = Origin::of(&url)?;
    let subject =
        ProofSubject::folder_of(&origin, url.path()).unwrap_or_else(|| ProofSubject::from(&origin));
    let store = match open_to_read(&config).await {
        Ok(store) if store.network_by_slug(slug).await?.is_some() => store,
        _ => {
            let declared = registry::load(&config.sources)?;
            anyhow::ensure!(
                declared.iter().any(|network| network.slug == slug),
                "there is no network {slug:?} in {}, nor in {}: declare it in the registry first, under another slug if it was here and left",
                config.data.display(),
                config.sources.display()
            );
            instance::say_begun(&config);
            let pipeline = Pipeline::open(config, Readers::None, Progress::silent()).await?;
            pipeline.register(&declared, pipeline.config.now()).await?;
            pipeline.store.clone()
        }
    };
    let network = store.network_by_slug(slug).await?.with_context(|| {
        format!("there is no network {slug:?}: declare it in the registry first, under another slug if it was here and left")
    })?;
    say(&proof::token(&store.proof_key(), network.id, &subject))
}

/// Goes one step further with a registration.
async fn add(config: Config, args: AddArgs) -> anyhow::Result<()> {
    anyhow::ensure!(
        is_slug(&args.slug),
        "--slug {:?} cannot stand in an address: use 1 to 64 lower-case letters, digits and hyphens",
        args.slug
    );
    anyhow::ensure!(
        !matches!(args.proof, ProofMethod::Attested | ProofMethod::Document),
        "consent on paper is declared in the registry file, with the document's hash: see docs/registry.md"
    );
    let address = args.url.context("name the site's address")?;
    let sensitive = args.sensitive.as_deref().and_then(Sensitive::parse);
    let as_json = args.json;
    let order = OperatorCommand::Add(Box::new(Add {
        slug: args.slug,
        address,
        name: args.name,
        owner: args.owner,
        contact: args.owner_contact,
        method: args.proof,
        retention_days: args.days,
        link_only: is_link_only(sensitive, args.link_only),
        sensitive: sensitive.is_some(),
        areas: args.areas,
        sources: args.chosen,
        agreed: args.agreed,
    }));
    instance::say_begun(&config);
    let done = Box::pin(super::admin::carry_out(config, order)).await?;
    if as_json {
        return say(&done.to_string());
    }
    let text = |key: &str| done[key].as_str().unwrap_or_default().to_owned();
    let list = |key: &str| done[key].as_array().cloned().unwrap_or_default();
    match done["step"].as_str() {
        Some("proof") => {
            say(&format!(
                "put this into {}:\n\n{}\n",
                text("place"),
                text("what")
            ))?;
            if let Some(folder) = done["folder"].as_object() {
                let text = |key: &str| folder.get(key).and_then(Value::as_str).unwrap_or_default();
                say(&format!(
                    "or, if the owner can write only in that folder, {}:\n\n{}\n",
                    text("place"),
                    text("what")
                ))?;
            }
            say(&format!(
                "the proof was looked for: {}. When it stands there, run this again for the preview",
                text("trouble")
            ))
        }
        Some("preview") => {
            for source in list("found") {
                let chosen = list("chosen").contains(&source);
                say(&format!(
                    "{} {} {}",
                    if chosen { "read    " } else { "found   " },
                    source["kind"].as_str().unwrap_or_default(),
                    source["url"].as_str().unwrap_or_default()
                ))?;
            }
            for item in list("items") {
                let field = |key: &str| item[key].as_str().unwrap_or_default().to_owned();
                match item["refused"].as_str() {
                    Some(code) => say(&format!(
                        "refuse   {}\n         {code}: {}",
                        field("url"),
                        field("reason")
                    ))?,
                    None => say(&format!(
                        "keep     {}\n         {}\n         {}",
                        field("url"),
                        field("title"),
                        field("excerpt")
                    ))?,
                }
            }
            for note in list("notes") {
                say(&format!("note     {}", note.as_str().unwrap_or_default()))?;
            }
            if !done["trouble"].is_null() {
                say(&text("trouble"))?;
            }
            say(
                "nothing was kept. When the owner has seen this, told the members and agrees, run this again with --agreed",
            )
        }
        _ => {
            say(&format!(
                "{} is live; its owner's key, shown this once:",
                text("slug")
            ))?;
            say(&text("owner_key"))
        }
    }
}
