//! Withdrawals between their acceptance and the database.

use discover_model::NetworkId;
use discover_model::ledger::Actor;

use super::support::*;
use crate::{Hide, PendingWithdrawal, StoreError, set_aside_damaged};

#[tokio::test]
async fn a_pending_withdrawal_hides_whoever_opens_the_store_and_the_generation_never_falls() {
    let house = House::with(&[1, 2]).await;
    house
        .put(&source(1, "forum"), vec![item(1, "a", "x")])
        .await;
    let (one, two) = (NetworkId::from_u128(1), NetworkId::from_u128(2));
    let before = house.store.visibility().await.unwrap().generation;
    let withdrawal = PendingWithdrawal {
        what: Hide::Network(one),
        actor: Actor::Owner,
        at: NOW,
    };
    house.store.note_withdrawal(&withdrawal);
    house.store.note_withdrawal(&withdrawal);
    let noted = house.store.visibility().await.unwrap();
    assert!(!noted.shows_network(one) && noted.generation == before + 1);
    assert!(house.store.is_unsaved(&withdrawal.what));
    // A disk that takes nothing: it stays hidden, and is said not to be durable.
    let file = house.dir.path().join("withdrawals.new");
    std::fs::create_dir(&file).unwrap();
    house.store.save_withdrawals().unwrap_err();
    assert_eq!(house.store.unsaved_withdrawals(), 1);
    std::fs::remove_dir(&file).unwrap();
    house.store.save_withdrawals().unwrap();
    house.store.note_withdrawal(&withdrawal);
    house.store.save_withdrawals().unwrap();
    assert_eq!(house.store.unsaved_withdrawals(), 0);
    let pending = house.store.visibility().await.unwrap();
    assert!(!pending.shows_network(one) && pending.shows_network(two));
    assert!(pending.generation > before);
    let reading = open_read_only(house.dir.path()).await.unwrap();
    assert!(!reading.visibility().await.unwrap().shows_network(one));
    assert_eq!(
        reading.pending_withdrawals().unwrap(),
        vec![withdrawal.clone()]
    );

    house
        .store
        .withdraw_part(&withdrawal.what, Actor::Owner, NOW)
        .await
        .unwrap();
    house
        .store
        .settle_withdrawal(&withdrawal.what)
        .await
        .unwrap();
    let settled = house.store.visibility().await.unwrap();
    assert!(!settled.shows_network(one) && settled.generation > pending.generation);
    assert!(house.store.pending_withdrawals().unwrap().is_empty());
    assert!(!house.dir.path().join("withdrawals.pending").exists());
}

#[tokio::test]
async fn a_list_damaged_under_a_running_process_is_written_again_from_memory() {
    let house = House::with(&[1, 2]).await;
    let one = NetworkId::from_u128(1);
    let file = house.dir.path().join("withdrawals.pending");
    // Read before the damage, or this would be a start with a damaged file.
    assert!(house.store.check_pending_file().unwrap());
    std::fs::write(&file, [0; 200]).unwrap();
    assert!(!house.store.check_pending_file().unwrap());
    assert!(!file.exists() && house.store.check_pending_file().unwrap());

    let withdrawal = PendingWithdrawal {
        what: Hide::Network(one),
        actor: Actor::Owner,
        at: NOW,
    };
    house.store.note_withdrawal(&withdrawal);
    house.store.save_withdrawals().unwrap();
    let whole = std::fs::read(&file).unwrap();
    for damage in [Some(vec![0; 200]), Some(whole[1..].to_vec()), None] {
        match damage {
            Some(bytes) => std::fs::write(&file, bytes).unwrap(),
            None => std::fs::remove_file(&file).unwrap(),
        }
        let visibility = house.store.visibility().await.unwrap();
        assert!(!visibility.shows_network(one));
        assert!(!house.store.check_pending_file().unwrap());
        assert_eq!(house.store.unsaved_withdrawals(), 1);
        house.store.save_withdrawals().unwrap();
        assert_eq!(std::fs::read(&file).unwrap(), whole);
        assert!(house.store.check_pending_file().unwrap());
    }
}

#[tokio::test]
async fn a_list_found_damaged_at_a_start_shows_nothing_and_what_can_be_read_of_it_counts_again() {
    let house = House::with(&[1, 2]).await;
    let dir = house.dir.path();
    let what = Hide::Network(NetworkId::from_u128(1));
    house.store.note_withdrawal(&PendingWithdrawal {
        what: what.clone(),
        actor: Actor::Owner,
        at: NOW,
    });
    house.store.save_withdrawals().unwrap();
    let file = dir.join("withdrawals.pending");
    let whole = std::fs::read(&file).unwrap();
    assert_eq!(set_aside_damaged(dir).unwrap(), 0);
    let torn = [&whole[..], b"\0\0\0\xff\n"].concat();
    // Still JSON, and another network.
    let mut other = whole.clone();
    let letter = whole.windows(4).rposition(|bytes| bytes == b"aaaa");
    other[letter.expect("an id of zeros")] = b'b';
    for (bytes, line, left) in [
        (torn, 2, 1),
        (whole[..whole.len() / 2].to_vec(), 1, 0),
        (other, 1, 0),
        (Vec::new(), 1, 0),
    ] {
        std::fs::write(&file, bytes).unwrap();
        let starting = || open_read_only(dir);
        let error = starting().await.unwrap().visibility().await.unwrap_err();
        let StoreError::PendingDamaged { line: told, .. } = error else {
            panic!("{error}");
        };
        assert_eq!(told, line);
        assert!(error.to_string().contains("admin withdrawals --set-aside"));
        assert_eq!(set_aside_damaged(dir).unwrap(), 1);
        let started = starting().await.unwrap();
        assert_eq!(started.pending_withdrawals().unwrap().len(), left);
        let visibility = started.visibility().await.unwrap();
        assert_eq!(visibility.shows_network(NetworkId::from_u128(1)), left == 0);
    }
    assert!(!file.exists());
    let aside = std::fs::read(dir.join("withdrawals.damaged")).unwrap();
    assert_eq!(aside.split_inclusive(|byte| *byte == b'\n').count(), 4);
}
