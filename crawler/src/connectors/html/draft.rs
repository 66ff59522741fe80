//! What a page says of its posts, before it is known which of them answers which.

use discover_model::item::Thread as ItemThread;
use std::collections::{BTreeMap, BTreeSet};

use discover_model::{Item, ItemState, Refusal, Source};
use jiff::Timestamp;
use url::Url;

use super::addresses::token;
use super::rows::Line;
use crate::connectors::items::{blank, title_without, withheld, without_names};

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
        let parents = self.parents();
        let roots = self.roots(&parents);
        // Posts that answer one are a thread; those of a home page are not.
        let together = roots.iter().all(|root| *root == 0) && !roots.is_empty();
        let about = together.then(|| {
            let first = &self.list[0];
            ItemThread {
                key: token(thread),
                title: title_without(first.title.as_deref().or(title), first.author.as_deref()),
                url: thread.clone(),
                closed: None,
            }
        });
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
            let root = roots[at];
            let is_root = root == at;
            let mut item = blank(source, key, url);
            item.thread.clone_from(&about);
            item.root = Some(keys[root].clone()).filter(|_| !is_root);
            item.parent = match parents[at] {
                Some(parent) => Some(keys[parent].clone()),
                // What it answers stands on another page.
                None if is_root => draft.parent.as_deref().and_then(elsewhere),
                None => None,
            };
            let title = draft.title.as_deref().or(title.filter(|_| at == 0));
            item.title = title_without(title.filter(|_| is_root), draft.author.as_deref());
            item.text = without_names(&draft.text, draft.author.as_deref());
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

    /// The post that each answers, on this page.
    fn parents(&self) -> Vec<Option<usize>> {
        let names = Names::of(&self.list);
        // Posts so far that may be the nearest one set in less, the deepest last.
        let mut line: Vec<(u32, usize)> = Vec::new();
        let mut parents = Vec::with_capacity(self.list.len());
        for (at, draft) in self.list.iter().enumerate() {
            let mut above = None;
            if let Some(depth) = draft.depth {
                while line.pop_if(|(other, _)| *other >= depth).is_some() {}
                above = line.last().map(|(_, other)| *other);
                line.push((depth, at));
            }
            let named = draft
                .parent
                .as_deref()
                .and_then(|wanted| names.find(short(wanted)));
            parents.push(match named {
                Some(found) => Some(found).filter(|found| *found != at),
                None => draft.within.or(above),
            });
        }
        parents
    }

    /// The first post of the conversation that each belongs to.
    fn roots(&self, parents: &[Option<usize>]) -> Vec<usize> {
        if self.one_thread {
            return vec![0; self.list.len()];
        }
        let mut roots = vec![Root::Unknown; self.list.len()];
        for at in 0..roots.len() {
            let (mut way, mut step) = (Vec::new(), at);
            let root = loop {
                match (roots[step], parents[step]) {
                    (Root::Unknown, None) => {
                        way.push(step);
                        break Root::Known(step);
                    }
                    (Root::Unknown, Some(parent)) => {
                        roots[step] = Root::OnTheWay;
                        way.push(step);
                        step = parent;
                    }
                    (Root::OnTheWay, _) => break Root::Circle,
                    (known, _) => break known,
                }
            };
            for step in way {
                roots[step] = root;
            }
        }
        let root = |(at, root): (usize, &Root)| match root {
            Root::Known(root) => *root,
            _ => at,
        };
        roots.iter().enumerate().map(root).collect()
    }
}

/// What is known of a post's root while roots are looked for.
#[derive(Clone, Copy, PartialEq)]
enum Root {
    Unknown,
    OnTheWay,
    /// Its line of parents goes in a circle.
    Circle,
    Known(usize),
}

/// The names of a page's posts, and the first post that has each.
struct Names<'d>(BTreeMap<&'d str, usize>);

impl<'d> Names<'d> {
    fn of(drafts: &'d [Draft]) -> Self {
        let mut names = BTreeMap::new();
        for (at, draft) in drafts.iter().enumerate() {
            let own = draft.url.as_ref().map(Url::as_str);
            for name in draft
                .id
                .iter()
                .chain(&draft.names)
                .map(String::as_str)
                .chain(own)
            {
                names.entry(short(name)).or_insert(at);
            }
        }
        Self(names)
    }

    /// The post that `wanted` means. Sites shorten long hashes: then the beginning counts.
    fn find(&self, wanted: &str) -> Option<usize> {
        const HASH: std::ops::RangeInclusive<usize> = 7..=128;
        /// Posts whose hashes begin alike, of which the first is taken.
        const ALIKE: usize = 64;
        if let Some(at) = self.0.get(wanted) {
            return Some(*at);
        }
        // Quotes name their source by kind and number: `post: 12` for what is called `post-12`.
        if let Some((kind, number)) = wanted.split_once(": ") {
            return self.0.get(format!("{kind}-{number}").as_str()).copied();
        }
        let is_hash =
            |text: &str| HASH.contains(&text.len()) && text.bytes().all(|b| b.is_ascii_hexdigit());
        if !is_hash(wanted) {
            return None;
        }
        let shorter = (*HASH.start()..wanted.len()).filter_map(|end| self.0.get(&wanted[..end]));
        let longer = self.0.range(wanted..).take(ALIKE);
        let longer = longer.take_while(|(name, _)| name.starts_with(wanted));
        let longer = longer.filter(|(name, _)| is_hash(name)).map(|(_, at)| at);
        shorter.chain(longer).min().copied()
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
