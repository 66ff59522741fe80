//! What is found once for a publication, about topics and the networks beside them; it goes with the publication.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use discover_graph::Bridge;
use discover_model::{Language, NetworkId, TopicId};
use jiff::civil::Date;

/// By network, the languages of its posts in the window; one without posts is not there.
pub(crate) type Languages = BTreeMap<NetworkId, BTreeSet<Language>>;

/// Conversations of one bucket, which its reader can list by their days, and how many of them are near copies of others.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Raw {
    pub(crate) start: Date,
    pub(crate) count: u64,
    pub(crate) near_copies: u64,
}

impl Raw {
    /// Conversations, near copies once.
    pub(crate) const fn once(&self) -> u64 {
        self.count.saturating_sub(self.near_copies)
    }
}

/// A topic as the index counts it.
#[derive(Debug, Default)]
pub(crate) struct TopicFigures {
    /// Conversations of each network, and how many of them are near copies of others there.
    pub(crate) networks: BTreeMap<NetworkId, (u64, u64)>,
    pub(crate) weeks: Vec<Raw>,
    /// Conversations without a known date.
    pub(crate) undated: u64,
    /// Conversations with a post of the last seven days, today's included, near copies once.
    pub(crate) lately: u64,
}

/// Figures of topics, kept as long as one publication.
pub(crate) type TopicCache = Mutex<BTreeMap<TopicId, Arc<TopicFigures>>>;

/// Bridges of topics.
#[derive(Debug, Default)]
pub(crate) struct BridgeCache(Mutex<BTreeMap<TopicId, Arc<Vec<Bridge>>>>);

impl BridgeCache {
    /// A holder that panicked left whole entries.
    fn lock(&self) -> MutexGuard<'_, BTreeMap<TopicId, Arc<Vec<Bridge>>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn get(&self, topic: TopicId) -> Option<Arc<Vec<Bridge>>> {
        self.lock().get(&topic).cloned()
    }

    pub(crate) fn put(&self, topic: TopicId, found: Arc<Vec<Bridge>>) {
        self.lock().insert(topic, found);
    }
}

/// Networks at which topics are mentioned that they take no part in.
#[derive(Debug, Default)]
pub(crate) struct MentionCache(Mutex<BTreeMap<TopicId, Arc<BTreeSet<NetworkId>>>>);

impl MentionCache {
    /// A holder that panicked left whole entries.
    fn lock(&self) -> MutexGuard<'_, BTreeMap<TopicId, Arc<BTreeSet<NetworkId>>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn get(&self, topic: TopicId) -> Option<Arc<BTreeSet<NetworkId>>> {
        self.lock().get(&topic).cloned()
    }

    pub(crate) fn put(&self, topic: TopicId, found: Arc<BTreeSet<NetworkId>>) {
        self.lock().insert(topic, found);
    }
}

/// Why pairs of topics are linked, in words; empty where no reason is known. The lower id stands first.
#[derive(Debug, Default)]
pub(crate) struct ReasonCache(Mutex<BTreeMap<(TopicId, TopicId), String>>);

impl ReasonCache {
    /// A holder that panicked left whole entries.
    fn lock(&self) -> MutexGuard<'_, BTreeMap<(TopicId, TopicId), String>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn get(&self, pair: (TopicId, TopicId)) -> Option<String> {
        self.lock().get(&pair).cloned()
    }

    pub(crate) fn put(&self, pair: (TopicId, TopicId), reason: String) {
        self.lock().insert(pair, reason);
    }
}
