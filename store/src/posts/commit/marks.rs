//! Marks of items, kept beside the key that a source derives for its item: they go with the post, however it goes.
//!
//! A mark says that what is held was made from this very item under these very rules. Whatever changes what is held of a
//! post, or where it stands, voids its mark.

use std::collections::{BTreeMap, HashMap};

use discover_model::{ItemMark, Language, PostId, Source, SourceKind};
use jiff::Timestamp;

use crate::database::{Connection, query};
use crate::keys;
use crate::row::{hex, id, id_list, micros};
use crate::{Store, StoreError};

/// A held post counts as looked at again only once a day, so that an unchanged visit writes next to nothing.
pub(super) const CHECKED_EVERY: i64 = 20 * 3600 * 1_000_000;

/// A held post whose item is known.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Marked {
    pub mark: ItemMark,
    /// In which it was found to be, and how surely, from 0 to 1.
    pub language: Option<(Language, f32)>,
}

impl Store {
    /// The marks of those posts that are held, by the ids that their source derives.
    pub async fn item_marks(
        &self,
        posts: impl IntoIterator<Item = PostId>,
    ) -> Result<HashMap<PostId, Marked>, StoreError> {
        let ids = id_list(posts.into_iter().map(PostId::to_bytes));
        if ids == "[]" {
            return Ok(HashMap::new());
        }
        let rows = query(
            "SELECT k.key, k.item, p.language, p.language_confidence FROM post_keys k JOIN posts p ON p.post = k.post
             WHERE k.key IN (SELECT unhex(value) FROM json_each(?)) AND k.kind = ? AND k.item IS NOT NULL",
        )
        .bind(ids)
        .bind(keys::OWN)
        .fetch_all(self.readers())
        .await
        .map_err(StoreError::from);
        self.named(rows)?
            .iter()
            .map(|row| {
                let post = PostId::from_bytes(id(row, "key")?);
                let mark = ItemMark::from_bytes(id(row, "item")?);
                let code: Option<&str> = row.try_get("language")?;
                let code = code.and_then(|code| code.parse().ok());
                let sure: f64 = row.try_get("language_confidence")?;
                let language = code.map(|code| (code, sure as f32));
                Ok((post, Marked { mark, language }))
            })
            .collect()
    }
}

/// Notes from which items the held posts are made now; without a mark, that it is not known.
pub(super) async fn note(
    connection: &mut Connection,
    posts: impl Iterator<Item = PostId>,
    marks: &BTreeMap<PostId, ItemMark>,
) -> Result<(), StoreError> {
    let lines: Vec<(String, Option<String>)> = posts
        .map(|post| {
            let mark = marks.get(&post).map(|mark| hex(&mark.to_bytes()));
            (hex(&post.to_bytes()), mark)
        })
        .collect();
    if lines.is_empty() {
        return Ok(());
    }
    query(
        "UPDATE post_keys SET item = said.mark
         FROM (SELECT unhex(value ->> 0) AS key, unhex(value ->> 1) AS mark FROM json_each(?)) AS said
         WHERE post_keys.key = said.key AND kind = ? AND item IS DISTINCT FROM said.mark",
    )
    .bind(serde_json::to_string(&lines).expect("plain lists become JSON"))
    .bind(keys::OWN)
    .execute(connection)
    .await?;
    Ok(())
}

/// Forgets from which items the posts of a conversation are made: its place among the threads is decided anew.
pub(crate) async fn forget(
    connection: &mut Connection,
    conversation: i64,
) -> Result<(), StoreError> {
    query(
        "UPDATE post_keys SET item = NULL
         WHERE item IS NOT NULL AND post IN (SELECT post FROM posts WHERE conversation = ?)",
    )
    .bind(conversation)
    .execute(connection)
    .await?;
    Ok(())
}

/// Notes that the source named posts again without a word changed.
pub(super) async fn named_again(
    connection: &mut Connection,
    source: &Source,
    posts: &[PostId],
    now: Timestamp,
) -> Result<(), StoreError> {
    // A feed may be stale: an item's own page is what is looked at again.
    if posts.is_empty() || source.kind == SourceKind::Feed {
        return Ok(());
    }
    // The plus keeps SQLite from walking all posts of the source instead.
    query(
        "UPDATE posts SET checked = ?1 WHERE checked < ?2 AND +source_id = ?3 AND post IN (
           SELECT post FROM post_keys WHERE key IN (SELECT unhex(value) FROM json_each(?4)) AND kind = ?5)",
    )
    .bind(micros(now))
    .bind(micros(now) - CHECKED_EVERY)
    .bind(source.id.to_bytes().to_vec())
    .bind(id_list(posts.iter().map(|post| post.to_bytes())))
    .bind(keys::OWN)
    .execute(connection)
    .await?;
    Ok(())
}
