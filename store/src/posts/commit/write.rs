//! Writes what a commit decided.

use std::collections::{BTreeMap, BTreeSet};

use discover_model::{ItemMark, NetworkId, Post, PostId, Refusal, Source, SourceId};
use jiff::Timestamp;
use sha2::{Digest, Sha256};

use super::assignment::{Assigned, Move};
use super::lookup::{Duplicate, StoredPost};
use super::marks;
use crate::consent::visibility;
use crate::database::{Connection, InsertRows, query, query_scalar};
use crate::keys::{self, Key, is_reply};
use crate::posts::gone::{self, Gone};
use crate::row::{id, id_list, micros, number_list};
use crate::{StoreError, remains};

/// Rows written with one statement: few sizes, so that each stays prepared, and large ones, because every statement
/// costs a way to the database's thread and back.
const SIZES: [usize; 4] = [100, 25, 5, 1];

/// Splits into pieces of these sizes.
fn pieces<T>(mut rows: &[T]) -> impl Iterator<Item = &[T]> {
    std::iter::from_fn(move || {
        let size = SIZES.into_iter().find(|size| *size <= rows.len())?;
        let (piece, rest) = rows.split_at(size);
        rows = rest;
        Some(piece)
    })
}

/// The shard of a network: fixed for ever, because other machines will hold rows by it.
pub(crate) fn shard(network: NetworkId) -> i64 {
    i64::from(Sha256::digest(network.to_bytes())[0] % 64)
}

fn list_json<T: serde::Serialize>(list: &[T]) -> String {
    serde_json::to_string(list).expect("plain lists become JSON")
}

pub(super) async fn new_posts(
    connection: &mut Connection,
    new: &[Post],
    marks: &BTreeMap<PostId, ItemMark>,
    assigned: &Assigned,
    touched: &mut BTreeSet<i64>,
    now: Timestamp,
) -> Result<(), StoreError> {
    if new.is_empty() {
        return Ok(());
    }
    let network = new[0].network.to_bytes();
    let shard = shard(new[0].network);
    touched.extend(assigned.conversations.iter().copied());
    for piece in pieces(&assigned.opened) {
        let mut query = InsertRows::new(
            "INSERT INTO conversations (arrival, conversation_id, network_id, root) ",
        );
        query.push_values(piece, |row, (arrival, id, root)| {
            row.push_bind(*arrival)
                .push_bind(id.to_bytes().to_vec())
                .push_bind(network.to_vec())
                .push_bind(*root);
        });
        query.build().execute(&mut *connection).await?;
    }
    let rows: Vec<usize> = (0..new.len()).collect();
    for piece in pieces(&rows) {
        let mut query = InsertRows::new(
            "INSERT INTO posts (post, post_id, network_id, shard, version, conversation, parent, source_id,
               grant_id, voice, published, updated, first_seen, checked, reply, content_hash, declared_language,
               language, language_confidence, item_key, url, canonical_url, title, links, redacted, text, answers) ",
        );
        query.push_values(piece, |row, at| {
            let post = &new[*at];
            row.push_bind(assigned.numbers[*at])
                .push_bind(post.id.to_bytes().to_vec())
                .push_bind(network.to_vec())
                .push_bind(shard)
                .push_bind(1)
                .push_bind(assigned.conversations[*at])
                .push_bind(assigned.parents[*at])
                .push_bind(post.source.to_bytes().to_vec())
                .push_bind(post.grant.to_bytes().to_vec())
                .push_bind(post.voice.to_bytes().to_vec())
                .push_bind(post.published.map(micros))
                .push_bind(post.updated.map(micros))
                .push_bind(micros(post.first_seen))
                .push_bind(micros(now))
                .push_bind(i64::from(is_reply(post)))
                .push_bind(post.content_hash.to_be_bytes().to_vec())
                .push_bind(post.declared_language.clone())
                .push_bind(post.language.map(|language| language.as_str().to_owned()))
                .push_bind(post.language_confidence)
                .push_bind(post.key.as_str())
                .push_bind(post.url.as_str())
                .push_bind(post.canonical_url.as_str())
                .push_bind(post.title.clone())
                .push_bind(list_json(&post.links))
                .push_bind(list_json(&post.redacted))
                .push_bind(post.text.as_str())
                .push_bind(keys::answers(post).map(|answers| answers.to_vec()));
        });
        query.build().execute(&mut *connection).await?;
    }
    let keys: Vec<KeyRow> = new
        .iter()
        .zip(&assigned.numbers)
        .flat_map(|(post, number)| {
            let mark = marks.get(&post.id).copied();
            key_rows(post, *number, post.source).map(move |row| KeyRow {
                item: mark.filter(|_| row.kind == keys::OWN),
                ..row
            })
        })
        .collect();
    post_keys(connection, network, &keys).await?;
    for piece in pieces(&assigned.waiting) {
        let mut query = InsertRows::new("INSERT INTO waiting (wanted, post, network_id, role) ");
        query.push_values(piece, |row, (at, key, role)| {
            row.push_bind(key.to_vec())
                .push_bind(assigned.numbers[*at])
                .push_bind(network.to_vec())
                .push_bind(*role);
        });
        query.build().execute(&mut *connection).await?;
    }
    Ok(())
}

