use discover_model::ledger::{Actor, LedgerEvent, PartKind};
use discover_model::network::NetworkState;
use discover_model::proof::ProofMethod;
use discover_model::*;

use super::support::*;
use crate::{Commit, ExpiryClock, Hide, StoreError, Subject};

/// Text and names that only the first network has.
const TRACES: &[&str] = &[
    "Quokka Network 1",
    "Wombat Society 1",
    "owner1@narwhal.example",
    "site1.example",
    "zyzzyva",
    "net-1",
];

async fn two_full_networks() -> House {
    let house = House::with(&[1, 2]).await;
    for network in [1, 2] {
        let source = source(network, "forum");
        for batch in 0..5 {
            let word = if network == 1 { "zyzzyva" } else { "keeper" };
            let items = (0..100)
                .map(|n| {
                    item(
                        network,
                        &format!("{batch}-{n}"),
                        &format!("{word} {}", "x ".repeat(n * 7)),
                    )
                })
                .collect();
            house.put(&source, items).await;
        }
        // Rows that moved, grew and went leave remains in pages.
        let edited = (0..100)
            .map(|n| {
                item(
                    network,
                    &format!("1-{n}"),
                    &format!("zyzzyva? {}", "y ".repeat(n * 11)),
                )
            })
            .collect();
        if network == 1 {
            house.put(&source, edited).await;
        }
        let commit = Commit {
            refusals: vec![(Refusal::Held, format!("https://site{network}.example/held"))],
            state_json: Some(format!("{{\"next\":\"https://site{network}.example/p2\"}}")),
            ..Commit::new(&source)
        };
        house.store.commit(commit, NOW).await.unwrap();
        house
            .put(&source, vec![reply(network, "early", "late")])
            .await;
        house
            .put(&source, vec![item(network, "late", "root")])
            .await;
    }
    house
}

#[tokio::test]
async fn a_withdrawal_hides_at_once_and_the_purge_leaves_no_byte() {
    let house = two_full_networks().await;
    let (one, two) = (NetworkId::from_u128(1), NetworkId::from_u128(2));
    assert_eq!(house.found(TRACES).len(), TRACES.len());
    let kept = house
        .store
        .network_conversations(two, None, 999)
        .await
        .unwrap();
    let mut going = house
        .store
        .network_conversations(one, None, 999)
        .await
        .unwrap();
    let before = house.store.visibility().await.unwrap();
    let visibility = house
        .store
        .withdraw_network(one, Actor::Owner, NOW)
        .await
        .unwrap();
    assert!(visibility.generation > before.generation);
    assert!(!visibility.shows_network(one) && visibility.shows_network(two));
    assert!(
        house
            .store
            .due(NOW, 9)
            .await
            .unwrap()
            .iter()
            .all(|due| due.source.network == two)
    );
    let last = house.store.ledger(0, 99).await.unwrap().pop().unwrap();
    assert_eq!(
        (last.fact.event, last.fact.network),
        (LedgerEvent::Withdrawn, one)
    );
    // Once is enough.
    let again = house
        .store
        .withdraw_network(one, Actor::Owner, NOW)
        .await
        .unwrap();
    assert_eq!(again.generation, visibility.generation);
    assert_eq!(house.store.counts().await.unwrap().networks, 1);

    let seq = house.store.last_seq().await.unwrap();
    let mut purged = purge(&house.store, NOW).await;
    assert_eq!(purged.len(), 1);
    let mut purged = purged.pop().unwrap();
    assert_eq!(
        (purged.network, purged.posts, purged.whole()),
        (one, 502, true)
    );
    purged.conversations.sort_unstable();
    going.sort_unstable();
    assert_eq!(purged.conversations, going);
    assert_eq!(house.found(TRACES), Vec::<&str>::new());
    let changes = house.store.changes(seq, 9999).await.unwrap();
    assert_eq!(changes.len(), 501);
    assert!(
        changes
            .iter()
            .all(|change| change.gone && change.network == one)
    );
    let last = house.store.ledger(0, 99).await.unwrap().pop().unwrap();
    assert_eq!(
        (last.fact.event, last.fact.posts),
        (LedgerEvent::Purged, Some(502))
    );
    house.store.verify_ledger().await.unwrap();
    house.store.integrity_check().await.unwrap();
    // The other network is whole, and the first stays hidden.
    assert_eq!(
        house
            .store
            .network_conversations(two, None, 999)
            .await
            .unwrap(),
        kept
    );
    assert_eq!(
        house.store.conversations(&kept).await.unwrap().len(),
        kept.len()
    );
    assert!(!house.store.visibility().await.unwrap().shows_network(one));
    assert!(purge(&house.store, NOW).await.is_empty());
}

