//! Injection: copies from one place move nobody, a fair wave from many places rises.

use discover_model::{Conversation, TopicId};

use super::{Draw, TODAY, conversation, sample, snapshot_of};
use crate::{Rank, Snapshot};

const TEXT: &str = "Stop the new bicycle lane on Harbour Road now because it ruins trade and nobody was asked about it \
    so every trader must write to the council this week and demand that the plan is withdrawn before the winter market opens";

/// `count` copies, each with two words changed, by so many voices of these networks.
fn copies(count: u64, voices: u64, networks: &[u64]) -> Vec<Conversation> {
    let mut draw = Draw::new(99);
    (0..count)
        .map(|number| {
            let mut words: Vec<String> = TEXT.split_whitespace().map(str::to_owned).collect();
            for _ in 0..2 {
                let at = draw.below(words.len() as u64) as usize;
                words[at] = format!("edit{}", draw.below(500));
            }
            let text = words.join(" ");
            let net = networks[(number % networks.len() as u64) as usize];
            conversation(
                10_000 + number,
                net,
                900 + number % voices,
                TODAY,
                &text[..60],
                &text,
            )
        })
        .collect()
}

/// Labels of the topics of one list by their first conversation: ids may be new.
fn order(snapshot: &Snapshot, rank: Rank) -> Vec<(TopicId, discover_model::ConversationId)> {
    let ranked = snapshot.ranked(rank, 1);
    ranked
        .iter()
        .map(|topic| (topic.id, snapshot.members(topic.id)[0]))
        .collect()
}

fn worst_move(before: &Snapshot, after: &Snapshot, rank: Rank) -> usize {
    let (old, new) = (order(before, rank), order(after, rank));
    let place = |first| new.iter().position(|(_, other)| *other == first);
    old.iter()
        .enumerate()
        .map(|(at, (_, first))| place(*first).map_or(usize::MAX, |now| now.abs_diff(at)))
        .max()
        .unwrap_or(0)
}

#[test]
fn edited_copies_from_one_network_move_no_topic_by_more_than_one_place() {
    let base = sample(400, 20);
    let before = snapshot_of(&base);
    for voices in [1, 5, 20] {
        let mut all = base.clone();
        all.extend(copies(500, voices, &[40]));
        let after = snapshot_of(&all);
        for rank in [Rank::Emerging, Rank::Enduring, Rank::Quiet] {
            let moved = worst_move(&before, &after, rank);
            assert!(
                moved <= 1,
                "{voices} voices moved a topic of {rank:?} by {moved}"
            );
        }
        let id = snapshot_topic(&after, &all[450]);
        let topic = after.resolve(id).expect("the copies' topic");
        assert!(topic.coordinated.is_some(), "{voices} voices: {topic:?}");
    }
}

#[test]
fn three_networks_that_collude_look_coordinated() {
    let mut all = sample(400, 21);
    all.extend(copies(300, 15, &[40, 41, 42]));
    let after = snapshot_of(&all);
    let topic = after
        .resolve(snapshot_topic(&after, &all[450]))
        .expect("the copies' topic");
    assert!(topic.coordinated.is_some());
    let first: Vec<_> = after
        .ranked(Rank::Emerging, 1)
        .iter()
        .filter(|topic| topic.rank.emerging.value > 0.0)
        .take(3)
        .map(|topic| topic.id)
        .collect();
    assert!(
        !first.contains(&topic.id),
        "copies from three networks lead the list"
    );
}

#[test]
fn a_fair_wave_from_eight_networks_is_among_the_first_three_emerging_within_a_day() {
    let mut all = sample(400, 22);
    let mut draw = Draw::new(5);
    let subject = [
        "measles",
        "outbreak",
        "nursery",
        "vaccination",
        "parents",
        "rash",
    ];
    let filler = [
        "worried",
        "heard",
        "yesterday",
        "surgery",
        "call",
        "advice",
        "closed",
        "today",
        "child",
        "cases",
    ];
    for number in 0..24 {
        let mut words: Vec<&str> = (0..4).map(|_| subject[draw.below(6) as usize]).collect();
        words.extend((0..6).map(|_| filler[draw.below(10) as usize]));
        let title = format!("measles outbreak {}", words[..3].join(" "));
        all.push(conversation(
            20_000 + number,
            number % 8,
            300 + number,
            TODAY,
            &title,
            &words.join(" "),
        ));
    }
    let after = snapshot_of(&all);
    let id = snapshot_topic(&after, &all[405]);
    let first: Vec<_> = after
        .ranked(Rank::Emerging, 1)
        .iter()
        .take(3)
        .map(|topic| topic.id)
        .collect();
    assert!(
        first.contains(&id),
        "{:?}",
        after
            .ranked(Rank::Emerging, 1)
            .iter()
            .map(|t| (&t.label, t.rank.emerging.value))
            .collect::<Vec<_>>()
    );
    assert!(
        after
            .resolve(id)
            .is_some_and(|topic| topic.coordinated.is_none())
    );
}

/// The middle topic of a conversation.
fn snapshot_topic(snapshot: &Snapshot, conversation: &Conversation) -> TopicId {
    let topics = snapshot.topics_of(conversation.id);
    *topics
        .iter()
        .find(|id| snapshot.resolve(**id).is_some_and(|topic| topic.level == 1))
        .expect("in a topic")
}
