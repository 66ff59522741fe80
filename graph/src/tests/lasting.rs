//! The same bytes, the same names.

use std::sync::RwLock;

use super::{TODAY, graph_of, partition, sample, saved};
use crate::{EventKind, Graph, refresh};

#[test]
fn two_runs_and_a_run_with_a_restart_give_the_same_bytes() {
    let all = sample(300, 5);
    let run = |restart: bool| {
        let mut graph = graph_of(&all[..150]);
        let first = refresh(&graph, TODAY);
        if restart {
            graph = RwLock::new(Graph::load(&saved(&graph)).expect("what was saved"));
            assert_eq!(
                first,
                refresh(&graph, TODAY),
                "a pass over the same state says the same"
            );
        }
        for conversation in &all[150..] {
            graph
                .get_mut()
                .expect("no panic held it")
                .upsert(conversation);
        }
        let snapshot = refresh(&graph, TODAY);
        (saved(&graph), snapshot)
    };
    let (one, two, three) = (run(false), run(false), run(true));
    assert!(one == two, "two runs differ");
    assert!(one == three, "a restart shows");
}

#[test]
fn damaged_files_are_refused() {
    let bytes = saved(&graph_of(&sample(20, 6)));
    assert!(Graph::load(&bytes[..bytes.len() / 2]).is_err());
    assert!(Graph::load(&[9, 9, 9, 9, 1]).is_err());
    assert!(Graph::load(&[]).is_err());
}

#[test]
fn names_last_through_growth_and_former_ids_still_lead_somewhere() {
    let all = sample(400, 7);
    let mut graph = graph_of(&all[..250]);
    let before = refresh(&graph, TODAY);
    for conversation in &all[250..] {
        graph
            .get_mut()
            .expect("no panic held it")
            .upsert(conversation);
    }
    let after = refresh(&graph, TODAY);
    let mut same_label = 0;
    let old: Vec<_> = before
        .topics
        .iter()
        .filter(|topic| topic.level == 1)
        .collect();
    for topic in &old {
        let now = after
            .resolve(topic.id)
            .expect("a bookmarked topic resolves");
        same_label += usize::from(now.label == topic.label);
        assert!(
            now.history
                .iter()
                .any(|event| matches!(event.event, EventKind::Born | EventKind::Split))
        );
    }
    assert!(
        same_label * 3 >= old.len() * 2,
        "{same_label} of {} labels held",
        old.len()
    );
}

#[test]
fn an_unchanged_topic_stays_where_it_was_on_the_map() {
    let all = sample(400, 8);
    let mut graph = graph_of(&all[..370]);
    let before = refresh(&graph, TODAY);
    for conversation in &all[370..] {
        graph
            .get_mut()
            .expect("no panic held it")
            .upsert(conversation);
    }
    let after = refresh(&graph, TODAY);
    let mut known = 0;
    for topic in &after.map(1).topics {
        if let Some(old) = before.map(1).topics.iter().find(|old| old.id == topic.id) {
            known += 1;
            let moved = (topic.x - old.x).hypot(topic.y - old.y);
            assert!(moved < 0.02, "{} moved by {moved}", topic.label);
        }
        assert!((0.0..=1.0).contains(&topic.x) && (0.0..=1.0).contains(&topic.y));
    }
    assert!(known > 3);
}

#[test]
fn a_week_of_daily_updates_moves_no_topic_by_more_than_two_hundredths() {
    let all = sample(600, 19);
    let (held, week) = all.split_at(390);
    let graph = graph_of(held);
    let first = refresh(&graph, TODAY);
    let mut last = std::sync::Arc::clone(&first);
    for (day, new) in (1..).zip(week.chunks(30)) {
        for conversation in new {
            graph
                .write()
                .expect("no panic held it")
                .upsert(conversation);
        }
        last = refresh(&graph, TODAY.saturating_add(jiff::Span::new().days(day)));
    }
    for level in 0..3 {
        for topic in &last.map(level).topics {
            let old = first.map(level).topics.iter();
            if let Some(old) = old.into_iter().find(|old| old.id == topic.id) {
                let moved = (topic.x - old.x).hypot(topic.y - old.y);
                assert!(moved < 0.02, "{level}: {} moved by {moved}", topic.label);
            }
        }
    }
}

