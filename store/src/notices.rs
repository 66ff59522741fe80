//! Topics that are told of early: from when a warning, or that a topic is emerging, began to when it no longer held.
//!
//! Contract: ids, figures and codes of languages alone; areas are keyed hashes. A notice has one beginning and one end.

use discover_model::{FollowId, TopicId};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::database::{Connection, Row, query, query_scalar};
use crate::following::deliveries::{self, DeliveryEvent, DeliverySubject};
use crate::row::{count, id, limit, maybe_time, micros, name, time, word};
use crate::{Store, StoreError};

/// What a topic is told of early for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
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

/// What is new, and the follows that are to be told.
#[derive(Debug, Clone, PartialEq)]
pub struct Begun {
    pub of: Holds,
    pub tell: Vec<FollowId>,
}

/// What one look found.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Noted {
    pub begun: Vec<Begun>,
    /// By number, as they are now.
    pub still: Vec<(u64, Holds)>,
    pub ended: Vec<u64>,
}

impl Store {
    /// Those that hold, and of the others the latest; newest first within each.
    pub async fn notices(&self, most: usize) -> Result<Vec<Notice>, StoreError> {
        let rows = query(
            "SELECT * FROM notices ORDER BY ended IS NOT NULL, coalesce(ended, began) DESC, notice DESC LIMIT ?",
        )
        .bind(limit(most))
        .fetch_all(self.readers())
        .await
        .map_err(StoreError::from);
        self.named(rows)?.iter().map(read).collect()
    }

    pub async fn notice(&self, number: u64) -> Result<Option<Notice>, StoreError> {
        let row = query("SELECT * FROM notices WHERE notice = ?")
            .bind(number as i64)
            .fetch_optional(self.readers())
            .await
            .map_err(StoreError::from);
        self.named(row)?.as_ref().map(read).transpose()
    }

    /// Writes down what one look found, and queues what is to be told of it, all of it or nothing.
    pub async fn write_notices(&self, noted: &Noted, now: Timestamp) -> Result<(), StoreError> {
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
        let result = async {
            // Of what is forgotten nothing more can be said.
            query(
                "DELETE FROM deliveries WHERE notice IN (SELECT notice FROM notices WHERE ended < ?)",
            )
            .bind(micros(before))
            .execute(writer.connection())
            .await?;
            let done = query("DELETE FROM notices WHERE ended < ?")
                .bind(micros(before))
                .execute(writer.connection())
                .await?;
            Ok(done.rows_affected())
        }
        .await;
        writer.finish(result).await
    }
}

async fn begin(
    connection: &mut Connection,
    begun: &Begun,
    now: Timestamp,
) -> Result<(), StoreError> {
    let of = &begun.of;
    let number: Option<i64> = query_scalar(
        "INSERT INTO notices (kind, topic_id, began, held, chance, networks, languages, areas)
         VALUES (?1, ?2, ?3, ?3, ?4, ?5, ?6, ?7) ON CONFLICT DO NOTHING RETURNING notice",
    )
    .bind(name(of.kind))
    .bind(of.topic.to_bytes().to_vec())
    .bind(micros(now))
    .bind(of.chance)
    .bind(of.networks as i64)
    .bind(of.languages.join(" "))
    .bind(of.areas.join(" "))
    .fetch_optional(&mut *connection)
    .await?;
    let Some(number) = number.map(i64::unsigned_abs) else {
        return Ok(());
    };
    for follow in &begun.tell {
        // One that ended meanwhile is told nothing.
        let there: Option<i64> = query_scalar("SELECT 1 FROM follows WHERE follow_id = ?")
            .bind(follow.to_bytes().to_vec())
            .fetch_optional(&mut *connection)
            .await?;
        if there.is_some() {
            let subject = Some(DeliverySubject::Notice(number));
            deliveries::queue(connection, *follow, DeliveryEvent::Begun, subject, now, now).await?;
        }
    }
    Ok(())
}

async fn hold(
    connection: &mut Connection,
    number: u64,
    of: &Holds,
    now: Timestamp,
) -> Result<(), StoreError> {
    query(
        "UPDATE notices SET topic_id = ?1, held = ?2, chance = ?3, networks = ?4, languages = ?5, areas = ?6
         WHERE notice = ?7 AND ended IS NULL AND NOT EXISTS (SELECT 1 FROM notices AS other WHERE other.topic_id = ?1
           AND other.kind = notices.kind AND other.ended IS NULL AND other.notice <> ?7)",
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

async fn end(connection: &mut Connection, number: u64, now: Timestamp) -> Result<(), StoreError> {
    let done = query("UPDATE notices SET ended = ? WHERE notice = ? AND ended IS NULL")
        .bind(micros(now))
        .bind(number as i64)
        .execute(&mut *connection)
        .await?;
    if done.rows_affected() == 0 {
        return Ok(());
    }
    // It is not told any more; what was never sent is called off in silence.
    query(
        "UPDATE deliveries SET state = 'called_off', ended = ? WHERE notice = ? AND event = 'begun' AND state = 'pending'",
    )
    .bind(micros(now))
    .bind(number as i64)
    .execute(&mut *connection)
    .await?;
    let told = query(
        "SELECT follow_id FROM deliveries WHERE notice = ? AND event = 'begun' AND sent = 1 ORDER BY follow_id",
    )
    .bind(number as i64)
    .fetch_all(&mut *connection)
    .await?;
    for row in &told {
        let follow = FollowId::from_bytes(id(row, "follow_id")?);
        let subject = Some(DeliverySubject::Notice(number));
        deliveries::queue(connection, follow, DeliveryEvent::Ended, subject, now, now).await?;
    }
    Ok(())
}

fn read(row: &Row) -> Result<Notice, StoreError> {
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
pub(crate) fn words(row: &Row, column: &str) -> Result<Vec<String>, StoreError> {
    let text: &str = row.try_get(column)?;
    Ok(text.split_ascii_whitespace().map(str::to_owned).collect())
}
