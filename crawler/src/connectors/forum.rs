//! What forums have in common: a list of threads by latest activity, and threads that are read again when their line
//! in the list changed. A platform gives the addresses and the reading; the walk and its limits are here.

pub(super) mod thread;

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use discover_model::gate::stored_key;
use discover_model::{Item, ItemState, Mark, Refusal};
use url::Url;

use super::cursor::{Cursor, ForumCursor, ThreadMark};
use crate::fetch::{Response, What};
use crate::frontier::{Pace, pace_of};
use crate::recheck::review::Review;
use crate::state::PageState;
use crate::trouble::Trouble;
use crate::visit::{MAX_LISTINGS, MAX_THREADS, Page, Visit};
use thread::{Listing, Posts, Thread};

const MAX_RETRY: usize = 200;
/// A thread with as many items may have been cut by a platform's limit.
const MAX_ITEMS: usize = 1000;

/// A platform's addresses and reading.
pub(crate) trait Platform {
    /// What its lists are.
    fn what(&self) -> What {
        What::Json
    }
    /// The address of a page of the list called `list`.
    fn list_url(&self, list: &str, page: Option<&str>) -> Result<Url, Trouble>;
    fn read_list(
        &self,
        visit: &Visit<'_>,
        response: &Response,
        page: Option<&str>,
    ) -> Result<Listing, Trouble>;
    /// The boards that the page of the list without a name, an index, tells of.
    fn read_boards(
        &self,
        _visit: &Visit<'_>,
        _response: &Response,
    ) -> Result<Vec<Thread>, Trouble> {
        Ok(Vec::new())
    }
    /// Pages of the list read in one visit.
    fn max_listings(&self) -> u32 {
        MAX_LISTINGS
    }
    /// All posts of a thread that are there; what is missing from them was taken back, where they are whole.
    fn read_thread(
        &self,
        visit: &mut Visit<'_>,
        thread: &Thread,
    ) -> impl Future<Output = Result<Posts, Trouble>> + Send;
    /// Whether a post can be seen nowhere but in `thread`, so that it is gone when it is gone from there.
    fn is_only_in(&self, _thread: &Thread, _item: &Item) -> bool {
        true
    }
    /// Whether neither keys nor addresses of posts tell the thread they stand in.
    fn posts_hide_their_thread(&self) -> bool {
        false
    }
    /// The thread that a kept post stands in, where its key or address tells.
    fn thread_of(&self, key: &str, url: &Url) -> Option<Thread>;
}

/// Reads all `lists` of a forum.
pub(crate) async fn visit<P: Platform + Sync>(
    visit: &mut Visit<'_>,
    platform: &P,
    lists: &[String],
) -> Result<Pace, Trouble> {
    let mut limits = Limits::default();
    let mut unfinished = false;
    for list in lists {
        limits.list(visit, platform, list).await?;
        unfinished |= cursor(visit, list).walk.is_some();
    }
    visit.state.first_done |= !unfinished;
    Ok(pace_of(limits.lifetime, unfinished))
}

/// Key of the index among the pages that are remembered.
const INDEX: &str = "index";

