//! Digests of weeks and months, and what is told early.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use axum::http::StatusCode;
use discover_model::Visibility;
use jiff::{SignedDuration, Timestamp};

use super::withdrawal::publish;
use super::world::{NOW, World};
use crate::alerts::notices::look;
use crate::state::State;

/// A world whose clock can be moved on.
async fn world() -> (World, Arc<AtomicI64>) {
    let days = Arc::new(AtomicI64::new(0));
    let passed = Arc::clone(&days);
    let world = World::with(|config| {
        config.clock = Arc::new(move || {
            NOW + SignedDuration::from_hours(24 * passed.load(Ordering::SeqCst))
        });
    });
    (world.await, days)
}

async fn look_at(world: &World) {
    let view = State::new(world.parts.clone()).view().await;
    look(&view.expect("a view")).await.expect("a look");
}

fn hide(world: &World, generation: u64, visibility: Visibility) {
    publish(
        world,
        Visibility {
            generation,
            ..visibility
        },
    );
}

#[tokio::test]
async fn a_past_digest_quotes_what_it_quoted_and_says_what_went_at_once() {
    let (world, days) = world().await;
    let so_far = world.json("/api/v1/digests/2026-W47").await;
    assert_eq!(so_far["so_far"], true);
    look_at(&world).await;
    days.store(7, Ordering::SeqCst);
    look_at(&world).await;
    let digest = world.json("/api/v1/digests/week").await;
    assert_eq!(
        (&digest["period"], &digest["so_far"], &digest["start"], &digest["last"]),
        (
            &"2026-W47".into(),
            &false.into(),
            &"2026-11-16".into(),
            &"2026-11-22".into()
        )
    );
    let named = &digest["emerging"][0];
    let quote = &named["quote"];
    let (text, title) = (quote["text"].as_str(), quote["title"].as_str());
    let (text, title) = (text.expect("a text"), title.expect("a title"));
    // What is counted can be listed.
    let topic = named["topic"]["id"].as_str().expect("id");
    let listed = format!("/api/v1/search?topic={topic}&after=2026-11-16&before=2026-11-23");
    assert_eq!(world.json(&listed).await["total"], named["conversations"]);
    let page = world.get("/digest").await.text();
    assert!(page.contains("from 16 to 22 November 2026") && page.contains(title), "{page}");
    let large = world.get("/digest/2026-W47?print=large").await.text();
    assert!(large.contains("digest-page large"));
    let feed = world.get("/digest.atom").await.text();
    let label = named["topic"]["label"].as_str().expect("a label");
    assert!(feed.to_lowercase().contains(label) && !feed.contains("Put right"), "{feed}");

    let quoted = quote["conversation"].as_str().expect("id");
    hide(
        &world,
        1,
        Visibility {
            conversations: [quoted.parse().expect("id")].into(),
            ..Visibility::default()
        },
    );
    let after = world.json("/api/v1/digests/2026-W47").await;
    assert_eq!(after["gone"]["quotations"], 1, "{after}");
    assert_eq!(after["emerging"][0]["quote"], serde_json::Value::Null);
    let page = world.get("/digest").await.text();
    assert!(!page.contains(text) && !page.contains(title) && !page.contains(quoted));
    assert!(page.contains("Withdrawn since"), "{page}");
    // The one after it puts it right, and so does the feed.
    let next = world.json("/api/v1/digests/2026-W48").await;
    assert_eq!(next["errata"][0]["period"], "2026-W47");
    assert_eq!(next["errata"][0]["gone"]["quotations"], 1);
    let page = world.get("/digest/2026-W48").await.text();
    assert!(page.contains("strike it out"), "{page}");
    let feed = world.get("/digest.atom").await.text();
    assert!(feed.contains("Put right: Week from 16 to 22 November 2026"), "{feed}");
    let first = feed.split("<entry").nth(1).expect("an entry").to_owned();
    // Once it is written down its moment stays.
    look_at(&world).await;
    days.store(8, Ordering::SeqCst);
    let feed = world.get("/digest.atom").await.text();
    assert_eq!(feed.split("<entry").nth(1), Some(first.as_str()));
    // A pause is over: it is quoted again, and nothing is to be struck out.
    hide(&world, 2, Visibility::default());
    look_at(&world).await;
    let again = world.json("/api/v1/digests/2026-W47").await;
    assert_eq!(again["emerging"][0]["quote"]["text"], text);
    assert_eq!(again["gone"]["quotations"], 0);
}