#[tokio::test]
async fn a_purge_that_was_broken_off_is_completed() {
    let house = two_full_networks().await;
    let one = NetworkId::from_u128(1);
    house
        .store
        .withdraw_network(one, Actor::Owner, NOW)
        .await
        .unwrap();
    // As after a crash in the middle of the deletion, and after one between deletion and scrubbing.
    assert!(house.store.erase_once(NOW).await.unwrap());
    let refused = house
        .put(&source(1, "forum"), vec![item(1, "x", "x")])
        .await;
    assert_eq!(refused.refused, 1);
    let store = open(house.dir.path()).await.unwrap();
    while store.erase_once(NOW).await.unwrap() {}
    assert!(!house.found(TRACES).is_empty());
    let purged = purge(&store, NOW).await;
    assert_eq!((purged[0].network, purged[0].posts), (one, 502));
    assert_eq!(house.found(TRACES), Vec::<&str>::new());
}

#[tokio::test]
async fn a_withdrawal_sticks_until_a_newer_proof_on_the_site() {
    let house = House::with(&[1]).await;
    let one = NetworkId::from_u128(1);
    let day_after = NOW + days(1);
    assert!(!house.store.is_withdrawn_origin(&origin(1)).await.unwrap());
    house
        .store
        .withdraw_network(one, Actor::Owner, day_after)
        .await
        .unwrap();
    let same = house.store.put_network(&network(1), None).await;
    assert!(matches!(same, Err(StoreError::Withdrawn { .. })));
    purge(&house.store, day_after).await;
    let same = house.store.put_network(&network(1), None).await;
    assert!(matches!(same, Err(StoreError::Withdrawn { .. })));
    assert!(house.store.is_withdrawn_origin(&origin(1)).await.unwrap());
    assert!(!house.store.is_withdrawn_origin(&origin(2)).await.unwrap());

    // The same site under a new registration.
    let mut anew = network(9);
    anew.slug = "net-1".into();
    house.store.put_network(&anew, None).await.unwrap();
    let ask = async |method, seen, path: &str| {
        let mut grant = grant(9);
        grant.scope = Scope::new(origin(1), &[path]).unwrap();
        grant.evidence.method = method;
        grant.evidence.seen = seen;
        house
            .store
            .put_grant(
                &Grant::recorded(grant.clone()),
                LedgerEvent::Granted,
                Actor::Owner,
                NOW,
            )
            .await
    };
    let old = ask(ProofMethod::WellKnown, NOW, "/").await;
    assert!(matches!(old, Err(StoreError::WithdrawnScope { .. })));
    let part = ask(ProofMethod::WellKnown, NOW, "/forum/").await;
    assert!(matches!(part, Err(StoreError::WithdrawnScope { .. })));
    let paper = ask(ProofMethod::Attested, NOW + days(9), "/").await;
    assert!(matches!(paper, Err(StoreError::WithdrawnScope { .. })));
    ask(ProofMethod::WellKnown, NOW + days(9), "/")
        .await
        .unwrap();
}

