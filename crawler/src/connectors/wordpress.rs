//! WordPress sites, over `/wp-json`, or their feeds.
//!
//! Public means: a published post whose content is not protected, on a site that lets itself be indexed. Refused:
//! protected posts and their comments, sites whose home page says noindex, what is held or private (WordPress gives
//! none of it to a visitor). `/wp/v2/users` is never asked for. Comments are read only where the owner wants it.
//!
//! Where the data interface is switched off, the site's Atom feed and its comment feeds are read instead.
//!
//! Way of working: the site's feed has validators and the data has none, so the feed is asked first and a 304 there
//! ends the visit; then posts and comments are walked by latest change until known ones come.

use std::collections::BTreeMap;

use discover_model::{Item, Refusal};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use url::Url;

use super::{Cursor, MAX_LISTINGS, base, blank, feed, pages, readable, withheld};
use crate::crawl::pace_of;
use crate::fetch::{Validators, What, headers, shown};
use crate::frontier::Pace;
use crate::page;
use crate::parse;
use crate::recheck::Looks;
use crate::visit::{Page, Trouble, Visit, json};

/// Where each walk stands.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct WordpressCursor {
    posts: Walk,
    comments: Walk,
    /// Posts that are protected: their comments are refused as well.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    protected: Vec<u64>,
}

#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
struct Walk {
    /// Everything changed up to then was read.
    #[serde(skip_serializing_if = "Option::is_none")]
    since: Option<Timestamp>,
    /// The page at which an unfinished walk goes on, and what becomes `since` at its end.
    #[serde(skip_serializing_if = "Option::is_none")]
    page: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    newest: Option<Timestamp>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Posts,
    Comments,
}

impl Kind {
    const fn path(self) -> &'static str {
        match self {
            Self::Posts => "posts",
            Self::Comments => "comments",
        }
    }
}

#[derive(Debug, Default, Deserialize)]
struct Entry {
    id: u64,
    link: Option<String>,
    date_gmt: Option<String>,
    modified_gmt: Option<String>,
    title: Option<Rendered>,
    content: Option<Rendered>,
    status: Option<String>,
    author: Option<u64>,
    author_name: Option<String>,
    post: Option<u64>,
    parent: Option<u64>,
}

#[derive(Debug, Default, Deserialize)]
struct Rendered {
    rendered: Option<String>,
    protected: Option<bool>,
}

pub(crate) async fn visit(visit: &mut Visit<'_>, address: &Url) -> Result<Pace, Trouble> {
    let base = base(address);
    indexable(visit, &base).await?;
    if matches!(visit.state.cursor, Cursor::Feed(_)) {
        return by_feed(visit, &base).await;
    }
    let mut pace = match walk(visit, &base, Kind::Posts, "feed/").await {
        // The data interface is switched off, as some sites do: the feeds say the same of the newest posts.
        Err(Trouble::Status {
            status: 401 | 403..=404,
            ..
        }) if !visit.state.first_done => return by_feed(visit, &base).await,
        walked => walked?,
    };
    if visit.source.options.comments {
        let comments = walk(visit, &base, Kind::Comments, "comments/feed/").await?;
        pace.unfinished |= comments.unfinished;
    }
    visit.state.first_done |= !pace.unfinished;
    Ok(pace)
}

/// The site's Atom feed, whose comment feeds name what answers what.
async fn by_feed(visit: &mut Visit<'_>, base: &Url) -> Result<Pace, Trouble> {
    let url = super::at(base, "feed/atom/")?;
    Box::pin(feed::visit(visit, &url)).await
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
            state
        }
    };
    visit.state.remember_page("home", response);
    Ok(())
}