/// A key under which a post can be meant.
struct KeyRow {
    key: Key,
    post: i64,
    kind: i64,
    source: SourceId,
    item: Option<ItemMark>,
}

fn key_rows(post: &Post, number: i64, source: SourceId) -> impl Iterator<Item = KeyRow> {
    keys::offers(post)
        .into_iter()
        .map(move |(key, kind)| KeyRow {
            key,
            post: number,
            kind,
            source,
            item: None,
        })
}

async fn post_keys(
    connection: &mut Connection,
    network: [u8; 16],
    keys: &[KeyRow],
) -> Result<(), StoreError> {
    for piece in pieces(keys) {
        let mut query = InsertRows::new(
            "INSERT INTO post_keys (key, network_id, post, kind, source_id, item) ",
        );
        query.push_values(piece, |row, key| {
            row.push_bind(key.key.to_vec())
                .push_bind(network.to_vec())
                .push_bind(key.post)
                .push_bind(key.kind)
                .push_bind(key.source.to_bytes().to_vec())
                .push_bind(key.item.map(|mark| mark.to_bytes().to_vec()));
        });
        query.push(" ON CONFLICT DO NOTHING");
        query.build().execute(&mut *connection).await?;
    }
    Ok(())
}

/// Puts posts that came again where they were: with all their keys, and at the head of the conversation that they opened.
pub(super) async fn returned(
    connection: &mut Connection,
    network: NetworkId,
    new: &[Post],
    assigned: &Assigned,
    returned: &BTreeMap<PostId, Gone>,
) -> Result<(), StoreError> {
    if returned.is_empty() {
        return Ok(());
    }
    let mut pairs = Vec::with_capacity(returned.len());
    for (at, post) in new.iter().enumerate() {
        let Some(gone) = returned.get(&post.id) else {
            continue;
        };
        pairs.push((assigned.numbers[at], post.id));
        if gone.opened && !is_reply(post) {
            query("UPDATE conversations SET root = ? WHERE arrival = ? AND conversation_id = ?")
                .bind(assigned.numbers[at])
                .bind(assigned.conversations[at])
                .bind(gone.conversation.to_bytes().to_vec())
                .execute(&mut *connection)
                .await?;
        }
    }
    gone::returned(connection, network, &pairs).await
}

/// Records further sources (or guids) of posts that are held already.
pub(super) async fn other_sources(
    connection: &mut Connection,
    source: &Source,
    again: &[Duplicate],
    assigned: &Assigned,
) -> Result<(), StoreError> {
    let keys: Vec<KeyRow> = again
        .iter()
        .filter_map(|copy| {
            let number = match &copy.of {
                Ok(held) => held.post,
                Err(at) => *assigned.numbers.get(*at)?,
            };
            Some((copy, number))
        })
        .flat_map(|(copy, number)| key_rows(&copy.post, number, source.id))
        .collect();
    post_keys(connection, source.network.to_bytes(), &keys).await
}

