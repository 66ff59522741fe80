//! Objections to posts: anybody may object, without an account; nothing of whoever objects is kept.

use std::fmt;
use std::str::FromStr;

use discover_model::ids::BadId;
use discover_model::ledger::{Actor, LedgerEvent, LedgerFact, PartKind};
use discover_model::{NetworkId, Post, PostId, Refusal};
use hmac::{Hmac, Mac};
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use sha2::Sha256;

use crate::consent::{ledger, partial_withdrawal, visibility};
use crate::database::{Row, query, query_scalar};
use crate::row::{count, id, maybe_time, micros, time, word};
use crate::{Hide, OPEN_AT_ONCE, Store, StoreError, Writer, change_log, files};

/// Posts of one network that objections without proof may hide at once; more wait for the operator without being
/// hidden, so that nobody can empty a network by objecting to all of it. Of a small network, a twentieth.
const HIDDEN_AT_ONCE: u64 = 20;

fn hidden_at_once(posts: u64) -> u64 {
    (posts / 20).clamp(1, HIDDEN_AT_ONCE)
}

/// Within this time the operator decides.
pub const DECIDE_WITHIN: SignedDuration = SignedDuration::from_hours(30 * 24);

/// An objection: random.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ObjectionId(PostId);

impl ObjectionId {
    pub const fn from_u128(value: u128) -> Self {
        Self(PostId::from_u128(value))
    }

    fn to_bytes(self) -> [u8; 16] {
        self.0.to_bytes()
    }
}

impl fmt::Display for ObjectionId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl FromStr for ObjectionId {
    type Err = BadId;
    fn from_str(text: &str) -> Result<Self, BadId> {
        text.parse().map(Self)
    }
}

impl Serialize for ObjectionId {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.0.serialize(serializer)
    }
}

/// On what ground somebody objects; no words of theirs are kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ObjectionReason {
    /// "I wrote it."
    Author,
    /// "It is about me, or somebody I care for."
    Concerned,
    /// "A personal detail was missed."
    Detail,
    Other,
}

impl ObjectionReason {
    pub const ALL: [Self; 4] = [Self::Author, Self::Concerned, Self::Detail, Self::Other];

    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Author => "author",
            Self::Concerned => "concerned",
            Self::Detail => "detail",
            Self::Other => "other",
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ObjectionState {
    Open,
    /// The code was seen in the post.
    Proved,
    Upheld,
    Dismissed,
}

/// What the operator decided.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Decision {
    Upheld,
    Dismissed,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Objection {
    pub id: ObjectionId,
    pub network: NetworkId,
    pub post: PostId,
    pub ground: ObjectionReason,
    /// The post was hidden on receipt.
    pub hidden: bool,
    pub at: Timestamp,
    /// When the post was last looked at for the code.
    pub checked: Option<Timestamp>,
    pub state: ObjectionState,
}

impl Store {
    /// Records an objection to a post that is held. The post is hidden when this returns, unless a twentieth of the posts of
    /// its network, at least one and at most 20, are hidden by undecided objections already. One objection to a post is
    /// enough: a second one gives back the first; to a post whose objection was dismissed nobody objects again.
    pub async fn object(
        &self,
        post: PostId,
        ground: ObjectionReason,
        now: Timestamp,
    ) -> Result<Objection, StoreError> {
        let mut writer = self.write().await?;
        let result = async {
            let entry = visibility::entry(writer.connection(), &Hide::Post(post)).await?;
            let held = query("SELECT * FROM objections WHERE network_id = ? AND post_id = ?")
                .bind(entry.network.to_vec())
                .bind(entry.id.to_vec())
                .fetch_optional(writer.connection())
                .await?;
            if let Some(row) = held {
                return read(&row);
            }
            let row = query(
                "SELECT CAST(coalesce(sum(hidden), 0) AS BIGINT) AS hidden, count(*) AS open FROM objections
                 WHERE network_id = ? AND state = 'open'",
            )
            .bind(entry.network.to_vec())
            .fetch_one(writer.connection())
            .await?;
            if count(&row, "open")? >= OPEN_AT_ONCE {
                return Err(StoreError::TooManyObjections {
                    network: NetworkId::from_bytes(entry.network),
                });
            }
            let posts: i64 = query_scalar("SELECT count(*) FROM posts WHERE network_id = ?")
                .bind(entry.network.to_vec())
                .fetch_one(writer.connection())
                .await?;
            let hidden = count(&row, "hidden")? < hidden_at_once(posts.max(0) as u64);
            let mut random = [0; 16];
            random.copy_from_slice(&files::random()?[..16]);
            let objection = Objection {
                id: ObjectionId(PostId::from_bytes(random)),
                network: NetworkId::from_bytes(entry.network),
                post: PostId::from_bytes(entry.id),
                ground,
                hidden,
                at: now,
                checked: None,
                state: ObjectionState::Open,
            };
            query(
                "INSERT INTO objections (objection_id, network_id, post_id, ground, hidden, at, state)
                 VALUES (?, ?, ?, ?, ?, ?, 'open')",
            )
            .bind(random.to_vec())
            .bind(entry.network.to_vec())
            .bind(entry.id.to_vec())
            .bind(ground.as_str())
            .bind(hidden)
            .bind(micros(now))
            .execute(writer.connection())
            .await?;
            if hidden {
                visibility::hide_entry(writer.connection(), &entry, Refusal::Objected, now).await?;
            }
            Ok(objection)
        }
        .await;
        writer.finish(result).await
    }

