//! Grants, and the way from something shown to the consent it rests on.

use std::collections::BTreeMap;

use discover_model::grant::{Evidence, Grant, GrantRecord, GrantState};
use discover_model::ledger::{LedgerEntry, LedgerEvent, LedgerFact};
use discover_model::network::NetworkState;
use discover_model::proof::{ProofMethod, sha256_hex};
use discover_model::{GrantId, NetworkId, Origin, Refusal, Scope, Source};
use jiff::Timestamp;

use crate::consent::{ledger, network_state, signed_heads, tombstones, visibility};
use crate::database::{Connection, Pool, Row, query, query_scalar};
use crate::row::{bad, count, id, id_list, json, micros, parsed, time, word};
use crate::{ConsentProof, Store, StoreError, Subject, Writer, change_log};

impl Store {
    /// Records a grant, or its new state, together with the ledger entry that says so. The network's own state and what
    /// is hidden follow from it in the same transaction: publish [`Store::visibility`] afterwards. A scope that was withdrawn opens only to a proof on the site that was
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

    /// Whether no folder of an origin may prove itself to a network, as the origin's own proof stands for another one or
    /// was withdrawn.
    pub async fn origin_has_spoken(
        &self,
        network: NetworkId,
        origin: &Origin,
        folder: &str,
    ) -> Result<bool, StoreError> {
        let key = self.tombstone_key();
        let mut connection =
            self.named(self.readers().acquire().await.map_err(StoreError::from))?;
        self.named(origin_has_spoken(&mut connection, &key, network, origin, folder).await)
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

/// Posts that a change of terms would take away.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct WouldGo {
    pub out_of_scope: u64,
    /// Of those that stay in scope.
    pub too_old: u64,
}

impl Store {
    /// What would go of a network if its grants had these scopes and posts were kept for `days` at most.
    pub async fn would_go(
        &self,
        network: NetworkId,
        days: u16,
        scopes: &BTreeMap<GrantId, Scope>,
        now: Timestamp,
    ) -> Result<WouldGo, StoreError> {
        let grants: BTreeMap<GrantId, Grant> = self
            .grants(Some(network))
            .await?
            .into_iter()
            .map(|grant| match scopes.get(&grant.id) {
                Some(scope) => (grant.id, grant.with_scope(scope.clone())),
                None => (grant.id, grant),
            })
            .collect();
        let oldest = micros(now) - i64::from(days) * 86_400_000_000;
        let rows = query("SELECT grant_id, url, first_seen FROM posts WHERE network_id = ?")
            .bind(network.to_bytes().to_vec())
            .fetch_all(self.readers())
            .await
            .map_err(StoreError::from);
        let mut would_go = WouldGo::default();
        for row in &self.named(rows)? {
            let grant = GrantId::from_bytes(id(row, "grant_id")?);
            let url: &str = row.try_get("url")?;
            let allowed = grants
                .get(&grant)
                .is_some_and(|grant| url::Url::parse(url).is_ok_and(|url| grant.allows(&url)));
            if !allowed {
                would_go.out_of_scope += 1;
            } else if row.try_get::<i64, _>("first_seen")? < oldest {
                would_go.too_old += 1;
            }
        }
        Ok(would_go)
    }
}

fn fact_of(
    grant: &Grant,
    event: LedgerEvent,
    actor: discover_model::ledger::Actor,
    now: Timestamp,
) -> LedgerFact {
    LedgerFact {
        grant: Some(grant.id),
        method: Some(grant.evidence.method),
        evidence_sha256: Some(grant.evidence.sha256.clone()),
        scope_sha256: scope_hash(grant),
        expires: Some(grant.expires),
        ..LedgerFact::new(now, event, grant.network, actor)
    }
}

async fn put_grant(
    writer: &mut Writer<'_>,
    grant: &Grant,
    fact: LedgerFact,
    tombstones: &[u8; 32],
) -> Result<LedgerEntry, StoreError> {
    let network = grant.network.to_bytes().to_vec();
    let state = network_state::state_of(writer.connection(), grant.network).await?;
    if state == NetworkState::Withdrawn {
        return Err(StoreError::Withdrawn {
            network: grant.network,
        });
    }
    // The owner may have paused while the proof was looked at.
    let paused = grant.in_state(GrantState::Paused);
    let grant = if state == NetworkState::Paused && grant.state == GrantState::Live {
        &paused
    } else {
        grant
    };
    if matches!(grant.state, GrantState::Live | GrantState::Paused) {
        let withdrawn =
            tombstones::withdrawn_at(writer.connection(), tombstones, &grant.scope).await?;
        if let Some(withdrawn) = withdrawn
            && (matches!(
                grant.evidence.method,
                ProofMethod::Attested | ProofMethod::Document
            ) || grant.evidence.seen <= withdrawn)
        {
            return Err(StoreError::WithdrawnScope {
                scope: grant.scope.addresses().join(", "),
                withdrawn,
            });
        }
        if let Some(folder) = &grant.evidence.folder {
            let origin = grant.scope.origin();
            let connection = writer.connection();
            if origin_has_spoken(connection, tombstones, grant.network, origin, folder).await? {
                return Err(StoreError::OriginHasSpoken {
                    origin: origin.clone(),
                });
            }
        }
    }
    let held = query("SELECT * FROM grants WHERE grant_id = ?")
        .bind(grant.id.to_bytes().to_vec())
        .fetch_optional(writer.connection())
        .await?
        .as_ref()
        .map(read_grant)
        .transpose()?;
    // What lapses may have been withdrawn since it was read.
    if held
        .as_ref()
        .is_some_and(|held| held.state == GrantState::Withdrawn)
        && grant.state == GrantState::Lapsed
    {
        return Err(StoreError::Withdrawn {
            network: grant.network,
        });
    }
    let plain = |value: serde_json::Result<String>| value.expect("plain lists become JSON");
    query(
        "INSERT INTO grants (grant_id, network_id, origin, prefixes, purposes, retention_days, method,
           evidence_sha256, evidence_seen, granted, expires, members_told, state, evidence_folder)
         VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
         ON CONFLICT (grant_id) DO UPDATE SET
           origin = excluded.origin, prefixes = excluded.prefixes, purposes = excluded.purposes,
           retention_days = excluded.retention_days, method = excluded.method,
           evidence_sha256 = excluded.evidence_sha256, evidence_seen = excluded.evidence_seen,
           granted = excluded.granted, expires = excluded.expires, members_told = excluded.members_told,
           state = excluded.state, evidence_folder = excluded.evidence_folder",
    )
    .bind(grant.id.to_bytes().to_vec())
    .bind(network)
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
    .bind(grant.evidence.folder.as_deref())
    .execute(writer.connection())
    .await?;
    let origin = grant.scope.origin().as_str();
    match grant.state {
        GrantState::Live => show_lapsed(writer.connection(), grant.network, origin).await?,
        GrantState::Lapsed => {
            hide_lapsed(writer.connection(), grant.network, origin, fact.at).await?;
        }
        GrantState::Paused | GrantState::Withdrawn => {}
    }
    if let Some(held) = held {
        if held.scope != grant.scope {
            narrow(writer.connection(), grant, fact.at).await?;
        }
        if held.purposes != grant.purposes {
            // Index and graph take in only what a purpose allows: they look at everything of this grant again.
            let conversations: Vec<i64> =
                query_scalar("SELECT DISTINCT conversation FROM posts WHERE grant_id = ?")
                    .bind(grant.id.to_bytes().to_vec())
                    .fetch_all(writer.connection())
                    .await?;
            change_log::touch(writer.connection(), conversations).await?;
        }
    }
    settle(writer.connection(), grant.network).await?;
    ledger::append(writer, fact).await
}

