//! What happened about a topic: raised, heard, answered, decided, changed.
//!
//! Contract: an entry is signed, stands in the ledger by hashes alone, and is never removed, only followed by a correction.
//! Its text can be erased, and what is withdrawn leaves the list of conversations that it answers; the salts of the hashes
//! go with them, so that nothing can be tried out afterwards.

use std::fmt;
use std::str::FromStr;

use discover_model::ledger::{Actor, LedgerEvent, LedgerFact};
use discover_model::proof::sha256_hex;
use discover_model::{ConversationId, NetworkId, TopicId};
use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::answer_networks::{self, Raised};
use crate::consent::ledger;
use crate::database::{Connection, Row, query, query_scalar};
use crate::row::{bad, count, hex, id, id_list, maybe_time, micros, number_list, parsed, time};
use crate::{Store, StoreError, files, remains};

/// Why a text is missing that was erased after the backup which was put back.
pub(crate) const RESTORED: &str = "it was erased before a backup was put back";

/// How far an entry says that things have come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Stage {
    /// The body knows of it.
    Heard,
    Answered,
    Decided,
    /// Something is different now.
    Changed,
}

impl Stage {
    pub const ALL: [Self; 4] = [Self::Heard, Self::Answered, Self::Decided, Self::Changed];

    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Heard => "heard",
            Self::Answered => "answered",
            Self::Decided => "decided",
            Self::Changed => "changed",
        }
    }
}

impl fmt::Display for Stage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for Stage {
    type Err = ();
    fn from_str(text: &str) -> Result<Self, ()> {
        let mut all = Self::ALL.into_iter();
        all.find(|stage| stage.as_str() == text).ok_or(())
    }
}

/// What is to be written; the text is redacted already.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewAnswer {
    pub topic: TopicId,
    pub stage: Stage,
    /// The key's holder, as the operator entered it.
    pub by: String,
    /// By when the body will have done what comes next.
    pub due: Option<Date>,
    /// Number of the entry that it corrects.
    pub corrects: Option<u64>,
    pub url: Option<String>,
    pub text: String,
    /// The conversations that it answers.
    pub conversations: Vec<ConversationId>,
    /// The networks that have raised the topic.
    pub networks: Vec<NetworkId>,
}

/// When a text was erased, and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ErasedText {
    pub at: Timestamp,
    pub because: String,
}

/// An entry as it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    /// From 1, over all topics.
    pub seq: u64,
    /// Number of its entry in the ledger.
    pub ledger: u64,
    pub topic: TopicId,
    pub stage: Stage,
    pub by: String,
    pub at: Timestamp,
    pub due: Option<Date>,
    pub corrects: Option<u64>,
    /// Number of the latest entry that corrects it.
    pub corrected_by: Option<u64>,
    pub url: Option<String>,
    /// None once it was erased.
    pub text: Option<String>,
    pub text_salt: Option<String>,
    pub text_sha256: String,
    pub erased: Option<ErasedText>,
    /// How many conversations it answered when it was written.
    pub cited: u64,
    /// Those of them that are still held.
    pub conversations: Vec<ConversationId>,
    /// None once one of them is gone.
    pub conversations_salt: Option<String>,
    pub conversations_sha256: String,
    /// How many networks had raised the topic when it was written.
    pub raised: u64,
    /// Those of them that have not left.
    pub networks: Vec<Raised>,
    /// Ed25519 over `discover answer\n{seq}\n{hash of the ledger's entry}\n`, by the key that signs the ledger's heads.
    pub signature: String,
}

