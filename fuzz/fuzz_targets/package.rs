//! Any bytes as an archive that was handed on: it is refused or checked, and reading it is bounded.
#![no_main]

use discover_server::check_package;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let _ = check_package(bytes, None);
});
