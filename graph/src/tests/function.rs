//! A pass is a function of what is held, whatever the order and rhythm in which it came and whatever ids were drawn.

use std::collections::BTreeMap;
use std::sync::RwLock;

use discover_model::{Conversation, ConversationId, NetworkId};
use proptest::prelude::*;

use super::{Draw, TODAY, graph_of, partition, put_outdated, sample, saved, snapshot_of};
use crate::{Graph, Relation, Snapshot, join, refresh};

/// What must not depend on how conversations came: members and ranks of every topic, and relations.
#[derive(Debug, PartialEq)]
struct Outcome {
    topics: Vec<(u8, Vec<ConversationId>, String)>,
    relations: Vec<Vec<Relation>>,
}

fn outcome(graph: &RwLock<Graph>, snapshot: &Snapshot) -> Outcome {
    let topics = snapshot.topics.iter().map(|topic| {
        let members = snapshot.members(topic.id).to_vec();
        let said = format!("{:?} {} {:?}", topic.rank, topic.shown, topic.terms);
        (topic.level, members, said)
    });
    let mut topics: Vec<_> = topics.collect();
    topics.sort();
    let graph = graph.read().expect("no panic held it");
    let all = graph.conversations().into_iter();
    Outcome {
        topics,
        relations: all.map(|id| graph.related(id, 10)).collect(),
    }
}

/// What is done to a graph before the last pass.
#[derive(Debug, Clone)]
enum Step {
    Add(usize),
    /// Adds another version first, which is edited later.
    AddOther(usize),
    Remove(usize),
    Restart,
    Pass,
    Join,
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let step = prop_oneof![
        6 => (1..60_usize).prop_map(Step::Add),
        2 => (1..20_usize).prop_map(Step::AddOther),
        1 => (1..10_usize).prop_map(Step::Remove),
        1 => Just(Step::Restart),
        1 => Just(Step::Pass),
        1 => Just(Step::Join),
    ];
    prop::collection::vec(step, 1..12)
}

/// Carries steps out; what is missing in the end is added and what is too much removed, so that all of `all` is held.
fn carried_out(all: &[Conversation], extra: &[Conversation], steps: &[Step]) -> RwLock<Graph> {
    let mut graph = graph_of(&[]);
    let mut next = 0;
    let mut others = Vec::new();
    for step in steps {
        let held = graph.get_mut().expect("no panic held it");
        match step {
            Step::Add(count) => {
                for one in all.iter().skip(next).take(*count) {
                    held.upsert(one);
                }
                next += count;
            }
            Step::AddOther(count) => {
                for (at, one) in all.iter().enumerate().skip(next).take(*count) {
                    let mut other = one.clone();
                    other.title.clone_from(&extra[at % extra.len()].title);
                    other.posts.clone_from(&extra[at % extra.len()].posts);
                    held.upsert(&other);
                    others.push(at);
                }
                next += count;
            }
            Step::Remove(count) => {
                for at in (0..next.min(all.len())).take(*count) {
                    held.remove(all[at].id);
                    others.push(at);
                }
                for one in extra.iter().take(*count) {
                    held.upsert(one);
                }
                for one in extra.iter().take(*count) {
                    held.remove(one.id);
                }
            }
            Step::Restart => {
                graph = RwLock::new(Graph::load(&saved(&graph)).expect("what was saved"));
            }
            Step::Pass => drop(refresh(&graph, TODAY)),
            Step::Join => drop(join(&graph, TODAY)),
        }
    }
    let held = graph.get_mut().expect("no panic held it");
    for at in others.into_iter().chain(next.min(all.len())..all.len()) {
        held.upsert(&all[at]);
    }
    put_outdated(held, all);
    graph
}

/// What the sources of some networks repeat under their posts, some of them under few.
fn with_footers(mut all: Vec<Conversation>, seed: u64) -> Vec<Conversation> {
    let mut draw = Draw::new(seed);
    for (at, one) in all.iter_mut().enumerate() {
        let footer = match one.posts[0].source.as_u128() {
            1..=3 => "Please read the house rules before you post.".to_owned(),
            4..=6 => format!("Opinions of branch number{} are its own.", draw.below(6)),
            7 => format!("Sent from the telephone of reader{at}."),
            _ => continue,
        };
        let text = &mut one.posts[0].text;
        *text = format!("{text}. {footer}");
    }
    all
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 6, ..ProptestConfig::default() })]

    #[test]
    fn the_same_conversations_give_the_same_topics_and_relations_however_they_came(
        steps in steps(),
        seed in 0..4_u64,
    ) {
        let all = with_footers(sample(160, 70 + seed), seed);
        let mut extra = with_footers(sample(40, 80 + seed), 10 + seed);
        for (number, one) in (0_u128..).zip(&mut extra) {
            one.id = ConversationId::from_u128(9_000 + number);
        }
        let graph = carried_out(&all, &extra, &steps);
        let snapshot = refresh(&graph, TODAY);
        let mut turned = all.clone();
        turned.reverse();
        let anew = graph_of(&turned);
        let other = refresh(&anew, TODAY);
        prop_assert_eq!(outcome(&graph, &snapshot), outcome(&anew, &other));
    }
}

