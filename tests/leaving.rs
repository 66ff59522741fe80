//! An owner who leaves is gone at once, from every output, and soon from every file.

use std::time::{Duration, Instant};

use crate::support::binary::{self, Serving};
use crate::support::data::files_holding;
use crate::support::networks::World;

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