impl Store {
    /// Writes an entry. Durable when it returns.
    pub async fn write_answer(
        &self,
        new: &NewAnswer,
        now: Timestamp,
    ) -> Result<Answer, StoreError> {
        let pair = self.head_pair()?;
        let (text_salt, cited_salt) = (hex(&files::random()?), hex(&files::random()?));
        let text_sha256 = sha256_hex(format!("{text_salt}\n{}", new.text).as_bytes());
        let mut writer = self.write().await?;
        let result = async {
            let conversations = still_held(writer.connection(), &new.conversations).await?;
            let list: Vec<String> = conversations.iter().map(ToString::to_string).collect();
            let cited_sha256 =
                sha256_hex(format!("{cited_salt}\n{}", list.join("\n")).as_bytes());
            // The ledger may know entries that a backup, which was put back, does not.
            let last: i64 = query_scalar(
                "SELECT max(
                   (SELECT coalesce(max(seq), 0) FROM answers),
                   (SELECT coalesce(max(json_extract(entry, '$.answer')), 0) FROM ledger WHERE event = 'answer'))",
            )
            .fetch_one(writer.connection())
            .await?;
            let seq = u64::try_from(last).unwrap_or_default() + 1;
            let fact = LedgerFact {
                answer: Some(seq),
                text_sha256: Some(text_sha256.clone()),
                conversations: Some(conversations.len() as u64),
                conversations_sha256: Some(cited_sha256.clone()),
                ..LedgerFact::new(now, LedgerEvent::Answer, nobody(), Actor::Body)
            };
            let entry = ledger::append(&mut writer, fact).await?;
            let message = format!("discover answer\n{seq}\n{}\n", entry.hash);
            let signature = hex(pair.sign(message.as_bytes()).as_ref());
            query(
                "INSERT INTO answers (seq, ledger, topic_id, stage, by_name, at, due, corrects, url, text, text_salt,
                   text_sha256, cited, cited_salt, cited_sha256, signature)
                 VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            )
            .bind(seq as i64)
            .bind(entry.seq as i64)
            .bind(new.topic.to_bytes().to_vec())
            .bind(new.stage.as_str())
            .bind(&new.by)
            .bind(micros(now))
            .bind(new.due.map(|due| due.to_string()))
            .bind(new.corrects.map(|seq| seq as i64))
            .bind(&new.url)
            .bind(&new.text)
            .bind(&text_salt)
            .bind(&text_sha256)
            .bind(conversations.len() as i64)
            .bind(&cited_salt)
            .bind(&cited_sha256)
            .bind(&signature)
            .execute(writer.connection())
            .await?;
            query(
                "INSERT INTO answer_cites (seq, conversation_id) SELECT ?, unhex(value) FROM json_each(?)",
            )
            .bind(seq as i64)
            .bind(id_list(conversations.iter().map(|id| id.to_bytes())))
            .execute(writer.connection())
            .await?;
            answer_networks::tell(writer.connection(), seq, &new.networks, new.corrects, now).await?;
            let networks = answer_networks::of(writer.connection(), &[seq]).await?;
            Ok((seq, entry.seq, signature, conversations, cited_sha256, networks))
        }
        .await;
        let (seq, ledger, signature, conversations, cited_sha256, networks) =
            writer.finish(result).await?;
        let networks: Vec<Raised> = networks.into_iter().map(|(_, raised)| raised).collect();
        Ok(Answer {
            seq,
            ledger,
            topic: new.topic,
            stage: new.stage,
            by: new.by.clone(),
            at: now,
            due: new.due,
            corrects: new.corrects,
            corrected_by: None,
            url: new.url.clone(),
            text: Some(new.text.clone()),
            text_salt: Some(text_salt),
            text_sha256,
            erased: None,
            cited: conversations.len() as u64,
            conversations,
            conversations_salt: Some(cited_salt),
            conversations_sha256: cited_sha256,
            raised: networks.len() as u64,
            networks,
            signature,
        })
    }

    /// One entry by its number.
    pub async fn answer(&self, seq: u64) -> Result<Option<Answer>, StoreError> {
        let rows = query(
            "SELECT *, (SELECT max(seq) FROM answers AS later WHERE later.corrects = answers.seq) AS corrected_by
             FROM answers WHERE seq = ?",
        )
        .bind(i64::try_from(seq).unwrap_or(i64::MAX))
        .fetch_all(self.readers())
        .await
        .map_err(StoreError::from);
        let rows = self.named(rows)?;
        Ok(self.with_lists(rows).await?.pop())
    }

    /// Every topic that an entry is about, by the id it was called by.
    pub async fn answered_topics(&self) -> Result<Vec<TopicId>, StoreError> {
        let rows = query("SELECT DISTINCT topic_id FROM answers ORDER BY topic_id")
            .fetch_all(self.readers())
            .await
            .map_err(StoreError::from);
        let rows = self.named(rows)?;
        rows.iter()
            .map(|row| Ok(TopicId::from_bytes(id(row, "topic_id")?)))
            .collect()
    }

    /// The entries of some topics, oldest first.
    pub async fn answers(&self, topics: &[TopicId]) -> Result<Vec<Answer>, StoreError> {
        let rows = query(
            "SELECT *, (SELECT max(seq) FROM answers AS later WHERE later.corrects = answers.seq) AS corrected_by
             FROM answers WHERE topic_id IN (SELECT unhex(value) FROM json_each(?)) ORDER BY seq",
        )
        .bind(id_list(topics.iter().map(|id| id.to_bytes())))
        .fetch_all(self.readers())
        .await
        .map_err(StoreError::from);
        let rows = self.named(rows)?;
        self.with_lists(rows).await
    }

    /// Topics with an entry that was written from `from` until before `until`, or that names a day in between; by id.
    pub async fn answered_between(
        &self,
        (from, until): (Timestamp, Timestamp),
        (first, after): (Date, Date),
    ) -> Result<Vec<TopicId>, StoreError> {
        let rows = query(
            "SELECT DISTINCT topic_id FROM answers WHERE (at >= ? AND at < ?) OR (due >= ? AND due < ?) ORDER BY topic_id",
        )
        .bind(micros(from))
        .bind(micros(until))
        .bind(first.to_string())
        .bind(after.to_string())
        .fetch_all(self.readers())
        .await
        .map_err(StoreError::from);
        let rows = self.named(rows)?;
        rows.iter()
            .map(|row| Ok(TopicId::from_bytes(id(row, "topic_id")?)))
            .collect()
    }

    /// The latest entries about topics that this network had raised, latest first.
    pub async fn answers_to(
        &self,
        network: NetworkId,
        most: usize,
    ) -> Result<Vec<Answer>, StoreError> {
        let rows = query(
            "SELECT *, (SELECT max(seq) FROM answers AS later WHERE later.corrects = answers.seq) AS corrected_by
             FROM answers WHERE seq IN (SELECT seq FROM answer_networks WHERE network_id = ?)
             ORDER BY seq DESC LIMIT ?",
        )
        .bind(network.to_bytes().to_vec())
        .bind(crate::row::limit(most))
        .fetch_all(self.readers())
        .await
        .map_err(StoreError::from);
        let rows = self.named(rows)?;
        self.with_lists(rows).await
    }

    /// Erases the text of an entry, its address with it. The entry, its day and its hash stay. The bytes leave the files
    /// with the next [`Store::erase`].
    pub async fn erase_answer(
        &self,
        seq: u64,
        because: &str,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let mut writer = self.write().await?;
        let result = async {
            if !forget_text(writer.connection(), seq, now, because).await? {
                return Err(StoreError::NotFound {
                    what: "answer with a text and the number",
                    id: seq.to_string(),
                });
            }
            let fact = LedgerFact {
                answer: Some(seq),
                ..LedgerFact::new(now, LedgerEvent::AnswerErased, nobody(), Actor::Operator)
            };
            ledger::append(&mut writer, fact).await?;
            answer_networks::tell_erased(writer.connection(), seq, now).await
        }
        .await;
        writer.finish(result).await
    }

    async fn with_lists(&self, rows: Vec<Row>) -> Result<Vec<Answer>, StoreError> {
        let mut answers = rows.iter().map(read).collect::<Result<Vec<_>, _>>()?;
        let cites = query(
            "SELECT seq, conversation_id FROM answer_cites WHERE seq IN (SELECT value FROM json_each(?))
             ORDER BY seq, conversation_id",
        )
        .bind(number_list(answers.iter().map(|answer| answer.seq as i64)))
        .fetch_all(self.readers())
        .await
        .map_err(StoreError::from);
        for row in &self.named(cites)? {
            let seq = count(row, "seq")?;
            let of = answers.iter_mut().find(|answer| answer.seq == seq);
            if let Some(answer) = of {
                let conversation = ConversationId::from_bytes(id(row, "conversation_id")?);
                answer.conversations.push(conversation);
            }
        }
        let numbers: Vec<u64> = answers.iter().map(|answer| answer.seq).collect();
        let networks = answer_networks::of(self.readers(), &numbers).await;
        for (seq, raised) in self.named(networks)? {
            let of = answers.iter_mut().find(|answer| answer.seq == seq);
            if let Some(answer) = of {
                answer.networks.push(raised);
            }
        }
        Ok(answers)
    }
}

