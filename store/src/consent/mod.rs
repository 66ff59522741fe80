//! Whose words are kept and on what ground: networks, grants and their proofs, the ledger, what was withdrawn or is hidden.

pub(crate) mod audit;
pub(crate) mod declared;
pub(crate) mod grants;
pub(crate) mod ledger;
pub(crate) mod ledger_check;
pub(crate) mod missing_sites;
pub(crate) mod network_state;
pub(crate) mod network_withdrawal;
pub(crate) mod objections;
pub(crate) mod owners;
pub(crate) mod partial_withdrawal;
pub(crate) mod pending_withdrawals;
pub(crate) mod proof_checks;
pub(crate) mod registry;
pub(crate) mod replay;
pub(crate) mod signed_heads;
pub(crate) mod tombstones;
pub(crate) mod visibility;
