//! What leaves, leaves nothing behind.

use discover_model::Visibility;

use super::{TODAY, conversation, graph_of, network, partition, sample, saved};
use crate::publication::topic_graph::TopicGraph;
use crate::{Graph, refresh};

#[test]
fn removing_a_network_equals_a_replay_without_it() {
    let all = sample(300, 10);
    let graph = graph_of(&all);
    refresh(&graph, TODAY);
    graph
        .write()
        .expect("no panic held it")
        .remove_network(network(3));
    let after = refresh(&graph, TODAY);
    let rest: Vec<_> = all
        .iter()
        .filter(|conversation| conversation.network != network(3))
        .cloned()
        .collect();
    let other = graph_of(&rest);
    let replay = refresh(&other, TODAY);
    for level in 0..3 {
        assert_eq!(
            partition(&after, level),
            partition(&replay, level),
            "level {level}"
        );
    }
    let (left, right) = (graph.read().expect("lock"), other.read().expect("lock"));
    for conversation in &rest {
        assert_eq!(
            left.related(conversation.id, 15),
            right.related(conversation.id, 15)
        );
    }
}

#[test]
fn a_word_that_only_a_removed_network_used_is_in_no_byte_of_the_graph() {
    let mut all = sample(100, 11);
    for number in 0..6 {
        let text = format!("xylophone zymurgy rally number{number} walk-in blood tests");
        all.push(conversation(1000 + number, 77, number, TODAY, &text, &text));
    }
    let graph = graph_of(&all);
    refresh(&graph, TODAY);
    assert!(
        saved(&graph)
            .windows(9)
            .any(|window| window == b"xylophone")
    );
    graph
        .write()
        .expect("no panic held it")
        .remove_network(network(77));
    let clean = |bytes: &[u8]| !bytes.windows(9).any(|window| window == b"xylophone");
    assert!(clean(&saved(&graph)), "before the next pass");
    let after = refresh(&graph, TODAY);
    assert!(clean(&saved(&graph)) && clean(format!("{after:?}").as_bytes()));
    assert!(Graph::load(&saved(&graph)).is_ok());
}

#[test]
fn a_label_does_not_outlive_the_conversations_it_was_taken_from() {
    let mut all = sample(100, 11);
    let mut parts = Vec::new();
    for number in 0..6 {
        let text = format!("xylophone zymurgy recital part{number}");
        let made = conversation(1000 + number, number % 3, number, TODAY, &text, &text);
        parts.push(made.id);
        all.push(made);
    }
    let graph = graph_of(&all);
    let before = refresh(&graph, TODAY);
    assert!(
        before
            .topics
            .iter()
            .any(|topic| topic.label.contains("xylophone"))
    );
    // A path was withdrawn, say: its conversations go, and nothing else changes.
    for id in parts {
        graph.write().expect("no panic held it").remove(id);
    }
    let clean = |bytes: &[u8]| !bytes.windows(9).any(|window| window == b"xylophone");
    assert!(clean(&saved(&graph)), "before the next pass");
    let after = refresh(&graph, TODAY);
    assert!(clean(&saved(&graph)) && clean(format!("{after:?}").as_bytes()));
}

#[test]
fn removing_every_conversation_one_by_one_leaves_an_empty_graph() {
    let all = sample(40, 12);
    let graph = graph_of(&all);
    refresh(&graph, TODAY);
    for conversation in &all {
        graph
            .write()
            .expect("no panic held it")
            .remove(conversation.id);
    }
    let after = refresh(&graph, TODAY);
    assert!(after.topics.is_empty() && after.aliases.is_empty());
    let graph = graph.read().expect("no panic held it");
    assert!(graph.is_empty() && graph.lexicon.texts().next().is_none());
}

#[test]
fn a_mask_takes_a_hidden_network_out_of_everything_at_once() {
    let mut all = sample(200, 13);
    for number in 0..5 {
        let text = format!("quixotic vaccine rally number{number} by the old harbour wall");
        all.push(conversation(
            1000 + number,
            50 + number % 2,
            number,
            TODAY,
            &text,
            &text,
        ));
    }
    let graph = graph_of(&all);
    let snapshot = refresh(&graph, TODAY);
    let visibility = Visibility {
        generation: 1,
        networks: [network(50), network(4)].into(),
        conversations: [all[0].id].into(),
        ..Visibility::default()
    };
    let masked = snapshot.masked(&visibility);
    for topic in &masked.topics {
        assert!(
            topic
                .networks
                .iter()
                .all(|(id, _)| visibility.shows_network(*id))
        );
        assert!(
            topic.conversations > 1
                && topic.conversations as usize == masked.members(topic.id).len()
        );
    }
    for conversation in &all {
        let shown = visibility.shows_network(conversation.network) && conversation.id != all[0].id;
        assert!(shown || masked.topics_of(conversation.id).is_empty());
    }
    let both = snapshot.masked(&Visibility {
        networks: [network(50), network(51)].into(),
        ..Visibility::default()
    });
    assert!(
        !format!("{both:?}").contains("quixotic"),
        "a label outlived the networks that used it"
    );
    assert_eq!(
        *snapshot,
        snapshot.masked(&Visibility::default()),
        "an empty mask changes nothing"
    );
}

