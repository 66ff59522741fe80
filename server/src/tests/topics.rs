//! Who takes part, what changed, warnings, and the graph to take away.

use axum::http::StatusCode;

use super::world::World;

#[tokio::test]
async fn the_matrix_says_who_takes_part_and_who_is_silent() {
    let world = World::new().await;
    let matrix = world.json("/api/v1/topics/matrix?rank=enduring").await;
    let networks = matrix["networks"].as_array().expect("networks");
    assert_eq!(networks.len(), 5, "silent networks have a column too");
    let row = &matrix["items"][0];
    let cells = row["cells"].as_array().expect("cells");
    assert!((3..5).contains(&cells.len()), "{row}");
    for cell in cells {
        assert!(cell["count"].as_u64() >= Some(1), "{cell}");
    }
    let id = row["topic"]["id"].as_str().expect("id");
    let parts = world.json(&format!("/api/v1/topics/{id}/networks")).await;
    let (taking, silent) = (&parts["items"], &parts["silent"]);
    let count = |list: &serde_json::Value| list.as_array().map_or(0, Vec::len);
    assert_eq!(count(taking), cells.len());
    assert_eq!(count(taking) + count(silent), 5);
    for part in taking.as_array().expect("networks") {
        // Only one network has eight voices.
        for field in ["weeks", "first", "last"] {
            let shown = part.get(field).is_some();
            assert_eq!(shown, part["slug"] == "aire-carers", "{field}: {part}");
        }
    }
    let page = world.get("/topics/matrix?rank=enduring").await;
    assert_eq!(page.status, StatusCode::OK);
    assert!(page.text().contains("Kidney &#60;Friends&#62; &#38; Co"));
}

#[tokio::test]
async fn changes_are_those_since_the_day_asked_for() {
    let world = World::new().await;
    let all = world.json("/api/v1/topics/changes?since=2026-01-01").await;
    assert!(all["total"].as_u64() > Some(0), "{all}");
    assert_eq!(all["items"][0]["event"], "born");
    let later = world.json("/api/v1/topics/changes?since=2026-11-23").await;
    assert_eq!(later["total"], 0);
    let first = world
        .json("/api/v1/topics/changes?since=2026-01-01&limit=1")
        .await;
    assert_eq!(first["items"].as_array().map(Vec::len), Some(1));
    let bad = world.get("/api/v1/topics/changes?since=yesterday").await;
    assert_eq!(bad.status, StatusCode::BAD_REQUEST);
}

#[tokio::test]
async fn warnings_are_printed_with_what_they_are_worth() {
    let world = World::new().await;
    let warnings = world.json("/api/v1/topics/warnings").await;
    for field in ["tests", "days", "compared_with", "false_share"] {
        assert!(warnings[field].is_number(), "{field}: {warnings}");
    }
    let page = world.get("/topics/warnings").await.text();
    assert!(page.contains("What a warning is worth"));
    let measured = warnings.get("false_alarms").is_some();
    assert_eq!(measured, page.contains("Measured: "), "{page}");
}

#[tokio::test]
async fn the_graph_to_take_away_holds_what_is_shown_and_is_well_formed() {
    let world = World::new().await;
    let graph = world.json("/api/v1/graph").await;
    let topics = graph["topics"].as_array().expect("topics");
    assert!(!topics.is_empty());
    for topic in topics {
        assert!(topic["conversations"].as_u64() >= Some(1), "{topic}");
        let level = topic["level"].as_u64().expect("level");
        let listed = world.json(&format!("/api/v1/map?level={level}")).await;
        let on_map = listed["topics"].as_array().expect("topics").iter();
        assert!(on_map.into_iter().any(|shown| shown["id"] == topic["id"]));
    }
    let answer = world.get("/api/v1/graph?format=graphml").await;
    assert!(
        answer
            .header("content-type")
            .starts_with("application/graphml+xml")
    );
    let xml = answer.text();
    assert!(xml.contains("Kidney &lt;Friends&gt; &amp; Co"));
    assert_eq!(
        xml.matches("<node ").count(),
        xml.matches("</node>").count()
    );
    assert_eq!(
        xml.matches("<edge ").count(),
        xml.matches("</edge>").count()
    );
    let nodes = topics.len() + graph["networks"].as_array().map_or(0, Vec::len);
    assert_eq!(xml.matches("<node ").count(), nodes);
    let bad = world.get("/api/v1/graph?format=dot").await;
    assert_eq!(bad.status, StatusCode::BAD_REQUEST);
}
