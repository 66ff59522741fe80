//! What the store knows about the posts of a commit.

use std::collections::{BTreeMap, BTreeSet};
use std::str::FromStr;

use discover_model::scope::path_within;
use discover_model::{
    ConversationId, Grant, GrantId, Post, PostId, Refusal, Source, SourceKind, Voice,
};
use jiff::Timestamp;

use crate::StoreError;
use crate::consent::grants::read_grant;
use crate::consent::partial_withdrawal::BarredParts;
use crate::database::{Connection, Row, query};
use crate::keys::{self, Key};
use crate::posts::opting_out;
use crate::row::{bad, id, id_list, micros};

/// A stored post, as far as a commit must know it.
#[derive(Debug, Clone)]
pub(super) struct StoredPost {
    pub(super) post: i64,
    pub(super) id: PostId,
    pub(super) source: [u8; 16],
    pub(super) conversation: i64,
    pub(super) first_seen: i64,
    pub(super) checked: i64,
    pub(super) redacted: String,
    content_hash: [u8; 16],
    pub(super) published: Option<i64>,
    declared_language: Option<String>,
    canonical_url: String,
    answers: Option<Vec<u8>>,
}

impl StoredPost {
    const COLUMNS: &str =
        "p.post, p.post_id, p.source_id, p.conversation, p.first_seen, p.checked, p.redacted, p.content_hash,
         p.published, p.declared_language, p.canonical_url, p.answers";

    fn read(row: &Row) -> Result<Self, StoreError> {
        Ok(Self {
            post: row.try_get("post")?,
            id: PostId::from_bytes(id(row, "post_id")?),
            source: id(row, "source_id")?,
            conversation: row.try_get("conversation")?,
            first_seen: row.try_get("first_seen")?,
            checked: row.try_get("checked")?,
            redacted: row.try_get("redacted")?,
            content_hash: id(row, "content_hash")?,
            published: row.try_get("published")?,
            declared_language: row.try_get("declared_language")?,
            canonical_url: row.try_get("canonical_url")?,
            answers: row.try_get("answers")?,
        })
    }

    /// Only the source a post first came from may change it: two sources with a full and a shortened text would
    /// else change it back and forth for ever.
    pub(super) fn changed_by(&self, post: &Post, kind: SourceKind) -> bool {
        self.source == post.source.to_bytes()
            && (self.content_hash != post.content_hash.to_be_bytes()
                || self.dated_by(post) != self.published
                || post.declared_language.is_some()
                    && post.declared_language != self.declared_language
                || self.moved_by(post, kind)
                || self.answers_differently(post))
    }

    /// The date that holds when `post` is said anew: what came before it was first seen. Silence, and a site that dates
    /// everything now, change nothing.
    pub(super) fn dated_by(&self, post: &Post) -> Option<i64> {
        match post.published.map(micros) {
            Some(at) if at < self.first_seen => Some(at),
            _ => self.published,
        }
    }

    /// Whether it moved. A reply without an address of its own is given that of the page it was read from, which may be
    /// another each time.
    fn moved_by(&self, post: &Post, kind: SourceKind) -> bool {
        let opens = post.root.is_none() && post.parent.is_none();
        post.canonical_url != self.canonical_url && (opens || keys::has_own_address(post, kind))
    }

    /// Whether it names another post that it answers. One that names none any more stays where it is.
    pub(super) fn answers_differently(&self, post: &Post) -> bool {
        keys::answers(post).is_some_and(|answers| self.answers.as_deref() != Some(&answers[..]))
    }
}

/// Stored posts by the ids that a source derives.
pub(super) async fn held(
    connection: &mut Connection,
    posts: &BTreeMap<PostId, Post>,
) -> Result<BTreeMap<Key, StoredPost>, StoreError> {
    if posts.is_empty() {
        return Ok(BTreeMap::new());
    }
    let sql = format!(
        "SELECT k.key, {} FROM post_keys k JOIN posts p ON p.post = k.post
         WHERE k.key IN (SELECT unhex(value) FROM json_each(?)) AND k.kind = ?",
        StoredPost::COLUMNS
    );
    let rows = query(sqlx::AssertSqlSafe(sql))
        .bind(id_list(posts.keys().map(|id| id.to_bytes())))
        .bind(keys::OWN)
        .fetch_all(connection)
        .await?;
    rows.iter()
        .map(|row| Ok((id(row, "key")?, StoredPost::read(row)?)))
        .collect()
}