/// Reads a forum whose index names its boards: the boards whose line there changed, and those that were not read to
/// their end. A board's own "no" is that board's.
pub(crate) async fn visit_boards<P: Platform + Sync>(
    visit: &mut Visit<'_>,
    platform: &P,
) -> Result<Pace, Trouble> {
    let mut limits = Limits::default();
    let url = platform.list_url("", None)?;
    let mut index = None;
    let mut waiting = VecDeque::new();
    match visit.page(INDEX, &url, platform.what()).await? {
        Page::Unchanged => {}
        Page::New(response, state) => {
            waiting.extend(platform.read_boards(visit, &response)?);
            index = Some(state);
        }
    }
    waiting.extend(unfinished(visit));
    limits.lifetime = visit.lifetime;
    let (mut seen, mut listed, mut left) = (BTreeSet::new(), false, false);
    while let Some(board) = waiting.pop_front() {
        let begun = cursor(visit, &board.id).begun && !cursor(visit, &board.id).is_unfinished();
        let name = mark_of(visit, &board.id);
        let known = cursor(visit, "").marks.get(&name);
        let unchanged = begun && known.is_some_and(|mark| mark.print == board.print);
        if unchanged || visit.rests(&board.id) || !seen.insert(board.id.clone()) {
            continue;
        }
        if limits.are_reached(platform) {
            left = true;
            break;
        }
        match limits.list(visit, platform, &board.id).await {
            Ok(()) => visit.mended(&board.id),
            Err(trouble) => {
                visit.broke(&board.id, trouble)?;
                continue;
            }
        }
        listed |= limits.listed;
        waiting.extend(std::mem::take(&mut limits.boards));
        if board.print != 0 {
            let mark = ThreadMark {
                print: board.print,
                ..ThreadMark::default()
            };
            cursor(visit, "").marks.insert(name, mark);
        }
    }
    let Cursor::Forum(lists) = &visit.state.cursor else {
        return Ok(pace_of(limits.lifetime, left));
    };
    let holds = |(name, list): (&String, &ForumCursor)| !name.is_empty() && !list.marks.is_empty();
    if !seen.is_empty() && !listed && !lists.iter().any(holds) {
        return Err(Trouble::Unreadable {
            url: Box::new(url),
            why: format!("none of the {} boards shows visitors a thread", seen.len()),
        });
    }
    left |= lists.values().any(|list| list.walk.is_some());
    if let Some(state) = index.filter(|_| !left) {
        visit.state.remember_page(INDEX, state);
    }
    visit.flush().await?;
    visit.state.first_done |= !left;
    Ok(pace_of(limits.lifetime, left))
}

/// Boards that were not read to their end, or in which a thread is to be tried again.
fn unfinished(visit: &Visit<'_>) -> Vec<Thread> {
    let Cursor::Forum(lists) = &visit.state.cursor else {
        return Vec::new();
    };
    let boards = lists
        .iter()
        .filter(|(name, list)| !name.is_empty() && list.is_unfinished());
    // Their line is not known here, so it is not said to be read.
    boards
        .map(|(name, _)| Thread::named(name, &visit.source.url))
        .collect()
}

/// Reads the threads that kept posts stand in, and says which of the posts are still there.
pub(crate) async fn recheck<P: Platform + Sync>(
    visit: &mut Visit<'_>,
    platform: &P,
    looks: &mut Review<'_>,
) -> Result<(), Trouble> {
    let mut threads: Threads = BTreeMap::new();
    for (at, kept) in looks.kept.iter().enumerate() {
        match platform.thread_of(&kept.key, &kept.url) {
            Some(thread) => {
                let entry = threads.entry(thread.id.clone());
                entry.or_insert_with(|| (thread, Vec::new())).1.push(at);
            }
            None => looks.beyond(at),
        }
    }
    look_at(visit, platform, looks, threads).await
}

/// The same for a platform whose keys and addresses do not name the thread: those threads whose posts are remembered
/// are read, and the posts of others stay open.
pub(crate) async fn recheck_known<P: Platform + Sync>(
    visit: &mut Visit<'_>,
    platform: &P,
    looks: &mut Review<'_>,
) -> Result<(), Trouble> {
    let mut homes: BTreeMap<Mark, String> = BTreeMap::new();
    if let Cursor::Forum(lists) = &visit.state.cursor {
        for mark in lists.values().flat_map(|list| list.marks.values()) {
            if let Some(id) = &mark.id {
                homes.extend(mark.posts.iter().map(|post| (*post, id.clone())));
            }
        }
    }
    let mut threads: Threads = BTreeMap::new();
    for (at, kept) in looks.kept.iter().enumerate() {
        if let Some(id) = homes.get(&visit.item_mark(&kept.key)) {
            let entry = threads.entry(id.clone());
            let named = || (Thread::named(id, &kept.url), Vec::new());
            entry.or_insert_with(named).1.push(at);
        }
    }
    look_at(visit, platform, looks, threads).await
}

