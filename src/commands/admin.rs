//! `discover admin`: what the operator does on the host.

use std::collections::BTreeMap;

use anyhow::Context;
use discover_model::NetworkId;
use discover_store::{MISSING_DAYS, MissingSite, Objection};
use serde_json::{Value, json};

use crate::cli::{AdminCommand, AnnotationCommand, AnswerCommand, KeyCommand, ObjectionsCommand};
use crate::commands::{open_to_read, say};
use crate::control::{self, Request};
use crate::lock::DataLock;
use crate::pipeline::{OperatorCommand, Pipeline, Readers};
use crate::progress::Progress;
use crate::settings::config::Config;

pub(super) async fn run(config: Config, command: AdminCommand) -> anyhow::Result<()> {
    let order = match command {
        AdminCommand::Pause { network } => OperatorCommand::Pause { network },
        AdminCommand::Resume { network } => OperatorCommand::Resume { network },
        AdminCommand::Look { network } => OperatorCommand::Look { network },
        AdminCommand::OwnerKey { network } => OperatorCommand::OwnerKey { network },
        AdminCommand::Expire { confirm: _ } => OperatorCommand::Expire,
        AdminCommand::Withdrawals { set_aside } => {
            if set_aside {
                set_aside_damaged(&config)?;
            }
            OperatorCommand::Withdrawals
        }
        AdminCommand::Missing { letter, json } => {
            return missing(&config, letter.as_deref(), json).await;
        }
        AdminCommand::Objections(ObjectionsCommand::List { json }) => {
            return list(&config, json).await;
        }
        AdminCommand::Key(KeyCommand::List { json }) => return list_keys(&config, json).await,
        AdminCommand::Key(KeyCommand::Add {
            holder,
            purpose,
            mut scopes,
            per_minute,
            days,
        }) => {
            scopes.sort_unstable();
            scopes.dedup();
            OperatorCommand::AddKey {
                holder,
                purpose,
                scopes,
                per_minute,
                days,
            }
        }
        AdminCommand::Answer(AnswerCommand::Erase { number, because }) => {
            OperatorCommand::EraseAnswer { number, because }
        }
        AdminCommand::Annotation(AnnotationCommand::Add { topic, text, day }) => {
            OperatorCommand::Annotate { topic, day, text }
        }
        AdminCommand::Annotation(AnnotationCommand::List { json }) => {
            return list_annotations(&config, json).await;
        }
        AdminCommand::Annotation(AnnotationCommand::Remove { number }) => {
            OperatorCommand::RemoveAnnotation { number }
        }
        AdminCommand::Key(KeyCommand::Revoke { id }) => OperatorCommand::RevokeKey { id },
        AdminCommand::Objections(ObjectionsCommand::Uphold { id }) => OperatorCommand::Decide {
            objection: id,
            upheld: true,
        },
        AdminCommand::Objections(ObjectionsCommand::Dismiss { id }) => OperatorCommand::Decide {
            objection: id,
            upheld: false,
        },
    };
    let done = Box::pin(carry_out(config, order)).await?;
    say(done["outcome"].as_str().unwrap_or("done"))
}

/// Takes what cannot be read out of the file of pending withdrawals.
fn set_aside_damaged(config: &Config) -> anyhow::Result<()> {
    let _lock = DataLock::take(&config.data)?;
    let lines = discover_store::set_aside_damaged(&config.data)?;
    if lines == 0 {
        return say("every line of withdrawals.pending can be read: nothing was set aside");
    }
    say(&format!(
        "{lines} lines could not be read and stand in withdrawals.damaged now; whose withdrawals they were is not known: withdraw again, with `discover withdraw`, what was asked for lately and is not in the ledger"
    ))
}

/// Has an order carried out by the process that serves, or with the lock in hand.
pub(super) async fn carry_out(config: Config, order: OperatorCommand) -> anyhow::Result<Value> {
    let request = Request::Admin {
        order: order.clone(),
    };
    if let Some(done) = control::ask(&config.data, &request).await? {
        return Ok(done);
    }
    let pipeline = Pipeline::open(config, Readers::None, Progress::silent()).await?;
    let done = Box::pin(pipeline.carry_out(&order)).await?;
    pipeline.close().await;
    Ok(done)
}

/// The sites that readers named, or a letter to the owner of one.
async fn missing(config: &Config, to: Option<&str>, as_json: bool) -> anyhow::Result<()> {
    let store = open_to_read(config).await?;
    let today = config.now().to_zoned(config.zone.clone()).date();
    let sites = store.missing_sites(today).await?;
    if let Some(host) = to {
        let site = sites.iter().find(|site| site.host == host);
        let site = site.with_context(|| {
            format!("nobody named {host:?}: `discover admin missing` lists what was named")
        })?;
        return say(&letter(config, site));
    }
    if as_json {
        let listed = sites.iter().map(|site| {
            json!({
                "host": site.host,
                "times": site.times,
                "first": site.first.to_string(),
                "last": site.last.to_string(),
            })
        });
        return say(&serde_json::to_string(&listed.collect::<Vec<_>>())?);
    }
    for site in &sites {
        say(&format!(
            "{:>4} times, last on {}  {}",
            site.times, site.last, site.host
        ))?;
    }
    say(&format!(
        "{} sites are missed; forgotten {MISSING_DAYS} days after they were last named",
        sites.len()
    ))
}