/// Hides something of one conversation, and looks at everything that is drawn.
fn hidden_leaves_no_trace(hide: impl Fn(&discover_model::Conversation, &mut Visibility)) {
    let mut all = sample(240, 14);
    // Some speak of two subjects at once, and so join them.
    for number in 0..24 {
        let words = "walk-in blood tests phlebotomy bus route seventeen timetable";
        let mut words: Vec<&str> = words.split(' ').collect();
        words.rotate_left(number as usize % 8);
        words.swap(1, number as usize / 8 + 3);
        let text = format!("{} question{number}", words[..6].join(" "));
        all.push(conversation(
            5_000 + number,
            number % 12,
            number,
            TODAY,
            &text,
            &text,
        ));
    }
    let original = all[200].clone();
    all[210].posts[0].text = original.posts[0].text.clone();
    let graph = graph_of(&all);
    let snapshot = refresh(&graph, TODAY);
    assert!(
        snapshot.copies.contains_key(&original.id),
        "a copy to begin with"
    );
    let edges = |snapshot: &crate::Snapshot| {
        let links = snapshot.edges.iter().flat_map(TopicGraph::links);
        let parts = links.flat_map(|(.., link)| link.parts.iter());
        parts
            .filter(|(a, b, _)| a.id == original.id || b.id == original.id)
            .count()
    };
    // Ids of the first twelve are those of networks too.
    let chosen = all
        .iter()
        .skip(12)
        .find(|one| {
            let links = snapshot.edges.iter().flat_map(TopicGraph::links);
            let parts = links.flat_map(|(.., link)| link.parts.iter());
            parts
                .into_iter()
                .any(|(a, b, _)| a.id == one.id || b.id == one.id)
        })
        .expect("links between topics");
    for conversation in [&original, chosen] {
        let mut visibility = Visibility {
            generation: 1,
            ..Visibility::default()
        };
        hide(conversation, &mut visibility);
        let masked = snapshot.masked(&visibility);
        assert!(masked.topics_of(conversation.id).is_empty());
        assert!(!masked.copies.contains_key(&conversation.id));
        let held = format!(
            "{:?}",
            (
                &masked.topics,
                &masked.support,
                &masked.map,
                &masked.edges,
                &masked.groups
            )
        );
        assert!(
            !held.contains(&conversation.id.to_string()),
            "an id is left"
        );
        assert!(!held.contains(&conversation.title), "a title is left");
    }
    let mut visibility = Visibility::default();
    hide(&original, &mut visibility);
    let masked = snapshot.masked(&visibility);
    assert_eq!(edges(&masked), 0);
    assert!(
        !masked.copies.contains_key(&all[210].id),
        "a copy of what is hidden"
    );
}

#[test]
fn a_hidden_conversation_leaves_no_link_count_copy_or_member() {
    hidden_leaves_no_trace(|one, hidden| {
        hidden.conversations.insert(one.id);
    });
}

#[test]
fn a_hidden_post_leaves_no_link_count_copy_or_member() {
    hidden_leaves_no_trace(|one, hidden| {
        hidden.posts.insert(one.posts[0].id);
    });
}

#[test]
fn a_hidden_source_leaves_no_link_count_copy_or_member() {
    hidden_leaves_no_trace(|one, hidden| {
        hidden.sources.insert(one.posts[0].source);
    });
}

#[test]
fn a_hidden_path_leaves_no_link_count_copy_or_member() {
    hidden_leaves_no_trace(|one, hidden| {
        let origin = &one.url[..one.url.rfind('/').expect("a path")];
        let path = one.url[origin.len()..].to_owned();
        hidden.paths.push((one.network, origin.to_owned(), path));
    });
}

#[test]
fn topics_below_the_thresholds_are_neither_ranked_nor_drawn() {
    let all: Vec<_> = (0..6)
        .map(|number| {
            conversation(
                number,
                number % 2,
                number,
                TODAY,
                "harbour wall repairs",
                &format!("harbour wall repairs part{number} stone"),
            )
        })
        .collect();
    let snapshot = super::snapshot_of(&all);
    assert!(
        snapshot.topics.iter().all(|topic| !topic.shown),
        "two networks and six voices"
    );
    assert!(
        snapshot.ranked(crate::Rank::Emerging, 1).is_empty() && snapshot.map(1).topics.is_empty()
    );
}

#[test]
fn placeholders_of_redaction_are_never_a_label_or_a_term() {
    let all: Vec<_> = (0..9)
        .map(|number| {
            conversation(
                number,
                number % 4,
                number,
                TODAY,
                "[e-mail] [phone number]",
                &format!("[e-mail] wrote to [name] pothole{number} lane"),
            )
        })
        .collect();
    let snapshot = super::snapshot_of(&all);
    for topic in &snapshot.topics {
        let text = format!("{} {} {:?}", topic.label, topic.short_label, topic.terms);
        assert!(!text.contains("mail") && !text.contains("phone"), "{text}");
    }
}

#[test]
fn nobody_is_quoted_of_whom_anything_is_hidden() {
    let graph = graph_of(&sample(200, 13));
    let snapshot = refresh(&graph, TODAY);
    let topic = snapshot
        .topics
        .iter()
        .find(|topic| topic.shown && topic.level == 1)
        .expect("a topic");
    let central = snapshot.central(topic.id);
    assert!(central.len() > 6, "{}", central.len());
    let hidden = central[0];
    let visibility = Visibility {
        generation: 1,
        networks: [hidden.network].into(),
        conversations: [central[1].conversation].into(),
        ..Visibility::default()
    };
    let left = snapshot.masked(&visibility).central(topic.id);
    assert!(!left.is_empty() && left.len() < central.len());
    for one in left {
        assert!(one.network != hidden.network && one.conversation != central[1].conversation);
    }
}
