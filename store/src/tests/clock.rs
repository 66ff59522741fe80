//! A clock that jumps: what it left in the future is due when it has gone back, and what hangs on it waits.

use std::time::Duration;

use jiff::SignedDuration;

use super::support::*;
use crate::{ClockRecord, ExpiryClock, StoreError};

const fn hours(hours: u64) -> Duration {
    Duration::from_hours(hours)
}

#[tokio::test]
async fn after_a_clock_has_gone_back_nothing_waits_for_the_year_that_never_came() {
    let house = House::with(&[1]).await;
    let source = source(1, "forum");
    let ahead = NOW + days(200);
    house.store.record_clock(ahead, false, None).await.unwrap();
    house
        .put_at(&source, vec![item(1, "a", "said in half a year")], ahead)
        .await;
    house
        .store
        .set_due(source.id, ahead + days(1))
        .await
        .unwrap();
    assert!(house.store.due(NOW, 9).await.unwrap().is_empty());

    let mended = house.store.record_clock(NOW, false, None).await.unwrap();
    assert!(mended > 0);
    assert_eq!(house.store.due(NOW, 9).await.unwrap().len(), 1);
    let expired = house.store.expire(NOW + days(366), ExpiryClock::Confirmed);
    assert_eq!(
        expired.await.unwrap().posts,
        1,
        "its retention began when it came"
    );
    assert_eq!(house.store.record_clock(NOW, false, None).await.unwrap(), 0);
}

#[tokio::test]
async fn a_clock_that_may_be_behind_makes_nothing_old() {
    let house = House::with(&[1]).await;
    let source = source(1, "forum");
    house.store.record_clock(NOW, false, None).await.unwrap();
    house.put(&source, vec![item(1, "a", "said today")]).await;
    let grants = house.store.grants(None).await.unwrap();
    let behind = NOW - days(5000);
    house.store.record_clock(behind, true, None).await.unwrap();
    assert_eq!(house.store.grants(None).await.unwrap(), grants);
    assert_eq!(house.store.due(NOW, 9).await.unwrap().len(), 1);
    house.store.record_clock(NOW, false, None).await.unwrap();
    let expired = house.store.expire(NOW, ExpiryClock::Confirmed).await;
    assert_eq!(expired.unwrap().posts, 0);
}

#[tokio::test]
async fn by_a_clock_in_doubt_what_is_due_is_hidden_and_goes_after_a_week() {
    let house = House::with(&[1]).await;
    let source = source(1, "forum");
    house.put(&source, vec![item(1, "old", "old")]).await;
    let fresh = (0..60)
        .map(|n| item(1, &format!("new{n}"), "new"))
        .collect();
    house.put_at(&source, fresh, NOW + days(200)).await;
    let due = NOW + days(366);
    let expire = async |at| house.store.expire(at, ExpiryClock::Doubted).await;
    let waits = expire(due).await;
    assert!(
        matches!(waits, Err(StoreError::ClockDoubted { posts: 1 })),
        "{waits:?}"
    );
    assert_eq!(house.store.visibility().await.unwrap().posts.len(), 1);
    // A clock that jumps again ends nothing: only time that a process has lived through does.
    house.lives(due, 0).await;
    house.lives(due + days(100), 6).await;
    assert!(expire(due + days(100)).await.is_err());
    house.lives(due + days(100), 1).await;
    assert_eq!(expire(due + days(100)).await.unwrap().posts, 1);
}

#[tokio::test]
async fn a_doubt_is_as_long_as_processes_ran_in_it_however_the_clock_jumps() {
    let house = House::with(&[1]).await;
    let doubted = async || house.store.clock_record().await.unwrap().doubted;
    let record = async |at, passed| {
        let recorded = house.store.record_clock(at, true, passed).await;
        recorded.unwrap();
    };
    // First behind, then ahead: a doubt that was dated by the clock would be overruled at once.
    record(NOW - days(5000), None).await;
    record(NOW + days(3), Some(hours(1))).await;
    assert_eq!(doubted().await, Some(SignedDuration::from_hours(1)));
    // Another process: of what lay between no more counts than two days.
    record(NOW + days(4), None).await;
    assert_eq!(doubted().await, Some(SignedDuration::from_hours(25)));
    record(NOW + days(400), None).await;
    record(NOW, None).await;
    assert_eq!(doubted().await, Some(SignedDuration::from_hours(73)));
    house
        .store
        .record_clock(NOW + days(4), false, None)
        .await
        .unwrap();
    let expected = ClockRecord {
        newest_entry: Some(NOW),
        ran: Some(NOW + days(4)),
        doubted: None,
    };
    assert_eq!(house.store.clock_record().await.unwrap(), expected);
}

#[tokio::test]
async fn heads_signed_ahead_of_their_days_are_signed_anew_when_those_have_ended() {
    let house = House::with(&[1]).await;
    let ahead = house.store.sign_heads(NOW + days(200)).await.unwrap();
    assert!(!ahead.is_empty());
    let right = house.store.sign_heads(NOW + days(2)).await.unwrap();
    assert!(!right.is_empty(), "the days go on");
    assert!(right.iter().all(|head| head.at == NOW + days(2)));
    assert!(
        house
            .store
            .sign_heads(NOW + days(2))
            .await
            .unwrap()
            .is_empty()
    );
    let next = house.store.sign_heads(NOW + days(3)).await.unwrap();
    assert_eq!(next.len(), 1);
    house.store.verify_ledger().await.unwrap();
}
