//! HyperKitty: a public list over the archive's API, and one for members beside it.

use super::{House, Server};

const LIST: &str = "town@lists.example.org";

#[test]
fn a_real_archive_gives_its_public_list_and_follows_what_happens_there() {
    let Some(server) = Server::ours("hyperkitty") else {
        return;
    };
    let house = House::on_paper(
        "wardens",
        &format!(
            "[[network.source]]\nkind = \"hyperkitty\"\nurl = \"{}/list/{LIST}/\"",
            server.url
        ),
    );
    let first = house.crawl_in(0);
    assert_eq!(house.tally(), (8, 16, 8), "{first}");
    assert_eq!(house.crawl()["stored"], 0);
    house.expect_clean("wardens", "gauge");

    let subject = "Re: Flood warden rota 1";
    server.ask(&["message", LIST, "t1-r2", "t1", subject, "Sandbags are here"]);
    let later = house.crawl_in(24);
    assert_eq!(house.tally(), (8, 17, 9), "{later}");
    assert_eq!(house.found_in(24, "sandbags"), 1);
    server.ask(&["remove", LIST, "t2-r1"]);
    let later = house.crawl_in(9 * 24);
    assert_eq!(house.tally(), (8, 16, 8), "{later}");
    assert_eq!(later["removed"], 1, "{later}");

    house.closes_opens_and_leaves(
        "wardens",
        10 * 24,
        ("gauge", 8),
        || drop(server.ask(&["policy", LIST, "private"])),
        || drop(server.ask(&["policy", LIST, "public"])),
    );
}
