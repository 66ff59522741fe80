//! What the store knows about the clock: the newest moments it has written down, and for how long it has been in doubt.
//!
//! What waits for a clock cannot be timed by it: one that was behind and then jumps ahead would end every waiting at once.
//! So time is counted here as it is lived through by processes that run, whatever day they think it is.

use std::time::Duration;

use jiff::{SignedDuration, Timestamp};

use crate::consent::ledger;
use crate::database::{Connection, Pool, query, query_scalar};
use crate::posts::frontier::LEASE;
use crate::row::micros;
use crate::{Store, StoreError};

/// What is further ahead than this was written by a clock that was wrong.
const AHEAD: SignedDuration = SignedDuration::from_hours(1);
/// No source rests longer: a week at most, and what is added to spread visits.
const LONGEST_REST: SignedDuration = SignedDuration::from_hours(8 * 24);
/// Between two processes so much counts at most: more says that the clock jumped as well as that nothing ran.
const LONGEST_GAP: SignedDuration = SignedDuration::from_hours(48);
const RAN: &str = "clock";
/// Microseconds lived through so far.
const LIVED: &str = "lived";
/// When that was last written down.
const LIVED_AT: &str = "lived_at";
/// What had been lived through when the doubt began.
const DOUBTED: &str = "clock_doubted_lived";

/// Moments that a clock can be held against.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct ClockRecord {
    /// When the newest entry of the ledger was written.
    pub newest_entry: Option<Timestamp>,
    /// When this was last recorded.
    pub ran: Option<Timestamp>,
    /// For how long the clock has been in doubt without a break, as processes ran.
    pub doubted: Option<SignedDuration>,
}

impl Store {
    pub async fn clock_record(&self) -> Result<ClockRecord, StoreError> {
        let result = async {
            Ok(ClockRecord {
                newest_entry: ledger::newest(self.readers()).await?,
                ran: moment(self.readers(), RAN).await?,
                doubted: match read_number(self.readers(), DOUBTED).await? {
                    Some(since) => {
                        let lived = read_number(self.readers(), LIVED).await?.unwrap_or(since);
                        Some(SignedDuration::from_micros(lived - since))
                    }
                    None => None,
                },
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
    ///
    /// `passed` is the time since this process last recorded it, by a clock that nobody sets; `None` the first time.
    pub async fn record_clock(
        &self,
        now: Timestamp,
        doubted: bool,
        passed: Option<Duration>,
    ) -> Result<u64, StoreError> {
        let mut writer = self.write().await?;
        let result = async {
            let connection = writer.connection();
            live(connection, now, passed).await?;
            record(connection, now, doubted).await
        }
        .await;
        writer.finish(result).await
    }
}

/// Counts the time that passed.
async fn live(
    connection: &mut Connection,
    now: Timestamp,
    passed: Option<Duration>,
) -> Result<(), StoreError> {
    let passed = match passed {
        Some(passed) => passed.as_micros() as i64,
        None => match number(&mut *connection, LIVED_AT).await? {
            Some(at) => (micros(now) - at).clamp(0, LONGEST_GAP.as_micros() as i64),
            None => 0,
        },
    };
    query(
        "INSERT INTO meta (name, value) VALUES (?1, ?2), (?3, ?4)
         ON CONFLICT (name) DO UPDATE SET value =
           CASE meta.name WHEN ?1 THEN meta.value + excluded.value ELSE excluded.value END",
    )
    .bind(LIVED)
    .bind(passed)
    .bind(LIVED_AT)
    .bind(micros(now))
    .execute(connection)
    .await?;
    Ok(())
}

/// Microseconds lived through so far.
pub(crate) async fn lived(connection: &mut Connection) -> Result<i64, StoreError> {
    Ok(number(connection, LIVED).await?.unwrap_or(0))
}

const NUMBER: &str = "SELECT value FROM meta WHERE name = ?";

async fn number(connection: &mut Connection, name: &str) -> Result<Option<i64>, StoreError> {
    Ok(query_scalar(NUMBER)
        .bind(name)
        .fetch_optional(connection)
        .await?)
}

async fn read_number(readers: &Pool, name: &str) -> Result<Option<i64>, StoreError> {
    Ok(query_scalar(NUMBER)
        .bind(name)
        .fetch_optional(readers)
        .await?)
}

async fn moment(readers: &Pool, name: &str) -> Result<Option<Timestamp>, StoreError> {
    let found = read_number(readers, name).await?;
    Ok(found.and_then(|micros| Timestamp::from_microsecond(micros).ok()))
}

async fn record(
    connection: &mut Connection,
    now: Timestamp,
    doubted: bool,
) -> Result<u64, StoreError> {
    let ran = number(&mut *connection, RAN).await?;
    let ahead = micros(now.saturating_add(AHEAD).unwrap_or(Timestamp::MAX));
    let mut mended = 0;
    if ran.is_some_and(|ran| ran > ahead) {
        mended = bring_back(connection, VISITS, now, ahead).await?;
        if !doubted {
            mended += bring_back(connection, ALL_ELSE, now, ahead).await?;
        }
    }
    if !doubted {
        query(
            "INSERT INTO meta (name, value) VALUES (?, ?)
             ON CONFLICT (name) DO UPDATE SET value = excluded.value",
        )
        .bind(RAN)
        .bind(micros(now))
        .execute(&mut *connection)
        .await?;
    }
    let sql = if doubted {
        "INSERT INTO meta (name, value) SELECT ?1, value FROM meta WHERE name = ?2
         ON CONFLICT (name) DO NOTHING"
    } else {
        "DELETE FROM meta WHERE name = ?1 AND ?2 IS NOT NULL"
    };
    query(sql)
        .bind(DOUBTED)
        .bind(LIVED)
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
    connection: &mut Connection,
    updates: &[&'static str],
    now: Timestamp,
    ahead: i64,
) -> Result<u64, StoreError> {
    let mut rows = 0;
    for sql in updates {
        rows += query(*sql)
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
