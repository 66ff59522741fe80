//! T11: what a network links to, or claims to be, changes nothing of the network it belongs to.

use std::fmt::Write;

use crate::support::binary::Serving;
use crate::support::networks::World;

const ITEMS: usize = 3;

/// A feed whose items carry these guids and links.
fn feed(items: &[(String, String, &str)]) -> String {
    let mut body = String::from("<rss version=\"2.0\"><channel><title>A feed</title>");
    for (n, (guid, link, text)) in items.iter().enumerate() {
        let day = n + 1;
        write!(
            body,
            "<item><title>{text} {day}</title><guid isPermaLink=\"false\">{guid}</guid><link>{link}</link>\
             <description>The {text} of day {day}, said at some length.</description>\
             <pubDate>Mon, {day:02} Jun 2026 09:00:00 GMT</pubDate></item>"
        )
        .expect("writing to a string");
    }
    body + "</channel></rss>"
}

/// Results of a search, as network, address and what it is said to link to.
fn found(serving: &Serving, word: &str) -> Vec<(String, String, Option<String>)> {
    let page = serving.json(&format!("/api/v1/search?q={word}&limit=100"));
    let text = |value: &serde_json::Value| value.as_str().map(str::to_owned);
    let mut rows: Vec<_> = page["items"]
        .as_array()
        .expect("items")
        .iter()
        .map(|item| {
            (
                text(&item["network"]["slug"]).expect("a slug"),
                text(&item["url"]).expect("an address"),
                text(&item["links_to"]),
            )
        })
        .collect();
    rows.sort();
    rows
}

#[test]
fn a_network_that_takes_anothers_guids_and_links_changes_nothing_there_and_its_links_are_named_as_such()
 {
    let mut world = World::new();
    let home = world.sites.origin(0);
    let copier = world.sites.origin(1);
    let at_home = |n: usize| format!("{home}/thread/{n}");
    let own: Vec<_> = (0..ITEMS)
        .map(|n| (format!("guid-{n}"), at_home(n), "zanzibarquux opinions"))
        .collect();
    // The same guids with the same links, the same links with other guids, the same guids with links of its own.
    let taken: Vec<_> = (0..ITEMS)
        .flat_map(|n| {
            [
                (format!("guid-{n}"), at_home(n), "quokkaish opinions"),
                (format!("other-{n}"), at_home(n), "quokkaish opinions again"),
            ]
        })
        .chain([(
            "guid-0 ".to_owned(),
            format!("{copier}/post/1"),
            "quokkaish thoughts of its own",
        )])
        .collect();
    for (number, slug, body) in [(0, "home", feed(&own)), (1, "copier", feed(&taken))] {
        world
            .sites
            .put(number, "/feed", "application/rss+xml", body);
        world.declare(number, slug, slug, "feed", "/feed");
    }
    // Each item's page is looked at before the item is shown.
    for (number, path) in [
        (0, "/thread/0"),
        (0, "/thread/1"),
        (0, "/thread/2"),
        (1, "/post/1"),
    ] {
        let page = "<!doctype html><title>A page</title><p>Said at some length.";
        world
            .sites
            .put(number, path, "text/html; charset=utf-8", page);
    }
    world.consent(0, "home");
    let crawled = world.crawl();
    assert_eq!(crawled["stored"], ITEMS, "{crawled}");
    let quiet = || Serving::start(&world.data(), &["--allow-loopback", "serve", "--no-crawl"]);
    let before = found(&quiet(), "zanzibarquux");
    assert_eq!(
        before,
        (0..ITEMS)
            .map(|n| ("home".to_owned(), at_home(n), None))
            .collect::<Vec<_>>()
    );

    world.consent(1, "copier");
    for _ in 0..2 {
        world.crawl();
    }
    let serving = quiet();
    assert_eq!(found(&serving, "zanzibarquux"), before);
    let rows = found(&serving, "quokkaish");
    assert!(
        rows.iter().any(|(_, url, _)| url.starts_with(&home)),
        "{rows:?}"
    );
    let host = home.trim_start_matches("http://").to_owned();
    for (network, url, links_to) in &rows {
        assert_eq!(network, "copier");
        let foreign = url.starts_with(&home).then(|| host.clone());
        assert_eq!(*links_to, foreign, "{url}");
    }
    // And so it stands on the page: nobody is told to reply there to what this network never wrote.
    let page = serving.json("/api/v1/search?q=quokkaish&limit=100");
    for item in page["items"].as_array().expect("items") {
        let id = item["id"].as_str().expect("an id");
        let page = serving.get(&format!("/conversations/{id}")).1;
        let is_foreign = item["links_to"].is_string();
        assert_eq!(
            page.contains(&format!("links to {host}")),
            is_foreign,
            "{page}"
        );
        assert_eq!(page.contains("Read and reply at"), !is_foreign, "{page}");
    }
    feeds_and_files_name_it(&serving, &home, rows.len());
}

/// The same of what is followed and taken away: `all` rows, those at `home` as what the copier links to.
fn feeds_and_files_name_it(serving: &Serving, home: &str, all: usize) {
    let host = home.trim_start_matches("http://");
    let words = format!("copier links to {host}");
    for path in ["/search.atom?q=quokkaish", "/networks/copier/atom"] {
        let feed = serving.get(path).1;
        let entries: Vec<&str> = feed.split("<entry").skip(1).collect();
        assert_eq!(entries.len(), all, "{feed}");
        let mut foreign = 0;
        for entry in entries {
            let is_foreign = entry.contains(&format!("href=\"{home}"));
            foreign += usize::from(is_foreign);
            assert_eq!(entry.contains(&words), is_foreign, "{entry}");
            let (original, _) = entry
                .split_once("rel=\"alternate\"")
                .expect("a link")
                .1
                .split_once('>')
                .expect("its end");
            assert_eq!(original.contains("/conversations/"), is_foreign, "{entry}");
        }
        assert!(foreign > 0 && foreign < all, "{feed}");
    }
    for path in ["/search.json?q=quokkaish", "/networks/copier/json"] {
        let feed = serving.json(path);
        for item in feed["items"].as_array().expect("items") {
            let external = item["external_url"].as_str();
            let is_foreign = external.is_some_and(|url| url.starts_with(home));
            assert_eq!(external.is_some(), is_foreign, "{item}");
            assert_eq!(item["_discover"]["links_to"] == host, is_foreign, "{item}");
            let url = item["url"].as_str().expect("an address");
            assert!(!url.starts_with(home), "{item}");
        }
        assert!(feed.to_string().contains(home), "{feed}");
    }
    let table = serving.get("/api/v1/search/export?q=quokkaish").1;
    let (head, rows) = table.split_once("\r\n").expect("a head");
    assert!(head.ends_with(",\"links_to\""), "{head}");
    for row in rows.lines().filter(|row| row.contains("/conversations/")) {
        assert_eq!(
            row.contains(home),
            row.trim_end_matches(['"', '\r']).ends_with(host),
            "{row}"
        );
    }
    let list = serving
        .get("/api/v1/search/export?q=quokkaish&format=references")
        .1;
    for line in list.lines().filter(|line| line.contains(home)) {
        assert!(line.contains(&format!("links to {home}")), "{line}");
    }
    assert!(list.contains(home), "{list}");
}
