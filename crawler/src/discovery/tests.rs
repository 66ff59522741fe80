//! Finding sources, against loopback servers that play a site.

use discover_model::SourceKind;

use super::{Discovery, discover};
use crate::testing::{Answer, Hit, NOW, Reply, Site, fetcher, permit};

const FEED: &str = "<rss version='2.0'><channel><title>The site</title><item><guid>1</guid><title>x</title></item></channel></rss>";

async fn find(play: impl Fn(&Hit) -> Option<Answer> + Send + Sync + 'static) -> (Site, Discovery) {
    let site = Site::start(move |hit| play(hit).unwrap_or_else(Reply::not_found)).await;
    let found = discover(&fetcher(), &site.permit(), &site.root, NOW)
        .await
        .expect("the home page");
    (site, found)
}

fn shape(site: &Site, found: &Discovery) -> Vec<(SourceKind, String, bool)> {
    let root = site.root.as_str();
    found
        .sources
        .iter()
        .map(|found| {
            let path = found.url.as_str().strip_prefix(root).unwrap_or("elsewhere");
            (found.kind, format!("/{path}"), found.side)
        })
        .collect()
}

#[tokio::test]
async fn row_54_and_67_an_address_that_is_a_feed_costs_one_request() {
    let (site, found) = find(|hit| (hit.path == "/").then(|| Reply::feed(FEED, &[]))).await;
    assert_eq!(
        shape(&site, &found),
        [(SourceKind::Feed, "/".into(), false)]
    );
    assert_eq!(found.sources[0].title.as_deref(), Some("The site"));
    assert_eq!(site.asked().len(), 1);
}

