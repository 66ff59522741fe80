//! The queue of what follows are to be told, and what came of each.
//!
//! Contract: a delivery has one id for ever, whatever becomes of it and however often it is sent. An attempt is on record
//! before it is made ([`Store::claim_deliveries`]), so that a crash in the middle repeats it and loses nothing. Of one
//! follow, one delivery is under way at a time, the oldest that is due. What was called off is not sent.

use discover_model::{ConversationId, DeliveryId, FollowId, NetworkId};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::database::{Connection, On, Row, query, query_scalar};
use crate::files::random_id;
use crate::row::{bad, count, id, limit, maybe_id, maybe_time, micros, time, word};
use crate::{Store, StoreError};

/// What is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DeliveryEvent {
    /// A conversation fits.
    Found,
    /// One that was told must not be shown any more, or fits no more.
    Withdrawn,
    /// Nothing yet: whoever reads a mailbox is asked whether it wants to be told.
    Confirm,
    /// A warning, or that a topic is emerging, began.
    Begun,
    /// One that was told holds no more.
    Ended,
    /// A digest.
    Digest,
    /// Something that a digest named is not shown any more.
    Erratum,
    /// A body wrote what happened about a topic that the network raised.
    Answered,
    /// The text of an entry that was told is erased.
    AnswerErased,
}

impl DeliveryEvent {
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Found => "found",
            Self::Withdrawn => "withdrawn",
            Self::Confirm => "confirm",
            Self::Begun => "begun",
            Self::Ended => "ended",
            Self::Digest => "digest",
            Self::Erratum => "erratum",
            Self::Answered => "answered",
            Self::AnswerErased => "answer_erased",
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DeliveryState {
    Pending,
    Delivered,
    /// Given up; can be replayed.
    Dead,
    /// The conversation went before this was delivered.
    CalledOff,
}

impl DeliveryState {
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Pending => "pending",
            Self::Delivered => "delivered",
            Self::Dead => "dead",
            Self::CalledOff => "called_off",
        }
    }
}

/// What a delivery is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum DeliverySubject {
    Conversation(ConversationId),
    /// Number of a notice.
    Notice(u64),
    /// A digest, by the code of its period.
    Digest(String),
    /// Number of an entry of the answers.
    Answer(u64),
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Delivery {
    pub id: DeliveryId,
    /// Grows; the place in the list.
    pub number: u64,
    pub event: DeliveryEvent,
    /// A conversation is forgotten once it has gone and that was told.
    pub subject: Option<DeliverySubject>,
    pub state: DeliveryState,
    /// Since it was made, or replayed.
    pub attempts: u32,
    pub next_due: Timestamp,
    pub made: Timestamp,
    pub ended: Option<Timestamp>,
    /// What the last attempt came to.
    pub said: Option<String>,
}

/// A delivery whose next attempt is on record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Claimed {
    pub id: DeliveryId,
    pub follow: FollowId,
    pub event: DeliveryEvent,
    pub subject: DeliverySubject,
    /// This one included.
    pub attempts: u32,
    /// It was attempted before, in this run of attempts or an earlier one.
    pub sent: bool,
    /// Of the follow in a row, before this one.
    pub failures: u32,
    pub made: Timestamp,
    pub webhook: String,
    pub search: String,
    pub name: Option<String>,
    /// Whose owner is told, where it is an owner's.
    pub network: Option<NetworkId>,
}

impl Claimed {
    pub fn tried(&self) -> Tried {
        Tried {
            attempts: self.attempts,
            failures: self.failures,
            made: self.made,
        }
    }
}

/// How often and for how long something was tried.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Tried {
    /// This one included.
    pub attempts: u32,
    /// Of the follow in a row, before this one.
    pub failures: u32,
    /// When the oldest of it was made.
    pub made: Timestamp,
}

/// A delivery whose attempt came to something.
pub(crate) struct Settled {
    pub(crate) delivery: DeliveryId,
    pub(crate) event: DeliveryEvent,
    /// It was attempted before.
    pub(crate) sent: bool,
}

