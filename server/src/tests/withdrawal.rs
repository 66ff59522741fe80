//! What is hidden is gone from every output at once.

use std::sync::Arc;

use axum::http::StatusCode;
use discover_model::Visibility;
use discover_store::{NewAnnotation, NewAnswer, Stage};
use jiff::tz::TimeZone;

use super::api::addresses;
use super::world::{NOW, World};
use crate::access::{Access, ROUTES};
use crate::alerts::notices::look;
use crate::read::params::{Query, SearchParams};
use crate::read::search::search;
use crate::state::{Published, State};

pub(super) fn publish(world: &World, visibility: Visibility) {
    let topics = Arc::clone(&world.parts.published.load().topics);
    world.parts.published.store(Arc::new(Published {
        visibility: Arc::new(visibility),
        topics,
    }));
}

/// An answer to what three networks raised, and a note of one of them.
async fn answered_and_noted(world: &World, topic: &str) {
    let (topic, day) = (
        topic.parse().expect("id"),
        NOW.to_zoned(TimeZone::UTC).date(),
    );
    let store = &world.parts.store;
    let networks = ["aire-carers", "kidney-friends", "rural-buses"].map(World::id_of);
    let answer = NewAnswer {
        topic,
        stage: Stage::Heard,
        by: "Wexmoor Health Board".to_owned(),
        due: Some(day),
        corrects: None,
        url: None,
        text: "We have read this.".to_owned(),
        conversations: Vec::new(),
        networks: networks.to_vec(),
    };
    store.write_answer(&answer, NOW).await.expect("written");
    let note = NewAnnotation {
        topic,
        network: Some(networks[0]),
        day,
        text: "At the health centre we count anew.".to_owned(),
    };
    let put = store.put_annotation(&note, &[], 5, NOW).await;
    assert!(put.expect("written").is_some());
}

/// Streams; the test of followers reads them.
const ENDLESS: &[&str] = &["/api/v1/search/events"];

#[tokio::test]
async fn a_withdrawn_network_vanishes_from_every_route_at_once() {
    let world = World::new().await;
    let view = State::new(world.parts.clone())
        .view()
        .await
        .expect("a view");
    look(&view).await.expect("a look");
    let mut all = addresses(&world).await;
    all.extend(
        [
            "/",
            "/topics",
            "/topics/changes?since=2026-01-01",
            "/topics/matrix?rank=emerging",
            "/topics/warnings",
            "/digest/2026-W47?print=large&area=council-leeds",
            "/digest?q=phlebotomy",
            "/map",
            "/networks",
            "/search?q=phlebotomy",
            "/search/print?q=phlebotomy",
            "/search/brief?q=phlebotomy",
            "/search/brief.md?q=phlebotomy",
            "/compare?q=phlebotomy&q2=blood",
            "/about",
        ]
        .map(str::to_owned),
    );
    let topics = world.json("/api/v1/topics?rank=emerging").await;
    let topic = topics["items"][0]["id"].as_str().expect("id");
    answered_and_noted(&world, topic).await;
    all.push(format!("/topics/{topic}"));
    all.push(format!("/topics/{topic}?embed=1"));
    all.push(format!("/topics/{topic}?embed=part"));
    all.push(format!("/api/v1/elsewhere?topic={topic}"));
    all.push(format!(
        "/oembed?url=https://discover.example/topics/{topic}"
    ));
    for network in ["aire-carers", "rural-buses"] {
        all.push(format!("/embed?url=http://{network}.example/t/0/"));
        all.push(format!(
            "/api/v1/elsewhere?url=http://{network}.example/t/0/"
        ));
    }
    all.push(format!("/paths?from={topic}&to={topic}"));
    for network in ["aire-carers", "rural-buses"] {
        let found = format!("/api/v1/search?q=phlebotomy&network={network}");
        let found = world.json(&found).await;
        let id = found["items"][0]["id"].as_str().expect("id").to_owned();
        for path in [
            "/tray",
            "/tray/brief",
            "/tray/brief.md",
            "/tray.csv",
            "/tray.txt",
            "/api/v1/tray",
        ] {
            all.push(format!("{path}?tray={id}"));
            all.push(format!("{path}?tray={id}-{topic}"));
        }
    }
    all.extend(
        [
            "/api/v1/search/export?q=phlebotomy&format=csv",
            "/api/v1/search/export?q=phlebotomy&format=references",
        ]
        .map(str::to_owned),
    );
    // Whatever other route there is, with a network, a conversation or a topic in its place.
    let found = world.json("/api/v1/search?q=phlebotomy").await;
    let conversation = found["items"][0]["id"].as_str().expect("id");
    for (method, path, access) in ROUTES {
        let open = matches!(access, Access::Public | Access::Scoped(_));
        if *method == "GET" && open && !ENDLESS.contains(path) {
            let id = if path.contains("topics") {
                topic
            } else {
                conversation
            };
            all.push(
                path.replace("{slug}", "aire-carers")
                    .replace("{id}", id)
                    .replace("{code}", "not-found")
                    .replace("{period}", "2026-W47")
                    .replace("{tag}", "0")
                    .replace("{name}", "discover.css"),
            );
        }
    }
    let quoted = world.json(&format!("/api/v1/topics/{topic}")).await["quotes"].to_string();
    assert!(
        quoted.contains("aire-carers"),
        "it is quoted before: {quoted}"
    );
    let before = world.get("/api/v1/networks").await;
    let seen = {
        let mut seen = 0;
        for address in &all {
            seen += usize::from(
                world
                    .get(address)
                    .await
                    .text_lossy()
                    .contains("aire-carers"),
            );
        }
        seen
    };
    assert!(seen > 5, "the network was to be seen before");

    // Only the visibility is swapped; store, index, graph and the published topics still hold everything.
    publish(
        &world,
        Visibility {
            generation: 1,
            networks: [World::id_of("aire-carers")].into(),
            ..Visibility::default()
        },
    );
    for address in &all {
        let answer = world.get(address).await;
        let text = answer.text_lossy();
        if !answer.status.is_success() {
            assert!(
                answer.status.is_redirection()
                    || matches!(
                        answer.status,
                        StatusCode::GONE | StatusCode::NOT_FOUND | StatusCode::BAD_REQUEST
                    ),
                "{address}: {text}"
            );
            continue;
        }
        for trace in ["aire-carers", "Aire Carers", "health centre"] {
            assert!(!text.contains(trace), "{address}: {trace}: {text}");
        }
    }
    let network = world.get("/api/v1/networks/aire-carers").await;
    assert_eq!(network.status, StatusCode::GONE);
    assert_eq!(network.json()["code"], "gone_withdrawn");
    let after = world.get("/api/v1/networks").await;
    assert_ne!(before.header("etag"), after.header("etag"));
    assert_eq!(after.json()["generation"], 1);
    assert_eq!(after.json()["total"], 4);
}

