//! The frontier: whose turn it is, leases, and how the sources are doing.

use discover_model::{NetworkId, SourceId};
use jiff::civil::Date;
use jiff::{SignedDuration, Timestamp};

use crate::consent::registry;
use crate::database::{Connection, Pool, query, query_scalar};
use crate::row::{bad, count, id, maybe_time, micros, moment, time};
use crate::{Due, Finished, SourceHealth, Store, StoreError, VisitDay, Writer};

/// How long a source is one worker's. Every commit of its visit starts the time anew.
pub(crate) const LEASE: SignedDuration = SignedDuration::from_mins(30);

/// Sources that may be visited at ?1: of a network that is not paused, lapsed or withdrawn and has a live grant,
/// not leased, and not uploaded.
const VISITABLE: &str = "f.stopped = 0
  AND NOT EXISTS (SELECT 1 FROM sources u WHERE u.source_id = f.source_id AND u.kind = 'notes')
  AND (f.claimed_until IS NULL OR f.claimed_until <= ?1)
  AND EXISTS (SELECT 1 FROM networks n
        WHERE n.network_id = f.network_id AND n.state NOT IN ('paused', 'lapsed', 'withdrawn'))
  AND EXISTS (SELECT 1 FROM grants g
        WHERE g.network_id = f.network_id AND g.state = 'live' AND g.expires > ?1)";

impl Store {
    /// Leases the sources whose turn has come, longest due first.
    pub async fn due(&self, now: Timestamp, limit: usize) -> Result<Vec<Due>, StoreError> {
        self.lease(now, now, limit).await
    }

    /// Leases sources whether or not their turn has come.
    pub async fn due_forced(&self, now: Timestamp, limit: usize) -> Result<Vec<Due>, StoreError> {
        self.lease(now, Timestamp::MAX, limit).await
    }

    async fn lease(
        &self,
        now: Timestamp,
        due_by: Timestamp,
        limit: usize,
    ) -> Result<Vec<Due>, StoreError> {
        let mut writer = self.write().await?;
        let result = lease(&mut writer, now, due_by, limit).await;
        writer.finish(result).await
    }

    /// When the next source can be leased; sources that may not be visited do not count.
    pub async fn next_due(&self, now: Timestamp) -> Result<Option<Timestamp>, StoreError> {
        self.named(next_due(self.readers(), now).await)
    }

    /// Ends all leases: for the start of the only process that crawls, so that a crash delays nothing.
    pub async fn release_leases(&self) -> Result<(), StoreError> {
        let mut writer = self.write().await?;
        let result = query(
            "UPDATE frontier SET claimed_until = NULL, fence = fence + 1 WHERE claimed_until IS NOT NULL",
        )
        .execute(writer.connection())
        .await
        .map(|_| ())
        .map_err(StoreError::from);
        writer.finish(result).await
    }

    /// Brings a source's next visit forward to now, but no sooner than `rest` after the last one. A source that is due
    /// earlier, or stopped, stays as it is.
    pub async fn bring_forward(
        &self,
        source: SourceId,
        rest: SignedDuration,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let mut writer = self.write().await?;
        let result = query(
            "UPDATE frontier SET next_due = min(next_due, max(?1, coalesce(last_fetch + ?2, ?1)))
             WHERE source_id = ?3 AND stopped = 0",
        )
        .bind(micros(now))
        .bind(i64::try_from(rest.as_micros()).unwrap_or(i64::MAX))
        .bind(source.to_bytes().to_vec())
        .execute(writer.connection())
        .await
        .map(|_| ())
        .map_err(StoreError::from);
        writer.finish(result).await
    }

    /// Whether a source is here to be visited: not stopped, and of a network that has not left.
    pub async fn follows(&self, source: SourceId) -> Result<bool, StoreError> {
        let found: Option<i64> = self.named(
            query_scalar(
                "SELECT 1 FROM frontier f JOIN networks n ON n.network_id = f.network_id
                 WHERE f.source_id = ? AND f.stopped = 0 AND n.state <> 'withdrawn'",
            )
            .bind(source.to_bytes().to_vec())
            .fetch_optional(self.readers())
            .await
            .map_err(StoreError::from),
        )?;
        Ok(found.is_some())
    }

