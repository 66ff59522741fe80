//! Topics that are told of early: from when a warning, or that a topic is emerging, began to when it no longer held.
//!
//! Contract: ids, figures and codes of languages alone; areas are keyed hashes. A notice has one beginning and one end.

use discover_model::TopicId;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use sqlx::Row;
use sqlx::sqlite::{SqliteConnection, SqliteRow};

use crate::row::{count, id, limit, maybe_time, micros, name, time, word};
use crate::{Store, StoreError};

/// What a topic is told of early for.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
#[serde(rename_all = "lowercase")]
pub enum NoticeKind {
    /// Several networks speak of it more than each is used to.
    Warning,
    /// It stands in the list of emerging topics.
    Emerging,
}

impl NoticeKind {
    pub const ALL: [Self; 2] = [Self::Warning, Self::Emerging];

    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Warning => "warning",
            Self::Emerging => "emerging",
        }
    }
}

/// What holds of a topic at one look.
#[derive(Debug, Clone, PartialEq)]
pub struct Holds {
    pub kind: NoticeKind,
    pub topic: TopicId,
    /// Chance of as much in an ordinary week; none where there is too little history to test.
    pub chance: Option<f64>,
    pub networks: u64,
    /// Codes.
    pub languages: Vec<String>,
    /// Keyed hashes of the slugs of areas.
    pub areas: Vec<String>,
}

/// A notice, as it was last seen.
#[derive(Debug, Clone, PartialEq)]
pub struct Notice {
    pub number: u64,
    pub began: Timestamp,
    /// The last look at which it held.
    pub held: Timestamp,
    pub ended: Option<Timestamp>,
    pub of: Holds,
}

/// What one look found.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Noted {
    pub begun: Vec<Holds>,
    /// By number, as they are now.
    pub still: Vec<(u64, Holds)>,
    pub ended: Vec<u64>,
}

impl Store {
    /// Those that hold, and of the others the latest; newest first within each.
    pub async fn notices(&self, most: usize) -> Result<Vec<Notice>, StoreError> {
        let rows = sqlx::query(
            "SELECT * FROM notices ORDER BY ended IS NOT NULL, coalesce(ended, began) DESC, notice DESC LIMIT ?",
        )
        .bind(limit(most))
        .fetch_all(self.readers())
        .await
        .map_err(StoreError::from);
        self.named(rows)?.iter().map(read).collect()
    }

    /// Writes down what one look found, all of it or nothing.
    pub async fn note(&self, noted: &Noted, now: Timestamp) -> Result<(), StoreError> {
        let mut writer = self.write().await?;
        let result = async {
            for number in &noted.ended {
                end(writer.connection(), *number, now).await?;
            }
            for (number, of) in &noted.still {
                hold(writer.connection(), *number, of, now).await?;
            }
            for of in &noted.begun {
                begin(writer.connection(), of, now).await?;
            }
            Ok(())
        }
        .await;
        writer.finish(result).await
    }

    /// Forgets notices that ended before then.
    pub async fn forget_notices(&self, before: Timestamp) -> Result<u64, StoreError> {
        let mut writer = self.write().await?;
        let result = sqlx::query("DELETE FROM notices WHERE ended < ?")
            .bind(micros(before))
            .execute(writer.connection())
            .await
            .map(|done| done.rows_affected())
            .map_err(StoreError::from);
        writer.finish(result).await
    }
}

async fn begin(
    connection: &mut SqliteConnection,
    of: &Holds,
    now: Timestamp,
) -> Result<(), StoreError> {
    sqlx::query(
        "INSERT INTO notices (kind, topic_id, began, held, chance, networks, languages, areas)
         VALUES (?1, ?2, ?3, ?3, ?4, ?5, ?6, ?7) ON CONFLICT DO NOTHING",
    )
    .bind(name(of.kind))
    .bind(of.topic.to_bytes().to_vec())
    .bind(micros(now))
    .bind(of.chance)
    .bind(of.networks as i64)
    .bind(of.languages.join(" "))
    .bind(of.areas.join(" "))
    .execute(connection)
    .await?;
    Ok(())
}

async fn hold(
    connection: &mut SqliteConnection,
    number: u64,
    of: &Holds,
    now: Timestamp,
) -> Result<(), StoreError> {
    sqlx::query(
        "UPDATE OR IGNORE notices SET topic_id = ?, held = ?, chance = ?, networks = ?, languages = ?, areas = ?
         WHERE notice = ? AND ended IS NULL",
    )
    .bind(of.topic.to_bytes().to_vec())
    .bind(micros(now))
    .bind(of.chance)
    .bind(of.networks as i64)
    .bind(of.languages.join(" "))
    .bind(of.areas.join(" "))
    .bind(number as i64)
    .execute(connection)
    .await?;
    Ok(())
}

async fn end(
    connection: &mut SqliteConnection,
    number: u64,
    now: Timestamp,
) -> Result<(), StoreError> {
    sqlx::query("UPDATE notices SET ended = ? WHERE notice = ? AND ended IS NULL")
        .bind(micros(now))
        .bind(number as i64)
        .execute(connection)
        .await?;
    Ok(())
}

fn read(row: &SqliteRow) -> Result<Notice, StoreError> {
    Ok(Notice {
        number: count(row, "notice")?,
        began: time(row, "began")?,
        held: time(row, "held")?,
        ended: maybe_time(row, "ended")?,
        of: Holds {
            kind: word(row, "kind")?,
            topic: TopicId::from_bytes(id(row, "topic_id")?),
            chance: row.try_get("chance")?,
            networks: count(row, "networks")?,
            languages: words(row, "languages")?,
            areas: words(row, "areas")?,
        },
    })
}

/// Words without spaces, kept in one column.
pub(crate) fn words(row: &SqliteRow, column: &str) -> Result<Vec<String>, StoreError> {
    let text: &str = row.try_get(column)?;
    Ok(text.split_ascii_whitespace().map(str::to_owned).collect())
}
