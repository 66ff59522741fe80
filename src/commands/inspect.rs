//! `discover inspect FILE|URL`: what would be taken, and what refused. Nothing is kept.
//!
//! An address is fetched only under a live grant, as everything else; on loopback, with `--allow-loopback`, a
//! provisional grant is made in memory.

use std::collections::BTreeMap;

use anyhow::{Context, bail};
use discover_crawler::fetch::What;
use discover_crawler::inspect::{self, Sniffed};
use discover_crawler::parse::Head;
use discover_crawler::{Counts, Fetcher, Request, strict_reader};
use discover_model::grant::ProvisionalGrant;
use discover_model::{Origin, Source, SourceKind, SourceOptions};
use jiff::Timestamp;
use serde_json::{Value, json};
use url::Url;

use crate::cli::{InspectArgs, Stage};
use crate::commands::{open_to_read, say};
use crate::pipeline::fetch_config;
use crate::pipeline::sample::{self, Judged};
use crate::settings::config::Config;

/// Largest file that is read.
const MAX_FILE: u64 = 8 * 1024 * 1024;

/// Bytes to look into, and what came with them.
struct Taken {
    url: Url,
    headers: BTreeMap<String, String>,
    body: Vec<u8>,
}

impl Taken {
    fn head(&self) -> Head<'_> {
        let header = |name: &str| self.headers.get(name).map(String::as_str);
        Head {
            content_type: header("content-type"),
            content_location: header("content-location"),
            content_language: header("content-language"),
        }
    }
}

pub(super) async fn run(config: &Config, args: &InspectArgs) -> anyhow::Result<()> {
    let now = config.now();
    let (taken, grant) = match Url::parse(&args.target) {
        Ok(url) if matches!(url.scheme(), "http" | "https") => {
            let grant = grant_for_address(config, &url, now).await?;
            let fetcher = Fetcher::new(fetch_config(config)?)?;
            let permit = grant.permit(now)?;
            let response = fetcher
                .get(&permit, Request::new(url, What::Feed), now)
                .await?;
            anyhow::ensure!(
                response.status == 200,
                "{} answers with status {}",
                response.url,
                response.status
            );
            let mut headers = BTreeMap::new();
            if let Some(content_type) = response.content_type() {
                headers.insert("content-type".to_owned(), content_type.to_owned());
            }
            (
                Taken {
                    url: response.url,
                    headers,
                    body: response.body,
                },
                grant,
            )
        }
        _ => {
            let taken = from_file(args)?;
            let grant = ProvisionalGrant::for_inspection(Origin::of(&taken.url)?, now);
            (taken, grant)
        }
    };
    match args.stage {
        Stage::Parsed => {
            let parsed = inspect::parsed(&taken.body, &taken.url, &taken.head())?;
            say(&if args.json {
                serde_json::to_string(&parsed)?
            } else {
                serde_json::to_string_pretty(&parsed)?
            })
        }
        Stage::Admitted => {
            let shown = admitted(&taken, &grant, now)?;
            if args.json {
                say(&shown.to_string())
            } else {
                describe(&shown)
            }
        }
    }
}

fn from_file(args: &InspectArgs) -> anyhow::Result<Taken> {
    let path = std::path::Path::new(&args.target);
    let length = std::fs::metadata(path)
        .with_context(|| {
            format!(
                "cannot read {}: give a file that exists, or an http(s) address",
                path.display()
            )
        })?
        .len();
    anyhow::ensure!(
        length <= MAX_FILE,
        "{} is larger than 8 MiB, the most that is read of a feed",
        path.display()
    );
    let body = std::fs::read(path).with_context(|| format!("cannot read {}", path.display()))?;
    let mut headers = BTreeMap::new();
    for header in &args.headers {
        let Some((name, value)) = header.split_once(':') else {
            bail!("--header {header:?} is not of the form 'Name: value'");
        };
        headers.insert(name.trim().to_ascii_lowercase(), value.trim().to_owned());
    }
    let url = match &args.base {
        Some(base) => base.clone(),
        None => Url::parse("https://file.invalid/")?,
    };
    Ok(Taken { url, headers, body })
}

