//! A clock that jumped, or a process that was off for long: what is past its term is never shown, and goes.

use super::{POSTS, said_everywhere, shown, signs, world};
use crate::support::binary::{self, Serving};
use crate::support::networks::World;

fn doctor(data: &str, clock: &str) -> String {
    let output = binary::run(&[
        "--data",
        data,
        "--allow-loopback",
        "--clock",
        clock,
        "doctor",
    ]);
    binary::stdout(&output)
}

#[test]
fn an_expiry_that_waits_hides_says_so_and_goes_on_by_a_command() {
    let world = world();
    let data = world.data();
    let data = data.to_str().expect("a path");
    // Far behind every retention; the proofs have expired too, so that only the sign is looked at.
    let serve = |clock: &str| {
        Serving::start(
            &world.data(),
            &["--allow-loopback", "--clock", clock, "serve", "--no-crawl"],
        )
    };
    let year = i64::from(
        jiff::Timestamp::try_from(std::time::SystemTime::now())
            .expect("a clock")
            .to_zoned(jiff::tz::TimeZone::UTC)
            .year(),
    ) + 2;
    let late = format!("{year}-01-01T00:00:00Z");
    let serving = serve(&late);
    let started = std::time::Instant::now();
    while signs(&serving)["expiry_waits"].is_null() {
        assert!(started.elapsed().as_secs() < 30, "{}", serving.said());
        std::thread::sleep(std::time::Duration::from_millis(100));
    }
    assert_eq!(shown(&serving), 0);
    let way = "discover admin expire --confirm";
    said_everywhere(&world.data(), &serving, "expiry_waits", way);
    let said = doctor(data, &late);
    assert!(said.contains("discover admin expire --confirm"), "{said}");

    let registry = world.registry();
    let arguments = World::arguments(
        data,
        registry.to_str().expect("a path"),
        &["admin", "expire", "--confirm"],
    );
    let said = binary::succeed(&arguments);
    assert!(said.contains(&format!("{} posts", 2 * POSTS)), "{said}");
    assert!(signs(&serving)["expiry_waits"].is_null());
}
