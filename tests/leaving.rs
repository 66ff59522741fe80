//! An owner who leaves is gone at once, from every output, and soon from every file.

use std::time::{Duration, Instant};

use serde_json::json;
use sha2::{Digest, Sha256};

use crate::support::binary::{self, Serving};
use crate::support::data::files_holding;
use crate::support::networks::World;
use crate::support::site;

const CANARY: &str = "zanzibarquux";

fn feed(title: &str, word: &str, base: &str) -> String {
    let items: Vec<String> = (0..12)
        .map(|n| {
            format!(
                "<item><guid>{word}-{n}</guid><link>{base}/p/{n}</link><title>Walk-in {title} number {n}</title>\
                 <description>The {word} clinic stopped its walk-in blood tests, phlebotomy booking line {n}.</description>\
                 <pubDate>Mon, {:02} Jun 2026 09:00:00 GMT</pubDate></item>",
                n + 1
            )
        })
        .collect();
    format!(
        "<rss version=\"2.0\"><channel><title>{title}</title><link>{base}/</link>{items}</channel></rss>",
        items = items.concat()
    )
}

#[test]
fn a_withdrawn_network_is_hidden_within_a_second_and_leaves_no_byte() {
    let mut world = World::new();
    for (number, (slug, word)) in [
        ("leaver", CANARY),
        ("stayer", "remainder"),
        ("other", "elsewhere"),
    ]
    .into_iter()
    .enumerate()
    {
        let base = world.sites.origin(number);
        world.sites.put(
            number,
            "/feed",
            "application/rss+xml",
            feed(&format!("{slug} feed"), word, &base),
        );
        world.declare(
            number,
            slug,
            &format!("The {slug} network"),
            "feed",
            "/feed",
        );
    }
    for (number, slug) in ["leaver", "stayer", "other"].into_iter().enumerate() {
        world.consent(number, slug);
    }
    assert_eq!(world.crawl()["stored"], 36);

    let data = world.data();
    let mut serving = Serving::start(&data, &["serve", "--no-crawl"]);
    let found = serving.json(&format!("/api/v1/search?q={CANARY}"));
    assert_eq!(found["total"], 12);
    let id = found["items"][0]["id"].as_str().expect("an id").to_owned();
    let url = found["items"][0]["url"]
        .as_str()
        .expect("an address")
        .to_owned();
    let outputs = [
        format!("/api/v1/search?q={CANARY}"),
        "/api/v1/search?q=phlebotomy&limit=100".to_owned(),
        format!("/api/v1/conversations/{id}"),
        format!("/api/v1/conversations/{id}/related"),
        format!("/api/v1/conversations/{id}/consent"),
        format!("/api/v1/related?url={url}"),
        "/api/v1/networks".to_owned(),
        "/api/v1/networks/leaver".to_owned(),
        "/api/v1/topics?rank=emerging".to_owned(),
        "/api/v1/topics?rank=enduring".to_owned(),
        "/api/v1/map?level=1".to_owned(),
        "/".to_owned(),
        format!("/search?q={CANARY}"),
        format!("/search.atom?q={CANARY}"),
        format!("/conversations/{id}"),
        "/networks".to_owned(),
        "/networks/leaver".to_owned(),
        "/map".to_owned(),
        "/about".to_owned(),
        // An open tray, in each of its forms.
        format!("/tray?tray={id}"),
        format!("/tray/brief?tray={id}"),
        format!("/tray/brief.md?tray={id}"),
        format!("/tray.csv?tray={id}"),
        format!("/api/v1/tray?tray={id}"),
    ];
    let shows = |serving: &Serving, path: &str| {
        let (status, body) = serving.get(path);
        let body = body
            .replace(&format!("q={CANARY}"), "")
            .replace(&format!("value=\"{CANARY}\""), "");
        status == 200
            && (body.contains("leaver") || body.contains("clinic stopped") && body.contains(CANARY))
    };
    assert!(
        shows(&serving, &outputs[1]) && shows(&serving, "/networks"),
        "the test must be able to see it before"
    );
    let tray = format!("/api/v1/tray?tray={id}");
    assert!(shows(&serving, &tray) && shows(&serving, &format!("/tray?tray={id}")));

    let registry = world.registry();
    let accepted = Instant::now();
    let said = binary::succeed(&World::arguments(
        data.to_str().expect("a path"),
        registry.to_str().expect("a path"),
        &["withdraw", "leaver", "--no-purge"],
    ));
    for path in &outputs {
        assert!(!shows(&serving, path), "{path} still shows it");
    }
    assert!(
        accepted.elapsed() < Duration::from_secs(2),
        "hidden in {:?} by {said}",
        accepted.elapsed()
    );
    let left = serving.json(&tray);
    assert_eq!(
        (&left["items"], &left["not_shown"]),
        (&json!([]), &json!(1))
    );
    let hidden_after: u64 = said
        .split("hidden after ")
        .nth(1)
        .and_then(|rest| rest.split(' ').next())
        .and_then(|ms| ms.parse().ok())
        .expect("a time");
    assert!(hidden_after < 1000, "{said}");

    let said = binary::succeed(&World::arguments(
        data.to_str().expect("a path"),
        registry.to_str().expect("a path"),
        &["withdraw", "leaver"],
    ));
    println!("{said}");
    for path in &outputs {
        assert!(
            !shows(&serving, path),
            "{path} shows it again after the purge"
        );
    }
    serving.signal("TERM");
    assert!(serving.child.wait().expect("an end").success());
    for needle in [CANARY, "leaver"] {
        assert_eq!(
            files_holding(&data, needle.as_bytes()),
            Vec::<std::path::PathBuf>::new(),
            "{needle}"
        );
    }

    let data_text = data.to_str().expect("a path");
    assert!(binary::succeed(&["--data", data_text, "ledger", "verify"]).contains("whole"));
    let again = world.crawl();
    assert_eq!(again["stored"], 0, "withdrawal is sticky: {again}");
    // The registry file still declares it.
    for needle in [CANARY, "leaver"] {
        assert_eq!(
            files_holding(&data, needle.as_bytes()),
            Vec::<std::path::PathBuf>::new(),
            "{needle} after another round"
        );
    }

    let entry = binary::succeed(&["--data", data_text, "ledger", "export"]);
    let entry: serde_json::Value =
        serde_json::from_str(entry.lines().next().expect("an entry")).expect("JSON");
    flip(
        &data.join("store.sqlite3"),
        entry["evidence_sha256"]
            .as_str()
            .expect("a hash")
            .as_bytes(),
    );
    let said = binary::fail(&["--data", data_text, "ledger", "verify"]);
    assert!(said.contains("ledger"), "{said}");
}