/// Threads by their id, with the places of kept posts that stand in them.
type Threads = BTreeMap<String, (Thread, Vec<usize>)>;

async fn look_at<P: Platform + Sync>(
    visit: &mut Visit<'_>,
    platform: &P,
    looks: &mut Review<'_>,
    threads: Threads,
) -> Result<(), Trouble> {
    let places: BTreeMap<&str, usize> = looks
        .kept
        .iter()
        .enumerate()
        .map(|(at, kept)| (kept.key.as_str(), at))
        .collect();
    for (thread, mut posts) in threads.into_values() {
        // Another thread's page may have shown them already.
        posts.retain(|at| looks.is_open(*at));
        if posts.is_empty() {
            continue;
        }
        let Posts { items, kept, whole } = match platform.read_thread(visit, &thread).await {
            Ok(posts) => posts,
            Err(trouble) => {
                looks.trouble(&posts, trouble)?;
                forget_thread(visit, &thread.id);
                continue;
            }
        };
        for key in &kept {
            if let Some(at) = places.get(stored_key(key).as_str()) {
                looks.there(*at);
            }
        }
        // What a limit cut off is not gone.
        let whole = whole && items.len() + kept.len() < MAX_ITEMS;
        for item in &items {
            let Some(at) = places.get(stored_key(&item.key).as_str()) else {
                continue;
            };
            match item.state {
                ItemState::Live => looks.there(*at),
                ItemState::Withheld(refusal) => looks.lost(*at, refusal),
                ItemState::Gone => looks.lost(*at, Refusal::Withdrawn),
            }
        }
        let lost = |at: &usize| looks.is_lost(*at) || looks.is_open(*at) && whole;
        let gone = posts.iter().filter(|at| lost(at));
        let gone: BTreeSet<&str> = gone.map(|at| looks.kept[*at].key.as_str()).collect();
        forget_posts(visit, &thread.id, &gone);
        // What a look does not know the title of, it must not take the title from.
        looks.say(
            items.into_iter().filter(|item| {
                thread.title.is_some() || item.title.is_some() || item.root.is_some()
            }),
        );
        for at in posts {
            if looks.is_open(at) && whole {
                looks.lost(at, Refusal::Withdrawn);
            }
        }
    }
    Ok(())
}

/// Makes a thread that cannot be read any more a new one where a list names it again.
fn forget_thread(visit: &mut Visit<'_>, thread: &str) {
    let thread = mark_of(visit, thread);
    if let Cursor::Forum(lists) = &mut visit.state.cursor {
        for list in lists.values_mut() {
            if let Some(mark) = list.marks.get_mut(&thread) {
                mark.print = 0;
            }
        }
    }
}

/// Forgets posts of a thread that are gone: should they come again, they are read again.
fn forget_posts(visit: &mut Visit<'_>, thread: &str, gone: &BTreeSet<&str>) {
    if gone.is_empty() {
        return;
    }
    let thread = mark_of(visit, thread);
    let gone: BTreeSet<Mark> = gone.iter().map(|key| visit.item_mark(key)).collect();
    if let Cursor::Forum(lists) = &mut visit.state.cursor {
        for mark in lists
            .values_mut()
            .filter_map(|list| list.marks.get_mut(&thread))
        {
            mark.posts.retain(|post| !gone.contains(post));
        }
    }
}

/// The posts that are remembered of a thread.
pub(super) fn known(visit: &Visit<'_>, thread: &str) -> BTreeSet<Mark> {
    let Cursor::Forum(lists) = &visit.state.cursor else {
        return BTreeSet::new();
    };
    let thread = mark_of(visit, thread);
    let marks = lists.values().filter_map(|list| list.marks.get(&thread));
    marks.flat_map(|mark| mark.posts.iter().copied()).collect()
}

fn mark_of(visit: &Visit<'_>, thread: &str) -> Mark {
    visit.mark("thread", thread)
}

