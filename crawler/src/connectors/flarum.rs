//! Flarum forums, over their JSON:API (`/api/…`).
//!
//! Public means: a guest gets the discussion in `/api/discussions` and its posts in `/api/posts`. Refused: hidden and
//! private discussions and posts, and discussions under a restricted tag.

use std::collections::{BTreeMap, BTreeSet};

use discover_model::{Item, Refusal};
use serde::Deserialize;
use url::Url;

use super::answers::{base, is_number, readable};
use super::forum::thread::{Listing, Posts, Thread, print};
use super::forum::{self, Platform};
use super::items::{blank, title_without, without_names};
use crate::fetch::{Response, What};
use crate::frontier::Pace;
use crate::parse;
use crate::prepare::markup::{Piece, Pieces};
use crate::recheck::review::Review;
use crate::state::PageState;
use crate::trouble::Trouble;
use crate::visit::{Visit, json};

const PAGE: usize = 20;
const MAX_PAGES: usize = 200;

/// Remembered among the pages of a forum without the extension Tags.
const WITHOUT_TAGS: &str = "without tags";

struct Flarum {
    base: Url,
    tags: bool,
}

#[derive(Debug, Default, Deserialize)]
struct Document {
    data: Option<Vec<serde_json::Value>>,
    included: Option<Vec<serde_json::Value>>,
    links: Option<Links>,
}

#[derive(Debug, Default, Deserialize)]
struct Links {
    next: Option<String>,
}

#[derive(Debug, Default, Deserialize)]
struct Resource {
    #[serde(rename = "type")]
    kind: Option<String>,
    id: Option<String>,
    attributes: Option<Attributes>,
    relationships: Option<Relationships>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Attributes {
    title: Option<String>,
    slug: Option<String>,
    /// The betas had other names.
    #[serde(alias = "commentsCount")]
    comment_count: Option<u64>,
    #[serde(alias = "lastTime")]
    last_posted_at: Option<String>,
    is_sticky: Option<bool>,
    is_locked: Option<bool>,
    is_private: Option<bool>,
    is_hidden: Option<bool>,
    #[serde(alias = "hideTime")]
    hidden_at: Option<String>,
    is_restricted: Option<bool>,
    number: Option<u64>,
    content_type: Option<String>,
    content_html: Option<String>,
    #[serde(alias = "time")]
    created_at: Option<String>,
    #[serde(alias = "editTime")]
    edited_at: Option<String>,
    /// Of people.
    username: Option<String>,
    display_name: Option<String>,
}

#[derive(Debug, Default, Deserialize)]
struct Relationships {
    tags: Option<Many>,
    user: Option<One>,
}

#[derive(Debug, Default, Deserialize)]
struct Many {
    data: Option<Vec<serde_json::Value>>,
}

#[derive(Debug, Default, Deserialize)]
struct One {
    data: Option<Reference>,
}

#[derive(Debug, Default, Deserialize)]
struct Reference {
    id: Option<String>,
}

impl Resource {
    /// The number of the person who wrote it.
    fn writer(&self) -> Option<&str> {
        let user = self.relationships.as_ref()?.user.as_ref()?;
        user.data.as_ref()?.id.as_deref()
    }
}

impl Attributes {
    fn shut(&self) -> bool {
        self.is_private == Some(true) || self.is_hidden == Some(true) || self.hidden_at.is_some()
    }
}

pub(crate) async fn visit(visit: &mut Visit<'_>, address: &Url) -> Result<Pace, Trouble> {
    let lists = [String::new()];
    let mut platform = Flarum::of(visit, address);
    match forum::visit(visit, &platform, &lists).await {
        // A forum without the extension that knows tags refuses to name them.
        Err(Trouble::Status { status: 400, .. }) if platform.tags => {
            platform.tags = false;
            let pace = forum::visit(visit, &platform, &lists).await?;
            visit
                .state
                .remember_page(WITHOUT_TAGS, PageState::default());
            Ok(pace)
        }
        visited => visited,
    }
}

pub(crate) async fn recheck(
    visit: &mut Visit<'_>,
    address: &Url,
    looks: &mut Review<'_>,
) -> Result<(), Trouble> {
    let platform = Flarum::of(visit, address);
    forum::recheck(visit, &platform, looks).await
}

impl Flarum {
    fn of(visit: &Visit<'_>, address: &Url) -> Self {
        Self {
            base: base(address),
            tags: !visit.state.pages.contains_key(WITHOUT_TAGS),
        }
    }

