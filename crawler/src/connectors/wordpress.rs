//! WordPress sites, over `/wp-json`, or their feeds.
//!
//! Public means: a published post whose content is not protected, on a site that lets itself be indexed. Refused:
//! protected posts and their comments, sites whose home page says noindex, posts whose own page says noindex (in its head,
//! its headers, or in what a plugin adds to the data) or shows a login, with their comments, what is held or private
//! (WordPress gives none of it to a visitor). A post's page is looked at before the post is shown, and again after an edit.
//! `/wp/v2/users` is never asked for. Comments are read only where the owner wants it.
//!
//! Where the data interface is switched off, the site's Atom feed and its comment feeds are read instead.
//!
//! Way of working: the site's feed has validators and the data has none, so the feed is asked first and a 304 there
//! ends the visit; then posts and comments are walked by latest change until known ones come. The comments of a post
//! that changed are asked for too: those of one that is published again are told of by no feed.

use std::collections::{BTreeMap, BTreeSet};

use discover_model::{Item, Refusal};
use jiff::{SignedDuration, Timestamp};
use serde_json::Value;
use url::Url;

use super::answers::{base, lost, readable};
use super::cursor::{Cursor, Walk, WordpressCursor};
use super::feed::first_look::{Looked, NoPage, hand_over, has_time, page_mark};
use super::items::{blank, withheld};
use super::{feed, pages};
use crate::fetch::{FetchError, Response, Validators, What, headers, shown};
use crate::frontier::{Pace, pace_of};
use crate::page;
use crate::parse;
use crate::parse::text::quotes::without_own_name;
use crate::prepare;
use crate::recheck::review::Review;
use crate::trouble::Trouble;
use crate::visit::{MAX_LISTINGS, Page, Visit, json};

pub(super) mod manner;
#[cfg(test)]
mod tests;
mod wire;

use manner::Manner;
use wire::{Entry, Kind, gmt};

/// A walk whose feed was only said to be unchanged for so long is gone once without asking it.
const WALKED_ANYHOW: SignedDuration = SignedDuration::from_hours(3 * 24);
/// Posts whose comments are asked for with one question.
const MAX_CHANGED: usize = 50;

pub(crate) async fn visit(visit: &mut Visit<'_>, address: &Url) -> Result<Pace, Trouble> {
    let base = base(address);
    indexable(visit, &base).await?;
    if matches!(visit.state.cursor, Cursor::Feed(_)) {
        return by_feed(visit, &base).await;
    }
    let mut pace = match walk(visit, &base, Kind::Posts, "feed/").await {
        // The data interface is switched off, as some sites do: the feeds say the same of the newest posts.
        Err(
            trouble @ (Trouble::Status {
                status: 400..=428 | 430..=502 | 504..,
                ..
            }
            | Trouble::Unreadable { .. }
            | Trouble::Fetch(FetchError::Robots(_) | FetchError::TooLarge(_))),
        ) if !visit.state.first_done => {
            // What a server says of itself in trouble may pass.
            let passing = matches!(trouble, Trouble::Status { status: 500.., .. });
            if passing && visit.state.failures == 0 {
                return Err(trouble);
            }
            let before = visit.state.cursor.clone();
            return by_feed(visit, &base).await.map_err(|_| {
                // Neither door is open: the first is tried again.
                visit.state.cursor = before;
                trouble
            });
        }
        walked => walked?,
    };
    if visit.source.options.comments {
        let comments = walk(visit, &base, Kind::Comments, "comments/feed/").await?;
        pace.unfinished |= comments.unfinished;
        comments_of_changed(visit, &base).await?;
    }
    visit.state.first_done |= !pace.unfinished;
    Ok(pace)
}

/// The site's Atom feed, whose comment feeds name what answers what.
async fn by_feed(visit: &mut Visit<'_>, base: &Url) -> Result<Pace, Trouble> {
    let url = super::answers::at(base, "feed/atom/")?;
    match Box::pin(feed::visit(visit, &url)).await {
        // A site with plain addresses.
        Err(Trouble::Status {
            status: 404 | 410, ..
        }) => {
            let url = super::answers::at(base, "?feed=atom")?;
            Box::pin(feed::visit(visit, &url)).await
        }
        visited => visited,
    }
}

fn cursor<'v>(visit: &'v mut Visit<'_>) -> &'v mut WordpressCursor {
    if !matches!(visit.state.cursor, Cursor::Wordpress(_)) {
        visit.state.cursor = Cursor::Wordpress(WordpressCursor::default());
    }
    match &mut visit.state.cursor {
        Cursor::Wordpress(cursor) => cursor,
        _ => unreachable!("set above"),
    }
}

