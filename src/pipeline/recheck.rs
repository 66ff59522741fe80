//! Looking again at what is kept of a source, as a part of its visit: what was taken back at the site goes here too.

use std::collections::BTreeMap;

use discover_crawler::recheck::{self, Kept, Verdict};
use discover_crawler::{Batch, Finish, Task};
use discover_model::redaction::addresses::is_stand_in;
use discover_model::{Grant, PostId, Refusal};
use discover_store::{Commit, Due};
use jiff::{SignedDuration, Timestamp};
use url::Url;

use super::Pipeline;
use super::admission::Admission;
use super::round::Round;

/// Posts looked at in one visit at most; the rest follows within the hour.
const MOST: u64 = 2000;
/// Posts handed to the crawler at once: few, so that a site is not asked for long after its owner left.
const STEP: usize = 50;
/// Longest that one visit looks again.
const LONGEST: SignedDuration = SignedDuration::from_mins(40);
const DAY: SignedDuration = SignedDuration::from_hours(24);
const SOON: SignedDuration = SignedDuration::from_hours(1);

/// What a visit has to look at again.
pub(super) enum Look {
    Nothing,
    /// The consent is over.
    Over,
    /// All that is kept goes.
    Lose(Refusal),
    Through(Turn),
}

/// Whose turn it is: posts that were not looked at since `half` (those whose address is not kept, since `unnamed`), so many.
pub(super) struct Turn {
    half: Timestamp,
    unnamed: Timestamp,
    wanted: u64,
}

impl Pipeline {
    /// What of a visited source is to be looked at again. Only a source that could be read just now is looked through;
    /// one that says no as a whole (noindex, an account that opted out) loses all that is kept of it.
    pub(super) async fn plan_look(
        &self,
        due: &Due,
        finish: &Finish,
        now: Timestamp,
    ) -> anyhow::Result<Look> {
        let source = &due.source;
        let refused = finish.health.refusal.filter(|refusal| {
            // What keeps visitors out may pass: it has a rule of its own.
            let passing = [Refusal::LoginWall, Refusal::NotPublic, Refusal::Password];
            finish.health.code.as_deref() == Some("refused") && !passing.contains(refusal)
        });
        if let Some(refusal) = refused {
            return Ok(Look::Lose(refusal));
        }
        if !finish.health.is_ok() {
            return Ok(Look::Nothing);
        }
        let Some(network) = self.store.network(source.network).await? else {
            return Ok(Look::Over);
        };
        let within = DAY * i32::from(network.recheck_days.max(1));
        let forced = self.config.crawl.force_due;
        let half = if forced { now } else { now - within / 2 };
        // Being asked to hurry does not make a source name its posts more often.
        let unnamed = now - within / 10 * 9;
        let (waiting, late) = self.store.recheck_waiting(source.id, half, unnamed).await?;
        let since = finish
            .state
            .rechecked
            .map_or(DAY, |last| now.duration_since(last));
        let wanted = if forced {
            waiting
        } else {
            recheck::share(waiting, late, since, within)
        };
        if wanted == 0 {
            return Ok(Look::Nothing);
        }
        Ok(Look::Through(Turn {
            half,
            unnamed,
            wanted: wanted.min(MOST),
        }))
    }

    /// Looks again as planned. `false`: consent ended meanwhile.
    pub(super) async fn look_again(
        &self,
        due: &Due,
        look: Look,
        finish: &mut Finish,
        now: Timestamp,
        round: &mut Round,
    ) -> anyhow::Result<bool> {
        match look {
            Look::Nothing => Ok(true),
            Look::Over => Ok(false),
            Look::Lose(refusal) => {
                let holds = self.holds(due, finish).await?;
                if holds {
                    self.lose_all(due, refusal, now, round).await?;
                }
                Ok(holds)
            }
            Look::Through(turn) => self.look_through(due, turn, finish, now, round).await,
        }
    }

