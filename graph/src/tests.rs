//! Tests of the whole graph: same input, same bytes; nothing left of what is removed or hidden; nobody hijacks it.

mod cleaning;
mod function;
mod hijack;
mod labels;
mod lasting;
mod leaving;
mod lists;
mod meaning;
mod repeated;
mod subject;
mod warning;

use std::sync::{Arc, RwLock};

use discover_model::{
    Conversation, ConversationId, ConversationPost, GrantId, NetworkId, PostId, SourceId,
    SourceKind, Voice,
};
use jiff::Timestamp;
use jiff::civil::{Date, date};
use jiff::tz::TimeZone;

use crate::{Graph, Parameters, Snapshot, refresh};

/// A fixed sequence of numbers.
pub(super) struct Draw(u64);

impl Draw {
    pub(super) fn new(seed: u64) -> Self {
        Self(seed)
    }
    pub(super) fn below(&mut self, limit: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        crate::corpus::near_copies::mix(self.0) % limit
    }
}

pub(super) const TODAY: Date = date(2026, 11, 20);

pub(super) fn network(number: u64) -> NetworkId {
    NetworkId::from_u128(u128::from(number) + 1)
}

pub(super) fn conversation(
    number: u64,
    net: u64,
    voice: u64,
    day: Date,
    title: &str,
    text: &str,
) -> Conversation {
    let at: Timestamp = day.to_zoned(TimeZone::UTC).expect("a day").timestamp();
    let mut bytes = [0; 16];
    bytes[..8].copy_from_slice(&voice.to_be_bytes());
    let url = format!("https://net-{net}.example/{number}");
    Conversation {
        id: ConversationId::from_u128(u128::from(number) + 1),
        network: network(net),
        kind: SourceKind::Feed,
        url: url.clone(),
        title: title.to_owned(),
        language: None,
        started: Some(at),
        last_active: Some(at),
        posts: vec![ConversationPost {
            id: PostId::from_u128(u128::from(number) + 1),
            source: SourceId::from_u128(u128::from(net) + 1),
            grant: GrantId::from_u128(1),
            parent: None,
            url,
            title: Some(title.to_owned()),
            text: text.to_owned(),
            language: None,
            voice: Voice::from_bytes(bytes),
            published: Some(at),
            first_seen: at,
            happened: Some(day),
            links: Vec::new(),
        }],
    }
}

const SUBJECTS: [&str; 8] = [
    "walk-in blood tests phlebotomy booking clinic",
    "bus route seventeen timetable cut evening",
    "damp mould council flat repairs landlord",
    "school dinner allergy menu children",
    "canal path lighting cyclists dark",
    "hearing aid batteries audiology waiting",
    "food bank opening hours volunteers parcels",
    "dentist register patients list closed",
];
const FILLER: &str = "people week morning since letter phone told asked local area street friend mother work help meeting \
    because problem answer question group family older young across village centre weekend autumn";

/// `count` conversations on eight subjects in twelve networks over 120 days before today.
pub(super) fn sample(count: u64, seed: u64) -> Vec<Conversation> {
    let mut draw = Draw::new(seed);
    let filler: Vec<&str> = FILLER.split_whitespace().collect();
    (0..count)
        .map(|number| {
            let subject: Vec<&str> = SUBJECTS[draw.below(8) as usize].split(' ').collect();
            let mut words = |of: &[&str], times: u64| -> Vec<String> {
                (0..times)
                    .map(|_| of[draw.below(of.len() as u64) as usize].to_owned())
                    .collect()
            };
            let mut title: Vec<String> = vec![subject[0].to_owned(), subject[1].to_owned()];
            title.extend(words(&subject, 1));
            title.extend(words(&filler, 2));
            let mut text = words(&subject, 5);
            text.extend(words(&filler, 12));
            let day =
                TODAY.saturating_sub(jiff::Span::new().days((120 - number * 120 / count) as i64));
            let (net, voice) = (draw.below(12), draw.below(40));
            conversation(number, net, voice, day, &title.join(" "), &text.join(" "))
        })
        .collect()
}

pub(super) fn graph_of(conversations: &[Conversation]) -> RwLock<Graph> {
    let mut graph = Graph::new(Parameters::default());
    for conversation in conversations {
        graph.upsert(conversation);
    }
    put_outdated(&mut graph, conversations);
    RwLock::new(graph)
}

/// Puts again what is outdated, as whoever holds the texts must.
pub(super) fn put_outdated(graph: &mut Graph, conversations: &[Conversation]) {
    for id in graph.outdated() {
        match conversations.iter().find(|one| one.id == id) {
            Some(conversation) => graph.upsert(conversation),
            None => graph.remove(id),
        }
    }
    assert!(graph.outdated().is_empty());
}

pub(super) fn saved(graph: &RwLock<Graph>) -> Vec<u8> {
    let mut bytes = Vec::new();
    let graph = graph.read().expect("no panic held it");
    graph.write_to(&mut bytes).expect("memory takes everything");
    bytes
}

/// Members of every topic of one level, whatever the ids.
pub(super) fn partition(snapshot: &Snapshot, level: u8) -> Vec<Vec<ConversationId>> {
    let topics = snapshot.topics.iter().filter(|topic| topic.level == level);
    let mut all: Vec<Vec<ConversationId>> = topics
        .map(|topic| snapshot.members(topic.id).to_vec())
        .collect();
    all.sort();
    all
}

