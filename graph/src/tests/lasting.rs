//! The same bytes, the same names.

use std::sync::RwLock;

use super::{TODAY, graph_of, partition, sample, saved};
use crate::{EventKind, Graph, Snapshot, refresh};

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
fn near_copies_can_be_read_without_the_graph() {
    let mut all = sample(60, 8);
    let (mut copy, of) = (all[0].clone(), all[1].clone());
    copy.title.clone_from(&of.title);
    for (post, other) in copy.posts.iter_mut().zip(&of.posts) {
        post.text.clone_from(&other.text);
        post.title.clone_from(&other.title);
    }
    all[0] = copy;
    let graph = graph_of(&all);
    let drawn = refresh(&graph, TODAY);
    assert!(drawn.copies.contains_key(&of.id));
    let mut bytes = Vec::new();
    let kept = graph.read().expect("no panic held it");
    kept.write_copies_to(&mut bytes).expect("memory");
    let read = Snapshot::of_copies(&bytes, TODAY).expect("what was written");
    assert_eq!(read.copies, drawn.copies);
    assert!(Snapshot::of_copies(&bytes[..bytes.len() - 1], TODAY).is_err());
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
fn a_topic_that_comes_back_to_a_full_map_stands_where_it_stood() {
    let all = sample(600, 19);
    let (held, rest) = all.split_at(390);
    let most = 4;
    let mut graph = RwLock::new(Graph::new(crate::Parameters {
        map_topics: most,
        ..crate::Parameters::default()
    }));
    let mut stood = std::collections::BTreeMap::new();
    let (mut seen, mut left) = (0, 0);
    for (turn, part) in std::iter::once(held).chain(rest.chunks(15)).enumerate() {
        for conversation in part {
            let held = graph.get_mut().expect("no panic held it");
            held.upsert(conversation);
        }
        let snapshot = refresh(
            &graph,
            TODAY.saturating_add(jiff::Span::new().days(turn as i64)),
        );
        for level in 0..3 {
            let topics = &snapshot.map(level).topics;
            assert!(topics.len() <= most, "{} on a map of {most}", topics.len());
            for topic in topics {
                let last = stood.insert(topic.id, (turn, topic.x, topic.y));
                if let Some((when, x, y)) = last {
                    seen += 1;
                    left += usize::from(when + 1 < turn);
                    let moved = (topic.x - x).hypot(topic.y - y);
                    assert!(moved < 0.02, "{level}: {} moved by {moved}", topic.label);
                }
            }
        }
    }
    assert!(
        seen > 50 && left > 0,
        "{seen} seen again, {left} after an absence"
    );
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
