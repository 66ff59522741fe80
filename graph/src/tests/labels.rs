//! Labels read as a person would write them.

use super::{TODAY, conversation, sample, snapshot_of};

/// The label of what twelve conversations in four networks have in their titles.
fn label(title: impl Fn(u64) -> String) -> String {
    let mut all = sample(200, 60);
    let first = 9_000;
    for number in 0..12 {
        let title = title(number);
        let text = format!("porter{number} trolley visiting");
        all.push(conversation(
            first + number,
            number % 4,
            number,
            TODAY,
            &title,
            &text,
        ));
    }
    let snapshot = snapshot_of(&all);
    let made = all.last().expect("just pushed").id;
    let topic = snapshot.topic_at(made, 1).expect("a topic");
    snapshot
        .resolve(topic)
        .map(|topic| topic.label.clone())
        .unwrap_or_default()
}

#[test]
fn a_number_stays_with_its_word() {
    let said = label(|number| format!("Porter{number} left Ward 9"));
    assert!(said.ends_with("Ward 9"), "{said}");
}

#[test]
fn neither_a_date_nor_a_code_is_a_label_nor_a_list_where_there_is_a_phrase() {
    let said = label(|number| format!("2026 11 20 ab1c2d3e4 trolley visiting rota porter{number}"));
    assert!(said.contains("trolley visiting"), "{said}");
    for never in ["2026", "11", "ab1c2d3e4", ","] {
        assert!(!said.contains(never), "{said}");
    }
}
