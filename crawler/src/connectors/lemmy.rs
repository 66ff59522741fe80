//! Lemmy communities, over API v3 or, where a server no longer has it, v4.
//!
//! Public means: a community of this very instance whose visibility is Public, and posts and comments written here.
//! Refused: unlisted, local-only and private communities; communities and writers of other instances, which a
//! registered instance cannot speak for; what was removed or deleted.

use std::collections::BTreeMap;
use std::sync::Mutex;

use discover_model::Refusal;
use serde::Deserialize;
use url::Url;

use super::answers::{base, readable};
use super::forum::thread::{Listing, Thread, print};
use super::forum::{self, Platform};
use super::items::{blank, title_without, withheld, without_names};
use super::markdown;
use crate::fetch::{Response, Validators, What};
use crate::frontier::Pace;
use crate::parse;
use crate::recheck::review::Review;
use crate::state::PageState;
use crate::trouble::Trouble;
use crate::visit::{Visit, json};

const PAGE: usize = 50;
const MAX_PAGES: usize = 40;
/// How a page is named by its number, where there are no cursors.
const PAGE_NUMBER: &str = "page=";

/// Remembered among the pages of a server that has no v3.
const V4: &str = "api/v4";

pub(crate) struct Lemmy {
    base: Url,
    v4: bool,
    /// Posts as the last page of a list showed them: each needs no request of its own.
    listed: Mutex<BTreeMap<String, PostView>>,
}

pub(crate) async fn visit(visit: &mut Visit<'_>, address: &Url) -> Result<Pace, Trouble> {
    let mut lists = visit.source.options.communities.clone();
    if lists.is_empty() {
        lists.push(String::new());
    }
    let mut platform = Lemmy::of(visit, address);
    match forum::visit(visit, &platform, &lists).await {
        Err(Trouble::Status {
            status: 404 | 410, ..
        }) if !platform.v4 => {
            platform.v4 = true;
            let pace = forum::visit(visit, &platform, &lists).await?;
            visit.state.remember_page(V4, PageState::default());
            Ok(pace)
        }
        visited => visited,
    }
}

/// Reads the threads that kept posts are known to stand in, and asks for the others by their numbers.
pub(crate) async fn recheck(
    visit: &mut Visit<'_>,
    address: &Url,
    looks: &mut Review<'_>,
) -> Result<(), Trouble> {
    let platform = Lemmy::of(visit, address);
    forum::recheck_known(visit, &platform, looks).await?;
    for at in 0..looks.kept.len() {
        if !looks.is_open(at) {
            continue;
        }
        let Some((kind, id)) = looks.kept[at].key.split_once('/') else {
            continue;
        };
        if !matches!(kind, "post" | "comment") || !super::answers::is_number(id) {
            continue;
        }
        let url = platform.api(&format!("{kind}?id={id}"))?;
        let response = visit.get(&url, What::Json, &Validators::default()).await?;
        if matches!(response.status, 400 | 404) {
            match super::answers::own_error(&response).as_deref() {
                Some("couldnt_find_post" | "couldnt_find_comment" | "not_found") => {
                    looks.lost(at, Refusal::Withdrawn);
                }
                // Lemmy's way of saying 429.
                Some("rate_limit_error") => {
                    return Err(Trouble::Status {
                        status: 429,
                        retry_after: response.retry_after(visit.now()),
                        url: Box::new(url),
                    });
                }
                _ => {}
            }
            continue;
        }
        if let Err(trouble) = visit.require(&response) {
            looks.trouble(&[at], trouble)?;
            continue;
        }
        let Ok(one) = json::<One>(&response) else {
            continue;
        };
        let view = one.post_view.unwrap_or_default();
        let comment = one.comment_view.unwrap_or_default();
        let community = view.community.or(comment.community).unwrap_or_default();
        let (deleted, removed) = match (&view.post, &comment.comment) {
            (Some(post), _) => (post.deleted, post.removed),
            (None, Some(comment)) => (comment.deleted, comment.removed),
            (None, None) => continue,
        };
        let parent = comment.post.unwrap_or_default();
        let gone = [deleted, removed, parent.deleted, parent.removed].contains(&Some(true));
        match community.refusal() {
            Some(refusal) => looks.lost(at, refusal),
            None if gone => looks.lost(at, Refusal::Withdrawn),
            None => looks.there(at),
        }
    }
    Ok(())
}

