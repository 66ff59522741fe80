//! Discourse forums, over the JSON that every page has beside it.
//!
//! Public means: a visitor without an account gets the topic in `/latest.json` and its posts in `/t/ID.json`; the
//! category is not read-restricted. Refused: private messages, unlisted topics, restricted categories, hidden posts
//! (held), whispers, and forums that want a login. Moderators' notices and small actions are posts, as every visitor
//! sees them. Posts deleted by staff or by their authors are taken back.
//!
//! Way of working: the list of topics is walked by latest activity. The first crawl goes to its end, at most 50 pages
//! and 2,000 topics a visit; later ones stop at the first page on which nothing changed (or that answers 304). A topic
//! is read again when its counts or dates in the list differ from the mark kept of it.

pub(super) mod marks;
#[cfg(test)]
mod tests;
mod wire;

use std::collections::{BTreeMap, BTreeSet};

use discover_model::{Item, ItemState, Refusal, Source};
use jiff::{SignedDuration, Timestamp};
use url::Url;

use super::answers::base;
use super::cursor::{Cursor, DiscourseCursor, KnownCategories};
use super::items::{withheld, without_names};
use crate::fetch::{FetchError, Validators, What, headers, shown};
use crate::frontier::{Pace, pace_of};
use crate::parse;
use crate::prepare;
use crate::recheck::review::Review;
use crate::state::PageState;
use crate::trouble::Trouble;
use crate::visit::{MAX_LISTINGS, MAX_THREADS, Page, Visit, json};
use marks::{Mark, post_key};
use wire::{Categories, Listed, Listing, Post, Topic};

/// Posts asked for at a time, as Discourse's own pages do.
const CHUNK: usize = 20;
/// A topic up to this size is read whole when it changed, so that edits are seen.
const WHOLE: usize = 100;
/// A longer topic's posts are read up to here.
const MAX_POSTS: usize = 10_000;
/// Failures of single topics in a row after which the forum as a whole is taken to be in trouble.
const MAX_RETRY: usize = 200;
/// Pages of categories read at most.
const MAX_CATEGORY_PAGES: u32 = 50;
const CATEGORIES_AFTER: SignedDuration = SignedDuration::from_hours(24);

pub(crate) async fn visit(visit: &mut Visit<'_>, address: &Url) -> Result<Pace, Trouble> {
    let base = base(address);
    categories(visit, &base).await?;
    let mut walk = Walk {
        base,
        listings: 0,
        threads: 0,
        lifetime: None,
    };
    for id in cursor(visit).retry.clone() {
        walk.topic(visit, id, None).await?;
    }
    if cursor(visit).begun {
        walk.list(visit, 0, Until::Unchanged).await?;
    } else {
        let now = visit.now();
        let cursor = cursor(visit);
        cursor.begun = true;
        cursor.walk = Some(0);
        cursor.walk_began = Some(now);
    }
    if let Some(page) = cursor(visit).walk {
        walk.list(visit, page, Until::End).await?;
    }
    let unfinished = cursor(visit).walk.is_some();
    visit.state.first_done |= !unfinished;
    Ok(pace_of(walk.lifetime, unfinished))
}

fn cursor<'v>(visit: &'v mut Visit<'_>) -> &'v mut DiscourseCursor {
    if !matches!(visit.state.cursor, Cursor::Discourse(_)) {
        visit.state.cursor = Cursor::Discourse(DiscourseCursor::default());
    }
    match &mut visit.state.cursor {
        Cursor::Discourse(cursor) => cursor,
        _ => unreachable!("set above"),
    }
}

fn seen<'v>(visit: &'v Visit<'_>) -> Option<&'v DiscourseCursor> {
    match &visit.state.cursor {
        Cursor::Discourse(cursor) => Some(cursor),
        _ => None,
    }
}

/// The page of an unsorted list, beside the first, whose turn it is: what changed may stand on any page, and all of
/// them at each visit would be a burden.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Turn {
    None,
    Waits,
    Taken,
}

impl Turn {
    /// The page to read after one on which nothing changed, or after the one whose turn it was.
    fn after(&mut self, visit: &mut Visit<'_>, page: u32, more: bool) -> Option<u32> {
        match self {
            Self::None => None,
            Self::Waits => {
                *self = Self::Taken;
                let turn = cursor(visit).turn.max(page + 1);
                if !more {
                    cursor(visit).turn = 0;
                }
                more.then_some(turn)
            }
            Self::Taken => {
                cursor(visit).turn = if more { page + 1 } else { 0 };
                None
            }
        }
    }
}

