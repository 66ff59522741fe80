//! Grants that lapse, pause and narrow; parts that leave; receipts, heads and the audit.

use std::collections::BTreeMap;

use discover_model::grant::{GrantRecord, GrantState, Purpose};
use discover_model::ledger::{Actor, LedgerEvent, PartKind};
use discover_model::network::NetworkState;
use discover_model::proof_status::ProofStatus;
use discover_model::*;

use super::support::*;
use crate::database::{query, query_scalar};
use crate::{Commit, Hide, ObjectionReason, ProofCheck, Store, StoreError, Uses, WouldGo};

async fn events(house: &House) -> Vec<LedgerEvent> {
    let entries = house.store.ledger(0, 99).await.unwrap();
    entries.iter().map(|entry| entry.fact.event).collect()
}

async fn shows(store: &Store, network: u128, key: &str) -> bool {
    let source = source(network, "forum");
    let id = PostId::derive(source.network, source.id, key);
    let Some(at) = store.post(id).await.unwrap() else {
        return false;
    };
    let visibility = store.visibility().await.unwrap();
    visibility.shows_post(at.network, at.source, at.conversation, at.id, &at.url)
}

async fn put_grant(house: &House, grant: &GrantRecord, event: LedgerEvent) {
    house
        .store
        .put_grant(&Grant::recorded(grant.clone()), event, Actor::Owner, NOW)
        .await
        .unwrap();
}

async fn state(house: &House, network: u128) -> NetworkState {
    let id = NetworkId::from_u128(network);
    house.store.network(id).await.unwrap().unwrap().state
}

#[tokio::test]
async fn a_receipt_is_written_only_when_everything_derived_is_clean_too() {
    let house = House::with(&[1]).await;
    house
        .put(&source(1, "forum"), vec![item(1, "a", "zyzzyva")])
        .await;
    let one = NetworkId::from_u128(1);
    let withdrawn = house.store.withdraw_network(one, Actor::Owner, NOW);
    withdrawn.await.unwrap();
    let erased = house.store.erase(NOW).await.unwrap();
    assert!(house.found(&["zyzzyva"]).is_empty());
    assert_eq!(events(&house).await.last(), Some(&LedgerEvent::Withdrawn));
    // A crash now: index and graph may still hold it, and nothing says that it is gone.
    house.store.close().await;
    let store = open(house.dir.path()).await.unwrap();
    let again = store.erase(NOW).await.unwrap();
    assert_eq!((again.len(), again[0].posts), (1, 1));
    assert_eq!(again, erased);
    let receipts = store.receipt(&again, NOW).await.unwrap();
    let fact = &receipts[0].fact;
    assert_eq!(
        (fact.event, fact.posts, fact.conversations),
        (LedgerEvent::Purged, Some(1), Some(1))
    );
    assert_eq!(
        fact.conversations_sha256.as_deref(),
        Some(erased[0].conversations_sha256().as_str())
    );
    assert!(store.receipt(&again, NOW).await.unwrap().is_empty());
    assert!(store.erase(NOW).await.unwrap().is_empty());
    store.verify_ledger().await.unwrap();
}

#[tokio::test]
async fn a_lapsed_grant_hides_its_origin_and_the_proof_shows_it_again() {
    let house = House::with(&[1]).await;
    let source = source(1, "forum");
    house.put(&source, vec![item(1, "a", "text")]).await;
    // A second origin of the same network, whose proof stands.
    let mut other = grant(1);
    other.id = GrantId::from_u128(77);
    other.scope = Scope::all(origin(7));
    put_grant(&house, &other, LedgerEvent::Granted).await;
    let seq = house.store.last_seq().await.unwrap();
    let mut lapsed = grant(1);
    lapsed.state = GrantState::Lapsed;
    put_grant(&house, &lapsed, LedgerEvent::Lapsed).await;
    assert!(!shows(&house.store, 1, "a").await);
    assert_eq!(
        state(&house, 1).await,
        NetworkState::Live,
        "the other origin"
    );
    put_grant(&house, &grant(1), LedgerEvent::Renewed).await;
    assert!(shows(&house.store, 1, "a").await);
    // What was hidden may have left index and graph: they are told to read it again.
    assert!(!house.store.changes(seq, 9).await.unwrap().is_empty());
    other.state = GrantState::Lapsed;
    put_grant(&house, &lapsed, LedgerEvent::Lapsed).await;
    put_grant(&house, &other, LedgerEvent::Lapsed).await;
    assert_eq!(state(&house, 1).await, NetworkState::Lapsed);
    put_grant(&house, &grant(1), LedgerEvent::Renewed).await;
    assert_eq!(state(&house, 1).await, NetworkState::Live);
}

