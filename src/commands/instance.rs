//! Which commands need an instance in the data folder, and which may begin one.
//!
//! Contract: a command that needs one and finds none is refused before anything is made, so that a mistyped `--data` leaves no
//! folder behind and answers nothing. Where the database is on a server, the folder still holds the key.

use anyhow::ensure;
use discover_store::is_instance;

use crate::cli::{Command, MeaningCommand, SourcesCommand};
use crate::settings::config::Config;

/// What a command has to do with the data folder.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Needs {
    /// It begins an instance where there is none, because that is what it is for.
    Begins,
    Instance,
    Nothing,
}

/// Refuses a command that needs an instance where there is none.
pub(super) fn check(config: &Config, command: &Command) -> anyhow::Result<()> {
    let is_there = is_instance(&config.data, config.store.is_some());
    let folder = config.data.display();
    match needs(command) {
        Needs::Instance => ensure!(
            is_there,
            "no instance at {folder}: name its data folder with --data, or begin one there with `discover serve` or `discover crawl --once`"
        ),
        Needs::Begins | Needs::Nothing => {}
    }
    Ok(())
}

/// Says that an instance is begun where there is none, by a command that usually goes on with one.
pub(super) fn say_begun(config: &Config) {
    if !is_instance(&config.data, config.store.is_some()) {
        eprintln!(
            "note: there was no instance at {}: one is begun there",
            config.data.display()
        );
    }
}

fn needs(command: &Command) -> Needs {
    match command {
        Command::Demo(_)
        | Command::Serve(_)
        | Command::Crawl(_)
        | Command::Restore { .. }
        | Command::Sources(SourcesCommand::Add(_) | SourcesCommand::Token { .. }) => Needs::Begins,
        Command::Sources(SourcesCommand::Check | SourcesCommand::Preview { .. })
        | Command::Inspect(_)
        | Command::Redact
        | Command::Package(_)
        | Command::Meaning(MeaningCommand::Check)
        | Command::Doctor
        | Command::Openapi
        | Command::Manual { .. } => Needs::Nothing,
        Command::Admin(_)
        | Command::Sources(
            SourcesCommand::List { .. }
            | SourcesCommand::Sync { .. }
            | SourcesCommand::Renew { .. },
        )
        | Command::Search(_)
        | Command::Withdraw(_)
        | Command::Ledger(_)
        | Command::Notes(_)
        | Command::Audit
        | Command::Rebuild(_)
        | Command::Meaning(MeaningCommand::Rebuild)
        | Command::Backup { .. } => Needs::Instance,
    }
}
