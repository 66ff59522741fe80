//! Consent: looking at proofs, and turning what was seen into grants.
//!
//! The proof address is the only thing fetched before there is a grant.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::PoisonError;
use std::time::{Duration, Instant};

use anyhow::Context;
use discover_crawler::proof::{self, Checked, Elsewhere};
use discover_model::grant::{Evidence, Grant, GrantRecord, GrantState, Purpose};
use discover_model::ledger::{Actor, LedgerEvent};
use discover_model::network::NetworkState;
use discover_model::proof::{Proof, ProofAddress, ProofMethod, ProofSubject};
use discover_model::proof_status::{self, CheckOutcome, Consequence, ProofStatus, Step};
use discover_model::{GrantId, Network, NetworkId, Origin, Scope, Source};
use discover_store::Hide;
use jiff::civil::Time;
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use super::Pipeline;
use crate::settings::registry::Attested;

/// Looks that anybody may ask for: not more often than this at one origin.
const CHECK_NOW_EVERY: SignedDuration = SignedDuration::from_secs(30);
/// From when on an owner is reminded that a grant ends.
const REMIND: SignedDuration = SignedDuration::from_hours(30 * 24);

/// What a look that was asked for came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Looked {
    /// The proof stands.
    Stands,
    /// No valid proof: what is held is hidden.
    Missing,
    /// The owner has left.
    Withdrawn,
    /// Nothing can be said now.
    Unreachable,
    /// It was looked at a moment ago.
    TooSoon,
    /// Consent is on paper, and there is no place to look at.
    OnPaper,
}

impl Looked {
    pub(crate) fn words(self) -> &'static str {
        match self {
            Self::Stands => "the proof stands",
            Self::Missing => "there is no valid proof: what is held is hidden",
            Self::Withdrawn => "the owner has left",
            Self::Unreachable => "the place of the proof could not be reached",
            Self::TooSoon => "it was looked at a moment ago: try again in half a minute",
            Self::OnPaper => {
                "consent is on paper, and there is no place to look at: a new document renews it (`discover sources renew`)"
            }
        }
    }
}

impl Pipeline {
    /// Whether all proofs were looked at within this time.
    pub(crate) fn looked_within(&self, time: Duration) -> bool {
        let looked = *self.looked.lock().unwrap_or_else(PoisonError::into_inner);
        looked.is_some_and(|at| at.elapsed() < time)
    }

    /// Looks at the proof of every origin whose turn it is, and ends grants that have expired.
    pub(crate) async fn check_proofs(&self, now: Timestamp) -> anyhow::Result<()> {
        let _one = self.looking.lock().await;
        *self.looked.lock().unwrap_or_else(PoisonError::into_inner) = Some(Instant::now());
        self.lapse_expired(now).await?;
        let mut looks: BTreeMap<NetworkId, Vec<discover_store::ProofCheck>> = BTreeMap::new();
        for look in self.store.proof_checks(None).await? {
            looks.entry(look.network).or_default().push(look);
        }
        let sources = self.store.source_counts().await?;
        let mut settled = self.settled.lock().await;
        for network in self.store.networks().await? {
            let looks = looks.get(&network.id).map_or(&[][..], Vec::as_slice);
            // Sources come and never go but with their network: as many as last time are the same ones, and each of
            // their origins has been looked at.
            let as_before = settled.get(&network.id) == sources.get(&network.id)
                && looks.iter().all(|look| look.next_check > now);
            let rests = as_before && !self.config.crawl.force_due;
            if network.state == NetworkState::Withdrawn || rests {
                continue;
            }
            let due = |origin: &Origin| {
                self.config.crawl.force_due
                    || looks
                        .iter()
                        .find(|look| look.origin == *origin)
                        .is_none_or(|look| look.next_check <= now)
            };
            // One network's trouble is not the others'.
            if let Err(error) = self.look_at(&network, due, now).await {
                if self.store.network(network.id).await?.is_some() {
                    tracing::warn!(network = %network.id, "its proofs could not be looked at: {error:#}");
                }
                continue;
            }
            if let Some(count) = sources.get(&network.id) {
                settled.insert(network.id, *count);
            }
        }
        Ok(())
    }

