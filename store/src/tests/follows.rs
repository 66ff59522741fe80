//! Follows: nothing told twice or missed, whatever the receiver and the clock do, and no id kept for longer than needed.

use discover_model::{ConversationId, FollowId};
use jiff::{SignedDuration, Timestamp};

use super::support::*;
use crate::database::query;
use crate::{
    Claimed, DeliveryEvent, DeliveryState, DeliverySubject, FollowAbout, KeyScope, NewFollow,
    NewKey, NotMade, Outcome, Replay, Seen, Store,
};

pub(super) fn conversation(number: u128) -> ConversationId {
    ConversationId::from_u128(number)
}

pub(super) async fn key(store: &Store) -> String {
    let new = NewKey {
        holder: "County Insight Team".into(),
        purpose: "Yearly report on access to care".into(),
        scopes: vec![KeyScope::Follow],
        per_minute: 300,
        expires: NOW + days(30),
    };
    let key = store.make_analyst_key(&new, NOW).await.unwrap();
    crate::key_id(&key).unwrap().to_owned()
}

pub(super) fn new_follow(key: &str) -> NewFollow {
    NewFollow {
        key: key.to_owned(),
        name: None,
        about: FollowAbout::Search,
        search: "q=tests".into(),
        webhook: Some("https://hooks.example/".into()),
        mail: None,
        seq: 10,
    }
}

async fn follow(store: &Store) -> FollowId {
    let key = key(store).await;
    let made = store.make_follow(&new_follow(&key), 5, NOW).await.unwrap();
    made.expect("there is room").id
}

pub(super) fn seen(follow: FollowId, seq: u64, fits: &[u128], fits_not: &[u128]) -> Seen {
    Seen {
        follow,
        seq,
        fits: fits.iter().copied().map(conversation).collect(),
        fits_not: fits_not.iter().copied().map(conversation).collect(),
    }
}

async fn claim(store: &Store, now: Timestamp) -> Option<Claimed> {
    store.claim_deliveries(now, 10).await.unwrap().pop()
}

pub(super) async fn states(
    store: &Store,
    follow: FollowId,
) -> Vec<(DeliveryEvent, DeliveryState, bool)> {
    let (list, all) = store.deliveries(follow, None, 100).await.unwrap();
    assert_eq!(list.len() as u64, all);
    let mut list: Vec<_> = list
        .iter()
        .map(|one| (one.event, one.state, one.subject.is_some()))
        .collect();
    list.reverse();
    list
}

use DeliveryEvent::{Found, Withdrawn};
use DeliveryState::{CalledOff, Dead, Delivered, Pending};

#[tokio::test]
async fn what_was_found_is_queued_once_whatever_is_looked_at_again() {
    let house = House::with(&[]).await;
    let store = &house.store;
    let follow = follow(store).await;
    for seq in [12, 12, 15] {
        store
            .tell(&[seen(follow, seq, &[1, 2], &[])], NOW)
            .await
            .unwrap();
    }
    assert_eq!(states(store, follow).await.len(), 2);
    assert_eq!(store.follow(follow).await.unwrap().unwrap().seq, 15);
    // A place that lies before is not gone back to.
    store
        .tell(&[seen(follow, 11, &[3], &[])], NOW)
        .await
        .unwrap();
    assert_eq!(states(store, follow).await.len(), 2);
}

#[tokio::test]
async fn an_attempt_that_a_crash_cut_off_is_made_again_under_the_same_id() {
    let house = House::with(&[]).await;
    let store = &house.store;
    let follow = follow(store).await;
    store
        .tell(&[seen(follow, 12, &[1, 2], &[])], NOW)
        .await
        .unwrap();
    let first = claim(store, NOW).await.expect("it is due");
    assert_eq!(claim(store, NOW).await, None, "one at a time");
    store.release_deliveries().await.unwrap();
    let again = claim(store, NOW).await.expect("it is due again");
    assert_eq!((again.id, again.attempts), (first.id, 2));
    store
        .settle_delivery(&again, &Outcome::Delivered, NOW)
        .await
        .unwrap();
    let next = claim(store, NOW).await.expect("the other one");
    assert_ne!(next.id, first.id);
}