    /// The page of a discussion.
    fn address(&self, id: &str, slug: Option<&str>) -> Result<Url, Trouble> {
        let slug = slug.filter(|slug| slug.starts_with(id) && slug.len() <= 300);
        super::answers::at(&self.base, &format!("d/{}", slug.unwrap_or(id)))
    }
}

impl Platform for Flarum {
    fn list_url(&self, _list: &str, page: Option<&str>) -> Result<Url, Trouble> {
        let offset = page.unwrap_or("0");
        let tags = if self.tags { "include=tags&" } else { "" };
        super::answers::at(
            &self.base,
            &format!(
                "api/discussions?sort=-lastPostedAt&{tags}page%5Blimit%5D={PAGE}&page%5Boffset%5D={offset}"
            ),
        )
    }

    fn read_list(
        &self,
        _visit: &Visit<'_>,
        response: &Response,
        page: Option<&str>,
    ) -> Result<Listing, Trouble> {
        let document: Document = json(response)?;
        let restricted: Vec<String> = readable::<Resource>(document.included.as_ref())
            .into_iter()
            .filter(|tag| tag.kind.as_deref() == Some("tags"))
            .filter(|tag| {
                tag.attributes
                    .as_ref()
                    .is_some_and(|tag| tag.is_restricted == Some(true))
            })
            .filter_map(|tag| tag.id)
            .collect();
        let mut listing = Listing::default();
        let data = readable::<Resource>(document.data.as_ref());
        let count = data.len();
        for discussion in data {
            let (Some(id), Some(about)) = (discussion.id, discussion.attributes) else {
                listing.unreadable += 1;
                continue;
            };
            let tags = discussion
                .relationships
                .and_then(|relations| relations.tags);
            let tags = readable::<Reference>(tags.and_then(|tags| tags.data).as_ref());
            if about.shut()
                || tags
                    .iter()
                    .any(|tag| tag.id.as_ref().is_some_and(|id| restricted.contains(id)))
            {
                continue;
            }
            let active = about.last_posted_at.as_deref().and_then(parse::date::parse);
            listing.threads.push(Thread {
                url: self.address(&id, about.slug.as_deref())?,
                id,
                title: about.title,
                print: print(&[&about.last_posted_at, &about.comment_count]),
                active: active.map_or(0, jiff::Timestamp::as_second),
                pinned: about.is_sticky == Some(true),
            });
        }
        let offset: usize = page.and_then(|page| page.parse().ok()).unwrap_or(0);
        if count > 0 && document.links.is_some_and(|links| links.next.is_some()) {
            listing.next = Some((offset + count).to_string());
        }
        Ok(listing)
    }

