//! What stands inside an item.

use discover_model::Refusal;
use discover_model::time::is_plausible;

use crate::parse::date;
use crate::parse::html::{absolute, scheme, web_address};
use crate::parse::names::El;
use crate::parse::types::{TextKind, language_tag};
use crate::prepare::scan::Tag;

use super::capture::Mode;
use super::draft::Draft;
use super::{Author, Family, Kind, Reader};

impl<'a> Reader<'a> {
    pub(super) fn draft(&self, tag: &Tag<'a>) -> Draft {
        let mut draft = Draft {
            link_rank: u8::MAX,
            title_rank: u8::MAX,
            author_rank: u8::MAX,
            ..Draft::default()
        };
        draft.entry.language = self.language().map(str::to_owned);
        if let Some(about) = tag.attribute("rdf:about") {
            let about = self.entities.decode(about);
            draft.entry.guid = Some(about.trim().to_owned());
            draft.permalink = true;
        }
        if let Some(link) = tag.attribute("href") {
            draft.link(1, absolute(&self.entities.decode(link), self.base()));
        }
        draft.entry.updated = tag.attribute("lastmod").and_then(date::parse);
        draft
    }

    /// Reads a child of an item; what it opens for its own children, if they are to be read one by one.
    pub(super) fn entry_child(&mut self, tag: &Tag<'a>, el: El) -> Option<Kind> {
        let atom = self.family != Family::Rss;
        let text_default = if atom {
            TextKind::Plain
        } else {
            TextKind::Html
        };
        match el {
            El::Title | El::DcTitle | El::MediaTitle | El::ItunesTitle => {
                let rank = match el {
                    El::Title => 0,
                    El::DcTitle => 1,
                    El::MediaTitle => 2,
                    _ => 3,
                };
                let title = self.construct_title(tag, text_default);
                self.with(|draft| {
                    if rank < draft.title_rank
                        && (!title.0.is_empty() || draft.entry.title.is_none())
                    {
                        if !title.0.is_empty() {
                            draft.title_rank = rank;
                        }
                        (draft.entry.title, draft.entry.title_kind) = (Some(title.0), title.1);
                    }
                });
            }
            El::Link => self.entry_link(tag),
            El::Description | El::Summary | El::ItunesSummary => {
                let text = self.construct(tag, text_default);
                self.with(|draft| draft.text(text));
            }
            El::AtomContent => {
                let source = tag.attribute("src").map(|src| self.entities.decode(src));
                let source = source.and_then(|src| web_address(&src, self.base()));
                let text = self.construct(tag, text_default);
                self.with(|draft| {
                    if let Some(source) = source {
                        draft.link(4, source.into());
                    } else {
                        draft.body(text);
                    }
                });
            }
            El::Encoded => {
                let text = self.construct(tag, TextKind::Html);
                self.with(|draft| draft.body(text));
            }
            El::Body => {
                let text = self.construct(tag, TextKind::Xhtml);
                self.with(|draft| draft.body(text));
            }
            El::Id | El::Guid => {
                let guid = self.value(tag).into_owned();
                let permalink = tag
                    .attribute("ispermalink")
                    .is_none_or(|value| value.trim().eq_ignore_ascii_case("true"));
                self.with(|draft| {
                    if !guid.is_empty() {
                        draft.entry.guid = Some(guid);
                        draft.permalink = permalink;
                    }
                });
            }
            El::Published | El::Updated => {
                let at = date::parse(&self.value(tag));
                self.with(|draft| {
                    let field = if el == El::Published {
                        &mut draft.entry.published
                    } else {
                        &mut draft.entry.updated
                    };
                    // Of several, one that can be.
                    let keeps = field.is_some_and(is_plausible) && !at.is_some_and(is_plausible);
                    if at.is_some() && !keeps {
                        *field = at;
                    }
                });
            }
            El::Author => {
                self.author = Author::default();
                return Some(Kind::Author);
            }
            El::Creator | El::ItunesAuthor => {
                let name = self.value(tag).into_owned();
                let author = name.to_lowercase();
                let rank = if el == El::Creator { 1 } else { 3 };
                self.with(|draft| {
                    if el == El::Creator && !name.is_empty() {
                        draft.entry.author_name = Some(name);
                    }
                    draft.author(rank, Some(author).filter(|author| !author.is_empty()));
                });
            }
            El::CommentFeed => {
                let address = self.value(tag);
                let address = web_address(&address, self.base());
                self.with(|draft| draft.entry.comments_feed = address);
            }
            El::CommentCount => {
                let count = self.value(tag).parse().ok();
                self.with(|draft| draft.entry.comments = count);
            }
            El::Comments => {
                let page = self.value(tag);
                let page = absolute(&page, self.base());
                self.with(|draft| draft.link(6, page));
            }
            El::Source => {
                let named = [tag.attribute("url"), tag.attribute("href")];
                for address in named.into_iter().flatten() {
                    let address = self.entities.decode(address).trim().to_owned();
                    self.with(|draft| draft.entry.source.push(address));
                }
                return Some(Kind::Source);
            }
            El::Language => {
                let tag = language_tag(&self.value(tag));
                self.with(|draft| draft.entry.language = tag.or(draft.entry.language.take()));
            }
            El::InReplyTo => self.in_reply_to(tag),
            El::Block => {
                let blocked = is_yes(&self.value(tag));
                self.with(|draft| {
                    if blocked {
                        draft.entry.block = Some(Refusal::Unlisted);
                    }
                });
            }
            El::Meta => {
                if is_noindex(tag) {
                    self.with(|draft| draft.entry.block = Some(Refusal::Noindex));
                }
            }
            El::Enclosure => {
                let address = tag.attribute("url").map(|url| self.entities.decode(url));
                let link = address.map(|address| absolute(&address, self.base()));
                self.with(|draft| draft.link(7, link.unwrap_or_default()));
            }
            El::MediaText => {
                let text = self.value(tag).into_owned();
                self.with(|draft| draft.media_text(text));
            }
            El::MediaGroup => return Some(Kind::Media),
            _ => return Some(Kind::Other),
        }
        None
    }