#[tokio::test]
async fn what_goes_is_told_once_to_those_who_were_told_and_its_id_is_forgotten() {
    let house = House::with(&[]).await;
    let store = &house.store;
    let (told, untold) = (follow(store).await, follow(store).await);
    store.tell(&[seen(told, 12, &[1], &[])], NOW).await.unwrap();
    let sent = claim(store, NOW).await.expect("due");
    store
        .settle_delivery(&sent, &Outcome::Delivered, NOW)
        .await
        .unwrap();
    store
        .tell(&[seen(untold, 12, &[1], &[])], NOW)
        .await
        .unwrap();
    assert_eq!(
        store
            .told_among(&[conversation(1), conversation(2)])
            .await
            .unwrap(),
        [conversation(1)]
    );
    for _ in 0..2 {
        store.tell_gone(&[conversation(1)], NOW).await.unwrap();
    }
    assert_eq!(states(store, untold).await, [(Found, CalledOff, false)]);
    assert_eq!(
        states(store, told).await,
        [(Found, Delivered, false), (Withdrawn, Pending, true)]
    );
    let gone = claim(store, NOW).await.expect("due");
    assert_eq!(
        (gone.follow, gone.subject.clone()),
        (told, DeliverySubject::Conversation(conversation(1)))
    );
    store
        .settle_delivery(&gone, &Outcome::Delivered, NOW)
        .await
        .unwrap();
    assert_eq!(states(store, told).await[1], (Withdrawn, Delivered, false));
    assert!(store.told_after(None, 10).await.unwrap().is_empty());
    // It comes back, and is news again.
    store.tell(&[seen(told, 20, &[1], &[])], NOW).await.unwrap();
    assert_eq!(states(store, told).await[2], (Found, Pending, true));
}

#[tokio::test]
async fn what_goes_while_it_is_being_sent_is_not_sent_again_and_is_told_as_gone() {
    let house = House::with(&[]).await;
    let store = &house.store;
    let follow = follow(store).await;
    store
        .tell(&[seen(follow, 12, &[1], &[])], NOW)
        .await
        .unwrap();
    let sending = claim(store, NOW).await.expect("due");
    store
        .tell(&[seen(follow, 13, &[], &[1])], NOW)
        .await
        .unwrap();
    assert_eq!(
        claim(store, NOW).await,
        None,
        "the first is under way still"
    );
    let failed = Outcome::Failed {
        said: "answer 500".into(),
        again: NOW,
        hold: false,
    };
    store.settle_delivery(&sending, &failed, NOW).await.unwrap();
    assert_eq!(
        states(store, follow).await,
        [(Found, CalledOff, false), (Withdrawn, Pending, true)]
    );
    assert_eq!(claim(store, NOW).await.expect("due").event, Withdrawn);
}

#[tokio::test]
async fn what_was_given_up_is_replayed_under_its_id_and_a_paused_follow_taken_up() {
    let house = House::with(&[]).await;
    let store = &house.store;
    let follow = follow(store).await;
    store
        .tell(&[seen(follow, 12, &[1, 2, 3], &[])], NOW)
        .await
        .unwrap();
    let first = claim(store, NOW).await.expect("due");
    let later = NOW + SignedDuration::from_hours(1);
    let failed = Outcome::Failed {
        said: "answer 500".into(),
        again: later,
        hold: true,
    };
    store.settle_delivery(&first, &failed, NOW).await.unwrap();
    assert_eq!(claim(store, NOW).await, None, "the receiver is left alone");
    let first = claim(store, later).await.expect("due");
    assert_eq!((first.attempts, first.failures), (2, 1));
    let all = Outcome::AllDead {
        said: "answer 500".into(),
        since: later,
        again: later,
    };
    store.settle_delivery(&first, &all, later).await.unwrap();
    assert_eq!(states(store, follow).await, [(Found, Dead, true); 3]);

    assert_eq!(
        store
            .replay_deliveries(follow, Replay::Dead, NOW)
            .await
            .unwrap(),
        Some(3)
    );
    let again = claim(store, NOW).await.expect("due at once");
    assert_eq!((again.id, again.attempts, again.sent), (first.id, 1, true));
    let paused = Outcome::Paused {
        said: "answer 410".into(),
    };
    store.settle_delivery(&again, &paused, NOW).await.unwrap();
    assert_eq!(claim(store, later).await, None);
    assert!(store.follows_behind(99).await.unwrap().is_empty());
    let from = Replay::From(again.id);
    assert_eq!(
        store.replay_deliveries(follow, from, NOW).await.unwrap(),
        Some(0),
        "all of them wait as it is"
    );
    assert!(claim(store, later).await.is_some());
    let nowhere = Replay::From(discover_model::DeliveryId::from_u128(7));
    assert_eq!(
        store.replay_deliveries(follow, nowhere, NOW).await.unwrap(),
        None
    );
}

