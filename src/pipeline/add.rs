//! `discover sources add`: a registration step by step, by the operator at the owner's side, in the same order and by
//! the same means as on the web: address, proof, what was found, preview, choice, grant.

use anyhow::{Context, bail};
use discover_crawler::proof::Checked;
use discover_model::area::distinct;
use discover_model::network::NetworkState;
use discover_model::proof::{ProofMethod, ProofSubject, folder_placement, placement, token};
use discover_model::{Area, Network, Origin, SourceKind};
use discover_server::operations::{Asked, ChosenSource, Found, Join, Verdict};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use url::Url;

use super::{Pipeline, fresh_id};

/// What is to be registered.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Add {
    pub slug: String,
    pub address: Url,
    pub name: String,
    pub owner: String,
    pub contact: Option<String>,
    pub method: ProofMethod,
    pub retention_days: u16,
    pub link_only: bool,
    pub sensitive: bool,
    pub areas: Vec<Area>,
    /// Those that are read, of the ones that were found; empty for the best.
    pub sources: Vec<Url>,
    /// The owner saw the preview, told the members, and agrees.
    pub agreed: bool,
}

impl Pipeline {
    /// Goes as far as it can, and says what comes next. Nothing but the proof's address is asked before the proof is
    /// seen, and nothing is kept before the owner agreed but the name of who asked.
    pub(super) async fn add(&self, add: &Add, now: Timestamp) -> anyhow::Result<Value> {
        anyhow::ensure!(
            self.config.contact.is_some(),
            "no contact is set, so no site is asked for anything: set it with --contact or `contact` in discover.toml"
        );
        anyhow::ensure!(
            add.method != ProofMethod::Profile,
            "accounts are registered by their profile on the web, or in the registry"
        );
        let origin = Origin::of(&add.address)
            .with_context(|| format!("{} cannot be registered", add.address))?;
        let network = self.asked(add, now).await?;
        let asked = Asked {
            network: network.id,
            address: add.address.clone(),
            method: add.method,
            link_only: add.link_only,
            sensitive: add.sensitive,
        };
        let seen = match self.proof_of(&asked, now).await? {
            Checked::Seen(proof) if !proof.withdrawn => Ok(proof),
            Checked::Seen(_) => Err("it says that consent is withdrawn".to_owned()),
            Checked::Missing => Err("it is not there yet".to_owned()),
            Checked::Bad(error) => Err(error.to_string()),
            Checked::Unreachable(reason) => Err(format!("the site could not be reached: {reason}")),
        };
        let proof = match seen {
            Ok(proof) => proof,
            Err(trouble) => {
                let key = self.store.proof_key();
                let of_origin = token(&key, network.id, &origin);
                let (place, what) = placement(add.method, &origin, &add.address, &of_origin);
                let folder =
                    ProofSubject::folder_around(&origin, [&add.address]).and_then(|subject| {
                        let of_folder = token(&key, network.id, &subject);
                        folder_placement(add.method, &subject, &of_folder)
                    });
                return Ok(json!({
                    "step": "proof", "place": place, "what": what, "trouble": trouble,
                    "folder": folder.map(|(place, what)| json!({ "place": place, "what": what })),
                }));
            }
        };
        let found = self.found(&asked, &proof, now).await;
        let sources = choose(&found, &add.sources)?;
        if !add.agreed || sources.is_empty() {
            return Ok(preview(&found, &sources));
        }
        let join = Join {
            asked,
            slug: add.slug.clone(),
            name: add.name.clone(),
            owner: add.owner.clone(),
            contact: add.contact.clone(),
            retention_days: add.retention_days,
            areas: distinct(add.areas.clone())?,
            sources,
        };
        let id = self.join(join).await?;
        let key = self.store.make_owner_key(id, now).await?;
        Ok(json!({ "step": "live", "slug": add.slug, "owner_key": key }))
    }

    /// The network that asks, recorded so that its token stays the same from one step to the next.
    async fn asked(&self, add: &Add, now: Timestamp) -> anyhow::Result<Network> {
        let held = self.store.network_by_slug(&add.slug).await?;
        if let Some(held) = held {
            if held.state == NetworkState::Asked
                && self.store.sources(Some(held.id)).await?.is_empty()
            {
                return Ok(held);
            }
            bail!(
                "{:?} is registered already: the owner changes it in the owner's home",
                add.slug
            );
        }
        let network = Network {
            id: fresh_id(),
            slug: add.slug.clone(),
            name: add.name.clone(),
            owner: add.owner.clone(),
            contact: add.contact.clone(),
            proof: add.method,
            retention_days: add.retention_days,
            recheck_days: 7,
            link_only: add.link_only,
            sensitive: add.sensitive,
            areas: distinct(add.areas.clone())?,
            newcomers: false,
            registered: now,
            state: NetworkState::Asked,
        };
        self.store.put_network(&network, None).await?;
        Ok(network)
    }
}

/// Of what was found, what the owner named; else the best.
fn choose(found: &Found, named: &[Url]) -> anyhow::Result<Vec<ChosenSource>> {
    let wanted: Vec<_> = if named.is_empty() {
        found
            .sources
            .iter()
            .filter(|source| !source.side)
            .take(1)
            .collect()
    } else {
        for url in named {
            anyhow::ensure!(
                found.sources.iter().any(|source| source.url == *url),
                "{url} is not among what was found there"
            );
        }
        found
            .sources
            .iter()
            .filter(|source| named.contains(&source.url))
            .collect()
    };
    Ok(wanted
        .into_iter()
        .map(|source| ChosenSource {
            kind: source.kind,
            url: source.url.clone(),
            settings: source.settings.clone(),
        })
        .collect())
}

fn preview(found: &Found, chosen: &[ChosenSource]) -> Value {
    let line = |kind: SourceKind, url: &Url, settings: Option<&String>| {
        let mut line = json!({ "kind": kind.as_str(), "url": url });
        if let Some(settings) = settings {
            line["settings"] = json!(settings);
        }
        line
    };
    let items: Vec<Value> = found
        .items
        .iter()
        .map(|item| match &item.verdict {
            Verdict::Kept { title, excerpt, redacted } => json!({
                "url": item.url, "title": title, "excerpt": excerpt,
                "redacted": redacted.iter().map(|(kind, count)| format!("{count} {}", kind.as_str())).collect::<Vec<_>>(),
            }),
            Verdict::Refused(refusal) => json!({
                "url": item.url, "refused": refusal.code(), "reason": refusal.words(),
            }),
        })
        .collect();
    json!({
        "step": "preview",
        "scope": found.scope,
        "platform": found.platform,
        "notes": found.notes,
        "found": found.sources.iter().map(|source| line(source.kind, &source.url, source.settings.as_ref())).collect::<Vec<_>>(),
        "chosen": chosen.iter().map(|source| line(source.kind, &source.url, source.settings.as_ref())).collect::<Vec<_>>(),
        "items": items,
        "more": found.more,
        "trouble": found.trouble,
    })
}
