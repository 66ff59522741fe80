//! The pages over the small world: every link on every page leads somewhere, and refusals are pages too.

use std::collections::{BTreeSet, VecDeque};

use axum::body::Body;
use axum::http::{Request, StatusCode};

use super::world::{Answer, World};

async fn page(world: &World, address: &str) -> Answer {
    let request = Request::get(address)
        .header("accept", "text/html,application/xhtml+xml;q=0.9,*/*;q=0.8")
        .body(Body::empty())
        .expect("request");
    world.send(request).await
}

/// Addresses of this site that a page links to or loads.
fn links(html: &str) -> Vec<String> {
    html.split(" href=\"")
        .skip(1)
        .filter_map(|rest| rest.split('"').next())
        .map(|href| href.replace("&#38;", "&").replace("&#39;", "'"))
        .filter(|href| href.starts_with('/'))
        .filter_map(|href| href.split('#').next().map(str::to_owned))
        .collect()
}

#[tokio::test]
async fn every_link_on_every_page_leads_somewhere() {
    let world = World::new().await;
    let mut known: BTreeSet<String> = BTreeSet::new();
    let mut open: VecDeque<String> = VecDeque::from([
        "/".to_owned(),
        "/search?q=phlebotomy".to_owned(),
        "/search?q=nothingatallhere&language=cy".to_owned(),
        "/map?level=0".to_owned(),
    ]);
    known.extend(open.iter().cloned());
    let mut pages = 0;
    while let Some(address) = open.pop_front() {
        let answer = page(&world, &address).await;
        if answer.status.is_redirection() {
            continue;
        }
        assert_eq!(
            answer.status,
            StatusCode::OK,
            "{address}: {}",
            answer.text()
        );
        let html = answer.header("content-type").starts_with("text/html");
        if !html {
            continue;
        }
        pages += 1;
        for link in links(&answer.text()) {
            if known.len() < 400 && known.insert(link.clone()) {
                open.push_back(link);
            }
        }
    }
    assert!(pages > 40, "{pages} pages only: {known:?}");
    for prefix in [
        "/topics/",
        "/conversations/",
        "/networks/",
        "/assets/",
        "/search.atom",
        "/problems/",
    ] {
        assert!(
            known.iter().any(|link| link.starts_with(prefix)),
            "no page links to {prefix}"
        );
    }
}

#[tokio::test]
async fn errors_are_pages_for_readers_and_json_for_programs() {
    let world = World::new().await;
    let missing = page(&world, "/conversations/aaaaaaaaaaaaaaaaaaaaaaaaae").await;
    assert_eq!(missing.status, StatusCode::NOT_FOUND);
    assert!(missing.text().contains("Page not found"));
    assert_eq!(missing.header("content-type"), "text/html; charset=utf-8");
    let plain = world.get("/conversations/aaaaaaaaaaaaaaaaaaaaaaaaae").await;
    assert_eq!(plain.header("content-type"), "application/problem+json");

    let unread = page(&world, "/search?q=dentist+%22new+patients").await;
    assert_eq!(unread.status, StatusCode::BAD_REQUEST);
    let html = unread.text();
    assert!(
        html.contains("The search cannot be read") && html.contains("<mark>&#34;</mark>"),
        "{html}"
    );
    assert!(html.contains("value=\"dentist &#34;new patients\""));
}

#[tokio::test]
async fn a_page_is_asked_about_again_and_an_asset_is_kept_for_ever() {
    let world = World::new().await;
    let home = page(&world, "/").await;
    assert_eq!(home.header("cache-control"), "no-cache");
    let tag = home.header("etag").to_owned();
    let again = Request::get("/")
        .header("accept", "text/html")
        .header("if-none-match", &tag)
        .body(Body::empty())
        .expect("request");
    assert_eq!(world.send(again).await.status, StatusCode::NOT_MODIFIED);
    let sheet = links(&home.text())
        .into_iter()
        .find(|link| link.ends_with("/discover.css"))
        .expect("a style sheet");
    let sheet = world.get(&sheet).await;
    assert!(sheet.header("cache-control").contains("immutable"));
    assert_eq!(sheet.header("content-type"), "text/css; charset=utf-8");
}
