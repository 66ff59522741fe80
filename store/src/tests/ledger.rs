use discover_model::ledger::{Actor, Broken, LedgerEvent, LedgerFact};
use discover_model::*;

use super::support::*;
use crate::database::query;
use crate::{FILE, StoreError};

async fn with_entries(count: u64) -> House {
    let house = House::with(&[]).await;
    for n in 0..count {
        house.store.append_ledger(fact(n)).await.unwrap();
    }
    house
}

fn fact(n: u64) -> LedgerFact {
    LedgerFact {
        grant: Some(GrantId::from_u128(50)),
        evidence_sha256: Some("0123456789abcdef".into()),
        ..LedgerFact::new(
            NOW,
            LedgerEvent::Granted,
            NetworkId::from_u128(u128::from(n) + 1),
            Actor::Owner,
        )
    }
}

/// Does to the database what somebody with a knife would.
async fn tamper(house: &House, sql: &'static str) {
    let mut guard = house.store.idle_writer().await.unwrap();
    let triggers: &[&'static str] = if guard.connection.is_postgres() {
        &["DROP TRIGGER ledger_is_never_changed ON ledger"]
    } else {
        &[
            "DROP TRIGGER ledger_is_never_changed",
            "DROP TRIGGER ledger_is_never_shortened",
        ]
    };
    for sql in triggers.iter().chain([&sql]) {
        query(*sql).execute(&mut guard.connection).await.unwrap();
    }
}

#[tokio::test]
async fn a_sound_ledger_verifies_and_its_head_is_mirrored() {
    let house = with_entries(5).await;
    let (seq, hash) = house.store.verify_ledger().await.unwrap();
    let mirrored = std::fs::read_to_string(house.dir.path().join("ledger.head")).unwrap();
    assert_eq!(mirrored, format!("{seq} {hash}\n"));
    assert_eq!(house.store.ledger(3, 9).await.unwrap().len(), 2);
    let changed = query("UPDATE ledger SET event = 'purged'")
        .execute(house.store.write().await.unwrap().connection())
        .await;
    assert!(changed.unwrap_err().to_string().contains("append-only"));
}

#[tokio::test]
async fn a_changed_dropped_reordered_or_cut_ledger_is_found() {
    for sql in [
        "UPDATE ledger SET entry = replace(entry, '\"owner\"', '\"system\"') WHERE seq = 3",
        "UPDATE ledger SET network_id = unhex('00') WHERE seq = 3",
        "UPDATE ledger SET grant_id = NULL WHERE seq = 3",
        "UPDATE ledger SET event = 'renewed' WHERE seq = 3",
        "UPDATE ledger SET entry = replace(entry, 'T', 't') WHERE seq = 3",
        "DELETE FROM ledger WHERE seq = 3",
        "DELETE FROM ledger WHERE seq = 5",
        "DELETE FROM ledger",
        "UPDATE ledger SET seq = 6 WHERE seq = 3",
        "UPDATE ledger SET seq = CASE seq WHEN 2 THEN -3 WHEN 3 THEN -2 ELSE seq END",
    ] {
        let house = with_entries(5).await;
        tamper(&house, sql).await;
        // One that is shorter than it was is not even opened.
        let found = match open(house.dir.path()).await {
            Ok(store) => store.verify_ledger().await,
            Err(error @ StoreError::Behind { .. }) => Err(error),
            Err(error) => panic!("{sql}: {error:?}"),
        };
        assert!(found.is_err(), "{sql}");
    }
}

#[tokio::test]
async fn a_cut_ledger_with_a_fitting_chain_is_told_from_its_head() {
    let house = with_entries(5).await;
    tamper(&house, "DELETE FROM ledger WHERE seq > 3").await;
    let cut = house.store.verify_ledger().await;
    assert!(matches!(
        cut,
        Err(StoreError::Ledger(Broken::Truncated {
            expected: 5,
            found: 3
        }))
    ));
    std::fs::remove_file(house.dir.path().join("ledger.head")).unwrap();
    let headless = house.store.verify_ledger().await;
    assert!(matches!(headless, Err(StoreError::LedgerHead { .. })));
}

#[tokio::test]
async fn any_flipped_byte_of_an_entry_in_the_file_is_found() {
    if on_postgres("it changes the file") {
        return;
    }
    let house = with_entries(5).await;
    house.store.close().await;
    let path = house.dir.path().join(FILE);
    let sound = std::fs::read(&path).unwrap();
    let start = b"{\"seq\":3,";
    let at = sound
        .windows(start.len())
        .position(|window| window == start)
        .unwrap();
    let length = sound[at..].iter().position(|byte| *byte == b'}').unwrap() + 1;
    for offset in (0..length).step_by(7).chain([0, length - 1]) {
        let mut flipped = sound.clone();
        // Also letters that differ in case only, which a lenient reader takes for the same.
        flipped[at + offset] ^= 0x20;
        let dir = tempfile::tempdir().unwrap();
        for name in ["ledger.head", "instance.key"] {
            std::fs::copy(house.dir.path().join(name), dir.path().join(name)).unwrap();
        }
        std::fs::write(dir.path().join(FILE), flipped).unwrap();
        let store = open_read_only(dir.path()).await.unwrap();
        assert!(store.verify_ledger().await.is_err(), "byte {offset}");
    }
}

#[tokio::test]
async fn a_head_that_was_left_behind_by_a_crash_is_brought_up_to_date() {
    let house = with_entries(2).await;
    let path = house.dir.path().join("ledger.head");
    let before = std::fs::read(&path).unwrap();
    house.store.append_ledger(fact(9)).await.unwrap();
    let after = std::fs::read(&path).unwrap();
    std::fs::write(&path, before).unwrap();
    house.store.verify_ledger().await.unwrap();
    open(house.dir.path()).await.unwrap();
    assert_eq!(std::fs::read(&path).unwrap(), after);
}
