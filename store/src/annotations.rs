//! Annotations: a day and a few words on a topic, of a network that speaks in it or of the operator.
//!
//! Contract: words are redacted before they come here. A network has one a day on a topic; writing it again replaces it. What
//! is taken away, or goes with its network, leaves the files with the next [`Store::erase`]. Nothing of it is in the ledger.

use discover_model::{NetworkId, TopicId};
use jiff::Timestamp;
use jiff::civil::Date;

use crate::database::{Connection, Row, query, query_scalar};
use crate::remains;
use crate::row::{count, id, id_list, limit, maybe_id, micros, number_list, parsed, time};
use crate::{Store, StoreError};

/// Characters of a name of one word from which on a note that holds it goes with whoever had it: a shorter one is found
/// everywhere.
const NAMED: usize = 5;

/// What is to be written; the text is redacted already.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewAnnotation {
    pub topic: TopicId,
    /// None where the operator writes.
    pub network: Option<NetworkId>,
    pub day: Date,
    pub text: String,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Annotation {
    pub number: u64,
    pub topic: TopicId,
    /// None where the operator wrote.
    pub network: Option<NetworkId>,
    pub day: Date,
    pub at: Timestamp,
    pub text: String,
}

impl Store {
    /// Writes an annotation in the place of the author's own of that day, on the topic by any of its ids (`topics`), of which
    /// the author may have `most`. `None` where there are as many, or the network has left.
    pub async fn put_annotation(
        &self,
        new: &NewAnnotation,
        topics: &[TopicId],
        most: usize,
        now: Timestamp,
    ) -> Result<Option<Annotation>, StoreError> {
        let network = new.network.map(|id| id.to_bytes().to_vec());
        let ids = id_list(topics.iter().chain([&new.topic]).map(|id| id.to_bytes()));
        let mut writer = self.write().await?;
        let result = async {
            let connection = writer.connection();
            let replaced = query(
                "DELETE FROM annotations WHERE network_id IS NOT DISTINCT FROM ?1 AND day = ?2
                   AND topic_id IN (SELECT unhex(value) FROM json_each(?3))",
            )
            .bind(network.clone())
            .bind(new.day.to_string())
            .bind(&ids)
            .execute(&mut *connection)
            .await?;
            if replaced.rows_affected() > 0 {
                remains::forget(connection).await?;
            }
            let number: Option<i64> = query_scalar(
                "INSERT INTO annotations (topic_id, network_id, day, at, text) SELECT ?1, ?2, ?3, ?4, ?5
                 WHERE (?2 IS NULL OR EXISTS (SELECT 1 FROM networks WHERE network_id = ?2 AND state <> 'withdrawn'))
                   AND (SELECT count(*) FROM annotations WHERE network_id IS NOT DISTINCT FROM ?2
                     AND topic_id IN (SELECT unhex(value) FROM json_each(?6))) < ?7
                 RETURNING annotation",
            )
            .bind(new.topic.to_bytes().to_vec())
            .bind(network)
            .bind(new.day.to_string())
            .bind(micros(now))
            .bind(&new.text)
            .bind(&ids)
            .bind(limit(most))
            .fetch_optional(connection)
            .await?;
            Ok(number.map(i64::unsigned_abs))
        }
        .await;
        let number = writer.finish(result).await?;
        Ok(number.map(|number| Annotation {
            number,
            topic: new.topic,
            network: new.network,
            day: new.day,
            at: now,
            text: new.text.clone(),
        }))
    }

    /// The annotations of some topics, by day.
    pub async fn annotations(&self, topics: &[TopicId]) -> Result<Vec<Annotation>, StoreError> {
        let rows = query(
            "SELECT * FROM annotations WHERE topic_id IN (SELECT unhex(value) FROM json_each(?)) ORDER BY day, annotation",
        )
        .bind(id_list(topics.iter().map(|id| id.to_bytes())))
        .fetch_all(self.readers())
        .await
        .map_err(StoreError::from);
        self.named(rows)?.iter().map(read).collect()
    }

