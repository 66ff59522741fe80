//! Who is told of an answer, what a correction and an erasure do, and that a network that left is told nothing more; notes on
//! topics, and what goes of them with a network.

use discover_model::ledger::Actor;
use discover_model::{NetworkId, TopicId};
use jiff::{SignedDuration, Timestamp};

use super::support::*;
use crate::{
    DeliveryEvent, DeliverySubject, Every, MailItem, Mailbox, NewAnnotation, NewAnswer, NotMade,
    Outcome, OwnerPlace, Stage, Store,
};

const HOOK: &str = "https://quokka-hooks.example/told";
const ADDRESS: &str = "quokka.reader@council.example";
const ONE: NetworkId = NetworkId::from_u128(1);
const TWO: NetworkId = NetworkId::from_u128(2);

fn answer(networks: &[NetworkId], corrects: Option<u64>) -> NewAnswer {
    NewAnswer {
        topic: TopicId::from_u128(7),
        stage: Stage::Answered,
        by: "Wexmoor Board".into(),
        due: None,
        corrects,
        url: None,
        text: "Two mornings come back.".into(),
        conversations: Vec::new(),
        networks: networks.to_vec(),
    }
}

async fn hook(store: &Store, network: NetworkId) -> discover_model::FollowId {
    let place = OwnerPlace::Webhook(HOOK.to_owned());
    let made = store.make_owner_follow(network, &place, 3, NOW).await;
    made.unwrap().expect("it may be told").id
}

/// What goes out to webhooks, all of it arriving.
async fn arrives(store: &Store) -> Vec<(NetworkId, DeliveryEvent, u64)> {
    let mut all = Vec::new();
    loop {
        let claimed = store.claim_deliveries(NOW, 10).await.unwrap();
        if claimed.is_empty() {
            return all;
        }
        for one in claimed {
            let DeliverySubject::Answer(number) = one.subject else {
                panic!("{:?}", one.subject)
            };
            all.push((one.network.unwrap(), one.event, number));
            let settled = store.settle_delivery(&one, &Outcome::Delivered, NOW).await;
            settled.unwrap();
        }
    }
}

#[tokio::test]
async fn owners_who_asked_are_told_once_of_entries_corrections_and_erasures_and_never_after_leaving()
 {
    let house = House::with(&[1, 2, 3]).await;
    let store = &house.store;
    for network in [ONE, TWO] {
        hook(store, network).await;
    }
    let mail: Mailbox = ADDRESS.parse().unwrap();
    let place = OwnerPlace::Mail(mail, Every::Hour);
    let mailed = store.make_owner_follow(ONE, &place, 3, NOW).await.unwrap();
    let mailed = mailed.unwrap().id;
    let asks = store.claim_mails(NOW, 9).await.unwrap().pop().unwrap();
    assert!(asks.asks() && asks.network == Some(ONE));
    let ids: Vec<_> = asks.items.iter().map(|(id, _)| *id).collect();
    let settled = store.settle_mail(&asks, &ids, &Outcome::Delivered, NOW, NOW);
    settled.await.unwrap();
    assert!(store.confirm_mail(mailed, NOW, NOW).await.unwrap());

    let first = store
        .write_answer(&answer(&[ONE, TWO], None), NOW)
        .await
        .unwrap();
    assert_eq!(first.raised, 2);
    assert!(
        first
            .networks
            .iter()
            .all(|one| one.asked && one.told.is_none())
    );
    let answered = DeliveryEvent::Answered;
    let mut told = arrives(store).await;
    told.sort_by_key(|(network, ..)| *network);
    assert_eq!(told, [(ONE, answered, 1), (TWO, answered, 1)]);
    let held = store.answer(1).await.unwrap().unwrap();
    assert!(held.networks.iter().all(|one| one.told == Some(NOW)));
    let by_mail = store.claim_mails(NOW, 9).await.unwrap().pop().unwrap();
    assert_eq!(by_mail.items[0].1, MailItem::Answer(1));
    store.release_deliveries().await.unwrap();

    // The third network asked for nothing, and stands there; a correction reaches whoever had the first.
    let third = NetworkId::from_u128(3);
    let second = store
        .write_answer(&answer(&[third], Some(1)), NOW)
        .await
        .unwrap();
    assert_eq!(second.raised, 3);
    let asked: Vec<bool> = second.networks.iter().map(|one| one.asked).collect();
    assert_eq!(asked, [true, true, false]);
    assert_eq!(arrives(store).await.len(), 2);

    store
        .withdraw_network(TWO, Actor::Owner, NOW)
        .await
        .unwrap();
    store
        .erase_answer(1, "it named somebody", NOW)
        .await
        .unwrap();
    purge(store, NOW).await;
    let erased = DeliveryEvent::AnswerErased;
    assert_eq!(arrives(store).await, [(ONE, erased, 1)]);
    let held = store.answer(1).await.unwrap().unwrap();
    assert_eq!((held.raised, held.networks.len()), (2, 1));
    assert!(store.owner_follows(TWO).await.unwrap().is_empty());
    let gone = store.make_owner_follow(TWO, &place, 3, NOW).await.unwrap();
    assert_eq!(gone.unwrap_err(), NotMade::Left);

    store
        .withdraw_network(ONE, Actor::Owner, NOW)
        .await
        .unwrap();
    purge(store, NOW).await;
    assert!(arrives(store).await.is_empty());
    let found = found_in(store.dir(), &["quokka-hooks", "quokka.reader"]);
    assert_eq!(found, Vec::<&str>::new());
}