    /// Looks at the proofs of one network at once, because somebody asked.
    pub(crate) async fn look_now(
        &self,
        network: NetworkId,
        now: Timestamp,
    ) -> anyhow::Result<Looked> {
        let _one = self.looking.lock().await;
        let network = self
            .store
            .network(network)
            .await?
            .context("there is no such network")?;
        if network.state == NetworkState::Withdrawn {
            return Ok(Looked::Withdrawn);
        }
        if !network.proof.has_place() {
            return Ok(Looked::OnPaper);
        }
        let looks = self.store.proof_checks(Some(network.id)).await?;
        let rested = |origin: &Origin| {
            self.config.crawl.force_due
                || looks
                    .iter()
                    .find(|look| look.origin == *origin)
                    .is_none_or(|look| now.duration_since(look.last_check) >= CHECK_NOW_EVERY)
        };
        let outcomes = self.look_at(&network, rested, now).await?;
        Ok(
            match outcomes.iter().max_by_key(|outcome| weight(**outcome)) {
                Some(CheckOutcome::Withdrawn) => Looked::Withdrawn,
                Some(CheckOutcome::Missed | CheckOutcome::Doubted) => Looked::Missing,
                Some(CheckOutcome::Unreachable) => Looked::Unreachable,
                Some(CheckOutcome::Seen) => Looked::Stands,
                None => Looked::TooSoon,
            },
        )
    }

    /// Looks at those origins of a network that `due` lets through.
    pub(super) async fn look_at(
        &self,
        network: &Network,
        due: impl Fn(&Origin) -> bool,
        now: Timestamp,
    ) -> anyhow::Result<Vec<CheckOutcome>> {
        // The caller's copy may be old: the looks before this one took their time.
        let Some(network) = self.store.network(network.id).await? else {
            return Ok(Vec::new());
        };
        if network.state == NetworkState::Withdrawn || !network.proof.has_place() {
            return Ok(Vec::new());
        }
        let network = &network;
        let sources = self.store.sources(Some(network.id)).await?;
        let grants = self.store.grants(Some(network.id)).await?;
        let mut outcomes = Vec::new();
        for origin in origins(&sources) {
            let held = grants.iter().rfind(|grant| *grant.scope.origin() == origin);
            if held.is_some_and(|grant| grant.state == GrantState::Withdrawn) || !due(&origin) {
                continue;
            }
            outcomes.push(self.look(network, &origin, &sources, held, now).await?);
        }
        Ok(outcomes)
    }

    async fn look(
        &self,
        network: &Network,
        origin: &Origin,
        sources: &[Source],
        held: Option<&Grant>,
        now: Timestamp,
    ) -> anyhow::Result<CheckOutcome> {
        // Paper may be confirmed, or withdrawn, by a file on the site.
        let method = match network.proof {
            ProofMethod::Attested => ProofMethod::WellKnown,
            method => method,
        };
        let profile = sources
            .iter()
            .filter(|source| origin.contains(&source.url))
            .find_map(|source| ProofAddress::profile(source.kind, &source.url));
        let folder = self.folder(network.id, origin, sources, held).await?;
        let key = self.store.proof_key();
        let fetcher = &self.fetcher;
        // A profile speaks for its account: beside a source of another kind it is no proof.
        let speaks =
            method != ProofMethod::Profile || sources.iter().all(|source| source.kind.is_account());
        let checked = if speaks {
            proof::check(
                fetcher,
                network.id,
                origin,
                method,
                Elsewhere {
                    profile: profile.as_ref(),
                    folder: folder.as_ref(),
                },
                &key,
                now,
            )
            .await
        } else {
            Checked::Missing
        };
        let remarks = remarks(&checked);
        let (outcome, seen) = self.judge(network, held, checked, now);
        let before = self
            .store
            .proof_checks(Some(network.id))
            .await?
            .into_iter()
            .find(|check| check.origin == *origin)
            .map(|check| check.status)
            .unwrap_or_default();
        let on_paper = held.is_none_or(|held| held.evidence.method == ProofMethod::Attested);
        let step = match outcome {
            // Nothing stood there that could be missed.
            CheckOutcome::Missed | CheckOutcome::Unreachable if on_paper => Step {
                status: ProofStatus::default(),
                consequence: Consequence::Nothing,
                next_check: now
                    + if held.is_some() {
                        proof_status::CHECK_EVERY
                    } else {
                        asked_every(now.duration_since(network.registered))
                    },
            },
            outcome => before.after(outcome, now),
        };
        if let Some(seen) = &seen {
            self.grant(network, method, seen, held, now).await?;
        }
        match (step.consequence, held) {
            (Consequence::Hide, Some(held)) => self.lapse(held, now).await?,
            (Consequence::Withdraw, Some(held)) => {
                let actor = if outcome == CheckOutcome::Withdrawn {
                    Actor::Owner
                } else {
                    Actor::System
                };
                self.withdraw_origin(network, origin, held, actor, now)
                    .await?;
            }
            _ => {}
        }
        self.store
            .put_proof_check(&discover_store::ProofCheck {
                network: network.id,
                origin: origin.clone(),
                status: step.status,
                remarks,
                last_check: now,
                next_check: step.next_check,
            })
            .await?;
        Ok(outcome)
    }

