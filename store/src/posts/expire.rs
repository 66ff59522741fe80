//! Expiry by retention.
//!
//! A clock that jumped ahead would empty the store, so a run that would take a large part of it after a long pause waits,
//! and so does one by a clock that is in doubt: for the operator's word, or for `WAITS` to pass. What is past its term is
//! hidden meanwhile.

use std::collections::BTreeMap;

use discover_model::{NetworkId, Refusal};
use jiff::{SignedDuration, Timestamp};

use crate::consent::visibility;
use crate::database::{Connection, query, query_scalar};
use crate::posts::remove;
use crate::row::{id, maybe_time, micros};
use crate::{Expired, ExpiryWait, Store, StoreError, change_log, clock};

/// Posts removed in one transaction.
const PIECE: usize = 500;
const DAY: SignedDuration = SignedDuration::from_hours(24);
/// How long an expiry waits for the operator's word; then what is past its term goes without it. Counted as processes run
/// ([`crate::clock`]): a clock that jumps again does not end it.
pub(crate) const WAITS: SignedDuration = SignedDuration::from_hours(7 * 24);

/// What an expiry run may do.
enum Plan {
    /// Posts to be removed, by network.
    Remove(BTreeMap<NetworkId, Vec<i64>>),
    Wait(StoreError),
}

/// Whether the clock by which posts expire is to be trusted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ExpiryClock {
    Trusted,
    /// Other clocks say otherwise: whatever is due waits.
    Doubted,
    /// The operator said that it is right: nothing waits.
    Confirmed,
}

impl Store {
    /// Removes posts that are older than their network's retention (or that of their grant, where it is shorter),
    /// counted from when they were first seen; they do not come back with a stale copy.
    ///
    /// When more than a day has passed since the last run and more than a tenth of all posts would go, or the clock is in
    /// doubt, nothing is removed unless it is confirmed or has waited for `WAITS`: it is hidden, and
    /// [`StoreError::ClockJump`] or [`StoreError::ClockDoubted`] says so. Publish [`Store::visibility`] anew after each
    /// run.
    pub async fn expire(&self, now: Timestamp, clock: ExpiryClock) -> Result<Expired, StoreError> {
        let mut writer = self.write().await?;
        let result = plan(writer.connection(), now, clock).await;
        let due = match writer.finish(result).await? {
            Plan::Remove(due) => due,
            Plan::Wait(reason) => return Err(reason),
        };
        let mut expired = Expired::default();
        for (network, posts) in due {
            for piece in posts.chunks(PIECE) {
                let mut writer = self.write().await?;
                let result = remove::remove(
                    writer.connection(),
                    None,
                    network,
                    piece,
                    Refusal::TooOld,
                    now,
                )
                .await;
                expired.posts += writer.finish(result).await?.posts;
            }
        }
        let mut writer = self.write().await?;
        let result = ran(writer.connection(), now).await;
        expired.seq = writer.finish(result).await?;
        Ok(expired)
    }

    /// The expiry that waits for the operator's word, if one does.
    pub async fn expiry_wait(&self) -> Result<Option<ExpiryWait>, StoreError> {
        let row = query(
            "SELECT (SELECT value FROM meta WHERE name = 'expiry_waits') AS since,
               (SELECT value FROM meta WHERE name = 'expiry_waits_lived') AS begun,
               coalesce((SELECT value FROM meta WHERE name = 'lived'), 0) AS lived,
               (SELECT count(*) FROM hides WHERE kind = 'post' AND reason = ?) AS posts",
        )
        .bind(Refusal::TooOld.code())
        .fetch_one(self.readers())
        .await
        .map_err(StoreError::from);
        let row = self.named(row)?;
        let lived: i64 = row.try_get("lived")?;
        let begun: Option<i64> = row.try_get("begun")?;
        let waited = SignedDuration::from_micros(lived - begun.unwrap_or(lived));
        Ok(maybe_time(&row, "since")?.map(|since| ExpiryWait {
            since,
            left: (WAITS - waited).max(SignedDuration::ZERO),
            posts: row.try_get::<i64, _>("posts").unwrap_or_default().max(0) as u64,
        }))
    }
}