#[tokio::test]
async fn a_pause_hides_and_stops_and_a_resume_makes_good() {
    let house = House::with(&[1]).await;
    let source = source(1, "forum");
    house.put(&source, vec![item(1, "a", "text")]).await;
    let one = source.network;
    let before = house.store.visibility().await.unwrap().generation;
    let paused = house.store.pause_network(one, Actor::Owner, NOW);
    let paused = paused.await.unwrap();
    assert!(paused.generation > before && !paused.shows_network(one));
    assert!(house.store.due_forced(NOW, 9).await.unwrap().is_empty());
    let refused = house.put(&source, vec![item(1, "b", "late")]).await;
    assert_eq!((refused.stored, refused.refused), (0, 1));
    assert_eq!(house.store.counts().await.unwrap().networks, 0);
    // Twice is once.
    let again = house.store.pause_network(one, Actor::Owner, NOW);
    assert_eq!(again.await.unwrap().generation, paused.generation);
    let seq = house.store.last_seq().await.unwrap();
    let resumed = house.store.resume_network(one, Actor::Owner, NOW);
    assert!(resumed.await.unwrap().shows_network(one));
    assert_eq!(house.store.changes(seq, 9).await.unwrap().len(), 1);
    assert_eq!(house.put(&source, vec![item(1, "b", "x")]).await.stored, 1);
    let said = events(&house).await;
    assert_eq!(said[1..], [LedgerEvent::Paused, LedgerEvent::Resumed]);
    // A grant that lapsed during the pause does not come back with it.
    let paused = house.store.pause_network(one, Actor::Owner, NOW);
    paused.await.unwrap();
    let mut lapsed = grant(1);
    lapsed.state = GrantState::Lapsed;
    put_grant(&house, &lapsed, LedgerEvent::Lapsed).await;
    assert_eq!(state(&house, 1).await, NetworkState::Paused);
    let resumed = house.store.resume_network(one, Actor::Owner, NOW);
    assert!(!resumed.await.unwrap().shows_network(one));
    assert_eq!(state(&house, 1).await, NetworkState::Lapsed);
}

#[tokio::test]
async fn a_narrower_scope_hides_at_once_erases_and_may_be_widened_again() {
    let house = House::with(&[1]).await;
    let source = source(1, "forum");
    let (mut inside, outside) = (item(1, "a", "keeper"), item(1, "b", "zyzzyva"));
    inside.url = "https://site1.example/open/a".parse().unwrap();
    let both = || vec![inside.clone(), outside.clone()];
    house.put(&source, both()).await;
    let mut narrow = grant(1);
    narrow.scope = Scope::new(origin(1), &["/open/"]).unwrap();
    put_grant(&house, &narrow, LedgerEvent::ScopeChanged).await;
    assert!(shows(&house.store, 1, "a").await && !shows(&house.store, 1, "b").await);
    let audit = house.store.audit(NOW).await.unwrap();
    assert_eq!(
        (audit.granted, audit.hidden, audit.is_clean()),
        (1, 1, true)
    );
    let erased = purge(&house.store, NOW).await;
    assert_eq!(
        (
            erased.len(),
            erased[0].posts,
            erased[0].part.as_ref().unwrap().kind
        ),
        (1, 1, PartKind::Scope)
    );
    assert_eq!(house.found(&["zyzzyva", "keeper"]), ["keeper"]);
    // A visit that began under the wide scope.
    let late = house.put(&source, both()).await;
    assert_eq!((late.stored, late.refused), (0, 1));
    put_grant(&house, &grant(1), LedgerEvent::ScopeChanged).await;
    assert_eq!(house.put(&source, both()).await.stored, 1);
    assert!(shows(&house.store, 1, "b").await);
}

