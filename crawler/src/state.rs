//! What is remembered of a source between two visits. The caller keeps it as JSON, in the same transaction as the
//! items it covers.
//!
//! What stands here must not outlive a withdrawal: items, pages and threads are named by [`Mark`]s, never by their keys or
//! addresses. Only what has to be asked for stands as it is, and [`SourceState::forget`] takes it out.
//!
//! Rule: nothing here runs ahead of what was handed over. Validators, marks and cursors are set only after the items
//! they cover were pushed, so that a stop at any moment repeats work and loses none.

use std::collections::BTreeMap;

use discover_model::{Mark, PostId, Refusal, VoiceKey};
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use url::Url;

use crate::closure::Closed;
use crate::connectors::cursor::Cursor;
use crate::counts::Counts;
use crate::fetch::{FetchError, KnownRobots, Validators};
use crate::seen_pages::SeenPages;
use crate::trouble::Trouble;
use crate::websub::Subscription;

/// Pages whose validators are remembered, besides the source's own.
pub(crate) const MAX_PAGES: usize = 200;
/// A permanent redirect is kept after it stood this long and was seen this often.
const MOVE_AFTER: SignedDuration = SignedDuration::from_hours(7 * 24);
const MOVE_TIMES: u32 = 3;

/// Everything one visit leaves for the next. Unknown fields are ignored and missing ones are their defaults, so a
/// newer version reads an older state.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct SourceState {
    /// Where the source lives now, after a permanent redirect that stood for days.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub address: Option<Url>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub moving: Option<Moving>,
    /// Validators and body hash by page.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub pages: BTreeMap<String, PageState>,
    pub cursor: Cursor,
    /// The first crawl, with its walk into the past, is done.
    pub first_done: bool,
    /// Failures in a row.
    pub failures: u32,
    /// Threads that could not be read.
    #[serde(rename = "broken_threads", skip_serializing_if = "BTreeMap::is_empty")]
    pub broken: BTreeMap<Mark, Broken>,
    /// What became of everything that the last visit with anything to see saw.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub counts: Option<Counts>,
    /// Visitors cannot read the source.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub closed: Option<Closed>,
    /// Pages of a feed's items that were looked at.
    #[serde(rename = "pages_seen", skip_serializing_if = "SeenPages::is_empty")]
    pub seen_pages: SeenPages,
    /// The host asked for silence until then.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub silent_until: Option<Timestamp>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub robots: Option<KnownRobots>,
    /// Seconds between two posts of late, as far as seen.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rhythm: Option<i64>,
    /// The subscription to the hub that the feed names.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub push: Option<Subscription>,
    /// Since when something is wrong, for the owner.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub troubled_since: Option<Timestamp>,
    /// When kept posts were last looked at again.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rechecked: Option<Timestamp>,
    /// The page of some kept post was seen: then a 404 of another means something.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub seen_live: bool,
    /// Kept posts whose absence has to stand for days before it counts.
    #[serde(rename = "doubted", skip_serializing_if = "BTreeMap::is_empty")]
    pub doubts: BTreeMap<Mark, Doubt>,
}

/// What is known of one page.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct PageState {
    #[serde(flatten)]
    pub validators: Validators,
    /// Where they came from, if that was behind a redirect.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub of: Option<Url>,
    /// Hash of the body, for servers without validators and those that ignore them.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub hash: Option<u64>,
    /// Another page follows it.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub more: bool,
}

/// A permanent redirect that has not stood long enough to be kept.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Moving {
    pub to: Url,
    pub since: Timestamp,
    pub times: u32,
}

/// One thread that could not be read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Broken {
    pub times: u32,
    /// Not asked for before.
    pub next: Timestamp,
    pub cause: Cause,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Cause {
    /// 4xx, 5xx, no complete answer, or one that cannot be read.
    #[serde(rename = "thread_broken")]
    Broken,
    /// robots.txt.
    #[serde(rename = "thread_disallowed")]
    Disallowed,
    /// A login in its place.
    #[serde(rename = "thread_closed")]
    Closed,
}

impl Cause {
    pub(crate) fn of(trouble: &Trouble) -> Self {
        match trouble {
            Trouble::Fetch(FetchError::Robots(_)) => Self::Disallowed,
            _ if trouble.refusal() == Some(Refusal::LoginWall) => Self::Closed,
            _ => Self::Broken,
        }
    }

    pub const fn code(self) -> &'static str {
        match self {
            Self::Broken => "thread_broken",
            Self::Disallowed => "thread_disallowed",
            Self::Closed => "thread_closed",
        }
    }
}

/// A "no" that does not count at once, and since when it stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Doubt {
    pub last: Timestamp,
    pub times: u32,
}

impl SourceState {
    /// What stands for an item, by the id that its source derives for it.
    pub fn item_mark(secret: &VoiceKey, post: PostId) -> Mark {
        secret.mark("item", &post.to_string())
    }

    /// Takes out what still names items that were withdrawn, told by their keys as they are kept.
    pub fn forget(&mut self, withdrawn: impl Fn(&str) -> bool) {
        if let Cursor::Feed(cursor) = &mut self.cursor {
            cursor.forget(withdrawn);
        }
    }

    /// Forgets what says that something was read: what was kept of it is erased.
    pub(crate) fn read_anew(&mut self) {
        self.pages.clear();
        self.cursor = Cursor::default();
        self.first_done = false;
        self.doubts.clear();
        self.seen_pages = SeenPages::default();
        self.broken.clear();
    }

    /// Keeps count of a permanent redirect, and adopts it once it has stood. The permit covered every hop, so the new
    /// address is within the same consent.
    pub(crate) fn saw_address(&mut self, moved: Option<&Url>, now: Timestamp) {
        let Some(to) = moved else {
            self.moving = None;
            return;
        };
        match &mut self.moving {
            Some(moving) if moving.to == *to => {
                moving.times = moving.times.saturating_add(1);
                let stood = now.duration_since(moving.since) >= MOVE_AFTER;
                if stood && moving.times >= MOVE_TIMES {
                    self.address = Some(to.clone());
                    self.moving = None;
                }
            }
            _ => {
                self.moving = Some(Moving {
                    to: to.clone(),
                    since: now,
                    times: 1,
                });
            }
        }
    }

    /// Remembers a page, forgetting an arbitrary (but fixed) other one where there are too many.
    pub(crate) fn remember_page(&mut self, key: &str, page: PageState) {
        if self.pages.len() >= MAX_PAGES && !self.pages.contains_key(key) {
            self.pages.pop_first();
        }
        self.pages.insert(key.to_owned(), page);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_state_survives_json_and_an_unknown_field() {
        let mut state = SourceState::default();
        state.remember_page(
            "source",
            PageState {
                validators: Validators {
                    etag: Some("W/\"x\"".into()),
                    last_modified: None,
                },
                of: None,
                hash: Some(u64::MAX),
                more: true,
            },
        );
        let json = serde_json::to_string(&state).expect("json");
        assert_eq!(
            serde_json::from_str::<SourceState>(&json).expect("state"),
            state
        );
        let newer = json.replacen('{', "{\"later\":1,", 1);
        assert_eq!(
            serde_json::from_str::<SourceState>(&newer).expect("state"),
            state
        );
        assert_eq!(
            serde_json::from_str::<SourceState>("{}").expect("state"),
            SourceState::default()
        );
    }

    #[test]
    fn pages_are_bounded() {
        let mut state = SourceState::default();
        for n in 0..1000 {
            state.remember_page(&format!("{n:04}"), PageState::default());
        }
        assert_eq!(state.pages.len(), MAX_PAGES);
    }
}