/// Tells an owner that readers miss the site, and how to be found, or not.
fn letter(config: &Config, site: &MissingSite) -> String {
    let (base, name) = (&config.base_url, &config.instance_name);
    let times = match site.times {
        1 => "once".to_owned(),
        2 => "twice".to_owned(),
        more => format!("{more} times"),
    };
    let who = config.operator.as_deref().unwrap_or(name);
    let contact = config.contact.as_deref().unwrap_or_default();
    format!(
        "To whoever runs {host}\n\
         \n\
         Readers of {name} ({base}) told us {times} since {first} that they miss your site there.\n\
         {name} shows where public conversations happen, among sites that asked to be found. It shows a title and a\n\
         few lines, always with the way to you; it shows conversations, never people.\n\
         \n\
         Nothing of your site has been read, and nothing will be unless you ask for it. If you would like to be found:\n\
         {base}register\n\
         You place a small proof on your site, and you see exactly what would be kept before anything is. You can\n\
         leave at any time, and what was kept is then deleted. What our crawler does and does not do: {base}bot\n\
         \n\
         If you would rather not, you need do nothing. We shall not write again.\n\
         \n\
         {who}\n\
         {contact}",
        host = site.host,
        first = site.first,
    )
}

/// The operator's notes, latest first.
async fn list_annotations(config: &Config, as_json: bool) -> anyhow::Result<()> {
    let store = open_to_read(config).await?;
    let notes = store.annotations_of(None).await?;
    if as_json {
        let listed = notes.iter().map(|note| {
            json!({
                "number": note.number,
                "topic": note.topic,
                "day": note.day.to_string(),
                "text": note.text,
            })
        });
        return say(&serde_json::to_string(&listed.collect::<Vec<_>>())?);
    }
    for note in &notes {
        say(&format!(
            "{:>4}  {}  on {}: {}",
            note.number, note.topic, note.day, note.text
        ))?;
    }
    say(&format!("{} notes of the operator", notes.len()))
}

async fn list(config: &Config, as_json: bool) -> anyhow::Result<()> {
    let store = open_to_read(config).await?;
    let open = store.open_objections().await?;
    let mut listed = Vec::new();
    for objection in &open {
        let post = store.post(objection.post).await?;
        let network = store.network(objection.network).await?;
        let here = network.is_some_and(|network| !network.proof.has_place());
        listed.push(json!({
            "id": objection.id,
            "at": objection.at.to_string(),
            "days": config.now().duration_since(objection.at).as_hours() / 24,
            "ground": objection.ground.as_str(),
            "hidden": objection.hidden,
            "post": objection.post,
            // What was taken down offline stands on its page here alone.
            "url": post.map(|post| if here {
                format!("{}conversations/{}", config.base_url, post.conversation)
            } else {
                post.url
            }),
        }));
    }
    if as_json {
        return say(&serde_json::to_string(&listed)?);
    }
    for objection in &listed {
        say(&format!(
            "{}  {:>2} days  {:<12} {}",
            objection["id"].as_str().unwrap_or_default(),
            objection["days"],
            objection["ground"].as_str().unwrap_or_default(),
            objection["url"].as_str().unwrap_or("(the post is gone)")
        ))?;
    }
    for (network, count) in waves(&open) {
        let network = store.network(network).await?;
        let slug = network.map_or_else(
            || "a network that is gone".to_owned(),
            |network| network.slug,
        );
        say(&format!(
            "a wave: {count} of them came within a day and are about posts of {slug}; only the first are hidden without a decision"
        ))?;
    }
    say(&format!(
        "{} objections wait for a decision; each within 30 days",
        listed.len()
    ))
}

/// So many objections to posts of one network within a day are one wave.
const WAVE: usize = 5;

/// Networks whose posts many objected to within a day, and how many.
fn waves(open: &[Objection]) -> BTreeMap<NetworkId, usize> {
    let mut waves: BTreeMap<NetworkId, usize> = BTreeMap::new();
    for first in open {
        let within_a_day = open
            .iter()
            .filter(|other| other.network == first.network)
            .filter(|other| (0..24).contains(&other.at.duration_since(first.at).as_hours()))
            .count();
        if within_a_day >= WAVE {
            let most = waves.entry(first.network).or_default();
            *most = within_a_day.max(*most);
        }
    }
    waves
}

async fn list_keys(config: &Config, as_json: bool) -> anyhow::Result<()> {
    let keys = open_to_read(config).await?.analyst_keys().await?;
    let now = config.now();
    let listed: Vec<Value> = keys
        .iter()
        .map(|key| {
            let scopes: Vec<&str> = key.scopes.iter().map(|scope| scope.as_str()).collect();
            let state = match (key.revoked, key.is_live(now)) {
                (true, _) => "revoked",
                (false, true) => "live",
                (false, false) => "expired",
            };
            json!({
                "id": key.id, "state": state, "holder": key.holder, "purpose": key.purpose, "scopes": scopes,
                "per_minute": key.per_minute, "expires": key.expires, "last_used": key.last_used,
            })
        })
        .collect();
    if as_json {
        return say(&serde_json::to_string(&listed)?);
    }
    for (key, line) in keys.iter().zip(&listed) {
        let used = key
            .last_used
            .map_or_else(|| "never".to_owned(), |day| day.to_string());
        say(&format!(
            "{}  {:<8} {}: {} (last used {used})",
            key.id,
            line["state"].as_str().unwrap_or_default(),
            key.holder,
            key.purpose,
        ))?;
    }
    Ok(())
}
