//! `discover-bench whole`: what the whole way of a post costs, from a feed on a site to a topic, and where it goes.
//!
//! The executable reads a hundred sites for the first time: that is the figure. Beside it, in the same run, stands bare
//! tantivy, which puts the same kept text into one stemmed field. The stages of the table are walked one after the other
//! in this process (`stages`). Then the executable reads again: nothing changed, nothing changed but answered whole, a
//! date changed in each head, and one byte changed in each document. In the end it serves, with nothing due.

mod growth;
mod site;
mod stages;

use std::fmt::Write as _;
use std::io::{BufRead, BufReader};
use std::net::SocketAddr;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use anyhow::Context;
use jiff::{SignedDuration, Timestamp};
use serde::Deserialize;
use serde_json::json;

use crate::executable::{Executable, Ran};
use crate::measure::{Figure, print};
use crate::search::build_bare;
use crate::service::client;
pub(crate) use growth::run as grow;
pub(crate) use site::serve;
use site::{ADD, DATE, NOW, Site, WHOLE, World};

/// After so long most sources are due again, and after three times as long no kept post is looked at again yet.
const NEXT: SignedDuration = SignedDuration::from_hours(27);
/// How long a site that has just begun is left alone before it is watched.
const SETTLE: Duration = Duration::from_secs(12);

/// What a run is made of.
pub(crate) struct Plan<'a> {
    pub(crate) binary: &'a Path,
    /// Real data; without it posts are generated.
    pub(crate) data: Option<&'a Path>,
    pub(crate) posts: usize,
    pub(crate) idle: Duration,
}

/// What a round says of itself.
#[derive(Debug, Deserialize)]
struct Round {
    sources: u64,
    not_modified: u64,
    stored: u64,
    updated: u64,
    unchanged: u64,
}

#[expect(clippy::print_stdout, reason = "the figures are this program's output")]
pub(crate) async fn run(plan: &Plan<'_>) -> anyhow::Result<()> {
    let folder = tempfile::tempdir()?;
    let consents = folder.path().join("consents");
    std::fs::create_dir(&consents)?;
    let sites = Sites::start(plan, &consents)?;
    let world = World::load(plan.data, plan.posts, sites.port)?.sites;
    let executable = Executable::new(plan.binary, folder.path())?;
    register(&executable, &world, &consents)?;

    let (first, read) = round(&executable, NOW)?;
    let walked_in = tempfile::tempdir()?;
    let walked = stages::walk(&world, walked_in.path()).await?;
    let bare_in = tempfile::tempdir()?;
    let (bare, index) = build_bare(&walked.kept, false, bare_in.path())?;
    drop(index);
    let bare = bare.as_secs_f64();
    let bytes: usize = walked
        .kept
        .iter()
        .map(|line| line.title.len() + line.text.len())
        .sum();
    println!(
        "{} sites, {} conversations, {} posts, {:.1} MB kept; the executable kept {}\n",
        world.len(),
        walked.conversations,
        walked.posts,
        bytes as f64 / 1e6,
        first.stored
    );
    println!("{}", table(&walked, read.cpu));

    let (again, unmodified) = round(&executable, NOW + NEXT)?;
    sites.ask(WHOLE).await?;
    let (_, unchanged) = round(&executable, NOW + NEXT * 2)?;
    // Both from one state: a day later other work is due.
    let other = executable.copied()?;
    sites.ask(DATE).await?;
    let (_, dated) = round(&other, NOW + NEXT * 3)?;
    sites.ask(ADD).await?;
    let (held, changed) = round(&executable, NOW + NEXT * 3)?;
    let (_, nothing_due) = round(&executable, NOW + NEXT * 3)?;
    println!(
        "rounds: first {:.2} s CPU; {} sources unmodified ({} answers) {:.2}; answered whole, unchanged {:.2}; a new date in each head {:.2}; one byte changed in each document, {} items held as they are ({} stored, {} updated) {:.2}; nothing due {:.2}",
        read.cpu,
        again.sources,
        again.not_modified,
        unmodified.cpu,
        unchanged.cpu,
        dated.cpu,
        held.unchanged,
        held.stored,
        held.updated,
        changed.cpu,
        nothing_due.cpu
    );
    let clock = (NOW + NEXT * 3).to_string();
    let mut serving = executable.serve(&["--clock", &clock]).await?;
    tokio::time::sleep(SETTLE).await;
    let before = serving.used().0;
    tokio::time::sleep(plan.idle).await;
    let idle = (serving.used().0 - before) / plan.idle.as_secs_f64() * 1e3;
    println!(
        "memory: peak of the first read {:.0} MB; serving {:.0} MB, of which its own {:.0}",
        read.peak as f64 / 1e6,
        serving.resident() as f64 / 1e6,
        serving.used().1
    );
    println!(
        "idle: {idle:.2} ms CPU a second over {} s\n",
        plan.idle.as_secs()
    );
    serving.stop()?;
    print(&[
        Figure::new(
            "whole way of a post",
            "posts per CPU second",
            walked.posts as f64 / read.cpu,
            walked.posts as f64 / bare,
            "bare tantivy, one stemmed field, the same text",
        ),
        Figure::new(
            "a new date in the head of each document that has one",
            "CPU seconds a round",
            dated.cpu,
            unchanged.cpu,
            "the same round, unchanged and answered whole",
        ),
        Figure::new(
            "one byte changed in each document",
            "CPU seconds a round",
            changed.cpu,
            unchanged.cpu,
            "the same round, unchanged and answered whole",
        ),
    ]);
    Ok(())
}

