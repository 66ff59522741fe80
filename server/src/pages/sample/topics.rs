//! Topics, their timelines and the map.

use std::collections::BTreeMap;

use discover_model::{ConversationId, SourceKind, TopicId};
use jiff::ToSpan as _;
use jiff::civil::date;

use super::{TODAY, language, network_ref, topic_id};
use crate::shapes::{
    Baseline, Bridge, Bucket, Coordinated, Gap, GapReason, Interval, JoinIn, Map, MapAnswers,
    MapLink, MapTopic, MapWeek, Matrix, MatrixArea, MatrixCell, MatrixRow, Neighbour, NetworkCount,
    NetworkRef, Note, Quote, Rank, RankValue, Ranks, Reason, Timeline, Topic, TopicEvent,
    TopicNetwork, TopicNetworks, TopicPage, TopicRef, TopicState,
};

pub(super) const LABELS: [(&str, &str, &[&str]); 15] = [
    (
        "walk-in blood tests",
        "Walk-in blood tests",
        &["en", "pl", "ur"],
    ),
    (
        "booking that needs a smartphone",
        "Booking by smartphone",
        &["en", "cy"],
    ),
    (
        "interpreters cancelled on the day",
        "Interpreters",
        &["ur", "pl", "so", "en"],
    ),
    (
        "glucose sensors out of stock",
        "Glucose sensors",
        &["cy", "en"],
    ),
    (
        "last bus before the clinic closes",
        "Last bus home",
        &["en"],
    ),
    (
        "phoning for a GP appointment at 8 am",
        "Phoning at 8 am",
        &["en", "pl", "bn", "ur", "cy", "so", "pa"],
    ),
    ("breaks for unpaid carers", "Carers’ breaks", &["en", "cy"]),
    (
        "finding an NHS dentist",
        "Finding a dentist",
        &["en", "pl", "so"],
    ),
    (
        "letters that come after the appointment",
        "Letters come late",
        &["en", "ur"],
    ),
    ("paying for hospital parking", "Hospital parking", &["en"]),
    ("letters in large print", "Large print", &["en", "cy"]),
    (
        "late deliveries of continence products",
        "Continence supplies",
        &["en", "pl"],
    ),
    ("quiet waiting rooms", "Quiet waiting rooms", &["en"]),
    (
        "washing before prayer on wards",
        "Washing before prayer",
        &["ur", "bn"],
    ),
    ("gofal traed gartref", "Gofal traed", &["cy"]),
];

fn weeks(counts: &[u64]) -> Timeline {
    let first = TODAY
        .checked_sub((counts.len() as i64 - 1).weeks())
        .expect("within the calendar")
        .checked_sub(6.days())
        .expect("within the calendar");
    Timeline {
        interval: Interval::Week,
        undated: 0,
        buckets: counts
            .iter()
            .enumerate()
            .map(|(n, count)| Bucket {
                start: first.saturating_add((n as i64).weeks()),
                count: *count,
                near_copies: 0,
                gaps: Vec::new(),
            })
            .collect(),
        notes: Vec::new(),
    }
}

pub(crate) fn timeline() -> Timeline {
    let mut timeline = weeks(&[
        1, 5, 5, 10, 1, 5, 10, 5, 1, 1, 0, 5, 10, 5, 5, 10, 5, 5, 10, 10, 10, 5, 10, 20, 40, 55,
    ]);
    for (n, slug, reason) in [
        (10, "leeds-carers", GapReason::Unreachable),
        (14, "bradford-urdu-health-radio", GapReason::Stale),
        (25, "midwives-voices", GapReason::Joined),
    ] {
        let bucket = &mut timeline.buckets[n];
        bucket.gaps.push(Gap {
            network: slug.to_owned(),
            reason,
        });
        timeline.notes.push(Note {
            reason,
            from: bucket.start,
            to: bucket.start,
            networks: vec![slug.to_owned()],
        });
    }
    timeline
}

