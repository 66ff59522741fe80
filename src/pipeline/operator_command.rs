//! What the operator orders on the host, through the control socket or with the lock in hand.

use std::sync::Arc;

use anyhow::Context;
use discover_model::TopicId;
use discover_model::ledger::Actor;
use discover_model::redaction::redact;
use discover_server::read::annotations;
use discover_store::{Decision, ExpiryClock, KeyScope, NewAnnotation, NewKey, ObjectionId};
use jiff::civil::Date;
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::{Add, NewNotes, Pipeline, SeenDocument, SyncRegistry, Upload};
use crate::settings::registry;

/// An order about one network, one objection or one key.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum OperatorCommand {
    Pause {
        network: String,
    },
    Resume {
        network: String,
    },
    Look {
        network: String,
    },
    OwnerKey {
        network: String,
    },
    Decide {
        objection: String,
        upheld: bool,
    },
    AddKey {
        holder: String,
        purpose: String,
        scopes: Vec<KeyScope>,
        per_minute: u32,
        days: u16,
    },
    RevokeKey {
        id: String,
    },
    EraseAnswer {
        number: u64,
        because: String,
    },
    Annotate {
        topic: TopicId,
        day: Option<Date>,
        text: String,
    },
    RemoveAnnotation {
        number: u64,
    },
    Add(Box<Add>),
    MakeNotes(Box<NewNotes>),
    RenewNotes {
        network: String,
        document: SeenDocument,
    },
    Upload(Box<Upload>),
    Sync(SyncRegistry),
    /// Lets an expiry go on that looked like a jump of the clock.
    Expire,
    /// Carries out withdrawals that wait for the store.
    Withdrawals,
}

impl Pipeline {
    /// Carries an order out; says what came of it.
    pub(crate) async fn carry_out(&self, order: &OperatorCommand) -> anyhow::Result<Value> {
        let now = self.config.now();
        match order {
            OperatorCommand::Pause { network } => {
                let network = self.network_named(network).await?;
                self.pause(network.id, Actor::Operator, now).await?;
                Ok(
                    json!({ "outcome": format!("{} is paused: hidden, and no longer read", network.slug) }),
                )
            }
            OperatorCommand::Resume { network } => {
                let network = self.network_named(network).await?;
                self.resume(network.id, Actor::Operator, now).await?;
                let state = self.network_named(&network.slug).await?.state;
                Ok(json!({ "outcome": format!("{} is {}", network.slug, state.as_str()) }))
            }
            OperatorCommand::Look { network } => {
                anyhow::ensure!(
                    self.config.contact.is_some(),
                    "no contact is set, so nothing is looked at: set it with --contact or `contact` in discover.toml"
                );
                let network = self.network_named(network).await?;
                let looked = self.look_now(network.id, now).await?;
                Ok(
                    json!({ "outcome": format!("{}: {}", network.slug, looked.words()), "looked": looked }),
                )
            }
            OperatorCommand::OwnerKey { network } => {
                let network = self.network_named(network).await?;
                let key = self.store.make_owner_key(network.id, now).await?;
                Ok(json!({ "outcome": key }))
            }
            OperatorCommand::AddKey {
                holder,
                purpose,
                scopes,
                per_minute,
                days,
            } => {
                let key = NewKey {
                    holder: public_words("--holder", holder, 120)?,
                    purpose: public_words("--purpose", purpose, 300)?,
                    scopes: scopes.clone(),
                    per_minute: *per_minute,
                    expires: now + SignedDuration::from_hours(24 * i64::from(*days)),
                };
                let key = self.store.make_analyst_key(&key, now).await?;
                Ok(json!({ "outcome": key }))
            }
            OperatorCommand::Add(add) => self.add(add, now).await,
            OperatorCommand::MakeNotes(new) => self.make_notes(new, now).await,
            OperatorCommand::RenewNotes { network, document } => {
                self.renew_notes(network, document, now).await
            }
            OperatorCommand::Upload(upload) => self.upload(upload).await,
            OperatorCommand::Sync(sync) => {
                let declared = registry::load(&self.config.sources)?;
                Ok(serde_json::to_value(
                    self.sync(&declared, sync, now).await?,
                )?)
            }
            OperatorCommand::Expire => {
                let posts = self.expire(now, ExpiryClock::Confirmed).await?;
                Ok(
                    json!({ "outcome": format!("{posts} posts were past their network's retention and are gone") }),
                )
            }
            OperatorCommand::Withdrawals => {
                Ok(json!({ "outcome": self.settle_withdrawals(now).await? }))
            }
            OperatorCommand::RevokeKey { id } => {
                self.store.revoke_analyst_key(id).await?;
                Ok(json!({ "outcome": format!("the key {id} opens nothing any more") }))
            }
            OperatorCommand::EraseAnswer { number, because } => {
                let because = redact(&public_words("--because", because, 200)?).text;
                self.store.erase_answer(*number, &because, now).await?;
                // The bytes go now, with whatever else is due.
                let bytes = match self.purge_or_tell(now).await {
                    Ok(_) => String::new(),
                    Err(reason) => format!(
                        "; its bytes lie in the files until the purge ends, which waits ({reason}) and goes on by itself"
                    ),
                };
                Ok(json!({ "outcome": format!("the text of answer {number} is erased{bytes}") }))
            }
            OperatorCommand::Annotate { topic, day, text } => {
                self.annotate(*topic, *day, text, now).await
            }
            OperatorCommand::RemoveAnnotation { number } => {
                let there = self.store.drop_annotation(*number, None).await?;
                anyhow::ensure!(there, "the operator has no note {number}");
                // The bytes go now, with whatever else is due.
                let bytes = match self.purge_or_tell(now).await {
                    Ok(_) => String::new(),
                    Err(reason) => format!(
                        "; its bytes lie in the files until the purge ends, which waits ({reason}) and goes on by itself"
                    ),
                };
                Ok(json!({ "outcome": format!("note {number} is gone{bytes}") }))
            }
            OperatorCommand::Decide { objection, upheld } => {
                let id: ObjectionId = objection
                    .parse()
                    .context("an objection's id has 26 characters of a-z and 2-7")?;
                let decision = if *upheld {
                    Decision::Upheld
                } else {
                    Decision::Dismissed
                };
                self.decide_objection(id, decision, now).await?;
                let outcome = if *upheld {
                    "upheld: the post is hidden for good and will be purged within the hour"
                } else {
                    "dismissed: the post is shown again"
                };
                Ok(json!({ "outcome": outcome }))
            }
        }
    }
}

