//! Web pages: forums and blogs that offer nothing better than their pages.
//!
//! Public means: an anonymous visitor gets the page (no login, no password form in place of the posts), its address is
//! matched by the owner's `allow` and not by `deny`, and neither page nor header says noindex. Refused: pages that show
//! a login in place of posts; posts that match a `withheld` selector or carry a platform's own mark of a post that
//! waits for a moderator; schema.org postings that are not free to read; microformats comments by people of other
//! sites, and entries syndicated from there. A page on which no post can be found is an error, never a deletion.
//!
//! Three readings: CSS selectors, the owner's own or a preset's ([`select`], [`presets`]), and nothing but these where
//! there are any, so that what they withhold comes in by no other door; else schema.org JSON-LD ([`jsonld`]) or
//! microformats ([`microformats`]), whichever finds more posts; of equals, the first.
//!
//! Way of working: the list of threads is walked as any forum's; where `list.boards` names boards, each is such a list,
//! and asked for when its line in the index changed. The lines of a list are what `list.thread` matches, else what the
//! page's own markup lists, else links that `allow` matches. A page that holds whole posts is a thread itself.

mod addresses;
mod depth;
pub(super) mod draft;
mod jsonld;
pub(super) use jsonld::plain;
mod microformats;
mod pick;
pub mod presets;
mod rows;
pub(crate) mod select;
#[cfg(test)]
mod tests;
mod when;

use std::borrow::Cow;
use std::sync::LazyLock;

use discover_model::{Item, Refusal, Source};
use jiff::Timestamp;
use regex::Regex;
use scraper::{Html as Tree, Selector};
use url::Url;

use super::forum::Platform;
use super::forum::thread::{Listing, Posts, Thread, print};
use super::{forum, paging};
use crate::fetch::{FetchError, Response, What, headers};
use crate::frontier::Pace;
use crate::page;
use crate::trouble::Trouble;
use crate::visit::{MAX_LISTINGS, Visit};
pub(super) use addresses::token;
use draft::Drafts;
use pick::{Pick, words};
use rows::Line;
use select::Declared;

/// Elements open at once at most; deeper pages are not read.
const MAX_DEPTH: usize = 512;
/// Pages of one thread.
const MAX_PAGES: usize = 50;
/// Posts of one thread.
const MAX_POSTS: usize = 20_000;
/// Threads taken of one list page.
const MAX_LINKS: usize = 500;

/// Pages of one source, with the owner's selectors compiled.
pub(crate) struct Pages {
    start: Url,
    declared: Declared,
    agent: String,
    allow: bool,
}

pub(crate) async fn visit(visit: &mut Visit<'_>, address: &Url) -> Result<Pace, Trouble> {
    let pages = Pages::new(visit, address)?;
    if pages.declared.has_boards() {
        forum::visit_boards(visit, &pages).await
    } else {
        forum::visit(visit, &pages, &[String::new()]).await
    }
}

/// One page, read.
#[derive(Debug, Default)]
struct Reading {
    drafts: Drafts,
    title: Option<String>,
    next: Option<Url>,
    /// The page leads to other pages of the same thread.
    is_part: bool,
}

impl Pages {
    pub(crate) fn new(visit: &Visit<'_>, address: &Url) -> Result<Self, Trouble> {
        let options = &visit.source.options;
        let declared = Declared::of(options).map_err(Trouble::Setting)?;
        let start = match &declared.start {
            Some(start) => super::answers::at(address, start)?,
            None => address.clone(),
        };
        Ok(Self {
            start,
            declared,
            agent: visit.fetcher.agent().to_owned(),
            allow: options.allow.iter().any(|pattern| pattern.starts_with('/')),
        })
    }