#[tokio::test]
async fn an_owner_has_few_places_and_ends_only_the_own_ones_and_a_restored_copy_tells_nobody() {
    let house = House::with(&[1, 2]).await;
    let store = &house.store;
    let ids = [
        hook(store, ONE).await,
        hook(store, ONE).await,
        hook(store, ONE).await,
    ];
    let place = OwnerPlace::Webhook(HOOK.to_owned());
    let full = store.make_owner_follow(ONE, &place, 3, NOW).await.unwrap();
    assert_eq!(full.unwrap_err(), NotMade::Full);
    assert!(!store.drop_owner_follow(ids[0], TWO).await.unwrap());
    assert!(store.drop_owner_follow(ids[0], ONE).await.unwrap());
    assert_eq!(store.owner_follows(ONE).await.unwrap().len(), 2);
    assert!(store.analyst_keys().await.unwrap().is_empty());
    assert_eq!(store.revoke_all_analyst_keys().await.unwrap(), 0);
    assert!(store.owner_follows(ONE).await.unwrap().is_empty());
}

#[tokio::test]
async fn a_note_is_replaced_by_its_day_and_goes_with_its_network_and_with_any_that_it_names() {
    let house = House::with(&[1, 2]).await;
    let store = &house.store;
    let (topic, alias) = (TopicId::from_u128(7), TopicId::from_u128(8));
    let note = |topic, network, day: &str, text: &str| NewAnnotation {
        topic,
        network,
        day: day.parse().unwrap(),
        text: text.into(),
    };
    let put = async |new: &NewAnnotation, most| {
        let put = store.put_annotation(new, &[topic, alias], most, NOW).await;
        put.unwrap()
    };
    let first = note(alias, Some(ONE), "2026-11-20", "The numbat door was shut.");
    assert!(put(&first, 2).await.is_some());
    let again = note(topic, Some(ONE), "2026-11-20", "The dugong door was shut.");
    assert!(
        put(&again, 2).await.is_some(),
        "the same day, by another id"
    );
    let other = note(topic, Some(ONE), "2026-11-21", "And opened.");
    assert!(put(&other, 2).await.is_some());
    let third = note(topic, Some(ONE), "2026-11-22", "And shut.");
    assert!(put(&third, 2).await.is_none(), "no more than two");
    let operators = note(topic, None, "2026-11-19", "Counted anew that day.");
    let named = note(
        topic,
        Some(TWO),
        "2026-11-19",
        "As the QUOKKA network 1 said.",
    );
    assert!(put(&operators, 9).await.is_some() && put(&named, 9).await.is_some());
    let texts = |held: Vec<crate::Annotation>| -> Vec<String> {
        held.into_iter().map(|one| one.text).collect()
    };
    let all = texts(store.annotations(&[topic, alias]).await.unwrap());
    assert_eq!(all.len(), 4, "{all:?}");
    purge(store, NOW).await;
    assert_eq!(found_in(store.dir(), &["numbat"]), Vec::<&str>::new());

    let own = store.annotations_of(Some(ONE)).await.unwrap();
    assert_eq!(own.len(), 2);
    assert!(
        !store
            .drop_annotation(own[0].number, Some(TWO))
            .await
            .unwrap()
    );
    assert!(
        store
            .drop_annotation(own[0].number, Some(ONE))
            .await
            .unwrap()
    );
    store
        .withdraw_network(ONE, Actor::Owner, NOW)
        .await
        .unwrap();
    purge(store, NOW + SignedDuration::from_mins(1)).await;
    assert!(put(&first, 2).await.is_none(), "it has left");
    let left = texts(store.annotations(&[topic, alias]).await.unwrap());
    assert_eq!(left, ["Counted anew that day."]);
    assert_eq!(
        found_in(store.dir(), &["dugong", "QUOKKA"]),
        Vec::<&str>::new()
    );
    assert_eq!(store.forget_annotations().await.unwrap(), 1);
}