/// Those of these that are held, ascending, each by the id that it goes by now: what went while the writer was waited for
/// would never leave the list.
async fn still_held(
    connection: &mut Connection,
    conversations: &[ConversationId],
) -> Result<Vec<ConversationId>, StoreError> {
    let rows = query(
        "SELECT DISTINCT conversation_id FROM json_each(?)
         LEFT JOIN aliases ON old_id = unhex(value)
         JOIN conversations ON conversation_id = coalesce(new_id, unhex(value))
         ORDER BY conversation_id",
    )
    .bind(id_list(conversations.iter().map(|id| id.to_bytes())))
    .fetch_all(connection)
    .await?;
    rows.iter()
        .map(|row| Ok(ConversationId::from_bytes(id(row, "conversation_id")?)))
        .collect()
}

/// In the place of a network, where an entry of the ledger is about none.
const fn nobody() -> NetworkId {
    NetworkId::from_u128(0)
}

/// Erases a text; `false` where there is none.
pub(crate) async fn forget_text(
    connection: &mut Connection,
    seq: u64,
    at: Timestamp,
    because: &str,
) -> Result<bool, StoreError> {
    let done = query(
        "UPDATE answers SET text = NULL, text_salt = NULL, url = NULL, erased_at = ?, erased_why = ?
         WHERE seq = ? AND text IS NOT NULL",
    )
    .bind(micros(at))
    .bind(because)
    .bind(i64::try_from(seq).unwrap_or(i64::MAX))
    .execute(&mut *connection)
    .await?;
    if done.rows_affected() == 0 {
        return Ok(false);
    }
    remains::forget(connection).await?;
    Ok(true)
}

