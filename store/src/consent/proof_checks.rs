//! How the standing proof of each origin was found so far.

use discover_model::proof_status::ProofStatus;
use discover_model::{NetworkId, Origin};
use jiff::Timestamp;

use crate::consent::network_state;
use crate::database::query;
use crate::row::{id, json, micros, parsed, time};
use crate::{Store, StoreError};

/// The last look at the proof of one origin.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProofCheck {
    pub network: NetworkId,
    pub origin: Origin,
    pub status: ProofStatus,
    /// What is to be mended in the proof, a sentence each.
    pub remarks: Vec<String>,
    pub last_check: Timestamp,
    pub next_check: Timestamp,
}

impl Store {
    /// The last looks at the proofs of one network or of all, by network and origin.
    pub async fn proof_checks(
        &self,
        network: Option<NetworkId>,
    ) -> Result<Vec<ProofCheck>, StoreError> {
        let query = match network {
            Some(network) => query("SELECT * FROM looks WHERE network_id = ? ORDER BY origin")
                .bind(network.to_bytes().to_vec()),
            None => query("SELECT * FROM looks ORDER BY network_id, origin"),
        };
        let rows = query
            .fetch_all(self.readers())
            .await
            .map_err(StoreError::from);
        self.named(rows)?
            .iter()
            .map(|row| {
                Ok(ProofCheck {
                    network: NetworkId::from_bytes(id(row, "network_id")?),
                    origin: parsed(row, "origin")?,
                    status: json(row, "standing")?,
                    remarks: json(row, "remarks")?,
                    last_check: time(row, "last_look")?,
                    next_check: time(row, "next_look")?,
                })
            })
            .collect()
    }

    /// Remembers a look. Of a network that is no longer there nothing is remembered.
    pub async fn put_proof_check(&self, check: &ProofCheck) -> Result<(), StoreError> {
        let mut writer = self.write().await?;
        let result = async {
            match network_state::state_of(writer.connection(), check.network).await {
                Err(StoreError::NotFound { .. }) => return Ok(()),
                state => state?,
            };
            query(
                "INSERT INTO looks (network_id, origin, standing, last_look, next_look, remarks) VALUES (?, ?, ?, ?, ?, ?)
                 ON CONFLICT (network_id, origin) DO UPDATE SET standing = excluded.standing, remarks = excluded.remarks,
                   last_look = excluded.last_look, next_look = excluded.next_look",
            )
            .bind(check.network.to_bytes().to_vec())
            .bind(check.origin.as_str())
            .bind(serde_json::to_string(&check.status).expect("times become JSON"))
            .bind(micros(check.last_check))
            .bind(micros(check.next_check))
            .bind(serde_json::to_string(&check.remarks).expect("texts become JSON"))
            .execute(writer.connection())
            .await?;
            Ok(())
        }
        .await;
        writer.finish(result).await
    }
}
