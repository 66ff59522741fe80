//! Registration on the web, after the proof was seen: what a site would give, and the owner's choice made a grant.
//!
//! The preview lives in memory and reads one address, under a provisional grant whose scope is the owner's own.

use std::collections::HashMap;

use discover_crawler::fetch::What;
use discover_crawler::inspect::{self, Sniffed};
use discover_crawler::parse::Head;
use discover_crawler::proof::{self, Look};
use discover_crawler::{Request, Response};
use discover_model::gate::{self, Policy};
use discover_model::grant::{Evidence, GrantState};
use discover_model::network::NetworkState;
use discover_model::proof::{Proof, ProofMethod};
use discover_model::{
    Grant, GrantId, Item, Network, NetworkId, Origin, Source, SourceKind, SourceOptions, VoiceKey,
};
use discover_server::desk::{
    Asked, DeskError, Found, FoundSource, Join, Preview, PreviewItem, Verdict,
};
use discover_store::StoreError;
use jiff::Timestamp;

use super::Pipeline;
use super::desk::failed;

/// Items of a preview at most.
const ITEMS: usize = 60;

impl Pipeline {
    /// Looks at the proof of a site that asks, and only with it there into what it allows. Keeps nothing.
    pub(super) async fn preview(&self, asked: &Asked) -> Result<Preview, DeskError> {
        let now = self.config.now();
        Ok(match self.proof_of(asked, now).await? {
            Look::Missing => Preview::NoProof,
            Look::Bad(error) => Preview::BadProof(error.to_string()),
            Look::Unreachable(reason) => Preview::Unreachable(reason),
            Look::Seen(proof) if proof.withdrawn => {
                Preview::BadProof("it says that consent is withdrawn".to_owned())
            }
            Look::Seen(proof) => Preview::Seen(Box::new(self.found(asked, &proof, now).await)),
        })
    }

    async fn proof_of(&self, asked: &Asked, now: Timestamp) -> Result<Look, DeskError> {
        let origin = Origin::of(&asked.address).map_err(failed)?;
        let page = (asked.method == ProofMethod::Profile).then_some(&asked.address);
        let key = self.store.instance_key();
        let fetcher = &self.fetcher;
        Ok(proof::look(
            fetcher,
            asked.network,
            &origin,
            asked.method,
            page,
            &key,
            now,
        )
        .await)
    }

    async fn found(&self, asked: &Asked, proof: &Proof, now: Timestamp) -> Found {
        let grant = provisional(asked.network, asked.method, proof, now);
        let mut found = Found {
            scope: proof.scope.addresses(),
            purposes: proof.purposes.clone(),
            retention_days: proof.retention_days,
            expires: proof.expires,
            members_told: proof.members_told,
            sources: Vec::new(),
            items: Vec::new(),
            trouble: None,
        };
        let read = match self.read_once(&grant, asked, now).await {
            Ok(answer) => read(asked, &answer),
            Err(trouble) => Err(trouble),
        };
        match read {
            Ok((kind, items)) => {
                found.sources.push(FoundSource {
                    kind,
                    url: asked.address.clone(),
                });
                found.items = judged(&grant, asked, kind, items, now);
            }
            Err(trouble) => found.trouble = Some(trouble),
        }
        found
    }

    async fn read_once(
        &self,
        grant: &Grant,
        asked: &Asked,
        now: Timestamp,
    ) -> Result<Response, String> {
        let permit = grant.permit(now).map_err(|error| error.to_string())?;
        if !permit.covers(&asked.address) {
            return Err(format!(
                "Your proof does not cover {}: widen its scope, or begin again with an address within it.",
                asked.address
            ));
        }
        let request = Request::new(asked.address.clone(), What::Feed);
        match self.fetcher.get(&permit, request, now).await {
            Ok(answer) if answer.status == 200 => Ok(answer),
            Ok(answer) => Err(format!(
                "{} answers with status {}: what anybody can read is needed.",
                asked.address, answer.status
            )),
            Err(error) => Err(format!("{} could not be read: {error}.", asked.address)),
        }
    }