#[tokio::test]
async fn a_folder_proves_nothing_where_the_proof_of_its_origin_stands_or_was_withdrawn() {
    let house = House::with(&[]).await;
    for number in [1, 2, 3] {
        house
            .store
            .put_network(&network(number), None)
            .await
            .unwrap();
    }
    let folder = async |of: u128, at: jiff::Timestamp| {
        let mut grant = grant(of);
        grant.scope = Scope::new(origin(1), &["/~ann/"]).unwrap();
        grant.evidence.folder = Some("/~ann/".to_owned());
        grant.evidence.seen = at;
        let granted = Grant::recorded(grant);
        let event = LedgerEvent::Granted;
        house
            .store
            .put_grant(&granted, event, Actor::Owner, at)
            .await
    };
    folder(2, NOW).await.unwrap();
    let withdrawn = house
        .store
        .withdraw_network(NetworkId::from_u128(2), Actor::Owner, NOW);
    withdrawn.await.unwrap();
    folder(3, NOW + days(1)).await.unwrap();

    // A neighbour's proof of a part of the site is still the site's own.
    let mut of_site = grant(1);
    of_site.scope = Scope::new(origin(1), &["/forum/"]).unwrap();
    let granted = Grant::recorded(of_site);
    let event = LedgerEvent::Granted;
    let put = house.store.put_grant(&granted, event, Actor::Owner, NOW);
    put.await.unwrap();
    let refused = |answer| matches!(answer, Err(StoreError::OriginHasSpoken { .. }));
    assert!(refused(folder(3, NOW + days(2)).await));
    let withdrawn =
        house
            .store
            .withdraw_network(NetworkId::from_u128(1), Actor::Owner, NOW + days(3));
    withdrawn.await.unwrap();
    purge(&house.store, NOW + days(3)).await;
    assert!(refused(folder(3, NOW + days(9)).await));
}

#[tokio::test]
async fn neighbours_on_a_shared_host_do_not_withdraw_each_other() {
    let house = House::with(&[]).await;
    house.store.put_network(&network(1), None).await.unwrap();
    let mut tilde = grant(1);
    tilde.scope = Scope::new(origin(1), &["/~ann/"]).unwrap();
    house
        .store
        .put_grant(
            &Grant::recorded(tilde.clone()),
            LedgerEvent::Granted,
            Actor::Owner,
            NOW,
        )
        .await
        .unwrap();
    house
        .store
        .withdraw_network(tilde.network, Actor::Owner, NOW)
        .await
        .unwrap();
    let asked = async |path: &str| {
        let scope = Scope::new(origin(1), &[path]).unwrap();
        house.store.withdrawn_at(&scope).await.unwrap().is_some()
    };
    assert!(asked("/~ann/").await);
    assert!(asked("/~ann/blog/").await);
    assert!(asked("/").await);
    assert!(!asked("/~bob/").await);
    assert!(!asked("/~annie/").await);
}

