//! Early warnings: raised by a wave from many networks, by nothing else, and worth what the replay says.

use discover_model::Conversation;
use jiff::ToSpan;

use super::{Draw, TODAY, conversation, sample, snapshot_of};

/// So many posts about one thing, spread over these networks and the last so many days.
fn wave(count: u64, networks: u64, days: i64) -> Vec<Conversation> {
    let mut draw = Draw::new(31);
    let subject = [
        "measles", "outbreak", "nursery", "vaccine", "rash", "parents",
    ];
    let filler = [
        "worried",
        "heard",
        "yesterday",
        "surgery",
        "advice",
        "closed",
        "child",
        "cases",
    ];
    (0..count)
        .map(|number| {
            let mut words = vec!["measles", "outbreak"];
            words.extend((0..3).map(|_| subject[draw.below(6) as usize]));
            words.extend((0..5).map(|_| filler[draw.below(8) as usize]));
            let day = TODAY.saturating_sub((number as i64 % days).days());
            let title = words[..4].join(" ");
            conversation(
                20_000 + number,
                number % networks,
                300 + number,
                day,
                &title,
                &words.join(" "),
            )
        })
        .collect()
}

#[test]
fn a_fair_wave_raises_a_warning_for_its_topic_alone() {
    let mut all = sample(1_200, 40);
    all.extend(wave(24, 8, 1));
    let snapshot = snapshot_of(&all);
    let warnings = snapshot.warnings();
    let topics = snapshot.topics_of(all[1_210].id);
    assert_eq!(warnings.raised.len(), 1, "{:?}", warnings.raised);
    assert!(topics.contains(&warnings.raised[0].topic));
    assert!(warnings.raised[0].networks >= 6);
    assert!(warnings.tests >= 6);
    // Every topic has its odds, those of which nothing is warned too.
    assert_eq!(warnings.tested.len(), warnings.tests as usize);
    assert_eq!(warnings.tested[0], warnings.raised[0]);
    assert!(warnings.tested[1].chance > warnings.tested[0].chance);
}

#[test]
fn neither_an_ordinary_week_nor_one_loud_network_raises_a_warning() {
    let ordinary = snapshot_of(&sample(1_200, 41)).warnings();
    assert!(ordinary.raised.is_empty(), "{:?}", ordinary.raised);
    let mut all = sample(1_200, 42);
    all.extend(wave(120, 1, 3));
    let loud = snapshot_of(&all).warnings();
    assert!(loud.raised.is_empty(), "{:?}", loud.raised);
}

#[test]
fn a_replay_over_unconnected_networks_says_how_often_the_rule_is_wrong() {
    let warnings = snapshot_of(&sample(1_200, 43)).warnings();
    let replay = warnings.replay;
    assert_eq!(replay.days, 28);
    assert_eq!(replay.tests, 28 * warnings.tests);
    let share = f64::from(replay.raised) / f64::from(replay.tests);
    assert!(share <= 0.05, "{share} of the tests were false warnings");
}

#[test]
fn what_is_hidden_raises_no_warning() {
    let mut all = sample(1_200, 44);
    all.extend(wave(24, 8, 1));
    let snapshot = snapshot_of(&all);
    assert!(!snapshot.warnings().raised.is_empty());
    let masked = snapshot.masked(&discover_model::Visibility {
        generation: 1,
        networks: (0..7).map(super::network).collect(),
        ..discover_model::Visibility::default()
    });
    assert!(masked.warnings().raised.is_empty());
}

#[test]
fn a_young_instance_says_that_nothing_was_measured() {
    let warnings = snapshot_of(&wave(24, 8, 3)).warnings();
    assert_eq!((warnings.raised.len(), warnings.replay.days), (0, 0));
}

/// So many conversations on 300 subjects in 40 networks over 120 days, each with five of its subject's eight words.
fn crowd(count: u64) -> Vec<Conversation> {
    let mut draw = Draw::new(45);
    (0..count)
        .map(|number| {
            let subject = draw.below(300);
            let mut words: Vec<String> = (0..5)
                .map(|_| format!("s{subject}x{}", draw.below(8)))
                .collect();
            words.extend((0..8).map(|_| format!("filler{}", draw.below(400))));
            let day = TODAY.saturating_sub((draw.below(120) as i64).days());
            let (network, voice) = (draw.below(40), draw.below(4_000));
            let title = words[..2].join(" ");
            conversation(number, network, voice, day, &title, &words.join(" "))
        })
        .collect()
}

#[test]
#[ignore = "twenty thousand conversations: .ci/nightly"]
fn a_fresh_event_in_two_hundred_of_twenty_thousand_is_found_within_a_pass() {
    const EVENT: u64 = 200;
    let mut all = crowd(20_000);
    let event = wave(EVENT, 20, 3);
    all.extend(event.iter().cloned());
    let snapshot = snapshot_of(&all);
    let topic = snapshot.topic_at(event[0].id, 1).expect("a topic");
    let within = event
        .iter()
        .filter(|one| snapshot.topic_at(one.id, 1) == Some(topic))
        .count() as u64;
    let warnings = snapshot.warnings();
    let found = warnings.raised.iter().any(|warning| warning.topic == topic);
    let others = warnings.raised.len() - usize::from(found);
    println!(
        "{within} of {EVENT} in its topic of {}; found: {found}, beside {others} others of {} topics; {:?}",
        snapshot.members(topic).len(),
        warnings.tests,
        warnings.replay
    );
    assert!(found && within * 10 >= EVENT * 9);
    assert!(others <= 1, "{:?}", warnings.raised);
    let replay = warnings.replay;
    assert!(f64::from(replay.raised) <= 0.05 * f64::from(replay.tests));
}
