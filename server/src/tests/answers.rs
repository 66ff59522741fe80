//! What happened about a topic: who may write it, where it is shown, and what a withdrawal leaves of it.

use axum::http::StatusCode;
use discover_model::Visibility;
use discover_store::KeyScope;
use serde_json::{Value, json};

use super::access::{Who, ask, key_for};
use super::withdrawal::publish;
use super::world::World;

const HOLDER: &str = "County Insight Team";

async fn topic(world: &World) -> String {
    let topics = world.json("/api/v1/topics?rank=emerging").await;
    topics["items"][0]["id"].as_str().expect("id").to_owned()
}

async fn write(world: &World, id: &str, who: &Who, entry: &Value) -> (StatusCode, Value) {
    let path = format!("/api/v1/topics/{id}/answers");
    let answer = ask(world, "POST", &path, who, &entry.to_string()).await;
    (answer.status, answer.json())
}

#[tokio::test]
async fn only_a_key_for_answers_writes_them_and_in_its_holders_name() {
    let world = World::new().await;
    let id = topic(&world).await;
    let body = key_for(&world, &[KeyScope::Answer], 60).await;
    let other = key_for(&world, &[KeyScope::Follow, KeyScope::Export], 60).await;
    let heard = json!({"stage": "heard", "text": "We have read this.", "due": "2026-12-19"});
    let (status, _) = write(&world, &id, &Who::Anybody, &heard).await;
    assert_eq!(status, StatusCode::UNAUTHORIZED);
    let (status, _) = write(&world, &id, &other, &heard).await;
    assert_eq!(status, StatusCode::FORBIDDEN);
    let (status, _) = write(&world, &"a".repeat(26), &body, &heard).await;
    assert_eq!(status, StatusCode::NOT_FOUND);
    let claimed = json!({"stage": "heard", "text": "x", "by": "The Ministry"});
    let (status, _) = write(&world, &id, &body, &claimed).await;
    assert_eq!(status, StatusCode::BAD_REQUEST, "nobody says who they are");
    let none = world.json(&format!("/api/v1/topics/{id}/answers")).await;
    assert_eq!(none["items"].as_array().map(Vec::len), Some(0));

    let (status, entry) = write(&world, &id, &body, &heard).await;
    assert_eq!(status, StatusCode::CREATED, "{entry}");
    assert_eq!((&entry["by"], &entry["seq"]), (&json!(HOLDER), &json!(1)));
    assert!(
        entry["cited"].as_u64().is_some_and(|cited| cited > 0),
        "{entry}"
    );
    let details = json!({"stage": "answered", "text": "Ring 0113 496 0000, ask jo@board.example or https://wa.me/447700900123.", "url": "https://board.example/a"});
    let (_, answered) = write(&world, &id, &body, &details).await;
    let text = answered["text"].as_str().expect("a text");
    for detail in ["496", "jo@", "wa.me"] {
        assert!(!text.contains(detail), "{text}");
    }
    for address in [
        "https://wa.me/447700900123",
        "https://board.example/a?email=jo%40board.example",
        "https://jo:pw@board.example/a",
    ] {
        let told = json!({"stage": "answered", "text": "See there.", "url": address});
        let (status, _) = write(&world, &id, &body, &told).await;
        assert_eq!(status, StatusCode::BAD_REQUEST, "{address}");
    }
    let correction =
        json!({"stage": "answered", "text": "The line is open from 8.", "corrects": 2});
    let (status, _) = write(&world, &id, &body, &correction).await;
    assert_eq!(status, StatusCode::CREATED);
    let all = world.json(&format!("/api/v1/topics/{id}/answers")).await;
    assert_eq!(all["items"][1]["corrected_by"], 3);
    assert_eq!(all["due"], json!([]), "it was answered");
    let ledger = world.json("/api/v1/ledger?limit=100").await;
    let entries = ledger["items"].as_array().expect("entries").iter();
    let answers: Vec<&Value> = entries.filter(|entry| entry["event"] == "answer").collect();
    assert_eq!(answers.len(), 3);
    assert_eq!(answers[0]["text_sha256"], all["items"][0]["hash"]);
    assert!(!ledger.to_string().contains(HOLDER), "hashes alone");

    for page in [
        format!("/topics/{id}/answers"),
        format!("/topics/{id}"),
        format!("/topics/{id}/brief"),
        format!("/topics/{id}/brief.md"),
        format!("/topics/{id}?embed=1"),
        "/networks/aire-carers".to_owned(),
        format!("/api/v1/elsewhere?topic={id}"),
    ] {
        let text = world.get(&page).await.text();
        assert!(text.contains(HOLDER), "{page}: {text}");
    }
    let bakers = world.get("/networks/bakers").await.text();
    assert!(!bakers.contains(HOLDER), "they raised nothing of it");
}

#[tokio::test]
async fn a_withdrawal_takes_conversations_out_of_the_list_at_once_and_leaves_the_answer() {
    let world = World::new().await;
    let id = topic(&world).await;
    let body = key_for(&world, &[KeyScope::Answer], 60).await;
    let heard = json!({"stage": "heard", "text": "We have read this.", "due": "2026-11-22"});
    let (_, entry) = write(&world, &id, &body, &heard).await;
    assert!(entry["conversations_salt"].is_string());
    let path = format!("/api/v1/topics/{id}/answers");
    let before = world.json(&path).await["items"][0].clone();
    publish(
        &world,
        Visibility {
            generation: 1,
            networks: [World::id_of("aire-carers")].into(),
            ..Visibility::default()
        },
    );
    let after = world.json(&path).await["items"][0].clone();
    let count = |entry: &Value| entry["conversations"].as_array().map_or(0, Vec::len);
    assert!(count(&after) < count(&before), "{after}");
    assert_eq!(after["cited"], before["cited"]);
    assert!(
        after.get("conversations_salt").is_none(),
        "nothing can be tried out"
    );
    let page = world.get(&format!("/topics/{id}/answers")).await.text();
    assert!(page.contains("not shown any more"), "{page}");

    // Nothing of the topic may be shown: what was said about it stays, without its name.
    publish(
        &world,
        Visibility {
            generation: 2,
            networks: ["aire-carers", "kidney-friends", "rural-buses"]
                .map(World::id_of)
                .into(),
            ..Visibility::default()
        },
    );
    assert_eq!(
        world.get(&format!("/topics/{id}")).await.status,
        StatusCode::NOT_FOUND
    );
    let page = world.get(&format!("/topics/{id}/answers")).await;
    assert_eq!(page.status, StatusCode::OK);
    let page = page.text();
    assert!(page.contains("We have read this.") && page.contains("no longer shown"));
    assert!(!page.to_lowercase().contains("phlebotomy"), "{page}");
}
