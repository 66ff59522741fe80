//! Entries that a feed lists but does not give: password stubs, posts held for moderation, members-only stubs,
//! syndicated items. A public feed is no proof that an item is public; such a stub is refused, never kept.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use discover_model::Refusal;
use regex::Regex;
use url::Url;

use super::html::web_address;
use super::text::opening;
use super::types::{Parsed, ParsedEntry};

/// A stub is short; a longer text that uses the same words is somebody's text.
const STUB_BYTES: usize = 6 * 1024;
/// The same for what a reader sees of it, in characters.
const STUB_CHARS: usize = 400;

/// Titles that WordPress gives a protected post, in the languages it is most used in.
const PROTECTED: [&str; 16] = [
    "protected:",
    "geschützt:",
    "protégé\u{a0}:",
    "protégé :",
    "protegido:",
    "protetto:",
    "beveiligd:",
    "zabezpieczony:",
    "zabezpieczone:",
    "beskyttet:",
    "skyddad:",
    "защищено:",
    "chráněno:",
    "suojattu:",
    "gwarchodwyd:",
    "محمي:",
];

const PASSWORD: [&str; 6] = [
    "this is a protected post",
    "protected comments: please enter your password",
    "this content is password protected",
    "this content is password-protected",
    "this post is password protected",
    "enter your password to view comments",
];

const HELD: [&str; 8] = [
    "awaiting moderator approval",
    "awaiting moderation",
    "awaiting approval",
    "pending moderation",
    "pending approval",
    "held for moderation",
    "waiting for moderation",
    "has not been approved yet",
];

const LOGIN: [&str; 12] = [
    "you must be logged in",
    "you need to be logged in",
    "please log in to",
    "please login to",
    "log in to view this",
    "log in to read",
    "sign in to read",
    "sign in to view",
    "members only",
    "for subscribers only",
    "for paying subscribers only",
    "for paid subscribers",
];

/// Any of the phrases of a stub, in one pass: nearly every text has none.
static PHRASES: LazyLock<Regex> = LazyLock::new(|| {
    let phrases: Vec<String> = [&PASSWORD[..], &HELD, &LOGIN]
        .concat()
        .into_iter()
        .map(regex::escape)
        .collect();
    Regex::new(&phrases.join("|")).unwrap_or_else(|error| unreachable!("fixed phrases: {error}"))
});

/// Notes in every entry why it must not be kept, where the entry or the feed says so.
pub(super) fn mark(parsed: &mut Parsed, base: &Url) {
    let own: Vec<String> = [Some(base), parsed.hints.self_url.as_ref()]
        .into_iter()
        .flatten()
        .filter_map(site)
        .chain(
            parsed
                .feed
                .link
                .as_deref()
                .and_then(|link| site(&web_address(link, base)?)),
        )
        .collect();
    let mut known = BTreeMap::new();
    for entry in &mut parsed.entries {
        if entry.block.is_none() {
            entry.block = if parsed.hints.noindex {
                Some(Refusal::Noindex)
            } else {
                stub(entry)
            };
        }
        if entry.block.is_none()
            && is_syndicated(entry, &own, &mut known, parsed.feed.id.as_deref())
        {
            entry.block = Some(Refusal::Syndicated);
        }
    }
}

/// The site an address belongs to: its registrable domain, or its host where it has none.
fn site(url: &Url) -> Option<String> {
    let host = url.host_str()?.trim_end_matches('.').to_ascii_lowercase();
    let domain = psl::domain_str(&host).map(str::to_owned);
    Some(domain.unwrap_or(host))
}

/// Whether the entry names a source, and all that is known of the source is that it is somewhere else.
fn is_syndicated(
    entry: &ParsedEntry,
    own: &[String],
    known: &mut BTreeMap<String, Option<String>>,
    feed_id: Option<&str>,
) -> bool {
    let mut elsewhere = false;
    for address in &entry.source {
        if Some(address.as_str()) == feed_id {
            return false;
        }
        let site = known.entry(address.clone()).or_insert_with(|| {
            let url = Url::parse(address.trim()).ok()?;
            matches!(url.scheme(), "http" | "https").then(|| site(&url))?
        });
        match site {
            Some(site) if own.contains(site) => return false,
            Some(_) => elsewhere = true,
            None => {}
        }
    }
    elsewhere
}

fn stub(entry: &ParsedEntry) -> Option<Refusal> {
    let bodies = || {
        entry
            .content
            .iter()
            .map(|content| content.value.as_str())
            .chain(entry.summary.as_deref())
    };
    let bytes: usize = bodies().map(str::len).sum();
    if bytes > STUB_BYTES {
        return None;
    }
    if bodies()
        .any(|body| body.contains("post-password-form") || body.contains("name=\"post_password\""))
    {
        return Some(Refusal::Password);
    }
    let marked = bytes < STUB_CHARS * 4 || bodies().any(|body| body.contains('<'));
    if !marked {
        return None;
    }
    let title = entry.title.as_deref().unwrap_or_default().trim();
    let title = title.to_lowercase();
    let text: Vec<String> = bodies().map(|body| opening(body, STUB_CHARS * 4)).collect();
    let text = text.join("\n");
    let short = text.chars().count() <= STUB_CHARS;
    let text = text.to_lowercase();
    let has = |phrases: &[&str]| {
        PHRASES.is_match(&text) && phrases.iter().any(|phrase| text.contains(phrase))
    };
    let protected = PROTECTED.iter().any(|mark| title.starts_with(mark));
    if short && has(&PASSWORD) || protected && text.trim().is_empty() {
        return Some(Refusal::Password);
    }
    if short && has(&HELD) || HELD[..1].iter().any(|phrase| title.contains(phrase)) {
        return Some(Refusal::Held);
    }
    if short && has(&LOGIN) {
        return Some(Refusal::LoginWall);
    }
    if title.starts_with("private:") && text.trim().is_empty() {
        return Some(Refusal::NotPublic);
    }
    None
}
