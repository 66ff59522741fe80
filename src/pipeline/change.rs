//! Changing what was agreed, for an owner on the web: first looked at, then carried out.

use discover_crawler::proof::Checked;
use discover_model::grant::GrantState;
use discover_model::ledger::{Actor, LedgerEvent};
use discover_model::proof::ProofMethod;
use discover_model::{Grant, Network};
use discover_model::{NetworkId, Source};
use discover_server::operations::{Asked, OperationError, ProofNow, Settings, Terms, Thought};
use jiff::Timestamp;

use super::Pipeline;
use super::operations::failed;
use super::sample;

impl Pipeline {
    /// Looks at all proofs of a network and at what is to be added. Changes nothing.
    pub(super) async fn terms(&self, thought: &Thought) -> Result<Terms, OperationError> {
        let now = self.config.now();
        let network = self.known(thought.network).await?;
        let grants = self.store.grants(Some(network.id)).await.map_err(failed)?;
        let mut terms = Terms {
            proofs: Vec::new(),
            found: None,
        };
        for granted in grants {
            // Of paper there is no place to look at.
            if granted.state == GrantState::Withdrawn || !granted.evidence.method.has_place() {
                continue;
            }
            let added = thought.add.as_ref();
            let added = added.filter(|url| granted.scope.origin().contains(url));
            let asked = Asked {
                network: network.id,
                address: added.cloned().unwrap_or_else(|| granted.subject().root()),
                method: granted.evidence.method,
                link_only: network.link_only,
                sensitive: network.sensitive,
            };
            let seen = match self.proof_of(&asked, now).await? {
                Checked::Seen(proof) => Ok(proof),
                Checked::Missing => Err("there is none".to_owned()),
                Checked::Bad(error) => Err(error.to_string()),
                Checked::Unreachable(reason) => Err(reason),
            };
            if let (Ok(proof), Some(_)) = (&seen, added)
                && !proof.withdrawn
            {
                terms.found = Some(self.found(&asked, proof, now).await);
            }
            terms.proofs.push(ProofNow { granted, seen });
        }
        if thought.add.is_some() && !network.proof.has_place() {
            return Err(OperationError::Refused(
                "nothing is read for a network of notes: register that site as a network of its own"
                    .to_owned(),
            ));
        }
        if let (Some(url), None) = (&thought.add, &terms.found) {
            return Err(OperationError::Refused(format!(
                "{url} is not of a site whose proof was seen: register that site, or look at the proof first"
            )));
        }
        Ok(terms)
    }

    /// Takes the word of the proofs as they are now, and records what the owner settled on.
    pub(super) async fn settle(&self, settings: Settings) -> Result<(), OperationError> {
        let now = self.config.now();
        let _one = self.looking.lock().await;
        let network = self.known(settings.network).await?;
        let changed = Network {
            name: settings.name,
            owner: settings.owner,
            contact: settings.contact,
            retention_days: settings.retention_days,
            areas: settings.areas,
            newcomers: settings.newcomers,
            ..network.clone()
        };
        self.store
            .put_network(&changed, None)
            .await
            .map_err(failed)?;
        self.look_at(&changed, |_| true, now)
            .await
            .map_err(failed)?;
        let grants = self.store.grants(Some(changed.id)).await.map_err(failed)?;
        if !changed.proof.has_place() {
            self.keep_for(changed.retention_days, &grants, now)
                .await
                .map_err(failed)?;
        }
        for source in settings.add {
            if !grants
                .iter()
                .any(|grant| grant.is_live(now) && grant.scope.covers(&source.url))
            {
                return Err(OperationError::Refused(format!(
                    "{} lies outside the scope of your proof",
                    source.url
                )));
            }
            if network.proof == ProofMethod::Profile && !source.kind.is_account() {
                return Err(OperationError::Refused(
                    "a profile proves accounts only: register the site with a proof of its own"
                        .to_owned(),
                ));
            }
            let source = sample::chosen(source.kind, source.url, source.settings.as_deref())
                .map_err(|_| OperationError::Refused("the source cannot be read".to_owned()))?;
            let source = Source::new(changed.id, source.kind, source.url, source.options);
            self.store.put_source(&source, now).await.map_err(failed)?;
        }
        Ok(())
    }

    /// Takes a new retention into grants on paper, which no look at a site brings up to date.
    async fn keep_for(&self, days: u16, grants: &[Grant], now: Timestamp) -> anyhow::Result<()> {
        for held in grants {
            let stands = matches!(held.state, GrantState::Live | GrantState::Paused);
            if stands && held.retention_days != days {
                let grant = held.with_retention(days);
                self.store
                    .put_grant(&grant, LedgerEvent::Renewed, Actor::Owner, now)
                    .await?;
            }
        }
        Ok(())
    }

    async fn known(&self, network: NetworkId) -> Result<Network, OperationError> {
        let network = self.store.network(network).await.map_err(failed)?;
        network.ok_or_else(|| OperationError::Refused("there is no such network".to_owned()))
    }
}
