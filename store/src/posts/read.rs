//! Reading conversations: one statement for any number of them, which sees one moment of the store.

use std::collections::{BTreeMap, BTreeSet};

use discover_model::conversation::title_from_text;
use discover_model::time::happened;
use discover_model::{
    Conversation, ConversationId, ConversationPost, GrantId, Language, NetworkId, PostId, Source,
    SourceId, SourceKind, Voice,
};
use jiff::Timestamp;
use jiff::tz::TimeZone;

use crate::database::{Pool, Row, query};
use crate::row::{bad, count, id, id_list, maybe_id, parsed, time};
use crate::{Kept, PostAt, Store, StoreError, keys};

/// So many times the wanted number of posts come up for a look, so that a conversation is looked at once.
const TOGETHER: i64 = 4;
/// Most ids looked up with one statement.
const PIECE: usize = 500;

impl Store {
    /// One conversation, also by an id it had before its root arrived.
    pub async fn conversation(
        &self,
        id: ConversationId,
    ) -> Result<Option<Conversation>, StoreError> {
        Ok(self.conversations(&[id]).await?.pop())
    }

    /// Conversations in the order asked; those that are not held are left out, and one that is asked for under
    /// two of its ids stands once.
    pub async fn conversations(
        &self,
        ids: &[ConversationId],
    ) -> Result<Vec<Conversation>, StoreError> {
        let mut all = Vec::with_capacity(ids.len());
        for piece in ids.chunks(PIECE) {
            all.extend(self.named(conversations(self.readers(), piece, self.zone()).await)?);
        }
        Ok(all)
    }

    /// Those of some conversations in which, by what their platforms say, nobody can answer any more.
    pub async fn closed(
        &self,
        ids: &[ConversationId],
    ) -> Result<BTreeSet<ConversationId>, StoreError> {
        let rows = query(
            "SELECT c.conversation_id FROM json_each(?) v
               JOIN conversations c ON c.conversation_id = unhex(v.value)
             WHERE c.thread_closed = 1",
        )
        .bind(id_list(ids.iter().map(|id| id.to_bytes())))
        .fetch_all(self.readers())
        .await
        .map_err(StoreError::from);
        let rows = self.named(rows)?;
        rows.iter()
            .map(|row| Ok(ConversationId::from_bytes(id(row, "conversation_id")?)))
            .collect()
    }

    /// The present id of a conversation that was re-keyed.
    pub async fn conversation_alias(
        &self,
        old: ConversationId,
    ) -> Result<Option<ConversationId>, StoreError> {
        let row = query("SELECT new_id FROM aliases WHERE old_id = ?")
            .bind(old.to_bytes().to_vec())
            .fetch_optional(self.readers())
            .await
            .map_err(StoreError::from);
        self.named(row)?
            .map(|row| Ok(ConversationId::from_bytes(id(&row, "new_id")?)))
            .transpose()
    }

    /// All conversations in order of arrival, a page at a time: those after `after`. Where `after` has been
    /// joined to another or is gone meanwhile, the walk cannot go on: use [`Store::arrivals`] for long walks.
    pub async fn conversation_ids(
        &self,
        after: Option<ConversationId>,
        limit: usize,
    ) -> Result<Vec<ConversationId>, StoreError> {
        let from = match after {
            None => 0,
            Some(after) => self.arrival_of(after).await?,
        };
        let page = self.arrivals(from, limit).await?;
        Ok(page.into_iter().map(|(_, id)| id).collect())
    }

    /// All conversations in order of arrival, after number `after`; goes on wherever it stopped.
    pub async fn arrivals(
        &self,
        after: u64,
        limit: usize,
    ) -> Result<Vec<(u64, ConversationId)>, StoreError> {
        let rows = query(
            "SELECT arrival, conversation_id FROM conversations WHERE arrival > ? ORDER BY arrival LIMIT ?",
        )
        .bind(i64::try_from(after).unwrap_or(i64::MAX))
        .bind(crate::row::limit(limit))
        .fetch_all(self.readers())
        .await
        .map_err(StoreError::from);
        arrivals(&self.named(rows)?)
    }

