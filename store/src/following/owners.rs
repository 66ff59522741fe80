//! Owners who are told of answers to what their network raised: follows that belong to a network and go with it.
//!
//! Contract: as every follow, a mailbox is asked first, and no text is kept for it. They stand under one key that nobody
//! holds, and end with every restored backup, since a copy does not know who left.

use discover_model::{FollowId, NetworkId};
use jiff::{SignedDuration, Timestamp};

use crate::database::{query, query_scalar};
use crate::following::about::{FollowAbout, NotMade, OWNERS};
use crate::following::deliveries::{self, Delivery, Replay};
use crate::following::follows::{self, Follow};
use crate::following::mail::{self, Every};
use crate::following::mailbox::Mailbox;
use crate::row::{count, hex, limit, maybe_time, micros, name, time};
use crate::{Store, StoreError, files, remains};

/// No key lasts longer than a year by itself; this one is renewed whenever an owner asks.
const LASTS: SignedDuration = SignedDuration::from_hours(24 * 36_500);

/// Where an owner wants to be told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum OwnerPlace {
    Webhook(String),
    /// Its reader is asked first.
    Mail(Mailbox, Every),
}

/// A place where an owner is told, and how it goes there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OwnerFollow {
    pub follow: Follow,
    /// When something last arrived.
    pub arrived: Option<Timestamp>,
    /// What is still to be sent, tried before or not.
    pub waiting: u64,
    pub given_up: u64,
    /// What failed and has not arrived since, latest first; the last five.
    pub failed: Vec<Delivery>,
    /// Before then nothing is sent there, nor a mail.
    pub not_before: Timestamp,
}

/// Failed deliveries that are listed of a place.
const FAILED: usize = 5;

impl Store {
    /// Has an owner told of answers, at `most` so many places of a network.
    pub async fn make_owner_follow(
        &self,
        network: NetworkId,
        place: &OwnerPlace,
        most: usize,
        now: Timestamp,
    ) -> Result<Result<Follow, NotMade>, StoreError> {
        let fresh = FollowId::from_bytes(files::random_id()?);
        let nobody = files::random()?;
        let bytes = network.to_bytes().to_vec();
        // Counted by network, without naming it.
        let counted = hex(&self.sub_key(&format!("mails asked by {network}"))[..8]);
        let mut writer = self.write().await?;
        let result = async {
            let connection = writer.connection();
            let there: Option<i64> = query_scalar(
                "SELECT 1 FROM networks WHERE network_id = ? AND state <> 'withdrawn'",
            )
            .bind(bytes.clone())
            .fetch_optional(&mut *connection)
            .await?;
            if there.is_none() {
                return Ok(Some(NotMade::Left));
            }
            let held: i64 = query_scalar("SELECT count(*) FROM follows WHERE network_id = ?")
                .bind(bytes.clone())
                .fetch_one(&mut *connection)
                .await?;
            if held >= limit(most) {
                return Ok(Some(NotMade::Full));
            }
            if let OwnerPlace::Mail(to, _) = place {
                let asked = self.asked(to, &counted);
                if let Some(again) = asked.barred(&mut *connection, now).await? {
                    return Ok(Some(NotMade::Asked { again }));
                }
                asked.count(&mut *connection, now).await?;
            }
            query(
                "INSERT INTO api_keys (key_id, sha256, holder, purpose, scopes, per_minute, made, expires)
                 VALUES (?1, ?2, '', '', '[]', 1, ?3, ?4)
                 ON CONFLICT (key_id) DO UPDATE SET expires = excluded.expires, revoked = 0",
            )
            .bind(OWNERS)
            .bind(nobody.to_vec())
            .bind(micros(now))
            .bind(micros(now + LASTS))
            .execute(&mut *connection)
            .await?;
            let webhook = match place {
                OwnerPlace::Webhook(address) => Some(address),
                OwnerPlace::Mail(..) => None,
            };
            query(
                "INSERT INTO follows (follow_id, key_id, search, webhook, made, began, seq, about, network_id)
                 VALUES (?, ?, '', ?, ?, 0, 0, ?, ?)",
            )
            .bind(fresh.to_bytes().to_vec())
            .bind(OWNERS)
            .bind(webhook)
            .bind(micros(now))
            .bind(name(FollowAbout::Answers))
            .bind(bytes)
            .execute(&mut *connection)
            .await?;
            if let OwnerPlace::Mail(to, every) = place {
                mail::ask(connection, fresh, to, *every, now).await?;
            }
            Ok(None)
        }
        .await;
        if let Some(not_made) = writer.finish(result).await? {
            return Ok(Err(not_made));
        }
        let made = self.follow(fresh).await?;
        // It may have left meanwhile, and its follows with it.
        Ok(made.ok_or(NotMade::Left))
    }

