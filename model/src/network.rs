//! Networks: the communities and organisations that opted in.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::area::Area;
use crate::ids::NetworkId;
use crate::proof::ProofMethod;

/// A network as registered. Names live only here (and in the store's table of the same name), which is
/// destroyed at withdrawal; everything else knows a network by its random id.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Network {
    pub id: NetworkId,
    /// Public name in addresses: lower-case letters, digits and hyphens.
    pub slug: String,
    pub name: String,
    /// The organisation that owns the network; shown publicly.
    pub owner: String,
    /// For the operator only; never indexed, never shown.
    pub contact: Option<String>,
    pub proof: ProofMethod,
    /// 1 to 1,095; the owner's own proof can only lower it.
    pub retention_days: u16,
    /// Every kept post is looked at again within so many days.
    pub recheck_days: u16,
    /// Only titles and links are kept and shown: the default for networks of a [`Sensitive`] kind.
    pub link_only: bool,
    /// It is of a [`Sensitive`] kind, whatever is kept of it.
    pub sensitive: bool,
    /// Areas it says it serves, each once; empty where it serves no one area, or has not said.
    pub areas: Vec<Area>,
    /// Its owner said that newcomers are welcome: see [`Network::welcomes`].
    pub newcomers: bool,
    pub registered: Timestamp,
    pub state: NetworkState,
}

impl Network {
    /// Whether readers may be sent there to join in: only where the owner said so, and never to a sensitive network.
    pub const fn welcomes(&self) -> bool {
        self.newcomers && !self.sensitive && !self.link_only
    }
}

/// Kinds of networks whose conversations harm people when they travel: shown by link alone unless the owner decides
/// otherwise (rule P17).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Sensitive {
    /// For, or mostly by, children and young people.
    Child,
    /// About suicide, self-harm or eating disorders.
    SelfHarm,
    /// Refuges, and help after violence or abuse.
    Refuge,
}

impl Sensitive {
    pub const ALL: [Self; 3] = [Self::Child, Self::SelfHarm, Self::Refuge];

    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Child => "child",
            Self::SelfHarm => "self-harm",
            Self::Refuge => "refuge",
        }
    }

    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == text)
    }
}

/// Whether a network is shown by link alone: as its owner decided, else by its kind.
pub fn is_link_only(kind: Option<Sensitive>, decided: Option<bool>) -> bool {
    decided.unwrap_or(kind.is_some())
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum NetworkState {
    /// Asked to be found; no proof has been seen yet.
    Asked,
    Live,
    Paused,
    /// The proof could not be seen for a while: hidden, not yet withdrawn.
    Lapsed,
    Withdrawn,
}

impl NetworkState {
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Asked => "asked",
            Self::Live => "live",
            Self::Paused => "paused",
            Self::Lapsed => "lapsed",
            Self::Withdrawn => "withdrawn",
        }
    }
}

/// Whether `slug` may stand in an address: 1 to 64 of `a-z0-9-`, no hyphen at either end.
pub fn is_slug(slug: &str) -> bool {
    (1..=64).contains(&slug.len())
        && slug
            .bytes()
            .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-')
        && !slug.starts_with('-')
        && !slug.ends_with('-')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn readers_are_sent_only_where_the_owner_said_so_and_never_to_a_sensitive_network() {
        let network = |newcomers, sensitive, link_only| Network {
            id: NetworkId::from_u128(1),
            slug: "town".to_owned(),
            name: "Town".to_owned(),
            owner: "Town".to_owned(),
            contact: None,
            proof: ProofMethod::WellKnown,
            retention_days: 365,
            recheck_days: 7,
            link_only,
            sensitive,
            areas: Vec::new(),
            newcomers,
            registered: Timestamp::UNIX_EPOCH,
            state: NetworkState::Live,
        };
        assert!(network(true, false, false).welcomes());
        for not in [
            (false, false, false),
            (true, true, false),
            (true, false, true),
        ] {
            assert!(!network(not.0, not.1, not.2).welcomes(), "{not:?}");
        }
    }
}
