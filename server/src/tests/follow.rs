//! Following a search: nothing is told twice or missed, and what is withdrawn is told as gone.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use axum::body::Body;
use axum::http::{Request, StatusCode};
use discover_model::Visibility;
use futures_util::StreamExt;
use tower::ServiceExt;

use super::world::World;
use crate::state::Published;

/// Events until the stream is quiet for a while.
async fn events(world: &World, address: &str, last: Option<&str>) -> (StatusCode, Vec<Event>) {
    let mut stream = Stream::open(world, address, last).await;
    let status = stream.status;
    (status, stream.more().await)
}

struct Stream {
    status: StatusCode,
    body: axum::body::BodyDataStream,
}

#[derive(Debug, Clone, PartialEq)]
struct Event {
    name: String,
    id: Option<String>,
    data: serde_json::Value,
}

impl Stream {
    async fn open(world: &World, address: &str, last: Option<&str>) -> Self {
        let mut request = Request::get(address);
        if let Some(last) = last {
            request = request.header("last-event-id", last);
        }
        let request = request.body(Body::empty()).expect("request");
        let response = world.router.clone().oneshot(request).await.expect("answer");
        Self {
            status: response.status(),
            body: response.into_body().into_data_stream(),
        }
    }

    async fn more(&mut self) -> Vec<Event> {
        let mut text = String::new();
        let quiet = Duration::from_millis(1500);
        while let Ok(Some(part)) = tokio::time::timeout(quiet, self.body.next()).await {
            text.push_str(std::str::from_utf8(&part.expect("a part")).expect("UTF-8"));
        }
        let field = |block: &str, name: &str| {
            let mut lines = block.lines();
            lines
                .find_map(|line| line.strip_prefix(name)?.strip_prefix(": "))
                .map(str::to_owned)
        };
        text.split("\n\n")
            .filter_map(|block| {
                Some(Event {
                    name: field(block, "event").unwrap_or_default(),
                    id: field(block, "id"),
                    data: field(block, "data").map_or(serde_json::Value::Null, |data| {
                        serde_json::from_str(&data).expect("JSON")
                    }),
                })
                .filter(|event| event.id.is_some() || !event.name.is_empty())
            })
            .collect()
    }
}

fn ids(events: &[Event]) -> Vec<String> {
    let told = events.iter().filter(|event| event.name == "conversation");
    told.filter_map(|event| event.data["id"].as_str().map(str::to_owned))
        .collect()
}

const SEARCH: &str = "/api/v1/search/events?q=phlebotomy";

#[tokio::test]
async fn what_fits_is_told_once_wherever_a_reader_comes_back() {
    let world = World::new().await;
    let page = world.json("/api/v1/search?q=phlebotomy").await;
    let items = page["items"].as_array().expect("items");
    let wanted: BTreeSet<String> = items
        .iter()
        .map(|hit| hit["id"].as_str().expect("an id").to_owned())
        .collect();

    let (status, all) = events(&world, SEARCH, Some("0")).await;
    assert_eq!(status, StatusCode::OK);
    assert_eq!(all[0].name, "ready");
    let told = ids(&all);
    assert_eq!(told.len(), wanted.len(), "nothing twice: {told:?}");
    assert_eq!(told.iter().cloned().collect::<BTreeSet<_>>(), wanted);
    let places: Vec<&str> = all.iter().filter_map(|event| event.id.as_deref()).collect();
    let number = |id: &str| id.split('.').next().and_then(|seq| seq.parse::<u64>().ok());
    assert!(places.iter().map(|id| number(id)).is_sorted(), "{places:?}");

    // A reader who was cut off after any event, and a server that knows nothing of it any more.
    let mut again = world;
    again.router = crate::router(again.parts.clone());
    let cut = all.iter().position(|event| event.name == "conversation");
    let last = all[cut.expect("an event") + 1].id.as_deref();
    let (_, rest) = events(&again, SEARCH, last).await;
    assert_eq!(ids(&rest), told[2..], "neither repeated nor missed");
    let (_, nothing) = events(&again, SEARCH, places.last().copied()).await;
    assert_eq!(ids(&nothing), Vec::<String>::new());
}

