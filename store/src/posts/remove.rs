//! Taking posts out: rows, keys, what waited for them, and the conversations that are empty without them.

use std::collections::BTreeSet;

use discover_model::{ConversationId, NetworkId, Post, PostId, Refusal};
use jiff::Timestamp;

use crate::database::{Connection, Row, query, query_scalar};
use crate::posts::commit::marks;
use crate::posts::gone::{self, Whose};
use crate::row::{id, id_list, micros, number_list};
use crate::{Committed, Store, StoreError, change_log, keys, remains};

/// What was taken out.
#[derive(Debug, Default)]
pub(crate) struct Removed {
    pub(crate) posts: u64,
    pub(crate) emptied: Vec<ConversationId>,
}

impl Store {
    /// Takes posts out for good, whoever asked: an upheld objection, a page that is gone. Ids may be those of any
    /// source that carries the post.
    pub async fn take_back(
        &self,
        network: NetworkId,
        posts: &[PostId],
        refusal: Refusal,
        now: Timestamp,
    ) -> Result<Committed, StoreError> {
        let key = self.tombstone_key();
        let mut writer = self.write().await?;
        let result = async {
            let removed =
                take_back(writer.connection(), &key, network, posts, refusal, now).await?;
            Ok(Committed {
                seq: change_log::last(writer.connection()).await?,
                removed: removed.posts,
                ..Committed::default()
            })
        }
        .await;
        writer.finish(result).await
    }
}

/// Removes posts by id and makes sure that they stay away, held or not.
pub(crate) async fn take_back(
    connection: &mut Connection,
    key: &[u8; 32],
    network: NetworkId,
    posts: &[PostId],
    refusal: Refusal,
    now: Timestamp,
) -> Result<Removed, StoreError> {
    if posts.is_empty() {
        return Ok(Removed::default());
    }
    let list = id_list(posts.iter().map(|post| post.to_bytes()));
    // Only an objection is not the source's own word.
    let by = if refusal == Refusal::Objected {
        TakenBy::Rule
    } else {
        TakenBy::Source
    };
    bar(connection, network, &list, refusal, by, now).await?;
    if by == TakenBy::Rule {
        bar_gone(connection, network, Whose::Ids(&list), refusal, now).await?;
    }
    let numbers: Vec<i64> = query_scalar(
        "SELECT DISTINCT post FROM post_keys
         WHERE key IN (SELECT unhex(value) FROM json_each(?)) AND network_id = ? AND kind = ?",
    )
    .bind(list)
    .bind(network.to_bytes().to_vec())
    .bind(keys::OWN)
    .fetch_all(&mut *connection)
    .await?;
    remove_by(connection, Some(key), network, &numbers, refusal, by, now).await
}

/// Bars posts that their source took back before, by every id they had. `true` where there are any.
pub(crate) async fn bar_gone(
    connection: &mut Connection,
    network: NetworkId,
    whose: Whose<'_>,
    refusal: Refusal,
    now: Timestamp,
) -> Result<bool, StoreError> {
    let own = gone::must_stay_away(connection, network, whose, refusal).await?;
    let any = !own.is_empty();
    let ids = id_list(own);
    bar(connection, network, &ids, refusal, TakenBy::Rule, now).await?;
    Ok(any)
}

/// Whose word took a post out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum TakenBy {
    /// The source's: what it lists again comes in again.
    Source,
    /// Its owner's, an objector's, or retention: it stays away.
    Rule,
}

async fn bar(
    connection: &mut Connection,
    network: NetworkId,
    ids: &str,
    refusal: Refusal,
    by: TakenBy,
    now: Timestamp,
) -> Result<(), StoreError> {
    query(
        "INSERT INTO taken_back (network_id, post_id, refusal, at, by_source)
         SELECT ?, unhex(value), ?, ?, ? FROM json_each(?) WHERE true
         ON CONFLICT (network_id, post_id) DO UPDATE SET refusal = excluded.refusal, at = excluded.at, by_source = 0
           WHERE (taken_back.by_source = 1 OR taken_back.refusal = ?) AND excluded.by_source = 0",
    )
    .bind(network.to_bytes().to_vec())
    .bind(refusal.code())
    .bind(micros(now))
    .bind(by == TakenBy::Source)
    .bind(ids)
    // A scope may widen again; what else bars a post does not pass.
    .bind(Refusal::OutOfScope.code())
    .execute(connection)
    .await?;
    Ok(())
}

/// Forgets that a source had taken down posts that it lists again.
pub(crate) async fn release(
    connection: &mut Connection,
    network: NetworkId,
    posts: &[Post],
) -> Result<(), StoreError> {
    if posts.is_empty() {
        return Ok(());
    }
    query(
        "DELETE FROM taken_back WHERE network_id = ? AND by_source = 1
           AND post_id IN (SELECT unhex(value) FROM json_each(?))",
    )
    .bind(network.to_bytes().to_vec())
    .bind(id_list(posts.iter().map(|post| post.id.to_bytes())))
    .execute(connection)
    .await?;
    Ok(())
}

/// Removes posts of one network by row number, for good. With a key, whatever is the same post stays away, by whichever
/// source, key or address it comes; without one, the ids that it had.
pub(crate) async fn remove(
    connection: &mut Connection,
    key: Option<&[u8; 32]>,
    network: NetworkId,
    posts: &[i64],
    refusal: Refusal,
    now: Timestamp,
) -> Result<Removed, StoreError> {
    remove_by(connection, key, network, posts, refusal, TakenBy::Rule, now).await
}

