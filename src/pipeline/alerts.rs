//! Alerts of followed searches: what was found is queued, and what is queued is sent.
//!
//! Contract: looking and sending are two loops over one queue in the store, so that no receiver holds up the looking, and
//! none another one: of each follow one delivery is under way, of all follows a bounded number. What is sent is made when
//! it is sent, from what may be shown then. Mails take the same way, several deliveries in one.

use std::sync::{Arc, Weak};
use std::time::Duration;

use discover_crawler::WebhookClient;
use discover_model::{DeliveryId, FollowId};
use discover_server::State;
use discover_server::alerts::{
    Answer, Percolator, TopicWatch, judge, mail, next_mail, webhook_request,
};
use discover_store::{Claimed, ClaimedMail, Outcome, StoreError};
use jiff::{SignedDuration, Timestamp};
use tokio::sync::{OwnedSemaphorePermit, Semaphore, watch};
use tokio::task::JoinSet;
use url::{Host, Url};

use super::Pipeline;
use crate::mail::Mailer;

/// How often it is looked at most, however much is written.
const AT_MOST_EVERY: Duration = Duration::from_millis(500);
/// How long it is waited for something to be written: while something is going on, as what was written is looked at once
/// it has settled, and while nothing is.
const BUSY: Duration = Duration::from_millis(1500);
const QUIET: Duration = Duration::from_secs(15);
/// How often it is asked whether topics are to be looked at: at most once a minute they are.
const TOPICS_EVERY: Duration = Duration::from_secs(15);
/// After a fault of ours.
const PAUSE: Duration = Duration::from_secs(5);
/// Deliveries under way at once.
const AT_ONCE: usize = 32;
/// Mails under way at once: all go to one server.
const MAILS_AT_ONCE: usize = 4;
/// For how long a mailbox has time to say yes.
const CONFIRM_WITHIN: SignedDuration = SignedDuration::from_hours(72);
/// How often what has ended is forgotten.
const TIDY_EVERY: Duration = Duration::from_mins(10);
/// For how long what has ended is kept.
const KEEP: SignedDuration = SignedDuration::from_hours(30 * 24);
/// The same of an analyst's key: whoever reads a year's report can still ask who held it.
const KEEP_ENDED_KEYS: SignedDuration = SignedDuration::from_hours(365 * 24);
/// When what cannot be said just now is looked at again.
const SOON: SignedDuration = SignedDuration::from_secs(5);

/// What looks and sends.
pub(crate) struct Alerts {
    pipeline: Weak<Pipeline>,
    state: State,
    webhook_client: WebhookClient,
    mailer: Option<Mailer>,
}

impl Alerts {
    pub(crate) fn new(pipeline: &Arc<Pipeline>, state: State) -> Arc<Self> {
        let config = &pipeline.config;
        let mailer = config.mail.clone().map(|settings| {
            let hello = introduced(&config.base_url);
            Mailer::new(settings, config.instance_name.clone(), hello)
        });
        Arc::new(Self {
            mailer,
            pipeline: Arc::downgrade(pipeline),
            state,
            webhook_client: pipeline.fetcher.webhook_client(),
        })
    }

    /// Looks for what is to be told, for as long as the pipeline lives.
    pub(crate) async fn watch(self: Arc<Self>) {
        let mut watch = Percolator::new(self.state.clone());
        let mut written = self.state.store().written();
        let mut quiet = false;
        while self.pipeline.strong_count() > 0 {
            match watch.step().await {
                Ok(true) => {}
                Ok(false) => quiet = !is_written(&mut written, quiet).await,
                Err(problem) => {
                    tracing::warn!("looking for followed searches: {problem}");
                    tokio::time::sleep(PAUSE).await;
                }
            }
        }
    }

    /// Looks at the topics for what is told early, for as long as the pipeline lives.
    pub(crate) async fn watch_topics(self: Arc<Self>) {
        let mut watch = TopicWatch::new(self.state.clone());
        while self.pipeline.strong_count() > 0 {
            if let Err(problem) = watch.step().await {
                tracing::warn!("looking at topics for what is told early: {problem}");
            }
            tokio::time::sleep(TOPICS_EVERY).await;
        }
    }

    /// Sends what is due, for as long as the pipeline lives.
    pub(crate) async fn send(self: Arc<Self>) {
        // What was under way when the process last ended is due again.
        while let Some(pipeline) = self.pipeline.upgrade() {
            match pipeline.store.release_deliveries().await {
                Ok(()) => break,
                Err(error) => tracing::warn!("alerts wait: {error}"),
            }
            tokio::time::sleep(PAUSE).await;
        }
        let places = Arc::new(Semaphore::new(AT_ONCE));
        let mail_places = Arc::new(Semaphore::new(MAILS_AT_ONCE));
        let mut under_way = JoinSet::new();
        let mut written = self.state.store().written();
        let mut tidied: Option<tokio::time::Instant> = None;
        while let Some(pipeline) = self.pipeline.upgrade() {
            let now = pipeline.config.now();
            if tidied.is_none_or(|at| at.elapsed() >= TIDY_EVERY) {
                tidied = Some(tokio::time::Instant::now());
                if let Err(error) = tidy(&pipeline, now).await {
                    tracing::error!("forgetting old deliveries: {error:#}");
                }
            }
            let claimed = self.claim(&pipeline, &places, &mail_places, now).await;
            drop(pipeline);
            let claimed = match claimed {
                Ok(claimed) => claimed,
                Err(error) => {
                    tracing::error!("the queue of alerts cannot be read: {error}");
                    tokio::time::sleep(PAUSE).await;
                    continue;
                }
            };
            for (one, place) in claimed {
                let this = Arc::clone(&self);
                under_way.spawn(async move {
                    match one {
                        Due::Hook(claimed) => this.deliver(&claimed).await,
                        Due::Mail(claimed) => this.deliver_mail(&claimed).await,
                    }
                    drop(place);
                });
            }
            // The next of a follow goes out as soon as one is done.
            tokio::select! {
                _ = under_way.join_next(), if !under_way.is_empty() => {}
                _ = is_written(&mut written, true) => {}
            }
            while under_way.try_join_next().is_some() {}
        }
    }

