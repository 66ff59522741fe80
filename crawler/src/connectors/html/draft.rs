//! What a page says of its posts, before it is known which of them answers which.

use std::collections::BTreeSet;

use discover_model::{Item, ItemState, Refusal, Source};
use jiff::Timestamp;
use url::Url;

use super::{Line, token};
use crate::connectors::{blank, withheld};

/// One post as a page shows it.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Draft {
    /// What names the post on its site: an address, or the platform's own id.
    pub(super) id: Option<String>,
    /// The post's own address.
    pub(super) url: Option<Url>,
    /// Other names by which a reply may mean it (its element's id, for one).
    pub(super) names: Vec<String>,
    pub(super) parent: Option<String>,
    /// Place in [`Drafts::list`] of the post this one stands within.
    pub(super) within: Option<usize>,
    /// How far it is set in, where that is how the page shows what answers what.
    pub(super) depth: Option<u32>,
    pub(super) title: Option<String>,
    pub(super) text: String,
    pub(super) links: Vec<Url>,
    pub(super) author: Option<String>,
    pub(super) published: Option<Timestamp>,
    pub(super) updated: Option<Timestamp>,
    pub(super) language: Option<String>,
    pub(super) refusal: Option<Refusal>,
    /// It only points to a page that holds the post.
    pub(super) stub: bool,
}

/// The posts of a page in the order of the page.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Drafts {
    pub(super) list: Vec<Draft>,
    /// All posts of the page belong to one conversation, whose root is the first.
    pub(super) one_thread: bool,
}

impl Drafts {
    /// Posts that are there, stubs left out.
    pub(super) fn whole(&self) -> usize {
        self.list.iter().filter(|draft| !draft.stub).count()
    }

    /// The next page of the same thread.
    pub(super) fn append(&mut self, other: Self) {
        let offset = self.list.len();
        self.one_thread |= other.one_thread;
        self.list.extend(other.list.into_iter().map(|mut draft| {
            draft.within = draft.within.map(|at| at + offset);
            draft
        }));
    }

    /// The pages that stubs point to.
    pub(super) fn links(&self, page: &Url) -> Vec<Line> {
        let stubs = self.list.iter().filter(|draft| draft.stub);
        stubs
            .filter_map(|draft| {
                let url = draft.url.clone().filter(|url| token(url) != token(page))?;
                Some(Line {
                    counts: format!("{:?} {:?}", draft.updated, draft.text.len()),
                    title: draft.title.clone(),
                    url,
                })
            })
            .collect()
    }

    /// The drafts as items, with what answers what. `thread` is the page's address.
    pub(super) fn items(&self, source: &Source, thread: &Url, title: Option<&str>) -> Vec<Item> {
        let keys: Vec<String> = self
            .list
            .iter()
            .enumerate()
            .map(|(at, draft)| key(draft, at, thread))
            .collect();
        let parents: Vec<Option<usize>> = (0..self.list.len()).map(|at| self.parent(at)).collect();
        let mut seen = BTreeSet::new();
        let mut items = Vec::with_capacity(self.list.len());
        for (at, draft) in self.list.iter().enumerate() {
            if draft.stub || !seen.insert(keys[at].clone()) {
                continue;
            }
            let url = draft.url.clone().unwrap_or_else(|| thread.clone());
            let key = keys[at].clone();
            let foreign = url.origin() != thread.origin();
            let refusal = draft.refusal.or_else(|| {
                foreign.then_some(if draft.within.is_some() {
                    Refusal::StrangerReply
                } else {
                    Refusal::Syndicated
                })
            });
            if let Some(refusal) = refusal {
                items.push(withheld(source, key, url, refusal));
                continue;
            }
            let root = self.root(at, &parents);
            let is_root = root == at;
            let mut item = blank(source, key, url);
            item.root = Some(keys[root].clone()).filter(|_| !is_root);
            item.parent = match parents[at] {
                Some(parent) => Some(keys[parent].clone()),
                // What it answers stands on another page.
                None if is_root => draft.parent.as_deref().and_then(elsewhere),
                None => None,
            };
            item.title = draft
                .title
                .clone()
                .or_else(|| title.map(str::to_owned).filter(|_| at == 0))
                .filter(|_| is_root);
            item.text.clone_from(&draft.text);
            item.links.clone_from(&draft.links);
            item.author.clone_from(&draft.author);
            item.published = draft.published;
            item.updated = draft.updated.filter(|at| Some(*at) != draft.published);
            item.language = draft.language.clone().or(item.language);
            item.state = ItemState::Live;
            items.push(item);
        }
        items
    }