/// Two posts, each with a page, a guid and a feed of its comments.
fn listing(base: &str, turn: u8) -> String {
    listing_of(base, turn, &["okapi", "quokka"])
}

fn listing_of(base: &str, turn: u8, words: &[&str]) -> String {
    let items: Vec<String> = words
        .iter()
        .map(|word| {
            format!(
                "<item><guid isPermaLink=\"false\">guid-{word}</guid><link>{base}/p/{word}-page</link><title>The {word} walk, turn {turn}</title>\
                 <description>The {word} is walked on Mondays.</description><pubDate>Mon, 01 Jun 2026 09:00:00 GMT</pubDate>\
                 <wfw:commentRss>{base}/c/{word}-replies</wfw:commentRss></item>"
            )
        })
        .collect();
    format!(
        "<rss version=\"2.0\" xmlns:wfw=\"http://wellformedweb.org/CommentAPI/\" xmlns:fh=\"http://purl.org/syndication/history/1.0\">\
         <channel><title>Walks</title><link>{base}/</link><fh:complete/>{}</channel></rss>",
        items.concat()
    )
}

#[test]
fn what_is_withdrawn_in_part_is_named_in_no_file_while_its_site_still_lists_it() {
    withdraws_a_part(false);
    // Feeds of comments are asked for by their addresses, which go with the next visit.
    withdraws_a_part(true);
}