/// What an attempt came to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    Delivered,
    /// Nothing was sent, and it does not count: to be looked at again then.
    NotSent {
        again: Timestamp,
    },
    /// To be tried again then; where `hold` is set nothing is sent to the receiver before.
    Failed {
        said: String,
        again: Timestamp,
        hold: bool,
    },
    /// Given up.
    Dead {
        said: String,
    },
    /// Given up, and all others that waited since before `since` with it: the receiver cannot be reached.
    AllDead {
        said: String,
        since: Timestamp,
        again: Timestamp,
    },
    /// The receiver wants no more: nothing is sent until the follow is taken up again.
    Paused {
        said: String,
    },
}

/// What is to be sent once more.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Replay {
    /// All that was given up.
    Dead,
    /// All that failed: given up, or to be tried again later.
    Failed,
    /// That delivery and all after it, delivered or not.
    From(DeliveryId),
}

impl Store {
    /// After a start: what was under way when the process ended is due.
    pub async fn release_deliveries(&self) -> Result<(), StoreError> {
        let mut writer = self.write().await?;
        let result = query("UPDATE deliveries SET sending = 0 WHERE sending = 1")
            .execute(writer.connection())
            .await
            .map(|_| ())
            .map_err(StoreError::from);
        writer.finish(result).await
    }

    /// Takes the oldest delivery that is due of each follow with a webhook, of as many as `most`, those first that were
    /// served longest ago. The attempt counts from here on.
    pub async fn claim_deliveries(
        &self,
        now: Timestamp,
        most: usize,
    ) -> Result<Vec<Claimed>, StoreError> {
        // Looked for without the one writer: most of the time there is nothing.
        if self.named(due(self.readers(), now, 1).await)?.is_empty() {
            return Ok(Vec::new());
        }
        let mut writer = self.write().await?;
        let result = async {
            let rows = due(writer.connection(), now, most).await?;
            let mut claimed = Vec::with_capacity(rows.len());
            for row in &rows {
                query(
                    "UPDATE deliveries SET sending = 1, sent = 1, attempts = attempts + 1 WHERE delivery = ?",
                )
                .bind(row.try_get::<i64, _>("delivery")?)
                .execute(writer.connection())
                .await?;
                query("UPDATE follows SET tried = ? WHERE follow_id = ?")
                    .bind(micros(now))
                    .bind(id(row, "follow_id")?.to_vec())
                    .execute(writer.connection())
                    .await?;
                claimed.push(Claimed {
                    id: DeliveryId::from_bytes(id(row, "delivery_id")?),
                    follow: FollowId::from_bytes(id(row, "follow_id")?),
                    event: word(row, "event")?,
                    subject: subject(row)?.ok_or_else(|| bad("conversation_id", "nothing"))?,
                    attempts: number(row, "attempts")? + 1,
                    sent: row.try_get::<i64, _>("sent")? != 0,
                    failures: number(row, "failures")?,
                    made: time(row, "made")?,
                    webhook: row.try_get("webhook")?,
                    search: row.try_get("search")?,
                    name: row.try_get("name")?,
                    network: maybe_id(row, "network_id")?.map(NetworkId::from_bytes),
                });
            }
            Ok(claimed)
        }
        .await;
        writer.finish(result).await
    }

    /// Records what an attempt came to. What was called off meanwhile stays so.
    pub async fn settle_delivery(
        &self,
        claimed: &Claimed,
        outcome: &Outcome,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let mut writer = self.write().await?;
        let settled = Settled {
            delivery: claimed.id,
            event: claimed.event,
            sent: claimed.sent,
        };
        let result = async {
            settle_one(writer.connection(), &settled, outcome, now).await?;
            settle_follow(writer.connection(), claimed.follow, outcome, now).await
        }
        .await;
        writer.finish(result).await
    }

