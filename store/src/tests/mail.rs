//! Follows by mail: nothing before a yes, one mail under one id however often it is sent, nobody asked again and again,
//! and no byte of an address after its follow.

use discover_model::{DeliveryId, FollowId};
use jiff::{SignedDuration, Timestamp};

use super::follows::{conversation, key, new_follow, seen, states};
use super::support::*;
use crate::{
    ClaimedMail, DeliveryEvent, DeliveryState, Every, FILE, MailItem, Mailbox, NewFollow, NotMade,
    Outcome, Replay, Store,
};

const ADDRESS: &str = "quokka.reader@council.example";

fn hours(hours: i64) -> SignedDuration {
    SignedDuration::from_hours(hours)
}

fn by_mail(key: &str, to: &str) -> NewFollow {
    NewFollow {
        webhook: None,
        mail: Some((to.parse::<Mailbox>().unwrap(), Every::Day)),
        ..new_follow(key)
    }
}

async fn follow(store: &Store) -> FollowId {
    let key = key(store).await;
    let made = store.make_follow(&by_mail(&key, ADDRESS), 5, NOW).await;
    made.unwrap().expect("it may be asked").id
}

async fn confirmed(store: &Store) -> FollowId {
    let follow = follow(store).await;
    let asks = claim(store, NOW).await.expect("it asks");
    settle(store, &asks, &Outcome::Delivered, NOW).await;
    assert!(store.confirm_mail(follow, NOW, NOW).await.unwrap());
    follow
}

async fn claim(store: &Store, now: Timestamp) -> Option<ClaimedMail> {
    store.claim_mails(now, 10).await.unwrap().pop()
}

fn all(mail: &ClaimedMail) -> Vec<DeliveryId> {
    mail.items.iter().map(|(delivery, _)| *delivery).collect()
}

async fn settle(store: &Store, mail: &ClaimedMail, outcome: &Outcome, now: Timestamp) {
    let told = all(mail);
    let settled = store.settle_mail(mail, &told, outcome, now + hours(24), now);
    settled.await.unwrap();
}

fn items(mail: &ClaimedMail) -> Vec<MailItem> {
    mail.items.iter().map(|(_, item)| item.clone()).collect()
}

fn found(number: u128) -> MailItem {
    MailItem::Found(conversation(number))
}

use DeliveryEvent::{Confirm, Found, Withdrawn};
use DeliveryState::{CalledOff, Delivered};

#[tokio::test]
async fn before_its_reader_says_yes_an_address_is_asked_once_and_nothing_is_looked_for() {
    let house = House::with(&[]).await;
    let store = &house.store;
    let follow = follow(store).await;
    let asks = claim(store, NOW).await.expect("it asks");
    assert!(asks.asks());
    assert_eq!(items(&asks), [MailItem::Confirm]);
    assert_eq!(asks.holder, "County Insight Team");
    settle(store, &asks, &Outcome::Delivered, NOW).await;
    assert!(store.follows_behind(99).await.unwrap().is_empty());
    // Even if something had been found.
    let fits = seen(follow, 12, &[1], &[]);
    store.tell(&[fits], NOW).await.unwrap();
    assert_eq!(claim(store, NOW + days(2)).await, None);
    assert!(store.claim_deliveries(NOW, 9).await.unwrap().is_empty());

    let first = NOW + hours(10);
    assert!(store.confirm_mail(follow, first, NOW).await.unwrap());
    assert!(store.confirm_mail(follow, NOW, NOW).await.unwrap());
    assert_eq!(store.follows_behind(99).await.unwrap().len(), 1);
    assert_eq!(claim(store, NOW + hours(9)).await, None, "not before then");
    let mail = claim(store, first).await.expect("due");
    assert_eq!(items(&mail), [found(1)]);
    let nobody = FollowId::from_u128(7);
    assert!(!store.confirm_mail(nobody, NOW, NOW).await.unwrap());
}