    /// All annotations of a network, or of the operator, latest first.
    pub async fn annotations_of(
        &self,
        network: Option<NetworkId>,
    ) -> Result<Vec<Annotation>, StoreError> {
        let rows =
            query("SELECT * FROM annotations WHERE network_id IS NOT DISTINCT FROM ? ORDER BY annotation DESC")
                .bind(network.map(|id| id.to_bytes().to_vec()))
                .fetch_all(self.readers())
                .await
                .map_err(StoreError::from);
        self.named(rows)?.iter().map(read).collect()
    }

    /// Takes one away, of this network or of the operator; `false` where there is none of theirs with the number.
    pub async fn drop_annotation(
        &self,
        number: u64,
        network: Option<NetworkId>,
    ) -> Result<bool, StoreError> {
        let mut writer = self.write().await?;
        let result = async {
            let done =
                query("DELETE FROM annotations WHERE annotation = ? AND network_id IS NOT DISTINCT FROM ?")
                    .bind(i64::try_from(number).unwrap_or(i64::MAX))
                    .bind(network.map(|id| id.to_bytes().to_vec()))
                    .execute(writer.connection())
                    .await?;
            if done.rows_affected() > 0 {
                remains::forget(writer.connection()).await?;
            }
            Ok(done.rows_affected() > 0)
        }
        .await;
        writer.finish(result).await
    }

    /// Forgets all: a restored copy does not know which were taken away since it was made.
    pub async fn forget_annotations(&self) -> Result<u64, StoreError> {
        let mut writer = self.write().await?;
        let result = async {
            let done = query("DELETE FROM annotations")
                .execute(writer.connection())
                .await?;
            if done.rows_affected() > 0 {
                remains::forget(writer.connection()).await?;
            }
            Ok(done.rows_affected())
        }
        .await;
        writer.finish(result).await
    }
}

/// Whether a text names a network, in whole words: by its name, with or without an article before it, or by its slug.
pub fn names_network(text: &str, slug: &str, name: &str) -> bool {
    let text = format!(" {} ", words(text));
    let (slug, name) = (words(slug), words(name));
    let plain = name.strip_prefix("the ").unwrap_or(&name);
    [slug.as_str(), &name, plain].into_iter().any(|known| {
        (known.contains(' ') || known.chars().count() >= NAMED)
            && text.contains(&format!(" {known} "))
    })
}

/// The words of a text, in lower case, with a space between.
fn words(text: &str) -> String {
    let text = text.to_lowercase();
    let words = text.split(|c: char| !c.is_alphanumeric());
    words
        .filter(|word| !word.is_empty())
        .collect::<Vec<_>>()
        .join(" ")
}

/// A network leaves: what others wrote goes too, where it names that network.
pub(crate) async fn forget_network(
    connection: &mut Connection,
    network: NetworkId,
) -> Result<(), StoreError> {
    let row = query("SELECT slug, name FROM networks WHERE network_id = ?")
        .bind(network.to_bytes().to_vec())
        .fetch_optional(&mut *connection)
        .await?;
    let Some(row) = row else { return Ok(()) };
    let (slug, name): (&str, &str) = (row.try_get("slug")?, row.try_get("name")?);
    let all = query("SELECT annotation, text FROM annotations")
        .fetch_all(&mut *connection)
        .await?;
    let mut naming = Vec::new();
    for row in &all {
        if names_network(row.try_get("text")?, slug, name) {
            naming.push(row.try_get::<i64, _>("annotation")?);
        }
    }
    query("DELETE FROM annotations WHERE annotation IN (SELECT value FROM json_each(?))")
        .bind(number_list(naming))
        .execute(connection)
        .await?;
    Ok(())
}

fn read(row: &Row) -> Result<Annotation, StoreError> {
    Ok(Annotation {
        number: count(row, "annotation")?,
        topic: TopicId::from_bytes(id(row, "topic_id")?),
        network: maybe_id(row, "network_id")?.map(NetworkId::from_bytes),
        day: parsed(row, "day")?,
        at: time(row, "at")?,
        text: row.try_get("text")?,
    })
}