/// A stored post at the address of a new one.
pub(super) struct Candidate {
    pub(super) held: StoredPost,
    /// This source carries it already, under another key.
    pub(super) carried: bool,
    reply: bool,
    voice: [u8; 16],
}

/// Stored posts of the source's network by address.
pub(super) async fn at_addresses(
    connection: &mut Connection,
    source: &Source,
    addresses: &[Key],
) -> Result<BTreeMap<Key, Vec<Candidate>>, StoreError> {
    let mut found: BTreeMap<Key, Vec<Candidate>> = BTreeMap::new();
    if addresses.is_empty() {
        return Ok(found);
    }
    let sql = format!(
        "SELECT k.key, p.reply, p.voice,
           EXISTS (SELECT 1 FROM post_keys o WHERE o.post = p.post AND o.kind = 0 AND o.source_id = ?3) AS carried,
           {}
         FROM post_keys k JOIN posts p ON p.post = k.post
         WHERE k.key IN (SELECT unhex(value) FROM json_each(?1)) AND k.network_id = ?2 AND k.kind = 2
         ORDER BY p.post",
        StoredPost::COLUMNS
    );
    let rows = query(sqlx::AssertSqlSafe(sql))
        .bind(id_list(addresses.iter().copied()))
        .bind(source.network.to_bytes().to_vec())
        .bind(source.id.to_bytes().to_vec())
        .fetch_all(connection)
        .await?;
    for row in &rows {
        found.entry(id(row, "key")?).or_default().push(Candidate {
            held: StoredPost::read(row)?,
            carried: row.try_get::<i64, _>("carried")? != 0,
            reply: row.try_get::<i64, _>("reply")? != 0,
            voice: id(row, "voice")?,
        });
    }
    Ok(found)
}

/// Which of the stored posts at its address a post is, if any. Between sources the address decides; within one
/// source, where all posts of a thread may share an address, the same words by the same voice.
pub(super) fn same_post<'a>(
    candidates: &'a mut [Candidate],
    post: &Post,
) -> Option<&'a mut Candidate> {
    let reply = keys::is_reply(post);
    let hash = post.content_hash.to_be_bytes();
    let same = |candidate: &Candidate| {
        candidate.reply == reply
            && candidate.held.content_hash == hash
            && (!candidate.carried
                || (!post.text.is_empty() && candidate.voice == post.voice.to_bytes()))
    };
    let at = candidates.iter().position(same).or_else(|| {
        candidates
            .iter()
            .position(|candidate| candidate.reply == reply && !candidate.carried)
    })?;
    candidates.get_mut(at)
}

/// A post that is held already, under another id.
pub(super) struct Duplicate {
    /// Row number of the held post; `Err`: place in the list of new posts.
    pub(super) of: Result<StoredPost, usize>,
    pub(super) post: Post,
}

/// What must not be stored although the gate let it pass: the gate may have looked before a withdrawal.
pub(super) struct Barred {
    taken_back: BTreeMap<PostId, Refusal>,
    dead_grants: BTreeSet<GrantId>,
    paths: Vec<(String, String)>,
    conversations: BTreeSet<Key>,
    whole_source: bool,
    parts: BarredParts,
    /// Authors who asked not to be found.
    opted_out: BTreeSet<Voice>,
    /// Grants as they stand now: the gate may have looked before a scope became narrower.
    grants: BTreeMap<GrantId, Grant>,
}

