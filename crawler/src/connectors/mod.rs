//! Connectors: one module for each kind of source, on the one fetch layer.
//!
//! Each says in its module documentation what "public" means there and what is refused. None uses a platform's SDK:
//! those bring their own HTTP stack and hide what politeness needs.

pub(crate) mod answers;
pub(crate) mod atproto;
pub(crate) mod cursor;
pub(crate) mod discourse;
pub(crate) mod feed;
mod flarum;
pub(crate) mod forum;
pub(crate) mod html;
mod hyperkitty;
pub(crate) mod ical;
mod items;
mod lemmy;
#[cfg(test)]
mod life_tests;
mod markdown;
pub(crate) mod mastodon;
mod nodebb;
pub mod notes;
mod page_says;
mod pages;
mod paging;
pub(crate) mod public_inbox;
#[cfg(test)]
mod recheck_tests;
#[cfg(test)]
mod tests;
pub(crate) mod wordpress;

pub use html::presets;

use discover_model::SourceKind;
use url::Url;

use crate::frontier::Pace;
use crate::recheck::review::Review;
use crate::trouble::Trouble;
use crate::visit::Visit;
use answers::base;

/// Reads the source at `address` with the connector of its kind.
pub(crate) async fn visit(visit: &mut Visit<'_>, address: &Url) -> Result<Pace, Trouble> {
    // Boxed: one large connector would make every visit's future as large.
    match visit.source.kind {
        SourceKind::Feed => Box::pin(feed::visit(visit, address)).await,
        SourceKind::Discourse => Box::pin(discourse::visit(visit, address)).await,
        SourceKind::Wordpress => Box::pin(wordpress::visit(visit, address)).await,
        SourceKind::Mastodon => mastodon::visit(visit, address).await,
        SourceKind::Atproto => atproto::visit(visit, address).await,
        SourceKind::PublicInbox => public_inbox::visit(visit, address).await,
        SourceKind::Nodebb => {
            let platform = nodebb::Nodebb {
                base: base(address),
            };
            forum::visit(visit, &platform, &[String::new()]).await
        }
        SourceKind::Flarum => Box::pin(flarum::visit(visit, address)).await,
        SourceKind::Lemmy => Box::pin(lemmy::visit(visit, address)).await,
        SourceKind::Html => Box::pin(html::visit(visit, address)).await,
        SourceKind::Ical => ical::visit(visit, address).await,
        SourceKind::Hyperkitty => Box::pin(hyperkitty::visit(visit, address)).await,
        SourceKind::Notes => Err(notes::uploaded()),
    }
}

/// Looks at kept posts again, in the way of the source's kind.
pub(crate) async fn recheck(
    visit: &mut Visit<'_>,
    address: &Url,
    looks: &mut Review<'_>,
) -> Result<(), Trouble> {
    if !matches!(
        visit.source.kind,
        SourceKind::Feed | SourceKind::PublicInbox
    ) {
        looks.by_its_own_door();
    }
    match visit.source.kind {
        SourceKind::Feed | SourceKind::PublicInbox => pages::recheck(visit, looks).await,
        SourceKind::Discourse => discourse::recheck(visit, address, looks).await,
        SourceKind::Wordpress => wordpress::recheck(visit, address, looks).await,
        SourceKind::Mastodon => mastodon::recheck(visit, address, looks).await,
        SourceKind::Atproto => atproto::recheck(visit, address, looks).await,
        SourceKind::Lemmy => lemmy::recheck(visit, address, looks).await,
        SourceKind::Nodebb => {
            let platform = nodebb::Nodebb {
                base: base(address),
            };
            forum::recheck(visit, &platform, looks).await
        }
        SourceKind::Flarum => flarum::recheck(visit, address, looks).await,
        SourceKind::Html => {
            let platform = html::Pages::new(visit, address)?;
            forum::recheck(visit, &platform, looks).await
        }
        SourceKind::Ical => ical::recheck(visit, address, looks).await,
        SourceKind::Hyperkitty => hyperkitty::recheck(visit, address, looks).await,
        SourceKind::Notes => Err(notes::uploaded()),
    }
}
