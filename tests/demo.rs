//! The demo shows the whole way on sample networks.

use serde_json::Value;

use crate::support::binary;

#[test]
fn the_demo_keeps_refuses_redacts_and_maps() {
    let outcome: Value =
        serde_json::from_str(&binary::succeed(&["demo", "--once", "--json"])).expect("JSON");
    println!("{outcome}");
    assert_eq!(outcome["networks"], 12);
    assert!(
        (380..=440).contains(&outcome["posts"].as_u64().expect("posts")),
        "{outcome}"
    );
    assert!(
        outcome["topics"].as_u64().is_some_and(|topics| topics >= 5),
        "{outcome}"
    );
    assert!(
        outcome["relations"]
            .as_u64()
            .is_some_and(|relations| relations >= 50),
        "{outcome}"
    );
    for code in ["held", "password", "noindex", "out_of_scope"] {
        assert!(
            outcome["refused"][code]
                .as_u64()
                .is_some_and(|count| count > 0),
            "{code} in {outcome}"
        );
    }
    for kind in ["NHS_NUMBER", "EMAIL", "PHONE", "POSTCODE"] {
        assert!(
            outcome["redacted"][kind]
                .as_u64()
                .is_some_and(|count| count > 0),
            "{kind} in {outcome}"
        );
    }
}
