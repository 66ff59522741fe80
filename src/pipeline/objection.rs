//! Objections: with the code in the post as its source gives it, or the post gone there, it is gone here; without, the
//! operator decides.

use anyhow::{Context, bail};
use discover_crawler::Request;
use discover_crawler::fetch::What;
use discover_crawler::frontier::FLOOR;
use discover_model::ledger::Actor;
use discover_server::operations::PostCheck;
use discover_store::{DECIDE_WITHIN, Decision, Hide, Objection, ObjectionId, ObjectionState};
use jiff::{SignedDuration, Timestamp};
use url::Url;

use super::Pipeline;

/// How often a post is looked at for the code, unless somebody asks.
const CHECK_EVERY: SignedDuration = SignedDuration::from_hours(12);
/// Posts looked at in one run at most; the rest follows with the next, a few minutes later.
const CHECKS_A_RUN: usize = 20;
/// Looks that somebody asks for: not more often than this for one objection.
const ASK_EVERY: SignedDuration = SignedDuration::from_secs(30);

impl Pipeline {
    /// Looks, under the network's grant, whether the post of an objection is gone from its source: then it is withdrawn at
    /// once. Else its source is read again soon, and the code in the post as the source gives it withdraws it.
    pub(crate) async fn check_objection(
        &self,
        id: ObjectionId,
        now: Timestamp,
    ) -> anyhow::Result<PostCheck> {
        let objection = self.open_objection(id).await?;
        if objection
            .checked
            .is_some_and(|at| now.duration_since(at) < ASK_EVERY)
        {
            return Ok(PostCheck::JustChecked);
        }
        self.store.objection_checked(id, now).await?;
        let found = self.look_at_post(&objection, now).await?;
        if found == PostCheck::Gone {
            self.take_out(&objection, ObjectionState::Proved, now)
                .await?;
        }
        Ok(found)
    }

    /// Looks again at the posts of all open objections whose turn it is, and says which wait too long.
    pub(crate) async fn check_objections(&self, now: Timestamp) -> anyhow::Result<()> {
        let mut left = CHECKS_A_RUN;
        for objection in self.store.open_objections().await? {
            if now.duration_since(objection.at) >= DECIDE_WITHIN {
                tracing::warn!(objection = %objection.id, "has waited for 30 days: decide it with `discover admin objections`");
            }
            // Not before its author had time to edit it; who cannot wait asks for a look.
            let looked_at = objection.checked.unwrap_or(objection.at);
            let due = now.duration_since(looked_at) >= CHECK_EVERY;
            if due && left > 0 && self.config.contact.is_some() {
                left -= 1;
                if let Err(error) = self.check_objection(objection.id, now).await {
                    tracing::warn!(objection = %objection.id, "could not be looked at: {error:#}");
                }
            }
        }
        Ok(())
    }

    /// Carries out what the operator decided.
    pub(crate) async fn decide_objection(
        &self,
        id: ObjectionId,
        decision: Decision,
        now: Timestamp,
    ) -> anyhow::Result<()> {
        let objection = self.open_objection(id).await?;
        match decision {
            Decision::Upheld => self.take_out(&objection, ObjectionState::Upheld, now).await,
            Decision::Dismissed => {
                self.store
                    .close_objection(id, ObjectionState::Dismissed, now)
                    .await?;
                self.publish_visibility(self.store.visibility().await?);
                Ok(())
            }
        }
    }

    async fn open_objection(&self, id: ObjectionId) -> anyhow::Result<Objection> {
        match self.store.objection(id).await? {
            Some(objection) if objection.state == ObjectionState::Open => Ok(objection),
            Some(_) => bail!("objection {id} is decided already"),
            None => bail!("there is no objection {id}"),
        }
    }

    async fn take_out(
        &self,
        objection: &Objection,
        state: ObjectionState,
        now: Timestamp,
    ) -> anyhow::Result<()> {
        if self.store.post(objection.post).await?.is_some() {
            self.withdraw_what(&Hide::Post(objection.post), Actor::Objector, now)
                .await?;
        }
        // Its source may take it down at any moment, and list it again.
        self.store
            .withdraw_lost_post(objection.network, objection.post, Actor::Objector, now)
            .await?;
        self.store.close_objection(objection.id, state, now).await?;
        Ok(())
    }

    /// A post that still stands is read again soon: the commit of that visit sees the code.
    async fn look_at_post(
        &self,
        objection: &Objection,
        now: Timestamp,
    ) -> anyhow::Result<PostCheck> {
        let Some(post) = self.store.post(objection.post).await? else {
            return Ok(PostCheck::Unreachable);
        };
        let sources = self.store.sources(Some(objection.network)).await?;
        let source = sources.iter().find(|source| source.id == post.source);
        if source.is_some_and(|source| source.kind.is_uploaded()) {
            // It stands nowhere else.
            return Ok(PostCheck::Unreachable);
        }
        let url = Url::parse(&post.url).context("address of a stored post")?;
        let grants = self.store.grants(Some(objection.network)).await?;
        let permit = grants
            .iter()
            .find(|grant| grant.scope.covers(&url))
            .and_then(|grant| grant.permit(now).ok());
        let Some(permit) = permit else {
            return Ok(PostCheck::Unreachable);
        };
        let request = Request::new(url, What::Page);
        match self.fetcher.get(&permit, request, now).await {
            // Others may write on the same page, so the code there proves nothing: it counts when the source gives the
            // post itself with the code in it.
            Ok(answer) if answer.status == 200 => {
                self.store.bring_forward(post.source, FLOOR, now).await?;
                Ok(PostCheck::Stands)
            }
            // The post is gone: what was asked for has happened at its source.
            Ok(answer) if matches!(answer.status, 404 | 410) => Ok(PostCheck::Gone),
            Ok(_) => Ok(PostCheck::Unreachable),
            Err(error) => {
                // Without its address, which may say what it is about.
                let why = error
                    .refusal()
                    .map_or("no answer", discover_model::Refusal::code);
                tracing::info!(objection = %objection.id, why, "the post could not be looked at");
                Ok(PostCheck::Unreachable)
            }
        }
    }
}
