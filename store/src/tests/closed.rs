use discover_model::ledger::{Actor, LedgerEvent, PartKind};
use discover_model::*;

use super::support::*;
use crate::{Commit, ExpiryClock, Hide};

#[tokio::test]
async fn a_closed_source_is_hidden_shown_again_and_erased_with_a_receipt_and_no_tombstone() {
    let house = House::with(&[1, 2]).await;
    let (closed, other) = (source(1, "forum"), source(2, "forum"));
    let post = PostId::derive(closed.network, closed.id, "a");
    house.put(&closed, vec![item(1, "a", "zyzzyva")]).await;
    house.put(&other, vec![item(2, "b", "keeper")]).await;
    let store = &house.store;

    let hidden = store.hide_closed(closed.id, NOW).await.unwrap();
    assert!(!hidden.shows_source(closed.network, closed.id));
    let shown = store.show_reopened(closed.id).await.unwrap().unwrap();
    assert!(shown.shows_source(closed.network, closed.id));
    assert_eq!(store.show_reopened(closed.id).await.unwrap(), None);
    assert!(store.post(post).await.unwrap().is_some());

    store.hide_closed(closed.id, NOW).await.unwrap();
    assert_eq!(store.closed_sources().await.unwrap().len(), 1);
    store.erase_closed(closed.id).await.unwrap();
    let erased = purge(store, NOW).await;
    assert_eq!(erased.len(), 1);
    assert_eq!(erased[0].posts, 1);
    let receipt = store.ledger(0, 1000).await.unwrap().pop().unwrap().fact;
    assert_eq!(
        (receipt.event, receipt.posts),
        (LedgerEvent::Purged, Some(1))
    );
    assert_eq!(receipt.part.unwrap().kind, PartKind::Source);
    assert_eq!(
        house.found(&["zyzzyva"]),
        Vec::<&str>::new(),
        "no byte is left"
    );
    assert!(
        store
            .post(PostId::derive(other.network, other.id, "b"))
            .await
            .unwrap()
            .is_some()
    );

    // Open again, it is read again.
    assert!(store.show_reopened(closed.id).await.unwrap().is_some());
    let back = house.put(&closed, vec![item(1, "a", "zyzzyva")]).await;
    assert_eq!((back.stored, back.refused), (1, 0));
}

#[tokio::test]
async fn what_a_source_took_down_may_come_back_and_what_its_owner_withdrew_may_not() {
    let house = House::with(&[1]).await;
    let source = source(1, "forum");
    let id = |key: &str| PostId::derive(source.network, source.id, key);
    house
        .put(
            &source,
            vec![
                item(1, "a", "one"),
                item(1, "b", "two"),
                item(1, "c", "three"),
            ],
        )
        .await;
    let gone = Commit {
        gone: vec![id("a")],
        ..Commit::new(&source)
    };
    house.store.commit(gone, NOW).await.unwrap();
    let objected = [id("b")];
    house
        .store
        .take_back(source.network, &objected, Refusal::Objected, NOW)
        .await
        .unwrap();
    house
        .store
        .expire(NOW + days(800), ExpiryClock::Confirmed)
        .await
        .unwrap();
    let down = house.store.taken_down(source.network).await.unwrap();
    assert_eq!(down.into_iter().collect::<Vec<_>>(), [id("a")]);
    let barred = house.store.taken_back(source.network).await.unwrap();
    assert_eq!(barred.get(&id("b")), Some(&Refusal::Objected));
    assert_eq!(barred.get(&id("c")), Some(&Refusal::TooOld));
    assert_eq!(barred.get(&id("a")), None);
    let again = house
        .put(
            &source,
            vec![
                item(1, "a", "one"),
                item(1, "b", "two"),
                item(1, "c", "three"),
            ],
        )
        .await;
    assert_eq!((again.stored, again.refused), (1, 2));
    assert!(
        house
            .store
            .taken_down(source.network)
            .await
            .unwrap()
            .is_empty()
    );
}

#[tokio::test]
async fn a_source_that_left_the_registry_is_known_as_such_and_may_come_back() {
    let house = House::with(&[1, 2]).await;
    let (one, two) = (source(1, "forum"), source(2, "forum"));
    let store = &house.store;
    let both = [one.id, two.id].into();
    store.set_declared(&both).await.unwrap();
    assert!(store.no_longer_declared(&both).await.unwrap().is_empty());
    let rest = [two.id].into();
    assert_eq!(store.no_longer_declared(&rest).await.unwrap()[0].id, one.id);
    store.set_declared(&rest).await.unwrap();
    assert_eq!(store.left_sources().await.unwrap()[0].id, one.id);
    let due = store.due_forced(NOW, 9).await.unwrap();
    let left: Vec<SourceId> = due
        .iter()
        .filter(|due| due.left)
        .map(|due| due.source.id)
        .collect();
    assert_eq!(left, [one.id]);
    store.set_declared(&both).await.unwrap();
    assert!(store.left_sources().await.unwrap().is_empty());
}

#[tokio::test]
async fn an_owner_who_withdraws_a_source_that_was_erased_as_closed_is_obeyed() {
    let house = House::with(&[1]).await;
    let source = source(1, "forum");
    house.put(&source, vec![item(1, "a", "zyzzyva")]).await;
    let store = &house.store;
    store.hide_closed(source.id, NOW).await.unwrap();
    store.erase_closed(source.id).await.unwrap();
    purge(store, NOW).await;
    // A visit that began before brings something meanwhile.
    house.put(&source, vec![item(1, "b", "yarrow")]).await;
    store
        .withdraw_part(&Hide::Source(source.id), Actor::Owner, NOW)
        .await
        .unwrap();
    purge(store, NOW).await;
    assert!(house.found(&["zyzzyva", "yarrow"]).is_empty());
    assert_eq!(house.put(&source, vec![item(1, "c", "x")]).await.stored, 0);
}
