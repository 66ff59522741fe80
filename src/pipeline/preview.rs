//! Registration on the web, after the proof was seen: what a site would give, and the owner's choice made a grant.
//!
//! The preview lives in memory and reads under a provisional grant whose scope is the owner's own.

use std::time::Duration;

use discover_crawler::proof::{self, Checked, Elsewhere};
use discover_model::grant::ProvisionalGrant;
use discover_model::network::NetworkState;
use discover_model::proof::{Proof, ProofAddress, ProofMethod, ProofSubject};
use discover_model::{Network, NetworkId, Origin, Source, SourceKind};
use discover_server::operations::{
    Asked, ChosenSource, Found, FoundSource, Join, OperationError, Preview, PreviewItem, Verdict,
};
use discover_store::StoreError;
use jiff::Timestamp;

use super::Pipeline;
use super::consent::unknown_fields;
use super::operations::failed;
use super::sample::{self, Judged};
use crate::settings::registry::DeclaredSource;

/// Longest time for reading the sample while somebody waits for the page.
const PATIENCE: Duration = Duration::from_secs(20);

impl Pipeline {
    /// Looks at the proof of a site that asks, and only with it there into what it allows. Keeps nothing.
    pub(super) async fn preview(&self, asked: &Asked) -> Result<Preview, OperationError> {
        account_of(asked)?;
        let now = self.config.now();
        Ok(match self.proof_of(asked, now).await? {
            Checked::Missing => Preview::NoProof,
            Checked::Bad(error) => Preview::BadProof(error.to_string()),
            Checked::Unreachable(reason) => Preview::Unreachable(reason),
            Checked::Seen(proof) if proof.withdrawn => {
                Preview::BadProof("it says that consent is withdrawn".to_owned())
            }
            Checked::Seen(proof) => Preview::Seen(Box::new(self.found(asked, &proof, now).await)),
        })
    }

    pub(super) async fn proof_of(
        &self,
        asked: &Asked,
        now: Timestamp,
    ) -> Result<Checked, OperationError> {
        let origin = Origin::of(&asked.address).map_err(failed)?;
        let profile = match asked.method {
            ProofMethod::Profile => {
                let sources = self.store.sources(Some(asked.network)).await;
                let sources = sources.map_err(failed)?;
                let mut of_origin = sources.iter().filter(|source| origin.contains(&source.url));
                let known =
                    of_origin.find_map(|source| ProofAddress::profile(source.kind, &source.url));
                known.or_else(|| ProofAddress::profile(SourceKind::Mastodon, &asked.address))
            }
            _ => None,
        };
        let folder = ProofSubject::folder_around(&origin, [&asked.address]);
        let folder = self.free_folder(asked.network, folder).await;
        let folder = folder.map_err(failed)?;
        let key = self.store.proof_key();
        let fetcher = &self.fetcher;
        Ok(proof::check(
            fetcher,
            asked.network,
            &origin,
            asked.method,
            Elsewhere {
                profile: profile.as_ref(),
                folder: folder.as_ref(),
            },
            &key,
            now,
        )
        .await)
    }

    pub(super) async fn found(&self, asked: &Asked, proof: &Proof, now: Timestamp) -> Found {
        let grant = ProvisionalGrant::of_proof(asked.network, asked.method, proof, now);
        let mut found = Found {
            scope: proof.scope.addresses(),
            purposes: proof.purposes.clone(),
            retention_days: proof.retention_days,
            expires: proof.expires,
            members_told: proof.members_told,
            platform: None,
            notes: unknown_fields(&proof.unknown),
            sources: Vec::new(),
            items: Vec::new(),
            more: false,
            trouble: None,
        };
        if !proof.scope.covers(&asked.address) {
            found.trouble = Some(format!(
                "Your proof does not cover {}: widen its scope, or begin again with an address within it.",
                asked.address
            ));
            return found;
        }
        let link_only = asked.link_only;
        let account = account_of(asked).ok().flatten();
        found
            .sources
            .extend(account.iter().map(|account| FoundSource {
                kind: account.kind,
                url: account.url.clone(),
                title: None,
                how: "the account that was named".to_owned(),
                side: false,
                settings: None,
            }));
        let sample = sample::sample_site(
            &self.fetcher,
            &grant,
            &asked.address,
            account,
            link_only,
            PATIENCE,
            now,
        );
        let sample = match sample.await {
            Ok(sample) => sample,
            Err(error) => {
                found.trouble = Some(format!("{} could not be read: {error:#}.", asked.address));
                return found;
            }
        };
        if let Some(discovery) = sample.discovery {
            found.platform = discovery.platform;
            found.notes.extend(discovery.notes);
            found.notes.extend(sample.strict);
            found.sources = discovery
                .sources
                .into_iter()
                .filter(|source| proof.scope.covers(&source.url))
                .map(|source| FoundSource {
                    kind: source.kind,
                    url: source.url,
                    title: source.title,
                    how: source.how,
                    side: source.side,
                    settings: source.settings,
                })
                .collect();
        }
        found.more = sample.more;
        found.trouble = sample.trouble.map(|trouble| {
            format!(
                "Reading met trouble: {}. What helps: {}.",
                trouble.what, trouble.fix
            )
        });
        found.items = sample.items.into_iter().map(preview_item).collect();
        found
    }

