//! Vectors of conversations, kept beside their texts so that they go when these go. They are read by nothing but the
//! process that holds the store.

use std::collections::BTreeMap;

use discover_model::{ConversationId, Language};
use jiff::Timestamp;

use crate::database::{Connection, Row, query};
use crate::row::{bad, count, id, id_list, maybe_time};
use crate::{Store, StoreError};

/// Says which model made a vector.
pub type ModelPrint = [u8; 16];

/// A vector as it is kept; what its bytes mean is its model's matter.
#[derive(Debug, Clone, PartialEq)]
pub struct KeptVector {
    pub conversation: ConversationId,
    /// Digest of the text it was made of.
    pub digest: [u8; 16],
    pub language: Option<Language>,
    pub vector: Vec<u8>,
}

impl Store {
    /// Every vector of this model, with when its conversation began, where that is known.
    pub async fn vectors(
        &self,
        model: ModelPrint,
    ) -> Result<Vec<(KeptVector, Option<Timestamp>)>, StoreError> {
        let rows = query(
            "SELECT conversation_id, digest, v.language AS language, vector, published
             FROM vectors v JOIN conversations ON arrival = v.conversation JOIN posts ON post = root
             WHERE model = ?",
        )
        .bind(model.to_vec())
        .fetch_all(self.readers())
        .await
        .map_err(StoreError::from);
        let read = |row: &Row| Ok((kept(row)?, maybe_time(row, "published")?));
        self.named(rows.and_then(|rows| rows.iter().map(read).collect()))
    }

    /// The vectors of this model that some conversations have.
    pub async fn vectors_of(
        &self,
        model: ModelPrint,
        conversations: &[ConversationId],
    ) -> Result<BTreeMap<ConversationId, KeptVector>, StoreError> {
        let rows = query(
            "SELECT conversation_id, digest, language, vector
             FROM vectors JOIN conversations ON arrival = conversation
             WHERE model = ? AND conversation_id IN (SELECT unhex(value) FROM json_each(?))",
        )
        .bind(model.to_vec())
        .bind(id_list(conversations.iter().map(|id| id.to_bytes())))
        .fetch_all(self.readers())
        .await
        .map_err(StoreError::from);
        let read = |row: &Row| kept(row).map(|kept| (kept.conversation, kept));
        self.named(rows.and_then(|rows| rows.iter().map(read).collect()))
    }

    /// How many conversations have a vector of this model.
    pub async fn count_vectors(&self, model: ModelPrint) -> Result<u64, StoreError> {
        let row = query("SELECT count(*) AS held FROM vectors WHERE model = ?")
            .bind(model.to_vec())
            .fetch_one(self.readers())
            .await
            .map_err(StoreError::from);
        self.named(row.and_then(|row| count(&row, "held")))
    }

    /// Keeps vectors made of what was held when the change log ended at `seq`. What changed since keeps none: its text
    /// may be gone. Returns how many were kept.
    pub async fn keep_vectors(
        &self,
        model: ModelPrint,
        seq: u64,
        vectors: &[KeptVector],
    ) -> Result<u64, StoreError> {
        let mut writer = self.write().await?;
        let result = keep(writer.connection(), model, seq, vectors).await;
        writer.finish(result).await
    }

    /// Forgets the vectors of every model.
    pub async fn forget_vectors(&self) -> Result<u64, StoreError> {
        let mut writer = self.write().await?;
        let result = query("DELETE FROM vectors")
            .execute(writer.connection())
            .await
            .map(|done| done.rows_affected())
            .map_err(StoreError::from);
        writer.finish(result).await
    }
}

fn kept(row: &Row) -> Result<KeptVector, StoreError> {
    let language: Option<&str> = row.try_get("language")?;
    Ok(KeptVector {
        conversation: ConversationId::from_bytes(id(row, "conversation_id")?),
        digest: id(row, "digest")?,
        language: language
            .map(|code| code.parse().map_err(|_| bad("language", code)))
            .transpose()?,
        vector: row.try_get("vector")?,
    })
}

async fn keep(
    connection: &mut Connection,
    model: ModelPrint,
    seq: u64,
    vectors: &[KeptVector],
) -> Result<u64, StoreError> {
    let mut kept = 0;
    for one in vectors {
        let done = query(
            "INSERT INTO vectors (conversation, network_id, model, digest, language, vector)
             SELECT arrival, network_id, ?1, ?2, ?3, ?4 FROM conversations
             WHERE conversation_id = ?5
               AND NOT EXISTS (SELECT 1 FROM changes WHERE conversation_id = ?5 AND seq > ?6)
             ON CONFLICT (conversation) DO UPDATE SET network_id = excluded.network_id, model = excluded.model,
               digest = excluded.digest, language = excluded.language, vector = excluded.vector",
        )
        .bind(model.to_vec())
        .bind(one.digest.to_vec())
        .bind(one.language.map(|language| language.as_str().to_owned()))
        .bind(&one.vector)
        .bind(one.conversation.to_bytes().to_vec())
        .bind(i64::try_from(seq).unwrap_or(i64::MAX))
        .execute(&mut *connection)
        .await?;
        kept += done.rows_affected();
    }
    Ok(kept)
}
