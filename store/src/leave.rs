//! Leaving: withdrawal, tombstones, and the purge that leaves no byte.

use std::collections::BTreeMap;

use discover_model::ledger::{Actor, Broken, LedgerEntry, LedgerEvent, LedgerFact};
use discover_model::network::NetworkState;
use discover_model::scope::path_within;
use discover_model::{ConversationId, NetworkId, Origin, Refusal, Scope, Visibility};
use hmac::{Hmac, Mac};
use jiff::Timestamp;
use sha2::Sha256;
use sqlx::Row;
use sqlx::sqlite::SqliteConnection;

use crate::row::{count, id, id_list, json, micros, moment, number_list};
use crate::{
    Purged, Store, StoreError, Writer, changes, files, ledger, registry, remove, visibility,
};

/// How often a reader in the middle of a long answer is waited for before the log is emptied.
const SCRUB_TRIES: u32 = 20;
const SCRUB_PAUSE: std::time::Duration = std::time::Duration::from_millis(250);

impl Store {
    /// An owner leaves: hidden, no longer visited, all grants ended, remembered so that it sticks, and on the ledger.
    /// Durable when it returns; the same call again changes nothing. The purge must follow within the hour.
    pub async fn withdraw_network(
        &self,
        network: NetworkId,
        actor: Actor,
        now: Timestamp,
    ) -> Result<Visibility, StoreError> {
        match self.withdraw_once(network, actor, now).await {
            Err(StoreError::DiskFull { .. }) if files::free_reserve(self.dir()) => {
                self.withdraw_once(network, actor, now).await?;
            }
            done => done?,
        }
        self.visibility().await
    }

    async fn withdraw_once(
        &self,
        network: NetworkId,
        actor: Actor,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let key = self.tombstone_key();
        let mut writer = self.write().await?;
        let result = async {
            let state = registry::state_of(writer.connection(), network).await?;
            if state == NetworkState::Withdrawn {
                return Ok(());
            }
            withdraw(writer.connection(), &key, network, now).await?;
            ledger::append(
                &mut writer,
                fact(network, LedgerEvent::Withdrawn, actor, now),
            )
            .await?;
            Ok(())
        }
        .await;
        writer.finish(result).await
    }

    /// Erases networks that withdrew, and what was withdrawn of others: rows, names, voice keys, crawler state; then
    /// the bytes themselves, in the database and in its log. A network leaves its random id, hashes of its
    /// conversations in the change log, and tombstones; the receipt goes into the ledger once the bytes are gone.
    ///
    /// A run that was broken off is completed by the next one.
    pub async fn purge(&self, now: Timestamp) -> Result<Vec<Purged>, StoreError> {
        let mut parts = BTreeMap::new();
        loop {
            let more = match self.erase_once(&mut parts, now).await {
                Err(StoreError::DiskFull { .. }) if files::free_reserve(self.dir()) => true,
                done => done?,
            };
            if !more {
                break;
            }
            // Zeroed pages go through the log: it is kept short, because the disk may be nearly full.
            let mut guard = self.idle_writer().await?;
            let folded = sqlx::query("PRAGMA wal_checkpoint(TRUNCATE)")
                .execute(&mut guard.connection)
                .await;
            drop(guard);
            self.named(folded.map_err(StoreError::from))?;
        }
        let mut guard = self.idle_writer().await?;
        let scrubbed = scrub(&mut guard.connection).await;
        drop(guard);
        self.named(scrubbed)?;
        let mut writer = self.write().await?;
        let result = receipts(&mut writer, now).await;
        let mut purged = writer.finish(result).await?;
        purged.extend(parts.into_values());
        if !purged.is_empty() {
            files::make_reserve(self.dir());
        }
        Ok(purged)
    }

    pub(crate) async fn erase_once(
        &self,
        parts: &mut BTreeMap<NetworkId, Purged>,
        now: Timestamp,
    ) -> Result<bool, StoreError> {
        let mut writer = self.write().await?;
        let result = erase_step(writer.connection(), parts, now).await;
        writer.finish(result).await
    }

    /// Whether anything on `origin` was withdrawn; only a newer proof on the site opens it again.
    pub async fn is_withdrawn_origin(&self, origin: &Origin) -> Result<bool, StoreError> {
        Ok(self
            .withdrawn_at(&Scope::all(origin.clone()))
            .await?
            .is_some())
    }