#[test]
fn an_edit_takes_the_place_of_what_it_edits() {
    let mut all = sample(120, 9);
    let graph = graph_of(&all);
    refresh(&graph, TODAY);
    all[17].posts[0].text = all[30].posts[0].text.clone();
    all[17].title = all[30].title.clone();
    all[17].posts[0].title = all[30].posts[0].title.clone();
    graph.write().expect("no panic held it").upsert(&all[17]);
    let edited = refresh(&graph, TODAY);
    let rebuilt = super::snapshot_of(&all);
    for level in 0..3 {
        assert_eq!(
            partition(&edited, level),
            partition(&rebuilt, level),
            "level {level}"
        );
    }
}

#[test]
fn the_order_in_which_posts_came_does_not_show() {
    let all = sample(300, 15);
    let mut turned = all.clone();
    turned.reverse();
    let (one, two) = (super::snapshot_of(&all), super::snapshot_of(&turned));
    let names = |snapshot: &crate::Snapshot| -> Vec<_> {
        let topics = snapshot.topics.iter();
        topics
            .map(|topic| (topic.id, topic.label.clone(), topic.rank.clone()))
            .collect()
    };
    assert_eq!(names(&one), names(&two));
    for level in 0..3 {
        assert_eq!(
            partition(&one, level),
            partition(&two, level),
            "level {level}"
        );
    }
}

/// Large enough for passes that are not whole.
const MANY: u64 = 2_600;

/// A graph whose last whole pass saw all but the last 300, drawn every 100 since.
fn settled(
    all: &[discover_model::Conversation],
    restart: bool,
) -> (RwLock<Graph>, std::sync::Arc<crate::Snapshot>) {
    let (first, rest) = all.split_at(all.len() - 300);
    let mut graph = graph_of(first);
    let mut snapshot = refresh(&graph, TODAY);
    for (turn, part) in rest.chunks(100).enumerate() {
        if restart && turn == 1 {
            graph = RwLock::new(Graph::load(&saved(&graph)).expect("what was saved"));
        }
        for conversation in part {
            graph
                .get_mut()
                .expect("no panic held it")
                .upsert(conversation);
        }
        snapshot = refresh(&graph, TODAY);
    }
    (graph, snapshot)
}

#[test]
fn a_restart_between_whole_passes_gives_the_same_bytes() {
    let all = sample(MANY, 16);
    let (one, two) = (settled(&all, false), settled(&all, true));
    assert!(
        one.0.read().expect("lock").clustering.changed > 0,
        "not only whole passes"
    );
    assert!(
        saved(&one.0) == saved(&two.0),
        "a restart shows in the graph"
    );
    assert_eq!(one.1.topics, two.1.topics);
    assert_eq!(one.1.map, two.1.map);
}

#[test]
fn what_is_settled_one_by_one_agrees_with_a_rebuild() {
    let all = sample(MANY, 17);
    let (_, settled) = settled(&all, false);
    let rebuilt = super::snapshot_of(&all);
    let middle = |snapshot: &crate::Snapshot, id| {
        let topics = snapshot.topics_of(id);
        topics.get(1).copied()
    };
    let (mut same, mut pairs) = (0, 0);
    for a in all.iter().rev().take(300).step_by(3) {
        for b in all.iter().step_by(7) {
            let one = middle(&settled, a.id) == middle(&settled, b.id);
            let two = middle(&rebuilt, a.id) == middle(&rebuilt, b.id);
            pairs += 1;
            same += u32::from(one == two);
        }
    }
    let agreement = f64::from(same) / f64::from(pairs);
    assert!(agreement >= 0.95, "pairs agree for {agreement}");
}