fn cursor<'v>(visit: &'v mut Visit<'_>, list: &str) -> &'v mut ForumCursor {
    if !matches!(visit.state.cursor, Cursor::Forum(_)) {
        visit.state.cursor = Cursor::Forum(BTreeMap::new());
    }
    match &mut visit.state.cursor {
        Cursor::Forum(lists) => lists.entry(list.to_owned()).or_default(),
        _ => unreachable!("set above"),
    }
}

#[derive(Default)]
struct Limits {
    listings: u32,
    threads: u32,
    lifetime: Option<jiff::SignedDuration>,
    /// The last list showed a thread.
    listed: bool,
    /// Boards that the last list told of.
    boards: Vec<Thread>,
    /// Threads that were read: an announcement stands in every board.
    read: BTreeSet<String>,
}

impl Limits {
    fn are_reached<P: Platform>(&self, platform: &P) -> bool {
        self.listings >= platform.max_listings() || self.threads >= MAX_THREADS
    }

    /// Reads one list: what is new, on with the walk to its end, and what could not be read last time.
    async fn list<P: Platform + Sync>(
        &mut self,
        visit: &mut Visit<'_>,
        platform: &P,
        list: &str,
    ) -> Result<(), Trouble> {
        self.listed = false;
        let retry = cursor(visit, list).retry.clone();
        if std::mem::replace(&mut cursor(visit, list).begun, true) {
            self.walk(visit, platform, list, None, false).await?;
            if let Some(page) = cursor(visit, list).walk.clone() {
                self.walk(visit, platform, list, Some(page), true).await?;
            }
        } else {
            self.walk(visit, platform, list, None, true).await?;
        }
        // Those that the list did not show.
        for thread in retry.into_values() {
            if cursor(visit, list).retry.contains_key(&thread.id) {
                self.thread(visit, platform, list, &thread).await?;
            }
        }
        Ok(())
    }

    /// Walks from `page` on: to the end, or to the first page on which nothing changed.
    async fn walk<P: Platform + Sync>(
        &mut self,
        visit: &mut Visit<'_>,
        platform: &P,
        list: &str,
        mut page: Option<String>,
        to_end: bool,
    ) -> Result<(), Trouble> {
        let mut seen = BTreeSet::new();
        loop {
            if self.are_reached(platform) {
                cursor(visit, list).walk = Some(page.unwrap_or_default());
                return Ok(());
            }
            self.listings += 1;
            let token = page.as_deref().filter(|page| !page.is_empty());
            let url = platform.list_url(list, token)?;
            let key = format!("list {list}");
            // Only the first page is asked for again and again, so only it is remembered.
            let (response, state) = if token.is_none() {
                match visit.page(&key, &url, platform.what()).await? {
                    Page::Unchanged => {
                        self.lifetime = self.lifetime.or(visit.lifetime);
                        return Ok(());
                    }
                    Page::New(response, state) => (*response, Some(state)),
                }
            } else {
                (visit.get_ok(&url, platform.what()).await?, None)
            };
            self.lifetime = self.lifetime.or(visit.lifetime);
            let listing = platform.read_list(visit, &response, token)?;
            self.listed |= !listing.threads.is_empty();
            self.boards.extend(listing.boards);
            visit.unreadable_rows(listing.unreadable, listing.threads.len(), &response.url)?;
            let mut changed = false;
            let mut fresh = false;
            for thread in &listing.threads {
                fresh |= seen.insert(thread.id.clone());
                let name = mark_of(visit, &thread.id);
                let known = cursor(visit, list).marks.get(&name);
                if known.is_some_and(|mark| mark.print == thread.print) {
                    continue;
                }
                changed |= !thread.pinned;
                if self.threads >= MAX_THREADS {
                    cursor(visit, list).walk = Some(page.unwrap_or_default());
                    return Ok(());
                }
                if known.is_none() && self.read.contains(&thread.id) {
                    let mark = ThreadMark {
                        print: thread.print,
                        active: thread.active,
                        ..ThreadMark::default()
                    };
                    cursor(visit, list).marks.insert(name, mark);
                    continue;
                }
                self.thread(visit, platform, list, thread).await?;
            }
            // A page that holds nothing new, or names itself as the next, is the end of an endless list.
            let next = listing
                .next
                .filter(|next| fresh && Some(next) != page.as_ref());
            let ended = next.is_none() || !to_end && !changed;
            if to_end {
                cursor(visit, list).walk.clone_from(&next);
            }
            if let Some(state) = state.filter(|_| ended || to_end) {
                visit.state.remember_page(
                    &key,
                    PageState {
                        more: next.is_some(),
                        ..state
                    },
                );
            }
            visit.flush().await?;
            if ended {
                return Ok(());
            }
            page = next;
        }
    }

