//! What the store knows about the clock: the newest moments it has written down, and since when the clock is in doubt.

use jiff::{SignedDuration, Timestamp};
use sqlx::sqlite::SqliteConnection;

use crate::consent::ledger;
use crate::posts::frontier::LEASE;
use crate::row::micros;
use crate::{Store, StoreError};

/// What is further ahead than this was written by a clock that was wrong.
const AHEAD: SignedDuration = SignedDuration::from_hours(1);
/// No source rests longer: a week at most, and what is added to spread visits.
const LONGEST_REST: SignedDuration = SignedDuration::from_hours(8 * 24);
const RAN: &str = "clock";
const DOUBTED: &str = "clock_doubted";

/// Moments that a clock can be held against.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct ClockRecord {
    /// When the newest entry of the ledger was written.
    pub newest_entry: Option<Timestamp>,
    /// When this was last recorded.
    pub ran: Option<Timestamp>,
    /// Since when the clock has been in doubt without a break.
    pub doubted: Option<Timestamp>,
}

impl Store {
    pub async fn clock_record(&self) -> Result<ClockRecord, StoreError> {
        let result = async {
            Ok(ClockRecord {
                newest_entry: ledger::newest(self.readers()).await?,
                ran: moment(self.readers(), RAN).await?,
                doubted: moment(self.readers(), DOUBTED).await?,
            })
        }
        .await;
        self.named(result)
    }

    /// Records the moment it is, where it is not in doubt. Where the clock has gone back since it was last recorded, visits
    /// and proofs that were put off until a moment that was never to come are due now, in doubt too, since they bring the
    /// word of the sites. All else that was written in the future (when a post was first seen, until when a consent
    /// lasts) is brought back by a clock that is trusted alone: one that is behind would make everything old. Returns how
    /// many rows that were.
    pub async fn record_clock(&self, now: Timestamp, doubted: bool) -> Result<u64, StoreError> {
        let mut writer = self.write().await?;
        let result = record(writer.connection(), now, doubted).await;
        writer.finish(result).await
    }
}

async fn moment(readers: &sqlx::SqlitePool, name: &str) -> Result<Option<Timestamp>, StoreError> {
    let found: Option<i64> = sqlx::query_scalar("SELECT value FROM meta WHERE name = ?")
        .bind(name)
        .fetch_optional(readers)
        .await?;
    Ok(found.and_then(|micros| Timestamp::from_microsecond(micros).ok()))
}

async fn record(
    connection: &mut SqliteConnection,
    now: Timestamp,
    doubted: bool,
) -> Result<u64, StoreError> {
    let ran: Option<i64> = sqlx::query_scalar("SELECT value FROM meta WHERE name = ?")
        .bind(RAN)
        .fetch_optional(&mut *connection)
        .await?;
    let ahead = micros(now.saturating_add(AHEAD).unwrap_or(Timestamp::MAX));
    let mut mended = 0;
    if ran.is_some_and(|ran| ran > ahead) {
        mended = bring_back(connection, VISITS, now, ahead).await?;
        if !doubted {
            mended += bring_back(connection, ALL_ELSE, now, ahead).await?;
        }
    }
    if !doubted {
        sqlx::query(
            "INSERT INTO meta (name, value) VALUES (?, ?)
             ON CONFLICT (name) DO UPDATE SET value = excluded.value",
        )
        .bind(RAN)
        .bind(micros(now))
        .execute(&mut *connection)
        .await?;
    }
    let sql = if doubted {
        // Begins anew where the clock went back behind the day on which the doubt began.
        "INSERT INTO meta (name, value) VALUES (?1, ?2)
         ON CONFLICT (name) DO UPDATE SET value = min(value, excluded.value)"
    } else {
        "DELETE FROM meta WHERE name = ?1"
    };
    sqlx::query(sql)
        .bind(DOUBTED)
        .bind(micros(now))
        .execute(&mut *connection)
        .await?;
    Ok(mended)
}

/// ?1 is now, ?2 what counts as ahead, ?3 the longest lease, ?4 the longest rest.
const VISITS: &[&str] = &[
    "UPDATE frontier SET next_due = ?1, last_fetch = min(last_fetch, ?1)
     WHERE last_fetch > ?2 OR next_due > ?1 + ?4",
    "UPDATE frontier SET claimed_until = NULL, fence = fence + 1 WHERE claimed_until > ?1 + ?3",
    "UPDATE looks SET last_look = ?1, next_look = ?1 WHERE last_look > ?2",
];

/// The same.
const ALL_ELSE: &[&str] = &[
    "UPDATE frontier SET last_ok = ?1 WHERE last_ok > ?2",
    // The consent lasts as long as it would have, had it been seen now.
    "UPDATE grants SET expires = ?1 + (expires - evidence_seen), evidence_seen = ?1
     WHERE evidence_seen > ?2",
    "UPDATE posts SET checked = ?1 WHERE checked > ?2",
    "UPDATE posts SET first_seen = ?1 WHERE first_seen > ?2",
    "UPDATE objections SET checked = ?1 WHERE checked > ?2",
    "UPDATE deliveries SET next_due = ?1, made = ?1 WHERE made > ?2",
    "UPDATE follows SET mail_next = ?1 WHERE tried > ?2",
    "UPDATE follows SET held_until = ?1, tried = ?1 WHERE tried > ?2",
    "UPDATE meta SET value = ?1 WHERE name IN ('expired', 'expiry_waits') AND value > ?2",
];

async fn bring_back(
    connection: &mut SqliteConnection,
    updates: &[&'static str],
    now: Timestamp,
    ahead: i64,
) -> Result<u64, StoreError> {
    let mut rows = 0;
    for sql in updates {
        rows += sqlx::query(*sql)
            .bind(micros(now))
            .bind(ahead)
            .bind(LEASE.as_micros() as i64)
            .bind(LONGEST_REST.as_micros() as i64)
            .execute(&mut *connection)
            .await?
            .rows_affected();
    }
    Ok(rows)
}
