//! Feeds: RSS, Atom, RDF, JSON Feed.
//!
//! Public means: the item stands in the declared feed, and with `verify = "link"` its own page also gives it to a
//! visitor without an account. Refused: items the feed marks as blocked, password-protected or held; everything where
//! the feed says noindex; with `verify = "link"`, items whose page is behind a login or password, says noindex, or is
//! not allowed by robots.txt or scope.
//!
//! A feed is a window: what leaves it was not taken back. Only `at:deleted-entry` (RFC 6721) and an item missing from
//! a feed that calls itself complete (RFC 5005) are.

use std::collections::{BTreeMap, BTreeSet};

use discover_model::gate::stored_key;
use discover_model::source::Verify;
use discover_model::{Item, ItemState, Refusal};
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use url::Url;

use super::{Cursor, MAX_LISTINGS};
use crate::crawl::saw_address;
use crate::fetch::{FetchError, Response, Validators, What, headers};
use crate::frontier::Pace;
use crate::page;
use crate::parse::{self, Head, Parsed};
use crate::state::{PageState, SourceState, body_hash};
use crate::visit::{Page, Trouble, Visit};
use crate::websub;
use window::Window;

#[cfg(test)]
mod tests;
mod window;

const SOURCE: &str = "source";
/// A feed of comments that was only said to be unchanged for so long is asked for whole once.
const ASKED_WHOLE: SignedDuration = SignedDuration::from_hours(3 * 24);
/// Comment feeds polled in one visit.
const MAX_COMMENT_FEEDS: usize = 30;
/// Keys of a complete feed that are remembered; a larger feed loses this way of seeing deletions.
const MAX_COMPLETE: usize = 2000;
/// Documents of the past that are walked through in all (two marks each).
const MAX_ARCHIVES: usize = 1000;
/// Items whose pages are looked at in one visit.
const MAX_VERIFIED: usize = 500;

/// Where a feed's visit stands.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct FeedCursor {
    /// The walk into the past, while it lasts.
    #[serde(skip_serializing_if = "Option::is_none")]
    archive: Option<Archive>,
    /// Keys of a complete feed.
    #[serde(skip_serializing_if = "BTreeSet::is_empty")]
    complete: BTreeSet<String>,
    /// What it named last time.
    #[serde(skip_serializing_if = "Window::is_empty")]
    window: Window,
    /// When a feed of comments, which have no pages of their own, last came whole.
    #[serde(skip_serializing_if = "Option::is_none")]
    whole: Option<Timestamp>,
    /// Comment feeds, with the key of the item they belong to.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    comments: Vec<(Url, String)>,
    /// Hashes of items whose pages were looked at and are public.
    #[serde(skip_serializing_if = "BTreeSet::is_empty")]
    verified: BTreeSet<u64>,
    /// Where the feed says it has moved (`itunes:new-feed-url`).
    #[serde(skip_serializing_if = "Option::is_none")]
    claims: Option<Url>,
    /// The hub that the feed names, and the address it names itself by there.
    #[serde(skip_serializing_if = "Option::is_none")]
    hub: Option<(Url, Url)>,
    /// Guids that several items share: hash of the guid, and of the item that has it for a key.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    repeated: parse::Repeated,
    /// What the feed said about its pace, for visits that are answered 304.
    #[serde(skip_serializing_if = "Option::is_none")]
    pace: Option<KeptPace>,
}

#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
struct Archive {
    next: Option<Url>,
    seen: BTreeSet<u64>,
}

/// Lower bounds that stand in the feed itself, in seconds.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
struct KeptPace {
    ttl: Option<i64>,
    period: Option<i64>,
    skip_hours: Vec<u8>,
    /// Monday is 1.
    skip_days: Vec<i8>,
    unconditional: bool,
}

pub(crate) async fn visit(visit: &mut Visit<'_>, address: &Url) -> Result<Pace, Trouble> {
    // Nothing else tells that a comment was edited or taken out, and some servers' validators speak of the newest alone.
    let now = visit.now();
    let whole = cursor(visit).whole;
    if whole.is_some_and(|whole| now.duration_since(whole) >= ASKED_WHOLE) {
        if let Some(page) = visit.state.pages.get_mut(SOURCE) {
            page.validators = Validators::default();
        }
        cursor(visit).whole = Some(now);
    }
    let read = visit.page(SOURCE, address, What::Feed).await?;
    let lifetime = visit.lifetime;
    let news = visit.state.first_done && matches!(read, Page::New(..));
    match read {
        Page::Unchanged => saw_moved(visit),
        Page::New(response, page) => current(visit, *response, page).await?,
    }
    past(visit).await?;
    if visit.source.options.comments {
        comments(visit).await?;
    }
    visit.state.first_done = true;
    let mut pace = kept_pace(&cursor(visit).pace.clone().unwrap_or_default());
    pace.lifetime = lifetime;
    pace.unfinished = cursor(visit).archive.is_some();
    let declared = cursor(visit).hub.clone();
    let (source, now) = (visit.source.id, visit.now());
    pace.pushed = websub::tend(
        visit.fetcher,
        source,
        visit.permit,
        declared.as_ref(),
        &mut visit.state.push,
        news,
        now,
    )
    .await;
    Ok(pace)
}