    /// The folder that may prove itself in place of its origin: all sources lie in it, no proof of the whole origin is held,
    /// and the origin has not spoken for itself.
    async fn folder(
        &self,
        network: NetworkId,
        origin: &Origin,
        sources: &[Source],
        held: Option<&Grant>,
    ) -> anyhow::Result<Option<ProofSubject>> {
        if held.is_some_and(|held| held.evidence.folder.is_none()) {
            return Ok(None);
        }
        let of_origin = sources.iter().filter(|source| origin.contains(&source.url));
        let urls = of_origin.map(|source| &source.url);
        self.free_folder(network, ProofSubject::folder_around(origin, urls))
            .await
    }

    /// The folder, unless its origin has spoken for itself.
    pub(super) async fn free_folder(
        &self,
        network: NetworkId,
        folder: Option<ProofSubject>,
    ) -> anyhow::Result<Option<ProofSubject>> {
        let Some(subject) = folder else {
            return Ok(None);
        };
        let (origin, folder) = (subject.origin(), subject.prefix());
        let spoken = self.store.origin_has_spoken(network, origin, folder);
        Ok((!spoken.await?).then_some(subject))
    }

    /// What a look means for consent; the proof itself where it is to be acted on.
    fn judge(
        &self,
        network: &Network,
        held: Option<&Grant>,
        checked: Checked,
        now: Timestamp,
    ) -> (CheckOutcome, Option<Proof>) {
        match checked {
            Checked::Seen(seen) if seen.withdrawn => (CheckOutcome::Withdrawn, None),
            Checked::Seen(seen) if self.ends(&seen, held, now) <= now => {
                tracing::warn!(network = %network.id, "the proof has expired: ask the owner to renew it");
                // It stands, but gives nothing: the grant has lapsed by its date.
                (CheckOutcome::Seen, None)
            }
            Checked::Seen(seen) => {
                if !seen.unknown.is_empty() {
                    tracing::warn!(network = %network.id, fields = seen.unknown.len(), "the proof has fields that mean nothing");
                }
                (CheckOutcome::Seen, Some(seen))
            }
            Checked::Missing => {
                tracing::info!(network = %network.id, "there is no proof");
                (CheckOutcome::Missed, None)
            }
            Checked::Bad(error) => {
                tracing::warn!(network = %network.id, "the proof cannot be accepted: {error}");
                let outcome = if error.may_be_withdrawal() {
                    CheckOutcome::Doubted
                } else {
                    CheckOutcome::Missed
                };
                (outcome, None)
            }
            // The reason may name the address, which stands in no line with the network's id.
            Checked::Unreachable(_) => {
                tracing::warn!(network = %network.id, "the proof could not be looked at");
                (CheckOutcome::Unreachable, None)
            }
        }
    }

