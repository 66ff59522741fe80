//! Parts of a network: withdrawing a source, a path, a conversation or a post by the machinery of the whole.
//!
//! The ledger names a part by a keyed hash that only this instance can make; a restored copy finds the part again by
//! hashing what it holds, and bars what it does not hold.

use std::collections::BTreeSet;

use discover_model::ledger::{Actor, LedgerEvent, LedgerFact, Part, PartKind};
use discover_model::scope::path_within;
use discover_model::{ConversationId, NetworkId, Post, PostId, Refusal, Source, Visibility, Voice};
use hmac::{Hmac, Mac};
use jiff::Timestamp;
use sha2::Sha256;

use crate::consent::grants::read_grant;
use crate::consent::tombstones::{bury, bury_origin, up_to};
use crate::consent::visibility::Entry;
use crate::consent::visibility::sources_within;
use crate::consent::{ledger, visibility};
use crate::database::{Connection, query, query_scalar};
use crate::posts::{gone, remove};
use crate::row::{hex, id};
use crate::{Hide, Store, StoreError, files, remains};

impl Store {
    /// Withdraws a source, path, conversation or post: hidden and on the ledger when it returns, never stored again, and
    /// erased by the next [`Store::erase`]. The same call again changes nothing. A whole network leaves by
    /// [`Store::withdraw_network`], which is called for [`Hide::Network`].
    pub async fn withdraw_part(
        &self,
        what: &Hide,
        actor: Actor,
        now: Timestamp,
    ) -> Result<Visibility, StoreError> {
        if let Hide::Network(network) = what {
            return self.withdraw_network(*network, actor, now).await;
        }
        match self.withdraw_part_once(what, actor, now).await {
            Err(StoreError::DiskFull { .. }) if files::free_reserve(self.dir()) => {
                self.withdraw_part_once(what, actor, now).await
            }
            done => done,
        }
    }

    /// Withdraws a post that its source took down meanwhile: it does not come in again, by whichever source, key or address,
    /// and the ledger says so to a copy of the store that holds it. One that is withdrawn already stays as it is.
    pub async fn withdraw_lost_post(
        &self,
        network: NetworkId,
        post: PostId,
        actor: Actor,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let key = self.tombstone_key();
        let mut writer = self.write().await?;
        let result = async {
            let connection = writer.connection();
            match visibility::entry(connection, &Hide::Post(post)).await {
                Ok(entry) => {
                    let reason = visibility::reason(connection, &entry).await?;
                    if reason.as_deref() == Some("withdrawn") {
                        return Ok(());
                    }
                }
                Err(StoreError::NotFound { .. }) => {}
                Err(error) => return Err(error),
            }
            take_back_lost(connection, &key, network, post, now).await?;
            let part = of(&key, PartKind::Post, post.to_bytes());
            if !is_barred(connection, network, &part).await? {
                bar(connection, network, &part).await?;
                let fact = LedgerFact {
                    part: Some(part),
                    ..LedgerFact::new(now, LedgerEvent::Withdrawn, network, actor)
                };
                ledger::append(&mut writer, fact).await?;
            }
            Ok(())
        }
        .await;
        writer.finish(result).await
    }

    async fn withdraw_part_once(
        &self,
        what: &Hide,
        actor: Actor,
        now: Timestamp,
    ) -> Result<Visibility, StoreError> {
        let key = self.tombstone_key();
        let mut writer = self.write().await?;
        let result = async {
            let entry = visibility::entry(writer.connection(), what).await?;
            let network = NetworkId::from_bytes(entry.network);
            let part = entry.part(&key)?;
            let reason = visibility::reason(writer.connection(), &entry).await?;
            let known = reason.as_deref() == Some("withdrawn")
                || is_barred(writer.connection(), network, &part).await?;
            let shown = withdraw(writer.connection(), &key, &entry, now).await?;
            if !known {
                let fact = LedgerFact {
                    part: Some(part),
                    ..LedgerFact::new(now, LedgerEvent::Withdrawn, network, actor)
                };
                ledger::append(&mut writer, fact).await?;
            }
            Ok(shown)
        }
        .await;
        writer.finish(result).await
    }
}

async fn take_back_lost(
    connection: &mut Connection,
    key: &[u8; 32],
    network: NetworkId,
    post: PostId,
    now: Timestamp,
) -> Result<(), StoreError> {
    remove::take_back(connection, key, network, &[post], Refusal::Objected, now).await?;
    // Its bytes may still be in the files.
    remains::forget(connection).await
}

/// Bars a part that a newer ledger says was withdrawn and this store does not hold. What its source had taken down before
/// is barred by whatever names it.
pub(crate) async fn bar_missing(
    connection: &mut Connection,
    key: &[u8; 32],
    network: NetworkId,
    part: &Part,
    now: Timestamp,
) -> Result<(), StoreError> {
    let gone = gone::ids(connection, network, part.kind).await?;
    match gone.into_iter().find(|id| of(key, part.kind, *id) == *part) {
        Some(id) if part.kind == PartKind::Post => {
            take_back_lost(connection, key, network, PostId::from_bytes(id), now).await?;
        }
        Some(id) => {
            let whose = gone::Whose::Conversation(id);
            remove::bar_gone(connection, network, whose, Refusal::Withdrawn, now).await?;
        }
        None => {}
    }
    bar(connection, network, part).await
}