    /// A title; short enough that an unclosed one must not swallow its neighbours.
    pub(super) fn construct_title(
        &mut self,
        tag: &Tag<'a>,
        default: TextKind,
    ) -> (String, TextKind) {
        if self.family == Family::Rss {
            let captured = self.capture(tag, Mode::Value);
            return (captured.text.trim().to_owned(), TextKind::Html);
        }
        self.construct_resolved(tag, default)
    }

    pub(super) fn media_child(&mut self, tag: &Tag<'a>, el: El) -> Option<Kind> {
        match el {
            El::MediaTitle => {
                let title = self.value(tag).into_owned();
                self.with(|draft| {
                    if draft.title_rank > 2 && !title.is_empty() {
                        draft.title_rank = 2;
                        draft.entry.title = Some(title);
                    }
                });
                None
            }
            El::MediaText => {
                let text = self.value(tag).into_owned();
                self.with(|draft| draft.media_text(text));
                None
            }
            El::MediaGroup => Some(Kind::Media),
            _ => Some(Kind::Other),
        }
    }

    fn entry_link(&mut self, tag: &Tag<'a>) {
        let address = ["href", "rdf:resource"]
            .iter()
            .find_map(|name| tag.attribute(name));
        let Some(address) = address else {
            // Text is an address where RSS puts it; in a link of another relation it is that relation's.
            let own = matches!(relation(tag).as_str(), "alternate" | "");
            let link = self.value(tag);
            let link = absolute(&link, self.base());
            self.with(|draft| draft.link(if own { 0 } else { u8::MAX }, link));
            return;
        };
        let address = self.entities.decode(address);
        let link = absolute(&address, self.base());
        let web = web_address(&address, self.base());
        let relation = relation(tag);
        let kind = tag
            .attribute("type")
            .unwrap_or_default()
            .to_ascii_lowercase();
        let page = kind.is_empty() || kind.contains("html") || kind.starts_with("text/");
        self.with(|draft| match relation.as_str() {
            "alternate" | "" => draft.link(if page { 2 } else { 3 }, link),
            "replies" if kind.contains("xml") || kind.is_empty() => draft.entry.comments_feed = web,
            "via" | "related" => draft.extra_link(web),
            "enclosure" => draft.link(7, link),
            _ => {}
        });
        self.skip(tag);
    }

    fn in_reply_to(&mut self, tag: &Tag<'a>) {
        let reference = tag
            .attribute("ref")
            .map(|text| self.entities.decode(text).trim().to_owned());
        let link = tag.attribute("href").map(|text| self.entities.decode(text));
        let link = link.and_then(|link| web_address(&link, self.base()));
        self.with(|draft| {
            let entry = &mut draft.entry;
            if entry.in_reply_to.is_none() && entry.in_reply_to_link.is_none() {
                entry.in_reply_to = reference.filter(|reference| !reference.is_empty());
                entry.in_reply_to_link = link;
            }
        });
        self.skip(tag);
    }

