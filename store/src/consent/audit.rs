//! The proof that every stored post has a valid grant, and the quiet renewal of what was seen.

use std::collections::BTreeMap;

use discover_model::{ConversationId, Grant, GrantId, NetworkId, PostId, SourceId};
use jiff::Timestamp;

use crate::consent::grants::read_grant;
use crate::database::query;
use crate::row::{id, micros};
use crate::{Store, StoreError};

/// Posts read at a time.
const PAGE: i64 = 5000;

/// What stands behind the stored posts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Audit {
    pub posts: u64,
    /// Shown, and under a live grant of the post's own network that allows the post's address.
    pub granted: u64,
    /// Hidden, and waiting for their purge, their proof's or their owner's return, or a decision.
    pub hidden: u64,
    /// Shown without a valid grant: never more than 0.
    pub without_grant: u64,
    /// Grants whose last entry on the ledger does not say what the grant says: never more than 0.
    pub unrecorded_grants: u64,
}

impl Audit {
    /// Everything that is kept is granted or hidden, and everything granted is on the ledger.
    pub fn is_clean(&self) -> bool {
        self.without_grant == 0 && self.unrecorded_grants == 0
    }
}

impl Store {
    /// Looks at every stored post: its grant, whether it covers the post, and whether the ledger recorded it.
    pub async fn audit(&self, now: Timestamp) -> Result<Audit, StoreError> {
        self.named(audit(self, now).await)
    }

    /// The proof was seen again and says the same: only its last sight and the expiry move on, without a ledger entry.
    pub async fn touch_grant(&self, grant: &Grant) -> Result<(), StoreError> {
        let mut writer = self.write().await?;
        let result = query(
            "UPDATE grants SET evidence_seen = ?, expires = ?
             WHERE grant_id = ? AND state IN ('live', 'paused')",
        )
        .bind(micros(grant.evidence.seen))
        .bind(micros(grant.expires))
        .bind(grant.id.to_bytes().to_vec())
        .execute(writer.connection())
        .await
        .map(|_| ())
        .map_err(StoreError::from);
        writer.finish(result).await
    }
}

async fn audit(store: &Store, now: Timestamp) -> Result<Audit, StoreError> {
    let visibility = store.visibility().await?;
    let mut audit = Audit::default();
    let mut grants: BTreeMap<GrantId, Grant> = BTreeMap::new();
    for row in query("SELECT * FROM grants")
        .fetch_all(store.readers())
        .await?
    {
        let grant = read_grant(&row)?;
        let recorded = crate::consent::grants::last_entry(store.readers(), grant.id)
            .await?
            .is_some_and(|entry| crate::consent::grants::records(&entry, &grant));
        audit.unrecorded_grants += u64::from(!recorded);
        grants.insert(grant.id, grant);
    }
    let mut last = i64::MIN;
    loop {
        let rows = query(
            "SELECT p.post, p.post_id, p.network_id, p.source_id, p.grant_id, p.url, c.conversation_id
             FROM posts p JOIN conversations c ON c.arrival = p.conversation
             WHERE p.post > ? ORDER BY p.post LIMIT ?",
        )
        .bind(last)
        .bind(PAGE)
        .fetch_all(store.readers())
        .await?;
        let Some(end) = rows.last() else {
            return Ok(audit);
        };
        last = end.try_get("post")?;
        for row in &rows {
            let network = NetworkId::from_bytes(id(row, "network_id")?);
            let url: &str = row.try_get("url")?;
            audit.posts += 1;
            let shown = visibility.shows_post(
                network,
                SourceId::from_bytes(id(row, "source_id")?),
                ConversationId::from_bytes(id(row, "conversation_id")?),
                PostId::from_bytes(id(row, "post_id")?),
                url,
            );
            let granted = grants
                .get(&GrantId::from_bytes(id(row, "grant_id")?))
                .is_some_and(|grant| {
                    grant.network == network
                        && grant.is_live(now)
                        && url::Url::parse(url).is_ok_and(|url| grant.allows(&url))
                });
            match (shown, granted) {
                (false, _) => audit.hidden += 1,
                (true, true) => audit.granted += 1,
                (true, false) => audit.without_grant += 1,
            }
        }
    }
}
