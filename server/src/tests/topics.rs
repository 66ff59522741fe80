//! Who takes part, what changed, warnings, and the graph to take away.

use std::collections::BTreeSet;
use std::sync::Arc;

use axum::http::StatusCode;

use super::world::World;

#[tokio::test]
async fn silence_is_said_only_of_networks_that_could_speak() {
    let world = World::new().await;
    let matrix = world.json("/api/v1/topics/matrix?rank=emerging").await;
    let networks = matrix["networks"].as_array().expect("networks");
    assert_eq!(networks.len(), 5, "silent networks have a column too");
    let row = &matrix["items"][0];
    let cells = row["cells"].as_array().expect("cells");
    let states: Vec<(&str, &str, u64)> = cells
        .iter()
        .map(|cell| {
            let text = |field: &str| cell[field].as_str().expect("text");
            (
                text("network"),
                text("state"),
                cell["count"].as_u64().expect("a count"),
            )
        })
        .collect();
    // The bakers write in the language of the topic; the radio does not, so nobody knows what it would say.
    let state = |slug: &str| states.iter().find(|cell| cell.0 == slug).map(|cell| cell.1);
    assert_eq!(state("bakers"), Some("could"), "{states:?}");
    assert_eq!(state("urdu-radio"), Some("not_comparable"), "{states:?}");
    for (slug, state, count) in &states {
        assert_eq!(*state == "speaks", *count > 0, "{slug}");
    }
    let id = row["topic"]["id"].as_str().expect("id");
    let parts = world.json(&format!("/api/v1/topics/{id}/networks")).await;
    let items = parts["items"].as_array().expect("networks");
    assert_eq!(items.len(), 5, "{parts}");
    assert_eq!(parts["silent"].as_array().map(Vec::len), Some(1));
    for part in items {
        let slug = part["slug"].as_str().expect("a slug");
        assert_eq!(part["state"].as_str(), state(slug), "{part}");
        // Only one network has eight voices.
        for field in ["weeks", "first", "last"] {
            let shown = part.get(field).is_some();
            assert_eq!(shown, slug == "aire-carers", "{field}: {part}");
        }
    }
    let page = world.get("/topics/matrix?rank=emerging").await;
    assert_eq!(page.status, StatusCode::OK);
    assert!(page.text().contains("Kidney &#60;Friends&#62; &#38; Co"));
    let page = world.get(&format!("/topics/{id}")).await.text();
    assert!(page.contains("writes in اردو"), "{page}");
}

#[tokio::test]
async fn a_model_that_knows_a_language_makes_it_comparable() {
    let world = World::with(|config| {
        config.meaning = Some(crate::ByMeaning {
            nearest: Arc::new(|_| Vec::new()),
            likeness: Arc::new(|_, _| None),
            knows: Arc::new(|language| ["en", "ur"].contains(&language.as_str())),
            nearest_to_text: Arc::new(|_, _| Vec::new()),
        });
    })
    .await;
    let matrix = world.json("/api/v1/topics/matrix?rank=emerging").await;
    let cells = matrix["items"][0]["cells"].as_array().expect("cells");
    let radio = cells.iter().find(|cell| cell["network"] == "urdu-radio");
    assert_eq!(radio.expect("a cell")["state"], "could");
}

#[tokio::test]
async fn people_are_quoted_one_a_network_within_limits_and_only_with_the_way_there() {
    let world = World::new().await;
    let topics = world.json("/api/v1/topics?rank=emerging").await;
    let topic = &topics["items"][0];
    assert_eq!(topic["quotes"].as_array().map(Vec::len), Some(1), "{topic}");
    let id = topic["id"].as_str().expect("id");
    let topic = world.json(&format!("/api/v1/topics/{id}")).await;
    let quotes = topic["quotes"].as_array().expect("quotes");
    assert!((1..=3).contains(&quotes.len()), "{topic}");
    let mut networks = BTreeSet::new();
    for quote in quotes {
        let text = quote["text"].as_str().expect("text");
        assert!(
            text.chars().count() <= 300 && text.contains("phlebotomy"),
            "{quote}"
        );
        assert_eq!(
            (&quote["language"], &quote["direction"]),
            (&"en".into(), &"ltr".into())
        );
        assert!(
            networks.insert(quote["network"]["slug"].as_str().expect("a slug")),
            "{topic}"
        );
        let at = format!(
            "/api/v1/conversations/{}",
            quote["conversation"].as_str().expect("id")
        );
        assert_eq!(world.json(&at).await["url"], quote["url"]);
    }
    let page = world.get(&format!("/topics/{id}")).await.text();
    let voice = page.find("<blockquote").expect("a voice");
    assert!(
        voice < page.find("<svg class=\"pic\"").expect("a chart"),
        "people first"
    );
    let home = world.get("/").await.text();
    assert!(home.contains("<blockquote"), "{home}");
}

