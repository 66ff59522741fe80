//! One crawl round: every source that is due is read under its permit, and what passes the gate is kept.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::pin::pin;
use std::time::Duration;

use discover_crawler::{Batch, Finish, Health, SourceState, Task, crawl};
use discover_model::network::NetworkState;
use discover_model::{Mark, PostId, Refusal, Source, VoiceKey};
use discover_store::{Commit, Due, Finished};
use futures_util::future::{Fuse, FusedFuture};
use futures_util::stream::FuturesUnordered;
use futures_util::{FutureExt, StreamExt};
use jiff::{SignedDuration, Timestamp};
use tokio::sync::mpsc;

use super::Pipeline;
use super::admission::Admission;
use super::recheck::Look;
use super::round::Round;

/// Batches that wait for the store at most; the crawler is held back beyond that.
const QUEUE: usize = 2;
/// Sources claimed from the frontier at once.
const CLAIM: usize = 256;
/// When a source whose origin has no live grant is looked at again.
const WITHOUT_GRANT: SignedDuration = SignedDuration::from_hours(1);
/// How long the latest batch waits for the visit to end: then it is stored in one transaction with the end.
const LAST: Duration = Duration::from_millis(20);
/// How often what is held of a source that left the registry file is looked at.
const LEFT_EVERY: SignedDuration = SignedDuration::from_hours(24);

impl Pipeline {
    /// One round, and of which networks nothing is read in it and why, for whoever asked for it.
    pub(crate) async fn crawl_and_tell(&self) -> anyhow::Result<Round> {
        self.round(true).await
    }

    /// Looks at proofs, reads what is due, and brings index and topics up to date.
    pub(crate) async fn crawl_round(&self) -> anyhow::Result<Round> {
        self.round(false).await
    }

    async fn round(&self, tell: bool) -> anyhow::Result<Round> {
        let _one = self.crawling.lock().await;
        anyhow::ensure!(
            self.config.contact.is_some(),
            "no contact is set, so nothing is crawled: say how site owners reach you with --contact or `contact` in discover.toml"
        );
        let began = self.config.now();
        self.check_proofs(began).await?;
        let mut round = Round::default();
        if tell {
            round.waiting = self.waiting(began).await?;
        }
        let bar = self.progress.bar("reading sources");
        let mut running = FuturesUnordered::new();
        let mut waiting: Vec<Due> = Vec::new();
        let forced = self.config.crawl.force_due;
        if forced {
            // Once: a forced source is due again as soon as its visit ends.
            waiting = self
                .store
                .due_forced(self.config.now(), usize::MAX >> 1)
                .await?;
            bar.more(waiting.len());
        }
        // The frontier is asked beside the visits and never in their way: one of them may hold what it waits for.
        let mut claim = pin!(Fuse::terminated());
        let mut ask = !forced;
        loop {
            while running.len() < self.config.crawl.workers {
                let Some(due) = waiting.pop() else { break };
                running.push(self.read_source(due));
            }
            if ask && waiting.is_empty() && claim.is_terminated() {
                claim.set(self.store.due(self.config.now(), CLAIM).fuse());
            }
            tokio::select! {
                due = &mut claim, if !claim.is_terminated() => {
                    waiting = due?;
                    waiting.reverse();
                    bar.more(waiting.len());
                    ask = !waiting.is_empty();
                }
                Some(outcome) = running.next() => {
                    round.take(outcome)?;
                    bar.step(&format!("{} posts kept", round.stored));
                    // A visit that did not come to an end may be due again.
                    ask = !forced;
                }
                else => break,
            }
        }
        bar.finish();
        self.erase_closed(self.config.now()).await?;
        self.catch_up().await?;
        self.refresh_topics().await?;
        Ok(round)
    }