    /// When something within or above `scope` was last withdrawn.
    pub async fn withdrawn_at(&self, scope: &Scope) -> Result<Option<Timestamp>, StoreError> {
        let key = self.tombstone_key();
        let mut connection =
            self.named(self.readers().acquire().await.map_err(StoreError::from))?;
        self.named(withdrawn_at(&mut connection, &key, scope).await)
    }

    pub(crate) fn tombstone_key(&self) -> [u8; 32] {
        self.sub_key("tombstone")
    }
}

fn fact(network: NetworkId, event: LedgerEvent, actor: Actor, now: Timestamp) -> LedgerFact {
    LedgerFact {
        at: now,
        event,
        network,
        grant: None,
        actor,
        method: None,
        evidence_sha256: None,
        scope_sha256: None,
        expires: None,
        posts: None,
    }
}

async fn withdraw(
    connection: &mut SqliteConnection,
    key: &[u8; 32],
    network: NetworkId,
    at: Timestamp,
) -> Result<(), StoreError> {
    let bytes = network.to_bytes().to_vec();
    let rows = sqlx::query("SELECT origin, prefixes FROM grants WHERE network_id = ?")
        .bind(bytes.clone())
        .fetch_all(&mut *connection)
        .await?;
    for row in &rows {
        let origin: &str = row.try_get("origin")?;
        for prefix in json::<Vec<String>>(row, "prefixes")? {
            bury(connection, key, network, origin, &prefix, at).await?;
        }
    }
    for sql in [
        "UPDATE networks SET state = 'withdrawn' WHERE network_id = ?",
        "UPDATE grants SET state = 'withdrawn' WHERE network_id = ?",
        "UPDATE frontier SET stopped = 1, claimed_until = NULL, fence = fence + 1 WHERE network_id = ?",
    ] {
        sqlx::query(sql)
            .bind(bytes.clone())
            .execute(&mut *connection)
            .await?;
    }
    visibility::hide_network(connection, network, Refusal::Withdrawn, at).await
}

/// Leaves the tombstone of a path, and marks every path above it.
async fn bury(
    connection: &mut SqliteConnection,
    key: &[u8; 32],
    network: NetworkId,
    origin: &str,
    prefix: &str,
    at: Timestamp,
) -> Result<(), StoreError> {
    for path in up_to(prefix) {
        sqlx::query(
            "INSERT INTO tombstones (mac, network_id, within, withdrawn) VALUES (?1, ?2, ?3, ?4)
             ON CONFLICT (mac, network_id) DO UPDATE SET
               within = min(within, excluded.within), withdrawn = max(withdrawn, excluded.withdrawn)",
        )
        .bind(mac(key, origin, path).to_vec())
        .bind(network.to_bytes().to_vec())
        .bind(i64::from(path != prefix))
        .bind(micros(at))
        .execute(&mut *connection)
        .await?;
    }
    Ok(())
}

/// The path itself and all prefixes that cover it: `/a/b` gives `/`, `/a`, `/a/`, `/a/b`.
fn up_to(path: &str) -> Vec<&str> {
    let mut paths: Vec<&str> = path
        .match_indices('/')
        .flat_map(|(at, _)| [&path[..at], &path[..=at]])
        .filter(|prefix| !prefix.is_empty() && path_within(path, prefix))
        .collect();
    paths.push(path);
    paths.dedup();
    paths
}

fn mac(key: &[u8; 32], origin: &str, path: &str) -> [u8; 16] {
    let mut mac = Hmac::<Sha256>::new_from_slice(key).expect("HMAC takes a key of any length");
    mac.update(origin.as_bytes());
    mac.update(path.as_bytes());
    let mut first = [0; 16];
    first.copy_from_slice(&mac.finalize().into_bytes()[..16]);
    first
}

/// When something that `scope` covers, or that covers it, was last withdrawn.
pub(crate) async fn withdrawn_at(
    connection: &mut SqliteConnection,
    key: &[u8; 32],
    scope: &Scope,
) -> Result<Option<Timestamp>, StoreError> {
    let origin = scope.origin().as_str();
    let prefixes = scope.prefixes();
    let itself = id_list(prefixes.iter().map(|prefix| mac(key, origin, prefix)));
    let above = id_list(
        prefixes
            .iter()
            .flat_map(|prefix| up_to(prefix))
            .map(|path| mac(key, origin, path)),
    );
    let at: Option<i64> = sqlx::query_scalar(
        "SELECT max(withdrawn) FROM tombstones
         WHERE mac IN (SELECT unhex(value) FROM json_each(?1))
            OR (within = 0 AND mac IN (SELECT unhex(value) FROM json_each(?2)))",
    )
    .bind(itself)
    .bind(above)
    .fetch_one(connection)
    .await?;
    at.map(|at| moment(at, "withdrawn")).transpose()
}

