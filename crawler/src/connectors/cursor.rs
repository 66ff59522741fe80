//! Where each connector stands between two visits: a part of its source's state, under the rules of [`crate::state`].

use std::collections::{BTreeMap, BTreeSet};

use discover_model::Mark;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use url::Url;

use super::discourse::marks::Marks;
use super::feed::window::Window;
use super::forum::thread::Thread;
use super::wordpress::manner::Manner;
use crate::parse;

/// Threads remembered of one list.
const MAX_MARKS: usize = 4000;
/// Posts remembered of one list.
const MAX_POSTS: usize = 20_000;

/// Where a connector stands between two visits.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Cursor {
    #[default]
    None,
    Feed(Box<FeedCursor>),
    Discourse(DiscourseCursor),
    Wordpress(WordpressCursor),
    Mastodon(MastodonCursor),
    Atproto(AtprotoCursor),
    PublicInbox(PublicInboxCursor),
    Ical(IcalCursor),
    /// By the name of the list.
    Forum(BTreeMap<String, ForumCursor>),
}

/// Where the visits to a feed stand.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct FeedCursor {
    /// The walk into the past, while it lasts.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) archive: Option<Archive>,
    /// What a complete feed named.
    #[serde(rename = "all", skip_serializing_if = "BTreeSet::is_empty")]
    pub(super) complete: BTreeSet<Mark>,
    /// What it named last time.
    #[serde(rename = "named", skip_serializing_if = "Window::is_empty")]
    pub(super) window: Window,
    /// When a feed of comments, which have no pages of their own, last came whole.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) whole: Option<Timestamp>,
    /// Comment feeds, with the key of the item they belong to.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) comments: Vec<(Url, String)>,
    /// Items wait whose pages no visit had time for.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub(super) behind: bool,
    /// Where the feed says it has moved (`itunes:new-feed-url`).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) claims: Option<Url>,
    /// The hub that the feed names, and the address it names itself by there.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) hub: Option<(Url, Url)>,
    /// Guids that several items share.
    #[serde(rename = "shared", skip_serializing_if = "BTreeMap::is_empty")]
    pub(super) repeated: parse::Repeated,
    /// What the feed said about its pace, for visits that are answered 304.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) pace: Option<KeptPace>,
}

#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub(super) struct Archive {
    pub(super) next: Option<Url>,
    pub(super) seen: BTreeSet<u64>,
}

/// Lower bounds that stand in the feed itself, in seconds.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub(super) struct KeptPace {
    pub(super) ttl: Option<i64>,
    pub(super) period: Option<i64>,
    pub(super) skip_hours: Vec<u8>,
    /// Monday is 1.
    pub(super) skip_days: Vec<i8>,
    pub(super) unconditional: bool,
}

impl FeedCursor {
    /// Takes out what names withdrawn items.
    pub(crate) fn forget(&mut self, withdrawn: impl Fn(&str) -> bool) {
        self.comments.retain(|(_, key)| !withdrawn(key));
    }
}

/// Where the visits to a Discourse forum stand.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct DiscourseCursor {
    /// The page of the list at which the walk to its end goes on.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) walk: Option<u32>,
    /// The walk has begun once; without a `walk` it has also ended.
    pub(super) begun: bool,
    /// Topics without a mark that were last active before this moment were read before.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) known_before: Option<Timestamp>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) walk_began: Option<Timestamp>,
    /// The list does not come by latest activity, so that no page says anything about those after it.
    pub(super) unsorted: bool,
    /// The page of an unsorted list whose turn it is.
    #[serde(skip_serializing_if = "is_zero")]
    pub(super) turn: u32,
    pub(super) marks: Marks,
    /// Topics that could not be read last time.
    #[serde(skip_serializing_if = "BTreeSet::is_empty")]
    pub(super) retry: BTreeSet<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) categories: Option<KnownCategories>,
}

/// Categories as an anonymous visitor is told them.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(super) struct KnownCategories {
    pub(super) at: Timestamp,
    /// Id to slug; restricted ones are left out.
    pub(super) open: BTreeMap<u64, String>,
    pub(super) restricted: BTreeSet<u64>,
    /// The forum tells no categories; then what it lists counts as open.
    #[serde(default)]
    pub(super) absent: bool,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde asks by reference")]
fn is_zero(page: &u32) -> bool {
    *page == 0
}

