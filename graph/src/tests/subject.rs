//! What has no subject is not shown as a topic; what has one is, in every script and however long its texts are.

use std::collections::BTreeSet;

use discover_model::{Conversation, Visibility};

use super::{TODAY, conversation, network, sample, snapshot_of};
use crate::{Snapshot, Topic};

/// Conversations of which each has two words in common with the one before it and two with the one after, and no word
/// with any other.
fn leftovers(count: u64) -> Vec<Conversation> {
    (0..count)
        .map(|number| {
            let words: Vec<String> = (number..number + 2)
                .flat_map(|at| [format!("stray{at}x"), format!("odd{at}x")])
                .chain((0..3).map(|own| format!("own{number}o{own}")))
                .collect();
            let text = words.join(" ");
            conversation(5_000 + number, number % 12, number, TODAY, &text, &text)
        })
        .collect()
}

fn topics_with<'a>(snapshot: &'a Snapshot, all: &[Conversation]) -> Vec<&'a Topic> {
    let ids: BTreeSet<_> = all
        .iter()
        .flat_map(|conversation| snapshot.topics_of(conversation.id))
        .collect();
    ids.into_iter()
        .filter_map(|id| snapshot.resolve(id))
        .collect()
}

#[test]
fn what_hangs_together_by_stray_words_is_no_topic_that_is_shown() {
    let (known, stray) = (sample(400, 50), leftovers(120));
    let snapshot = snapshot_of(&[known.clone(), stray.clone()].concat());
    let gathered: Vec<&Topic> = topics_with(&snapshot, &stray)
        .into_iter()
        .filter(|topic| topic.conversations >= 8)
        .collect();
    assert!(!gathered.is_empty(), "the leftovers were gathered at all");
    for topic in gathered {
        assert!(!topic.shown && topic.loose, "{topic:?}");
    }
    let shown = topics_with(&snapshot, &known)
        .into_iter()
        .filter(|topic| topic.level == 1 && topic.conversations >= 8)
        .map(|topic| topic.shown);
    assert!(shown.into_iter().all(|shown| shown), "a subject is shown");
}

#[test]
fn a_word_that_everybody_uses_is_nobodys_subject() {
    let say_so = |mut conversation: Conversation| {
        conversation.title = format!("Ashmere {}", conversation.title);
        conversation.posts[0].text = format!("Ashmere {}", conversation.posts[0].text);
        conversation
    };
    let known: Vec<Conversation> = sample(400, 51).into_iter().map(say_so).collect();
    let stray: Vec<Conversation> = leftovers(120).into_iter().map(say_so).collect();
    let snapshot = snapshot_of(&[known.clone(), stray.clone()].concat());
    for topic in topics_with(&snapshot, &stray) {
        assert!(!topic.shown || topic.conversations < 8, "{topic:?}");
    }
    for topic in topics_with(&snapshot, &known) {
        assert!(
            !topic.shown || !topic.label.contains("Ashmere"),
            "{topic:?}"
        );
    }
}

#[test]
fn a_topic_is_named_by_what_half_of_it_turns_on_and_not_by_a_rarer_phrase_of_a_few() {
    let all: Vec<Conversation> = (0..20)
        .map(|number| {
            let own = format!("own{number}c");
            let aside = if number < 5 { "Harbour Road" } else { &own };
            let text = format!("Flooding {aside} own{number}a own{number}b");
            conversation(number, number % 5, number, TODAY, &text, &text)
        })
        .chain(sample(400, 52).into_iter().map(|mut other| {
            other.id = discover_model::ConversationId::from_u128(other.id.as_u128() + 10_000);
            other
        }))
        .collect();
    let snapshot = snapshot_of(&all);
    let topic = topics_with(&snapshot, &all[..20])
        .into_iter()
        .find(|topic| topic.level == 1 && topic.conversations >= 15)
        .expect("one topic");
    assert!(topic.shown, "{topic:?}");
    assert!(topic.label.starts_with("Flooding"), "{topic:?}");
}

#[test]
fn a_subject_that_no_titles_share_is_named_by_the_word_that_is_said() {
    let all: Vec<Conversation> = (0..20)
        .map(|number| {
            let (title, text) = (
                format!("Own{number}a own{number}b"),
                format!("own{number}c Lighthouse"),
            );
            conversation(number, number % 5, number, TODAY, &title, &text)
        })
        .chain(sample(400, 53).into_iter().map(|mut other| {
            other.id = discover_model::ConversationId::from_u128(other.id.as_u128() + 10_000);
            other
        }))
        .collect();
    let snapshot = snapshot_of(&all);
    let topic = topics_with(&snapshot, &all[..20])
        .into_iter()
        .find(|topic| topic.level == 1 && topic.conversations >= 15)
        .expect("one topic");
    assert_eq!(topic.label, "Lighthouse", "{topic:?}");
}

#[test]
fn a_topic_whose_subject_only_a_hidden_network_had_is_not_shown_any_more() {
    // Half of them are of one network and speak of the subject; the others hang on by what they share with one of these.
    let mut all = leftovers(40);
    for (number, conversation) in all.iter_mut().enumerate() {
        let subject = number % 2 == 0 || number % 10 == 1;
        let net = if number % 2 == 0 {
            30
        } else {
            number as u64 % 10
        };
        conversation.network = network(net);
        conversation.posts[0].voice = discover_model::Voice::from_bytes([number as u8; 16]);
        if subject {
            conversation.title = format!("Lighthouse {}", conversation.title);
            conversation.posts[0].text = conversation.title.clone();
        }
    }
    let snapshot = snapshot_of(&all);
    let topic = topics_with(&snapshot, &all)
        .into_iter()
        .filter(|topic| topic.shown)
        .max_by_key(|topic| topic.conversations)
        .expect("a topic")
        .clone();
    let mut hidden = Visibility::default();
    hidden.networks.insert(network(30));
    let masked = snapshot.masked(&hidden);
    let left = masked.resolve(topic.id);
    assert!(left.is_none_or(|left| !left.shown), "{left:?}");
}