/// Whether the origin's own proof stands for another network, or was withdrawn: then no folder of it proves anything.
async fn origin_has_spoken(
    connection: &mut Connection,
    key: &[u8; 32],
    network: NetworkId,
    origin: &Origin,
    folder: &str,
) -> Result<bool, StoreError> {
    let other: Option<i64> = query_scalar(
        "SELECT 1 FROM grants WHERE origin = ? AND network_id <> ? AND evidence_folder IS NULL LIMIT 1",
    )
    .bind(origin.as_str())
    .bind(network.to_bytes().to_vec())
    .fetch_optional(&mut *connection)
    .await?;
    Ok(other.is_some() || tombstones::covers_folder(connection, key, origin, folder).await?)
}

/// Whether a live grant covers the address of a source.
pub(crate) async fn is_granted(
    connection: &mut Connection,
    source: &Source,
    now: Timestamp,
) -> Result<bool, StoreError> {
    let rows =
        query("SELECT * FROM grants WHERE network_id = ? AND state = 'live' AND expires > ?")
            .bind(source.network.to_bytes().to_vec())
            .bind(micros(now))
            .fetch_all(connection)
            .await?;
    for row in &rows {
        if read_grant(row)?.scope.covers(&source.url) {
            return Ok(true);
        }
    }
    Ok(false)
}

/// Whether a grant has the scope that an entry of the ledger names.
pub(crate) fn has_scope(grant: &Grant, entry: &LedgerEntry) -> bool {
    entry.fact.scope_sha256 == scope_hash(grant)
}

fn scope_hash(grant: &Grant) -> Option<String> {
    Some(sha256_hex(grant.scope.addresses().join("\n").as_bytes()))
}

