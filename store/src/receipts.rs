//! What was erased and has no receipt on the ledger yet.

use discover_model::ledger::{Actor, LedgerEntry, LedgerEvent, LedgerFact, Part};
use discover_model::{ConversationId, NetworkId};
use jiff::Timestamp;

use crate::consent::{ledger, partial_withdrawal};
use crate::database::{Connection, Pool, Row, query, query_scalar};
use crate::remains::set_scrub;
use crate::row::{count, id, json};
use crate::{Purged, Store, StoreError, Writer};

impl Store {
    /// Puts the receipts of what was erased on the ledger. To be called once nothing derived holds it any more.
    pub async fn receipt(
        &self,
        erased: &[Purged],
        now: Timestamp,
    ) -> Result<Vec<LedgerEntry>, StoreError> {
        let key = self.tombstone_key();
        let mut writer = self.write().await?;
        let result = receipts(&mut writer, &key, erased, now).await;
        writer.finish(result).await
    }
}

/// The part of a network that a deny entry names, as it stands in the ledger.
pub(crate) fn part_of(key: &[u8; 32], hide: &Row) -> Result<Part, StoreError> {
    let kind = hide.try_get("kind")?;
    if kind == "path" {
        let (origin, prefix) = (hide.try_get("origin")?, hide.try_get("prefix")?);
        return Ok(partial_withdrawal::path(key, origin, prefix));
    }
    let kind = crate::row::from_word(kind).ok_or_else(|| crate::row::bad("kind", kind))?;
    Ok(partial_withdrawal::of(key, kind, id(hide, "id")?))
}

/// Adds to what needs a receipt.
pub(crate) async fn note(
    connection: &mut Connection,
    network: NetworkId,
    part: Option<&Part>,
    posts: u64,
    conversations: &[ConversationId],
) -> Result<(), StoreError> {
    let (kind, mac) = part.map_or(("", ""), |part| (part.kind.as_str(), part.mac.as_str()));
    let held: Option<String> = query_scalar(
        "SELECT conversations FROM receipts_due WHERE network_id = ? AND kind = ? AND mac = ?",
    )
    .bind(network.to_bytes().to_vec())
    .bind(kind)
    .bind(mac)
    .fetch_optional(&mut *connection)
    .await?;
    let mut all: Vec<ConversationId> = match held {
        Some(held) => {
            serde_json::from_str(&held).map_err(|_| crate::row::bad("conversations", held))?
        }
        None => Vec::new(),
    };
    all.extend(conversations);
    query(
        "INSERT INTO receipts_due (network_id, kind, mac, posts, conversations) VALUES (?, ?, ?, ?, ?)
         ON CONFLICT (network_id, kind, mac) DO UPDATE SET
           posts = receipts_due.posts + excluded.posts, conversations = excluded.conversations",
    )
    .bind(network.to_bytes().to_vec())
    .bind(kind)
    .bind(mac)
    .bind(posts as i64)
    .bind(serde_json::to_string(&all).expect("ids become JSON"))
    .execute(connection)
    .await?;
    Ok(())
}

pub(crate) async fn receipts_due(pool: &Pool) -> Result<Vec<Purged>, StoreError> {
    let rows = query("SELECT * FROM receipts_due ORDER BY network_id, kind, mac")
        .fetch_all(pool)
        .await?;
    rows.iter()
        .map(|row| {
            let kind: &str = row.try_get("kind")?;
            let part = match kind {
                "" => None,
                kind => Some(Part {
                    kind: crate::row::from_word(kind)
                        .ok_or_else(|| crate::row::bad("kind", kind))?,
                    mac: row.try_get("mac")?,
                }),
            };
            Ok(Purged {
                network: NetworkId::from_bytes(id(row, "network_id")?),
                part,
                posts: count(row, "posts")?,
                conversations: json(row, "conversations")?,
            })
        })
        .collect()
}

async fn receipts(
    writer: &mut Writer<'_>,
    key: &[u8; 32],
    erased: &[Purged],
    now: Timestamp,
) -> Result<Vec<LedgerEntry>, StoreError> {
    let mut entries = Vec::with_capacity(erased.len());
    for purged in erased {
        let (kind, mac) = purged
            .part
            .as_ref()
            .map_or(("", ""), |part| (part.kind.as_str(), part.mac.as_str()));
        let due = query(
            "DELETE FROM receipts_due WHERE network_id = ? AND kind = ? AND mac = ? AND posts = ?",
        )
        .bind(purged.network.to_bytes().to_vec())
        .bind(kind)
        .bind(mac)
        .bind(purged.posts as i64)
        .execute(writer.connection())
        .await?;
        // Receipted already, or more was erased since: then the next run says all of it.
        if due.rows_affected() == 0 {
            continue;
        }
        let fact = LedgerFact {
            posts: Some(purged.posts),
            conversations: Some(purged.conversations.len() as u64),
            conversations_sha256: Some(purged.conversations_sha256()),
            part: purged.part.clone(),
            ..LedgerFact::new(now, LedgerEvent::Purged, purged.network, Actor::System)
        };
        entries.push(ledger::append(writer, fact).await?);
    }
    let left: i64 = query_scalar("SELECT count(*) FROM receipts_due")
        .fetch_one(writer.connection())
        .await?;
    if left == 0 {
        set_scrub(writer.connection(), false).await?;
    }
    partial_withdrawal::forget_paths(writer.connection(), key).await?;
    Ok(entries)
}
