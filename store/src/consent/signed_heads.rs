//! Signed heads: at the end of each day the ledger's last entry is signed with Ed25519 and published.
//!
//! The key is made from the instance key, so a backup has it too; what makes a head worth something is that others
//! keep copies of it.

use jiff::Timestamp;
use jiff::civil::Date;
use ring::signature::{ED25519, Ed25519KeyPair, KeyPair, UnparsedPublicKey};

use crate::consent::ledger;
use crate::database::{Pool, Row, query};
use crate::row::{count, hex, micros, parsed, time};
use crate::{SignedHead, Store, StoreError};

/// Days signed in one run; more follow in the next.
const MOST_AT_ONCE: usize = 400;

impl Store {
    /// Signs the head for each day that ended and has none yet, as the ledger stood at the end of that day. Days on
    /// which nothing was recorded are signed too, so that silence is attested. A head that was signed ahead of its time,
    /// by a clock that was wrong, is signed anew when its day has ended. Returns the new heads.
    pub async fn sign_heads(&self, now: Timestamp) -> Result<Vec<SignedHead>, StoreError> {
        let ended = now
            .to_zoned(self.zone().clone())
            .date()
            .yesterday()
            .unwrap_or(Date::MIN);
        let last = self.named(latest(self.readers(), now).await)?;
        if last.as_ref().is_some_and(|head| head.day >= ended) {
            return Ok(Vec::new());
        }
        // Before the first head, only yesterday is known to have been quiet or not: nobody was asked to sign earlier.
        let mut day = last
            .map_or(Ok(ended), |head| head.day.tomorrow())
            .unwrap_or(ended);
        let mut heads = Vec::new();
        while day <= ended && heads.len() < MOST_AT_ONCE {
            if let Some(end) = self.end_of(day)?
                && let Some((seq, hash)) = self.named(at_or_before(self.readers(), end).await)?
            {
                heads.push(self.signed(day, seq, hash, now)?);
            }
            let Ok(next) = day.tomorrow() else { break };
            day = next;
        }
        let mut writer = self.write().await?;
        let result = async {
            for head in &heads {
                query(
                    "INSERT INTO signed_heads (day, seq, hash, at, signature) VALUES (?, ?, ?, ?, ?)
                     ON CONFLICT (day) DO UPDATE SET seq = excluded.seq, hash = excluded.hash, at = excluded.at,
                       signature = excluded.signature WHERE signed_heads.at > excluded.at",
                )
                .bind(head.day.to_string())
                .bind(head.seq as i64)
                .bind(&head.hash)
                .bind(micros(head.at))
                .bind(&head.signature)
                .execute(writer.connection())
                .await?;
            }
            Ok(())
        }
        .await;
        writer.finish(result).await?;
        Ok(heads)
    }

    /// Signed heads, latest first.
    pub async fn signed_heads(&self, limit: usize) -> Result<Vec<SignedHead>, StoreError> {
        let rows = query("SELECT * FROM signed_heads ORDER BY day DESC LIMIT ?")
            .bind(crate::row::limit(limit))
            .fetch_all(self.readers())
            .await
            .map_err(StoreError::from);
        self.named(rows)?.iter().map(read).collect()
    }

    /// The public half of the key that signs heads, as lower-case hex.
    pub fn head_key(&self) -> Result<String, StoreError> {
        Ok(hex(self.head_pair()?.public_key().as_ref()))
    }

    /// Checks the signature of a head, kept here or elsewhere, by this instance's key.
    pub fn check_head(&self, head: &SignedHead) -> Result<(), StoreError> {
        let forged = || StoreError::HeadSignature { day: head.day };
        let signature = data_encoding::HEXLOWER
            .decode(head.signature.as_bytes())
            .map_err(|_| forged())?;
        UnparsedPublicKey::new(&ED25519, self.head_pair()?.public_key().as_ref())
            .verify(
                message(head.day, head.seq, &head.hash).as_bytes(),
                &signature,
            )
            .map_err(|_| forged())
    }

