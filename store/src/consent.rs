//! Grants, and the way from something shown to the consent it rests on.

use discover_model::grant::{Evidence, Grant, GrantState};
use discover_model::ledger::{LedgerEntry, LedgerEvent, LedgerFact};
use discover_model::network::NetworkState;
use discover_model::proof::{ProofMethod, sha256_hex};
use discover_model::{GrantId, NetworkId, Scope, Source};
use jiff::Timestamp;
use sqlx::sqlite::SqliteRow;
use sqlx::{Row, SqlitePool};

use crate::row::{bad, count, id, json, micros, parsed, time, word};
use crate::{ConsentProof, Store, StoreError, Subject, Writer, ledger, registry};

impl Store {
    /// Records a grant, or its new state, together with the ledger entry that says so. A live grant makes a
    /// network that only asked a live one. A scope that was withdrawn opens only to a proof on the site that was
    /// seen after the withdrawal; consent on paper never opens it again.
    pub async fn put_grant(
        &self,
        grant: &Grant,
        event: LedgerEvent,
        actor: discover_model::ledger::Actor,
        now: Timestamp,
    ) -> Result<LedgerEntry, StoreError> {
        let tombstones = self.tombstone_key();
        let mut writer = self.write().await?;
        let fact = fact_of(grant, event, actor, now);
        let result = put_grant(&mut writer, grant, fact, &tombstones).await;
        writer.finish(result).await
    }

    /// Grants of one network or of all, oldest first.
    pub async fn grants(&self, network: Option<NetworkId>) -> Result<Vec<Grant>, StoreError> {
        self.named(grants(self.readers(), network).await)
    }

    /// The live grant a source is visited under: of those that cover its address, the latest.
    pub async fn grant_for(
        &self,
        source: &Source,
        now: Timestamp,
    ) -> Result<Option<Grant>, StoreError> {
        let grants = self.grants(Some(source.network)).await?;
        Ok(grants
            .into_iter()
            .rev()
            .find(|grant| grant.is_live(now) && grant.scope.covers(&source.url)))
    }

    /// The consent that a conversation (by its root) or a post rests on.
    pub async fn consent_proof(
        &self,
        subject: impl Into<Subject> + Send,
    ) -> Result<Option<ConsentProof>, StoreError> {
        let post = match subject.into() {
            Subject::Post(id) => self.post(id).await?,
            Subject::Conversation(id) => match self.root_of(id).await? {
                Some(root) => self.post(root).await?,
                None => None,
            },
        };
        match post {
            Some(post) => self.named(proof(self.readers(), post.network, post.grant).await),
            None => Ok(None),
        }
    }
}

fn fact_of(
    grant: &Grant,
    event: LedgerEvent,
    actor: discover_model::ledger::Actor,
    now: Timestamp,
) -> LedgerFact {
    LedgerFact {
        at: now,
        event,
        network: grant.network,
        grant: Some(grant.id),
        actor,
        method: Some(grant.evidence.method),
        evidence_sha256: Some(grant.evidence.sha256.clone()),
        scope_sha256: Some(sha256_hex(grant.scope.addresses().join("\n").as_bytes())),
        expires: Some(grant.expires),
        posts: None,
    }
}