    /// The page as it is shown without scripts.
    fn html<'r>(&self, response: &'r Response) -> Result<Cow<'r, str>, Trouble> {
        let html = page::text(&response.body, response.content_type());
        html.map(without_scripts)
            .ok_or_else(|| unreadable(response, "the answer is empty"))
    }

    /// The page's tree.
    fn tree(&self, response: &Response, html: &str) -> Result<Tree, Trouble> {
        if page::signs(html, &self.agent).depth > MAX_DEPTH {
            return Err(unreadable(response, "the page is nested too deeply"));
        }
        Ok(Tree::parse_document(html))
    }

    /// A login in place of what a page should hold is a no; a page without either says nothing.
    fn nothing(&self, response: &Response, html: &str, why: &str) -> Trouble {
        if page::signs(html, &self.agent).password_form {
            let url = || Box::new(response.url.clone());
            return Trouble::Fetch(FetchError::LoginWall {
                from: url(),
                to: url(),
            });
        }
        unreadable(response, why)
    }

    /// What a thread's page holds. A list may ask not to be indexed itself; a page that is kept may not.
    fn read(&self, response: &Response, now: Timestamp) -> Result<Reading, Trouble> {
        let html = self.html(response)?;
        let tree = self.tree(response, &html)?;
        let signs = page::signs(&html, &self.agent);
        if signs.noindex || headers::noindex(&response.headers, &self.agent) {
            return Err(Trouble::Refused {
                refusal: Refusal::Noindex,
                what: "the page asks not to be indexed".to_owned(),
            });
        }
        let url = base_of(&tree, &response.url);
        let drafts = posts(&self.declared, &tree, &response.url, &url, now);
        if drafts.whole() == 0 {
            let why = "no post was found on the page: check the selectors";
            return Err(self.nothing(response, &html, why));
        }
        Ok(Reading {
            drafts,
            is_part: paging::leads_to_others(&html, &response.url),
            title: self.declared.title(&tree).or_else(|| title(&tree)),
            next: self.declared.next_in_thread(&tree, &url),
        })
    }

    /// All items of a thread that are there now, over all of its pages.
    async fn items(&self, visit: &mut Visit<'_>, thread: &Url) -> Result<Posts, Trouble> {
        // A walk along declared links sees the whole thread where it begins at the first page.
        let walks = self.declared.walks_threads() && !paging::is_numbered(thread);
        let mut whole = true;
        let mut drafts = Drafts::default();
        let mut title = None;
        let mut page = Some(thread.clone());
        let mut seen = Vec::new();
        while let Some(url) = page.take() {
            let response = visit.get_ok(&url, What::Page).await?;
            let reading = self.read(&response, visit.now())?;
            title = title.or(reading.title);
            drafts.append(reading.drafts);
            whole &= walks || !reading.is_part;
            seen.push(url);
            let next = reading.next.filter(|next| !seen.contains(next));
            let led_on = next.is_some();
            page = next.filter(|next| {
                seen.len() < MAX_PAGES && drafts.list.len() < MAX_POSTS && visit.permit.covers(next)
            });
            whole &= !led_on || page.is_some();
        }
        drafts.list.truncate(MAX_POSTS);
        Ok(Posts {
            whole: whole && drafts.list.len() < MAX_POSTS,
            kept: Vec::new(),
            items: drafts.items(visit.source, thread, title.as_deref()),
        })
    }

    fn links(&self, visit_wants: impl Fn(&Url) -> bool, tree: &Tree, url: &Url) -> Vec<Line> {
        if let Some(declared) = self.declared.threads(tree, url) {
            return declared;
        }
        let listed = jsonld::read(tree, url).links(url);
        if !listed.is_empty() {
            return listed;
        }
        let listed = microformats::read(tree, url).links(url);
        if !listed.is_empty() || !self.allow {
            return listed;
        }
        let every = Pick::parse("a[href]@href")
            .map(|pick| rows::lines(&pick, None, tree.root_element(), url));
        let mut lines = every.unwrap_or_default();
        lines.retain(|line| visit_wants(&line.url) && line.url.path() != url.path());
        lines
    }
}

impl Platform for Pages {
    fn what(&self) -> What {
        What::Page
    }

    /// A board is named by its path and query, the index or only list by nothing.
    fn list_url(&self, list: &str, page: Option<&str>) -> Result<Url, Trouble> {
        super::answers::at(&self.start, page.unwrap_or(list))
    }

    fn read_boards(&self, visit: &Visit<'_>, response: &Response) -> Result<Vec<Thread>, Trouble> {
        let html = self.html(response)?;
        let tree = self.tree(response, &html)?;
        let lines = self.declared.boards(&tree, &base_of(&tree, &response.url));
        let boards = listed(visit, &response.url, lines);
        if boards.is_empty() {
            let why = "no board was found on the page: check the selectors";
            return Err(self.nothing(response, &html, why));
        }
        Ok(boards)
    }

    fn read_list(
        &self,
        visit: &Visit<'_>,
        response: &Response,
        page: Option<&str>,
    ) -> Result<Listing, Trouble> {
        let html = self.html(response)?;
        let tree = self.tree(response, &html)?;
        let url = base_of(&tree, &response.url);
        let mut listing = Listing::default();
        // A start page that holds the posts themselves is a thread of its own.
        let own = if self.declared.lists_threads() {
            None
        } else {
            self.read(response, visit.now()).ok()
        };
        if let Some(reading) = own {
            listing.threads.push(Thread {
                id: token(&response.url),
                url: response.url.clone(),
                title: None,
                print: print(&[&reading.drafts]),
                active: 0,
                pinned: false,
            });
        }
        let lines = self.links(|link| visit.wanted(link), &tree, &url);
        for thread in listed(visit, &response.url, lines) {
            if listing.threads.iter().all(|other| other.id != thread.id) {
                listing.threads.push(thread);
            }
        }
        if self.declared.has_boards() {
            listing.boards = listed(visit, &response.url, self.declared.boards(&tree, &url));
        } else if listing.threads.is_empty() && page.is_none() {
            let why = "neither threads nor posts were found on the page: declare selectors, or check them";
            return Err(self.nothing(response, &html, why));
        }
        listing.next = self
            .declared
            .next_in_list(&tree, &url)
            .filter(|next| visit.permit.covers(next))
            .map(String::from);
        Ok(listing)
    }

