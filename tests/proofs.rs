//! Proofs as owners write them: in a folder of a site, with a slip in them, or with what may be meant as a withdrawal.

use serde_json::Value;

use crate::support::binary::{self, Serving};
use crate::support::networks::World;
use crate::support::site;

const AT_ORIGIN: &str = "/.well-known/discover-consent.json";
const AT_ANN: &str = "/~ann/.well-known/discover-consent.json";

/// Feeds of two people on one host.
fn shared_host() -> World {
    let mut world = World::new();
    for name in ["ann", "bob"] {
        let base = format!("{}/~{name}", world.sites.origin(0));
        let feed = format!(
            "<rss version=\"2.0\"><channel><title>{name}</title><link>{base}/</link><item><guid>{name}-1</guid>\
             <link>{base}/1</link><title>Lanterns of {name}</title><description>Lanterns along the canal, says {name}.\
             </description><pubDate>Mon, 01 Jun 2026 09:00:00 GMT</pubDate></item></channel></rss>"
        );
        world
            .sites
            .put(0, &format!("/~{name}/feed"), "application/rss+xml", feed);
        let page = format!("<title>Lanterns of {name}</title><p>Lanterns along the canal.</p>");
        world
            .sites
            .put(0, &format!("/~{name}/1"), "text/html", page);
        world.declare(0, name, name, "feed", &format!("/~{name}/feed"));
    }
    world
}

fn token(world: &World, slug: &str, address: &str) -> String {
    let (data, registry) = (world.data(), world.registry());
    let (data, registry) = (
        data.to_str().expect("path"),
        registry.to_str().expect("path"),
    );
    let said = binary::succeed(&[
        "--data",
        data,
        "--sources",
        registry,
        "sources",
        "token",
        slug,
        address,
    ]);
    said.trim().to_owned()
}

fn put_file(world: &World, path: &str, token: &str, more: &str) {
    let file = format!("{{\"discover\":1,\"token\":\"{token}\",\"members_told\":true{more}}}");
    world.sites.put(0, path, "application/json", file);
}

fn stored(world: &World) -> u64 {
    world.crawl()["stored"].as_u64().expect("a number")
}

fn doctor(world: &World) -> String {
    let output = world.command(&["doctor"]).output().expect("it starts");
    String::from_utf8_lossy(&output.stdout).into_owned()
}

#[test]
fn a_folder_proves_itself_and_nothing_where_its_host_has_spoken() {
    let world = shared_host();
    let host = world.sites.origin(0);
    let of_ann = token(&world, "ann", &format!("{host}/~ann/"));
    assert_ne!(of_ann, token(&world, "ann", &host));
    // A token of the folder is worth nothing at the root, nor one of the root in the folder, nor for a wider scope.
    put_file(&world, AT_ORIGIN, &of_ann, "");
    assert_eq!(stored(&world), 0);
    world.sites.take(0, AT_ORIGIN);
    put_file(&world, AT_ANN, &token(&world, "ann", &host), "");
    assert_eq!(stored(&world), 0);
    put_file(&world, AT_ANN, &of_ann, ",\"scope\":[\"/\"]");
    assert_eq!(stored(&world), 0);

    put_file(&world, AT_ANN, &of_ann, "");
    assert_eq!(stored(&world), 1, "the folder's feed, and no neighbour's");

    // The host joins as a network of its own: its word counts from then on.
    let of_host = token(&world, "bob", &host);
    put_file(&world, AT_ORIGIN, &of_host, ",\"scope\":[\"/\"]");
    world.crawl();
    let registry = world.registry();
    let serving = Serving::start(
        &world.data(),
        &[
            "--sources",
            registry.to_str().expect("path"),
            "--allow-loopback",
            "--force-due",
            "--contact",
            "test@example.org",
            "serve",
            "--no-crawl",
        ],
    );
    let found = serving.json("/api/v1/search?q=lanterns");
    assert_eq!(found["total"], 1, "{found}");
    assert_eq!(found["items"][0]["network"]["slug"], "bob");
}

#[test]
fn a_slip_is_named_and_what_may_be_a_withdrawal_hides_until_it_is_mended() {
    let world = shared_host();
    let host = world.sites.origin(0);
    let of_ann = token(&world, "ann", &format!("{host}/~ann/"));
    put_file(&world, AT_ANN, &of_ann, ",\"retention\":30");
    assert_eq!(stored(&world), 1);
    let said = doctor(&world);
    assert!(
        said.contains("consent of ann") && said.contains("\"retention\""),
        "{said}"
    );

    put_file(&world, AT_ANN, &of_ann, ",\"withdrawl\":true");
    world.crawl();
    let said = doctor(&world);
    assert!(
        said.contains("problem  consent of ann") && said.contains("\"withdrawl\""),
        "{said}"
    );
    // However long: no time turns a slip into a withdrawal.
    let output = world
        .command(&[
            "--clock",
            "2026-12-20T12:00:00Z",
            "crawl",
            "--once",
            "--json",
        ])
        .output()
        .expect("it starts");
    assert!(output.status.success(), "{}", binary::stderr(&output));
    let data = world.data();
    let events: Vec<String> =
        binary::succeed(&["--data", data.to_str().expect("path"), "ledger", "export"])
            .lines()
            .map(|line| serde_json::from_str::<Value>(line).expect("JSON")["event"].to_string())
            .collect();
    assert!(
        !events.iter().any(|event| event.contains("withdrawn")),
        "{events:?}"
    );
    assert_eq!(events.last().map(String::as_str), Some("\"lapsed\""));

    put_file(&world, AT_ANN, &of_ann, "");
    world.crawl();
    let said = doctor(&world);
    assert!(!said.contains("consent of ann"), "{said}");
    let serving = Serving::start(&world.data(), &["serve", "--no-crawl"]);
    let (status, _) = site::get(&format!("{}/networks/ann", serving.base));
    assert_eq!(status, 200);
}
