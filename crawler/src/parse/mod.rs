//! Parsing: foreign bytes to [`Parsed`], and from there to items.
//!
//! Contract: pure and total. No network, no clock, no panic on any bytes, time linear in the size of the input, and
//! no recursion: whatever the nesting of a document, the stack does not grow with it. A document that is damaged
//! gives what can be read of it; only one that is no feed at all is an error.

pub mod date;
mod html;
mod items;
mod json;
mod names;
#[cfg(test)]
mod tests;
pub mod text;
mod types;
mod undated;
mod withheld;
mod xml;

use std::sync::Arc;

use url::Url;

use crate::prepare::{self, PrepareError};

pub use items::{Repeated, items, items_with};
pub use types::{
    Content, FeedHints, Head, MAX_ITEMS, ParseError, Parsed, ParsedEntry, ParsedFeed, TextKind,
};
pub(crate) use undated::undated;

/// How far into a document the name of JSON Feed is looked for, in bytes.
const JSON_HEAD: usize = 4096;

/// Reads a feed: RSS 0.9 to 2.0 and RDF, Atom 0.3 and 1.0, CDF, JSON Feed.
///
/// `base` is the address the bytes came from; relative addresses are resolved against it (or `xml:base`).
pub fn feed(bytes: &[u8], base: &Url, head: &Head<'_>) -> Result<Parsed, ParseError> {
    let text = prepare::document(bytes, head.content_type)?;
    let base = head
        .content_location
        .and_then(|location| base.join(location.trim()).ok())
        .unwrap_or_else(|| base.clone());
    let start = text.trim_start();
    // A notice or a comment may stand before a JSON feed.
    let json_behind = |text: &str| {
        let head = text.get(..JSON_HEAD).unwrap_or(text);
        let named = head.contains("jsonfeed.org/version");
        named.then(|| json::feed(text, &base).ok()).flatten()
    };
    let mut parsed = if start.starts_with('{') {
        json::feed(start, &base)?
    } else if let Some(parsed) = json_behind(start) {
        parsed
    } else {
        if is_html_text(&text) {
            return Err(ParseError::Html);
        }
        xml::feed(&text, &base)?
    };
    if parsed.feed.language.is_none() {
        parsed.feed.language = head.content_language.and_then(types::language_tag);
    }
    withheld::mark(&mut parsed, &base);
    parsed.base = Some(Arc::new(base));
    Ok(parsed)
}

/// Whether the bytes are a web page: a login or captive page at a feed's address is an error, never an empty feed.
pub fn is_html(bytes: &[u8], content_type: Option<&str>) -> bool {
    match prepare::document(bytes, content_type) {
        Ok(text) => is_html_text(&text),
        Err(PrepareError::Empty) => false,
        Err(PrepareError::TooLarge(_)) => prepare::document(&bytes[..64 * 1024], content_type)
            .is_ok_and(|text| is_html_text(&text)),
    }
}

/// The first element decides; a document type alone does not (feeds with an XHTML document type exist).
fn is_html_text(text: &str) -> bool {
    use crate::prepare::scan::{Scanner, Token};
    let mut doctype = false;
    for token in Scanner::new(text).take(64) {
        match token {
            Token::Start(tag) => {
                let name = tag.local();
                return ["html", "head", "body"]
                    .iter()
                    .any(|html| name.eq_ignore_ascii_case(html))
                    || doctype && !xml::is_root(name);
            }
            Token::Doctype(text) => {
                doctype = text
                    .trim_start()
                    .get(..4)
                    .is_some_and(|name| name.eq_ignore_ascii_case("html"));
            }
            _ => {}
        }
    }
    false
}
