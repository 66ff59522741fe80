//! Grants: the recorded consent of an owner for one origin.

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use url::Url;

use crate::ids::{GrantId, NetworkId};
use crate::permit::Permit;
use crate::proof::{Proof, ProofMethod, ProofSubject};
use crate::scope::{Origin, Scope};

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

/// Consent as it would be: enough to look at a site and say what would be kept, never to keep it. The gate gives plain
/// posts under it and no [`crate::gate::Admitted`], which is all that the store takes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProvisionalGrant {
    grant: Grant,
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

/// Why a grant gives no permit now.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NoConsent {
    #[error("grant {0} is {1}")]
    NotLive(GrantId, &'static str),
    #[error("grant {0} expired on {1}")]
    Expired(GrantId, Timestamp),
    #[error("{1} is outside the scope of grant {0}")]
    OutOfScope(GrantId, Url),
    #[error("no proof of consent was seen")]
    NoProof,
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

    /// The permit to fetch within this grant's scope, while the grant is live.
    pub fn permit(&self, now: Timestamp) -> Result<Permit, NoConsent> {
        if self.state != GrantState::Live {
            return Err(NoConsent::NotLive(self.id, self.state.as_str()));
        }
        if now >= self.expires {
            return Err(NoConsent::Expired(self.id, self.expires));
        }
        Ok(Permit::granted(self))
    }
}

impl ProvisionalGrant {
    /// Consent as the proof of an owner who has not joined yet would give it.
    pub fn of_proof(
        network: NetworkId,
        method: ProofMethod,
        proof: &Proof,
        now: Timestamp,
    ) -> Self {
        Self::for_the_moment(GrantRecord {
            id: GrantId::from_u128(0),
            network,
            scope: proof.scope.clone(),
            purposes: proof.purposes.clone(),
            retention_days: proof.retention_days.unwrap_or(365),
            evidence: Evidence {
                method,
                folder: proof.folder.clone(),
                sha256: proof.sha256.clone(),
                seen: now,
            },
            granted: now,
            expires: Grant::latest_expiry(method, now),
            members_told: proof.members_told,
            state: GrantState::Live,
        })
    }

    /// Consent for the whole of `origin`, to judge what is in hand already (a saved file).
    pub fn for_inspection(origin: Origin, now: Timestamp) -> Self {
        Self::for_the_moment(GrantRecord {
            id: GrantId::from_u128(0),
            network: NetworkId::from_u128(0),
            scope: Scope::all(origin),
            purposes: vec![Purpose::Search, Purpose::Topics],
            retention_days: 365,
            evidence: Evidence {
                method: ProofMethod::Attested,
                folder: None,
                sha256: String::new(),
                seen: now,
            },
            granted: now,
            expires: Grant::latest_expiry(ProofMethod::Attested, now),
            members_told: false,
            state: GrantState::Live,
        })
    }

    fn for_the_moment(record: GrantRecord) -> Self {
        Self {
            grant: Grant { record },
        }
    }

    pub fn network(&self) -> NetworkId {
        self.grant.network
    }

    pub(crate) fn as_grant(&self) -> &Grant {
        &self.grant
    }

    /// The permit to look within the scope of the proof. Without a proof there is none, but for this machine's own
    /// loopback addresses, which the fetch layer reaches only when it was told to.
    pub fn permit(&self, now: Timestamp) -> Result<Permit, NoConsent> {
        if self.grant.evidence.sha256.is_empty() && !self.grant.scope.origin().is_loopback() {
            return Err(NoConsent::NoProof);
        }
        self.grant.permit(now)
    }
}

/// A look under consent that stands.
impl From<&Grant> for ProvisionalGrant {
    fn from(grant: &Grant) -> Self {
        Self {
            grant: grant.clone(),
        }
    }
}