/// Tables with rows of one network, in an order that references allow. Ledger, tombstones, the change log and the
/// deny entry of the network itself stay: they hold random ids and hashes only.
const TABLES: &[&str] = &[
    "post_keys",
    "waiting",
    "posts",
    "aliases",
    "conversations",
    "frontier",
    "source_days",
    "sources",
    "grants",
    "voice_keys",
    "taken_back",
    "refusal_counts",
    "refusals",
    "redaction_counts",
    "networks",
];

/// Posts deleted in one transaction: others may write in between.
const PIECE: usize = 500;

/// Deletes a piece of what is to go; `false` where nothing is left to delete.
async fn erase_step(
    connection: &mut SqliteConnection,
    parts: &mut BTreeMap<NetworkId, Purged>,
    now: Timestamp,
) -> Result<bool, StoreError> {
    let network = sqlx::query(
        "SELECT network_id FROM networks WHERE state = 'withdrawn' ORDER BY network_id LIMIT 1",
    )
    .fetch_optional(&mut *connection)
    .await?;
    if let Some(row) = network {
        let network = NetworkId::from_bytes(id(&row, "network_id")?);
        erase_network(connection, network).await?;
        return Ok(true);
    }
    erase_part(connection, parts, now).await
}

/// Deletes posts of a withdrawn network and, when none is left, all its other rows. What went is noted for the receipt.
async fn erase_network(
    connection: &mut SqliteConnection,
    network: NetworkId,
) -> Result<(), StoreError> {
    let bytes = network.to_bytes().to_vec();
    let begun: Option<i64> =
        sqlx::query_scalar("SELECT 1 FROM pending_receipts WHERE network_id = ?")
            .bind(bytes.clone())
            .fetch_optional(&mut *connection)
            .await?;
    if begun.is_none() {
        begin_receipt(connection, network).await?;
    }
    let posts: Vec<i64> = sqlx::query_scalar("SELECT post FROM posts WHERE network_id = ? LIMIT ?")
        .bind(bytes.clone())
        .bind(crate::row::limit(PIECE))
        .fetch_all(&mut *connection)
        .await?;
    if !posts.is_empty() {
        sqlx::query("UPDATE pending_receipts SET posts = posts + ? WHERE network_id = ?")
            .bind(crate::row::limit(posts.len()))
            .bind(bytes)
            .execute(&mut *connection)
            .await?;
        sqlx::query("DELETE FROM posts WHERE post IN (SELECT value FROM json_each(?))")
            .bind(number_list(posts))
            .execute(connection)
            .await?;
        return Ok(());
    }
    for table in TABLES {
        let sql = format!("DELETE FROM {table} WHERE network_id = ?");
        sqlx::query(sqlx::AssertSqlSafe(sql))
            .bind(bytes.clone())
            .execute(&mut *connection)
            .await?;
    }
    sqlx::query("DELETE FROM hides WHERE network_id = ? AND kind <> 'network'")
        .bind(bytes)
        .execute(connection)
        .await?;
    Ok(())
}

/// Notes which conversations go, and tells the readers of the change log.
async fn begin_receipt(
    connection: &mut SqliteConnection,
    network: NetworkId,
) -> Result<(), StoreError> {
    let bytes = network.to_bytes().to_vec();
    let rows = sqlx::query(
        "SELECT conversation_id FROM conversations WHERE network_id = ? ORDER BY arrival",
    )
    .bind(bytes.clone())
    .fetch_all(&mut *connection)
    .await?;
    let conversations = rows
        .iter()
        .map(|row| Ok(ConversationId::from_bytes(id(row, "conversation_id")?)))
        .collect::<Result<Vec<_>, StoreError>>()?;
    changes::gone(connection, network, &conversations).await?;
    sqlx::query("INSERT INTO pending_receipts (network_id, posts, conversations) VALUES (?, 0, ?)")
        .bind(bytes)
        .bind(serde_json::to_string(&conversations).expect("ids become JSON"))
        .execute(connection)
        .await?;
    Ok(())
}

