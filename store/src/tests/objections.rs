//! Objections and owners' keys.

use discover_model::ledger::{Actor, LedgerEvent, PartKind};
use discover_model::*;

use super::support::*;
use crate::database::{query, query_scalar};
use crate::{OPEN_AT_ONCE, ObjectionReason, ObjectionState, StoreError};

fn post(source: &Source, key: &str) -> PostId {
    PostId::derive(source.network, source.id, key)
}

#[tokio::test]
async fn an_objection_hides_on_receipt_and_nobody_can_empty_a_network_with_them() {
    let house = House::with(&[1]).await;
    let source = source(1, "forum");
    let items = (0..60).map(|n| item(1, &format!("p{n}"), "text")).collect();
    house.put(&source, items).await;
    let mut hidden = 0;
    for n in 0..60 {
        let post = post(&source, &format!("p{n}"));
        let made = house
            .store
            .object(post, ObjectionReason::Other, NOW)
            .await
            .unwrap();
        let again = house
            .store
            .object(post, ObjectionReason::Author, NOW)
            .await
            .unwrap();
        assert_eq!(again, made, "one objection is enough");
        hidden += u64::from(made.hidden);
    }
    assert_eq!(hidden, 3, "a twentieth");
    let visibility = house.store.visibility().await.unwrap();
    assert_eq!(visibility.posts.len(), 3);
    assert_eq!(house.store.open_objections().await.unwrap().len(), 60);
}

#[tokio::test]
async fn undecided_objections_are_bounded() {
    let house = House::with(&[1]).await;
    let source = source(1, "forum");
    house.put(&source, vec![item(1, "a", "text")]).await;
    let mut writer = house.store.write().await.unwrap();
    let done = query(
        "INSERT INTO objections (objection_id, network_id, post_id, ground, hidden, at, state)
         SELECT unhex(value), ?2, unhex(value), 'other', 0, 0, 'open' FROM json_each(?1)",
    )
    .bind(crate::row::id_list(
        (0..u128::from(OPEN_AT_ONCE)).map(u128::to_be_bytes),
    ))
    .bind(source.network.to_bytes().to_vec())
    .execute(writer.connection())
    .await;
    let done = done.map(|_| ()).map_err(StoreError::from);
    writer.finish(done).await.unwrap();
    let one_more = house
        .store
        .object(post(&source, "a"), ObjectionReason::Other, NOW);
    assert!(matches!(
        one_more.await,
        Err(StoreError::TooManyObjections { .. })
    ));
}

#[tokio::test]
async fn what_is_dismissed_is_shown_again_and_cannot_be_objected_to_again() {
    let house = House::with(&[1]).await;
    let source = source(1, "forum");
    house.put(&source, vec![item(1, "a", "text")]).await;
    let post = post(&source, "a");
    let made = house
        .store
        .object(post, ObjectionReason::Other, NOW)
        .await
        .unwrap();
    let closed = house
        .store
        .close_objection(made.id, ObjectionState::Dismissed, NOW);
    closed.await.unwrap();
    assert!(house.store.visibility().await.unwrap().posts.is_empty());
    let again = house
        .store
        .object(post, ObjectionReason::Other, NOW)
        .await
        .unwrap();
    assert_eq!(again.state, ObjectionState::Dismissed);
    assert!(house.store.visibility().await.unwrap().posts.is_empty());
    let twice = house
        .store
        .close_objection(made.id, ObjectionState::Upheld, NOW);
    assert!(twice.await.is_err());
}

#[tokio::test]
async fn a_post_that_comes_back_with_the_code_in_it_is_withdrawn_and_purged() {
    let house = House::with(&[1]).await;
    let source = source(1, "forum");
    let items = || vec![item(1, "a", "zyzzyva"), reply(1, "b", "a")];
    house.put(&source, items()).await;
    let id = post(&source, "a");
    let made = house
        .store
        .object(id, ObjectionReason::Author, NOW)
        .await
        .unwrap();
    let code = house.store.objection_code(made.id);
    // Somebody else's post with the code proves nothing.
    let mut other = items();
    other[1].text.clone_from(&code);
    let done = house.put(&source, other.clone()).await;
    assert!(!done.visibility_changed);
    other[0].text = format!("please forget this {code}");
    let done = house.put(&source, other).await;
    assert!(done.visibility_changed);
    let proved = house.store.objection(made.id).await.unwrap().unwrap();
    assert_eq!(proved.state, ObjectionState::Proved);
    let last = house.store.ledger(0, 99).await.unwrap().pop().unwrap();
    assert_eq!(
        (last.fact.event, last.fact.actor),
        (LedgerEvent::Withdrawn, Actor::Objector)
    );
    purge(&house.store, NOW).await;
    assert!(house.found(&["zyzzyva", "please forget"]).is_empty());
    let back = house.put(&source, items()).await;
    assert_eq!(back.refused, 2, "all that its author wrote stays out");
}