fn rank(value: f64, place: Option<u64>, of: u64, terms: &[(&str, f64)]) -> RankValue {
    RankValue {
        value,
        terms: terms
            .iter()
            .map(|(name, value)| ((*name).to_owned(), *value))
            .collect(),
        meets: place.is_some(),
        because: if place.is_some() {
            "it began 12 days ago, and this list is for what is at most 30 days old".to_owned()
        } else {
            "not yet, because it is 6 weeks old, and this list begins at 12 weeks".to_owned()
        },
        place,
        of,
    }
}

fn quote(n: usize) -> Quote {
    let code = ["en", "cy", "ur"][n % 3];
    Quote {
        text: [
            "Took my husband for his monthly blood test and we were turned away at the door.",
            "Es i’r ysbyty bore ddoe am brawf gwaed fel arfer a chael fy nhroi i ffwrdd.",
            "آج صبح والدہ کو خون کے ٹیسٹ کے لیے ہسپتال لے گئی۔",
        ][n % 3]
            .to_owned(),
        language: Some(language(code)),
        direction: language(code).direction(),
        network: network_ref(n),
        conversation: ConversationId::from_u128(n as u128 + 1),
        title: "Turned away at the door: blood tests by booking only".to_owned(),
        kind: SourceKind::Discourse,
        day: Some(date(2026, 11, 3)),
        url: format!("https://forum.example/t/{n}"),
        links_to: None,
    }
}

/// Who speaks of the first topic, who could, and of whom nobody knows.
pub(crate) fn topic_networks() -> TopicNetworks {
    let states = [
        TopicState::Speaks,
        TopicState::Could,
        TopicState::NotComparable,
        TopicState::NotComparable,
    ];
    let items = states.into_iter().enumerate().map(|(n, state)| {
        let NetworkRef { slug, name } = network_ref(n);
        TopicNetwork {
            slug,
            name,
            state,
            count: u64::from(state == TopicState::Speaks),
            near_copies: 0,
            languages: if n < 3 {
                vec![language("so")]
            } else {
                Vec::new()
            },
            first: None,
            last: None,
            weeks: None,
        }
    });
    TopicNetworks {
        mentions_unknown: false,
        topic: topic_ref(topic_id(0)).expect("the first"),
        items: items.collect(),
        silent: vec![network_ref(1)],
        since: date(2026, 8, 31),
        generation: 17,
    }
}

/// The matrix of one topic.
pub(crate) fn matrix() -> Matrix {
    let networks = topic_networks();
    Matrix {
        mentions_unknown: false,
        networks: (0..networks.items.len()).map(network_ref).collect(),
        areas: vec![MatrixArea {
            area: super::areas(0).remove(0),
            networks: vec![network_ref(0).slug, network_ref(2).slug],
        }],
        items: vec![MatrixRow {
            topic: networks.topic,
            cells: networks
                .items
                .iter()
                .map(|network| MatrixCell {
                    network: network.slug.clone(),
                    state: network.state,
                    count: network.count,
                    near_copies: 0,
                })
                .collect(),
        }],
        next: None,
        total: 1,
        since: networks.since,
        generation: 17,
        too_small: 11,
    }
}

