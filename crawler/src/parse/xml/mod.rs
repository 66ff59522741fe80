//! The tolerant reader of XML feeds: RSS of every version, RDF, Atom of every version, CDF.
//!
//! One pass over the tokens of the scanner with a bounded list of open elements. Nothing is refused for being
//! malformed: an end tag closes the nearest element of its name, an item that begins inside another ends it, what is
//! still open at the end is closed there. Only elements directly inside feed or item are theirs.

mod capture;
mod draft;
mod entry;
mod feed;

use std::borrow::Cow;
use std::sync::Arc;

use url::Url;

use crate::prepare::entities::Entities;
use crate::prepare::scan::{Scanner, Tag, Token, local};

use super::date;
use super::html::absolute;
use super::names::{El, Ns, customary, element, namespace};
use super::types::{MAX_ITEMS, ParseError, Parsed, language_tag};

/// Deepest nesting of a feed's own elements. What lies deeper is not opened, so it can neither grow the list of open
/// elements nor hide the items that follow it.
const MAX_DEPTH: usize = 64;

/// Reads a feed from XML.
pub(super) fn feed(text: &str, base: &Url) -> Result<Parsed, ParseError> {
    let mut reader = Reader::new(text, base);
    reader.run();
    if !reader.found {
        return Err(ParseError::NotAFeed);
    }
    Ok(reader.finish())
}

/// Whether a document that starts with this element is a feed.
pub(super) fn is_root(local: &str) -> bool {
    ["rss", "feed", "rdf", "channel", "item", "entry"]
        .iter()
        .any(|root| local.eq_ignore_ascii_case(root))
}

/// Which family of rules a document follows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Family {
    Rss,
    Atom03,
    Atom10,
}

/// What an open element is to its children.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Feed,
    Entry,
    Author,
    Source,
    SkipHours,
    SkipDays,
    Media,
    Other,
}

struct Open<'a> {
    name: &'a str,
    kind: Kind,
}

/// Who wrote: the parts of an author element.
#[derive(Default)]
struct Author<'a> {
    name: Option<Cow<'a, str>>,
    uri: Option<Cow<'a, str>>,
    email: Option<Cow<'a, str>>,
    text: String,
}

impl Author<'_> {
    /// Address, e-mail, name or the bare text, in lower case.
    fn stable(&self) -> Option<String> {
        [&self.uri, &self.email, &self.name]
            .into_iter()
            .flatten()
            .map(AsRef::as_ref)
            .chain([self.text.as_str()])
            .map(str::trim)
            .find(|part| !part.is_empty())
            .map(str::to_lowercase)
    }
}

struct Reader<'a> {
    scanner: Scanner<'a>,
    entities: Entities,
    open: Vec<Open<'a>>,
    /// Declared namespaces, `xml:base` and `xml:lang`, each with the depth at which it stands.
    namespaces: Vec<(usize, &'a str, Ns)>,
    bases: Vec<(usize, Arc<Url>)>,
    languages: Vec<(usize, String)>,
    family: Family,
    found: bool,
    full: bool,
    parsed: Parsed,
    entry: Option<draft::Draft>,
    author: Author<'a>,
    feed_author: Option<String>,
    description_rank: u8,
    link_rank: u8,
    period: Option<i64>,
    frequency: Option<i64>,
    blocked: bool,
}

impl<'a> Reader<'a> {
    fn new(text: &'a str, base: &Url) -> Self {
        Self {
            scanner: Scanner::new(text),
            entities: Entities::default(),
            open: Vec::with_capacity(8),
            namespaces: Vec::new(),
            bases: vec![(0, Arc::new(base.clone()))],
            languages: Vec::new(),
            family: Family::Rss,
            found: false,
            full: false,
            parsed: Parsed::default(),
            entry: None,
            author: Author::default(),
            feed_author: None,
            description_rank: u8::MAX,
            link_rank: u8::MAX,
            period: None,
            frequency: None,
            blocked: false,
        }
    }

