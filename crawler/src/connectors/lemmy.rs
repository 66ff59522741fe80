//! Lemmy communities (API v3).
//!
//! Public means: a community of this very instance whose visibility is Public, and posts and comments written here.
//! Refused: unlisted, local-only and private communities; communities and writers of other instances, which a
//! registered instance cannot speak for; what was removed or deleted.

use discover_model::{Item, Refusal};
use serde::Deserialize;
use url::Url;

use super::forum::{Listing, Platform, Thread, print};
use super::{blank, readable, withheld};
use crate::fetch::{Response, What};
use crate::parse;
use crate::visit::{Trouble, Visit, json};

const PAGE: usize = 50;
const MAX_PAGES: usize = 40;

pub(crate) struct Lemmy {
    pub(crate) base: Url,
}

#[derive(Debug, Default, Deserialize)]
struct Posts {
    posts: Option<Vec<serde_json::Value>>,
    next_page: Option<String>,
}

#[derive(Debug, Default, Deserialize)]
struct OnePost {
    post_view: Option<PostView>,
}

#[derive(Debug, Default, Deserialize)]
struct PostView {
    post: Option<Post>,
    creator: Option<Person>,
    community: Option<Community>,
    counts: Option<Counts>,
}

#[derive(Debug, Default, Deserialize)]
struct Post {
    id: u64,
    name: Option<String>,
    body: Option<String>,
    url: Option<String>,
    #[serde(alias = "published_at")]
    published: Option<String>,
    #[serde(alias = "updated_at")]
    updated: Option<String>,
    deleted: Option<bool>,
    removed: Option<bool>,
    local: Option<bool>,
    featured_community: Option<bool>,
    featured_local: Option<bool>,
}

#[derive(Debug, Default, Deserialize)]
struct Person {
    name: Option<String>,
}

#[derive(Debug, Default, Deserialize)]
struct Community {
    local: Option<bool>,
    visibility: Option<String>,
    deleted: Option<bool>,
    removed: Option<bool>,
    hidden: Option<bool>,
}

#[derive(Debug, Default, Deserialize)]
struct Counts {
    comments: Option<u64>,
    newest_comment_time: Option<String>,
}

#[derive(Debug, Default, Deserialize)]
struct Comments {
    comments: Option<Vec<serde_json::Value>>,
}

#[derive(Debug, Default, Deserialize)]
struct CommentView {
    comment: Option<Comment>,
    creator: Option<Person>,
}

#[derive(Debug, Default, Deserialize)]
struct Comment {
    id: u64,
    content: Option<String>,
    /// `0.5.9`: the ids from the root to this comment.
    path: Option<String>,
    #[serde(alias = "published_at")]
    published: Option<String>,
    #[serde(alias = "updated_at")]
    updated: Option<String>,
    deleted: Option<bool>,
    removed: Option<bool>,
    local: Option<bool>,
}

impl Community {
    fn refusal(&self) -> Option<Refusal> {
        if self.local == Some(false) {
            return Some(Refusal::OutOfScope);
        }
        if self.deleted == Some(true) || self.removed == Some(true) || self.hidden == Some(true) {
            return Some(Refusal::NotPublic);
        }
        match self.visibility.as_deref() {
            // Versions before visibilities had public communities only.
            None | Some("Public" | "public") => None,
            Some("Unlisted" | "unlisted") => Some(Refusal::Unlisted),
            Some(_) => Some(Refusal::NotPublic),
        }
    }
}

impl Lemmy {
    fn at(&self, path: &str) -> Result<Url, Trouble> {
        super::at(&self.base, path)
    }
}

impl Platform for Lemmy {
    fn list_url(&self, list: &str, page: Option<&str>) -> Result<Url, Trouble> {
        let mut url = self.at("api/v3/post/list")?;
        {
            let mut query = url.query_pairs_mut();
            query
                .append_pair("type_", "Local")
                .append_pair("sort", "NewComments")
                .append_pair("limit", &PAGE.to_string());
            if !list.is_empty() {
                query.append_pair("community_name", list);
            }
            if let Some(page) = page {
                query.append_pair("page_cursor", page);
            }
        }
        Ok(url)
    }

