//! Posts that went: by what they are known when they come again, from any source, under any key or address.
//!
//! What its source took back may return and is the post that it was: same id, same conversation, same keys. What was
//! objected to or withdrawn may not. Addresses and words are kept as keyed hashes that only this instance can make.

use std::collections::{BTreeMap, BTreeSet};
use std::str::FromStr;

use discover_model::ledger::PartKind;
use discover_model::{ConversationId, NetworkId, Post, PostId, Refusal, Source, Voice};
use hmac::{Hmac, Mac};
use jiff::Timestamp;
use sha2::Sha256;
use url::Url;

use crate::StoreError;
use crate::database::{Connection, query, query_scalar};
use crate::keys::{self, Key};
use crate::row::{bad, id, id_list, maybe_id, micros, number_list};

/// A keyed hash by which a post is known beyond its keys.
const MARK: i64 = 3;

/// A post that is gone and comes again.
#[derive(Debug, Clone)]
pub(crate) struct Gone {
    pub(crate) id: PostId,
    pub(crate) conversation: ConversationId,
    /// It was its conversation's root.
    pub(crate) opened: bool,
    /// Why it must stay away.
    pub(crate) refusal: Option<Refusal>,
}

/// Whose gone posts are meant.
pub(crate) enum Whose<'a> {
    /// Ids that any source derives, as a list for `json_each`.
    Ids(&'a str),
    Conversation(Key),
    Voice(Voice),
}

fn mark(secret: &[u8; 32], label: &str, parts: &[&[u8]]) -> Key {
    let mut mac = Hmac::<Sha256>::new_from_slice(secret).expect("HMAC takes a key of any length");
    mac.update(b"gone ");
    mac.update(label.as_bytes());
    for part in parts {
        mac.update(&[0]);
        mac.update(part);
    }
    let mut first = [0; 16];
    first.copy_from_slice(&mac.finalize().into_bytes()[..16]);
    first
}

/// An address that no other post has.
fn alone(secret: &[u8; 32], address: Key) -> Key {
    mark(secret, "at", &[&address])
}

/// The address of a page's opening post, which its replies may share.
fn opening(secret: &[u8; 32], address: Key) -> Key {
    mark(secret, "opens", &[&address])
}

fn words_there(secret: &[u8; 32], address: Key, words: Key) -> Key {
    mark(secret, "words", &[&address, &words])
}

/// The same words of the same moment: a post that moved.
fn said(secret: &[u8; 32], words: Key, published: i64) -> Key {
    mark(secret, "said", &[&words, &published.to_be_bytes()])
}

/// All that an arriving post may be known by.
fn marks_of(secret: &[u8; 32], post: &Post) -> Vec<Key> {
    let words = (!post.text.is_empty()).then(|| post.content_hash.to_be_bytes());
    let reply = keys::is_reply(post);
    let mut marks = Vec::new();
    for (key, kind) in keys::offers(post) {
        if kind == keys::OWN {
            continue;
        }
        marks.push(alone(secret, key));
        if !reply {
            marks.push(opening(secret, key));
        }
        marks.extend(words.map(|words| words_there(secret, key, words)));
    }
    if let (Some(words), Some(published)) = (words, post.published) {
        marks.push(said(secret, words, micros(published)));
    }
    marks
}

/// Notes posts that are about to be deleted. `refusal`: they must stay away.
pub(crate) async fn remember(
    connection: &mut Connection,
    secret: &[u8; 32],
    posts: &str,
    refusal: Option<Refusal>,
    now: Timestamp,
) -> Result<(), StoreError> {
    query(
        "INSERT INTO gone_posts (network_id, post_id, conversation_id, voice, opened, refusal, at)
         SELECT p.network_id, p.post_id, c.conversation_id, p.voice, CASE WHEN c.root = p.post THEN 1 ELSE 0 END, ?, ?
           FROM posts p JOIN conversations c ON c.arrival = p.conversation
           WHERE p.post IN (SELECT value FROM json_each(?))
         ON CONFLICT (network_id, post_id) DO UPDATE SET conversation_id = excluded.conversation_id, voice = excluded.voice,
           opened = excluded.opened, refusal = coalesce(gone_posts.refusal, excluded.refusal), at = excluded.at",
    )
    .bind(refusal.map(Refusal::code))
    .bind(micros(now))
    .bind(posts)
    .execute(&mut *connection)
    .await?;
    query(
        "INSERT INTO gone_keys (key, network_id, post_id, kind, source_id)
         SELECT k.key, p.network_id, p.post_id, k.kind, k.source_id
           FROM posts p JOIN post_keys k ON k.post = p.post
           WHERE p.post IN (SELECT value FROM json_each(?)) ON CONFLICT DO NOTHING",
    )
    .bind(posts)
    .execute(&mut *connection)
    .await?;
    let marks = marks_of_held(connection, secret, posts).await?;
    for (mark, network, post) in &marks {
        query(
            "INSERT INTO gone_keys (key, network_id, post_id, kind, source_id) VALUES (?, ?, ?, ?, zeroblob(16))
             ON CONFLICT DO NOTHING",
        )
        .bind(mark.to_vec())
        .bind(network.to_vec())
        .bind(post.to_vec())
        .bind(MARK)
        .execute(&mut *connection)
        .await?;
    }
    if refusal.is_some() {
        forget_what_is_not_needed(connection).await?;
    }
    Ok(())
}

