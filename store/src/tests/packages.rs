//! Signatures of packages, and the consents that they name.

use discover_model::GrantId;

use super::support::*;
use crate::is_signed_package;

#[tokio::test]
async fn a_package_is_checked_by_the_public_key_alone_and_every_change_of_it_is_seen() {
    let house = House::with(&[1]).await;
    let manifest = b"{\"label\":\"blood tests\"}";
    let signature = house.store.sign_package(manifest).unwrap();
    let key = house.store.head_key().unwrap();
    assert!(is_signed_package(&key, manifest, &signature));
    assert!(!is_signed_package(
        &key,
        b"{\"label\":\"other tests\"}",
        &signature
    ));
    assert!(!is_signed_package(&"0".repeat(64), manifest, &signature));
    for wrong in ["", "zz", &signature[2..]] {
        assert!(!is_signed_package(&key, manifest, wrong));
        assert!(!is_signed_package(wrong, manifest, &signature));
    }
}

#[tokio::test]
async fn grants_come_with_the_entry_that_recorded_them_and_unknown_ones_do_not_come() {
    let house = House::with(&[1, 2]).await;
    let held: Vec<GrantId> = house
        .store
        .grants(None)
        .await
        .unwrap()
        .iter()
        .map(|grant| grant.id)
        .collect();
    let asked = [held[0], GrantId::from_u128(99)];
    let recorded = house.store.recorded_grants(&asked).await.unwrap();
    assert_eq!(recorded.len(), 1);
    assert_eq!(recorded[0].grant.id, held[0]);
    assert_eq!(recorded[0].entry.fact.grant, Some(held[0]));
    let evidence = &recorded[0].grant.evidence.sha256;
    assert_eq!(
        recorded[0].entry.fact.evidence_sha256.as_ref(),
        Some(evidence)
    );
}
