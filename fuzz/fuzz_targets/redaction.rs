//! Redaction is idempotent and its spans lie in order inside the text.
#![no_main]

use discover_model::redaction::redact;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    let once = redact(text);
    let length = text.chars().count();
    let mut last = 0;
    for span in &once.spans {
        assert!(last <= span.start && span.start < span.end && span.end <= length);
        last = span.end;
    }
    assert_eq!(redact(&once.text).text, once.text);
});
