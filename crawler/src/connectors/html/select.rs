//! The CSS selectors that an owner declared, or that come with a preset, ready for use.

use discover_model::Refusal;
use discover_model::source::{ListSelectors, SourceOptions, ThreadSelectors};
use jiff::Timestamp;
use scraper::{ElementRef, Html as Tree, Selector};
use url::Url;

use super::addresses::{Paging, without_session};
use super::depth::Depth;
use super::draft::{Draft, Drafts};
use super::jsonld;
use super::pick::{Pick, selector};
use super::presets;
use super::rows::{Activity, Line, lines};
use super::when;
use crate::parse::text;

/// Posts read of one page.
const MAX_POSTS: usize = 5000;
/// Elements taken out of one text.
const MAX_TAKEN_OUT: usize = 50;
/// Titles looked at for a time.
const MAX_TITLES: usize = 5;
/// Marks that platforms put on a post that waits for a moderator, seen by everybody.
const HELD: &str =
    ".modpending, .awaiting-moderation, .comment-awaiting-moderation, .awaiting_moderation";

/// All selectors of a source, ready for use.
#[derive(Debug, Clone, Default)]
pub(crate) struct Declared {
    /// Where the list, or the index of boards, is; relative to the source's address.
    pub(super) start: Option<String>,
    boards: Option<Pick>,
    thread_link: Option<Pick>,
    activity: Option<Pick>,
    next: Option<Pick>,
    pub(super) max_pages: Option<u32>,
    posts: Option<Posts>,
    paging: Paging,
}

#[derive(Debug, Clone)]
struct Posts {
    title: Pick,
    post: Selector,
    id: Option<Pick>,
    link: Option<Pick>,
    text: Pick,
    without: Option<Selector>,
    author: Option<Pick>,
    time: Option<Time>,
    parent: Option<Pick>,
    depth: Option<Depth>,
    withheld: Vec<Selector>,
    next: Option<Pick>,
}

#[derive(Debug, Clone)]
struct Time {
    pick: Pick,
    format: Option<String>,
    tz: Option<String>,
}

fn optional(text: Option<&String>) -> Result<Option<Pick>, String> {
    text.filter(|text| !text.trim().is_empty())
        .map(|text| Pick::parse(text))
        .transpose()
}

impl Declared {
    /// The selectors of a source: its own, else those of its preset.
    pub(crate) fn of(options: &SourceOptions) -> Result<Self, String> {
        let preset = match options.preset.as_deref() {
            Some(name) => {
                Some(presets::named(name).ok_or_else(|| format!("there is no preset {name:?}"))?)
            }
            None => None,
        };
        let list = options.list.as_ref();
        let thread = options.thread.as_ref();
        let zone = options.time_zone.as_deref();
        let Some(preset) = preset else {
            return Self::compile(list, thread, zone);
        };
        let list = list.unwrap_or(&preset.list);
        let thread = thread.unwrap_or(&preset.thread);
        Ok(Self {
            paging: Paging::compile(&preset.drop, &preset.rewrite)?,
            ..Self::compile(Some(list), Some(thread), zone)?
        })
    }

    fn compile(
        list: Option<&ListSelectors>,
        thread: Option<&ThreadSelectors>,
        zone: Option<&str>,
    ) -> Result<Self, String> {
        let mut declared = Self::default();
        if let Some(list) = list {
            declared.start = Some(list.start.clone());
            declared.boards = optional(list.boards.as_ref())?;
            declared.thread_link = Some(Pick::parse(&list.thread)?);
            declared.activity = optional(list.activity.as_ref())?;
            declared.next = optional(list.next.as_ref())?;
            declared.max_pages = list.max_pages;
        }
        if let Some(thread) = thread {
            declared.posts = Some(Posts::compile(thread, zone)?);
        }
        Ok(declared)
    }

    /// Whether the start page is an index of boards, each of which lists threads.
    pub(super) fn has_boards(&self) -> bool {
        self.boards.is_some()
    }

