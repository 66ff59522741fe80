//! Permits: what the fetch layer needs to fetch anything.
//!
//! Private fields make the rule a type: a [`Permit`] comes from a live [`Grant`], or from one of the named
//! exceptions below, which the fetch layer logs.

use jiff::Timestamp;
use url::Url;

use crate::grant::{Grant, GrantState};
use crate::ids::{GrantId, NetworkId};
use crate::proof::{ProofAddress, ProofMethod};
use crate::scope::Scope;

/// Leave to fetch certain addresses. It cannot be built, widened or deserialised outside this crate.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Permit {
    reach: Reach,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Reach {
    Grant {
        network: NetworkId,
        grant: GrantId,
        scope: Scope,
        /// How consent was shown.
        method: ProofMethod,
    },
    Exactly {
        network: NetworkId,
        why: Exception,
        url: Url,
    },
}

/// Fetches that are allowed without a live grant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Exception {
    /// The address at which the owner's proof must stand.
    Proof,
    /// The hub (WebSub) that a granted feed names as its own.
    Hub,
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

impl Permit {
    fn granted(grant: &Grant) -> Self {
        Self {
            reach: Reach::Grant {
                network: grant.network,
                grant: grant.id,
                scope: grant.scope.clone(),
                method: grant.evidence.method,
            },
        }
    }

    /// Leave to look at the address of a proof, and at nothing else there.
    pub fn for_proof(network: NetworkId, address: &ProofAddress) -> Self {
        Self {
            reach: Reach::Exactly {
                network,
                why: Exception::Proof,
                url: address.url().clone(),
            },
        }
    }

    /// Leave to ask the hub that a feed read under this permit names to tell us of its news, and for nothing else
    /// there. Only a live grant gives it.
    pub fn for_declared_hub(&self, hub: Url) -> Option<Self> {
        let Reach::Grant { network, .. } = &self.reach else {
            return None;
        };
        Some(Self {
            reach: Reach::Exactly {
                network: *network,
                why: Exception::Hub,
                url: hub,
            },
        })
    }

    pub fn network(&self) -> NetworkId {
        match &self.reach {
            Reach::Grant { network, .. } | Reach::Exactly { network, .. } => *network,
        }
    }

    pub fn grant(&self) -> Option<GrantId> {
        match &self.reach {
            Reach::Grant { grant, .. } => Some(*grant),
            Reach::Exactly { .. } => None,
        }
    }

    pub fn exception(&self) -> Option<Exception> {
        match &self.reach {
            Reach::Grant { .. } => None,
            Reach::Exactly { why, .. } => Some(*why),
        }
    }

    /// Whether the account whose profile this is put our token there itself.
    pub fn proved_by_profile(&self, profile: &Url) -> bool {
        matches!(&self.reach, Reach::Grant { method: ProofMethod::Profile, scope, .. } if scope.covers(profile))
    }

    /// Whether `url` may be fetched under this permit. robots.txt of a granted origin may: politeness needs it.
    pub fn covers(&self, url: &Url) -> bool {
        match &self.reach {
            Reach::Grant { scope, .. } => {
                scope.covers(url) || (scope.origin().contains(url) && url.path() == "/robots.txt")
            }
            Reach::Exactly { url: only, .. } => url == only,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scope::Origin;

    #[test]
    fn a_proof_permit_reaches_the_proof_address_and_nothing_else() {
        let origin: Origin = "https://site.example".parse().expect("origin");
        let address = ProofAddress::new(ProofMethod::WellKnown, &origin).expect("address");
        let permit = Permit::for_proof(NetworkId::from_u128(1), &address);
        let at = |text: &str| Url::parse(text).expect("url");
        assert!(permit.covers(&at(
            "https://site.example/.well-known/discover-consent.json"
        )));
        assert!(!permit.covers(&at("https://site.example/robots.txt")));
        assert!(!permit.covers(&at("https://site.example/")));
        assert!(!permit.covers(&at("http://site.example/.well-known/discover-consent.json")));
        assert_eq!(
            permit.for_declared_hub(at("https://hub.example/")),
            None,
            "no grant, no hub"
        );
    }
}
