//! An item while it is being read: which of several titles, links, authors and texts holds.

use url::Url;

use crate::parse::types::{Content, ParsedEntry};

/// Most extra links kept of one item.
const MAX_LINKS: usize = 50;
/// Longest text gathered of the descriptions of an item's media, in bytes.
const MAX_MEDIA_TEXT: usize = 64 * 1024;

/// An item being read.
#[derive(Default)]
pub(super) struct Draft {
    pub(super) entry: ParsedEntry,
    /// How good the link is; lower is better.
    pub(super) link_rank: u8,
    pub(super) title_rank: u8,
    pub(super) author_rank: u8,
    pub(super) has_content: bool,
    /// The guid is an address.
    pub(super) permalink: bool,
    /// Descriptions of its media.
    pub(super) media_text: Option<String>,
}

impl Draft {
    pub(super) fn link(&mut self, rank: u8, link: String) {
        if !link.is_empty() && rank < self.link_rank {
            self.link_rank = rank;
            self.entry.link = Some(link);
        }
    }

    pub(super) fn extra_link(&mut self, link: Option<Url>) {
        if let Some(link) = link
            .filter(|link| self.entry.links.len() < MAX_LINKS && !self.entry.links.contains(link))
        {
            self.entry.links.push(link);
        }
    }

    pub(super) fn media_text(&mut self, text: String) {
        if text.is_empty() {
            return;
        }
        match &mut self.media_text {
            None => self.media_text = Some(text),
            Some(held) if held.len() + text.len() < MAX_MEDIA_TEXT && !held.contains(&text) => {
                held.push_str("\n\n");
                held.push_str(&text);
            }
            Some(_) => {}
        }
    }

    /// The second text of an item is its body, the first its summary.
    pub(super) fn text(&mut self, text: Content) {
        if self.entry.summary.is_some() && !self.has_content {
            self.body(text);
        } else {
            self.entry.summary = Some(text.value);
            self.entry.summary_kind = text.kind;
            self.entry.summary_base = text.base;
        }
    }

    pub(super) fn body(&mut self, text: Content) {
        self.has_content = true;
        self.entry.content.push(text);
    }

    pub(super) fn author(&mut self, rank: u8, author: Option<String>) {
        if rank < self.author_rank && author.is_some() {
            self.author_rank = rank;
            self.entry.author = author;
        }
    }
}
