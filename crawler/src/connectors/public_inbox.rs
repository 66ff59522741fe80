//! Mailing lists archived by public-inbox.
//!
//! Public means: the message stands in the inbox's Atom feed (`new.atom`), which shows what the archive shows. Refused:
//! archives that want a login. A message that was withdrawn leaves the feed and its page answers 300: that is seen by
//! looking at kept messages again, not by this walk. Addresses of writers are hashed by the gate and never kept, and
//! messages are linked to without an `@`.
//!
//! Way of working: the feed shows the 25 newest messages; older ones are asked for by time (`?t=…`).

use std::collections::BTreeSet;

use jiff::SignedDuration;
use url::Url;

use super::answers::base;
use super::cursor::{Cursor, PublicInboxCursor};
use super::feed;
use crate::fetch::{Validators, What};
use crate::frontier::{Pace, pace_of};
use crate::hashes::body_hash;
use crate::parse;
use crate::parse::text::quotes;
use crate::trouble::Trouble;
use crate::visit::{MAX_LISTINGS, Page, Visit};

const NEW: &str = "new.atom";
const SECOND: SignedDuration = SignedDuration::from_secs(1);

/// The address of a message holds its Message-ID, which looks like an e-mail address and can be one. The archive reads
/// `%40` as well, and then nothing that is kept looks like an address.
fn without_at(url: &mut Url) {
    if url.path().contains('@') {
        let path = url.path().replace('@', "%40");
        url.set_path(&path);
    }
}

fn cursor<'v>(visit: &'v mut Visit<'_>) -> &'v mut PublicInboxCursor {
    if !matches!(visit.state.cursor, Cursor::PublicInbox(_)) {
        visit.state.cursor = Cursor::PublicInbox(PublicInboxCursor::default());
    }
    match &mut visit.state.cursor {
        Cursor::PublicInbox(cursor) => cursor,
        _ => unreachable!("set above"),
    }
}

fn finished(visit: &mut Visit<'_>) {
    let cursor = cursor(visit);
    cursor.before = None;
    cursor.since = cursor.newest.take().max(cursor.since);
}

pub(crate) async fn visit(visit: &mut Visit<'_>, address: &Url) -> Result<Pace, Trouble> {
    let base = base(address);
    let mut lifetime = None;
    let mut seen: BTreeSet<u64> = BTreeSet::new();
    for _ in 0..MAX_LISTINGS {
        let before = cursor(visit).before;
        let mut url = super::answers::at(&base, NEW)?;
        let (response, state) = if let Some(before) = before {
            let t = before
                .to_zoned(jiff::tz::TimeZone::UTC)
                .strftime("%Y%m%d%H%M%S");
            url.query_pairs_mut().append_pair("t", &t.to_string());
            let response = visit.get(&url, What::Feed, &Validators::default()).await?;
            if response.status == 404 {
                // Before the first message there is nothing.
                finished(visit);
                break;
            }
            visit.require(&response)?;
            (response, None)
        } else {
            match visit.page(NEW, &url, What::Feed).await? {
                Page::Unchanged => return Ok(pace_of(visit.lifetime, false)),
                Page::New(response, state) => {
                    lifetime = visit.lifetime;
                    (*response, Some(state))
                }
            }
        };
        let parsed = feed::read(&response)?;
        let mut items = parse::items(&parsed, visit.source);
        for item in &mut items {
            without_at(&mut item.url);
            item.text = quotes::mail(&item.text);
        }
        let times = || {
            let entries = parsed.entries.iter();
            entries.filter_map(|entry| entry.updated.or(entry.published))
        };
        let (oldest, newest) = (times().min(), times().max());
        let fresh = items
            .iter()
            .filter(|item| seen.insert(body_hash(item.key.as_bytes())))
            .count();
        visit.push(items, Vec::new()).await?;

        let cursor = cursor(visit);
        cursor.newest = cursor.newest.max(newest);
        let since = cursor.since;
        // Several messages of one second must not hold the walk: then it goes on a second earlier.
        cursor.before = oldest
            .filter(|oldest| since.is_none_or(|since| *oldest >= since))
            // An archive that answers with what was not asked for would be walked in circles.
            .filter(|oldest| before.is_none_or(|before| *oldest <= before))
            .map(|oldest| match before {
                Some(before) if fresh == 0 || oldest == before => before - SECOND,
                _ => oldest,
            });
        if cursor.before.is_none() {
            finished(visit);
        }
        if let Some(state) = state {
            visit.state.remember_page(NEW, state);
        }
        visit.flush().await?;
        if self::cursor(visit).before.is_none() {
            break;
        }
    }
    let unfinished = cursor(visit).before.is_some();
    visit.state.first_done |= !unfinished;
    Ok(pace_of(lifetime, unfinished))
}