    async fn read_source(&self, due: Due) -> anyhow::Result<Round> {
        let now = self.config.now();
        let source = due.source.clone();
        let Some(grant) = self.store.grant_for(&source, now).await? else {
            self.store.set_due(source.id, now + WITHOUT_GRANT).await?;
            return Ok(Round::default());
        };
        if due.left {
            return self.look_only(&due, now).await;
        }
        let permit = grant.permit(now)?;
        let network = self.store.network(source.network).await?;
        let mut admission = Admission::load(&self.store, &grant, &source, network.as_ref()).await?;
        let taken_down = self.store.taken_down(source.network).await?;
        let mut state: SourceState = serde_json::from_str(&due.state_json).unwrap_or_default();
        forget_withdrawn(&mut state, &source, admission.taken_back());
        let task = Task {
            source: source.clone(),
            permit,
            secret: admission.voice_key().clone(),
            state,
            force_due: self.config.crawl.force_due,
        };
        let (sender, receiver) = mpsc::channel::<Batch>(QUEUE);
        let mut round = Round {
            sources: 1,
            ..Round::default()
        };
        let mut admitted = 0;
        let keep = async {
            // Dropped with the end of this block: then the crawler asks for nothing more.
            let mut receiver = receiver;
            let mut last: Option<Commit<'_>> = None;
            loop {
                let more = if last.is_some() {
                    tokio::time::timeout(LAST, receiver.recv()).await
                } else {
                    Ok(receiver.recv().await)
                };
                if matches!(more, Ok(None)) {
                    break;
                }
                if let Some(commit) = last.take()
                    && !self.keep(commit, &mut round).await?
                {
                    return Ok((false, None));
                }
                let Ok(Some(mut batch)) = more else { continue };
                let missing = self
                    .missing(&source, admission.voice_key(), &mut batch)
                    .await?;
                admission.bar(&missing);
                forget_withdrawn(&mut batch.state, &source, admission.taken_back());
                self.hold_back_stale(&due, &grant, &mut batch, &taken_down, now, &mut round)
                    .await?;
                let items = batch.items.len() as u64;
                let mut commit = admission
                    .decide(&self.store, batch, now, &mut round)
                    .await?;
                commit.fence = Some(due.fence);
                admitted += items - commit.refusals.len() as u64;
                commit.gone.extend(missing);
                last = Some(commit);
            }
            anyhow::Ok((true, last))
        };
        let (mut finish, kept) = tokio::join!(crawl(&self.fetcher, task, now, sender), keep);
        forget_withdrawn(&mut finish.state, &source, admission.taken_back());
        let refused = round.refused.clone();
        let (mut open, mut last) = kept?;
        if open {
            let look = self.plan_look(&due, &finish, now).await?;
            if !matches!(look, Look::Nothing) {
                // Looking again may take long, and looks at what is stored.
                if let Some(commit) = last.take() {
                    open = self.keep(commit, &mut round).await?;
                }
                open = open
                    && self
                        .look_again(&due, look, &mut finish, now, &mut round)
                        .await?;
            }
        }
        if !open {
            tracing::info!(source = %source.id, "the visit ended with the consent");
        }
        let mut counts = std::mem::take(&mut finish.counts);
        if counts.seen > 0 || finish.state.counts.is_none() {
            counts.kept = admitted;
            counts.refused.clone_from(&refused);
            if finish.health.is_ok() && counts.none_readable() {
                finish.health = Health::nothing_readable(counts.seen, now);
                // Else a 304 would say that all is well.
                finish.state.pages.clear();
            }
            finish.state.counts = Some(counts);
        } else if let Some(known) = &mut finish.state.counts {
            known.skipped = counts.skipped;
        }
        finish.health.set_counts(finish.state.counts.as_ref());
        self.tell_of_closing(&source, network.as_ref(), &mut finish, now)
            .await;
        round.requests += u64::from(finish.requests);
        round.not_modified += u64::from(finish.not_modified);
        round.failed += u64::from(!finish.health.is_ok());
        let done = Commit {
            fence: Some(due.fence),
            state_json: Some(serde_json::to_string(&finish.state)?),
            finish: Some(Finished {
                next_due: finish.next_due,
                health_json: serde_json::to_string(&finish.health)?,
                fetched_at: now,
                ok: finish.health.is_ok(),
            }),
            ..last.unwrap_or_else(|| Commit::new(&source))
        };
        if !self.keep(done, &mut round).await? && open {
            tracing::info!(source = %source.id, "the visit ended with the consent");
        }
        self.follow_closure(source.id, &finish, now).await?;
        Ok(round)
    }
}

