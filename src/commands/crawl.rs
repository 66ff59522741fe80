//! `discover crawl --once`: one round over what is due.

use crate::cli::CrawlArgs;
use crate::commands::say;
use crate::control::{self, Request};
use crate::pipeline::{Pipeline, Readers, Round};
use crate::progress::Progress;
use crate::settings::config::Config;
use crate::settings::registry;

pub(super) async fn run(config: Config, args: &CrawlArgs) -> anyhow::Result<()> {
    let round = if let Some(value) = control::ask(&config.data, &Request::Crawl).await? {
        serde_json::from_value(value)?
    } else {
        let declared = registry::load(&config.sources)?;
        let pipeline = Pipeline::open(config, Readers::None, Progress::detect()).await?;
        pipeline.register(&declared, pipeline.config.now()).await?;
        let round = pipeline.crawl_and_tell().await?;
        pipeline.read_meaning().await?;
        pipeline.refresh_topics().await?;
        pipeline.close().await;
        round
    };
    if args.json {
        return say(&serde_json::to_string(&round)?);
    }
    say(&describe(&round))
}

fn describe(round: &Round) -> String {
    let refused: u64 = round.refused.values().sum();
    let waiting: Vec<String> = round
        .waiting
        .iter()
        .map(|(why, networks)| format!("{networks} {why}"))
        .collect();
    let waiting = match waiting.as_slice() {
        [] => String::new(),
        some => format!("\nnetworks that wait: {}", some.join(", ")),
    };
    format!(
        "{} sources read ({} with trouble), {} requests, {} not modified\n{} posts stored, {} updated, {} removed, {refused} refused{waiting}",
        round.sources,
        round.failed,
        round.requests,
        round.not_modified,
        round.stored,
        round.updated,
        round.removed
    )
}