#[tokio::test]
async fn a_mail_that_is_sent_again_is_the_same_mail_and_the_next_comes_a_day_later() {
    let house = House::with(&[]).await;
    let store = &house.store;
    let follow = confirmed(store).await;
    let fits = seen(follow, 12, &[1, 2], &[]);
    store.tell(&[fits], NOW).await.unwrap();
    let first = claim(store, NOW).await.expect("due");
    assert_eq!(claim(store, NOW).await, None, "one at a time");
    // The process ends in the middle, and more is found before it is sent again.
    store.release_deliveries().await.unwrap();
    let fits = seen(follow, 13, &[3], &[]);
    store.tell(&[fits], NOW).await.unwrap();
    let again = claim(store, NOW).await.expect("due again");
    assert_eq!((again.id, items(&again)), (first.id, items(&first)));
    assert_eq!((again.tried.attempts, again.waiting), (2, 1));
    let failed = Outcome::Failed {
        said: "answer 451".into(),
        again: NOW + hours(1),
        hold: true,
    };
    settle(store, &again, &failed, NOW).await;
    assert_eq!(claim(store, NOW).await, None, "the server is left alone");
    let third = claim(store, NOW + hours(1)).await.expect("due again");
    assert_eq!((third.id, items(&third)), (first.id, items(&first)));
    settle(store, &third, &Outcome::Delivered, NOW + hours(1)).await;

    assert_eq!(
        claim(store, NOW + hours(24)).await,
        None,
        "a day has not passed"
    );
    let next = claim(store, NOW + hours(25)).await.expect("due");
    assert_ne!(next.id, first.id);
    assert_eq!(items(&next), [found(3)]);
}

#[tokio::test]
async fn what_goes_before_its_mail_is_called_off_and_what_was_told_is_told_as_gone_in_the_next() {
    let house = House::with(&[]).await;
    let store = &house.store;
    let follow = confirmed(store).await;
    let fits = seen(follow, 12, &[1, 2, 3], &[]);
    store.tell(&[fits], NOW).await.unwrap();
    store.tell_gone(&[conversation(1)], NOW).await.unwrap();
    let mail = claim(store, NOW).await.expect("due");
    assert_eq!(items(&mail), [found(2), found(3)]);
    // The third may not be shown at the moment of sending.
    let told = &all(&mail)[..1];
    let settled = store.settle_mail(&mail, told, &Outcome::Delivered, NOW + hours(24), NOW);
    settled.await.unwrap();
    store.tell_gone(&[conversation(2)], NOW).await.unwrap();
    let later = NOW + hours(25);
    let next = claim(store, later).await.expect("due");
    assert_ne!(next.id, mail.id);
    let gone = MailItem::Withdrawn(conversation(2));
    assert_eq!(items(&next), [found(3), gone]);
    settle(store, &next, &Outcome::Delivered, later).await;
    assert_eq!(
        states(store, follow).await,
        [
            (Confirm, Delivered, false),
            (Found, CalledOff, false),
            (Found, Delivered, false),
            (Found, Delivered, true),
            (Withdrawn, Delivered, false),
        ]
    );
    // Sent once more when asked, as another mail, and in its turn.
    let replayed = store.replay_deliveries(follow, Replay::From(next.items[0].0), later);
    assert_eq!(replayed.await.unwrap(), Some(1));
    assert_eq!(claim(store, later).await, None);
    let again = claim(store, later + hours(24)).await.expect("due");
    assert_eq!(items(&again), [found(3)]);
    assert_ne!(again.id, next.id);
}

#[tokio::test]
async fn many_finds_come_in_mails_of_a_hundred_and_none_is_left_out() {
    let house = House::with(&[]).await;
    let store = &house.store;
    let follow = confirmed(store).await;
    let many: Vec<u128> = (1..=250).collect();
    store
        .tell(&[seen(follow, 12, &many, &[])], NOW)
        .await
        .unwrap();
    let (mut now, mut told) = (NOW, Vec::new());
    while let Some(mail) = claim(store, now).await {
        assert_eq!(mail.waiting as usize, 250 - told.len() - mail.items.len());
        told.extend(items(&mail));
        settle(store, &mail, &Outcome::Delivered, now).await;
        now += hours(24);
    }
    assert_eq!(told, many.into_iter().map(found).collect::<Vec<_>>());
    assert_eq!(now, NOW + hours(3 * 24));
}

