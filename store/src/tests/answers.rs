//! Entries of what happened about a topic.

use discover_model::proof::sha256_hex;
use ring::signature::{ED25519, UnparsedPublicKey};

use super::support::*;
use crate::database::query;
use crate::{NewAnswer, Stage};
use discover_model::ledger::{Actor, LedgerEvent};
use discover_model::{ConversationId, NetworkId, TopicId};

const TEXT: &str = "From 7 December two walk-in mornings come back, says the pangolin.";
const BODY: &str = "Wexmoor Okapi Board";

fn new(conversations: &[ConversationId]) -> NewAnswer {
    NewAnswer {
        topic: TopicId::from_u128(7),
        stage: Stage::Answered,
        by: BODY.into(),
        due: Some("2026-12-19".parse().unwrap()),
        corrects: None,
        url: Some("https://board.example/okapi".into()),
        text: TEXT.into(),
        conversations: conversations.to_vec(),
        networks: vec![NetworkId::from_u128(1), NetworkId::from_u128(2)],
    }
}

async fn two_networks() -> (House, [ConversationId; 2]) {
    let house = House::with(&[1, 2]).await;
    let mut ids = Vec::new();
    for number in [1, 2] {
        let source = source(number, "forum");
        house.put(&source, vec![item(number, "a", "text")]).await;
        ids.push(house.thread(&source, "a").await.unwrap().id);
    }
    (house, ids.try_into().unwrap())
}

#[tokio::test]
async fn an_entry_is_signed_and_stands_in_the_ledger_by_hashes_alone() {
    let (house, ids) = two_networks().await;
    let written = house.store.write_answer(&new(&ids), NOW).await.unwrap();
    let held = house.store.answers(&[TopicId::from_u128(7)]).await.unwrap();
    assert_eq!(held, std::slice::from_ref(&written));
    let entry = house
        .store
        .ledger(written.ledger - 1, 1)
        .await
        .unwrap()
        .remove(0);
    assert_eq!(entry.fact.event, LedgerEvent::Answer);
    let salt = written.text_salt.as_deref().unwrap();
    let hash = sha256_hex(format!("{salt}\n{TEXT}").as_bytes());
    assert_eq!(entry.fact.text_sha256.as_deref(), Some(hash.as_str()));
    let mut list: Vec<String> = ids.iter().map(ToString::to_string).collect();
    list.sort_unstable();
    let salt = written.conversations_salt.as_deref().unwrap();
    let hash = sha256_hex(format!("{salt}\n{}", list.join("\n")).as_bytes());
    assert_eq!(entry.fact.conversations_sha256, Some(hash));
    let json = serde_json::to_string(&entry).unwrap();
    for said in ["pangolin", "Okapi", "board.example", &list[0]] {
        assert!(!json.contains(said), "{json}");
    }
    let key = data_encoding::HEXLOWER.decode(house.store.head_key().unwrap().as_bytes());
    let signature = data_encoding::HEXLOWER.decode(written.signature.as_bytes());
    let message = format!("discover answer\n1\n{}\n", entry.hash);
    UnparsedPublicKey::new(&ED25519, key.unwrap())
        .verify(message.as_bytes(), &signature.unwrap())
        .unwrap();
    house.store.verify_ledger().await.unwrap();
}

