//! The state a network is in.

use discover_model::NetworkId;
use discover_model::network::NetworkState;

use crate::StoreError;
use crate::database::{Connection, query};
use crate::row::word;

/// State of a network; an error where it is not (or no longer) there.
pub(crate) async fn state_of(
    connection: &mut Connection,
    network: NetworkId,
) -> Result<NetworkState, StoreError> {
    query("SELECT state FROM networks WHERE network_id = ?")
        .bind(network.to_bytes().to_vec())
        .fetch_optional(connection)
        .await?
        .map_or_else(|| Err(not_found(network)), |row| word(&row, "state"))
}

pub(crate) fn not_found(network: NetworkId) -> StoreError {
    StoreError::NotFound {
        what: "network",
        id: network.to_string(),
    }
}
