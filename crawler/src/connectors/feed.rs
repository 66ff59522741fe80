//! Feeds: RSS, Atom, RDF, JSON Feed.
//!
//! Public means: the item stands in the declared feed, and its own page gives it to a visitor without an account, where
//! that page lies within the consent ([`first_look`]). Refused: items the feed marks as blocked, password-protected or
//! held; everything where the feed says noindex; items whose page is behind a login or password, says noindex, or is not
//! allowed by robots.txt.
//!
//! A feed is a window: what leaves it was not taken back. Only `at:deleted-entry` (RFC 6721) and an item missing from
//! a feed that calls itself complete (RFC 5005) are.

use std::collections::{BTreeMap, BTreeSet};

use discover_model::gate::stored_key;
use discover_model::{Item, ItemState, Mark, Refusal};
use jiff::SignedDuration;
use url::Url;

use super::cursor::{Archive, Cursor, FeedCursor, KeptPace};
use crate::fetch::{Response, Validators, What, headers};
use crate::frontier::Pace;
use crate::hashes::body_hash;
use crate::parse::{self, Head, Parsed};
use crate::state::{PageState, SourceState};
use crate::trouble::Trouble;
use crate::visit::{MAX_LISTINGS, Page, Visit};
use crate::websub;
use first_look::{NoPage, hand_over, page_mark};

pub(super) mod first_look;
#[cfg(test)]
mod tests;
pub(super) mod window;

const SOURCE: &str = "source";
/// A feed of comments that was only said to be unchanged for so long is asked for whole once.
const ASKED_WHOLE: SignedDuration = SignedDuration::from_hours(3 * 24);
/// Comment feeds polled in one visit.
const MAX_COMMENT_FEEDS: usize = 30;
/// Keys of a complete feed that are remembered; a larger feed loses this way of seeing deletions.
const MAX_COMPLETE: usize = 2000;
/// Documents of the past that are walked through in all (two marks each).
const MAX_ARCHIVES: usize = 1000;

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
    pace.behind = cursor(visit).behind;
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
pub(super) fn misses(state: &SourceState, item: Mark) -> bool {
    matches!(&state.cursor, Cursor::Feed(cursor) if cursor.window.misses(item))
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
    let mut shared = std::mem::take(&mut cursor(visit).repeated);
    let mark = |guid: &str| visit.mark("guid", guid);
    let mut items = parse::items_with(parsed, visit.source, &mut shared, mark);
    cursor(visit).repeated = shared;
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
    visit.state.saw_address(to.as_ref(), now);
}

/// The feed document itself.
async fn current(
    visit: &mut Visit<'_>,
    response: Response,
    page: PageState,
) -> Result<(), Trouble> {
    let parsed = read(&response)?;
    let items = items_of(visit, &response, &parsed);
    visit.unreadable(parsed.entries.len().saturating_sub(items.len()));
    let gone = stored(&parsed.hints.deleted);
    let mut complete = BTreeSet::new();
    if parsed.hints.complete {
        complete.extend(items.iter().map(|item| visit.item_mark(&item.key)));
        let missing = cursor(visit).complete.difference(&complete).copied();
        let missing: Vec<Mark> = missing.collect();
        visit.miss(missing);
        if complete.len() > MAX_COMPLETE {
            complete.clear();
        }
    }
    let threads = if visit.source.options.comments {
        comment_feeds(&parsed, &items)
    } else {
        Vec::new()
    };
    let mut window = cursor(visit).window.clone();
    window.shows(&items, |key| visit.item_mark(key));
    let with_page = items.iter().filter(|item| item.url.fragment().is_none());
    let in_place = with_page.count() * 2 < items.len();
    let now = visit.now();
    let listed = items.iter().map(|item| page_mark(visit, &item.url));
    let listed: BTreeSet<Mark> = listed.collect();
    visit.state.seen_pages.keep(&listed, now.as_second());
    let looked = hand_over(visit, items, gone, NoPage::Waits).await?;
    let whole = looked.waiting == 0;
    cursor(visit).behind = looked.left > 0;
    if let Some(trouble) = looked.ended {
        visit.flush().await?;
        return Err(trouble);
    }

    // All items are handed over: from here to settle nothing can fail.
    let unconditional = page.validators.is_empty();
    if whole {
        visit.state.remember_page(SOURCE, page);
    }
    cursor(visit).claims.clone_from(&parsed.hints.new_feed_url);
    saw_moved(visit);
    let first = !visit.state.first_done;
    let hints = &parsed.hints;
    let older = hints.prev_archive.clone().or_else(|| hints.next.clone());
    let own = body_hash(response.url.as_str().as_bytes());
    let cursor = cursor(visit);
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
        if !first_look::has_time(visit) {
            return Ok(());
        }
        let Some(archive) = &cursor(visit).archive else {
            return Ok(());
        };
        let (next, walked) = (archive.next.clone(), archive.seen.len());
        let older = match next.filter(|_| walked < MAX_ARCHIVES) {
            Some(next) if visit.permit.covers(&next) => match archived(visit, &next).await {
                Ok(Past::Read(older)) => older,
                Ok(Past::Waits) => return Ok(()),
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

/// How far a document of the past was read.
enum Past {
    /// To its end: the address of the one before it, unless it was seen before.
    Read(Option<Url>),
    /// Pages of its items are still to be looked at.
    Waits,
}

/// Hands over one document of the past.
async fn archived(visit: &mut Visit<'_>, url: &Url) -> Result<Past, Trouble> {
    let response = visit.get_ok(url, What::Feed).await?;
    let parsed = read(&response)?;
    let items = items_of(visit, &response, &parsed);
    let looked = hand_over(visit, items, stored(&parsed.hints.deleted), NoPage::Goes).await?;
    if let Some(trouble) = looked.ended {
        visit.flush().await?;
        return Err(trouble);
    }
    if looked.waiting > 0 {
        return Ok(Past::Waits);
    }
    let hints = parsed.hints;
    let Some(archive) = &mut cursor(visit).archive else {
        return Ok(Past::Read(None));
    };
    archive.seen.insert(body_hash(url.as_str().as_bytes()));
    // The same page again under a new address is an endless one.
    let fresh = archive.seen.insert(body_hash(&response.body));
    let older = hints.prev_archive.or(hints.next);
    Ok(Past::Read(older.filter(|older| {
        fresh && !archive.seen.contains(&body_hash(older.as_str().as_bytes()))
    })))
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

/// What a comment feed is known by among the pages.
fn comments_page(visit: &Visit<'_>, url: &Url) -> String {
    let mark = serde_json::to_string(&visit.mark("page", url.as_str())).unwrap_or_default();
    format!("comments {mark}")
}

/// Reads comment feeds: their items are replies to the entry they belong to.
async fn comments(visit: &mut Visit<'_>) -> Result<(), Trouble> {
    for (url, root) in cursor(visit).comments.clone() {
        if !visit.permit.covers(&url) {
            continue;
        }
        let key = comments_page(visit, &url);
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
        let looked = hand_over(visit, items, stored(&parsed.hints.deleted), NoPage::Waits).await?;
        cursor(visit).behind |= looked.left > 0;
        if let Some(trouble) = looked.ended {
            visit.flush().await?;
            return Err(trouble);
        }
        if looked.waiting == 0 {
            visit.state.remember_page(&key, page);
        }
        visit.settle().await?;
    }
    Ok(())
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
        behind: false,
    }
}
