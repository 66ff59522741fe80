//! A clock that is moved beneath the process (libfaketime): what is past its term is hidden, nothing is lost, and a clock that
//! is set right again shows everything.

use std::path::Path;
use std::time::{Duration, Instant};

use super::{POSTS, said_everywhere, shown, signs, world};
use crate::support::binary::Serving;
use crate::support::skip::skip;

/// Where Debian's `libfaketime` puts the library.
const LIBRARIES: [&str; 2] = [
    "/usr/lib/x86_64-linux-gnu/faketime/libfaketimeMT.so.1",
    "/usr/lib/aarch64-linux-gnu/faketime/libfaketimeMT.so.1",
];

#[test]
fn a_clock_moved_beneath_the_process_by_years_and_back_hides_loses_nothing_and_is_said() {
    let Some(library) = LIBRARIES.into_iter().find(|path| Path::new(path).exists()) else {
        return skip("libfaketime is not installed (Debian: faketime)");
    };
    let world = world();
    let serve = |moved: &str| {
        let mut command = world.command(&["--listen", "127.0.0.1:0", "serve", "--no-crawl"]);
        command
            .env("LD_PRELOAD", library)
            .env("FAKETIME", moved)
            // Time that is counted is not moved with the time that is told.
            .env("FAKETIME_DONT_FAKE_MONOTONIC", "1")
            .env("DONT_FAKE_MONOTONIC", "1");
        Serving::try_spawn(command).expect("it starts")
    };
    // A clock that is right, told by the same library.
    assert_eq!(shown(&serve("+0d")), POSTS as u64);

    let ahead = serve("+800d");
    let asked = Instant::now();
    while signs(&ahead)["expiry_waits"].is_null() {
        assert!(
            asked.elapsed() < Duration::from_secs(30),
            "{}",
            ahead.said()
        );
        std::thread::sleep(Duration::from_millis(100));
    }
    assert_eq!(shown(&ahead), 0, "past its term by what the clock says");
    assert_eq!(ahead.get("/healthz").0, 200);
    drop(ahead);

    let behind = serve("-800d");
    let asked = Instant::now();
    while signs(&behind)["clock_off"].is_null() {
        assert!(
            asked.elapsed() < Duration::from_secs(30),
            "{}",
            behind.said()
        );
        std::thread::sleep(Duration::from_millis(100));
    }
    said_everywhere(&world.data(), &behind, "clock_off", "set it");
    assert_eq!(behind.get("/healthz").0, 200);
    drop(behind);

    let right = serve("+0d");
    let asked = Instant::now();
    while shown(&right) < POSTS as u64 {
        assert!(
            asked.elapsed() < Duration::from_secs(30),
            "{}",
            right.said()
        );
        std::thread::sleep(Duration::from_millis(100));
    }
}
