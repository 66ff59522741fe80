//! Items: keys that hold still, reply edges, text.

use discover_model::source::SourceOptions;
use discover_model::{Item, ItemState, NetworkId, Refusal, Source, SourceKind};

use super::{base, parsed};
use crate::parse::items;

fn read(text: &str) -> Vec<Item> {
    let source = Source::new(
        NetworkId::from_u128(1),
        SourceKind::Feed,
        base(),
        SourceOptions::default(),
    );
    items(&parsed(text), &source)
}

fn rss(items: &[&str]) -> Vec<Item> {
    let items = items.join("</item><item>");
    read(&format!(
        "<rss><channel><language>pl</language><item>{items}</item></channel></rss>"
    ))
}

fn keys(items: &[Item]) -> Vec<&str> {
    items.iter().map(|item| item.key.as_str()).collect()
}

#[test]
fn a_key_is_the_guid_else_the_link_else_the_text_and_never_the_title() {
    let items = rss(&[
        "<guid isPermaLink='false'>7</guid><title>a</title><link>http://www.x.example/1?utm_source=q</link>",
        "<title>b</title><link>http://www.x.example/2?utm_source=q</link>",
        "<title>c</title><description>text</description>",
    ]);
    assert_eq!(keys(&items)[..2], ["7", "https://x.example/2"]);
    assert!(items[2].key.starts_with("text:"));
    assert_eq!(items[2].state, ItemState::Withheld(Refusal::Malformed));
    let renamed = rss(&[
        "<guid isPermaLink='false'>7</guid><title>a!</title><link>http://www.x.example/1</link>",
        "<title>b!</title><link>https://x.example/2</link>",
    ]);
    assert_eq!(keys(&renamed), keys(&items[..2]));
    assert_eq!(items[0].language.as_deref(), Some("pl"));
}

#[test]
fn where_guids_collide_the_oldest_keeps_its_key_and_the_link_tells_the_others_apart() {
    let old = "<guid>g</guid><link>http://x.example/1</link><pubDate>Mon, 01 Jan 2024 10:00:00 GMT</pubDate><title>a</title>";
    let new = "<guid>g</guid><link>http://x.example/2</link><pubDate>Tue, 02 Jan 2024 10:00:00 GMT</pubDate><title>b</title>";
    assert_eq!(keys(&rss(&[old])), ["g"]);
    assert_eq!(keys(&rss(&[new, old])), ["g https://x.example/2", "g"]);
    assert_eq!(keys(&rss(&[old, new])), ["g", "g https://x.example/2"]);
    // The same entry twice is one item: the later revision.
    let revised = old
        .replace("01 Jan", "03 Jan")
        .replace("<title>a", "<title>revised");
    let items = rss(&[old, &revised]);
    assert_eq!(items.len(), 1);
    assert_eq!(items[0].title.as_deref(), Some("revised"));
}

#[test]
fn replies_name_their_parent_and_the_root_as_far_as_it_is_known() {
    let items = read(
        "<feed xmlns='http://www.w3.org/2005/Atom' xmlns:thr='http://purl.org/syndication/thread/1.0'>\
         <entry><id>urn:c</id><link href='http://x.example/c'/><thr:in-reply-to ref='urn:b' href='http://x.example/b'/></entry>\
         <entry><id>urn:b</id><link href='http://x.example/b'/><thr:in-reply-to href='http://x.example/a'/></entry>\
         <entry><id>urn:a</id><link href='http://x.example/a'/></entry>\
         <entry><id>http://x.example/?p=5#comment-9</id><link href='http://x.example/p#comment-9'/>\
         <thr:in-reply-to ref='http://x.example/?p=5#comment-8'/></entry>\
         <entry><id>urn:r1</id><thr:in-reply-to ref='urn:r2'/></entry><entry><id>urn:r2</id><thr:in-reply-to ref='urn:r1'/></entry></feed>",
    );
    let edges: Vec<_> = items
        .iter()
        .map(|item| (item.parent.as_deref(), item.root.as_deref()))
        .collect();
    assert_eq!(
        edges,
        [
            (Some("urn:b"), Some("urn:a")),
            (Some("urn:a"), Some("urn:a")),
            (None, None),
            (
                Some("http://x.example/?p=5#comment-8"),
                Some("http://x.example/?p=5")
            ),
            (Some("urn:r2"), None),
            (Some("urn:r1"), None),
        ]
    );
}

#[test]
fn the_fullest_text_is_taken_as_plain_text_with_its_links() {
    let items = rss(&[
        "<guid>1</guid><link>/1</link><title>A &amp;amp; &lt;b&gt;B&lt;/b&gt;</title><description>Short…</description>\
         <content:encoded>&lt;p&gt;One &lt;a href='/x'&gt;link&lt;/a&gt;.&lt;/p&gt;&lt;p&gt;Two.&lt;/p&gt;</content:encoded>",
    ]);
    assert_eq!(items[0].title.as_deref(), Some("A & B"));
    assert_eq!(items[0].text, "One link.\n\nTwo.");
    assert_eq!(items[0].links[0].as_str(), "https://site.example/x");
    assert_eq!(items[0].url.as_str(), "https://site.example/1");
}