    /// Conversations of one network in order of arrival.
    pub async fn network_conversations(
        &self,
        network: NetworkId,
        after: Option<ConversationId>,
        limit: usize,
    ) -> Result<Vec<ConversationId>, StoreError> {
        let from = match after {
            None => 0,
            Some(after) => self.arrival_of(after).await?,
        };
        let rows = query(
            "SELECT arrival, conversation_id FROM conversations WHERE network_id = ? AND arrival > ?
             ORDER BY arrival LIMIT ?",
        )
        .bind(network.to_bytes().to_vec())
        .bind(from as i64)
        .bind(crate::row::limit(limit))
        .fetch_all(self.readers())
        .await
        .map_err(StoreError::from);
        let page = arrivals(&self.named(rows)?)?;
        Ok(page.into_iter().map(|(_, id)| id).collect())
    }

    async fn arrival_of(&self, conversation: ConversationId) -> Result<u64, StoreError> {
        let row = query("SELECT arrival FROM conversations WHERE conversation_id = ?")
            .bind(conversation.to_bytes().to_vec())
            .fetch_optional(self.readers())
            .await
            .map_err(StoreError::from);
        let row = self.named(row)?.ok_or_else(|| StoreError::NotFound {
            what: "conversation",
            id: conversation.to_string(),
        })?;
        count(&row, "arrival")
    }

    /// The conversation that stands at an address, in its canonical form: of several networks and posts, a root
    /// that arrived first.
    pub async fn conversation_by_url(
        &self,
        canonical: &str,
    ) -> Result<Option<ConversationId>, StoreError> {
        let row = query(
            "SELECT c.conversation_id FROM post_keys k JOIN posts p ON p.post = k.post
               JOIN conversations c ON c.arrival = p.conversation
             WHERE k.key = ? AND k.kind <> ? ORDER BY c.root = p.post DESC, p.post LIMIT 1",
        )
        .bind(keys::of_address(canonical).to_vec())
        .bind(keys::OWN)
        .fetch_optional(self.readers())
        .await
        .map_err(StoreError::from);
        self.named(row)?
            .map(|row| Ok(ConversationId::from_bytes(id(&row, "conversation_id")?)))
            .transpose()
    }

    /// Where a post stands; also by the id that another source derives for it.
    pub async fn post(&self, post: PostId) -> Result<Option<PostAt>, StoreError> {
        self.named(post_at(self.readers(), post).await)
    }

    pub(crate) async fn root_of(
        &self,
        conversation: ConversationId,
    ) -> Result<Option<PostId>, StoreError> {
        let row = query(
            "SELECT p.post_id FROM conversations c JOIN posts p ON p.post = c.root
             WHERE c.conversation_id = coalesce((SELECT new_id FROM aliases WHERE old_id = ?1), ?1)",
        )
        .bind(conversation.to_bytes().to_vec())
        .fetch_optional(self.readers())
        .await
        .map_err(StoreError::from);
        self.named(row)?
            .map(|row| Ok(PostId::from_bytes(id(&row, "post_id")?)))
            .transpose()
    }

    /// The posts that a source carries, by the ids that it derives for them.
    pub async fn posts_of(&self, source: &Source) -> Result<Vec<PostId>, StoreError> {
        let rows = query(
            "SELECT k.key FROM post_keys k WHERE k.kind = 0 AND k.source_id = ?
               AND k.post IN (SELECT post FROM posts WHERE network_id = ?)",
        )
        .bind(source.id.to_bytes().to_vec())
        .bind(source.network.to_bytes().to_vec())
        .fetch_all(self.readers())
        .await
        .map_err(StoreError::from);
        self.named(rows)?
            .iter()
            .map(|row| Ok(PostId::from_bytes(id(row, "key")?)))
            .collect()
    }

