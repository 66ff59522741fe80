use discover_model::ledger::Actor;
use discover_model::*;

use super::support::*;
use crate::database::query;
use crate::{Commit, ExpiryClock, FILE, Hide, Store, StoreError};

#[tokio::test]
async fn a_full_disk_is_told_loses_nothing_and_does_not_last() {
    if on_postgres("it bounds the file") {
        return;
    }
    let house = House::with(&[1]).await;
    let source = source(1, "forum");
    house.put(&source, vec![item(1, "a", "kept")]).await;
    let limit = async |pages: &'static str| {
        let mut guard = house.store.idle_writer().await.unwrap();
        query(pages).execute(&mut guard.connection).await.unwrap();
    };
    limit("PRAGMA max_page_count = 1").await;
    let posts = (0..50)
        .map(|n| {
            House::admitted(
                &source,
                item(1, &format!("b{n}"), &"big ".repeat(2000)),
                NOW,
            )
        })
        .collect();
    let commit = Commit {
        posts,
        state_json: Some("{\"ahead\":true}".into()),
        ..Commit::new(&source)
    };
    let full = house.store.commit(commit, NOW).await.unwrap_err();
    assert!(matches!(full, StoreError::DiskFull { .. }), "{full:?}");
    assert!(full.to_string().contains("free some space"), "{full}");
    assert!(
        full.to_string()
            .contains(&house.dir.path().display().to_string())
    );
    assert_eq!(house.store.counts().await.unwrap().posts, 1);
    limit("PRAGMA max_page_count = 1000000").await;
    assert_eq!(
        house.put(&source, vec![item(1, "c", "again")]).await.stored,
        1
    );
    let due = house.store.due(NOW, 9).await.unwrap();
    assert_eq!(due[0].state_json, "{}");
    house.store.integrity_check().await.unwrap();
}

#[tokio::test]
async fn a_store_opened_for_reading_says_so_when_it_is_asked_to_write() {
    let house = House::with(&[1]).await;
    house
        .put(&source(1, "forum"), vec![item(1, "a", "text")])
        .await;
    // Beside a running writer.
    let store = open_read_only(house.dir.path()).await.unwrap();
    assert_eq!(store.counts().await.unwrap().posts, 1);
    let refused = store
        .hide(
            &Hide::Network(NetworkId::from_u128(1)),
            Refusal::Objected,
            NOW,
        )
        .await
        .unwrap_err();
    assert!(matches!(refused, StoreError::ReadOnly { .. }));
    house
        .put(&source(1, "forum"), vec![item(1, "b", "text")])
        .await;
    assert_eq!(store.counts().await.unwrap().posts, 2);
    let empty = tempfile::tempdir().unwrap();
    let none = open_read_only(empty.path()).await.unwrap_err();
    assert!(matches!(none, StoreError::NotThere { .. }));
    assert_eq!(std::fs::read_dir(empty.path()).unwrap().count(), 0);
}

#[tokio::test]
async fn a_store_of_a_newer_version_is_refused_by_name() {
    let house = House::with(&[1]).await;
    let mut writer = house.store.write().await.unwrap();
    let result = query(
        "INSERT INTO _sqlx_migrations (version, description, success, checksum, execution_time)
         VALUES (99, 'later', true, unhex('00'), 0)",
    )
    .execute(writer.connection())
    .await
    .map_err(StoreError::from);
    writer.finish(result).await.unwrap();
    for opened in [
        open(house.dir.path()).await,
        open_read_only(house.dir.path()).await,
    ] {
        let error = opened.unwrap_err();
        assert!(
            matches!(error, StoreError::Newer { found: 99, .. }),
            "{error:?}"
        );
        assert!(error.to_string().contains("newer discover"));
    }
}

#[tokio::test]
async fn a_damaged_file_is_told_apart_from_an_empty_one() {
    if on_postgres("it damages the file") {
        return;
    }
    let dir = tempfile::tempdir().unwrap();
    std::fs::write(
        dir.path().join(FILE),
        "this is no database, it is a letter".repeat(99),
    )
    .unwrap();
    let keyless = open(dir.path()).await.unwrap_err();
    assert!(matches!(keyless, StoreError::NoKey { .. }), "{keyless:?}");
    std::fs::write(dir.path().join("instance.key"), "ab".repeat(32)).unwrap();
    let error = open(dir.path()).await.unwrap_err();
    assert!(matches!(error, StoreError::Corrupt { .. }), "{error:?}");
    assert!(error.to_string().contains("restore"));

    let house = House::with(&[1]).await;
    let items = (0..200)
        .map(|n| item(1, &format!("{n}"), &"word ".repeat(50)))
        .collect();
    house.put(&source(1, "forum"), items).await;
    house.store.close().await;
    let path = house.dir.path().join(FILE);
    let mut bytes = std::fs::read(&path).unwrap();
    // Page headers and cell pointers of the middle of the file.
    for page in 10..bytes.len() / 4096 - 2 {
        bytes[page * 4096..page * 4096 + 64].fill(0xa5);
    }
    std::fs::write(&path, bytes).unwrap();
    if let Ok(store) = open(house.dir.path()).await {
        let found = store.quick_check().await.unwrap_err();
        assert!(matches!(found, StoreError::Corrupt { .. }), "{found:?}");
    }
}