    fn read_list(&self, response: &Response, _page: Option<&str>) -> Result<Listing, Trouble> {
        let posts: Posts = json(response)?;
        let mut listing = Listing {
            threads: Vec::new(),
            next: posts.next_page,
        };
        for view in readable::<PostView>(posts.posts.as_ref()) {
            let Some(post) = view.post else { continue };
            let counts = view.counts.unwrap_or_default();
            let active = counts
                .newest_comment_time
                .as_deref()
                .or(post.published.as_deref());
            listing.threads.push(Thread {
                id: post.id.to_string(),
                url: self.at(&format!("post/{}", post.id))?,
                title: post.name,
                print: print(&[
                    &post.updated,
                    &counts.comments,
                    &counts.newest_comment_time,
                    &post.removed,
                    &post.deleted,
                ]),
                active: active
                    .and_then(parse::date::parse)
                    .map_or(0, jiff::Timestamp::as_second),
                pinned: post.featured_community == Some(true) || post.featured_local == Some(true),
            });
        }
        Ok(listing)
    }

    async fn read_thread(
        &self,
        visit: &mut Visit<'_>,
        thread: &Thread,
    ) -> Result<Vec<Item>, Trouble> {
        let url = self.at(&format!("api/v3/post?id={}", thread.id))?;
        let one: OnePost = json(&visit.get_ok(&url, What::Json).await?)?;
        let view = one.post_view.unwrap_or_default();
        if let Some(refusal) = view.community.unwrap_or_default().refusal() {
            return Err(Trouble::Refused {
                refusal,
                what: "the community is not a public one of this instance".to_owned(),
            });
        }
        let Some(post) = view.post else {
            return Ok(Vec::new());
        };
        let root = format!("post/{}", post.id);
        if post.deleted == Some(true) || post.removed == Some(true) {
            return Ok(Vec::new());
        }
        let url = self.at(&root)?;
        if post.local == Some(false) {
            return Ok(vec![withheld(
                visit.source,
                root,
                url,
                Refusal::StrangerReply,
            )]);
        }
        let mut item = blank(visit.source, root.clone(), url);
        item.title = post.name;
        (item.text, item.links) = super::markdown(post.body.as_deref().unwrap_or_default());
        item.links
            .extend(post.url.as_deref().and_then(|url| Url::parse(url).ok()));
        item.author = view.creator.and_then(|creator| creator.name);
        item.published = post.published.as_deref().and_then(parse::date::parse);
        item.updated = post.updated.as_deref().and_then(parse::date::parse);
        let mut items = vec![item];
        let mut seen = std::collections::BTreeSet::new();
        for page in 1..=MAX_PAGES {
            let url = self.at(&format!(
                "api/v3/comment/list?post_id={}&type_=All&sort=Old&limit={PAGE}&page={page}",
                thread.id
            ))?;
            let comments: Comments = json(&visit.get_ok(&url, What::Json).await?)?;
            let mut fresh = false;
            for view in readable::<CommentView>(comments.comments.as_ref()) {
                let Some(comment) = view.comment else {
                    continue;
                };
                if !seen.insert(comment.id) {
                    continue;
                }
                fresh = true;
                if comment.deleted == Some(true) || comment.removed == Some(true) {
                    continue;
                }
                let key = format!("comment/{}", comment.id);
                let url = self.at(&key)?;
                if comment.local == Some(false) {
                    items.push(withheld(visit.source, key, url, Refusal::StrangerReply));
                    continue;
                }
                let mut item = blank(visit.source, key, url);
                (item.text, item.links) =
                    super::markdown(comment.content.as_deref().unwrap_or_default());
                item.root = Some(root.clone());
                item.parent = Some(parent(comment.path.as_deref()).unwrap_or_else(|| root.clone()));
                item.author = view.creator.and_then(|creator| creator.name);
                item.published = comment.published.as_deref().and_then(parse::date::parse);
                item.updated = comment.updated.as_deref().and_then(parse::date::parse);
                items.push(item);
            }
            // A short page is not the end; an empty one, or one that repeats, is.
            if !fresh {
                break;
            }
        }
        Ok(items)
    }
}

/// The comment above the last of a path; none where that is the post itself.
fn parent(path: Option<&str>) -> Option<String> {
    let mut ids = path?.rsplit('.').skip(1);
    ids.next()
        .filter(|id| *id != "0")
        .map(|id| format!("comment/{id}"))
}