#[tokio::test]
async fn what_is_withdrawn_leaves_the_list_with_what_could_tell_of_it_and_the_entry_stays() {
    let (house, ids) = two_networks().await;
    let written = house.store.write_answer(&new(&ids), NOW).await.unwrap();
    let list = written.conversations_salt.unwrap();
    let one = NetworkId::from_u128(1);
    assert_eq!(house.store.answers_to(one, 5).await.unwrap().len(), 1);
    house
        .store
        .withdraw_network(one, Actor::Owner, NOW)
        .await
        .unwrap();
    purge(&house.store, NOW).await;
    let held = house
        .store
        .answers(&[TopicId::from_u128(7)])
        .await
        .unwrap()
        .remove(0);
    assert_eq!(held.conversations, [ids[1]]);
    assert_eq!((held.cited, held.conversations_salt), (2, None));
    assert_eq!(
        found_in(house.store.dir(), &[list.as_str()]),
        Vec::<&str>::new()
    );
    let late = house.store.write_answer(&new(&ids), NOW).await.unwrap();
    assert_eq!(
        (late.conversations, late.cited),
        (vec![ids[1]], 1),
        "what is gone is not named anew"
    );
    assert_eq!(held.text.as_deref(), Some(TEXT));
    assert!(house.store.answers_to(one, 5).await.unwrap().is_empty());
    // Nothing but the withdrawal reaches an entry.
    let mut writer = house.store.write().await.unwrap();
    let removed = query("DELETE FROM answers")
        .execute(writer.connection())
        .await;
    assert!(removed.is_err());
    writer.finish(Ok(())).await.unwrap();
}

#[tokio::test]
async fn a_conversation_that_finds_its_root_stays_in_the_list_by_its_new_id() {
    let house = House::with(&[1]).await;
    let forum = source(1, "forum");
    house.put(&forum, vec![reply(1, "b", "a")]).await;
    let before = house.thread(&forum, "b").await.unwrap().id;
    house
        .store
        .write_answer(&new(&[before]), NOW)
        .await
        .unwrap();
    house.put(&forum, vec![item(1, "a", "the root")]).await;
    let after = house.thread(&forum, "b").await.unwrap().id;
    assert_ne!(before, after);
    let held = house
        .store
        .answers(&[TopicId::from_u128(7)])
        .await
        .unwrap()
        .remove(0);
    assert_eq!(held.conversations, [after]);
    // Who names it by its former id means the same.
    let again = house.store.write_answer(&new(&[before]), NOW).await;
    assert_eq!(again.unwrap().conversations, [after]);
}

#[tokio::test]
async fn an_erased_text_leaves_no_byte_and_comes_back_with_no_backup() {
    if on_postgres("a copy is a file") {
        return;
    }
    let (house, ids) = two_networks().await;
    let first = house.store.write_answer(&new(&ids), NOW).await.unwrap();
    let copy = tempfile::tempdir().unwrap();
    let copy = copy.path().join("copy");
    house.store.backup(&copy).await.unwrap();
    let because = "it named somebody";
    house.store.erase_answer(1, because, NOW).await.unwrap();
    assert!(
        house.store.erase_answer(1, because, NOW).await.is_err(),
        "only once"
    );
    house
        .store
        .write_answer(&new(&ids[..1]), NOW)
        .await
        .unwrap();
    purge(&house.store, NOW).await;
    let held = house.store.answers(&[TopicId::from_u128(7)]).await.unwrap();
    let erased = held[0].erased.clone().unwrap();
    assert_eq!((erased.because.as_str(), erased.at), (because, NOW));
    assert_eq!(
        (&held[0].text, &held[0].text_salt, &held[0].url),
        (&None, &None, &None)
    );
    assert_eq!(held[0].text_sha256, first.text_sha256);
    let salt = first.text_salt.unwrap();
    assert_eq!(
        found_in(house.store.dir(), &[salt.as_str()]),
        Vec::<&str>::new()
    );

    let restored = open(&copy).await.unwrap();
    let newer = house.store.ledger(0, 99).await.unwrap();
    restored.replay_ledger(&newer).await.unwrap();
    purge(&restored, NOW).await;
    let held = restored
        .answers(&[TopicId::from_u128(7)])
        .await
        .unwrap()
        .remove(0);
    assert!(held.text.is_none() && held.erased.is_some());
    assert_eq!(found_in(&copy, &[salt.as_str()]), Vec::<&str>::new());
    // The second entry is not in the copy, and its number is not given again.
    let next = restored.write_answer(&new(&[]), NOW).await.unwrap();
    assert_eq!(next.seq, 3);
}