    /// Sets a source's next visit.
    pub async fn set_due(&self, source: SourceId, due: Timestamp) -> Result<(), StoreError> {
        let mut writer = self.write().await?;
        let result = query("UPDATE frontier SET next_due = ? WHERE source_id = ?")
            .bind(micros(due))
            .bind(source.to_bytes().to_vec())
            .execute(writer.connection())
            .await
            .map(|_| ())
            .map_err(StoreError::from);
        writer.finish(result).await
    }

    /// How every source is doing, by network and address.
    pub async fn all_sources_health(&self) -> Result<Vec<SourceHealth>, StoreError> {
        self.named(health(self.readers()).await)
    }

    /// The days of visits that break the even row of visits that went well, for every network that is live and shown:
    /// its first and last day, days on which no source could be read, the day after such a day, and the day after a
    /// hole of more than `hole` days without any visit. By network, then by day.
    pub async fn visits(&self, hole: u32) -> Result<Vec<VisitDay>, StoreError> {
        self.named(visits(self.readers(), hole).await)
    }
}

async fn lease(
    writer: &mut Writer<'_>,
    now: Timestamp,
    due_by: Timestamp,
    limit: usize,
) -> Result<Vec<Due>, StoreError> {
    let sql = format!(
        "SELECT s.*, f.state, f.next_due, f.fence FROM frontier f JOIN sources s ON s.source_id = f.source_id
         WHERE f.next_due <= ?2 AND {VISITABLE} ORDER BY f.next_due, f.source_id LIMIT ?3"
    );
    let rows = query(sqlx::AssertSqlSafe(sql))
        .bind(micros(now))
        .bind(micros(due_by))
        .bind(crate::row::limit(limit))
        .fetch_all(writer.connection())
        .await?;
    let mut leased = Vec::with_capacity(rows.len());
    for row in &rows {
        leased.push(Due {
            source: registry::read_source(row)?,
            state_json: row.try_get("state")?,
            next_due: time(row, "next_due")?,
            left: row.try_get::<Option<&str>, _>("declared")? == Some("left"),
            fence: count(row, "fence")? + 1,
        });
    }
    query(
        "UPDATE frontier SET claimed_until = ?, fence = fence + 1
         WHERE source_id IN (SELECT unhex(value) FROM json_each(?))",
    )
    .bind(micros(until(now)))
    .bind(crate::row::id_list(
        leased.iter().map(|due| due.source.id.to_bytes()),
    ))
    .execute(writer.connection())
    .await?;
    Ok(leased)
}

fn until(now: Timestamp) -> Timestamp {
    now.checked_add(LEASE).unwrap_or(Timestamp::MAX)
}

/// Checks the lease of a commit, and that the source is one that may be written to. `false`: it is stopped.
pub(crate) async fn check(
    connection: &mut Connection,
    source: SourceId,
    fence: Option<u64>,
) -> Result<bool, StoreError> {
    let row = query("SELECT stopped, fence FROM frontier WHERE source_id = ?")
        .bind(source.to_bytes().to_vec())
        .fetch_optional(connection)
        .await?
        .ok_or_else(|| StoreError::NotFound {
            what: "source",
            id: source.to_string(),
        })?;
    if fence.is_some_and(|fence| count(&row, "fence").is_ok_and(|current| current != fence)) {
        return Err(StoreError::LeaseLost { source_id: source });
    }
    Ok(row.try_get::<i64, _>("stopped")? == 0)
}

/// Stores what the crawler must remember; prolongs the lease, or ends it with the visit.
pub(crate) async fn remember(
    connection: &mut Connection,
    source: &discover_model::Source,
    state_json: Option<&str>,
    finish: Option<&Finished>,
    day: Option<Date>,
    now: Timestamp,
) -> Result<(), StoreError> {
    let key = source.id.to_bytes().to_vec();
    let Some(finish) = finish else {
        query(
            "UPDATE frontier SET state = coalesce(?1, state),
               claimed_until = CASE WHEN claimed_until IS NULL THEN NULL ELSE ?2 END
             WHERE source_id = ?3",
        )
        .bind(state_json)
        .bind(micros(until(now)))
        .bind(key)
        .execute(&mut *connection)
        .await?;
        return Ok(());
    };
    query(
        "UPDATE frontier SET state = coalesce(?1, state), next_due = ?2, health = ?3, last_fetch = ?4,
           claimed_until = NULL, last_ok = CASE WHEN ?5 = 1 THEN ?4 ELSE last_ok END,
           failures = CASE WHEN ?5 = 1 THEN 0 ELSE failures + 1 END
         WHERE source_id = ?6",
    )
    .bind(state_json)
    .bind(micros(finish.next_due))
    .bind(&finish.health_json)
    .bind(micros(finish.fetched_at))
    .bind(finish.ok)
    .bind(key.clone())
    .execute(&mut *connection)
    .await?;
    if let Some(day) = day {
        query(
            "INSERT INTO source_days (source_id, day, network_id, ok, failed) VALUES (?1, ?2, ?3, ?4, 1 - ?4)
             ON CONFLICT (source_id, day) DO UPDATE SET ok = source_days.ok + excluded.ok,
               failed = source_days.failed + excluded.failed",
        )
        .bind(key)
        .bind(day.to_string())
        .bind(source.network.to_bytes().to_vec())
        .bind(i64::from(finish.ok))
        .execute(&mut *connection)
        .await?;
    }
    Ok(())
}

