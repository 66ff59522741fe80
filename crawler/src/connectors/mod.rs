//! Connectors: one module for each kind of source, on the one fetch layer.
//!
//! Each says in its module documentation what "public" means there and what is refused. None uses a platform's SDK:
//! those bring their own HTTP stack and hide what politeness needs.

pub(crate) mod discourse;
pub(crate) mod feed;

use discover_model::SourceKind;
use serde::{Deserialize, Serialize};
use url::Url;

use crate::frontier::Pace;
use crate::visit::{Trouble, Visit};

/// Listing pages and threads read in one visit; the rest waits in the cursor.
pub(crate) const MAX_LISTINGS: u32 = 50;
pub(crate) const MAX_THREADS: u32 = 2000;

/// Where a connector stands between two visits.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Cursor {
    #[default]
    None,
    Feed(feed::FeedCursor),
    Discourse(discourse::DiscourseCursor),
}

/// Reads the source at `address` with the connector of its kind.
pub(crate) async fn visit(visit: &mut Visit<'_>, address: &Url) -> Result<Pace, Trouble> {
    match visit.source.kind {
        SourceKind::Feed => feed::visit(visit, address).await,
        SourceKind::Discourse => discourse::visit(visit, address).await,
        kind @ (SourceKind::Wordpress
        | SourceKind::Mastodon
        | SourceKind::Atproto
        | SourceKind::Lemmy
        | SourceKind::PublicInbox
        | SourceKind::Nodebb
        | SourceKind::Flarum
        | SourceKind::Html
        | SourceKind::Ical) => Err(Trouble::Unsupported(kind.to_string())),
    }
}

/// The source's address as the folder its pages lie in.
pub(crate) fn base(address: &Url) -> Url {
    let mut base = address.clone();
    base.set_query(None);
    base.set_fragment(None);
    if !base.path().ends_with('/') {
        let path = format!("{}/", base.path());
        base.set_path(&path);
    }
    base
}
