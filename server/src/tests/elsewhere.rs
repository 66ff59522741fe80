//! The box for owners' own sites.

use axum::http::StatusCode;
use serde_json::Value;

use super::access::{Who, ask, log_in};
use super::world::World;

const PAGE: &str = "http://aire-carers.example/t/0/";

async fn topic(world: &World) -> String {
    let topics = world.json("/api/v1/topics?rank=emerging").await;
    topics["items"][0]["id"].as_str().expect("id").to_owned()
}

fn networks(elsewhere: &Value) -> Vec<&str> {
    let items = elsewhere["items"].as_array().expect("items").iter();
    items
        .filter_map(|item| item["network"]["slug"].as_str())
        .collect()
}

#[tokio::test]
async fn a_box_shows_one_conversation_a_network_and_never_one_of_the_network_that_asks() {
    let world = World::new().await;
    let id = topic(&world).await;
    let all = world.json(&format!("/api/v1/elsewhere?topic={id}")).await;
    let mut named = networks(&all);
    named.sort_unstable();
    assert_eq!(named, ["aire-carers", "kidney-friends", "rural-buses"]);
    for own in [
        format!("topic={id}&not=aire-carers"),
        format!("url={PAGE}"),
        // Its own page, in the words of another address that leads there.
        format!("url={PAGE}?utm_source=mail"),
    ] {
        let others = world.json(&format!("/api/v1/elsewhere?{own}")).await;
        let mut named = networks(&others);
        named.sort_unstable();
        assert_eq!(named, ["kidney-friends", "rural-buses"], "{own}");
    }
    for wrong in ["", "?topic=x", &format!("?topic={id}&url={PAGE}")] {
        let answer = world.get(&format!("/api/v1/elsewhere{wrong}")).await;
        assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{wrong}");
    }
}

#[tokio::test]
async fn a_box_may_stand_in_frames_of_other_sites_and_nothing_else_may() {
    let world = World::new().await;
    let id = topic(&world).await;
    for path in [
        format!("/topics/{id}?embed=1"),
        format!("/embed?url={PAGE}"),
        // What is not there has a box that says so, in place of a page that no frame shows.
        "/embed?url=http://aire-carers.example/t/none/".to_owned(),
    ] {
        let answer = world.get(&path).await;
        let csp = answer.header("content-security-policy");
        assert!(
            csp.contains("frame-ancestors *") && csp.contains("default-src 'none'"),
            "{csp}"
        );
        assert_eq!(answer.header("x-frame-options"), "", "{path}");
        assert_eq!(answer.header("set-cookie"), "");
        assert_eq!(answer.header("referrer-policy"), "no-referrer");
        let text = answer.text_lossy();
        assert!(text.contains("Also being talked about at"), "{text}");
        assert!(!text.contains("<script") && !text.contains("<form"));
    }
    let part = world.get(&format!("/topics/{id}?embed=part")).await;
    let csp = part.header("content-security-policy").to_owned();
    assert!(csp.contains("frame-ancestors 'none'"), "{csp}");
    let part = part.text();
    assert!(
        part.starts_with("<aside") && part.contains("Kidney &#60;Friends&#62;"),
        "{part}"
    );
    assert_eq!(
        part.matches("<a ").count(),
        part.matches("referrerpolicy=\"no-referrer\"").count()
    );
    for path in [format!("/topics/{id}"), "/".to_owned()] {
        let answer = world.get(&path).await;
        assert_eq!(answer.header("x-frame-options"), "DENY", "{path}");
    }
    let gone = world
        .get("/embed?url=http://aire-carers.example/t/none/")
        .await;
    assert_eq!(gone.status, StatusCode::NOT_FOUND);
    let known = world.get(&format!("/topics/{id}?embed=1")).await;
    assert_eq!(known.header("cache-control"), "no-cache");
    assert!(!known.header("etag").is_empty());
}

#[tokio::test]
async fn programs_that_know_oembed_are_given_the_frame() {
    let world = World::new().await;
    let id = topic(&world).await;
    let page = world.get(&format!("/topics/{id}")).await;
    let link = page.header("link").to_owned();
    assert!(link.contains("application/json+oembed"), "{link}");
    let told = world
        .json(&format!(
            "/oembed?url=https://discover.example/topics/{id}&maxwidth=300"
        ))
        .await;
    assert_eq!(told["type"], "rich");
    assert_eq!(told["version"], "1.0");
    assert_eq!(told["width"], 300);
    let html = told["html"].as_str().expect("markup");
    assert!(
        html.starts_with("<iframe src=\"https://discover.example/topics/"),
        "{html}"
    );
    let by_page = world.json(&format!("/oembed?url={PAGE}")).await;
    let html = by_page["html"].as_str().expect("markup");
    assert!(
        html.contains("/embed?embed=1&#38;url=http%3A%2F%2Faire-carers"),
        "{html}"
    );
    let xml = world.get(&format!("/oembed?format=xml&url={PAGE}")).await;
    assert_eq!(xml.status, StatusCode::NOT_IMPLEMENTED);
    let none = world.get("/oembed?url=https://nowhere.example/").await;
    assert_eq!(none.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn an_owner_copies_the_box_with_the_own_network_left_out() {
    let world = World::new().await;
    let owner = log_in(&world, "aire-carers").await;
    let home = ask(&world, "GET", "/owner", &owner, "").await.text();
    assert!(home.contains("embed=part&#38;not=aire-carers"), "{home}");
    assert!(home.contains("sandbox=&#34;allow-popups"), "{home}");
    let list = home
        .split("&#60;p&#62;Also being talked about at ")
        .nth(1)
        .and_then(|rest| rest.split("</code>").next())
        .expect("a list to copy");
    // Escaped once for the page it is copied into, and once for the page it is copied from.
    assert!(
        list.contains("Kidney &#38;#60;Friends&#38;#62;") && !list.contains("Aire Carers"),
        "{list}"
    );
    let stranger = ask(&world, "GET", "/owner", &Who::Anybody, "").await;
    assert_eq!(stranger.status, StatusCode::SEE_OTHER);
}