/// Removes posts of a withdrawn source, path, conversation or post.
async fn erase_part(
    connection: &mut SqliteConnection,
    parts: &mut BTreeMap<NetworkId, Purged>,
    now: Timestamp,
) -> Result<bool, StoreError> {
    let hide = sqlx::query(
        "SELECT kind, id, network_id, origin, prefix FROM hides
         WHERE reason = 'withdrawn' AND purged = 0 AND kind <> 'network' ORDER BY network_id, kind, id LIMIT 1",
    )
    .fetch_optional(&mut *connection)
    .await?;
    let Some(hide) = hide else { return Ok(false) };
    let network = NetworkId::from_bytes(id(&hide, "network_id")?);
    let mut posts = hidden_posts(connection, &hide, network).await?;
    let last = posts.len() <= PIECE;
    posts.truncate(PIECE);
    let removed = remove::remove(connection, network, &posts, Refusal::Withdrawn, now).await?;
    if removed.posts > 0 {
        let part = parts.entry(network).or_insert_with(|| Purged {
            network,
            conversations: Vec::new(),
            posts: 0,
            whole: false,
        });
        part.posts += removed.posts;
        part.conversations.extend(removed.emptied);
        set_scrub(connection, true).await?;
    }
    if last {
        if hide.try_get::<&str, _>("kind")? == "source" {
            sqlx::query("UPDATE frontier SET state = '{}', health = NULL WHERE source_id = ?")
                .bind(id(&hide, "id")?.to_vec())
                .execute(&mut *connection)
                .await?;
        }
        sqlx::query("UPDATE hides SET purged = 1 WHERE kind = ? AND id = ?")
            .bind(hide.try_get::<&str, _>("kind")?)
            .bind(id(&hide, "id")?.to_vec())
            .execute(connection)
            .await?;
    }
    Ok(true)
}

async fn hidden_posts(
    connection: &mut SqliteConnection,
    hide: &sqlx::sqlite::SqliteRow,
    network: NetworkId,
) -> Result<Vec<i64>, StoreError> {
    let kind: &str = hide.try_get("kind")?;
    let sql = match kind {
        "source" => "SELECT post FROM posts WHERE source_id = ? ORDER BY post",
        "conversation" => {
            "SELECT post FROM posts WHERE conversation =
               (SELECT arrival FROM conversations WHERE conversation_id = ?) ORDER BY post"
        }
        "post" => "SELECT post FROM post_keys WHERE key = ? AND kind = 0",
        _ => {
            let origin: &str = hide.try_get("origin")?;
            let prefix: &str = hide.try_get("prefix")?;
            let rows =
                sqlx::query("SELECT post, url FROM posts WHERE network_id = ? ORDER BY post")
                    .bind(network.to_bytes().to_vec())
                    .fetch_all(connection)
                    .await?;
            return rows
                .iter()
                .filter_map(|row| match row.try_get::<&str, _>("url") {
                    Ok(url) => url
                        .strip_prefix(origin)
                        .is_some_and(|path| path_within(path, prefix))
                        .then(|| Ok(row.try_get("post")?)),
                    Err(error) => Some(Err(error.into())),
                })
                .collect();
        }
    };
    let rows = sqlx::query(sql)
        .bind(id(hide, "id")?.to_vec())
        .fetch_all(connection)
        .await?;
    remove::numbers(&rows)
}

async fn set_scrub(connection: &mut SqliteConnection, on: bool) -> Result<(), StoreError> {
    sqlx::query(
        "INSERT INTO meta (name, value) VALUES ('scrub', ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value",
    )
    .bind(on)
    .execute(connection)
    .await?;
    Ok(())
}

