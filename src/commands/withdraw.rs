//! `discover withdraw NETWORK`: hidden at once, then purged everywhere.

use anyhow::bail;

use crate::cli::{PartArgs, WithdrawArgs};
use crate::commands::say;
use crate::control::{self, Request};
use crate::pipeline::{Pipeline, Readers, WithdrawPart};
use crate::progress::Progress;
use crate::settings::config::Config;

pub(super) async fn run(config: Config, args: &WithdrawArgs) -> anyhow::Result<()> {
    let part = part(&args.part);
    let request = Request::Withdraw {
        network: args.network.clone(),
        part: part.clone(),
        purge: !args.no_purge,
    };
    let served = control::ask(&config.data, &request).await?;
    let is_served = served.is_some();
    let left = if let Some(value) = served {
        value
    } else {
        let pipeline = Pipeline::open(config, Readers::None, Progress::detect()).await?;
        let left = pipeline
            .withdraw(&args.network, part.as_ref(), !args.no_purge)
            .await?;
        pipeline.close().await;
        serde_json::to_value(left)?
    };
    if let Some(reason) = left["unsaved"].as_str() {
        let shown = if is_served {
            "hidden by the process that serves, and by nothing else"
        } else {
            "not hidden: nothing serves, and the next start would show it"
        };
        bail!(
            "{} is not withdrawn yet: it is {shown}. {reason}",
            args.network
        );
    }
    let purged = match left["purged_posts"].as_u64() {
        Some(posts) => format!("{posts} posts purged from store, index and topics"),
        None => match left["purge_waits"].as_str() {
            Some(reason) => format!("the purge waits ({reason}) and goes on by itself"),
            None => "to be purged within the hour".to_owned(),
        },
    };
    say(&format!(
        "{}{} withdrawn: hidden after {} ms, {purged}; the receipt is in the ledger once it is purged",
        if part.is_some() { "part of " } else { "" },
        args.network,
        left["hidden_after_ms"].as_u64().unwrap_or_default()
    ))
}

fn part(args: &PartArgs) -> Option<WithdrawPart> {
    None.or_else(|| args.source.clone().map(WithdrawPart::Source))
        .or_else(|| args.path.clone().map(WithdrawPart::Path))
        .or_else(|| args.conversation.map(WithdrawPart::Conversation))
        .or_else(|| args.post.map(WithdrawPart::Post))
}