fn walk_of<'v>(visit: &'v mut Visit<'_>, kind: Kind) -> &'v mut Walk {
    let cursor = cursor(visit);
    match kind {
        Kind::Posts => &mut cursor.posts,
        Kind::Comments => &mut cursor.comments,
    }
}

/// A site that asks search engines to stay away (`blog_public` 0) says noindex on its home page.
async fn indexable(visit: &mut Visit<'_>, base: &Url) -> Result<(), Trouble> {
    let refused = || Trouble::Refused {
        refusal: Refusal::Noindex,
        what: format!("{} asks not to be indexed", shown(base)),
    };
    if !visit.permit.covers(base) {
        return Ok(());
    }
    let response = match visit.page("home", base, What::Page).await? {
        Page::Unchanged => return Ok(()),
        Page::New(response, state) => {
            let agent = visit.fetcher.agent();
            let html = page::text(&response.body, response.content_type()).unwrap_or_default();
            if headers::noindex(&response.headers, agent) || page::signs(&html, agent).noindex {
                return Err(refused());
            }
            // The page names the interface (`https://api.w.org/`), in the form in which it answers.
            let link = response.header("link").unwrap_or_default();
            let plain =
                |text: &str| text.contains("?rest_route=") && text.contains("https://api.w.org/");
            if (plain(link) || plain(&html)) && !matches!(visit.state.cursor, Cursor::Feed(_)) {
                cursor(visit).manner.route = true;
            }
            state
        }
    };
    visit.state.remember_page("home", response);
    Ok(())
}

async fn walk(visit: &mut Visit<'_>, base: &Url, kind: Kind, feed: &str) -> Result<Pace, Trouble> {
    let resumes = walk_of(visit, kind).page.is_some();
    let now = visit.now();
    let walked = walk_of(visit, kind).walked;
    let anyhow = kind == Kind::Comments
        && walked.is_some_and(|walked| now.duration_since(walked) >= WALKED_ANYHOW);
    // The feed only tells whether anything changed; a site without one is walked each time.
    let changed = match visit
        .page(feed, &super::answers::at(base, feed)?, What::Feed)
        .await
    {
        Ok(Page::Unchanged) if !resumes && !anyhow => {
            return Ok(pace_of(visit.lifetime, false));
        }
        Ok(Page::New(_, state)) => Some(state),
        Ok(Page::Unchanged) => None,
        Err(trouble) if trouble.ends_visit() => return Err(trouble),
        Err(_) => None,
    };
    let lifetime = visit.lifetime;
    walk_of(visit, kind).walked = Some(now);
    let order = match kind {
        Kind::Posts => "modified",
        Kind::Comments => "date_gmt",
    };
    let mut page = walk_of(visit, kind).page.unwrap_or(1);
    let mut waits = false;
    let mut before: BTreeSet<u64> = BTreeSet::new();
    for _ in 0..MAX_LISTINGS {
        if !has_time(visit) {
            walk_of(visit, kind).page = Some(page);
            break;
        }
        let (path, fields) = (kind.path(), kind.fields());
        let begun = cursor(visit).manner;
        let Some(rows) = ask(visit, base, begun, path, order, fields, page).await? else {
            // The page after the last one.
            finished(visit, kind);
            break;
        };
        let Rows {
            response,
            at,
            manner,
        } = rows;
        cursor(visit).manner = manner;
        let values: Vec<Value> = json(&response)?;
        let entries = readable::<Entry>(Some(&values));
        let unreadable = lost(Some(&values), entries.len());
        visit.unreadable_rows(unreadable, entries.len(), &response.url)?;
        // A site that gives the same page for every number says nothing of the last.
        let ids: BTreeSet<u64> = entries.iter().map(|entry| entry.id).collect();
        let repeats = ids.is_subset(&before);
        before = ids;
        let since = walk_of(visit, kind).since;
        let newest = entries.iter().filter_map(Entry::changed_at).max();
        let known = !entries.is_empty()
            && entries.iter().all(|entry| {
                let changed = entry.changed_at().zip(since);
                changed.is_some_and(|(at, since)| at < since)
            });
        let last = response
            .header("x-wp-totalpages")
            .and_then(|pages| pages.trim().parse::<u32>().ok())
            .is_some_and(|pages| at >= pages);
        if kind == Kind::Posts {
            note_changed(visit, &entries, since);
        }
        let looked = show(visit, kind, entries).await?;
        if let Some(trouble) = looked.ended {
            visit.flush().await?;
            return Err(trouble);
        }
        waits |= looked.waiting > 0;
        let walk = walk_of(visit, kind);
        walk.newest = walk.newest.max(newest);
        walk.waits |= looked.waiting > looked.left;
        page = if looked.left > 0 { at } else { at + 1 };
        walk.page = Some(page);
        let ended = looked.left == 0 && (values.is_empty() || known || last || repeats);
        if ended {
            finished(visit, kind);
        }
        visit.flush().await?;
        if ended {
            break;
        }
    }
    let unfinished = walk_of(visit, kind).page.is_some();
    if let Some(state) = changed.filter(|_| !waits) {
        visit.state.remember_page(feed, state);
    }
    Ok(pace_of(lifetime, unfinished))
}

