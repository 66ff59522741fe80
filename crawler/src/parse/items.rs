//! From a parsed feed to items: keys, addresses, plain text, reply edges.

use std::collections::BTreeMap;

use data_encoding::HEXLOWER;
use discover_model::canonical::{canonical, canonical_str};
use discover_model::source::Source;
use discover_model::time::is_plausible;
use discover_model::{Item, ItemState, Mark, Refusal, VoiceKey};
use jiff::Timestamp;
use sha2::{Digest, Sha256};
use url::Url;

use super::html::web_address;
use super::text::quotes::without_own_name;
use super::text::{self, PlainText, html_to_text, looks_like_html};
use super::types::{Parsed, ParsedEntry, TextKind};

/// Longest chain of replies followed inside one feed.
const MAX_CHAIN: usize = 256;

/// Guids that several items share: mark of the guid, and of the place of the item that has it for a key.
pub type Repeated = BTreeMap<Mark, Mark>;
/// Guids remembered as shared.
const MAX_REPEATED: usize = 2000;

/// Turns entries into items, in the order of the feed. Revisions of one entry in one feed are one item, the latest.
pub fn items(parsed: &Parsed, source: &Source) -> Vec<Item> {
    // Nothing of it is kept.
    let mark = |guid: &str| VoiceKey::new([0; 32]).mark("guid", guid);
    items_with(parsed, source, &mut Repeated::new(), mark)
}

/// The same with what is known of the feed's guids, which is added to: the key of an item stays the same when the one
/// that shares its guid leaves the feed.
pub fn items_with(
    parsed: &Parsed,
    source: &Source,
    repeated: &mut Repeated,
    mark: impl Fn(&str) -> Mark,
) -> Vec<Item> {
    let base = parsed.base.as_deref().unwrap_or(&source.url);
    let drafts: Vec<Draft<'_>> = parsed
        .entries
        .iter()
        .map(|entry| Draft::new(entry, base))
        .collect();
    let keys = keys(&drafts, repeated, &mark);
    let threads = Threads::new(&drafts, &keys);
    let language = parsed
        .feed
        .language
        .as_ref()
        .or(source.options.language.as_ref());
    let mut latest = vec![true; keys.len()];
    for sharers in sharing(&keys) {
        let newest = sharers.iter().copied().reduce(|kept, at| {
            if drafts[at].changed() > drafts[kept].changed() {
                at
            } else {
                kept
            }
        });
        for at in sharers {
            latest[at] = Some(at) == newest;
        }
    }
    let mut items = Vec::with_capacity(drafts.len());
    for (at, (draft, key)) in drafts.into_iter().zip(keys).enumerate() {
        if latest[at] {
            let (parent, root) = threads.of(at);
            items.push(draft.item(key, parent, root, language, &source.url));
        }
    }
    items
}

/// The places of equal keys, in the order of the feed, for every key that several share.
fn sharing(keys: &[String]) -> Vec<Vec<usize>> {
    let mut order: Vec<usize> = (0..keys.len()).collect();
    order.sort_by(|a, b| keys[*a].cmp(&keys[*b]));
    order
        .chunk_by(|a, b| keys[*a] == keys[*b])
        .filter(|sharers| sharers.len() > 1)
        .map(<[usize]>::to_vec)
        .collect()
}

struct Draft<'a> {
    entry: &'a ParsedEntry,
    url: Option<Url>,
    title: Option<String>,
    body: PlainText,
}

impl<'a> Draft<'a> {
    fn new(entry: &'a ParsedEntry, base: &Url) -> Self {
        let url = entry
            .link
            .as_deref()
            .and_then(|link| web_address(link, base))
            .or_else(|| {
                // An id that is an address stands in for a missing link.
                let id = entry.id.as_deref()?;
                Url::parse(id)
                    .ok()
                    .filter(|url| matches!(url.scheme(), "http" | "https"))
            });
        let name = entry.author_name.as_deref().unwrap_or_default();
        let title = entry
            .title
            .as_deref()
            .map(|title| text::title(title, entry.title_kind != TextKind::Plain))
            .map(|title| without_own_name(&title, name))
            .filter(|title| !title.is_empty());
        let mut body = body(entry, base);
        body.text = without_own_name(&body.text, name);
        Self {
            entry,
            url,
            title,
            body,
        }
    }

