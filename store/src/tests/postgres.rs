//! What holds on PostgreSQL alone. Without a server (`DISCOVER_TEST_POSTGRES`) each of these says that it was skipped.

use std::path::Path;
use std::time::Duration;

use discover_model::ledger::Actor;
use discover_model::{NetworkId, Refusal};

use super::support::*;
use crate::database::{Connection, postgres, postgres_bytes, query, query_scalar};
use crate::{BUSY, Commit, Store, StoreError};

fn skipped() -> bool {
    let skipped = !is_on_postgres();
    if skipped {
        eprintln!("skipped: DISCOVER_TEST_POSTGRES names no server");
    }
    skipped
}

/// A connection of the test's own to the database of a folder.
async fn beside(dir: &Path) -> Connection {
    let address = address_of(dir).await.unwrap();
    let connected = postgres::connect(&address, BUSY).await;
    connected.map(Connection::Postgres).unwrap()
}

async fn withdraw(house: &House, network: u128) {
    let network = NetworkId::from_u128(network);
    let withdrawn = house.store.withdraw_network(network, Actor::Owner, NOW);
    withdrawn.await.unwrap();
}

#[tokio::test]
async fn a_database_is_written_by_one_process_alone() {
    if skipped() {
        return;
    }
    let dir = tempfile::tempdir().unwrap();
    let address = address_of(dir.path()).await.unwrap();
    let open = async || Store::open_on_postgres(dir.path(), zone(), &address).await;
    let first = open().await.unwrap();
    let refused = open().await.unwrap_err();
    assert!(matches!(refused, StoreError::Taken { .. }), "{refused}");
    let reader = Store::open_read_only_on_postgres(dir.path(), zone(), &address);
    reader.await.unwrap();
    first.close().await;
    drop(first);
    let mut again = open().await;
    for _ in 0..50 {
        if again.is_ok() {
            break;
        }
        // The server notices the end of a connection by itself.
        tokio::time::sleep(Duration::from_millis(100)).await;
        again = open().await;
    }
    again.unwrap();
}

#[tokio::test]
async fn connections_that_the_server_ended_are_made_anew_by_the_next_write_and_read() {
    if skipped() {
        return;
    }
    let house = House::with(&[1]).await;
    let mut other = beside(house.dir.path()).await;
    cut_and(&mut other, "SELECT 1").await;
    let done = house
        .put(&source(1, "forum"), vec![item(1, "a", "text")])
        .await;
    assert_eq!(done.stored, 1);
    assert_eq!(house.store.counts().await.unwrap().posts, 1);
}

/// Ends every connection to the database, of the process too, then does this.
async fn cut_and(other: &mut Connection, sql: &str) {
    run(
        other,
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
            .to_owned(),
    )
    .await;
    run(other, sql.to_owned()).await;
}

#[tokio::test]
async fn after_a_cut_nothing_is_written_where_another_had_the_database_or_it_is_an_older_copy() {
    if skipped() {
        return;
    }
    let another_took_it = "UPDATE meta SET value = value + 1 WHERE name = 'process'";
    let older = "ALTER TABLE ledger DISABLE TRIGGER ALL";
    for (sql, is_older) in [
        ("SELECT 1", None),
        (another_took_it, Some(false)),
        (older, Some(true)),
    ] {
        let house = House::with(&[1]).await;
        house.store.close().await;
        let address = address_of(house.dir.path()).await.unwrap();
        let store = Store::open_on_postgres(house.dir.path(), zone(), &address);
        let store = store.await.unwrap();
        let mut other = beside(house.dir.path()).await;
        cut_and(&mut other, sql).await;
        if is_older == Some(true) {
            let last = "DELETE FROM ledger WHERE seq = (SELECT max(seq) FROM ledger)";
            run(&mut other, last.to_owned()).await;
        }
        let written = store.begin_proof_epoch(NOW).await;
        match (is_older, written) {
            (None, Ok(())) => {}
            (Some(false), Err(StoreError::Taken { .. }))
            | (Some(true), Err(StoreError::Behind { .. })) => assert!(store.is_stopped()),
            (_, other) => panic!("{sql}: {other:?}"),
        }
    }
}

#[tokio::test]
async fn a_table_of_somebody_else_in_the_same_schema_stops_no_purge() {
    if skipped() {
        return;
    }
    let house = House::with(&[1]).await;
    let mut other = beside(house.dir.path()).await;
    let table = "CREATE TABLE \"Order\" (\"Text\" text)".to_owned();
    run(&mut other, table).await;
    house
        .put(&source(1, "forum"), vec![item(1, "a", "numbatish")])
        .await;
    withdraw(&house, 1).await;
    assert_eq!(purge(&house.store, NOW).await.len(), 1);
    assert!(house.found(&["numbatish"]).is_empty());
}