/// A page of rows.
struct Rows {
    response: Response,
    /// Its number in the manner in which the site answered.
    at: u32,
    manner: Manner,
}

/// One page of rows, in a manner in which the site answers, `begun` first; nothing behind the last page.
async fn ask(
    visit: &mut Visit<'_>,
    base: &Url,
    begun: Manner,
    path: &str,
    order: &str,
    fields: &str,
    page: u32,
) -> Result<Option<Rows>, Trouble> {
    let mut manner = begun;
    loop {
        let rows = manner.rows();
        let ordered = if manner.simple {
            String::new()
        } else {
            format!("&orderby={order}&order=desc&_fields={fields}")
        };
        // Smaller pages have other numbers.
        let page = (page - 1) * begun.rows() / rows + 1;
        let query = format!("per_page={rows}&page={page}{ordered}");
        let url = address(manner, base, path, &query)?;
        let answer = visit.get(&url, What::Json, &Validators::default()).await;
        let (next, trouble) = match answer {
            Ok(response) if response.is_success() => {
                return Ok(Some(Rows {
                    response,
                    at: page,
                    manner,
                }));
            }
            Ok(past) if past.status == 400 && page > 1 => return Ok(None),
            Ok(response) => {
                let trouble = Trouble::Status {
                    url: Box::new(url),
                    status: response.status,
                    retry_after: response.retry_after(visit.now()),
                };
                (manner.after(response.status), trouble)
            }
            Err(
                trouble @ Trouble::Fetch(
                    FetchError::TooLarge(_) | FetchError::Truncated | FetchError::Bomb,
                ),
            ) => (manner.smaller(), trouble),
            Err(trouble) => return Err(trouble),
        };
        manner = next.ok_or(trouble)?;
    }
}

fn address(manner: Manner, base: &Url, path: &str, query: &str) -> Result<Url, Trouble> {
    manner
        .url(base, path, query)
        .map_err(|error| Trouble::Setting(format!("the source's address is unusable: {error}")))
}

/// Hands over what rows say, each once its page was seen.
async fn show(visit: &mut Visit<'_>, kind: Kind, entries: Vec<Entry>) -> Result<Looked, Trouble> {
    let mut items = Vec::with_capacity(entries.len());
    let mut protected = Vec::new();
    for entry in entries {
        let content = entry.content.as_ref();
        let shut = content.is_some_and(|content| content.protected == Some(true));
        if kind == Kind::Posts && shut {
            protected.push(entry.id);
        }
        items.extend(item(visit, kind, entry, shut));
    }
    let looked = hand_over(visit, items, Vec::new(), NoPage::Stays).await?;
    let known = &mut cursor(visit).protected;
    known.extend(protected);
    known.sort_unstable();
    known.dedup();
    known.truncate(5000);
    Ok(looked)
}

/// Posts that changed since they were read: their pages may say something else now, and their comments, which no feed
/// tells of, may be shown again.
fn note_changed(visit: &mut Visit<'_>, entries: &[Entry], since: Option<Timestamp>) {
    let changed = entries.iter().filter(|entry| {
        let times = entry.changed_at().zip(since);
        times.is_some_and(|(at, since)| at > since)
    });
    let wanted = visit.source.options.comments;
    for entry in changed {
        if let Some(url) = entry.link.as_deref().and_then(|link| Url::parse(link).ok()) {
            let page = page_mark(visit, &url);
            visit.state.seen_pages.look_anew(page);
        }
        let content = entry.content.as_ref();
        let cursor = cursor(visit);
        if content.is_some_and(|content| content.protected != Some(true)) {
            cursor.protected.retain(|post| *post != entry.id);
            if wanted && cursor.changed.len() < MAX_CHANGED {
                cursor.changed.push(entry.id);
            }
        }
    }
}