#[tokio::test]
async fn what_is_withdrawn_of_a_network_is_erased_and_stays_away() {
    let house = House::with(&[1]).await;
    let source = source(1, "forum");
    let (mut private, mut public) = (item(1, "a", "zyzzyva"), item(1, "b", "keeper"));
    private.url = "https://site1.example/private/a".parse().unwrap();
    public.url = "https://site1.example/privately/b".parse().unwrap();
    let items = || {
        vec![
            private.clone(),
            public.clone(),
            item(1, "c", "okapi"),
            reply(1, "d", "c"),
        ]
    };
    house.put(&source, items()).await;
    let hide = Hide::Path {
        network: source.network,
        origin: origin(1),
        prefix: "/private/".into(),
    };
    let visibility = house
        .store
        .withdraw_part(&hide, Actor::Owner, NOW)
        .await
        .unwrap();
    let hidden = house.thread(&source, "a").await.unwrap();
    assert!(hidden.visible(&visibility).is_none());
    let thread = house.thread(&source, "c").await.unwrap().id;
    let hide = Hide::Conversation(thread);
    house
        .store
        .withdraw_part(&hide, Actor::Owner, NOW)
        .await
        .unwrap();
    let purged = purge(&house.store, NOW).await;
    let parts: Vec<_> = purged
        .iter()
        .map(|purged| (purged.part.as_ref().unwrap().kind, purged.posts))
        .collect();
    assert_eq!(
        parts,
        [(PartKind::Conversation, 2), (PartKind::Path, 1)],
        "each part has its own receipt"
    );
    let entries = house.store.ledger(1, 99).await.unwrap();
    let said: Vec<_> = entries
        .iter()
        .map(|entry| (entry.fact.event, entry.fact.part.as_ref().unwrap().kind))
        .collect();
    assert_eq!(
        said,
        [
            (LedgerEvent::Withdrawn, PartKind::Path),
            (LedgerEvent::Withdrawn, PartKind::Conversation),
            (LedgerEvent::Purged, PartKind::Conversation),
            (LedgerEvent::Purged, PartKind::Path),
        ]
    );
    assert_eq!(house.found(&["zyzzyva", "keeper", "okapi"]), ["keeper"]);
    let mut late = reply(1, "e", "x");
    late.root = Some("c".into());
    let mut all = items();
    all.push(late);
    private.key = "other".into();
    all.push(private.clone());
    let done = house.put(&source, all).await;
    assert_eq!((done.stored, done.unchanged), (1, 1), "{done:?}");
    // The path was named until nothing of it was left; now it is known by a keyed hash alone.
    let visibility = house.store.visibility().await.unwrap();
    assert!(visibility.paths.is_empty(), "{visibility:?}");
    purge(&house.store, NOW).await;
    assert!(house.found(&["/private/"]).is_empty());
    let again = Hide::Path {
        network: source.network,
        origin: origin(1),
        prefix: "/private/".into(),
    };
    let said = house.store.ledger(1, 99).await.unwrap().len();
    house
        .store
        .withdraw_part(&again, Actor::Owner, NOW)
        .await
        .unwrap();
    purge(&house.store, NOW).await;
    assert_eq!(house.store.ledger(1, 99).await.unwrap().len(), said);
    // The late reply stands alone under another id; nothing joins it to what was withdrawn.
    assert_ne!(house.thread(&source, "e").await.unwrap().id, thread);
}

#[tokio::test]
async fn the_address_of_what_was_taken_out_is_listed_to_nobody() {
    let house = House::with(&[1]).await;
    let source = source(1, "forum");
    let mut secret = item(1, "zyzzyva", "text");
    secret.url = "https://site1.example/t/zyzzyva".parse().unwrap();
    house.put(&source, vec![secret.clone()]).await;
    let refused = |refusal| Commit {
        refusals: vec![(refusal, secret.url.to_string())],
        ..Commit::new(&source)
    };
    // It was refused before it was kept, and the crawler meets it again once it is withdrawn.
    let held = refused(Refusal::Held);
    house.store.commit(held, NOW).await.unwrap();
    let post = PostId::derive(source.network, source.id, "zyzzyva");
    let what = Hide::Post(post);
    let done = house.store.withdraw_part(&what, Actor::Owner, NOW);
    done.await.unwrap();
    purge(&house.store, NOW).await;
    for _ in 0..2 {
        house.put(&source, vec![secret.clone()]).await;
        let again = refused(Refusal::Withdrawn);
        house.store.commit(again, NOW).await.unwrap();
    }
    let counts = house.store.counts().await.unwrap();
    assert_eq!(counts.refused[&Refusal::Withdrawn], 1);
    let listed = house.store.refusals(source.network, 99).await.unwrap();
    assert_eq!(listed, []);
    house.store.close().await;
    assert_eq!(house.found(&["zyzzyva"]), Vec::<&str>::new());
}

