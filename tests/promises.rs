//! The tables of what is promised (docs/reliability.md, docs/privacy.md): each fault, threat and rule of privacy stands there,
//! with tests that there are and figures of them.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

/// Shorter words in backticks are settings, signs and files.
const SHORTEST_TEST: usize = 25;

fn read(path: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(path);
    std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// Rows of all tables, as first cell and the whole.
fn rows(text: &str) -> Vec<(&str, &str)> {
    text.lines()
        .filter_map(|line| line.strip_prefix("| "))
        .filter_map(|row| Some((row.split(" | ").next()?.trim(), row)))
        .collect()
}

/// The numbers that a first cell begins with: `F1`, or `T1, T2 and what they are`.
fn numbers(cell: &str) -> Vec<String> {
    cell.split([' ', ','])
        .take_while(|word| word.is_empty() || is_number(word))
        .filter(|word| !word.is_empty())
        .map(str::to_owned)
        .collect()
}

fn is_number(word: &str) -> bool {
    let rest = word.strip_prefix(['F', 'T', 'P']);
    rest.is_some_and(|rest| !rest.is_empty() && rest.bytes().all(|digit| digit.is_ascii_digit()))
}

fn tests_named(row: &str) -> Vec<&str> {
    row.split('`')
        .skip(1)
        .step_by(2)
        .filter(|word| word.len() >= SHORTEST_TEST)
        .filter(|word| {
            word.bytes()
                .all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_')
        })
        .collect()
}

/// Whether the last cell says how much was tried: rounds, inputs, amounts or a time, or all that there is.
fn has_figure(row: &str) -> bool {
    let cells = row.trim_end().trim_end_matches('|');
    let last = cells.rsplit(" | ").next().unwrap_or_default().trim();
    let counts = last.contains(|c: char| c.is_ascii_digit()) || last.starts_with("every ");
    counts && !last.contains('_')
}

/// Names of functions that are tests. Those that are ignored count too, where `.ci/nightly` runs them.
fn tests_there_are() -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    let mut open: Vec<PathBuf> = [
        "model", "crawler", "store", "indexer", "graph", "meaning", "server", "src", "tests",
    ]
    .map(|room| Path::new(env!("CARGO_MANIFEST_DIR")).join(room))
    .into();
    while let Some(path) = open.pop() {
        if path.is_dir() {
            let entries = std::fs::read_dir(&path).expect("a folder");
            open.extend(entries.map(|entry| entry.expect("an entry").path()));
        } else if path.extension().is_some_and(|end| end == "rs") {
            let text = std::fs::read_to_string(&path).expect("a source");
            let mut is_test = false;
            for line in text.lines() {
                let line = line.trim_start();
                is_test |= line.starts_with("#[") && line.contains("test]")
                    || line.starts_with("#[tokio::test(")
                    || line.starts_with("proptest!");
                let line = line.strip_prefix("async ").unwrap_or(line);
                if let Some((name, _)) = line
                    .strip_prefix("fn ")
                    .and_then(|line| line.split_once(['(', '<']))
                {
                    if is_test {
                        found.insert(name.to_owned());
                    }
                    is_test = false;
                }
            }
        }
    }
    found
}

#[test]
fn every_fault_threat_and_rule_of_privacy_stands_in_its_table_with_tests_that_there_are_and_figures()
 {
    let (reliability, privacy) = (read("docs/reliability.md"), read("docs/privacy.md"));
    let known = tests_there_are();
    let mut proved = BTreeSet::new();
    let mut wrong = Vec::new();
    for (cell, row) in rows(&reliability).into_iter().chain(rows(&privacy)) {
        let tests = tests_named(row);
        wrong.extend(
            tests
                .iter()
                .filter(|test| !known.contains(**test))
                .map(|test| format!("there is no test {test}")),
        );
        let numbers = numbers(cell);
        if !numbers.is_empty() && tests.is_empty() {
            wrong.push(format!("{cell}: no test"));
        }
        if !numbers.is_empty() && !has_figure(row) {
            wrong.push(format!("{cell}: no figure"));
        }
        proved.extend(numbers);
    }
    let (_, unproved) = reliability
        .split_once("## What is not promised")
        .expect("what is not promised is said");
    for (letter, last) in [('F', 18), ('T', 24), ('P', 17)] {
        for number in 1..=last {
            let name = format!("{letter}{number}");
            let is_said = unproved.contains(&format!("- {name}:"));
            if proved.contains(&name) == is_said {
                wrong.push(format!(
                    "{name}: either a test, or a line that says why not"
                ));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