    /// Deliveries of a follow, latest first, before the one with number `before`; and how many there are in all.
    pub async fn deliveries(
        &self,
        follow: FollowId,
        before: Option<u64>,
        most: usize,
    ) -> Result<(Vec<Delivery>, u64), StoreError> {
        let read = async {
            let rows = query(
                "SELECT * FROM deliveries WHERE follow_id = ? AND delivery < ? ORDER BY delivery DESC LIMIT ?",
            )
            .bind(follow.to_bytes().to_vec())
            .bind(before.map_or(i64::MAX, |before| i64::try_from(before).unwrap_or(i64::MAX)))
            .bind(limit(most))
            .fetch_all(self.readers())
            .await?;
            let all: i64 = query_scalar("SELECT count(*) FROM deliveries WHERE follow_id = ?")
                .bind(follow.to_bytes().to_vec())
                .fetch_one(self.readers())
                .await?;
            let rows = rows.iter().map(read).collect::<Result<_, _>>()?;
            Ok((rows, all.unsigned_abs()))
        };
        self.named(read.await)
    }

    /// Has deliveries sent once more, with the ids they had, and takes a paused follow up again. What has gone meanwhile is
    /// not sent. `None` where the follow has no such delivery.
    pub async fn replay_deliveries(
        &self,
        follow: FollowId,
        what: Replay,
        now: Timestamp,
    ) -> Result<Option<u64>, StoreError> {
        let mut writer = self.write().await?;
        let result = async {
            let bytes = follow.to_bytes().to_vec();
            let first: Option<i64> = match what {
                Replay::Dead | Replay::Failed => Some(0),
                Replay::From(delivery) => query_scalar(
                    "SELECT delivery FROM deliveries WHERE follow_id = ? AND delivery_id = ?",
                )
                .bind(bytes.clone())
                .bind(delivery.to_bytes().to_vec())
                .fetch_optional(writer.connection())
                .await?,
            };
            let Some(first) = first else { return Ok(None) };
            let done = query(
                // A mail that was begun goes on as it was: one id names one mail.
                "UPDATE deliveries SET state = 'pending', attempts = 0, next_due = ?1, ended = NULL,
                   mail_id = CASE state WHEN 'pending' THEN mail_id END
                 WHERE follow_id = ?2 AND delivery >= ?3 AND sending = 0
                   AND (conversation_id IS NOT NULL OR notice IS NOT NULL OR digest IS NOT NULL OR answer IS NOT NULL)
                   AND (state = 'dead' OR ?4 = 1 AND state = 'delivered' OR ?5 = 1 AND state = 'pending' AND said IS NOT NULL)",
            )
            .bind(micros(now))
            .bind(bytes.clone())
            .bind(first)
            .bind(matches!(what, Replay::From(_)))
            .bind(what == Replay::Failed)
            .execute(writer.connection())
            .await?;
            query(
                "UPDATE follows SET failures = 0, held_until = 0,
                   paused = CASE WHEN coalesce(webhook, mail) IS NOT NULL AND paused LIKE 'receiver:%' THEN NULL ELSE paused END
                 WHERE follow_id = ?",
            )
            .bind(bytes)
            .execute(writer.connection())
            .await?;
            Ok(Some(done.rows_affected()))
        }
        .await;
        writer.finish(result).await
    }

    /// Forgets deliveries that ended before then.
    pub async fn forget_deliveries(&self, before: Timestamp) -> Result<u64, StoreError> {
        let mut writer = self.write().await?;
        let result = query("DELETE FROM deliveries WHERE ended < ? AND sending = 0")
            .bind(micros(before))
            .execute(writer.connection())
            .await
            .map(|done| done.rows_affected())
            .map_err(StoreError::from);
        writer.finish(result).await
    }
}

pub(crate) fn number(row: &Row, column: &str) -> Result<u32, StoreError> {
    let value = count(row, column)?;
    u32::try_from(value).map_err(|_| crate::row::bad(column, value))
}

pub(crate) fn subject(row: &Row) -> Result<Option<DeliverySubject>, StoreError> {
    if let Some(id) = maybe_id(row, "conversation_id")? {
        return Ok(Some(DeliverySubject::Conversation(
            ConversationId::from_bytes(id),
        )));
    }
    if let Some(notice) = row.try_get::<Option<i64>, _>("notice")? {
        return Ok(Some(DeliverySubject::Notice(notice.unsigned_abs())));
    }
    if let Some(answer) = row.try_get::<Option<i64>, _>("answer")? {
        return Ok(Some(DeliverySubject::Answer(answer.unsigned_abs())));
    }
    let digest: Option<String> = row.try_get("digest")?;
    Ok(digest.map(DeliverySubject::Digest))
}