fn withdraws_a_part(comments: bool) {
    let mut world = World::new();
    let base = world.sites.origin(0);
    for word in ["okapi", "quokka"] {
        let page = format!("<html><title>{word}</title><p>The {word} is walked on Mondays.</p>");
        let path = format!("/p/{word}-page");
        world.sites.put(0, &path, "text/html", page);
    }
    let list = |world: &World, turn| {
        let (feed, media) = (listing(&base, turn), "application/rss+xml");
        world.sites.put(0, "/feed", media, feed);
    };
    list(&world, 1);
    world.declare(0, "walkers", "The walkers", "feed", "/feed");
    let registry = std::fs::read_to_string(world.registry()).expect("the registry");
    let registry = format!("{registry}comments = {comments}\n");
    std::fs::write(world.registry(), registry).expect("the registry is written");
    world.consent(0, "walkers");
    assert_eq!(world.crawl()["stored"], 2);
    list(&world, 2);
    assert_eq!(world.crawl()["updated"], 2);

    let data = world.data();
    let page = format!("{base}/p/quokka-page");
    let digest = Sha256::digest(&page);
    let unkeyed = digest[..8]
        .iter()
        .fold(0, |hash: u64, byte| hash << 8 | u64::from(*byte));
    let unkeyed = unkeyed.to_string();
    let names = [
        "guid-quokka",
        "quokka-page",
        "quokka-replies",
        unkeyed.as_str(),
    ];
    let held = |name: &str| files_holding(&data, name.as_bytes());
    assert!(!held("guid-quokka").is_empty());
    assert_eq!(held("quokka-replies").is_empty(), !comments);

    let (folder, registry) = (data.to_str(), world.registry());
    let registry = registry.to_str().expect("a path");
    let search = ["search", "quokka", "--json"];
    let found = binary::succeed(&World::arguments(
        folder.expect("a path"),
        registry,
        &search,
    ));
    let found: serde_json::Value = serde_json::from_str(&found).expect("JSON");
    let id = found["items"][0]["id"].as_str().expect("an id");
    let withdraw = ["withdraw", "walkers", "--conversation", id];
    binary::succeed(&World::arguments(
        folder.expect("a path"),
        registry,
        &withdraw,
    ));
    for name in names.into_iter().filter(|_| !comments) {
        assert_eq!(held(name), Vec::<std::path::PathBuf>::new(), "{name}");
    }
    for turn in 3..5 {
        list(&world, turn);
        let round = world.crawl();
        assert_eq!(
            (&round["stored"], &round["updated"]),
            (&0.into(), &1.into()),
            "{round}"
        );
        for name in names {
            assert_eq!(
                held(name),
                Vec::<std::path::PathBuf>::new(),
                "{name}, turn {turn}"
            );
        }
    }
    assert!(!held("guid-okapi").is_empty());
    assert_eq!(held("okapi-replies").is_empty(), !comments);
}

/// Flips one bit of every place where `needle` stands.
fn flip(file: &std::path::Path, needle: &[u8]) {
    let mut bytes = std::fs::read(file).expect("the store");
    let places: Vec<usize> = (0..bytes.len() - needle.len())
        .filter(|at| &bytes[*at..at + needle.len()] == needle)
        .collect();
    assert!(!places.is_empty(), "the evidence stands in the store");
    for place in places {
        bytes[place] ^= 1;
    }
    std::fs::write(file, bytes).expect("the store is written");
}

/// What was decided for somebody holds though its site took the post down before, and lists it again after.
#[test]
fn an_objection_upheld_after_its_site_took_the_post_down_keeps_it_away() {
    let mut world = World::new();
    let base = world.sites.origin(0);
    let list = |world: &World, turn, words: &[&str]| {
        let (feed, media) = (listing_of(&base, turn, words), "application/rss+xml");
        world.sites.put(0, "/feed", media, feed);
    };
    list(&world, 1, &["okapi", "quokka"]);
    world.declare(0, "walkers", "The walkers", "feed", "/feed");
    world.consent(0, "walkers");
    assert_eq!(world.crawl()["stored"], 2);
    let data = world.data();
    let quiet = || Serving::start(&data, &["--allow-loopback", "serve", "--no-crawl"]);
    let serving = quiet();
    let here = [("sec-fetch-site", "same-origin")];
    for word in ["okapi", "quokka"] {
        let mut form = url::form_urlencoded::Serializer::new(String::new());
        let address = format!("{base}/p/{word}-page");
        form.extend_pairs([("post", address.as_str()), ("ground", "concerned")]);
        let media = "application/x-www-form-urlencoded";
        let to = format!("{}/object", serving.base);
        assert_eq!(site::post(&to, media, &form.finish(), &here).0, 200);
    }
    let shown = |serving: &Serving, word: &str| {
        serving.json(&format!("/api/v1/search?q={word}"))["total"].clone()
    };
    // So that nobody empties a network, one of two is hidden on receipt.
    assert_eq!(
        (shown(&serving, "okapi"), shown(&serving, "quokka")),
        (0.into(), 1.into())
    );
    drop(serving);

    list(&world, 2, &["okapi"]);
    assert_eq!(world.crawl()["removed"], 1);
    let run = |rest: &[&str]| {
        let output = world.command(rest).output().expect("the executable starts");
        assert!(output.status.success(), "{}", binary::stderr(&output));
        binary::stdout(&output)
    };
    let open = run(&["admin", "objections", "list", "--json"]);
    let open: serde_json::Value = serde_json::from_str(&open).expect("JSON");
    let id = open[1]["id"].as_str().expect("an id");
    run(&["admin", "objections", "uphold", id]);
    for turn in 3..5 {
        list(&world, turn, &["okapi", "quokka"]);
        assert_eq!(world.crawl()["stored"], 0, "turn {turn}");
    }
    assert_eq!(shown(&quiet(), "quokka"), 0);
    let ledger = run(&["ledger", "export"]);
    assert!(
        ledger
            .lines()
            .last()
            .is_some_and(|entry| entry.contains("\"withdrawn\"")),
        "{ledger}"
    );
}