#[tokio::test]
async fn hiding_counts_generations_and_can_be_undone() {
    let house = House::with(&[1]).await;
    let source = source(1, "forum");
    house.put(&source, vec![item(1, "a", "text")]).await;
    let post = PostId::derive(source.network, source.id, "a");
    let hide = async || {
        house
            .store
            .hide(&Hide::Post(post), Refusal::Objected, NOW)
            .await
            .unwrap()
    };
    let start = house.store.visibility().await.unwrap().generation;
    let hidden = hide().await;
    assert_eq!(hidden.generation, start + 1);
    assert!(hidden.posts.contains(&post));
    assert_eq!(hide().await.generation, start + 1);
    let shown = house.store.show(&Hide::Post(post)).await.unwrap();
    assert_eq!((shown.generation, shown.posts.len()), (start + 2, 0));
    // What its owner withdrew is not shown again by anybody else.
    let what = Hide::Post(post);
    let withdrawn = house.store.withdraw_part(&what, Actor::Owner, NOW);
    withdrawn.await.unwrap();
    let still = house.store.show(&Hide::Post(post)).await.unwrap();
    assert!(still.posts.contains(&post));
    let mut lapsed = network(1);
    lapsed.state = NetworkState::Lapsed;
    house.store.put_network(&lapsed, None).await.unwrap();
    let now = house.store.visibility().await.unwrap();
    assert_eq!(now.generation, start + 4);
    assert!(!now.shows_network(source.network));
}

#[tokio::test]
async fn posts_expire_by_retention_but_not_by_a_jump_of_the_clock() {
    let house = House::with(&[1]).await;
    let source = source(1, "forum");
    let old = (0..5).map(|n| item(1, &format!("old{n}"), "old")).collect();
    house.put(&source, old).await;
    let later = NOW + days(200);
    let fresh = (0..60)
        .map(|n| item(1, &format!("new{n}"), "new"))
        .collect();
    house.put_at(&source, fresh, later).await;
    assert_eq!(
        house
            .store
            .expire(later, ExpiryClock::Trusted)
            .await
            .unwrap()
            .posts,
        0
    );
    // Five of 65 is less than a tenth; two months are no jump then.
    let due = NOW + days(366);
    assert_eq!(
        house
            .store
            .expire(due, ExpiryClock::Trusted)
            .await
            .unwrap()
            .posts,
        5
    );
    let jump = NOW + days(2000);
    let refused = house.store.expire(jump, ExpiryClock::Trusted).await;
    assert!(
        matches!(
            refused,
            Err(StoreError::ClockJump {
                posts: 60,
                of: 60,
                ..
            })
        ),
        "{refused:?}"
    );
    // Nothing of it is shown meanwhile, and the waiting ends: when the clock is right again, by the operator's word, or
    // after a week.
    let hidden = async || house.store.visibility().await.unwrap().posts.len();
    assert_eq!(hidden().await, 60);
    let wait = house.store.expiry_wait().await.unwrap().unwrap();
    assert_eq!((wait.since, wait.left, wait.posts), (jump, days(7), 60));
    assert_eq!(
        house
            .store
            .expire(due + days(1), ExpiryClock::Trusted)
            .await
            .unwrap()
            .posts,
        0
    );
    assert_eq!(
        (hidden().await, house.store.expiry_wait().await.unwrap()),
        (0, None)
    );
    assert!(
        house
            .store
            .expire(jump, ExpiryClock::Trusted)
            .await
            .is_err()
    );
    house.lives(jump + days(6), 6).await;
    assert!(
        house
            .store
            .expire(jump + days(6), ExpiryClock::Trusted)
            .await
            .is_err()
    );
    assert_eq!(hidden().await, 60);
    house.lives(jump + days(7), 1).await;
    let after_a_week = house
        .store
        .expire(jump + days(7), ExpiryClock::Trusted)
        .await
        .unwrap();
    assert_eq!((after_a_week.posts, hidden().await), (60, 0));
    assert_eq!(house.store.conversation_ids(None, 9).await.unwrap(), []);
    let barred = house.store.taken_back(source.network).await.unwrap();
    assert_eq!(barred.len(), 65);
    assert!(barred.values().all(|refusal| *refusal == Refusal::TooOld));
}