    async fn thread<P: Platform + Sync>(
        &mut self,
        visit: &mut Visit<'_>,
        platform: &P,
        list: &str,
        thread: &Thread,
    ) -> Result<(), Trouble> {
        if visit.rests(&thread.id) {
            return Ok(());
        }
        self.threads += 1;
        let Posts { items, kept, whole } = match platform.read_thread(visit, thread).await {
            Ok(posts) => posts,
            Err(Trouble::Status {
                status: 300 | 404 | 410,
                ..
            }) => Posts::from(Vec::new()),
            Err(Trouble::Refused { refusal, .. }) if refusal != Refusal::LoginWall => {
                let key = format!("thread {}", thread.id);
                Posts::from(vec![super::items::withheld(
                    visit.source,
                    key,
                    thread.url.clone(),
                    refusal,
                )])
            }
            Err(trouble) => {
                visit.broke(&thread.id, trouble)?;
                // Its title is not remembered, so that a list that shows it has it read again.
                let again = Thread {
                    print: 0,
                    title: None,
                    ..thread.clone()
                };
                let retry = &mut cursor(visit, list).retry;
                retry.insert(thread.id.clone(), again);
                if retry.len() > MAX_RETRY {
                    retry.pop_first();
                }
                return Ok(());
            }
        };
        visit.mended(&thread.id);
        self.read.insert(thread.id.clone());
        let live = || items.iter().filter(|item| item.state == ItemState::Live);
        let present: BTreeSet<Mark> = live()
            .map(|item| &item.key)
            .chain(&kept)
            .map(|key| visit.item_mark(key))
            .collect();
        let posts: Vec<Mark> = live()
            .filter(|item| platform.is_only_in(thread, item))
            .map(|item| &item.key)
            .chain(&kept)
            .map(|key| visit.item_mark(key))
            .collect();
        let name = mark_of(visit, &thread.id);
        let marks = &cursor(visit, list).marks;
        // A new thread that shows posts of another is that one under a new name: Fossil gives it one with every edit.
        let same: Vec<Mark> = if marks.contains_key(&name) {
            vec![name]
        } else {
            let shares = |mark: &ThreadMark| mark.posts.iter().any(|post| present.contains(post));
            let same = marks.iter().filter(|(_, mark)| shares(mark));
            same.map(|(name, _)| *name).collect()
        };
        let before = same.iter().filter_map(|name| marks.get(name));
        let before = before.flat_map(|mark| &mark.posts).copied();
        let missing: Vec<Mark> = before
            .filter(|post| whole && !present.contains(post))
            .collect();
        visit.miss(missing.iter().copied());
        visit.push(items, Vec::new()).await?;

        let cursor = cursor(visit, list);
        cursor.retry.remove(&thread.id);
        for name in &same {
            if let Some(mark) = cursor.marks.get_mut(name) {
                mark.posts.retain(|post| !missing.contains(post));
            }
        }
        let mark = ThreadMark {
            print: thread.print,
            active: thread.active,
            posts,
            id: platform
                .posts_hide_their_thread()
                .then(|| thread.id.clone()),
        };
        cursor.marks.insert(name, mark);
        cursor.forget();
        visit.settle().await
    }
}
