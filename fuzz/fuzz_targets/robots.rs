//! Any robots.txt can be read, and an empty one allows everything.
#![no_main]

use discover_crawler::robots::Robots;
use libfuzzer_sys::fuzz_target;
use url::Url;

fuzz_target!(|bytes: &[u8]| {
    let url = Url::parse("https://site.example/a/b?c=d").expect("a fixed address");
    let robots = Robots::parse(bytes);
    let _ = robots.allows("Discover", &url);
    let _ = robots.crawl_delay("Discover");
});
