//! The public ledger, its signed heads, and what both say in sum.

use std::collections::BTreeMap;

use discover_store::SignedHead;

use crate::figures::figures;
use crate::problem::Problem;
use crate::shapes::{Head, KeyHolder, LedgerPage, SignedHeads, Transparency};
use crate::state::View;

/// SignedHeads given at once: some three months.
const HEADS: usize = 100;

pub(crate) fn head(head: SignedHead) -> Head {
    Head {
        day: head.day,
        seq: head.seq,
        hash: head.hash,
        at: head.at,
        signature: head.signature,
    }
}

/// Signed heads, latest first.
pub async fn heads(view: &View) -> Result<SignedHeads, Problem> {
    let store = view.state.store();
    let internal = |error| Problem::internal(&error);
    let heads = store.signed_heads(HEADS).await.map_err(internal)?;
    Ok(SignedHeads {
        key: store.head_key().map_err(internal)?,
        items: heads.into_iter().map(head).collect(),
    })
}

/// Entries of the ledger after number `after`.
pub async fn page(view: &View, after: u64, limit: usize) -> Result<LedgerPage, Problem> {
    let items = view
        .state
        .store()
        .ledger(after, limit)
        .await
        .map_err(|error| Problem::internal(&error))?;
    let next = items
        .last()
        .map(|last| last.seq)
        .filter(|_| items.len() == limit);
    Ok(LedgerPage { items, next })
}

/// The keys that open now, oldest first.
async fn keys(view: &View) -> Result<Vec<KeyHolder>, Problem> {
    let keys = view.state.store().analyst_keys().await;
    let keys = keys.map_err(|error| Problem::internal(&error))?;
    Ok(keys
        .into_iter()
        .filter(|key| key.is_live(view.now))
        .map(|key| KeyHolder {
            scopes: key.scopes.iter().map(ToString::to_string).collect(),
            holder: key.holder,
            purpose: key.purpose,
            per_minute: key.per_minute,
            expires: key.expires,
        })
        .collect())
}

/// What was asked of us and done.
pub async fn transparency(view: &View) -> Result<Transparency, Problem> {
    let figures = figures(view).await?;
    let networks: Vec<_> = view
        .networks()
        .map(|network| super::networks::shape(view, &figures, network))
        .collect();
    let mut blocked: BTreeMap<String, u64> = BTreeMap::new();
    for source in networks.iter().flat_map(|network| &network.sources) {
        if let Some(trouble) = &source.trouble {
            *blocked.entry(trouble.clone()).or_default() += 1;
        }
    }
    Ok(Transparency {
        about: super::about::about(view).await?,
        networks,
        ledger: figures
            .ledger
            .events
            .iter()
            .map(|(event, count)| ((*event).to_owned(), *count))
            .collect(),
        left: figures.ledger.left,
        purged_posts: figures.ledger.purged_posts,
        blocked,
        keys: keys(view).await?,
        heads: heads(view).await?,
        generation: view.generation(),
    })
}