#[test]
fn a_text_names_a_network_by_whole_words_of_its_name_or_slug() {
    let named = |text, slug, name| crate::names_network(text, slug, name);
    for text in [
        "As Riverside Forum said",
        "as the riverside forum, said",
        "RIVERSIDE-FORUM has it",
    ] {
        assert!(
            named(text, "riverside-forum", "The Riverside Forum"),
            "{text}"
        );
        assert!(named(text, "riverside-forum", "Renamed since"), "{text}");
    }
    assert!(named("Mumsnet is loud", "mumsnet", "Mumsnet"));
    // Short or common words, and parts of words, are no names.
    for (text, slug, name) in [
        ("The queue is long", "the", "the"),
        ("We are lost", "los", "Los"),
        ("Riversides are wet", "riverside", "Riverside"),
    ] {
        assert!(!named(text, slug, name), "{text}");
    }
}

#[tokio::test]
async fn an_erasure_is_told_where_the_entry_was_and_nowhere_else() {
    let house = House::with(&[1]).await;
    let store = &house.store;
    let told = hook(store, ONE).await;
    store
        .write_answer(&answer(&[ONE], None), NOW)
        .await
        .unwrap();
    assert_eq!(arrives(store).await.len(), 1);
    // A place that is named later was never told of it.
    let later = NOW + SignedDuration::from_hours(1);
    let place = OwnerPlace::Webhook("https://later.example/told".to_owned());
    store
        .make_owner_follow(ONE, &place, 3, later)
        .await
        .unwrap()
        .unwrap();
    // What was delivered long ago is forgotten; the place was told all the same.
    let forgotten = later + SignedDuration::from_hours(31 * 24);
    store.forget_deliveries(forgotten).await.unwrap();
    store
        .erase_answer(1, "it named somebody", forgotten)
        .await
        .unwrap();
    let claimed = store.claim_deliveries(forgotten, 9).await.unwrap();
    let follows: Vec<_> = claimed.iter().map(|one| one.follow).collect();
    assert_eq!(follows, [told]);
}

#[tokio::test]
async fn an_owner_sees_how_it_goes_at_each_place_and_has_what_failed_sent_once_more() {
    let house = House::with(&[1, 2]).await;
    let store = &house.store;
    let place = hook(store, ONE).await;
    let mail: Mailbox = ADDRESS.parse().unwrap();
    let asked = OwnerPlace::Mail(mail, Every::Hour);
    let asked = store.make_owner_follow(ONE, &asked, 3, NOW).await.unwrap();
    let asked = asked.unwrap().id;
    let how = async || {
        let places = store.owner_places(ONE).await.unwrap();
        assert_eq!(places.len(), 2);
        let found = places.into_iter().find(|one| one.follow.id == place);
        found.unwrap()
    };
    let none = how().await;
    assert_eq!((none.arrived, none.waiting, none.given_up), (None, 0, 0));
    assert_eq!(none.not_before, Timestamp::UNIX_EPOCH);

    store
        .write_answer(&answer(&[ONE], None), NOW)
        .await
        .unwrap();
    let again = NOW + SignedDuration::from_hours(1);
    let failed = Outcome::Failed {
        said: "502".into(),
        again,
        hold: true,
    };
    let claimed = store.claim_deliveries(NOW, 9).await.unwrap().pop().unwrap();
    store.settle_delivery(&claimed, &failed, NOW).await.unwrap();
    let later = how().await;
    assert_eq!((later.waiting, later.given_up), (1, 0));
    assert_eq!(later.not_before, again);
    assert_eq!(later.failed[0].id, claimed.id);
    assert!(store.claim_deliveries(NOW, 9).await.unwrap().is_empty());

    let replay = async |network, place| {
        let replayed = store.replay_owner_follows(network, place, NOW).await;
        replayed.unwrap()
    };
    assert_eq!(replay(TWO, Some(place)).await, None, "it is another's");
    assert_eq!(replay(ONE, Some(asked)).await, None, "it has not said yes");
    assert_eq!(replay(ONE, None).await, Some(1));
    assert_eq!(how().await.not_before, Timestamp::UNIX_EPOCH);
    assert_eq!(arrives(store).await.len(), 1);
    let arrived = how().await;
    assert_eq!((arrived.arrived, arrived.waiting), (Some(NOW), 0));
    assert_eq!(
        replay(ONE, Some(place)).await,
        Some(0),
        "what arrived stays so"
    );

    // What was given up is sent again too.
    store
        .write_answer(&answer(&[ONE], None), NOW)
        .await
        .unwrap();
    let claimed = store.claim_deliveries(NOW, 9).await.unwrap().pop().unwrap();
    let dead = Outcome::Dead { said: "410".into() };
    store.settle_delivery(&claimed, &dead, NOW).await.unwrap();
    assert_eq!(how().await.given_up, 1);
    assert_eq!(replay(ONE, Some(place)).await, Some(1));
    assert_eq!(arrives(store).await.len(), 1);
}
