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
            assert!(moved < 0.03, "{} moved by {moved}", topic.label);
        }
        assert!((0.0..=1.0).contains(&topic.x) && (0.0..=1.0).contains(&topic.y));
    }
    assert!(known > 3);
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