/// Fills in parents that were waited for and joins conversations; what was one becomes an alias. Tells whether the
/// deny set changed: a hidden conversation's posts stay hidden under their new address.
pub(super) async fn joins(
    connection: &mut Connection,
    network: NetworkId,
    assigned: &Assigned,
    touched: &mut BTreeSet<i64>,
) -> Result<bool, StoreError> {
    for (post, role) in &assigned.ended {
        query("UPDATE waiting SET role = role & ~? WHERE post = ?")
            .bind(*role)
            .bind(*post)
            .execute(&mut *connection)
            .await?;
        query("DELETE FROM waiting WHERE post = ? AND role = 0")
            .bind(*post)
            .execute(&mut *connection)
            .await?;
    }
    for (reply, parent) in &assigned.answered {
        query("UPDATE posts SET parent = ? WHERE post = ? AND parent IS NULL")
            .bind(*parent)
            .bind(*reply)
            .execute(&mut *connection)
            .await?;
        let conversation: i64 = query_scalar("SELECT conversation FROM posts WHERE post = ?")
            .bind(*reply)
            .fetch_one(&mut *connection)
            .await?;
        touched.insert(conversation);
    }
    let mut hidden = false;
    let mut gone = Vec::with_capacity(assigned.joins.len());
    for (from, to) in &assigned.joins {
        let ids = query(
            "SELECT old.conversation_id AS old_id, new.conversation_id AS new_id
             FROM conversations old JOIN conversations new ON new.arrival = ? WHERE old.arrival = ?",
        )
        .bind(*to)
        .bind(*from)
        .fetch_one(&mut *connection)
        .await?;
        let (old, new): (Key, Key) = (id(&ids, "old_id")?, id(&ids, "new_id")?);
        hidden |= visibility::carry_over(connection, old, *from).await?;
        marks::forget(connection, *from).await?;
        query("UPDATE posts SET conversation = ? WHERE conversation = ?")
            .bind(*to)
            .bind(*from)
            .execute(&mut *connection)
            .await?;
        query("UPDATE aliases SET new_id = ? WHERE new_id = ?")
            .bind(new.to_vec())
            .bind(old.to_vec())
            .execute(&mut *connection)
            .await?;
        query(
            "INSERT INTO aliases (old_id, new_id, network_id) VALUES (?, ?, ?)
             ON CONFLICT (old_id) DO UPDATE SET new_id = excluded.new_id",
        )
        .bind(old.to_vec())
        .bind(new.to_vec())
        .bind(network.to_bytes().to_vec())
        .execute(&mut *connection)
        .await?;
        touched.insert(*to);
        gone.push(discover_model::ConversationId::from_bytes(old));
    }
    if !assigned.joins.is_empty() {
        let list = number_list(assigned.joins.iter().map(|(from, _)| *from));
        query("DELETE FROM conversations WHERE arrival IN (SELECT value FROM json_each(?))")
            .bind(list)
            .execute(&mut *connection)
            .await?;
    }
    if !assigned.opened.is_empty() {
        // An id that was an alias and is a conversation again is no alias.
        query("DELETE FROM aliases WHERE old_id IN (SELECT unhex(value) FROM json_each(?))")
            .bind(id_list(
                assigned.opened.iter().map(|(_, id, _)| id.to_bytes()),
            ))
            .execute(&mut *connection)
            .await?;
    }
    crate::change_log::gone(connection, network, &gone).await?;
    Ok(hidden)
}

pub(super) async fn updates(
    connection: &mut Connection,
    updates: &[(StoredPost, Post)],
    now: Timestamp,
) -> Result<(), StoreError> {
    if !updates.is_empty() {
        remains::leave_remains(connection, now).await?;
    }
    for (held, post) in updates {
        query(
            "UPDATE posts SET version = version + 1, grant_id = ?, voice = ?, published = ?, updated = ?,
               checked = ?, content_hash = ?, declared_language = ?, language = ?, language_confidence = ?,
               url = ?, canonical_url = ?, title = ?, links = ?, redacted = ?, text = ?,
               answers = coalesce(?, answers)
             WHERE post = ?",
        )
        .bind(post.grant.to_bytes().to_vec())
        .bind(post.voice.to_bytes().to_vec())
        // First seen stays what it was, and nothing is published after it was first seen.
        .bind(held.dated_by(post))
        .bind(post.updated.map(micros))
        .bind(micros(now))
        .bind(post.content_hash.to_be_bytes().to_vec())
        .bind(&post.declared_language)
        .bind(post.language.map(|language| language.as_str().to_owned()))
        .bind(post.language_confidence)
        .bind(post.url.as_str())
        .bind(&post.canonical_url)
        .bind(&post.title)
        .bind(list_json(&post.links))
        .bind(list_json(&post.redacted))
        .bind(&post.text)
        .bind(keys::answers(post).map(|answers| answers.to_vec()))
        .bind(held.post)
        .execute(&mut *connection)
        .await?;
    }
    // A corrected address is another key of the same post.
    for (held, post) in updates {
        post_keys(
            connection,
            post.network.to_bytes(),
            &key_rows(post, held.post, post.source).collect::<Vec<_>>(),
        )
        .await?;
    }
    Ok(())
}