    /// The boards that a page names.
    pub(super) fn boards(&self, tree: &Tree, base: &Url) -> Vec<Line> {
        self.boards
            .as_ref()
            .map(|pick| self.lines(pick, tree, base, true))
            .unwrap_or_default()
    }

    /// Whether it is declared how threads are listed.
    pub(super) fn lists_threads(&self) -> bool {
        self.thread_link.is_some()
    }

    /// The threads that a page lists, where it is declared how.
    pub(super) fn threads(&self, tree: &Tree, base: &Url) -> Option<Vec<Line>> {
        let pick = self.thread_link.as_ref()?;
        Some(self.lines(pick, tree, base, false))
    }

    fn lines(&self, pick: &Pick, tree: &Tree, base: &Url, shared: bool) -> Vec<Line> {
        let activity = self.activity.as_ref();
        let activity = activity.map(|pick| Activity { pick, shared });
        let mut lines = lines(pick, activity.as_ref(), tree.root_element(), base);
        for line in &mut lines {
            line.url = self.first_page(&line.url);
        }
        lines
    }

    /// The first page of the thread or board that `url` is a page of.
    pub(super) fn first_page(&self, url: &Url) -> Url {
        self.paging.first(url)
    }

    pub(super) fn title(&self, tree: &Tree) -> Option<String> {
        self.posts.as_ref()?.title.first(tree.root_element())
    }

    pub(super) fn next_in_list(&self, tree: &Tree, base: &Url) -> Option<Url> {
        match &self.next {
            Some(pick) => target(pick, tree, base),
            None => by_rel(tree, base),
        }
    }

    /// Whether it is declared how posts are read.
    pub(super) fn reads_threads(&self) -> bool {
        self.posts.is_some()
    }

    /// Whether it is declared how the next page of a thread is found.
    pub(super) fn walks_threads(&self) -> bool {
        self.posts
            .as_ref()
            .is_some_and(|posts| posts.next.is_some())
    }

    /// Only where it is declared: `rel=next` on a thread's page may lead to the next thread.
    pub(super) fn next_in_thread(&self, tree: &Tree, base: &Url) -> Option<Url> {
        target(self.posts.as_ref()?.next.as_ref()?, tree, base)
    }

    /// `base` is what the page's relative links are resolved against.
    pub(super) fn read(&self, tree: &Tree, page: &Url, base: &Url, now: Timestamp) -> Drafts {
        let Some(posts) = &self.posts else {
            return Drafts::default();
        };
        let page = &without_session(page.clone());
        let mut known = std::collections::HashMap::new();
        let mut list = Vec::new();
        for post in tree.select(&posts.post).take(MAX_POSTS) {
            let mut draft = posts.draft(post, page, base, now);
            // Comments that stand within the one they answer.
            let mut around = post.ancestors();
            draft.within = around.find_map(|node| known.get(&node.id()).copied());
            known.insert(post.id(), list.len());
            list.push(draft);
        }
        Drafts {
            list,
            one_thread: true,
        }
    }
}

fn target(pick: &Pick, tree: &Tree, base: &Url) -> Option<Url> {
    let element = pick.element(tree.root_element())?;
    let value = match pick.attribute {
        Some(_) => pick.value(element)?,
        None => element.attr("href")?.to_owned(),
    };
    base.join(&value).ok().map(without_session)
}

fn by_rel(tree: &Tree, base: &Url) -> Option<Url> {
    target(
        &Pick::parse("a[rel~=next], link[rel~=next]").ok()?,
        tree,
        base,
    )
}

