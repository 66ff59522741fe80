//! Radicale: one calendar of two, as any visitor gets it.

use super::{House, Server};

#[test]
fn a_real_calendar_server_gives_its_public_events_and_follows_changes() {
    let Some(server) = Server::ours("radicale") else {
        return;
    };
    let house = House::on_paper(
        "walks",
        &format!(
            "[[network.source]]\nkind = \"ical\"\nurl = \"{}/amina/town/\"",
            server.url
        ),
    );
    let first = house.crawl_in(0);
    assert_eq!(house.tally(), (8, 8, 0), "{first}");
    assert_eq!(first["refused"]["not_public"], 1, "{first}");
    assert_eq!(house.crawl()["stored"], 0);
    house.expect_clean("walks", "lantern");

    server.ask(&["change", "e1", "Torchlight procession"]);
    server.ask(&["change", "e3", "Lantern walk 3", "STATUS:CANCELLED\r\n"]);
    server.ask(&["change", "e20", "Lantern walk 20"]);
    server.ask(&["remove", "town", "e2"]);
    let later = house.crawl_in(2 * 24);
    assert_eq!(house.tally(), (7, 7, 0), "{later}");
    assert_eq!(house.found_in(2 * 24, "procession"), 1, "{later}");
    assert_eq!(house.found_in(2 * 24, "lantern"), 6, "{later}");

    house.closes_opens_and_leaves(
        "walks",
        4 * 24,
        ("torch", 7),
        || drop(server.ask(&["close"])),
        || drop(server.ask(&["open"])),
    );
}
