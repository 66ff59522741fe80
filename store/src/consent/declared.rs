//! Sources that the registry file declares, and those that have left it: their posts stay until they expire, and nothing
//! new is read.

use std::collections::BTreeSet;

use discover_model::{Source, SourceId};

use crate::consent::registry;
use crate::database::query;
use crate::row::id_list;
use crate::{Store, StoreError};

/// Sources as the registry file declared them, before it is read again.
impl Store {
    /// Sources that were declared in the file and are not among `declared`.
    pub async fn no_longer_declared(
        &self,
        declared: &BTreeSet<SourceId>,
    ) -> Result<Vec<Source>, StoreError> {
        let rows = query(
            "SELECT * FROM sources WHERE declared = 'file'
               AND source_id NOT IN (SELECT unhex(value) FROM json_each(?))
             ORDER BY network_id, url, source_id",
        )
        .bind(id_list(declared.iter().map(|source| source.to_bytes())))
        .fetch_all(self.readers())
        .await
        .map_err(StoreError::from);
        self.named(rows)?
            .iter()
            .map(registry::read_source)
            .collect()
    }

    /// Sources that have left the file.
    pub async fn left_sources(&self) -> Result<Vec<Source>, StoreError> {
        let rows = query(
            "SELECT * FROM sources WHERE declared = 'left' ORDER BY network_id, url, source_id",
        )
        .fetch_all(self.readers())
        .await
        .map_err(StoreError::from);
        self.named(rows)?
            .iter()
            .map(registry::read_source)
            .collect()
    }

    /// Notes what the file declares now: these sources are read, what else it declared before is not read any more.
    pub async fn set_declared(&self, declared: &BTreeSet<SourceId>) -> Result<(), StoreError> {
        let list = id_list(declared.iter().map(|source| source.to_bytes()));
        let mut writer = self.write().await?;
        let result = async {
            for sql in [
                // What is back is read at once, and anew where it was erased.
                "UPDATE frontier SET next_due = 0, state = CASE WHEN EXISTS (SELECT 1 FROM hides h
                   WHERE h.kind = 'source' AND h.id = source_id AND h.reason = 'closed_for_long') THEN '{}' ELSE state END
                 WHERE source_id IN (SELECT source_id FROM sources
                   WHERE declared = 'left' AND source_id IN (SELECT unhex(value) FROM json_each(?)))",
                "UPDATE sources SET declared = 'file' WHERE source_id IN (SELECT unhex(value) FROM json_each(?))
                   AND declared IS DISTINCT FROM 'file'",
                "UPDATE sources SET declared = 'left' WHERE declared = 'file'
                   AND source_id NOT IN (SELECT unhex(value) FROM json_each(?))",
            ] {
                query(sql)
                    .bind(&list)
                    .execute(writer.connection())
                    .await?;
            }
            Ok(())
        }
        .await;
        writer.finish(result).await
    }

    /// Has the posts of a source that left the file erased by the next [`Store::erase`], with a receipt and no
    /// tombstone.
    pub async fn erase_left(
        &self,
        source: SourceId,
        now: jiff::Timestamp,
    ) -> Result<(), StoreError> {
        self.hide_closed(source, now).await?;
        self.erase_closed(source).await
    }
}
