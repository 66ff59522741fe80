//! How an owner may prove consent.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use super::error::BadProof;

/// How an owner shows that a site is theirs and that they agree.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ProofMethod {
    /// A file at `/.well-known/discover-consent.json`.
    WellKnown,
    /// A TXT record at `_discover.HOST`.
    DnsTxt,
    /// `<meta name="discover-consent">` on the home page.
    Meta,
    /// A token in the profile of a social account.
    Profile,
    /// Consent on paper; its hash stands in the ledger.
    Attested,
    /// Consent on paper of people who have no site, seen by the operator: for what is uploaded alone.
    Document,
}

impl ProofMethod {
    pub const ALL: [Self; 6] = [
        Self::WellKnown,
        Self::DnsTxt,
        Self::Meta,
        Self::Profile,
        Self::Attested,
        Self::Document,
    ];

    pub const fn as_str(self) -> &'static str {
        match self {
            Self::WellKnown => "well-known",
            Self::DnsTxt => "dns-txt",
            Self::Meta => "meta",
            Self::Profile => "profile",
            Self::Attested => "attested",
            Self::Document => "document",
        }
    }

    /// Whether its place can be looked at.
    pub const fn has_place(self) -> bool {
        !matches!(self, Self::Document)
    }
}

impl fmt::Display for ProofMethod {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for ProofMethod {
    type Err = BadProof;
    fn from_str(text: &str) -> Result<Self, BadProof> {
        Self::ALL
            .into_iter()
            .find(|method| method.as_str() == text)
            .ok_or_else(|| BadProof::Method(text.chars().take(40).collect()))
    }
}
