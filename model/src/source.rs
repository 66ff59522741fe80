//! Sources: the declared feeds, forums and social accounts of a network.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use url::Url;

use crate::ids::{NetworkId, SourceId, digest128};

macro_rules! source_kinds {
    ($($kind:ident = $name:literal;)*) => {
        /// The closed set of source kinds. A new kind must be added here first; the compiler then lists what is missing.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(rename_all = "kebab-case")]
        pub enum SourceKind { $($kind,)* }

        impl SourceKind {
            /// In an order that the index stores: a new kind comes last.
            pub const ALL: &[Self] = &[$(Self::$kind,)*];

            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$kind => $name,)* }
            }
        }
    };
}

source_kinds! {
    Feed = "feed";
    Wordpress = "wordpress";
    Discourse = "discourse";
    Mastodon = "mastodon";
    Atproto = "atproto";
    Lemmy = "lemmy";
    PublicInbox = "public-inbox";
    Nodebb = "nodebb";
    Flarum = "flarum";
    Html = "html";
    Ical = "ical";
    Hyperkitty = "hyperkitty";
    Notes = "notes";
}

impl SourceKind {
    /// Whether it is read from one person's or organisation's account on a platform of others.
    pub const fn is_account(self) -> bool {
        matches!(self, Self::Mastodon | Self::Atproto)
    }

    /// Whether it was taken down offline and uploaded: nothing is fetched, and no original stands elsewhere.
    pub const fn is_uploaded(self) -> bool {
        matches!(self, Self::Notes)
    }
}

/// The address that stands for a network of notes, which has no site. No name that ends so leads anywhere (RFC 2606), and
/// every network has its own, so that scopes, withdrawals and tombstones are told apart as those of sites are.
pub fn notes_address(network: NetworkId) -> Url {
    Url::parse(&format!("https://{network}.notes.invalid/")).expect("an id can stand in a name")
}

impl fmt::Display for SourceKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// The text names no source kind.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("unknown source kind {0:?}")]
pub struct UnknownKind(pub String);

impl FromStr for SourceKind {
    type Err = UnknownKind;
    fn from_str(text: &str) -> Result<Self, UnknownKind> {
        Self::ALL
            .iter()
            .copied()
            .find(|kind| kind.as_str() == text)
            .ok_or_else(|| UnknownKind(text.chars().take(40).collect()))
    }
}

impl SourceId {
    pub fn derive(network: NetworkId, kind: SourceKind, address: &str) -> Self {
        Self::from_u128(digest128(
            "source",
            &[
                &network.to_bytes(),
                kind.as_str().as_bytes(),
                address.as_bytes(),
            ],
        ))
    }
}

/// One declared source of a network.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Source {
    pub id: SourceId,
    pub network: NetworkId,
    pub kind: SourceKind,
    /// The feed's address, the forum's root, or the account's page.
    pub url: Url,
    #[serde(default)]
    pub options: SourceOptions,
}

impl Source {
    pub fn new(network: NetworkId, kind: SourceKind, url: Url, options: SourceOptions) -> Self {
        let id = SourceId::derive(network, kind, url.as_str());
        Self {
            id,
            network,
            kind,
            url,
            options,
        }
    }
}

/// What an owner may set for a source; every field has a default. Shared by sources.toml and the register page.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Default)]
#[serde(default, deny_unknown_fields)]
pub struct SourceOptions {
    /// Shortest time between two visits, in seconds; the floor is ten minutes.
    pub every_seconds: Option<u32>,
    /// Requests a second to this host at most.
    pub max_rps: Option<f64>,
    /// Also read comments or reply feeds (off unless asked for).
    pub comments: bool,
    /// What one feed item is: a post, or a whole topic (then its text has no single author).
    pub item: FeedItem,
    /// Discourse categories by slug; empty means all that are not restricted.
    pub categories: Vec<String>,
    /// Lemmy communities by name.
    pub communities: Vec<String>,
    /// Social accounts.
    pub accounts: Vec<String>,
    /// Path patterns that may be read (`/topic/**`); empty means all within the scope.
    pub allow: Vec<String>,
    /// Path patterns or category slugs that must not be read.
    pub deny: Vec<String>,
    /// Language the owner declares for all posts of this source (BCP 47).
    pub language: Option<String>,
    /// The engine whose selectors are used (`kind = "html"`).
    pub preset: Option<String>,
    /// Time zone of pages whose times name none.
    pub time_zone: Option<String>,
    /// Page with the list of threads (`kind = "html"`).
    pub list: Option<ListSelectors>,
    /// Selectors within a thread page (`kind = "html"`).
    pub thread: Option<ThreadSelectors>,
    /// Where atproto records are read.
    pub via: AtprotoVia,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Default)]
#[serde(rename_all = "lowercase")]
pub enum FeedItem {
    #[default]
    Post,
    Topic,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Default)]
#[serde(rename_all = "lowercase")]
pub enum AtprotoVia {
    #[default]
    Pds,
    Appview,
}

/// CSS selectors of a list page; `selector@attr` reads an attribute.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ListSelectors {
    pub start: String,
    pub thread: String,
    /// Links to boards: the start page is an index of them, and each lists threads.
    #[serde(default)]
    pub boards: Option<String>,
    /// What in a row changes with its thread or board.
    #[serde(default)]
    pub activity: Option<String>,
    #[serde(default)]
    pub next: Option<String>,
    #[serde(default)]
    pub max_pages: Option<u32>,
}

/// CSS selectors of a thread page; all but `title` are relative to one `post` match.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ThreadSelectors {
    pub title: String,
    pub post: String,
    #[serde(default)]
    pub id: Option<String>,
    pub text: String,
    #[serde(default)]
    pub author: Option<String>,
    #[serde(default)]
    pub time: Option<TimeSelector>,
    #[serde(default)]
    pub parent: Option<String>,
    /// How far a post is set in, where that shows what it answers: `style:margin-left/4ex`, `within:` and a selector of
    /// the elements it stands in, or a selector of a number.
    #[serde(default)]
    pub depth: Option<String>,
    /// The post's own address.
    #[serde(default)]
    pub link: Option<String>,
    /// The thread's next page.
    #[serde(default)]
    pub next: Option<String>,
    #[serde(default)]
    pub withheld: Vec<String>,
    /// What stands within a text and is no part of it.
    #[serde(default)]
    pub without: Vec<String>,
}

/// Where a post's time stands, and how it is written (`strftime`) in which time zone.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TimeSelector {
    pub css: String,
    #[serde(default)]
    pub format: Option<String>,
    #[serde(default)]
    pub tz: Option<String>,
}