/// Mark, network and post.
type Marked = (Key, [u8; 16], [u8; 16]);

/// By what posts that are still held will be known. An address counts by itself where no other post of the network has it
/// and it is not the page's that the post stands on.
async fn marks_of_held(
    connection: &mut Connection,
    secret: &[u8; 32],
    posts: &str,
) -> Result<Vec<Marked>, StoreError> {
    let rows = query(
        "SELECT k.key, k.kind, p.network_id, p.post_id, p.reply, p.content_hash, p.published, p.text <> '' AS has_words,
           c.thread_url, s.url AS source_url,
           k.kind = ?1 AND EXISTS (
             SELECT 1 FROM post_keys o JOIN posts q ON q.post = o.post
             WHERE o.key = k.key AND o.network_id = k.network_id AND o.kind = ?1 AND o.post <> k.post
               AND (p.reply = 1 OR q.reply = 0)) AS shared
         FROM posts p JOIN conversations c ON c.arrival = p.conversation JOIN post_keys k ON k.post = p.post
           LEFT JOIN sources s ON s.source_id = p.source_id
         WHERE p.post IN (SELECT value FROM json_each(?2)) AND k.kind <> ?3",
    )
    .bind(keys::ADDRESS)
    .bind(posts)
    .bind(keys::OWN)
    .fetch_all(&mut *connection)
    .await?;
    let mut marks: BTreeSet<Marked> = BTreeSet::new();
    for row in &rows {
        let key: Key = id(row, "key")?;
        let (network, post) = (id(row, "network_id")?, id(row, "post_id")?);
        let mut add = |mark: Key| marks.insert((mark, network, post));
        let reply = row.try_get::<i64, _>("reply")? != 0;
        let words: Option<Key> = (row.try_get::<i64, _>("has_words")? != 0)
            .then(|| id(row, "content_hash"))
            .transpose()?;
        if let Some(words) = words {
            add(words_there(secret, key, words));
            if let Some(published) = row.try_get::<Option<i64>, _>("published")? {
                add(said(secret, words, published));
            }
        }
        if row.try_get::<i64, _>("kind")? == keys::WIDE {
            add(alone(secret, key));
            continue;
        }
        let is = |column: &str| -> Result<bool, StoreError> {
            let url: Option<&str> = row.try_get(column)?;
            Ok(url.and_then(keys::of_text) == Some(key))
        };
        if row.try_get::<i64, _>("shared")? != 0 || is_home(row.try_get("source_url")?, key) {
            continue;
        }
        if !reply {
            add(opening(secret, key));
        } else if !is("thread_url")? {
            add(alone(secret, key));
        }
    }
    Ok(marks.into_iter().collect())
}

/// Whether an address is that of the source itself or of its site: posts without an address of their own have it.
fn is_home(source: Option<&str>, key: Key) -> bool {
    let Some(url) = source.and_then(|source| Url::parse(source).ok()) else {
        return false;
    };
    let home = url.join("/").ok();
    [Some(url), home]
        .iter()
        .flatten()
        .any(|url| keys::of_text(url.as_str()) == Some(key))
}

/// Of what must stay away only the keyed hashes are kept; its ids stand in `taken_back`.
async fn forget_what_is_not_needed(connection: &mut Connection) -> Result<(), StoreError> {
    query(
        "DELETE FROM gone_keys WHERE kind <> ? AND EXISTS (
           SELECT 1 FROM gone_posts g WHERE g.network_id = gone_keys.network_id
             AND g.post_id = gone_keys.post_id AND g.refusal IS NOT NULL)",
    )
    .bind(MARK)
    .execute(&mut *connection)
    .await?;
    query("UPDATE gone_posts SET voice = zeroblob(16) WHERE refusal IS NOT NULL AND voice <> zeroblob(16)")
        .execute(connection)
        .await?;
    Ok(())
}