#[derive(Debug, Default, Deserialize)]
struct Posts {
    #[serde(alias = "items")]
    posts: Option<Vec<serde_json::Value>>,
    next_page: Option<String>,
}

/// One post or comment by itself.
#[derive(Debug, Default, Deserialize)]
struct One {
    post_view: Option<PostView>,
    comment_view: Option<CommentView>,
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
    locked: Option<bool>,
    local: Option<bool>,
    featured_community: Option<bool>,
    featured_local: Option<bool>,
    language_id: Option<u32>,
    /// v4 counts in the post itself.
    comments: Option<u64>,
    newest_comment_time_at: Option<String>,
}

#[derive(Debug, Default, Deserialize)]
struct Person {
    name: Option<String>,
    display_name: Option<String>,
    #[serde(alias = "ap_id")]
    actor_id: Option<String>,
}

impl Person {
    /// Whether the writer's account is one of a forum server (`/u/NAME`), whose people are a community's members
    /// wherever they write from. People of social servers have signals of their own, which cannot be read here.
    fn is_of_a_forum(&self) -> bool {
        let actor = self
            .actor_id
            .as_deref()
            .and_then(|actor| Url::parse(actor).ok());
        actor.is_some_and(|actor| {
            let name = actor.path().strip_prefix("/u/");
            name.is_some_and(|name| !name.is_empty() && !name.contains('/'))
        })
    }

    fn names(&self) -> impl Iterator<Item = &str> {
        [&self.display_name, &self.name]
            .into_iter()
            .filter_map(|name| name.as_deref())
    }

    /// The writer's name, with the server where it is another.
    fn stable(self) -> Option<String> {
        self.actor_id.or(self.name)
    }
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
    #[serde(alias = "items")]
    comments: Option<Vec<serde_json::Value>>,
    next_page: Option<String>,
}

#[derive(Debug, Default, Deserialize)]
struct CommentView {
    comment: Option<Comment>,
    creator: Option<Person>,
    post: Option<Post>,
    community: Option<Community>,
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
    language_id: Option<u32>,
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
    fn of(visit: &Visit<'_>, address: &Url) -> Self {
        Self {
            base: base(address),
            v4: visit.state.pages.contains_key(V4),
            listed: Mutex::default(),
        }
    }

    /// A post as the list showed it, else as it is by itself.
    async fn post_view(&self, visit: &mut Visit<'_>, thread: &str) -> Result<PostView, Trouble> {
        let listed = self
            .listed
            .lock()
            .ok()
            .and_then(|mut listed| listed.remove(thread));
        if let Some(view) = listed {
            return Ok(view);
        }
        let url = self.api(&format!("post?id={thread}"))?;
        let one: One = json(&visit.get_ok(&url, What::Json).await?)?;
        Ok(one.post_view.unwrap_or_default())
    }

    fn api(&self, path: &str) -> Result<Url, Trouble> {
        self.at(&format!("api/{}/{path}", if self.v4 { "v4" } else { "v3" }))
    }

    fn at(&self, path: &str) -> Result<Url, Trouble> {
        super::answers::at(&self.base, path)
    }
}

impl Platform for Lemmy {
    fn list_url(&self, list: &str, page: Option<&str>) -> Result<Url, Trouble> {
        let mut url = self.api("post/list")?;
        {
            let mut query = url.query_pairs_mut();
            let (local, sort) = if self.v4 {
                ("local", "new_comments")
            } else {
                ("Local", "NewComments")
            };
            query
                .append_pair("type_", local)
                .append_pair("sort", sort)
                .append_pair("limit", &PAGE.to_string());
            if !list.is_empty() {
                query.append_pair("community_name", list);
            }
            match page.map(|page| (page, page.strip_prefix(PAGE_NUMBER))) {
                Some((_, Some(number))) => query.append_pair("page", number),
                Some((cursor, None)) => query.append_pair("page_cursor", cursor),
                None => &mut query,
            };
        }
        Ok(url)
    }

