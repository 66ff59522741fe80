//! What each digest named: topics, and the conversation that was quoted of each.
//!
//! Contract: ids alone; words are taken when a digest is asked for. A conversation that goes leaves its place empty, and
//! that it went stays, so that what was printed can be put right.

use discover_model::{ConversationId, TopicId};
use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::database::{Row, query};
use crate::notices::words;
use crate::row::{count, id, limit, maybe_id, maybe_time, micros, name, parsed, word};
use crate::{Store, StoreError};

/// How often a digest comes.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize,
)]
#[serde(rename_all = "lowercase")]
pub enum DigestEvery {
    #[default]
    Week,
    Month,
}

impl DigestEvery {
    pub const ALL: [Self; 2] = [Self::Week, Self::Month];

    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Week => "week",
            Self::Month => "month",
        }
    }
}

/// A part of a digest.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum DigestSection {
    Warning,
    /// Newly emerging.
    Emerging,
    Enduring,
    Quiet,
    /// What was quoted while the period lasted and went before it was over; named nowhere.
    Lost,
}

impl DigestSection {
    /// Those that name topics.
    pub const ALL: [Self; 4] = [Self::Warning, Self::Emerging, Self::Enduring, Self::Quiet];
}

/// A topic that a digest names.
#[derive(Debug, Clone, PartialEq)]
pub struct DigestTopic {
    pub section: DigestSection,
    /// Its place among those of its section, from 0.
    pub place: u64,
    pub topic: TopicId,
    /// Chance of as much in an ordinary week.
    pub chance: Option<f64>,
    /// Keyed hashes of the slugs of areas.
    pub areas: Vec<String>,
    pub quoted: Option<ConversationId>,
    /// Conversations of its days, near copies once, and their networks, as the digest said them last.
    pub figures: Option<(u64, u64)>,
    /// When what it quoted was seen to be gone; the beginning of time where that is still to be written down.
    pub gone: Option<Timestamp>,
}

/// A digest as it was named.
#[derive(Debug, Clone, PartialEq)]
pub struct DigestEdition {
    pub every: DigestEvery,
    /// First day of its period.
    pub start: Date,
    /// Day of the topics.
    pub drawn: Date,
    /// By section, then place.
    pub topics: Vec<DigestTopic>,
}

impl Store {
    /// Puts a digest in the place of what there is of its period.
    pub async fn put_digest(&self, edition: &DigestEdition) -> Result<(), StoreError> {
        let mut writer = self.write().await?;
        let result = async {
            let (every, start) = (name(edition.every), edition.start.to_string());
            query(
                "INSERT INTO digests (every, start, drawn) VALUES (?, ?, ?)
                 ON CONFLICT (every, start) DO UPDATE SET drawn = excluded.drawn",
            )
            .bind(&every)
            .bind(&start)
            .bind(edition.drawn.to_string())
            .execute(writer.connection())
            .await?;
            query("DELETE FROM digest_topics WHERE every = ? AND start = ?")
                .bind(&every)
                .bind(&start)
                .execute(writer.connection())
                .await?;
            for one in &edition.topics {
                // What went while the writer was waited for would never leave.
                query(
                    "INSERT INTO digest_topics (every, start, section, place, topic_id, chance, areas, gone, conversations, networks, quoted)
                     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, (SELECT conversation_id FROM conversations WHERE conversation_id = ?))",
                )
                .bind(&every)
                .bind(&start)
                .bind(name(one.section))
                .bind(one.place as i64)
                .bind(one.topic.to_bytes().to_vec())
                .bind(one.chance)
                .bind(one.areas.join(" "))
                .bind(one.gone.map(micros))
                .bind(one.figures.map(|(conversations, _)| conversations as i64))
                .bind(one.figures.map(|(_, networks)| networks as i64))
                .bind(one.quoted.map(|id| id.to_bytes().to_vec()))
                .execute(writer.connection())
                .await?;
            }
            Ok(())
        }
        .await;
        writer.finish(result).await
    }

    /// The digest of a period; none where nothing was written of it.
    pub async fn digest(
        &self,
        every: DigestEvery,
        start: Date,
    ) -> Result<Option<DigestEdition>, StoreError> {
        let some = self.digests_before(every, start.tomorrow().ok(), 1).await?;
        Ok(some.into_iter().find(|edition| edition.start == start))
    }

    /// Digests of periods that began before `before`, latest first.
    pub async fn digests_before(
        &self,
        every: DigestEvery,
        before: Option<Date>,
        most: usize,
    ) -> Result<Vec<DigestEdition>, StoreError> {
        let every = name(every);
        let rows = query(
            "SELECT * FROM digests WHERE every = ?1 AND (?2 IS NULL OR start < ?2) ORDER BY start DESC LIMIT ?3",
        )
        .bind(&every)
        .bind(before.map(|day| day.to_string()))
        .bind(limit(most))
        .fetch_all(self.readers())
        .await
        .map_err(StoreError::from);
        let mut editions = Vec::new();
        for row in &self.named(rows)? {
            let start: Date = parsed(row, "start")?;
            let rows =
                query("SELECT * FROM digest_topics WHERE every = ? AND start = ? ORDER BY place")
                    .bind(&every)
                    .bind(start.to_string())
                    .fetch_all(self.readers())
                    .await
                    .map_err(StoreError::from);
            let topics = self.named(rows)?;
            let topics: Result<Vec<_>, _> = topics.iter().map(read).collect();
            let mut topics = topics?;
            topics.sort_by_key(|one| (one.section, one.place));
            editions.push(DigestEdition {
                every: word(row, "every")?,
                start,
                drawn: parsed(row, "drawn")?,
                topics,
            });
        }
        Ok(editions)
    }

    /// Writes down when what a digest quoted was seen to be gone, or that it is there again.
    pub async fn note_quoted(
        &self,
        edition: &DigestEdition,
        topic: &DigestTopic,
        gone: Option<Timestamp>,
    ) -> Result<(), StoreError> {
        let mut writer = self.write().await?;
        let result = query(
            "UPDATE digest_topics SET gone = ? WHERE every = ? AND start = ? AND section = ? AND place = ?",
        )
        .bind(gone.map(micros))
        .bind(name(edition.every))
        .bind(edition.start.to_string())
        .bind(name(topic.section))
        .bind(topic.place as i64)
        .execute(writer.connection())
        .await
        .map(|_| ())
        .map_err(StoreError::from);
        writer.finish(result).await
    }

    /// Forgets digests of periods that began before then.
    pub async fn forget_digests(&self, before: Date) -> Result<u64, StoreError> {
        let mut writer = self.write().await?;
        let result = query("DELETE FROM digests WHERE start < ?")
            .bind(before.to_string())
            .execute(writer.connection())
            .await
            .map(|done| done.rows_affected())
            .map_err(StoreError::from);
        writer.finish(result).await
    }
}

fn maybe_count(row: &Row, column: &str) -> Result<Option<u64>, StoreError> {
    let held: Option<i64> = row.try_get(column)?;
    Ok(held.and_then(|count| u64::try_from(count).ok()))
}

fn read(row: &Row) -> Result<DigestTopic, StoreError> {
    Ok(DigestTopic {
        section: word(row, "section")?,
        place: count(row, "place")?,
        topic: TopicId::from_bytes(id(row, "topic_id")?),
        chance: row.try_get("chance")?,
        areas: words(row, "areas")?,
        quoted: maybe_id(row, "quoted")?.map(ConversationId::from_bytes),
        gone: maybe_time(row, "gone")?,
        figures: maybe_count(row, "conversations")?.zip(maybe_count(row, "networks")?),
    })
}