/// Takes what was withdrawn out of what a state names.
fn forget_withdrawn(
    state: &mut SourceState,
    source: &Source,
    taken_back: &HashMap<PostId, Refusal>,
) {
    state.forget(|key| taken_back.contains_key(&PostId::derive(source.network, source.id, key)));
}

impl Pipeline {
    /// The kept posts that a source names no more, which it knows by their marks.
    async fn missing(
        &self,
        source: &Source,
        secret: &VoiceKey,
        batch: &mut Batch,
    ) -> anyhow::Result<Vec<PostId>> {
        if batch.missing.is_empty() {
            return Ok(Vec::new());
        }
        let missing: BTreeSet<Mark> = std::mem::take(&mut batch.missing).into_iter().collect();
        let mut kept = self.store.posts_of(source).await?;
        kept.retain(|post| missing.contains(&SourceState::item_mark(secret, *post)));
        Ok(kept)
    }

    /// Stores a step of a visit and counts what came of it. `false`: its consent is over. A visit may be long, so this is
    /// asked as of now.
    async fn keep(&self, commit: Commit<'_>, round: &mut Round) -> anyhow::Result<bool> {
        let kept = self.store.commit(commit, self.config.now()).await?;
        round.stored += kept.stored;
        round.updated += kept.updated;
        round.unchanged += kept.unchanged;
        round.removed += kept.removed;
        if kept.visibility_changed {
            self.publish_visibility(self.store.visibility().await?);
        }
        Ok(!kept.closed)
    }

    /// A source that has left the registry file: what is held of it is looked at, nothing new is read.
    async fn look_only(&self, due: &Due, now: Timestamp) -> anyhow::Result<Round> {
        let state: SourceState = serde_json::from_str(&due.state_json).unwrap_or_default();
        let mut finish = Finish::unread(state, now + LEFT_EVERY);
        finish.health.set_counts(finish.state.counts.as_ref());
        let mut round = Round::default();
        let look = self.plan_look(due, &finish, now).await?;
        self.look_again(due, look, &mut finish, now, &mut round)
            .await?;
        let done = Commit {
            fence: Some(due.fence),
            state_json: Some(serde_json::to_string(&finish.state)?),
            finish: Some(Finished {
                next_due: finish.next_due,
                health_json: serde_json::to_string(&finish.health)?,
                fetched_at: now,
                ok: true,
            }),
            ..Commit::new(&due.source)
        };
        self.store.commit(done, self.config.now()).await?;
        Ok(round)
    }

    /// How many networks wait for what, in words, by how many.
    pub(crate) async fn waiting(&self, now: Timestamp) -> anyhow::Result<BTreeMap<String, u64>> {
        let mut waiting: BTreeMap<String, u64> = BTreeMap::new();
        let health = self.store.all_sources_health().await?;
        for network in self.store.networks().await? {
            // Nothing of it is ever due.
            if !network.proof.has_place() {
                continue;
            }
            let own = || health.iter().filter(|health| health.network == network.id);
            let next = own().map(|health| health.next_due).min();
            let why = match network.state {
                NetworkState::Withdrawn => continue,
                NetworkState::Asked => "proof not seen".to_owned(),
                NetworkState::Paused => "paused".to_owned(),
                NetworkState::Lapsed => "proof gone or expired".to_owned(),
                NetworkState::Live if self.config.crawl.force_due => continue,
                NetworkState::Live => match next {
                    None => "no source declared".to_owned(),
                    Some(next) if next <= now => continue,
                    Some(next) if own().all(|health| health.failures > 0) => {
                        format!("unreachable until {}", minute(next))
                    }
                    Some(next) => format!("not due until {}", minute(next)),
                },
            };
            *waiting.entry(why).or_default() += 1;
        }
        Ok(waiting)
    }
}

fn minute(at: Timestamp) -> String {
    at.strftime("%Y-%m-%d %H:%MZ").to_string()
}
