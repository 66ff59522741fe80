//! Consent: looking at proofs, and turning what was seen into grants.
//!
//! The proof address is the only thing fetched before there is a grant.

use std::collections::BTreeSet;

use discover_crawler::proof::{self, Look};
use discover_model::grant::{Evidence, Grant, GrantState, Purpose};
use discover_model::ledger::{Actor, LedgerEvent};
use discover_model::network::NetworkState;
use discover_model::proof::{Proof, ProofMethod};
use discover_model::{GrantId, Network, Origin, Scope, Source};
use jiff::civil::Time;
use jiff::{SignedDuration, Timestamp};

use super::Pipeline;
use crate::settings::registry::Attested;

/// How often a standing proof is looked at.
const LOOK_EVERY: SignedDuration = SignedDuration::from_hours(24);

impl Pipeline {
    /// Looks at the proof of every network that has none yet, or whose proof was last seen a day ago.
    pub(crate) async fn look_at_proofs(&self, now: Timestamp) -> anyhow::Result<()> {
        for network in self.store.networks().await? {
            if matches!(
                network.state,
                NetworkState::Withdrawn | NetworkState::Paused
            ) || network.proof == ProofMethod::Attested
            {
                continue;
            }
            let sources = self.store.sources(Some(network.id)).await?;
            let grants = self.store.grants(Some(network.id)).await?;
            for origin in origins(&sources) {
                let held = grants.iter().find(|grant| *grant.scope.origin() == origin);
                let fresh = held.is_some_and(|grant| {
                    grant.is_live(now) && now.duration_since(grant.evidence.seen) < LOOK_EVERY
                });
                if !fresh {
                    self.look(&network, &origin, &sources, held, now).await?;
                }
            }
        }
        Ok(())
    }

    async fn look(
        &self,
        network: &Network,
        origin: &Origin,
        sources: &[Source],
        held: Option<&Grant>,
        now: Timestamp,
    ) -> anyhow::Result<()> {
        let page = match network.proof {
            ProofMethod::Profile => sources
                .iter()
                .find(|source| origin.contains(&source.url))
                .map(|source| &source.url),
            _ => None,
        };
        let key = self.store.instance_key();
        match proof::look(
            &self.fetcher,
            network.id,
            origin,
            network.proof,
            page,
            &key,
            now,
        )
        .await
        {
            Look::Seen(seen) if seen.withdrawn => {
                if held.is_some() {
                    tracing::info!(network = %network.id, "the owner's proof says that consent is withdrawn");
                    self.withdraw_id(network.id, Actor::Owner, now).await?;
                }
            }
            Look::Seen(seen) => self.grant(network, &seen, held, now).await?,
            Look::Missing | Look::Bad(_) if held.is_none() => {
                tracing::info!(network = %network.slug, %origin, "no proof yet: nothing is fetched");
            }
            Look::Missing => self.proof_missed(network, held, now).await?,
            Look::Bad(error) => {
                tracing::warn!(network = %network.slug, %origin, "the proof cannot be accepted: {error}");
                self.proof_missed(network, held, now).await?;
            }
            Look::Unreachable(reason) => {
                tracing::warn!(network = %network.slug, %origin, "the proof could not be looked at: {reason}");
            }
        }
        Ok(())
    }

    async fn grant(
        &self,
        network: &Network,
        seen: &Proof,
        held: Option<&Grant>,
        now: Timestamp,
    ) -> anyhow::Result<()> {
        let latest = Grant::latest_expiry(network.proof, now);
        let asked = seen
            .expires
            .and_then(|day| {
                day.to_datetime(Time::midnight())
                    .to_zoned(self.config.zone.clone())
                    .ok()
            })
            .map_or(latest, |end| end.timestamp());
        let expires = asked.min(latest);
        if expires <= now {
            tracing::warn!(network = %network.slug, "the proof has expired: ask the owner to renew it");
            return Ok(());
        }
        let retention_days = seen.retention_days.map_or(network.retention_days, |days| {
            days.min(network.retention_days)
        });
        let event = match held {
            None => LedgerEvent::Granted,
            Some(held) if held.scope != seen.scope => LedgerEvent::ScopeChanged,
            Some(held) if held.state == GrantState::Live && held.evidence.sha256 == seen.sha256 => {
                let mut grant = held.clone();
                grant.evidence.seen = now;
                grant.expires = expires.max(held.expires);
                return Ok(self.store.touch_grant(&grant).await?);
            }
            Some(_) => LedgerEvent::Renewed,
        };
        let grant = Grant {
            id: held.map_or_else(
                || GrantId::from_u128(uuid::Uuid::new_v4().as_u128()),
                |held| held.id,
            ),
            network: network.id,
            scope: seen.scope.clone(),
            purposes: seen.purposes.clone(),
            retention_days,
            evidence: Evidence {
                method: network.proof,
                sha256: seen.sha256.clone(),
                seen: now,
            },
            granted: held.map_or(now, |held| held.granted),
            expires,
            members_told: seen.members_told,
            state: GrantState::Live,
        };
        self.store
            .put_grant(&grant, event, Actor::Owner, now)
            .await?;
        self.go_live(network).await
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
            let grant = Grant {
                id: GrantId::from_u128(uuid::Uuid::new_v4().as_u128()),
                network: network.id,
                scope: Scope::all(origin),
                purposes: vec![Purpose::Search, Purpose::Topics],
                retention_days: network.retention_days,
                evidence: Evidence {
                    method: ProofMethod::Attested,
                    sha256: attested.sha256.clone(),
                    seen: now,
                },
                granted: now,
                expires: Grant::latest_expiry(ProofMethod::Attested, now),
                members_told: false,
                state: GrantState::Live,
            };
            self.store
                .put_grant(&grant, LedgerEvent::Granted, Actor::Operator, now)
                .await?;
            self.go_live(network).await?;
        }
        Ok(())
    }

    async fn go_live(&self, network: &Network) -> anyhow::Result<()> {
        if network.state != NetworkState::Live {
            let live = Network {
                state: NetworkState::Live,
                ..network.clone()
            };
            self.store.put_network(&live, None).await?;
        }
        Ok(())
    }

    /// A definite miss: the network lapses at the first look, so that nothing more is fetched or shown until the
    /// proof is back.
    async fn proof_missed(
        &self,
        network: &Network,
        held: Option<&Grant>,
        now: Timestamp,
    ) -> anyhow::Result<()> {
        let Some(held) = held.filter(|grant| grant.state == GrantState::Live) else {
            return Ok(());
        };
        let lapsed = Grant {
            state: GrantState::Lapsed,
            ..held.clone()
        };
        self.store
            .put_grant(&lapsed, LedgerEvent::Lapsed, Actor::System, now)
            .await?;
        let network = Network {
            state: NetworkState::Lapsed,
            ..network.clone()
        };
        self.store.put_network(&network, None).await?;
        Ok(())
    }
}

fn origins(sources: &[Source]) -> BTreeSet<Origin> {
    sources
        .iter()
        .filter_map(|source| Origin::of(&source.url).ok())
        .collect()
}