/// How far a walk through the list goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Until {
    /// The first page on which nothing changed.
    Unchanged,
    End,
}

struct Walk {
    base: Url,
    listings: u32,
    threads: u32,
    lifetime: Option<SignedDuration>,
}

impl Walk {
    fn at(&self, path: &str) -> Result<Url, Trouble> {
        self.base
            .join(path)
            .map_err(|error| Trouble::Setting(format!("the forum's address is unusable: {error}")))
    }

    /// Walks the list from `page`. Where a limit ends it early, the cursor says where to go on.
    async fn list(
        &mut self,
        visit: &mut Visit<'_>,
        mut page: u32,
        until: Until,
    ) -> Result<(), Trouble> {
        let mut before: BTreeSet<u64> = BTreeSet::new();
        let mut turn = if cursor(visit).unsorted {
            Turn::Waits
        } else {
            Turn::None
        };
        loop {
            if self.listings == MAX_LISTINGS || self.threads == MAX_THREADS {
                waits_at(visit, page, until);
                return Ok(());
            }
            self.listings += 1;
            let url = self.at(&format!("latest.json?order=activity&page={page}"))?;
            let key = format!("latest {page:05}");
            let (listing, state) = match visit.page(&key, &url, What::Json).await? {
                Page::Unchanged => {
                    self.lifetime = self.lifetime.or(visit.lifetime);
                    let more = visit.state.pages.get(&key).is_some_and(|page| page.more);
                    let next = match until {
                        Until::End => more.then_some(page + 1),
                        Until::Unchanged => turn.after(visit, page, more),
                    };
                    let Some(next) = next else {
                        ended(visit, until);
                        return visit.settle().await;
                    };
                    page = next;
                    if until == Until::End {
                        cursor(visit).walk = Some(page);
                    }
                    continue;
                }
                Page::New(response, state) => {
                    self.lifetime = self.lifetime.or(visit.lifetime);
                    (json::<Listing>(&response)?, state)
                }
            };
            let topics = listing.topics();
            visit.unreadable_rows(listing.unreadable(topics.len()), topics.len(), &url)?;
            let new_here = topics
                .iter()
                .filter(|topic| !before.contains(&topic.id))
                .count();
            before = topics.iter().map(|topic| topic.id).collect();
            if !sorted(&topics) {
                cursor(visit).unsorted = true;
            }
            let mut changed = false;
            for topic in &topics {
                if !is_new(visit, topic) {
                    continue;
                }
                changed |= !topic.pinned();
                if self.threads == MAX_THREADS {
                    waits_at(visit, page, until);
                    return Ok(());
                }
                self.topic(visit, topic.id, Some(topic)).await?;
            }
            // All topics of this page are handed over, or stand in the list of those to try again.
            let more = listing.has_more() && new_here > 0;
            visit.state.remember_page(&key, PageState { more, ..state });
            if until == Until::End {
                cursor(visit).walk = Some(page + 1);
            }
            visit.flush().await?;
            let goes_on = until == Until::End || changed && turn != Turn::Taken;
            let next = if goes_on {
                more.then_some(page + 1)
            } else {
                turn.after(visit, page, more)
            };
            let Some(next) = next else {
                ended(visit, until);
                return visit.settle().await;
            };
            page = next;
        }
    }

    /// Reads one topic. A topic that cannot be read now is put aside for the next visit.
    async fn topic(
        &mut self,
        visit: &mut Visit<'_>,
        id: u64,
        listed: Option<&Listed>,
    ) -> Result<(), Trouble> {
        let name = format!("t/{id}");
        if visit.rests(&name) {
            return Ok(());
        }
        self.threads += 1;
        match self.read_topic(visit, id, listed).await {
            Ok(()) => {
                visit.mended(&name);
                cursor(visit).retry.remove(&id);
                visit.settle().await
            }
            Err(trouble) => {
                let shut = trouble.refusal();
                let gone = matches!(
                    trouble,
                    Trouble::Status {
                        status: 404 | 410,
                        ..
                    }
                );
                if gone || shut.is_some_and(|refusal| refusal != Refusal::LoginWall) {
                    visit.mended(&name);
                    return self.lost(visit, id, listed, shut).await;
                }
                visit.broke(&name, trouble)?;
                let retry = &mut cursor(visit).retry;
                retry.insert(id);
                if retry.len() > MAX_RETRY {
                    retry.pop_first();
                }
                Ok(())
            }
        }
    }

