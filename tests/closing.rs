//! A source that closes to visitors is hidden, later erased, and shown again when it opens; what leaves the registry file
//! is read no more.

use serde_json::Value;

use crate::support::binary;
use crate::support::data::files_holding;
use crate::support::networks::World;

fn feed(base: &str, word: &str, items: usize) -> String {
    let items: String = (0..items)
        .map(|n| {
            format!(
                "<item><guid>{word}{n}</guid><link>{base}/p/{n}</link><title>About {word} {n}</title>\
                 <description>What {word} says, {n}.</description><pubDate>Mon, 1 Jun 2026 09:00:00 GMT</pubDate></item>"
            )
        })
        .collect();
    format!(
        "<rss version=\"2.0\"><channel><title>t</title><link>{base}/</link>{items}</channel></rss>"
    )
}

fn run(world: &World, day: i64, rest: &[&str]) -> String {
    let start: jiff::Timestamp = "2026-06-02T12:00:00Z".parse().expect("a time");
    let clock = (start + jiff::SignedDuration::from_hours(24 * day)).to_string();
    let mut arguments = vec!["--clock", clock.as_str()];
    arguments.extend_from_slice(rest);
    let output = world.command(&arguments).output().expect("it starts");
    assert!(output.status.success(), "{}", binary::stderr(&output));
    binary::stdout(&output)
}

fn found(world: &World, day: i64, word: &str) -> u64 {
    let said = run(world, day, &["search", word, "--json"]);
    let found: Value = serde_json::from_str(&said).expect("JSON");
    found["total"].as_u64().expect("a count")
}

/// Word, how the feed answers when it closes, after how many days it is hidden.
const WAYS: [(&str, &str, &str, Option<i64>); 7] = [
    ("aardwolf", "status/401", "", Some(2)),
    ("bandicoot", "status/403", "", Some(2)),
    ("capybara", "status/451", "", Some(2)),
    ("dugong", "status/302", "/login?next=/feed", Some(2)),
    ("echidna", "status/404", "", Some(7)),
    ("fossa", "status/410", "", Some(7)),
    ("gerenuk", "status/500", "", None),
];

#[test]
fn a_source_that_closes_is_hidden_then_erased_and_comes_back() {
    let mut world = World::new();
    let put = |world: &World, number: usize, word: &str| {
        let base = world.sites.origin(number);
        for n in 0..2 {
            let page = format!("<html><title>{word} {n}</title><p>Here it is.</p>");
            world
                .sites
                .put(number, &format!("/p/{n}"), "text/html", page);
        }
        let text = feed(&base, word, 2);
        world
            .sites
            .put(number, "/feed", "application/rss+xml", text);
    };
    for (number, (word, ..)) in WAYS.iter().enumerate() {
        put(&world, number, word);
        world.declare(number, word, word, "feed", "/feed");
    }
    for (number, (word, ..)) in WAYS.iter().enumerate() {
        world.consent(number, word);
    }
    run(&world, 0, &["crawl", "--once"]);
    for (number, (word, status, location, _)) in WAYS.iter().enumerate() {
        assert_eq!(found(&world, 0, word), 2, "{word}");
        world.sites.shut(number, "/feed", status, location);
    }
    // Closed since day 1.
    for day in [1, 2, 4, 11, 41] {
        run(&world, day, &["crawl", "--once"]);
        for (word, status, _, hides) in WAYS {
            let shown = hides.is_none_or(|hides| day - 1 < hides);
            let expected = if shown { 2 } else { 0 };
            assert_eq!(
                found(&world, day, word),
                expected,
                "{status} for {} days",
                day - 1
            );
        }
    }
    let list: Value =
        serde_json::from_str(&run(&world, 41, &["sources", "list", "--json"])).expect("JSON");
    for source in list.as_array().expect("a list") {
        let what = source["health"]["what"].as_str().unwrap_or_default();
        let erased = source["network"] != "gerenuk";
        assert_eq!(
            what.contains("what was kept of it is erased"),
            erased,
            "{what}"
        );
    }
    for (word, _, _, hides) in WAYS {
        let left = files_holding(&world.data(), format!("What {word} says").as_bytes());
        assert_eq!(left.is_empty(), hides.is_some(), "{word}: {left:?}");
    }
    let receipts = run(&world, 41, &["ledger", "export"]);
    assert_eq!(receipts.matches("\"purged\"").count(), 6, "{receipts}");

    for (number, (word, ..)) in WAYS.iter().enumerate() {
        put(&world, number, word);
    }
    run(&world, 48, &["crawl", "--once"]);
    for (word, status, ..) in WAYS {
        assert_eq!(found(&world, 48, word), 2, "{status}, open again");
    }
}

#[test]
fn what_leaves_the_registry_file_is_read_no_more_and_erased_only_when_asked() {
    let mut world = World::new();
    for (number, word) in ["narwhal", "okapi"].into_iter().enumerate() {
        let base = world.sites.origin(number);
        let text = feed(&base, word, 2);
        world
            .sites
            .put(number, "/feed", "application/rss+xml", text);
        for n in 0..3 {
            world.sites.put(
                number,
                &format!("/p/{n}"),
                "text/html",
                "<html><p>Here it is.</p>",
            );
        }
        world.declare(number, word, word, "feed", "/feed");
        world.consent(number, word);
    }
    run(&world, 0, &["crawl", "--once"]);
    let whole = std::fs::read_to_string(world.registry()).expect("the registry");
    let rest: String = whole
        .split("[[network]]")
        .filter(|part| part.contains("okapi"))
        .collect();
    std::fs::write(world.registry(), format!("[[network]]{rest}")).expect("the registry");
    let dry = run(&world, 1, &["sources", "sync", "--dry-run"]);
    assert!(
        dry.contains("narwhal") && dry.contains("would be read no more"),
        "{dry}"
    );
    let base = world.sites.origin(0);
    world
        .sites
        .put(0, "/feed", "application/rss+xml", feed(&base, "narwhal", 3));
    run(&world, 1, &["crawl", "--once"]);
    assert_eq!(found(&world, 1, "narwhal"), 2, "nothing new is read");
    let list = run(&world, 1, &["sources", "list"]);
    assert!(list.contains("left the registry file"), "{list}");
    let kept = run(&world, 1, &["sources", "sync", "--prune"]);
    assert!(kept.contains("name it"), "{kept}");
    assert_eq!(
        found(&world, 1, "narwhal"),
        2,
        "one lost network is not erased by the way"
    );
    let pruned = run(&world, 1, &["sources", "sync", "--prune", "narwhal"]);
    assert!(pruned.contains("its posts are erased"), "{pruned}");
    assert_eq!(found(&world, 1, "narwhal"), 0);
    let left = files_holding(&world.data(), b"What narwhal says");
    assert!(left.is_empty(), "{left:?}");
    // Declared again, it is read again: no tombstone stands in the way.
    std::fs::write(world.registry(), whole).expect("the registry");
    run(&world, 2, &["crawl", "--once"]);
    assert_eq!(found(&world, 2, "narwhal"), 3);
}
