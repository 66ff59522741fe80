//! P5: no difference between two aggregates isolates fewer than eight voices.

use std::collections::BTreeMap;

use discover_model::threshold::EXACT_FROM;
use serde_json::Value;

use super::world::World;

/// Every number that an aggregate of a search, of its words or of one side of a comparison shows, by its place.
fn numbers(answer: &Value) -> BTreeMap<String, u64> {
    let mut shown = BTreeMap::new();
    // The words of a side, or the items of an answer that is nothing but words.
    for list in ["words", "items", "distinctive"] {
        for word in answer[list].as_array().into_iter().flatten() {
            if let (Some(text), Some(count)) = (word["word"].as_str(), word["count"].as_u64()) {
                shown.insert(format!("{list} {text}"), count);
            }
        }
    }
    for (facet, values) in answer["facets"].as_object().into_iter().flatten() {
        for value in values.as_array().into_iter().flatten() {
            if let Some(count) = value["count"].as_u64() {
                shown.insert(format!("{facet} {}", value["value"]), count);
            }
        }
    }
    for bucket in answer["timeline"]["buckets"]
        .as_array()
        .into_iter()
        .flatten()
    {
        if let Some(count) = bucket["count"].as_u64() {
            shown.insert(format!("bucket {}", bucket["start"]), count);
        }
    }
    shown
}

#[tokio::test]
async fn differencing_two_windows_filters_or_days_isolates_nobody() {
    let world = World::with_more_bread().await;
    let mut filters = vec![String::new()];
    for network in ["aire-carers", "kidney-friends", "rural-buses"] {
        filters.push(format!("&network={network}"));
    }
    filters.push("&language=en".to_owned());
    let mut windows = Vec::new();
    for day in 8..=22 {
        windows.push(format!("&after=2026-11-{day:02}"));
        windows.push(format!("&before=2026-11-{day:02}"));
    }
    windows.push(String::new());
    let mut answers = Vec::new();
    for filter in &filters {
        for window in &windows {
            for interval in ["day", "week", "month"] {
                let address =
                    format!("/api/v1/search?q=phlebotomy&interval={interval}{filter}{window}");
                answers.push((address.clone(), numbers(&world.json(&address).await)));
            }
        }
    }
    let (mut words, mut sides) = (0, 0);
    for filter in &filters {
        for window in &windows {
            let address = format!("/api/v1/search/words?q=phlebotomy{filter}{window}");
            answers.push((address.clone(), numbers(&world.json(&address).await)));
            words += answers.last().map_or(0, |(_, numbers)| numbers.len());
        }
        for day in 9..=21 {
            let address = format!(
                "/api/v1/compare?q=phlebotomy{filter}&before=2026-11-{day:02}&before2=2026-11-{:02}",
                day + 1
            );
            let answer = world.json(&address).await;
            for side in answer["sides"].as_array().into_iter().flatten() {
                answers.push((address.clone(), numbers(side)));
                sides += answers.last().map_or(0, |(_, numbers)| numbers.len());
            }
        }
    }
    assert!(
        words > 20 && sides > 20,
        "{words} of words, {sides} of sides"
    );
    // What a network alone, a topic and the whole instance show of counts.
    for network in world.json("/api/v1/networks?limit=100").await["items"]
        .as_array()
        .into_iter()
        .flatten()
    {
        for field in ["conversations", "posts"] {
            if let Some(count) = network[field].as_u64() {
                let place = format!("{} {field}", network["slug"]);
                answers.push(("/api/v1/networks".to_owned(), [(place, count)].into()));
            }
        }
    }
    let about = world.json("/api/v1/transparency").await["about"].clone();
    for field in ["conversations", "posts"] {
        let count = about[field].as_u64().expect("a count");
        answers.push(("about".to_owned(), [(field.to_owned(), count)].into()));
    }
    for list in ["refused", "redacted"] {
        for row in about[list].as_array().into_iter().flatten() {
            let count = row["count"].as_u64().expect("a count");
            let place = format!("{list} {}", row["code"]);
            answers.push(("about".to_owned(), [(place, count)].into()));
        }
    }
    for level in 0..3 {
        let address = format!("/api/v1/map?level={level}");
        for topic in world.json(&address).await["topics"]
            .as_array()
            .into_iter()
            .flatten()
        {
            let size = topic["size"].as_u64().expect("a size");
            let place = format!("topic {}", topic["id"]);
            answers.push((address.clone(), [(place, size)].into()));
        }
    }
    // An export is rows, each a conversation that anybody can read, and holds no aggregate.
    let rows = world
        .get("/api/v1/search/export?q=phlebotomy&format=ndjson")
        .await
        .text();
    for row in rows.lines() {
        let row: Value = serde_json::from_str(row).expect("JSON");
        assert_eq!(numbers(&row), BTreeMap::new(), "{row}");
    }
    let shown: usize = answers.iter().map(|(_, numbers)| numbers.len()).sum();
    assert!(shown > 50, "there are numbers to compare: {shown}");
    for (address, numbers) in &answers {
        for (place, count) in numbers {
            assert!(
                *count % 5 == 0 || *count >= EXACT_FROM,
                "{address}: {place} shows {count}"
            );
        }
    }
    // Two numbers of one place differ by nothing or by a whole step of rounding: never by one conversation or voice.
    for (a, ours) in &answers {
        for (b, theirs) in &answers {
            for (place, count) in ours {
                let Some(other) = theirs.get(place) else {
                    continue;
                };
                let difference = count.abs_diff(*other);
                assert!(
                    difference == 0 || difference >= 5,
                    "{place}: {a} against {b}"
                );
            }
        }
    }
    // A network with fewer than eight voices is named without a number.
    for (address, numbers) in &answers {
        for small in ["kidney-friends", "rural-buses"] {
            assert!(
                !numbers.contains_key(&format!("network \"{small}\"")),
                "{address}"
            );
        }
    }
}
