//! Notes of what was removed whose bytes lie in the files still.
//!
//! Contract: what was withdrawn is cleaned by the next purge; what expired, was deleted at its source or edited, within a day
//! and the next purge after it.

use jiff::{SignedDuration, Timestamp};

use crate::database::{Connection, query, query_scalar};
use crate::row::{maybe_time, micros};
use crate::{Store, StoreError};

/// How long bytes of posts that expired, were deleted at their source or edited may lie in the files. What was withdrawn
/// does not wait for this.
const REMAIN: SignedDuration = SignedDuration::from_hours(24);

/// Notes when files of a server were cleaned.
pub(crate) async fn note_cleaned(
    connection: &mut Connection,
    now: Timestamp,
) -> Result<(), StoreError> {
    query(
        "INSERT INTO meta (name, value) VALUES ('cleaned', ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value",
    )
    .bind(micros(now))
    .execute(connection)
    .await?;
    Ok(())
}

pub(crate) async fn set_scrub(connection: &mut Connection, on: bool) -> Result<(), StoreError> {
    query(
        "INSERT INTO meta (name, value) VALUES ('scrub', ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value",
    )
    .bind(on)
    .execute(connection)
    .await?;
    Ok(())
}

/// Has the files cleaned by the next [`Store::erase`] though nothing is erased that has a receipt. Counted, so that what goes
/// while they are cleaned is not overlooked.
pub(crate) async fn forget(connection: &mut Connection) -> Result<(), StoreError> {
    query(
        "INSERT INTO meta (name, value) VALUES ('forgotten', 1)
         ON CONFLICT (name) DO UPDATE SET value = meta.value + 1",
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// Notes that bytes of what was removed lie in the files, unless that is noted already.
pub(crate) async fn leave_remains(
    connection: &mut Connection,
    now: Timestamp,
) -> Result<(), StoreError> {
    query("INSERT INTO meta (name, value) VALUES ('remains', ?) ON CONFLICT DO NOTHING")
        .bind(micros(now))
        .execute(connection)
        .await?;
    Ok(())
}

impl Store {
    /// Since when bytes of posts that expired, were deleted at their source or edited lie in the files, where that is a day
    /// or longer: [`Store::erase`] cleans its own of them, whoever derives from it must clean the others, and then say so
    /// by [`Store::forget_remains`].
    pub async fn remains(&self, now: Timestamp) -> Result<Option<Timestamp>, StoreError> {
        let row = query("SELECT value FROM meta WHERE name = 'remains' AND abs(?1 - value) >= ?2")
            .bind(micros(now))
            .bind(REMAIN.as_micros() as i64)
            .fetch_optional(self.readers())
            .await
            .map_err(StoreError::from);
        match self.named(row)? {
            Some(row) => maybe_time(&row, "value"),
            None => Ok(None),
        }
    }

    /// Whether files of a server are due to be cleaned, whatever went: what is deleted is zeroed at once by SQLite alone.
    pub(crate) async fn is_daily_cleaning_due(&self, now: Timestamp) -> Result<bool, StoreError> {
        if self.inner.postgres.is_none() {
            return Ok(false);
        }
        let cleaned: Result<Option<i64>, _> =
            query_scalar("SELECT value FROM meta WHERE name = 'cleaned'")
                .fetch_optional(self.readers())
                .await;
        let cleaned = self.named(cleaned.map_err(StoreError::from))?;
        let since = |at: i64| (micros(now) - at).unsigned_abs();
        Ok(cleaned.is_none_or(|at| u128::from(since(at)) >= REMAIN.unsigned_abs().as_micros()))
    }

    /// No file holds any more what was removed up to now.
    pub async fn forget_remains(&self, since: Timestamp) -> Result<(), StoreError> {
        let mut writer = self.write().await?;
        let result = query("DELETE FROM meta WHERE name = 'remains' AND value = ?")
            .bind(micros(since))
            .execute(writer.connection())
            .await
            .map(|_| ())
            .map_err(StoreError::from);
        writer.finish(result).await
    }
}