#[tokio::test]
async fn what_is_hidden_or_shown_again_is_read_again_by_index_and_graph() {
    let house = House::with(&[1, 2]).await;
    let source = source(1, "forum");
    house
        .put(&source, vec![item(1, "a", "one"), item(1, "b", "two")])
        .await;
    let root = PostId::derive(source.network, source.id, "a");
    let changed = async |from: u64| house.store.changes(from, 99).await.unwrap().len();
    let store = &house.store;
    let last = async || store.last_seq().await.unwrap();

    let from = last().await;
    store
        .hide(&Hide::Post(root), Refusal::Objected, NOW)
        .await
        .unwrap();
    assert_eq!(changed(from).await, 1, "the conversation of the post alone");
    store
        .hide(&Hide::Post(root), Refusal::Objected, NOW)
        .await
        .unwrap();
    assert_eq!(changed(from).await, 1, "hidden already");
    let from = last().await;
    store
        .hide(&Hide::Source(source.id), Refusal::Closed, NOW)
        .await
        .unwrap();
    assert_eq!(changed(from).await, 2);
    let from = last().await;
    store
        .pause_network(source.network, Actor::Owner, NOW)
        .await
        .unwrap();
    assert_eq!(changed(from).await, 2);
    let from = last().await;
    store
        .resume_network(source.network, Actor::Owner, NOW)
        .await
        .unwrap();
    assert_eq!(changed(from).await, 2);
}

#[tokio::test]
async fn a_restored_backup_carries_out_the_withdrawals_since() {
    if on_postgres("a copy is a file") {
        return;
    }
    let house = two_full_networks().await;
    let copy = tempfile::tempdir().unwrap();
    let copy = copy.path().join("copy");
    house.store.backup(&copy).await.unwrap();
    let one = NetworkId::from_u128(1);
    house
        .store
        .withdraw_network(one, Actor::Owner, NOW)
        .await
        .unwrap();
    purge(&house.store, NOW).await;
    house.register(3).await;

    let restored = open(&copy).await.unwrap();
    restored.integrity_check().await.unwrap();
    assert_eq!(restored.instance_key(), house.store.instance_key());
    assert!(restored.visibility().await.unwrap().shows_network(one));
    let newer = house.store.ledger(0, 99).await.unwrap();
    assert_eq!(restored.replay_ledger(&newer).await.unwrap(), 3);
    assert!(!restored.visibility().await.unwrap().shows_network(one));
    assert_eq!(purge(&restored, NOW).await[0].posts, 502);
    assert_eq!(found_in(&copy, TRACES), Vec::<&str>::new());
    restored.verify_ledger().await.unwrap();
    let forged: Vec<_> = newer.iter().skip(1).cloned().collect();
    assert!(restored.replay_ledger(&forged).await.is_err());
}

#[tokio::test]
async fn consent_can_be_followed_from_a_post_to_the_head_of_the_ledger() {
    let house = House::with(&[1, 2]).await;
    let source = source(1, "forum");
    house.put(&source, vec![item(1, "a", "text")]).await;
    let thread = house.thread(&source, "a").await.unwrap();
    let proof = house.store.consent_proof(thread.id).await.unwrap().unwrap();
    assert_eq!(*proof.grant, grant(1));
    assert_eq!(proof.entry.fact.event, LedgerEvent::Granted);
    assert_eq!((proof.entry.seq, proof.head.0, proof.path.len()), (1, 2, 1));
    assert_eq!(proof.path.last(), Some(&proof.head.1));
    let by_post = house
        .store
        .consent_proof(Subject::Post(thread.posts[0].id))
        .await;
    assert_eq!(by_post.unwrap(), Some(proof));
    let none = house.store.consent_proof(PostId::from_u128(5)).await;
    assert_eq!(none.unwrap(), None);
}

#[tokio::test]
async fn a_restore_begins_an_epoch_in_which_no_older_token_counts() {
    if on_postgres("a copy is a file") {
        return;
    }
    let house = House::with(&[1]).await;
    let first = house.store.proof_key();
    assert_eq!(
        first,
        house.store.instance_key(),
        "tokens of before stay as they are"
    );
    house.store.begin_proof_epoch(NOW).await.unwrap();
    let second = house.store.proof_key();
    house.store.begin_proof_epoch(NOW).await.unwrap();
    assert!(second != first && house.store.proof_key() != second);
    let again = open(house.dir.path()).await.unwrap();
    assert_eq!(again.proof_key(), house.store.proof_key());
}