/// Reads the comments of posts that changed, as far as they stand on one page.
async fn comments_of_changed(visit: &mut Visit<'_>, base: &Url) -> Result<(), Trouble> {
    let posts = cursor(visit).changed.clone();
    if posts.is_empty() {
        return Ok(());
    }
    let posts: Vec<String> = posts.iter().map(u64::to_string).collect();
    let rows = cursor(visit).manner.rows();
    let fields = Kind::Comments.fields();
    let query = format!("post={}&per_page={rows}&_fields={fields}", posts.join(","));
    match look(visit, base, Kind::Comments.path(), &query).await {
        Ok(list) => {
            let rows = list.as_array().map(Vec::as_slice).unwrap_or_default();
            let entries = readable::<Entry>(Some(&rows.to_vec()));
            let looked = show(visit, Kind::Comments, entries).await?;
            if let Some(trouble) = looked.ended {
                visit.flush().await?;
                return Err(trouble);
            }
            if looked.waiting > 0 {
                return Ok(());
            }
        }
        Err(trouble) if trouble.ends_visit() => return Err(trouble),
        // Some plugins shut this question alone.
        Err(_) => {}
    }
    cursor(visit).changed.clear();
    visit.settle().await
}

/// Asks for kept posts and comments by number, as many at a time as the site gives; what an answer leaves out is asked for by itself.
pub(crate) async fn recheck(
    visit: &mut Visit<'_>,
    address: &Url,
    looks: &mut Review<'_>,
) -> Result<(), Trouble> {
    let base = base(address);
    match indexable(visit, &base).await {
        Ok(()) => {}
        Err(Trouble::Refused { refusal, .. }) => {
            looks.all_lost(refusal);
            return Ok(());
        }
        Err(trouble) if trouble.ends_visit() => return Err(trouble),
        Err(_) => {}
    }
    // Read by its feeds, as the data is not offered.
    if matches!(visit.state.cursor, Cursor::Feed(_)) {
        return pages::recheck(visit, looks).await;
    }
    for (kind, prefix) in [(Kind::Posts, "p/"), (Kind::Comments, "c/")] {
        let mut numbers: BTreeMap<u64, usize> = BTreeMap::new();
        for (at, kept) in looks.kept.iter().enumerate() {
            if let Some(number) = kept.key.strip_prefix(prefix)
                && let Ok(number) = number.parse()
            {
                numbers.insert(number, at);
            }
        }
        let all: Vec<u64> = numbers.keys().copied().collect();
        let rows = cursor(visit).manner.rows();
        for chunk in all.chunks(rows as usize) {
            let ids: Vec<String> = chunk.iter().map(u64::to_string).collect();
            let query = format!(
                "include={}&per_page={rows}&_fields={}",
                ids.join(","),
                kind.fields()
            );
            let which: Vec<usize> = chunk.iter().map(|id| numbers[id]).collect();
            let found = match look(visit, &base, kind.path(), &query).await {
                Ok(value) => value,
                // The list as a whole is shut or broken: that says nothing of any one post.
                Err(trouble) if trouble.ends_visit() => return Err(trouble),
                Err(_) => continue,
            };
            let Value::Array(list) = found else { continue };
            for entry in readable::<Entry>(Some(&list)) {
                if let Some(at) = numbers.get(&entry.id) {
                    judge(visit, kind, entry, *at, looks);
                }
            }
            for at in which {
                if looks.is_open(at) {
                    let id = looks.kept[at].key.trim_start_matches(prefix);
                    let path = format!("{}/{id}", kind.path());
                    let query = format!("_fields={}", kind.fields());
                    match look(visit, &base, &path, &query).await {
                        Ok(value) => match prepare::json::from_value::<Entry>(value) {
                            Ok(entry) if entry.id.to_string() == id => {
                                judge(visit, kind, entry, at, looks);
                            }
                            _ => {}
                        },
                        Err(Trouble::Status {
                            status: 401 | 403, ..
                        }) => looks.lost(at, Refusal::NotPublic),
                        Err(trouble) => looks.trouble(&[at], trouble)?,
                    }
                }
            }
        }
    }
    for (at, kept) in looks.kept.iter().enumerate() {
        // Kept by an earlier way of reading, under other keys.
        if looks.is_open(at) && !kept.key.starts_with("p/") && !kept.key.starts_with("c/") {
            looks.beyond(at);
        }
    }
    Ok(())
}

