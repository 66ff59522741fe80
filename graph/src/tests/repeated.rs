//! What a source repeats under its posts weighs nothing, and leaves nothing behind.

use std::sync::RwLock;

use discover_model::Conversation;

use super::{TODAY, conversation, graph_of, put_outdated, saved};
use crate::{Graph, refresh};

const BODIES: [&str; 7] = [
    "The insulin pump waiting list at the county hospital is now eleven months long.",
    "My old bicycle was stolen from the rack behind the swimming baths on Friday.",
    "Does anyone know who repairs church organs north of the river these days?",
    "Slugs ate every lettuce again although we tried copper tape and even beer.",
    "The night bus leaves the station before the last train from the coast arrives.",
    "Our twins start school in autumn and both places were refused without a reason.",
    "A heron stands on the weir each morning and the anglers are furious about it.",
];
const FOOTER: &str = "Please read the zymurgy rules before you post. This forum is moderated by volunteers between \
    nine and five. For urgent help call the number on the notice board. Views are those of members alone.";

fn posts() -> Vec<Conversation> {
    let numbered = (0..).zip(BODIES);
    numbered
        .map(|(number, body)| {
            let text = format!("{body} {FOOTER}");
            conversation(number, 0, number, TODAY, &format!("Note {number}"), &text)
        })
        .collect()
}

fn says(graph: &RwLock<Graph>, word: &[u8]) -> bool {
    let bytes = saved(graph);
    bytes.windows(word.len()).any(|window| window == word)
}

#[test]
fn posts_on_other_subjects_under_one_footer_are_neither_copies_nor_related() {
    let all = posts();
    let graph = graph_of(&all);
    let snapshot = refresh(&graph, TODAY);
    assert!(snapshot.copies.is_empty());
    assert!(!says(&graph, b"zymurgy"));
    let graph = graph.read().expect("no panic held it");
    for one in &all {
        let related = graph.related(one.id, 10);
        let named = related.iter().flat_map(|relation| &relation.reasons);
        for reason in named {
            assert!(!reason.words().contains("rules"), "{}", reason.words());
        }
    }
}

#[test]
fn when_too_few_are_left_the_words_are_their_own_again_and_go_with_the_last() {
    let all = posts();
    let mut graph = graph_of(&all);
    refresh(&graph, TODAY);
    let held = graph.get_mut().expect("no panic held it");
    for one in &all[2..] {
        held.remove(one.id);
    }
    let [first, second, ..] = all.as_slice() else {
        panic!("two of seven")
    };
    assert_eq!(held.outdated(), [first.id, second.id]);
    let mut graph = RwLock::new(Graph::load(&saved(&graph)).expect("what was saved"));
    put_outdated(graph.get_mut().expect("no panic held it"), &all);
    assert!(says(&graph, b"zymurgy"), "through a restart");
    let anew = graph_of(&all[..2]);
    for one in &all[..2] {
        let related = |graph: &RwLock<Graph>| {
            refresh(graph, TODAY);
            graph.read().expect("no panic held it").related(one.id, 10)
        };
        assert_eq!(related(&graph), related(&anew));
    }
    let held = graph.get_mut().expect("no panic held it");
    held.remove_network(first.network);
    assert_eq!(held.repeated.hashes().count(), 0);
    assert!(held.outdated().is_empty());
    assert!(!says(&graph, b"zymurgy"));
}
