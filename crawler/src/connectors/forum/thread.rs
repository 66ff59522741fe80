//! What a forum's lists and threads hold, as any platform gives it.

use discover_model::Item;
use serde::{Deserialize, Serialize};
use url::Url;

use crate::hashes::body_hash;

/// A thread's line in the list.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct Thread {
    pub(crate) id: String,
    pub(crate) url: Url,
    /// Words of a person: never remembered.
    #[serde(skip)]
    pub(crate) title: Option<String>,
    /// Changes when the thread does.
    pub(crate) print: u64,
    /// Seconds of last activity: the order of forgetting.
    pub(crate) active: i64,
    /// Stands at the top whatever its activity.
    #[serde(default)]
    pub(crate) pinned: bool,
}

impl Thread {
    /// A thread of which only the id is known, by the address of one of its posts.
    pub(crate) fn named(id: &str, url: &Url) -> Self {
        Self {
            id: id.to_owned(),
            url: url.clone(),
            title: None,
            print: 0,
            active: 0,
            pinned: false,
        }
    }
}

/// Hash of what changes when a thread does.
pub(crate) fn print(parts: &[&dyn std::fmt::Debug]) -> u64 {
    body_hash(format!("{parts:?}").as_bytes())
}

/// One page of the list.
#[derive(Debug, Default)]
pub(crate) struct Listing {
    pub(crate) threads: Vec<Thread>,
    /// Boards below this one.
    pub(crate) boards: Vec<Thread>,
    /// How the next page is asked for.
    pub(crate) next: Option<String>,
    /// Rows of which nothing can be made.
    pub(crate) unreadable: usize,
}

/// The posts of a thread.
#[derive(Debug)]
pub(crate) struct Posts {
    pub(crate) items: Vec<Item>,
    /// Keys of posts that are there as they were, and were not read again.
    pub(crate) kept: Vec<String>,
    /// What is missing from both is not in the thread.
    pub(crate) whole: bool,
}

impl From<Vec<Item>> for Posts {
    fn from(items: Vec<Item>) -> Self {
        Self {
            items,
            kept: Vec::new(),
            whole: true,
        }
    }
}
