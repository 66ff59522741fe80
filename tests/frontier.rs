//! Rounds that are larger than one claim of the frontier.

use std::fmt::Write;

use serde_json::Value;

use crate::support::binary;
use crate::support::networks::World;

/// More than two claims.
const SOURCES: usize = 600;

#[test]
fn a_round_reads_every_source_that_is_due_and_ends() {
    let world = World::new();
    let mut registry = format!(
        "[[network]]\nslug = \"many\"\nname = \"Many\"\nowner = \"Town\"\n{}",
        world.proof_on_paper()
    );
    for number in 0..SOURCES {
        let path = format!("/{number}.xml");
        writeln!(
            registry,
            "[[network.source]]\nkind = \"feed\"\nurl = \"{}{path}\"",
            world.sites.origin(0)
        )
        .expect("writing to a string");
        let feed = format!(
            "<rss version=\"2.0\"><channel><title>Town</title><item><guid>{number}</guid><title>Notice {number}</title>\
             <link>{}/notice/{number}</link><description>Something for everybody to read.</description></item></channel></rss>",
            world.sites.origin(0)
        );
        world.sites.put(0, &path, "application/rss+xml", feed);
    }
    std::fs::write(world.registry(), registry).expect("the registry is written");
    let (data, list) = (world.data(), world.registry());
    let arguments = [
        "--data",
        data.to_str().expect("a plain path"),
        "--sources",
        list.to_str().expect("a plain path"),
        "--allow-loopback",
        "--gap",
        "0",
        "--contact",
        "test@example.org",
        "crawl",
        "--once",
        "--json",
    ];
    let round: Value = serde_json::from_str(&binary::succeed(&arguments)).expect("JSON");
    assert_eq!(round["sources"], SOURCES, "{round}");
    assert_eq!(round["stored"], SOURCES, "{round}");
    let again: Value = serde_json::from_str(&binary::succeed(&arguments)).expect("JSON");
    assert_eq!(again["sources"], 0, "nothing is due yet: {again}");
}
