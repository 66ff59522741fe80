use discover_model::grant::GrantState;
use discover_model::ledger::{Actor, LedgerEvent};
use discover_model::network::NetworkState;
use discover_model::*;
use jiff::civil::date;
use jiff::{SignedDuration, Timestamp};

use super::support::*;
use crate::{Commit, Finished, StoreError};

fn finish(at: Timestamp, ok: bool) -> Finished {
    Finished {
        next_due: at + SignedDuration::from_hours(1),
        health_json: "{\"ok\":1}".into(),
        fetched_at: at,
        ok,
    }
}

#[tokio::test]
async fn two_workers_never_get_the_same_source() {
    let house = House::with(&[1, 2, 3]).await;
    let (a, b) = tokio::join!(house.store.due(NOW, 2), house.store.due(NOW, 2));
    let (a, b) = (a.unwrap(), b.unwrap());
    assert_eq!((a.len(), b.len()), (2, 1));
    assert!(house.store.due(NOW, 9).await.unwrap().is_empty());
    // A visit that goes on keeps its lease; one that fell silent loses it.
    let later = NOW + SignedDuration::from_mins(20);
    let going_on = Commit {
        fence: Some(b[0].fence),
        ..Commit::new(&b[0].source)
    };
    house.store.commit(going_on, later).await.unwrap();
    let late = NOW + SignedDuration::from_mins(40);
    let again = house.store.due(late, 9).await.unwrap();
    assert_eq!(again.len(), 2);
    let asleep = Commit {
        fence: Some(a[0].fence),
        ..Commit::new(&a[0].source)
    };
    let woken = house.store.commit(asleep, late).await;
    assert!(matches!(woken, Err(StoreError::LeaseLost { .. })));
    let end = Commit {
        fence: Some(b[0].fence),
        finish: Some(finish(late, true)),
        ..Commit::new(&b[0].source)
    };
    house.store.commit(end, late).await.unwrap();
    let next = house.store.next_due(late).await.unwrap();
    assert_eq!(next, Some(late + SignedDuration::from_mins(30)));
    assert_eq!(house.store.due_forced(late, 9).await.unwrap().len(), 1);
}

#[tokio::test]
async fn news_bring_the_next_visit_forward_but_never_close_behind_the_last() {
    let house = House::with(&[1]).await;
    let source = source(1, "forum");
    let rest = SignedDuration::from_mins(10);
    let end = Commit {
        finish: Some(finish(NOW, true)),
        ..Commit::new(&source)
    };
    house.store.commit(end, NOW).await.unwrap();
    let due = async || house.store.next_due(NOW).await.unwrap();
    assert_eq!(due().await, Some(NOW + SignedDuration::from_hours(1)));
    let heard = |minutes| {
        let now = NOW + SignedDuration::from_mins(minutes);
        house.store.bring_forward(source.id, rest, now)
    };
    heard(30).await.unwrap();
    assert_eq!(due().await, Some(NOW + SignedDuration::from_mins(30)));
    heard(1).await.unwrap();
    assert_eq!(due().await, Some(NOW + rest), "a hub cannot make us hasty");
    heard(40).await.unwrap();
    assert_eq!(due().await, Some(NOW + rest), "what is due stays due");
}

#[tokio::test]
async fn a_source_that_is_stopped_or_has_left_is_followed_no_more() {
    let house = House::with(&[1, 2]).await;
    let (one, two) = (source(1, "forum"), source(2, "forum"));
    let follows = async |source: &Source| house.store.follows(source.id).await.unwrap();
    assert!(follows(&one).await && follows(&two).await);
    house.store.stop_source(one.id).await.unwrap();
    assert!(!follows(&one).await);
    let left = house.store.withdraw_network(two.network, Actor::Owner, NOW);
    left.await.unwrap();
    assert!(!follows(&two).await);
    purge(&house.store, NOW).await;
    assert!(!follows(&two).await && !follows(&source(3, "none")).await);
}

#[tokio::test]
async fn nothing_is_due_without_a_live_grant() {
    let house = House::with(&[1]).await;
    assert_eq!(
        house.store.networks().await.unwrap()[0].state,
        NetworkState::Live
    );
    let at = |days_on| NOW + days(days_on);
    assert!(house.store.due(at(301), 9).await.unwrap().is_empty());
    assert_eq!(house.store.next_due(at(301)).await.unwrap(), None);
    let mut paused = grant(1);
    paused.state = GrantState::Paused;
    house
        .store
        .put_grant(
            &Grant::recorded(paused.clone()),
            LedgerEvent::Paused,
            Actor::Owner,
            NOW,
        )
        .await
        .unwrap();
    assert!(house.store.due_forced(NOW, 9).await.unwrap().is_empty());
    assert_eq!(
        house
            .store
            .grant_for(&source(1, "forum"), NOW)
            .await
            .unwrap(),
        None
    );
}

