//! Keys under which posts are meant by others, as 16-byte hashes: what a post offers, and what a reply wants.
//!
//! An item key counts within its source. Keys that mean the same everywhere (`urn:`, `tag:`, `at:`, a hashed
//! message id) and addresses count within the network; an address keeps its fragment, because `#comment-3` is
//! another post than its page.

use discover_model::canonical::{canonical, canonical_str};
use discover_model::{NetworkId, Post, PostId, SourceId, SourceKind};
use url::Url;

pub(crate) type Key = [u8; 16];

/// The id that a source derives.
pub(crate) const OWN: i64 = 0;
/// Another key that means the same beyond its source.
pub(crate) const WIDE: i64 = 1;
/// The post's address.
pub(crate) const ADDRESS: i64 = 2;

pub(crate) const ROOT: i64 = 1;
pub(crate) const PARENT: i64 = 2;

/// Stands where a key belongs to no source.
const NO_SOURCE: SourceId = SourceId::from_u128(0);
const NO_NETWORK: NetworkId = NetworkId::from_u128(0);

/// The key of an address in its canonical form. It is the same in every network: rows carry theirs beside it.
pub(crate) fn of_address(canonical: &str) -> Key {
    PostId::derive(NO_NETWORK, NO_SOURCE, canonical).to_bytes()
}

fn of_url(url: &Url) -> Option<Key> {
    let mut address = canonical(url)?;
    if let Some(fragment) = url.fragment().filter(|fragment| !fragment.is_empty()) {
        address.push('#');
        address.push_str(fragment);
    }
    Some(of_address(&address))
}

/// The key of an address as it is written.
pub(crate) fn of_text(url: &str) -> Option<Key> {
    Url::parse(url).ok().as_ref().and_then(of_url)
}

fn is_address(key: &str) -> bool {
    key.starts_with("https://") || key.starts_with("http://")
}

/// A key that is unique beyond its source.
fn wide(network: NetworkId, key: &str) -> Option<Key> {
    if is_address(key) {
        of_text(key)
    } else if key.contains(':') {
        Some(PostId::derive(network, NO_SOURCE, key).to_bytes())
    } else {
        None
    }
}

/// The key of a post's own address: who has the same one carries the same post.
pub(crate) fn address(post: &Post) -> Key {
    of_url(&post.url).unwrap_or_else(|| of_address(&post.canonical_url))
}

/// All keys that mean this post, with their kind.
pub(crate) fn offers(post: &Post) -> Vec<(Key, i64)> {
    let mut keys = vec![(post.id.to_bytes(), OWN)];
    let address = address(post);
    if let Some(wide) = wide(post.network, &post.key).filter(|wide| *wide != address) {
        keys.push((wide, WIDE));
    }
    keys.push((address, ADDRESS));
    keys
}

/// The key of the thread that a post stands in.
pub(crate) fn thread(post: &Post) -> Option<Key> {
    let thread = post.thread.as_ref()?;
    let name = format!("thread {}", thread.key);
    Some(PostId::derive(post.network, post.source, &name).to_bytes())
}

/// Hash of what a post says it answers; none where it says nothing.
pub(crate) fn answers(post: &Post) -> Option<Key> {
    let named = [ROOT, PARENT].map(|role| reference(post, role).unwrap_or_default());
    if named.iter().all(|name| name.is_empty()) {
        return None;
    }
    Some(PostId::derive(post.network, post.source, &named.join("\n")).to_bytes())
}

/// The key of the root or parent that a post names, where it names another post than itself.
pub(crate) fn reference(post: &Post, role: i64) -> Option<&str> {
    let key = if role == ROOT {
        &post.root
    } else {
        &post.parent
    };
    key.as_deref()
        .filter(|key| *key != post.key && *key != post.url.as_str())
}

/// Whether a post answers another.
pub(crate) fn is_reply(post: &Post) -> bool {
    [ROOT, PARENT]
        .into_iter()
        .any(|role| reference(post, role).is_some())
}

/// Whether a post has an address of its own, which is not that of the page it stands on. Of pages nobody knows: a post may
/// have none there, or another by each page that shows it.
pub(crate) fn has_own_address(post: &Post, kind: SourceKind) -> bool {
    let page = post.thread.as_ref().map(|thread| of_url(&thread.url));
    kind != SourceKind::Html && page != Some(Some(address(post)))
}

/// Keys by which `reference` may be held, best first.
pub(crate) fn wants(post: &Post, reference: &str) -> Vec<Key> {
    let mut keys = vec![PostId::derive(post.network, post.source, reference).to_bytes()];
    let mut add = |key: Option<Key>| {
        if let Some(key) = key.filter(|key| !keys.contains(key)) {
            keys.push(key);
        }
    };
    add(wide(post.network, reference));
    if is_address(reference) {
        add(canonical_str(reference).as_deref().map(of_address));
    }
    keys
}
