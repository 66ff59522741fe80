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
        "/compare".to_owned(),
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

#[tokio::test]
async fn a_comparison_counts_small_networks_and_names_words_only_of_many() {
    let world = World::new().await;
    world.crowd(60).await;
    let html = page(&world, "/compare?q=phlebotomy&q2=gardens")
        .await
        .text();
    let row = html
        .split("<tr>")
        .find(|row| row.contains("Kidney &#60;Friends&#62;"))
        .expect("the network is named");
    assert!(
        !row.contains("too few to show") && row.contains("none"),
        "{row}"
    );
    let side = |letter: &str| {
        html.split(&format!("More in {letter} than"))
            .nth(1)
            .and_then(|rest| rest.split("</div>").next())
            .expect("a side")
    };
    assert!(side("A").contains("booking"), "{html}");
    // All of B is one voice.
    assert!(
        side("B").contains("No word is so much more frequent"),
        "{html}"
    );
    assert!(!side("B").contains("number"), "{html}");
}

#[tokio::test]
async fn a_comparison_says_what_to_fill_in_and_which_field_is_wrong() {
    let world = World::new().await;
    let empty = page(&world, "/compare").await;
    assert_eq!(empty.status, StatusCode::OK);
    assert!(empty.text().contains("Fill in a second search"));
    // A form as it is sent with one side filled in.
    let one = "/compare?q=blood&after=&before=&q2=&after2=&before2=";
    let one = page(&world, one).await.text();
    assert!(one.contains("Fill in a second search") && one.contains("value=\"blood\""));
    for (query, field) in [
        ("q=blood&q2=%22open", "q2"),
        ("q=%22open&q2=blood", "q"),
        ("q=blood&after2=2026-11-02&before2=2026-11-01", "before2"),
    ] {
        let wrong = page(&world, &format!("/compare?{query}")).await;
        assert_eq!(wrong.status, StatusCode::BAD_REQUEST, "{query}");
        let html = wrong.text();
        assert!(
            html.contains(&format!("<a href=\"#{field}\">")),
            "{query}: {html}"
        );
        let data = world.get(&format!("/api/v1/compare?{query}")).await;
        assert_eq!(data.json()["parameter"], field, "{query}");
    }
    let nothing = page(&world, "/compare?q=zzzz&q2=yyyy").await.text();
    assert!(nothing.contains("Nothing was found on either side."));
}

#[tokio::test]
async fn a_printed_sheet_holds_addresses_in_full_and_says_what_it_leaves_out() {
    let world = World::new().await;
    world.crowd(150).await;
    let html = page(&world, "/search/print?q=phlebotomy&language=en")
        .await
        .text();
    assert!(
        html.contains(">https://aire-carers.example/t/0</a>"),
        "{html}"
    );
    assert!(html.contains(">https://discover.example/conversations/"));
    assert!(html.contains("https://discover.example/search?q=phlebotomy&#38;language=en"));
    assert!(html.contains("English") && html.contains("22 November 2026"));
    let many = page(&world, "/search/print?q=gardens").await.text();
    assert!(
        many.contains("Printed are 100 of 150 conversations"),
        "{many}"
    );
    assert_eq!(many.matches("<li class=\"hit\">").count(), 100);
}
