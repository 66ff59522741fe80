use discover_model::Conversation;
use jiff::civil::date;
use proptest::prelude::*;

use super::support::{conversation, post, written_in};
use crate::query::parse;
use crate::{Highlight, highlight};

fn marked(passage: &Highlight) -> Vec<String> {
    let part =
        |(from, to): &(usize, usize)| passage.text.chars().skip(*from).take(to - from).collect();
    passage.marks.iter().map(part).collect()
}

fn shown(q: &str, of: &Conversation) -> Vec<Highlight> {
    highlight(&parse(q).expect(q), of)
}

#[test]
fn stems_prefixes_phrases_and_characters_are_marked() {
    let english = conversation(
        1,
        "T",
        "The surgery stopped\n\n its walk-in Blood tests, and testing elsewhere.",
    );
    let cases: [(&str, &[&str]); 6] = [
        ("test", &["tests", "testing"]),
        ("\"blood tests\"", &["Blood tests"]),
        ("blood tests", &["Blood tests", "testing"]),
        ("surg*", &["surgery"]),
        ("walk-in -blood", &["walk-in"]),
        ("lang:en", &[]),
    ];
    for (q, wanted) in cases {
        let marks: Vec<String> = shown(q, &english).iter().flat_map(marked).collect();
        assert_eq!(marks, wanted, "{q}");
    }
    let chinese = written_in(2, Some("zh"), "我们的北京大学医院关门了");
    assert_eq!(
        shown("大学医院", &chinese)
            .iter()
            .flat_map(marked)
            .collect::<Vec<_>>(),
        ["大学医院"]
    );
    let arabic = written_in(3, Some("ar"), "أغلق المُسْتَشْفَى أبوابه اليوم");
    assert_eq!(
        shown("المستشفى", &arabic)
            .iter()
            .flat_map(marked)
            .collect::<Vec<_>>(),
        ["المُسْتَشْفَى"]
    );
}

#[test]
fn the_passage_with_most_of_the_words_comes_first_and_names_its_post() {
    let mut made = conversation(1, "T", &format!("blood {}", "filler ".repeat(200)));
    post(
        &mut made,
        date(2026, 11, 2),
        &format!(
            "{} blood tests were stopped {}",
            "more ".repeat(100),
            "end ".repeat(100)
        ),
    );
    let passages = shown("blood tests", &made);
    assert_eq!(passages[0].post, made.posts[1].id);
    assert_eq!(marked(&passages[0]), ["blood tests"]);
    assert!(passages[0].text.starts_with("… more") && passages[0].text.ends_with(" …"));
    let total: usize = passages.iter().map(|p| p.text.chars().count()).sum();
    assert!(total <= 300, "{total}");
}

fn any_text() -> impl Strategy<Value = String> {
    let part = prop_oneof![
        Just("blood "),
        Just("tests\n"),
        Just("大学"),
        Just("مُستشفى "),
        Just("👩🏽‍⚕️ "),
        Just("filler "),
        Just("x\u{301}y"),
        Just("\u{2003}")
    ];
    proptest::collection::vec(part, 0..120).prop_map(|parts| parts.concat())
}

proptest! {
    #[test]
    fn marks_lie_within_passages_of_at_most_three_hundred_characters(text in any_text(), other in "\\PC{0,80}", q in "(blood|tests|大学|\"blood tests\"|fil\\*| |مستشفى){0,4}") {
        let mut made = conversation(1, "T", &text);
        post(&mut made, date(2026, 11, 2), &other);
        let Ok(query) = parse(&q) else { return Ok(()) };
        let passages = highlight(&query, &made);
        let total: usize = passages.iter().map(|p| p.text.chars().count()).sum();
        prop_assert!(total <= 300);
        for passage in &passages {
            let length = passage.text.chars().count();
            prop_assert!(!passage.marks.is_empty());
            let mut last = 0;
            for (from, to) in &passage.marks {
                prop_assert!(last <= *from && from < to && *to <= length);
                last = *to;
            }
        }
    }
}
