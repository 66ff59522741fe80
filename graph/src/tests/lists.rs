//! Histories that a person would sort without doubt stand where that person would put them, whatever else is told.

use std::collections::BTreeMap;
use std::sync::Arc;

use discover_model::TopicId;
use jiff::ToSpan as _;

use super::{Draw, TODAY, conversation};
use crate::corpus::facts::Facts;
use crate::publication::coherence::Coherence;
use crate::publication::lists::assign;
use crate::publication::mask::{Frame, Names, assemble};
use crate::publication::measure::Member;
use crate::publication::snapshot::Support;
use crate::{Graph, Parameters, Rank, Topic};

/// What becomes of a subject.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Tale {
    /// Eight a week for thirty weeks in six networks.
    Steady,
    /// One a week for thirty weeks in four networks in turn.
    Drip,
    /// Fifteen within ten days in five networks.
    Fresh,
    /// As a drip, then twelve in a week.
    Risen,
    /// Twenty within a week in five networks, a hundred days ago.
    Fad,
    /// Four a week for thirty weeks, all in one network.
    Alone,
    /// Three a week for eight weeks in four networks.
    Young,
    /// Sixty a week for thirty weeks in ten networks.
    Giant,
}

impl Tale {
    const fn list(self) -> Option<Rank> {
        match self {
            Self::Steady | Self::Giant => Some(Rank::Enduring),
            Self::Drip => Some(Rank::Quiet),
            Self::Fresh | Self::Risen => Some(Rank::Emerging),
            Self::Fad | Self::Alone | Self::Young => None,
        }
    }

    /// Days ago and network of every conversation.
    fn told(self, draw: &mut Draw) -> Vec<(i64, u64)> {
        match self {
            Self::Steady => spread(draw, 240, 0, 210, 6),
            Self::Drip => (0..30)
                .map(|week| (week * 7 + 2, week as u64 % 4))
                .collect(),
            Self::Fresh => spread(draw, 15, 0, 10, 5),
            Self::Risen => {
                let mut told = Self::Drip.told(draw);
                told.extend((0..12).map(|at| (at % 7, at as u64 % 4)));
                told
            }
            Self::Fad => spread(draw, 20, 100, 7, 5),
            Self::Alone => spread(draw, 120, 0, 210, 1),
            Self::Young => spread(draw, 24, 0, 56, 4),
            Self::Giant => spread(draw, 1800, 0, 210, 10),
        }
    }
}

/// So many conversations within so many days, in turn at so many networks.
fn spread(draw: &mut Draw, count: u64, from: u64, days: u64, networks: u64) -> Vec<(i64, u64)> {
    (0..count)
        .map(|at| ((from + draw.below(days)) as i64, at % networks))
        .collect()
}

/// One topic of each, as a pass leaves them: what clustering makes of them is not asked here.
fn world(tales: &[Tale], seed: u64) -> Vec<Arc<Topic>> {
    let mut draw = Draw::new(seed);
    let told: Vec<_> = tales.iter().map(|tale| tale.told(&mut draw)).collect();
    listed(told)
}

fn listed(told: Vec<Vec<(i64, u64)>>) -> Vec<Arc<Topic>> {
    let mut draw = Draw::new(5);
    let parameters = Parameters::default();
    let mut topics: Vec<Arc<Topic>> = (0..)
        .zip(told)
        .map(|(at, told)| Arc::new(topic(at, &told, &mut draw)))
        .collect();
    assign(&mut topics.iter_mut().collect::<Vec<_>>(), &parameters);
    topics
}

fn topic(at: u128, told: &[(i64, u64)], draw: &mut Draw) -> Topic {
    let member = |(number, (days, network)): (u32, &(i64, u64))| {
        let day = TODAY.saturating_sub(days.days());
        let voice = 100 * network + draw.below(20);
        let one = conversation(u64::from(number), *network, voice, day, "title", "text");
        Member {
            facts: Arc::new(Facts::of(&one)),
            copies: number,
            weight: 1.0,
        }
    };
    let members: Vec<Member> = (0..).zip(told).map(member).collect();
    let graph = Graph::new(Parameters::default());
    let support = Support {
        members: members.into(),
        labels: Vec::new(),
        terms: Vec::new(),
        coherence: Coherence::of(&[], &graph).0,
        languages: BTreeMap::new(),
        by_meaning: false,
    };
    let frame = Frame {
        id: TopicId::from_u128(at),
        level: 1,
        parent: None,
        names: Names {
            label: String::new(),
            labels: BTreeMap::new(),
        },
        history: Vec::new(),
    };
    let topic = assemble(frame, &support, TODAY, &Parameters::default());
    let mut topic = topic.expect("two or more");
    topic.shown |= topic.loose;
    topic
}