async fn next_due(pool: &Pool, now: Timestamp) -> Result<Option<Timestamp>, StoreError> {
    // A leased source is due when its lease ends, if nobody ends it before.
    let due: Option<i64> = query_scalar(
        "SELECT min(max(f.next_due, coalesce(f.claimed_until, f.next_due))) FROM frontier f
         WHERE f.stopped = 0
           AND EXISTS (SELECT 1 FROM networks n
                 WHERE n.network_id = f.network_id AND n.state NOT IN ('paused', 'lapsed', 'withdrawn'))
           AND EXISTS (SELECT 1 FROM grants g
                 WHERE g.network_id = f.network_id AND g.state = 'live' AND g.expires > ?1)",
    )
    .bind(micros(now))
    .fetch_one(pool)
    .await?;
    due.map(|due| moment(due, "next_due")).transpose()
}

async fn health(pool: &Pool) -> Result<Vec<SourceHealth>, StoreError> {
    let rows = query(
        "SELECT f.* FROM frontier f JOIN sources s ON s.source_id = f.source_id
         ORDER BY f.network_id, s.url, f.source_id",
    )
    .fetch_all(pool)
    .await?;
    rows.iter()
        .map(|row| {
            Ok(SourceHealth {
                source: SourceId::from_bytes(id(row, "source_id")?),
                network: NetworkId::from_bytes(id(row, "network_id")?),
                last_fetch: maybe_time(row, "last_fetch")?,
                last_ok: maybe_time(row, "last_ok")?,
                next_due: time(row, "next_due")?,
                health_json: row.try_get("health")?,
                failures: u32::try_from(count(row, "failures")?).unwrap_or(u32::MAX),
                stopped: row.try_get::<i64, _>("stopped")? != 0,
            })
        })
        .collect()
}

async fn visits(pool: &Pool, hole: u32) -> Result<Vec<VisitDay>, StoreError> {
    let rows = query(
        "WITH days AS (
           SELECT d.network_id, d.day, CASE WHEN sum(d.ok) > 0 THEN 1 ELSE 0 END AS ok
           FROM source_days d JOIN networks n ON n.network_id = d.network_id
           WHERE n.state = 'live'
             AND NOT EXISTS (SELECT 1 FROM hides h WHERE h.kind = 'network' AND h.id = d.network_id)
           GROUP BY d.network_id, d.day),
         steps AS (
           SELECT network_id, day, ok, lag(day) OVER w AS before, lead(day) OVER w AS after, lag(ok) OVER w AS ok_before
           FROM days WINDOW w AS (PARTITION BY network_id ORDER BY day))
         SELECT network_id, day, before, ok FROM steps
         WHERE ok = 0 OR before IS NULL OR after IS NULL OR ok_before = 0
            OR julianday(day) - julianday(before) > ?1 + 1
         ORDER BY network_id, day",
    )
    .bind(i64::from(hole))
    .fetch_all(pool)
    .await?;
    rows.iter()
        .map(|row| {
            let parsed = |day: &str| day.parse().map_err(|_| bad("day", day));
            let before: Option<&str> = row.try_get("before")?;
            Ok(VisitDay {
                network: NetworkId::from_bytes(id(row, "network_id")?),
                day: parsed(row.try_get("day")?)?,
                before: before.map(parsed).transpose()?,
                ok: row.try_get::<i64, _>("ok")? != 0,
            })
        })
        .collect()
}
