//! How often conversations of a network were found, opened and exported: counts a day, and nothing of any reader.

use std::ops::AddAssign;

use discover_model::{ConversationId, NetworkId};
use jiff::ToSpan;
use jiff::civil::Date;

use crate::database::query;
use crate::row::{count, id, limit as bounded, parsed};
use crate::{Store, StoreError};

/// Days that are kept.
pub const USE_DAYS: i64 = 90;

/// Counts of one network and day.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Uses {
    /// Times that a conversation stood in an answer to a search.
    pub found: u64,
    /// Times that the page of a conversation, or its like in the API, was asked for.
    pub opened: u64,
    /// Rows that were taken away.
    pub exported: u64,
    /// Times that an alert of a saved search told of a conversation.
    pub alerted: u64,
}

impl AddAssign for Uses {
    fn add_assign(&mut self, other: Self) {
        self.found += other.found;
        self.opened += other.opened;
        self.exported += other.exported;
        self.alerted += other.alerted;
    }
}

impl Store {
    /// Adds counts, and forgets those of days long past. Of a network that left nothing is counted any more.
    pub async fn add_uses(&self, counted: &[(NetworkId, Date, Uses)]) -> Result<(), StoreError> {
        let Some(latest) = counted.iter().map(|(_, day, _)| *day).max() else {
            return Ok(());
        };
        let oldest = latest.checked_sub(USE_DAYS.days()).unwrap_or(Date::MIN);
        let number = |count: u64| i64::try_from(count).unwrap_or(i64::MAX);
        let mut writer = self.write().await?;
        let result = async {
            for (network, day, uses) in counted {
                query(
                    "INSERT INTO uses (network_id, day, found, opened, exported, alerted)
                     SELECT network_id, ?, ?, ?, ?, ? FROM networks WHERE network_id = ? AND state <> 'withdrawn'
                     ON CONFLICT (network_id, day) DO UPDATE SET found = uses.found + excluded.found,
                       opened = uses.opened + excluded.opened, exported = uses.exported + excluded.exported,
                       alerted = uses.alerted + excluded.alerted",
                )
                .bind(day.to_string())
                .bind(number(uses.found))
                .bind(number(uses.opened))
                .bind(number(uses.exported))
                .bind(number(uses.alerted))
                .bind(network.to_bytes().to_vec())
                .execute(writer.connection())
                .await?;
            }
            query("DELETE FROM uses WHERE day < ?")
                .bind(oldest.to_string())
                .execute(writer.connection())
                .await?;
            Ok(())
        }
        .await;
        writer.finish(result).await
    }

    /// Counts of a network, latest day first.
    pub async fn uses(&self, network: NetworkId) -> Result<Vec<(Date, Uses)>, StoreError> {
        let rows = query("SELECT * FROM uses WHERE network_id = ? ORDER BY day DESC")
            .bind(network.to_bytes().to_vec())
            .fetch_all(self.readers())
            .await
            .map_err(StoreError::from);
        self.named(rows)?
            .iter()
            .map(|row| {
                let uses = Uses {
                    found: count(row, "found")?,
                    opened: count(row, "opened")?,
                    exported: count(row, "exported")?,
                    alerted: count(row, "alerted")?,
                };
                Ok((parsed(row, "day")?, uses))
            })
            .collect()
    }

    /// Conversations of a network that were changed last, latest first.
    pub async fn latest_conversations(
        &self,
        network: NetworkId,
        limit: usize,
    ) -> Result<Vec<ConversationId>, StoreError> {
        let rows = query(
            "SELECT conversation_id FROM changes WHERE network_id = ? AND gone = 0 ORDER BY seq DESC LIMIT ?",
        )
        .bind(network.to_bytes().to_vec())
        .bind(bounded(limit))
        .fetch_all(self.readers())
        .await
        .map_err(StoreError::from);
        self.named(rows)?
            .iter()
            .map(|row| {
                let bytes = id(row, "conversation_id")?;
                Ok(ConversationId::from_bytes(bytes))
            })
            .collect()
    }
}