/// Which of the arriving posts are gone ones, by the ids they arrive with.
pub(crate) async fn known(
    connection: &mut Connection,
    secret: &[u8; 32],
    source: &Source,
    posts: &[Post],
) -> Result<BTreeMap<PostId, Gone>, StoreError> {
    if posts.is_empty() {
        return Ok(BTreeMap::new());
    }
    let network = source.network.to_bytes().to_vec();
    let any: Option<i64> = query_scalar("SELECT 1 FROM gone_posts WHERE network_id = ? LIMIT 1")
        .bind(network.clone())
        .fetch_optional(&mut *connection)
        .await?;
    if any.is_none() {
        return Ok(BTreeMap::new());
    }
    let wanted: Vec<(PostId, Vec<Key>)> = posts
        .iter()
        .map(|post| {
            let mut keys = marks_of(secret, post);
            keys.push(post.id.to_bytes());
            (post.id, keys)
        })
        .collect();
    let all: BTreeSet<Key> = wanted.iter().flat_map(|(_, keys)| keys).copied().collect();
    let rows = query(
        "SELECT k.key, g.post_id, g.conversation_id, g.opened, g.refusal
         FROM gone_keys k JOIN gone_posts g ON g.network_id = k.network_id AND g.post_id = k.post_id
         WHERE k.key IN (SELECT unhex(value) FROM json_each(?)) AND k.network_id = ? AND k.kind IN (?, ?)
         ORDER BY g.refusal IS NULL, g.at DESC, g.post_id",
    )
    .bind(id_list(all))
    .bind(network)
    .bind(keys::OWN)
    .bind(MARK)
    .fetch_all(connection)
    .await?;
    let mut by_key: BTreeMap<Key, (usize, Gone)> = BTreeMap::new();
    for (at, row) in rows.iter().enumerate() {
        let code: Option<&str> = row.try_get("refusal")?;
        let refusal = code
            .map(|code| Refusal::from_str(code).map_err(|_| bad("refusal", code)))
            .transpose()?;
        let gone = Gone {
            id: PostId::from_bytes(id(row, "post_id")?),
            conversation: ConversationId::from_bytes(id(row, "conversation_id")?),
            opened: row.try_get::<i64, _>("opened")? != 0,
            refusal,
        };
        by_key.entry(id(row, "key")?).or_insert((at, gone));
    }
    Ok(wanted
        .into_iter()
        .filter_map(|(post, keys)| {
            let found = keys.iter().filter_map(|key| by_key.get(key));
            let (_, gone) = found.min_by_key(|(at, _)| *at)?;
            Some((post, gone.clone()))
        })
        .collect())
}

/// Gives posts that came again the keys that they had. Pairs of row number and id.
pub(crate) async fn returned(
    connection: &mut Connection,
    network: NetworkId,
    posts: &[(i64, PostId)],
) -> Result<(), StoreError> {
    let network = network.to_bytes().to_vec();
    for (number, post) in posts {
        let post = post.to_bytes().to_vec();
        query(
            "INSERT INTO post_keys (key, network_id, post, kind, source_id)
             SELECT key, network_id, ?, kind, source_id FROM gone_keys
             WHERE network_id = ? AND post_id = ? AND kind <> ? ON CONFLICT DO NOTHING",
        )
        .bind(*number)
        .bind(network.clone())
        .bind(post.clone())
        .bind(MARK)
        .execute(&mut *connection)
        .await?;
        query(
            "DELETE FROM taken_back WHERE network_id = ?1 AND by_source = 1 AND post_id IN (
               SELECT key FROM gone_keys WHERE network_id = ?1 AND post_id = ?2 AND kind = ?3)",
        )
        .bind(network.clone())
        .bind(post.clone())
        .bind(keys::OWN)
        .execute(&mut *connection)
        .await?;
        for sql in [
            "DELETE FROM gone_keys WHERE network_id = ? AND post_id = ?",
            "DELETE FROM gone_posts WHERE network_id = ? AND post_id = ?",
        ] {
            query(sql)
                .bind(network.clone())
                .bind(post.clone())
                .execute(&mut *connection)
                .await?;
        }
    }
    Ok(())
}

