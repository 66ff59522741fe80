//! By words what is said in two languages never meets; by meaning it is related and of one topic.

use discover_model::{Conversation, ConversationId, Language};

use super::{TODAY, conversation, graph_of};
use crate::{Alike, Meaning, Reason, Snapshot, refresh, refresh_with};

/// Conversations of one subject: the first half in English, the second in Polish, no word in common.
const OF_A_SUBJECT: u64 = 8;
const SUBJECTS: [(&str, &str); 4] = [
    ("walk-in blood tests stopped", "badania krwi zawieszone"),
    ("evening bus route cut", "wieczorny autobus odwołany"),
    (
        "damp mould council flat",
        "wilgoć grzyb mieszkanie komunalne",
    ),
    ("school dinner allergy menu", "szkolny obiad uczulenie"),
];

fn both_languages() -> Vec<Conversation> {
    (0..OF_A_SUBJECT * SUBJECTS.len() as u64)
        .map(|number| {
            let (english, polish) = SUBJECTS[(number / OF_A_SUBJECT) as usize];
            let (tag, text) = if number % OF_A_SUBJECT < OF_A_SUBJECT / 2 {
                ("en", english)
            } else {
                ("pl", polish)
            };
            let mut made = conversation(
                number,
                number % 8,
                number,
                TODAY,
                text,
                &format!("{text} {tag}{number}"),
            );
            made.language = Language::from_tag(tag);
            made
        })
        .collect()
}

fn subject(id: ConversationId) -> u128 {
    (id.as_u128() - 1) / u128::from(OF_A_SUBJECT)
}

/// A model that knows what is of one subject.
fn with_model<T>(all: &[Conversation], work: impl FnOnce(Meaning<'_>) -> T) -> T {
    let likeness = |a: ConversationId, b: ConversationId| {
        Some(if subject(a) == subject(b) { 0.8 } else { 0.0 })
    };
    let nearest = |id: ConversationId| -> Alike {
        let others = all.iter().map(|other| other.id);
        others
            .filter(|other| *other != id && subject(*other) == subject(id))
            .map(|other| (other, 0.8))
            .collect()
    };
    work(Meaning {
        nearest: &nearest,
        likeness: &likeness,
        nearness: &|_| None,
    })
}

fn most_languages(snapshot: &Snapshot) -> Option<usize> {
    let topics = snapshot.topics.iter().filter(|topic| topic.level == 1);
    topics.map(|topic| topic.languages.len()).max()
}

#[test]
fn what_two_languages_say_is_related_by_meaning_alone_and_it_is_said_so() {
    let all = both_languages();
    let graph = graph_of(&all);
    let graph = graph.read().expect("no panic held it");
    let (english, polish) = (all[0].id, all[7].id);
    let by_words = graph.related(english, 60);
    assert!(by_words.iter().all(|relation| relation.other != polish));
    with_model(&all, |meaning| {
        let there = graph.related_with(english, 60, Some(meaning));
        let back = graph.related_with(polish, 60, Some(meaning));
        let there = there.iter().find(|relation| relation.other == polish);
        let back = back.iter().find(|relation| relation.other == english);
        let (there, back) = (there.expect("found"), back.expect("found from there too"));
        assert!((there.score - back.score).abs() < 1e-5);
        assert_eq!(there.reasons, back.reasons);
        let [reason @ Reason::Meaning { weight, .. }] = there.reasons.as_slice() else {
            panic!("meaning alone: {there:?}");
        };
        assert!((weight - (1.0 - (-3.2_f32).exp())).abs() < 1e-6);
        assert_eq!(
            reason.words(),
            "say much the same, in English and Polish (found by a machine)"
        );
    });
}

#[test]
fn a_text_finds_what_a_model_finds_near_it_and_nothing_below_the_floor() {
    let all = both_languages();
    let graph = graph_of(&all);
    let graph = graph.read().expect("no panic held it");
    let near = vec![(all[7].id, 0.9), (all[15].id, 0.1)];
    let found = graph.related_to_text("zzz", Language::from_tag("en"), 10, &near);
    let found: Vec<ConversationId> = found.iter().map(|relation| relation.other).collect();
    assert_eq!(found, [all[7].id]);
}

#[test]
fn one_subject_in_two_languages_is_one_topic_once_a_model_has_read_it() {
    let all = both_languages();
    let graph = graph_of(&all);
    assert_eq!(most_languages(&refresh(&graph, TODAY)), Some(1));
    let joined = with_model(&all, |meaning| {
        graph.write().expect("no panic held it").meaning_changed();
        refresh_with(&graph, TODAY, Some(meaning))
    });
    assert_eq!(most_languages(&joined), Some(2));
}
