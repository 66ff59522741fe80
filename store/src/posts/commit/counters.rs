//! Counts of what was refused and redacted.

use std::collections::{BTreeMap, BTreeSet};

use discover_model::redaction::{Kind, addresses};
use discover_model::{NetworkId, Post, Refusal};
use jiff::Timestamp;

use super::lookup::StoredPost;
use crate::StoreError;
use crate::consent::tombstones;
use crate::database::{Connection, query};
use crate::row::micros;

/// Refusals listed for the owner of a network.
pub(crate) const LISTED: i64 = 200;
/// What a hash begins with that stands in the place of an address.
pub(crate) const UNNAMED: char = '#';
/// Longest address listed.
const MAX_URL: usize = 2048;

/// Counts refusals and lists them. An item that is refused at every visit counts once as long as it is listed. Of what
/// was taken out for good, of authors who opted out, and where the address names somebody, not even the address is kept: a
/// keyed hash stands in its place, and nobody is shown it.
pub(super) async fn refusals(
    connection: &mut Connection,
    network: NetworkId,
    refusals: &[(Refusal, String)],
    key: &[u8; 32],
    now: Timestamp,
) -> Result<(), StoreError> {
    if refusals.is_empty() {
        return Ok(());
    }
    let id = network.to_bytes().to_vec();
    let rows = query("SELECT code, url FROM refusals WHERE network_id = ?")
        .bind(id.clone())
        .fetch_all(&mut *connection)
        .await?;
    let listed: BTreeSet<(&str, &str)> = rows
        .iter()
        .map(|row| Ok((row.try_get("code")?, row.try_get("url")?)))
        .collect::<Result<_, StoreError>>()?;
    let mut counts: BTreeMap<&str, i64> = BTreeMap::new();
    let mut fresh: BTreeSet<(&str, &str)> = BTreeSet::new();
    let places: Vec<(Refusal, String)> = refusals
        .iter()
        .map(|(refusal, url)| {
            let taken_out = matches!(
                refusal,
                Refusal::Withdrawn | Refusal::Objected | Refusal::AuthorOptedOut
            );
            match addresses::listed(url.get(..MAX_URL).unwrap_or(url)) {
                Some(address) if !taken_out => (*refusal, address),
                _ => {
                    let hash = crate::row::hex(&tombstones::mac(key, "refused ", url));
                    (*refusal, format!("{UNNAMED}{hash}"))
                }
            }
        })
        .collect();
    for (refusal, url) in &places {
        let url = url.as_str();
        if !listed.contains(&(refusal.code(), url)) && fresh.insert((refusal.code(), url)) {
            *counts.entry(refusal.code()).or_default() += 1;
        }
    }
    for (code, count) in counts {
        query(
            "INSERT INTO refusal_counts (network_id, code, count) VALUES (?, ?, ?)
             ON CONFLICT (network_id, code) DO UPDATE SET count = refusal_counts.count + excluded.count",
        )
        .bind(id.clone())
        .bind(code)
        .bind(count)
        .execute(&mut *connection)
        .await?;
    }
    // What is listed already is not written again: an unchanged visit writes nothing.
    for (code, url) in fresh.iter().rev().take(LISTED as usize).rev() {
        query("INSERT INTO refusals (network_id, code, url, at) VALUES (?, ?, ?, ?)")
            .bind(id.clone())
            .bind(*code)
            .bind(*url)
            .bind(micros(now))
            .execute(&mut *connection)
            .await?;
    }
    if !fresh.is_empty() {
        query(
            "DELETE FROM refusals WHERE network_id = ?1 AND refusal <= (
               SELECT refusal FROM refusals WHERE network_id = ?1 ORDER BY refusal DESC LIMIT 1 OFFSET ?2)",
        )
        .bind(id)
        .bind(LISTED)
        .execute(connection)
        .await?;
    }
    Ok(())
}

/// Counts what was redacted. A changed post counts with what it has more than before.
pub(super) async fn redactions(
    connection: &mut Connection,
    network: NetworkId,
    new: &[Post],
    updates: &[(StoredPost, Post)],
) -> Result<(), StoreError> {
    let mut counts: BTreeMap<Kind, i64> = BTreeMap::new();
    for post in new {
        for (kind, count) in &post.redacted {
            *counts.entry(*kind).or_default() += i64::from(*count);
        }
    }
    for (held, post) in updates {
        let before: BTreeMap<Kind, u32> = serde_json::from_str::<Vec<(Kind, u32)>>(&held.redacted)
            .unwrap_or_default()
            .into_iter()
            .collect();
        for (kind, count) in &post.redacted {
            let more = count.saturating_sub(before.get(kind).copied().unwrap_or(0));
            *counts.entry(*kind).or_default() += i64::from(more);
        }
    }
    for (kind, count) in counts.into_iter().filter(|(_, count)| *count > 0) {
        query(
            "INSERT INTO redaction_counts (network_id, kind, count) VALUES (?, ?, ?)
             ON CONFLICT (network_id, kind) DO UPDATE SET count = redaction_counts.count + excluded.count",
        )
        .bind(network.to_bytes().to_vec())
        .bind(kind.as_str())
        .bind(count)
        .execute(&mut *connection)
        .await?;
    }
    Ok(())
}
