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

use super::{Cursor, MAX_LISTINGS, base, blank, feed, lost, pages, readable, withheld};
use crate::crawl::pace_of;
use crate::fetch::{FetchError, Response, Validators, What, headers, shown};
use crate::frontier::Pace;
use crate::page;
use crate::parse;
use crate::parse::text::quotes::without_own_name;
use crate::prepare;
use crate::recheck::Review;
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
    /// How the site lets itself be asked.
    #[serde(skip_serializing_if = "Manner::is_usual")]
    manner: Manner,
}

/// How the data interface is asked: sites differ in what they answer to.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
struct Manner {
    /// `?rest_route=`, where addresses are plain.
    route: bool,
    /// Without an order, which some servers refuse.
    simple: bool,
    /// Rows of a page; 0 is the usual hundred.
    rows: u8,
}

impl Manner {
    #[expect(
        clippy::trivially_copy_pass_by_ref,
        reason = "serde passes a reference"
    )]
    fn is_usual(&self) -> bool {
        *self == Self::default()
    }

    fn rows(self) -> u32 {
        match self.rows {
            0 => ROWS,
            rows => u32::from(rows),
        }
    }

    /// The address of `path` below the interface, with what is asked.
    fn url(self, base: &Url, path: &str, query: &str) -> Result<Url, Trouble> {
        if self.route {
            super::at(base, &format!("?rest_route=/wp/v2/{path}&{query}"))
        } else {
            super::at(base, &format!("wp-json/wp/v2/{path}?{query}"))
        }
    }

    /// The next manner to try after an answer of this status, where there is one.
    fn after(self, status: u16) -> Option<Self> {
        match status {
            404 if !self.route => Some(Self {
                route: true,
                ..self
            }),
            400 if !self.simple => Some(Self {
                simple: true,
                ..self
            }),
            400 | 500 | 502 | 504 => self.smaller(),
            _ => None,
        }
    }

    fn smaller(self) -> Option<Self> {
        let rows = match self.rows {
            0 => 20,
            20 => 5,
            _ => return None,
        };
        Some(Self { rows, ..self })
    }
}

/// Rows of a page.
const ROWS: u32 = 100;

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

    const fn fields(self) -> &'static str {
        match self {
            Self::Posts => "id,link,date_gmt,modified_gmt,title,content,status,author",
            Self::Comments => "id,link,date_gmt,content,status,author,author_name,post,parent",
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
    }
    visit.state.first_done |= !pace.unfinished;
    Ok(pace)
}

/// The site's Atom feed, whose comment feeds name what answers what.
async fn by_feed(visit: &mut Visit<'_>, base: &Url) -> Result<Pace, Trouble> {
    let url = super::at(base, "feed/atom/")?;
    match Box::pin(feed::visit(visit, &url)).await {
        // A site with plain addresses.
        Err(Trouble::Status {
            status: 404 | 410, ..
        }) => {
            let url = super::at(base, "?feed=atom")?;
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
        Kind::Posts => ("posts", "modified", kind.fields()),
        Kind::Comments => ("comments", "date_gmt", kind.fields()),
    };
    let first = walk_of(visit, kind).page.unwrap_or(1);
    let mut page = first;
    for _ in 0..MAX_LISTINGS {
        let Some((response, at)) = ask(visit, base, path, order, fields, page).await? else {
            // The page after the last one.
            finished(visit, kind);
            break;
        };
        let values: Vec<serde_json::Value> = json(&response)?;
        let entries = readable::<Entry>(Some(&values));
        let unreadable = lost(Some(&values), entries.len());
        visit.unreadable_rows(unreadable, entries.len(), &response.url)?;
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
            .is_some_and(|pages| at >= pages);
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
        page = at + 1;
        walk.page = Some(page);
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

/// One page of rows, in the manner in which the site answers, and its number there; nothing behind the last page. A
/// manner that was found is kept.
async fn ask(
    visit: &mut Visit<'_>,
    base: &Url,
    path: &str,
    order: &str,
    fields: &str,
    page: u32,
) -> Result<Option<(Response, u32)>, Trouble> {
    let begun = cursor(visit).manner;
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
        let url = manner.url(base, path, &format!("per_page={rows}&page={page}{ordered}"))?;
        let answer = visit.get(&url, What::Json, &Validators::default()).await;
        let (next, trouble) = match answer {
            Ok(response) if response.is_success() => {
                cursor(visit).manner = manner;
                return Ok(Some((response, page)));
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
    let url = cursor(visit).manner.url(base, path, query)?;
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
    let mut page = url.clone();
    page.set_fragment(None);
    let mut item = blank(visit.source, key, url);
    item.text = without_own_name(&text.text, entry.author_name.as_deref().unwrap_or_default());
    item.thread = Some(discover_model::item::Thread {
        key: root.clone().unwrap_or_else(|| item.key.clone()),
        title: title.clone().filter(|title| !title.is_empty()),
        url: page,
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
