//! Grants: the recorded consent of an owner for one origin.

mod provisional;

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use url::Url;

pub use provisional::ProvisionalGrant;

use crate::ids::{GrantId, NetworkId};
use crate::proof::{ProofMethod, ProofSubject};
use crate::scope::Scope;

/// Longest life of a grant.
pub const MAX_GRANT_DAYS: i64 = 400;
/// Life of a grant that rests on paper alone.
pub const ATTESTED_GRANT_DAYS: i64 = 90;
/// Retention bounds, in days from first seen.
pub const RETENTION_DAYS: std::ops::RangeInclusive<u16> = 1..=1095;

/// What an owner may allow us to do with posts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Purpose {
    Search,
    Topics,
}

/// What was seen as proof: never the proof itself, only its hash.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Evidence {
    pub method: ProofMethod,
    /// The folder that the proof stood in and spoke for; nothing where it spoke for the origin.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub folder: Option<String>,
    /// Lower-case hex SHA-256 of the bytes that were seen.
    pub sha256: String,
    pub seen: Timestamp,
}

/// What is recorded of an owner's consent for one origin.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GrantRecord {
    pub id: GrantId,
    pub network: NetworkId,
    pub scope: Scope,
    pub purposes: Vec<Purpose>,
    pub retention_days: u16,
    pub evidence: Evidence,
    pub granted: Timestamp,
    pub expires: Timestamp,
    pub members_told: bool,
    pub state: GrantState,
}

/// Consent of an owner for one origin. Every stored post names the grant it came in under.
///
/// Its fields are read through [`GrantRecord`] and changed by none: a new state or scope is a new grant, which the
/// store records in the ledger.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Grant {
    record: GrantRecord,
}

impl std::ops::Deref for Grant {
    type Target = GrantRecord;
    fn deref(&self) -> &GrantRecord {
        &self.record
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum GrantState {
    Live,
    Paused,
    Lapsed,
    Withdrawn,
}

impl GrantState {
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Live => "live",
            Self::Paused => "paused",
            Self::Lapsed => "lapsed",
            Self::Withdrawn => "withdrawn",
        }
    }
}

impl Grant {
    /// The grant that this record is of. Called where a proof was seen and where the store reads what it recorded.
    pub fn recorded(record: GrantRecord) -> Self {
        Self { record }
    }

    /// The same consent in another state.
    #[must_use]
    pub fn in_state(&self, state: GrantState) -> Self {
        let mut record = self.record.clone();
        record.state = state;
        Self { record }
    }

    /// The same consent for another scope.
    #[must_use]
    pub fn with_scope(&self, scope: Scope) -> Self {
        let mut record = self.record.clone();
        record.scope = scope;
        Self { record }
    }

    /// The same consent, for as many days.
    #[must_use]
    pub fn with_retention(&self, days: u16) -> Self {
        let mut record = self.record.clone();
        record.retention_days = days;
        Self { record }
    }

    /// The same consent, whose proof was seen again at `now`.
    #[must_use]
    pub fn seen_at(&self, now: Timestamp) -> Self {
        let mut record = self.record.clone();
        record.evidence.seen = now;
        Self { record }
    }

    /// The moment a grant made at `granted` ends at the latest, whatever the proof asks for.
    pub fn latest_expiry(method: ProofMethod, granted: Timestamp) -> Timestamp {
        let days = match method {
            ProofMethod::Attested => ATTESTED_GRANT_DAYS,
            _ => MAX_GRANT_DAYS,
        };
        granted
            .checked_add(SignedDuration::from_hours(24 * days))
            .unwrap_or(Timestamp::MAX)
    }

    pub fn is_live(&self, now: Timestamp) -> bool {
        self.state == GrantState::Live && now < self.expires
    }

    /// What its proof speaks for.
    pub fn subject(&self) -> ProofSubject {
        let origin = self.scope.origin();
        let folder = self.evidence.folder.as_deref();
        folder
            .and_then(|folder| ProofSubject::folder_of(origin, folder))
            .unwrap_or_else(|| ProofSubject::from(origin))
    }

    /// Whether a post at this address may be kept: on the granted origin only within the scope. A granted feed may
    /// carry items that live elsewhere.
    pub fn allows(&self, url: &Url) -> bool {
        !self.scope.origin().contains(url) || self.scope.covers(url)
    }
}