#[tokio::test]
async fn nobody_is_quoted_and_no_way_leads_over_a_conversation_of_which_anything_is_hidden() {
    let world = World::new().await;
    let topics = world.json("/api/v1/topics?rank=emerging").await;
    let topic = topics["items"][0]["id"].as_str().expect("id").to_owned();
    let quotes = world.json(&format!("/api/v1/topics/{topic}")).await["quotes"].clone();
    let quote = &quotes[0];
    let hidden = quote["conversation"].as_str().expect("id").to_owned();
    publish(
        &world,
        Visibility {
            generation: 3,
            conversations: [hidden.parse().expect("id")].into(),
            ..Visibility::default()
        },
    );
    let text = quote["text"].as_str().expect("text");
    for address in [
        format!("/api/v1/topics/{topic}"),
        format!("/topics/{topic}"),
        format!("/api/v1/topics/{topic}/brief"),
        format!("/topics/{topic}/brief"),
        format!("/topics/{topic}/brief.md"),
        format!("/topics/{topic}?embed=1"),
        format!("/api/v1/elsewhere?topic={topic}"),
        "/search/brief?q=phlebotomy".to_owned(),
        "/search/brief.md?q=phlebotomy".to_owned(),
        "/api/v1/topics?rank=emerging".to_owned(),
        "/".to_owned(),
    ] {
        let answer = world.get(&address).await.text();
        assert!(
            !answer.contains(text) && !answer.contains(&hidden),
            "{address}: {answer}"
        );
    }
    let found = world.json("/api/v1/search?q=phlebotomy").await;
    for hit in found["items"].as_array().expect("hits") {
        let id = hit["id"].as_str().expect("id");
        let path = world
            .get(&format!("/api/v1/paths?from={topic}&to={id}"))
            .await;
        assert!(!path.text().contains(&hidden), "{}", path.text());
    }
    let gone = world
        .get(&format!("/api/v1/paths?from={topic}&to={hidden}"))
        .await;
    assert!(!gone.status.is_success());
}

