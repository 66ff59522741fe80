//! The CSS selectors an owner declared: `selector@attribute` reads an attribute, a selector alone the text, `@attribute`
//! alone an attribute of the post itself.

use std::collections::{BTreeSet, HashMap, HashSet};

use discover_model::Refusal;
use discover_model::source::{ListSelectors, ThreadSelectors};
use scraper::node::Element;
use scraper::{ElementRef, Html as Tree, Selector};
use url::Url;

use super::draft::{Draft, Drafts};
use super::{Line, when};
use crate::connectors::paging;
use crate::parse::text;

/// Posts read of one page.
const MAX_POSTS: usize = 5000;
/// Links read of one list page, wanted or not.
const MAX_LINES: usize = 5000;
/// Pieces of text read of one link, and of the line it stands in.
const MAX_PIECES: usize = 2000;
/// Characters read of one link.
const MAX_TITLE: usize = 1000;
/// Marks that platforms put on a post that waits for a moderator, seen by everybody.
const HELD: &str =
    ".modpending, .awaiting-moderation, .comment-awaiting-moderation, .awaiting_moderation";

/// One selector of the settings.
#[derive(Debug, Clone)]
pub(crate) struct Pick {
    css: Option<Selector>,
    attribute: Option<String>,
}

impl Pick {
    pub(crate) fn parse(text: &str) -> Result<Self, String> {
        let text = text.trim();
        // An `@` within brackets belongs to the selector.
        let (css, attribute) = match text.rsplit_once('@') {
            Some((css, name))
                if !name.is_empty()
                    && name
                        .bytes()
                        .all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_' | b':')) =>
            {
                (css.trim(), Some(name.to_ascii_lowercase()))
            }
            _ => (text, None),
        };
        let css = match css {
            "" => None,
            css => Some(
                Selector::parse(css)
                    .map_err(|error| format!("the selector {css:?} cannot be used: {error}"))?,
            ),
        };
        if css.is_none() && attribute.is_none() {
            return Err("an empty selector picks nothing".to_owned());
        }
        Ok(Self { css, attribute })
    }

    fn element<'a>(&self, within: ElementRef<'a>) -> Option<ElementRef<'a>> {
        match &self.css {
            None => Some(within),
            Some(css) => within.select(css).next(),
        }
    }

    fn value(&self, element: ElementRef<'_>) -> Option<String> {
        let value = match &self.attribute {
            Some(name) => element.attr(name)?.trim().to_owned(),
            None => super::words(&element.text().collect::<String>()),
        };
        Some(value).filter(|value| !value.is_empty())
    }

    fn first(&self, within: ElementRef<'_>) -> Option<String> {
        self.value(self.element(within)?)
    }

    /// Links in the order of the page, each once.
    pub(super) fn lines(&self, within: ElementRef<'_>, base: &Url) -> Vec<Line> {
        let Some(css) = &self.css else {
            return Vec::new();
        };
        let links = within
            .select(css)
            .take(MAX_LINES * 4)
            .filter_map(|element| {
                let target = self
                    .value(element)
                    .or_else(|| element.attr("href").map(str::to_owned));
                let mut url = base.join(&target?).ok()?;
                url.set_fragment(None);
                matches!(url.scheme(), "http" | "https").then_some((element, url))
            });
        let links: Vec<(ElementRef<'_>, Url)> = links.collect();
        let mut counts = Counts::of(&links);
        let mut lines: Vec<Line> = Vec::new();
        let mut seen = BTreeSet::new();
        for (element, url) in links {
            if lines.len() == MAX_LINES {
                break;
            }
            if !seen.insert(url.clone()) {
                continue;
            }
            let title = element.text().take(MAX_PIECES).flat_map(str::chars);
            let title = super::words(&title.take(MAX_TITLE).collect::<String>());
            lines.push(Line {
                url,
                counts: counts.beside(element),
                title: Some(title).filter(|title| !title.is_empty()),
            });
        }
        lines
    }
}

/// The numbers in the lines of a list, read once for all links of a line.
#[derive(Debug, Default)]
struct Counts {
    read: HashMap<*const Element, String>,
    /// Elements that hold links to several threads.
    shared: HashSet<*const Element>,
}

/// Ancestors of a link that may be its line.
const MAX_ANCESTORS: usize = 8;