    fn guid(&self) -> Option<&'a str> {
        self.entry.guid.as_deref().filter(|guid| !guid.is_empty())
    }

    fn canonical(&self) -> Option<String> {
        self.url.as_ref().and_then(canonical)
    }

    /// The canonical link, with the fragment that names one comment or post of a page.
    fn place(&self) -> Option<String> {
        let link = self.canonical()?;
        match self.url.as_ref().and_then(Url::fragment) {
            Some(fragment) if !fragment.is_empty() => Some(format!("{link}#{fragment}")),
            _ => Some(link),
        }
    }

    fn changed(&self) -> Option<Timestamp> {
        self.entry.updated.max(self.entry.published)
    }

    /// Hash of title and text, for what has no name of its own.
    fn fingerprint(&self) -> String {
        let mut hash = Sha256::new();
        hash.update(self.title.as_deref().unwrap_or_default());
        hash.update([0]);
        hash.update(&self.body.text);
        let hash = hash.finalize();
        format!("text:{}", HEXLOWER.encode(&hash[..16]))
    }

    fn item(
        self,
        key: String,
        parent: Option<String>,
        root: Option<String>,
        language: Option<&String>,
        source: &Url,
    ) -> Item {
        let entry = self.entry;
        let state = match (entry.block, &self.url) {
            (Some(refusal), _) => ItemState::Withheld(refusal),
            (None, None) => ItemState::Withheld(Refusal::Malformed),
            (None, Some(_)) => ItemState::Live,
        };
        let mut links = self.body.links;
        for link in &entry.links {
            if links.len() < text::MAX_LINKS && !links.contains(link) {
                links.push(link.clone());
            }
        }
        Item {
            key,
            url: self.url.unwrap_or_else(|| source.clone()),
            root,
            parent,
            thread: None,
            title: self.title,
            text: self.body.text,
            author: entry.author.clone(),
            published: entry
                .published
                .filter(|at| is_plausible(*at))
                .or(entry.updated),
            updated: entry.updated,
            language: entry.language.as_ref().or(language).cloned(),
            links,
            state,
        }
    }
}

/// The fullest text an entry gives.
fn body(entry: &ParsedEntry, base: &Url) -> PlainText {
    let summary = entry.summary.as_deref();
    let summary = summary.map(|value| (value, entry.summary_kind, &entry.summary_base));
    entry
        .content
        .iter()
        .map(|content| (content.value.as_str(), content.kind, &content.base))
        .chain(summary)
        // Of equal length the first: the body comes before the summary.
        .rev()
        .max_by_key(|(value, ..)| value.len())
        .map(|(value, kind, inner)| match kind {
            TextKind::Plain if !looks_like_html(value) => text::plain(value),
            _ => html_to_text(value, inner.as_deref().unwrap_or(base)),
        })
        .unwrap_or_default()
}

