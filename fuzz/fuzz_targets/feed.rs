//! Any bytes at a feed's address: parsed or refused, never a panic, and every item has a key.
#![no_main]

use discover_crawler::parse::{self, Head};
use discover_model::{NetworkId, Source, SourceKind, SourceOptions};
use libfuzzer_sys::fuzz_target;
use url::Url;

fuzz_target!(|bytes: &[u8]| {
    let base = Url::parse("https://site.example/feed").expect("a fixed address");
    let head = Head { content_type: None, content_location: None, content_language: None };
    if let Ok(parsed) = parse::feed(bytes, &base, &head) {
        let source = Source::new(NetworkId::from_u128(1), SourceKind::Feed, base, SourceOptions::default());
        for item in parse::items(&parsed, &source) {
            assert!(!item.key.is_empty());
        }
    }
});
