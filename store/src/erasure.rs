//! The purge that leaves no byte: rows first, then the bytes behind them, and the receipt last of all.

use discover_model::ledger::PartKind;
use discover_model::scope::path_within;
use discover_model::{ConversationId, NetworkId, Origin, Refusal};
use jiff::Timestamp;
use url::Url;

use crate::consent::{partial_withdrawal, tombstones, visibility};
use crate::database::{Connection, Row, query, query_scalar};
use crate::following::follows;
use crate::posts::gone::Whose;
use crate::posts::remove;
use crate::receipts::{note, part_of, receipts_due};
use crate::remains::{self, set_scrub};
use crate::row::{id, id_list, number_list};
use crate::scrub::fold_log;
use crate::{Purged, Store, StoreError, annotations, change_log, closed, files};

impl Store {
    /// Erases networks that withdrew, and what was withdrawn of others: rows, names, voice keys, crawler state; then
    /// the bytes themselves, in the database and in its log. A network leaves its random id, hashes of its
    /// conversations in the change log, and tombstones.
    ///
    /// Returns everything that has no receipt yet, so that a run that was broken off at any point is completed by the
    /// next one: index and graph must be cleaned of it before [`Store::receipt`] says on the ledger that it is gone.
    pub async fn erase(&self, now: Timestamp) -> Result<Vec<Purged>, StoreError> {
        loop {
            let more = match self.erase_once(now).await {
                Err(StoreError::DiskFull { .. }) if files::free_reserve(self.dir()) => true,
                done => done?,
            };
            if !more {
                break;
            }
            // Zeroed pages go through the log: it is kept short, because the disk may be nearly full.
            let mut guard = self.idle_writer().await?;
            let folded = fold_log(&mut guard.connection).await;
            drop(guard);
            self.named(folded)?;
        }
        let key = self.tombstone_key();
        let mut writer = self.write().await?;
        let result = partial_withdrawal::forget_paths(writer.connection(), &key).await;
        writer.finish(result).await?;
        self.scrub(now).await?;
        let erased = self.named(receipts_due(self.readers()).await)?;
        if !erased.is_empty() && self.inner.postgres.is_none() {
            files::make_reserve(self.dir());
        }
        Ok(erased)
    }

    pub(crate) async fn erase_once(&self, now: Timestamp) -> Result<bool, StoreError> {
        let key = self.tombstone_key();
        let mut writer = self.write().await?;
        let result = erase_step(writer.connection(), &key, now).await;
        writer.finish(result).await
    }
}

/// Tables with rows of one network, in an order that references allow. Ledger, tombstones, the change log and the
/// deny entry of the network itself stay: they hold random ids and hashes only.
const TABLES: &[&str] = &[
    "vectors",
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
    "gone_keys",
    "gone_posts",
    "refusal_counts",
    "refusals",
    "redaction_counts",
    "looks",
    "uses",
    "owner_keys",
    "follows",
    "answer_networks",
    "annotations",
    "objections",
    "barred_parts",
    "opted_out",
    "networks",
];

/// Posts deleted in one transaction: others may write in between.
const PIECE: usize = 500;

/// Deletes a piece of what is to go; `false` where nothing is left to delete.
async fn erase_step(
    connection: &mut Connection,
    key: &[u8; 32],
    now: Timestamp,
) -> Result<bool, StoreError> {
    let network = query(
        "SELECT network_id FROM networks WHERE state = 'withdrawn' ORDER BY network_id LIMIT 1",
    )
    .fetch_optional(&mut *connection)
    .await?;
    if let Some(row) = network {
        let network = NetworkId::from_bytes(id(&row, "network_id")?);
        erase_network(connection, key, network).await?;
        return Ok(true);
    }
    if erase_part(connection, key, now).await? {
        return Ok(true);
    }
    closed::erase_step(connection, key, now).await
}

/// Deletes posts of a withdrawn network and, when none is left, all its other rows. What went is noted for the receipt.
async fn erase_network(
    connection: &mut Connection,
    key: &[u8; 32],
    network: NetworkId,
) -> Result<(), StoreError> {
    let bytes = network.to_bytes().to_vec();
    let begun: Option<i64> =
        query_scalar("SELECT 1 FROM receipts_due WHERE network_id = ? AND kind = ''")
            .bind(bytes.clone())
            .fetch_optional(&mut *connection)
            .await?;
    if begun.is_none() {
        begin_receipt(connection, network).await?;
    }
    let posts: Vec<i64> = query_scalar("SELECT post FROM posts WHERE network_id = ? LIMIT ?")
        .bind(bytes.clone())
        .bind(crate::row::limit(PIECE))
        .fetch_all(&mut *connection)
        .await?;
    if !posts.is_empty() {
        query("UPDATE receipts_due SET posts = posts + ? WHERE network_id = ? AND kind = ''")
            .bind(crate::row::limit(posts.len()))
            .bind(bytes)
            .execute(&mut *connection)
            .await?;
        query("DELETE FROM posts WHERE post IN (SELECT value FROM json_each(?))")
            .bind(number_list(posts))
            .execute(connection)
            .await?;
        return Ok(());
    }
    follows::forget_network(connection, network).await?;
    annotations::forget_network(connection, network).await?;
    bury_declared(connection, key, network).await?;
    for table in TABLES {
        let sql = format!("DELETE FROM {table} WHERE network_id = ?");
        query(sqlx::AssertSqlSafe(sql))
            .bind(bytes.clone())
            .execute(&mut *connection)
            .await?;
    }
    query("DELETE FROM hides WHERE network_id = ? AND kind <> 'network'")
        .bind(bytes)
        .execute(connection)
        .await?;
    Ok(())
}

