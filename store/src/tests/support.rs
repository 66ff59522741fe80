//! A store in a temporary folder, with a network, its grant and a source.

use std::collections::HashMap;
use std::path::Path;

use discover_model::gate::admit;
use discover_model::grant::{Evidence, GrantRecord, GrantState, Purpose};
use discover_model::ledger::{Actor, LedgerEvent};
use discover_model::network::NetworkState;
use discover_model::proof::ProofMethod;
use discover_model::source::SourceOptions;
use discover_model::*;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use tempfile::TempDir;
use url::Url;

pub(super) use super::server::*;
use crate::{Commit, Committed, Purged, Store, StoreError};

pub(super) const NOW: Timestamp = Timestamp::constant(1_790_000_000, 0);

pub(super) fn days(days: i64) -> SignedDuration {
    SignedDuration::from_hours(24 * days)
}

pub(super) fn zone() -> TimeZone {
    TimeZone::get("Europe/London").unwrap_or(TimeZone::UTC)
}

pub(super) fn network(number: u128) -> Network {
    Network {
        id: NetworkId::from_u128(number),
        slug: format!("net-{number}"),
        name: format!("Quokka Network {number}"),
        owner: format!("Wombat Society {number}"),
        contact: Some(format!("owner{number}@narwhal.example")),
        proof: ProofMethod::WellKnown,
        retention_days: 365,
        recheck_days: 30,
        link_only: false,
        sensitive: false,
        areas: Vec::new(),
        newcomers: false,
        registered: NOW,
        state: NetworkState::Asked,
    }
}

pub(super) fn origin(number: u128) -> Origin {
    format!("https://site{number}.example").parse().unwrap()
}

pub(super) fn grant(network: u128) -> GrantRecord {
    GrantRecord {
        id: GrantId::from_u128(1000 + network),
        network: NetworkId::from_u128(network),
        scope: Scope::all(origin(network)),
        purposes: vec![Purpose::Search, Purpose::Topics],
        retention_days: 365,
        evidence: Evidence {
            method: ProofMethod::WellKnown,
            folder: None,
            sha256: "ab".repeat(32),
            seen: NOW,
        },
        granted: NOW,
        expires: NOW + days(300),
        members_told: true,
        state: GrantState::Live,
    }
}

pub(super) fn source(network: u128, path: &str) -> Source {
    Source::new(
        NetworkId::from_u128(network),
        SourceKind::Discourse,
        Url::parse(&format!("https://site{network}.example/{path}")).unwrap(),
        SourceOptions::default(),
    )
}

/// An item of network `network`; `key` is also its path.
pub(super) fn item(network: u128, key: &str, text: &str) -> Item {
    Item {
        key: key.into(),
        url: Url::parse(&format!("https://site{network}.example/t/{key}")).unwrap(),
        root: None,
        parent: None,
        thread: None,
        title: None,
        text: text.into(),
        author: Some("somebody".into()),
        published: Some(NOW - days(2)),
        updated: None,
        language: None,
        links: vec![],
        state: ItemState::Live,
    }
}

pub(super) fn reply(network: u128, key: &str, parent: &str) -> Item {
    Item {
        parent: Some(parent.into()),
        published: Some(NOW - days(1)),
        ..item(network, key, &format!("reply {key}"))
    }
}

/// The store of a folder.
pub(super) async fn open(dir: impl AsRef<Path>) -> Result<Store, StoreError> {
    let dir = dir.as_ref();
    match address_of(dir).await {
        // Beside others, as a file in a folder can be.
        Some(address) => Store::open_postgres(dir, zone(), &address, false).await,
        None => Store::open(dir, zone()).await,
    }
}

pub(super) async fn open_read_only(dir: impl AsRef<Path>) -> Result<Store, StoreError> {
    let dir = dir.as_ref();
    match address_of(dir).await {
        Some(address) => Store::open_read_only_on_postgres(dir, zone(), &address).await,
        None => Store::open_read_only(dir, zone()).await,
    }
}