/// Whether the feed names a kept post no more while it names older ones.
pub(super) fn misses(state: &SourceState, key: &str) -> bool {
    matches!(&state.cursor, Cursor::Feed(cursor) if cursor.window.misses(key))
}

fn cursor<'v>(visit: &'v mut Visit<'_>) -> &'v mut FeedCursor {
    if !matches!(visit.state.cursor, Cursor::Feed(_)) {
        visit.state.cursor = Cursor::Feed(Box::default());
    }
    match &mut visit.state.cursor {
        Cursor::Feed(cursor) => cursor,
        _ => unreachable!("set above"),
    }
}

/// Reads a feed document: what is no feed is an error, never an empty feed.
pub(crate) fn read(response: &Response) -> Result<Parsed, Trouble> {
    let unreadable = |why: String| Trouble::Unreadable {
        url: Box::new(response.url.clone()),
        why,
    };
    if response.body.trim_ascii().is_empty() {
        return Err(unreadable("the answer is empty".to_owned()));
    }
    let head = Head {
        content_type: response.content_type(),
        content_location: response.header("content-location"),
        content_language: response.header("content-language"),
    };
    parse::feed(&response.body, &response.url, &head).map_err(|error| unreadable(error.to_string()))
}

/// Items of a document, withheld as a whole where the document or its headers say noindex.
fn items_of(visit: &mut Visit<'_>, response: &Response, parsed: &Parsed) -> Vec<Item> {
    let source = visit.source;
    let mut items = parse::items_with(parsed, source, &mut cursor(visit).repeated);
    if parsed.hints.noindex || headers::noindex(&response.headers, visit.fetcher.agent()) {
        for item in &mut items {
            if item.state == ItemState::Live {
                item.state = ItemState::Withheld(Refusal::Noindex);
            }
        }
    }
    items
}

/// Counts a permanent redirect, or the feed's own claim to have moved, which has to stand as long.
fn saw_moved(visit: &mut Visit<'_>) {
    let now = visit.now();
    let to = visit.moved.clone().or_else(|| cursor(visit).claims.clone());
    let to = to.filter(|to| visit.permit.covers(to));
    saw_address(&mut visit.state, to.as_ref(), now);
}

/// The feed document itself.
async fn current(
    visit: &mut Visit<'_>,
    response: Response,
    page: PageState,
) -> Result<(), Trouble> {
    let parsed = read(&response)?;
    let mut items = items_of(visit, &response, &parsed);
    visit.unreadable(parsed.entries.len().saturating_sub(items.len()));
    let mut gone = stored(&parsed.hints.deleted);
    let mut complete = BTreeSet::new();
    if parsed.hints.complete {
        complete.extend(items.iter().map(|item| stored_key(&item.key)));
        let missing = cursor(visit).complete.difference(&complete).cloned();
        gone.extend(missing.collect::<Vec<_>>());
        if complete.len() > MAX_COMPLETE {
            complete.clear();
        }
    }
    let threads = comment_feeds(&parsed, &items);
    let mut window = cursor(visit).window.clone();
    window.shows(&items);
    let with_page = items.iter().filter(|item| item.url.fragment().is_none());
    let in_place = with_page.count() * 2 < items.len();
    let now = visit.now();
    let looked = if visit.source.options.verify == Verify::Link {
        verify(visit, &mut items).await?
    } else {
        Looked::default()
    };
    visit.push(items, gone).await?;

    // All items are handed over: from here to settle nothing can fail.
    let unconditional = page.validators.is_empty();
    if looked.all {
        visit.state.remember_page(SOURCE, page);
    }
    cursor(visit).claims.clone_from(&parsed.hints.new_feed_url);
    saw_moved(visit);
    let first = !visit.state.first_done;
    let hints = &parsed.hints;
    let older = hints.prev_archive.clone().or_else(|| hints.next.clone());
    let own = body_hash(response.url.as_str().as_bytes());
    let cursor = cursor(visit);
    cursor.verified = looked.verified;
    cursor.window = window;
    cursor.whole = in_place.then_some(now);
    cursor.comments = threads;
    cursor.hub = hub(&response, hints);
    cursor.pace = Some(KeptPace {
        ttl: hints.ttl.map(|ttl| ttl.as_secs()),
        period: hints.update_period.map(|period| period.as_secs()),
        skip_hours: hints.skip_hours.clone(),
        skip_days: hints
            .skip_days
            .iter()
            .map(|day| day.to_monday_one_offset())
            .collect(),
        unconditional,
    });
    cursor.complete = complete;
    if first && cursor.archive.is_none() && older.is_some() {
        cursor.archive = Some(Archive {
            next: older,
            seen: BTreeSet::from([own]),
        });
    }
    visit.settle().await
}