#[tokio::test]
async fn row_67_and_68_named_feeds_are_found_and_the_main_one_is_preferred() {
    let (site, found) = find(|hit| match hit.path.as_str() {
        "/" => Some(Reply::with(
            200,
            &[
                ("content-type", "text/html"),
                ("link", "</json>; rel=\"alternate\"; type=\"application/feed+json\", </x>; rel=next"),
            ],
            "<head><title>Home</title><link rel='alternate' type='application/rss+xml' title='Comments' href='/comments/feed'>\
             <link rel=alternate type=application/rss+xml href=/main.rss>\
             <link rel=alternate type=application/rss+xml href=/soft404>\
             <link rel=alternate type=text/html hreflang=cy href=/cy></head><a href='/events.ics'>Calendar</a>",
        )),
        "/json" => Some(Reply::json(r#"{"version":"https://jsonfeed.org/version/1.1","title":"J","items":[{"id":"1"}]}"#)),
        "/main.rss" | "/comments/feed" => Some(Reply::feed(FEED, &[])),
        "/events.ics" => Some(Reply::with(200, &[], "BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n")),
        _ => Some(Reply::html("<html><body>This page was not found")),
    })
    .await;
    assert_eq!(
        shape(&site, &found),
        [
            (SourceKind::Feed, "/json".into(), false),
            (SourceKind::Feed, "/main.rss".into(), false),
            (SourceKind::Ical, "/events.ics".into(), false),
            (SourceKind::Feed, "/comments/feed".into(), true),
        ]
    );
    assert_eq!(found.best().map(|found| found.url.path()), Some("/json"));
}

/// Headers and markup of a home page; the platform's name, kind and root.
type Case = (
    &'static [(&'static str, &'static str)],
    &'static str,
    &'static str,
    SourceKind,
    &'static str,
);

#[tokio::test]
async fn platforms_give_themselves_away() {
    let cases: [Case; 6] = [
        (
            &[("link", "</blog/wp-json/>; rel=\"https://api.w.org/\"")],
            "",
            "WordPress",
            SourceKind::Wordpress,
            "/blog/",
        ),
        (
            &[("x-discourse-route", "list/latest")],
            "",
            "Discourse",
            SourceKind::Discourse,
            "/",
        ),
        (
            &[],
            "<meta name=generator content='Discourse 3.4'>",
            "Discourse",
            SourceKind::Discourse,
            "/",
        ),
        (
            &[("x-powered-by", "NodeBB")],
            "",
            "NodeBB",
            SourceKind::Nodebb,
            "/",
        ),
        (
            &[],
            "<div id=flarum-loading>",
            "Flarum",
            SourceKind::Flarum,
            "/",
        ),
        (
            &[],
            "<title>town</title><b>public inbox for town</b>",
            "public-inbox",
            SourceKind::PublicInbox,
            "/",
        ),
    ];
    for (headers, html, name, kind, path) in cases {
        let headers: Vec<(&'static str, String)> = headers
            .iter()
            .map(|(name, value)| (*name, (*value).to_owned()))
            .collect();
        let html = html.to_owned();
        let (site, found) = find(move |hit| {
            let headers: Vec<(&'static str, &str)> = headers
                .iter()
                .map(|(name, value)| (*name, value.as_str()))
                .collect();
            (hit.path == "/").then(|| Reply::with(200, &headers, html.clone()))
        })
        .await;
        assert_eq!(found.platform.as_deref(), Some(name));
        assert_eq!(shape(&site, &found), [(kind, path.into(), false)], "{name}");
        assert_eq!(
            site.asked().len(),
            1,
            "{name}: no further request is needed"
        );
    }
}

#[tokio::test]
async fn a_platform_without_connector_is_read_by_its_feed() {
    let (site, found) = find(|hit| match hit.path.as_str() {
        "/" => Some(Reply::html("<body id=phpbb>")),
        "/feed.php" => Some(Reply::feed(FEED, &[])),
        _ => None,
    })
    .await;
    assert_eq!(found.platform.as_deref(), Some("phpBB"));
    assert_eq!(
        shape(&site, &found),
        [(SourceKind::Feed, "/feed.php".into(), false)]
    );
}

#[tokio::test]
async fn servers_that_name_themselves_in_well_known_places_are_asked() {
    let (site, found) = find(|hit| match hit.path.as_str() {
        "/" => Some(Reply::html("<p>app")),
        "/.well-known/nodeinfo" => Some(Reply::json(
            r#"{"links":[{"rel":"http://nodeinfo.diaspora.software/ns/schema/2.1","href":"/nodeinfo/2.1"}]}"#,
        )),
        "/nodeinfo/2.1" => Some(Reply::json(r#"{"software":{"name":"lemmy"}}"#)),
        _ => None,
    })
    .await;
    assert_eq!(
        shape(&site, &found),
        [(SourceKind::Lemmy, "/".into(), false)]
    );
    let (site, found) = find(|hit| match hit.path.as_str() {
        "/" => Some(Reply::with(
            200,
            &[("content-type", "text/plain")],
            "This is an AT Protocol Personal Data Server",
        )),
        "/xrpc/com.atproto.server.describeServer" => Some(Reply::json(r#"{"did":"did:web:x"}"#)),
        _ => None,
    })
    .await;
    assert_eq!(
        shape(&site, &found),
        [(SourceKind::Atproto, "/".into(), false)]
    );
    assert!(found.notes.iter().any(|note| note.contains("accounts")));
    let (_, found) = find(|hit| match hit.path.as_str() {
        "/" => Some(Reply::html("<p>app")),
        "/.well-known/nodeinfo" => Some(Reply::json(
            r#"{"links":[{"rel":"x/nodeinfo/2.0","href":"/n"}]}"#,
        )),
        "/n" => Some(Reply::json(r#"{"software":{"name":"mastodon"}}"#)),
        _ => None,
    })
    .await;
    assert!(
        found.sources.is_empty(),
        "a server cannot consent for the people on it"
    );
}

#[tokio::test]
async fn usual_addresses_are_tried_last_and_a_page_that_answers_everything_fools_nobody() {
    let (site, found) = find(|hit| match hit.path.as_str() {
        "/" => Some(Reply::html("<p>Hello")),
        "/atom.xml" => Some(Reply::feed(FEED, &[])),
        path if path.starts_with("/.well-known") || path.starts_with("/xrpc") => None,
        _ => Some(Reply::html("<html><body>Oops, not found")),
    })
    .await;
    assert_eq!(
        shape(&site, &found),
        [(SourceKind::Feed, "/atom.xml".into(), false)]
    );
    let (site, found) =
        find(|hit| (hit.path != "/robots.txt").then(|| Reply::html("<html><body>Oops, not found")))
            .await;
    assert!(found.sources.is_empty());
    assert!(found.notes.iter().any(|note| note.contains("selectors")));
    assert!(site.asked().len() <= 16, "{:?}", site.paths());
}

#[tokio::test]
async fn marked_up_pages_and_fossil_are_read_as_pages() {
    let (site, found) = find(|hit| {
        (hit.path == "/").then(|| {
            Reply::html(
                "<div class=h-entry><a class=u-url href='/a'></a><p class=e-content>x</p></div>",
            )
        })
    })
    .await;
    assert_eq!(
        shape(&site, &found),
        [(SourceKind::Html, "/".into(), false)]
    );
    let (site, found) = find(|hit| {
        (hit.path == "/").then(|| {
            Reply::html(
                "<link rel=alternate type=application/rss+xml href=/timeline.rss>\
                         <div class=footer>This page was generated in about 0.003s by Fossil 2.21",
            )
        })
    })
    .await;
    assert_eq!(
        shape(&site, &found),
        [(SourceKind::Html, "/".into(), false)]
    );
    assert!(
        found.sources[0]
            .settings
            .as_deref()
            .is_some_and(|text| text.contains("fossil"))
    );
}

#[tokio::test]
async fn links_that_say_they_lead_to_a_feed_are_followed() {
    let (site, found) = find(|hit| match hit.path.as_str() {
        "/" => Some(Reply::html(
            "<a href='/about/rss'>What is RSS?</a><a href='/export?format=2'><b>Atom</b> feed</a>\
             <a href='/posts' title='RSS of all posts'>All</a><a href='/hot'>Atomic news</a>\
             <a href='https://elsewhere.example/x'>RSS</a>",
        )),
        "/export" | "/posts" => Some(Reply::feed(FEED, &[])),
        "/about/rss" => Some(Reply::html("<html><body>RSS is")),
        _ => None,
    })
    .await;
    assert_eq!(
        shape(&site, &found),
        [
            (SourceKind::Feed, "/export?format=2".into(), false),
            (SourceKind::Feed, "/posts".into(), false),
        ]
    );
    assert!(!site.paths().iter().any(|path| path == "/hot"));
}

#[tokio::test]
async fn nothing_outside_the_consent_is_asked_for() {
    let site = Site::start(|hit| match hit.path.as_str() {
        "/blog/" => Reply::html("<link rel=alternate type=application/rss+xml href=/feed><link rel=alternate type=application/rss+xml href=/blog/feed>"),
        "/robots.txt" => Reply::not_found(),
        _ => Reply::feed(FEED, &[]),
    })
    .await;
    let scope = permit(&site.root, &["/blog/"]);
    let found = discover(&fetcher(), &scope, &site.url("/blog/"), NOW)
        .await
        .expect("the home page");
    assert_eq!(
        shape(&site, &found),
        [(SourceKind::Feed, "/blog/feed".into(), false)]
    );
    assert!(
        found
            .notes
            .iter()
            .any(|note| note.contains("outside the scope"))
    );
    assert!(
        site.asked()
            .iter()
            .all(|hit| hit.path.starts_with("/blog/"))
    );
    let outside = discover(&fetcher(), &scope, &site.url("/"), NOW).await;
    assert!(outside.is_err());
}
