//! `discover rebuild index|graph`: both are derived and can be made anew.

use crate::cli::RebuildCommand;
use crate::commands::say;
use crate::control::{self, Request};
use crate::pipeline::{Pipeline, Readers};
use crate::progress::Progress;
use crate::settings::config::Config;

pub(super) async fn run(config: Config, what: RebuildCommand) -> anyhow::Result<()> {
    let name = match what {
        RebuildCommand::Index => "index",
        RebuildCommand::Graph => "graph",
    };
    let conversations = match control::ask(
        &config.data,
        &Request::Rebuild {
            what: name.to_owned(),
        },
    )
    .await?
    {
        Some(value) => value["conversations"].as_u64().unwrap_or_default(),
        None => {
            Pipeline::open(config, Readers::None, Progress::detect())
                .await?
                .rebuild(what)
                .await?
                .conversations
        }
    };
    say(&format!(
        "{name} made anew from {conversations} conversations"
    ))
}
