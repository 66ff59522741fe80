//! Any query is read or refused with a column inside it.
#![no_main]

use discover_indexer::query;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    if let Err(error) = query::parse(text) {
        assert!(error.column <= text.chars().count() + 1);
    }
});
