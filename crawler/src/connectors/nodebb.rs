//! NodeBB forums, over the API that every page has beside it (`/api/…`).
//!
//! Public means: a guest gets the topic in `/api/recent` and its posts in `/api/topic/ID`. Refused: deleted and
//! scheduled topics and posts, and copies of topics from other servers (`cid` -1).

use discover_model::{Item, Refusal};
use serde::Deserialize;
use url::Url;

use super::answers::{is_number, lost, readable};
use super::forum::Platform;
use super::forum::thread::{Listing, Posts, Thread, print};
use super::items::{blank, title_without, without_names};
use crate::fetch::{Response, What};
use crate::parse;
use crate::trouble::Trouble;
use crate::visit::{Visit, json};

/// Pages of posts read of one topic.
const MAX_PAGES: u32 = 200;

pub(crate) struct Nodebb {
    pub(crate) base: Url,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Pagination {
    page_count: Option<u32>,
}

#[derive(Debug, Default, Deserialize)]
struct Recent {
    topics: Option<Vec<serde_json::Value>>,
    pagination: Option<Pagination>,
}

#[derive(Debug, Default, Deserialize)]
struct Line {
    tid: u64,
    cid: Option<i64>,
    slug: Option<String>,
    title: Option<String>,
    lastposttime: Option<i64>,
    postcount: Option<u64>,
    pinned: Option<serde_json::Value>,
    deleted: Option<serde_json::Value>,
}

#[derive(Debug, Default, Deserialize)]
struct Topic {
    cid: Option<i64>,
    slug: Option<String>,
    title: Option<String>,
    deleted: Option<serde_json::Value>,
    scheduled: Option<serde_json::Value>,
    locked: Option<serde_json::Value>,
    posts: Option<Vec<serde_json::Value>>,
    pagination: Option<Pagination>,
}

#[derive(Debug, Default, Deserialize)]
struct Post {
    pid: serde_json::Value,
    content: Option<String>,
    timestamp: Option<i64>,
    edited: Option<i64>,
    deleted: Option<serde_json::Value>,
    #[serde(rename = "toPid")]
    to_pid: Option<serde_json::Value>,
    index: Option<u64>,
    user: Option<User>,
}

#[derive(Debug, Default, Deserialize)]
struct User {
    username: Option<String>,
    displayname: Option<String>,
    fullname: Option<String>,
}

impl User {
    fn names(&self) -> impl Iterator<Item = &str> {
        [&self.fullname, &self.displayname, &self.username]
            .into_iter()
            .filter_map(|name| name.as_deref())
    }
}

/// NodeBB writes flags as 0 and 1 or as true and false, by version.
fn set(flag: Option<&serde_json::Value>) -> bool {
    flag.is_some_and(|flag| flag.as_bool() == Some(true) || flag.as_i64().is_some_and(|n| n != 0))
}

/// Ids are numbers, or addresses for posts from other servers.
fn id(value: &serde_json::Value) -> Option<String> {
    match value {
        serde_json::Value::Number(number) => Some(number.to_string()),
        serde_json::Value::String(text) if !text.is_empty() && text.len() <= 300 => {
            Some(text.clone())
        }
        _ => None,
    }
}

impl Nodebb {
    fn at(&self, path: &str) -> Result<Url, Trouble> {
        super::answers::at(&self.base, path)
    }
}

impl Platform for Nodebb {
    fn list_url(&self, _list: &str, page: Option<&str>) -> Result<Url, Trouble> {
        self.at(&format!("api/recent?page={}", page.unwrap_or("1")))
    }

