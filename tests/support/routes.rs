//! Every address that anybody may read, from the server's own table of routes.

const TABLE: &str = include_str!("../../server/src/access.rs");
/// Answers that never end, and files that are part of the program.
const LEFT_OUT: [&str; 2] = ["/api/v1/search/events", "/assets/{tag}/{name}"];

/// Paths as the router writes them.
pub(crate) fn readable() -> Vec<&'static str> {
    let found: Vec<&str> = TABLE
        .lines()
        .filter_map(|line| line.trim().strip_prefix("(\"GET\", \"")?.split_once("\", "))
        .filter(|(_, by)| ["Public),", "SEARCH),", "GRAPH),", "EXPORT),"].contains(by))
        .map(|(path, _)| path)
        .filter(|path| !LEFT_OUT.contains(path))
        .collect();
    assert!(found.len() > 60, "the table is not read: {found:?}");
    found
}
