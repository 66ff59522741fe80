//! What was seen of the pages of a feed's items, by the marks of their addresses.

use std::collections::{BTreeMap, BTreeSet};

use discover_model::{Mark, Refusal};
use jiff::SignedDuration;
use serde::{Deserialize, Serialize};
use url::Url;

/// What was seen of a page that the feed lists no longer is remembered for so long.
const REMEMBERED: SignedDuration = SignedDuration::from_hours(24 * 60);
/// Pages remembered of one source.
const MAX_SEEN: usize = 2000;

/// What was seen of a page, and when, in seconds since 1970.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Seen {
    Live(i64),
    Withheld(i64, Refusal),
    /// There was no page: since when.
    Absent(i64),
    /// The server was in trouble: since when.
    Unsure(i64),
}

impl Seen {
    const fn at(self) -> i64 {
        match self {
            Self::Live(at) | Self::Withheld(at, _) | Self::Absent(at) | Self::Unsure(at) => at,
        }
    }
}

/// Pages of a source that were looked at.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct SeenPages(BTreeMap<Mark, Seen>);

impl SeenPages {
    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Whether some page was there.
    pub(crate) fn any_seen(&self) -> bool {
        self.0
            .values()
            .any(|seen| matches!(seen, Seen::Live(_) | Seen::Withheld(..)))
    }

    pub(crate) fn get(&self, page: Mark) -> Option<Seen> {
        self.0.get(&page).copied()
    }

    pub(crate) fn insert(&mut self, page: Mark, seen: Seen) {
        self.0.insert(page, seen);
    }

    /// What is there now is not what was seen.
    pub(crate) fn look_anew(&mut self, page: Mark) {
        self.0.remove(&page);
    }

    /// Forgets what is not `listed` any more and was seen long ago.
    pub(crate) fn keep(&mut self, listed: &BTreeSet<Mark>, now: i64) {
        self.0
            .retain(|page, seen| listed.contains(page) || now - seen.at() < REMEMBERED.as_secs());
        while self.0.len() > MAX_SEEN {
            let oldest = self.0.iter().min_by_key(|(_, seen)| seen.at());
            let Some(oldest) = oldest.map(|(page, _)| *page) else {
                break;
            };
            self.0.remove(&oldest);
        }
    }
}

/// The page that an address names a place on.
pub(crate) fn page_of(url: &Url) -> Url {
    let mut page = url.clone();
    page.set_fragment(None);
    page
}
