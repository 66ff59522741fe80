//! Mailing lists of Mailman 3, over the API of their archive, HyperKitty (`/api/list/NAME@HOST/…`).
//!
//! Public means: a visitor gets the list's threads and their messages; HyperKitty gives neither of a list whose archive
//! is for members. Addresses of writers are never kept, and messages are linked to without an `@`. A message does not
//! change once it is archived, so each is asked for once; that one was removed is seen from its thread.

use std::collections::BTreeSet;

use discover_model::Item;
use discover_model::item::Thread as ItemThread;
use serde::Deserialize;
use url::Url;

use super::answers::{base, lost, readable};
use super::forum::thread::{Listing, Posts, Thread, print};
use super::forum::{self, Platform};
use super::items::{blank, title_without};
use crate::fetch::{Response, What};
use crate::frontier::Pace;
use crate::parse;
use crate::parse::text::quotes::{mail, without_own_name};
use crate::recheck::review::Review;
use crate::trouble::Trouble;
use crate::visit::{Visit, json};

const PAGE: usize = 50;
/// Pages of one thread.
const MAX_PAGES: usize = 40;

struct Hyperkitty {
    /// Where HyperKitty lies: what stands before `list/`.
    base: Url,
    /// `NAME@HOST`, its sign encoded.
    list: String,
}

#[derive(Debug, Default, Deserialize)]
struct Page {
    results: Option<Vec<serde_json::Value>>,
    next: Option<String>,
}

#[derive(Debug, Default, Deserialize)]
struct Row {
    thread_id: String,
    subject: Option<String>,
    date_active: Option<String>,
    replies_count: Option<i64>,
}

#[derive(Debug, Default, Deserialize)]
struct Message {
    #[serde(rename = "message_id_hash")]
    id_hash: String,
    subject: Option<String>,
    sender: Option<Sender>,
    sender_name: Option<String>,
    date: Option<String>,
    /// Address of the message that it answers.
    parent: Option<String>,
    content: Option<String>,
}

#[derive(Debug, Default, Deserialize)]
struct Sender {
    mailman_id: Option<String>,
    address: Option<String>,
}

pub(crate) async fn visit(visit: &mut Visit<'_>, address: &Url) -> Result<Pace, Trouble> {
    let platform = Hyperkitty::of(address)?;
    forum::visit(visit, &platform, &[String::new()]).await
}

pub(crate) async fn recheck(
    visit: &mut Visit<'_>,
    address: &Url,
    looks: &mut Review<'_>,
) -> Result<(), Trouble> {
    let platform = Hyperkitty::of(address)?;
    forum::recheck_known(visit, &platform, looks).await
}

/// The last step of an address: `…/email/HASH/`, or `…/email/HASH/?format=json` as it is asked for.
fn last_step(address: &str) -> Option<&str> {
    let path = address.split(['?', '#']).next()?;
    path.trim_end_matches('/')
        .rsplit('/')
        .next()
        .filter(|step| is_hash(step))
}

fn is_hash(text: &str) -> bool {
    !text.is_empty() && text.len() <= 64 && text.bytes().all(|b| b.is_ascii_alphanumeric())
}

impl Hyperkitty {
    /// From the address of the list's archive, `https://HOST/hyperkitty/list/NAME@HOST/`.
    fn of(address: &Url) -> Result<Self, Trouble> {
        let unusable = || {
            Trouble::Setting(
                "the address of a list of Mailman 3 ends in /list/NAME@HOST/, as its archive's does"
                    .to_owned(),
            )
        };
        let address = base(address);
        let (before, list) = address.path().rsplit_once("list/").ok_or_else(unusable)?;
        let list = list.trim_matches('/').replace('@', "%40");
        if !before.ends_with('/') || !list.contains("%40") || list.contains('/') {
            return Err(unusable());
        }
        let mut base = address.clone();
        base.set_path(before);
        Ok(Self { base, list })
    }

    fn at(&self, path: &str) -> Result<Url, Trouble> {
        super::answers::at(&self.base, path)
    }

    fn api(&self, path: &str) -> Result<Url, Trouble> {
        self.at(&format!("api/list/{}/{path}", self.list))
    }