pub(crate) fn topic(n: usize) -> Topic {
    let (label, short, codes) = LABELS[n % LABELS.len()];
    let series: Vec<u64> = match n / 5 {
        0 => vec![2, 2, 0, 2, 2, 2, 2, 5, 2, 10, 30, 45],
        1 => (0..12)
            .map(|week| 40 + (week * 7 + n as u64 * 3) % 25)
            .collect(),
        _ => (0..12)
            .map(|week| if (week + n).is_multiple_of(3) { 5 } else { 2 })
            .collect(),
    };
    Topic {
        id: topic_id(n),
        label: label.to_owned(),
        labels: BTreeMap::from([("en".to_owned(), label.to_owned())]),
        title: "The walk-in blood tests have stopped, where do we go now?".to_owned(),
        short_label: short.to_owned(),
        terms: ["phlebotomy", "walk-in", "booking line", "badania krwi"].map(str::to_owned).into(),
        level: 1,
        parent: Some(topic_id(100)),
        children: vec![topic_id(101), topic_id(102)],
        conversations: 93,
        near_copies: 0,
        networks: (0..6)
            .map(|network| {
                let NetworkRef { slug, name } = network_ref(network);
                NetworkCount {
                    slug,
                    name,
                    count: [32, 17, 15, 11, 4, 1][network],
                    near_copies: 0,
                }
            })
            .collect(),
        areas: super::areas(1),
        areas_of: 3,
        welcoming: 2,
        join: vec![JoinIn {
            conversation: super::conversation(1),
            replies: 8,
            areas: super::areas(1),
        }],
        effective_networks: 5.3,
        voices: 170,
        languages: codes.iter().map(|code| language(code)).collect(),
        born: date(2026, 10, 7),
        last_active: date(2026, 11, 21),
        last_7_days: series.last().copied().unwrap_or_default(),
        timeline: weeks(&series),
        before: Some(Baseline {
            words: vec!["walk-in".to_owned(), "blood tests".to_owned()],
            timeline: weeks(&[1, 0, 2, 1, 1, 0, 2, 1, 1, 0, 2, 1]),
            mean: 1.0,
        }),
        coordinated: (n == 0).then(|| Coordinated {
            flag: true,
            reason: "about 40 nearly identical texts appeared in one network within two hours on 12 November 2026".to_owned(),
        }),
        answers: (n == 1).then(|| MapAnswers {
            entries: 1,
            stage: "heard".to_owned(),
            by: "Wexmoor Health Board".to_owned(),
            at: date(2026, 11, 18),
            due: None,
            overdue: false,
        }),
        rank: Ranks {
            emerging: rank(
                9.6,
                (n < 5).then_some(n as u64 + 1),
                28,
                &[("short_rate", 11.8), ("long_rate", 1.1), ("prior", 1.0), ("log_ratio", 1.81), ("effective_networks", 5.3)],
            ),
            enduring: rank(
                15.9,
                (5..10).contains(&n).then(|| n as u64 - 4),
                61,
                &[("active_weeks", if n < 5 { 3.0 } else { 96.0 - n as f64 }), ("corroborated_weeks", 2.1), ("effective_networks", 5.3)],
            ),
            quiet: rank(0.0, (n >= 10).then(|| n as u64 - 9), 19, &[("corroborated_weeks", 2.1), ("effective_networks", 5.3), ("root_of_posts", 9.6)]),
        },
        list: [Rank::Emerging, Rank::Enduring, Rank::Quiet].get(n / 5).copied(),
        quotes: (0..3).map(quote).collect(),
        bridges: vec![Bridge {
            conversation: super::conversation(0),
            cut_off: vec![network_ref(3)],
            betweenness: 0.4,
        }],
        neighbours: vec![Neighbour {
            topic: topic_ref(topic_id(1)).expect("the second"),
            weight: 0.7,
            reasons: vec![Reason {
                kind: "shared_terms".to_owned(),
                weight: 0.4,
                words: "both speak of booking, phlebotomy".to_owned(),
                url: None,
                terms: Vec::new(),
                day: None,
            }],
        }],
        history: vec![
            TopicEvent { at: date(2026, 10, 7), event: "born".to_owned(), with: Vec::new(), was: None },
            TopicEvent { at: date(2026, 11, 11), event: "merged".to_owned(), with: vec![topic_id(101)], was: None },
            TopicEvent { at: date(2026, 11, 18), event: "grown".to_owned(), with: Vec::new(), was: None },
            TopicEvent { at: date(2026, 11, 19), event: "renamed".to_owned(), with: Vec::new(), was: Some("blood tests <walk-in>".to_owned()) },
        ],
        annotations: super::annotations(),
        aliases: vec![topic_id(300)],
    }
}