    /// Records what an owner chose: the proof is looked at once more, and is what the grant rests on.
    pub(super) async fn join(&self, join: Join) -> Result<NetworkId, DeskError> {
        let now = self.config.now();
        let _one = self.looking.lock().await;
        let asked = &join.asked;
        let proof = match self.proof_of(asked, now).await? {
            Look::Seen(proof) if !proof.withdrawn => proof,
            _ => {
                return Err(DeskError::Refused(
                    "The proof is no longer there. Put it back, and agree again.".to_owned(),
                ));
            }
        };
        if join
            .sources
            .iter()
            .any(|source| !proof.scope.covers(&source.url))
        {
            return Err(DeskError::Refused(
                "A source lies outside the scope of your proof.".to_owned(),
            ));
        }
        let network = Network {
            id: asked.network,
            slug: join.slug.clone(),
            name: join.name,
            owner: join.owner,
            contact: join.contact,
            proof: asked.method,
            retention_days: join.retention_days,
            recheck_days: 7,
            registered: now,
            state: NetworkState::Asked,
        };
        let known = self.store.network(network.id).await.map_err(failed)?;
        if known.is_some() {
            return Err(DeskError::Refused(
                "This site is registered already: log in to change it.".to_owned(),
            ));
        }
        match self.store.put_network(&network, None).await {
            Ok(()) => {}
            Err(StoreError::SlugTaken { .. }) => {
                return Err(DeskError::Refused(
                    "The short name is taken: choose another.".to_owned(),
                ));
            }
            Err(StoreError::Withdrawn { .. }) => {
                return Err(DeskError::Refused(
                    "This registration has left: begin again for a new token.".to_owned(),
                ));
            }
            Err(error) => return Err(failed(error)),
        }
        for source in join.sources {
            let options = SourceOptions::default();
            let source = Source::new(network.id, source.kind, source.url, options);
            self.store.put_source(&source, now).await.map_err(failed)?;
        }
        self.grant(&network, asked.method, &proof, None, now)
            .await
            .map_err(failed)?;
        Ok(network.id)
    }
}

/// Consent as the owner's proof gives it, in memory only.
fn provisional(network: NetworkId, method: ProofMethod, proof: &Proof, now: Timestamp) -> Grant {
    Grant {
        id: GrantId::from_u128(0),
        network,
        scope: proof.scope.clone(),
        purposes: proof.purposes.clone(),
        retention_days: proof.retention_days.unwrap_or(365),
        evidence: Evidence {
            method,
            sha256: proof.sha256.clone(),
            seen: now,
        },
        granted: now,
        expires: Grant::latest_expiry(method, now),
        members_told: proof.members_told,
        state: GrantState::Live,
    }
}

/// What the address gives: its kind, and its items as they would come to the gate.
fn read(asked: &Asked, answer: &Response) -> Result<(SourceKind, Vec<Item>), String> {
    let head = Head {
        content_type: answer.content_type(),
        content_location: None,
        content_language: None,
    };
    let kind = match inspect::sniff(&answer.body, &head) {
        Sniffed::Feed => SourceKind::Feed,
        _ => {
            return Err(format!(
                "{} is no feed. Begin again with the address of a feed of your site; for a forum or a social account write to the operator.",
                asked.address
            ));
        }
    };
    let source = Source::new(
        asked.network,
        kind,
        asked.address.clone(),
        SourceOptions::default(),
    );
    inspect::items(&answer.body, &answer.url, &head, &source)
        .map(|items| (kind, items))
        .map_err(|error| format!("{} cannot be read: {error}.", asked.address))
}

fn judged(
    grant: &Grant,
    asked: &Asked,
    kind: SourceKind,
    items: Vec<Item>,
    now: Timestamp,
) -> Vec<PreviewItem> {
    let source = Source::new(
        asked.network,
        kind,
        asked.address.clone(),
        SourceOptions::default(),
    );
    // Made for this page and forgotten with it.
    let voice_key = VoiceKey::new([0; 32]);
    let taken_back = HashMap::new();
    let policy = Policy {
        source: &source,
        voice_key: &voice_key,
        taken_back: &taken_back,
    };
    items
        .into_iter()
        .take(ITEMS)
        .map(|item| {
            let url = item.url.to_string();
            let verdict = match gate::admit(grant, &policy, item, now) {
                Ok(post) => {
                    let post = post.into_inner();
                    Verdict::Kept {
                        excerpt: discover_model::conversation::excerpt(&post.text),
                        title: post.title,
                        redacted: post.redacted,
                    }
                }
                Err(refusal) => Verdict::Refused(refusal),
            };
            PreviewItem { url, verdict }
        })
        .collect()
}
