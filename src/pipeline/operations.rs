//! What the server asks for that needs the crawler or changes what is shown.

use std::future::Future;
use std::sync::{Arc, Weak};

use discover_crawler::frontier::FLOOR;
use discover_crawler::proof::{self, Checked, Elsewhere};
use discover_crawler::ssrf_guard;
use discover_crawler::websub::{Intent, Notice, Subscriber};
use discover_model::ledger::Actor;
use discover_model::proof::{ProofMethod, token};
use discover_server::operations::{
    Change, HubAsks, HubTells, Looked as Said, NonceAt, Operation, OperationError, Operations,
};

use super::consent::Looked;
use super::{Pipeline, fresh_id};

/// An operation of the pipeline. The server does not keep the pipeline alive.
fn operation<A, T, F, R>(pipeline: &Weak<Pipeline>, run: F) -> Operation<A, T>
where
    A: Send + 'static,
    T: Send + 'static,
    F: Fn(Arc<Pipeline>, A) -> R + Copy + Send + Sync + 'static,
    R: Future<Output = Result<T, OperationError>> + Send + 'static,
{
    let pipeline = pipeline.clone();
    Arc::new(move |asked| {
        let pipeline = pipeline.upgrade();
        Box::pin(async move {
            // What was begun is finished, whether or not whoever asked still waits.
            let done = tokio::spawn(run(pipeline.ok_or(OperationError::Closed)?, asked));
            done.await
                .map_err(|error| OperationError::Failed(error.to_string()))?
        })
    })
}

pub(super) fn failed(error: impl Into<anyhow::Error>) -> OperationError {
    OperationError::Failed(format!("{:#}", error.into()))
}

impl Pipeline {
    /// The operations of the serving process.
    pub(crate) fn operations(self: &Arc<Self>) -> Operations {
        let pipeline = Arc::downgrade(self);
        let tokens = self.store.clone();
        Operations {
            look_now: operation(&pipeline, |pipeline, network| async move {
                pipeline.may_ask()?;
                let looked = pipeline
                    .look_now(network, pipeline.config.now())
                    .await
                    .map_err(failed)?;
                Ok(match looked {
                    Looked::Stands => Said::Stands,
                    Looked::Missing => Said::Missing,
                    Looked::Withdrawn => Said::Withdrawn,
                    Looked::Unreachable => Said::Unreachable,
                    Looked::TooSoon => Said::TooSoon,
                    Looked::OnPaper => Said::OnPaper,
                })
            }),
            set: operation(&pipeline, |pipeline, change| async move {
                pipeline.set(change).await
            }),
            preview: operation(&pipeline, |pipeline, asked| async move {
                pipeline.may_ask()?;
                pipeline.preview(&asked).await
            }),
            join: operation(&pipeline, |pipeline, join| async move {
                pipeline.may_ask()?;
                pipeline.join(join).await
            }),
            terms: operation(&pipeline, |pipeline, thought| async move {
                pipeline.may_ask()?;
                Box::pin(pipeline.terms(&thought)).await
            }),
            settle: operation(&pipeline, |pipeline, settings| async move {
                pipeline.may_ask()?;
                pipeline.settle(settings).await?;
                pipeline.purge_soon();
                Ok(())
            }),
            bears_nonce: operation(&pipeline, |pipeline, at| async move {
                pipeline.may_ask()?;
                Ok(pipeline.bears_nonce(at).await)
            }),
            check_objection: operation(&pipeline, |pipeline, id| async move {
                pipeline.may_ask()?;
                pipeline
                    .check_objection(id, pipeline.config.now())
                    .await
                    .map_err(failed)
            }),
            upload: operation(&pipeline, |pipeline, asked| async move {
                pipeline.take_notes(&asked).await
            }),
            hub_asks: operation(&pipeline, |pipeline, asks: HubAsks| async move {
                let now = pipeline.config.now();
                if !pipeline.store.follows(asks.source).await.map_err(failed)? {
                    return Ok(None);
                }
                Ok(pipeline.fetcher.subscriber().and_then(|subscriber| {
                    let intent = Intent::from_query(&asks.query);
                    subscriber.intent(asks.source, &asks.token, &intent, now)
                }))
            }),
            hub_tells: operation(&pipeline, |pipeline, tells: HubTells| async move {
                pipeline.hear(&tells).await.map_err(failed)
            }),
            may_send_to: operation(&pipeline, |pipeline, url| async move {
                let webhook_client = pipeline.fetcher.webhook_client();
                webhook_client
                    .check(&url)
                    .map_err(|error| OperationError::Refused(error.to_string()))
            }),
            mails: self.config.mail.is_some(),
            digest_mails: self.config.digest_mails,
            alert_mails: self.config.alert_mails,
            token: Arc::new(move |network, subject| token(&tokens.proof_key(), network, subject)),
            fresh_id: Arc::new(fresh_id),
            random: Arc::new(random),
        }
    }