#[test]
fn histories_stand_where_a_person_would_put_them_whatever_else_is_told() {
    use Tale::{Alone, Drip, Fad, Fresh, Giant, Risen, Steady, Young};
    let worlds: [&[Tale]; 6] = [
        &[Steady, Drip, Fresh, Risen, Fad, Alone, Young],
        &[
            Drip, Drip, Drip, Drip, Drip, Drip, Drip, Drip, Steady, Steady, Fresh, Fad,
        ],
        &[
            Steady, Steady, Steady, Steady, Steady, Steady, Drip, Risen, Young,
        ],
        &[Giant, Steady, Steady, Steady, Drip, Fresh],
        &[Drip, Steady, Fresh],
        &[Fresh, Fresh, Fresh, Fresh, Drip, Alone, Steady],
    ];
    for (seed, tales) in (60..120).zip(worlds.into_iter().cycle()) {
        for (tale, topic) in tales.iter().zip(world(tales, seed)) {
            let why = Rank::ALL.map(|rank| format!("{rank:?}: {}", topic.rank.of(rank).because));
            let what = format!("{tale:?} in {tales:?}: {why:#?}");
            assert_eq!(topic.list, tale.list(), "{what}");
            for rank in Rank::ALL {
                let of = topic.rank.of(rank);
                let stands = topic.list == Some(rank);
                assert!(of.meets || !stands, "{what}");
                let denied = ["not here, ", "not yet, "].iter();
                let denied = denied.into_iter().any(|no| of.because.starts_with(no));
                assert_eq!(denied, !stands, "{what}");
            }
        }
    }
}

#[test]
fn a_list_says_why_not_with_the_figures_that_decided() {
    use Tale::{Alone, Drip, Fad, Risen, Steady, Young};
    let topics = world(&[Young, Steady, Drip, Fad, Risen, Alone], 71);
    let because = |at: usize, rank| topics[at].rank.of(rank).because.as_str();
    let said = [
        (
            0,
            Rank::Enduring,
            "weeks old, and this list begins at 12 weeks",
        ),
        (1, Rank::Quiet, "it is not small: "),
        (2, Rank::Enduring, "it is small: "),
        (
            3,
            Rank::Enduring,
            "no network spoke of it in 3 weeks or more",
        ),
        (
            4,
            Rank::Quiet,
            "it stands under emerging, which comes first",
        ),
        (
            5,
            Rank::Enduring,
            "1 network spoke of it in 3 weeks or more",
        ),
    ];
    for (at, rank, words) in said {
        assert!(because(at, rank).contains(words), "{}", because(at, rank));
    }
    assert!(because(0, Rank::Enduring).starts_with("not yet, because it is "));
    let terms = &topics[2].rank.quiet.terms;
    assert!(terms["rate"] < terms["small_below"] && terms["rate"] < terms["median_rate"]);
}

#[test]
fn one_network_alone_moves_no_topic_into_a_list_or_out_of_it() {
    let mut draw = Draw::new(72);
    let mut told: Vec<Vec<(i64, u64)>> = [Tale::Drip, Tale::Steady, Tale::Fad, Tale::Young]
        .map(|tale| tale.told(&mut draw))
        .into();
    let lists =
        |topics: &[Arc<Topic>]| -> Vec<_> { topics.iter().map(|topic| topic.list).collect() };
    let before = lists(&listed(told.clone()));
    for told in &mut told {
        told.extend((0..200).map(|number| (number % 60, 3)));
    }
    assert_eq!(lists(&listed(told)), before);
}

#[test]
fn an_undated_topic_stands_in_no_list() {
    let mut topics = world(&[Tale::Steady], 1);
    let topic = Arc::make_mut(&mut topics[0]);
    topic.trend.age = None;
    assign(
        &mut topics.iter_mut().collect::<Vec<_>>(),
        &Parameters::default(),
    );
    assert_eq!(topics[0].list, None);
    assert!(
        topics[0]
            .rank
            .quiet
            .because
            .contains("none of its posts has a date")
    );
}
