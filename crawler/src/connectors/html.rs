//! Web pages: forums and blogs that offer nothing better than their pages.
//!
//! Public means: an anonymous visitor gets the page (no login, no password form in place of the posts), its address is
//! matched by the owner's `allow` and not by `deny`, and neither page nor header says noindex. Refused: pages that show
//! a login in place of posts; posts that match a `withheld` selector or carry a platform's own mark of a post that
//! waits for a moderator; schema.org postings that are not free to read; microformats comments by people of other
//! sites, and entries syndicated from there. A page on which no post can be found is an error, never a deletion.
//!
//! Three readings: the CSS selectors the owner declared for threads ([`select`]), and nothing but these where there are
//! any, so that what they withhold comes in by no other door; else schema.org JSON-LD ([`jsonld`]) or microformats
//! ([`microformats`]), whichever finds more posts; of equals, the first.
//!
//! Way of working: the list of threads is walked as any forum's. Its lines are what `list.thread` matches, else what
//! the page's own markup lists, else links that `allow` matches. A page that holds whole posts is a thread itself.

pub(super) mod draft;
mod jsonld;
pub(super) use jsonld::plain;
mod microformats;
pub(crate) mod select;
#[cfg(test)]
mod tests;
mod when;

use discover_model::{Item, Refusal, Source};
use scraper::{Html as Tree, Selector};
use url::Url;

use super::forum::{Listing, Platform, Posts, Thread, print};
use super::{MAX_LISTINGS, forum, paging};
use crate::fetch::{Response, What, headers};
use crate::frontier::Pace;
use crate::page;
use crate::visit::{Trouble, Visit};
use draft::Drafts;
use select::{Declared, Pick};

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
    forum::visit(visit, &pages, &[String::new()]).await
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
        let declared = Declared::compile(options.list.as_ref(), options.thread.as_ref())
            .map_err(Trouble::Setting)?;
        let start = match &options.list {
            Some(list) => super::at(address, &list.start)?,
            None => address.clone(),
        };
        Ok(Self {
            start,
            declared,
            agent: visit.fetcher.agent().to_owned(),
            allow: options.allow.iter().any(|pattern| pattern.starts_with('/')),
        })
    }

    /// The page's tree.
    fn tree(&self, response: &Response) -> Result<Tree, Trouble> {
        let unreadable = |why: &str| Trouble::Unreadable {
            url: Box::new(response.url.clone()),
            why: why.to_owned(),
        };
        let html = page::text(&response.body, response.content_type())
            .ok_or_else(|| unreadable("the answer is empty"))?;
        if page::signs(&html, &self.agent).depth > MAX_DEPTH {
            return Err(unreadable("the page is nested too deeply"));
        }
        Ok(Tree::parse_document(&html))
    }

    /// What a thread's page holds. A list may ask not to be indexed itself; a page that is kept may not.
    fn read(&self, response: &Response) -> Result<Reading, Trouble> {
        let tree = self.tree(response)?;
        let html = page::text(&response.body, response.content_type()).unwrap_or_default();
        let signs = page::signs(&html, &self.agent);
        if signs.noindex || headers::noindex(&response.headers, &self.agent) {
            return Err(Trouble::Refused {
                refusal: Refusal::Noindex,
                what: "the page asks not to be indexed".to_owned(),
            });
        }
        let url = base_of(&tree, &response.url);
        let drafts = posts(&self.declared, &tree, &response.url, &url);
        if drafts.whole() == 0 {
            // A login in place of the posts is a no; a page without posts says nothing.
            if signs.password_form {
                return Err(Trouble::Refused {
                    refusal: Refusal::LoginWall,
                    what: "a login form stands in place of the posts".to_owned(),
                });
            }
            return Err(Trouble::Unreadable {
                url: Box::new(response.url.clone()),
                why: "no post was found on the page: check the selectors".to_owned(),
            });
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
            let reading = self.read(&response)?;
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
        if let Some(pick) = &self.declared.thread_link {
            return pick.lines(tree.root_element(), url);
        }
        let listed = jsonld::read(tree, url).links(url);
        if !listed.is_empty() {
            return listed;
        }
        let listed = microformats::read(tree, url).links(url);
        if !listed.is_empty() || !self.allow {
            return listed;
        }
        let every = Pick::parse("a[href]@href").map(|pick| pick.lines(tree.root_element(), url));
        let mut lines = every.unwrap_or_default();
        lines.retain(|line| visit_wants(&line.url) && line.url.path() != url.path());
        lines
    }
}