#[tokio::test]
async fn a_hidden_post_leaves_the_conversation_and_its_excerpt() {
    let world = World::new().await;
    let found = world.json("/api/v1/search?q=starter").await;
    let id = found["items"][0]["id"].as_str().expect("id").to_owned();
    let post = found["items"][0]["highlight"][0]["post"]
        .as_str()
        .expect("post")
        .to_owned();
    publish(
        &world,
        Visibility {
            generation: 2,
            posts: [post.parse().expect("id")].into(),
            ..Visibility::default()
        },
    );
    let found = world.json("/api/v1/search?q=starter").await;
    assert_eq!(found["items"].as_array().map(Vec::len), Some(0));
    assert_eq!(found["total"], 0);
    let answer = world.get(&format!("/api/v1/conversations/{id}")).await;
    assert_eq!(answer.status, StatusCode::NOT_FOUND);
    let answer = world.get(&format!("/api/v1/posts/{post}/consent")).await;
    assert_eq!(answer.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn a_search_is_computed_once_until_what_may_be_shown_changes() {
    let world = World::new().await;
    let state = State::new(world.parts.clone());
    let params = SearchParams::parse("q=phlebotomy").expect("a search");
    let ask = async || {
        let view = state.view().await.expect("a view");
        search(&view, &params).await.expect("an answer")
    };
    let (first, second) = (ask().await, ask().await);
    assert!(!first.items.is_empty() && Arc::ptr_eq(&first, &second));
    publish(
        &world,
        Visibility {
            generation: 1,
            networks: [World::id_of("aire-carers")].into(),
            ..Visibility::default()
        },
    );
    let third = ask().await;
    assert!(third.items.len() < first.items.len() && third.generation == 1);
}

#[tokio::test]
async fn a_conversation_held_in_memory_is_shown_as_it_stands_after_an_edit() {
    let world = World::new().await;
    // Two searches, so that the second takes it from memory.
    for query in ["sourdough", "sourdough+kitchen"] {
        let found = world.get(&format!("/api/v1/search?q={query}")).await.text();
        assert!(found.contains("Feed the starter"), "{found}");
    }
    world
        .bake_again("Throw the sponge away and buy a loaf.")
        .await;
    let found = world.get("/api/v1/search?q=sourdough").await.text();
    assert!(found.contains("Throw the sponge") && !found.contains("Feed the starter"));
}

#[tokio::test]
async fn a_kept_answer_survives_a_commit_that_cannot_touch_it_and_no_other() {
    let world = World::new().await;
    let state = State::new(world.parts.clone());
    let ask = async |query: &str| {
        let params = SearchParams::parse(&format!("q={query}")).expect("a search");
        let view = state.view().await.expect("a view");
        search(&view, &params).await.expect("an answer")
    };
    let queries = [
        "phlebotomy",
        "starter",
        "sponge",
        "phlebotomy starter",
        "-starter",
    ];
    let mut before = Vec::new();
    for query in queries {
        before.push(ask(query).await);
    }
    // What the bakers wrote is found no more by one word and found by another.
    world.bake_again("Throw the sponge away.").await;
    let mut kept = Vec::new();
    for (query, before) in queries.into_iter().zip(&before) {
        let now = ask(query).await;
        let shown = now.items.iter().flat_map(|hit| &hit.highlight);
        assert!(
            shown.into_iter().all(|part| !part.text.contains("starter")),
            "{query}"
        );
        kept.push((query, Arc::ptr_eq(before, &now), now.total));
    }
    let phlebotomy = before[0].total;
    assert_eq!(
        kept,
        [
            ("phlebotomy", true, phlebotomy),
            ("starter", false, 0),
            ("sponge", false, 1),
            // Some of the words were enough, as none had all.
            ("phlebotomy starter", false, phlebotomy),
            ("-starter", false, before[4].total + 1),
        ]
    );
    // The same once more, at a later place: what a change touches is told again each time.
    let again = ask("phlebotomy").await;
    world.bake_again("A bus to the phlebotomy clinic.").await;
    let touched = ask("phlebotomy").await;
    assert!(!Arc::ptr_eq(&again, &touched) && touched.total == phlebotomy + 1);
}

#[tokio::test]
async fn memory_lets_go_of_what_is_hidden_though_nobody_asks() {
    let world = World::new().await;
    let state = State::new(world.parts.clone());
    let view = state.view().await.expect("a view");
    let params = SearchParams::parse("q=phlebotomy").expect("a search");
    search(&view, &params).await.expect("an answer");
    assert!(state.holds_rows());
    state.forget();
    assert!(state.holds_rows(), "nothing is hidden");
    publish(
        &world,
        Visibility {
            generation: view.generation() + 1,
            networks: [World::id_of("aire-carers")].into(),
            ..Visibility::default()
        },
    );
    state.forget();
    assert!(!state.holds_rows());
}
