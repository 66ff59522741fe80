//! Grants: the recorded consent of an owner for one origin.

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use url::Url;

use crate::ids::{GrantId, NetworkId};
use crate::permit::Permit;
use crate::proof::ProofMethod;
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
    /// Lower-case hex SHA-256 of the bytes that were seen.
    pub sha256: String,
    pub seen: Timestamp,
}

/// Consent of an owner for one origin. Every stored post names the grant it came in under.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Grant {
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
}

impl Grant {
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
