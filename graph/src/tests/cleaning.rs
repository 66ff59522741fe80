//! What hangs on by a stray word is let go, what mixes subjects is cut, what is a format and no subject is kept back, and
//! each is counted.

use discover_model::{Conversation, Language};

use super::{TODAY, conversation, graph_of, sample, snapshot_of};
use crate::refresh;
fn others() -> Vec<Conversation> {
    let mut others = sample(400, 70);
    for other in &mut others {
        other.id = discover_model::ConversationId::from_u128(other.id.as_u128() + 10_000);
    }
    others
}

/// Conversations of one subject in five networks.
fn lighthouse(count: u64) -> Vec<Conversation> {
    (0..count)
        .map(|number| {
            let text = format!("Lighthouse lantern repair keeper own{number}a own{number}b");
            conversation(number, number % 5, number, TODAY, &text, &text)
        })
        .collect()
}

#[test]
fn a_member_that_shares_one_stray_word_with_a_single_other_is_let_go() {
    let mut all = lighthouse(20);
    // It says much, and only one of the twenty says one word of that.
    let stray = "own3a gasket flange spigot trunnion bobbin ferrule grommet dowel";
    all.push(conversation(50, 3, 50, TODAY, stray, stray));
    let stray = all[20].clone();
    all.extend(others());
    let snapshot = snapshot_of(&all);
    let topic = snapshot.topic_at(all[0].id, 1).expect("a topic");
    let members = snapshot.members(topic);
    assert!(members.len() >= 18, "{}", members.len());
    assert!(!members.contains(&stray.id));
}

#[test]
fn releases_that_a_source_numbers_are_no_subject_and_are_counted() {
    let all: Vec<Conversation> = (0..24)
        .map(|number| {
            let title = format!("Release notes {}.{number}", number % 3);
            let text = format!("{title} own{number}a own{number}b own{number}c");
            conversation(number, number % 4, number, TODAY, &title, &text)
        })
        .chain(others())
        .collect();
    let snapshot = snapshot_of(&all);
    let topic = snapshot.topic_at(all[0].id, 1).expect("a topic");
    let topic = snapshot.resolve(topic).expect("held");
    assert!(topic.format && !topic.shown, "{topic:?}");
}

#[test]
fn a_topic_in_two_languages_has_a_label_in_each_and_the_title_of_one_beside_it() {
    let all: Vec<Conversation> = (0..24)
        .map(|number| {
            let (tag, words) = if number % 2 == 0 {
                ("en", "harbour ferry timetable")
            } else {
                ("cy", "amserlen fferi harbwr")
            };
            // Names join them.
            let text = format!("Abermoel Penwyn {words} own{number}");
            let mut made = conversation(number, number % 6, number, TODAY, &text, &text);
            made.language = Language::from_tag(tag);
            made.posts[0].language = made.language;
            made
        })
        .chain(others())
        .collect();
    let snapshot = snapshot_of(&all);
    let topic = snapshot.topic_at(all[0].id, 1).expect("a topic");
    let topic = snapshot.resolve(topic).expect("held");
    let label = |tag| {
        let language = Language::from_tag(tag).expect("a language");
        topic.labels.get(&language).cloned().unwrap_or_default()
    };
    assert!(label("en").contains("ferry"), "{:?}", topic.labels);
    assert!(label("cy").contains("fferi"), "{:?}", topic.labels);
    assert!(topic.title.contains("Abermoel"), "{topic:?}");
}

#[test]
fn a_word_that_every_text_spreads_evenly_is_of_every_day_and_what_some_are_about_is_not() {
    let all: Vec<Conversation> = (0..900)
        .map(|number| {
            let words = (0..40).map(|at| match at % 10 {
                0 => "gewoonlik".to_owned(),
                1 | 2 if number % 3 == 0 => "lighthouse".to_owned(),
                _ => format!("own{number}w{at}"),
            });
            let text = words.collect::<Vec<_>>().join(" ");
            let title = format!("Own{number}a own{number}b");
            conversation(number, number % 5, number, TODAY, &title, &text)
        })
        .collect();
    let graph = graph_of(&all);
    refresh(&graph, TODAY);
    let graph = graph.read().expect("no panic held it");
    let everyday = |word: &str| {
        let term = graph.lexicon.number(word).expect("a term");
        graph.clustering.is_everyday(None, term)
    };
    assert!(everyday("gewoonlik"));
    assert!(!everyday("lighthouse"));
    for relation in graph.related(all[1].id, 10) {
        for reason in &relation.reasons {
            assert!(!reason.words().contains("gewoonlik"), "{}", reason.words());
        }
    }
}

#[test]
fn a_reason_keeps_a_phrase_of_the_titles_whole() {
    let mut all = others();
    for (number, title) in [
        (0, "Walk-in phlebotomy desk shut"),
        (1, "The walk-in phlebotomy desk"),
    ] {
        all.push(conversation(number, number, number, TODAY, title, title));
    }
    let graph = graph_of(&all);
    refresh(&graph, TODAY);
    let graph = graph.read().expect("no panic held it");
    let related = graph.related(all[all.len() - 1].id, 10);
    let reasons = related.iter().flat_map(|relation| &relation.reasons);
    let words: Vec<String> = reasons.map(crate::Reason::words).collect();
    let whole = |words: &String| words.to_lowercase().contains("walk-in phlebotomy desk");
    assert!(words.iter().any(whole), "{words:?}");
}
