//! Keys of analysts.

use jiff::SignedDuration;

use super::support::*;
use crate::{KeyScope, LONGEST_KEY, NewKey, key_id};

fn new(days: i64) -> NewKey {
    NewKey {
        holder: "County Insight Team".into(),
        purpose: "Yearly report on access to care".into(),
        scopes: vec![KeyScope::Search, KeyScope::Export],
        per_minute: 300,
        expires: NOW + SignedDuration::from_hours(24 * days),
    }
}

#[tokio::test]
async fn a_key_is_shown_once_kept_as_a_hash_and_ends() {
    let house = House::with(&[]).await;
    let key = house
        .store
        .make_analyst_key(&new(10_000), NOW)
        .await
        .unwrap();
    let held = house.store.analyst_keys().await.unwrap().remove(0);
    assert_eq!(key_id(&key), Some(held.id.as_str()));
    assert!(held.opens_with(&key) && !held.opens_with(&key.to_uppercase()));
    assert_eq!(held.expires, NOW + LONGEST_KEY, "at most a year");
    assert!(held.is_live(NOW) && !held.is_live(NOW + LONGEST_KEY));
    let day = NOW.to_zoned(jiff::tz::TimeZone::UTC).date();
    house.store.analyst_key_used(&held.id, day).await.unwrap();
    house.store.revoke_analyst_key(&held.id).await.unwrap();
    let ended = house.store.analyst_keys().await.unwrap().remove(0);
    assert!(!ended.is_live(NOW) && ended.last_used == Some(day));
    assert!(house.store.revoke_analyst_key("nothing").await.is_err());
    let secret = key.rsplit('_').next().unwrap().as_bytes();
    for file in std::fs::read_dir(house.store.dir()).unwrap().flatten() {
        let bytes = std::fs::read(file.path()).unwrap_or_default();
        let holds = bytes.windows(secret.len()).any(|window| window == secret);
        assert!(!holds, "{}", file.path().display());
    }
}

#[tokio::test]
async fn a_key_is_forgotten_a_while_after_it_has_ended_and_not_before() {
    let house = House::with(&[]).await;
    for days in [30, 300] {
        house.store.make_analyst_key(&new(days), NOW).await.unwrap();
    }
    let at = |days: i64| NOW + SignedDuration::from_hours(24 * days);
    let forget = async |then| house.store.forget_ended_keys(then).await.unwrap();
    assert_eq!(forget(at(29)).await, 0);
    assert_eq!(forget(at(30)).await, 1);
    let left = house.store.analyst_keys().await.unwrap();
    assert_eq!((left.len(), left[0].expires), (1, at(300)));
}

#[tokio::test]
async fn a_restored_copy_accepts_no_key_from_before() {
    let house = House::with(&[]).await;
    for _ in 0..2 {
        house.store.make_analyst_key(&new(30), NOW).await.unwrap();
    }
    assert_eq!(house.store.revoke_all_analyst_keys().await.unwrap(), 2);
    let keys = house.store.analyst_keys().await.unwrap();
    assert!(keys.iter().all(|key| !key.is_live(NOW)));
}

#[test]
fn what_has_not_the_form_of_a_key_is_none() {
    let secret = "a".repeat(64);
    assert_eq!(key_id(&format!("disc_01234567_{secret}")), Some("01234567"));
    for text in [
        "",
        "disc_",
        "owner_00",
        &secret,
        &format!("disc_0123456_{secret}"),
        "disc_01234567_é",
    ] {
        assert_eq!(key_id(text), None, "{text}");
    }
}