#[tokio::test]
async fn what_is_uploaded_is_never_due_not_even_where_everything_is() {
    let house = House::with(&[1]).await;
    let declared = source(1, "forum");
    let notes = Source::new(
        declared.network,
        SourceKind::Notes,
        declared.url.clone(),
        SourceOptions::default(),
    );
    house.store.put_source(&notes, NOW).await.unwrap();
    let due = house.store.due_forced(NOW, 9).await.unwrap();
    let due: Vec<_> = due.iter().map(|due| due.source.id).collect();
    assert_eq!(due, [declared.id]);
    let left = NOW + SignedDuration::from_hours(24);
    assert_eq!(house.store.due(left, 9).await.unwrap().len(), 1);
}

#[tokio::test]
async fn the_latest_live_grant_that_covers_a_source_is_its_grant() {
    let house = House::with(&[1]).await;
    let mut narrow = grant(1);
    narrow.id = GrantId::from_u128(77);
    narrow.granted = NOW + days(1);
    narrow.scope = Scope::new(origin(1), &["/other/"]).unwrap();
    house
        .store
        .put_grant(
            &Grant::recorded(narrow.clone()),
            LedgerEvent::Granted,
            Actor::Owner,
            NOW,
        )
        .await
        .unwrap();
    let found = |path: &'static str| {
        let store = house.store.clone();
        async move {
            store
                .grant_for(&source(1, path), NOW + days(2))
                .await
                .unwrap()
        }
    };
    assert_eq!(*found("forum").await.unwrap(), grant(1));
    assert_eq!(*found("other/x").await.unwrap(), narrow);
    let both = [grant(1), narrow].map(Grant::recorded);
    assert_eq!(house.store.grants(None).await.unwrap(), both);
}

#[tokio::test]
async fn visits_tell_the_first_day_failed_days_and_holes_and_pass_over_even_rows() {
    let house = House::with(&[1, 2]).await;
    let visit = async |network: u128, at: &str, ok: bool| {
        let source = source(network, "forum");
        let at: Timestamp = at.parse().unwrap();
        let commit = Commit {
            finish: Some(finish(at, ok)),
            ..Commit::new(&source)
        };
        house.store.commit(commit, at).await.unwrap();
    };
    visit(1, "2026-09-20T08:00:00Z", false).await;
    visit(1, "2026-09-20T12:00:00Z", false).await;
    visit(1, "2026-09-21T08:00:00Z", false).await;
    visit(1, "2026-09-21T12:00:00Z", true).await;
    visit(2, "2026-09-20T12:00:00Z", true).await;
    // An even row of days, then a hole of nine days.
    for day in 21..=29 {
        visit(2, &format!("2026-09-{day}T12:00:00Z"), true).await;
    }
    visit(2, "2026-10-09T12:00:00Z", true).await;
    let told: Vec<_> = house
        .store
        .visits(8)
        .await
        .unwrap()
        .into_iter()
        .map(|visit| (visit.network, visit.before, visit.day, visit.ok))
        .collect();
    let (one, two) = (NetworkId::from_u128(1), NetworkId::from_u128(2));
    let (september, october) = (|day| date(2026, 9, day), date(2026, 10, 9));
    assert_eq!(
        told,
        [
            (one, None, september(20), false),
            (one, Some(september(20)), september(21), true),
            (two, None, september(20), true),
            (two, Some(september(29)), october, true),
        ]
    );
    let health = house.store.all_sources_health().await.unwrap();
    assert_eq!((health[0].failures, health[1].failures), (0, 0));
    assert_eq!(health[0].health_json.as_deref(), Some("{\"ok\":1}"));
    let counts = house.store.counts().await.unwrap();
    let one = &counts.per_network[&NetworkId::from_u128(1)];
    assert_eq!(one.last_fetch, "2026-09-21T12:00:00Z".parse().ok());
}

#[tokio::test]
async fn a_registration_is_read_as_it_was_written_and_names_are_unique() {
    let house = House::with(&[1]).await;
    let mut one = network(1);
    one.state = NetworkState::Live;
    assert_eq!(
        house.store.network(one.id).await.unwrap(),
        Some(one.clone())
    );
    assert_eq!(
        house.store.network_by_slug("net-1").await.unwrap(),
        Some(one.clone())
    );
    assert_eq!(
        house.store.sources(Some(one.id)).await.unwrap(),
        [source(1, "forum")]
    );
    // The voice key stays what it was.
    house.store.put_network(&one, None).await.unwrap();
    let key = house.store.voice_key(one.id).await.unwrap();
    assert_eq!(key, VoiceKey::new([7; 32]));
    let mut other = network(2);
    other.slug = "net-1".into();
    let taken = house.store.put_network(&other, None).await;
    assert!(matches!(taken, Err(StoreError::SlugTaken { .. })));
}

#[tokio::test]
async fn kept_posts_come_up_for_their_recheck() {
    let house = House::with(&[1]).await;
    let source = source(1, "forum");
    house
        .put(&source, vec![item(1, "a", "a"), item(1, "b", "b")])
        .await;
    let later = NOW + days(20);
    house.put_at(&source, vec![item(1, "b", "b")], later).await;
    let due = house
        .store
        .to_recheck(source.id, later, later, 10)
        .await
        .unwrap();
    assert_eq!(due.len(), 1);
    assert_eq!((due[0].key.as_str(), due[0].checked), ("a", NOW));
}