    fn read_list(
        &self,
        _visit: &Visit<'_>,
        response: &Response,
        page: Option<&str>,
    ) -> Result<Listing, Trouble> {
        let recent: Recent = json(response)?;
        let mut listing = Listing::default();
        let lines = readable::<Line>(recent.topics.as_ref());
        listing.unreadable = lost(recent.topics.as_ref(), lines.len());
        for line in lines {
            if line.cid == Some(-1) {
                continue;
            }
            let slug = line.slug.clone().unwrap_or_else(|| line.tid.to_string());
            listing.threads.push(Thread {
                id: line.tid.to_string(),
                url: self.at(&format!("topic/{slug}"))?,
                title: line.title,
                print: print(&[&line.lastposttime, &line.postcount, &line.deleted]),
                active: line.lastposttime.unwrap_or_default() / 1000,
                pinned: set(line.pinned.as_ref()),
            });
        }
        let at: u32 = page.and_then(|page| page.parse().ok()).unwrap_or(1);
        let pages = recent.pagination.and_then(|pages| pages.page_count);
        if pages.is_none_or(|pages| at < pages) && !listing.threads.is_empty() {
            listing.next = Some((at + 1).to_string());
        }
        Ok(listing)
    }

    async fn read_thread(&self, visit: &mut Visit<'_>, thread: &Thread) -> Result<Posts, Trouble> {
        let mut items: Vec<Item> = Vec::new();
        let mut root: Option<String> = None;
        // The topic's title without the name of the one who opened it.
        let mut title: Option<Option<String>> = None;
        for page in 1..=MAX_PAGES {
            let url = self.at(&format!("api/topic/{}?page={page}", thread.id))?;
            let topic: Topic = json(&visit.get_ok(&url, What::Json).await?)?;
            if set(topic.deleted.as_ref()) || set(topic.scheduled.as_ref()) || topic.cid == Some(-1)
            {
                return Err(Trouble::Refused {
                    refusal: Refusal::NotPublic,
                    what: "the topic is deleted, scheduled or from another server".to_owned(),
                });
            }
            let slug = topic.slug.clone().unwrap_or_else(|| thread.id.clone());
            for post in readable::<Post>(topic.posts.as_ref()) {
                let Some(pid) = id(&post.pid) else { continue };
                let key = format!("p/{pid}");
                let first = root.get_or_insert_with(|| key.clone()).clone();
                let names = || post.user.iter().flat_map(User::names);
                let title = title
                    .get_or_insert_with(|| title_without(topic.title.as_deref(), names()))
                    .clone();
                if set(post.deleted.as_ref()) {
                    continue;
                }
                let is_root = first == key;
                let url = match post.index {
                    Some(index) if !is_root => self.at(&format!("topic/{slug}/{}", index + 1))?,
                    _ => self.at(&format!("topic/{slug}"))?,
                };
                let text =
                    parse::text::html_to_text(post.content.as_deref().unwrap_or_default(), &url);
                let mut item = blank(visit.source, key, url);
                item.text = without_names(&text.text, names());
                item.links = text.links;
                item.title = title.clone().filter(|_| is_root);
                item.thread = Some(discover_model::item::Thread {
                    key: format!("topic/{}", thread.id),
                    title,
                    url: self.at(&format!("topic/{slug}"))?,
                    closed: topic.locked.as_ref().map(|locked| set(Some(locked))),
                });
                item.root = Some(first).filter(|_| !is_root);
                item.parent = post
                    .to_pid
                    .as_ref()
                    .and_then(id)
                    .map(|pid| format!("p/{pid}"));
                item.author = post.user.and_then(|user| user.username);
                item.published = post.timestamp.and_then(super::answers::millis);
                item.updated = post
                    .edited
                    .filter(|at| *at > 0)
                    .and_then(super::answers::millis);
                items.push(item);
            }
            let pages = topic
                .pagination
                .and_then(|pages| pages.page_count)
                .unwrap_or(1);
            if page >= pages {
                break;
            }
        }
        if root.is_none() {
            return Err(Trouble::Unreadable {
                url: Box::new(thread.url.clone()),
                why: "the topic shows no posts".to_owned(),
            });
        }
        Ok(items.into())
    }

    /// `/topic/TID/slug/INDEX`
    fn thread_of(&self, _key: &str, url: &Url) -> Option<Thread> {
        let mut steps = url.path_segments()?.skip_while(|step| *step != "topic");
        let id = steps.nth(1).filter(|id| is_number(id))?;
        Some(Thread::named(id, url))
    }
}
