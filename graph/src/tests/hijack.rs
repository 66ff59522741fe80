//! Injection: copies from one place move nobody, a fair wave from many places rises.

use std::collections::BTreeMap;

use discover_model::{Conversation, ConversationId, TopicId};
use jiff::ToSpan;

use super::{Draw, TODAY, conversation, sample, snapshot_of};
use crate::{Rank, Snapshot, Topic};

const TEXT: &str = "Stop the new bicycle lane on Harbour Road now because it ruins trade and nobody was asked about it \
    so every trader must write to the council this week and demand that the plan is withdrawn before the winter market opens";

/// How a flood is made.
struct Flood {
    count: u64,
    voices: u64,
    networks: &'static [u64],
    /// Words changed of every hundred.
    edited: u64,
    /// Days over which it is spread, today the last.
    days: i64,
    text: String,
}

impl Flood {
    fn of(count: u64, voices: u64, networks: &'static [u64]) -> Self {
        Self {
            count,
            voices,
            networks,
            edited: 5,
            days: 1,
            text: TEXT.to_owned(),
        }
    }

    fn posts(&self) -> Vec<Conversation> {
        let mut draw = Draw::new(99);
        (0..self.count)
            .map(|number| {
                let mut words: Vec<String> =
                    self.text.split_whitespace().map(str::to_owned).collect();
                for _ in 0..(words.len() as u64 * self.edited).div_ceil(100) {
                    let at = draw.below(words.len() as u64) as usize;
                    words[at] = format!("edit{}", draw.below(500));
                }
                let text = words.join(" ");
                let net = self.networks[(number % self.networks.len() as u64) as usize];
                let day = TODAY.saturating_sub((number as i64 % self.days).days());
                let (voice, title) = (900 + number % self.voices, words[..10].join(" "));
                conversation(10_000 + number, net, voice, day, &title, &text)
            })
            .collect()
    }
}

/// What a list shows: the topics that have a value in it, first place first.
fn order(snapshot: &Snapshot, rank: Rank) -> Vec<TopicId> {
    let ranked = snapshot.ranked(rank, 1).into_iter();
    let listed = ranked.filter(|topic| topic.rank.of(rank).value > 0.0);
    listed.map(|topic| topic.id).collect()
}

/// Topics that stand in another list than before, found again by most of their conversations.
fn changed_lists(before: &Snapshot, after: &Snapshot) -> Vec<String> {
    let shown = before
        .topics
        .iter()
        .filter(|topic| topic.shown && topic.level == 1);
    shown
        .filter_map(|topic| {
            let mut heirs: BTreeMap<TopicId, usize> = BTreeMap::new();
            for member in before.members(topic.id).iter() {
                *heirs.entry(after.topic_at(*member, 1)?).or_default() += 1;
            }
            let heir = heirs.into_iter().max_by_key(|(_, members)| *members)?.0;
            let now = after.resolve(heir)?;
            (now.list != topic.list)
                .then(|| format!("{} {:?} {:?}", topic.label, topic.list, now.rank))
        })
        .collect()
}

/// By how many places the flood moved any topic of any list. A topic is found again by most of its conversations.
fn worst_move(before: &Snapshot, after: &Snapshot) -> (usize, String) {
    let mut worst = (0, String::new());
    for rank in [Rank::Emerging, Rank::Enduring, Rank::Quiet] {
        let (old, new) = (order(before, rank), order(after, rank));
        for (at, id) in old.iter().enumerate() {
            let mut heirs: BTreeMap<TopicId, usize> = BTreeMap::new();
            for member in before.members(*id).iter() {
                for heir in after.topics_of(*member) {
                    *heirs.entry(heir).or_default() += 1;
                }
            }
            let place = new
                .iter()
                .enumerate()
                .max_by_key(|(_, heir)| heirs.get(heir));
            // A topic that no list shows any more has moved as far as can be.
            let place = place.filter(|(_, heir)| heirs.contains_key(heir));
            let moved = place.map_or(usize::MAX, |(now, _)| now.abs_diff(at));
            if moved > worst.0 {
                let values = |snapshot: &Snapshot| -> Vec<(String, f64)> {
                    let ranked = snapshot.ranked(rank, 1).into_iter();
                    ranked
                        .map(|topic| (topic.label.clone(), topic.rank.of(rank).value))
                        .collect()
                };
                worst = (
                    moved,
                    format!("{rank:?} {:?} {:?}", values(before), values(after)),
                );
            }
        }
    }
    worst
}

/// The middle topic of a conversation.
fn topic_of<'a>(snapshot: &'a Snapshot, conversation: &Conversation) -> Option<&'a Topic> {
    let topics = snapshot.topics_of(conversation.id);
    topics
        .iter()
        .filter_map(|id| snapshot.resolve(*id))
        .find(|topic| topic.level == 1)
}

/// What a flood from one network must not do, whatever it looks like.
fn moves_nobody(seed: u64, what: &str, flood: &[Conversation]) -> (Snapshot, Option<Topic>) {
    let mut all = sample(400, seed);
    let before = snapshot_of(&all);
    all.extend_from_slice(flood);
    let after = snapshot_of(&all);
    let (moved, lists) = worst_move(&before, &after);
    assert!(moved <= 1, "{what} moved a topic by {moved}: {lists}");
    let changed = changed_lists(&before, &after);
    assert!(changed.is_empty(), "{what} changed lists: {changed:?}");
    assert!(
        after.warnings().raised.is_empty(),
        "{what} raised a warning"
    );
    let topic = topic_of(&after, &flood[flood.len() / 2]).cloned();
    (Snapshot::clone(&after), topic)
}

