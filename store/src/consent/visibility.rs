//! The deny set: what is hidden, kept with a generation that grows with every change.

use discover_model::scope::path_within;
use discover_model::{ConversationId, NetworkId, PostId, Refusal, SourceId, Visibility};
use jiff::Timestamp;
use sha2::{Digest, Sha256};

use crate::consent::network_state;
use crate::database::{Connection, On, query, query_scalar};
use crate::row::{bad, count, id, micros};
use crate::{Hide, Store, StoreError, Writer, change_log, files, keys};

/// Reason of an origin that is hidden because its grant lapsed; a new sight of the proof shows it again.
pub(crate) const LAPSED: &str = "lapsed";

impl Store {
    /// Hides something at once; durable when it returns. What is withdrawn goes through [`Store::withdraw_part`] or
    /// [`Store::withdraw_network`], so that the ledger says so.
    pub async fn hide(
        &self,
        what: &Hide,
        reason: Refusal,
        now: Timestamp,
    ) -> Result<Visibility, StoreError> {
        match self.hide_once(what, reason, now).await {
            Err(StoreError::DiskFull { .. }) if files::free_reserve(self.dir()) => {
                self.hide_once(what, reason, now).await
            }
            done => done,
        }
    }

    async fn hide_once(
        &self,
        what: &Hide,
        reason: Refusal,
        now: Timestamp,
    ) -> Result<Visibility, StoreError> {
        let mut writer = self.write().await?;
        let result = hide(&mut writer, what, reason, now).await;
        writer.finish(result).await
    }

    /// Shows again what was hidden (an objection that was not upheld, a proof that is seen again). What was
    /// withdrawn stays hidden: its owner asks anew.
    pub async fn show(&self, what: &Hide) -> Result<Visibility, StoreError> {
        let mut writer = self.write().await?;
        let result = show(&mut writer, what).await;
        writer.finish(result).await
    }
}

/// Kind, id, network, and for a path its origin and prefix.
#[derive(Debug)]
pub(crate) struct Entry {
    pub(crate) kind: &'static str,
    pub(crate) id: [u8; 16],
    pub(crate) network: [u8; 16],
    pub(crate) path: Option<(String, String)>,
}

pub(crate) async fn entry(connection: &mut Connection, what: &Hide) -> Result<Entry, StoreError> {
    let (kind, key, name, sql) = match what {
        Hide::Network(network) => {
            network_state::state_of(connection, *network).await?;
            return Ok(Entry {
                kind: "network",
                id: network.to_bytes(),
                network: network.to_bytes(),
                path: None,
            });
        }
        Hide::Path {
            network,
            origin,
            prefix,
        } => {
            network_state::state_of(connection, *network).await?;
            return Ok(Entry {
                kind: "path",
                id: path_id(*network, origin.as_str(), prefix),
                network: network.to_bytes(),
                path: Some((origin.as_str().to_owned(), prefix.clone())),
            });
        }
        Hide::Source(source) => (
            "source",
            source.to_bytes(),
            source.to_string(),
            "SELECT network_id, source_id AS id FROM sources WHERE source_id = ?",
        ),
        Hide::Conversation(conversation) => (
            "conversation",
            conversation.to_bytes(),
            conversation.to_string(),
            "SELECT network_id, conversation_id AS id FROM conversations WHERE conversation_id = coalesce(
               (SELECT new_id FROM aliases WHERE old_id = ?1), ?1)",
        ),
        Hide::Post(post) => (
            "post",
            post.to_bytes(),
            post.to_string(),
            "SELECT p.network_id, p.post_id AS id FROM post_keys k JOIN posts p ON p.post = k.post
             WHERE k.key = ? AND k.kind = 0",
        ),
    };
    let row = query(sql)
        .bind(key.to_vec())
        .fetch_optional(connection)
        .await?
        .ok_or(StoreError::NotFound {
            what: kind,
            id: name,
        })?;
    Ok(Entry {
        kind,
        id: id(&row, "id")?,
        network: id(&row, "network_id")?,
        path: None,
    })
}

pub(crate) fn path_id(network: NetworkId, origin: &str, prefix: &str) -> [u8; 16] {
    let mut hasher = Sha256::new();
    hasher.update(network.to_bytes());
    hasher.update(keys::of_address(&format!("{origin} {prefix}")));
    let mut first = [0; 16];
    first.copy_from_slice(&hasher.finalize()[..16]);
    first
}

