//! Briefs: page, Markdown and data say the same, and what they say can be checked.

use axum::http::StatusCode;
use serde_json::Value;

use super::world::World;

async fn topic(world: &World) -> String {
    let topics = world.json("/api/v1/topics?rank=emerging").await;
    topics["items"][0]["id"].as_str().expect("id").to_owned()
}

fn slugs(list: &Value) -> Vec<&str> {
    let items = list.as_array().expect("a list").iter();
    items.filter_map(|item| item["slug"].as_str()).collect()
}

#[tokio::test]
async fn a_brief_of_a_topic_says_who_speaks_who_does_not_and_how_to_check_it() {
    let world = World::new().await;
    let id = topic(&world).await;
    let brief = world.json(&format!("/api/v1/topics/{id}/brief")).await;
    let topic = world.json(&format!("/api/v1/topics/{id}")).await;
    for field in ["label", "conversations", "voices", "timeline", "list"] {
        assert_eq!(brief[field], topic[field], "{field}");
    }
    assert_eq!(slugs(&brief["could"]), ["bakers"]);
    assert_eq!(slugs(&brief["not_comparable"]), ["urdu-radio"]);
    assert_eq!(brief["looked_at"], 5);
    let weeks = brief["weeks"].as_array().expect("weeks").len();
    for network in brief["networks"].as_array().expect("networks") {
        let told: Vec<u64> = network["weeks"]
            .as_array()
            .expect("weeks")
            .iter()
            .filter_map(Value::as_u64)
            .collect();
        let count = network["count"].as_u64().expect("a count");
        assert_eq!(told.len(), weeks);
        assert!(told.iter().sum::<u64>() >= count && told.iter().all(|week| *week <= count));
    }
    let quotes = brief["quotes"].as_array().expect("quotes");
    assert!((1..=4).contains(&quotes.len()));
    let ledger = world.json("/api/v1/ledger?limit=100").await;
    let last = ledger["items"].as_array().and_then(|items| items.last());
    let last = last.expect("an entry");
    assert_eq!(brief["check"]["ledger_head"], last["hash"]);
    assert_eq!(brief["check"]["ledger_seq"], last["seq"]);

    let page = world.get(&format!("/topics/{id}/brief")).await.text();
    let markdown = world.get(&format!("/topics/{id}/brief.md")).await;
    assert_eq!(
        markdown.header("content-type"),
        "text/markdown; charset=utf-8"
    );
    let markdown = markdown.text();
    assert!(
        markdown.contains("Kidney \\<Friends\\> \\& Co"),
        "{markdown}"
    );
    assert!(
        markdown.contains("<https://notice.example/blood>"),
        "an address in a quotation leads there: {markdown}"
    );
    let markdown = markdown.replace('\\', "");
    let markdown = markdown.replace(
        "<https://notice.example/blood>",
        "https://notice.example/blood",
    );
    let text = quotes[0]["text"].as_str().expect("a text");
    let head = &last["hash"].as_str().expect("a hash")[..16];
    for said in [text, head, "Bakers", "(Urdu)"] {
        assert!(
            page.contains(said) && markdown.contains(said),
            "{said}: {markdown}"
        );
    }
    assert!(page.contains("class=\"qr\"") && !page.contains("class=\"brief-page large\""));
    let large = world.get(&format!("/topics/{id}/brief?print=large")).await;
    assert!(large.text().contains("class=\"brief-page large\""));
    let wrong = world.get(&format!("/topics/{id}/brief?print=huge")).await;
    assert_eq!(wrong.status, StatusCode::BAD_REQUEST);
}

#[tokio::test]
async fn a_brief_of_a_search_says_nothing_of_networks_that_the_search_leaves_out_by_itself() {
    let world = World::new().await;
    let brief = world.json("/api/v1/search/brief?q=phlebotomy").await;
    let found = world.json("/api/v1/search?q=phlebotomy").await;
    assert_eq!(brief["conversations"], found["total"]);
    assert_eq!(slugs(&brief["could"]), ["bakers"]);
    let mut quoted = slugs_of_quotes(&brief);
    quoted.sort_unstable();
    quoted.dedup();
    assert_eq!(quoted.len(), brief["quotes"].as_array().map_or(0, Vec::len));
    for narrowed in [
        "q=phlebotomy&kind=discourse",
        "q=phlebotomy+network:aire-carers",
        "q=phlebotomy&language=en",
    ] {
        let brief = world
            .json(&format!("/api/v1/search/brief?{narrowed}"))
            .await;
        assert_eq!(slugs(&brief["could"]), Vec::<&str>::new(), "{narrowed}");
        assert_eq!(slugs(&brief["not_comparable"]), Vec::<&str>::new());
    }
    let one = "/search/brief?q=phlebotomy&network=aire-carers";
    let page = world.get(one).await.text();
    assert!(page.contains("Network: <bdi>Aire Carers</bdi>"), "{page}");
    let wrong = world.get("/search/brief?q=%22open").await;
    assert_eq!(wrong.status, StatusCode::BAD_REQUEST);
}

fn slugs_of_quotes(brief: &Value) -> Vec<&str> {
    let quotes = brief["quotes"].as_array().expect("quotes").iter();
    quotes
        .filter_map(|quote| quote["network"]["slug"].as_str())
        .collect()
}
