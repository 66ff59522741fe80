//! A member leaves, while the network stays: all of that voice goes, and is refused from then on.
//!
//! Contract: the list holds the network's keyed hash of the author and nothing else, and the ledger a hash of that under the
//! instance's key. No function gives the list out, and it goes with the network, as does the key without which a hash says
//! nothing.

use discover_model::ledger::{Actor, LedgerEvent, LedgerFact, Part, PartKind};
use discover_model::{NetworkId, PostId, Refusal, SourceId, Voice, VoiceKey};
use jiff::Timestamp;

use crate::consent::{ledger, partial_withdrawal};
use crate::database::{Connection, query, query_scalar};
use crate::posts::gone::Whose;
use crate::posts::remove;
use crate::row::id;
use crate::{Store, StoreError, Writer, files, remains};

/// Posts removed in one transaction.
const PIECE: i64 = 500;

impl Store {
    /// Takes out all that the author of a post has in its network, and lets nothing more of theirs in. Returns how many
    /// posts went, or `None` where the post has no author of its own: a source that names nobody is one voice, and leaves
    /// as a source. The bytes go with the next [`Store::erase`].
    pub async fn opt_out_author_of(
        &self,
        post: PostId,
        now: Timestamp,
    ) -> Result<Option<u64>, StoreError> {
        let noted = match self.note(post, now).await {
            Err(StoreError::DiskFull { .. }) if files::free_reserve(self.dir()) => {
                self.note(post, now).await?
            }
            noted => noted?,
        };
        let Some((network, voice)) = noted else {
            return Ok(None);
        };
        let key = self.tombstone_key();
        let mut gone = 0;
        loop {
            let mut writer = self.write().await?;
            let result = take_out(writer.connection(), &key, network, voice, now).await;
            let posts = writer.finish(result).await?;
            gone += posts;
            if posts == 0 {
                return Ok(Some(gone));
            }
        }
    }

    async fn note(
        &self,
        post: PostId,
        now: Timestamp,
    ) -> Result<Option<(NetworkId, Voice)>, StoreError> {
        let key = self.tombstone_key();
        let mut writer = self.write().await?;
        let result = note(&mut writer, &key, post, now).await;
        writer.finish(result).await
    }
}

/// Puts the author of a post on the list, and the leaving on the ledger, by a keyed hash.
pub(crate) async fn note(
    writer: &mut Writer<'_>,
    key: &[u8; 32],
    post: PostId,
    now: Timestamp,
) -> Result<Option<(NetworkId, Voice)>, StoreError> {
    let connection = writer.connection();
    let row = query(
        "SELECT p.network_id, p.source_id, p.voice, v.secret FROM post_keys k
                   JOIN posts p ON p.post = k.post JOIN voice_keys v ON v.network_id = p.network_id
                 WHERE k.key = ? AND k.kind = 0",
    )
    .bind(post.to_bytes().to_vec())
    .fetch_optional(&mut *connection)
    .await?
    .ok_or_else(|| StoreError::NotFound {
        what: "post",
        id: post.to_string(),
    })?;
    let network = NetworkId::from_bytes(id(&row, "network_id")?);
    let voice = Voice::from_bytes(id(&row, "voice")?);
    let secret: [u8; 32] = row
        .try_get::<&[u8], _>("secret")?
        .try_into()
        .map_err(|_| crate::row::bad("secret", "(not 32 bytes)"))?;
    let source = SourceId::from_bytes(id(&row, "source_id")?);
    if voice == Voice::of_source(&VoiceKey::new(secret), source) {
        return Ok(None);
    }
    if put(connection, network, voice).await? {
        let fact = LedgerFact {
            part: Some(partial_withdrawal::of(
                key,
                PartKind::Voice,
                voice.to_bytes(),
            )),
            ..LedgerFact::new(now, LedgerEvent::Withdrawn, network, Actor::Objector)
        };
        ledger::append(writer, fact).await?;
    }
    Ok(Some((network, voice)))
}

/// Puts a voice on the list; `true` where it was not there.
async fn put(
    connection: &mut Connection,
    network: NetworkId,
    voice: Voice,
) -> Result<bool, StoreError> {
    let done =
        query("INSERT INTO opted_out (network_id, voice) VALUES (?, ?) ON CONFLICT DO NOTHING")
            .bind(network.to_bytes().to_vec())
            .bind(voice.to_bytes().to_vec())
            .execute(connection)
            .await?;
    Ok(done.rows_affected() > 0)
}

/// Carries out a leaving that a newer copy of the ledger tells of: of whoever has something here, or may bring it in later.
pub(crate) async fn replay(
    connection: &mut Connection,
    key: &[u8; 32],
    network: NetworkId,
    left: &Part,
    now: Timestamp,
) -> Result<(), StoreError> {
    let rows = query("SELECT DISTINCT voice FROM posts WHERE network_id = ?")
        .bind(network.to_bytes().to_vec())
        .fetch_all(&mut *connection)
        .await?;
    for row in &rows {
        let voice: [u8; 16] = id(row, "voice")?;
        if partial_withdrawal::of(key, PartKind::Voice, voice) == *left {
            let voice = Voice::from_bytes(voice);
            put(connection, network, voice).await?;
            while take_out(connection, key, network, voice, now).await? > 0 {}
            return Ok(());
        }
    }
    partial_withdrawal::bar(connection, network, left).await
}

/// Removes a piece of what an author has; how many posts went.
pub(crate) async fn take_out(
    connection: &mut Connection,
    key: &[u8; 32],
    network: NetworkId,
    voice: Voice,
    now: Timestamp,
) -> Result<u64, StoreError> {
    let refusal = Refusal::AuthorOptedOut;
    remove::bar_gone(connection, network, Whose::Voice(voice), refusal, now).await?;
    let posts: Vec<i64> =
        query_scalar("SELECT post FROM posts WHERE network_id = ? AND voice = ? LIMIT ?")
            .bind(network.to_bytes().to_vec())
            .bind(voice.to_bytes().to_vec())
            .bind(PIECE)
            .fetch_all(&mut *connection)
            .await?;
    if !posts.is_empty() {
        remains::forget(connection).await?;
    }
    let removed = remove::remove(connection, Some(key), network, &posts, refusal, now).await?;
    Ok(removed.posts)
}

/// Whether the author asked not to be found.
pub(crate) async fn opted_out(
    connection: &mut Connection,
    network: NetworkId,
) -> Result<std::collections::BTreeSet<Voice>, StoreError> {
    let rows = query("SELECT voice FROM opted_out WHERE network_id = ?")
        .bind(network.to_bytes().to_vec())
        .fetch_all(connection)
        .await?;
    rows.iter()
        .map(|row| Ok(Voice::from_bytes(id(row, "voice")?)))
        .collect()
}