    fn page_of(&self, thread: &str) -> Result<Url, Trouble> {
        self.at(&format!("list/{}/thread/{thread}/", self.list))
    }

    fn item(
        &self,
        visit: &Visit<'_>,
        message: Message,
        thread: &ItemThread,
        root: &str,
    ) -> Result<Item, Trouble> {
        let hash = &message.id_hash;
        let url = self.at(&format!("list/{}/message/{hash}/", self.list))?;
        let name = message.sender_name.unwrap_or_default();
        let text = mail(message.content.as_deref().unwrap_or_default());
        let text = parse::text::plain(&without_own_name(&text, &name));
        let mut item = blank(visit.source, format!("m/{hash}"), url);
        let is_root = hash == root;
        item.text = text.text;
        item.links = text.links;
        item.title = message
            .subject
            .filter(|_| is_root)
            .map(|subject| without_own_name(&subject, &name));
        item.thread = Some(thread.clone());
        item.root = (!is_root).then(|| format!("m/{root}"));
        item.parent = message
            .parent
            .as_deref()
            .and_then(last_step)
            .filter(|_| !is_root)
            .map(|parent| format!("m/{parent}"));
        let sender = message.sender.unwrap_or_default();
        item.author = sender
            .mailman_id
            .or(sender.address)
            .or(Some(name))
            .filter(|name| !name.is_empty());
        item.published = message.date.as_deref().and_then(parse::date::parse);
        Ok(item)
    }
}

impl Platform for Hyperkitty {
    fn list_url(&self, _list: &str, page: Option<&str>) -> Result<Url, Trouble> {
        let offset = page.unwrap_or("0");
        self.api(&format!(
            "threads/?format=json&limit={PAGE}&offset={offset}"
        ))
    }

    fn read_list(
        &self,
        _visit: &Visit<'_>,
        response: &Response,
        page: Option<&str>,
    ) -> Result<Listing, Trouble> {
        let read: Page = json(response)?;
        let rows = readable::<Row>(read.results.as_ref());
        let offset: usize = page.and_then(|page| page.parse().ok()).unwrap_or(0);
        let mut listing = Listing::default();
        if read.next.is_some() {
            listing.next = Some((offset + PAGE).to_string());
        }
        let rows: Vec<Row> = rows
            .into_iter()
            .filter(|row| is_hash(&row.thread_id))
            .collect();
        listing.unreadable = lost(read.results.as_ref(), rows.len());
        for row in rows {
            let active = row.date_active.as_deref().and_then(parse::date::parse);
            listing.threads.push(Thread {
                url: self.page_of(&row.thread_id)?,
                print: print(&[&row.date_active, &row.replies_count, &row.subject]),
                id: row.thread_id,
                title: row.subject,
                active: active.map_or(0, jiff::Timestamp::as_second),
                pinned: false,
            });
        }
        Ok(listing)
    }

    async fn read_thread(&self, visit: &mut Visit<'_>, thread: &Thread) -> Result<Posts, Trouble> {
        let known = forum::known(visit, &thread.id);
        let mut posts = Posts::from(Vec::new());
        let mut about = ItemThread {
            key: format!("thread/{}", thread.id),
            title: thread.title.clone(),
            url: self.page_of(&thread.id)?,
            closed: None,
        };
        let mut root: Option<String> = None;
        let mut seen: BTreeSet<String> = BTreeSet::new();
        for page in 0..MAX_PAGES {
            let url = self.api(&format!(
                "thread/{}/emails/?format=json&limit={PAGE}&offset={}",
                thread.id,
                page * PAGE
            ))?;
            let read: Page = json(&visit.get_ok(&url, What::Json).await?)?;
            let messages = readable::<Message>(read.results.as_ref());
            let mut fresh = false;
            for message in messages {
                let hash = message.id_hash.clone();
                if !is_hash(&hash) {
                    continue;
                }
                // A page that repeats is the end of an endless list.
                if !seen.insert(hash.clone()) {
                    continue;
                }
                fresh = true;
                if root.is_none() {
                    let title = about.title.as_deref().or(message.subject.as_deref());
                    about.title = title_without(title, message.sender_name.as_deref());
                }
                let first = root.get_or_insert_with(|| hash.clone()).clone();
                let key = format!("m/{hash}");
                if known.contains(&visit.item_mark(&key)) {
                    posts.kept.push(key);
                    continue;
                }
                let url = self.api(&format!("email/{hash}/?format=json"))?;
                let whole: Message = match visit.get_ok(&url, What::Json).await {
                    Ok(response) => json(&response)?,
                    // Removed between the two questions.
                    Err(Trouble::Status {
                        status: 404 | 410, ..
                    }) => continue,
                    Err(trouble) => return Err(trouble),
                };
                posts.items.push(self.item(visit, whole, &about, &first)?);
            }
            if read.next.is_none() || !fresh {
                return Ok(posts);
            }
        }
        posts.whole = false;
        Ok(posts)
    }

