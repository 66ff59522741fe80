//! A small world: four networks that talk about blood tests, and one about bread; made through the gate.

use std::collections::HashMap;
use std::sync::{Arc, RwLock};

use arc_swap::ArcSwap;
use axum::Router;
use axum::body::{Body, Bytes};
use axum::http::{HeaderMap, Request, StatusCode};
use discover_graph::{Graph, Parameters, refresh};
use discover_indexer::Index;
use discover_model::grant::{Evidence, GrantRecord, GrantState, Purpose};
use discover_model::ledger::{Actor, LedgerEvent};
use discover_model::network::NetworkState;
use discover_model::proof::ProofMethod;
use discover_model::source::SourceOptions;
use discover_model::{
    Grant, GrantId, Item, ItemState, Language, Network, NetworkId, Origin, Policy, Scope, Source,
    SourceKind, VoiceKey, gate, notes_address,
};
use discover_store::{Commit, Finished, Store};
use futures_util::StreamExt;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use tower::ServiceExt;
use url::Url;

use crate::state::{Parts, Published, ServerConfig};

/// Noon on 22 November 2026, a Sunday.
pub(super) const NOW: Timestamp = Timestamp::constant(1_795_348_800, 0);

/// Stands beyond the first 300 characters of what was taken down at the drop-in.
pub(super) const LAST: &str = "Numbatwards.";

/// What a test is given.
pub(super) struct World {
    pub(super) router: Router,
    pub(super) parts: Parts,
    _dir: tempfile::TempDir,
}

/// A network of the world: slug, name, language, texts as (thread, author, days ago, title, text).
struct Place {
    slug: &'static str,
    name: &'static str,
    kind: SourceKind,
    language: &'static str,
    areas: &'static [&'static str],
    posts: Vec<(usize, String, i64, Option<String>, String)>,
}

fn places() -> Vec<Place> {
    let talk = |what: &str, seed: usize, voices: usize| {
        (0..voices)
            .map(|n| {
                let (title, text) = if n == 0 {
                    (
                        Some(format!("Walk-in blood tests stopped at {what}")),
                        format!(
                            "The walk-in blood tests at {what} have stopped and the phlebotomy booking line is never answered. See https://notice.example/blood for the notice."
                        ),
                    )
                } else {
                    (
                        None,
                        format!("Same here, phlebotomy booking took me {} calls to the line.", n + seed),
                    )
                };
                // The carers were first, whom near copies of theirs stand behind.
                let ago = if n == 0 && seed > 2 {
                    8
                } else {
                    9 - (n as i64 % 8)
                };
                (0, format!("person {n}"), ago, title, text)
            })
            .collect::<Vec<_>>()
    };
    let more = |mut posts: Vec<_>, what: &str| {
        posts.push((
            1,
            "person 1".to_owned(),
            3,
            Some(format!("Phlebotomy booking line at {what} again")),
            format!("Nobody answers the phlebotomy booking line at {what}; walk-in blood tests were better."),
        ));
        posts
    };
    vec![
        Place {
            slug: "aire-carers",
            name: "Aire Carers",
            kind: SourceKind::Discourse,
            language: "en",
            areas: &["council: Leeds"],
            posts: more(talk("the health centre", 2, 9), "the health centre"),
        },
        Place {
            slug: "kidney-friends",
            name: "Kidney <Friends> & Co",
            kind: SourceKind::Feed,
            language: "en",
            areas: &["council: Leeds", "ward: Harehills"],
            posts: more(talk("the hospital", 3, 3), "the hospital"),
        },
        Place {
            slug: "rural-buses",
            name: "Rural Buses",
            kind: SourceKind::Feed,
            language: "en",
            areas: &[],
            posts: more(talk("the village surgery", 4, 2), "the village surgery"),
        },
        Place {
            slug: "urdu-radio",
            name: "اردو ریڈیو",
            kind: SourceKind::Feed,
            language: "ur",
            areas: &[],
            posts: vec![(
                0,
                "person 0".to_owned(),
                4,
                Some("خون کے ٹیسٹ کے لیے اب وقت لینا ضروری ہے".to_owned()),
                "خون کے ٹیسٹ کے لیے اب وقت لینا ضروری ہے، پہلے بغیر وقت لیے ہو جاتے تھے۔"
                    .to_owned(),
            )],
        },
        Place {
            slug: "bakers",
            name: "Bakers",
            kind: SourceKind::Wordpress,
            language: "en",
            areas: &[],
            posts: vec![(
                0,
                "person 0".to_owned(),
                40,
                Some("Sourdough in a cold kitchen".to_owned()),
                format!(
                    "Write to baker@bread.example. {}",
                    "Feed the starter twice and wait. ".repeat(30)
                ),
            )],
        },
    ]
}