    async fn read_thread(&self, visit: &mut Visit<'_>, thread: &Thread) -> Result<Posts, Trouble> {
        let mut items: Vec<Item> = Vec::new();
        let mut thread = thread.clone();
        let mut root: Option<String> = None;
        // Names of people by their number, and of the one who opened the thread.
        let mut people: BTreeMap<String, Vec<String>> = BTreeMap::new();
        let mut opener: Vec<String> = Vec::new();
        let mut closed: Option<bool> = None;
        let mut seen: BTreeSet<String> = BTreeSet::new();
        for page in 0..MAX_PAGES {
            let url = super::answers::at(
                &self.base,
                &format!(
                    "api/posts?filter%5Bdiscussion%5D={}&sort=number&page%5Blimit%5D={PAGE}&page%5Boffset%5D={}",
                    thread.id,
                    page * PAGE
                ),
            )?;
            let response = visit.get_ok(&url, What::Json).await?;
            let document: Document = json(&response)?;
            for about in readable::<Resource>(document.included.as_ref()) {
                if about.kind.as_deref() == Some("users") {
                    if let (Some(id), Some(person)) = (about.id, about.attributes) {
                        let names = [person.display_name, person.username];
                        people.insert(id, names.into_iter().flatten().collect());
                    }
                    continue;
                }
                if about.kind.as_deref() == Some("discussions")
                    && about.id.as_deref() == Some(&thread.id)
                    && let Some(about) = about.attributes
                {
                    closed = about.is_locked.or(closed);
                    thread.title = about.title.or(thread.title);
                    if let Some(slug) = about.slug {
                        thread.url = self.address(&thread.id, Some(&slug))?;
                    }
                }
            }
            let posts = readable::<Resource>(document.data.as_ref());
            let opens = |post: &&Resource| {
                let about = post.attributes.as_ref();
                about.is_some_and(|about| about.number == Some(1))
            };
            if let Some(first) = posts.iter().find(opens) {
                opener = first
                    .writer()
                    .and_then(|id| people.get(id).cloned())
                    .unwrap_or_default();
            }
            let opener = || opener.iter().map(String::as_str);
            let title = title_without(thread.title.as_deref(), opener());
            if page == 0 && posts.is_empty() {
                return Err(Trouble::Refused {
                    refusal: Refusal::NotPublic,
                    what: "the discussion shows no posts to a guest".to_owned(),
                });
            }
            // A page that repeats is the end of an endless list.
            let fresh = posts.iter().filter_map(|post| post.id.clone());
            let fresh = fresh.filter(|id| seen.insert(id.clone())).count() > 0;
            let more = document.links.is_some_and(|links| links.next.is_some()) && fresh;
            if !fresh {
                break;
            }
            for post in posts {
                let writer = post.writer().map(str::to_owned);
                let (Some(id), Some(about)) = (post.id, post.attributes) else {
                    continue;
                };
                if about
                    .content_type
                    .as_deref()
                    .is_some_and(|kind| kind != "comment")
                {
                    continue;
                }
                let key = format!("p/{id}");
                // The opening post has number 1; a hidden one is left out, and the next is no opening post.
                if root.is_none() {
                    let opens = about.number.is_none_or(|number| number == 1);
                    root = Some(if opens {
                        key.clone()
                    } else {
                        format!("d/{}", thread.id)
                    });
                }
                let first = root.clone().unwrap_or_default();
                if about.shut() {
                    continue;
                }
                let is_root = first == key;
                let mut url = thread.url.clone();
                if let Some(number) = about.number.filter(|_| !is_root) {
                    url = super::answers::at(
                        &self.base,
                        &format!(
                            "{}/{number}",
                            url.path().trim_start_matches(self.base.path())
                        ),
                    )?;
                }
                let html = about.content_html.unwrap_or_default();
                let text = parse::text::html_to_text(&html, &url);
                let mut item = blank(visit.source, key, url);
                let names = writer.as_ref().and_then(|writer| people.get(writer));
                let names = names.into_iter().flatten().map(String::as_str);
                item.text = without_names(&text.text, names);
                item.links = text.links;
                item.title = title.clone().filter(|_| is_root);
                item.thread = Some(discover_model::item::Thread {
                    key: format!("d/{}", thread.id),
                    title: title.clone(),
                    url: thread.url.clone(),
                    closed,
                });
                item.root = Some(first).filter(|_| !is_root);
                item.parent = mentioned(&html)
                    .map(|id| format!("p/{id}"))
                    .filter(|_| !is_root);
                item.author = writer.map(|id| format!("user {id}"));
                item.published = about.created_at.as_deref().and_then(parse::date::parse);
                item.updated = about.edited_at.as_deref().and_then(parse::date::parse);
                items.push(item);
            }
            if !more {
                break;
            }
        }
        Ok(items.into())
    }

    /// `/d/ID-slug/NUMBER`
    fn thread_of(&self, _key: &str, url: &Url) -> Option<Thread> {
        let mut steps = url.path_segments()?.skip_while(|step| *step != "d");
        let name = steps.nth(1)?;
        let id = name.split('-').next().filter(|id| is_number(id))?;
        // Without the number of the post.
        let page = super::answers::at(&self.base, &format!("d/{name}")).ok()?;
        let page = if page.origin() == url.origin() {
            &page
        } else {
            url
        };
        Some(Thread::named(id, page))
    }
}

/// A reply names the post it answers by a mention at its very beginning.
fn mentioned(html: &str) -> Option<String> {
    for piece in Pieces::new(html) {
        match piece {
            Piece::Start(tag) if tag.name.eq_ignore_ascii_case("a") => {
                let class = tag.attribute("class").unwrap_or_default();
                return tag
                    .attribute("data-id")
                    .filter(|id| {
                        class.contains("PostMention") && id.bytes().all(|b| b.is_ascii_digit())
                    })
                    .map(str::to_owned);
            }
            Piece::Text(text) if !text.trim().is_empty() => return None,
            _ => {}
        }
    }
    None
}