/// Where the walks through a WordPress site stand.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct WordpressCursor {
    pub(super) posts: Walk,
    pub(super) comments: Walk,
    /// Posts that are protected: their comments are refused as well.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) protected: Vec<u64>,
    /// Posts that changed, whose comments are to be read.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) changed: Vec<u64>,
    /// How the site lets itself be asked.
    #[serde(skip_serializing_if = "Manner::is_usual")]
    pub(super) manner: Manner,
}

#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub(super) struct Walk {
    /// Everything changed up to then was read.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) since: Option<Timestamp>,
    /// The page at which an unfinished walk goes on, and what becomes `since` at its end.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) page: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) newest: Option<Timestamp>,
    /// Something waits for another look at its page: what was read so far is read again.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub(super) waits: bool,
    /// When it was last begun.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) walked: Option<Timestamp>,
}

/// Where each Mastodon account's timeline stands.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct MastodonCursor {
    pub(super) accounts: BTreeMap<String, Timeline>,
}

#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub(super) struct Timeline {
    /// Everything up to this id was read.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) since: Option<String>,
    /// An unfinished walk goes on before this id; `newest` becomes `since` at its end.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) before: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) newest: Option<String>,
    /// Statuses handed over, so many as are remembered: they go with the account.
    #[serde(rename = "statuses", skip_serializing_if = "BTreeSet::is_empty")]
    pub(super) known: BTreeSet<Mark>,
}

/// Where each atproto account stands.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct AtprotoCursor {
    pub(super) accounts: BTreeMap<String, Repo>,
}

#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub(super) struct Repo {
    /// The handle's DID, resolved once and pinned: a handle that changes hands is not the registered account.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) did: Option<String>,
    /// The repository's revision that was read to its end.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) rev: Option<String>,
    /// An unfinished walk goes on here.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) page: Option<String>,
    #[serde(rename = "records", skip_serializing_if = "BTreeSet::is_empty")]
    pub(super) known: BTreeSet<Mark>,
    /// Seen in the walk under way.
    #[serde(rename = "walked", skip_serializing_if = "BTreeSet::is_empty")]
    pub(super) seen: BTreeSet<Mark>,
}

/// Where the walk into a mailing list's past stands.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct PublicInboxCursor {
    /// Messages up to then were read.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) since: Option<Timestamp>,
    /// An unfinished walk goes on before then; `newest` becomes `since` at its end.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) before: Option<Timestamp>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) newest: Option<Timestamp>,
}

/// What a calendar held at the last visit.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct IcalCursor {
    #[serde(rename = "named", skip_serializing_if = "BTreeSet::is_empty")]
    pub(super) known: BTreeSet<Mark>,
}

/// Where the walk through one list of a forum stands.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct ForumCursor {
    pub(super) begun: bool,
    /// The page at which the walk to the list's end goes on.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) walk: Option<String>,
    #[serde(rename = "threads", skip_serializing_if = "BTreeMap::is_empty")]
    pub(super) marks: BTreeMap<Mark, ThreadMark>,
    /// Threads that could not be read last time.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub(super) retry: BTreeMap<String, Thread>,
}

#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub(super) struct ThreadMark {
    #[serde(rename = "f")]
    pub(super) print: u64,
    #[serde(rename = "a")]
    pub(super) active: i64,
    /// The posts that stand in it.
    #[serde(rename = "p", skip_serializing_if = "Vec::is_empty")]
    pub(super) posts: Vec<Mark>,
    /// Only where nothing else says in which thread a kept post stands.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) id: Option<String>,
}

impl ForumCursor {
    pub(super) fn is_unfinished(&self) -> bool {
        self.walk.is_some() || !self.retry.is_empty()
    }

    /// Keeps the memory bounded: the threads longest quiet lose first their posts, then their marks.
    pub(super) fn forget(&mut self) {
        let mut posts: usize = self.marks.values().map(|mark| mark.posts.len()).sum();
        if self.marks.len() <= MAX_MARKS && posts <= MAX_POSTS {
            return;
        }
        let mut oldest: Vec<(i64, Mark)> = self
            .marks
            .iter()
            .map(|(name, mark)| (mark.active, *name))
            .collect();
        oldest.sort_unstable();
        for (_, name) in oldest {
            let crowded = self.marks.len() > MAX_MARKS / 10 * 9;
            if !crowded && posts <= MAX_POSTS / 10 * 9 {
                break;
            }
            if let Some(mark) = self.marks.get_mut(&name) {
                posts -= mark.posts.len();
                mark.posts = Vec::new();
            }
            if crowded {
                self.marks.remove(&name);
            }
        }
    }
}
