//! Bytes that mean harm, or nothing at all: no panic, bounded time, nothing dangerous comes through.

use std::fmt::Write;

use discover_model::source::SourceOptions;
use discover_model::{NetworkId, Source, SourceKind};
use proptest::prelude::*;

use super::{base, parsed, read};
use crate::parse::text::html_to_text;
use crate::parse::{Head, MAX_ITEMS, ParseError, date, feed, is_html, items};
use crate::prepare::PrepareError;

fn source() -> Source {
    Source::new(
        NetworkId::from_u128(1),
        SourceKind::Feed,
        base(),
        SourceOptions::default(),
    )
}

/// Everything a document goes through.
fn run(bytes: &[u8]) {
    let _ = is_html(bytes, None);
    if let Ok(parsed) = feed(bytes, &base(), &Head::default()) {
        let _ = items(&parsed, &source());
        let _ = serde_json::to_string(&parsed.resolved()).expect("shape");
    }
}

/// Pieces that feeds are made of, so that random documents reach deep into the reader.
fn piece() -> impl Strategy<Value = String> {
    prop_oneof![
        "[ -~é年\u{202e}]{0,12}",
        prop::sample::select(vec![
            "<rss>",
            "<rss version='2.0' xmlns:dc='x'>",
            "<channel>",
            "</channel>",
            "<item>",
            "</item>",
            "<feed xmlns=\"http://www.w3.org/2005/Atom\">",
            "<entry>",
            "</entry>",
            "<title>",
            "</title>",
            "<title type='xhtml'><div>",
            "<description>",
            "</description>",
            "<link>",
            "</link>",
            "<link href='/a' rel='self'/>",
            "<guid>",
            "</guid>",
            "<![CDATA[",
            "]]>",
            "<!--",
            "-->",
            "<!DOCTYPE r [<!ENTITY a 'b'>]>",
            "&a;",
            "&#x1F600;",
            "&#",
            "&amp",
            "<",
            ">",
            "\"",
            "'",
            "<a href=\"",
            "<content type='image/png'>",
            "<content type=\"xhtml\" xml:base='/x'>",
            "</content>",
            "<media:group>",
            "<author><name>",
            "<source url='http://x/'>",
            "<pubDate>Mon, 01 Jan 2024 10:00:00 GMT</pubDate>",
            "<updated>2024-13-45T99:99:99Z</updated>",
            "<thr:in-reply-to ref='a'/>",
            "<svg:svg>",
            "</svg>",
            "<pre>",
            "<li>",
            "<script>",
            "<?xml",
            "?>",
            "</",
            "{\"version\":",
            "[",
            "}",
        ])
        .prop_map(str::to_owned),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn no_bytes_make_the_reader_panic(bytes in prop::collection::vec(any::<u8>(), 0..600)) {
        run(&bytes);
    }

    #[test]
    fn no_pieces_of_feeds_make_the_reader_panic(pieces in prop::collection::vec(piece(), 0..60)) {
        run(format!("<rss><channel>{}", pieces.concat()).as_bytes());
        run(format!("<feed><entry>{}", pieces.concat()).as_bytes());
        run(pieces.concat().as_bytes());
    }

    #[test]
    fn no_text_makes_the_date_reader_panic(text in "\\PC{0,40}") {
        let _ = date::parse(&text);
    }

    #[test]
    fn nothing_unseen_comes_out_of_markup(pieces in prop::collection::vec(piece(), 0..60)) {
        let text = html_to_text(&pieces.concat(), &base()).text;
        prop_assert!(!text.chars().any(|c| c.is_control() && c != '\n'));
        let overridden = text.contains('\u{202e}');
        prop_assert!(!overridden);
        prop_assert!(!text.contains("\n\n\n") && text.trim() == text);
    }
}

#[test]
fn a_real_feed_with_any_byte_changed_is_still_read() {
    for (at, (_, mut bytes)) in super::real_files().into_iter().enumerate() {
        // A fixed walk through the file, so that a failure can be repeated.
        let mut place = at * 7919;
        for byte in [b'<', b'>', b'&', b'"', 0, 0xff, b']', b'/'] {
            place = (place * 31 + 17) % bytes.len();
            bytes[place] = byte;
        }
        run(&bytes);
    }
}

/// A document of `count` pieces between `start` and `end`.
fn many(start: &str, piece: &str, count: usize, end: &str) -> String {
    format!("{start}{}{end}", piece.repeat(count))
}

#[test]
fn shapes_that_cost_other_readers_the_square_cost_this_one_the_length() {
    let rss = "<rss version='2.0' xmlns:media='http://search.yahoo.com/mrss/'><channel><item><title>first</title></item>";
    let shapes = [
        many(
            rss,
            "<media:group>",
            200_000,
            "<item><title>last</title></item>",
        ),
        many(rss, "<item>", 100_000, ""),
        many(rss, "<x>", 300_000, "</x>"),
        many(rss, "</x>", 300_000, ""),
        many(
            rss,
            "<item><description><![CDATA[a</description></item>",
            9_000,
            "]]>",
        ),
        many(rss, "<!-- ", 300_000, ""),
        many(rss, "<!DOCTYPE [", 100_000, ""),
        many(rss, "<a b=\"", 300_000, ""),
        many(rss, "<item xmlns:a='b'>", 9_000, ""),
        many(
            rss,
            "<item><title>&lt;</title><guid>x</guid></item>",
            9_000,
            "",
        ),
        format!("{rss}<item {}/>", "a='b' ".repeat(300_000)),
        many(
            &format!("{rss}<item><description>"),
            "<div>",
            300_000,
            "text",
        ),
        many(
            &format!("{rss}<item><description>"),
            "&lt;div&gt;",
            300_000,
            "text",
        ),
        many(
            &format!("{rss}<item><description>"),
            "&lt;svg&gt;&lt;script&gt;&lt;a href='",
            100_000,
            "text",
        ),
        many(
            &format!("{rss}<item><description>"),
            "&lt;!--",
            300_000,
            "text",
        ),
        many(
            "{\"version\":\"https://jsonfeed.org/version/1\",\"items\":",
            "[",
            300_000,
            "",
        ),
    ];
    for shape in shapes {
        run(shape.as_bytes());
    }
    let html = many("", "<div><b>", 300_000, "deep");
    assert_eq!(html_to_text(&html, &base()).text, "deep");
}

#[test]
fn items_after_a_pit_of_nested_elements_still_come_out() {
    let pit = many(
        "<rss xmlns:media='http://search.yahoo.com/mrss/'><channel><item><title>a</title>",
        "<media:group>",
        100_000,
        "",
    );
    let text = format!(
        "{pit}{}</item><item><title>b</title></item></channel></rss>",
        "</media:group>".repeat(100_000)
    );
    let parsed = parsed(&text);
    let titles: Vec<_> = parsed
        .entries
        .iter()
        .filter_map(|entry| entry.title.as_deref())
        .collect();
    assert_eq!(titles, ["a", "b"]);
}

#[test]
fn caps_hold() {
    let mut text = String::from("<rss><channel>");
    for number in 0..=MAX_ITEMS {
        let _ = write!(text, "<item><guid>{number}</guid></item>");
    }
    let parsed = parsed(&text);
    assert_eq!(parsed.entries.len(), MAX_ITEMS);
    assert!(parsed.hints.truncated);
    let large = vec![b' '; 8 * 1024 * 1024 + 1];
    assert_eq!(
        feed(&large, &base(), &Head::default()),
        Err(ParseError::Prepare(PrepareError::TooLarge(large.len())))
    );
}

#[test]
fn entities_neither_reach_out_nor_explode() {
    let text = "<!DOCTYPE rss [<!ENTITY a 'x'><!ENTITY b '&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;'><!ENTITY f SYSTEM 'file:///etc/passwd'>]>\
                <rss><channel><item><title>&b;&f;</title></item></channel></rss>";
    assert_eq!(
        parsed(text).entries[0].title.as_deref(),
        Some("xxxxxxxxxx&f;")
    );
}

#[test]
fn a_web_page_is_an_error_and_never_an_empty_feed() {
    for page in [
        "<!DOCTYPE html><html><head><title>Log in</title></head><body><item>x</item></body></html>",
        "\u{feff}\n<!-- x --><HTML lang=en><body>",
        "<!doctype html><main>Log in</main>",
    ] {
        assert!(
            is_html(page.as_bytes(), Some("application/rss+xml")),
            "{page}"
        );
        assert_eq!(read(page), Err(ParseError::Html));
    }
    for other in [
        "",
        "   ",
        "hello",
        "<opml version='2.0'/>",
        "{\"a\":1}",
        "[]",
        "<a><channel/></a>",
    ] {
        assert!(read(other).is_err(), "{other}");
        assert!(!is_html(other.as_bytes(), None));
    }
    assert!(!is_html(b"<rss><channel/></rss>", Some("text/html")));
}
