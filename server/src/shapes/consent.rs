//! Consent as anybody can check it: grants, the ledger, keys, withdrawals.

use std::collections::BTreeMap;

use discover_model::GrantId;
use discover_model::ledger::LedgerEntry;
use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{About, Id, Network};

/// What was seen as proof of consent: its hash, never the proof itself.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Evidence {
    #[schema(pattern = "^(well-known|dns-txt|meta|profile|attested|document)$")]
    pub method: String,
    pub sha256: String,
    #[schema(value_type = String, format = DateTime)]
    pub seen: Timestamp,
}

/// The ledger entry of a grant, and the hashes that lead from it to the head.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct LedgerProof {
    pub seq: u64,
    pub hash: String,
    /// Hash of the last entry on the path: the next head that was signed, else the ledger's last entry.
    pub head: String,
    pub head_seq: u64,
    /// The signature under that head, where the day has ended.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub signed: Option<Head>,
    /// Hashes of the entries after this one, up to the head; the entries are at /api/v1/ledger.
    pub path: Vec<String>,
}

/// The ledger's head at the end of a day, signed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Head {
    #[schema(value_type = String, format = Date, example = "2026-11-21")]
    pub day: Date,
    pub seq: u64,
    pub hash: String,
    #[schema(value_type = String, format = DateTime)]
    pub at: Timestamp,
    /// Ed25519 over `discover ledger head\n{day}\n{seq}\n{hash}\n`, as lower-case hex.
    pub signature: String,
}

/// Signed heads, latest first, and the key to check them with.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct SignedHeads {
    /// Ed25519 public key, as lower-case hex.
    pub key: String,
    pub items: Vec<Head>,
}

/// The public record of grants and withdrawals, in order. It names networks by random ids only.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct LedgerPage {
    /// Entries as they were hashed: `hash` is SHA-256 of the entry's JSON without it.
    #[schema(value_type = Vec<Object>)]
    pub items: Vec<LedgerEntry>,
    /// `after` of the next page.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next: Option<u64>,
}

/// A key that was given to an analyst.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct KeyHolder {
    /// The organisation that holds it.
    #[schema(example = "County Insight Team")]
    pub holder: String,
    /// What it said it is for.
    pub purpose: String,
    #[schema(example = "search:read")]
    pub scopes: Vec<String>,
    /// Requests a minute.
    pub per_minute: u32,
    #[schema(value_type = String, format = DateTime)]
    pub expires: Timestamp,
}

/// What was asked of us and done, for everybody to see.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct Transparency {
    pub about: About,
    pub networks: Vec<Network>,
    /// Entries of the ledger by event.
    pub ledger: BTreeMap<String, u64>,
    /// Whole networks that left.
    pub left: u64,
    /// Posts that were purged after withdrawals, by the receipts on the ledger.
    pub purged_posts: u64,
    /// What kept us from reading, in the crawler's words, with how many sources it concerns.
    pub blocked: BTreeMap<String, u64>,
    /// Who asks with a key of ours, and what for.
    pub keys: Vec<KeyHolder>,
    pub heads: SignedHeads,
    pub generation: u64,
}

/// What a look at an owner's proof came to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct LookedAt {
    /// `stands`, `missing`, `withdrawn`, `unreachable`, `too_soon`, or `on_paper` where there is no place to look at.
    #[schema(example = "stands")]
    pub looked: String,
    pub words: String,
}

/// A withdrawal signed with the owner's key.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SignedWithdrawal {
    /// `all`, `source`, `path`, `conversation` or `post`.
    pub what: String,
    /// Address or id of the part; empty for `all`.
    #[serde(default)]
    pub which: String,
    /// Now, within 15 minutes.
    #[schema(value_type = String, format = DateTime)]
    pub at: Timestamp,
    /// HMAC-SHA256 (hex) of `discover withdraw\n{slug}\n{what}\n{which}\n{at}\n` under the SHA-256 of the owner's key; `at` as
    /// RFC 3339 in seconds with `Z`.
    pub signature: String,
}

/// That answers are sent once more, signed with the owner's key.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SignedReplay {
    /// Now, within 15 minutes.
    #[schema(value_type = String, format = DateTime)]
    pub at: Timestamp,
    /// As of a withdrawal, over `discover replay\n{slug}\n{at}\n`.
    pub signature: String,
}

/// The consent under which something is kept, checkable by anybody.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Consent {
    #[schema(value_type = Id)]
    pub grant: GrantId,
    pub scope: Vec<String>,
    #[schema(example = json!(["search", "topics"]))]
    pub purposes: Vec<String>,
    pub retention_days: u16,
    pub evidence: Evidence,
    #[schema(value_type = String, format = DateTime)]
    pub expires: Timestamp,
    pub ledger: LedgerProof,
}