fn judge(visit: &Visit<'_>, kind: Kind, entry: Entry, at: usize, looks: &mut Review<'_>) {
    let shut = entry
        .content
        .as_ref()
        .is_some_and(|content| content.protected == Some(true));
    match entry.status.as_deref() {
        _ if shut => looks.lost(at, Refusal::Password),
        _ if entry.says_noindex() => looks.lost(at, Refusal::Noindex),
        None | Some("publish" | "approved") => {
            looks.there(at);
            // An answer without the text is none of an edit.
            if entry.content.is_some() {
                looks.say(item(visit, kind, entry, shut));
            }
        }
        Some("hold") => looks.lost(at, Refusal::Held),
        Some(_) => looks.lost(at, Refusal::NotPublic),
    }
}

/// One answer of the REST interface. A "no" counts only in its own words (`{"code":"rest_…"}`): a firewall's 403 and a
/// theme's 404 page are none.
async fn look(
    visit: &mut Visit<'_>,
    base: &Url,
    path: &str,
    query: &str,
) -> Result<Value, Trouble> {
    let url = address(cursor(visit).manner, base, path, query)?;
    let response = visit.get(&url, What::Json, &Validators::default()).await?;
    if !response.is_success() {
        let code = prepare::json::value(&response.body)
            .ok()
            .and_then(|value| value["code"].as_str().map(str::to_owned));
        let own = code.is_some_and(|code| {
            code.starts_with("rest_") && !matches!(code.as_str(), "rest_no_route" | "rest_disabled")
        });
        if !own && !matches!(response.status, 429 | 500..) {
            return Err(Trouble::Unreadable {
                url: Box::new(url),
                why: "the answer does not come from the site's data interface".to_owned(),
            });
        }
        visit.require(&response)?;
    }
    json(&response)
}

fn finished(visit: &mut Visit<'_>, kind: Kind) {
    let walk = walk_of(visit, kind);
    walk.page = None;
    let newest = walk.newest.take();
    if !std::mem::take(&mut walk.waits) {
        walk.since = newest.max(walk.since);
    }
}

fn item(visit: &Visit<'_>, kind: Kind, entry: Entry, shut: bool) -> Option<Item> {
    let url = Url::parse(entry.link.as_deref()?).ok()?;
    let (key, root) = match kind {
        Kind::Posts => (format!("p/{}", entry.id), None),
        Kind::Comments => (
            format!("c/{}", entry.id),
            Some(format!("p/{}", entry.post?)),
        ),
    };
    let protected = |post: u64| match &visit.state.cursor {
        Cursor::Wordpress(cursor) => cursor.protected.contains(&post),
        _ => false,
    };
    if shut || entry.post.is_some_and(protected) {
        return Some(withheld(visit.source, key, url, Refusal::Password));
    }
    if entry.says_noindex() {
        return Some(withheld(visit.source, key, url, Refusal::Noindex));
    }
    match entry.status.as_deref() {
        None | Some("publish" | "approved") => {}
        Some("hold") => return Some(withheld(visit.source, key, url, Refusal::Held)),
        Some(_) => return Some(withheld(visit.source, key, url, Refusal::NotPublic)),
    }
    let html = entry
        .content
        .and_then(|content| content.rendered)
        .unwrap_or_default();
    let text = parse::text::html_to_text(&html, &url);
    let title = entry.title.and_then(|title| title.rendered);
    let title = title.map(|title| parse::text::html_to_text(&title, &url).text);
    let mut page = url.clone();
    page.set_fragment(None);
    let mut item = blank(visit.source, key, url);
    item.text = without_own_name(&text.text, entry.author_name.as_deref().unwrap_or_default());
    item.thread = Some(discover_model::item::Thread {
        key: root.clone().unwrap_or_else(|| item.key.clone()),
        title: title.clone().filter(|title| !title.is_empty()),
        url: page,
        closed: entry
            .comment_status
            .as_deref()
            .map(|status| status == "closed"),
    });
    item.links = text.links;
    item.title = title.filter(|title| !title.is_empty());
    item.parent = entry
        .parent
        .filter(|parent| *parent > 0 && kind == Kind::Comments)
        .map(|parent| format!("c/{parent}"))
        .or_else(|| root.clone());
    item.root = root;
    item.author = match (entry.author, entry.author_name) {
        (Some(author), _) if author > 0 => Some(format!("user {author}")),
        (_, name) => name,
    };
    item.published = gmt(entry.date_gmt.as_deref());
    item.updated = gmt(entry.modified_gmt.as_deref()).filter(|at| Some(*at) != item.published);
    Some(item)
}