#[tokio::test]
async fn a_cancelled_call_leaves_nothing_open() {
    let house = House::with(&[1]).await;
    let source = source(1, "forum");
    for polls in 1..40 {
        let posts = vec![House::admitted(&source, item(1, "a", "text"), NOW)];
        let commit = Commit {
            posts,
            ..Commit::new(&source)
        };
        let mut call = Box::pin(house.store.commit(commit, NOW));
        for _ in 0..polls {
            let one = std::time::Duration::from_micros(40);
            if tokio::time::timeout(one, &mut call).await.is_ok() {
                break;
            }
        }
    }
    assert_eq!(
        house.put(&source, vec![item(1, "b", "text")]).await.stored,
        1
    );
    let counts = house.store.counts().await.unwrap();
    assert!((1..=2).contains(&counts.posts));
    house.store.integrity_check().await.unwrap();
}

#[tokio::test]
async fn what_returned_is_there_after_the_process_is_gone() {
    if on_postgres("it copies the file") {
        return;
    }
    let house = House::with(&[1]).await;
    let source = source(1, "forum");
    let done = house.put(&source, vec![item(1, "a", "text")]).await;
    house
        .store
        .withdraw_network(source.network, Actor::Owner, NOW)
        .await
        .unwrap();
    // The files as they are now, without any closing.
    let copy = tempfile::tempdir().unwrap();
    for entry in std::fs::read_dir(house.dir.path()).unwrap() {
        let entry = entry.unwrap();
        if entry
            .path()
            .extension()
            .is_some_and(|end| end == "sqlite3-shm")
        {
            continue;
        }
        std::fs::copy(entry.path(), copy.path().join(entry.file_name())).unwrap();
    }
    let store = open(copy.path()).await.unwrap();
    assert_eq!(store.last_seq().await.unwrap(), done.seq);
    assert!(
        !store
            .visibility()
            .await
            .unwrap()
            .shows_network(source.network)
    );
    store.verify_ledger().await.unwrap();
}

#[tokio::test]
async fn keys_are_for_the_owner_only_and_labels_differ() {
    let house = House::with(&[]).await;
    let store = &house.store;
    assert_ne!(store.sub_key("a"), store.sub_key("b"));
    assert_ne!(store.sub_key("a"), store.instance_key());
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let key = std::fs::metadata(house.dir.path().join("instance.key")).unwrap();
        assert_eq!(key.permissions().mode() & 0o777, 0o600);
    }
    std::fs::write(house.dir.path().join("instance.key"), "short").unwrap();
    let error = open(house.dir.path()).await.unwrap_err();
    assert!(matches!(error, StoreError::BadKey { .. }));
}

/// Handlers run on many threads: what they wait for must be able to move.
#[test]
fn every_kind_of_call_can_move_between_threads() {
    fn moves<T: Send>(_: impl FnOnce(Store) -> T) {}
    moves(|store| async move { store.conversations(&[]).await.is_ok() });
    moves(|store| async move { store.erase(NOW).await.is_ok() });
    moves(|store| async move { store.expire(NOW, ExpiryClock::Trusted).await.is_ok() });
    moves(|store| async move { store.consent_proof(PostId::from_u128(1)).await.is_ok() });
    moves(|store| async move {
        let source = source(1, "forum");
        store.commit(Commit::new(&source), NOW).await.is_ok()
    });
    moves(|_| async move { Store::open(std::path::Path::new("x"), zone()).await.is_ok() });
}

/// On a file system of some 32 MiB that is named in `DISCOVER_SMALL_DISK`.
#[tokio::test]
#[ignore = "needs a small file system of its own"]
async fn a_withdrawal_gets_through_on_a_disk_that_is_really_full() {
    let small = std::env::var("DISCOVER_SMALL_DISK").unwrap();
    let dir = tempfile::tempdir_in(small).unwrap();
    let store = open(dir.path()).await.unwrap();
    let house = House { dir, store };
    house.register(1).await;
    let source = source(1, "forum");
    let mut stored = 0;
    let full = loop {
        let posts = (0..50)
            .map(|n| {
                item(
                    1,
                    &format!("{stored}-{n}"),
                    &format!("zyzzyva {}", "x ".repeat(5000)),
                )
            })
            .map(|item| House::admitted(&source, item, NOW))
            .collect();
        let commit = Commit {
            posts,
            ..Commit::new(&source)
        };
        match house.store.commit(commit, NOW).await {
            Ok(done) => stored += done.stored,
            Err(error) => break error,
        }
    };
    assert!(matches!(full, StoreError::DiskFull { .. }), "{full:?}");
    // The last byte, too.
    let rest = house.dir.path().join("rest");
    let mut file = std::fs::File::create(&rest).unwrap();
    while std::io::Write::write_all(&mut file, &[1; 4096]).is_ok() {}
    assert_eq!(house.store.counts().await.unwrap().posts, stored);
    let visibility = house
        .store
        .withdraw_network(source.network, Actor::Owner, NOW)
        .await
        .unwrap();
    assert!(!visibility.shows_network(source.network));
    std::fs::remove_file(&rest).unwrap();
    let purged = purge(&house.store, NOW).await;
    assert_eq!(purged[0].posts, stored);
    assert!(house.found(&["zyzzyva", "site1.example"]).is_empty());
    house.store.integrity_check().await.unwrap();
}