#[test]
fn a_withdrawal_between_whole_passes_equals_a_replay() {
    let all = sample(MANY, 18);
    let (graph, _) = settled(&all, false);
    let leaving = super::network(5);
    graph
        .write()
        .expect("no panic held it")
        .remove_network(leaving);
    let after = refresh(&graph, TODAY);
    let rest: Vec<_> = all
        .iter()
        .filter(|one| one.network != leaving)
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
    for conversation in rest.iter().step_by(40) {
        assert_eq!(
            left.related(conversation.id, 15),
            right.related(conversation.id, 15)
        );
    }
    let known = |id| after.aliases.contains_key(&id) || after.by_id.contains_key(&id);
    let mapped = |topic: &std::sync::Arc<crate::Topic>| known(topic.id);
    assert!(after.topics.iter().all(mapped));
}

#[test]
fn what_is_drawn_from_a_few_changes_equals_what_is_drawn_anew() {
    let all = sample(MANY, 20);
    let (first, rest) = all.split_at(all.len() - 300);
    let mut held = first.to_vec();
    let mut graph = graph_of(first);
    refresh(&graph, TODAY);
    let mut draw = super::Draw::new(21);
    for part in rest.chunks(50) {
        let writing = graph.get_mut().expect("no panic held it");
        for (turn, new) in part.iter().enumerate() {
            let other = held[draw.below(held.len() as u64) as usize].clone();
            let at = draw.below(held.len() as u64) as usize;
            match turn % 5 {
                0 => {
                    // Another says the same; a group may lose who stood for it.
                    let mut copy = new.clone();
                    copy.posts[0].text = other.posts[0].text.clone();
                    writing.upsert(&copy);
                    held.push(copy);
                }
                1 => {
                    held[at].posts[0].text = other.posts[0].text.clone();
                    held[at].posts[0].happened = other.posts[0].happened;
                    writing.upsert(&held[at]);
                }
                2 => {
                    let reply = other.posts[0].clone();
                    held[at].posts.push(reply);
                    writing.upsert(&held[at]);
                }
                3 => writing.remove(held.swap_remove(at).id),
                _ => {
                    writing.upsert(new);
                    held.push(new.clone());
                }
            }
        }
        let anew = RwLock::new(Graph::load(&saved(&graph)).expect("what was saved"));
        let (few, whole) = (refresh(&graph, TODAY), refresh(&anew, TODAY));
        let changed = graph.read().expect("lock").clustering.changed;
        assert!(changed > 0, "settled and not clustered anew");
        for (a, b) in few.topics.iter().zip(&whole.topics) {
            assert_eq!(a, b);
        }
        assert!(few.support == whole.support, "members or labels differ");
        assert!(few.map == whole.map && few.copies == whole.copies);
        assert!(saved(&graph) == saved(&anew), "a restart shows");
    }
}

#[test]
fn a_silent_topic_fades_by_the_clock_though_nothing_touches_it() {
    let graph = graph_of(&sample(300, 22));
    let last = |snapshot: &crate::Snapshot| -> Vec<_> {
        let topics = snapshot.topics.iter();
        topics
            .map(|topic| topic.history.last().map(|event| event.event))
            .collect()
    };
    let now = refresh(&graph, TODAY);
    assert!(last(&now).contains(&Some(EventKind::Born)));
    let later = TODAY.saturating_add(jiff::Span::new().days(40));
    let restarted = RwLock::new(Graph::load(&saved(&graph)).expect("what was saved"));
    let faded = refresh(&graph, later);
    assert!(
        last(&faded)
            .iter()
            .all(|event| *event == Some(EventKind::Faded))
    );
    assert_eq!(refresh(&graph, later).topics, faded.topics, "noted once");
    assert_eq!(refresh(&restarted, later).topics, faded.topics);
    assert!(saved(&graph) == saved(&restarted));
}