#[tokio::test]
async fn a_commit_says_when_its_visit_must_end() {
    let house = House::with(&[1]).await;
    let source = source(1, "forum");
    let one = source.network;
    let lease = house.store.due(NOW, 9).await.unwrap().remove(0);
    let commit = async |now| {
        let commit = Commit {
            fence: Some(lease.fence),
            ..Commit::new(&source)
        };
        house.store.commit(commit, now).await.unwrap().closed
    };
    assert!(!commit(NOW).await);
    assert!(commit(NOW + days(301)).await, "the grant has ended");
    let mut elsewhere = grant(1);
    elsewhere.scope = Scope::new(origin(1), &["/open/"]).unwrap();
    put_grant(&house, &elsewhere, LedgerEvent::ScopeChanged).await;
    assert!(commit(NOW).await, "the source lies outside the scope");
    let mut lapsed = grant(1);
    lapsed.state = GrantState::Lapsed;
    put_grant(&house, &lapsed, LedgerEvent::Lapsed).await;
    assert!(commit(NOW).await, "lapsed");
    put_grant(&house, &grant(1), LedgerEvent::Renewed).await;
    assert!(!commit(NOW).await);
    let done = house.store.pause_network(one, Actor::Owner, NOW);
    done.await.unwrap();
    assert!(commit(NOW).await, "paused, whoever holds the lease");
    let done = house.store.withdraw_network(one, Actor::Owner, NOW);
    done.await.unwrap();
    assert!(commit(NOW).await, "withdrawn");
}

#[tokio::test]
async fn a_lapse_that_heals_during_a_pause_is_shown_again_with_it() {
    let house = House::with(&[1]).await;
    let source = source(1, "forum");
    house.put(&source, vec![item(1, "a", "text")]).await;
    let done = house.store.pause_network(source.network, Actor::Owner, NOW);
    done.await.unwrap();
    let mut lapsed = grant(1);
    lapsed.state = GrantState::Lapsed;
    put_grant(&house, &lapsed, LedgerEvent::Lapsed).await;
    // By a look that began before the pause.
    put_grant(&house, &grant(1), LedgerEvent::Renewed).await;
    let held = house.store.grants(None).await.unwrap();
    assert_eq!(held[0].state, GrantState::Paused);
    assert!(!shows(&house.store, 1, "a").await);
    let done = house
        .store
        .resume_network(source.network, Actor::Owner, NOW);
    done.await.unwrap();
    assert!(shows(&house.store, 1, "a").await);
}

#[tokio::test]
async fn an_old_copy_of_a_network_does_not_end_its_pause() {
    let house = House::with(&[1]).await;
    let one = NetworkId::from_u128(1);
    let mut old = house.store.network(one).await.unwrap().unwrap();
    let done = house.store.pause_network(one, Actor::Owner, NOW);
    done.await.unwrap();
    old.name = "Another name".into();
    house.store.put_network(&old, None).await.unwrap();
    let held = house.store.network(one).await.unwrap().unwrap();
    assert_eq!(
        (held.name.as_str(), held.state),
        ("Another name", NetworkState::Paused)
    );
}

#[tokio::test]
async fn an_undecided_objection_outlives_a_narrower_and_a_wider_scope() {
    for purged in [false, true] {
        let house = House::with(&[1]).await;
        let source = source(1, "forum");
        let post = PostId::derive(source.network, source.id, "a");
        house.put(&source, vec![item(1, "a", "text")]).await;
        let made = house
            .store
            .object(post, ObjectionReason::Concerned, NOW)
            .await;
        assert!(made.unwrap().hidden);
        let mut narrow = grant(1);
        narrow.scope = Scope::new(origin(1), &["/open/"]).unwrap();
        put_grant(&house, &narrow, LedgerEvent::ScopeChanged).await;
        if purged {
            purge(&house.store, NOW).await;
        }
        put_grant(&house, &grant(1), LedgerEvent::ScopeChanged).await;
        house.put(&source, vec![item(1, "a", "text")]).await;
        assert!(!shows(&house.store, 1, "a").await, "purged: {purged}");
    }
}