    /// From now on, feeds that declare a hub are heard through it. Only where hubs can reach us: this process serves,
    /// and under an address that leads here from elsewhere.
    pub(crate) fn subscribe_to_hubs(&self) -> anyhow::Result<()> {
        let base = self.config.base_url.join("websub/")?;
        if ssrf_guard::check_url(&base, self.config.crawl.allow_loopback).is_ok() {
            self.fetcher
                .subscribe_as(Subscriber::new(base, &self.store.instance_key()));
        }
        Ok(())
    }

    /// Whether there is such a callback. A notice that is rightly signed brings the source's next visit forward.
    async fn hear(&self, tells: &HubTells) -> anyhow::Result<bool> {
        let Some(subscriber) = self.fetcher.subscriber() else {
            return Ok(false);
        };
        // A hub ends the subscription of a source that is gone.
        if !self.store.follows(tells.source).await? {
            return Ok(false);
        }
        let signature = tells.signature.as_deref();
        let now = self.config.now();
        let notice = subscriber.notice(tells.source, &tells.token, signature, &tells.body, now);
        if let Notice::News(source) = notice {
            self.store.bring_forward(source, FLOOR, now).await?;
        }
        Ok(notice != Notice::Unknown)
    }

    /// Without a contact nobody's site is asked for anything.
    fn may_ask(&self) -> Result<(), OperationError> {
        if self.config.contact.is_some() {
            return Ok(());
        }
        Err(OperationError::Refused(
            "the operator has not said how to be reached, so this instance asks no site for anything"
                .to_owned(),
        ))
    }

    async fn set(self: Arc<Self>, change: Change) -> Result<(), OperationError> {
        let now = self.config.now();
        match change {
            Change::Pause(network) => self.pause(network, Actor::Owner, now).await.map_err(failed),
            Change::Resume(network) => self
                .resume(network, Actor::Owner, now)
                .await
                .map_err(failed),
            Change::Publish => {
                self.publish_visibility(self.store.visibility().await.map_err(failed)?);
                Ok(())
            }
            Change::Leave(what) => {
                let withdrawn = self.withdraw_what(&what, Actor::Owner, now).await;
                if withdrawn.map_err(failed)?.unsaved.is_some() {
                    return Err(OperationError::Unavailable(
                        "it is hidden everywhere now, but the disk of this instance could not take your withdrawal: it is tried again by itself and the operator is told; please come back and withdraw again if it is ever shown".to_owned(),
                    ));
                }
                self.purge_soon();
                Ok(())
            }
        }
    }

    /// What is to go is hidden already; the purge need not wait for its turn.
    fn purge_soon(self: Arc<Self>) {
        tokio::spawn(async move {
            if let Err(error) = self.purge(self.config.now()).await {
                tracing::error!("purge: {error:#}");
            }
        });
    }

    /// Whether the consent file bears the nonce, beside a right token: that of the origin, or that of the folder which is
    /// all that the network has proved there.
    async fn bears_nonce(&self, at: NonceAt) -> bool {
        let key = self.store.proof_key();
        let folder = at.subject.folder().map(|_| &at.subject);
        let checked = proof::check(
            &self.fetcher,
            at.network,
            at.subject.origin(),
            ProofMethod::WellKnown,
            Elsewhere {
                folder,
                ..Elsewhere::default()
            },
            &key,
            self.config.now(),
        )
        .await;
        match checked {
            Checked::Seen(proof) => proof.nonce.is_some_and(|nonce| nonce == at.nonce),
            _ => false,
        }
    }
}

/// Fresh key material from the operating system, as UUIDs draw it: 122 random bits each.
fn random() -> [u8; 32] {
    use sha2::{Digest, Sha256};
    let mut hasher = Sha256::new();
    for _ in 0..4 {
        hasher.update(uuid::Uuid::new_v4().as_bytes());
    }
    hasher.finalize().into()
}