    fn run(&mut self) {
        while let Some(token) = self.scanner.next() {
            match token {
                Token::Start(tag) => self.start(&tag),
                Token::End(name) => self.end(name),
                Token::Text(text) if self.top() == Kind::Author => {
                    let text = self.entities.decode(text);
                    self.author.text.push_str(&text);
                }
                Token::Cdata(text) if self.top() == Kind::Author => self.author.text.push_str(text),
                Token::Doctype(text) => self.entities.declare(text),
                Token::Text(_) | Token::Cdata(_) => {}
            }
            if self.full {
                break;
            }
        }
        self.close_to(0);
    }

    fn top(&self) -> Kind {
        self.open.last().map_or(Kind::Other, |open| open.kind)
    }

    fn base(&self) -> &Url {
        // The document's own base is never removed.
        &self.bases[self.bases.len() - 1].1
    }

    /// The base that holds here, where it is not the document's own.
    fn inner_base(&self) -> Option<Arc<Url>> {
        let inner = self.bases.get(1..)?.last()?;
        Some(Arc::clone(&inner.1))
    }

    fn language(&self) -> Option<&str> {
        self.languages.last().map(|(_, tag)| tag.as_str())
    }

    /// Notes what a tag declares for itself and its content, at `depth`.
    fn declare(&mut self, tag: &Tag<'a>, depth: usize) {
        if !tag.attributes.contains("xml") {
            return;
        }
        for (name, value) in tag.attributes() {
            if name == "xmlns" {
                let ns = namespace(value).unwrap_or(Ns::Core);
                self.namespaces.push((depth, "", ns));
            } else if let Some(prefix) = name.strip_prefix("xmlns:") {
                let ns = namespace(value).unwrap_or_else(|| customary(prefix));
                self.namespaces.push((depth, prefix, ns));
            } else if name == "xml:base" {
                let value = self.entities.decode(value);
                if let Ok(base) = self.base().join(value.trim()) {
                    self.bases.push((depth, Arc::new(base)));
                }
            } else if name == "xml:lang"
                && let Some(tag) = language_tag(value)
            {
                self.languages.push((depth, tag));
            }
        }
    }

    /// Forgets what was declared deeper than `depth`.
    fn forget(&mut self, depth: usize) {
        while self.namespaces.last().is_some_and(|(at, ..)| *at > depth) {
            self.namespaces.pop();
        }
        while self.bases.last().is_some_and(|(at, _)| *at > depth) {
            self.bases.pop();
        }
        while self.languages.last().is_some_and(|(at, _)| *at > depth) {
            self.languages.pop();
        }
    }

    fn ns(&self, tag: &Tag<'a>) -> Ns {
        let prefix = tag.prefix();
        self.namespaces
            .iter()
            .rev()
            .find(|(_, declared, _)| *declared == prefix)
            .map_or_else(|| customary(prefix), |(.., ns)| *ns)
    }

    fn start(&mut self, tag: &Tag<'a>) {
        let depth = self.open.len() + 1;
        self.declare(tag, depth);
        let el = element(self.ns(tag), tag.local());
        let opened = match el {
            El::Item => Some(self.start_item(tag)),
            El::Rss | El::Feed | El::Rdf | El::Channel => Some(self.start_root(tag, el)),
            _ => match self.top() {
                Kind::Entry => self.entry_child(tag, el),
                Kind::Media if self.entry.is_some() => self.media_child(tag, el),
                Kind::Author => self.author_child(tag, el),
                Kind::Source => self.source_child(tag, el),
                Kind::SkipHours | Kind::SkipDays => self.skip_child(tag, el),
                Kind::Feed => self.feed_child(tag, el),
                Kind::Other | Kind::Media => Some(Kind::Other),
            },
        };
        match opened {
            Some(kind) if tag.empty => self.closing(kind),
            Some(kind) if self.open.len() < MAX_DEPTH => {
                self.open.push(Open {
                    name: tag.name,
                    kind,
                });
                return;
            }
            _ => {}
        }
        let depth = self.open.len();
        self.forget(depth);
    }

