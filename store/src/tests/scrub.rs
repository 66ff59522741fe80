//! The cleaning of the files: nothing of what went is left, nothing else changes, and others write meanwhile.

use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use discover_model::ledger::Actor;
use discover_model::{ConversationId, NetworkId};

use super::support::*;
use crate::database::query;
use crate::{ExpiryClock, scrub};

/// Texts of very different lengths, each with a word of its network.
fn text(network: u128, number: usize) -> String {
    let word = ["zyzzyva", "quokka"][network as usize - 1];
    format!("{word} stays or goes ").repeat(1 + number * 7 % 60)
}

/// Two networks that wrote in turns and in no order, so that pages hold rows of both, and rows moved when pages were split.
async fn mixed(posts: usize) -> House {
    let house = House::with(&[1, 2]).await;
    for begin in (0..posts).step_by(20) {
        for network in [1, 2] {
            let items = (begin..begin + 20).map(|n| {
                item(
                    network,
                    &format!("{}-{n}", n * 7919 % 1000),
                    &text(network, n),
                )
            });
            house.put(&source(network, "forum"), items.collect()).await;
        }
    }
    house
}

async fn held(house: &House, network: u128) -> Vec<discover_model::Conversation> {
    let network = NetworkId::from_u128(network);
    let ids: Vec<ConversationId> = house
        .store
        .network_conversations(network, None, 9999)
        .await
        .unwrap();
    house.store.conversations(&ids).await.unwrap()
}

/// A table that is filled in no order, so that its pages are split in the middle, and half of which is deleted then.
async fn rows_that_moved(house: &House) {
    let mut writer = house.store.write().await.unwrap();
    let result = async {
        let connection = writer.connection();
        query("CREATE TABLE moved (row INTEGER PRIMARY KEY, text TEXT) STRICT")
            .execute(&mut *connection)
            .await?;
        for n in 0..2000_i64 {
            let row = n * 7919 % 2000;
            let word = ["zyzzyva ", "quokka "][(row / 2 % 2) as usize];
            query("INSERT INTO moved VALUES (?, ?)")
                .bind(row)
                .bind(word.repeat(1 + (row * 7 % 60) as usize))
                .execute(&mut *connection)
                .await?;
        }
        query("DELETE FROM moved WHERE text LIKE 'zyzzyva%'")
            .execute(connection)
            .await?;
        Ok(())
    }
    .await;
    writer.finish(result).await.unwrap();
}

async fn withdraw(house: &House, network: u128) {
    let network = NetworkId::from_u128(network);
    house
        .store
        .withdraw_network(network, Actor::Owner, NOW)
        .await
        .unwrap();
}

#[tokio::test]
async fn remains_of_rows_that_moved_go_and_nothing_else_does() {
    if on_postgres("pages are SQLite's") {
        return;
    }
    let house = mixed(400).await;
    let before = held(&house, 2).await;
    rows_that_moved(&house).await;
    withdraw(&house, 1).await;
    while house.store.erase_once(NOW).await.unwrap() {}
    {
        let mut guard = house.store.idle_writer().await.unwrap();
        assert!(scrub::fold_log(&mut guard.connection).await.unwrap());
    }
    assert_eq!(house.found(&["zyzzyva"]), ["zyzzyva"], "rows left remains");
    purge(&house.store, NOW).await;
    assert_eq!(house.found(&["zyzzyva"]), Vec::<&str>::new());
    house.store.integrity_check().await.unwrap();
    assert_eq!(held(&house, 2).await, before);
    // The writer works on with pages as they are now.
    let more = (0..200).map(|n| item(2, &format!("more{n}"), &text(2, n)));
    house.put(&source(2, "forum"), more.collect()).await;
    assert_eq!(held(&house, 2).await.len(), before.len() + 200);
    assert_eq!(house.found(&["zyzzyva"]), Vec::<&str>::new());
    house.store.integrity_check().await.unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 3)]
async fn others_write_and_read_while_the_file_is_cleaned() {
    if on_postgres("pages are SQLite's") {
        return;
    }
    let house = mixed(800).await;
    let before = held(&house, 2).await.len();
    withdraw(&house, 1).await;
    while house.store.erase_once(NOW).await.unwrap() {}
    let (over, commits) = (AtomicBool::new(false), AtomicUsize::new(0));
    let writes = async {
        while !over.load(Ordering::Relaxed) {
            let n = commits.load(Ordering::Relaxed);
            let one = item(2, &format!("later{n}"), &text(2, n));
            house.put(&source(2, "forum"), vec![one]).await;
            commits.fetch_add(1, Ordering::Relaxed);
            house.store.counts().await.unwrap();
        }
    };
    let purges = async {
        while commits.load(Ordering::Relaxed) == 0 {
            tokio::task::yield_now().await;
        }
        let begun = commits.load(Ordering::Relaxed);
        purge(&house.store, NOW).await;
        let written = commits.load(Ordering::Relaxed) - begun;
        over.store(true, Ordering::Relaxed);
        written
    };
    let (written, ()) = tokio::join!(purges, writes);
    assert!(written >= 2, "{written} commits while the file was cleaned");
    assert_eq!(house.found(&["zyzzyva"]), Vec::<&str>::new());
    assert_eq!(
        held(&house, 2).await.len(),
        before + commits.load(Ordering::Relaxed)
    );
    house.store.integrity_check().await.unwrap();
}

#[tokio::test]
async fn what_expired_was_edited_or_deleted_is_in_no_byte_a_day_later() {
    let house = House::with(&[1]).await;
    let forum = source(1, "forum");
    house
        .put(
            &forum,
            vec![
                item(1, "a", "narwhalic words that expire"),
                item(1, "b", "okapish words that are edited"),
            ],
        )
        .await;
    house.put(&forum, vec![item(1, "b", "other words")]).await;
    let later = NOW + days(366);
    house
        .store
        .expire(later, ExpiryClock::Confirmed)
        .await
        .unwrap();
    let words = ["narwhalic", "okapish"];
    assert_eq!(house.found(&words), words, "in the log at least");
    let since = house.store.remains(later + days(1)).await.unwrap().unwrap();
    assert!(purge(&house.store, later + days(1)).await.is_empty());
    assert_eq!(house.found(&words), Vec::<&str>::new());
    // Said to be so by whoever cleaned what was derived.
    house.store.forget_remains(since).await.unwrap();
    assert_eq!(house.store.remains(later + days(9)).await.unwrap(), None);
}
