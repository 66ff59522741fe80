//! Addresses that pages link to, in one place.

use std::fmt::Display;

/// Where the API lives.
pub(crate) const API: &str = "/api/v1";

/// `path` with a query, where there is one.
pub(crate) fn with_query(path: &str, query: &str) -> String {
    if query.is_empty() {
        path.to_owned()
    } else {
        format!("{path}?{query}")
    }
}

pub(crate) fn search(query: &str) -> String {
    with_query("/search", query)
}

/// A search for exactly this.
pub(crate) fn search_for(q: &str) -> String {
    let query = url::form_urlencoded::Serializer::new(String::new())
        .append_pair("q", q)
        .finish();
    search(&query)
}

pub(crate) fn topic(id: impl Display) -> String {
    format!("/topics/{id}")
}

pub(crate) fn conversation(id: impl Display) -> String {
    format!("/conversations/{id}")
}

pub(crate) fn network(slug: &str) -> String {
    format!("/networks/{slug}")
}

/// An address of this site in full.
pub(crate) fn absolute(base: &url::Url, path: &str) -> String {
    base.join(path)
        .map_or_else(|_| path.to_owned(), |url| url.to_string())
}
