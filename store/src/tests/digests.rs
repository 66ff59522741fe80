//! What was told early, and what digests named.

use discover_model::ledger::Actor;
use discover_model::{ConversationId, NetworkId, TopicId};
use jiff::Timestamp;
use jiff::civil::date;

use super::support::*;
use crate::{
    Begun, ClaimedMail, DigestDue, DigestEdition, DigestEvery, DigestSection, DigestTopic, Every,
    FollowAbout, Holds, MailItem, Mailbox, Noted, NoticeKind, Outcome,
};

fn edition(quoted: &[ConversationId]) -> DigestEdition {
    let topics = quoted.iter().enumerate().map(|(place, id)| DigestTopic {
        section: DigestSection::Emerging,
        place: place as u64,
        topic: TopicId::from_u128(place as u128 + 7),
        chance: Some(0.01),
        areas: vec!["0123456789abcdef".to_owned()],
        quoted: Some(*id),
        gone: None,
        figures: Some((place as u64 + 4, 2)),
    });
    DigestEdition {
        every: DigestEvery::Week,
        start: date(2026, 11, 23),
        drawn: date(2026, 11, 29),
        topics: topics.collect(),
    }
}

#[tokio::test]
async fn what_a_digest_quoted_is_forgotten_by_its_id_and_that_it_went_is_not() {
    let house = House::with(&[1, 2]).await;
    let mut ids = Vec::new();
    for number in [1, 2] {
        let source = source(number, "forum");
        house.put(&source, vec![item(number, "a", "text")]).await;
        ids.push(house.thread(&source, "a").await.unwrap().id);
    }
    let store = &house.store;
    let named = edition(&ids);
    store.put_digest(&named).await.unwrap();
    assert_eq!(
        store.digest(DigestEvery::Week, named.start).await.unwrap(),
        Some(named.clone())
    );
    assert_eq!(
        store.digest(DigestEvery::Month, named.start).await.unwrap(),
        None
    );
    let one = NetworkId::from_u128(1);
    store
        .withdraw_network(one, Actor::Owner, NOW)
        .await
        .unwrap();
    purge(store, NOW).await;
    let held = store
        .digest(DigestEvery::Week, named.start)
        .await
        .unwrap()
        .unwrap();
    assert_eq!(held.topics[0].quoted, None);
    assert!(held.topics[0].gone.is_some());
    assert_eq!(held.topics[1], named.topics[1]);
    // Written anew, it names nothing that has gone.
    store.put_digest(&named).await.unwrap();
    let held = store
        .digest(DigestEvery::Week, named.start)
        .await
        .unwrap()
        .unwrap();
    assert_eq!(
        (held.topics[0].quoted, held.topics[1].quoted),
        (None, Some(ids[1]))
    );
    store.forget_digests(date(2026, 11, 24)).await.unwrap();
    assert_eq!(
        store.digest(DigestEvery::Week, named.start).await.unwrap(),
        None
    );
}

#[tokio::test]
async fn a_conversation_that_finds_its_root_stays_quoted_by_its_new_id() {
    let house = House::with(&[1]).await;
    let forum = source(1, "forum");
    house.put(&forum, vec![reply(1, "b", "a")]).await;
    let before = house.thread(&forum, "b").await.unwrap().id;
    let named = edition(&[before]);
    house.store.put_digest(&named).await.unwrap();
    house.put(&forum, vec![item(1, "a", "the root")]).await;
    let after = house.thread(&forum, "b").await.unwrap().id;
    let held = house.store.digest(DigestEvery::Week, named.start).await;
    let held = held.unwrap().unwrap().topics.remove(0);
    assert_eq!((held.quoted, held.gone), (Some(after), None));
}

