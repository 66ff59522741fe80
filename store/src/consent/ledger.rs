//! The ledger's rows. An entry is kept as its JSON, byte for byte; the columns beside it only serve look-ups.

use discover_model::ledger::{GENESIS, LedgerEntry, LedgerFact};

use crate::database::{On, Pool, Row, query};
use crate::{Store, StoreError, Writer, row};

/// Rows read at a time while verifying.
pub(crate) const PAGE: usize = 1000;

impl Store {
    /// Records a fact. Durable when it returns.
    pub async fn append_ledger(&self, fact: LedgerFact) -> Result<LedgerEntry, StoreError> {
        let mut writer = self.write().await?;
        let result = append(&mut writer, fact).await;
        writer.finish(result).await
    }

    /// Entries after number `after`, in order.
    pub async fn ledger(&self, after: u64, limit: usize) -> Result<Vec<LedgerEntry>, StoreError> {
        let rows = page(self.readers(), after, limit).await;
        self.named(rows)
            .map(|rows| rows.into_iter().map(|row| row.1).collect())
    }

    /// Number and hash of the last entry, unverified.
    pub async fn ledger_head(&self) -> Result<Option<(u64, String)>, StoreError> {
        self.named(last(self.readers()).await)
    }
}

/// When the last entry was written.
pub(crate) async fn newest(pool: &Pool) -> Result<Option<jiff::Timestamp>, StoreError> {
    let row = query(
        "SELECT seq, network_id, grant_id, event, entry FROM ledger ORDER BY seq DESC LIMIT 1",
    )
    .fetch_optional(pool)
    .await?;
    row.map(|row| read(&row).map(|(_, entry)| entry.fact.at))
        .transpose()
}

/// Number and hash of the last entry.
pub(crate) async fn last<'c>(on: impl Into<On<'c>>) -> Result<Option<(u64, String)>, StoreError> {
    let row = query(
        "SELECT seq, network_id, grant_id, event, entry FROM ledger ORDER BY seq DESC LIMIT 1",
    )
    .fetch_optional(on)
    .await?;
    row.map(|row| read(&row).map(|(_, entry)| (entry.seq, entry.hash)))
        .transpose()
}

pub(crate) async fn append(
    writer: &mut Writer<'_>,
    fact: LedgerFact,
) -> Result<LedgerEntry, StoreError> {
    let row = query(
        "SELECT seq, network_id, grant_id, event, entry FROM ledger ORDER BY seq DESC LIMIT 1",
    )
    .fetch_optional(writer.connection())
    .await?;
    let (seq, prev) = match row {
        Some(row) => {
            let (_, entry) = read(&row)?;
            (entry.seq, entry.hash)
        }
        None => (0, GENESIS.to_owned()),
    };
    let entry = LedgerEntry::follow(seq, &prev, fact);
    put(writer, &entry).await?;
    Ok(entry)
}

/// Stores an entry that follows the last one.
pub(crate) async fn put(writer: &mut Writer<'_>, entry: &LedgerEntry) -> Result<(), StoreError> {
    query("INSERT INTO ledger (seq, network_id, grant_id, event, entry) VALUES (?, ?, ?, ?, ?)")
        .bind(entry.seq as i64)
        .bind(entry.fact.network.to_bytes().to_vec())
        .bind(entry.fact.grant.map(|grant| grant.to_bytes().to_vec()))
        .bind(entry.fact.event.as_str())
        .bind(text(entry))
        .execute(writer.connection())
        .await?;
    writer.head = Some((entry.seq, entry.hash.clone()));
    Ok(())
}

fn text(entry: &LedgerEntry) -> String {
    serde_json::to_string(entry).expect("an entry has only plain fields")
}

pub(crate) async fn page(
    pool: &Pool,
    after: u64,
    limit: usize,
) -> Result<Vec<(i64, LedgerEntry)>, StoreError> {
    let rows = query(
        "SELECT seq, network_id, grant_id, event, entry FROM ledger WHERE seq > ? ORDER BY seq LIMIT ?",
    )
    .bind(i64::try_from(after).unwrap_or(i64::MAX))
    .bind(crate::row::limit(limit))
    .fetch_all(pool)
    .await?;
    rows.iter().map(read).collect()
}

/// Entries after number `after`, up to and with number `to`.
pub(crate) async fn between(
    pool: &Pool,
    after: u64,
    to: Option<u64>,
) -> Result<Vec<(i64, LedgerEntry)>, StoreError> {
    let limit = match to {
        Some(to) => usize::try_from(to.saturating_sub(after)).unwrap_or(usize::MAX),
        None => usize::MAX,
    };
    page(pool, after, limit).await
}

/// An entry, if the row is exactly what was written for it.
pub(crate) fn read(row: &Row) -> Result<(i64, LedgerEntry), StoreError> {
    let seq: i64 = row.try_get("seq")?;
    let altered = || StoreError::LedgerRow { seq };
    let json: &str = row.try_get("entry").map_err(|_| altered())?;
    let entry: LedgerEntry = serde_json::from_str(json).map_err(|_| altered())?;
    let grant = row::maybe_id(row, "grant_id").map_err(|_| altered())?;
    let fits = text(&entry) == json
        && row::id(row, "network_id").map_err(|_| altered())? == entry.fact.network.to_bytes()
        && grant == entry.fact.grant.map(discover_model::GrantId::to_bytes)
        && row.try_get::<&str, _>("event").map_err(|_| altered())? == entry.fact.event.as_str();
    if fits {
        Ok((seq, entry))
    } else {
        Err(altered())
    }
}