pub(crate) fn read(row: &Row) -> Result<Delivery, StoreError> {
    Ok(Delivery {
        id: DeliveryId::from_bytes(id(row, "delivery_id")?),
        number: count(row, "delivery")?,
        event: word(row, "event")?,
        subject: subject(row)?,
        state: word(row, "state")?,
        attempts: number(row, "attempts")?,
        next_due: time(row, "next_due")?,
        made: time(row, "made")?,
        ended: maybe_time(row, "ended")?,
        said: row.try_get("said")?,
    })
}

async fn due<'a>(
    connection: impl Into<On<'a>> + Send,
    now: Timestamp,
    most: usize,
) -> Result<Vec<Row>, StoreError> {
    let rows = query(
        "SELECT d.*, f.webhook, f.search, f.name, f.failures, f.network_id FROM follows f
         JOIN deliveries d ON d.delivery = (
           SELECT p.delivery FROM deliveries p
           WHERE p.follow_id = f.follow_id AND p.state = 'pending' AND p.next_due <= ?1
             AND (p.conversation_id IS NOT NULL OR p.notice IS NOT NULL OR p.digest IS NOT NULL
               OR p.answer IS NOT NULL)
           ORDER BY p.delivery LIMIT 1)
         WHERE f.webhook IS NOT NULL AND f.paused IS NULL AND f.held_until <= ?1
           AND (f.network_id IS NULL OR f.network_id IN (SELECT network_id FROM networks WHERE state = 'live'))
           AND NOT EXISTS (SELECT 1 FROM deliveries s WHERE s.follow_id = f.follow_id AND s.sending = 1)
         ORDER BY f.tried, f.follow_id LIMIT ?2",
    )
    .bind(micros(now))
    .bind(limit(most))
    .fetch_all(connection)
    .await?;
    Ok(rows)
}

/// What became of a delivery. What was called off meanwhile stays so.
pub(crate) async fn settle_one(
    connection: &mut Connection,
    settled: &Settled,
    outcome: &Outcome,
    now: Timestamp,
) -> Result<(), StoreError> {
    let delivery = settled.delivery.to_bytes().to_vec();
    let (state, again, said) = match outcome {
        Outcome::Delivered => ("delivered", now, None),
        Outcome::NotSent { again } => ("pending", *again, None),
        Outcome::Failed { said, again, .. } => ("pending", *again, Some(said)),
        Outcome::Dead { said } | Outcome::AllDead { said, .. } => ("dead", now, Some(said)),
        Outcome::Paused { said } => ("pending", now, Some(said)),
    };
    query(
        "UPDATE deliveries SET sending = 0,
           attempts = attempts - ?1, sent = max(?7, 1 - ?1),
           state = CASE state WHEN 'pending' THEN ?2 ELSE state END,
           next_due = ?3, said = ?4,
           ended = CASE WHEN state = 'pending' AND ?2 <> 'pending' THEN ?5 ELSE ended END
         WHERE delivery_id = ?6",
    )
    .bind(i64::from(matches!(outcome, Outcome::NotSent { .. })))
    .bind(state)
    .bind(micros(again))
    .bind(said)
    .bind(micros(now))
    .bind(delivery.clone())
    .bind(i64::from(settled.sent))
    .execute(&mut *connection)
    .await?;
    if *outcome == Outcome::Delivered && settled.event == DeliveryEvent::Withdrawn {
        // Told: nothing is left to remember of it.
        query("UPDATE deliveries SET conversation_id = NULL WHERE delivery_id = ?")
            .bind(delivery)
            .execute(&mut *connection)
            .await?;
    }
    if *outcome == Outcome::Delivered && settled.event == DeliveryEvent::Answered {
        note_told(connection, settled.delivery, now).await?;
    }
    Ok(())
}