    /// A topic that is no longer there for visitors: what is held of it goes.
    async fn lost(
        &self,
        visit: &mut Visit<'_>,
        id: u64,
        listed: Option<&Listed>,
        shut: Option<Refusal>,
    ) -> Result<(), Trouble> {
        let gone = cursor(visit).marks.keys(id);
        let mut items = Vec::new();
        if let Some(refusal) = shut {
            let slug = listed.and_then(|topic| topic.slug.as_deref());
            let url = post_url(&self.base, slug, id, 1)?;
            items.push(withheld(visit.source, format!("t/{id}"), url, refusal));
        }
        visit.push(items, gone).await?;
        let cursor = cursor(visit);
        cursor.retry.remove(&id);
        match listed {
            Some(listed) => cursor
                .marks
                .put(id, Mark::of(listed, Vec::new(), Validators::default())),
            None => cursor.marks.remove(id),
        }
        visit.settle().await
    }

    async fn read_topic(
        &mut self,
        visit: &mut Visit<'_>,
        id: u64,
        listed: Option<&Listed>,
    ) -> Result<(), Trouble> {
        let mark = cursor(visit).marks.get(id).cloned().unwrap_or_default();
        let url = self.at(&format!("t/{id}.json"))?;
        let response = visit.get(&url, What::Json, &mark.validators).await?;
        if response.status == 304 {
            if let Some(listed) = listed {
                let newer = Mark::of(listed, mark.ids, mark.validators);
                cursor(visit).marks.put(id, newer);
            }
            return Ok(());
        }
        if !response.is_success() {
            return Err(Trouble::Status {
                url: Box::new(url),
                status: response.status,
                retry_after: response.retry_after(visit.now()),
            });
        }
        let topic: Topic = json(&response)?;
        if topic.id != Some(id) {
            return Err(Trouble::Unreadable {
                url: Box::new(url),
                why: "the answer is about another topic".to_owned(),
            });
        }
        let mut refusal = topic.refusal();
        if headers::noindex(&response.headers, visit.fetcher.agent()) {
            refusal = refusal.or(Some(Refusal::Noindex));
        }
        if is_restricted(visit, topic.category_id) {
            refusal = refusal.or(Some(Refusal::NotPublic));
        }
        if refusal.is_some() || topic.deleted_at.is_some() {
            return self.lost(visit, id, listed, refusal).await;
        }
        if !category_wanted(visit, topic.category_id) {
            return self.lost(visit, id, listed, None).await;
        }
        let posts = self.rest_of(visit, &topic, &mark).await?;
        let read = read_posts(&self.base, visit.source, &topic, &posts)?;
        let stream = topic.stream();
        let present: BTreeSet<u64> = stream.iter().copied().collect();
        let mut gone: Vec<String> = read.gone;
        gone.extend(
            mark.ids
                .iter()
                .filter(|post| !present.contains(post))
                .map(|post| post_key(id, *post)),
        );
        visit.push(read.items, gone).await?;

        let validators = response.validators();
        let newer = match listed {
            Some(listed) => Mark::of(listed, stream, validators),
            None => mark.with(stream, validators),
        };
        cursor(visit).marks.put(id, newer);
        Ok(())
    }

    /// The topic's posts: those that came with it and those asked for by number.
    async fn rest_of(
        &self,
        visit: &mut Visit<'_>,
        topic: &Topic,
        mark: &Mark,
    ) -> Result<Vec<Post>, Trouble> {
        let id = topic.id.unwrap_or_default();
        let mut posts = topic.posts();
        let stream = topic.stream();
        let have: BTreeSet<u64> = posts.iter().filter_map(|post| post.id).collect();
        let known: BTreeSet<u64> = mark.ids.iter().copied().collect();
        let missing: Vec<u64> = stream
            .iter()
            .copied()
            .filter(|post| !have.contains(post))
            .filter(|post| stream.len() <= WHOLE || !known.contains(post))
            .take(MAX_POSTS)
            .collect();
        self.by_number(visit, id, &missing, &mut posts).await?;
        if !parents_known(&posts) && stream.len() <= MAX_POSTS / 10 {
            // A new reply answers a post that was not asked for again: its key is needed.
            let have: BTreeSet<u64> = posts.iter().filter_map(|post| post.id).collect();
            let others: Vec<u64> = stream
                .into_iter()
                .filter(|post| !have.contains(post))
                .collect();
            self.by_number(visit, id, &others, &mut posts).await?;
        }
        posts.sort_by_key(|post| (post.number, post.id));
        Ok(posts)
    }