    /// The post that another answers, on this page.
    fn parent(&self, at: usize) -> Option<usize> {
        let draft = &self.list[at];
        if let Some(wanted) = draft.parent.as_deref() {
            let wanted = short(wanted);
            let named = |exact: bool| {
                self.list.iter().enumerate().find_map(|(other, draft)| {
                    let names = draft.id.iter().chain(&draft.names).map(String::as_str);
                    let own = draft.url.as_ref().map(Url::as_str);
                    names
                        .chain(own)
                        .any(|name| same(short(name), wanted, exact))
                        .then_some(other)
                })
            };
            if let Some(found) = named(true).or_else(|| named(false)) {
                return Some(found).filter(|found| *found != at);
            }
        }
        if let Some(within) = draft.within {
            return Some(within);
        }
        let depth = draft.depth?;
        let before = self.list[..at].iter().enumerate().rev();
        before
            .filter(|(_, other)| other.depth.is_some_and(|other| other < depth))
            .map(|(other, _)| other)
            .next()
    }

    fn root(&self, at: usize, parents: &[Option<usize>]) -> usize {
        if self.one_thread {
            return 0;
        }
        let mut root = at;
        // Longer chains than there are posts go in a circle.
        for _ in 0..self.list.len() {
            match parents[root] {
                Some(parent) => root = parent,
                None => return root,
            }
        }
        at
    }
}

/// What tells a post within its site: the last step of an address, or what follows its `#`; an id as it is.
fn short(name: &str) -> &str {
    let name = name.trim();
    if let Some((_, fragment)) = name.rsplit_once('#')
        && !fragment.is_empty()
    {
        return fragment;
    }
    if !name.contains('/') {
        return name;
    }
    let path = name.split(['?', '#']).next().unwrap_or(name);
    let last = path
        .trim_end_matches('/')
        .rsplit('/')
        .next()
        .unwrap_or(path);
    if last.is_empty() { name } else { last }
}

/// Whether two names mean one post. Sites shorten long hashes: then the beginning counts.
fn same(name: &str, wanted: &str, exact: bool) -> bool {
    const HASH: usize = 7;
    if exact {
        return name == wanted;
    }
    let hash = |text: &str| text.len() >= HASH && text.bytes().all(|b| b.is_ascii_hexdigit());
    hash(name) && hash(wanted) && (name.starts_with(wanted) || wanted.starts_with(name))
}

/// A parent that is not on the page, as the key it has where it is read.
fn elsewhere(parent: &str) -> Option<String> {
    let url = Url::parse(parent).ok()?;
    Some(address_key(&url))
}

/// The key of a post that is named by its address.
fn address_key(url: &Url) -> String {
    url[url::Position::BeforePath..].to_owned()
}

/// A post's key. Ids that owners point at with a selector are unique in their site; a place on the page is the last
/// resort.
fn key(draft: &Draft, at: usize, thread: &Url) -> String {
    let id = draft
        .id
        .as_deref()
        .map(str::trim)
        .filter(|id| !id.is_empty());
    if let Some(id) = id {
        let is_address = id.starts_with(['/', '?', '#']) || id.contains("://");
        return match thread.join(id) {
            Ok(url) if is_address && url.origin() == thread.origin() => address_key(&url),
            _ => id.to_owned(),
        };
    }
    if let Some(url) = &draft.url
        && (token(url) != token(thread) || url.fragment().is_some())
    {
        return address_key(url);
    }
    match draft.names.first() {
        Some(name) => format!("{}#{name}", token(thread)),
        None if at == 0 => token(thread),
        None => format!("{}#{}", token(thread), at + 1),
    }
}