#[tokio::test]
async fn digests_are_of_all_of_areas_and_of_a_search() {
    let (world, _) = world().await;
    let ids = |digest: &serde_json::Value| digest["emerging"].as_array().map(Vec::len);
    let all = world.json("/api/v1/digests/2026-W47").await;
    assert!(ids(&all) > Some(0));
    let leeds = world.json("/api/v1/digests/2026-W47?area=council-leeds").await;
    assert_eq!(leeds["areas"][0]["name"], "Leeds");
    assert!(ids(&leeds) > Some(0));
    let nowhere = world.get("/api/v1/digests/week?area=council-nowhere").await;
    assert_eq!(nowhere.status, StatusCode::BAD_REQUEST);
    let search = world.json("/api/v1/digests/2026-W47?q=phlebotomy").await;
    let query = search["search"]["query"].as_str().expect("a query");
    let listed = world.json(&format!("/api/v1/search?{query}")).await;
    assert_eq!(search["search"]["total"], listed["total"]);
    assert!(search["search"]["quotes"].as_array().is_some_and(|all| !all.is_empty()));
    assert_eq!(ids(&search), Some(0));
    let page = world.get("/digest/2026-W47?q=phlebotomy").await.text();
    assert!(page.contains("“<bdi>phlebotomy</bdi>”"), "{page}");
    let welsh = world.get("/cy/digest/2026-11").await.text();
    assert!(welsh.contains("Am beth mae pobl yn siarad") && welsh.contains("Tachwedd 2026"));
    for missing in ["2026-W48", "2026-W10", "2026-W60", "yesterday"] {
        let answer = world.get(&format!("/api/v1/digests/{missing}")).await;
        assert_eq!(answer.status, StatusCode::NOT_FOUND, "{missing}");
    }
    let own_days = world.get("/api/v1/digests/week?after=2026-01-01").await;
    assert_eq!(own_days.status, StatusCode::BAD_REQUEST);
}

#[tokio::test]
async fn what_is_told_early_has_its_odds_and_an_end_in_both_feeds() {
    let (world, days) = world().await;
    let empty = world.get("/topics/warnings.atom").await.text();
    assert!(!empty.contains("<entry"), "nothing was looked at yet");
    look_at(&world).await;
    let notices = world.json("/api/v1/topics/notices").await;
    let first = &notices["items"][0];
    assert_eq!((&first["kind"], &first["holds"]), (&"emerging".into(), &true.into()));
    let label = first["topic"]["label"].as_str().expect("a label").to_owned();
    let told = format!("Newly emerging: {}", crate::text::words::sentence(&label));
    for address in [
        "/topics/warnings.atom",
        "/topics/warnings.atom?language=en&area=council-leeds",
        "/topics/warnings.json?kind=emerging",
    ] {
        let feed = world.get(address).await.text();
        assert!(feed.contains(&told), "{address}: {feed}");
        assert!(feed.contains("odds"), "{address}: {feed}");
    }
    for address in [
        "/topics/warnings.atom?language=so",
        "/topics/warnings.json?kind=warning",
    ] {
        assert!(!world.get(address).await.text().contains(&told), "{address}");
    }
    // All its networks leave: what is told is that it ended, at once and without its name.
    let networks = ["aire-carers", "kidney-friends", "rural-buses", "urdu-radio"];
    let networks = networks.map(World::id_of).into();
    hide(
        &world,
        1,
        Visibility {
            networks,
            ..Visibility::default()
        },
    );
    for address in ["/topics/warnings.atom", "/topics/warnings.json"] {
        let feed = world.get(address).await.text();
        assert!(
            feed.contains("No longer emerging: a topic that is no longer shown"),
            "{address}: {feed}"
        );
        assert!(!feed.contains(&label) && !feed.contains(&told), "{address}: {feed}");
    }
    days.store(1, Ordering::SeqCst);
    look_at(&world).await;
    let ended = world.json("/api/v1/topics/notices").await;
    let ended = ended["items"][0]["ended"].as_str().expect("an end").to_owned();
    assert_eq!(ended.parse::<Timestamp>().ok(), Some(NOW + SignedDuration::from_hours(24)));
    // It comes back as another one.
    hide(&world, 2, Visibility::default());
    look_at(&world).await;
    let feed = world.get("/topics/warnings.json").await.json();
    let titles: Vec<&str> = feed["items"]
        .as_array()
        .expect("items")
        .iter()
        .filter_map(|item| item["title"].as_str())
        .collect();
    assert_eq!(titles.iter().filter(|title| **title == told).count(), 2, "{titles:?}");
    assert!(titles.iter().any(|title| title.starts_with("No longer emerging")));
}
