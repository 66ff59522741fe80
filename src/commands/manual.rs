//! `discover manual`: man pages and completions from the table of commands, for packages and the release.

use std::path::Path;

use anyhow::Context;
use clap::CommandFactory;
use clap_complete::Shell;

use crate::cli::Cli;
use crate::commands::say;

/// A page for each command, and the completions of three shells.
pub(super) fn run(folder: &Path) -> anyhow::Result<()> {
    let (pages, completions) = (folder.join("man1"), folder.join("completions"));
    for folder in [&pages, &completions] {
        std::fs::create_dir_all(folder)
            .with_context(|| format!("making the folder {}", folder.display()))?;
    }
    clap_mangen::generate_to(Cli::command(), &pages).context("writing the man pages")?;
    for shell in [Shell::Bash, Shell::Zsh, Shell::Fish] {
        clap_complete::generate_to(shell, &mut Cli::command(), "discover", &completions)
            .with_context(|| format!("writing the completions of {shell}"))?;
    }
    say(&format!(
        "man pages and completions are in {}",
        folder.display()
    ))
}