/// The stages, and what the executable takes beyond them.
fn table(walked: &stages::Walked, whole: f64) -> String {
    let sum: f64 = walked.stages.iter().map(|(_, took)| took).sum();
    let mut text = String::from("| stage | CPU s | us a post | % |\n|---|--:|--:|--:|\n");
    let rest = ("start, proofs, runtime, hand-over", whole - sum);
    for (name, took) in walked
        .stages
        .iter()
        .chain([&rest, &("whole, by the executable", whole)])
    {
        // Writing to a string cannot fail.
        let _ = writeln!(
            text,
            "| {name} | {took:.2} | {:.0} | {:.1} |",
            took / walked.posts as f64 * 1e6,
            took / whole * 100.0
        );
    }
    text
}

fn round(executable: &Executable, at: Timestamp) -> anyhow::Result<(Round, Ran)> {
    let ran = executable.measured(&["--clock", &at.to_string(), "crawl", "--once", "--json"])?;
    let round = serde_json::from_str(&ran.said)
        .with_context(|| format!("a round is not told as JSON: {}", ran.said))?;
    Ok((round, ran))
}

/// Adds each site to the registry file, with its owner's consent.
fn register(executable: &Executable, sites: &[Site], consents: &Path) -> anyhow::Result<()> {
    let mut registry = String::new();
    for site in sites {
        let Site { slug, kind, .. } = site;
        writeln!(
            registry,
            "[[network]]\nslug = \"{slug}\"\nname = \"{slug}\"\nowner = \"Owners of {slug}\"\nproof = \"well-known\"\nretention_days = 1095\n[[network.source]]\nkind = \"{kind}\"\nurl = \"{}\"",
            site.source()
        )?;
    }
    std::fs::write(executable.registry(), registry)?;
    let clock = NOW.to_string();
    for site in sites {
        let token = executable.run(&[
            "--clock",
            &clock,
            "sources",
            "token",
            &site.slug,
            &site.origin(),
        ])?;
        let consent = json!({
            "discover": 1, "token": token.trim(), "scope": [format!("{}/", site.origin())],
            "purposes": ["search", "topics"], "retention_days": 1095, "members_told": true,
        });
        std::fs::write(site.consent(consents), consent.to_string())?;
    }
    Ok(())
}

/// The process that serves the sites; ended when dropped.
struct Sites {
    child: Child,
    port: u16,
}

impl Sites {
    fn start(plan: &Plan<'_>, consents: &Path) -> anyhow::Result<Self> {
        let mut command = Command::new(std::env::current_exe()?);
        command
            .arg("serve-world")
            .arg("--posts")
            .arg(plan.posts.to_string())
            .arg("--consents")
            .arg(consents);
        if let Some(data) = plan.data {
            command.arg("--data").arg(data);
        }
        let mut child = command
            .stdout(Stdio::piped())
            .spawn()
            .context("cannot start the process that serves the sites")?;
        let mut line = String::new();
        let output = child.stdout.take().context("the server's output")?;
        let mut sites = Self { child, port: 0 };
        BufReader::new(output).read_line(&mut line)?;
        sites.port = line.trim().parse().context("the server says its port")?;
        Ok(sites)
    }

    async fn ask(&self, what: &str) -> anyhow::Result<()> {
        let address = SocketAddr::from(([127, 0, 0, 1], self.port));
        let (status, _) = client::ask(address, what).await?;
        anyhow::ensure!(status == 200, "the sites answered {status} to {what}");
        Ok(())
    }
}

impl Drop for Sites {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
