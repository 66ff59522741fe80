//! The demo shows the whole way on sample networks.

use std::net::TcpListener;

use serde_json::Value;

use crate::support::binary::{self, Serving};

#[test]
fn the_demo_keeps_refuses_redacts_and_maps() {
    let outcome: Value =
        serde_json::from_str(&binary::succeed(&["demo", "--once", "--json"])).expect("JSON");
    println!("{outcome}");
    assert_eq!(outcome["networks"], 12);
    assert!(
        (380..=440).contains(&outcome["posts"].as_u64().expect("posts")),
        "{outcome}"
    );
    assert!(
        outcome["topics"].as_u64().is_some_and(|topics| topics >= 5),
        "{outcome}"
    );
    assert!(
        outcome["relations"]
            .as_u64()
            .is_some_and(|relations| relations >= 50),
        "{outcome}"
    );
    for code in ["held", "password", "noindex", "out_of_scope"] {
        assert!(
            outcome["refused"][code]
                .as_u64()
                .is_some_and(|count| count > 0),
            "{code} in {outcome}"
        );
    }
    for kind in ["NHS_NUMBER", "EMAIL", "PHONE", "POSTCODE"] {
        assert!(
            outcome["redacted"][kind]
                .as_u64()
                .is_some_and(|count| count > 0),
            "{kind} in {outcome}"
        );
    }
}

#[test]
fn a_folder_is_taken_up_again_without_doubling_and_a_taken_port_is_no_end() {
    let folder = tempfile::tempdir().expect("a folder");
    let data = folder.path().to_str().expect("a plain path");
    // The site's usual port, and the usual address of the first sample network; another demo may have them already.
    let taken = ["127.0.0.1:7070", "127.0.0.11:4860"].map(TcpListener::bind);
    let first = Serving::try_spawn(binary::command(&["demo", "--data", data]));
    let first = first.unwrap_or_else(|said| panic!("the demo does not start:\n{said}"));
    assert!(!first.base.ends_with(":7070"), "{}", first.base);
    let said = first.said();
    let lines = said
        .lines()
        .filter(|line| line.contains(" refused"))
        .count();
    assert!(lines >= 12, "{said}");
    let (_, guide) = said.split_once("Look first at").expect("a guide");
    let links = guide
        .split_whitespace()
        .filter(|word| word.starts_with("http"));
    let links: Vec<&str> = links.collect();
    assert!(links.len() >= 4, "{guide}");
    for link in links {
        let path = link.strip_prefix(&first.base).expect("its own address");
        assert_eq!(first.get(path).0, 200, "{link}");
    }
    let (_, counts) = said.split_once("12 sample networks: ").expect("counts");
    let counts: Vec<u64> = counts
        .split_whitespace()
        .filter_map(|word| word.parse().ok())
        .take(2)
        .collect();
    drop((first, taken));

    let now = jiff::Timestamp::try_from(std::time::SystemTime::now()).expect("a time");
    let tomorrow = now + jiff::SignedDuration::from_hours(24);
    let again = [
        "demo",
        "--once",
        "--json",
        "--data",
        data,
        "--allow-loopback",
        "--clock",
        &tomorrow.to_string(),
    ];
    let again: Value = serde_json::from_str(&binary::succeed(&again)).expect("JSON");
    assert_eq!(again["networks"], 12);
    assert_eq!(
        [&again["posts"], &again["conversations"]],
        [counts[0], counts[1]]
    );
}