/// Ids of posts or conversations of which something is gone: those a withdrawal may name.
pub(crate) async fn ids(
    connection: &mut Connection,
    network: NetworkId,
    kind: PartKind,
) -> Result<Vec<Key>, StoreError> {
    let sql = match kind {
        PartKind::Post => {
            "SELECT DISTINCT key AS id FROM gone_keys WHERE network_id = ? AND kind = 0"
        }
        PartKind::Conversation => {
            "SELECT DISTINCT conversation_id AS id FROM gone_posts WHERE network_id = ?"
        }
        PartKind::Source | PartKind::Path | PartKind::Scope | PartKind::Voice => {
            return Ok(Vec::new());
        }
    };
    let rows = query(sql)
        .bind(network.to_bytes().to_vec())
        .fetch_all(connection)
        .await?;
    let mut ids = Vec::with_capacity(rows.len());
    for row in &rows {
        ids.extend(maybe_id(row, "id")?);
    }
    Ok(ids)
}

/// Says of posts that their source took back before that they must stay away, too. Returns the ids that any source derives
/// for them, which the caller bars.
pub(crate) async fn must_stay_away(
    connection: &mut Connection,
    network: NetworkId,
    whose: Whose<'_>,
    refusal: Refusal,
) -> Result<Vec<Key>, StoreError> {
    let network = network.to_bytes().to_vec();
    let (sql, which) = match whose {
        Whose::Ids(list) => (
            "SELECT DISTINCT k.post_id FROM gone_keys k
             WHERE k.network_id = ?1 AND (k.kind = 0 AND k.key IN (SELECT unhex(value) FROM json_each(?2))
               OR k.post_id IN (SELECT unhex(value) FROM json_each(?2)))",
            list.to_owned(),
        ),
        Whose::Conversation(id) => (
            "SELECT post_id FROM gone_posts WHERE network_id = ?1 AND refusal IS NULL
               AND conversation_id IN (SELECT unhex(value) FROM json_each(?2))",
            id_list([id]),
        ),
        Whose::Voice(voice) => (
            "SELECT post_id FROM gone_posts WHERE network_id = ?1 AND refusal IS NULL
               AND voice IN (SELECT unhex(value) FROM json_each(?2))",
            id_list([voice.to_bytes()]),
        ),
    };
    let rows = query(sql)
        .bind(network.clone())
        .bind(which)
        .fetch_all(&mut *connection)
        .await?;
    let mut posts: Vec<Key> = Vec::with_capacity(rows.len());
    for row in &rows {
        posts.extend(maybe_id(row, "post_id")?);
    }
    if posts.is_empty() {
        return Ok(Vec::new());
    }
    let list = id_list(posts);
    query(
        "UPDATE gone_posts SET refusal = ? WHERE network_id = ? AND refusal IS NULL
           AND post_id IN (SELECT unhex(value) FROM json_each(?))",
    )
    .bind(refusal.code())
    .bind(network.clone())
    .bind(list.clone())
    .execute(&mut *connection)
    .await?;
    let own: Vec<Vec<u8>> = query_scalar(
        "SELECT key FROM gone_keys WHERE network_id = ? AND kind = 0
           AND post_id IN (SELECT unhex(value) FROM json_each(?))",
    )
    .bind(network)
    .bind(list)
    .fetch_all(&mut *connection)
    .await?;
    forget_what_is_not_needed(connection).await?;
    Ok(own
        .iter()
        .filter_map(|key| key.as_slice().try_into().ok())
        .collect())
}

/// Of posts that go, those that somebody has spoken of: hidden by themselves, or objected to.
pub(crate) async fn spoken_of(
    connection: &mut Connection,
    posts: &[i64],
) -> Result<Vec<i64>, StoreError> {
    Ok(query_scalar(
        "SELECT p.post FROM posts p WHERE p.post IN (SELECT value FROM json_each(?)) AND (
           EXISTS (SELECT 1 FROM hides h WHERE h.kind = 'post' AND h.id = p.post_id)
           OR EXISTS (SELECT 1 FROM objections o WHERE o.network_id = p.network_id AND o.post_id = p.post_id))",
    )
    .bind(number_list(posts.iter().copied()))
    .fetch_all(connection)
    .await?)
}

/// Posts below what its source takes back wait for it, so that they answer it again when it returns.
pub(crate) async fn wait_for(connection: &mut Connection, posts: &str) -> Result<(), StoreError> {
    query(
        "INSERT INTO waiting (wanted, post, network_id, role)
         SELECT above.post_id, below.post, below.network_id, ?2 FROM posts above
           JOIN posts below ON below.conversation = above.conversation AND below.parent = above.post
           WHERE above.post IN (SELECT value FROM json_each(?1))
             AND below.post NOT IN (SELECT value FROM json_each(?1))
         ON CONFLICT (wanted, post) DO UPDATE SET role = waiting.role | excluded.role",
    )
    .bind(posts)
    .bind(keys::PARENT)
    .execute(connection)
    .await?;
    Ok(())
}
