//! Networks and topics that a search names, and what becomes of those that are not there.
//!
//! Contract: who asks once is told at once that a name is unknown. Whoever goes on asking (a feed, a saved search) is not
//! silenced by one network's leaving: a name that is gone, paused or was never there matches nothing, and is reported.
//! A saved search holds networks by id, so that nobody else who takes a name later takes its readers too.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Mutex, PoisonError};

use discover_model::NetworkId;

use crate::state::View;

/// What no conversation belongs to.
pub(crate) const NOBODY: NetworkId = NetworkId::from_u128(0);

/// How the names of a search are taken.
#[derive(Debug, Default)]
pub(crate) struct Names {
    /// Whether what is unknown matches nothing, instead of being a mistake.
    forgiving: bool,
    /// The networks that were meant when the search was saved, by the slugs they had.
    bound: BTreeMap<String, NetworkId>,
    seen: Mutex<Seen>,
}

/// What a search was found to name.
#[derive(Debug, Default, Clone)]
pub(crate) struct Seen {
    pub(crate) networks: BTreeMap<String, NetworkId>,
    /// As a reader is told, such as `network leeds-carers`.
    pub(crate) unknown: BTreeSet<String>,
}

impl Names {
    /// Every name has to be known.
    pub(crate) fn strict() -> Self {
        Self::default()
    }

    /// What is unknown matches nothing.
    pub(crate) fn forgiving(bound: BTreeMap<String, NetworkId>) -> Self {
        Self {
            forgiving: true,
            bound,
            seen: Mutex::default(),
        }
    }

    pub(crate) const fn is_forgiving(&self) -> bool {
        self.forgiving
    }

    /// The network that a slug or an id stands for; [`NOBODY`] for one that may not be shown where names are forgiven.
    pub(crate) fn network(&self, view: &View, name: &str) -> Option<NetworkId> {
        let known = match self.bound.get(name) {
            Some(id) => view.network(*id),
            None => view
                .network_by_slug(name)
                .or_else(|| view.network(name.parse().ok()?)),
        };
        let mut seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(network) = known {
            seen.networks.insert(name.to_owned(), network.id);
            return Some(network.id);
        }
        seen.unknown.insert(format!("network {name}"));
        self.forgiving.then_some(NOBODY)
    }

    /// Takes down a topic that is not there (any more).
    pub(crate) fn no_topic(&self, id: impl std::fmt::Display) {
        let mut seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
        seen.unknown.insert(format!("topic {id}"));
    }

    /// Takes down an area that no network serves (any more).
    pub(crate) fn no_area(&self, slug: &str) {
        let mut seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
        seen.unknown.insert(format!("area {slug}"));
    }

    /// What has been named so far.
    pub(crate) fn seen(&self) -> Seen {
        let seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
        seen.clone()
    }
}

impl Seen {
    /// One sentence about what is unknown; nothing where all is known.
    pub(crate) fn trouble(&self) -> Option<String> {
        let names: Vec<&str> = self.unknown.iter().map(String::as_str).collect();
        (!names.is_empty()).then(|| {
            let names = names.join(", ");
            format!("not known here, or not shown just now, so nothing of it is found: {names}")
        })
    }
}