async fn hide(
    writer: &mut Writer<'_>,
    what: &Hide,
    reason: Refusal,
    now: Timestamp,
) -> Result<Visibility, StoreError> {
    let connection = writer.connection();
    let entry = entry(connection, what).await?;
    hide_entry(connection, &entry, reason, now).await
}

pub(crate) async fn hide_entry(
    connection: &mut Connection,
    entry: &Entry,
    reason: Refusal,
    now: Timestamp,
) -> Result<Visibility, StoreError> {
    if entry.kind == "source" && reason == Refusal::Withdrawn {
        query("UPDATE frontier SET stopped = 1, claimed_until = NULL, fence = fence + 1 WHERE source_id = ?")
            .bind(entry.id.to_vec())
            .execute(&mut *connection)
            .await?;
    }
    if put(connection, entry, reason.code(), now).await? {
        if reason != Refusal::Withdrawn {
            touch(connection, entry).await?;
        }
        next_generation(connection).await?;
    }
    read(connection).await
}

/// Logs what was hidden as changed: index and graph let it go, so that what is drawn of the rest is as if it had never been
/// there. What is withdrawn leaves them with its purge.
async fn touch(connection: &mut Connection, entry: &Entry) -> Result<(), StoreError> {
    let sql = match entry.kind {
        "post" => "SELECT conversation FROM posts WHERE post_id = ?",
        "conversation" => "SELECT arrival FROM conversations WHERE conversation_id = ?",
        _ => {
            let network = NetworkId::from_bytes(entry.network);
            return change_log::touch_network(connection, network).await;
        }
    };
    let conversations: Vec<i64> = query_scalar(sql)
        .bind(entry.id.to_vec())
        .fetch_all(&mut *connection)
        .await?;
    change_log::touch(connection, conversations).await
}

/// Why something is hidden already.
pub(crate) async fn reason(
    connection: &mut Connection,
    entry: &Entry,
) -> Result<Option<String>, StoreError> {
    Ok(
        query_scalar("SELECT reason FROM hides WHERE kind = ? AND id = ?")
            .bind(entry.kind)
            .bind(entry.id.to_vec())
            .fetch_optional(connection)
            .await?,
    )
}

/// Adds to the deny set; `true` where it changed. A withdrawal is stronger than any other reason. `reason` is a refusal
/// code, or [`LAPSED`].
pub(crate) async fn put(
    connection: &mut Connection,
    entry: &Entry,
    reason: &str,
    now: Timestamp,
) -> Result<bool, StoreError> {
    let (origin, prefix) = entry.path.clone().unzip();
    let done = query(
        "INSERT INTO hides (kind, id, network_id, origin, prefix, reason, at) VALUES (?, ?, ?, ?, ?, ?, ?)
         ON CONFLICT (kind, id) DO UPDATE SET reason = excluded.reason, at = excluded.at, purged = 0
         WHERE excluded.reason = 'withdrawn' AND hides.reason <> 'withdrawn'",
    )
    .bind(entry.kind)
    .bind(entry.id.to_vec())
    .bind(entry.network.to_vec())
    .bind(origin)
    .bind(prefix)
    .bind(reason)
    .bind(micros(now))
    .execute(connection)
    .await?;
    Ok(done.rows_affected() > 0)
}

pub(crate) async fn hide_network(
    connection: &mut Connection,
    network: NetworkId,
    reason: Refusal,
    now: Timestamp,
) -> Result<(), StoreError> {
    let entry = Entry {
        kind: "network",
        id: network.to_bytes(),
        network: network.to_bytes(),
        path: None,
    };
    put(connection, &entry, reason.code(), now).await?;
    next_generation(connection).await
}

/// Puts the deny entries of undecided objections of a network where another reason took their place and is gone. Held or
/// not: a post that comes in again must not be shown. Returns how many there are.
pub(crate) async fn hide_objected(
    connection: &mut Connection,
    network: NetworkId,
    now: Timestamp,
) -> Result<u64, StoreError> {
    let done = query(
        "INSERT INTO hides (kind, id, network_id, reason, at)
         SELECT 'post', post_id, network_id, ?, ? FROM objections
         WHERE network_id = ? AND state = 'open' AND hidden = 1 ON CONFLICT DO NOTHING",
    )
    .bind(Refusal::Objected.code())
    .bind(micros(now))
    .bind(network.to_bytes().to_vec())
    .execute(connection)
    .await?;
    Ok(done.rows_affected())
}

