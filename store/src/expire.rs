//! Expiry by retention.

use std::collections::BTreeMap;

use discover_model::{NetworkId, Refusal};
use jiff::{SignedDuration, Timestamp};
use sqlx::Row;
use sqlx::sqlite::SqliteConnection;

use crate::row::{id, micros};
use crate::{Expired, Store, StoreError, changes, remove};

/// Posts removed in one transaction.
const PIECE: usize = 500;
const DAY: SignedDuration = SignedDuration::from_hours(24);

impl Store {
    /// Removes posts that are older than their network's retention (or that of their grant, where it is shorter),
    /// counted from when they were first seen; they do not come back with a stale copy.
    ///
    /// A clock that jumped ahead would empty the store: when more than a day has passed since the last run and more
    /// than a tenth of all posts would go, nothing is removed unless it is `confirmed`.
    pub async fn expire(&self, now: Timestamp, confirmed: bool) -> Result<Expired, StoreError> {
        let mut writer = self.write().await?;
        let result = plan(writer.connection(), now, confirmed).await;
        let due = writer.finish(result).await?;
        let mut expired = Expired::default();
        for (network, posts) in due {
            for piece in posts.chunks(PIECE) {
                let mut writer = self.write().await?;
                let result =
                    remove::remove(writer.connection(), network, piece, Refusal::TooOld, now).await;
                expired.posts += writer.finish(result).await?.posts;
            }
        }
        let mut writer = self.write().await?;
        let result = ran(writer.connection(), now).await;
        expired.seq = writer.finish(result).await?;
        Ok(expired)
    }
}

/// What is to go, by network.
async fn plan(
    connection: &mut SqliteConnection,
    now: Timestamp,
    confirmed: bool,
) -> Result<BTreeMap<NetworkId, Vec<i64>>, StoreError> {
    // In this order the index on grant and first seen answers, and no post's text is read.
    let rows = sqlx::query(
        "SELECT n.network_id, p.post FROM grants g
           CROSS JOIN networks n ON n.network_id = g.network_id
           CROSS JOIN posts p ON p.grant_id = g.grant_id
             AND p.first_seen < ?1 - min(g.retention_days, n.retention_days) * 86400000000",
    )
    .bind(micros(now))
    .fetch_all(&mut *connection)
    .await?;
    let mut due: BTreeMap<NetworkId, Vec<i64>> = BTreeMap::new();
    for row in &rows {
        due.entry(NetworkId::from_bytes(id(row, "network_id")?))
            .or_default()
            .push(row.try_get("post")?);
    }
    let posts = rows.len() as u64;
    if posts == 0 || confirmed {
        return Ok(due);
    }
    let of: i64 = sqlx::query_scalar("SELECT count(*) FROM posts")
        .fetch_one(&mut *connection)
        .await?;
    let of = of.max(0) as u64;
    let last: Option<i64> = sqlx::query_scalar("SELECT value FROM meta WHERE name = 'expired'")
        .fetch_optional(connection)
        .await?;
    let passed = SignedDuration::from_micros(micros(now) - last.unwrap_or(0));
    if passed > DAY && posts * 10 > of {
        return Err(StoreError::ClockJump {
            posts,
            of,
            days: passed.as_hours() / 24,
        });
    }
    Ok(due)
}

async fn ran(connection: &mut SqliteConnection, now: Timestamp) -> Result<u64, StoreError> {
    sqlx::query(
        "INSERT INTO meta (name, value) VALUES ('expired', ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value",
    )
    .bind(micros(now))
    .execute(&mut *connection)
    .await?;
    changes::last(connection).await
}