/// Marks what the network was declared as, so that a registry file which still names it does not bring it back.
async fn bury_declared(
    connection: &mut Connection,
    key: &[u8; 32],
    network: NetworkId,
) -> Result<(), StoreError> {
    let rows = query(
        "SELECT DISTINCT n.slug, s.url FROM networks n JOIN sources s USING (network_id) WHERE n.network_id = ?",
    )
    .bind(network.to_bytes().to_vec())
    .fetch_all(&mut *connection)
    .await?;
    let slug: Option<String> = query_scalar("SELECT slug FROM networks WHERE network_id = ?")
        .bind(network.to_bytes().to_vec())
        .fetch_optional(&mut *connection)
        .await?;
    if let Some(slug) = slug {
        tombstones::bury_slug(connection, key, network, &slug).await?;
    }
    for row in &rows {
        let url: Option<Url> = row.try_get::<&str, _>("url")?.parse().ok();
        if let Some(origin) = url.and_then(|url| Origin::of(&url).ok()) {
            let slug = row.try_get("slug")?;
            tombstones::bury_declared(connection, key, network, slug, &origin).await?;
        }
    }
    Ok(())
}

/// Notes which conversations go, and tells the readers of the change log.
async fn begin_receipt(connection: &mut Connection, network: NetworkId) -> Result<(), StoreError> {
    let bytes = network.to_bytes().to_vec();
    let rows =
        query("SELECT conversation_id FROM conversations WHERE network_id = ? ORDER BY arrival")
            .bind(bytes.clone())
            .fetch_all(&mut *connection)
            .await?;
    let conversations = rows
        .iter()
        .map(|row| Ok(ConversationId::from_bytes(id(row, "conversation_id")?)))
        .collect::<Result<Vec<_>, StoreError>>()?;
    change_log::gone(connection, network, &conversations).await?;
    note(connection, network, None, 0, &conversations).await
}

/// Removes posts of a withdrawn source, path, conversation or post.
async fn erase_part(
    connection: &mut Connection,
    key: &[u8; 32],
    now: Timestamp,
) -> Result<bool, StoreError> {
    let hide = query(
        "SELECT kind, id, network_id, origin, prefix FROM hides
         WHERE reason = 'withdrawn' AND purged = 0 AND kind <> 'network' ORDER BY network_id, kind, id LIMIT 1",
    )
    .fetch_optional(&mut *connection)
    .await?;
    let Some(hide) = hide else {
        return erase_outside_scope(connection, key, now).await;
    };
    let network = NetworkId::from_bytes(id(&hide, "network_id")?);
    let mut posts = hidden_posts(connection, &hide, network).await?;
    let last = posts.len() <= PIECE;
    posts.truncate(PIECE);
    forget_refused(connection, &hide, network, &posts).await?;
    let refusal = Refusal::Withdrawn;
    // Of a source, only what it brought stays away: its owner may declare the same posts by another.
    let everywhere = (hide.try_get::<&str, _>("kind")? != "source").then_some(key);
    let hidden: [u8; 16] = id(&hide, "id")?;
    let list = id_list([hidden]);
    let gone = match hide.try_get::<&str, _>("kind")? {
        "post" => Some(Whose::Ids(&list)),
        "conversation" => Some(Whose::Conversation(hidden)),
        _ => None,
    };
    if let Some(gone) = gone
        && remove::bar_gone(connection, network, gone, refusal, now).await?
    {
        // Its source took it back before: its bytes may still be in the files.
        set_scrub(connection, true).await?;
    }
    let removed = remove::remove(connection, everywhere, network, &posts, refusal, now).await?;
    if removed.posts > 0 {
        let part = part_of(key, &hide)?;
        note(
            connection,
            network,
            Some(&part),
            removed.posts,
            &removed.emptied,
        )
        .await?;
        set_scrub(connection, true).await?;
    }
    if last {
        if hide.try_get::<&str, _>("kind")? == "source" {
            query("UPDATE frontier SET state = '{}', health = NULL WHERE source_id = ?")
                .bind(id(&hide, "id")?.to_vec())
                .execute(&mut *connection)
                .await?;
        }
        query("UPDATE hides SET purged = 1 WHERE kind = ? AND id = ?")
            .bind(hide.try_get::<&str, _>("kind")?)
            .bind(id(&hide, "id")?.to_vec())
            .execute(connection)
            .await?;
    }
    Ok(true)
}