#[test]
fn bounded_lists_of_users_of_a_word_do_not_depend_on_the_order_either() {
    let small = || {
        RwLock::new(Graph::new(crate::Parameters {
            relation_postings: 8,
            ..crate::Parameters::default()
        }))
    };
    let all = sample(200, 90);
    let (one, other) = (small(), small());
    for (at, conversation) in all.iter().enumerate() {
        let mut graph = one.write().expect("no panic held it");
        graph.upsert(conversation);
        if at % 3 == 2 {
            graph.remove(all[at - 1].id);
        }
    }
    for at in (0..all.len()).filter(|at| at % 3 == 1 && at + 1 < all.len()) {
        one.write().expect("no panic held it").upsert(&all[at]);
    }
    for conversation in all.iter().rev() {
        other
            .write()
            .expect("no panic held it")
            .upsert(conversation);
    }
    let (first, second) = (refresh(&one, TODAY), refresh(&other, TODAY));
    assert_eq!(outcome(&one, &first), outcome(&other, &second));
}

#[test]
fn the_ids_that_were_drawn_do_not_show() {
    let all = sample(300, 91);
    let mut draw = Draw::new(92);
    let mut networks: BTreeMap<NetworkId, NetworkId> = BTreeMap::new();
    let mut names: BTreeMap<ConversationId, ConversationId> = BTreeMap::new();
    let renamed: Vec<Conversation> = all
        .iter()
        .map(|one| {
            let mut other = one.clone();
            let mut fresh = || u128::from(draw.below(u64::MAX)) << 64 | 1;
            other.network = *networks
                .entry(one.network)
                .or_insert_with(|| NetworkId::from_u128(fresh()));
            other.id = ConversationId::from_u128(fresh());
            // As the address of an item that has none of its own: its page's, and a hash by a key of the instance.
            other.url = format!("{}#h-{:x}", one.url, fresh());
            names.insert(other.id, one.id);
            other
        })
        .collect();
    let (one, other) = (snapshot_of(&all), snapshot_of(&renamed));
    for level in 0..3 {
        let mut back: Vec<Vec<ConversationId>> = partition(&other, level)
            .into_iter()
            .map(|members| {
                let mut members: Vec<_> = members.iter().map(|id| names[id]).collect();
                members.sort_unstable();
                members
            })
            .collect();
        back.sort();
        let mut known = partition(&one, level);
        for members in &mut known {
            members.sort_unstable();
        }
        known.sort();
        assert_eq!(known, back, "level {level}");
    }
    let ids = |snapshot: &Snapshot| -> Vec<_> {
        snapshot
            .topics
            .iter()
            .map(|topic| (topic.id, topic.label.clone()))
            .collect()
    };
    assert_eq!(ids(&one), ids(&other));
}

#[test]
fn between_passes_a_newcomer_joins_the_topic_of_most_of_its_neighbours_or_waits() {
    let all = sample(400, 93);
    let (held, new) = all.split_at(360);
    let mut graph = graph_of(held);
    refresh(&graph, TODAY);
    let stranger = super::conversation(9_000, 1, 1, TODAY, "zymurgy xylem", "zymurgy xylem quokka");
    let writing = graph.get_mut().expect("no panic held it");
    for one in new.iter().chain([&stranger]) {
        writing.upsert(one);
    }
    let joined = join(&graph, TODAY);
    let whole = snapshot_of(&all);
    let subject = |snapshot: &Snapshot, id| {
        let topic = snapshot.resolve(snapshot.topic_at(id, 1)?)?;
        topic.terms.first().cloned()
    };
    let same = new.iter().filter(|one| {
        let now = subject(&joined, one.id);
        now.is_some() && now == subject(&whole, one.id)
    });
    assert!(
        same.count() * 10 >= new.len() * 7,
        "most are where a pass puts them"
    );
    assert_eq!(joined.topic_at(stranger.id, 1), None, "it waits");
    graph.get_mut().expect("no panic held it").remove(new[0].id);
    let after = join(&graph, TODAY);
    assert_eq!(after.topic_at(new[0].id, 1), None);
}

#[test]
fn many_conversations_at_once_have_topics_after_the_first_pass() {
    let graph = graph_of(&[]);
    refresh(&graph, TODAY);
    for conversation in &sample(2_600, 94) {
        graph
            .write()
            .expect("no panic held it")
            .upsert(conversation);
    }
    let snapshot = refresh(&graph, TODAY);
    let shown = snapshot
        .topics
        .iter()
        .filter(|topic| topic.shown && topic.level == 1);
    assert!(shown.count() >= 6);
}