    /// Passes over the content of an element that says all in its attributes.
    pub(super) fn skip(&mut self, tag: &Tag<'a>) {
        self.capture(tag, Mode::Value);
    }

    pub(super) fn author_child(&mut self, tag: &Tag<'a>, el: El) -> Option<Kind> {
        let part = match el {
            El::Name | El::Uri | El::Email => self.value(tag),
            _ => return Some(Kind::Other),
        };
        match el {
            El::Name => self.author.name = Some(part),
            El::Uri => self.author.uri = Some(part),
            _ => self.author.email = Some(part),
        }
        None
    }

    pub(super) fn source_child(&mut self, tag: &Tag<'a>, el: El) -> Option<Kind> {
        let address = match el {
            El::Id => self.value(tag).into_owned(),
            El::Link => match tag.attribute("href") {
                Some(address) => {
                    let address = self.entities.decode(address).into_owned();
                    self.skip(tag);
                    address
                }
                None => self.value(tag).into_owned(),
            },
            _ => return Some(Kind::Other),
        };
        self.with(|draft| {
            if draft.entry.source.len() < 8 {
                draft.entry.source.push(address);
            }
        });
        None
    }

    pub(super) fn finish_author(&mut self) {
        let author = self.author.stable();
        let name = self.author.name.take().map(|name| name.trim().to_owned());
        self.author = Author::default();
        let rank = if self.family == Family::Rss { 2 } else { 0 };
        match &mut self.entry {
            Some(draft) => {
                draft.entry.author_name = draft.entry.author_name.take().or(name);
                draft.author(rank, author);
            }
            None => self.feed_author = author.or(self.feed_author.take()),
        }
    }

    fn with(&mut self, change: impl FnOnce(&mut Draft)) {
        if let Some(draft) = &mut self.entry {
            change(draft);
        }
    }

    pub(super) fn finish_entry(&mut self) {
        let Some(mut draft) = self.entry.take() else {
            return;
        };
        if let Some(guid) = &draft.entry.guid {
            // An address, or a part of one: not every opaque id that lacks a scheme.
            let relative = scheme(guid).is_none() && guid.contains('/');
            let id = if draft.permalink && relative {
                absolute(guid, self.base())
            } else {
                guid.clone()
            };
            let web = id.starts_with("http://") || id.starts_with("https://");
            if draft.permalink && web {
                draft.link(if self.family == Family::Rss { 4 } else { 8 }, id.clone());
            }
            draft.entry.id = Some(id);
        }
        let silent = |text: Option<&str>| text.is_none_or(|text| text.trim().is_empty());
        let says_nothing = silent(draft.entry.summary.as_deref())
            && draft
                .entry
                .content
                .iter()
                .all(|content| silent(Some(&content.value)));
        // A post of pictures alone says what their descriptions say.
        if says_nothing && let Some(text) = draft.media_text {
            draft.entry.content.clear();
            draft.entry.summary = Some(text);
            draft.entry.summary_kind = TextKind::Plain;
        }
        self.parsed.entries.push(draft.entry);
    }
}

/// The relation of a link, without the address that names it in full.
pub(super) fn relation(tag: &Tag<'_>) -> String {
    let rel = tag
        .attribute("rel")
        .unwrap_or_default()
        .trim()
        .to_ascii_lowercase();
    match rel.rsplit_once('/') {
        Some((start, name)) if start.starts_with("http") => name.to_owned(),
        _ => rel,
    }
}

pub(super) fn is_yes(text: &str) -> bool {
    ["yes", "true", "1"]
        .iter()
        .any(|yes| text.trim().eq_ignore_ascii_case(yes))
}

/// Whether a `meta` asks not to be indexed.
pub(super) fn is_noindex(tag: &Tag<'_>) -> bool {
    let name = tag.attribute("name").unwrap_or_default();
    let content = tag
        .attribute("content")
        .unwrap_or_default()
        .to_ascii_lowercase();
    name.eq_ignore_ascii_case("robots")
        && content
            .split(',')
            .any(|word| matches!(word.trim(), "noindex" | "none"))
}