fn read(row: &Row) -> Result<Answer, StoreError> {
    let due: Option<&str> = row.try_get("due")?;
    let corrects: Option<i64> = row.try_get("corrects")?;
    let corrected_by: Option<i64> = row.try_get("corrected_by")?;
    let because: Option<String> = row.try_get("erased_why")?;
    let stage: &str = row.try_get("stage")?;
    Ok(Answer {
        seq: count(row, "seq")?,
        ledger: count(row, "ledger")?,
        topic: TopicId::from_bytes(id(row, "topic_id")?),
        stage: stage.parse().map_err(|()| bad("stage", stage))?,
        by: row.try_get("by_name")?,
        at: time(row, "at")?,
        due: due.is_some().then(|| parsed(row, "due")).transpose()?,
        corrects: corrects.map(|seq| seq as u64),
        corrected_by: corrected_by.map(|seq| seq as u64),
        url: row.try_get("url")?,
        text: row.try_get("text")?,
        text_salt: row.try_get("text_salt")?,
        text_sha256: row.try_get("text_sha256")?,
        erased: maybe_time(row, "erased_at")?.map(|at| ErasedText {
            at,
            because: because.unwrap_or_default(),
        }),
        cited: count(row, "cited")?,
        conversations: Vec::new(),
        conversations_salt: row.try_get("cited_salt")?,
        conversations_sha256: row.try_get("cited_sha256")?,
        raised: count(row, "raised")?,
        networks: Vec::new(),
        signature: row.try_get("signature")?,
    })
}