/// Brings a network's state in line with its grants: live while one is, lapsed when the last one lapsed. A network that
/// its owner paused or withdrew stays so.
pub(crate) async fn settle(
    connection: &mut Connection,
    network: NetworkId,
) -> Result<(), StoreError> {
    let done = query(
        "UPDATE networks SET state = CASE
           WHEN EXISTS (SELECT 1 FROM grants g WHERE g.network_id = ?1 AND g.state = 'live') THEN 'live'
           WHEN EXISTS (SELECT 1 FROM grants g WHERE g.network_id = ?1 AND g.state = 'lapsed') THEN 'lapsed'
           ELSE state END
         WHERE network_id = ?1 AND state IN ('asked', 'live', 'lapsed')
           AND state <> CASE
           WHEN EXISTS (SELECT 1 FROM grants g WHERE g.network_id = ?1 AND g.state = 'live') THEN 'live'
           WHEN EXISTS (SELECT 1 FROM grants g WHERE g.network_id = ?1 AND g.state = 'lapsed') THEN 'lapsed'
           ELSE state END",
    )
    .bind(network.to_bytes().to_vec())
    .execute(&mut *connection)
    .await?;
    if done.rows_affected() > 0 {
        visibility::next_generation(connection).await?;
    }
    Ok(())
}

/// Hides what came in from an origin whose grant lapsed, unless another live grant of the network covers the origin.
pub(crate) async fn hide_lapsed(
    connection: &mut Connection,
    network: NetworkId,
    origin: &str,
    at: Timestamp,
) -> Result<(), StoreError> {
    let covered: Option<i64> =
        query_scalar("SELECT 1 FROM grants WHERE network_id = ? AND origin = ? AND state = 'live'")
            .bind(network.to_bytes().to_vec())
            .bind(origin)
            .fetch_optional(&mut *connection)
            .await?;
    if covered.is_some() {
        return Ok(());
    }
    let mut changed = false;
    for entry in lapsed_entries(connection, network, origin).await? {
        changed |= visibility::put(connection, &entry, visibility::LAPSED, at).await?;
    }
    if changed {
        // Index and graph let it go, so that what is drawn of the rest is as if it had never been there.
        change_log::touch_network(connection, network).await?;
        visibility::next_generation(connection).await?;
    }
    Ok(())
}

/// Shows what lapsed with a grant of the network that is live now.
pub(crate) async fn show_live(
    connection: &mut Connection,
    network: NetworkId,
) -> Result<(), StoreError> {
    let origins: Vec<String> = query_scalar(
        "SELECT DISTINCT origin FROM grants WHERE network_id = ? AND state = 'live' ORDER BY origin",
    )
    .bind(network.to_bytes().to_vec())
    .fetch_all(&mut *connection)
    .await?;
    for origin in &origins {
        show_lapsed(connection, network, origin).await?;
    }
    Ok(())
}

async fn show_lapsed(
    connection: &mut Connection,
    network: NetworkId,
    origin: &str,
) -> Result<(), StoreError> {
    let mut changed = 0;
    for entry in lapsed_entries(connection, network, origin).await? {
        changed += query("DELETE FROM hides WHERE kind = ? AND id = ? AND reason = ?")
            .bind(entry.kind)
            .bind(entry.id.to_vec())
            .bind(visibility::LAPSED)
            .execute(&mut *connection)
            .await?
            .rows_affected();
    }
    if changed > 0 {
        change_log::touch_network(connection, network).await?;
        visibility::next_generation(connection).await?;
    }
    Ok(())
}

/// What is hidden while the grant of an origin has lapsed: everything at the origin, and what its sources brought from
/// elsewhere.
async fn lapsed_entries(
    connection: &mut Connection,
    network: NetworkId,
    origin: &str,
) -> Result<Vec<visibility::Entry>, StoreError> {
    let mut entries = visibility::sources_within(connection, network, origin, "/").await?;
    entries.push(visibility::Entry {
        kind: "path",
        id: visibility::path_id(network, origin, "/"),
        network: network.to_bytes(),
        path: Some((origin.to_owned(), "/".to_owned())),
    });
    Ok(entries)
}

