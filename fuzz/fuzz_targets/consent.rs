//! No bytes without the right token are a proof.
#![no_main]

use discover_model::{NetworkId, Origin, proof};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let origin: Origin = "https://site.example".parse().expect("a fixed origin");
    assert!(proof::read_file(bytes, b"a key that no input knows", NetworkId::from_u128(1), &origin).is_err());
    if let Ok(text) = std::str::from_utf8(bytes) {
        assert!(proof::read_short(text, b"a key that no input knows", NetworkId::from_u128(1), &origin).is_err());
    }
});
