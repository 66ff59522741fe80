//! How the cost of a post and of a search grows with what is held: the whole way at several sizes, one line each.

use std::time::Instant;

use super::site::{NOW, World};
use super::{Plan, Sites, register, round};
use crate::cost::posts::SplitMix64;
use crate::executable::Executable;
use crate::service::client;

/// Searches through HTTP of each size, no two the same, and on the command line.
const SEARCHES: u64 = 300;
const COMMANDS: u64 = 9;

#[expect(clippy::print_stdout, reason = "the figures are this program's output")]
pub(crate) async fn run(plan: &Plan<'_>, sizes: &[usize]) -> anyhow::Result<()> {
    println!(
        "| posts | whole way, us CPU a post | peak MB | topics anew, us CPU a post | search, ms CPU | search, ms | on the command line, ms | serving MB | store, B a post | index, B a post | graph, B a post |\n|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|"
    );
    for size in sizes {
        let plan = Plan {
            data: None,
            posts: *size,
            ..*plan
        };
        println!("{}", line(&plan).await?);
    }
    Ok(())
}

async fn line(plan: &Plan<'_>) -> anyhow::Result<String> {
    let folder = tempfile::tempdir()?;
    let consents = folder.path().join("consents");
    std::fs::create_dir(&consents)?;
    let sites = Sites::start(plan, &consents)?;
    let world = World::load(plan.data, plan.posts, sites.port)?.sites;
    let executable = Executable::new(plan.binary, folder.path())?;
    register(&executable, &world, &consents)?;
    let (first, read) = round(&executable, NOW)?;
    drop(sites);
    let clock = NOW.to_string();
    let anew = executable.measured(&["--clock", &clock, "rebuild", "graph"])?;
    let posts = first.stored as f64;
    let queries: Vec<String> = (0..COMMANDS).map(|at| query(at, plan.posts)).collect();
    let (command, _) = executable.searches(&["--clock", &clock], &queries)?;
    let mut serving = executable.serve(&["--clock", &clock]).await?;
    // Makes what searches keep ready.
    client::ask(serving.address, "/api/v1/search?q=common1").await?;
    let (before, began) = (serving.used().0, Instant::now());
    for at in COMMANDS..COMMANDS + SEARCHES {
        let path = format!(
            "/api/v1/search?q={}",
            query(at, plan.posts).replace(' ', "+")
        );
        let (status, _) = client::ask(serving.address, &path).await?;
        anyhow::ensure!(status == 200, "{path} was answered {status}");
    }
    let waited = began.elapsed().as_secs_f64() * 1e3 / SEARCHES as f64;
    let cpu = (serving.used().0 - before) * 1e3 / SEARCHES as f64;
    let resident = serving.resident() as f64 / 1e6;
    serving.stop()?;
    let share = |place| executable.bytes(place) as f64 / posts;
    Ok(format!(
        "| {posts} | {:.0} | {:.0} | {:.0} | {cpu:.2} | {waited:.2} | {command:.0} | {resident:.0} | {:.0} | {:.0} | {:.0} |",
        read.cpu / posts * 1e6,
        read.peak as f64 / 1e6,
        anew.cpu / posts * 1e6,
        share("store.sqlite3"),
        share("index"),
        share("graph.bin"),
    ))
}

/// A word of everybody's, or two of one topic's.
fn query(number: u64, posts: usize) -> String {
    let mut numbers = SplitMix64::new(number);
    if number.is_multiple_of(2) {
        return format!("common{}", numbers.below(5_000));
    }
    let topic = numbers.below(20 + posts as u64 / 100);
    format!(
        "t{topic}w{} t{topic}w{}",
        numbers.below(12),
        numbers.below(12)
    )
}