async fn walk(visit: &mut Visit<'_>, base: &Url, kind: Kind, feed: &str) -> Result<Pace, Trouble> {
    let resumes = walk_of(visit, kind).page.is_some();
    // The feed only tells whether anything changed; a site without one is walked each time.
    let changed = match visit.page(feed, &super::at(base, feed)?, What::Feed).await {
        Ok(Page::Unchanged) if !resumes => return Ok(pace_of(visit.lifetime, false)),
        Ok(Page::New(_, state)) => Some(state),
        Ok(Page::Unchanged) => None,
        Err(trouble) if trouble.ends_visit() => return Err(trouble),
        Err(_) => None,
    };
    let lifetime = visit.lifetime;
    let (path, order, fields) = match kind {
        Kind::Posts => (
            "posts",
            "modified",
            "id,link,date_gmt,modified_gmt,title,content,status,author",
        ),
        Kind::Comments => (
            "comments",
            "date_gmt",
            "id,link,date_gmt,content,status,author,author_name,post,parent",
        ),
    };
    let first = walk_of(visit, kind).page.unwrap_or(1);
    for page in first..first + MAX_LISTINGS {
        let url = super::at(
            base,
            &format!(
                "wp-json/wp/v2/{path}?per_page=100&page={page}&orderby={order}&order=desc&_fields={fields}"
            ),
        )?;
        let response = match visit.get(&url, What::Json, &Validators::default()).await? {
            // The page after the last one.
            past if past.status == 400 && page > 1 => {
                finished(visit, kind);
                break;
            }
            response => response,
        };
        if !response.is_success() {
            return Err(Trouble::Status {
                url: Box::new(url),
                status: response.status,
                retry_after: response.retry_after(visit.now()),
            });
        }
        let values: Vec<serde_json::Value> = json(&response)?;
        let entries = readable::<Entry>(Some(&values));
        let since = walk_of(visit, kind).since;
        let changed_at = |entry: &Entry| {
            gmt(entry.modified_gmt.as_deref()).or_else(|| gmt(entry.date_gmt.as_deref()))
        };
        let newest = entries.iter().filter_map(changed_at).max();
        let known = !entries.is_empty()
            && entries.iter().all(|entry| {
                changed_at(entry)
                    .zip(since)
                    .is_some_and(|(at, since)| at < since)
            });
        let last = response
            .header("x-wp-totalpages")
            .and_then(|pages| pages.trim().parse::<u32>().ok())
            .is_some_and(|pages| page >= pages);
        let mut items = Vec::with_capacity(entries.len());
        let mut protected = Vec::new();
        for entry in entries {
            let shut = entry
                .content
                .as_ref()
                .is_some_and(|content| content.protected == Some(true));
            if kind == Kind::Posts && shut {
                protected.push(entry.id);
            }
            items.extend(item(visit, kind, entry, shut));
        }
        visit.push(items, Vec::new()).await?;
        cursor(visit).protected.extend(protected);
        cursor(visit).protected.sort_unstable();
        cursor(visit).protected.dedup();
        cursor(visit).protected.truncate(5000);
        let walk = walk_of(visit, kind);
        walk.newest = walk.newest.max(newest);
        walk.page = Some(page + 1);
        let ended = values.is_empty() || known || last;
        if ended {
            finished(visit, kind);
        }
        visit.flush().await?;
        if ended {
            break;
        }
    }
    let unfinished = walk_of(visit, kind).page.is_some();
    if let Some(state) = changed {
        visit.state.remember_page(feed, state);
    }
    Ok(pace_of(lifetime, unfinished))
}

/// Asks for kept posts and comments by number, a hundred at a time; what an answer leaves out is asked for by itself.
pub(crate) async fn recheck(
    visit: &mut Visit<'_>,
    address: &Url,
    looks: &mut Looks<'_>,
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
        for chunk in all.chunks(100) {
            let ids: Vec<String> = chunk.iter().map(u64::to_string).collect();
            let path = format!(
                "wp-json/wp/v2/{}?include={}&per_page=100&_fields={FLAGS}",
                kind.path(),
                ids.join(",")
            );
            let which: Vec<usize> = chunk.iter().map(|id| numbers[id]).collect();
            let found = match look(visit, &base, &path).await {
                Ok(value) => value,
                // The list as a whole is shut or broken: that says nothing of any one post.
                Err(trouble) if trouble.ends_visit() => return Err(trouble),
                Err(_) => continue,
            };
            let Value::Array(list) = found else { continue };
            for entry in readable::<Entry>(Some(&list)) {
                if let Some(at) = numbers.get(&entry.id) {
                    judge(&entry, *at, looks);
                }
            }
            for at in which {
                if looks.is_open(at) {
                    let id = looks.kept[at].key.trim_start_matches(prefix);
                    let path = format!("wp-json/wp/v2/{}/{id}?_fields={FLAGS}", kind.path());
                    match look(visit, &base, &path).await {
                        Ok(value) => match Entry::deserialize(value) {
                            Ok(entry) if entry.id.to_string() == id => judge(&entry, at, looks),
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

const FLAGS: &str = "id,status,content.protected,code";

fn judge(entry: &Entry, at: usize, looks: &mut Looks<'_>) {
    let shut = entry
        .content
        .as_ref()
        .is_some_and(|content| content.protected == Some(true));
    match entry.status.as_deref() {
        _ if shut => looks.lost(at, Refusal::Password),
        None | Some("publish" | "approved") => looks.there(at),
        Some("hold") => looks.lost(at, Refusal::Held),
        Some(_) => looks.lost(at, Refusal::NotPublic),
    }
}

/// One answer of the REST interface. A "no" counts only in its own words (`{"code":"rest_…"}`): a firewall's 403 and a
/// theme's 404 page are none.
async fn look(visit: &mut Visit<'_>, base: &Url, path: &str) -> Result<Value, Trouble> {
    let url = super::at(base, path)?;
    let response = visit.get(&url, What::Json, &Validators::default()).await?;
    if !response.is_success() {
        let code = serde_json::from_slice::<Value>(&response.body)
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
    walk.since = walk.newest.take().max(walk.since);
}

/// WordPress writes UTC without saying so.
fn gmt(text: Option<&str>) -> Option<Timestamp> {
    let text = text?;
    parse::date::parse(&format!("{text}Z")).or_else(|| parse::date::parse(text))
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
    let mut item = blank(visit.source, key, url);
    item.text = text.text;
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
