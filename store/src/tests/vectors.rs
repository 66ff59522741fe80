use discover_model::ledger::Actor;
use discover_model::*;

use super::support::*;
use crate::KeptVector;

const MODEL: [u8; 16] = [3; 16];
/// No text holds these bytes.
const NUMBERS: &str = "xqvectorbytesqx";

async fn conversation(house: &House, network: u128, key: &str) -> ConversationId {
    house
        .thread(&source(network, "forum"), key)
        .await
        .unwrap()
        .id
}

fn vector(conversation: ConversationId) -> KeptVector {
    KeptVector {
        conversation,
        digest: [7; 16],
        language: "cy".parse().ok(),
        vector: NUMBERS.as_bytes().to_vec(),
    }
}

async fn house_with_vectors() -> (House, ConversationId, ConversationId) {
    let house = House::with(&[1, 2]).await;
    for network in [1, 2] {
        house
            .put(&source(network, "forum"), vec![item(network, "a", "text")])
            .await;
    }
    let (one, two) = (
        conversation(&house, 1, "a").await,
        conversation(&house, 2, "a").await,
    );
    let seq = house.store.last_seq().await.unwrap();
    let kept = [vector(one), vector(two)];
    assert_eq!(
        house.store.keep_vectors(MODEL, seq, &kept).await.unwrap(),
        2
    );
    (house, one, two)
}

#[tokio::test]
async fn vectors_are_found_under_their_model_alone() {
    let (house, one, two) = house_with_vectors().await;
    let all = house.store.vectors(MODEL).await.unwrap();
    assert_eq!(all.len(), 2);
    assert!(all.iter().all(|(_, began)| *began == Some(NOW - days(2))));
    let found = house.store.vectors_of(MODEL, &[one]).await.unwrap();
    assert_eq!(found.into_values().collect::<Vec<_>>(), [vector(one)]);
    assert!(
        house
            .store
            .vectors_of([4; 16], &[one, two])
            .await
            .unwrap()
            .is_empty()
    );
    assert_eq!(house.store.count_vectors(MODEL).await.unwrap(), 2);
    assert_eq!(house.store.forget_vectors().await.unwrap(), 2);
}

#[tokio::test]
async fn a_vector_goes_when_its_text_changes_and_none_is_kept_of_an_older_text() {
    let (house, one, two) = house_with_vectors().await;
    let seq = house.store.last_seq().await.unwrap();
    house
        .put(&source(1, "forum"), vec![item(1, "a", "another text")])
        .await;
    assert_eq!(house.store.count_vectors(MODEL).await.unwrap(), 1);
    let late = [vector(one), vector(two)];
    assert_eq!(
        house.store.keep_vectors(MODEL, seq, &late).await.unwrap(),
        1
    );
    assert!(
        house
            .store
            .vectors_of(MODEL, &[one])
            .await
            .unwrap()
            .is_empty()
    );
}

#[tokio::test]
async fn the_purge_leaves_no_byte_of_a_vector() {
    let (house, one, two) = house_with_vectors().await;
    house.store.forget_vectors().await.unwrap();
    let seq = house.store.last_seq().await.unwrap();
    house
        .store
        .keep_vectors(MODEL, seq, &[vector(one)])
        .await
        .unwrap();
    assert_eq!(house.found(&[NUMBERS]), [NUMBERS]);
    house
        .store
        .withdraw_network(NetworkId::from_u128(1), Actor::Owner, NOW)
        .await
        .unwrap();
    purge(&house.store, NOW).await;
    assert_eq!(house.found(&[NUMBERS]), Vec::<&str>::new());
    assert_eq!(house.store.count_vectors(MODEL).await.unwrap(), 0);
    // Another network's can be kept as before.
    let seq = house.store.last_seq().await.unwrap();
    assert_eq!(
        house
            .store
            .keep_vectors(MODEL, seq, &[vector(two)])
            .await
            .unwrap(),
        1
    );
}
