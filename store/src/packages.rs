//! Packages that are handed on: signed by the key of the ledger's heads, with the consents that they rest on.
//!
//! Contract: what is signed is the SHA-256 of a package's manifest, which names the SHA-256 of each of its files. A check
//! takes the public key, and nothing of this instance.

use discover_model::ledger::LedgerEntry;
use discover_model::proof::sha256_hex;
use discover_model::{Grant, GrantId};
use ring::signature::{ED25519, UnparsedPublicKey};

use crate::consent::grants;
use crate::database::query;
use crate::row::{hex, id_list};
use crate::{Store, StoreError};

/// A grant, and the entry of the ledger that recorded it as it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RecordedGrant {
    pub grant: Grant,
    pub entry: LedgerEntry,
}

impl Store {
    /// Ed25519 over `discover package\n{sha256 of the manifest}\n`, as lower-case hex.
    pub fn sign_package(&self, manifest: &[u8]) -> Result<String, StoreError> {
        Ok(hex(self
            .head_pair()?
            .sign(message(manifest).as_bytes())
            .as_ref()))
    }

    /// Those of some grants that are held and recorded, by their ids.
    pub async fn recorded_grants(
        &self,
        grants: &[GrantId],
    ) -> Result<Vec<RecordedGrant>, StoreError> {
        let rows = query(
            "SELECT * FROM grants WHERE grant_id IN (SELECT unhex(value) FROM json_each(?)) ORDER BY grant_id",
        )
        .bind(id_list(grants.iter().map(|grant| grant.to_bytes())))
        .fetch_all(self.readers())
        .await
        .map_err(StoreError::from);
        let mut recorded = Vec::new();
        for row in &self.named(rows)? {
            let grant = grants::read_grant(row)?;
            let entry = self.named(grants::last_entry(self.readers(), grant.id).await)?;
            recorded.extend(entry.map(|entry| RecordedGrant { grant, entry }));
        }
        Ok(recorded)
    }
}

/// Whether the holder of `key` signed this manifest; key and signature as lower-case hex.
pub fn is_signed_package(key: &str, manifest: &[u8], signature: &str) -> bool {
    let bytes = |text: &str| data_encoding::HEXLOWER.decode(text.as_bytes()).ok();
    let (Some(key), Some(signature)) = (bytes(key), bytes(signature)) else {
        return false;
    };
    UnparsedPublicKey::new(&ED25519, key)
        .verify(message(manifest).as_bytes(), &signature)
        .is_ok()
}

fn message(manifest: &[u8]) -> String {
    format!("discover package\n{}\n", sha256_hex(manifest))
}