/// Takes the bytes of deleted rows out of the files. `secure_delete` has zeroed the rows' own places; the log still
/// holds older pages, and pages hold remains of rows that moved within them.
async fn scrub(connection: &mut SqliteConnection) -> Result<(), StoreError> {
    let due: Option<i64> = sqlx::query_scalar(
        "SELECT 1 WHERE EXISTS (SELECT 1 FROM pending_receipts)
           OR EXISTS (SELECT 1 FROM meta WHERE name = 'scrub' AND value = 1)",
    )
    .fetch_optional(&mut *connection)
    .await?;
    if due.is_none() {
        return Ok(());
    }
    sqlx::query("VACUUM").execute(&mut *connection).await?;
    for _ in 0..SCRUB_TRIES {
        let row = sqlx::query("PRAGMA wal_checkpoint(TRUNCATE)")
            .fetch_one(&mut *connection)
            .await?;
        if row.try_get::<i64, _>(0)? == 0 {
            return Ok(());
        }
        tokio::time::sleep(SCRUB_PAUSE).await;
    }
    Err(StoreError::LongReader)
}

/// Puts the receipts of erased networks on the ledger.
async fn receipts(writer: &mut Writer<'_>, now: Timestamp) -> Result<Vec<Purged>, StoreError> {
    let rows = sqlx::query("SELECT * FROM pending_receipts ORDER BY network_id")
        .fetch_all(writer.connection())
        .await?;
    let mut purged = Vec::with_capacity(rows.len());
    for row in &rows {
        let network = NetworkId::from_bytes(id(row, "network_id")?);
        let posts = count(row, "posts")?;
        let fact = LedgerFact {
            posts: Some(posts),
            ..fact(network, LedgerEvent::Purged, Actor::System, now)
        };
        ledger::append(writer, fact).await?;
        purged.push(Purged {
            network,
            conversations: json(row, "conversations")?,
            posts,
            whole: true,
        });
    }
    if !purged.is_empty() {
        sqlx::query("DELETE FROM pending_receipts")
            .execute(writer.connection())
            .await?;
    }
    set_scrub(writer.connection(), false).await?;
    Ok(purged)
}

/// Adds the entries that a newer copy of this ledger has, and does what they say.
pub(crate) async fn replay(
    writer: &mut Writer<'_>,
    key: &[u8; 32],
    newer: &[LedgerEntry],
) -> Result<u64, StoreError> {
    let rows =
        sqlx::query("SELECT seq, network_id, grant_id, event, entry FROM ledger ORDER BY seq")
            .fetch_all(writer.connection())
            .await?;
    for (row, theirs) in rows.iter().zip(newer) {
        let (_, ours) = ledger::read(row)?;
        if ours.hash != theirs.hash {
            return Err(Broken::Chain(ours.seq).into());
        }
    }
    let fresh = newer.get(rows.len()..).unwrap_or_default();
    for entry in fresh {
        ledger::put(writer, entry).await?;
        let (network, at) = (entry.fact.network, entry.fact.at);
        let state = match registry::state_of(writer.connection(), network).await {
            Ok(state) => state,
            // It registered after the backup was made: nothing of it is here.
            Err(StoreError::NotFound { .. }) => continue,
            Err(error) => return Err(error),
        };
        let word = match entry.fact.event {
            LedgerEvent::Withdrawn => "withdrawn",
            LedgerEvent::Paused => "paused",
            LedgerEvent::Lapsed => "lapsed",
            LedgerEvent::Granted
            | LedgerEvent::Renewed
            | LedgerEvent::ScopeChanged
            | LedgerEvent::Resumed
            | LedgerEvent::Purged
            | LedgerEvent::Restored => continue,
        };
        if let Some(grant) = entry.fact.grant {
            sqlx::query("UPDATE grants SET state = ? WHERE grant_id = ? AND state <> 'withdrawn'")
                .bind(word)
                .bind(grant.to_bytes().to_vec())
                .execute(writer.connection())
                .await?;
        } else if word == "withdrawn" {
            if state != NetworkState::Withdrawn {
                withdraw(writer.connection(), key, network, at).await?;
            }
        } else {
            sqlx::query(
                "UPDATE networks SET state = ? WHERE network_id = ? AND state <> 'withdrawn'",
            )
            .bind(word)
            .bind(network.to_bytes().to_vec())
            .execute(writer.connection())
            .await?;
            visibility::next_generation(writer.connection()).await?;
        }
    }
    Ok(fresh.len() as u64)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_paths_above_a_path_are_those_that_cover_it() {
        assert_eq!(up_to("/"), ["/"]);
        assert_eq!(up_to("/a/b"), ["/", "/a", "/a/", "/a/b"]);
        assert_eq!(up_to("/a/b/"), ["/", "/a", "/a/", "/a/b", "/a/b/"]);
    }
}
