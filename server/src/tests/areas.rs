//! Areas that networks say they serve: filter, facet, counts on topics, groups of the matrix.

use axum::http::StatusCode;

use super::world::World;

#[tokio::test]
async fn an_area_finds_what_is_said_at_the_networks_that_serve_it() {
    let world = World::new().await;
    let all = world.json("/api/v1/search?q=blood").await;
    let of = |page: &serde_json::Value, facet: &str, value: &str| {
        let rows = page["facets"][facet].as_array().expect("rows").clone();
        let row = rows.into_iter().find(|row| row["value"] == value);
        row.and_then(|row| row["count"].as_u64())
            .unwrap_or_default()
    };
    let (aire, kidney) = (
        of(&all, "network", "aire-carers"),
        of(&all, "network", "kidney-friends"),
    );
    assert!(aire > 0 && kidney > 0);
    assert_eq!(of(&all, "area", "council-leeds"), aire + kidney);
    assert_eq!(of(&all, "area", "ward-harehills"), kidney);
    let leeds = world
        .json("/api/v1/search?q=blood&area=council-leeds")
        .await;
    assert_eq!(leeds["total"].as_u64(), Some(aire + kidney));
    let both = "/api/v1/search?q=blood&area=ward-harehills&network=aire-carers";
    assert_eq!(world.json(both).await["total"].as_u64(), Some(0));
    let page = world.get("/search?q=blood&area=council-leeds").await.text();
    assert!(page.contains("Leeds (council)"), "{page}");
    let unknown = world.get("/api/v1/search?q=blood&area=council-york").await;
    assert_eq!(unknown.status, StatusCode::BAD_REQUEST);
    // A feed goes on where an area is gone, and finds nothing.
    let feed = world.get("/search.atom?q=blood&area=council-york").await;
    assert_eq!(feed.status, StatusCode::OK);
}

#[tokio::test]
async fn topics_say_in_how_many_areas_they_are_talked_about() {
    let world = World::new().await;
    let listed = world
        .json("/api/v1/topics?rank=emerging&area=ward-harehills")
        .await;
    let topic = &listed["items"][0];
    assert_eq!(topic["areas"].as_array().map(Vec::len), Some(2), "{listed}");
    assert_eq!(topic["areas_of"].as_u64(), Some(2));
    let id = topic["id"].as_str().expect("id");
    let page = world.get(&format!("/topics/{id}")).await.text();
    assert!(page.contains("in 2 of 2 areas"), "{page}");
    let list = world
        .get("/topics?rank=emerging&area=council-leeds")
        .await
        .text();
    assert!(list.contains("a network of Leeds (council)"), "{list}");
    let matrix = world.json("/api/v1/topics/matrix?rank=emerging").await;
    let serving = &matrix["areas"][0]["networks"];
    assert_eq!(serving.as_array().map(Vec::len), Some(2), "{matrix}");
    let matrix = world.get("/topics/matrix?rank=emerging").await.text();
    for group in [
        "Leeds (council)",
        "Several areas",
        "No one area, or not said",
    ] {
        assert!(matrix.contains(group), "{group} is missing in {matrix}");
    }
}
