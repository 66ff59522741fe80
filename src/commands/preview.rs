//! `discover sources preview URL`: what a site offers, and what would be kept and refused of it. Nothing is stored.
//!
//! As everything else it needs consent: a live grant that covers the address, or on loopback `--allow-loopback`.

use std::time::Duration;

use discover_crawler::Fetcher;
use discover_crawler::discovery::Discovery;
use serde_json::json;
use url::Url;

use crate::commands::inspect::{decided, describe, grant_for_address};
use crate::commands::{open_to_read, say};
use crate::pipeline::{fetch_config, sample};
use crate::settings::config::Config;
use crate::settings::registry::{self, DeclaredNetwork};

/// Longest time for reading the sample.
const PATIENCE: Duration = Duration::from_mins(2);

pub(super) async fn run(config: &Config, url: &Url, as_json: bool) -> anyhow::Result<()> {
    let now = config.now();
    let grant = grant_for_address(config, url, now).await?;
    let fetcher = Fetcher::new(fetch_config(config)?)?;
    let of = declared(config, url);
    let source = of.as_ref().and_then(|network| {
        let source = network.sources.iter().find(|source| source.url == *url);
        source.cloned()
    });
    let link_only = match &of {
        Some(network) => network.link_only,
        None => match open_to_read(config).await {
            Ok(store) => store
                .network(grant.network())
                .await?
                .is_some_and(|network| network.link_only),
            Err(_) => false,
        },
    };
    let sample =
        sample::sample_site(&fetcher, &grant, url, source, link_only, PATIENCE, now).await?;
    let mut shown = json!({});
    if let Some(discovery) = &sample.discovery {
        shown["discovery"] = json!(discovery);
    }
    if let Some(source) = &sample.source {
        shown["source"] = json!({ "kind": source.kind.as_str(), "url": source.url });
        shown["more"] = json!(sample.more);
        if let Some(trouble) = &sample.trouble {
            shown["health"] = json!({ "what": trouble.what, "fix": trouble.fix });
        }
        if let Some(words) = &sample.strict {
            shown["strict_reader"] = json!(words);
        }
        let judged = decided(&sample.items);
        for key in ["kept", "refused", "redacted", "counts"] {
            shown[key] = judged[key].clone();
        }
    }
    if as_json {
        return say(&shown.to_string());
    }
    if let Some(found) = &sample.discovery {
        say_found(found)?;
    }
    if sample.source.is_none() {
        return say("nothing to preview");
    }
    say("")?;
    describe(&shown)?;
    if sample.more {
        say(&format!(
            "these are the first {}; there is more",
            sample::SAMPLE
        ))?;
    }
    if let Some(trouble) = &sample.trouble {
        say(&format!(
            "reading it met trouble: {}\n  {}",
            trouble.what, trouble.fix
        ))?;
    }
    Ok(())
}

/// The network whose registry entry declares this address as a source.
fn declared(config: &Config, url: &Url) -> Option<DeclaredNetwork> {
    let networks = registry::load(&config.sources).ok()?;
    let declares =
        |network: &DeclaredNetwork| network.sources.iter().any(|source| source.url == *url);
    networks.into_iter().find(declares)
}

fn say_found(found: &Discovery) -> anyhow::Result<()> {
    if let Some(platform) = &found.platform {
        say(&format!("the site is run by {platform}"))?;
    }
    for source in &found.sources {
        say(&format!("found   {}", sample::found_line(source)))?;
    }
    for note in &found.notes {
        say(&format!("note    {note}"))?;
    }
    if let Some(best) = found.best() {
        say("\nto register it, add to your network:\n")?;
        say(&sample::as_toml(best.kind, &best.url))?;
        if let Some(settings) = &best.settings {
            say(settings)?;
        }
    }
    Ok(())
}