    pub async fn objection(&self, id: ObjectionId) -> Result<Option<Objection>, StoreError> {
        let row = query("SELECT * FROM objections WHERE objection_id = ?")
            .bind(id.to_bytes().to_vec())
            .fetch_optional(self.readers())
            .await
            .map_err(StoreError::from);
        self.named(row)?.as_ref().map(read).transpose()
    }

    /// Objections that nobody decided yet, oldest first.
    pub async fn open_objections(&self) -> Result<Vec<Objection>, StoreError> {
        let rows = query("SELECT * FROM objections WHERE state = 'open' ORDER BY at, objection_id")
            .fetch_all(self.readers())
            .await
            .map_err(StoreError::from);
        self.named(rows)?.iter().map(read).collect()
    }

    /// The code that proves an objection when it stands in the post. It says nothing about who objects.
    pub fn objection_code(&self, id: ObjectionId) -> String {
        code(&self.sub_key(CODE), id)
    }

    /// Remembers that the post was looked at for the code.
    pub async fn objection_checked(
        &self,
        id: ObjectionId,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let mut writer = self.write().await?;
        let result = query("UPDATE objections SET checked = ? WHERE objection_id = ?")
            .bind(micros(now))
            .bind(id.to_bytes().to_vec())
            .execute(writer.connection())
            .await
            .map(|_| ())
            .map_err(StoreError::from);
        writer.finish(result).await
    }

    /// Closes an open objection. What was dismissed is shown again; what was proved or upheld must be withdrawn by the
    /// caller ([`Store::withdraw_part`]) before it is closed.
    pub async fn close_objection(
        &self,
        id: ObjectionId,
        state: ObjectionState,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let mut writer = self.write().await?;
        let result = async {
            let row = query(
                "UPDATE objections SET state = ?, decided = ?
                 WHERE objection_id = ? AND state = 'open' RETURNING network_id, post_id",
            )
            .bind(crate::row::name(state))
            .bind(micros(now))
            .bind(id.to_bytes().to_vec())
            .fetch_optional(writer.connection())
            .await?
            .ok_or(StoreError::NotFound {
                what: "open objection",
                id: id.to_string(),
            })?;
            if state == ObjectionState::Dismissed {
                let network = NetworkId::from_bytes(self::id(&row, "network_id")?);
                let shown =
                    query("DELETE FROM hides WHERE kind = 'post' AND id = ? AND reason = ?")
                        .bind(self::id(&row, "post_id")?.to_vec())
                        .bind(Refusal::Objected.code())
                        .execute(writer.connection())
                        .await?;
                if shown.rows_affected() > 0 {
                    change_log::touch_network(writer.connection(), network).await?;
                    visibility::next_generation(writer.connection()).await?;
                }
            }
            Ok(())
        }
        .await;
        writer.finish(result).await
    }
}

/// Label of the key that codes are made with.
pub(crate) const CODE: &str = "objection";

fn code(key: &[u8; 32], id: ObjectionId) -> String {
    let mut mac = Hmac::<Sha256>::new_from_slice(key).expect("HMAC takes a key of any length");
    mac.update(&id.to_bytes());
    let hash = mac.finalize().into_bytes();
    format!("discover-{}", crate::row::hex(&hash[..8]))
}

/// Withdraws those of the posts (by the id they are held under), as they just came from their source, that bear the code of an open objection to them.
/// Returns them, with the ground of the objection.
pub(crate) async fn prove(
    writer: &mut Writer<'_>,
    network: NetworkId,
    posts: &[(PostId, &Post)],
    code_key: &[u8; 32],
    part_key: &[u8; 32],
    now: Timestamp,
) -> Result<Vec<(PostId, ObjectionReason)>, StoreError> {
    let mut proved = Vec::new();
    if posts.is_empty() {
        return Ok(proved);
    }
    let rows = query("SELECT * FROM objections WHERE network_id = ? AND state = 'open'")
        .bind(network.to_bytes().to_vec())
        .fetch_all(writer.connection())
        .await?;
    for row in &rows {
        let objection = read(row)?;
        let code = code(code_key, objection.id);
        let bears = posts.iter().any(|(id, post)| {
            *id == objection.post
                && (post.text.contains(&code)
                    || post
                        .title
                        .as_ref()
                        .is_some_and(|title| title.contains(&code)))
        });
        if !bears {
            continue;
        }
        proved.push((objection.post, objection.ground));
        let entry = visibility::entry(writer.connection(), &Hide::Post(objection.post)).await?;
        partial_withdrawal::withdraw(writer.connection(), part_key, &entry, now).await?;
        let fact = LedgerFact {
            part: Some(partial_withdrawal::of(part_key, PartKind::Post, entry.id)),
            ..LedgerFact::new(now, LedgerEvent::Withdrawn, network, Actor::Objector)
        };
        ledger::append(writer, fact).await?;
        query("UPDATE objections SET state = 'proved', decided = ? WHERE objection_id = ?")
            .bind(micros(now))
            .bind(objection.id.to_bytes().to_vec())
            .execute(writer.connection())
            .await?;
    }
    Ok(proved)
}

fn read(row: &Row) -> Result<Objection, StoreError> {
    Ok(Objection {
        id: ObjectionId(PostId::from_bytes(id(row, "objection_id")?)),
        network: NetworkId::from_bytes(id(row, "network_id")?),
        post: PostId::from_bytes(id(row, "post_id")?),
        ground: word(row, "ground")?,
        hidden: row.try_get("hidden")?,
        at: time(row, "at")?,
        checked: maybe_time(row, "checked")?,
        state: word(row, "state")?,
    })
}
