//! Any text of a message: quotations and signatures go, and nothing is added.
#![no_main]

use discover_crawler::parse::text::{plain, quotes};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    let own = quotes::mail(text);
    assert!(own.len() <= text.len());
    let _ = plain(&own);
});
