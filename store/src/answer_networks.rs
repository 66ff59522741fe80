//! The networks that had raised a topic when an entry of its answers was written, and how they are told of it.
//!
//! Contract: what is queued moves in the transaction of the entry. A network that leaves goes from here, and is told nothing more.

use discover_model::{FollowId, NetworkId};
use jiff::Timestamp;

use crate::StoreError;
use crate::database::{Connection, On, Row, query};
use crate::following::deliveries::{self, DeliveryEvent, DeliverySubject};
use crate::row::{count, id, id_list, maybe_time, number_list};

/// A network that had raised the topic of an entry.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Raised {
    pub network: NetworkId,
    /// Its owner wanted to be told by webhook or mail.
    pub asked: bool,
    /// When that first arrived somewhere.
    pub told: Option<Timestamp>,
}

/// Writes down whom an entry answers, a correction also those that what it corrects did, and queues it for the owners among
/// them who want to be told.
pub(crate) async fn tell(
    connection: &mut Connection,
    seq: u64,
    networks: &[NetworkId],
    corrects: Option<u64>,
    now: Timestamp,
) -> Result<(), StoreError> {
    let seq = seq as i64;
    query(
        "INSERT INTO answer_networks (seq, network_id, asked)
         SELECT ?1, network_id, CASE WHEN EXISTS (SELECT 1 FROM follows f WHERE f.network_id = networks.network_id
             AND f.about = 'answers' AND (f.webhook IS NOT NULL OR f.confirmed IS NOT NULL)) THEN 1 ELSE 0 END
         FROM networks WHERE state <> 'withdrawn'
           AND (network_id IN (SELECT unhex(value) FROM json_each(?2))
             OR network_id IN (SELECT network_id FROM answer_networks WHERE seq = ?3))",
    )
    .bind(seq)
    .bind(id_list(networks.iter().map(|id| id.to_bytes())))
    .bind(corrects.map(|seq| seq as i64))
    .execute(&mut *connection)
    .await?;
    query(
        "UPDATE answers SET raised = (SELECT count(*) FROM answer_networks AS of WHERE of.seq = ?1) WHERE seq = ?1",
    )
    .bind(seq)
    .execute(&mut *connection)
    .await?;
    let wanted = query(
        "SELECT follow_id FROM follows JOIN answer_networks n USING (network_id) WHERE n.seq = ?
           AND about = 'answers' AND (webhook IS NOT NULL OR confirmed IS NOT NULL) ORDER BY follow_id",
    )
    .bind(seq)
    .fetch_all(&mut *connection)
    .await?;
    queue(connection, &wanted, seq, DeliveryEvent::Answered, now).await
}

/// Queues that a text is erased, for the places that were told of it; what ended long ago is forgotten, so there the place has
/// to be one that was told when the entry was written.
pub(crate) async fn tell_erased(
    connection: &mut Connection,
    seq: u64,
    now: Timestamp,
) -> Result<(), StoreError> {
    let seq = i64::try_from(seq).unwrap_or(i64::MAX);
    let told = query(
        "SELECT follow_id FROM follows f JOIN answer_networks n USING (network_id) WHERE n.seq = ?1
           AND f.about = 'answers' AND (f.webhook IS NOT NULL OR f.confirmed IS NOT NULL)
           AND (EXISTS (SELECT 1 FROM deliveries d WHERE d.follow_id = f.follow_id
               AND d.answer = ?1 AND d.event = 'answered' AND d.sent = 1)
             OR n.told IS NOT NULL AND coalesce(f.confirmed, f.made) <= (SELECT at FROM answers WHERE seq = ?1)
               AND NOT EXISTS (SELECT 1 FROM deliveries d WHERE d.follow_id = f.follow_id
                 AND d.answer = ?1 AND d.event = 'answered'))
         ORDER BY follow_id",
    )
    .bind(seq)
    .fetch_all(&mut *connection)
    .await?;
    queue(connection, &told, seq, DeliveryEvent::AnswerErased, now).await
}

async fn queue(
    connection: &mut Connection,
    follows: &[Row],
    seq: i64,
    event: DeliveryEvent,
    now: Timestamp,
) -> Result<(), StoreError> {
    for row in follows {
        let follow = FollowId::from_bytes(id(row, "follow_id")?);
        let subject = Some(DeliverySubject::Answer(seq.unsigned_abs()));
        deliveries::queue(connection, follow, event, subject, now, now).await?;
    }
    Ok(())
}

/// The networks of some entries that have not left.
pub(crate) async fn of<'a>(
    connection: impl Into<On<'a>> + Send,
    numbers: &[u64],
) -> Result<Vec<(u64, Raised)>, StoreError> {
    let rows = query(
        "SELECT * FROM answer_networks WHERE seq IN (SELECT value FROM json_each(?)) ORDER BY seq, network_id",
    )
    .bind(number_list(numbers.iter().map(|seq| *seq as i64)))
    .fetch_all(connection)
    .await?;
    rows.iter()
        .map(|row| {
            let raised = Raised {
                network: NetworkId::from_bytes(id(row, "network_id")?),
                asked: row.try_get::<i64, _>("asked")? != 0,
                told: maybe_time(row, "told")?,
            };
            Ok((count(row, "seq")?, raised))
        })
        .collect()
}
