//! `discover admin`: what the operator does on the host.

use serde_json::{Value, json};

use crate::cli::{AdminCommand, ObjectionsCommand};
use crate::commands::{open_to_read, say};
use crate::control::{self, Request};
use crate::pipeline::{Order, Pipeline};
use crate::progress::Progress;
use crate::settings::config::Config;

pub(super) async fn run(config: Config, command: AdminCommand) -> anyhow::Result<()> {
    let order = match command {
        AdminCommand::Pause { network } => Order::Pause { network },
        AdminCommand::Resume { network } => Order::Resume { network },
        AdminCommand::Look { network } => Order::Look { network },
        AdminCommand::OwnerKey { network } => Order::OwnerKey { network },
        AdminCommand::Objections(ObjectionsCommand::List { json }) => {
            return list(&config, json).await;
        }
        AdminCommand::Objections(ObjectionsCommand::Uphold { id }) => Order::Decide {
            objection: id,
            upheld: true,
        },
        AdminCommand::Objections(ObjectionsCommand::Dismiss { id }) => Order::Decide {
            objection: id,
            upheld: false,
        },
    };
    let request = Request::Admin {
        order: order.clone(),
    };
    let done: Value = match control::ask(&config.data, &request).await? {
        Some(value) => value,
        None => {
            let pipeline = Pipeline::open(config, Progress::silent()).await?;
            let done = pipeline.carry_out(&order).await?;
            pipeline.store.close().await;
            done
        }
    };
    say(done["said"].as_str().unwrap_or("done"))
}

async fn list(config: &Config, as_json: bool) -> anyhow::Result<()> {
    let store = open_to_read(config).await?;
    let open = store.open_objections().await?;
    let mut listed = Vec::new();
    for objection in &open {
        let post = store.post(objection.post).await?;
        listed.push(json!({
            "id": objection.id,
            "at": objection.at.to_string(),
            "days": config.now().duration_since(objection.at).as_hours() / 24,
            "ground": objection.ground.as_str(),
            "hidden": objection.hidden,
            "post": objection.post,
            "url": post.map(|post| post.url),
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
    say(&format!(
        "{} objections wait for a decision; each within 30 days",
        listed.len()
    ))
}
