//! What an owner uploads: shown first, whole, as it would be kept, then kept.

use std::collections::HashMap;

use anyhow::Context;
use discover_crawler::notes::{self, Notes};
use discover_crawler::{Batch, Health, SourceState};
use discover_model::network::NetworkState;
use discover_model::{Admitted, Grant, Item, Network, Policy, Post, PostId, Source, gate};
use discover_server::operations::{self, Note, OperationError, Uploaded, Upsert, Verdict};
use discover_store::Finished;
use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::pipeline::admission::Admission;
use crate::pipeline::operations::failed;
use crate::pipeline::round::Round;
use crate::pipeline::{Pipeline, Readers};

/// Visits that never come.
pub(super) const NEVER: Timestamp = Timestamp::constant(253_370_764_800, 0);

/// What an owner uploads from the command line.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Upload {
    pub network: String,
    /// The owner's key.
    pub key: String,
    pub text: String,
    pub on: Option<Date>,
    /// The owner saw the preview and agrees.
    pub agreed: bool,
}

impl Pipeline {
    /// An upload from the command line, by whoever has the owner's key.
    pub(in crate::pipeline) async fn upload(&self, upload: &Upload) -> anyhow::Result<Value> {
        let known = self.store.network_by_slug(&upload.network).await?;
        let id = known.as_ref().map(|network| network.id);
        anyhow::ensure!(
            self.store.is_owner_key(id, &upload.key).await?,
            "this is not the key of the owner of {:?}: the owner has it, and `discover admin owner-key` gives a new one",
            upload.network
        );
        let network = known.context("there is no such network")?;
        let asked = operations::Upload {
            network: network.id,
            text: upload.text.clone(),
            on: upload.on,
            keep: upload.agreed,
        };
        let uploaded = self.take_notes(&asked).await?;
        let items: Vec<Value> = uploaded.items.iter().map(line).collect();
        let left_out: Vec<Value> = uploaded
            .left_out
            .iter()
            .map(|(from, to, why)| json!({ "from": from, "to": to, "why": why }))
            .collect();
        Ok(json!({
            "step": if upload.agreed { "kept" } else { "preview" }, "items": items, "left_out": left_out,
            "kept": uploaded.kept, "unchanged": uploaded.unchanged, "refused": uploaded.refused,
        }))
    }

    /// Shows what would be kept of an upload, or keeps it.
    pub(in crate::pipeline) async fn take_notes(
        &self,
        asked: &operations::Upload,
    ) -> Result<Uploaded, OperationError> {
        let now = self.config.now();
        let refused = |words: &str| OperationError::Refused(words.to_owned());
        let network = self.store.network(asked.network).await.map_err(failed)?;
        let network = network.ok_or_else(|| refused("the network has left"))?;
        if network.proof.has_place() {
            return Err(refused("the network has a site, and uploads nothing"));
        }
        let (source, _) = self.of_notes(&network).await.map_err(failed)?;
        let grant = self.store.grant_for(&source, now).await.map_err(failed)?;
        let grant = grant.filter(|_| network.state == NetworkState::Live);
        let grant = grant.ok_or_else(|| {
            refused(match network.state {
                NetworkState::Paused => "the network is paused: resume it first",
                _ => "consent has ended: the operator has to see a new document first",
            })
        })?;
        let secret = self.store.voice_key(network.id).await.map_err(failed)?;
        let read = notes::read(&source, &asked.text, asked.on, &self.config.zone, &secret);
        let Notes { items, left_out } = read.map_err(|error| {
            OperationError::Refused(format!("the text cannot be taken: {error}"))
        })?;
        let mut uploaded = Uploaded {
            items: self
                .looked_through(&network, &source, &grant, &items, now)
                .await
                .map_err(failed)?,
            left_out: left_out
                .into_iter()
                .map(|(from, to, why)| (from, to, why.words().to_owned()))
                .collect(),
            kept: 0,
            unchanged: 0,
            refused: 0,
        };
        if asked.keep {
            self.keep_notes(&network, &source, &grant, items, now, &mut uploaded)
                .await?;
        }
        Ok(uploaded)
    }

