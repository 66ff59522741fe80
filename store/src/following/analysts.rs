//! Keys of analysts: made by the operator for a stated purpose, shown once, kept as a hash.
//!
//! A key is `disc_<id>_<secret>`. The id names it to the operator; whoever holds it and what for is public.

use std::fmt;
use std::str::FromStr;

use jiff::civil::Date;
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::database::{Row, query};
use crate::following::about::{OWNERS, READERS};
use crate::following::follows;
use crate::row::{bad, count, hex, json, micros, parsed, time};
use crate::{Store, StoreError, files};

/// Longest life of a key.
pub const LONGEST_KEY: SignedDuration = SignedDuration::from_hours(365 * 24);
const PREFIX: &str = "disc_";

/// What a key may be used for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum KeyScope {
    #[serde(rename = "search:read")]
    Search,
    #[serde(rename = "graph:read")]
    Graph,
    #[serde(rename = "export:read")]
    Export,
    #[serde(rename = "follow:write")]
    Follow,
    #[serde(rename = "answer:write")]
    Answer,
}

impl KeyScope {
    pub const ALL: [Self; 5] = [
        Self::Search,
        Self::Graph,
        Self::Export,
        Self::Follow,
        Self::Answer,
    ];

    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Search => "search:read",
            Self::Graph => "graph:read",
            Self::Export => "export:read",
            Self::Follow => "follow:write",
            Self::Answer => "answer:write",
        }
    }
}

impl fmt::Display for KeyScope {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// The text is no scope of a key.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "unknown scope {0:?}: there are search:read, graph:read, export:read, follow:write and answer:write"
)]
pub struct UnknownScope(String);

impl FromStr for KeyScope {
    type Err = UnknownScope;
    fn from_str(text: &str) -> Result<Self, UnknownScope> {
        Self::ALL
            .into_iter()
            .find(|scope| scope.as_str() == text)
            .ok_or_else(|| UnknownScope(text.chars().take(40).collect()))
    }
}

/// What a new key is for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewKey {
    /// The organisation that holds it; shown publicly.
    pub holder: String,
    /// What it is used for; shown publicly.
    pub purpose: String,
    pub scopes: Vec<KeyScope>,
    pub per_minute: u32,
    pub expires: Timestamp,
}

/// A key as it is kept: without its secret.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AnalystKey {
    pub id: String,
    pub holder: String,
    pub purpose: String,
    pub scopes: Vec<KeyScope>,
    /// Requests a minute.
    pub per_minute: u32,
    pub made: Timestamp,
    pub expires: Timestamp,
    /// The day only.
    pub last_used: Option<Date>,
    pub revoked: bool,
    sha256: [u8; 32],
}

impl AnalystKey {
    pub fn is_live(&self, now: Timestamp) -> bool {
        !self.revoked && now < self.expires
    }

    /// Whether `key` is this one. What is compared are hashes of a random secret, so that the time it takes tells nothing.
    pub fn opens_with(&self, key: &str) -> bool {
        <[u8; 32]>::from(Sha256::digest(key.as_bytes())) == self.sha256
    }
}

/// The id that a key names; nothing where the text has not the form of a key.
pub fn key_id(key: &str) -> Option<&str> {
    let (id, secret) = key.strip_prefix(PREFIX)?.split_once('_')?;
    let plain = |text: &str| text.bytes().all(|byte| byte.is_ascii_hexdigit());
    (id.len() == 8 && secret.len() == 64 && plain(id) && plain(secret)).then_some(id)
}

impl Store {
    /// Makes a key. The key itself is returned this once and not kept. Its life is cut to [`LONGEST_KEY`].
    pub async fn make_analyst_key(
        &self,
        new: &NewKey,
        now: Timestamp,
    ) -> Result<String, StoreError> {
        let id = hex(&files::random()?[..4]);
        let key = format!("{PREFIX}{id}_{}", hex(&files::random()?));
        let longest = now.checked_add(LONGEST_KEY).unwrap_or(Timestamp::MAX);
        let scopes = serde_json::to_string(&new.scopes).expect("scopes are plain words");
        let mut writer = self.write().await?;
        let result = query(
            "INSERT INTO api_keys (key_id, sha256, holder, purpose, scopes, per_minute, made, expires)
             VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        )
        .bind(id)
        .bind(Sha256::digest(key.as_bytes()).to_vec())
        .bind(&new.holder)
        .bind(&new.purpose)
        .bind(scopes)
        .bind(new.per_minute)
        .bind(micros(now))
        .bind(micros(new.expires.min(longest)))
        .execute(writer.connection())
        .await
        .map(|_| ())
        .map_err(StoreError::from);
        writer.finish(result).await?;
        Ok(key)
    }

