//! P5: a number is the length of a list that its reader can get, or it is rounded; what is drawn from many rests on many.

use discover_model::threshold::{EXACT_FROM, ROUND_TO};
use serde_json::Value;

use super::world::World;

const Q: &str = "/api/v1/search?q=phlebotomy";

fn list(value: &Value) -> &[Value] {
    value.as_array().map_or(&[], Vec::as_slice)
}

async fn total(world: &World, address: &str) -> u64 {
    world.json(address).await["total"]
        .as_u64()
        .expect("a total")
}

#[tokio::test]
async fn a_number_is_the_length_of_its_list_or_rounded() {
    let world = World::with_more_bread().await;
    let mut compared = 0;
    for filter in [
        "",
        "&network=aire-carers",
        "&language=en",
        "&after=2026-11-12",
    ] {
        let here = format!("{Q}{filter}");
        let answer = world.json(&format!("{here}&interval=day")).await;
        for facet in ["network", "language", "kind", "topic"] {
            if filter.contains(facet) {
                continue;
            }
            for row in list(&answer["facets"][facet]) {
                let value = row["value"].as_str().expect("a value");
                let listed = total(&world, &format!("{here}&{facet}={value}")).await;
                assert_eq!(row["count"], listed, "{filter} {facet} {value}");
                compared += 1;
            }
        }
        for bucket in list(&answer["timeline"]["buckets"]) {
            let day: jiff::civil::Date = bucket["start"]
                .as_str()
                .and_then(|day| day.parse().ok())
                .expect("a day");
            let next = day.tomorrow().expect("a day after");
            let filter = filter.replace("&after=2026-11-12", "");
            let listed = total(&world, &format!("{Q}{filter}&after={day}&before={next}")).await;
            assert_eq!(bucket["count"], listed, "{day}");
            compared += 1;
        }
    }
    for network in list(&world.json("/api/v1/networks?limit=100").await["items"]) {
        let slug = network["slug"].as_str().expect("a slug");
        let listed = total(&world, &format!("/api/v1/search?network={slug}")).await;
        assert_eq!(network["conversations"], listed, "{slug}");
        compared += 1;
    }
    assert!(compared > 15, "there are numbers to compare: {compared}");
}

#[tokio::test]
async fn what_nobody_can_list_is_rounded_and_said_of_many_only() {
    let world = World::with_more_bread().await;
    let rounded = |count: u64| count.is_multiple_of(ROUND_TO) || count >= EXACT_FROM;
    let mut words = 0;
    for day in 8..=22 {
        for window in ["after", "before"] {
            let address = format!("/api/v1/search/words?q=phlebotomy&{window}=2026-11-{day:02}");
            for word in list(&world.json(&address).await["items"]) {
                assert!(
                    rounded(word["count"].as_u64().expect("a count")),
                    "{address}: {word}"
                );
                words += 1;
            }
        }
    }
    assert!(words > 10, "there are words: {words}");
    for network in list(&world.json("/api/v1/networks?limit=100").await["items"]) {
        assert!(network["posts"].as_u64().is_none_or(rounded), "{network}");
    }
    let small = world.json("/api/v1/networks/kidney-friends").await;
    assert_eq!(small.get("posts"), None, "fewer than eight voices");
    let topics = world.json("/api/v1/topics?rank=emerging").await;
    for topic in list(&topics["items"]) {
        assert!(
            rounded(topic["voices"].as_u64().expect("voices")),
            "{topic}"
        );
    }
    // Rows of an export are conversations that anybody can read: they hold no aggregate.
    let rows = world
        .get("/api/v1/search/export?q=phlebotomy&format=ndjson")
        .await
        .text();
    for row in rows.lines() {
        let row: Value = serde_json::from_str(row).expect("JSON");
        assert!(
            row.get("facets").is_none() && row.get("timeline").is_none(),
            "{row}"
        );
    }
}