/// The hub and the topic that the answer names: in its `Link` headers, else in the feed (W3C WebSub 4).
fn hub(response: &Response, hints: &parse::FeedHints) -> Option<(Url, Url)> {
    let header = |rel| headers::link(&response.headers, rel, &response.url);
    let hub = header("hub").or_else(|| hints.hub.clone())?;
    let topic = header("self").or_else(|| hints.self_url.clone());
    Some((hub, topic?))
}

/// Walks back once through paged and archived documents (RFC 5005), a visit's worth at a time.
async fn past(visit: &mut Visit<'_>) -> Result<(), Trouble> {
    for _ in 0..MAX_LISTINGS {
        let Some(archive) = &cursor(visit).archive else {
            return Ok(());
        };
        let (next, walked) = (archive.next.clone(), archive.seen.len());
        let older = match next.filter(|_| walked < MAX_ARCHIVES) {
            Some(next) if visit.permit.covers(&next) => match archived(visit, &next).await {
                Ok(older) => older,
                Err(trouble) if trouble.ends_visit() => return Err(trouble),
                // The past has a hole; what lies behind it cannot be reached.
                Err(_) => None,
            },
            // It leads out of the consent, or has no end.
            _ => None,
        };
        if let Some(archive) = &mut cursor(visit).archive {
            archive.next = older;
            if archive.next.is_none() {
                cursor(visit).archive = None;
            }
        }
        visit.settle().await?;
    }
    Ok(())
}

/// Hands over one document of the past; the address of the one before it, unless it was seen before.
async fn archived(visit: &mut Visit<'_>, url: &Url) -> Result<Option<Url>, Trouble> {
    let response = visit.get_ok(url, What::Feed).await?;
    let parsed = read(&response)?;
    let mut items = items_of(visit, &response, &parsed);
    if visit.source.options.verify == Verify::Link {
        verify(visit, &mut items).await?;
    }
    visit.push(items, stored(&parsed.hints.deleted)).await?;
    let hints = parsed.hints;
    let Some(archive) = &mut cursor(visit).archive else {
        return Ok(None);
    };
    archive.seen.insert(body_hash(url.as_str().as_bytes()));
    // The same page again under a new address is an endless one.
    let fresh = archive.seen.insert(body_hash(&response.body));
    let older = hints.prev_archive.or(hints.next);
    Ok(
        older
            .filter(|older| fresh && !archive.seen.contains(&body_hash(older.as_str().as_bytes()))),
    )
}

fn stored(keys: &[String]) -> Vec<String> {
    keys.iter().map(|key| stored_key(key)).collect()
}

/// The newest entries' comment feeds, with the key of the item each belongs to.
fn comment_feeds(parsed: &Parsed, items: &[Item]) -> Vec<(Url, String)> {
    if parsed
        .entries
        .iter()
        .all(|entry| entry.comments_feed.is_none())
    {
        return Vec::new();
    }
    let keys: BTreeMap<&str, &str> = items
        .iter()
        .filter(|item| item.state == ItemState::Live)
        .map(|item| (item.url.as_str(), item.key.as_str()))
        .collect();
    parsed
        .entries
        .iter()
        .filter(|entry| entry.comments != Some(0))
        .filter_map(|entry| {
            let url = entry.comments_feed.clone()?;
            let link = Url::parse(entry.link.as_deref()?).ok()?;
            Some((url, stored_key(keys.get(link.as_str())?)))
        })
        .take(MAX_COMMENT_FEEDS)
        .collect()
}

