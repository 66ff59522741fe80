//! A mailing list in a public-inbox: Atom with replies; a withdrawn message answers 300.

use super::{House, Server};

#[test]
fn a_real_mailing_list_gives_its_messages_and_takes_one_back() {
    let Some(server) = Server::find("public-inbox", "public-inbox-httpd") else {
        return;
    };
    let house = House::on_paper(
        "wardens",
        &format!(
            "[[network.source]]\nkind = \"public-inbox\"\nurl = \"{}/town/\"",
            server.url
        ),
    );
    let first = house.crawl();
    // Ten questions with an answer each, and a message that its list will withdraw.
    assert_eq!(house.tally(), (11, 21, 10), "{first}");
    assert_eq!(first["failed"], 0, "{first}");
    let second = house.crawl();
    assert_eq!(
        (&second["stored"], &second["updated"], &second["removed"]),
        (&0.into(), &0.into(), &0.into()),
        "{second}"
    );

    server.rig("withdraw");
    let later = house.crawl_in_eight_days();
    assert_eq!(house.tally(), (10, 20, 10), "{later}");
    assert_eq!(later["removed"], 1, "{later}");
    // Also the message's own words have left every file, and no writer's address ever was in one.
    house.expect_clean("wardens", "gauge");
    let again = house.crawl();
    assert_eq!(
        (&again["stored"], house.tally()),
        (&0.into(), (10, 20, 10)),
        "{again}"
    );
}