impl Counts {
    fn of(links: &[(ElementRef<'_>, Url)]) -> Self {
        let mut homes: HashMap<*const Element, String> = HashMap::new();
        let mut shared = HashSet::new();
        for (link, url) in links {
            // Links to a thread's further pages are the thread's own.
            let thread = paging::unnumbered(url);
            for element in above(*link) {
                let home = homes.entry(std::ptr::from_ref(element.value()));
                if *home.or_insert_with(|| thread.clone()) != thread {
                    shared.insert(std::ptr::from_ref(element.value()));
                }
            }
        }
        Self {
            read: HashMap::new(),
            shared,
        }
    }

    /// What stands in the line of a link: in the largest element around it that holds no other thread's link.
    fn beside(&mut self, link: ElementRef<'_>) -> String {
        const ROWS: [&str; 4] = ["tr", "li", "article", "section"];
        let is_shared =
            |element: &ElementRef<'_>| self.shared.contains(&std::ptr::from_ref(element.value()));
        let named = above(link).find(|element| ROWS.contains(&element.value().name()));
        let row = named
            .filter(|row| !is_shared(row))
            .or_else(|| above(link).take_while(|element| !is_shared(element)).last())
            .or(named);
        row.map_or_else(String::new, |row| {
            let known = self.read.entry(std::ptr::from_ref(row.value()));
            known.or_insert_with(|| counts(row)).clone()
        })
    }
}

/// The elements around a link, up to what surely holds a whole list.
fn above(link: ElementRef<'_>) -> impl Iterator<Item = ElementRef<'_>> {
    const LISTS: [&str; 9] = [
        "table", "tbody", "ul", "ol", "dl", "main", "form", "body", "html",
    ];
    link.ancestors()
        .filter_map(ElementRef::wrap)
        .take(MAX_ANCESTORS)
        .take_while(|element| !LISTS.contains(&element.value().name()))
}

/// The numbers in the line of a list, without those that only tell how long ago something was.
fn counts(row: ElementRef<'_>) -> String {
    let pieces = row.text().take(MAX_PIECES);
    let words: Vec<&str> = pieces.flat_map(str::split_whitespace).take(400).collect();
    let is_unit = |word: &str| {
        const UNITS: [&str; 9] = [
            "second", "minute", "hour", "day", "week", "month", "year", "min", "sec",
        ];
        UNITS.iter().any(|unit| {
            word.strip_prefix(unit)
                .is_some_and(|rest| matches!(rest.trim_end_matches([',', '.', ')']), "" | "s"))
        })
    };
    words
        .iter()
        .enumerate()
        .filter(|(_, word)| {
            word.bytes()
                .all(|b| b.is_ascii_digit() || matches!(b, b',' | b'.'))
        })
        .filter(|(at, _)| {
            !words
                .get(at + 1)
                .is_some_and(|next| is_unit(&next.to_lowercase()))
        })
        .map(|(_, word)| *word)
        .collect::<Vec<_>>()
        .join(" ")
}

/// How a nested post shows its depth: `style:margin-left/4ex`, `@data-depth`, or the number of an element's class.
#[derive(Debug, Clone)]
struct Depth {
    property: Option<String>,
    unit: f64,
    suffix: String,
    pick: Option<Pick>,
}

impl Depth {
    fn parse(text: &str) -> Result<Self, String> {
        let Some(rest) = text.trim().strip_prefix("style:") else {
            return Ok(Self {
                property: None,
                unit: 1.0,
                suffix: String::new(),
                pick: Some(Pick::parse(text)?),
            });
        };
        let (property, step) = rest.split_once('/').unwrap_or((rest, "1"));
        let digits = step
            .find(|c: char| !(c.is_ascii_digit() || c == '.'))
            .unwrap_or(step.len());
        let unit = step[..digits]
            .parse::<f64>()
            .ok()
            .filter(|unit| *unit > 0.0)
            .ok_or_else(|| {
                format!(
                    "the depth {text:?} has no step: write for example \"style:margin-left/4ex\""
                )
            })?;
        Ok(Self {
            property: Some(property.trim().to_ascii_lowercase()),
            unit,
            suffix: step[digits..].to_owned(),
            pick: None,
        })
    }

    fn of(&self, post: ElementRef<'_>) -> u32 {
        let value = match (&self.property, &self.pick) {
            (Some(property), _) => style(post.attr("style").unwrap_or_default(), property)
                .and_then(|value| {
                    value
                        .trim()
                        .strip_suffix(&self.suffix)?
                        .trim()
                        .parse::<f64>()
                        .ok()
                }),
            (None, Some(pick)) => pick.first(post).and_then(|value| value.parse().ok()),
            (None, None) => None,
        };
        let steps = value.unwrap_or(0.0) / self.unit;
        if steps.is_finite() {
            steps.round().clamp(0.0, 10_000.0) as u32
        } else {
            0
        }
    }
}

fn style<'a>(style: &'a str, property: &str) -> Option<&'a str> {
    style.split(';').find_map(|part| {
        let (name, value) = part.split_once(':')?;
        name.trim().eq_ignore_ascii_case(property).then_some(value)
    })
}

/// All selectors of a source, ready for use.
#[derive(Debug, Clone, Default)]
pub(crate) struct Declared {
    pub(super) thread_link: Option<Pick>,
    next: Option<Pick>,
    pub(super) max_pages: Option<u32>,
    posts: Option<Posts>,
}

#[derive(Debug, Clone)]
struct Posts {
    title: Pick,
    post: Selector,
    id: Option<Pick>,
    link: Option<Pick>,
    text: Pick,
    author: Option<Pick>,
    time: Option<(Pick, Option<String>, Option<String>)>,
    parent: Option<Pick>,
    depth: Option<Depth>,
    withheld: Vec<Selector>,
    next: Option<Pick>,
}

impl Declared {
    pub(crate) fn compile(
        list: Option<&ListSelectors>,
        thread: Option<&ThreadSelectors>,
    ) -> Result<Self, String> {
        let optional = |text: &Option<String>| {
            text.as_deref()
                .filter(|text| !text.trim().is_empty())
                .map(Pick::parse)
                .transpose()
        };
        let selector = |text: &str| {
            Selector::parse(text)
                .map_err(|error| format!("the selector {text:?} cannot be used: {error}"))
        };
        let mut declared = Self::default();
        if let Some(list) = list {
            declared.thread_link = Some(Pick::parse(&list.thread)?);
            declared.next = optional(&list.next)?;
            declared.max_pages = list.max_pages;
        }
        let Some(thread) = thread else {
            return Ok(declared);
        };
        let mut withheld = vec![selector(HELD)?];
        for text in &thread.withheld {
            withheld.push(selector(text)?);
        }
        let time = match &thread.time {
            Some(time) => Some((
                Pick::parse(&time.css)?,
                time.format.clone(),
                time.tz.clone(),
            )),
            None => None,
        };
        declared.posts = Some(Posts {
            title: Pick::parse(&thread.title)?,
            post: selector(&thread.post)?,
            id: optional(&thread.id)?,
            link: optional(&thread.link)?,
            text: Pick::parse(&thread.text)?,
            author: optional(&thread.author)?,
            time,
            parent: optional(&thread.parent)?,
            depth: thread.depth.as_deref().map(Depth::parse).transpose()?,
            withheld,
            next: optional(&thread.next)?,
        });
        Ok(declared)
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

    /// Whether the owner declared how posts are read.
    pub(super) fn reads_threads(&self) -> bool {
        self.posts.is_some()
    }

    /// Whether the owner declared how the next page of a thread is found.
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
    pub(super) fn read(&self, tree: &Tree, page: &Url, base: &Url) -> Drafts {
        let Some(posts) = &self.posts else {
            return Drafts::default();
        };
        let list = tree
            .select(&posts.post)
            .take(MAX_POSTS)
            .map(|post| posts.draft(post, page, base))
            .collect();
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
    base.join(&value).ok()
}

fn by_rel(tree: &Tree, base: &Url) -> Option<Url> {
    target(
        &Pick::parse("a[rel~=next], link[rel~=next]").ok()?,
        tree,
        base,
    )
}

impl Posts {
    fn draft(&self, post: ElementRef<'_>, page: &Url, base: &Url) -> Draft {
        let pick = |pick: &Option<Pick>| pick.as_ref().and_then(|pick| pick.first(post));
        let withheld = self
            .withheld
            .iter()
            .position(|selector| post.select(selector).next().is_some() || selector.matches(&post));
        let id = pick(&self.id);
        let element_id = post.attr("id").filter(|id| !id.is_empty());
        // A fragment alone is a place on this page, whatever the page's base is.
        let link = pick(&self.link).and_then(|link| {
            if link.starts_with('#') { page } else { base }
                .join(&link)
                .ok()
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
            parent: pick(&self.parent),
            depth: self.depth.as_ref().map(|depth| depth.of(post)),
            ..Draft::default()
        };
        if let Some(which) = withheld {
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
        if let Some(element) = self.text.element(post) {
            draft.stub = false;
            let body = match &self.text.attribute {
                Some(_) => {
                    super::jsonld::plain(&self.text.value(element).unwrap_or_default(), base)
                }
                None => {
                    let text = text::html_to_text(&element.inner_html(), base);
                    (text.text, text.links)
                }
            };
            (draft.text, draft.links) = body;
        }
        draft.author = pick(&self.author);
        draft.published = self.time.as_ref().and_then(|(pick, format, tz)| {
            let element = pick.element(post)?;
            let written = pick.value(element);
            let machine = element
                .attr("datetime")
                .filter(|_| pick.attribute.is_none() && format.is_none());
            let text = machine.map(str::to_owned).or(written)?;
            when::read(&text, format.as_deref(), tz.as_deref())
        });
        draft
    }
}
