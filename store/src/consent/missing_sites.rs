//! Sites that readers miss here, for the operator to write to their owners: hosts, counts and days, and nothing of any reader.
//!
//! A name says nothing about a site and gives no right to read it: what follows is a letter, written by a person.

use jiff::ToSpan;
use jiff::civil::Date;

use crate::database::query;
use crate::row::{count, parsed};
use crate::{Store, StoreError};

/// Days after which a site that nobody names any more is forgotten.
pub const MISSING_DAYS: i64 = 90;
/// Sites held at most.
const MOST: i64 = 2_000;

/// A site that was named.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MissingSite {
    pub host: String,
    pub times: u64,
    pub first: Date,
    pub last: Date,
}

fn oldest(today: Date) -> String {
    let oldest = today.checked_sub(MISSING_DAYS.days());
    oldest.unwrap_or(Date::MIN).to_string()
}

impl Store {
    /// Counts a host that a reader named; false where so many are held that no further one is taken.
    pub async fn note_missing_site(&self, host: &str, today: Date) -> Result<bool, StoreError> {
        let mut writer = self.write().await?;
        let result = async {
            let day = today.to_string();
            let done = query(
                "INSERT INTO missing_sites (host, times, first_day, last_day)
                 SELECT ?1, 1, ?2, ?2 WHERE EXISTS (SELECT 1 FROM missing_sites WHERE host = ?1)
                   OR (SELECT count(*) FROM missing_sites) < ?3
                 ON CONFLICT (host) DO UPDATE SET times = missing_sites.times + 1, last_day = excluded.last_day",
            )
            .bind(host)
            .bind(day)
            .bind(MOST)
            .execute(writer.connection())
            .await?;
            Ok(done.rows_affected() > 0)
        }
        .await;
        writer.finish(result).await
    }

    /// Forgets the sites that nobody has named for so long.
    pub async fn forget_missing_sites(&self, today: Date) -> Result<(), StoreError> {
        let mut writer = self.write().await?;
        let result = query("DELETE FROM missing_sites WHERE last_day < ?")
            .bind(oldest(today))
            .execute(writer.connection())
            .await
            .map(|_| ())
            .map_err(StoreError::from);
        writer.finish(result).await
    }

    /// Sites that readers miss, those named most often first.
    pub async fn missing_sites(&self, today: Date) -> Result<Vec<MissingSite>, StoreError> {
        let rows = query(
            "SELECT * FROM missing_sites WHERE last_day >= ? ORDER BY times DESC, last_day DESC, host",
        )
        .bind(oldest(today))
        .fetch_all(self.readers())
        .await
        .map_err(StoreError::from);
        self.named(rows)?
            .iter()
            .map(|row| {
                Ok(MissingSite {
                    host: row.try_get("host")?,
                    times: count(row, "times")?,
                    first: parsed(row, "first_day")?,
                    last: parsed(row, "last_day")?,
                })
            })
            .collect()
    }
}