    async fn by_number(
        &self,
        visit: &mut Visit<'_>,
        id: u64,
        ids: &[u64],
        posts: &mut Vec<Post>,
    ) -> Result<(), Trouble> {
        for chunk in ids.chunks(CHUNK) {
            let mut url = self.at(&format!("t/{id}/posts.json"))?;
            let query: Vec<String> = chunk
                .iter()
                .map(|post| format!("post_ids[]={post}"))
                .collect();
            url.set_query(Some(&query.join("&")));
            let response = visit.get_ok(&url, What::Json).await?;
            let more: Topic = json(&response)?;
            posts.extend(more.posts());
        }
        Ok(())
    }
}

/// Reads the topics that kept posts stand in, and says which of the posts are still there.
pub(crate) async fn recheck(
    visit: &mut Visit<'_>,
    address: &Url,
    looks: &mut Review<'_>,
) -> Result<(), Trouble> {
    let base = base(address);
    categories(visit, &base).await?;
    let walk = Walk {
        base,
        listings: 0,
        threads: 0,
        lifetime: None,
    };
    let mut topics: BTreeMap<u64, BTreeMap<u64, usize>> = BTreeMap::new();
    for (at, kept) in looks.kept.iter().enumerate() {
        let ids = kept
            .key
            .strip_prefix("t/")
            .and_then(|key| key.split_once("/p/"))
            .and_then(|(topic, post)| Some((topic.parse().ok()?, post.parse().ok()?)));
        if let Some((topic, post)) = ids {
            topics.entry(topic).or_default().insert(post, at);
        }
    }
    for (topic, posts) in topics {
        if let Err(trouble) = walk.look_again(visit, topic, &posts, looks).await {
            let all: Vec<usize> = posts.into_values().collect();
            looks.trouble(&all, trouble)?;
        }
    }
    Ok(())
}

impl Walk {
    async fn look_again(
        &self,
        visit: &mut Visit<'_>,
        id: u64,
        kept: &BTreeMap<u64, usize>,
        looks: &mut Review<'_>,
    ) -> Result<(), Trouble> {
        let mark = cursor(visit).marks.get(id).cloned().unwrap_or_default();
        let known = kept.keys().all(|post| mark.ids.contains(post));
        let validators = if known {
            mark.validators
        } else {
            Validators::default()
        };
        let url = self.at(&format!("t/{id}.json"))?;
        let response = visit.get(&url, What::Json, &validators).await?;
        if response.status == 304 && known {
            for at in kept.values() {
                looks.there(*at);
            }
            return Ok(());
        }
        if response.status == 403 && is_discourse(&response.body) {
            return Err(Trouble::Refused {
                refusal: Refusal::NotPublic,
                what: "the topic is no longer shown to visitors".to_owned(),
            });
        }
        visit.require(&response)?;
        let topic: Topic = json(&response)?;
        let stream: BTreeSet<u64> = topic.stream().into_iter().collect();
        if topic.id != Some(id) || stream.is_empty() {
            return Err(Trouble::Unreadable {
                url: Box::new(url),
                why: "the answer is not this topic".to_owned(),
            });
        }
        let mut refusal = topic.refusal();
        if headers::noindex(&response.headers, visit.fetcher.agent()) {
            refusal = refusal.or(Some(Refusal::Noindex));
        }
        if is_restricted(visit, topic.category_id) {
            refusal = refusal.or(Some(Refusal::NotPublic));
        }
        if topic.deleted_at.is_some() || !category_wanted(visit, topic.category_id) {
            refusal = refusal.or(Some(Refusal::Withdrawn));
        }
        if let Some(refusal) = refusal {
            return Err(Trouble::Refused {
                refusal,
                what: "the topic is no longer shown to visitors".to_owned(),
            });
        }
        let mut posts = topic.posts();
        let have: BTreeSet<u64> = posts.iter().filter_map(|post| post.id).collect();
        let missing: Vec<u64> = kept
            .keys()
            .copied()
            .filter(|post| stream.contains(post) && !have.contains(post))
            .collect();
        self.by_number(visit, id, &missing, &mut posts).await?;
        // A post whose answered one is not at hand would seem to answer nothing.
        let numbers: BTreeSet<u64> = posts.iter().filter_map(|post| post.number).collect();
        let told: Vec<Post> = posts
            .iter()
            .filter(|post| {
                let answered = post.reply_to_post_number;
                answered.is_none_or(|number| numbers.contains(&number))
            })
            .cloned()
            .collect();
        looks.say(read_posts(&self.base, visit.source, &topic, &told)?.items);
        let shown: BTreeMap<u64, &Post> = posts
            .iter()
            .filter_map(|post| Some((post.id?, post)))
            .collect();
        for (post, at) in kept {
            match shown.get(post) {
                Some(post) if post.is_deleted() => looks.lost(*at, Refusal::Withdrawn),
                Some(post) if post.hidden == Some(true) => looks.lost(*at, Refusal::Held),
                Some(post) if !(1..=3).contains(&post.kind.unwrap_or(1)) => {
                    looks.lost(*at, Refusal::NotPublic);
                }
                Some(_) => looks.there(*at),
                None if !stream.contains(post) => looks.lost(*at, Refusal::Withdrawn),
                None => {}
            }
        }
        Ok(())
    }
}

