//! What is read as it was before is not decided again; whatever changed of it is.

use serde_json::Value;

use crate::support::binary;
use crate::support::networks::World;

/// What the third item says: its address is taken out, whichever it is.
fn third(desk: &str) -> String {
    format!(
        "The booking line of the xylocarp clinic is closed, write to {desk}@clinic.example instead."
    )
}

/// A feed of three items; `built` is what changes where nothing was said.
fn feed(base: &str, built: u32, second: &str, desk: &str) -> String {
    let item = |n: u32, text: &str| {
        format!(
            "<item><guid>item-{n}</guid><link>{base}/p/{n}</link><title>Walk-in centre number {n}</title>\
             <description>{text}</description><pubDate>Mon, 0{n} Jun 2026 09:00:00 GMT</pubDate></item>"
        )
    };
    format!(
        "<rss version=\"2.0\"><channel><title>Feed</title><link>{base}/</link><ttl>{built}</ttl>{}{}{}</channel></rss>",
        item(1, "The zanzibarquux clinic stopped its blood tests."),
        item(2, second),
        item(3, &third(desk)),
    )
}

/// Serves the feed and reads it, by a process of its own each time.
fn read(world: &World, day: u32, second: &str, desk: &str) -> Value {
    let base = world.sites.origin(0);
    let body = feed(&base, day, second, desk);
    world.sites.put(0, "/feed", "application/rss+xml", body);
    let said = run(world, day, &["crawl", "--once", "--json"]);
    serde_json::from_str(&said).expect("JSON")
}

fn run(world: &World, day: u32, rest: &[&str]) -> String {
    let (data, registry) = (world.data(), world.registry());
    let clock = format!("2026-07-{day:02}T12:00:00Z");
    let mut arguments = vec![
        "--data",
        data.to_str().expect("a plain path"),
        "--sources",
        registry.to_str().expect("a plain path"),
        "--allow-loopback",
        "--gap",
        "0",
        "--contact",
        "test@example.org",
        "--clock",
        &clock,
    ];
    arguments.extend_from_slice(rest);
    binary::succeed(&arguments)
}

fn found(world: &World, day: u32, word: &str) -> Value {
    let said = run(world, day, &["search", word, "--json"]);
    let answer: Value = serde_json::from_str(&said).expect("JSON");
    answer["items"].clone()
}

/// The last of these are those of `unchanged` that were not decided again.
fn counts(round: &Value) -> [u64; 5] {
    ["stored", "updated", "unchanged", "removed", "not_decided"].map(|name| {
        round[name]
            .as_u64()
            .unwrap_or_else(|| panic!("{name} in {round}"))
    })
}

#[test]
fn a_held_item_is_decided_again_when_it_changed_and_what_is_hidden_stays_hidden() {
    let mut world = World::new();
    world.declare(0, "north", "The north network", "feed", "/feed");
    // Known from the first day on, by this test's clock.
    let origin = world.sites.origin(0);
    run(&world, 1, &["sources", "token", "north", &origin]);
    world.consent(0, "north");
    for n in 1..=3 {
        // An item is kept once its page gives it to a visitor.
        let page = format!("<!doctype html><title>Walk-in centre number {n}</title><p>Open.");
        world.sites.put(0, &format!("/p/{n}"), "text/html", page);
    }
    let second = "The quaggapurr clinic has a new booking line.";
    let edited = "The numbatting clinic has a new booking line.";
    let counted = |day, second, desk| counts(&read(&world, day, second, desk));
    assert_eq!(counted(1, second, "north"), [3, 0, 0, 0, 0]);
    assert_eq!(counted(3, second, "north"), [0, 0, 3, 0, 3]);
    // Decided again, with the same outcome.
    assert_eq!(counted(5, second, "south"), [0, 0, 3, 0, 2]);
    assert_eq!(counted(7, second, "south"), [0, 0, 3, 0, 3]);
    assert_eq!(counted(9, edited, "south"), [0, 1, 2, 0, 2]);
    assert_eq!(found(&world, 9, "quaggapurr"), Value::Array(Vec::new()));
    assert_eq!(
        found(&world, 9, "numbatting").as_array().map(Vec::len),
        Some(1)
    );

    // Hidden and still held: nothing of it is written, and it is not shown.
    let first = found(&world, 9, "zanzibarquux")[0]["id"].clone();
    let first = first.as_str().expect("an id");
    let leave = ["withdraw", "north", "--conversation", first, "--no-purge"];
    run(&world, 9, &leave);
    assert_eq!(counted(11, edited, "south")[..2], [0, 0]);
    assert_eq!(found(&world, 11, "zanzibarquux"), Value::Array(Vec::new()));
}