    /// Where the owner of a network is told and how it goes there, oldest first.
    pub async fn owner_places(&self, network: NetworkId) -> Result<Vec<OwnerFollow>, StoreError> {
        let mut places = Vec::new();
        for follow in self.owner_follows(network).await? {
            places.push(self.named(self.place_of(follow).await)?);
        }
        Ok(places)
    }

    async fn place_of(&self, follow: Follow) -> Result<OwnerFollow, StoreError> {
        let id = follow.id.to_bytes().to_vec();
        let sums = query(
            "SELECT max(d.ended) FILTER (WHERE d.state = 'delivered' AND d.event <> 'confirm') AS arrived,
               count(*) FILTER (WHERE d.state = 'pending' AND d.event <> 'confirm') AS waiting,
               count(*) FILTER (WHERE d.state = 'dead') AS given_up,
               max(max(f.held_until, CASE WHEN f.mail IS NULL THEN 0 ELSE coalesce(f.mail_next, 0) END)) AS not_before
             FROM follows f LEFT JOIN deliveries d USING (follow_id) WHERE f.follow_id = ?",
        )
        .bind(id.clone())
        .fetch_one(self.readers())
        .await?;
        let failed = query(
            "SELECT * FROM deliveries WHERE follow_id = ? AND said IS NOT NULL AND state IN ('pending', 'dead')
             ORDER BY delivery DESC LIMIT ?",
        )
        .bind(id)
        .bind(limit(FAILED))
        .fetch_all(self.readers())
        .await?;
        Ok(OwnerFollow {
            arrived: maybe_time(&sums, "arrived")?,
            waiting: count(&sums, "waiting")?,
            given_up: count(&sums, "given_up")?,
            not_before: match sums.try_get::<Option<i64>, _>("not_before")? {
                Some(_) => time(&sums, "not_before")?,
                None => Timestamp::UNIX_EPOCH,
            },
            failed: failed
                .iter()
                .map(deliveries::read)
                .collect::<Result<_, _>>()?,
            follow,
        })
    }

    /// Has what failed sent once more, to one place of a network or to all, and takes up again what the receiver had ended;
    /// how much that is. A mailbox that has not said yes is asked no second time by it. `None` where there is no such place.
    pub async fn replay_owner_follows(
        &self,
        network: NetworkId,
        place: Option<FollowId>,
        now: Timestamp,
    ) -> Result<Option<u64>, StoreError> {
        let mut queued = place.is_none().then_some(0);
        for follow in self.owner_follows(network).await? {
            let asked = follow
                .mail
                .as_ref()
                .is_some_and(|mail| mail.confirmed.is_none());
            if asked || place.is_some_and(|id| id != follow.id) {
                continue;
            }
            let more = self
                .replay_deliveries(follow.id, Replay::Failed, now)
                .await?;
            queued = Some(queued.unwrap_or_default() + more.unwrap_or_default());
        }
        Ok(queued)
    }

    /// Where the owner of a network is told, oldest first.
    pub async fn owner_follows(&self, network: NetworkId) -> Result<Vec<Follow>, StoreError> {
        let rows = query("SELECT * FROM follows WHERE network_id = ? ORDER BY made, follow_id")
            .bind(network.to_bytes().to_vec())
            .fetch_all(self.readers())
            .await
            .map_err(StoreError::from);
        self.named(rows)?.iter().map(follows::read).collect()
    }

    /// Tells the owner there no more; `false` where the network has no such place.
    pub async fn drop_owner_follow(
        &self,
        id: FollowId,
        network: NetworkId,
    ) -> Result<bool, StoreError> {
        let mut writer = self.write().await?;
        let result = async {
            let done = query("DELETE FROM follows WHERE follow_id = ? AND network_id = ?")
                .bind(id.to_bytes().to_vec())
                .bind(network.to_bytes().to_vec())
                .execute(writer.connection())
                .await?;
            if done.rows_affected() > 0 {
                remains::forget(writer.connection()).await?;
            }
            Ok(done.rows_affected() > 0)
        }
        .await;
        writer.finish(result).await
    }
}