    /// What is due and has a place. Mails wait as long as there is no server for them.
    async fn claim(
        &self,
        pipeline: &Pipeline,
        places: &Arc<Semaphore>,
        mail_places: &Arc<Semaphore>,
        now: Timestamp,
    ) -> Result<Vec<(Due, OwnedSemaphorePermit)>, StoreError> {
        let mut due = Vec::new();
        let free = places.available_permits();
        if free > 0 {
            for one in pipeline.store.claim_deliveries(now, free).await? {
                if let Ok(place) = Arc::clone(places).try_acquire_owned() {
                    due.push((Due::Hook(one), place));
                }
            }
        }
        let free = mail_places.available_permits();
        if free > 0 && self.mailer.is_some() {
            for one in pipeline.store.claim_mails(now, free).await? {
                if let Ok(place) = Arc::clone(mail_places).try_acquire_owned() {
                    due.push((Due::Mail(one), place));
                }
            }
        }
        Ok(due)
    }

    /// One attempt, and what came of it on record.
    async fn deliver(&self, claimed: &Claimed) {
        let Some(pipeline) = self.pipeline.upgrade() else {
            return;
        };
        let outcome = self.attempt(claimed, pipeline.config.now()).await;
        let now = pipeline.config.now();
        let outcome = match outcome {
            Ok(answer) => judge(&claimed.tried(), &answer, now),
            Err(again) => Outcome::NotSent { again },
        };
        given_up(claimed.follow, &outcome);
        if let Err(error) = pipeline.store.settle_delivery(claimed, &outcome, now).await {
            // It stays under way until the next start, and is repeated then.
            tracing::error!(delivery = %claimed.id, "what came of an alert cannot be recorded: {error}");
        }
    }

    /// One attempt to send a mail, and what came of it on record.
    async fn deliver_mail(&self, claimed: &ClaimedMail) {
        let Some(pipeline) = self.pipeline.upgrade() else {
            return;
        };
        let (told, outcome) = self.attempt_mail(claimed, &pipeline).await;
        let now = pipeline.config.now();
        given_up(claimed.follow, &outcome);
        let next = next_mail(claimed.every, now, &pipeline.config.zone);
        let settled = pipeline
            .store
            .settle_mail(claimed, &told, &outcome, next, now);
        if let Err(error) = settled.await {
            // It stays under way until the next start, and is repeated then.
            tracing::error!(mail = %claimed.id, "what came of a mail cannot be recorded: {error}");
        }
    }

    /// What a mail told, and what came of it.
    async fn attempt_mail(
        &self,
        claimed: &ClaimedMail,
        pipeline: &Pipeline,
    ) -> (Vec<DeliveryId>, Outcome) {
        let now = pipeline.config.now();
        let not_sent = (Vec::new(), Outcome::NotSent { again: now + SOON });
        let Some(mailer) = &self.mailer else {
            return not_sent;
        };
        match mail(&self.state, claimed).await {
            Ok(Some(mail)) => {
                let answer = mailer.send(&mail, now).await;
                let outcome = judge(&claimed.tried, &answer, pipeline.config.now());
                (mail.told, outcome)
            }
            // None of it may be shown: who looks for what has gone will call it off.
            Ok(None) => not_sent,
            Err(problem) => {
                tracing::warn!(mail = %claimed.id, "a mail cannot be made: {problem}");
                not_sent
            }
        }
    }

    /// The receiver's answer; when to look again where there is nothing to be said now.
    async fn attempt(&self, claimed: &Claimed, now: Timestamp) -> Result<Answer, Timestamp> {
        let request = match webhook_request(&self.state, claimed).await {
            Ok(Some(request)) => request,
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
            .webhook_client
            .send(&url, &request.headers, request.body, now)
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

/// Waits until something is written, but not for long; says whether it was.
async fn is_written(written: &mut watch::Receiver<u64>, quiet: bool) -> bool {
    tokio::time::sleep(AT_MOST_EVERY).await;
    let wait = if quiet { QUIET } else { BUSY };
    let changed = tokio::time::timeout(wait, written.changed()).await;
    changed.is_ok()
}

/// Something that is to be sent.
enum Due {
    Hook(Claimed),
    Mail(ClaimedMail),
}

fn given_up(follow: FollowId, outcome: &Outcome) {
    if let Outcome::AllDead { said, .. } | Outcome::Paused { said } = outcome {
        tracing::warn!(%follow, "an alert's receiver is given up: {said}");
    }
}

/// How an instance introduces itself to a mail server (RFC 5321, section 4.1.3).
pub(super) fn introduced(base: &Url) -> String {
    match base.host() {
        Some(Host::Domain(name)) => name.to_owned(),
        Some(Host::Ipv4(ip)) => format!("[{ip}]"),
        Some(Host::Ipv6(ip)) => format!("[IPv6:{ip}]"),
        None => "localhost".to_owned(),
    }
}

async fn tidy(pipeline: &Pipeline, now: Timestamp) -> anyhow::Result<()> {
    let store = &pipeline.store;
    store.drop_follows_of_ended_keys(now).await?;
    store
        .drop_unconfirmed_mail(now - CONFIRM_WITHIN, now)
        .await?;
    store.forget_deliveries(now - KEEP).await?;
    store.forget_ended_keys(now - KEEP_ENDED_KEYS).await?;
    Ok(())
}
