//! Any text's web addresses, and any address of a post: what is shown of one is shown again, and never who logs in by it.
#![no_main]

use discover_model::VoiceKey;
use discover_model::redaction::addresses::{self, Taken};
use libfuzzer_sys::fuzz_target;
use url::Url;

fuzz_target!(|text: &str| {
    let once = addresses::in_text(text);
    assert_eq!(addresses::in_text(&once), once);
    let Ok(url) = Url::parse(text) else { return };
    if let Some(link) = addresses::link(&url) {
        let link = Url::parse(&link).expect("a link is an address");
        assert!(link.username().is_empty() && link.password().is_none());
        assert_eq!(addresses::link(&link).as_deref(), Some(link.as_str()));
    }
    let page = Url::parse("https://site.example/forum").expect("a fixed address");
    let shown = addresses::shown(&url, text, &page, &[], &Taken::default(), &VoiceKey::new([7; 32]));
    if let Some(shown) = shown {
        assert!(shown.url.username().is_empty() && shown.url.password().is_none());
    }
});
