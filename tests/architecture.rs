//! The rooms depend on each other in one direction only.

use std::process::Command;

/// The workspace crates `package` depends on, directly or not.
fn rooms_below(package: &str) -> Vec<String> {
    let output = Command::new(env!("CARGO"))
        .args([
            "tree",
            "--locked",
            "--offline",
            "--edges",
            "normal",
            "--prefix",
            "none",
            "--package",
            package,
        ])
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .output()
        .expect("cargo runs");
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    let mut rooms: Vec<String> = String::from_utf8_lossy(&output.stdout)
        .lines()
        .filter_map(|line| line.split(' ').next())
        .filter(|name| name.starts_with("discover-") && *name != package)
        .map(|name| name.trim_start_matches("discover-").to_owned())
        .collect();
    rooms.sort();
    rooms.dedup();
    rooms
}

fn has(package: &str, dependency: &str) -> bool {
    let output = Command::new(env!("CARGO"))
        .args([
            "tree",
            "--locked",
            "--offline",
            "--edges",
            "normal",
            "--prefix",
            "none",
            "--package",
            package,
        ])
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .output()
        .expect("cargo runs");
    String::from_utf8_lossy(&output.stdout)
        .lines()
        .any(|line| line.split(' ').next() == Some(dependency))
}

#[test]
fn rooms_depend_on_each_other_in_one_direction_only() {
    assert_eq!(rooms_below("discover-model"), Vec::<String>::new());
    for room in ["crawler", "store", "indexer", "graph", "meaning"] {
        assert_eq!(
            rooms_below(&format!("discover-{room}")),
            ["model"],
            "{room}"
        );
    }
    assert_eq!(
        rooms_below("discover-server"),
        ["graph", "indexer", "model", "store"]
    );
}

#[test]
fn rooms_without_io_bring_none_with_them() {
    for (room, absent) in [
        ("discover-model", ["tokio", "reqwest", "sqlx"]),
        ("discover-graph", ["tokio", "reqwest", "sqlx"]),
        ("discover-crawler", ["sqlx", "tantivy", "petgraph"]),
        ("discover-server", ["reqwest", "feed-rs", "scraper"]),
    ] {
        for dependency in absent {
            assert!(!has(room, dependency), "{room} depends on {dependency}");
        }
    }
    assert!(
        !has("discover", "aws-lc-sys") && !has("discover", "openssl-sys"),
        "one TLS provider"
    );
}

#[test]
fn the_reviewed_openapi_document_is_what_the_executable_prints() {
    let file = concat!(env!("CARGO_MANIFEST_DIR"), "/docs/openapi.json");
    let reviewed = std::fs::read_to_string(file).expect("docs/openapi.json");
    let printed = crate::support::binary::succeed(&["openapi"]);
    assert!(
        reviewed.trim() == printed.trim(),
        "docs/openapi.json is out of date: review and keep the output of `discover openapi`"
    );
}