/// Reads comment feeds: their items are replies to the entry they belong to.
async fn comments(visit: &mut Visit<'_>) -> Result<(), Trouble> {
    for (url, root) in cursor(visit).comments.clone() {
        if !visit.permit.covers(&url) {
            continue;
        }
        let key = format!("comments {:016x}", body_hash(url.as_str().as_bytes()));
        let (response, page) = match visit.page(&key, &url, What::Feed).await {
            Ok(Page::New(response, page)) => (response, page),
            Err(trouble) if trouble.ends_visit() => return Err(trouble),
            Ok(Page::Unchanged) | Err(_) => continue,
        };
        let Ok(parsed) = read(&response) else {
            continue;
        };
        let mut items = items_of(visit, &response, &parsed);
        for item in &mut items {
            // A comment that names no other comment answers the entry.
            item.parent.get_or_insert_with(|| root.clone());
            item.root = Some(root.clone());
        }
        visit.push(items, stored(&parsed.hints.deleted)).await?;
        visit.state.remember_page(&key, page);
        visit.settle().await?;
    }
    Ok(())
}

/// What looking at the items' pages gave.
struct Looked {
    verified: BTreeSet<u64>,
    /// No page has to be looked at again, so the feed's validators may be kept.
    all: bool,
}

impl Default for Looked {
    fn default() -> Self {
        Self {
            verified: BTreeSet::new(),
            all: true,
        }
    }
}

/// Looks at each item's page, as anybody would see it. Items whose page cannot be judged now are left out, and the
/// feed is read again at the next visit.
async fn verify(visit: &mut Visit<'_>, items: &mut Vec<Item>) -> Result<Looked, Trouble> {
    let before = cursor(visit).verified.clone();
    let mut looked = Looked::default();
    let mut judged = Vec::with_capacity(items.len());
    let mut pages = 0;
    for mut item in std::mem::take(items) {
        let mark = body_hash(
            format!(
                "{}\n{}\n{:?}\n{}",
                item.key, item.url, item.updated, item.text
            )
            .as_bytes(),
        );
        if item.state != ItemState::Live {
            judged.push(item);
            continue;
        }
        if !before.contains(&mark) {
            if pages == MAX_VERIFIED {
                looked.all = false;
                continue;
            }
            pages += 1;
            match look(visit, &item.url).await {
                Ok(ItemState::Live) => {}
                Ok(state) => {
                    item.state = state;
                    judged.push(item);
                    continue;
                }
                Err(trouble) if trouble.ends_visit() => return Err(trouble),
                Err(_) => {
                    looked.all = false;
                    continue;
                }
            }
        }
        looked.verified.insert(mark);
        judged.push(item);
    }
    *items = judged;
    Ok(looked)
}

/// Whether the page at `url` is there for a visitor without an account.
pub(crate) async fn look(visit: &mut Visit<'_>, url: &Url) -> Result<ItemState, Trouble> {
    let withheld = |refusal| Ok(ItemState::Withheld(refusal));
    let response = match visit.get(url, What::Page, &Validators::default()).await {
        Ok(response) => response,
        Err(Trouble::Fetch(
            error @ (FetchError::NoConsent(_)
            | FetchError::OutOfScope { .. }
            | FetchError::LoginWall { .. }
            | FetchError::Robots(_)),
        )) => return withheld(error.refusal().unwrap_or(Refusal::NotPublic)),
        Err(trouble) => return Err(trouble),
    };
    match response.status {
        200 | 203 => {}
        401..=403 => return withheld(Refusal::NotPublic),
        // 300 is how public-inbox answers for a message that was withdrawn.
        300 | 404 | 410 => return Ok(ItemState::Gone),
        status => {
            return Err(Trouble::Status {
                url: Box::new(response.url),
                status,
                retry_after: None,
            });
        }
    }
    if headers::noindex(&response.headers, visit.fetcher.agent()) {
        return withheld(Refusal::Noindex);
    }
    let Some(html) = page::text(&response.body, response.content_type()) else {
        return Err(Trouble::Unreadable {
            url: Box::new(response.url),
            why: "the page is empty".to_owned(),
        });
    };
    let signs = page::signs(&html, visit.fetcher.agent());
    if signs.noindex {
        withheld(Refusal::Noindex)
    } else if signs.password_form {
        withheld(Refusal::Password)
    } else {
        Ok(ItemState::Live)
    }
}

fn kept_pace(kept: &KeptPace) -> Pace {
    let seconds = jiff::SignedDuration::from_secs;
    Pace {
        lifetime: None,
        ttl: kept.ttl.map(seconds),
        update_period: kept.period.map(seconds),
        skip_hours: kept.skip_hours.clone(),
        skip_days: kept
            .skip_days
            .iter()
            .filter_map(|day| jiff::civil::Weekday::from_monday_one_offset(*day).ok())
            .collect(),
        unconditional: kept.unconditional,
        pushed: false,
        unfinished: false,
    }
}