/// Hides a part for good. A withdrawn path takes the sources within it along, ends their visits, and ends the grants that
/// cover nothing else; what those covered opens only to a newer proof on the site.
pub(crate) async fn withdraw(
    connection: &mut Connection,
    key: &[u8; 32],
    entry: &Entry,
    now: Timestamp,
) -> Result<Visibility, StoreError> {
    if let Some((origin, prefix)) = &entry.path {
        let network = NetworkId::from_bytes(entry.network);
        let grants = query("SELECT * FROM grants WHERE network_id = ? AND origin = ?")
            .bind(entry.network.to_vec())
            .bind(origin)
            .fetch_all(&mut *connection)
            .await?;
        for row in &grants {
            let grant = read_grant(row)?;
            let all = grant.scope.prefixes();
            if all.iter().all(|path| path_within(path, prefix)) {
                query("UPDATE grants SET state = 'withdrawn' WHERE grant_id = ?")
                    .bind(grant.id.to_bytes().to_vec())
                    .execute(&mut *connection)
                    .await?;
                for path in all {
                    bury(connection, key, network, origin, path, now).await?;
                }
                if grant.evidence.folder.is_none() {
                    bury_origin(connection, key, network, origin, now).await?;
                }
            }
        }
        for source in sources_within(connection, network, origin, prefix).await? {
            visibility::hide_entry(connection, &source, Refusal::Withdrawn, now).await?;
        }
    }
    visibility::hide_entry(connection, entry, Refusal::Withdrawn, now).await
}

impl Entry {
    fn part(&self, key: &[u8; 32]) -> Result<Part, StoreError> {
        match &self.path {
            Some((origin, prefix)) => Ok(path(key, origin, prefix)),
            None => {
                let kind = crate::row::from_word(self.kind)
                    .ok_or_else(|| crate::row::bad("kind", self.kind))?;
                Ok(of(key, kind, self.id))
            }
        }
    }
}

/// A source, conversation or post as the ledger names it.
pub(crate) fn of(key: &[u8; 32], kind: PartKind, id: [u8; 16]) -> Part {
    Part {
        kind,
        mac: mac(key, kind, &id),
    }
}

/// A path as the ledger names it.
pub(crate) fn path(key: &[u8; 32], origin: &str, prefix: &str) -> Part {
    Part {
        kind: PartKind::Path,
        mac: mac(key, PartKind::Path, format!("{origin}{prefix}").as_bytes()),
    }
}

fn mac(key: &[u8; 32], kind: PartKind, what: &[u8]) -> String {
    let mut mac = Hmac::<Sha256>::new_from_slice(key).expect("HMAC takes a key of any length");
    mac.update(b"part ");
    mac.update(kind.as_str().as_bytes());
    mac.update(&[0]);
    mac.update(what);
    hex(&mac.finalize().into_bytes()[..16])
}

/// The deny entry of a withdrawn part, found among what this store holds.
pub(crate) async fn find(
    connection: &mut Connection,
    key: &[u8; 32],
    network: NetworkId,
    part: &Part,
) -> Result<Option<Entry>, StoreError> {
    let sql = match part.kind {
        PartKind::Source => "SELECT source_id AS id FROM sources WHERE network_id = ?",
        PartKind::Conversation => {
            "SELECT conversation_id AS id FROM conversations WHERE network_id = ?"
        }
        PartKind::Post => "SELECT post_id AS id FROM posts WHERE network_id = ?",
        PartKind::Path => return find_path(connection, key, network, part).await,
        PartKind::Scope | PartKind::Voice => return Ok(None),
    };
    let rows = query(sql)
        .bind(network.to_bytes().to_vec())
        .fetch_all(connection)
        .await?;
    for row in &rows {
        let id = id(row, "id")?;
        if of(key, part.kind, id) == *part {
            return Ok(Some(Entry {
                kind: part.kind.as_str(),
                id,
                network: network.to_bytes(),
                path: None,
            }));
        }
    }
    Ok(None)
}

async fn find_path(
    connection: &mut Connection,
    key: &[u8; 32],
    network: NetworkId,
    part: &Part,
) -> Result<Option<Entry>, StoreError> {
    let rows = query("SELECT url FROM posts WHERE network_id = ?1 UNION SELECT url FROM sources WHERE network_id = ?1")
        .bind(network.to_bytes().to_vec())
        .fetch_all(connection)
        .await?;
    let mut tried: BTreeSet<String> = BTreeSet::new();
    for row in &rows {
        let url: &str = row.try_get("url")?;
        for (origin, prefix) in prefixes(url) {
            if tried.insert(format!("{origin}{prefix}")) && path(key, &origin, &prefix) == *part {
                return Ok(Some(Entry {
                    kind: "path",
                    id: visibility::path_id(network, &origin, &prefix),
                    network: network.to_bytes(),
                    path: Some((origin, prefix)),
                }));
            }
        }
    }
    Ok(None)
}