impl World {
    pub(super) async fn new() -> Self {
        Self::of(places()).await
    }

    /// With one conversation more that has nothing to do with the others, so that some words set theirs apart.
    pub(super) async fn with_more_bread() -> Self {
        let mut places = places();
        if let Some(bakers) = places.last_mut() {
            bakers.posts.push((
                1,
                "person 0".to_owned(),
                50,
                Some("Rye in a warm larder".to_owned()),
                "Rye dough likes it warm and wet.".to_owned(),
            ));
        }
        Self::of(places).await
    }

    /// With a network of notes that talk about the same at some length: the last of its words is [`LAST`].
    pub(super) async fn with_notes() -> Self {
        let mut places = places();
        let talk = "The walk-in blood tests stopped and the phlebotomy booking line is never answered, said everybody at the drop-in. ";
        places.push(Place {
            slug: "drop-in",
            name: "Thursday drop-in",
            kind: SourceKind::Notes,
            language: "en",
            areas: &[],
            posts: vec![(
                0,
                "person 1".to_owned(),
                2,
                Some("Phlebotomy and blood tests, from the flip chart".to_owned()),
                format!(
                    "{}\n\nWrite to baker@bread.example. {LAST}",
                    talk.repeat(6).trim()
                ),
            )],
        });
        Self::of(places).await
    }

    /// With one conversation that its network holds so many times more, in the same words.
    pub(super) async fn with_copies(copies: usize) -> Self {
        let mut places = places();
        let buses = places.iter_mut().find(|place| place.slug == "rural-buses");
        let posts = &mut buses.expect("a place").posts;
        let (_, author, days, title, text) = posts[0].clone();
        let copy = |n| (10 + n, author.clone(), days, title.clone(), text.clone());
        posts.extend((0..copies).map(copy));
        Self::of(places).await
    }

    async fn of(places: Vec<Place>) -> Self {
        let dir = tempfile::tempdir().expect("temporary folder");
        let store = Store::open(&dir.path().join("store"), TimeZone::UTC)
            .await
            .expect("store");
        for (n, place) in places.into_iter().enumerate() {
            put(&store, n as u128 + 1, place).await;
        }
        let index = Index::open(&dir.path().join("index"), "UTC").expect("index");
        let mut graph = Graph::new(Parameters::default());
        let ids = store.conversation_ids(None, 1000).await.expect("ids");
        for conversation in store.conversations(&ids).await.expect("conversations") {
            index.put(&conversation).expect("put");
            graph.upsert(&conversation);
        }
        index
            .commit(store.last_seq().await.expect("seq"))
            .expect("commit");
        let graph = Arc::new(RwLock::new(graph));
        let today = NOW.to_zoned(TimeZone::UTC).date();
        let topics = refresh(&graph, today);
        let visibility = Arc::new(store.visibility().await.expect("visibility"));
        let parts = Parts {
            store,
            index: Arc::new(index),
            graph,
            published: Arc::new(ArcSwap::from_pointee(Published { visibility, topics })),
            config: ServerConfig {
                base_url: Url::parse("https://discover.example").expect("url"),
                operator_contact: "https://discover.example/contact".to_owned(),
                user_agent: "Discover/0.1 (+https://discover.example/bot)".to_owned(),
                clock: Arc::new(|| NOW),
                ..ServerConfig::default()
            },
        };
        Self {
            router: crate::router(parts.clone()),
            parts,
            _dir: dir,
        }
    }

