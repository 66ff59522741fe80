//! Commit order is sequence order: who reads "after my last" misses nothing, whichever commit is late.

use std::collections::BTreeSet;
use std::time::Duration;

use discover_model::*;

use super::support::*;
use crate::{Commit, change_log};

fn conversation(number: u128) -> ConversationId {
    ConversationId::from_u128(number)
}

#[tokio::test]
async fn a_late_commit_is_not_overtaken_in_the_change_log() {
    let house = House::with(&[1, 2]).await;
    let other = house.another().await;
    let before = house.store.last_seq().await.unwrap();
    let mut late = house.store.write().await.unwrap();
    let network = NetworkId::from_u128(1);
    change_log::gone(late.connection(), network, &[conversation(1)])
        .await
        .unwrap();
    // Another process, which would be done first.
    let quick = tokio::spawn(async move {
        let source = source(2, "forum");
        let posts = vec![House::admitted(&source, item(2, "a", "quick"), NOW)];
        let commit = Commit {
            posts,
            ..Commit::new(&source)
        };
        other.commit(commit, NOW).await.unwrap().seq
    });
    tokio::time::sleep(Duration::from_millis(300)).await;
    let seen = house.store.changes(before, 9).await.unwrap();
    assert!(seen.is_empty(), "{seen:?}");
    late.finish(Ok(())).await.unwrap();
    let quick = quick.await.unwrap();
    let seen = house.store.changes(before, 9).await.unwrap();
    assert_eq!(seen.len(), 2);
    assert_eq!(seen[0].conversation, conversation(1));
    assert_eq!(seen[1].seq, quick);
    assert!(seen[0].seq < seen[1].seq);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_reader_beside_many_writers_meets_every_change_in_order() {
    const WRITERS: u128 = 4;
    const EACH: u128 = 12;
    let house = House::with(&[1]).await;
    let from = house.store.last_seq().await.unwrap();
    let mut writers = Vec::new();
    for writer in 0..WRITERS {
        let store = house.another().await;
        writers.push(tokio::spawn(async move {
            for n in 0..EACH {
                let number = 1 + writer * EACH + n;
                let mut open = store.write().await.unwrap();
                let network = NetworkId::from_u128(1);
                change_log::gone(open.connection(), network, &[conversation(number)])
                    .await
                    .unwrap();
                // The number is taken; the commit is late.
                tokio::time::sleep(Duration::from_millis(u64::from(number as u32 * 7 % 5))).await;
                open.finish(Ok(())).await.unwrap();
            }
        }));
    }
    let (mut last, mut met) = (from, BTreeSet::new());
    while met.len() < (WRITERS * EACH) as usize {
        let done = writers.iter().all(tokio::task::JoinHandle::is_finished);
        let changes = house.store.changes(last, 3).await.unwrap();
        assert!(!done || !changes.is_empty(), "missed: {} met", met.len());
        for change in changes {
            assert!(change.seq > last);
            last = change.seq;
            met.insert(change.conversation);
        }
        tokio::time::sleep(Duration::from_millis(1)).await;
    }
    for writer in writers {
        writer.await.unwrap();
    }
}
