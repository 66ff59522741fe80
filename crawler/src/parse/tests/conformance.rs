//! Assertions of a well-known feed parser's own test suite, on the shape that `inspect --stage parsed` prints.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::Value;
use url::Url;

use crate::parse::{Head, feed};
use crate::prepare::entities::decode_html;

#[derive(Deserialize)]
struct Case {
    id: String,
    file: String,
    base: Url,
    #[serde(default)]
    headers: BTreeMap<String, String>,
    all: Vec<Assertion>,
}

#[derive(Deserialize)]
struct Assertion {
    path: Vec<Value>,
    equals: Value,
}

/// Share of the cases that must hold.
const BAR: f64 = 0.98;

#[test]
fn the_assertions_of_the_reference_suite_hold() {
    let Some(folder) = super::data("feeds/conformance") else {
        return;
    };
    let cases = std::fs::read_to_string(folder.join("cases.jsonl")).expect("cases");
    let mut failed = Vec::new();
    let mut total = 0;
    for line in cases.lines() {
        let case: Case = serde_json::from_str(line).expect("case");
        total += 1;
        let bytes = std::fs::read(folder.join(&case.file)).expect("file");
        let header = |name: &str| {
            case.headers
                .iter()
                .find(|(found, _)| found.eq_ignore_ascii_case(name))
                .map(|(_, value)| value.as_str())
        };
        let head = Head {
            content_type: header("content-type"),
            content_location: header("content-location"),
            content_language: header("content-language"),
        };
        let shape = match feed(&bytes, &case.base, &head) {
            Ok(parsed) => serde_json::to_value(parsed.resolved()).expect("shape"),
            Err(error) => Value::String(error.to_string()),
        };
        for assertion in &case.all {
            let found = assertion
                .path
                .iter()
                .try_fold(&shape, |at, step| match step {
                    Value::String(name) => at.get(name),
                    step => at.get(usize::try_from(step.as_u64()?).ok()?),
                });
            let same = match (found, &assertion.equals) {
                (Some(Value::String(found)), Value::String(wanted)) => same_text(found, wanted),
                (found, wanted) => found == Some(wanted),
            };
            if !same {
                failed.push(format!(
                    "{} {:?}\n  wanted {}\n  found  {}",
                    case.id,
                    assertion.path,
                    assertion.equals,
                    found.unwrap_or(&Value::Null)
                ));
                break;
            }
        }
    }
    let share = f64::from(total - failed.len() as i32) / f64::from(total);
    println!(
        "{} of {total} hold\n{}",
        total - failed.len() as i32,
        failed.join("\n")
    );
    assert!(share >= BAR, "{share}");
}

fn same_text(a: &str, b: &str) -> bool {
    decode_html(a).trim() == decode_html(b).trim()
}