    fn posts_hide_their_thread(&self) -> bool {
        true
    }

    fn thread_of(&self, _key: &str, _url: &Url) -> Option<Thread> {
        None
    }
}

#[cfg(test)]
mod tests {
    use discover_model::SourceKind;
    use serde_json::json;

    use crate::recheck::{Kept, Verdict, recheck};
    use crate::testing::{NOW, Reply, Site, fetcher, visit};

    fn message(hash: &str, parent: Option<&str>, content: &str) -> serde_json::Value {
        json!({
            "message_id_hash": hash, "subject": "Clinic times", "sender_name": "Megan Price",
            "sender": {"address": "megan (a) site.example", "mailman_id": "abc"}, "date": "2026-09-01T10:00:00Z",
            "parent": parent.map(|parent| format!("http://x/api/list/a@b/email/{parent}/?format=json")), "content": content,
        })
    }

    #[tokio::test]
    async fn a_list_is_read_once_and_what_is_removed_is_seen_by_its_thread() {
        let site = Site::start(|hit| {
            let path = hit.path.replace("%40", "@");
            match path.as_str() {
                "/hk/api/list/town@site.example/threads/" => Reply::json(
                    &json!({"results": [{"thread_id": "T1", "subject": "Clinic times", "date_active": "2026-09-02T10:00:00Z", "replies_count": 1}], "next": null}).to_string(),
                ),
                "/hk/api/list/town@site.example/thread/T1/emails/" => Reply::json(
                    &json!({"results": [message("A1", None, ""), message("B2", Some("A1"), "")], "next": null}).to_string(),
                ),
                "/hk/api/list/town@site.example/email/A1/" => Reply::json(&message("A1", None, "The walk-in service stopped.\n\n-- \nMegan Price\n12 High Street").to_string()),
                "/hk/api/list/town@site.example/email/B2/" => Reply::json(
                    &message("B2", Some("A1"), "On Fri, 2 Oct 2026 at 10:00, Gwen Hughes wrote:\n> The walk-in service stopped.\nSame here.").to_string(),
                ),
                _ => Reply::not_found(),
            }
        })
        .await;
        let task = site.task(SourceKind::Hyperkitty, "/hk/list/town@site.example/");
        let seen = visit(&fetcher(), task.clone(), NOW).await;
        let items = seen.items();
        let told: Vec<_> = items
            .iter()
            .map(|item| {
                (
                    item.key.as_str(),
                    item.text.as_str(),
                    item.root.as_deref(),
                    item.parent.as_deref(),
                )
            })
            .collect();
        assert_eq!(
            told,
            [
                ("m/A1", "The walk-in service stopped.", None, None),
                ("m/B2", "Same here.", Some("m/A1"), Some("m/A1")),
            ]
        );
        assert!(items.iter().all(|item| !item.url.as_str().contains('@')));
        let mut again = task;
        again.state = seen.finish.state.clone();
        let kept: Vec<Kept> = items
            .iter()
            .map(|item| Kept {
                key: item.key.clone(),
                url: item.url.clone(),
            })
            .collect();
        let looked = recheck(&fetcher(), again, &kept, NOW).await;
        assert_eq!(looked.verdicts, [Verdict::There; 2]);
        assert_eq!(looked.requests, 1, "one a thread");
    }
}