/// The live grant that covers `url`, or on loopback a provisional one.
pub(super) async fn grant_for_address(
    config: &Config,
    url: &Url,
    now: Timestamp,
) -> anyhow::Result<ProvisionalGrant> {
    let origin = Origin::of(url)?;
    if origin.is_loopback() && config.crawl.allow_loopback {
        return Ok(ProvisionalGrant::for_inspection(origin, now));
    }
    let grants = match open_to_read(config).await {
        Ok(store) => store.grants(None).await?,
        Err(_) => Vec::new(),
    };
    let grant = grants
        .iter()
        .find(|grant| grant.is_live(now) && grant.scope.covers(url));
    grant.map(ProvisionalGrant::from).with_context(|| {
        format!(
            "no live grant covers {url}, so it is not fetched: register the network and let its proof be seen first, \
             or save the page and inspect the file"
        )
    })
}

fn admitted(taken: &Taken, grant: &ProvisionalGrant, now: Timestamp) -> anyhow::Result<Value> {
    let kind = match inspect::sniff(&taken.body, &taken.head()) {
        Sniffed::DiscourseTopic => SourceKind::Discourse,
        Sniffed::Html => SourceKind::Html,
        _ => SourceKind::Feed,
    };
    let preset = inspect::preset_of(&taken.body, &taken.url).filter(|_| kind == SourceKind::Html);
    let options = SourceOptions {
        preset: preset.map(str::to_owned),
        ..SourceOptions::default()
    };
    let source = Source::new(grant.network(), kind, taken.url.clone(), options);
    let items = inspect::items(&taken.body, &taken.url, &taken.head(), &source, now)?;
    let mut shown = decided(&sample::judge(items, grant, &source, false, now));
    shown["kind"] = json!(kind.as_str());
    if let Some(preset) = preset {
        shown["preset"] = json!(preset);
    }
    if kind == SourceKind::Feed {
        if let Some(words) = strict_reader::opinion(&taken.body).words() {
            shown["strict_reader"] = json!(words);
        }
        let entries = inspect::parsed(&taken.body, &taken.url, &taken.head())?
            .entries
            .len();
        let read = shown["counts"]["seen"].as_u64().unwrap_or(0);
        let unreadable = (entries as u64).saturating_sub(read);
        anyhow::ensure!(
            read > 0 || unreadable == 0,
            "none of its {entries} entries can be read: each needs an address, and a title or a text"
        );
        if unreadable > 0 {
            shown["counts"]["unreadable"] = json!(unreadable);
            shown["counts"]["seen"] = json!(entries);
        }
    }
    Ok(shown)
}

/// What would be kept, and what refused, by address and code. Absent values are left out, as in the API.
pub(super) fn decided(items: &[Judged]) -> Value {
    let mut kept = Vec::new();
    let mut refused = Vec::new();
    let mut redacted: BTreeMap<&str, u32> = BTreeMap::new();
    for item in items {
        match &item.verdict {
            Ok(post) => {
                for (kind, count) in &post.redacted {
                    *redacted.entry(kind.as_str()).or_default() += count;
                }
                let mut shown = json!({
                    "id": post.id, "url": post.url, "title": post.title, "text": post.text, "published": post.published,
                    "updated": post.updated, "language": post.declared_language, "reply_to": post.parent, "links": post.links,
                });
                if let Some(fields) = shown.as_object_mut() {
                    fields.retain(|_, value| !value.is_null());
                }
                kept.push(shown);
            }
            Err(refusal) => refused.push(
                json!({ "url": item.url, "code": refusal.code(), "reason": refusal.words() }),
            ),
        }
    }
    let mut counts = Counts {
        seen: items.len() as u64,
        kept: kept.len() as u64,
        ..Counts::default()
    };
    for item in items {
        if let Err(refusal) = &item.verdict {
            *counts.refused.entry(refusal.code().to_owned()).or_default() += 1;
        }
    }
    json!({ "kept": kept, "refused": refused, "redacted": redacted, "counts": counts })
}

pub(super) fn describe(shown: &Value) -> anyhow::Result<()> {
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let list = |key: &str| shown[key].as_array().cloned().unwrap_or_default();
    for post in list("kept") {
        let body = text(&post["text"]);
        say(&format!(
            "keep    {}\n        {}",
            text(&post["url"]),
            text(&post["title"])
        ))?;
        say(&format!(
            "        {}",
            discover_model::conversation::excerpt(&body)
        ))?;
    }
    for item in list("refused") {
        say(&format!(
            "refuse  {}\n        {}: {}",
            text(&item["url"]),
            text(&item["code"]),
            text(&item["reason"])
        ))?;
    }
    if let Some(words) = shown["strict_reader"].as_str() {
        say(words)?;
    }
    say(&format!(
        "{} would be kept, {} refused; taken out: {}",
        list("kept").len(),
        list("refused").len(),
        shown["redacted"]
    ))
}