/// What is to go, if it may.
async fn plan(
    connection: &mut Connection,
    now: Timestamp,
    clock: ExpiryClock,
) -> Result<Plan, StoreError> {
    // In this order the index on grant and first seen answers, and no post's text is read.
    let rows = query(
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
    if let Some(reason) = waits_for(connection, rows.len() as u64, clock, now).await? {
        hide_meanwhile(connection, &due, now).await?;
        return Ok(Plan::Wait(reason));
    }
    show_again(connection).await?;
    Ok(Plan::Remove(due))
}

/// Why so many posts wait, where they do. Notes since when they wait; not after they have waited long enough.
async fn waits_for(
    connection: &mut Connection,
    posts: u64,
    trust: ExpiryClock,
    now: Timestamp,
) -> Result<Option<StoreError>, StoreError> {
    if posts == 0 || trust == ExpiryClock::Confirmed {
        return Ok(None);
    }
    let of: i64 = query_scalar("SELECT count(*) FROM posts")
        .fetch_one(&mut *connection)
        .await?;
    let of = of.max(0) as u64;
    let passed =
        SignedDuration::from_micros(micros(now) - meta(connection, "expired").await?.unwrap_or(0));
    let doubted = trust == ExpiryClock::Doubted;
    if !doubted && (passed <= DAY || posts * 10 <= of) {
        return Ok(None);
    }
    let lived = clock::lived(&mut *connection).await?;
    match meta(connection, "expiry_waits_lived").await? {
        Some(since) if lived - since >= WAITS.as_micros() as i64 => return Ok(None),
        Some(_) => {}
        None => {
            query(
                "INSERT INTO meta (name, value) VALUES ('expiry_waits', ?), ('expiry_waits_lived', ?)
                 ON CONFLICT (name) DO UPDATE SET value = excluded.value",
            )
            .bind(micros(now))
            .bind(lived)
            .execute(connection)
            .await?;
        }
    }
    Ok(Some(if doubted {
        StoreError::ClockDoubted { posts }
    } else {
        StoreError::ClockJump {
            posts,
            of,
            days: passed.as_hours() / 24,
        }
    }))
}

async fn meta(connection: &mut Connection, name: &str) -> Result<Option<i64>, StoreError> {
    Ok(query_scalar("SELECT value FROM meta WHERE name = ?")
        .bind(name)
        .fetch_optional(connection)
        .await?)
}

/// Hides posts that are past their term and may not be removed yet.
async fn hide_meanwhile(
    connection: &mut Connection,
    due: &BTreeMap<NetworkId, Vec<i64>>,
    now: Timestamp,
) -> Result<(), StoreError> {
    let mut changed = 0;
    for posts in due.values() {
        let done = query(
            "INSERT INTO hides (kind, id, network_id, reason, at)
             SELECT 'post', post_id, network_id, ?, ? FROM posts
             WHERE post IN (SELECT value FROM json_each(?)) ON CONFLICT DO NOTHING",
        )
        .bind(Refusal::TooOld.code())
        .bind(micros(now))
        .bind(crate::row::number_list(posts.iter().copied()))
        .execute(&mut *connection)
        .await?;
        changed += done.rows_affected();
    }
    if changed > 0 {
        visibility::next_generation(connection).await?;
    }
    Ok(())
}

/// Ends the waiting: what was hidden for it goes now, or is not past its term by a clock that is right again.
async fn show_again(connection: &mut Connection) -> Result<(), StoreError> {
    let rows =
        query("DELETE FROM hides WHERE kind = 'post' AND reason = ? RETURNING network_id, id")
            .bind(Refusal::TooOld.code())
            .fetch_all(&mut *connection)
            .await?;
    if !rows.is_empty() {
        let mut networks = rows
            .iter()
            .map(|row| Ok(NetworkId::from_bytes(id(row, "network_id")?)))
            .collect::<Result<Vec<_>, StoreError>>()?;
        networks.sort_unstable();
        networks.dedup();
        for network in networks {
            visibility::hide_objected(connection, network, Timestamp::UNIX_EPOCH).await?;
            change_log::touch_network(connection, network).await?;
        }
        visibility::next_generation(connection).await?;
    }
    query("DELETE FROM meta WHERE name IN ('expiry_waits', 'expiry_waits_lived')")
        .execute(connection)
        .await?;
    Ok(())
}

async fn ran(connection: &mut Connection, now: Timestamp) -> Result<u64, StoreError> {
    query(
        "INSERT INTO meta (name, value) VALUES ('expired', ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value",
    )
    .bind(micros(now))
    .execute(&mut *connection)
    .await?;
    change_log::last(connection).await
}
