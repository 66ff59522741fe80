//! One module a command. Commands that write go through the control socket when a serving process answers there,
//! else they take the data folder's lock; commands that only read open the store read-only.

mod across;
mod admin;
mod crawl;
mod demo;
mod doctor;
mod inspect;
mod instance;
mod ledger;
mod manual;
mod meaning;
mod notes;
mod package;
mod preview;
mod rebuild;
mod redact;
mod search;
mod sources;
mod withdraw;

use std::io::Write;
use std::process::ExitCode;

use anyhow::Context;
use discover_store::{Store, is_instance};

use crate::cli::{Cli, Command, LedgerCommand, PackageCommand, ServeArgs};
use crate::logging::harmless;
use crate::pipeline::{Pipeline, Readers};
use crate::progress::Progress;
use crate::serve;
use crate::settings::config::Config;
use crate::settings::registry;

/// Carries out the command and says how the process ends.
pub(crate) async fn run(cli: Cli) -> anyhow::Result<ExitCode> {
    let config = Config::load(&cli.global)?;
    instance::check(&config, &cli.command)?;
    match cli.command {
        Command::Demo(args) => demo::run(config, &cli.global, &args).await?,
        Command::Serve(args) => serve(config, &args).await?,
        Command::Crawl(args) => crawl::run(config, &args).await?,
        Command::Search(args) => search::run(config, &args).await?,
        Command::Sources(command) => Box::pin(sources::run(config, command)).await?,
        Command::Inspect(args) => inspect::run(&config, &args).await?,
        Command::Redact => redact::run()?,
        Command::Withdraw(args) => withdraw::run(config, &args).await?,
        Command::Admin(command) => Box::pin(admin::run(config, command)).await?,
        Command::Ledger(LedgerCommand::Verify { heads }) => {
            return ledger::verify(&config, heads.as_deref()).await;
        }
        Command::Ledger(LedgerCommand::Heads) => ledger::heads(&config).await?,
        Command::Ledger(LedgerCommand::Export) => ledger::export(&config).await?,
        Command::Notes(command) => Box::pin(notes::run(config, command)).await?,
        Command::Package(PackageCommand::Verify { file, key }) => {
            return package::verify(&file, key.as_deref());
        }
        Command::Audit => return ledger::audit(&config).await,
        Command::Rebuild(what) => rebuild::run(config, what).await?,
        Command::Meaning(command) => return meaning::run(config, &command).await,
        Command::Doctor => return doctor::run(&config).await,
        Command::Backup { folder } => ledger::backup(&config, &folder).await?,
        Command::Restore {
            folder,
            ledger: newer,
        } => ledger::restore(&config, &folder, newer.as_deref()).await?,
        Command::Manual { folder } => manual::run(&folder)?,
        Command::Openapi => say(discover_server::openapi_json().trim_end())?,
    }
    Ok(ExitCode::SUCCESS)
}

async fn serve(config: Config, args: &ServeArgs) -> anyhow::Result<()> {
    // A registry that is not there says nothing; an empty one declares nothing.
    let declared = if config.sources.exists() {
        Some(registry::load(&config.sources)?)
    } else {
        None
    };
    let listeners = serve::listen(&config).await?;
    let pipeline = Pipeline::open(config, Readers::Some, Progress::silent()).await?;
    if let Some(declared) = declared
        && let Err(error) = pipeline.register(&declared, pipeline.config.now()).await
    {
        pipeline.put_off(error)?;
    }
    serve::run(pipeline, listeners, !args.no_crawl).await
}

/// Whether there may be a store: on a server, only it can say.
fn has_store(config: &Config) -> bool {
    config.store.is_some() || is_instance(&config.data, false)
}

/// Opens the store for reading only, beside a process that may be writing.
async fn open_to_read(config: &Config) -> anyhow::Result<Store> {
    if let Some(address) = &config.store {
        let store = Store::open_read_only_on_postgres(&config.data, config.zone.clone(), address);
        return Ok(store.await?);
    }
    anyhow::ensure!(
        is_instance(&config.data, false),
        "no instance at {}: name its data folder with --data",
        config.data.display()
    );
    Ok(Store::open_read_only(&config.data, config.zone.clone()).await?)
}

/// Writes a line to standard output; a reader that went away is no error.
fn say(text: &str) -> anyhow::Result<()> {
    match writeln!(std::io::stdout(), "{}", harmless(text)) {
        Err(error) if error.kind() != std::io::ErrorKind::BrokenPipe => {
            Err(error).context("cannot write to standard output")
        }
        _ => Ok(()),
    }
}