/// Whether an error is Discourse's own (`{"errors":[…],"error_type":"invalid_access"}`), and not a firewall's.
fn is_discourse(body: &[u8]) -> bool {
    serde_json::from_slice::<serde_json::Value>(body)
        .is_ok_and(|error| error["errors"].is_array() && error["error_type"] != "not_logged_in")
}

/// A limit was reached: the rest of the list waits.
fn waits_at(visit: &mut Visit<'_>, page: u32, until: Until) {
    let cursor = cursor(visit);
    cursor.walk = match (until, cursor.walk) {
        (Until::Unchanged, Some(walk)) => Some(walk.min(page)),
        _ => Some(page),
    };
}

/// The walk came to its end.
fn ended(visit: &mut Visit<'_>, until: Until) {
    let now = visit.now();
    let cursor = cursor(visit);
    // A day's slack for a forum whose clock differs from ours.
    if until == Until::End {
        cursor.walk = None;
        cursor.known_before = cursor
            .walk_began
            .take()
            .map(|began| began - CATEGORIES_AFTER);
    } else if cursor.walk.is_none() {
        cursor.known_before = Some(now - CATEGORIES_AFTER);
    }
}

/// Whether the list says something about a topic that its mark does not.
fn is_new(visit: &Visit<'_>, topic: &Listed) -> bool {
    if !category_wanted(visit, topic.category_id) {
        return false;
    }
    let Some(cursor) = seen(visit) else {
        return true;
    };
    if let Some(mark) = cursor.marks.get(topic.id) {
        return !mark.matches(topic);
    }
    let known = cursor.known_before.filter(|_| cursor.walk.is_none());
    !matches!((topic.active(), known), (Some(active), Some(known)) if active <= known)
}

/// Whether each reply's parent is among the posts at hand.
fn parents_known(posts: &[Post]) -> bool {
    let numbers: BTreeSet<u64> = posts.iter().filter_map(|post| post.number).collect();
    posts
        .iter()
        .filter_map(|post| post.reply_to_post_number)
        .all(|number| numbers.contains(&number))
}

/// Whether the list comes by latest activity, pinned topics left out.
fn sorted(topics: &[Listed]) -> bool {
    let times: Vec<Timestamp> = topics
        .iter()
        .filter(|topic| !topic.pinned())
        .filter_map(Listed::active)
        .collect();
    times.is_sorted_by(|a, b| a >= b)
}

/// What a topic's posts are to us.
pub(crate) struct ReadPosts {
    pub(crate) items: Vec<Item>,
    /// Keys of posts that say they were deleted.
    pub(crate) gone: Vec<String>,
}

