//! A tray: what it shows, what leaves it, how it goes along from page to page, and what it refuses.

use axum::http::StatusCode;
use discover_model::Visibility;

use super::withdrawal::publish;
use super::world::World;

/// Two conversations of different networks, a topic that quotes the second, and what it quotes.
async fn gathered(world: &World) -> (String, String, String, String) {
    let topics = world.json("/api/v1/topics?rank=emerging").await;
    let topic = topics["items"][0]["id"].as_str().expect("id").to_owned();
    let of_topic = world.json(&format!("/api/v1/topics/{topic}")).await;
    let quote = &of_topic["quotes"][0];
    let quoted = quote["conversation"].as_str().expect("id").to_owned();
    let text = quote["text"].as_str().expect("text").to_owned();
    let bread = world.json("/api/v1/search?q=sourdough").await;
    let bread = bread["items"][0]["id"].as_str().expect("id").to_owned();
    (bread, quoted, topic, text)
}

#[tokio::test]
async fn a_tray_shows_its_quotations_in_order_and_what_is_hidden_leaves_it_as_a_number() {
    let world = World::new().await;
    let (bread, quoted, topic, text) = gathered(&world).await;
    let never = "a".repeat(26);
    let query = format!("tray={bread}.{quoted}-{topic}.{never}");
    let tray = world.json(&format!("/api/v1/tray?{query}")).await;
    assert_eq!(tray["items"].as_array().map(Vec::len), Some(2), "{tray}");
    assert_eq!(
        (&tray["not_shown"], &tray["networks"]),
        (&1.into(), &2.into())
    );
    let [first, second] = [&tray["items"][0], &tray["items"][1]];
    assert_eq!(second["text"], text.as_str(), "as the topic quotes it");
    let page = world.json(&format!("/api/v1/conversations/{bread}")).await;
    assert_eq!(first["text"], page["excerpt"], "as its page has it");
    let reference = first["reference"].as_str().expect("a reference");
    for said in [
        "Bakers",
        "Sourdough in a cold kitchen",
        "13 October 2026",
        "http",
        &format!("https://discover.example/conversations/{bread}"),
    ] {
        assert!(reference.contains(said), "{said}: {reference}");
    }

    let outputs = [
        "/api/v1/tray",
        "/tray",
        "/tray/brief",
        "/tray/brief.md",
        "/tray.csv",
        "/tray.txt",
        "/cy/tray",
    ];
    for path in outputs {
        let answer = world.get(&format!("{path}?{query}")).await;
        assert_eq!(answer.status, StatusCode::OK, "{path}: {}", answer.text());
        let shown = answer.text();
        let there = shown.contains("Sourdough") || shown.contains("Feed the starter");
        assert!(there, "{path}: {shown}");
        assert!(answer.header("x-robots-tag").contains("noindex"), "{path}");
        assert!(!answer.header("etag").is_empty(), "{path}");
    }
    let workbook = world.get(&format!("/tray.xlsx?{query}")).await;
    assert!(workbook.body.starts_with(b"PK"));
    let large = world.get(&format!("/tray/brief?{query}&print=large")).await;
    assert!(large.text().contains("tray-brief large"));

    publish(
        &world,
        Visibility {
            generation: 1,
            conversations: [quoted.parse().expect("id")].into(),
            ..Visibility::default()
        },
    );
    let title = second["title"].as_str().expect("a title");
    for path in outputs {
        let shown = world.get(&format!("{path}?{query}")).await.text();
        assert!(
            !shown.contains(&text) && !shown.contains(title),
            "{path}: {shown}"
        );
    }
    let after = world.json(&format!("/api/v1/tray?{query}")).await;
    assert_eq!(after["not_shown"], 2);
    let page = world.get(&format!("/tray?{query}")).await.text();
    assert!(
        page.contains("2 quotations of this tray are not shown"),
        "{page}"
    );
    assert!(
        page.contains(&format!("href=\"/tray?tray={bread}\"")),
        "they can be dropped: {page}"
    );
}

#[tokio::test]
async fn quotations_are_put_in_and_taken_out_by_links_and_the_tray_goes_along() {
    let world = World::new().await;
    let (bread, quoted, topic, _) = gathered(&world).await;
    let plain = world.get("/search?q=sourdough").await.text();
    let put_in = format!("href=\"/search?q=sourdough&#38;tray={bread}#k-{bread}\"");
    assert!(
        plain.contains(&put_in) && plain.contains("rel=\"nofollow\""),
        "{plain}"
    );
    assert!(!plain.contains("tray-bar"), "none is open");
    let answer = world
        .get(&format!("/search?q=sourdough&tray={bread}"))
        .await;
    assert_eq!(answer.header("x-robots-tag"), "noindex, nofollow");
    let held = answer.text();
    for said in [
        "Your tray: 1 of 20".to_owned(),
        format!("href=\"/tray?tray={bread}\""),
        format!("href=\"/search?q=sourdough&#38;tray=#k-{bread}\""),
        format!("<input type=\"hidden\" name=\"tray\" value=\"{bread}\">"),
        format!("href=\"/conversations/{bread}?tray={bread}\""),
        format!("href=\"/topics?tray={bread}\""),
        "<link rel=\"canonical\" href=\"https://discover.example/search?q=sourdough\">".to_owned(),
        "href=\"/search.atom?q=sourdough\"".to_owned(),
    ] {
        assert!(held.contains(&said), "{said}: {held}");
    }
    // Of a topic the passage that it quotes, and in the language of the address.
    let page = format!("/cy/topics/{topic}?tray={bread}");
    let of_topic = world.get(&page).await.text();
    let put_in = format!("href=\"/cy/topics/{topic}?tray={bread}.{quoted}-{topic}#k-{quoted}\"");
    assert!(of_topic.contains(&put_in), "{put_in}: {of_topic}");
    assert!(of_topic.contains(&format!("href=\"/cy/tray?tray={bread}\"")));
    // Moved and taken out.
    let tray = format!("/tray?tray={bread}.{quoted}-{topic}");
    let tray = world.get(&tray).await.text();
    for said in [
        format!("href=\"/tray?tray={quoted}-{topic}.{bread}\""),
        format!("href=\"/tray?tray={bread}\""),
        format!("href=\"/tray?tray={quoted}-{topic}\""),
        "href=\"/tray?tray=\"".to_owned(),
    ] {
        assert!(tray.contains(&said), "{said}: {tray}");
    }
}

#[tokio::test]
async fn a_tray_that_cannot_be_read_is_refused_with_its_reason_wherever_it_is_carried() {
    let world = World::new().await;
    let (bread, ..) = gathered(&world).await;
    let many = vec!["a".repeat(26); 21].join(".");
    for (tray, said) in [
        ("nothing".to_owned(), "uotation 1: expected an id"),
        (
            format!("{bread}.{bread}"),
            "uotation 2 is of a conversation",
        ),
        (many, " tray holds 20 quotations, and these are 21"),
    ] {
        for path in ["/tray", "/tray.csv", "/search", "/topics", "/api/v1/tray"] {
            let answer = world.get(&format!("{path}?tray={tray}")).await;
            assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{path}");
            assert!(answer.text().contains(said), "{path}: {}", answer.text());
        }
        let other = world.get(&format!("/about?tray={tray}")).await;
        assert_eq!(other.status, StatusCode::OK, "it carries none");
    }
    let unused = world.get("/tray").await.text();
    assert!(unused.contains("There is nothing in it"), "{unused}");
}