#[test]
fn eight_subjects_in_twelve_networks_become_about_eight_topics_with_readable_labels() {
    let graph = graph_of(&sample(400, 1));
    let snapshot = refresh(&graph, TODAY);
    let middle: Vec<_> = snapshot
        .topics
        .iter()
        .filter(|topic| topic.level == 1)
        .collect();
    assert!((6..=12).contains(&middle.len()), "{} topics", middle.len());
    for topic in &middle {
        assert!(
            topic.short_label.chars().count() <= 22 && !topic.label.is_empty(),
            "{topic:?}"
        );
        assert!(topic.conversations > 1);
        for rank in [
            &topic.rank.emerging,
            &topic.rank.enduring,
            &topic.rank.quiet,
        ] {
            assert!(rank.value.is_finite() && !rank.terms.is_empty());
        }
    }
    let known = |label: &str| {
        SUBJECTS
            .iter()
            .any(|subject| subject.split([' ', '-']).any(|word| label.contains(word)))
    };
    assert!(
        middle
            .iter()
            .filter(|topic| topic.shown)
            .all(|topic| known(&topic.label))
    );
    for topic in &snapshot.topics {
        if let Some(parent) = topic.parent {
            let whole = snapshot.members(parent);
            assert!(
                snapshot
                    .members(topic.id)
                    .iter()
                    .all(|id| whole.contains(id)),
                "a child lies within its parent"
            );
        }
    }
}

#[test]
fn tiny_and_empty_inputs_give_no_panic_and_no_topic_of_one() {
    for count in 0..4 {
        let graph = graph_of(&sample(count, 2));
        let snapshot = refresh(&graph, TODAY);
        assert!(snapshot.topics.iter().all(|topic| topic.conversations > 1));
        assert_eq!(graph.read().expect("no panic held it").len() as u64, count);
    }
    let mut none = sample(3, 3);
    for conversation in &mut none {
        conversation.title = "…".into();
        conversation.posts[0].title = None;
        conversation.posts[0].text = "— !!! 😀".into();
    }
    none[2].title.clear();
    none[2].posts[0].text.clear();
    let graph = graph_of(&none);
    refresh(&graph, TODAY);
    assert!(
        graph
            .read()
            .expect("no panic held it")
            .related(none[0].id, 10)
            .iter()
            .all(|relation| relation.score > 0.0)
    );
}

#[test]
fn scripts_without_spaces_and_from_right_to_left_are_clustered_and_labelled() {
    let texts = [
        "血液検査の予約が取れない",
        "血液検査の待ち時間が長い",
        "血液検査はどこでできますか",
        "موعد فحص الدم في العيادة",
        "فحص الدم بدون موعد في المركز",
        "نتيجة فحص الدم متأخرة",
        "خون کے ٹیسٹ کی بکنگ",
        "خون کے ٹیسٹ کا انتظار",
    ];
    let all: Vec<Conversation> = (0..)
        .zip(texts)
        .map(|(number, text)| conversation(number, number % 4, number, TODAY, text, text))
        .collect();
    let graph = graph_of(&all);
    let snapshot = refresh(&graph, TODAY);
    let together = |a: usize, b: usize| {
        let topics = snapshot.topics_of(all[a].id);
        snapshot
            .topics_of(all[b].id)
            .iter()
            .any(|topic| topics.contains(topic))
    };
    assert!(together(0, 1) && together(3, 4));
    let shown = |at: usize| {
        let topics = snapshot.topics_of(all[at].id);
        let topics = topics.iter().filter_map(|id| snapshot.resolve(*id));
        topics.into_iter().any(|topic| topic.shown)
    };
    assert!(shown(0) && shown(3), "a subject needs no spaces");
    assert!(!together(0, 3));
}

#[test]
fn relations_say_why_and_are_the_same_from_either_side() {
    let mut all = sample(60, 4);
    all[7].posts[0].links = vec!["https://report.example/waiting-times".into()];
    all[40].posts[0].links = vec!["https://www.report.example/waiting-times/?utm_source=x".into()];
    all[12].posts[0].text = all[11].posts[0].text.clone();
    let graph = graph_of(&all);
    let graph = graph.read().expect("no panic held it");
    let kinds = |a: usize, b: usize| -> Vec<&'static str> {
        let found = graph.related(all[a].id, 60);
        let relation = found
            .iter()
            .find(|relation| relation.other == all[b].id)
            .expect("related");
        assert!(
            relation
                .reasons
                .iter()
                .all(|reason| !reason.words().is_empty())
        );
        relation.reasons.iter().map(crate::Reason::kind).collect()
    };
    assert!(kinds(7, 40).contains(&"shared_link"));
    assert!(kinds(11, 12).contains(&"near_copy"));
    for a in &all {
        for relation in graph.related(a.id, 10) {
            let back = graph.related(relation.other, 60);
            let same = back
                .iter()
                .find(|other| other.other == a.id)
                .expect("the other side knows it too");
            assert!((same.score - relation.score).abs() < 1e-5);
        }
    }
    assert!(
        !graph
            .related_to_text("walk-in blood tests have stopped", None, 5, &Vec::new())
            .is_empty()
    );
}

pub(super) fn snapshot_of(conversations: &[Conversation]) -> Arc<Snapshot> {
    refresh(&graph_of(conversations), TODAY)
}