#[tokio::test]
async fn a_restored_backup_shows_nothing_under_a_scope_that_changed_since() {
    if on_postgres("a copy is a file") {
        return;
    }
    let house = House::with(&[1, 2]).await;
    for number in [1, 2] {
        let source = source(number, "forum");
        house.put(&source, vec![item(number, "a", "text")]).await;
    }
    let check = ProofCheck {
        network: NetworkId::from_u128(1),
        origin: origin(1),
        status: ProofStatus::default(),
        remarks: Vec::new(),
        last_check: NOW,
        next_check: NOW + days(1),
    };
    house.store.put_proof_check(&check).await.unwrap();
    let copy = tempfile::tempdir().unwrap();
    let copy = copy.path().join("copy");
    house.store.backup(&copy).await.unwrap();
    let mut narrow = grant(1);
    narrow.scope = Scope::new(origin(1), &["/open/"]).unwrap();
    put_grant(&house, &narrow, LedgerEvent::ScopeChanged).await;
    let newer = house.store.ledger(0, 99).await.unwrap();

    let restored = open(&copy).await.unwrap();
    assert!(shows(&restored, 1, "a").await);
    restored.replay_ledger(&newer).await.unwrap();
    assert!(!shows(&restored, 1, "a").await);
    assert!(shows(&restored, 2, "a").await);
    let looks = restored.proof_checks(None).await.unwrap();
    assert!(looks[0].next_check < NOW, "its proof is looked at next");
}

#[tokio::test]
async fn a_purpose_that_was_taken_back_makes_index_and_graph_look_again() {
    let house = House::with(&[1]).await;
    house
        .put(&source(1, "forum"), vec![item(1, "a", "text")])
        .await;
    let seq = house.store.last_seq().await.unwrap();
    let mut searched = grant(1);
    searched.purposes = vec![Purpose::Search];
    put_grant(&house, &searched, LedgerEvent::Renewed).await;
    assert_eq!(house.store.changes(seq, 9).await.unwrap().len(), 1);
}

#[tokio::test]
async fn a_backup_restored_after_parts_were_withdrawn_shows_and_takes_in_none_of_them() {
    if on_postgres("a copy is a file") {
        return;
    }
    let house = House::with(&[1]).await;
    let source = source(1, "forum");
    let mut private = item(1, "p", "pangolin");
    private.url = "https://site1.example/private/p".parse().unwrap();
    let by_member = |key: &str, text: &str| Item {
        author: Some("member".into()),
        ..item(1, key, text)
    };
    let all = || {
        vec![
            private.clone(),
            item(1, "a", "zyzzyva"),
            item(1, "c", "okapi"),
            reply(1, "d", "c"),
            item(1, "k", "keeper"),
            by_member("m", "wombat"),
        ]
    };
    house.put(&source, all()).await;
    let copy = tempfile::tempdir().unwrap();
    let copy = copy.path().join("copy");
    house.store.backup(&copy).await.unwrap();
    // Came in after the backup was made.
    house.put(&source, vec![item(1, "late", "quagga")]).await;
    let post = |key: &str| PostId::derive(source.network, source.id, key);
    let thread = house.thread(&source, "c").await.unwrap().id;
    for what in [
        Hide::Path {
            network: source.network,
            origin: origin(1),
            prefix: "/private/".into(),
        },
        Hide::Path {
            network: source.network,
            origin: origin(1),
            prefix: "/never-seen/".into(),
        },
        Hide::Conversation(thread),
        Hide::Post(post("a")),
        Hide::Post(post("late")),
    ] {
        for _ in 0..2 {
            let done = house.store.withdraw_part(&what, Actor::Owner, NOW);
            done.await.unwrap();
        }
    }
    for _ in 0..2 {
        let left = house.store.opt_out_author_of(post("m"), NOW).await;
        assert!(matches!(
            left,
            Ok(Some(1)) | Err(StoreError::NotFound { .. })
        ));
    }
    assert_eq!(events(&house).await.len(), 7, "each is said once");
    purge(&house.store, NOW).await;
    let ledger = house.store.ledger(0, 99).await.unwrap();
    let text = serde_json::to_string(&ledger).unwrap();
    assert!(!text.contains("private") && !text.contains(&post("a").to_string()));

    let restored = open(&copy).await.unwrap();
    restored.replay_ledger(&ledger).await.unwrap();
    for key in ["p", "a", "c", "d", "m"] {
        assert!(!shows(&restored, 1, key).await, "{key}");
    }
    assert!(shows(&restored, 1, "k").await);
    purge(&restored, NOW).await;
    assert_eq!(
        found_in(&copy, &["zyzzyva", "okapi", "pangolin", "keeper", "wombat"]),
        ["keeper"]
    );
    let mut again = all();
    again.push(item(1, "late", "quagga"));
    let mut deep = item(1, "n", "numbat");
    deep.url = "https://site1.example/never-seen/n".parse().unwrap();
    again.push(deep);
    again.push(by_member("n2", "another of theirs"));
    let commit = crate::Commit {
        posts: again
            .into_iter()
            .map(|item| House::admitted(&source, item, NOW))
            .collect(),
        ..crate::Commit::new(&source)
    };
    let done = restored.commit(commit, NOW).await.unwrap();
    assert_eq!((done.stored, done.unchanged), (0, 1), "{done:?}");
    assert!(restored.audit(NOW).await.unwrap().is_clean());
}

