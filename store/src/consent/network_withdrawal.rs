//! Leaving and pausing of a whole network, and the tombstones that make a withdrawal stick.

use discover_model::ledger::{Actor, LedgerEvent, LedgerFact};
use discover_model::network::NetworkState;
use discover_model::{NetworkId, Origin, Refusal, Scope, Visibility};
use jiff::Timestamp;

use crate::consent::tombstones::{bury, bury_origin, has_left, slug_has_left, withdrawn_at};
use crate::consent::{grants, ledger, network_state, visibility};
use crate::database::{Connection, query};
use crate::row::json;
use crate::{Store, StoreError, change_log, files};

impl Store {
    /// An owner leaves: hidden, no longer visited, all grants ended, remembered so that it sticks, and on the ledger.
    /// Durable when it returns; the same call again changes nothing. The purge must follow within the hour.
    pub async fn withdraw_network(
        &self,
        network: NetworkId,
        actor: Actor,
        now: Timestamp,
    ) -> Result<Visibility, StoreError> {
        match self.withdraw_once(network, actor, now).await {
            Err(StoreError::DiskFull { .. }) if files::free_reserve(self.dir()) => {
                self.withdraw_once(network, actor, now).await?;
            }
            done => done?,
        }
        self.visibility().await
    }

    async fn withdraw_once(
        &self,
        network: NetworkId,
        actor: Actor,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let key = self.tombstone_key();
        let mut writer = self.write().await?;
        let result = async {
            let state = network_state::state_of(writer.connection(), network).await?;
            if state == NetworkState::Withdrawn {
                return Ok(());
            }
            withdraw(writer.connection(), &key, network, now).await?;
            let fact = LedgerFact::new(now, LedgerEvent::Withdrawn, network, actor);
            ledger::append(&mut writer, fact).await?;
            Ok(())
        }
        .await;
        writer.finish(result).await
    }

    /// Hides a network and ends all visits until [`Store::resume_network`]; nothing is deleted but by retention.
    /// Durable when it returns; the same call again changes nothing.
    pub async fn pause_network(
        &self,
        network: NetworkId,
        actor: Actor,
        now: Timestamp,
    ) -> Result<Visibility, StoreError> {
        let mut writer = self.write().await?;
        let result = async {
            let state = network_state::state_of(writer.connection(), network).await?;
            match state {
                NetworkState::Paused => return Ok(()),
                NetworkState::Withdrawn => return Err(StoreError::Withdrawn { network }),
                NetworkState::Asked | NetworkState::Live | NetworkState::Lapsed => {}
            }
            set_paused(writer.connection(), network).await?;
            let fact = LedgerFact::new(now, LedgerEvent::Paused, network, actor);
            ledger::append(&mut writer, fact).await?;
            Ok(())
        }
        .await;
        writer.finish(result).await?;
        self.visibility().await
    }

    /// Takes a paused network up again, as far as its grants have not ended meanwhile.
    pub async fn resume_network(
        &self,
        network: NetworkId,
        actor: Actor,
        now: Timestamp,
    ) -> Result<Visibility, StoreError> {
        let mut writer = self.write().await?;
        let result = async {
            let state = network_state::state_of(writer.connection(), network).await?;
            if state == NetworkState::Withdrawn {
                return Err(StoreError::Withdrawn { network });
            }
            if state != NetworkState::Paused {
                return Ok(());
            }
            for sql in [
                "UPDATE grants SET state = 'live' WHERE network_id = ? AND state = 'paused'",
                "UPDATE networks SET state = 'asked' WHERE network_id = ?",
            ] {
                query(sql)
                    .bind(network.to_bytes().to_vec())
                    .execute(writer.connection())
                    .await?;
            }
            grants::show_live(writer.connection(), network).await?;
            grants::settle(writer.connection(), network).await?;
            change_log::touch_network(writer.connection(), network).await?;
            visibility::next_generation(writer.connection()).await?;
            let fact = LedgerFact::new(now, LedgerEvent::Resumed, network, actor);
            ledger::append(&mut writer, fact).await?;
            Ok(())
        }
        .await;
        writer.finish(result).await?;
        self.visibility().await
    }

