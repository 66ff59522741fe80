//! The JSON shapes of the API, which are also what pages and feeds render.
//!
//! Names are final; fields may be added. Absent values are left out, times are RFC 3339 UTC with `Z`, days
//! `YYYY-MM-DD`, ids lower-case base32. Nothing here names, counts or carries an author.

mod annotations;
mod answers;
mod brief;
mod consent;
mod digest;
mod elsewhere;
mod follows;
mod networks;
mod package;
mod search;
mod topics;
mod tray;
mod views;

use discover_model::{ConversationId, Direction, Language, SourceKind, TopicId};
use jiff::Timestamp;
use serde::Serialize;
use utoipa::ToSchema;

pub use annotations::*;
pub use answers::*;
pub use brief::*;
pub use consent::*;
pub use digest::*;
pub use elsewhere::*;
pub use follows::*;
pub use networks::*;
pub use package::*;
pub use search::*;
pub use topics::*;
pub use tray::*;
pub use views::*;

/// 128 bits in lower-case base32, 26 characters.
#[derive(Debug, ToSchema)]
#[schema(pattern = "^[a-z2-7]{26}$", example = "aaaaaaaaaaaaaaaaaaaaaaaaae")]
pub struct Id(pub String);

/// ISO 639-1 code of a language, 639-3 where there is no two-letter one.
#[derive(Debug, ToSchema)]
#[schema(pattern = "^[a-z]{2,3}$", example = "cy")]
pub struct LanguageCode(pub String);

/// Kind of a source.
#[derive(Debug, ToSchema)]
#[schema(
    pattern = "^(feed|wordpress|discourse|mastodon|atproto|lemmy|public-inbox|nodebb|flarum|html|ical|hyperkitty|notes)$",
    example = "discourse"
)]
pub struct Kind(pub String);

/// Direction of writing.
#[derive(Debug, ToSchema)]
#[schema(pattern = "^(ltr|rtl)$", example = "ltr")]
pub struct WritingDirection(pub String);

macro_rules! once {
    ($($of:ident.$count:ident),+) => {
        $(impl $of {
            /// Conversations, near copies once: how many a page says there are.
            pub const fn once(&self) -> u64 {
                self.$count.saturating_sub(self.near_copies)
            }
        })+
    };
}

once!(
    Bucket.count,
    DigestItem.conversations,
    DigestSearch.total,
    FacetRow.count,
    MatrixCell.count,
    NetworkCount.count,
    SearchPage.total,
    Side.total,
    Topic.conversations,
    TopicNetwork.count
);

/// Left out where it is not so.
#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde calls it so")]
pub(crate) const fn is_false(value: &bool) -> bool {
    !*value
}

/// Left out where there is none.
#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde calls it so")]
pub(crate) const fn is_none(count: &u64) -> bool {
    *count == 0
}

/// One page of a list.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct List<T> {
    pub items: Vec<T>,
    /// Cursor of the next page; absent on the last one. Also in the `Link` header.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next: Option<String>,
    /// Items in all pages, exact.
    pub total: u64,
    /// Version of what may be shown; grows when something is withdrawn or hidden.
    pub generation: u64,
}

/// A network, as it stands beside what it is the home of.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct NetworkRef {
    pub slug: String,
    pub name: String,
}

/// An area that a network says it serves. No place is ever read from a post.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct AreaRef {
    /// What the parameter `area` takes.
    #[schema(example = "council-ashmere")]
    pub slug: String,
    #[schema(pattern = "^(council|ward|health-board)$")]
    pub kind: String,
    pub name: String,
}

/// Nearly identical texts elsewhere; they count once.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
pub struct Copies {
    /// Texts besides this one.
    pub count: u32,
    /// Networks they stand in, this one's own included.
    pub networks: u32,
}

/// A root post and its replies, with at most 300 characters of its text and the way to the original.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct Conversation {
    #[schema(value_type = Id)]
    pub id: ConversationId,
    pub title: String,
    /// The original, at its network; or what its network links to, where there is `links_to`. Of notes, its page here.
    #[schema(format = "uri")]
    pub url: String,
    /// Host that `url` leads to, where it is none that the network proved to be its own: nothing there is the network's word.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub links_to: Option<String>,
    pub network: NetworkRef,
    #[schema(value_type = Kind)]
    pub kind: SourceKind,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<LanguageCode>)]
    pub language: Option<Language>,
    #[schema(value_type = WritingDirection)]
    pub direction: Direction,
    /// Absent where no post says when it was written.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = DateTime)]
    pub started: Option<Timestamp>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = DateTime)]
    pub last_active: Option<Timestamp>,
    /// Nobody knows when it was written: there is no `started` and no `last_active`.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub undated: bool,
    pub posts: u64,
    pub voices: u64,
    #[schema(max_length = 300)]
    pub excerpt: String,
    /// The whole of an item of notes, redacted: it has no original elsewhere. Only of one conversation, never in a list, a
    /// search or an export.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub text: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub copies: Option<Copies>,
    /// Topics it belongs to that are large enough to be shown, widest first.
    #[schema(value_type = Vec<Id>)]
    pub topics: Vec<TopicId>,
    /// Where the proof of consent is.
    pub consent: String,
}

/// Whether a topic looks coordinated; says what was seen, never who.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Coordinated {
    pub flag: bool,
    pub reason: String,
}

impl Coordinated {
    /// By what was seen, where anything was.
    pub(crate) fn by(reason: Option<&String>) -> Option<Self> {
        reason.map(|reason| Self {
            flag: true,
            reason: reason.clone(),
        })
    }
}
