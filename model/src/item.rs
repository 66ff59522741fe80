//! Items: what a connector read, before the gate. Lives in memory only and is never stored.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use url::Url;

use crate::refusal::Refusal;

/// One public item as a connector understood it. Text is plain: markup is gone, paragraphs are kept as blank lines.
#[derive(Debug, Clone, PartialEq)]
pub struct Item {
    /// The guid or platform id; where guids collide, with the canonical link added; else the canonical
    /// link; else a hash of title and text. Must not change when a title does.
    pub key: String,
    /// The original's address.
    pub url: Url,
    /// Item key of the conversation's root, where the connector knows it.
    pub root: Option<String>,
    /// Item key of the post this one replies to, where it is a reply.
    pub parent: Option<String>,
    /// The thread it stands in, where its platform has such.
    pub thread: Option<Thread>,
    pub title: Option<String>,
    pub text: String,
    /// The network's own name for the author. Hashed by the gate and dropped.
    pub author: Option<String>,
    pub published: Option<Timestamp>,
    pub updated: Option<Timestamp>,
    /// Language as declared by item, feed or owner (BCP 47).
    pub language: Option<String>,
    /// Links out of the text, http(s) only, in order, at most 50.
    pub links: Vec<Url>,
    pub state: ItemState,
}

/// What a platform holds a conversation together by: it has a title and an address of its own, whether or not its
/// opening post can be read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Thread {
    /// Stable name within the source.
    pub key: String,
    pub title: Option<String>,
    pub url: Url,
    /// Whether its platform says that nobody can answer any more; absent where it does not say.
    #[serde(default)]
    pub closed: Option<bool>,
}

/// Whether an item is there to be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ItemState {
    Live,
    /// The platform or its author holds it back; the reason is counted.
    Withheld(Refusal),
    /// It was taken back: what is held of it must go.
    Gone,
}