/// Takes the addresses of what goes out of the list of refusals, which the owner sees.
async fn forget_refused(
    connection: &mut Connection,
    hide: &Row,
    network: NetworkId,
    posts: &[i64],
) -> Result<(), StoreError> {
    query(
        "DELETE FROM refusals WHERE network_id = ?1 AND url IN (
           SELECT url FROM posts WHERE post IN (SELECT value FROM json_each(?2)))",
    )
    .bind(network.to_bytes().to_vec())
    .bind(number_list(posts.iter().copied()))
    .execute(&mut *connection)
    .await?;
    let (origin, prefix): (Option<&str>, Option<&str>) =
        (hide.try_get("origin")?, hide.try_get("prefix")?);
    let (Some(origin), Some(prefix)) = (origin, prefix) else {
        return Ok(());
    };
    let rows = query("SELECT refusal, url FROM refusals WHERE network_id = ?")
        .bind(network.to_bytes().to_vec())
        .fetch_all(&mut *connection)
        .await?;
    let mut within: Vec<i64> = Vec::new();
    for row in &rows {
        let url: &str = row.try_get("url")?;
        if url
            .strip_prefix(origin)
            .is_some_and(|path| path_within(path, prefix))
        {
            within.push(row.try_get("refusal")?);
        }
    }
    query("DELETE FROM refusals WHERE refusal IN (SELECT value FROM json_each(?))")
        .bind(number_list(within))
        .execute(connection)
        .await?;
    Ok(())
}

/// Removes posts that fell out of a scope which became narrower.
async fn erase_outside_scope(
    connection: &mut Connection,
    key: &[u8; 32],
    now: Timestamp,
) -> Result<bool, StoreError> {
    let code = Refusal::OutOfScope.code();
    let rows = query(
        "SELECT h.id, h.network_id, k.post FROM hides h
         LEFT JOIN post_keys k ON k.key = h.id AND k.kind = 0 AND k.network_id = h.network_id
         WHERE h.kind = 'post' AND h.reason = ?1 AND h.network_id =
           (SELECT network_id FROM hides WHERE kind = 'post' AND reason = ?1 ORDER BY network_id LIMIT 1)
         ORDER BY h.id LIMIT ?2",
    )
    .bind(code)
    .bind(crate::row::limit(PIECE))
    .fetch_all(&mut *connection)
    .await?;
    let Some(first) = rows.first() else {
        return Ok(false);
    };
    let network = NetworkId::from_bytes(id(first, "network_id")?);
    let mut posts: Vec<i64> = Vec::new();
    for row in &rows {
        posts.extend(row.try_get::<Option<i64>, _>("post")?);
    }
    let refusal = Refusal::OutOfScope;
    let removed = remove::remove(connection, None, network, &posts, refusal, now).await?;
    if removed.posts > 0 {
        let part = partial_withdrawal::of(key, PartKind::Scope, network.to_bytes());
        note(
            connection,
            network,
            Some(&part),
            removed.posts,
            &removed.emptied,
        )
        .await?;
        set_scrub(connection, true).await?;
    }
    let ids = rows
        .iter()
        .map(|row| id(row, "id"))
        .collect::<Result<Vec<_>, _>>()?;
    query(
        "DELETE FROM hides WHERE kind = 'post' AND reason = ? AND id IN (SELECT unhex(value) FROM json_each(?))",
    )
    .bind(code)
    .bind(id_list(ids))
    .execute(&mut *connection)
    .await?;
    visibility::hide_objected(connection, network, now).await?;
    Ok(true)
}

async fn hidden_posts(
    connection: &mut Connection,
    hide: &Row,
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
            let rows = query("SELECT post, url FROM posts WHERE network_id = ? ORDER BY post")
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
    let rows = query(sql)
        .bind(id(hide, "id")?.to_vec())
        .fetch_all(connection)
        .await?;
    remove::numbers(&rows)
}

impl Store {
    /// Takes the bytes of deleted rows out of the files, where something was erased since that was last done.
    async fn scrub(&self, now: Timestamp) -> Result<(), StoreError> {
        // Counted, so that a mail address or a voice that goes meanwhile is not overlooked.
        let row = query(
            "SELECT (SELECT value FROM meta WHERE name = 'forgotten') AS forgotten,
               EXISTS (SELECT 1 FROM receipts_due WHERE kind = '')
                 OR EXISTS (SELECT 1 FROM meta WHERE name = 'scrub' AND value = 1) AS due",
        )
        .fetch_one(self.readers())
        .await
        .map_err(StoreError::from);
        let row = self.named(row)?;
        let forgotten: Option<i64> = row.try_get("forgotten")?;
        if !row.try_get::<bool, _>("due")?
            && forgotten.is_none()
            && self.remains(now).await?.is_none()
            && !self.is_daily_cleaning_due(now).await?
        {
            return Ok(());
        }
        self.clean().await?;
        let mut writer = self.write().await?;
        let result = async {
            query("DELETE FROM meta WHERE name = 'forgotten' AND value = ?")
                .bind(forgotten)
                .execute(writer.connection())
                .await?;
            if self.inner.postgres.is_some() {
                remains::note_cleaned(writer.connection(), now).await?;
            }
            Ok(())
        }
        .await;
        writer.finish(result).await
    }
}