    /// All keys that are held, the revoked and expired ones included, oldest first.
    pub async fn analyst_keys(&self) -> Result<Vec<AnalystKey>, StoreError> {
        let rows = query("SELECT * FROM api_keys WHERE key_id NOT IN (?, ?) ORDER BY made, key_id")
            .bind(READERS)
            .bind(OWNERS)
            .fetch_all(self.readers())
            .await
            .map_err(StoreError::from);
        self.named(rows)?.iter().map(read).collect()
    }

    /// Ends a key for good, and what was followed with it.
    pub async fn revoke_analyst_key(&self, id: &str) -> Result<(), StoreError> {
        let mut writer = self.write().await?;
        let result = async {
            let done = query("UPDATE api_keys SET revoked = 1 WHERE key_id = ?")
                .bind(id)
                .execute(writer.connection())
                .await?;
            if done.rows_affected() == 0 {
                return Err(StoreError::NotFound {
                    what: "key",
                    id: id.chars().take(40).collect(),
                });
            }
            follows::drop_of_ended_keys(writer.connection(), None).await?;
            Ok(())
        }
        .await;
        writer.finish(result).await
    }

    /// Ends all keys: a restored copy does not know which were revoked since it was made.
    pub async fn revoke_all_analyst_keys(&self) -> Result<u64, StoreError> {
        let mut writer = self.write().await?;
        let result = async {
            let done =
                query("UPDATE api_keys SET revoked = 1 WHERE revoked = 0 AND key_id NOT IN (?, ?)")
                    .bind(READERS)
                    .bind(OWNERS)
                    .execute(writer.connection())
                    .await?;
            query("UPDATE api_keys SET revoked = 1 WHERE key_id IN (?, ?)")
                .bind(READERS)
                .bind(OWNERS)
                .execute(writer.connection())
                .await?;
            follows::drop_of_ended_keys(writer.connection(), None).await?;
            Ok(done.rows_affected())
        }
        .await;
        writer.finish(result).await
    }

    /// Forgets keys that ended, or would have, before `then`. How many there were.
    pub async fn forget_ended_keys(&self, then: Timestamp) -> Result<u64, StoreError> {
        let mut writer = self.write().await?;
        let result = query(
            "DELETE FROM api_keys WHERE expires <= ?1
               AND NOT EXISTS (SELECT 1 FROM follows WHERE follows.key_id = api_keys.key_id)",
        )
        .bind(micros(then))
        .execute(writer.connection())
        .await
        .map(|done| done.rows_affected())
        .map_err(StoreError::from);
        writer.finish(result).await
    }

    /// Remembers the day on which a key was last used, and nothing else of its use.
    pub async fn analyst_key_used(&self, id: &str, day: Date) -> Result<(), StoreError> {
        let mut writer = self.write().await?;
        let result = query("UPDATE api_keys SET last_used = ? WHERE key_id = ?")
            .bind(day.to_string())
            .bind(id)
            .execute(writer.connection())
            .await
            .map(|_| ())
            .map_err(StoreError::from);
        writer.finish(result).await
    }
}

fn read(row: &Row) -> Result<AnalystKey, StoreError> {
    let sha256: Vec<u8> = row.try_get("sha256")?;
    let last_used: Option<String> = row.try_get("last_used")?;
    let per_minute = count(row, "per_minute")?;
    Ok(AnalystKey {
        id: row.try_get("key_id")?,
        holder: row.try_get("holder")?,
        purpose: row.try_get("purpose")?,
        scopes: json(row, "scopes")?,
        per_minute: u32::try_from(per_minute).map_err(|_| bad("per_minute", per_minute))?,
        made: time(row, "made")?,
        expires: time(row, "expires")?,
        last_used: last_used
            .is_some()
            .then(|| parsed(row, "last_used"))
            .transpose()?,
        revoked: row.try_get("revoked")?,
        sha256: sha256
            .try_into()
            .map_err(|_| bad("sha256", "(not 32 bytes)"))?,
    })
}