#[tokio::test]
async fn the_whole_of_one_origin_can_leave_while_another_stays() {
    let house = House::with(&[1]).await;
    let mut other = grant(1);
    other.id = GrantId::from_u128(77);
    other.scope = Scope::all(origin(7));
    put_grant(&house, &other, LedgerEvent::Granted).await;
    let what = Hide::Path {
        network: NetworkId::from_u128(1),
        origin: origin(1),
        prefix: "/".into(),
    };
    let done = house.store.withdraw_part(&what, Actor::Owner, NOW);
    done.await.unwrap();
    let grants = house.store.grants(None).await.unwrap();
    let state = |id: GrantId| grants.iter().find(|grant| grant.id == id).unwrap().state;
    assert_eq!(state(grant(1).id), GrantState::Withdrawn);
    assert_eq!(state(other.id), GrantState::Live);
    assert!(house.store.due_forced(NOW, 9).await.unwrap().is_empty());
    // Paper does not open it again.
    let mut paper = grant(1);
    paper.id = GrantId::from_u128(78);
    paper.evidence.method = proof::ProofMethod::Attested;
    paper.evidence.seen = NOW + days(9);
    let paper = Grant::recorded(paper);
    let reopened = house
        .store
        .put_grant(&paper, LedgerEvent::Granted, Actor::Operator, NOW);
    assert!(matches!(
        reopened.await,
        Err(StoreError::WithdrawnScope { .. })
    ));
}

#[tokio::test]
async fn the_audit_finds_a_post_that_is_shown_without_a_valid_grant() {
    let house = House::with(&[1]).await;
    house
        .put(&source(1, "forum"), vec![item(1, "a", "text")])
        .await;
    let sound = house.store.audit(NOW).await.unwrap();
    assert_eq!((sound.posts, sound.granted), (1, 1));
    assert!(sound.is_clean());
    let expired = house.store.audit(NOW + days(301)).await.unwrap();
    assert!(!expired.is_clean(), "{expired:?}");
    for sql in [
        "UPDATE grants SET prefixes = '[\"/elsewhere/\"]'",
        "UPDATE grants SET evidence_sha256 = 'cd'",
    ] {
        let mut writer = house.store.write().await.unwrap();
        let done = query(sql).execute(writer.connection()).await;
        writer
            .finish(done.map(|_| ()).map_err(StoreError::from))
            .await
            .unwrap();
        let found = house.store.audit(NOW).await.unwrap();
        assert!(!found.is_clean(), "{sql}");
    }
}