/// A thread as a list names it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Line {
    pub(super) url: Url,
    pub(super) title: Option<String>,
    /// What stands beside the link, as far as it changes with the thread and not with the clock.
    pub(super) counts: String,
}

impl Platform for Pages {
    fn what(&self) -> What {
        What::Page
    }

    fn list_url(&self, _list: &str, page: Option<&str>) -> Result<Url, Trouble> {
        match page {
            None => Ok(self.start.clone()),
            Some(page) => super::at(&self.start, page),
        }
    }

    fn read_list(
        &self,
        visit: &Visit<'_>,
        response: &Response,
        page: Option<&str>,
    ) -> Result<Listing, Trouble> {
        let tree = self.tree(response)?;
        let url = base_of(&tree, &response.url);
        let mut listing = Listing::default();
        // A start page that holds the posts themselves is a thread of its own.
        let own = if self.declared.thread_link.is_none() {
            self.read(response).ok()
        } else {
            None
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
        let mut lines = self.links(|link| visit.wanted(link), &tree, &url);
        lines.retain(|line| visit.wanted(&line.url) && visit.permit.covers(&line.url));
        for line in lines.into_iter().take(MAX_LINKS) {
            let id = token(&line.url);
            if listing.threads.iter().any(|thread| thread.id == id) {
                continue;
            }
            listing.threads.push(Thread {
                print: print(&[&line.title, &line.counts]),
                id,
                url: line.url,
                title: line.title,
                active: 0,
                pinned: false,
            });
        }
        if listing.threads.is_empty() && page.is_none() {
            return Err(Trouble::Unreadable {
                url: Box::new(response.url.clone()),
                why: "neither threads nor posts were found on the page: declare selectors, or check them".to_owned(),
            });
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
        token(&item.url) == token(&thread.url)
    }

    /// The page that a kept post stands on.
    fn thread_of(&self, _key: &str, url: &Url) -> Option<Thread> {
        let mut page = url.clone();
        page.set_fragment(None);
        Some(Thread::named(&token(&page), &page))
    }
}

/// What would be taken of one page, for `discover inspect` and the preview. The source's selectors are used.
pub(crate) fn inspect(bytes: &[u8], url: &Url, source: &Source) -> Option<Vec<Item>> {
    let options = &source.options;
    let declared = Declared::compile(options.list.as_ref(), options.thread.as_ref()).ok()?;
    let html = page::text(bytes, None)?;
    if page::signs(&html, "Discover").depth > MAX_DEPTH {
        return None;
    }
    let tree = Tree::parse_document(&html);
    let drafts = posts(&declared, &tree, url, &base_of(&tree, url));
    let title = declared.title(&tree).or_else(|| title(&tree));
    (drafts.whole() > 0).then(|| drafts.items(source, url, title.as_deref()))
}

/// The posts of a page, by the reading that counts. `base` is what its relative links are resolved against.
fn posts(declared: &Declared, tree: &Tree, page: &Url, base: &Url) -> Drafts {
    if declared.reads_threads() {
        return declared.read(tree, page, base);
    }
    let by_schema = jsonld::read(tree, base);
    let by_class = microformats::read(tree, base);
    if by_class.whole() > by_schema.whole() {
        by_class
    } else {
        by_schema
    }
}

/// Path and query: what tells the pages of one site apart, whatever name the site is reached by.
pub(super) fn token(url: &Url) -> String {
    url[url::Position::BeforePath..url::Position::AfterQuery].to_owned()
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

/// White space made single.
pub(super) fn words(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}
