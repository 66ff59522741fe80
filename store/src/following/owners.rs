//! Owners who are told of answers to what their network raised: follows that belong to a network and go with it.
//!
//! Contract: as every follow, a mailbox is asked first, and no text is kept for it. They stand under one key that nobody
//! holds, and end with every restored backup, since a copy does not know who left.

use discover_model::{FollowId, NetworkId};
use jiff::{SignedDuration, Timestamp};

use crate::database::{query, query_scalar};
use crate::following::about::{FollowAbout, NotMade, OWNERS};
use crate::following::follows::{self, Follow};
use crate::following::mail::{self, Every};
use crate::following::mailbox::Mailbox;
use crate::row::{hex, limit, micros, name};
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
