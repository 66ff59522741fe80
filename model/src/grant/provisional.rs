//! Consent that is not recorded: for a look at a site before its owner joins, and at what is in hand already.

use jiff::Timestamp;

use super::{Evidence, Grant, GrantRecord, GrantState, Purpose};
use crate::ids::{GrantId, NetworkId};
use crate::permit::{NoConsent, Permit};
use crate::proof::{Proof, ProofMethod};
use crate::scope::{Origin, Scope};

/// Consent as it would be: enough to look at a site and say what would be kept, never to keep it. The gate gives plain
/// posts under it and no [`crate::gate::Admitted`], which is all that the store takes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProvisionalGrant {
    grant: Grant,
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
