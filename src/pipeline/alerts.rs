//! Alerts of followed searches: what was found is queued, and what is queued is sent.
//!
//! Contract: looking and sending are two loops over one queue in the store, so that no receiver holds up the looking, and
//! none another one: of each follow one delivery is under way, of all follows a bounded number. What is sent is made when
//! it is sent, from what may be shown then.

use std::sync::{Arc, Weak};
use std::time::Duration;

use discover_crawler::Courier;
use discover_server::State;
use discover_server::following::{Answer, Watch, judge, letter};
use discover_store::{Claimed, Outcome};
use jiff::{SignedDuration, Timestamp};
use tokio::sync::Semaphore;
use tokio::task::JoinSet;
use url::Url;

use super::Pipeline;

/// How often it is looked whether something happened, or is due.
const EVERY: Duration = Duration::from_millis(500);
/// After a fault of ours.
const PAUSE: Duration = Duration::from_secs(5);
/// Deliveries under way at once.
const AT_ONCE: usize = 32;
/// How often what has ended is forgotten.
const TIDY_EVERY: Duration = Duration::from_mins(10);
/// For how long what has ended is kept.
const KEEP: SignedDuration = SignedDuration::from_hours(30 * 24);
/// When what cannot be said just now is looked at again.
const SOON: SignedDuration = SignedDuration::from_secs(5);

/// What looks and sends.
pub(crate) struct Alerts {
    pipeline: Weak<Pipeline>,
    state: State,
    courier: Courier,
}

impl Alerts {
    /// What was under way when the process last ended is due again.
    pub(crate) async fn new(pipeline: &Arc<Pipeline>, state: State) -> anyhow::Result<Arc<Self>> {
        pipeline.store.release_deliveries().await?;
        Ok(Arc::new(Self {
            pipeline: Arc::downgrade(pipeline),
            state,
            courier: pipeline.fetcher.courier(),
        }))
    }

    /// Looks for what is to be told, for as long as the pipeline lives.
    pub(crate) async fn watch(self: Arc<Self>) {
        let mut watch = Watch::new(self.state.clone());
        while self.pipeline.strong_count() > 0 {
            match watch.step().await {
                Ok(true) => {}
                Ok(false) => tokio::time::sleep(EVERY).await,
                Err(problem) => {
                    tracing::warn!("looking for followed searches: {problem}");
                    tokio::time::sleep(PAUSE).await;
                }
            }
        }
    }

    /// Sends what is due, for as long as the pipeline lives.
    pub(crate) async fn send(self: Arc<Self>) {
        let places = Arc::new(Semaphore::new(AT_ONCE));
        let mut under_way = JoinSet::new();
        let mut tidied: Option<tokio::time::Instant> = None;
        while let Some(pipeline) = self.pipeline.upgrade() {
            let now = pipeline.config.now();
            if tidied.is_none_or(|at| at.elapsed() >= TIDY_EVERY) {
                tidied = Some(tokio::time::Instant::now());
                if let Err(error) = tidy(&pipeline, now).await {
                    tracing::error!("forgetting old deliveries: {error:#}");
                }
            }
            let free = places.available_permits();
            let claimed = match free {
                0 => Ok(Vec::new()),
                free => pipeline.store.claim_deliveries(now, free).await,
            };
            let claimed = match claimed {
                Ok(claimed) => claimed,
                Err(error) => {
                    tracing::error!("the queue of alerts cannot be read: {error}");
                    tokio::time::sleep(PAUSE).await;
                    continue;
                }
            };
            drop(pipeline);
            for one in claimed {
                let this = Arc::clone(&self);
                let Ok(place) = Arc::clone(&places).acquire_owned().await else {
                    return;
                };
                under_way.spawn(async move {
                    this.deliver(&one).await;
                    drop(place);
                });
            }
            // The next of a follow goes out as soon as one is done.
            tokio::select! {
                _ = under_way.join_next(), if !under_way.is_empty() => {}
                () = tokio::time::sleep(EVERY) => {}
            }
            while under_way.try_join_next().is_some() {}
        }
    }

    /// One attempt, and what came of it on record.
    async fn deliver(&self, claimed: &Claimed) {
        let Some(pipeline) = self.pipeline.upgrade() else {
            return;
        };
        let outcome = self.attempt(claimed, pipeline.config.now()).await;
        let now = pipeline.config.now();
        let outcome = match outcome {
            Ok(answer) => judge(claimed, &answer, now),
            Err(again) => Outcome::NotSent { again },
        };
        if let Outcome::AllDead { said, .. } | Outcome::Paused { said } = &outcome {
            tracing::warn!(follow = %claimed.follow, "an alert's receiver is given up: {said}");
        }
        if let Err(error) = pipeline.store.settle_delivery(claimed, &outcome, now).await {
            // It stays under way until the next start, and is repeated then.
            tracing::error!(delivery = %claimed.id, "what came of an alert cannot be recorded: {error}");
        }
    }

    /// The receiver's answer; when to look again where there is nothing to be said now.
    async fn attempt(&self, claimed: &Claimed, now: Timestamp) -> Result<Answer, Timestamp> {
        let letter = match letter(&self.state, claimed).await {
            Ok(Some(letter)) => letter,
            // It may not be shown: who looks for what has gone will call it off.
            Ok(None) => return Err(now + SOON),
            Err(problem) => {
                tracing::warn!(delivery = %claimed.id, "an alert cannot be made: {problem}");
                return Err(now + SOON);
            }
        };
        let url = match Url::parse(&claimed.webhook) {
            Ok(url) => url,
            Err(error) => return Ok(Answer::None(error.to_string())),
        };
        let sent = self
            .courier
            .send(&url, &letter.headers, letter.body, now)
            .await;
        Ok(match sent {
            Ok(receipt) => Answer::Status {
                status: receipt.status,
                retry_after: receipt.retry_after,
            },
            Err(error) => Answer::None(error.to_string()),
        })
    }
}

async fn tidy(pipeline: &Pipeline, now: Timestamp) -> anyhow::Result<()> {
    pipeline.store.drop_follows_of_ended_keys(now).await?;
    pipeline.store.forget_deliveries(now - KEEP).await?;
    Ok(())
}
