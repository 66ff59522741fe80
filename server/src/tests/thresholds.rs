//! P5: no difference between two aggregates isolates fewer than eight voices.

use std::collections::BTreeMap;

use discover_model::threshold::EXACT_FROM;
use serde_json::Value;

use super::world::World;

/// Every number that an aggregate of a search shows, by its place.
fn numbers(answer: &Value) -> BTreeMap<String, u64> {
    let mut shown = BTreeMap::new();
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
    let world = World::new().await;
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
