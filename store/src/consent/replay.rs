//! What a restored copy must do before anything else: carry out what a newer copy of its ledger says.

use discover_model::ledger::{Broken, LedgerEntry, LedgerEvent, PartKind, verify};
use discover_model::network::NetworkState;
use discover_model::proof::ProofMethod;

use crate::consent::network_withdrawal::{set_paused, withdraw};
use crate::consent::{grants, ledger, network_state, partial_withdrawal};
use crate::database::query;
use crate::posts::opting_out;
use crate::row::micros;
use crate::{Store, StoreError, Writer, answers};

impl Store {
    /// Continues this ledger with what a newer copy of it says, and carries out its withdrawals: what a restored
    /// backup needs before anything else. `newer` is the whole newer ledger; returns how many entries were added.
    pub async fn replay_ledger(&self, newer: &[LedgerEntry]) -> Result<u64, StoreError> {
        verify(newer, None)?;
        let key = self.tombstone_key();
        let mut writer = self.write().await?;
        let result = replay(&mut writer, &key, newer).await;
        writer.finish(result).await
    }
}

/// Adds the entries that a newer copy of this ledger has, and does what they say.
async fn replay(
    writer: &mut Writer<'_>,
    key: &[u8; 32],
    newer: &[LedgerEntry],
) -> Result<u64, StoreError> {
    let rows = query("SELECT seq, network_id, grant_id, event, entry FROM ledger ORDER BY seq")
        .fetch_all(writer.connection())
        .await?;
    for (row, theirs) in rows.iter().zip(newer) {
        let (_, ours) = ledger::read(row)?;
        if ours.hash != theirs.hash {
            return Err(Broken::Chain(ours.seq).into());
        }
    }
    let fresh = newer.get(rows.len()..).unwrap_or_default();
    for entry in fresh {
        ledger::put(writer, entry).await?;
        let (network, at) = (entry.fact.network, entry.fact.at);
        if entry.fact.event == LedgerEvent::AnswerErased {
            if let Some(answer) = entry.fact.answer {
                answers::forget_text(writer.connection(), answer, at, answers::RESTORED).await?;
            }
            continue;
        }
        let state = match network_state::state_of(writer.connection(), network).await {
            Ok(state) => state,
            // It registered after the backup was made: nothing of it is here.
            Err(StoreError::NotFound { .. }) => continue,
            Err(error) => return Err(error),
        };
        match (entry.fact.event, &entry.fact.part) {
            (LedgerEvent::Withdrawn, Some(left)) if left.kind == PartKind::Voice => {
                opting_out::replay(writer.connection(), key, network, left, at).await?;
            }
            (LedgerEvent::Withdrawn, Some(withdrawn)) => {
                let connection = writer.connection();
                match partial_withdrawal::find(connection, key, network, withdrawn).await? {
                    Some(entry) => {
                        partial_withdrawal::withdraw(connection, key, &entry, at).await?;
                    }
                    None => {
                        partial_withdrawal::bar_missing(connection, key, network, withdrawn, at)
                            .await?;
                    }
                }
            }
            (LedgerEvent::Withdrawn, None) => {
                if state != NetworkState::Withdrawn {
                    withdraw(writer.connection(), key, network, at).await?;
                }
            }
            (LedgerEvent::Paused, _) => set_paused(writer.connection(), network).await?,
            (LedgerEvent::Lapsed, _) => lapse(writer, entry).await?,
            (LedgerEvent::ScopeChanged, _) => lapse_other_scope(writer, entry).await?,
            // Paper cannot be asked: the ledger has its word.
            (LedgerEvent::Renewed, _) if entry.fact.method == Some(ProofMethod::Document) => {
                renew(writer, entry).await?;
            }
            // What was given or shown again since is asked about anew at the next look.
            (
                LedgerEvent::Granted
                | LedgerEvent::Renewed
                | LedgerEvent::Resumed
                | LedgerEvent::Purged
                | LedgerEvent::Restored
                | LedgerEvent::Answer
                // Replayed above: it is about no network.
                | LedgerEvent::AnswerErased,
                _,
            ) => {}
        }
    }
    Ok(fresh.len() as u64)
}

async fn lapse(writer: &mut Writer<'_>, entry: &LedgerEntry) -> Result<(), StoreError> {
    let Some(grant) = entry.fact.grant else {
        return Ok(());
    };
    let row = query(
        "UPDATE grants SET state = 'lapsed' WHERE grant_id = ? AND state <> 'withdrawn' RETURNING origin",
    )
    .bind(grant.to_bytes().to_vec())
    .fetch_optional(writer.connection())
    .await?;
    if let Some(row) = row {
        let (network, at) = (entry.fact.network, entry.fact.at);
        grants::hide_lapsed(writer.connection(), network, row.try_get("origin")?, at).await?;
        grants::settle(writer.connection(), network).await?;
    }
    Ok(())
}

/// Another document was seen since. An entry that names the one that is held is about something else, such as how long posts
/// are kept: it revives nothing.
async fn renew(writer: &mut Writer<'_>, entry: &LedgerEntry) -> Result<(), StoreError> {
    let (Some(grant), Some(expires)) = (entry.fact.grant, entry.fact.expires) else {
        return Ok(());
    };
    let network = entry.fact.network;
    let seen = query(
        "UPDATE grants SET evidence_sha256 = ?1, evidence_seen = ?2, expires = ?3, state = CASE
           WHEN state <> 'lapsed' THEN state
           WHEN EXISTS (SELECT 1 FROM networks n WHERE n.network_id = ?4 AND n.state = 'paused') THEN 'paused'
           ELSE 'live' END
         WHERE grant_id = ?5 AND network_id = ?4 AND state <> 'withdrawn' AND evidence_sha256 <> ?1",
    )
    .bind(entry.fact.evidence_sha256.as_deref().unwrap_or_default())
    .bind(micros(entry.fact.at))
    .bind(micros(expires))
    .bind(network.to_bytes().to_vec())
    .bind(grant.to_bytes().to_vec())
    .execute(writer.connection())
    .await?;
    if seen.rows_affected() == 0 {
        return Ok(());
    }
    grants::show_live(writer.connection(), network).await?;
    grants::settle(writer.connection(), network).await
}

/// The scope that a newer copy names may be narrower than the one held here, and the ledger keeps only its hash: nothing
/// under it is shown until the proof was looked at again.
async fn lapse_other_scope(writer: &mut Writer<'_>, entry: &LedgerEntry) -> Result<(), StoreError> {
    let Some(grant) = entry.fact.grant else {
        return Ok(());
    };
    let row = query("SELECT * FROM grants WHERE grant_id = ?")
        .bind(grant.to_bytes().to_vec())
        .fetch_optional(writer.connection())
        .await?;
    let Some(held) = row.as_ref().map(grants::read_grant).transpose()? else {
        return Ok(());
    };
    if grants::has_scope(&held, entry) {
        return Ok(());
    }
    lapse(writer, entry).await?;
    query("UPDATE looks SET next_look = 0 WHERE network_id = ? AND origin = ?")
        .bind(entry.fact.network.to_bytes().to_vec())
        .bind(held.scope.origin().as_str())
        .execute(writer.connection())
        .await?;
    Ok(())
}
