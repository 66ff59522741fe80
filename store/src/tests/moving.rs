//! A store that moves from a folder to a server and back.

use discover_model::ledger::Actor;

use super::support::*;
use crate::{Hide, Store};

#[tokio::test]
async fn a_store_moves_to_postgres_and_back_as_it_was() {
    let fresh = tempfile::tempdir().unwrap();
    let Some(address) = address_of(fresh.path()).await else {
        eprintln!("skipped: DISCOVER_TEST_POSTGRES names no server");
        return;
    };
    let dir = tempfile::tempdir().unwrap();
    let store = Store::open(dir.path(), zone()).await.unwrap();
    let house = House { dir, store };
    house.register(1).await;
    house.register(2).await;
    let forum = source(1, "forum");
    house
        .put(
            &forum,
            vec![item(1, "a", "Größe \u{1f98a}"), reply(1, "b", "a")],
        )
        .await;
    house
        .put(&source(2, "forum"), vec![item(2, "c", "text")])
        .await;
    let hide = Hide::Path {
        network: forum.network,
        origin: origin(1),
        prefix: "/x/".into(),
    };
    let withdrawn = house.store.withdraw_part(&hide, Actor::Owner, NOW);
    withdrawn.await.unwrap();
    let ids = house.store.conversation_ids(None, 99).await.unwrap();
    let held = house.store.conversations(&ids).await.unwrap();
    let visibility = house.store.visibility().await.unwrap();
    let ledger = house.store.ledger(0, 99).await.unwrap();
    assert!(held.len() == 2 && ledger.len() == 3);

    house.store.copy_to_postgres(&address).await.unwrap();
    let twice = house.store.copy_to_postgres(&address).await.unwrap_err();
    assert!(twice.to_string().contains("already"), "{twice}");
    let there = Store::open_on_postgres(house.dir.path(), zone(), &address)
        .await
        .unwrap();
    let back = house.dir.path().join("back");
    there.backup(&back).await.unwrap();
    let back = Store::open(&back, zone()).await.unwrap();
    for store in [&there, &back] {
        assert_eq!(store.conversation_ids(None, 99).await.unwrap(), ids);
        assert_eq!(store.conversations(&ids).await.unwrap(), held);
        assert_eq!(store.visibility().await.unwrap(), visibility);
        assert_eq!(store.ledger(0, 99).await.unwrap(), ledger);
        store.integrity_check().await.unwrap();
        // Numbers go on where they were.
        let posts = vec![House::admitted(&forum, item(1, "new", "more"), NOW)];
        let commit = crate::Commit {
            posts,
            ..crate::Commit::new(&forum)
        };
        assert_eq!(store.commit(commit, NOW).await.unwrap().stored, 1);
    }
}
