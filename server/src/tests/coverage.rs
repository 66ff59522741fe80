//! What was not read is said wherever numbers over time are shown, and what is hidden is not named there.

use discover_model::Visibility;
use discover_store::{Commit, Finished};
use jiff::SignedDuration;
use serde_json::json;

use super::withdrawal::publish;
use super::world::{NOW, World};

async fn visit(world: &World, slug: &str, days_ago: i64, ok: bool) {
    let store = &world.parts.store;
    let sources = store.sources(Some(World::id_of(slug))).await;
    let sources = sources.expect("sources");
    let at = NOW - SignedDuration::from_hours(24 * days_ago);
    let mut commit = Commit::new(&sources[0]);
    commit.finish = Some(Finished {
        next_due: NOW + SignedDuration::from_hours(1),
        health_json: "{}".to_owned(),
        fetched_at: at,
        ok,
    });
    store.commit(commit, at).await.expect("commit");
}

#[tokio::test]
async fn every_chart_says_in_words_and_data_what_was_not_read_and_never_of_a_hidden_network() {
    let world = World::new().await;
    // Today is 22 November, when all are read.
    visit(&world, "kidney-friends", 21, true).await;
    for days_ago in [20, 17, 14] {
        visit(&world, "kidney-friends", days_ago, false).await;
    }
    visit(&world, "kidney-friends", 13, true).await;
    visit(&world, "kidney-friends", 6, true).await;
    visit(&world, "rural-buses", 17, true).await;
    for days_ago in 1..=30 {
        visit(&world, "aire-carers", days_ago, true).await;
    }

    let query = "q=phlebotomy&after=2026-10-25";
    let found = world.json(&format!("/api/v1/search?{query}")).await;
    let notes = found["timeline"]["notes"].as_array().expect("notes");
    let said = [
        json!({"reason": "unreachable", "from": "2026-11-02", "to": "2026-11-08", "networks": ["kidney-friends"]}),
        json!({"reason": "stale", "from": "2026-11-06", "to": "2026-11-21", "networks": ["rural-buses"]}),
        json!({"reason": "joined", "from": "2026-11-05", "to": "2026-11-05", "networks": ["rural-buses"]}),
        json!({"reason": "joined", "from": "2026-11-22", "to": "2026-11-22",
            "networks": ["bakers", "urdu-radio"]}),
    ];
    for note in said {
        assert!(notes.contains(&note), "{note} in {notes:?}");
    }
    assert!(
        !found["timeline"].to_string().contains("aire-carers"),
        "it was read day after day: {notes:?}"
    );
    let buckets = found["timeline"]["buckets"].as_array().expect("buckets");
    let gap = json!({"network": "rural-buses", "reason": "stale"});
    assert!(
        buckets.iter().all(|bucket| bucket["gaps"]
            .as_array()
            .is_some_and(|gaps| gaps.contains(&gap))),
        "{buckets:?}"
    );

    let topics = world.json("/api/v1/topics?rank=emerging").await;
    let topic = format!("/topics/{}", topics["items"][0]["id"].as_str().expect("id"));
    let compare = format!("/compare?{query}&q2=blood");
    let pages = [
        format!("/search?{query}"),
        format!("/search/print?{query}"),
        compare,
    ];
    for address in &pages {
        let html = world.get(address).await.text();
        for said in [
            "From 2 to 8 November 2026 Kidney &#60;Friends&#62; &#38; Co could not be reached.",
            "From 6 to 21 November 2026 we did not look at Rural Buses.",
            "Rural Buses on 5 November 2026",
        ] {
            assert!(html.contains(said), "{address}: {said}: {html}");
        }
        assert!(
            html.contains("url(#") && html.contains("class=\"join\""),
            "{address}"
        );
    }
    // Its first week began on 9 November.
    let html = world.get(&topic).await.text();
    assert!(
        html.contains("From 9 to 21 November 2026 we did not look at Rural Buses."),
        "{html}"
    );

    publish(
        &world,
        Visibility {
            generation: 1,
            networks: [World::id_of("kidney-friends"), World::id_of("rural-buses")].into(),
            ..Visibility::default()
        },
    );
    for address in pages.iter().chain([&topic]) {
        let html = world.get(address).await.text();
        for name in ["Kidney", "kidney-friends", "Rural Buses", "rural-buses"] {
            assert!(!html.contains(name), "{address}: {name}");
        }
    }
}