    /// Checks a head that somebody kept against this ledger: its signature, and that the ledger still says the same.
    pub async fn check_kept_head(&self, head: &SignedHead) -> Result<(), StoreError> {
        self.check_head(head)?;
        let entries = self.ledger(head.seq.saturating_sub(1), 1).await?;
        match entries.first() {
            Some(entry) if entry.seq == head.seq && entry.hash == head.hash => Ok(()),
            Some(entry) => Err(discover_model::ledger::Broken::Head(entry.seq).into()),
            None => Err(discover_model::ledger::Broken::Truncated {
                expected: head.seq,
                found: self.ledger_head().await?.map_or(0, |(seq, _)| seq),
            }
            .into()),
        }
    }

    fn signed(
        &self,
        day: Date,
        seq: u64,
        hash: String,
        at: Timestamp,
    ) -> Result<SignedHead, StoreError> {
        let signature = self.head_pair()?.sign(message(day, seq, &hash).as_bytes());
        Ok(SignedHead {
            day,
            seq,
            hash,
            at,
            signature: hex(signature.as_ref()),
        })
    }

    pub(crate) fn head_pair(&self) -> Result<Ed25519KeyPair, StoreError> {
        // A key of the wrong length is the only thing that can fail here.
        Ed25519KeyPair::from_seed_unchecked(&self.sub_key("ledger head")).map_err(|_| {
            StoreError::BadKey {
                path: crate::files::key_path(self.dir()),
            }
        })
    }

    fn end_of(&self, day: Date) -> Result<Option<Timestamp>, StoreError> {
        let next = day.tomorrow().ok();
        Ok(next
            .and_then(|next| next.to_zoned(self.zone().clone()).ok())
            .map(|start| start.timestamp()))
    }
}

fn message(day: Date, seq: u64, hash: &str) -> String {
    format!("discover ledger head\n{day}\n{seq}\n{hash}\n")
}

/// The last entry before `end`. Entries are looked at from the last one back: usually the first is it.
async fn at_or_before(pool: &Pool, end: Timestamp) -> Result<Option<(u64, String)>, StoreError> {
    let mut before = i64::MAX;
    loop {
        let rows = query(
            "SELECT seq, network_id, grant_id, event, entry FROM ledger WHERE seq < ? ORDER BY seq DESC LIMIT 200",
        )
        .bind(before)
        .fetch_all(pool)
        .await?;
        if rows.is_empty() {
            return Ok(None);
        }
        for row in &rows {
            let (seq, entry) = ledger::read(row)?;
            if entry.fact.at < end {
                return Ok(Some((entry.seq, entry.hash)));
            }
            before = seq;
        }
    }
}

/// The latest head that was signed by `now`.
async fn latest(pool: &Pool, now: Timestamp) -> Result<Option<SignedHead>, StoreError> {
    query("SELECT * FROM signed_heads WHERE at <= ? ORDER BY day DESC LIMIT 1")
        .bind(micros(now))
        .fetch_optional(pool)
        .await?
        .as_ref()
        .map(read)
        .transpose()
}

pub(crate) async fn all(pool: &Pool) -> Result<Vec<SignedHead>, StoreError> {
    let rows = query("SELECT * FROM signed_heads ORDER BY day")
        .fetch_all(pool)
        .await?;
    rows.iter().map(read).collect()
}

/// The first signed head that covers entry `seq`.
pub(crate) async fn first_from(pool: &Pool, seq: u64) -> Result<Option<SignedHead>, StoreError> {
    query("SELECT * FROM signed_heads WHERE seq >= ? ORDER BY day LIMIT 1")
        .bind(seq as i64)
        .fetch_optional(pool)
        .await?
        .as_ref()
        .map(read)
        .transpose()
}

fn read(row: &Row) -> Result<SignedHead, StoreError> {
    Ok(SignedHead {
        day: parsed(row, "day")?,
        seq: count(row, "seq")?,
        hash: row.try_get("hash")?,
        at: time(row, "at")?,
        signature: row.try_get("signature")?,
    })
}