#[tokio::test]
async fn the_planner_keeps_no_sample_of_what_is_held() {
    if skipped() {
        return;
    }
    let house = House::with(&[1, 2]).await;
    for network in [1, 2] {
        let items = (0..50).map(|n| item(network, &format!("k{n}"), &format!("words {n}")));
        house.put(&source(network, "forum"), items.collect()).await;
    }
    let mut other = beside(house.dir.path()).await;
    run(&mut other, "ANALYZE".to_owned()).await;
    let sampled: Vec<String> = query_scalar(
        "SELECT DISTINCT attname::text FROM pg_stats WHERE schemaname = current_schema() AND tablename = 'posts'
         ORDER BY attname::text",
    )
    .fetch_all(&mut other)
    .await
    .unwrap();
    assert!(sampled.contains(&"published".to_owned()), "{sampled:?}");
    for column in ["text", "title", "url", "voice", "post_id"] {
        assert!(!sampled.contains(&column.to_owned()), "{column}");
    }
}

#[tokio::test]
async fn a_purge_waits_for_a_reader_that_still_sees_what_went() {
    if skipped() {
        return;
    }
    let house = House::with(&[1]).await;
    house
        .put(&source(1, "forum"), vec![item(1, "a", "numbatish")])
        .await;
    let mut reader = beside(house.dir.path()).await;
    run(
        &mut reader,
        "BEGIN ISOLATION LEVEL REPEATABLE READ".to_owned(),
    )
    .await;
    let count = "SELECT count(*) FROM posts";
    let _: i64 = query_scalar(count).fetch_one(&mut reader).await.unwrap();
    withdraw(&house, 1).await;
    let store = house.store.clone();
    let purged = tokio::spawn(async move { purge(&store, NOW).await.len() });
    tokio::time::sleep(Duration::from_millis(700)).await;
    assert!(!purged.is_finished());
    query("COMMIT").execute(&mut reader).await.unwrap();
    assert_eq!(purged.await.unwrap(), 1);
    assert!(house.found(&["numbatish"]).is_empty());
}

#[tokio::test]
async fn whatever_was_deleted_is_in_no_byte_a_day_later() {
    if skipped() {
        return;
    }
    let house = House::with(&[1]).await;
    purge(&house.store, NOW).await;
    let forum = source(1, "forum");
    let commit = Commit {
        refusals: vec![(Refusal::Held, "https://site1.example/potorooish".into())],
        ..Commit::new(&forum)
    };
    house.store.commit(commit, NOW).await.unwrap();
    // A row that nobody notes the end of: the list of what was refused is short.
    let mut writer = house.store.write().await.unwrap();
    let done = query("DELETE FROM refusals")
        .execute(writer.connection())
        .await;
    writer
        .finish(done.map(|_| ()).map_err(StoreError::from))
        .await
        .unwrap();
    purge(&house.store, NOW).await;
    assert!(!house.found(&["potorooish"]).is_empty());
    purge(&house.store, NOW + days(1)).await;
    assert!(house.found(&["potorooish"]).is_empty());
}

#[tokio::test]
async fn the_servers_log_holds_no_byte_of_what_was_purged_where_it_lets_go_of_it() {
    if skipped() {
        return;
    }
    let house = House::with(&[1]).await;
    let mut other = beside(house.dir.path()).await;
    let keeps = postgres_bytes::log_keeps(&mut other).await.unwrap();
    if !keeps.is_empty() {
        assert!(std::env::var_os("CI").is_none(), "{keeps:?}");
        eprintln!("skipped: {keeps:?}");
        return;
    }
    let folder: String = query_scalar("SELECT current_setting('data_directory') || '/pg_wal'")
        .fetch_one(&mut other)
        .await
        .unwrap();
    // Of this test alone: others write to the same log.
    let word = format!("bilby{}", std::process::id());
    let logged = || {
        let files = std::fs::read_dir(&folder).unwrap();
        let read = files.filter_map(|file| std::fs::read(file.unwrap().path()).ok());
        let mut read = read.map(|bytes| String::from_utf8_lossy(&bytes).contains(&word));
        read.any(|found| found)
    };
    house
        .put(&source(1, "forum"), vec![item(1, "a", &word)])
        .await;
    assert!(logged());
    withdraw(&house, 1).await;
    purge(&house.store, NOW).await;
    assert!(!logged());
}