#[tokio::test]
async fn a_follow_is_its_keys_own_counted_and_ends_with_it() {
    let house = House::with(&[]).await;
    let store = &house.store;
    let (mine, other) = (key(store).await, key(store).await);
    let made = store.make_follow(&new_follow(&mine), 1, NOW).await.unwrap();
    let id = made.expect("there is room").id;
    assert_eq!(
        store.make_follow(&new_follow(&mine), 1, NOW).await.unwrap(),
        Err(NotMade::Full)
    );
    assert!(!store.drop_follow(id, &other).await.unwrap());
    assert!(store.follows_of(&other).await.unwrap().is_empty());
    store.tell(&[seen(id, 12, &[1], &[])], NOW).await.unwrap();
    store.revoke_analyst_key(&mine).await.unwrap();
    assert_eq!(store.follow(id).await.unwrap(), None);
    assert!(store.told_after(None, 10).await.unwrap().is_empty());
    assert_eq!(states(store, id).await, []);

    store
        .make_follow(&new_follow(&other), 1, NOW)
        .await
        .unwrap()
        .expect("there is room");
    assert_eq!(store.drop_follows_of_ended_keys(NOW).await.unwrap(), 0);
    let ended = NOW + days(31);
    assert_eq!(store.drop_follows_of_ended_keys(ended).await.unwrap(), 1);
}

/// What happens when the first post of a conversation comes in after a reply to it.
async fn rename(store: &Store, old: u128, new: u128) {
    let mut writer = store.write().await.unwrap();
    let result =
        query("INSERT INTO aliases (old_id, new_id, network_id) VALUES (?, ?, unhex('01'))")
            .bind(conversation(old).to_bytes().to_vec())
            .bind(conversation(new).to_bytes().to_vec())
            .execute(writer.connection())
            .await
            .map(|_| ())
            .map_err(crate::StoreError::from);
    writer.finish(result).await.unwrap();
}

#[tokio::test]
async fn a_conversation_that_gets_another_id_is_neither_told_again_nor_as_gone() {
    let house = House::with(&[]).await;
    let store = &house.store;
    let follow = follow(store).await;
    store
        .tell(&[seen(follow, 12, &[1, 5], &[])], NOW)
        .await
        .unwrap();
    let told = claim(store, NOW).await.expect("due");
    store
        .settle_delivery(&told, &Outcome::Delivered, NOW)
        .await
        .unwrap();
    rename(store, 1, 2).await;
    rename(store, 5, 6).await;
    let gone = [conversation(1), conversation(5)];
    store.tell_gone(&gone, NOW).await.unwrap();
    store
        .tell(&[seen(follow, 13, &[2, 6], &[1, 5])], NOW)
        .await
        .unwrap();
    assert_eq!(
        states(store, follow).await,
        [(Found, Delivered, true), (Found, Pending, true)]
    );
    let later = claim(store, NOW).await.expect("due");
    assert_eq!(
        later.subject,
        DeliverySubject::Conversation(conversation(6)),
        "by the id it has now"
    );
    store
        .settle_delivery(&later, &Outcome::Delivered, NOW)
        .await
        .unwrap();
    let gone = [conversation(2), conversation(6)];
    store.tell_gone(&gone, NOW).await.unwrap();
    for as_told in [1, 6] {
        let withdrawn = claim(store, NOW).await.expect("due");
        assert_eq!(
            (withdrawn.event, &withdrawn.subject),
            (
                Withdrawn,
                &DeliverySubject::Conversation(conversation(as_told))
            ),
            "by the id it was told by"
        );
        store
            .settle_delivery(&withdrawn, &Outcome::Delivered, NOW)
            .await
            .unwrap();
    }
}