impl Barred {
    pub(super) async fn load(
        connection: &mut Connection,
        source: &Source,
        posts: &BTreeMap<PostId, Post>,
        open: bool,
        key: [u8; 32],
        now: Timestamp,
    ) -> Result<Self, StoreError> {
        let mut barred = Self {
            taken_back: BTreeMap::new(),
            dead_grants: BTreeSet::new(),
            paths: Vec::new(),
            conversations: BTreeSet::new(),
            whole_source: false,
            parts: BarredParts::default(),
            opted_out: BTreeSet::new(),
            grants: BTreeMap::new(),
        };
        if posts.is_empty() {
            return Ok(barred);
        }
        let network = source.network.to_bytes().to_vec();
        let rows = query(
            "SELECT post_id, refusal FROM taken_back
             WHERE network_id = ? AND by_source = 0 AND post_id IN (SELECT unhex(value) FROM json_each(?))",
        )
        .bind(network.clone())
        .bind(id_list(posts.keys().map(|id| id.to_bytes())))
        .fetch_all(&mut *connection)
        .await?;
        for row in &rows {
            let code: &str = row.try_get("refusal")?;
            let refusal = Refusal::from_str(code).map_err(|_| bad("refusal", code))?;
            barred
                .taken_back
                .insert(PostId::from_bytes(id(row, "post_id")?), refusal);
        }
        let grants: BTreeSet<GrantId> = posts.values().map(|post| post.grant).collect();
        for grant in grants {
            let row = query("SELECT * FROM grants WHERE grant_id = ?")
                .bind(grant.to_bytes().to_vec())
                .fetch_optional(&mut *connection)
                .await?
                .ok_or(StoreError::UnknownGrant { grant })?;
            let recorded = read_grant(&row)?;
            if !recorded.is_live(now) || recorded.network != source.network {
                barred.dead_grants.insert(grant);
            }
            barred.grants.insert(grant, recorded);
        }
        let rows = query(
            "SELECT kind, id, origin, prefix FROM hides WHERE network_id = ? AND reason = 'withdrawn'",
        )
        .bind(network)
        .fetch_all(&mut *connection)
        .await?;
        for row in &rows {
            match row.try_get::<&str, _>("kind")? {
                "source" => barred.whole_source |= id(row, "id")? == source.id.to_bytes(),
                "path" => barred
                    .paths
                    .push((row.try_get("origin")?, row.try_get("prefix")?)),
                "conversation" => {
                    barred.conversations.insert(id(row, "id")?);
                }
                _ => {}
            }
        }
        barred.opted_out = opting_out::opted_out(&mut *connection, source.network).await?;
        // A source that was only stopped may finish its visit.
        barred.whole_source &= !open;
        barred.parts = BarredParts::load(connection, key, source.network).await?;
        barred.whole_source |= barred.parts.bars_source(source);
        Ok(barred)
    }

    pub(super) fn refusal(&self, post: &Post) -> Option<Refusal> {
        if let Some(refusal) = self.taken_back.get(&post.id) {
            return Some(*refusal);
        }
        if self.opted_out.contains(&post.voice) || self.parts.bars_voice(post.voice) {
            return Some(Refusal::AuthorOptedOut);
        }
        let withdrawn = self.whole_source
            || self.dead_grants.contains(&post.grant)
            || self.paths.iter().any(|(origin, prefix)| {
                post.url
                    .as_str()
                    .strip_prefix(origin.as_str())
                    .is_some_and(|path| path_within(path, prefix))
            })
            || self.parts.bars_post(post);
        if withdrawn {
            return Some(Refusal::Withdrawn);
        }
        let allowed = self
            .grants
            .get(&post.grant)
            .is_some_and(|grant| grant.allows(&post.url));
        (!allowed).then_some(Refusal::OutOfScope)
    }

    pub(super) fn any_conversation(&self) -> bool {
        !self.conversations.is_empty() || self.parts.any_conversation()
    }

    pub(super) fn bars_conversation(&self, conversation: Key) -> bool {
        self.conversations.contains(&conversation)
            || self
                .parts
                .bars_conversation(ConversationId::from_bytes(conversation))
    }
}