#[tokio::test]
async fn each_day_that_ended_has_a_signed_head_and_a_rewritten_ledger_does_not_fit_it() {
    let house = House::with(&[1, 2]).await;
    assert!(house.store.sign_heads(NOW).await.unwrap().is_empty());
    let heads = house.store.sign_heads(NOW + days(1)).await.unwrap();
    assert_eq!((heads.len(), heads[0].seq), (1, 2));
    assert!(
        house
            .store
            .sign_heads(NOW + days(1))
            .await
            .unwrap()
            .is_empty()
    );
    assert_eq!(house.store.signed_heads(9).await.unwrap(), heads);
    let missed = house.store.sign_heads(NOW + days(4)).await.unwrap();
    assert_eq!(missed.len(), 3, "each day on which nobody signed");
    house.store.verify_ledger().await.unwrap();
    house.store.check_kept_head(&heads[0]).await.unwrap();
    let mut forged = heads[0].clone();
    forged.seq = 1;
    assert!(house.store.check_kept_head(&forged).await.is_err());

    // Somebody with the database rewrites the whole ledger so that the chain fits, and mirrors its head.
    let other = House::with(&[2]).await;
    other.store.close().await;
    let copy = |name| std::fs::copy(other.dir.path().join(name), house.dir.path().join(name));
    copy("ledger.head").unwrap();
    if is_on_postgres() {
        put_in_place(other.dir.path(), house.dir.path()).await;
    } else {
        copy("store.sqlite3").unwrap();
        let _ = std::fs::remove_file(house.dir.path().join("store.sqlite3-wal"));
    }
    let store = open_read_only(house.dir.path()).await.unwrap();
    store.verify_ledger().await.unwrap();
    assert!(store.check_kept_head(&heads[0]).await.is_err());
}

#[tokio::test]
async fn a_head_whose_signature_or_place_was_changed_is_found() {
    for sql in [
        "UPDATE signed_heads SET seq = 1",
        "UPDATE signed_heads SET seq = 9",
        "UPDATE signed_heads SET hash = upper(hash)",
        "UPDATE signed_heads SET day = '2020-01-01'",
        "UPDATE signed_heads SET signature = replace(signature, substr(signature, 1, 1), 'z')",
    ] {
        let house = House::with(&[1, 2]).await;
        house.store.sign_heads(NOW + days(1)).await.unwrap();
        let mut writer = house.store.write().await.unwrap();
        let done = query(sql).execute(writer.connection()).await;
        writer
            .finish(done.map(|_| ()).map_err(StoreError::from))
            .await
            .unwrap();
        assert!(house.store.verify_ledger().await.is_err(), "{sql}");
    }
}

#[tokio::test]
async fn the_way_to_the_head_ends_at_the_next_signed_one() {
    let house = House::with(&[1]).await;
    let source = source(1, "forum");
    house.put(&source, vec![item(1, "a", "text")]).await;
    house.store.sign_heads(NOW + days(1)).await.unwrap();
    let mut later = grant(2);
    later.granted = NOW + days(2);
    house.store.put_network(&network(2), None).await.unwrap();
    let later = Grant::recorded(later);
    let done = house
        .store
        .put_grant(&later, LedgerEvent::Granted, Actor::Owner, NOW + days(2));
    done.await.unwrap();
    let id = PostId::derive(source.network, source.id, "a");
    let proof = house.store.consent_proof(id).await.unwrap().unwrap();
    assert_eq!((proof.entry.seq, proof.head.0), (1, 1));
    let signed = proof.signed.expect("a signed head");
    assert_eq!(signed.hash, proof.head.1);
    house.store.check_head(&signed).unwrap();
}

#[tokio::test]
async fn looks_are_remembered_and_go_with_their_network() {
    let house = House::with(&[1]).await;
    let one = NetworkId::from_u128(1);
    let check = ProofCheck {
        network: one,
        origin: origin(1),
        status: ProofStatus {
            missed_since: Some(NOW),
            ..ProofStatus::default()
        },
        remarks: vec!["a field means nothing".to_owned()],
        last_check: NOW,
        next_check: NOW + days(1),
    };
    house.store.put_proof_check(&check).await.unwrap();
    assert_eq!(
        house.store.proof_checks(Some(one)).await.unwrap(),
        vec![check.clone()]
    );
    let withdrawn = house.store.withdraw_network(one, Actor::Owner, NOW);
    withdrawn.await.unwrap();
    purge(&house.store, NOW).await;
    house.store.put_proof_check(&check).await.unwrap();
    assert_eq!(house.store.proof_checks(None).await.unwrap(), vec![]);
}