/// After a change of scope: what it no longer covers is hidden at once and erased by the next purge; what it covers
/// again may come in again.
async fn narrow(
    connection: &mut Connection,
    grant: &Grant,
    at: Timestamp,
) -> Result<(), StoreError> {
    let network = grant.network.to_bytes().to_vec();
    let code = Refusal::OutOfScope.code();
    query("DELETE FROM taken_back WHERE network_id = ? AND refusal = ?")
        .bind(network.clone())
        .bind(code)
        .execute(&mut *connection)
        .await?;
    let rows = query("SELECT post_id, url FROM posts WHERE grant_id = ?")
        .bind(grant.id.to_bytes().to_vec())
        .fetch_all(&mut *connection)
        .await?;
    let (mut outside, mut inside) = (Vec::new(), Vec::new());
    for row in &rows {
        let url: &str = row.try_get("url")?;
        let covered = url::Url::parse(url).is_ok_and(|url| grant.allows(&url));
        if covered { &mut inside } else { &mut outside }.push(id(row, "post_id")?);
    }
    let shown = query(
        "DELETE FROM hides WHERE kind = 'post' AND reason = ?
           AND id IN (SELECT unhex(value) FROM json_each(?))",
    )
    .bind(code)
    .bind(id_list(inside))
    .execute(&mut *connection)
    .await?
    .rows_affected();
    let hidden = query(
        "INSERT INTO hides (kind, id, network_id, reason, at)
         SELECT 'post', unhex(value), ?, ?, ? FROM json_each(?) WHERE true
         ON CONFLICT (kind, id) DO UPDATE SET reason = excluded.reason, at = excluded.at
         WHERE hides.reason <> 'withdrawn'",
    )
    .bind(network)
    .bind(code)
    .bind(micros(at))
    .bind(id_list(outside))
    .execute(&mut *connection)
    .await?
    .rows_affected();
    // What somebody objected to stays hidden until it is decided, however the scope changes meanwhile.
    let objected = visibility::hide_objected(connection, grant.network, at).await?;
    if shown + hidden + objected > 0 {
        change_log::touch_network(connection, grant.network).await?;
        visibility::next_generation(connection).await?;
    }
    Ok(())
}

async fn grants(pool: &Pool, network: Option<NetworkId>) -> Result<Vec<Grant>, StoreError> {
    let query = match network {
        Some(network) => {
            query("SELECT * FROM grants WHERE network_id = ? ORDER BY granted, grant_id")
                .bind(network.to_bytes().to_vec())
        }
        None => query("SELECT * FROM grants ORDER BY granted, grant_id"),
    };
    let rows = query.fetch_all(pool).await?;
    rows.iter().map(read_grant).collect()
}

pub(crate) fn read_grant(row: &Row) -> Result<Grant, StoreError> {
    let prefixes: Vec<String> = json(row, "prefixes")?;
    let retention = count(row, "retention_days")?;
    Ok(Grant::recorded(GrantRecord {
        id: GrantId::from_bytes(id(row, "grant_id")?),
        network: NetworkId::from_bytes(id(row, "network_id")?),
        scope: Scope::new(parsed(row, "origin")?, &prefixes)
            .map_err(|_| bad("prefixes", &prefixes))?,
        purposes: json(row, "purposes")?,
        retention_days: u16::try_from(retention).map_err(|_| bad("retention_days", retention))?,
        evidence: Evidence {
            method: parsed(row, "method")?,
            folder: row.try_get("evidence_folder")?,
            sha256: row.try_get("evidence_sha256")?,
            seen: time(row, "evidence_seen")?,
        },
        granted: time(row, "granted")?,
        expires: time(row, "expires")?,
        members_told: row.try_get("members_told")?,
        state: word(row, "state")?,
    }))
}

async fn proof(
    pool: &Pool,
    network: NetworkId,
    grant: GrantId,
) -> Result<Option<ConsentProof>, StoreError> {
    let Some(row) = query("SELECT * FROM grants WHERE grant_id = ?")
        .bind(grant.to_bytes().to_vec())
        .fetch_optional(pool)
        .await?
    else {
        return Ok(None);
    };
    let grant = read_grant(&row)?;
    let Some(entry) = last_entry(pool, grant.id).await? else {
        return Ok(None);
    };
    // Up to the next head that was signed, else to the end: never more than about a day of entries.
    let signed = signed_heads::first_from(pool, entry.seq).await?;
    let to = signed.as_ref().map(|head| head.seq);
    let after = ledger::between(pool, entry.seq, to).await?;
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
        signed,
        path,
    }))
}

/// The entry that recorded a grant as it stands.
pub(crate) async fn last_entry(
    pool: &Pool,
    grant: GrantId,
) -> Result<Option<LedgerEntry>, StoreError> {
    let row = query(
        "SELECT seq, network_id, grant_id, event, entry FROM ledger
         WHERE grant_id = ? AND event IN ('granted', 'renewed', 'scope_changed') ORDER BY seq DESC LIMIT 1",
    )
    .bind(grant.to_bytes().to_vec())
    .fetch_optional(pool)
    .await?;
    row.map(|row| ledger::read(&row).map(|(_, entry)| entry))
        .transpose()
}

/// Whether an entry says what the grant says. Its expiry may have moved on since, by the same proof seen again.
pub(crate) fn records(entry: &LedgerEntry, grant: &Grant) -> bool {
    let said = fact_of(grant, entry.fact.event, entry.fact.actor, entry.fact.at);
    entry.fact.network == said.network
        && entry.fact.method == said.method
        && entry.fact.evidence_sha256 == said.evidence_sha256
        && entry.fact.scope_sha256 == said.scope_sha256
}