async fn remove_by(
    connection: &mut Connection,
    key: Option<&[u8; 32]>,
    network: NetworkId,
    posts: &[i64],
    refusal: Refusal,
    by: TakenBy,
    now: Timestamp,
) -> Result<Removed, StoreError> {
    if posts.is_empty() {
        return Ok(Removed::default());
    }
    remains::leave_remains(connection, now).await?;
    let list = number_list(posts.iter().copied());
    // Every source that carries the post would bring it back.
    let own: Vec<Vec<u8>> = query_scalar(
        "SELECT key FROM post_keys WHERE post IN (SELECT value FROM json_each(?)) AND kind = ?",
    )
    .bind(&list)
    .bind(keys::OWN)
    .fetch_all(&mut *connection)
    .await?;
    let own = id_list(own.iter().filter_map(|key| key.as_slice().try_into().ok()));
    bar(connection, network, &own, refusal, by, now).await?;
    if let Some(key) = key {
        let stays_away = (by == TakenBy::Rule).then_some(refusal);
        gone::remember(connection, key, &list, stays_away, now).await?;
    }
    if by == TakenBy::Source {
        gone::wait_for(connection, &list).await?;
    } else if refusal != Refusal::TooOld {
        // An opening post's title is its writer's, too. Where it was a reply's the others say it again, and must be read for it.
        let emptied: Vec<i64> = query_scalar(
            "UPDATE conversations SET thread_title = NULL
             WHERE root IN (SELECT value FROM json_each(?)) AND thread_title IS NOT NULL RETURNING arrival",
        )
        .bind(&list)
        .fetch_all(&mut *connection)
        .await?;
        for conversation in emptied {
            marks::forget(connection, conversation).await?;
        }
    }
    take_out(connection, network, posts).await
}

/// Removes posts of one network by row number; nothing keeps them from coming in again.
pub(crate) async fn take_out(
    connection: &mut Connection,
    network: NetworkId,
    posts: &[i64],
) -> Result<Removed, StoreError> {
    let list = number_list(posts.iter().copied());
    let touched: BTreeSet<i64> = query_scalar(
        "SELECT DISTINCT conversation FROM posts WHERE post IN (SELECT value FROM json_each(?))",
    )
    .bind(&list)
    .fetch_all(&mut *connection)
    .await?
    .into_iter()
    .collect();
    let conversations = number_list(touched.iter().copied());
    query(
        "UPDATE posts SET parent = NULL WHERE conversation IN (SELECT value FROM json_each(?1))
         AND parent IN (SELECT value FROM json_each(?2))",
    )
    .bind(&conversations)
    .bind(&list)
    .execute(&mut *connection)
    .await?;
    let deleted = query("DELETE FROM posts WHERE post IN (SELECT value FROM json_each(?))")
        .bind(&list)
        .execute(&mut *connection)
        .await?
        .rows_affected();
    let emptied = drop_empty(connection, network, &conversations).await?;
    query(
        "UPDATE conversations SET root = (SELECT post FROM posts WHERE conversation = arrival
           ORDER BY coalesce(published, first_seen), post_id LIMIT 1)
         WHERE arrival IN (SELECT value FROM json_each(?))
           AND NOT EXISTS (SELECT 1 FROM posts WHERE post = root)",
    )
    .bind(&conversations)
    .execute(&mut *connection)
    .await?;
    change_log::touch(connection, touched).await?;
    Ok(Removed {
        posts: deleted,
        emptied,
    })
}

/// Deletes those of the listed conversations that hold no post any more, with their aliases, and logs it.
async fn drop_empty(
    connection: &mut Connection,
    network: NetworkId,
    conversations: &str,
) -> Result<Vec<ConversationId>, StoreError> {
    let rows = query(
        "DELETE FROM conversations WHERE arrival IN (SELECT value FROM json_each(?))
           AND NOT EXISTS (SELECT 1 FROM posts WHERE conversation = arrival)
         RETURNING conversation_id",
    )
    .bind(conversations)
    .fetch_all(&mut *connection)
    .await?;
    let mut emptied = rows
        .iter()
        .map(|row| Ok(ConversationId::from_bytes(id(row, "conversation_id")?)))
        .collect::<Result<Vec<_>, StoreError>>()?;
    emptied.sort_unstable();
    if !emptied.is_empty() {
        query("DELETE FROM aliases WHERE new_id IN (SELECT unhex(value) FROM json_each(?))")
            .bind(id_list(emptied.iter().map(|id| id.to_bytes())))
            .execute(&mut *connection)
            .await?;
    }
    change_log::gone(connection, network, &emptied).await?;
    Ok(emptied)
}

/// Drops those of the conversations that have lost all their posts.
pub(crate) async fn drop_left(
    connection: &mut Connection,
    network: NetworkId,
    conversations: impl Iterator<Item = i64>,
) -> Result<(), StoreError> {
    let list = number_list(conversations);
    if list != "[]" {
        drop_empty(connection, network, &list).await?;
    }
    Ok(())
}

/// Row numbers of one column.
pub(crate) fn numbers(rows: &[Row]) -> Result<Vec<i64>, StoreError> {
    rows.iter().map(|row| Ok(row.try_get(0)?)).collect()
}
