//! Offline voices: networks of kind `notes`, made by the operator who has seen the consent, and what is uploaded to them.
//!
//! Contract: nothing is fetched. What is uploaded passes the gate under a live grant, as what is crawled does; a grant rests on a
//! document whose hash stands in the ledger, lasts 400 days at most, and is renewed by another document alone.

mod upload;

use anyhow::{Context, bail};
use discover_model::area::distinct;
use discover_model::grant::{Evidence, Grant, GrantRecord, GrantState, Purpose};
use discover_model::ledger::{Actor, LedgerEvent};
use discover_model::network::NetworkState;
use discover_model::proof::ProofMethod;
use discover_model::{
    Area, GrantId, Network, NetworkId, Origin, Scope, Source, SourceKind, SourceOptions,
    notes_address,
};
use jiff::civil::{Date, Time};
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::{Pipeline, fresh_id};
use upload::NEVER;
pub(crate) use upload::Upload;

/// Entries of the ledger read at once.
const PAGE: usize = 1000;

/// Consent on paper that the operator has seen.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct SeenDocument {
    /// SHA-256 of its bytes.
    pub sha256: String,
    /// The last day that it is good for, where it says so.
    pub until: Option<Date>,
}

/// A network of notes that is to be made.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct NewNotes {
    pub slug: String,
    pub name: String,
    pub owner: String,
    pub contact: Option<String>,
    pub retention_days: u16,
    pub areas: Vec<Area>,
    /// The language that most of it is in, where its owner says so.
    pub language: Option<String>,
    pub document: SeenDocument,
}

impl Pipeline {
    /// Makes the network and its grant, and gives its owner a key.
    pub(super) async fn make_notes(&self, new: &NewNotes, now: Timestamp) -> anyhow::Result<Value> {
        let network = self.notes_network(new, now).await?;
        let expires = self.document_ends(&new.document, now)?;
        let address = notes_address(network.id);
        let origin = Origin::of(&address)?;
        let options = SourceOptions {
            language: new.language.clone(),
            ..SourceOptions::default()
        };
        let source = Source::new(network.id, SourceKind::Notes, address, options);
        self.store.put_network(&network, None).await?;
        self.store.put_source(&source, NEVER).await?;
        let grant = Grant::recorded(GrantRecord {
            id: GrantId::from_u128(uuid::Uuid::new_v4().as_u128()),
            network: network.id,
            scope: Scope::all(origin),
            purposes: vec![Purpose::Search, Purpose::Topics],
            retention_days: network.retention_days,
            evidence: seen(&new.document, now),
            granted: now,
            expires,
            members_told: true,
            state: GrantState::Live,
        });
        self.store
            .put_grant(&grant, LedgerEvent::Granted, Actor::Operator, now)
            .await?;
        self.publish_visibility(self.store.visibility().await?);
        let key = self.store.make_owner_key(network.id, now).await?;
        Ok(json!({
            "slug": network.slug, "owner_key": key, "expires": grant.expires, "until": self.last_day(&grant),
        }))
    }

    /// The network as it is to be recorded: a new one, or one whose making broke off before it had a grant.
    async fn notes_network(&self, new: &NewNotes, now: Timestamp) -> anyhow::Result<Network> {
        let held = self.store.network_by_slug(&new.slug).await?;
        let begun = match &held {
            Some(held) => {
                held.proof == ProofMethod::Document
                    && held.state == NetworkState::Asked
                    && self.store.grants(Some(held.id)).await?.is_empty()
            }
            None => !self.store.slug_has_left(&new.slug).await?,
        };
        if !begun {
            bail!(
                "{:?} is or was the name of a network here: choose another; consent of one that is there is renewed with `discover sources renew`",
                new.slug
            );
        }
        Ok(Network {
            id: held.map_or_else(fresh_id, |held| held.id),
            slug: new.slug.clone(),
            name: new.name.clone(),
            owner: new.owner.clone(),
            contact: new.contact.clone(),
            proof: ProofMethod::Document,
            retention_days: new.retention_days,
            recheck_days: 7,
            link_only: false,
            sensitive: false,
            areas: distinct(new.areas.clone())?,
            newcomers: false,
            registered: now,
            state: NetworkState::Asked,
        })
    }