#[tokio::test]
async fn a_notice_has_one_beginning_and_one_end() {
    let house = House::with(&[]).await;
    let store = &house.store;
    let of = |chance| Holds {
        kind: NoticeKind::Warning,
        topic: TopicId::from_u128(7),
        chance,
        networks: 3,
        languages: vec!["cy".to_owned(), "en".to_owned()],
        areas: Vec::new(),
    };
    let begun = Noted {
        begun: vec![Begun {
            of: of(None),
            tell: Vec::new(),
        }],
        ..Noted::default()
    };
    store.write_notices(&begun, NOW).await.unwrap();
    store.write_notices(&begun, NOW + days(1)).await.unwrap();
    let held = store.notices(9).await.unwrap();
    assert_eq!(held.len(), 1, "it holds already");
    let number = held[0].number;
    let still = Noted {
        still: vec![(number, of(Some(0.001)))],
        ..Noted::default()
    };
    store.write_notices(&still, NOW + days(2)).await.unwrap();
    let ended = Noted {
        ended: vec![number],
        ..Noted::default()
    };
    store.write_notices(&ended, NOW + days(3)).await.unwrap();
    store.write_notices(&ended, NOW + days(4)).await.unwrap();
    store.write_notices(&still, NOW + days(5)).await.unwrap();
    let held = store.notices(9).await.unwrap().remove(0);
    assert_eq!(
        (held.began, held.held, held.ended),
        (NOW, NOW + days(2), Some(NOW + days(3)))
    );
    assert_eq!(held.of, of(Some(0.001)));
    // It comes again as another one.
    store.write_notices(&begun, NOW + days(6)).await.unwrap();
    assert_eq!(store.notices(9).await.unwrap().len(), 2);
    store.forget_notices(NOW + days(4)).await.unwrap();
    assert_eq!(store.notices(9).await.unwrap().len(), 1);
}

#[tokio::test]
async fn a_reader_is_mailed_what_a_search_finds_and_leaves_no_byte() {
    const ADDRESS: &str = "numbat.reader@narwhal.example";
    const SEARCH: &str = "q=quollwords";
    let house = House::with(&[]).await;
    let store = &house.store;
    let to: Mailbox = ADDRESS.parse().unwrap();
    let ask = async || {
        let made = store.make_reader_search(&to, Every::Day, SEARCH, 7, NOW);
        made.await.unwrap()
    };
    assert_eq!(ask().await, Ok(()));
    assert_eq!(ask().await, Ok(()), "nobody is told that it was asked");
    // A digest is another thing, though it were asked for in the same words.
    let digest = store.make_digest_follow(&to, Every::Day, SEARCH, NOW);
    assert_eq!(digest.await.unwrap(), Ok(()));
    assert!(store.analyst_keys().await.unwrap().is_empty());
    assert!(
        store.follows_behind(99).await.unwrap().is_empty(),
        "nothing is looked for before a yes"
    );
    let asks = store.claim_mails(NOW, 9).await.unwrap();
    let asks = asks.iter().find(|mail| mail.about == FollowAbout::Search);
    let asks = asks.unwrap();
    assert!(asks.asks() && asks.holder.is_empty());
    store
        .confirm_mail(asks.follow, NOW + days(1), NOW)
        .await
        .unwrap();
    let behind = store.follows_behind(99).await.unwrap();
    assert_eq!((behind.len(), behind[0].began, behind[0].seq), (1, 7, 7));
    assert!(store.refuse_mail(asks.follow, NOW + days(2)).await.unwrap());
    for left in store.claim_mails(NOW + days(2), 9).await.unwrap() {
        store.refuse_mail(left.follow, NOW + days(2)).await.unwrap();
    }
    let digests = store.follows_of("readers").await.unwrap();
    for digest in digests {
        store.refuse_mail(digest.id, NOW + days(2)).await.unwrap();
    }
    purge(store, NOW + days(4)).await;
    assert_eq!(house.found(&[ADDRESS, "quollwords"]), Vec::<&str>::new());
}

