//! What a feed says, before conversion to plain text.

use std::sync::Arc;

use jiff::civil::Weekday;
use jiff::{SignedDuration, Timestamp};
use serde::ser::SerializeStruct;
use serde::{Serialize, Serializer};
use url::Url;

use discover_model::Refusal;

use crate::prepare::PrepareError;

/// Items read of one document; what follows is dropped and [`FeedHints::truncated`] set.
pub const MAX_ITEMS: usize = 10_000;

/// Response headers that bear on reading a body.
#[derive(Debug, Clone, Copy, Default)]
pub struct Head<'a> {
    pub content_type: Option<&'a str>,
    pub content_location: Option<&'a str>,
    pub content_language: Option<&'a str>,
}

/// Why bytes are no feed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ParseError {
    #[error(transparent)]
    Prepare(#[from] PrepareError),
    #[error("a web page, not a feed (a login or error page?)")]
    Html,
    #[error("neither RSS, Atom nor JSON Feed")]
    NotAFeed,
    #[error("not readable as JSON: {0}")]
    Json(String),
}

/// What a feed document says. Markup stays as published; [`Parsed::resolved`] makes it the shape of stage "parsed".
#[derive(Debug, Clone, PartialEq, Default, Serialize)]
pub struct Parsed {
    pub feed: ParsedFeed,
    pub entries: Vec<ParsedEntry>,
    #[serde(skip)]
    pub hints: FeedHints,
    /// What relative addresses in its texts are relative to; none where nothing was read.
    #[serde(skip)]
    pub base: Option<Arc<Url>>,
}

/// The feed itself.
#[derive(Debug, Clone, PartialEq, Default, Serialize)]
pub struct ParsedFeed {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub link: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub language: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub published: Option<Timestamp>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub updated: Option<Timestamp>,
}

/// How a text is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
pub enum TextKind {
    /// Markup means nothing in it.
    #[serde(rename = "text/plain")]
    Plain,
    #[default]
    #[serde(rename = "text/html")]
    Html,
    #[serde(rename = "application/xhtml+xml")]
    Xhtml,
}

/// One body of an entry.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Content {
    pub value: String,
    #[serde(rename = "type")]
    pub kind: TextKind,
    /// What its relative addresses are relative to, where it is not the document's own.
    #[serde(skip)]
    pub base: Option<Arc<Url>>,
}

/// One item of a feed. Only the fields named in API.md are written out; the rest is for [`super::items`].
#[derive(Debug, Clone, PartialEq, Default)]
pub struct ParsedEntry {
    /// As shown: a guid that is an address is resolved.
    pub id: Option<String>,
    pub title: Option<String>,
    pub title_kind: TextKind,
    pub link: Option<String>,
    pub published: Option<Timestamp>,
    pub updated: Option<Timestamp>,
    pub summary: Option<String>,
    pub summary_kind: TextKind,
    /// As [`Content::base`].
    pub summary_base: Option<Arc<Url>>,
    pub content: Vec<Content>,
    /// `thr:in-reply-to`: the id of the entry replied to, where it is given.
    pub in_reply_to: Option<String>,
    /// `thr:in-reply-to`: the address of the entry replied to.
    pub in_reply_to_link: Option<Url>,
    /// The id exactly as published, so that item keys do not move with the feed's address.
    pub guid: Option<String>,
    /// Stable name of the author: address, e-mail or name, as far as given. Hashed by the gate and dropped.
    pub author: Option<String>,
    /// The author's name as it is shown: taken out of title and text, and dropped.
    pub author_name: Option<String>,
    /// Where replies to this entry are published (`wfw:commentRss`, `rel="replies"`).
    pub comments_feed: Option<Url>,
    /// `slash:comments`, `thr:total`.
    pub comments: Option<u32>,
    pub language: Option<String>,
    /// Links of the entry besides its own address (`via`, `related`, a link post's target).
    pub links: Vec<Url>,
    /// Addresses of the source named by `source`, for telling whether the entry is syndicated.
    pub source: Vec<String>,
    /// Why the entry must not be kept, where the feed itself says so.
    pub block: Option<Refusal>,
}

impl ParsedEntry {
    /// The summary, or the first body where there is none.
    pub fn summary(&self) -> Option<&str> {
        self.summary
            .as_deref()
            .or_else(|| self.content.first().map(|content| content.value.as_str()))
    }
}

impl Serialize for ParsedEntry {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut out = serializer.serialize_struct("entry", 8)?;
        let mut text = |name: &'static str, value: Option<&str>| match value {
            Some(value) => out.serialize_field(name, value),
            None => out.skip_field(name),
        };
        text("id", self.id.as_deref())?;
        text("title", self.title.as_deref())?;
        text("link", self.link.as_deref())?;
        text("summary", self.summary())?;
        text("in_reply_to", self.in_reply_to.as_deref())?;
        let mut time = |name: &'static str, value: Option<Timestamp>| match value {
            Some(value) => out.serialize_field(name, &value),
            None => out.skip_field(name),
        };
        time("published", self.published)?;
        time("updated", self.updated)?;
        if self.content.is_empty() {
            out.skip_field("content")?;
        } else {
            out.serialize_field("content", &self.content)?;
        }
        out.end()
    }
}

/// What a feed says about itself as a thing to poll: pace, paging, hubs, what was taken back.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct FeedHints {
    pub ttl: Option<SignedDuration>,
    /// Hours of the day, in UTC, in which not to poll.
    pub skip_hours: Vec<u8>,
    pub skip_days: Vec<Weekday>,
    /// `sy:updatePeriod` divided by `sy:updateFrequency`.
    pub update_period: Option<SignedDuration>,
    pub hub: Option<Url>,
    pub self_url: Option<Url>,
    /// The next page of a paged feed (RFC 5005).
    pub next: Option<Url>,
    /// The archive document before this one (RFC 5005).
    pub prev_archive: Option<Url>,
    /// `fh:complete`: what is absent was removed.
    pub complete: bool,
    /// `fh:archive`: this document will not change.
    pub archive: bool,
    /// Ids of `at:deleted-entry` (RFC 6721).
    pub deleted: Vec<String>,
    /// `itunes:new-feed-url`: a claim, to be proved like a redirect.
    pub new_feed_url: Option<Url>,
    /// The feed asks not to be indexed (`xhtml:meta name="robots"`).
    pub noindex: bool,
    pub language: Option<String>,
    /// There were more than [`MAX_ITEMS`] items.
    pub truncated: bool,
}

/// A language tag as it may be passed on: first of a list, `_` as `-`, nothing where it is no tag.
pub(super) fn language_tag(text: &str) -> Option<String> {
    let tag = text.split([',', ';']).next()?.trim().replace('_', "-");
    let plain = tag.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-');
    (plain && (2..=35).contains(&tag.len())).then_some(tag)
}