    async fn look_through(
        &self,
        due: &Due,
        turn: Turn,
        finish: &mut Finish,
        now: Timestamp,
        round: &mut Round,
    ) -> anyhow::Result<bool> {
        let source = &due.source;
        let forced = self.config.crawl.force_due;
        let Turn {
            half,
            unnamed,
            wanted,
        } = turn;
        let secret = self.store.voice_key(source.network).await?;
        let mut left = wanted;
        let began = self.config.now();
        while left > 0 {
            let step = usize::try_from(left).unwrap_or(STEP).min(STEP);
            let kept = self
                .store
                .to_recheck(source.id, half, unnamed, step)
                .await?;
            if kept.is_empty() {
                break;
            }
            // Anew for each step: the owner may have left, paused, or narrowed the scope.
            let now = self.config.now();
            let Some(grant) = self.store.grant_for(source, now).await? else {
                return Ok(false);
            };
            if now.duration_since(began) >= LONGEST {
                break;
            }
            left -= (kept.len() as u64).min(left);
            // A post whose address is not kept cannot be looked at: it goes when its source names it no longer.
            let (unseen, kept): (Vec<_>, Vec<_>) =
                kept.into_iter().partition(|post| is_stand_in(&post.url));
            if !unseen.is_empty() {
                let unseen: Vec<PostId> = unseen.into_iter().map(|post| post.id).collect();
                self.take_back(due, &unseen, Refusal::Withdrawn, now, round)
                    .await?;
            }
            if kept.is_empty() {
                continue;
            }
            let ids: Vec<PostId> = kept.iter().map(|post| post.id).collect();
            let posts: Vec<Kept> = kept
                .into_iter()
                .filter_map(|post| {
                    Some(Kept {
                        url: Url::parse(&post.url).ok()?,
                        key: post.key,
                    })
                })
                .collect();
            anyhow::ensure!(posts.len() == ids.len(), "a kept post has no address");
            let task = Task {
                source: source.clone(),
                permit: grant.permit(now)?,
                secret: secret.clone(),
                state: std::mem::take(&mut finish.state),
                force_due: forced,
            };
            let looked = recheck::recheck(&self.fetcher, task, &posts, now).await;
            finish.state = looked.state;
            if !self.holds(due, finish).await? {
                return Ok(false);
            }
            round.requests += u64::from(looked.requests);
            round.not_modified += u64::from(looked.not_modified);
            let batch = Batch {
                items: looked.items,
                gone: Vec::new(),
                missing: Vec::new(),
                state: finish.state.clone(),
            };
            if !self.keep_seen(due, &grant, batch, now, round).await? {
                return Ok(false);
            }
            let (mut there, mut unsure) = (Vec::new(), Vec::new());
            let mut lost: BTreeMap<Refusal, Vec<PostId>> = BTreeMap::new();
            for (id, verdict) in ids.into_iter().zip(looked.verdicts) {
                match verdict {
                    Verdict::There => there.push(id),
                    Verdict::Lost(refusal) => lost.entry(refusal).or_default().push(id),
                    Verdict::Unsure => unsure.push(id),
                }
            }
            round.rechecked += (there.len() + lost.values().map(Vec::len).sum::<usize>()) as u64;
            self.store.set_checked(source.id, &there, now).await?;
            for (refusal, posts) in lost {
                self.take_back(due, &posts, refusal, now, round).await?;
            }
            // What could not be judged comes up again tomorrow, so that it does not stand in the others' way.
            self.store
                .set_checked(source.id, &unsure, (half + DAY).min(now))
                .await?;
            if let Some(ended) = looked.ended {
                tracing::info!(source = %source.id, "looking again ended early: {ended}");
                break;
            }
        }
        finish.state.rechecked = Some(now);
        if wanted == MOST && left == 0 {
            finish.next_due = finish.next_due.min(now + SOON);
        }
        Ok(true)
    }

    /// Keeps what a look brought beside its verdicts: words that were edited, replies that are new. `false`: consent
    /// ended meanwhile.
    async fn keep_seen(
        &self,
        due: &Due,
        grant: &Grant,
        batch: Batch,
        now: Timestamp,
        round: &mut Round,
    ) -> anyhow::Result<bool> {
        if batch.items.is_empty() {
            return Ok(true);
        }
        let network = self.store.network(due.source.network).await?;
        let mut admission =
            Admission::load(&self.store, grant, &due.source, network.as_ref()).await?;
        let mut commit = admission.decide(&self.store, batch, now, round).await?;
        commit.fence = Some(due.fence);
        // Counted and taken back by the verdicts.
        commit.refusals.clear();
        let kept = self.store.commit(commit, self.config.now()).await?;
        round.stored += kept.stored;
        round.updated += kept.updated;
        round.removed += kept.removed;
        if kept.visibility_changed {
            self.publish_visibility(self.store.visibility().await?);
        }
        Ok(!kept.closed)
    }

    /// Whether the visit still holds its lease, which this prolongs, and its consent. To be asked before anything that
    /// was seen on it is acted on.
    async fn holds(&self, due: &Due, finish: &Finish) -> anyhow::Result<bool> {
        let commit = Commit {
            fence: Some(due.fence),
            state_json: Some(serde_json::to_string(&finish.state)?),
            ..Commit::new(&due.source)
        };
        let done = self.store.commit(commit, self.config.now()).await?;
        Ok(!done.closed)
    }

    async fn lose_all(
        &self,
        due: &Due,
        refusal: Refusal,
        now: Timestamp,
        round: &mut Round,
    ) -> anyhow::Result<()> {
        loop {
            let kept = self
                .store
                .to_recheck(due.source.id, Timestamp::MAX, Timestamp::MAX, STEP)
                .await?;
            let posts: Vec<PostId> = kept.into_iter().map(|post| post.id).collect();
            let before = round.removed;
            self.take_back(due, &posts, refusal, now, round).await?;
            if posts.is_empty() || round.removed == before {
                return Ok(());
            }
        }
    }

    async fn take_back(
        &self,
        due: &Due,
        posts: &[PostId],
        refusal: Refusal,
        now: Timestamp,
        round: &mut Round,
    ) -> anyhow::Result<()> {
        let network = due.source.network;
        let done = self.store.take_back(network, posts, refusal, now).await?;
        round.removed += done.removed;
        Ok(())
    }
}
