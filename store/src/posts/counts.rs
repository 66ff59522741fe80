//! Figures for the transparency page.

use std::collections::BTreeMap;
use std::str::FromStr;

use discover_model::redaction::Kind;
use discover_model::{NetworkId, PostId, Refusal};
use jiff::Timestamp;

use crate::database::{Pool, query};
use crate::row::{bad, count, id, maybe_time, time, word};
use crate::{Counts, NetworkCounts, Store, StoreError};

/// Networks that are not hidden.
const SHOWN: &str =
    "SELECT n.network_id FROM networks n WHERE ?1 IS NULL AND n.state NOT IN ('paused', 'lapsed', 'withdrawn')
  AND NOT EXISTS (SELECT 1 FROM hides h WHERE h.kind = 'network' AND h.id = n.network_id)";

impl Store {
    /// Figures of the instance and of every network, without networks that are hidden.
    pub async fn counts(&self) -> Result<Counts, StoreError> {
        self.named(counts(self.readers()).await)
    }

    /// Figures of one network, hidden or not: for its owner only.
    pub async fn held(&self, network: NetworkId) -> Result<NetworkCounts, StoreError> {
        const ONE: &str = "SELECT network_id FROM networks WHERE network_id = ?1";
        let held = per_network(self.readers(), ONE, Some(network)).await;
        Ok(self.named(held)?.remove(&network).unwrap_or_default())
    }

    /// What was refused of a network lately, newest first: code, address, when. For its owner only.
    pub async fn refusals(
        &self,
        network: NetworkId,
        limit: usize,
    ) -> Result<Vec<(Refusal, String, Timestamp)>, StoreError> {
        self.named(refusals(self.readers(), network, limit).await)
    }

    /// Posts that a network's sources took down themselves; what they list again may be shown again.
    pub async fn taken_down(
        &self,
        network: NetworkId,
    ) -> Result<std::collections::HashSet<PostId>, StoreError> {
        let rows = query("SELECT post_id FROM taken_back WHERE network_id = ? AND by_source = 1")
            .bind(network.to_bytes().to_vec())
            .fetch_all(self.readers())
            .await
            .map_err(StoreError::from);
        self.named(rows)?
            .iter()
            .map(|row| Ok(PostId::from_bytes(id(row, "post_id")?)))
            .collect()
    }

    /// Posts of a network that must not come back, with the reason: what the gate must know.
    pub async fn taken_back(
        &self,
        network: NetworkId,
    ) -> Result<std::collections::HashMap<PostId, Refusal>, StoreError> {
        self.named(taken_back(self.readers(), network).await)
    }
}

fn refusal(code: &str) -> Result<Refusal, StoreError> {
    Refusal::from_str(code).map_err(|_| bad("refusal", code))
}

async fn counts(pool: &Pool) -> Result<Counts, StoreError> {
    let mut counts = Counts {
        per_network: per_network(pool, SHOWN, None).await?,
        ..Counts::default()
    };
    for network in counts.per_network.values() {
        counts.networks += 1;
        counts.sources += network.sources;
        counts.conversations += network.conversations;
        counts.posts += network.posts;
        for (refusal, count) in &network.refused {
            *counts.refused.entry(*refusal).or_default() += count;
        }
        for (kind, count) in &network.redacted {
            *counts.redacted.entry(*kind).or_default() += count;
        }
    }
    Ok(counts)
}

/// Figures of the networks that `which` selects; `?1` in it is `id`.
async fn per_network(
    pool: &Pool,
    which: &str,
    id_of: Option<NetworkId>,
) -> Result<BTreeMap<NetworkId, NetworkCounts>, StoreError> {
    let bound = id_of.map(|network| network.to_bytes().to_vec());
    let mut all = BTreeMap::new();
    let sql = format!(
        "SELECT n.network_id,
           (SELECT count(*) FROM sources s WHERE s.network_id = n.network_id) AS sources,
           (SELECT count(*) FROM conversations c WHERE c.network_id = n.network_id) AS conversations,
           (SELECT count(*) FROM posts p WHERE p.network_id = n.network_id) AS posts,
           (SELECT count(DISTINCT voice) FROM posts p WHERE p.network_id = n.network_id) AS voices,
           (SELECT max(last_fetch) FROM frontier f WHERE f.network_id = n.network_id) AS last_fetch
         FROM ({which}) n"
    );
    let rows = query(sqlx::AssertSqlSafe(sql))
        .bind(bound.clone())
        .fetch_all(pool)
        .await?;
    for row in &rows {
        let network = NetworkCounts {
            sources: count(row, "sources")?,
            conversations: count(row, "conversations")?,
            posts: count(row, "posts")?,
            voices: count(row, "voices")?,
            last_fetch: maybe_time(row, "last_fetch")?,
            ..NetworkCounts::default()
        };
        all.insert(NetworkId::from_bytes(id(row, "network_id")?), network);
    }
    let sql = format!(
        "SELECT network_id, 0 AS redacted, code AS name, count FROM refusal_counts
           WHERE network_id IN ({which})
         UNION ALL SELECT network_id, 1, kind, count FROM redaction_counts WHERE network_id IN ({which})"
    );
    let rows = query(sqlx::AssertSqlSafe(sql))
        .bind(bound)
        .fetch_all(pool)
        .await?;
    for row in &rows {
        let network = NetworkId::from_bytes(id(row, "network_id")?);
        let network: &mut NetworkCounts = all.entry(network).or_default();
        let many = count(row, "count")?;
        if row.try_get::<i64, _>("redacted")? == 0 {
            let refusal = refusal(row.try_get("name")?)?;
            *network.refused.entry(refusal).or_default() += many;
        } else {
            let kind: Kind = word(row, "name")?;
            *network.redacted.entry(kind).or_default() += many;
        }
    }
    Ok(all)
}

async fn refusals(
    pool: &Pool,
    network: NetworkId,
    limit: usize,
) -> Result<Vec<(Refusal, String, Timestamp)>, StoreError> {
    let rows = query(
        "SELECT code, url, at FROM refusals WHERE network_id = ? AND url NOT LIKE '#%'
         ORDER BY refusal DESC LIMIT ?",
    )
    .bind(network.to_bytes().to_vec())
    .bind(crate::row::limit(limit))
    .fetch_all(pool)
    .await?;
    rows.iter()
        .map(|row| {
            let code = refusal(row.try_get("code")?)?;
            Ok((code, row.try_get("url")?, time(row, "at")?))
        })
        .collect()
}

async fn taken_back(
    pool: &Pool,
    network: NetworkId,
) -> Result<std::collections::HashMap<PostId, Refusal>, StoreError> {
    let rows =
        query("SELECT post_id, refusal FROM taken_back WHERE network_id = ? AND by_source = 0")
            .bind(network.to_bytes().to_vec())
            .fetch_all(pool)
            .await?;
    rows.iter()
        .map(|row| {
            let code = refusal(row.try_get("refusal")?)?;
            Ok((PostId::from_bytes(id(row, "post_id")?), code))
        })
        .collect()
}