    fn read_list(
        &self,
        _visit: &Visit<'_>,
        response: &Response,
        page: Option<&str>,
    ) -> Result<Listing, Trouble> {
        let posts: Posts = json(response)?;
        let mut listing = Listing {
            next: posts.next_page,
            ..Listing::default()
        };
        let rows = posts.posts.as_ref().map_or(0, Vec::len);
        // Versions before cursors count their pages, and say nothing of the last.
        if listing.next.is_none() && rows >= PAGE && !self.v4 {
            let page = page.and_then(|page| page.strip_prefix(PAGE_NUMBER)?.parse::<u32>().ok());
            listing.next = Some(format!("{PAGE_NUMBER}{}", page.unwrap_or(1) + 1));
        }
        let mut listed = BTreeMap::new();
        for mut view in readable::<PostView>(posts.posts.as_ref()) {
            let Some(post) = &view.post else {
                listing.unreadable += 1;
                continue;
            };
            let counts = view.counts.get_or_insert_default();
            counts.comments = counts.comments.or(post.comments);
            if counts.newest_comment_time.is_none() {
                counts
                    .newest_comment_time
                    .clone_from(&post.newest_comment_time_at);
            }
            let active = counts
                .newest_comment_time
                .as_deref()
                .or(post.published.as_deref());
            listing.threads.push(Thread {
                id: post.id.to_string(),
                url: self.at(&format!("post/{}", post.id))?,
                title: post.name.clone(),
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
            listed.insert(post.id.to_string(), view);
        }
        if let Ok(mut known) = self.listed.lock() {
            *known = listed;
        }
        Ok(listing)
    }

    async fn read_thread(
        &self,
        visit: &mut Visit<'_>,
        thread: &Thread,
    ) -> Result<forum::thread::Posts, Trouble> {
        let view = self.post_view(visit, &thread.id).await?;
        if let Some(refusal) = view.community.unwrap_or_default().refusal() {
            return Err(Trouble::Refused {
                refusal,
                what: "the community is not a public one of this instance".to_owned(),
            });
        }
        let Some(post) = view.post else {
            return Ok(Vec::new().into());
        };
        let root = format!("post/{}", post.id);
        if post.deleted == Some(true) || post.removed == Some(true) {
            return Ok(Vec::new().into());
        }
        let url = self.at(&root)?;
        if post.local == Some(false) && !view.creator.as_ref().is_some_and(Person::is_of_a_forum) {
            return Ok(vec![withheld(visit.source, root, url, Refusal::StrangerReply)].into());
        }
        let mut item = blank(visit.source, root.clone(), url);
        let names = || view.creator.iter().flat_map(Person::names);
        item.title = title_without(post.name.as_deref(), names());
        let told = markdown::to_text(post.body.as_deref().unwrap_or_default(), &item.url);
        (item.text, item.links) = (without_names(&told.text, names()), told.links);
        item.links
            .extend(post.url.as_deref().and_then(|url| Url::parse(url).ok()));
        let about = discover_model::item::Thread {
            key: root.clone(),
            title: item.title.clone(),
            url: item.url.clone(),
            closed: post.locked,
        };
        item.thread = Some(about.clone());
        item.author = view.creator.and_then(Person::stable);
        item.published = post.published.as_deref().and_then(parse::date::parse);
        item.updated = post.updated.as_deref().and_then(parse::date::parse);
        item.language = language(post.language_id).or(item.language);
        let mut items = vec![item];
        let mut seen = std::collections::BTreeSet::new();
        let mut cursor: Option<String> = None;
        let mut live = 0;
        // Without a number the end is an empty page.
        let expected = view
            .counts
            .and_then(|counts| counts.comments)
            .or(post.comments);
        for page in 1..=MAX_PAGES {
            if expected.is_some_and(|expected| live >= expected) {
                break;
            }
            let (all, old) = if self.v4 {
                ("all", "old")
            } else {
                ("All", "Old")
            };
            let mut url = self.api(&format!(
                "comment/list?post_id={}&type_={all}&sort={old}&limit={PAGE}",
                thread.id
            ))?;
            match &cursor {
                Some(cursor) => url.query_pairs_mut().append_pair("page_cursor", cursor),
                None => url.query_pairs_mut().append_pair("page", &page.to_string()),
            };
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
                // Those that are gone come too, and are not counted.
                if comment.deleted == Some(true) || comment.removed == Some(true) {
                    continue;
                }
                live += 1;
                let key = format!("comment/{}", comment.id);
                let url = self.at(&key)?;
                if comment.local == Some(false)
                    && !view.creator.as_ref().is_some_and(Person::is_of_a_forum)
                {
                    items.push(withheld(visit.source, key, url, Refusal::StrangerReply));
                    continue;
                }
                let mut item = blank(visit.source, key, url);
                let told =
                    markdown::to_text(comment.content.as_deref().unwrap_or_default(), &item.url);
                let names = view.creator.iter().flat_map(Person::names);
                (item.text, item.links) = (without_names(&told.text, names), told.links);
                item.thread = Some(about.clone());
                item.root = Some(root.clone());
                item.parent = Some(parent(comment.path.as_deref()).unwrap_or_else(|| root.clone()));
                item.author = view.creator.and_then(Person::stable);
                item.published = comment.published.as_deref().and_then(parse::date::parse);
                item.updated = comment.updated.as_deref().and_then(parse::date::parse);
                item.language = language(comment.language_id).or(item.language);
                items.push(item);
            }
            // A short page is not the end; an empty one, or one that repeats, is.
            cursor = comments.next_page;
            if !fresh || self.v4 && cursor.is_none() {
                break;
            }
        }
        Ok(items.into())
    }

    fn posts_hide_their_thread(&self) -> bool {
        true
    }

    fn thread_of(&self, _key: &str, _url: &Url) -> Option<Thread> {
        None
    }
}

/// The code of a language by its number: all servers were seeded with the same list, in this order from 1 on; 0 is
/// "undetermined" (Lemmy's migration `2022-06-21-123144_language-tags`).
fn language(id: Option<u32>) -> Option<String> {
    let at = usize::try_from(id?).ok()?.checked_sub(1)?;
    LANGUAGES
        .split_ascii_whitespace()
        .nth(at)
        .map(str::to_owned)
}

const LANGUAGES: &str = "aa ab ae af ak am an ar as av ay az ba be bg bi bm bn bo br bs ca ce ch co cr cs cu cv cy da de dv dz ee \
    el en eo es et eu fa ff fi fj fo fr fy ga gd gl gn gu gv ha he hi ho hr ht hu hy hz ia id ie ig ii ik io is it iu ja jv ka kg ki kj \
    kk kl km kn ko kr ks ku kv kw ky la lb lg li ln lo lt lu lv mg mh mi mk ml mn mr ms mt my na nb nd ne ng nl nn no nr nv ny oc oj om \
    or os pa pi pl ps pt qu rm rn ro ru rw sa sc sd se sg si sk sl sm sn so sq sr ss st su sv sw ta te tg th ti tk tl tn to tr ts tt tw \
    ty ug uk ur uz ve vi vo wa wo xh yi yo za zh zu";

/// The comment above the last of a path; none where that is the post itself.
fn parent(path: Option<&str>) -> Option<String> {
    let mut ids = path?.rsplit('.').skip(1);
    ids.next()
        .filter(|id| *id != "0")
        .map(|id| format!("comment/{id}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_number_of_a_language_is_its_place_in_the_list_of_all_servers() {
        let of = |id| language(Some(id));
        assert_eq!((of(0), of(1).as_deref(), of(184)), (None, Some("aa"), None));
        assert_eq!(
            (of(32).as_deref(), of(37).as_deref(), of(183).as_deref()),
            (Some("de"), Some("en"), Some("zu"))
        );
        assert_eq!(language(None), None);
    }
}
