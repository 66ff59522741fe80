//! What the operator orders on the host, through the control socket or with the lock in hand.

use anyhow::Context;
use discover_model::ledger::Actor;
use discover_store::{Decision, ObjectionId};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::Pipeline;

/// An order about one network or one objection.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Order {
    Pause { network: String },
    Resume { network: String },
    Look { network: String },
    OwnerKey { network: String },
    Decide { objection: String, upheld: bool },
}

impl Pipeline {
    /// Carries an order out; says what came of it.
    pub(crate) async fn carry_out(&self, order: &Order) -> anyhow::Result<Value> {
        let now = self.config.now();
        match order {
            Order::Pause { network } => {
                let network = self.network_named(network).await?;
                self.pause(network.id, Actor::Operator, now).await?;
                Ok(
                    json!({ "said": format!("{} is paused: hidden, and no longer read", network.slug) }),
                )
            }
            Order::Resume { network } => {
                let network = self.network_named(network).await?;
                self.resume(network.id, Actor::Operator, now).await?;
                let state = self.network_named(&network.slug).await?.state;
                Ok(json!({ "said": format!("{} is {}", network.slug, state.as_str()) }))
            }
            Order::Look { network } => {
                anyhow::ensure!(
                    self.config.contact.is_some(),
                    "no contact is set, so nothing is looked at: set it with --contact or `contact` in discover.toml"
                );
                let network = self.network_named(network).await?;
                let looked = self.look_now(network.id, now).await?;
                Ok(
                    json!({ "said": format!("{}: {}", network.slug, looked.words()), "looked": looked }),
                )
            }
            Order::OwnerKey { network } => {
                let network = self.network_named(network).await?;
                let key = self.store.make_owner_key(network.id, now).await?;
                Ok(json!({ "said": key }))
            }
            Order::Decide { objection, upheld } => {
                let id: ObjectionId = objection
                    .parse()
                    .context("an objection's id has 26 characters of a-z and 2-7")?;
                let decision = if *upheld {
                    Decision::Upheld
                } else {
                    Decision::Dismissed
                };
                self.decide_objection(id, decision, now).await?;
                let said = if *upheld {
                    "upheld: the post is hidden for good and will be purged within the hour"
                } else {
                    "dismissed: the post is shown again"
                };
                Ok(json!({ "said": said }))
            }
        }
    }
}
