//! Any bytes uploaded as notes: taken or refused, never a panic; each item has a key and a text, and no two have one key.
#![no_main]

use std::collections::BTreeSet;

use discover_crawler::notes;
use discover_model::{NetworkId, Source, SourceKind, SourceOptions, VoiceKey, notes_address};
use jiff::tz::TimeZone;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let network = NetworkId::from_u128(1);
    let address = notes_address(network);
    let source = Source::new(network, SourceKind::Notes, address, SourceOptions::default());
    let Ok(text) = notes::text_of(bytes) else { return };
    let key = VoiceKey::new([1; 32]);
    if let Ok(read) = notes::read(&source, text, None, &TimeZone::UTC, &key) {
        let mut keys = BTreeSet::new();
        for item in read.items {
            assert!(!item.text.trim().is_empty());
            assert!(keys.insert(item.key));
        }
    }
});
