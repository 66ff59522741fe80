//! What an instance's settings say of its looks, in pages, feeds and what browsers keep.

use axum::body::Body;
use axum::http::{Request, StatusCode};

use super::world::{Answer, World};
use crate::brand::{Brand, Logo, Palette};
use crate::{Locales, metrics_site};

const LOGO: &str = "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 120 40\"><path d=\"M0 0h120v40z\"/></svg>";

async fn branded() -> World {
    World::with(|config| {
        "Ashmere Listens".clone_into(&mut config.instance_name);
        config.brand = Brand {
            tag_line: Some("What <Ashmere> talks about".to_owned()),
            palette: Some(
                Palette::new("#1d4f91".parse().expect("a colour"), None).expect("readable"),
            ),
            logo: Some(Logo::new(LOGO.as_bytes()).expect("a logo")),
        };
        config.languages = Locales::new(&["cy", "en"]).expect("languages");
        config.metrics_apart = true;
    })
    .await
}

async fn asked(world: &World, address: &str, language: &str) -> Answer {
    let request = Request::get(address).header("accept-language", language);
    let request = request.header("accept", "text/html");
    world
        .send(request.body(Body::empty()).expect("a request"))
        .await
}

/// The first address in `text` behind `before`.
fn address<'a>(text: &'a str, before: &str) -> &'a str {
    let (_, rest) = text
        .split_once(before)
        .unwrap_or_else(|| panic!("no {before} in {text}"));
    rest.split(['"', '<']).next().unwrap_or_default()
}

#[tokio::test]
async fn colours_logo_and_tag_line_are_in_pages_boxes_and_feeds_and_come_from_here() {
    let world = branded().await;
    let html = asked(&world, "/about", "en").await.text();
    assert!(
        html.contains("What &#60;Ashmere&#62; talks about"),
        "{html}"
    );
    let sheets: Vec<&str> = html.split("rel=\"stylesheet\" href=\"").skip(1).collect();
    assert_eq!(sheets.len(), 3, "the instance's own comes last");
    let own = sheets[2].split('"').next().expect("an address");
    let css = world.get(own).await;
    assert_eq!(css.header("content-type"), "text/css; charset=utf-8");
    assert!(css.header("cache-control").contains("immutable"));
    assert!(css.text().contains("--accent:#1d4f91"), "{}", css.text());

    let logo = address(&html, "<img src=\"");
    let picture = world.get(logo).await;
    assert_eq!(
        (picture.status, picture.text()),
        (StatusCode::OK, LOGO.to_owned())
    );
    assert_eq!(picture.header("content-type"), "image/svg+xml");
    assert_eq!(
        address(&html, "<link rel=\"icon\" type=\"image/svg+xml\" href=\""),
        logo
    );
    assert_eq!(world.get("/favicon.ico").await.header("location"), logo);

    let feed = world.get("/networks/aire-carers/atom").await.text();
    assert!(
        feed.contains("<subtitle>What &lt;Ashmere&gt; talks about</subtitle>"),
        "{feed}"
    );
    assert_eq!(
        address(&feed, "<logo>"),
        format!("https://discover.example{logo}")
    );
    let feed = world.json("/networks/aire-carers/json").await;
    assert_eq!(feed["description"], "What <Ashmere> talks about");
    assert_eq!(feed["icon"], format!("https://discover.example{logo}"));
    let about = world.json("/api/v1/about").await;
    assert_eq!(about["tag_line"], "What <Ashmere> talks about");
    let browser = world.get("/opensearch.xml").await.text();
    assert!(
        browser.contains("What &lt;Ashmere&gt;") && browser.contains(logo),
        "{browser}"
    );

    let plain = World::new().await;
    let html = asked(&plain, "/about", "en").await.text();
    assert!(!html.contains("brand.css") && !html.contains("tag-line") && !html.contains("<img"));
}

#[tokio::test]
async fn pages_come_in_the_languages_that_are_offered_and_in_the_first_where_none_is_asked_for() {
    let world = branded().await;
    for (language, expected) in [("fr", "cy"), ("ur, en", "en-GB"), ("", "cy"), ("cy", "cy")] {
        let html = asked(&world, "/", language).await.text();
        let begins = format!("<html lang=\"{expected}\"");
        assert!(
            html.contains(&begins),
            "{language}: {}",
            &html[..200.min(html.len())]
        );
        let other = if expected == "cy" { "/en/" } else { "/cy/" };
        assert!(
            html.contains(&format!("href=\"{other}\"")) && !html.contains("/ur/"),
            "{html}"
        );
    }
    assert_eq!(
        asked(&world, "/cy/about", "en").await.status,
        StatusCode::OK
    );
    assert_eq!(
        asked(&world, "/ur/about", "en").await.status,
        StatusCode::NOT_FOUND
    );
}

#[tokio::test]
async fn figures_with_an_address_of_their_own_are_not_at_the_public_one() {
    use tower::ServiceExt as _;

    let world = branded().await;
    assert_eq!(world.get("/metrics").await.status, StatusCode::NOT_FOUND);
    assert_eq!(world.get("/readyz").await.status, StatusCode::OK);
    let apart = metrics_site(crate::State::new(world.parts.clone()));
    for (path, expected) in [
        ("/metrics", StatusCode::OK),
        ("/", StatusCode::NOT_FOUND),
        ("/readyz", StatusCode::NOT_FOUND),
    ] {
        let request = Request::get(path).body(Body::empty()).expect("a request");
        let answer = apart.clone().oneshot(request).await.expect("an answer");
        assert_eq!(answer.status(), expected, "{path}");
    }
}