    fn max_listings(&self) -> u32 {
        self.declared
            .max_pages
            .unwrap_or(MAX_LISTINGS)
            .min(MAX_LISTINGS)
    }

    async fn read_thread(&self, visit: &mut Visit<'_>, thread: &Thread) -> Result<Posts, Trouble> {
        self.items(visit, &thread.url).await
    }

    /// A post with an address of its own only shows up here: a home page shows the latest, and what it no longer shows
    /// is where it was.
    fn is_only_in(&self, thread: &Thread, item: &Item) -> bool {
        token(&self.declared.first_page(&item.url)) == token(&thread.url)
    }

    /// The page that a kept post stands on: the first of its thread, where it is known how pages are numbered.
    fn thread_of(&self, _key: &str, url: &Url) -> Option<Thread> {
        let page = self.declared.first_page(url);
        Some(Thread::named(&token(&page), &page))
    }
}

fn unreadable(response: &Response, why: &str) -> Trouble {
    Trouble::Unreadable {
        url: Box::new(response.url.clone()),
        why: why.to_owned(),
    }
}

/// The lines of a list that may be read, without the list itself.
fn listed(visit: &Visit<'_>, page: &Url, lines: Vec<Line>) -> Vec<Thread> {
    let own = token(page);
    let wanted = |line: &Line| {
        visit.wanted(&line.url) && visit.permit.covers(&line.url) && token(&line.url) != own
    };
    let lines = lines.into_iter().filter(wanted).take(MAX_LINKS);
    let thread = |line: Line| Thread {
        id: token(&line.url),
        print: print(&[&line.title, &line.counts]),
        url: line.url,
        title: line.title,
        active: 0,
        pinned: false,
    };
    lines.map(thread).collect()
}

/// What stands in `noscript`, as a visitor without scripts sees it.
fn without_scripts(html: Cow<'_, str>) -> Cow<'_, str> {
    static NOSCRIPT: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(r"(?i)</?noscript\b[^>]*>")
            .unwrap_or_else(|error| unreachable!("fixed pattern: {error}"))
    });
    if NOSCRIPT.is_match(&html) {
        Cow::Owned(NOSCRIPT.replace_all(&html, "").into_owned())
    } else {
        html
    }
}

/// What would be taken of one page, for the search for a site's sources. The source's selectors are used.
pub(crate) fn inspect(
    bytes: &[u8],
    url: &Url,
    source: &Source,
    now: Timestamp,
) -> Option<Vec<Item>> {
    let declared = Declared::of(&source.options).ok()?;
    let tree = tree_of(bytes)?;
    let drafts = posts(&declared, &tree, url, &base_of(&tree, url), now);
    let title = declared.title(&tree).or_else(|| title(&tree));
    (drafts.whole() > 0).then(|| drafts.items(source, url, title.as_deref()))
}

/// Whether a home page lists the boards or threads that the source's selectors find.
pub(crate) fn lists_something(bytes: &[u8], url: &Url, source: &Source) -> bool {
    let (Ok(declared), Some(tree)) = (Declared::of(&source.options), tree_of(bytes)) else {
        return false;
    };
    let base = base_of(&tree, url);
    !declared.boards(&tree, &base).is_empty()
        || declared
            .threads(&tree, &base)
            .is_some_and(|threads| !threads.is_empty())
}

fn tree_of(bytes: &[u8]) -> Option<Tree> {
    let html = without_scripts(page::text(bytes, None)?);
    (page::signs(&html, "Discover").depth <= MAX_DEPTH).then(|| Tree::parse_document(&html))
}

/// The posts of a page, by the reading that counts. `base` is what its relative links are resolved against.
fn posts(declared: &Declared, tree: &Tree, page: &Url, base: &Url, now: Timestamp) -> Drafts {
    if declared.reads_threads() {
        return declared.read(tree, page, base, now);
    }
    let by_schema = jsonld::read(tree, base);
    let by_class = microformats::read(tree, base);
    if by_class.whole() > by_schema.whole() {
        by_class
    } else {
        by_schema
    }
}

/// The address that relative links are resolved against (`<base href>`).
fn base_of(tree: &Tree, url: &Url) -> Url {
    let href = Selector::parse("base[href]")
        .ok()
        .and_then(|selector| tree.select(&selector).next()?.attr("href"));
    href.and_then(|href| url.join(href).ok())
        .filter(|base| base.origin() == url.origin())
        .unwrap_or_else(|| url.clone())
}

fn title(tree: &Tree) -> Option<String> {
    let selector = Selector::parse("h1, title").ok()?;
    let mut found: Vec<_> = tree.select(&selector).collect();
    // The page's heading before the window's.
    found.sort_by_key(|element| element.value().name() != "h1");
    found
        .into_iter()
        .map(|element| words(&element.text().collect::<String>()))
        .find(|text| !text.is_empty())
}