/// What an attempt means for what else its follow has waiting.
pub(crate) async fn settle_follow(
    connection: &mut Connection,
    follow: FollowId,
    outcome: &Outcome,
    now: Timestamp,
) -> Result<(), StoreError> {
    let follow = follow.to_bytes().to_vec();
    let (failed, held_until, paused) = match outcome {
        Outcome::Delivered => (Some(false), None, None),
        Outcome::NotSent { .. } => return Ok(()),
        Outcome::Failed { again, hold, .. } => (Some(true), hold.then_some(*again), None),
        // The receiver answers, and does not want this one.
        Outcome::Dead { .. } => (None, None, None),
        Outcome::AllDead { again, .. } => (Some(true), Some(*again), None),
        Outcome::Paused { said } => (None, None, Some(format!("receiver: {said}"))),
    };
    query(
        "UPDATE follows SET failures = CASE ?1 WHEN 0 THEN 0 WHEN 1 THEN failures + 1 ELSE failures END,
           held_until = coalesce(?2, held_until), paused = coalesce(?3, paused)
         WHERE follow_id = ?4",
    )
    .bind(failed)
    .bind(held_until.map(micros))
    .bind(paused)
    .bind(follow.clone())
    .execute(&mut *connection)
    .await?;
    if let Outcome::AllDead { said, since, .. } = outcome {
        query(
            "UPDATE deliveries SET state = 'dead', said = ?, ended = ? WHERE follow_id = ? AND state = 'pending' AND made < ?",
        )
        .bind(said)
        .bind(micros(now))
        .bind(follow)
        .bind(micros(*since))
        .execute(connection)
        .await?;
    }
    Ok(())
}

/// A delivery of an entry arrived: its network has been told.
async fn note_told(
    connection: &mut Connection,
    delivery: DeliveryId,
    now: Timestamp,
) -> Result<(), StoreError> {
    query(
        "UPDATE answer_networks SET told = coalesce(told, ?1) WHERE (seq, network_id) IN (
           SELECT d.answer, f.network_id FROM deliveries d JOIN follows f USING (follow_id) WHERE d.delivery_id = ?2)",
    )
    .bind(micros(now))
    .bind(delivery.to_bytes().to_vec())
    .execute(connection)
    .await?;
    Ok(())
}

pub(crate) async fn queue(
    connection: &mut Connection,
    follow: FollowId,
    event: DeliveryEvent,
    subject: Option<DeliverySubject>,
    due: Timestamp,
    now: Timestamp,
) -> Result<(), StoreError> {
    let (mut conversation, mut notice, mut digest, mut answer) = (None, None, None, None);
    match subject {
        None => {}
        Some(DeliverySubject::Conversation(id)) => conversation = Some(id.to_bytes().to_vec()),
        Some(DeliverySubject::Notice(number)) => notice = Some(number as i64),
        Some(DeliverySubject::Digest(code)) => digest = Some(code),
        Some(DeliverySubject::Answer(number)) => answer = Some(number as i64),
    }
    query(
        "INSERT INTO deliveries (delivery_id, follow_id, event, conversation_id, notice, digest, answer, state, next_due,
           made)
         VALUES (?, ?, ?, ?, ?, ?, ?, 'pending', ?, ?)",
    )
    .bind(random_id()?.to_vec())
    .bind(follow.to_bytes().to_vec())
    .bind(event.as_str())
    .bind(conversation)
    .bind(notice)
    .bind(digest)
    .bind(answer)
    .bind(micros(due))
    .bind(micros(now))
    .execute(connection)
    .await?;
    Ok(())
}

/// Of a conversation that has gone nothing more is sent, and its id is forgotten here.
pub(crate) async fn call_off(
    connection: &mut Connection,
    follow: FollowId,
    conversation: ConversationId,
    now: Timestamp,
) -> Result<(), StoreError> {
    query(
        "UPDATE deliveries SET conversation_id = NULL,
           ended = coalesce(ended, ?1),
           state = CASE state WHEN 'pending' THEN 'called_off' ELSE state END
         WHERE follow_id = ?2 AND conversation_id = ?3 AND event = 'found'",
    )
    .bind(micros(now))
    .bind(follow.to_bytes().to_vec())
    .bind(conversation.to_bytes().to_vec())
    .execute(connection)
    .await?;
    Ok(())
}