    /// Records what an owner chose: the proof is looked at once more, and is what the grant rests on.
    pub(super) async fn join(&self, join: Join) -> Result<NetworkId, OperationError> {
        let asked = &join.asked;
        let account = account_of(asked)?;
        let alone = |source: &ChosenSource, account: &DeclaredSource| {
            source.kind == account.kind && source.url == account.url && source.settings.is_none()
        };
        if let Some(account) = &account
            && !join.sources.iter().all(|source| alone(source, account))
        {
            return Err(OperationError::Refused(
                "A profile speaks for its own account and for nothing else.".to_owned(),
            ));
        }
        let now = self.config.now();
        // A site may answer slowly: nobody else waits for it.
        let mut proof = match self.proof_of(asked, now).await? {
            Checked::Seen(proof) if !proof.withdrawn => proof,
            _ => {
                return Err(OperationError::Refused(
                    "The proof is no longer there. Put it back, and agree again.".to_owned(),
                ));
            }
        };
        if join
            .sources
            .iter()
            .any(|source| !proof.scope.covers(&source.url))
        {
            return Err(OperationError::Refused(
                "A source lies outside the scope of your proof.".to_owned(),
            ));
        }
        let sources: Vec<_> = join
            .sources
            .into_iter()
            .map(|source| sample::chosen(source.kind, source.url, source.settings.as_deref()))
            .collect::<anyhow::Result<_>>()
            .map_err(|_| {
                OperationError::Refused("A source cannot be read; look again.".to_owned())
            })?;
        let _one = self.looking.lock().await;
        let network = Network {
            id: asked.network,
            slug: join.slug.clone(),
            name: join.name,
            owner: join.owner,
            contact: join.contact,
            proof: asked.method,
            retention_days: join.retention_days,
            recheck_days: 7,
            link_only: asked.link_only,
            sensitive: asked.sensitive,
            areas: join.areas,
            newcomers: false,
            registered: now,
            state: NetworkState::Asked,
        };
        let known = self.store.network(network.id).await.map_err(failed)?;
        // One that the operator asked for on the owner's behalf waits for this.
        if known.is_some_and(|known| known.state != NetworkState::Asked) {
            return Err(OperationError::Refused(
                "This site is registered already: log in to change it.".to_owned(),
            ));
        }
        match self.store.put_network(&network, None).await {
            Ok(()) => {}
            Err(StoreError::SlugTaken { .. }) => {
                return Err(OperationError::Refused(
                    "Another site has just taken the short name that was meant for yours: agree once more, and you get the next one.".to_owned(),
                ));
            }
            Err(StoreError::Withdrawn { .. }) => {
                return Err(OperationError::Refused(
                    "This registration has left: begin again for a new token.".to_owned(),
                ));
            }
            Err(error) => return Err(failed(error)),
        }
        for source in sources {
            let source = Source::new(network.id, source.kind, source.url, source.options);
            self.store.put_source(&source, now).await.map_err(failed)?;
        }
        // Nobody joins without saying so.
        proof.members_told = true;
        self.grant(&network, asked.method, &proof, None, now)
            .await
            .map_err(failed)?;
        Ok(network.id)
    }
}

/// The account that a profile speaks for, where the proof is one: it is read from the account's own address, so that
/// nobody who may write on a page of a site speaks for more of it.
pub(super) fn account_of(asked: &Asked) -> Result<Option<DeclaredSource>, OperationError> {
    if asked.method != ProofMethod::Profile {
        return Ok(None);
    }
    let name = asked.address.path().strip_prefix("/@");
    if name.is_none_or(|name| name.is_empty() || name.contains(['/', '@'])) {
        return Err(OperationError::Refused(
            "a profile is proof for an account: begin again with its address, for example https://social.example/@name"
                .to_owned(),
        ));
    }
    let account = sample::chosen(SourceKind::Mastodon, asked.address.clone(), None);
    account.map(Some).map_err(failed)
}

fn preview_item(item: Judged) -> PreviewItem {
    let verdict = match item.verdict {
        Ok(post) => Verdict::Kept {
            excerpt: discover_model::conversation::excerpt(&post.text),
            title: post.title,
            redacted: post.redacted,
        },
        Err(refusal) => Verdict::Refused(refusal),
    };
    PreviewItem {
        url: item.url.to_string(),
        verdict,
    }
}