fn thread_of(base: &Url, topic: &Topic) -> Result<discover_model::item::Thread, Trouble> {
    let id = topic.id.unwrap_or_default();
    Ok(discover_model::item::Thread {
        key: format!("t/{id}"),
        title: topic.own_title(),
        url: post_url(base, topic.slug.as_deref(), id, 1)?,
        closed: topic.is_closed(),
    })
}

/// Turns posts into items. Pure; also what `discover inspect` shows of a topic's file.
fn read_posts(
    base: &Url,
    source: &Source,
    topic: &Topic,
    posts: &[Post],
) -> Result<ReadPosts, Trouble> {
    let id = topic.id.unwrap_or_default();
    let keys: BTreeMap<u64, String> = posts
        .iter()
        .filter_map(|post| Some((post.number?, post_key(id, post.id?))))
        .collect();
    let root = keys.get(&1).cloned();
    let thread = thread_of(base, topic)?;
    let mut read = ReadPosts {
        items: Vec::with_capacity(posts.len()),
        gone: Vec::new(),
    };
    let mut seen = BTreeSet::new();
    for post in posts {
        let (Some(post_id), Some(number)) = (post.id, post.number) else {
            continue;
        };
        if !seen.insert(post_id) {
            continue;
        }
        let key = post_key(id, post_id);
        if post.is_deleted() {
            read.gone.push(key);
            continue;
        }
        let url = post_url(base, topic.slug.as_deref(), id, number)?;
        if post.hidden == Some(true) {
            read.gone.push(key.clone());
            read.items.push(withheld(source, key, url, Refusal::Held));
            continue;
        }
        // Regular posts, moderators' notices and small actions are what every visitor sees (docs/adr/0007); whispers
        // are for staff.
        if !(1..=3).contains(&post.kind.unwrap_or(1)) {
            read.items
                .push(withheld(source, key, url, Refusal::NotPublic));
            continue;
        }
        let text = parse::text::html_to_text(post.cooked.as_deref().unwrap_or_default(), &url);
        read.items.push(Item {
            // An opening post that is not shown leaves its thread together.
            root: root
                .clone()
                .or_else(|| Some(thread.key.clone()))
                .filter(|_| number != 1),
            parent: post
                .reply_to_post_number
                .filter(|answered| *answered != number)
                .and_then(|answered| keys.get(&answered).cloned()),
            key,
            url,
            thread: Some(thread.clone()),
            title: thread.title.clone().filter(|_| number == 1),
            text: without_names(&text.text, post.names()),
            author: post.username.clone(),
            published: post.created_at.as_deref().and_then(parse::date::parse),
            updated: post
                .updated_at
                .as_deref()
                .filter(|_| post.version.is_some_and(|version| version > 1))
                .and_then(parse::date::parse),
            language: source.options.language.clone(),
            links: text.links,
            state: ItemState::Live,
        });
    }
    Ok(read)
}

/// The items in a topic's JSON (`/t/ID.json`), for `discover inspect`.
pub(crate) fn inspect(bytes: &[u8], address: &Url, source: &Source) -> Option<Vec<Item>> {
    let topic: Topic = prepare::json::read(bytes).ok()?;
    let id = topic.id?;
    if let Some(refusal) = topic.refusal() {
        let url = post_url(address, topic.slug.as_deref(), id, 1).ok()?;
        return Some(vec![withheld(source, format!("t/{id}"), url, refusal)]);
    }
    let read = read_posts(address, source, &topic, &topic.posts()).ok()?;
    Some(read.items)
}

/// The first post's address is the topic's own, which is what feeds and links name.
fn post_url(base: &Url, slug: Option<&str>, id: u64, number: u64) -> Result<Url, Trouble> {
    let mut url = base.clone();
    let unusable = || Trouble::Setting("the forum's address is unusable".to_owned());
    {
        let mut path = url.path_segments_mut().map_err(|()| unusable())?;
        path.pop_if_empty().push("t");
        if let Some(slug) = slug.filter(|slug| !slug.is_empty() && slug.len() <= 300) {
            path.push(slug);
        }
        path.push(&id.to_string());
        if number != 1 {
            path.push(&number.to_string());
        }
    }
    Ok(url)
}

