//! Looking again at kept posts: how many wait, and when each was looked at.

use discover_model::{PostId, SourceId};
use jiff::Timestamp;

use crate::database::query;
use crate::row::{count, id_list, micros};
use crate::{Store, StoreError};

impl Store {
    /// Kept posts of a source that were not looked at since `half`, and since `late` (the earlier of the two).
    pub async fn recheck_waiting(
        &self,
        source: SourceId,
        half: Timestamp,
        late: Timestamp,
    ) -> Result<(u64, u64), StoreError> {
        let row = query(
            "SELECT count(*) AS waiting, count(*) FILTER (WHERE checked < ?1) AS late FROM posts
             WHERE source_id = ?2 AND checked < ?3",
        )
        .bind(micros(late))
        .bind(source.to_bytes().to_vec())
        .bind(micros(half))
        .fetch_one(self.readers())
        .await
        .map_err(StoreError::from);
        let row = self.named(row)?;
        Ok((count(&row, "waiting")?, count(&row, "late")?))
    }

    /// Notes that posts of a source count as looked at `at` that time.
    pub async fn set_checked(
        &self,
        source: SourceId,
        posts: &[PostId],
        at: Timestamp,
    ) -> Result<(), StoreError> {
        if posts.is_empty() {
            return Ok(());
        }
        let mut writer = self.write().await?;
        let result = query(
            "UPDATE posts SET checked = ? WHERE source_id = ?
             AND post_id IN (SELECT unhex(value) FROM json_each(?))",
        )
        .bind(micros(at))
        .bind(source.to_bytes().to_vec())
        .bind(id_list(posts.iter().map(|post| post.to_bytes())))
        .execute(writer.connection())
        .await
        .map(|_| ())
        .map_err(StoreError::from);
        writer.finish(result).await
    }
}