#[tokio::test]
async fn a_withdrawal_reaches_an_open_stream() {
    let world = World::new().await;
    let mut stream = Stream::open(&world, SEARCH, Some("0")).await;
    let before = stream.more().await;
    let of = |slug: &str| -> BTreeSet<String> {
        let told = before.iter().filter(|event| event.name == "conversation");
        told.filter(|event| event.data["network"]["slug"] == slug)
            .filter_map(|event| event.data["id"].as_str().map(str::to_owned))
            .collect()
    };
    let leaving = of("aire-carers");
    assert!(!leaving.is_empty() && !of("rural-buses").is_empty());

    let topics = Arc::clone(&world.parts.published.load().topics);
    world.parts.published.store(Arc::new(Published {
        visibility: Arc::new(Visibility {
            generation: 1,
            networks: [World::id_of("aire-carers")].into(),
            ..Visibility::default()
        }),
        topics,
    }));
    let after = stream.more().await;
    let gone: BTreeSet<String> = after
        .iter()
        .filter(|event| event.name == "gone")
        .filter_map(|event| event.data["id"].as_str().map(str::to_owned))
        .collect();
    assert_eq!(gone, leaving);
    let (_, anew) = events(&world, SEARCH, Some("0")).await;
    assert!(ids(&anew).iter().all(|id| !leaving.contains(id)));
}

#[tokio::test]
async fn a_reader_who_was_away_is_asked_to_look_again_and_told_no_id_it_never_had() {
    let world = World::new().await;
    let (_, before) = events(&world, SEARCH, Some("0")).await;
    let last = before.iter().rev().find_map(|event| event.id.clone());
    let last = last.expect("an id");
    let names = |events: &[Event]| -> Vec<String> {
        let named = events.iter().filter(|event| !event.name.is_empty());
        named.map(|event| event.name.clone()).collect()
    };
    let (_, same) = events(&world, SEARCH, Some(&last)).await;
    assert_eq!(names(&same), ["ready"], "nothing was hidden meanwhile");

    let topics = Arc::clone(&world.parts.published.load().topics);
    let hide = |generation, slugs: &[&str]| {
        world.parts.published.store(Arc::new(Published {
            visibility: Arc::new(Visibility {
                generation,
                networks: slugs.iter().map(|slug| World::id_of(slug)).collect(),
                ..Visibility::default()
            }),
            topics: Arc::clone(&topics),
        }));
    };
    hide(1, &["aire-carers"]);
    let mut stream = Stream::open(&world, SEARCH, Some(&last)).await;
    let after = stream.more().await;
    assert_eq!(names(&after), ["ready", "look-again"], "{after:?}");
    hide(2, &["aire-carers", "rural-buses"]);
    assert_eq!(
        names(&stream.more().await),
        ["look-again"],
        "again, while it is open"
    );
    let (_, fresh) = events(&world, "/api/v1/search/events?q=zzzz", Some("0")).await;
    assert_eq!(
        names(&fresh),
        ["ready"],
        "who was told nothing hears of nothing"
    );
}

#[tokio::test]
async fn a_stream_that_cannot_be_read_is_refused_before_it_begins() {
    let world = World::new().await;
    for (address, code) in [
        ("/api/v1/search/events?q=(", "query_syntax"),
        ("/api/v1/search/events?interval=day", "unknown_field"),
        ("/api/v1/search/events?sort=newest", "bad_parameter"),
        ("/api/v1/search/events?cursor=x", "unknown_field"),
    ] {
        let answer = world.get(address).await;
        assert_eq!(answer.json()["code"], code, "{address}");
    }
}

/// A browser that gets anything but 200 gives up for good (HTML, Server-sent events 9.2.3).
#[tokio::test]
async fn who_comes_back_with_an_unknown_id_begins_afresh_and_is_told() {
    let world = World::new().await;
    for last in [
        "5.x",
        "999999999.1",
        "18446744073709551615",
        "of another site",
    ] {
        let (status, events) = events(&world, SEARCH, Some(last)).await;
        assert_eq!(status, StatusCode::OK, "{last}");
        let names: Vec<&str> = events.iter().map(|event| event.name.as_str()).collect();
        assert!(
            names.starts_with(&["ready", "start-again"]),
            "{last}: {names:?}"
        );
    }
}

#[tokio::test]
async fn a_feed_leads_on_to_what_was_before_it() {
    let world = World::new().await;
    world.crowd(120).await;
    let small = world.json("/search.json?q=phlebotomy").await;
    assert!(small.get("next_url").is_none(), "{small}");
    let (mut next, mut seen) = (Some("/search.json?q=gardens".to_owned()), Vec::new());
    while let Some(address) = next {
        let page = world.json(&address).await;
        let items = page["items"].as_array().expect("items");
        seen.extend(items.iter().map(|item| item["id"].to_string()));
        let base = "https://discover.example";
        next = page["next_url"]
            .as_str()
            .map(|address| address.strip_prefix(base).expect("ours").to_owned());
    }
    assert_eq!(seen.len(), 120);
    assert_eq!(
        seen.iter().collect::<BTreeSet<_>>().len(),
        120,
        "none twice"
    );
    let atom = world.get("/search.atom?q=gardens").await.text();
    assert!(atom.contains("<link rel=\"next\""));
}