/// Reads the categories once a day, from whichever address the forum offers.
async fn categories(visit: &mut Visit<'_>, base: &Url) -> Result<(), Trouble> {
    let now = visit.now();
    if let Some(known) = &cursor(visit).categories
        && now.duration_since(known.at).abs() < CATEGORIES_AFTER
    {
        return Ok(());
    }
    let mut known = KnownCategories {
        at: now,
        open: BTreeMap::new(),
        restricted: BTreeSet::new(),
        absent: true,
    };
    for path in ["site.json", "categories.json?include_subcategories=true"] {
        let Ok(url) = base.join(path) else { continue };
        let page = match visit.page(path, &url, What::Json).await {
            Ok(page) => page,
            Err(refused @ Trouble::Refused { .. }) => return Err(refused),
            // Absent, out of scope or not allowed: the list of topics alone must do.
            Err(
                Trouble::Status {
                    status: 400..=428 | 430..=499,
                    ..
                }
                | Trouble::Fetch(
                    FetchError::NoConsent(_)
                    | FetchError::Robots(_)
                    | FetchError::OutOfScope { .. }
                    | FetchError::TooLarge(_),
                ),
            ) => continue,
            Err(trouble) => return Err(trouble),
        };
        match page {
            Page::Unchanged => {
                if let Some(before) = &mut cursor(visit).categories {
                    before.at = now;
                    return Ok(());
                }
            }
            Page::New(response, state) => {
                let Ok(read) = json::<Categories>(&response) else {
                    continue;
                };
                let list = read.list();
                // Such a forum tells its categories page by page, and elsewhere only some of them or none.
                if list.is_empty() || read.is_lazy() && path == "site.json" {
                    continue;
                }
                known.absent = false;
                known.add(list);
                if path != "site.json" {
                    more_categories(visit, base, &mut known).await?;
                }
                visit.state.remember_page(path, state);
                break;
            }
        }
    }
    let options = &visit.source.options;
    let named = options
        .categories
        .iter()
        .chain(options.deny.iter().filter(|deny| !deny.starts_with('/')));
    if known.absent && named.count() > 0 {
        return Err(Trouble::Setting(format!(
            "categories are named in the settings, but {} tells none",
            shown(base)
        )));
    }
    cursor(visit).categories = Some(known);
    Ok(())
}

/// The further pages of the list of categories, until one brings none that is new.
async fn more_categories(
    visit: &mut Visit<'_>,
    base: &Url,
    known: &mut KnownCategories,
) -> Result<(), Trouble> {
    for page in 2..=MAX_CATEGORY_PAGES {
        let path = format!("categories.json?include_subcategories=true&page={page}");
        let Ok(url) = base.join(&path) else { break };
        let response = match visit.get_ok(&url, What::Json).await {
            Ok(response) => response,
            Err(trouble) if trouble.ends_visit() => return Err(trouble),
            Err(_) => break,
        };
        let before = known.open.len() + known.restricted.len();
        known.add(json::<Categories>(&response).unwrap_or_default().list());
        if known.open.len() + known.restricted.len() == before {
            break;
        }
    }
    Ok(())
}

impl KnownCategories {
    fn add(&mut self, list: Vec<wire::Category>) {
        for category in list {
            let Some(id) = category.id else { continue };
            if category.read_restricted == Some(true) {
                self.restricted.insert(id);
            } else {
                self.open.insert(id, category.slug.unwrap_or_default());
            }
        }
    }
}

/// Whether the forum itself keeps a category from visitors.
fn is_restricted(visit: &Visit<'_>, category: Option<u64>) -> bool {
    let Some(known) = seen(visit).and_then(|cursor| cursor.categories.as_ref()) else {
        return false;
    };
    category.is_some_and(|id| {
        // The list of a site's categories holds those a visitor may see.
        !known.absent && (known.restricted.contains(&id) || !known.open.contains_key(&id))
    })
}

/// Whether the owner's settings want a category.
fn category_wanted(visit: &Visit<'_>, category: Option<u64>) -> bool {
    let options = &visit.source.options;
    let slug = seen(visit)
        .and_then(|cursor| cursor.categories.as_ref()?.open.get(&category?))
        .map_or("", String::as_str);
    let named = |list: &[String]| list.iter().any(|name| name == slug);
    (options.categories.is_empty() || named(&options.categories)) && !named(&options.deny)
}