impl Pipeline {
    /// Writes a note of the operator on a topic that is shown; where no topics are drawn here its id is taken as it is.
    async fn annotate(
        &self,
        topic: TopicId,
        day: Option<Date>,
        text: &str,
        now: Timestamp,
    ) -> anyhow::Result<Value> {
        let text = annotations::words(text).map_err(anyhow::Error::msg)?;
        let today = now.to_zoned(self.config.zone.clone()).date();
        let day = day.unwrap_or(today);
        anyhow::ensure!(day <= today, "{day} is still to come");
        let topics = Arc::clone(&self.published.load().topics);
        let known = topics.resolve(topic).filter(|topic| topic.shown);
        anyhow::ensure!(
            known.is_some() || topics.drawn == Date::ZERO,
            "no topic {topic} is shown"
        );
        let new = NewAnnotation {
            topic: known.map_or(topic, |known| known.id),
            network: None,
            day,
            text,
        };
        let ids = known.map_or(&[][..], |known| &known.aliases);
        let put = self
            .store
            .put_annotation(&new, ids, annotations::OF_THE_OPERATOR, now)
            .await?;
        let put = put.with_context(|| {
            format!(
                "there are {} notes of the operator on this topic: remove one first",
                annotations::OF_THE_OPERATOR
            )
        })?;
        Ok(json!({ "outcome": format!("note {} on {day}: {}", put.number, put.text) }))
    }
}

/// A line that will be shown to everybody.
fn public_words(option: &str, text: &str, most: usize) -> anyhow::Result<String> {
    let text = text.trim();
    let fits = (1..=most).contains(&text.chars().count()) && !text.chars().any(char::is_control);
    anyhow::ensure!(fits, "{option} must be one line of 1 to {most} characters");
    Ok(text.to_owned())
}
