//! A topic has one size: near copies count once, on every page and in the API, and how many they are is said beside it.

use serde_json::Value;

use super::world::World;

/// So few that chance may have it that no two titles name the subject, and the topic is shown.
const COPIES: u64 = 9;

fn list(value: &Value) -> &[Value] {
    value.as_array().map_or(&[], Vec::as_slice)
}

fn number(of: &Value, name: &str) -> u64 {
    of[name].as_u64().unwrap_or_default()
}

/// What a shape of the API counts: all, and near copies once.
fn counted(of: &Value, all: &str) -> (u64, u64) {
    let all = number(of, all);
    (all, all - number(of, "near_copies"))
}

fn of_topic<'a>(rows: &'a Value, id: &str) -> &'a Value {
    let own = |row: &&Value| row["id"] == id || row["value"] == id || row["topic"]["id"] == id;
    list(rows).iter().find(own).expect("the topic's row")
}

#[tokio::test]
async fn a_topic_of_which_one_conversation_was_copied_has_the_same_size_everywhere() {
    let world = World::with_copies(COPIES as usize).await;
    let map = world.json("/api/v1/map?level=1").await;
    let any = world.json("/api/v1/search").await;
    let topics = list(&any["facets"]["topic"]).iter();
    let copied = topics.max_by_key(|row| number(row, "near_copies"));
    let id = copied.expect("a topic")["value"]
        .as_str()
        .expect("id")
        .to_owned();
    let topic = world.json(&format!("/api/v1/topics/{id}")).await;
    let (all, once) = counted(&topic, "conversations");
    assert!(all - once >= COPIES && (1..10).contains(&once), "{topic}");

    let found = world.json(&format!("/api/v1/search?topic={id}")).await;
    assert_eq!(
        counted(&found, "total"),
        (all, once),
        "what a search for it finds"
    );
    let facet = of_topic(&any["facets"]["topic"], &id);
    assert_eq!(counted(facet, "count"), (all, once), "its row among all");
    let graph = world.json("/api/v1/graph").await;
    assert_eq!(
        counted(of_topic(&graph["topics"], &id), "conversations"),
        (all, once)
    );
    assert_eq!(number(of_topic(&map["topics"], &id), "size"), once);
    let brief = world.json(&format!("/api/v1/topics/{id}/brief")).await;
    assert_eq!(number(&brief, "conversations"), all);
    assert_eq!(number(&brief["left_out"], "near_copies"), all - once);
    let package = world.json(&format!("/api/v1/topics/{id}/package")).await;
    let copies = number(&package["left_out"], "near_copies");
    assert_eq!(number(&package, "conversations") - copies, once);
    let days = format!("/api/v1/search?topic={id}&after=2026-11-01&before=2026-12-01");
    assert_eq!(counted(&world.json(&days).await, "total"), (all, once));

    // The parts: each network's, on the page of the topic, of the matrix and of the brief.
    let parts = world.json(&format!("/api/v1/topics/{id}/networks")).await;
    for network in list(&topic["networks"]) {
        let slug = network["slug"].as_str().expect("a slug");
        let of = counted(network, "count");
        let own = |row: &&Value| row["slug"] == slug || row["value"] == slug;
        let row = |rows: &'_ Value| list(rows).iter().find(own).cloned().expect("a row");
        assert_eq!(counted(&row(&parts["items"]), "count"), of, "{slug}");
        assert_eq!(
            counted(&row(&found["facets"]["network"]), "count"),
            of,
            "{slug}"
        );
        assert_eq!(number(&row(&brief["networks"]), "count"), of.1, "{slug}");
    }
    for rank in ["emerging", "enduring", "quiet"] {
        let topics = world.json(&format!("/api/v1/topics?rank={rank}")).await;
        let matrix = world
            .json(&format!("/api/v1/topics/matrix?rank={rank}"))
            .await;
        let own = |row: &&Value| row["id"] == id.as_str() || row["topic"]["id"] == id.as_str();
        if let Some(listed) = list(&topics["items"]).iter().find(own) {
            assert_eq!(counted(listed, "conversations"), (all, once), "{rank}");
            let row = list(&matrix["items"]).iter().find(own).expect("a row");
            let cells = list(&row["cells"]).iter();
            let cells: u64 = cells.map(|cell| counted(cell, "count").1).sum();
            let networks = list(&topic["networks"]).iter();
            assert_eq!(
                cells,
                networks.map(|one| counted(one, "count").1).sum::<u64>()
            );
        }
    }

    // No bar is higher than the topic is large.
    for timeline in [&topic["timeline"], &found["timeline"], &brief["timeline"]] {
        let bars = list(&timeline["buckets"]).iter();
        let highest = bars.map(|bar| counted(bar, "count").1).max();
        assert!(highest > Some(0) && highest <= Some(once), "{timeline}");
    }

    let noun = if once == 1 {
        "conversation"
    } else {
        "conversations"
    };
    let said = format!("{once} {noun}");
    let beside = format!("(and {} nearly the same)", all - once);
    for (page, beside) in [
        (format!("/topics/{id}"), true),
        (format!("/search?topic={id}"), true),
        (format!("/topics/{id}/brief"), false),
        (format!("/topics/{id}/package"), false),
        ("/map?level=1".to_owned(), false),
    ]
    .map(|(page, with)| (page, with.then_some(&beside)))
    {
        let text = world.get(&page).await.text();
        assert!(text.contains(&said), "{page} says {said}: {text}");
        assert!(
            beside.is_none_or(|words| text.contains(words.as_str())),
            "{page}: {text}"
        );
        for other in [all, all - once, once + 1, once - 1] {
            let other = format!(">{other} conversations");
            assert!(!text.contains(&other), "{page} says {other}");
        }
    }
}
