//! NodeBB 1.4: the oldest version that is still met, by the same API as later ones.

use super::{House, Server};

/// Who may see the category that everything was written in.
fn guests(server: &Server, verb: &str) {
    for group in ["guests", "registered-users"] {
        let rights = format!("[[\"find\", \"read\", \"topics:read\"], 2, \"{group}\"]");
        server.ask(&["privileges", &format!("categories.{verb}"), &rights]);
    }
}

#[test]
fn a_real_forum_of_2016_is_read_and_followed_and_a_closed_category_goes() {
    let Some(server) = Server::ours("nodebb") else {
        return;
    };
    let house = House::on_paper(
        "street",
        &format!(
            "[[network.source]]\nkind = \"nodebb\"\nurl = \"{}/\"",
            server.url
        ),
    );
    let first = house.crawl_in(0);
    // Eight topics of three posts, and the one that NodeBB brings.
    let (topics, posts, edges) = house.tally();
    assert_eq!((topics, posts), (9, 25), "{first}");
    assert!(edges >= 8, "{first}");
    assert_eq!(house.crawl()["stored"], 0);
    house.expect_clean("street", "round");

    // Topic 4 is the second round: posts 6 to 8.
    server.ask(&[
        "topics",
        "reply",
        "[{\"uid\": 1, \"tid\": 4, \"content\": \"The radiators came\"}]",
    ]);
    let later = house.crawl_in(24);
    assert_eq!(house.found_in(24, "radiators"), 1, "{later}");
    server.ask(&["posts", "edit", "[{\"uid\": 1, \"pid\": 9, \"content\": \"Who has underfloor heating?\", \"req\": {\"ip\": \"127.0.0.1\"}}]"]);
    server.ask(&["posts", "delete", "[7, 1]"]);
    let later = house.crawl_in(9 * 24);
    assert_eq!(house.found_in(9 * 24, "underfloor"), 1, "{later}");
    assert_eq!(later["removed"], 1, "{later}");
    assert_eq!(house.tally().1, 25, "{later}");
    server.ask(&["posts", "restore", "[7, 1]"]);
    let later = house.crawl_in(13 * 24);
    assert_eq!(house.tally().1, 26, "restored: {later}");

    // The list stays open and is empty; every topic asks for a login.
    guests(&server, "rescind");
    for day in [14, 17, 18, 19] {
        house.crawl_in(day * 24 + day);
    }
    assert_eq!(house.found_in(19 * 24, "heat"), 0, "closed");
    guests(&server, "give");
    let later = house.crawl_in(21 * 24);
    assert!(house.found_in(21 * 24, "heat") >= 7, "open again: {later}");
    house.leaves("street", 22 * 24, "radiators");
}