/// Notes title and address of the threads that posts stand in, and which of the new posts opens its thread.
pub(super) async fn threads(
    connection: &mut Connection,
    posts: impl Iterator<Item = (&Post, i64, Option<i64>)>,
    touched: &mut BTreeSet<i64>,
) -> Result<(), StoreError> {
    let mut met = BTreeSet::new();
    for (post, conversation, new) in posts {
        let (Some(thread), Some(key)) = (&post.thread, keys::thread(post)) else {
            continue;
        };
        if let Some(number) = new.filter(|_| !is_reply(post)) {
            let opened = query("UPDATE conversations SET root = ? WHERE arrival = ?")
                .bind(number)
                .bind(conversation)
                .execute(&mut *connection)
                .await?;
            if opened.rows_affected() > 0 {
                touched.insert(conversation);
            }
        }
        if !met.insert(conversation) {
            continue;
        }
        // The words of an opening post that must stay away do not come back as the thread's.
        let opening = keys::reference(post, keys::ROOT)
            .map(|root| discover_model::PostId::derive(post.network, post.source, root));
        let changed = query(
            "UPDATE conversations SET thread = ?1, thread_title = coalesce(?2, thread_title), thread_url = ?3,
               thread_closed = coalesce(?8, thread_closed)
             WHERE arrival = ?4 AND (thread IS DISTINCT FROM ?1 OR ?2 IS NOT NULL AND thread_title IS DISTINCT FROM ?2
               OR thread_url IS DISTINCT FROM ?3 OR ?8 IS NOT NULL AND thread_closed IS DISTINCT FROM ?8)
               AND NOT EXISTS (SELECT 1 FROM taken_back t WHERE t.network_id = ?5 AND t.post_id = ?6 AND t.by_source = 0 AND t.refusal <> ?7)",
        )
        .bind(key.to_vec())
        .bind(&thread.title)
        .bind(thread.url.as_str())
        .bind(conversation)
        .bind(post.network.to_bytes().to_vec())
        .bind(opening.map(|id| id.to_bytes().to_vec()))
        .bind(Refusal::TooOld.code())
        .bind(thread.closed)
        .execute(&mut *connection)
        .await?;
        if changed.rows_affected() > 0 {
            touched.insert(conversation);
        }
    }
    Ok(())
}

/// Follows posts that were put right in what they answer, with the replies below them.
pub(super) async fn moved(
    connection: &mut Connection,
    moves: &[Move],
    touched: &mut BTreeSet<i64>,
) -> Result<(), StoreError> {
    for step in moves {
        query("UPDATE posts SET reply = 1, parent = coalesce(?, parent) WHERE post = ?")
            .bind(step.parent)
            .bind(step.post)
            .execute(&mut *connection)
            .await?;
        touched.extend([step.from, step.to]);
        if step.from == step.to {
            continue;
        }
        marks::forget(connection, step.from).await?;
        query(
            "WITH RECURSIVE below(post) AS (
               SELECT ?1 UNION SELECT p.post FROM posts p JOIN below ON p.parent = below.post
               WHERE p.conversation = ?2)
             UPDATE posts SET conversation = ?3 WHERE post IN (SELECT post FROM below)",
        )
        .bind(step.post)
        .bind(step.from)
        .bind(step.to)
        .execute(&mut *connection)
        .await?;
        query(
            "UPDATE conversations SET root = (SELECT post FROM posts WHERE conversation = arrival
               ORDER BY coalesce(published, first_seen), post_id LIMIT 1)
             WHERE arrival = ?1 AND EXISTS (SELECT 1 FROM posts WHERE conversation = ?1)
               AND NOT EXISTS (SELECT 1 FROM posts WHERE post = root AND conversation = ?1)",
        )
        .bind(step.from)
        .execute(&mut *connection)
        .await?;
    }
    Ok(())
}

/// Notes that posts were found where they stood.
pub(super) async fn seen(
    connection: &mut Connection,
    posts: impl Iterator<Item = i64>,
    now: Timestamp,
) -> Result<(), StoreError> {
    let list = number_list(posts);
    if list != "[]" {
        query("UPDATE posts SET checked = ? WHERE post IN (SELECT value FROM json_each(?))")
            .bind(micros(now))
            .bind(list)
            .execute(connection)
            .await?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shards_are_fixed_for_ever() {
        let shards: Vec<i64> = [0, 1, u128::MAX]
            .map(|id| shard(NetworkId::from_u128(id)))
            .to_vec();
        assert_eq!(shards, SHARDS);
    }
    const SHARDS: [i64; 3] = [55, 60, 26];
}