#[tokio::test]
async fn nobody_is_asked_again_and_again_whatever_keys_and_tags_are_used() {
    let house = House::with(&[]).await;
    let store = &house.store;
    for number in 0..5 {
        let key = key(store).await;
        let to = format!("Quokka.Reader+{number}@council.example");
        let made = store
            .make_follow(&by_mail(&key, &to), 50, NOW)
            .await
            .unwrap();
        // Ending the follow does not begin the count anew.
        let id = made.expect("it may be asked").id;
        assert!(store.drop_follow(id, &key).await.unwrap());
    }
    let key = key(store).await;
    let barred = |again| Err(NotMade::Asked { again });
    let made = store.make_follow(&by_mail(&key, ADDRESS), 50, NOW).await;
    assert_eq!(made.unwrap(), barred(NOW + hours(24)));
    let tomorrow = NOW + hours(24);
    store.drop_unconfirmed_mail(NOW, tomorrow).await.unwrap();
    let made = store
        .make_follow(&by_mail(&key, ADDRESS), 50, tomorrow)
        .await;
    let id = made.unwrap().expect("a day has passed").id;
    // Its reader says no: for a month, by whatever key.
    assert!(store.refuse_mail(id, tomorrow).await.unwrap());
    assert_eq!(store.follow(id).await.unwrap(), None);
    assert!(!store.refuse_mail(id, tomorrow).await.unwrap());
    let made = store
        .make_follow(&by_mail(&key, ADDRESS), 50, tomorrow + days(2))
        .await;
    assert_eq!(made.unwrap(), barred(tomorrow + days(30)));
    // One key asks twenty addresses a day, and this was one.
    let mut asked = 1;
    loop {
        let to = format!("reader{asked}@council.example");
        let made = store
            .make_follow(&by_mail(&key, &to), 50, tomorrow)
            .await
            .unwrap();
        if made.is_err() {
            break;
        }
        asked += 1;
    }
    assert_eq!(asked, 20);
}

#[tokio::test]
async fn an_address_goes_with_its_follow_and_leaves_no_byte() {
    if on_postgres("it reads the file") {
        return;
    }
    let house = House::with(&[]).await;
    let store = &house.store;
    let holds = || {
        let mut held = false;
        for file in [FILE.to_owned(), format!("{FILE}-wal")] {
            let bytes = std::fs::read(store.dir().join(file)).unwrap_or_default();
            let needle = b"quokka.reader";
            held |= bytes.windows(needle.len()).any(|part| part == needle);
        }
        held
    };
    let unconfirmed = follow(store).await;
    let said_yes = confirmed(store).await;
    let revoked = {
        let key = key(store).await;
        let made = store.make_follow(&by_mail(&key, ADDRESS), 5, NOW).await;
        made.unwrap().expect("it may be asked");
        key
    };
    assert!(holds());
    let kept = store.drop_unconfirmed_mail(NOW, NOW).await.unwrap();
    assert_eq!(kept, 0, "three days have not passed");
    store.revoke_analyst_key(&revoked).await.unwrap();
    let dropped = store.drop_unconfirmed_mail(NOW + days(3), NOW + days(3));
    assert_eq!(dropped.await.unwrap(), 1);
    assert_eq!(store.follow(unconfirmed).await.unwrap(), None);
    assert!(store.refuse_mail(said_yes, NOW).await.unwrap());
    store.erase(NOW).await.unwrap();
    assert!(!holds());
    assert_eq!(states(store, said_yes).await, []);
    // One that said yes and then ended it may be asked again.
    follow(store).await;
}