/// Erases, and receipts at once: there is no index and no graph here.
pub(super) async fn purge(store: &Store, now: Timestamp) -> Vec<Purged> {
    let erased = store.erase(now).await.unwrap();
    store.receipt(&erased, now).await.unwrap();
    erased
}

pub(super) struct House {
    pub(super) dir: TempDir,
    pub(super) store: Store,
}

impl House {
    /// A store with the given networks, each with a live grant and a source at `/forum`.
    pub(super) async fn with(networks: &[u128]) -> Self {
        let dir = tempfile::tempdir().unwrap();
        let store = open(dir.path()).await.unwrap();
        let house = Self { dir, store };
        for number in networks {
            house.register(*number).await;
        }
        house
    }

    /// A second handle on the store, of a connection of its own where it is on PostgreSQL: SQLite's locks are a process's.
    pub(super) async fn another(&self) -> Store {
        if is_on_postgres() {
            return open(self.dir.path()).await.unwrap();
        }
        self.store.clone()
    }

    /// A process runs for so many days, by a clock that is in doubt and stands at `now` in the end.
    pub(super) async fn lives(&self, now: Timestamp, days: u64) {
        let passed = std::time::Duration::from_hours(24 * days);
        let recorded = self.store.record_clock(now, true, Some(passed)).await;
        recorded.unwrap();
    }

    pub(super) async fn register(&self, number: u128) {
        self.store
            .put_network(&network(number), Some(VoiceKey::new([7; 32])))
            .await
            .unwrap();
        self.store
            .put_source(&source(number, "forum"), NOW)
            .await
            .unwrap();
        self.store
            .put_grant(
                &Grant::recorded(grant(number)),
                LedgerEvent::Granted,
                Actor::Owner,
                NOW,
            )
            .await
            .unwrap();
    }

    pub(super) fn admitted(source: &Source, item: Item, now: Timestamp) -> Admitted<Post> {
        let key = VoiceKey::new([7; 32]);
        let policy = Policy {
            source,
            voice_key: &key,
            link_only: false,
            taken_back: &HashMap::new(),
        };
        let number = source.network.as_u128();
        admit(&Grant::recorded(grant(number)), &policy, item, now)
            .unwrap()
            .with_language("en".parse().ok(), 0.9)
    }

    pub(super) async fn put_at(
        &self,
        source: &Source,
        items: Vec<Item>,
        now: Timestamp,
    ) -> Committed {
        let commit = Commit {
            posts: items
                .into_iter()
                .map(|item| Self::admitted(source, item, now))
                .collect(),
            ..Commit::new(source)
        };
        self.store.commit(commit, now).await.unwrap()
    }

    pub(super) async fn put(&self, source: &Source, items: Vec<Item>) -> Committed {
        self.put_at(source, items, NOW).await
    }

    /// The keys' conversation, as reply count and ids, for one post of a source.
    pub(super) async fn thread(&self, source: &Source, key: &str) -> Option<Conversation> {
        let id = PostId::derive(source.network, source.id, key);
        let at = self.store.post(id).await.unwrap()?;
        self.store.conversation(at.conversation).await.unwrap()
    }

    /// Whether any file of the data folder holds any of the byte strings; returns those that were found.
    pub(super) fn found<'a>(&self, needles: &[&'a str]) -> Vec<&'a str> {
        found_in(self.dir.path(), needles)
    }
}

/// The same of a folder and the database that belongs to it.
pub(super) fn found_in<'a>(dir: &Path, needles: &[&'a str]) -> Vec<&'a str> {
    let mut found = Vec::new();
    let files = |dir: &Path| {
        std::fs::read_dir(dir)
            .unwrap()
            .map(|file| file.unwrap().path())
    };
    let database = database_folder(dir);
    for path in files(dir).chain(database.iter().flat_map(|dir| files(dir))) {
        if path.file_name().is_some_and(|name| name == "reserve") {
            continue;
        }
        let bytes = match std::fs::read(&path) {
            // The server takes away what is empty.
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => continue,
            read => read.unwrap(),
        };
        let text = String::from_utf8_lossy(&bytes);
        found.extend(needles.iter().filter(|needle| text.contains(**needle)));
    }
    found.sort_unstable();
    found.dedup();
    found
}
