//! Origins and scopes: which addresses an owner's consent covers.
//!
//! A scope is a list of path prefixes on one origin. The comparison is made on parsed addresses, after
//! `url` has resolved dot segments, so that `/forum/../private` is outside `/forum/`.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use url::{Host, Url};

/// Scheme, host and port of a web address, for example `https://forum.example.org`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Origin(String);

/// Why an address has no usable origin.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum BadOrigin {
    #[error("not a web address: {0:?}")]
    NotAUrl(String),
    #[error("only http and https addresses can be registered, not {0:?}")]
    Scheme(String),
    #[error("an address with a user name or password cannot be registered")]
    Credentials,
}

impl Origin {
    pub fn of(url: &Url) -> Result<Self, BadOrigin> {
        if !matches!(url.scheme(), "http" | "https") {
            return Err(BadOrigin::Scheme(url.scheme().to_owned()));
        }
        if !url.username().is_empty() || url.password().is_some() {
            return Err(BadOrigin::Credentials);
        }
        Ok(Self(url.origin().ascii_serialization()))
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The origin's root address, `https://host/`.
    pub fn root(&self) -> Url {
        Url::parse(&self.0).expect("an origin was made from a parsed address")
    }

    /// Whether the host is this machine itself: 127.0.0.0/8, `::1` or `localhost`.
    pub fn is_loopback(&self) -> bool {
        match self.root().host() {
            Some(Host::Ipv4(address)) => address.is_loopback(),
            Some(Host::Ipv6(address)) => address.is_loopback(),
            Some(Host::Domain(name)) => name == "localhost",
            None => false,
        }
    }

    pub fn contains(&self, url: &Url) -> bool {
        Self::of(url).is_ok_and(|origin| origin == *self)
    }
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl FromStr for Origin {
    type Err = BadOrigin;
    fn from_str(text: &str) -> Result<Self, BadOrigin> {
        let url =
            Url::parse(text).map_err(|_| BadOrigin::NotAUrl(text.chars().take(200).collect()))?;
        Self::of(&url)
    }
}

impl TryFrom<String> for Origin {
    type Error = BadOrigin;
    fn try_from(text: String) -> Result<Self, BadOrigin> {
        text.parse()
    }
}

impl From<Origin> for String {
    fn from(origin: Origin) -> Self {
        origin.0
    }
}

/// Path prefixes on one origin. Never empty: the whole site is `["/"]`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Scope {
    origin: Origin,
    prefixes: Vec<String>,
}

/// Why a scope cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum BadScope {
    #[error("the scope is empty: name at least one address or path")]
    Empty,
    #[error("scope entry {0:?} is not an address or path of {1}")]
    Elsewhere(String, Origin),
    #[error("the scope has more than 64 entries")]
    TooMany,
}

impl Scope {
    /// The whole of `origin`.
    pub fn all(origin: Origin) -> Self {
        Self {
            origin,
            prefixes: vec!["/".to_owned()],
        }
    }

    /// Entries are full addresses on `origin`, or absolute paths.
    pub fn new<S: AsRef<str>>(origin: Origin, entries: &[S]) -> Result<Self, BadScope> {
        if entries.is_empty() {
            return Err(BadScope::Empty);
        }
        if entries.len() > 64 {
            return Err(BadScope::TooMany);
        }
        let mut prefixes = Vec::with_capacity(entries.len());
        for entry in entries {
            let entry = entry.as_ref();
            let elsewhere =
                || BadScope::Elsewhere(entry.chars().take(200).collect(), origin.clone());
            let url = origin.root().join(entry).map_err(|_| elsewhere())?;
            let is_path_or_address = entry.starts_with('/') || entry.contains("://");
            if !is_path_or_address || !origin.contains(&url) {
                return Err(elsewhere());
            }
            prefixes.push(url.path().to_owned());
        }
        prefixes.sort();
        prefixes.dedup();
        Ok(Self { origin, prefixes })
    }

    pub fn origin(&self) -> &Origin {
        &self.origin
    }

    pub fn prefixes(&self) -> &[String] {
        &self.prefixes
    }

    /// Full addresses of the prefixes, as shown to people.
    pub fn addresses(&self) -> Vec<String> {
        self.prefixes
            .iter()
            .map(|prefix| format!("{}{prefix}", self.origin))
            .collect()
    }

    /// Whether `url` lies within the scope. A prefix without a final slash covers that path itself,
    /// what follows it after a slash, and nothing that merely begins with the same letters.
    pub fn covers(&self, url: &Url) -> bool {
        self.origin.contains(url)
            && self
                .prefixes
                .iter()
                .any(|prefix| path_within(url.path(), prefix))
    }
}

/// Whether `path` lies under `prefix`, by whole segments.
pub fn path_within(path: &str, prefix: &str) -> bool {
    match path.strip_prefix(prefix) {
        Some(rest) => rest.is_empty() || prefix.ends_with('/') || rest.starts_with('/'),
        None => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn url(text: &str) -> Url {
        Url::parse(text).expect("test address")
    }

    #[test]
    fn a_scope_covers_whole_segments_of_its_own_origin_only() {
        let origin: Origin = "https://site.example".parse().expect("origin");
        let scope = Scope::new(origin, &["https://site.example/forum/", "/feed"]).expect("scope");
        for inside in [
            "https://site.example/forum/t/1",
            "https://site.example/feed",
            "https://site.example/feed/x",
        ] {
            assert!(scope.covers(&url(inside)), "{inside}");
        }
        for outside in [
            "https://site.example/forum",
            "https://site.example/feedback",
            "http://site.example/forum/",
            "https://site.example:8443/forum/",
            "https://evil.example/forum/",
            "https://site.example/forum/../private",
            "https://site.example/forum/%2e%2e/private",
        ] {
            assert!(!scope.covers(&url(outside)), "{outside}");
        }
    }

    #[test]
    fn a_scope_on_another_origin_is_refused() {
        let origin: Origin = "https://site.example".parse().expect("origin");
        assert!(matches!(
            Scope::new(origin.clone(), &["https://other.example/"]),
            Err(BadScope::Elsewhere(..))
        ));
        assert!(matches!(
            Scope::new(origin.clone(), &["//other.example/"]),
            Err(BadScope::Elsewhere(..))
        ));
        assert_eq!(Scope::new::<&str>(origin, &[]), Err(BadScope::Empty));
    }
}