    /// Posts of a source that were not looked at since `before`, longest first: for the re-check that makes
    /// deletion real. Of those whose own address is not kept, the ones that their source has not named since `unnamed`.
    pub async fn to_recheck(
        &self,
        source: SourceId,
        before: Timestamp,
        unnamed: Timestamp,
        limit: usize,
    ) -> Result<Vec<Kept>, StoreError> {
        let rows = query(
            "WITH due AS (
               SELECT post, post_id, item_key, url, checked, conversation FROM posts WHERE source_id = ?1 AND checked < ?2
                 AND (checked < ?3 OR url NOT LIKE '%#h-________________________________'))
             SELECT post_id, item_key, url, checked FROM due
             WHERE conversation IN (SELECT conversation FROM due ORDER BY checked, post LIMIT ?4)
             ORDER BY checked, post LIMIT ?4 * ?5",
        )
        .bind(source.to_bytes().to_vec())
        .bind(crate::row::micros(before))
        .bind(crate::row::micros(unnamed))
        .bind(crate::row::limit(limit))
        .bind(TOGETHER)
        .fetch_all(self.readers())
        .await
        .map_err(StoreError::from);
        self.named(rows)?
            .iter()
            .map(|row| {
                Ok(Kept {
                    id: PostId::from_bytes(id(row, "post_id")?),
                    key: row.try_get("item_key")?,
                    url: row.try_get("url")?,
                    checked: time(row, "checked")?,
                })
            })
            .collect()
    }
}

fn arrivals(rows: &[Row]) -> Result<Vec<(u64, ConversationId)>, StoreError> {
    rows.iter()
        .map(|row| {
            let id = ConversationId::from_bytes(id(row, "conversation_id")?);
            Ok((count(row, "arrival")?, id))
        })
        .collect()
}

async fn post_at(pool: &Pool, post: PostId) -> Result<Option<PostAt>, StoreError> {
    let row = query(
        "SELECT p.post_id, c.conversation_id, p.network_id, p.source_id, p.grant_id, p.url, p.version, p.first_seen
         FROM post_keys k JOIN posts p ON p.post = k.post JOIN conversations c ON c.arrival = p.conversation
         WHERE k.key = ? AND k.kind = ?",
    )
    .bind(post.to_bytes().to_vec())
    .bind(keys::OWN)
    .fetch_optional(pool)
    .await?;
    let Some(row) = row else { return Ok(None) };
    Ok(Some(PostAt {
        id: PostId::from_bytes(id(&row, "post_id")?),
        conversation: ConversationId::from_bytes(id(&row, "conversation_id")?),
        network: NetworkId::from_bytes(id(&row, "network_id")?),
        source: SourceId::from_bytes(id(&row, "source_id")?),
        grant: GrantId::from_bytes(id(&row, "grant_id")?),
        url: row.try_get("url")?,
        version: u32::try_from(count(&row, "version")?).unwrap_or(u32::MAX),
        first_seen: time(&row, "first_seen")?,
    }))
}

/// A conversation while its posts are gathered. The head comes with its root.
#[derive(Default)]
struct Gathered {
    head: Option<(ConversationId, NetworkId, SourceKind)>,
    root: i64,
    /// Title and address of its thread, where its opening post is not held.
    thread: Option<(Option<String>, String)>,
    posts: Vec<(i64, Option<i64>, ConversationPost)>,
}

async fn conversations(
    pool: &Pool,
    ids: &[ConversationId],
    zone: &TimeZone,
) -> Result<Vec<Conversation>, StoreError> {
    let rows = query(
        "SELECT v.key AS place, p.post, p.parent, p.post_id, p.source_id, p.grant_id, p.voice, p.published,
           p.first_seen, p.language, p.url, p.title, p.links, p.text,
           s.kind, CASE WHEN s.kind IS NULL THEN NULL ELSE c.conversation_id END AS conversation_id,
           CASE WHEN s.kind IS NULL THEN NULL ELSE c.network_id END AS network_id,
           c.thread_title, c.thread_url, p.reply
         FROM json_each(?) v
           LEFT JOIN aliases a ON a.old_id = unhex(v.value)
           CROSS JOIN conversations c ON c.conversation_id = coalesce(a.new_id, unhex(v.value))
           CROSS JOIN posts p ON p.conversation = c.arrival
           LEFT JOIN sources s ON s.source_id = p.source_id AND p.post = c.root",
    )
    .bind(id_list(ids.iter().map(|id| id.to_bytes())))
    .fetch_all(pool)
    .await?;
    let mut gathered: BTreeMap<i64, Gathered> = BTreeMap::new();
    for row in &rows {
        let conversation = gathered.entry(row.try_get(0)?).or_default();
        let (number, parent, post) = read_post(row, zone)?;
        if let Some(conversation_id) = maybe_id(row, "conversation_id")? {
            conversation.root = number;
            if row.try_get::<i64, _>("reply")? != 0 {
                let url: Option<String> = row.try_get("thread_url")?;
                let title: Option<String> = row.try_get("thread_title")?;
                conversation.thread = url.map(|url| (title, url));
            }
            conversation.head = Some((
                ConversationId::from_bytes(conversation_id),
                NetworkId::from_bytes(id(row, "network_id")?),
                parsed(row, "kind")?,
            ));
        }
        conversation.posts.push((number, parent, post));
    }
    let mut met = BTreeSet::new();
    gathered
        .into_values()
        // Without its root, a conversation is being purged.
        .filter(|conversation| conversation.head.is_some_and(|(id, ..)| met.insert(id)))
        .map(finish)
        .collect()
}