async fn show(writer: &mut Writer<'_>, what: &Hide) -> Result<Visibility, StoreError> {
    let connection = writer.connection();
    let entry = entry(connection, what).await?;
    let done = query("DELETE FROM hides WHERE kind = ? AND id = ? AND reason <> 'withdrawn'")
        .bind(entry.kind)
        .bind(entry.id.to_vec())
        .execute(&mut *connection)
        .await?;
    if done.rows_affected() > 0 {
        change_log::touch_network(connection, NetworkId::from_bytes(entry.network)).await?;
        next_generation(connection).await?;
    }
    read(connection).await
}

pub(crate) async fn next_generation(connection: &mut Connection) -> Result<(), StoreError> {
    query(
        "INSERT INTO meta (name, value) VALUES ('generation', 1) ON CONFLICT (name) DO UPDATE SET value = meta.value + 1",
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// Whether the network ever withdrew; known also after its purge.
pub(crate) async fn network_withdrew(
    connection: &mut Connection,
    network: NetworkId,
) -> Result<bool, StoreError> {
    let found: Option<i64> = query_scalar(
        "SELECT 1 FROM hides WHERE kind = 'network' AND id = ? AND reason = 'withdrawn'",
    )
    .bind(network.to_bytes().to_vec())
    .fetch_optional(connection)
    .await?;
    Ok(found.is_some())
}

/// When a hidden conversation is joined to another, its posts stay hidden one by one. Tells whether it was hidden.
pub(crate) async fn carry_over(
    connection: &mut Connection,
    conversation: [u8; 16],
    arrival: i64,
) -> Result<bool, StoreError> {
    let done = query(
        "INSERT INTO hides (kind, id, network_id, reason, at)
         SELECT 'post', p.post_id, p.network_id, h.reason, h.at FROM hides h JOIN posts p ON p.conversation = ?
         WHERE h.kind = 'conversation' AND h.id = ? ON CONFLICT DO NOTHING",
    )
    .bind(arrival)
    .bind(conversation.to_vec())
    .execute(&mut *connection)
    .await?;
    if done.rows_affected() == 0 {
        return Ok(false);
    }
    next_generation(connection).await?;
    Ok(true)
}

/// One statement, so that generation and content belong together.
pub(crate) async fn read(executor: impl Into<On<'_>> + Send) -> Result<Visibility, StoreError> {
    let rows = query(
        "SELECT kind, id, network_id, origin, prefix, 0 AS generation FROM hides
         UNION ALL SELECT 'network', network_id, network_id, NULL, NULL, 0 FROM networks
           WHERE state IN ('paused', 'lapsed', 'withdrawn')
         UNION ALL SELECT 'generation', NULL, NULL, NULL, NULL, value FROM meta WHERE name = 'generation'",
    )
    .fetch_all(executor)
    .await?;
    let mut visibility = Visibility::default();
    for row in &rows {
        match row.try_get::<&str, _>("kind")? {
            "generation" => visibility.generation = count(row, "generation")?,
            "network" => {
                visibility
                    .networks
                    .insert(NetworkId::from_bytes(id(row, "id")?));
            }
            "source" => {
                visibility
                    .sources
                    .insert(SourceId::from_bytes(id(row, "id")?));
            }
            "conversation" => {
                visibility
                    .conversations
                    .insert(ConversationId::from_bytes(id(row, "id")?));
            }
            "post" => {
                visibility.posts.insert(PostId::from_bytes(id(row, "id")?));
            }
            "path" => visibility.paths.push((
                NetworkId::from_bytes(id(row, "network_id")?),
                row.try_get("origin")?,
                row.try_get("prefix")?,
            )),
            kind => return Err(bad("kind", kind)),
        }
    }
    visibility.paths.sort();
    Ok(visibility)
}

/// Deny entries of the sources whose address lies within a path.
pub(crate) async fn sources_within(
    connection: &mut Connection,
    network: NetworkId,
    origin: &str,
    prefix: &str,
) -> Result<Vec<Entry>, StoreError> {
    let rows = query("SELECT source_id, url FROM sources WHERE network_id = ?")
        .bind(network.to_bytes().to_vec())
        .fetch_all(connection)
        .await?;
    let mut within = Vec::new();
    for row in &rows {
        let url: &str = row.try_get("url")?;
        let covered = url
            .strip_prefix(origin)
            .is_some_and(|path| path_within(path, prefix));
        if covered {
            within.push(Entry {
                kind: "source",
                id: id(row, "source_id")?,
                network: network.to_bytes(),
                path: None,
            });
        }
    }
    Ok(within)
}