/// Every origin and path that covers an address.
fn prefixes(url: &str) -> Vec<(String, String)> {
    let Ok(url) = url::Url::parse(url) else {
        return Vec::new();
    };
    let Ok(origin) = discover_model::Origin::of(&url) else {
        return Vec::new();
    };
    up_to(url.path())
        .into_iter()
        .map(|prefix| (origin.as_str().to_owned(), prefix.to_owned()))
        .collect()
}

/// Remembers a withdrawn part that is not held here, so that it does not come in later.
pub(crate) async fn bar(
    connection: &mut Connection,
    network: NetworkId,
    part: &Part,
) -> Result<(), StoreError> {
    query(
        "INSERT INTO barred_parts (network_id, kind, mac) VALUES (?, ?, ?) ON CONFLICT DO NOTHING",
    )
    .bind(network.to_bytes().to_vec())
    .bind(part.kind.as_str())
    .bind(&part.mac)
    .execute(connection)
    .await?;
    Ok(())
}

/// Keeps withdrawn paths as keyed hashes alone, once nothing of them is left anywhere: nothing below them comes in, and
/// nobody can read what they were.
pub(crate) async fn forget_paths(
    connection: &mut Connection,
    key: &[u8; 32],
) -> Result<(), StoreError> {
    let rows = query(
        "SELECT id, network_id, origin, prefix FROM hides
         WHERE kind = 'path' AND reason = 'withdrawn' AND purged = 1",
    )
    .fetch_all(&mut *connection)
    .await?;
    for row in &rows {
        let network = NetworkId::from_bytes(id(row, "network_id")?);
        let part = path(key, row.try_get("origin")?, row.try_get("prefix")?);
        let due: Option<i64> = query_scalar(
            "SELECT 1 FROM receipts_due WHERE network_id = ? AND kind = ? AND mac = ?",
        )
        .bind(network.to_bytes().to_vec())
        .bind(part.kind.as_str())
        .bind(&part.mac)
        .fetch_optional(&mut *connection)
        .await?;
        if due.is_some() {
            continue;
        }
        bar(connection, network, &part).await?;
        query("DELETE FROM hides WHERE kind = 'path' AND id = ?")
            .bind(row.try_get::<&[u8], _>("id")?)
            .execute(&mut *connection)
            .await?;
        remains::forget(connection).await?;
        visibility::next_generation(connection).await?;
    }
    Ok(())
}

/// Whether a part was withdrawn and is kept as a keyed hash alone.
async fn is_barred(
    connection: &mut Connection,
    network: NetworkId,
    part: &Part,
) -> Result<bool, StoreError> {
    let found: Option<i64> =
        query_scalar("SELECT 1 FROM barred_parts WHERE network_id = ? AND kind = ? AND mac = ?")
            .bind(network.to_bytes().to_vec())
            .bind(part.kind.as_str())
            .bind(&part.mac)
            .fetch_optional(connection)
            .await?;
    Ok(found.is_some())
}

/// The parts of a network that were withdrawn while this copy of the store did not hold them.
#[derive(Debug, Default)]
pub(crate) struct BarredParts {
    key: [u8; 32],
    parts: BTreeSet<(String, String)>,
}

impl BarredParts {
    pub(crate) async fn load(
        connection: &mut Connection,
        key: [u8; 32],
        network: NetworkId,
    ) -> Result<Self, StoreError> {
        let rows = query("SELECT kind, mac FROM barred_parts WHERE network_id = ?")
            .bind(network.to_bytes().to_vec())
            .fetch_all(connection)
            .await?;
        let parts = rows
            .iter()
            .map(|row| Ok((row.try_get("kind")?, row.try_get("mac")?)))
            .collect::<Result<_, StoreError>>()?;
        Ok(Self { key, parts })
    }

    fn has(&self, part: Part) -> bool {
        self.parts
            .contains(&(part.kind.as_str().to_owned(), part.mac))
    }

    pub(crate) fn bars_source(&self, source: &Source) -> bool {
        !self.parts.is_empty() && self.has(of(&self.key, PartKind::Source, source.id.to_bytes()))
    }

    pub(crate) fn bars_post(&self, post: &Post) -> bool {
        !self.parts.is_empty()
            && (self.has(of(&self.key, PartKind::Post, post.id.to_bytes()))
                || prefixes(post.url.as_str())
                    .iter()
                    .any(|(origin, prefix)| self.has(path(&self.key, origin, prefix))))
    }

    /// Whether the author left while this copy of the store held nothing of theirs.
    pub(crate) fn bars_voice(&self, voice: Voice) -> bool {
        !self.parts.is_empty() && self.has(of(&self.key, PartKind::Voice, voice.to_bytes()))
    }

    pub(crate) fn any_conversation(&self) -> bool {
        self.parts.iter().any(|(kind, _)| kind == "conversation")
    }

    pub(crate) fn bars_conversation(&self, conversation: ConversationId) -> bool {
        self.any_conversation()
            && self.has(of(
                &self.key,
                PartKind::Conversation,
                conversation.to_bytes(),
            ))
    }
}