#[tokio::test]
async fn a_member_who_leaves_is_gone_and_stays_out_and_nobody_else_is() {
    let house = House::with(&[1, 2]).await;
    let by = |network, key: &str, author: &str| Item {
        author: Some(author.into()),
        ..item(network, key, &format!("zyzzyva {network} {author} {key}"))
    };
    for network in [1, 2] {
        let items = vec![
            by(network, "a", "quokka"),
            by(network, "b", "quokka"),
            by(network, "c", "other"),
        ];
        house.put(&source(network, "forum"), items).await;
    }
    let forum = source(1, "forum");
    let gone = house
        .store
        .opt_out_author_of(post(&forum, "a"), NOW)
        .await
        .unwrap();
    assert_eq!(gone, Some(2));
    let ledger = house.store.ledger(0, 99).await.unwrap();
    let left = &ledger.last().unwrap().fact;
    assert_eq!(left.event, LedgerEvent::Withdrawn);
    assert_eq!(left.part.as_ref().unwrap().kind, PartKind::Voice);
    assert_eq!((left.posts, left.actor), (None, Actor::Objector));
    house.store.verify_ledger().await.unwrap();
    let counts = house.store.counts().await.unwrap();
    assert_eq!(counts.per_network[&forum.network].posts, 1);
    assert_eq!(
        counts.per_network[&NetworkId::from_u128(2)].posts,
        3,
        "another network knows nothing of it"
    );
    let back = house
        .put(&forum, vec![by(1, "a", "quokka"), by(1, "d", "Quokka")])
        .await;
    assert_eq!((back.stored, back.refused), (0, 2));
    purge(&house.store, NOW).await;
    assert!(house.found(&["zyzzyva 1 quokka"]).is_empty());
    assert_eq!(
        house.found(&["zyzzyva 1 other", "zyzzyva 2 quokka"]).len(),
        2
    );

    // A source that names nobody is one voice, and that is not a person.
    let unnamed = Item {
        author: None,
        ..item(1, "e", "text")
    };
    house.put(&forum, vec![unnamed]).await;
    let none = house
        .store
        .opt_out_author_of(post(&forum, "e"), NOW)
        .await
        .unwrap();
    assert_eq!(none, None);

    house
        .store
        .withdraw_network(forum.network, Actor::Owner, NOW)
        .await
        .unwrap();
    purge(&house.store, NOW).await;
    let left: i64 = query_scalar("SELECT count(*) FROM opted_out")
        .fetch_one(house.store.readers())
        .await
        .unwrap();
    assert_eq!(left, 0, "the list goes with its network");
}

#[tokio::test]
async fn an_owners_key_opens_its_own_network_only_and_a_new_one_ends_the_old() {
    let house = House::with(&[1, 2]).await;
    let (one, two) = (NetworkId::from_u128(1), NetworkId::from_u128(2));
    let store = &house.store;
    let old = store.make_owner_key(one, NOW).await.unwrap();
    assert!(store.is_owner_key(Some(one), &old).await.unwrap());
    assert!(
        store
            .is_owner_key(Some(one), &format!(" {old}\n"))
            .await
            .unwrap()
    );
    assert!(!store.is_owner_key(Some(two), &old).await.unwrap());
    assert!(!store.is_owner_key(None, &old).await.unwrap());
    assert!(!store.is_owner_key(Some(one), "").await.unwrap());
    let new = store.make_owner_key(one, NOW).await.unwrap();
    assert!(!store.is_owner_key(Some(one), &old).await.unwrap());
    assert!(house.found(&[&new, &old]).is_empty(), "only a hash is kept");

    let mut mac = <hmac::Hmac<sha2::Sha256> as hmac::Mac>::new_from_slice(
        &<sha2::Sha256 as sha2::Digest>::digest(new.as_bytes()),
    )
    .unwrap();
    hmac::Mac::update(&mut mac, b"leave");
    let signature = crate::row::hex(&hmac::Mac::finalize(mac).into_bytes());
    let signed = async |network, message, signature| {
        store
            .is_signed_by_owner(network, message, signature)
            .await
            .unwrap()
    };
    assert!(signed(one, "leave", &signature).await);
    assert!(!signed(one, "stay", &signature).await);
    assert!(!signed(two, "leave", &signature).await);
    assert!(!signed(one, "leave", "").await);

    store
        .withdraw_network(one, Actor::Owner, NOW)
        .await
        .unwrap();
    purge(store, NOW).await;
    assert!(!store.is_owner_key(Some(one), &new).await.unwrap());
}