#[tokio::test]
async fn what_a_change_of_terms_would_take_is_told_before_it_is_made() {
    let house = House::with(&[1]).await;
    let source = source(1, "forum");
    house
        .put(&source, vec![item(1, "a", "text"), item(1, "b", "text")])
        .await;
    let grant = grant(1);
    let later = NOW + days(40);
    let (store, one) = (&house.store, NetworkId::from_u128(1));
    let none = BTreeMap::new();
    let same = store.would_go(one, 365, &none, later).await.unwrap();
    assert_eq!(same, WouldGo::default());
    let shorter = store.would_go(one, 30, &none, later).await.unwrap();
    assert_eq!((shorter.out_of_scope, shorter.too_old), (0, 2));
    let elsewhere = Scope::new(origin(1), &["/nothing-here/"]).unwrap();
    let scopes = BTreeMap::from([(grant.id, elsewhere)]);
    let narrower = store.would_go(one, 30, &scopes, later).await.unwrap();
    assert_eq!((narrower.out_of_scope, narrower.too_old), (2, 0));
    assert_eq!(store.held(one).await.unwrap().posts, 2);
}

#[tokio::test]
async fn uses_are_counted_by_day_forgotten_after_a_while_and_go_with_their_network() {
    let house = House::with(&[1, 2]).await;
    let (one, two) = (NetworkId::from_u128(1), NetworkId::from_u128(2));
    let day = |text: &str| text.parse::<jiff::civil::Date>().unwrap();
    let uses = Uses {
        found: 3,
        opened: 1,
        exported: 0,
        alerted: 4,
    };
    let counted = [
        (one, day("2026-06-01"), uses),
        (one, day("2026-09-20"), uses),
        (one, day("2026-09-20"), uses),
        (two, day("2026-09-20"), uses),
    ];
    house.store.add_uses(&counted).await.unwrap();
    let held = house.store.uses(one).await.unwrap();
    assert_eq!(held.len(), 1, "the day in June is long past");
    assert_eq!((held[0].1.found, held[0].1.opened), (6, 2));
    assert_eq!(held[0].1.alerted, 8);
    let left = house.store.withdraw_network(one, Actor::Owner, NOW);
    left.await.unwrap();
    house.store.add_uses(&counted).await.unwrap();
    let held = house.store.uses(one).await.unwrap();
    assert_eq!(held[0].1.found, 6, "nothing is counted once it has left");
    purge(&house.store, NOW).await;
    assert_eq!(house.store.uses(one).await.unwrap(), []);
    assert_eq!(house.store.uses(two).await.unwrap()[0].1.found, 6);
}

#[tokio::test]
async fn the_key_of_a_networks_voices_is_in_no_byte_once_it_has_left() {
    if on_postgres("it reads the file") {
        return;
    }
    let house = House::with(&[1]).await;
    // Its key is drawn.
    house.store.put_network(&network(2), None).await.unwrap();
    let said = item(1, "a", "text");
    house.put(&source(1, "forum"), vec![said]).await;
    let keys: Vec<Vec<u8>> = query_scalar("SELECT secret FROM voice_keys ORDER BY network_id")
        .fetch_all(house.store.readers())
        .await
        .unwrap();
    let holding = |key: &[u8]| {
        let files = std::fs::read_dir(house.dir.path()).unwrap().flatten();
        files
            .filter(|file| {
                let bytes = std::fs::read(file.path()).unwrap_or_default();
                bytes.windows(key.len()).any(|window| window == key)
            })
            .count()
    };
    assert_eq!(keys.len(), 2);
    assert!(keys.iter().all(|key| key.len() >= 16 && holding(key) > 0));
    let one = NetworkId::from_u128(1);
    let left = house.store.withdraw_network(one, Actor::Owner, NOW);
    left.await.unwrap();
    purge(&house.store, NOW).await;
    assert_eq!(holding(&keys[0]), 0);
    assert!(holding(&keys[1]) > 0);
}