    /// As [`World::new`], with another configuration.
    pub(super) async fn with(change: impl FnOnce(&mut ServerConfig)) -> Self {
        let mut world = Self::new().await;
        change(&mut world.parts.config);
        world.router = crate::router(world.parts.clone());
        world
    }

    /// A further network with so many conversations of one post, found at once.
    pub(super) async fn crowd(&self, conversations: usize) {
        let store = &self.parts.store;
        let place = Place {
            slug: "crowd",
            name: "Crowd",
            kind: SourceKind::Feed,
            language: "en",
            areas: &[],
            posts: (0..conversations)
                .map(|n| {
                    let text = format!("Something about gardens, number {n} of many.");
                    (n, "person 0".to_owned(), n as i64 % 20, None, text)
                })
                .collect(),
        };
        put(store, 77, place).await;
        let ids = store.conversation_ids(None, 1000).await.expect("ids");
        for conversation in store.conversations(&ids).await.expect("conversations") {
            self.parts.index.put(&conversation).expect("put");
        }
        let seq = store.last_seq().await.expect("seq");
        self.parts.index.commit(seq).expect("commit");
    }

    /// The bakers' conversation, written again by its author, and carried into the index.
    pub(super) async fn bake_again(&self, text: &str) {
        let store = &self.parts.store;
        let number = places().len();
        let mut place = places().pop().expect("bakers");
        for post in &mut place.posts {
            text.clone_into(&mut post.4);
        }
        put(store, number as u128, place).await;
        let before = self.parts.index.committed_seq();
        let changes = store.changes(before, 1000).await.expect("changes");
        let ids: Vec<_> = changes.iter().map(|change| change.conversation).collect();
        for conversation in store.conversations(&ids).await.expect("conversations") {
            self.parts.index.put(&conversation).expect("put");
        }
        let seq = store.last_seq().await.expect("seq");
        self.parts.index.commit(seq).expect("commit");
    }

    pub(super) async fn send(&self, request: Request<Body>) -> Answer {
        let response = self
            .router
            .clone()
            .oneshot(request)
            .await
            .expect("infallible");
        let (head, body) = response.into_parts();
        let endless = head
            .headers
            .get("content-type")
            .is_some_and(|media| media == "text/event-stream");
        let body = if endless {
            body.into_data_stream()
                .next()
                .await
                .expect("a first part")
                .expect("body")
        } else {
            axum::body::to_bytes(body, 16 << 20).await.expect("body")
        };
        Answer {
            status: head.status,
            headers: head.headers,
            body,
        }
    }

    pub(super) async fn get(&self, address: &str) -> Answer {
        let request = Request::get(address).body(Body::empty()).expect("request");
        self.send(request).await
    }

    /// The JSON of an answer that must be a 200.
    pub(super) async fn json(&self, address: &str) -> serde_json::Value {
        let answer = self.get(address).await;
        assert_eq!(
            answer.status,
            StatusCode::OK,
            "{address}: {}",
            answer.text()
        );
        answer.json()
    }

    pub(super) fn id_of(slug: &str) -> NetworkId {
        let at = places().iter().position(|place| place.slug == slug);
        NetworkId::from_u128(at.expect("a place") as u128 + 1)
    }
}

/// What came back.
pub(super) struct Answer {
    pub(super) status: StatusCode,
    pub(super) headers: HeaderMap,
    pub(super) body: Bytes,
}

impl Answer {
    pub(super) fn text(&self) -> String {
        String::from_utf8(self.body.to_vec()).expect("UTF-8")
    }