    /// Whether anything on `origin` was withdrawn; only a newer proof on the site opens it again.
    pub async fn is_withdrawn_origin(&self, origin: &Origin) -> Result<bool, StoreError> {
        Ok(self
            .withdrawn_at(&Scope::all(origin.clone()))
            .await?
            .is_some())
    }

    /// When something within or above `scope` was last withdrawn.
    pub async fn withdrawn_at(&self, scope: &Scope) -> Result<Option<Timestamp>, StoreError> {
        let key = self.tombstone_key();
        let mut connection =
            self.named(self.readers().acquire().await.map_err(StoreError::from))?;
        self.named(withdrawn_at(&mut connection, &key, scope).await)
    }

    /// Whether a network that was declared under this slug, with sources at one of these origins, has left as a whole.
    pub async fn has_left(&self, slug: &str, origins: &[Origin]) -> Result<bool, StoreError> {
        let key = self.tombstone_key();
        let mut connection =
            self.named(self.readers().acquire().await.map_err(StoreError::from))?;
        self.named(has_left(&mut connection, &key, slug, origins).await)
    }

    /// Whether a network of this slug has left as a whole.
    pub async fn slug_has_left(&self, slug: &str) -> Result<bool, StoreError> {
        let key = self.tombstone_key();
        let mut connection =
            self.named(self.readers().acquire().await.map_err(StoreError::from))?;
        self.named(slug_has_left(&mut connection, &key, slug).await)
    }

    pub(crate) fn tombstone_key(&self) -> [u8; 32] {
        self.sub_key("tombstone")
    }
}

pub(crate) async fn set_paused(
    connection: &mut Connection,
    network: NetworkId,
) -> Result<(), StoreError> {
    for sql in [
        "UPDATE networks SET state = 'paused' WHERE network_id = ?",
        "UPDATE grants SET state = 'paused' WHERE network_id = ? AND state = 'live'",
        // A visit that is under way stores nothing more: its grant is no longer live.
        "UPDATE frontier SET claimed_until = NULL, fence = fence + 1
           WHERE network_id = ? AND claimed_until IS NOT NULL",
    ] {
        query(sql)
            .bind(network.to_bytes().to_vec())
            .execute(&mut *connection)
            .await?;
    }
    // Index and graph let it go, so that what is drawn of the rest is as if it had never been there.
    change_log::touch_network(connection, network).await?;
    visibility::next_generation(connection).await
}

pub(crate) async fn withdraw(
    connection: &mut Connection,
    key: &[u8; 32],
    network: NetworkId,
    at: Timestamp,
) -> Result<(), StoreError> {
    let bytes = network.to_bytes().to_vec();
    let rows = query("SELECT origin, prefixes, evidence_folder FROM grants WHERE network_id = ?")
        .bind(bytes.clone())
        .fetch_all(&mut *connection)
        .await?;
    for row in &rows {
        let origin: &str = row.try_get("origin")?;
        for prefix in json::<Vec<String>>(row, "prefixes")? {
            bury(connection, key, network, origin, &prefix, at).await?;
        }
        if row.try_get::<Option<&str>, _>("evidence_folder")?.is_none() {
            bury_origin(connection, key, network, origin, at).await?;
        }
    }
    for sql in [
        "UPDATE networks SET state = 'withdrawn' WHERE network_id = ?",
        "UPDATE grants SET state = 'withdrawn' WHERE network_id = ?",
        "UPDATE frontier SET stopped = 1, claimed_until = NULL, fence = fence + 1 WHERE network_id = ?",
    ] {
        query(sql)
            .bind(bytes.clone())
            .execute(&mut *connection)
            .await?;
    }
    visibility::hide_network(connection, network, Refusal::Withdrawn, at).await
}