    /// When a grant by this proof ends: on the day it names, at the latest 400 days after this very proof was first
    /// seen. To see the same proof again prolongs nothing: an owner renews by saying something new.
    fn ends(&self, seen: &Proof, held: Option<&Grant>, now: Timestamp) -> Timestamp {
        let same = held.filter(|held| held.evidence.sha256 == seen.sha256);
        if let Some(held) = same {
            return held.expires;
        }
        let latest = Grant::latest_expiry(ProofMethod::WellKnown, now);
        seen.expires
            .and_then(|day| {
                day.to_datetime(Time::midnight())
                    .to_zoned(self.config.zone.clone())
                    .ok()
            })
            .map_or(latest, |end| end.timestamp().min(latest))
    }

    pub(super) async fn grant(
        &self,
        network: &Network,
        method: ProofMethod,
        seen: &Proof,
        held: Option<&Grant>,
        now: Timestamp,
    ) -> anyhow::Result<()> {
        // The owner may have paused or changed the terms while the proof was fetched.
        let network = self
            .store
            .network(network.id)
            .await?
            .context("the network has left")?;
        let network = &network;
        let expires = self.ends(seen, held, now);
        if expires.duration_since(now) < REMIND {
            tracing::warn!(network = %network.id, %expires, "consent ends soon: remind the owner to renew the proof");
        }
        let retention_days = seen.retention_days.map_or(network.retention_days, |days| {
            days.min(network.retention_days)
        });
        let state = match network.state {
            NetworkState::Paused => GrantState::Paused,
            _ => GrantState::Live,
        };
        let purposes = purposes(network, &seen.purposes);
        let event = match held {
            None => LedgerEvent::Granted,
            Some(held) if held.scope != seen.scope => LedgerEvent::ScopeChanged,
            Some(held)
                if held.state == state
                    && held.evidence.sha256 == seen.sha256
                    && held.retention_days == retention_days
                    && held.purposes == purposes =>
            {
                return Ok(self.store.touch_grant(&held.seen_at(now)).await?);
            }
            Some(_) => LedgerEvent::Renewed,
        };
        let grant = Grant::recorded(GrantRecord {
            id: held.map_or_else(fresh_grant, |held| held.id),
            network: network.id,
            scope: seen.scope.clone(),
            purposes,
            retention_days,
            evidence: Evidence {
                method,
                folder: seen.folder.clone(),
                sha256: seen.sha256.clone(),
                seen: now,
            },
            granted: held.map_or(now, |held| held.granted),
            expires,
            // What was said once, here or in the proof, stays said.
            members_told: seen.members_told || held.is_some_and(|held| held.members_told),
            state,
        });
        self.store
            .put_grant(&grant, event, Actor::Owner, now)
            .await?;
        self.publish_visibility(self.store.visibility().await?);
        Ok(())
    }

    /// A definite miss, a long outage, or the end of a grant: nothing more is fetched or shown until the proof is back.
    async fn lapse(&self, held: &Grant, now: Timestamp) -> anyhow::Result<()> {
        if !matches!(held.state, GrantState::Live | GrantState::Paused) {
            return Ok(());
        }
        let lapsed = held.in_state(GrantState::Lapsed);
        self.store
            .put_grant(&lapsed, LedgerEvent::Lapsed, Actor::System, now)
            .await?;
        self.publish_visibility(self.store.visibility().await?);
        Ok(())
    }

    /// Ends the grants whose time is over.
    pub(crate) async fn lapse_expired(&self, now: Timestamp) -> anyhow::Result<()> {
        for grant in self.store.grants(None).await? {
            if grant.expires <= now {
                self.lapse(&grant, now).await?;
            }
        }
        Ok(())
    }

    /// The owner of one origin leaves: the whole network, unless other origins of it stay.
    async fn withdraw_origin(
        &self,
        network: &Network,
        origin: &Origin,
        held: &Grant,
        actor: Actor,
        now: Timestamp,
    ) -> anyhow::Result<()> {
        let stays = self
            .store
            .grants(Some(network.id))
            .await?
            .iter()
            .any(|grant| grant.scope.origin() != origin && grant.state != GrantState::Withdrawn);
        let what = if stays {
            Hide::Path {
                network: network.id,
                origin: origin.clone(),
                prefix: held.evidence.folder.clone().unwrap_or_else(|| "/".into()),
            }
        } else {
            Hide::Network(network.id)
        };
        tracing::info!(network = %network.id, whole = !stays, "consent is withdrawn");
        self.withdraw_what(&what, actor, now).await?;
        Ok(())
    }