/// A short name for a guid or a place.
/// The key of every entry: guid, else canonical link, else a hash. Where several entries share one, the oldest keeps
/// it and the others add what tells them apart, so that a newcomer never moves the key of what was there before.
fn keys(drafts: &[Draft<'_>], repeated: &mut Repeated, mark: &dyn Fn(&str) -> Mark) -> Vec<String> {
    let mut keys: Vec<String> = drafts
        .iter()
        .map(|draft| {
            let guid = draft.guid().map(str::to_owned);
            guid.or_else(|| draft.canonical())
                .unwrap_or_else(|| draft.fingerprint())
        })
        .collect();
    for (draft, key) in drafts.iter().zip(&mut keys) {
        let owner = (!repeated.is_empty()).then(|| repeated.get(&mark(key)).copied());
        let owner = owner.flatten();
        if let (Some(owner), Some(place)) = (owner, draft.place())
            && owner != mark(&place)
        {
            *key = format!("{key} {place}");
        }
    }
    for mut sharers in sharing(&keys) {
        // Without dates the order of the feed decides.
        sharers.sort_by_key(|at| drafts[*at].entry.published.or(drafts[*at].entry.updated));
        let first = &drafts[sharers[0]];
        if let Some(place) = first.place().filter(|_| repeated.len() < MAX_REPEATED) {
            let apart = sharers[1..]
                .iter()
                .any(|at| drafts[*at].place().is_some_and(|other| other != place));
            if apart {
                repeated.insert(mark(&keys[sharers[0]]), mark(&place));
            }
        }
        for at in &sharers[1..] {
            let draft = &drafts[*at];
            let told_apart_by = if draft.place().is_some() && draft.place() != first.place() {
                draft.place().unwrap_or_default()
            } else if draft.guid().is_none() && draft.fingerprint() != first.fingerprint() {
                draft.fingerprint()
            } else {
                continue;
            };
            keys[*at] = format!("{} {told_apart_by}", keys[*at]);
        }
    }
    keys
}

/// Which entry replies to which.
struct Threads {
    /// For every entry: the key of its parent, and the parent's place in the feed if it is there. Empty where no
    /// entry replies to anything.
    parents: Vec<Option<(String, Option<usize>)>>,
    keys: Vec<String>,
}

impl Threads {
    fn new(drafts: &[Draft<'_>], keys: &[String]) -> Self {
        let replies = |draft: &Draft<'_>| {
            draft.entry.in_reply_to.is_some() || draft.entry.in_reply_to_link.is_some()
        };
        if !drafts.iter().any(replies) {
            return Self {
                parents: Vec::new(),
                keys: Vec::new(),
            };
        }
        let mut by_name: BTreeMap<&str, usize> = BTreeMap::new();
        for (at, draft) in drafts.iter().enumerate() {
            let names = [
                draft.guid(),
                draft.entry.id.as_deref(),
                draft.url.as_ref().map(Url::as_str),
            ];
            for name in names.into_iter().flatten() {
                by_name.entry(name).or_insert(at);
            }
        }
        let parents = drafts
            .iter()
            .enumerate()
            .map(|(at, draft)| {
                let reference = draft.entry.in_reply_to.as_deref();
                let link = draft.entry.in_reply_to_link.as_ref();
                let held = reference
                    .and_then(|reference| by_name.get(reference))
                    .or_else(|| by_name.get(link?.as_str()))
                    .copied()
                    .filter(|held| *held != at);
                match held {
                    Some(held) => Some((keys[held].clone(), Some(held))),
                    None => reference
                        .map(str::to_owned)
                        .or_else(|| canonical(link?))
                        .filter(|parent| *parent != keys[at])
                        .map(|parent| (parent, None)),
                }
            })
            .collect();
        Self {
            parents,
            keys: keys.to_vec(),
        }
    }

    /// Keys of the parent and of the root, as far as this feed knows them.
    fn of(&self, at: usize) -> (Option<String>, Option<String>) {
        let Some((parent, mut held)) = self.parents.get(at).cloned().flatten() else {
            return (None, None);
        };
        let mut top = parent.clone();
        let mut steps = 0;
        while let Some(place) = held {
            top.clone_from(&self.keys[place]);
            steps += 1;
            if steps > MAX_CHAIN || place == at {
                // A ring has no root.
                return (Some(parent), None);
            }
            match &self.parents[place] {
                Some((above, next)) => {
                    top.clone_from(above);
                    held = *next;
                    if held.is_none() {
                        return (Some(parent), root_of(&top));
                    }
                }
                None => return (Some(parent), Some(top)),
            }
        }
        let root = root_of(&top);
        (Some(parent), root)
    }
}

/// The root that an unseen parent belongs to: itself, unless its name says that it is a comment. WordPress names a
/// comment after its post.
fn root_of(parent: &str) -> Option<String> {
    match parent.split_once("#comment-") {
        Some((post, _)) => Some(post.to_owned()),
        // Whether the parent is itself a reply is not known; an address or id without more is taken for the root
        // only if it is an address.
        None => canonical_str(parent).map(|_| parent.to_owned()),
    }
}