    /// Of a picture or workbook too.
    pub(super) fn text_lossy(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    pub(super) fn json(&self) -> serde_json::Value {
        serde_json::from_slice(&self.body).expect("JSON")
    }

    pub(super) fn header(&self, name: &str) -> &str {
        self.headers
            .get(name)
            .and_then(|value| value.to_str().ok())
            .unwrap_or_default()
    }
}

async fn put(store: &Store, number: u128, place: Place) {
    let network = NetworkId::from_u128(number);
    let key = VoiceKey::new([number as u8; 32]);
    let uploaded = place.kind.is_uploaded();
    let (root, proof) = if uploaded {
        (notes_address(network).to_string(), ProofMethod::Document)
    } else {
        let root = format!("https://{}.example/", place.slug);
        (root, ProofMethod::WellKnown)
    };
    let origin: Origin = root.parse().expect("origin");
    let grant = Grant::recorded(GrantRecord {
        id: GrantId::from_u128(number + 100),
        network,
        scope: Scope::new(origin, &["/t/", "/feed"]).expect("scope"),
        purposes: vec![Purpose::Search, Purpose::Topics],
        retention_days: 365,
        evidence: Evidence {
            method: proof,
            folder: None,
            sha256: "ab".repeat(32),
            seen: NOW,
        },
        granted: NOW,
        expires: NOW + SignedDuration::from_hours(24 * 300),
        members_told: true,
        state: GrantState::Live,
    });
    let registered = Network {
        id: network,
        slug: place.slug.to_owned(),
        name: place.name.to_owned(),
        owner: format!("{} Association", place.name),
        contact: Some("secret@owner.example".to_owned()),
        proof,
        retention_days: 365,
        recheck_days: 30,
        link_only: false,
        sensitive: false,
        areas: place
            .areas
            .iter()
            .map(|area| area.parse().expect("area"))
            .collect(),
        newcomers: place.slug == "aire-carers",
        registered: NOW,
        state: NetworkState::Live,
    };
    let source = Source::new(
        network,
        place.kind,
        Url::parse(&format!("{root}feed")).expect("url"),
        SourceOptions::default(),
    );
    store
        .put_network(&registered, Some(key.clone()))
        .await
        .expect("network");
    store
        .put_grant(&grant, LedgerEvent::Granted, Actor::Owner, NOW)
        .await
        .expect("grant");
    store.put_source(&source, NOW).await.expect("source");

    let taken_back = HashMap::new();
    let policy = Policy {
        source: &source,
        voice_key: &key,
        link_only: false,
        taken_back: &taken_back,
    };
    let language: Language = place.language.parse().expect("language");
    let mut commit = Commit::new(&source);
    let mut seen = HashMap::new();
    for (thread, author, days, title, text) in place.posts {
        let at = seen.entry(thread).or_insert(0);
        let url = if *at == 0 {
            format!("{root}t/{thread}")
        } else {
            format!("{root}t/{thread}/{at}")
        };
        let first = format!("{thread}/0");
        let item = Item {
            key: format!("{thread}/{at}"),
            url: Url::parse(&url).expect("url"),
            root: (*at > 0).then(|| first.clone()),
            parent: (*at > 0).then(|| first.clone()),
            thread: None,
            title,
            links: if *at == 0 && text.contains("notice.example") {
                vec![Url::parse("https://notice.example/blood").expect("url")]
            } else {
                Vec::new()
            },
            text,
            author: Some(author),
            published: Some(NOW - SignedDuration::from_hours(24 * days)),
            updated: None,
            language: Some(place.language.to_owned()),
            state: ItemState::Live,
        };
        *at += 1;
        // A minute later: a date of the very second of a visit says nothing of the item.
        let first_seen = NOW - SignedDuration::from_hours(24 * days) + SignedDuration::from_mins(1);
        let post = gate::admit(&grant, &policy, item, first_seen).expect("admitted");
        commit.posts.push(post.with_language(Some(language), 1.0));
    }
    commit
        .refusals
        .push((discover_model::Refusal::Noindex, format!("{root}hidden")));
    commit.finish = Some(Finished {
        next_due: NOW + SignedDuration::from_hours(1),
        health_json: "{}".to_owned(),
        fetched_at: NOW,
        ok: true,
    });
    store.commit(commit, NOW).await.expect("commit");
}