/// By place, because names are looked up for every row.
fn read_post(
    row: &Row,
    zone: &TimeZone,
) -> Result<(i64, Option<i64>, ConversationPost), StoreError> {
    let key = |at: usize, column: &str| -> Result<[u8; 16], StoreError> {
        let bytes: &[u8] = row.try_get(at)?;
        bytes.try_into().map_err(|_| bad(column, bytes))
    };
    let published = row
        .try_get::<Option<i64>, _>(7)?
        .map(|at| crate::row::moment(at, "published"))
        .transpose()?;
    let first_seen = crate::row::moment(row.try_get(8)?, "first_seen")?;
    let language: Option<&str> = row.try_get(9)?;
    let links: &str = row.try_get(12)?;
    let post = ConversationPost {
        id: PostId::from_bytes(key(3, "post_id")?),
        source: SourceId::from_bytes(key(4, "source_id")?),
        grant: GrantId::from_bytes(key(5, "grant_id")?),
        parent: None,
        url: row.try_get(10)?,
        title: row.try_get(11)?,
        text: row.try_get(13)?,
        language: language
            .map(|code| code.parse().map_err(|_| bad("language", code)))
            .transpose()?,
        voice: Voice::from_bytes(key(6, "voice")?),
        published,
        first_seen,
        happened: published.map(|published| happened(published, first_seen, zone)),
        links: if links == "[]" {
            Vec::new()
        } else {
            serde_json::from_str(links).map_err(|_| bad("links", links))?
        },
    };
    Ok((row.try_get(1)?, row.try_get(2)?, post))
}

fn finish(gathered: Gathered) -> Result<Conversation, StoreError> {
    let Gathered {
        head,
        root,
        thread,
        mut posts,
    } = gathered;
    let (thread_title, thread_url) = thread.map_or((None, None), |(title, url)| (title, Some(url)));
    posts.sort_by(|(a_number, _, a), (b_number, _, b)| {
        let place = |post: &ConversationPost| (post.published.unwrap_or(post.first_seen), post.id);
        (*a_number != root, place(a)).cmp(&(*b_number != root, place(b)))
    });
    let ids: BTreeMap<i64, PostId> = posts
        .iter()
        .map(|(number, _, post)| (*number, post.id))
        .collect();
    let posts: Vec<ConversationPost> = posts
        .into_iter()
        .map(|(_, parent, mut post)| {
            post.parent = parent.and_then(|parent| ids.get(&parent).copied());
            post
        })
        .collect();
    let (Some((id, network, kind)), Some(first)) = (head, posts.first()) else {
        return Err(bad("root", root));
    };
    Ok(Conversation {
        id,
        network,
        kind,
        url: thread_url.unwrap_or_else(|| first.url.clone()),
        title: thread_title
            .or_else(|| first.title.clone())
            .unwrap_or_else(|| title_from_text(&first.text)),
        language: main_language(&posts),
        started: posts.iter().filter_map(|post| post.published).min(),
        last_active: posts.iter().filter_map(|post| post.published).max(),
        posts,
    })
}

/// The language of most of the text; of equal ones, the first by code.
fn main_language(posts: &[ConversationPost]) -> Option<Language> {
    let mut bytes: BTreeMap<Language, usize> = BTreeMap::new();
    for post in posts {
        if let Some(language) = post.language {
            let length = post.text.len() + post.title.as_ref().map_or(0, String::len);
            *bytes.entry(language).or_default() += length;
        }
    }
    bytes
        .into_iter()
        .max_by(|(a, a_bytes), (b, b_bytes)| a_bytes.cmp(b_bytes).then(b.cmp(a)))
        .map(|(language, _)| language)
}