    /// Consent on paper: the document's hash is the evidence.
    pub(super) async fn grant_attested(
        &self,
        network: &Network,
        attested: &Attested,
        now: Timestamp,
    ) -> anyhow::Result<()> {
        let sources = self.store.sources(Some(network.id)).await?;
        let held = self.store.grants(Some(network.id)).await?;
        for origin in origins(&sources) {
            if held.iter().any(|grant| {
                *grant.scope.origin() == origin && grant.evidence.sha256 == attested.sha256
            }) {
                continue;
            }
            if self.store.is_withdrawn_origin(&origin).await? {
                tracing::warn!(network = %network.slug, %origin, "paper does not reopen a site that withdrew: a proof on the site is needed");
                continue;
            }
            let grant = Grant::recorded(GrantRecord {
                id: fresh_grant(),
                network: network.id,
                scope: Scope::all(origin),
                purposes: purposes(network, &[Purpose::Search, Purpose::Topics]),
                retention_days: network.retention_days,
                evidence: Evidence {
                    method: ProofMethod::Attested,
                    folder: None,
                    sha256: attested.sha256.clone(),
                    seen: now,
                },
                granted: now,
                expires: Grant::latest_expiry(ProofMethod::Attested, now),
                members_told: false,
                state: GrantState::Live,
            });
            self.store
                .put_grant(&grant, LedgerEvent::Granted, Actor::Operator, now)
                .await?;
            self.publish_visibility(self.store.visibility().await?);
        }
        Ok(())
    }
}

/// What an owner allows, less what the brake takes away: a network that is shown by links alone is part of no topic.
fn purposes(network: &Network, allowed: &[Purpose]) -> Vec<Purpose> {
    allowed
        .iter()
        .copied()
        .filter(|purpose| !network.link_only || *purpose != Purpose::Topics)
        .collect()
}

/// What weighs most of several origins' outcomes.
fn weight(outcome: CheckOutcome) -> u8 {
    match outcome {
        CheckOutcome::Seen => 0,
        CheckOutcome::Unreachable => 1,
        CheckOutcome::Missed | CheckOutcome::Doubted => 2,
        CheckOutcome::Withdrawn => 3,
    }
}

/// What is to be mended in a proof, a sentence each: for the owner's page and `discover doctor`.
fn remarks(checked: &Checked) -> Vec<String> {
    match checked {
        Checked::Seen(proof) => unknown_fields(&proof.unknown),
        Checked::Bad(error) => vec![format!("The proof cannot be accepted: {error}.")],
        Checked::Missing | Checked::Unreachable(_) => Vec::new(),
    }
}

/// Most fields that are named.
const NAMED: usize = 10;

/// What an owner is told of fields of the proof that mean nothing.
pub(super) fn unknown_fields(names: &[String]) -> Vec<String> {
    let note = |name: &String| {
        format!(
            "The proof has a field that means nothing here, {name:?}: take it out, or mend its name."
        )
    };
    names.iter().take(NAMED).map(note).collect()
}

/// How often the place of a proof is looked at while there is no grant yet, so long after the network was registered: often
/// while its owner is at it, then as a proof that stands.
fn asked_every(age: SignedDuration) -> SignedDuration {
    if age < SignedDuration::from_hours(24) {
        SignedDuration::from_mins(10)
    } else if age < SignedDuration::from_hours(7 * 24) {
        SignedDuration::from_hours(1)
    } else {
        proof_status::CHECK_EVERY
    }
}

fn fresh_grant() -> GrantId {
    GrantId::from_u128(uuid::Uuid::new_v4().as_u128())
}

fn origins(sources: &[Source]) -> BTreeSet<Origin> {
    sources
        .iter()
        .filter_map(|source| Origin::of(&source.url).ok())
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_site_that_never_agrees_is_asked_ever_more_rarely_and_at_last_once_a_day() {
        let mut asked = 0;
        let mut age = SignedDuration::ZERO;
        while age < SignedDuration::from_hours(37 * 24) {
            asked += 1;
            age += asked_every(age);
        }
        assert_eq!(asked, 144 + 6 * 24 + 30);
    }
}