    /// What the gate says of each item, and what is held in its place.
    async fn looked_through(
        &self,
        network: &Network,
        source: &Source,
        grant: &Grant,
        items: &[Item],
        now: Timestamp,
    ) -> anyhow::Result<Vec<Note>> {
        let admission = Admission::load(&self.store, grant, source, Some(network)).await?;
        let policy = Policy {
            source,
            voice_key: admission.voice_key(),
            link_only: network.link_only,
            taken_back: admission.taken_back(),
        };
        let decided: Vec<_> = items
            .iter()
            .map(|item| gate::admit(grant, &policy, item.clone(), now))
            .collect();
        let posts = decided.iter().flatten().map(Admitted::get);
        let held = self.held(posts).await?;
        Ok(decided
            .into_iter()
            .map(|decided| match decided {
                // The whole text, for the page of the item will show the whole.
                Ok(post) => {
                    let post = post.into_inner();
                    Note {
                        upsert: held.get(&post.id).copied().unwrap_or(Upsert::Inserts),
                        verdict: Verdict::Kept {
                            title: post.title,
                            excerpt: post.text,
                            redacted: post.redacted,
                        },
                    }
                }
                Err(refusal) => Note {
                    upsert: Upsert::Inserts,
                    verdict: Verdict::Refused(refusal),
                },
            })
            .collect())
    }

    /// Those of the posts that are held, as they are or in other words.
    async fn held(
        &self,
        posts: impl Iterator<Item = &Post>,
    ) -> anyhow::Result<HashMap<PostId, Upsert>> {
        let mut held = HashMap::new();
        for post in posts {
            let Some(at) = self.store.post(post.id).await? else {
                continue;
            };
            let conversation = self.store.conversation(at.conversation).await?;
            let mut stored = conversation.into_iter().flat_map(|held| held.posts);
            let same = stored
                .find(|stored| stored.id == at.id)
                .is_some_and(|stored| {
                    stored.title == post.title
                        && stored.text == post.text
                        && stored.links == post.links
                });
            held.insert(
                post.id,
                if same {
                    Upsert::Unchanged
                } else {
                    Upsert::Replaces
                },
            );
        }
        Ok(held)
    }

    async fn keep_notes(
        &self,
        network: &Network,
        source: &Source,
        grant: &Grant,
        items: Vec<Item>,
        now: Timestamp,
        uploaded: &mut Uploaded,
    ) -> Result<(), OperationError> {
        let batch = Batch {
            items,
            gone: Vec::new(),
            missing: Vec::new(),
            state: SourceState::default(),
        };
        let mut admission = Admission::load(&self.store, grant, source, Some(network))
            .await
            .map_err(failed)?;
        let mut commit = admission
            .decide(&self.store, batch, now, &mut Round::default())
            .await
            .map_err(failed)?;
        let refused = commit.refusals.len() as u64;
        commit.state_json = None;
        commit.finish = Some(Finished {
            next_due: NEVER,
            health_json: serde_json::to_string(&Health::ok()).map_err(failed)?,
            fetched_at: now,
            ok: true,
        });
        let kept = self.store.commit(commit, now).await.map_err(failed)?;
        if kept.closed {
            return Err(OperationError::Refused(
                "consent ended meanwhile: nothing was kept".to_owned(),
            ));
        }
        if kept.visibility_changed {
            self.publish_visibility(self.store.visibility().await.map_err(failed)?);
        }
        if self.readers == Readers::None {
            self.catch_up().await.map_err(failed)?;
        }
        uploaded.kept = kept.stored + kept.updated;
        uploaded.unchanged = kept.unchanged;
        uploaded.refused = refused + kept.refused;
        Ok(())
    }
}

fn line(note: &Note) -> Value {
    match &note.verdict {
        Verdict::Kept {
            title,
            excerpt,
            redacted,
        } => json!({
            "title": title, "text": excerpt, "upsert": note.upsert.as_str(), "words": note.upsert.words(),
            "redacted": redacted.iter().map(|(kind, count)| format!("{count} {}", kind.as_str())).collect::<Vec<_>>(),
        }),
        Verdict::Refused(refusal) => json!({
            "refused": refusal.code(), "reason": refusal.words(),
        }),
    }
}