pub(crate) fn topic_ref(id: TopicId) -> Option<TopicRef> {
    let n = (id.as_u128() - 0x7000) as usize;
    let (label, list) = match n {
        0..15 => (LABELS[n].0, Some(Rank::Emerging)),
        100 => ("tests and clinics", None),
        101 => ("blood test booking line", None),
        102 => ("fasting blood tests", Some(Rank::Quiet)),
        _ => return None,
    };
    Some(TopicRef {
        id,
        label: label.to_owned(),
        labels: BTreeMap::from([("en".to_owned(), label.to_owned())]),
        networks: 6,
        list,
        coordinated: None,
    })
}

pub(crate) fn topic_page(rank: Rank, items: usize) -> TopicPage {
    let (from, total) = match rank {
        Rank::Emerging => (0, 28),
        Rank::Enduring => (5, 61),
        Rank::Quiet => (10, 19),
    };
    TopicPage {
        items: (0..items).map(|n| topic(from + n % 5)).collect(),
        next: Some("bmV4dA".to_owned()),
        total,
        generation: 17,
        too_small: 11,
        without_subject: 2,
        formats: 1,
    }
}

pub(crate) fn map(level: u8) -> Map {
    let count = [8, 40, 300][usize::from(level.min(2))];
    let mut state = 0x2545_f491_4f6c_dd1d_u64;
    let mut next = move || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        (state % 10_000) as f64 / 10_000.0
    };
    let topics: Vec<MapTopic> = (0..count)
        .map(|n| {
            let (label, short, _) = LABELS[n % LABELS.len()];
            let angle = (n % 8) as f64 / 8.0 * std::f64::consts::TAU;
            MapTopic {
                id: topic_id(n),
                label: label.to_owned(),
                labels: BTreeMap::from([("en".to_owned(), label.to_owned())]),
                short_label: short.to_owned(),
                x: 0.5 + 0.35 * angle.cos() + (next() - 0.5) * 0.25,
                y: 0.5 + 0.35 * angle.sin() + (next() - 0.5) * 0.25,
                size: 5 + (next().powi(3) * 120.0) as u64,
                networks: 3 + n as u64 % 9,
                posts: None,
                since: jiff::civil::date(2026, 11, 1),
                coordinated: None,
                parent: (level > 0).then(|| topic_id(100 + n % 3)),
                list: [
                    Some(Rank::Emerging),
                    Some(Rank::Enduring),
                    Some(Rank::Quiet),
                    None,
                    None,
                ][n % 5],
                answers: (n % 4 == 1).then(|| MapAnswers {
                    entries: 2,
                    stage: "answered".to_owned(),
                    by: "Wexmoor Health Board".to_owned(),
                    at: date(2026, 11, 18),
                    due: (n % 8 == 1).then(|| date(2026, 11, if n % 16 == 1 { 19 } else { 30 })),
                    overdue: n % 16 == 1,
                }),
            }
        })
        .collect();
    let links = (0..count)
        .map(|n| MapLink {
            a: topics[n].id,
            b: topics[(n + 8) % count].id,
            weight: next(),
            reason: (n % 2 == 0).then(|| "both speak of <b>the door</b> & the queue".to_owned()),
        })
        .collect();
    Map {
        level,
        subjects: if level > 0 {
            (0..3)
                .filter_map(|n| topic_ref(topic_id(100 + n)))
                .collect()
        } else {
            Vec::new()
        },
        week: None,
        weeks: (0..12)
            .map(|n| MapWeek {
                start: TODAY.saturating_sub((11 - n).weeks()),
                posts: 5 * n as u64,
            })
            .collect(),
        topics,
        links,
        lit: Vec::new(),
        drawn: TODAY,
        parameters: BTreeMap::new(),
        generation: 17,
        too_small: 11,
    }
}