    /// Renews the consent of a network of notes by a document that was not seen before.
    pub(super) async fn renew_notes(
        &self,
        slug: &str,
        document: &SeenDocument,
        now: Timestamp,
    ) -> anyhow::Result<Value> {
        let network = self.network_named(slug).await?;
        let (_, held) = self.of_notes(&network).await?;
        anyhow::ensure!(
            held.state != GrantState::Withdrawn,
            "{slug:?} has left: its owner comes back under another name"
        );
        anyhow::ensure!(
            !self.is_known_document(network.id, &document.sha256).await?,
            "this document was seen before: consent is renewed by a new one"
        );
        let state = match network.state {
            NetworkState::Paused => GrantState::Paused,
            _ => GrantState::Live,
        };
        let grant = Grant::recorded(GrantRecord {
            id: held.id,
            network: network.id,
            scope: held.scope.clone(),
            purposes: held.purposes.clone(),
            retention_days: network.retention_days,
            evidence: seen(document, now),
            granted: held.granted,
            expires: self.document_ends(document, now)?,
            members_told: held.members_told,
            state,
        });
        self.store
            .put_grant(&grant, LedgerEvent::Renewed, Actor::Operator, now)
            .await?;
        self.publish_visibility(self.store.visibility().await?);
        let day = self.last_day(&grant);
        let paused = match state {
            GrantState::Paused => ", and stays paused until it is resumed",
            _ => "",
        };
        Ok(json!({
            "slug": slug, "expires": grant.expires,
            "outcome": format!("{slug} has consent until {day}{paused}; keep the document"),
        }))
    }

    /// When consent by a document ends: with the day that it names, after 400 days at the latest.
    fn document_ends(&self, document: &SeenDocument, now: Timestamp) -> anyhow::Result<Timestamp> {
        let latest = Grant::latest_expiry(ProofMethod::Document, now);
        let Some(until) = document.until else {
            return Ok(latest);
        };
        let end = until.tomorrow()?.to_datetime(Time::midnight());
        let end = end.to_zoned(self.config.zone.clone())?.timestamp();
        anyhow::ensure!(end > now, "--until {until} is over: see a newer document");
        Ok(end.min(latest))
    }

    /// The last day on which a grant stands.
    fn last_day(&self, grant: &Grant) -> Date {
        let last = grant.expires - SignedDuration::from_micros(1);
        last.to_zoned(self.config.zone.clone()).date()
    }

    /// Whether the ledger names this document as evidence of the network.
    async fn is_known_document(&self, network: NetworkId, sha256: &str) -> anyhow::Result<bool> {
        let mut after = 0;
        loop {
            let entries = self.store.ledger(after, PAGE).await?;
            let Some(last) = entries.last() else {
                return Ok(false);
            };
            after = last.seq;
            let mut facts = entries.iter().map(|entry| &entry.fact);
            if facts.any(|fact| {
                fact.network == network && fact.evidence_sha256.as_deref() == Some(sha256)
            }) {
                return Ok(true);
            }
        }
    }

    /// The one source and the one grant of a network of notes.
    async fn of_notes(&self, network: &Network) -> anyhow::Result<(Source, Grant)> {
        let none = || format!("{:?} is no network of notes", network.slug);
        anyhow::ensure!(network.proof == ProofMethod::Document, none());
        let sources = self.store.sources(Some(network.id)).await?;
        let source = sources.into_iter().find(|source| source.kind.is_uploaded());
        let grants = self.store.grants(Some(network.id)).await?;
        let grant = grants.into_iter().next_back();
        Ok((source.with_context(none)?, grant.with_context(none)?))
    }
}

fn seen(document: &SeenDocument, now: Timestamp) -> Evidence {
    Evidence {
        method: ProofMethod::Document,
        folder: None,
        sha256: document.sha256.clone(),
        seen: now,
    }
}
