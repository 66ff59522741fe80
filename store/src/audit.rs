//! The proof that every stored post has a valid grant, and the quiet renewal of what was seen.

use discover_model::Grant;
use jiff::Timestamp;

use crate::row::{count, micros};
use crate::{Store, StoreError};

/// What stands behind the stored posts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Audit {
    pub posts: u64,
    /// Neither a live grant nor a purge that is under way: never more than 0.
    pub without_grant: u64,
    /// Hidden, of networks that withdrew, lapsed or paused, or whose grant ended.
    pub hidden: u64,
}

impl Store {
    /// Counts stored posts by what stands behind them.
    pub async fn audit(&self, now: Timestamp) -> Result<Audit, StoreError> {
        let row = sqlx::query(
            "SELECT count(*) AS posts,
               count(*) FILTER (WHERE g.grant_id IS NULL OR g.network_id <> p.network_id) AS without_grant,
               count(*) FILTER (WHERE g.grant_id IS NOT NULL
                 AND (g.state <> 'live' OR g.expires <= ? OR n.state <> 'live')) AS hidden
             FROM posts p
             LEFT JOIN grants g ON g.grant_id = p.grant_id
             LEFT JOIN networks n ON n.network_id = p.network_id",
        )
        .bind(micros(now))
        .fetch_one(self.readers())
        .await
        .map_err(StoreError::from);
        let row = self.named(row)?;
        Ok(Audit {
            posts: count(&row, "posts")?,
            without_grant: count(&row, "without_grant")?,
            hidden: count(&row, "hidden")?,
        })
    }

    /// The proof was seen again and says the same: only its last sight and the expiry move on, without a ledger entry.
    pub async fn touch_grant(&self, grant: &Grant) -> Result<(), StoreError> {
        let mut writer = self.write().await?;
        let result = sqlx::query("UPDATE grants SET evidence_seen = ?, expires = ? WHERE grant_id = ? AND state = 'live'")
            .bind(micros(grant.evidence.seen))
            .bind(micros(grant.expires))
            .bind(grant.id.to_bytes().to_vec())
            .execute(writer.connection())
            .await
            .map(|_| ())
            .map_err(StoreError::from);
        writer.finish(result).await
    }
}
