//! What would be taken of a file or page, without a network or a store: the basis of `discover inspect`.

use discover_model::{Item, Source, SourceKind};
use jiff::Timestamp;
use url::Url;

use crate::connectors::{discourse, html};
use crate::parse::{self, Head, ParseError, Parsed};
use crate::{discovery, page};

/// What bytes are, as far as this version can read them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sniffed {
    Feed,
    /// One topic of a Discourse forum (`/t/ID.json`).
    DiscourseTopic,
    Html,
    Unknown,
}

/// Tells what bytes are by looking into them; a declared content type is often wrong.
pub fn sniff(bytes: &[u8], head: &Head<'_>) -> Sniffed {
    let start = bytes.trim_ascii_start();
    if start.starts_with(b"{") && is_discourse_topic(bytes) {
        return Sniffed::DiscourseTopic;
    }
    if parse::is_html(bytes, head.content_type) {
        return Sniffed::Html;
    }
    let nowhere = Url::parse("http://localhost/");
    if nowhere.is_ok_and(|base| parse::feed(bytes, &base, head).is_ok()) {
        Sniffed::Feed
    } else {
        Sniffed::Unknown
    }
}

fn is_discourse_topic(bytes: &[u8]) -> bool {
    #[derive(serde::Deserialize)]
    struct Shape {
        #[expect(dead_code, reason = "only its presence counts")]
        post_stream: serde::de::IgnoredAny,
    }
    serde_json::from_slice::<Shape>(bytes).is_ok()
}

/// Stage "parsed" of a feed: HTML stays HTML.
pub fn parsed(bytes: &[u8], base: &Url, head: &Head<'_>) -> Result<Parsed, ParseError> {
    parse::feed(bytes, base, head).map(Parsed::resolved)
}

/// Why nothing can be shown of a file.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum InspectError {
    #[error(transparent)]
    Parse(#[from] ParseError),
    #[error("neither a feed nor a topic of a Discourse forum")]
    Unknown,
    #[error(
        "a web page in which no post is found: give a feed's address, or a thread's of a forum whose engine has a preset"
    )]
    NoPosts,
}

/// The preset for the engine that a page gives away.
pub fn preset_of(bytes: &[u8], base: &Url) -> Option<&'static str> {
    let html = page::text(bytes, None)?;
    discovery::engine_of(&html, base).map(|preset| preset.name.as_str())
}

/// The items in the bytes, as they would come to the gate.
pub fn items(
    bytes: &[u8],
    base: &Url,
    head: &Head<'_>,
    source: &Source,
    now: Timestamp,
) -> Result<Vec<Item>, InspectError> {
    match sniff(bytes, head) {
        Sniffed::DiscourseTopic => {
            discourse::inspect(bytes, base, source).ok_or(InspectError::Unknown)
        }
        Sniffed::Html if source.kind == SourceKind::Html => {
            html::inspect(bytes, base, source, now).ok_or(InspectError::NoPosts)
        }
        Sniffed::Feed | Sniffed::Html => Ok(parse::items(&parse::feed(bytes, base, head)?, source)),
        Sniffed::Unknown => Err(InspectError::Unknown),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing;

    #[test]
    fn a_real_topic_is_told_from_a_feed_and_gives_its_posts() {
        let head = Head::default();
        assert_eq!(sniff(b"<html><body>login", &head), Sniffed::Html);
        assert_eq!(
            sniff(
                b"<rss><channel><item><title>a</title></item></channel></rss>",
                &head
            ),
            Sniffed::Feed
        );
        assert_eq!(sniff(b"hello", &head), Sniffed::Unknown);
        let Some(topic) = testing::data("discourse/topics/1008.json") else {
            return;
        };
        assert_eq!(sniff(&topic, &head), Sniffed::DiscourseTopic);
        let base = Url::parse("https://forum.example/").expect("url");
        let source = testing::source(SourceKind::Discourse, &base);
        let items = items(&topic, &base, &head, &source, testing::NOW).expect("items");
        assert_eq!(items.len(), 4);
        assert!(items[0].title.is_some() && items[0].root.is_none());
        assert!(
            items[1..]
                .iter()
                .all(|item| item.root.as_ref() == Some(&items[0].key))
        );
        assert!(items.iter().all(|item| !item.text.contains("<p>")));
    }
}
