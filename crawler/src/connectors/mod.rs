//! Connectors: one module for each kind of source, on the one fetch layer.
//!
//! Each says in its module documentation what "public" means there and what is refused. None uses a platform's SDK:
//! those bring their own HTTP stack and hide what politeness needs.

pub(crate) mod atproto;
pub(crate) mod discourse;
pub(crate) mod feed;
mod flarum;
pub(crate) mod forum;
pub(crate) mod html;
mod hyperkitty;
pub(crate) mod ical;
mod lemmy;
#[cfg(test)]
mod life_tests;
mod markdown;
pub(crate) mod mastodon;
mod nodebb;
mod pages;
mod paging;
pub(crate) mod public_inbox;
#[cfg(test)]
mod recheck_tests;
#[cfg(test)]
mod tests;
pub(crate) mod wordpress;

pub use html::presets;

use std::collections::BTreeMap;

use discover_model::{Item, ItemState, Refusal, Source, SourceKind};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use url::Url;

use crate::fetch::Response;
use crate::frontier::Pace;
use crate::parse::text::quotes::without_own_name;
use crate::prepare;
use crate::recheck::Review;
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
    Feed(Box<feed::FeedCursor>),
    Discourse(discourse::DiscourseCursor),
    Wordpress(wordpress::WordpressCursor),
    Mastodon(mastodon::MastodonCursor),
    Atproto(atproto::AtprotoCursor),
    PublicInbox(public_inbox::PublicInboxCursor),
    Ical(ical::IcalCursor),
    /// By the name of the list.
    Forum(BTreeMap<String, forum::ForumCursor>),
}

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

/// An address below (or on the origin of) the source's.
pub(crate) fn at(base: &Url, path: &str) -> Result<Url, Trouble> {
    base.join(path)
        .map_err(|error| Trouble::Setting(format!("the source's address is unusable: {error}")))
}

/// The elements of a list that can be read: one unreadable element does not spoil the others.
pub(crate) fn readable<T: serde::de::DeserializeOwned>(
    values: Option<&Vec<serde_json::Value>>,
) -> Vec<T> {
    values
        .into_iter()
        .flatten()
        .filter_map(|value| prepare::json::from_value(value.clone()).ok())
        .collect()
}

/// How many of a list's values none was made of.
pub(crate) fn lost(values: Option<&Vec<serde_json::Value>>, readable: usize) -> usize {
    values.map_or(0, Vec::len).saturating_sub(readable)
}

/// The platform's own word in an answer that is an error: `{"error": "…"}`. A proxy or a missing route says none.
pub(crate) fn own_error(response: &Response) -> Option<String> {
    let says = prepare::json::value(&response.body).ok()?;
    says["error"].as_str().map(str::to_owned)
}

/// Whether a text can be a platform's numeric id.
pub(crate) fn is_number(text: &str) -> bool {
    !text.is_empty() && text.len() <= 20 && text.bytes().all(|b| b.is_ascii_digit())
}

/// An item to be filled in.
pub(crate) fn blank(source: &Source, key: String, url: Url) -> Item {
    Item {
        key,
        url,
        root: None,
        parent: None,
        thread: None,
        title: None,
        text: String::new(),
        author: None,
        published: None,
        updated: None,
        language: source.options.language.clone(),
        links: Vec::new(),
        state: ItemState::Live,
    }
}

/// An item that is held back: its address and the reason, and nothing of what it says.
pub(crate) fn withheld(source: &Source, key: String, url: Url, refusal: Refusal) -> Item {
    Item {
        state: ItemState::Withheld(refusal),
        ..blank(source, key, url)
    }
}

/// A text without the names of the one who wrote it.
pub(crate) fn without_names<'n>(text: &str, names: impl IntoIterator<Item = &'n str>) -> String {
    let names = names.into_iter();
    names.fold(text.to_owned(), |text, name| without_own_name(&text, name))
}

/// The same of a title, of which nothing may be left.
pub(crate) fn title_without<'n>(
    title: Option<&str>,
    names: impl IntoIterator<Item = &'n str>,
) -> Option<String> {
    let title = without_names(title?, names);
    (!title.is_empty()).then_some(title)
}

/// The parts that say something, each a paragraph, none twice.
pub(crate) fn paragraphs(parts: &[String]) -> String {
    let mut said: Vec<&str> = Vec::new();
    for part in parts.iter().map(|part| part.trim()) {
        if !part.is_empty() && !said.contains(&part) {
            said.push(part);
        }
    }
    said.join("\n\n")
}

/// Milliseconds since 1970.
pub(crate) fn millis(at: i64) -> Option<Timestamp> {
    Timestamp::from_millisecond(at).ok().filter(|_| at > 0)
}