impl Posts {
    fn compile(thread: &ThreadSelectors, zone: Option<&str>) -> Result<Self, String> {
        let mut withheld = vec![selector(HELD)?];
        for text in &thread.withheld {
            withheld.push(selector(text)?);
        }
        let without = match thread.without.as_slice() {
            [] => None,
            list => Some(selector(&list.join(", "))?),
        };
        let time = match &thread.time {
            Some(time) => Some(Time {
                pick: Pick::parse(&time.css)?,
                format: time.format.clone(),
                tz: zone.map(str::to_owned).or_else(|| time.tz.clone()),
            }),
            None => None,
        };
        Ok(Self {
            title: Pick::parse(&thread.title)?,
            post: selector(&thread.post)?,
            id: optional(thread.id.as_ref())?,
            link: optional(thread.link.as_ref())?,
            text: Pick::parse(&thread.text)?,
            without,
            author: optional(thread.author.as_ref())?,
            time,
            parent: optional(thread.parent.as_ref())?,
            depth: thread.depth.as_deref().map(Depth::parse).transpose()?,
            withheld,
            next: optional(thread.next.as_ref())?,
        })
    }

    fn draft(&self, post: ElementRef<'_>, page: &Url, base: &Url, now: Timestamp) -> Draft {
        let own = |pick: &Option<Pick>| pick.as_ref()?.first_own(post, &self.post);
        let id = own(&self.id);
        let element_id = post.attr("id").filter(|id| !id.is_empty());
        // A fragment alone is a place on this page, whatever the page's base is.
        let link = own(&self.link).and_then(|link| {
            let base = if link.starts_with('#') { page } else { base };
            base.join(&link).ok().map(without_session)
        });
        let url = link.or_else(|| {
            let mut url = page.clone();
            url.set_fragment(Some(element_id?));
            Some(url)
        });
        let names = element_id
            .map(str::to_owned)
            .into_iter()
            .chain(url.as_ref().map(ToString::to_string));
        let mut draft = Draft {
            names: names.collect(),
            id,
            url,
            parent: own(&self.parent),
            depth: self.depth.as_ref().map(|depth| depth.of(post)),
            ..Draft::default()
        };
        if let Some(which) = self.withheld_by(post) {
            let is_login = which > 0;
            draft.refusal = Some(if is_login {
                Refusal::NotPublic
            } else {
                Refusal::Held
            });
            return draft;
        }
        // A match without a text keeps its place in the tree (a post that was deleted), and is none.
        draft.stub = true;
        if let Some(element) = self.text.own(post, &self.post) {
            draft.stub = false;
            (draft.text, draft.links) = match &self.text.attribute {
                Some(_) => jsonld::plain(&self.text.value(element).unwrap_or_default(), base),
                None => {
                    let text = text::html_to_text(&self.markup(element), base);
                    (text.text, text.links)
                }
            };
        }
        draft.author = own(&self.author);
        draft.published = self.time.as_ref().and_then(|time| {
            let element = time.pick.own(post, &self.post)?;
            time.read(element, now)
        });
        draft
    }

    /// The place of the selector by which the post itself, not one within it, must not be kept.
    fn withheld_by(&self, post: ElementRef<'_>) -> Option<usize> {
        self.withheld.iter().position(|css| {
            let mark = Pick::of(css.clone());
            css.matches(&post) || mark.own(post, &self.post).is_some()
        })
    }

    /// What an element holds, without what is no part of the text.
    fn markup(&self, element: ElementRef<'_>) -> String {
        let mut html = element.inner_html();
        if let Some(css) = &self.without {
            for part in element.select(css).take(MAX_TAKEN_OUT) {
                html = html.replacen(&part.html(), "", 1);
            }
        }
        html
    }
}

impl Time {
    /// The time that an element tells: to machines, in its text, or where its text only says how long ago it was, in its
    /// title.
    fn read(&self, element: ElementRef<'_>, now: Timestamp) -> Option<Timestamp> {
        let machine = element
            .attr("datetime")
            .filter(|_| self.pick.attribute.is_none() && self.format.is_none())
            .map(str::to_owned);
        let read = |text: &str| when::read(text, self.format.as_deref(), self.tz.as_deref(), now);
        let told = machine.or_else(|| self.pick.value(element));
        told.and_then(|text| read(&text)).or_else(|| {
            let within =
                std::iter::once(element).chain(element.descendants().filter_map(ElementRef::wrap));
            let mut titles = within.filter_map(|element| element.attr("title"));
            titles.by_ref().take(MAX_TITLES).find_map(read)
        })
    }
}
