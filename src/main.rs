//! `discover`: the composition root. It reads settings, joins the rooms through the pipeline, and speaks to people.

mod cli;
mod commands;
mod control;
mod data_folder;
mod demo;
mod lock;
mod logging;
mod mail;
mod pipeline;
mod progress;
mod serve;
mod settings;

use std::process::ExitCode;

use clap::Parser;

use crate::cli::Cli;
use crate::settings::Mistakes;

/// Gives back what a first read or a topics pass took, where the system's allocator keeps it: docs/adr/0062.
#[global_allocator]
static ALLOCATOR: tikv_jemallocator::Jemalloc = tikv_jemallocator::Jemalloc;

fn main() -> ExitCode {
    let cli = Cli::parse();
    data_folder::keep_private();
    logging::init();
    let runtime = match tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
    {
        Ok(runtime) => runtime,
        Err(error) => {
            eprintln!("error: cannot start: {error}");
            return ExitCode::FAILURE;
        }
    };
    let outcome = runtime.block_on(commands::run(cli));
    // Blocking work that is still running (an index merge) must not hold up the end of the process.
    runtime.shutdown_timeout(std::time::Duration::from_secs(1));
    match outcome {
        Ok(code) => code,
        Err(error) => {
            match error.downcast_ref::<Mistakes>() {
                Some(mistakes) => eprintln!("{}", mistakes.render()),
                None => eprintln!("error: {}", logging::harmless(&format!("{error:#}"))),
            }
            ExitCode::FAILURE
        }
    }
}