    fn start_root(&mut self, tag: &Tag<'a>, el: El) -> Kind {
        let at_root = self.open.is_empty() || self.top() == Kind::Feed;
        if self.entry.is_some() || !at_root {
            return Kind::Other;
        }
        if el == El::Feed && !self.found {
            let version = tag.attribute("version").unwrap_or_default();
            let old = ["purl.org/atom", "purl.org/echo", "purl.org/pie"]
                .iter()
                .any(|ns| tag.attributes.contains(ns));
            self.family = if old || version.starts_with("0.") {
                Family::Atom03
            } else {
                Family::Atom10
            };
        }
        if let Some(about) = tag.attribute("rdf:about") {
            self.parsed
                .feed
                .id
                .get_or_insert_with(|| about.trim().to_owned());
        }
        if let Some(link) = tag.attribute("href").filter(|_| el == El::Channel) {
            self.parsed.feed.link = Some(absolute(link, self.base()));
        }
        if let Some(at) = tag.attribute("lastmod").and_then(date::parse) {
            self.parsed.feed.updated = Some(at);
        }
        if self.parsed.feed.language.is_none() {
            self.parsed.feed.language = self.language().map(str::to_owned);
        }
        self.found = true;
        Kind::Feed
    }

    fn start_item(&mut self, tag: &Tag<'a>) -> Kind {
        if self.entry.is_some() {
            // Directly inside an item, the end tag of that item is missing; deeper, this is no item of the feed.
            if self.top() != Kind::Entry {
                return Kind::Other;
            }
            self.close_to(self.open.len() - 1);
            let depth = self.open.len() + 1;
            self.declare(tag, depth);
        }
        if !self.found {
            if !self.open.is_empty() {
                return Kind::Other;
            }
            self.found = true;
            if tag.local().eq_ignore_ascii_case("entry") {
                self.family = Family::Atom10;
            }
        }
        if self.parsed.entries.len() >= MAX_ITEMS {
            self.full = true;
            self.parsed.hints.truncated = true;
            return Kind::Other;
        }
        self.entry = Some(self.draft(tag));
        self.author = Author::default();
        Kind::Entry
    }

    /// Closes the nearest open element of this name and everything inside it; an end tag of nothing is nothing.
    fn end(&mut self, name: &str) {
        if let Some(at) = self.opened(name) {
            self.close_to(at);
        }
    }

    fn opened(&self, name: &str) -> Option<usize> {
        self.open
            .iter()
            .rposition(|open| open.name.eq_ignore_ascii_case(name))
            // A prefix may be forgotten on one side.
            .or_else(|| {
                let found = self.open.last()?;
                let same = local(found.name).eq_ignore_ascii_case(local(name));
                same.then(|| self.open.len() - 1)
            })
    }

    fn close_to(&mut self, depth: usize) {
        while self.open.len() > depth {
            if let Some(open) = self.open.pop() {
                self.closing(open.kind);
            }
        }
        self.forget(depth);
    }

    fn closing(&mut self, kind: Kind) {
        match kind {
            Kind::Entry => self.finish_entry(),
            Kind::Author => self.finish_author(),
            _ => {}
        }
    }

    fn finish(mut self) -> Parsed {
        if let Some(period) = self.period {
            let seconds = period / self.frequency.unwrap_or(1).max(1);
            self.parsed.hints.update_period = Some(jiff::SignedDuration::from_secs(seconds));
        }
        self.parsed
            .hints
            .language
            .clone_from(&self.parsed.feed.language);
        for entry in &mut self.parsed.entries {
            if entry.author.is_none() && self.family != Family::Rss {
                entry.author.clone_from(&self.feed_author);
            }
            if self.blocked && entry.block.is_none() {
                entry.block = Some(discover_model::Refusal::Unlisted);
            }
        }
        self.parsed
    }
}