#[tokio::test]
async fn a_topic_stands_in_one_list_and_the_others_say_why_not() {
    let world = World::new().await;
    let mut stands = BTreeSet::new();
    for rank in ["emerging", "enduring", "quiet"] {
        let topics = world.json(&format!("/api/v1/topics?rank={rank}")).await;
        for topic in topics["items"].as_array().expect("topics") {
            assert_eq!(topic["list"], rank);
            assert!(
                stands.insert(topic["id"].to_string()),
                "in two lists: {topic}"
            );
            for (list, value) in topic["rank"].as_object().expect("ranks") {
                let because = value["because"].as_str().expect("a reason");
                let denied = because.starts_with("not here, because ")
                    || because.starts_with("not yet, because ");
                assert_eq!(denied, list != rank, "{list}: {because}");
                assert_eq!(value.get("place").is_some(), list == rank, "{value}");
            }
        }
    }
    assert!(!stands.is_empty());
    let home = world.get("/").await.text();
    assert!(home.contains("not yet, because it is "), "{home}");
}

#[tokio::test]
async fn two_conversations_are_connected_by_steps_with_reasons() {
    let world = World::new().await;
    let found = world.json("/api/v1/search?q=phlebotomy").await;
    let hit = |at: usize| found["items"][at]["id"].as_str().expect("id").to_owned();
    let path = world
        .json(&format!("/api/v1/paths?from={}&to={}", hit(0), hit(1)))
        .await;
    let steps = path["steps"].as_array().expect("steps");
    assert!(steps.len() >= 3 && steps.len() % 2 == 1, "{path}");
    assert_eq!(path["length"].as_u64(), Some(steps.len() as u64 / 2 + 1));
    for (at, step) in steps.iter().enumerate() {
        if at % 2 == 0 {
            assert!(step["conversation"]["url"].is_string(), "{step}");
        } else {
            assert!(
                step["relation"]["reasons"][0]["words"].is_string(),
                "{step}"
            );
        }
    }
    // Nothing joins bread to blood tests.
    let bread = world.json("/api/v1/search?q=sourdough").await;
    let bread = bread["items"][0]["id"].as_str().expect("id");
    let none = world
        .json(&format!("/api/v1/paths?from={}&to={bread}", hit(0)))
        .await;
    assert_eq!(
        (&none["steps"], &none["length"]),
        (&serde_json::json!([]), &0.into())
    );
    let topics = world.json("/api/v1/topics?rank=emerging").await;
    let topic = topics["items"][0]["id"].as_str().expect("id");
    let page = world
        .get(&format!("/paths?from=/topics/{topic}&to={}", hit(0)))
        .await;
    assert_eq!(page.status, StatusCode::OK);
    assert!(page.text().contains("The way"), "{}", page.text());
    let bad = world.get("/api/v1/paths?from=x").await;
    assert_eq!(bad.status, StatusCode::BAD_REQUEST);
    let unknown = world
        .get(&format!("/api/v1/paths?from=x&to={}", hit(0)))
        .await;
    assert_eq!(unknown.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn changes_are_those_since_the_day_asked_for() {
    let world = World::new().await;
    let all = world.json("/api/v1/topics/changes?since=2026-01-01").await;
    assert!(all["total"].as_u64() > Some(0), "{all}");
    assert_eq!(all["items"][0]["event"], "born");
    let later = world.json("/api/v1/topics/changes?since=2026-11-23").await;
    assert_eq!(later["total"], 0);
    let first = world
        .json("/api/v1/topics/changes?since=2026-01-01&limit=1")
        .await;
    assert_eq!(first["items"].as_array().map(Vec::len), Some(1));
    let bad = world.get("/api/v1/topics/changes?since=yesterday").await;
    assert_eq!(bad.status, StatusCode::BAD_REQUEST);
}

#[tokio::test]
async fn warnings_are_printed_with_what_they_are_worth() {
    let world = World::new().await;
    let warnings = world.json("/api/v1/topics/warnings").await;
    for field in ["tests", "days", "compared_with", "false_share"] {
        assert!(warnings[field].is_number(), "{field}: {warnings}");
    }
    let page = world.get("/topics/warnings").await.text();
    assert!(page.contains("What a warning is worth"));
    let measured = warnings.get("false_alarms").is_some();
    assert_eq!(measured, page.contains("Measured: "), "{page}");
}

#[tokio::test]
async fn the_graph_to_take_away_holds_what_is_shown_and_is_well_formed() {
    let world = World::new().await;
    let graph = world.json("/api/v1/graph").await;
    let topics = graph["topics"].as_array().expect("topics");
    assert!(!topics.is_empty());
    for topic in topics {
        assert!(topic["conversations"].as_u64() >= Some(1), "{topic}");
        let level = topic["level"].as_u64().expect("level");
        let listed = world.json(&format!("/api/v1/map?level={level}")).await;
        let on_map = listed["topics"].as_array().expect("topics").iter();
        assert!(on_map.into_iter().any(|shown| shown["id"] == topic["id"]));
    }
    let answer = world.get("/api/v1/graph?format=graphml").await;
    assert!(
        answer
            .header("content-type")
            .starts_with("application/graphml+xml")
    );
    let xml = answer.text();
    assert!(xml.contains("Kidney &lt;Friends&gt; &amp; Co"));
    assert_eq!(
        xml.matches("<node ").count(),
        xml.matches("</node>").count()
    );
    assert_eq!(
        xml.matches("<edge ").count(),
        xml.matches("</edge>").count()
    );
    let nodes = topics.len() + graph["networks"].as_array().map_or(0, Vec::len);
    assert_eq!(xml.matches("<node ").count(), nodes);
    let bad = world.get("/api/v1/graph?format=dot").await;
    assert_eq!(bad.status, StatusCode::BAD_REQUEST);
}

#[tokio::test]
async fn readers_are_led_to_threads_of_networks_that_welcome_them_and_to_no_others() {
    let world = World::new().await;
    let list = world.json("/api/v1/topics?rank=emerging").await;
    let id = list["items"][0]["id"].as_str().expect("id").to_owned();
    let topic = world.json(&format!("/api/v1/topics/{id}")).await;
    assert_eq!(topic["welcoming"].as_u64(), Some(1), "{topic}");
    let join = topic["join"].as_array().expect("threads");
    assert!(!join.is_empty(), "{topic}");
    for thread in join {
        assert_eq!(thread["conversation"]["network"]["slug"], "aire-carers");
        assert!(thread["replies"].as_u64() > Some(0), "{thread}");
    }
    let page = world.get(&format!("/topics/{id}")).await.text();
    assert!(
        page.contains("1 has said that newcomers are welcome"),
        "{page}"
    );
    // Its owner takes the welcome back.
    let store = &world.parts.store;
    let mut network = store
        .network_by_slug("aire-carers")
        .await
        .expect("read")
        .expect("network");
    network.newcomers = false;
    store.put_network(&network, None).await.expect("changed");
    tokio::time::sleep(std::time::Duration::from_millis(1100)).await;
    let topic = world.json(&format!("/api/v1/topics/{id}")).await;
    assert_eq!(topic["join"].as_array().map(Vec::len), Some(0), "{topic}");
}

#[tokio::test]
async fn who_mentions_a_topic_by_its_name_is_not_called_silent() {
    let world = World::new().await;
    let list = world.json("/api/v1/topics?rank=emerging").await;
    let topic = &list["items"][0];
    let (id, label) = (topic["id"].as_str(), topic["label"].as_str());
    let (id, label) = (id.expect("id"), label.expect("a label").to_owned());
    let state = async |world: &World, slug: &str| {
        let parts = world.json(&format!("/api/v1/topics/{id}/networks")).await;
        let items = parts["items"].as_array().expect("networks").iter();
        let own = items.into_iter().find(|part| part["slug"] == slug).cloned();
        let silent = parts["silent"].as_array().expect("networks").clone();
        let state = own.expect("a network")["state"].clone();
        (state, silent.iter().any(|one| one["slug"] == slug))
    };
    assert_eq!(state(&world, "bakers").await, ("could".into(), true));
    world
        .bake_again(&format!(
            "While we bake: what became of the {label}, and of rye?"
        ))
        .await;
    // What a publication was found to mention is kept as long as it.
    let published = world.parts.published.load_full();
    let again = crate::state::Published::clone(&published);
    world.parts.published.store(Arc::new(again));
    assert_eq!(state(&world, "bakers").await, ("mentions".into(), false));
    let matrix = world.json("/api/v1/topics/matrix?rank=emerging").await;
    let cells = matrix["items"][0]["cells"].as_array().expect("cells");
    let cell = cells.iter().find(|cell| cell["network"] == "bakers");
    assert_eq!(cell.expect("a cell")["state"], "mentions");
    let page = world.get(&format!("/topics/{id}")).await.text();
    let from = page.find("1 more mentions it").expect("a sentence");
    let href = page[from..].split("href=\"").nth(1).expect("a link");
    let href = href.split('"').next().expect("an end");
    let href = href.replace("&#38;", "&").replace("&amp;", "&");
    let found = world.json(&format!("/api/v1{href}")).await;
    assert_eq!(found["items"][0]["network"]["slug"], "bakers", "{href}");
    let brief = world.json(&format!("/api/v1/topics/{id}/brief")).await;
    assert_eq!(brief["mentions"][0]["slug"], "bakers");
    assert_eq!(brief["could"].as_array().map(Vec::len), Some(0));
    let sheet = world.get("/topics/matrix.csv?rank=emerging").await.text();
    assert!(sheet.contains("mentions"), "{sheet}");
}