fn says_coordinated(what: &str, topic: Option<&Topic>) {
    let topic = topic.unwrap_or_else(|| panic!("{what}: in a topic"));
    assert!(topic.coordinated.is_some(), "{what}: {topic:?}");
}

#[test]
fn edited_copies_from_one_network_move_no_topic_by_more_than_one_place() {
    for voices in [1, 5, 20] {
        let what = format!("500 copies by {voices} voices");
        let flood = Flood::of(500, voices, &[40]).posts();
        let (_, topic) = moves_nobody(20, &what, &flood);
        says_coordinated(&what, topic.as_ref());
        let topic = topic.expect("said so");
        assert!(
            topic.effective_networks < 1.5 && topic.texts < 25,
            "{what} count as {} networks and {} texts",
            topic.effective_networks,
            topic.texts
        );
    }
}

#[test]
fn a_slow_drip_from_one_network_moves_no_topic_by_more_than_one_place() {
    for voices in [1, 5] {
        let what = format!("a copy a day by {voices} voices");
        let flood = Flood {
            days: 110,
            ..Flood::of(110, voices, &[40])
        };
        let (_, topic) = moves_nobody(23, &what, &flood.posts());
        says_coordinated(&what, topic.as_ref());
    }
}

#[test]
fn copies_that_ride_on_the_name_of_a_topic_gain_nothing_by_it() {
    let base = sample(400, 24);
    let before = snapshot_of(&base);
    let ridden = topic_of(&before, &base[0]).expect("in a topic").clone();
    let mut flood = Flood::of(500, 20, &[40]);
    flood.text = format!("{} {} {TEXT}", ridden.label, base[0].title);
    let (after, topic) = moves_nobody(24, "a ride on a name", &flood.posts());
    says_coordinated("a ride on a name", topic.as_ref());
    let now = topic_of(&after, &base[0]).expect("in a topic");
    assert_eq!(now.label, ridden.label);
    let value = |topic: &Topic, rank| topic.rank.of(rank).value;
    for rank in [Rank::Emerging, Rank::Enduring, Rank::Quiet] {
        let (old, new) = (value(&ridden, rank), value(now, rank));
        assert!(new <= old * 1.2 + 0.1, "{rank:?} rose from {old} to {new}");
    }
}

#[test]
fn a_flood_rewritten_word_by_word_moves_no_topic_by_more_than_one_place() {
    for voices in [1, 20] {
        let what = format!("rewritten texts by {voices} voices");
        let flood = Flood {
            edited: 40,
            ..Flood::of(300, voices, &[40])
        };
        moves_nobody(25, &what, &flood.posts());
    }
}

#[test]
fn a_link_farm_moves_no_topic_and_does_not_drown_relations() {
    let mut draw = Draw::new(7);
    let base = sample(400, 26);
    let (target, page) = (&base[30], "https://farm.example/offer");
    let words: Vec<String> = (0..200).map(|at| format!("farm{at}")).collect();
    let flood: Vec<Conversation> = (0..200)
        .map(|number| {
            let own: Vec<&str> = (0..14)
                .map(|_| words[draw.below(200) as usize].as_str())
                .collect();
            let text = own.join(" ");
            let mut post = conversation(10_000 + number, 40, 900 + number % 3, TODAY, &text, &text);
            post.posts[0].links = vec![page.to_owned(), target.url.clone()];
            post
        })
        .collect();
    let mut all = base.clone();
    all.extend_from_slice(&flood);
    let related = |all: &[Conversation]| -> Vec<ConversationId> {
        let graph = super::graph_of(all);
        let graph = graph.read().expect("no panic held it");
        let found = graph.related(target.id, 10);
        found.iter().map(|relation| relation.other).collect()
    };
    let (before, after) = (related(&base), related(&all));
    let kept = before.iter().filter(|id| after.contains(id)).count();
    assert!(kept >= 9, "{kept} of ten relations are left");
    moves_nobody(26, "a link farm", &flood);
}

#[test]
fn three_networks_that_collude_look_coordinated() {
    for voices in [1, 5, 20] {
        let mut all = sample(400, 21);
        let flood = Flood::of(500, voices, &[40, 41, 42]).posts();
        all.extend_from_slice(&flood);
        let after = snapshot_of(&all);
        let topic = topic_of(&after, &flood[50]);
        says_coordinated("three networks that collude", topic);
        let first: Vec<_> = after
            .ranked(Rank::Emerging, 1)
            .iter()
            .filter(|topic| topic.rank.emerging.value > 0.0)
            .take(3)
            .map(|topic| Some(topic.id))
            .collect();
        assert!(
            !first.contains(&topic.map(|topic| topic.id)),
            "{voices} voices of three networks lead the list: {topic:?}"
        );
        assert!(after.warnings().raised.is_empty());
    }
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
    let topic = topic_of(&after, &all[405]).expect("in a topic");
    let first = after.ranked(Rank::Emerging, 1);
    assert!(
        first.iter().take(3).any(|other| other.id == topic.id),
        "{:?}",
        first
            .iter()
            .map(|topic| (&topic.label, topic.rank.emerging.value))
            .collect::<Vec<_>>()
    );
    assert!(topic.coordinated.is_none());
}
