//! A Fossil forum: its pages, by its preset.

use super::{House, Server};

/// The address of the n-th reply in the thread called `title`, as the server shows it.
fn second_post(server: &Server, title: &str) -> String {
    let list = server.run("curl", &["-s", &format!("{}/forum", server.url)]);
    let line = list
        .lines()
        .find(|line| line.contains(&format!("{title}<")))
        .expect("the thread is listed");
    let path = line.split('"').nth(1).expect("a link");
    let page = server.run("curl", &["-s", &format!("{}{path}", server.url)]);
    let hashes: Vec<&str> = page
        .split("/forumpost/")
        .filter_map(|rest| rest.split_once("?raw").map(|(hash, _)| hash))
        .filter(|hash| hash.bytes().all(|byte| byte.is_ascii_hexdigit()))
        .collect();
    hashes[1].to_owned()
}

#[test]
fn a_real_forum_gives_its_threads_and_takes_a_post_back() {
    let Some(server) = Server::find("fossil", "fossil") else {
        return;
    };
    let house = House::on_paper(
        "allotments",
        &format!(
            "[[network.source]]\nkind = \"html\"\nurl = \"{}/\"\npreset = \"fossil\"",
            server.url
        ),
    );
    // Somebody's reply waits for a moderator: everybody sees that it is there, and nobody what it says.
    let waits = second_post(&server, "Allotment waiting list 1");
    server.rig(&format!("reply held {waits} SECRET-reply"));

    let first = house.crawl();
    assert_eq!(house.tally(), (10, 30, 20), "{first}");
    assert_eq!(first["failed"], 0, "{first}");
    assert_eq!(first["refused"]["held"], 1, "{first}");
    let second = house.crawl();
    assert_eq!(
        (&second["stored"], &second["updated"], &second["removed"]),
        (&0.into(), &0.into(), &0.into()),
        "{second}"
    );
    house.expect_clean("allotments", "plot");
    // A word of the titles alone: the site's own name stands in a heading before them.
    assert_eq!(house.found_in(0, "allotment"), 10);

    let gone = second_post(&server, "Allotment waiting list 7");
    let url = format!("{}/forumpost/{gone}", server.url);
    let form = format!("fpid={gone}&nullout=1&mimetype=text/x-fossil-wiki&content=&submit=Submit");
    server.run(
        "curl",
        &[
            "-s",
            "-b",
            "jar.bob",
            "-e",
            &url,
            &format!("{}/forume2", server.url),
            "-d",
            &form,
        ],
    );
    let later = house.crawl_in_eight_days();
    // The thread keeps its question and the answer to what was deleted, which by its place on the page answers the question.
    assert_eq!(house.tally(), (10, 29, 19), "{later}");
    assert_eq!(later["removed"], 1, "{later}");
    let again = house.crawl();
    assert_eq!(
        (&again["stored"], house.tally()),
        (&0.into(), (10, 29, 19)),
        "{again}"
    );
}