#[tokio::test]
async fn a_reader_is_asked_once_gets_each_digest_and_each_erratum_once_and_leaves_no_byte() {
    const ADDRESS: &str = "pangolin.reader@narwhal.example";
    let house = House::with(&[]).await;
    let store = &house.store;
    let to: Mailbox = ADDRESS.parse().unwrap();
    let ask = async |search: &str, now| {
        let made = store.make_digest_follow(&to, Every::Week, search, now);
        made.await.unwrap()
    };
    assert_eq!(ask("", NOW).await, Ok(()));
    assert_eq!(
        ask("", NOW).await,
        Ok(()),
        "nobody is told that it was asked"
    );
    assert!(
        store.analyst_keys().await.unwrap().is_empty(),
        "it is no key"
    );
    let asks = store.claim_mails(NOW, 9).await.unwrap().remove(0);
    assert!(asks.asks() && asks.about == FollowAbout::Digest);
    let settle = async |mail: &ClaimedMail, now| {
        let told: Vec<_> = mail.items.iter().map(|(id, _)| *id).collect();
        let settled = store.settle_mail(mail, &told, &Outcome::Delivered, now, now);
        settled.await.unwrap();
    };
    settle(&asks, NOW).await;
    assert!(store.claim_mails(NOW, 9).await.unwrap().is_empty(), "once");
    assert!(
        store
            .follows_about(FollowAbout::Digest)
            .await
            .unwrap()
            .is_empty()
    );
    store
        .confirm_mail(asks.follow, NOW + days(900), NOW)
        .await
        .unwrap();
    assert_eq!(
        store
            .follows_about(FollowAbout::Digest)
            .await
            .unwrap()
            .len(),
        1
    );

    let due = |gone: Option<Timestamp>, due| DigestDue {
        follow: asks.follow,
        code: "2026-W48".to_owned(),
        gone,
        due,
    };
    let morning = NOW + days(1);
    let erratum = due(Some(NOW + days(2)), NOW + days(2));
    store
        .queue_digests(std::slice::from_ref(&erratum), NOW)
        .await
        .unwrap();
    for _ in 0..2 {
        store
            .queue_digests(&[due(None, morning)], NOW)
            .await
            .unwrap();
    }
    assert!(
        store.claim_mails(NOW, 9).await.unwrap().is_empty(),
        "not before the morning"
    );
    let digest = store.claim_mails(morning, 9).await.unwrap().remove(0);
    let items: Vec<_> = digest.items.iter().map(|(_, item)| item.clone()).collect();
    assert_eq!(
        items,
        [MailItem::Digest("2026-W48".to_owned())],
        "what was not sent is not put right"
    );
    settle(&digest, morning).await;
    for _ in 0..2 {
        store
            .queue_digests(std::slice::from_ref(&erratum), NOW + days(2))
            .await
            .unwrap();
    }
    let right = store.claim_mails(NOW + days(2), 9).await.unwrap().remove(0);
    assert_eq!(right.items.len(), 1);
    assert_eq!(right.items[0].1, MailItem::Erratum("2026-W48".to_owned()));
    settle(&right, NOW + days(2)).await;
    store
        .queue_digests(std::slice::from_ref(&erratum), NOW + days(3))
        .await
        .unwrap();
    assert!(
        store
            .claim_mails(NOW + days(3), 9)
            .await
            .unwrap()
            .is_empty()
    );

    assert!(store.refuse_mail(asks.follow, NOW + days(4)).await.unwrap());
    purge(store, NOW + days(4)).await;
    assert_eq!(house.found(&[ADDRESS]), Vec::<&str>::new());
    // A backup that is put back ends them all.
    assert_eq!(ask("every=month", NOW).await, Ok(()));
    assert_eq!(store.revoke_all_analyst_keys().await.unwrap(), 0);
    assert!(store.claim_mails(NOW, 9).await.unwrap().is_empty());
    assert_eq!(
        ask("every=month", NOW).await,
        Ok(()),
        "and can be asked for again"
    );
    assert_eq!(store.claim_mails(NOW, 9).await.unwrap().len(), 1);
}
