//! Owners' keys: shown once, kept as a hash, destroyed with the network.

use discover_model::NetworkId;
use hmac::{Hmac, Mac};
use jiff::Timestamp;
use sha2::{Digest, Sha256};

use crate::consent::network_state;
use crate::database::{query, query_scalar};
use crate::row::{hex, micros};
use crate::{Store, StoreError, files};

/// What an owner's key begins with.
const PREFIX: &str = "owner_";

impl Store {
    /// Gives the owner of a network a new key; the old one ends. The key itself is returned this once and not kept.
    pub async fn make_owner_key(
        &self,
        network: NetworkId,
        now: Timestamp,
    ) -> Result<String, StoreError> {
        let key = format!("{PREFIX}{}", hex(&files::random()?));
        let mut writer = self.write().await?;
        let result = async {
            network_state::state_of(writer.connection(), network).await?;
            query(
                "INSERT INTO owner_keys (network_id, sha256, made) VALUES (?, ?, ?)
                 ON CONFLICT (network_id) DO UPDATE SET sha256 = excluded.sha256, made = excluded.made",
            )
            .bind(network.to_bytes().to_vec())
            .bind(Sha256::digest(key.as_bytes()).to_vec())
            .bind(micros(now))
            .execute(writer.connection())
            .await?;
            Ok(())
        }
        .await;
        writer.finish(result).await?;
        Ok(key)
    }

    /// Whether `key` is the owner's key of the network. Takes the same time whether or not there is such a network.
    pub async fn is_owner_key(
        &self,
        network: Option<NetworkId>,
        key: &str,
    ) -> Result<bool, StoreError> {
        let held = self.owner_key_hash(network).await?;
        // Comparing two keyed hashes takes the same time wherever they differ.
        let blind = self.sub_key("owner key");
        let given = keyed(&blind, &Sha256::digest(key.trim().as_bytes()));
        let found = given == keyed(&blind, held.as_deref().unwrap_or_default());
        Ok(found && held.is_some())
    }

    /// Whether `signature` (hex) is HMAC-SHA256 of `message` under the SHA-256 of the owner's key: how a request
    /// is signed without sending the key.
    pub async fn is_signed_by_owner(
        &self,
        network: NetworkId,
        message: &str,
        signature: &str,
    ) -> Result<bool, StoreError> {
        let Some(held) = self.owner_key_hash(Some(network)).await? else {
            return Ok(false);
        };
        let Ok(signature) = data_encoding::HEXLOWER_PERMISSIVE.decode(signature.as_bytes()) else {
            return Ok(false);
        };
        let mut mac =
            Hmac::<Sha256>::new_from_slice(&held).expect("HMAC takes a key of any length");
        mac.update(message.as_bytes());
        Ok(mac.verify_slice(&signature).is_ok())
    }

    /// What stands as long as the owner of a network is who it was: another one after a new key, none once the network
    /// has left. It says nothing about the key.
    pub async fn owner_stamp(&self, network: NetworkId) -> Result<Option<String>, StoreError> {
        let row = query(
            "SELECT k.sha256 FROM networks n LEFT JOIN owner_keys k ON k.network_id = n.network_id
             WHERE n.network_id = ? AND n.state <> 'withdrawn'",
        )
        .bind(network.to_bytes().to_vec())
        .fetch_optional(self.readers())
        .await
        .map_err(StoreError::from);
        let Some(row) = self.named(row)? else {
            return Ok(None);
        };
        let held: Option<Vec<u8>> = row.try_get("sha256")?;
        let held = held.map_or_else(String::new, |hash| hex(&hash));
        Ok(Some(self.seal("owner session", &[&held])))
    }

    /// A keyed hash (hex) of several texts that only this instance can make: for what travels through a browser and must
    /// come back as it was.
    pub fn seal(&self, label: &str, parts: &[&str]) -> String {
        let mut mac = Hmac::<Sha256>::new_from_slice(&self.sub_key(label))
            .expect("HMAC takes a key of any length");
        for part in parts {
            mac.update(&(part.len() as u64).to_be_bytes());
            mac.update(part.as_bytes());
        }
        hex(&mac.finalize().into_bytes())
    }

    async fn owner_key_hash(
        &self,
        network: Option<NetworkId>,
    ) -> Result<Option<Vec<u8>>, StoreError> {
        let id = network.map_or_else(Vec::new, |network| network.to_bytes().to_vec());
        let hash = query_scalar("SELECT sha256 FROM owner_keys WHERE network_id = ?")
            .bind(id)
            .fetch_optional(self.readers())
            .await
            .map_err(StoreError::from);
        self.named(hash)
    }
}

fn keyed(key: &[u8; 32], value: &[u8]) -> [u8; 32] {
    let mut mac = Hmac::<Sha256>::new_from_slice(key).expect("HMAC takes a key of any length");
    mac.update(value);
    mac.finalize().into_bytes().into()
}