async fn put_grant(
    writer: &mut Writer<'_>,
    grant: &Grant,
    fact: LedgerFact,
    tombstones: &[u8; 32],
) -> Result<LedgerEntry, StoreError> {
    let network = grant.network.to_bytes().to_vec();
    let state = registry::state_of(writer.connection(), grant.network).await?;
    if state == NetworkState::Withdrawn {
        return Err(StoreError::Withdrawn {
            network: grant.network,
        });
    }
    if grant.state == GrantState::Live {
        let withdrawn =
            crate::leave::withdrawn_at(writer.connection(), tombstones, &grant.scope).await?;
        if let Some(withdrawn) = withdrawn
            && (grant.evidence.method == ProofMethod::Attested || grant.evidence.seen <= withdrawn)
        {
            return Err(StoreError::WithdrawnScope {
                scope: grant.scope.addresses().join(", "),
                withdrawn,
            });
        }
    }
    let plain = |value: serde_json::Result<String>| value.expect("plain lists become JSON");
    sqlx::query(
        "INSERT INTO grants (grant_id, network_id, origin, prefixes, purposes, retention_days, method,
           evidence_sha256, evidence_seen, granted, expires, members_told, state)
         VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
         ON CONFLICT (grant_id) DO UPDATE SET
           origin = excluded.origin, prefixes = excluded.prefixes, purposes = excluded.purposes,
           retention_days = excluded.retention_days, method = excluded.method,
           evidence_sha256 = excluded.evidence_sha256, evidence_seen = excluded.evidence_seen,
           granted = excluded.granted, expires = excluded.expires, members_told = excluded.members_told,
           state = excluded.state",
    )
    .bind(grant.id.to_bytes().to_vec())
    .bind(network.clone())
    .bind(grant.scope.origin().as_str())
    .bind(plain(serde_json::to_string(grant.scope.prefixes())))
    .bind(plain(serde_json::to_string(&grant.purposes)))
    .bind(grant.retention_days)
    .bind(grant.evidence.method.as_str())
    .bind(&grant.evidence.sha256)
    .bind(micros(grant.evidence.seen))
    .bind(micros(grant.granted))
    .bind(micros(grant.expires))
    .bind(grant.members_told)
    .bind(grant.state.as_str())
    .execute(writer.connection())
    .await?;
    if grant.state == GrantState::Live && state == NetworkState::Asked {
        sqlx::query("UPDATE networks SET state = 'live' WHERE network_id = ?")
            .bind(network)
            .execute(writer.connection())
            .await?;
    }
    ledger::append(writer, fact).await
}

async fn grants(pool: &SqlitePool, network: Option<NetworkId>) -> Result<Vec<Grant>, StoreError> {
    let rows = sqlx::query(
        "SELECT * FROM grants WHERE ?1 IS NULL OR network_id = ?1 ORDER BY granted, grant_id",
    )
    .bind(network.map(|network| network.to_bytes().to_vec()))
    .fetch_all(pool)
    .await?;
    rows.iter().map(read_grant).collect()
}

pub(crate) fn read_grant(row: &SqliteRow) -> Result<Grant, StoreError> {
    let prefixes: Vec<String> = json(row, "prefixes")?;
    let retention = count(row, "retention_days")?;
    Ok(Grant {
        id: GrantId::from_bytes(id(row, "grant_id")?),
        network: NetworkId::from_bytes(id(row, "network_id")?),
        scope: Scope::new(parsed(row, "origin")?, &prefixes)
            .map_err(|_| bad("prefixes", &prefixes))?,
        purposes: json(row, "purposes")?,
        retention_days: u16::try_from(retention).map_err(|_| bad("retention_days", retention))?,
        evidence: Evidence {
            method: parsed(row, "method")?,
            sha256: row.try_get("evidence_sha256")?,
            seen: time(row, "evidence_seen")?,
        },
        granted: time(row, "granted")?,
        expires: time(row, "expires")?,
        members_told: row.try_get("members_told")?,
        state: word(row, "state")?,
    })
}

async fn proof(
    pool: &SqlitePool,
    network: NetworkId,
    grant: GrantId,
) -> Result<Option<ConsentProof>, StoreError> {
    let Some(row) = sqlx::query("SELECT * FROM grants WHERE grant_id = ?")
        .bind(grant.to_bytes().to_vec())
        .fetch_optional(pool)
        .await?
    else {
        return Ok(None);
    };
    let grant = read_grant(&row)?;
    let Some(row) = sqlx::query(
        "SELECT seq, network_id, grant_id, event, entry FROM ledger
         WHERE grant_id = ? AND event IN ('granted', 'renewed', 'scope_changed') ORDER BY seq DESC LIMIT 1",
    )
    .bind(grant.id.to_bytes().to_vec())
    .fetch_optional(pool)
    .await?
    else {
        return Ok(None);
    };
    let (_, entry) = ledger::read(&row)?;
    let after = ledger::page(pool, entry.seq, usize::MAX).await?;
    let path: Vec<String> = after.iter().map(|(_, entry)| entry.hash.clone()).collect();
    let head = after
        .last()
        .map_or((entry.seq, entry.hash.clone()), |(_, last)| {
            (last.seq, last.hash.clone())
        });
    Ok(Some(ConsentProof {
        network,
        grant,
        entry,
        head,
        path,
    }))
}
