//! Sources that are closed to visitors: hidden, shown again when they open, and erased when they stay closed. No
//! tombstone: this is no withdrawal, and what opens again is read again.

use discover_model::ledger::PartKind;
use discover_model::{NetworkId, Refusal, SourceId, Visibility};
use jiff::Timestamp;

use crate::consent::{partial_withdrawal, visibility};
use crate::database::{Connection, query, query_scalar};
use crate::posts::{gone, remove};
use crate::row::{id, number_list};
use crate::{Hide, Store, StoreError, change_log, receipts, remains};

/// Reason of a source that is closed for so long that what was kept of it is to be erased.
const ERASED: &str = "closed_for_long";
/// Posts deleted in one transaction.
const PIECE: usize = 500;

impl Store {
    /// Hides what is kept of a source that visitors cannot read.
    pub async fn hide_closed(
        &self,
        source: SourceId,
        now: Timestamp,
    ) -> Result<Visibility, StoreError> {
        self.hide(&Hide::Source(source), Refusal::Closed, now).await
    }

    /// Shows a source that was hidden because it was closed; nothing where it was not.
    pub async fn show_reopened(&self, source: SourceId) -> Result<Option<Visibility>, StoreError> {
        let mut writer = self.write().await?;
        let result = async {
            let network: Option<Vec<u8>> = query_scalar(
                "DELETE FROM hides WHERE kind = 'source' AND id = ? AND reason IN (?, ?) RETURNING network_id",
            )
            .bind(source.to_bytes().to_vec())
            .bind(Refusal::Closed.code())
            .bind(ERASED)
            .fetch_optional(writer.connection())
            .await?;
            let Some(network) = network.and_then(|bytes| bytes.try_into().ok()) else {
                return Ok(false);
            };
            change_log::touch_network(writer.connection(), NetworkId::from_bytes(network)).await?;
            visibility::next_generation(writer.connection()).await?;
            Ok(true)
        }
        .await;
        Ok(if writer.finish(result).await? {
            Some(self.visibility().await?)
        } else {
            None
        })
    }

    /// Sources that are hidden because they are closed, with what the crawler remembers of each.
    pub async fn closed_sources(&self) -> Result<Vec<(SourceId, String)>, StoreError> {
        let rows = query(
            "SELECT f.source_id, f.state FROM hides h JOIN frontier f ON f.source_id = h.id
             WHERE h.kind = 'source' AND h.reason = ? ORDER BY f.source_id",
        )
        .bind(Refusal::Closed.code())
        .fetch_all(self.readers())
        .await
        .map_err(StoreError::from);
        self.named(rows)?
            .iter()
            .map(|row| {
                Ok((
                    SourceId::from_bytes(id(row, "source_id")?),
                    row.try_get("state")?,
                ))
            })
            .collect()
    }

    /// Has the posts of a source that stayed closed erased by the next [`Store::erase`], with a receipt.
    pub async fn erase_closed(&self, source: SourceId) -> Result<(), StoreError> {
        let mut writer = self.write().await?;
        let result = query(
            "UPDATE hides SET reason = ?, purged = 0 WHERE kind = 'source' AND id = ? AND reason = ?",
        )
        .bind(ERASED)
        .bind(source.to_bytes().to_vec())
        .bind(Refusal::Closed.code())
        .execute(writer.connection())
        .await
        .map(|_| ())
        .map_err(StoreError::from);
        writer.finish(result).await
    }
}

/// Deletes a piece of what was kept of closed sources; `false` where nothing is left to delete.
pub(crate) async fn erase_step(
    connection: &mut Connection,
    key: &[u8; 32],
    now: Timestamp,
) -> Result<bool, StoreError> {
    let hide = query(
        "SELECT id, network_id FROM hides WHERE kind = 'source' AND reason = ? AND purged = 0
         ORDER BY network_id, id LIMIT 1",
    )
    .bind(ERASED)
    .fetch_optional(&mut *connection)
    .await?;
    let Some(hide) = hide else { return Ok(false) };
    let source: [u8; 16] = id(&hide, "id")?;
    let network = NetworkId::from_bytes(id(&hide, "network_id")?);
    let posts: Vec<i64> =
        query_scalar("SELECT post FROM posts WHERE source_id = ? ORDER BY post LIMIT ?")
            .bind(source.to_vec())
            .bind(crate::row::limit(PIECE))
            .fetch_all(&mut *connection)
            .await?;
    if posts.is_empty() {
        query("UPDATE hides SET purged = 1 WHERE kind = 'source' AND id = ?")
            .bind(source.to_vec())
            .execute(connection)
            .await?;
        return Ok(true);
    }
    let spoken_of = gone::spoken_of(connection, &posts).await?;
    if !spoken_of.is_empty() {
        // Hidden, or objected to: still so when it comes again, by whichever source.
        let list = number_list(spoken_of);
        gone::remember(connection, key, &list, None, now).await?;
    }
    let removed = remove::take_out(connection, network, &posts).await?;
    let part = partial_withdrawal::of(key, PartKind::Source, source);
    receipts::note(
        connection,
        network,
        Some(&part),
        removed.posts,
        &removed.emptied,
    )
    .await?;
    remains::set_scrub(connection, true).await?;
    Ok(true)
}
