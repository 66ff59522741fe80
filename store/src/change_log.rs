//! The change log: one row for each conversation, at its latest change.

use discover_model::{ConversationId, NetworkId};

use crate::database::{Connection, Pool, query, query_scalar};
use crate::row::{count, id, id_list, number_list};
use crate::{Change, Store, StoreError};

impl Store {
    /// Changes after `after_seq`, oldest first. A conversation that changed again meanwhile stands only at its
    /// latest place, so a reader never does the same work twice.
    pub async fn changes(&self, after_seq: u64, limit: usize) -> Result<Vec<Change>, StoreError> {
        self.named(changes(self.readers(), after_seq, limit).await)
    }

    /// Number of the last change ever made; it never falls.
    pub async fn last_seq(&self) -> Result<u64, StoreError> {
        let seq = query_scalar::<i64>(LAST)
            .fetch_one(self.readers())
            .await
            .map_err(StoreError::from);
        self.named(seq).map(|seq| seq.max(0) as u64)
    }

    /// Up to where a reader of the log has come.
    pub async fn checkpoint(&self, name: &str) -> Result<Option<u64>, StoreError> {
        let seq: Result<Option<i64>, _> =
            query_scalar("SELECT seq FROM checkpoints WHERE name = ?")
                .bind(name)
                .fetch_optional(self.readers())
                .await;
        let seq = self.named(seq.map_err(StoreError::from))?;
        Ok(seq.map(|seq| seq.max(0) as u64))
    }

    pub async fn set_checkpoint(&self, name: &str, seq: u64) -> Result<(), StoreError> {
        let mut writer = self.write().await?;
        let result = query(
            "INSERT INTO checkpoints (name, seq) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET seq = excluded.seq",
        )
        .bind(name)
        .bind(seq as i64)
        .execute(writer.connection())
        .await
        .map(|_| ())
        .map_err(StoreError::from);
        writer.finish(result).await
    }
}

/// The row of the last change is never deleted: it is replaced by a later one of its conversation.
const LAST: &str = "SELECT coalesce(max(seq), 0) FROM changes";

pub(crate) async fn last(connection: &mut Connection) -> Result<u64, StoreError> {
    let seq: i64 = query_scalar(LAST).fetch_one(connection).await?;
    Ok(seq.max(0) as u64)
}

/// Logs that held conversations, by row number, must be read again.
pub(crate) async fn touch(
    connection: &mut Connection,
    conversations: impl IntoIterator<Item = i64>,
) -> Result<(), StoreError> {
    let list = number_list(conversations);
    if list == "[]" {
        return Ok(());
    }
    query(
        "INSERT OR REPLACE INTO changes (network_id, conversation_id, gone)
         SELECT network_id, conversation_id, 0 FROM conversations
         WHERE arrival IN (SELECT value FROM json_each(?)) ORDER BY arrival",
    )
    .bind(list)
    .execute(connection)
    .await?;
    Ok(())
}

/// Logs that everything held of a network must be read again: what was hidden is not in index and graph.
pub(crate) async fn touch_network(
    connection: &mut Connection,
    network: NetworkId,
) -> Result<(), StoreError> {
    query(
        "INSERT OR REPLACE INTO changes (network_id, conversation_id, gone)
         SELECT network_id, conversation_id, 0 FROM conversations WHERE network_id = ? ORDER BY arrival",
    )
    .bind(network.to_bytes().to_vec())
    .execute(connection)
    .await?;
    Ok(())
}

/// Logs that conversations are no more.
pub(crate) async fn gone(
    connection: &mut Connection,
    network: NetworkId,
    conversations: &[ConversationId],
) -> Result<(), StoreError> {
    if conversations.is_empty() {
        return Ok(());
    }
    query(
        "INSERT OR REPLACE INTO changes (network_id, conversation_id, gone)
         SELECT ?, unhex(value), 1 FROM json_each(?)",
    )
    .bind(network.to_bytes().to_vec())
    .bind(id_list(conversations.iter().map(|id| id.to_bytes())))
    .execute(connection)
    .await?;
    Ok(())
}

async fn changes(pool: &Pool, after: u64, limit: usize) -> Result<Vec<Change>, StoreError> {
    let rows = query(
        "SELECT seq, network_id, conversation_id, gone FROM changes WHERE seq > ? ORDER BY seq LIMIT ?",
    )
    .bind(i64::try_from(after).unwrap_or(i64::MAX))
    .bind(crate::row::limit(limit))
    .fetch_all(pool)
    .await?;
    rows.iter()
        .map(|row| {
            Ok(Change {
                seq: count(row, "seq")?,
                network: NetworkId::from_bytes(id(row, "network_id")?),
                conversation: ConversationId::from_bytes(id(row, "conversation_id")?),
                gone: row.try_get::<i64, _>("gone")? != 0,
            })
        })
        .collect()
}
