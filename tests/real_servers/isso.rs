//! Isso: the comments of one page, over the feed that it gives of them. The page itself names none: a script brings them.

use super::{House, Server};

#[test]
fn the_feed_of_a_real_comment_server_is_followed_although_it_says_unchanged() {
    let Some(server) = Server::ours("isso") else {
        return;
    };
    let house = House::on_paper(
        "ford",
        &format!(
            "[[network.source]]\nkind = \"feed\"\nurl = \"{}/isso/feed?uri=/news/1/\"",
            server.url
        ),
    );
    let first = house.crawl_in(0);
    assert_eq!(house.tally(), (6, 12, 6), "{first}");
    assert_eq!(house.crawl()["stored"], 0);
    house.expect_clean("ford", "ford");

    // Isso's validators speak of the newest comment that answers none, and of nothing else.
    server.ask(&["edit", "1", "The stepping stones are under water"]);
    server.ask(&[
        "comment",
        "/news/1/",
        "3",
        "Cara Lloyd",
        "The gauge says two metres",
    ]);
    house.crawl_in(24);
    let later = house.crawl_in(4 * 24);
    assert_eq!(house.tally(), (6, 13, 7), "{later}");
    assert_eq!(house.found_in(4 * 24, "stepping"), 1, "{later}");
    assert_eq!(house.found_in(4 * 24, "metres"), 1, "{later}");
    server.ask(&["remove", "12"]);
    let later = house.crawl_in(9 * 24);
    assert_eq!(house.tally(), (6, 12, 6), "{later}");

    house.closes_opens_and_leaves(
        "ford",
        10 * 24,
        ("Mill", 5),
        || drop(server.ask(&["close", "401"])),
        || drop(server.ask(&["close", "no"])),
    );
}
