//! A model of meaning, with the real one where `DISCOVER_TEST_MODEL` names its folder: that it is told from what is none, and
//! puts translations together. Which topics it makes of the sample networks is not asserted here.

use std::path::PathBuf;

use serde_json::Value;

use crate::support::binary::{fail, succeed};
use crate::support::skip::skip;

/// The folder of a model, or `None` with a visible line. Never absent in CI.
fn model() -> Option<PathBuf> {
    let folder = std::env::var_os("DISCOVER_TEST_MODEL").map(PathBuf::from);
    if folder.is_none() {
        skip("DISCOVER_TEST_MODEL names no folder of a sentence model");
    }
    folder
}

#[test]
fn what_is_no_model_is_told_with_the_file_and_what_to_do() {
    let without = fail(&["meaning", "check"]);
    assert!(without.contains("--meaning-model"), "{without}");
    let folder = tempfile::tempdir().expect("a folder");
    let shown = folder.path().to_str().expect("a plain path");
    let data = folder.path().join("data");
    let empty = fail(&["meaning", "check", "--meaning-model", shown]);
    assert!(empty.contains("config.json"), "{empty}");
    let data = data.to_str().expect("a plain path");
    let started = fail(&["crawl", "--once", "--data", data, "--meaning-model", shown]);
    assert!(!started.is_empty(), "a wrong model stops the start");
}

#[test]
fn the_model_puts_the_same_thing_in_six_languages_together() {
    let Some(folder) = model() else { return };
    let folder = folder.to_str().expect("a plain path");
    let said = succeed(&["meaning", "check", "--meaning-model", folder]);
    let line = said
        .lines()
        .find(|line| line.contains("nearest to a translation"))
        .expect("what it understood");
    let right: usize = line
        .split(' ')
        .next()
        .and_then(|count| count.parse().ok())
        .expect("a count");
    assert!(right >= 22, "{said}");
}

#[test]
fn without_a_model_the_demo_says_whom_it_cannot_compare() {
    let said = succeed(&["demo", "--once", "--json"]);
    let said: Value = serde_json::from_str(&said).expect("JSON");
    let apart = said["across"]["not_comparable"].as_array().expect("names");
    assert!(!apart.is_empty(), "{said}");
}
