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

/// What software writes in the place of a text, as whole lines: the same words within a sentence are somebody's.
static PASSWORD: LazyLock<Regex> = LazyLock::new(|| {
    mark_of(&[
        r"there is no excerpt because this is a protected post",
        r"(?:this is a |this )protected post(?: please enter your password.*)?",
        r"protected comments:? ?please enter your password to view comments",
        r"(?:this|the) (?:content|post|page|article) is (?:password[ -]protected|protected by a password)(?: (?:to view it|please|enter).*)?",
        r"(?:to view (?:it|this) )?(?:please )?enter (?:your|the) password(?: below| to view.*)?",
    ])
});

static HELD: LazyLock<Regex> = LazyLock::new(|| {
    mark_of(&[
        r"(?:(?:this|your|the) (?:post|comment|message|reply|topic|thread|entry|article|content) (?:is |has been )?)?(?:still |currently )?(?:awaiting|pending|held for|waiting for|in) (?:(?:moderator|admin|administrator|staff)(?:'s)? )?(?:moderation|approval|review)(?: queue)?(?: (?:by|from) (?:a |an |the )?(?:moderator|admin|administrator|staff)s?)?",
        r"(?:this|your|the) (?:post|comment|message|reply|topic|thread) (?:has not (?:yet )?been approved(?: yet)?|is not visible until it has been approved.*)",
    ])
});

static LOGIN: LazyLock<Regex> = LazyLock::new(|| {
    let what = r"(?: (?:to|in order to|before you can) (?:view|see|read|continue|access|reply|post|comment|download)(?: (?:this|the|that|full|more|all|it|any|a|rest|of|to|content|contents|post|posts|topic|topics|thread|threads|page|article|story|text|comments?|forums?|section|links?|images?|attachments?|reading|here|site)){0,8})?";
    mark_of(&[
        &format!(
            r"(?:sorry )?(?:you (?:must|need to|have to) (?:be logged in|be a member|log ?in|sign in|register)(?: or (?:log ?in|sign in|register|sign up))?{what})"
        ),
        &format!(
            r"(?:please )?(?:log ?in|sign in|subscribe|register)(?: or (?:log ?in|sign in|register|sign up|subscribe))?{what}"
        ),
        r"(?:(?:this|the) (?:post|content|article|page|topic|forum|section|story|rest of this post)(?: is| is available)? )?(?:for |is for )?(?:(?:registered |paying |paid )?(?:members|subscribers)) only",
        r"(?:this|the) (?:post|content|article|story|rest of this post|episode) is (?:only )?for (?:registered |paying |paid )?(?:members|subscribers)(?: only)?",
    ])
});

/// Any of the words that every mark has one of, in one pass: nearly every text has none.
static MAY_BE: LazyLock<Regex> = LazyLock::new(|| {
    fixed(
        r"(?i)password|protected|awaiting|pending|held for|waiting for|moderation|approved|logged in|log ?in|sign in|register|subscribe|members|be a member",
    )
});

fn fixed(pattern: &str) -> Regex {
    Regex::new(pattern).unwrap_or_else(|error| unreachable!("fixed pattern: {error}"))
}

/// A mark that is a whole line, but for signs around it.
fn mark_of(phrases: &[&str]) -> Regex {
    let phrases = phrases.join("|");
    fixed(&format!(
        r"(?im)^[^\p{{L}}\p{{N}}\n]*(?:{phrases})[^\p{{L}}\p{{N}}\n]*$"
    ))
}

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
    let may_be = short && MAY_BE.is_match(&text);
    let says = |mark: &Regex| may_be && text.split(['\n']).any(|line| is_mark(mark, line));
    let protected = PROTECTED.iter().any(|mark| title.starts_with(mark));
    if says(&PASSWORD) || protected && text.trim().is_empty() {
        return Some(Refusal::Password);
    }
    // A list may name what is held, and give nothing of it.
    let held_title = title
        .rsplit(['(', '[', ':', '|'])
        .next()
        .is_some_and(|end| is_mark(&HELD, end));
    if says(&HELD) || held_title {
        return Some(Refusal::Held);
    }
    if says(&LOGIN) {
        return Some(Refusal::LoginWall);
    }
    if title.starts_with("private:") && text.trim().is_empty() {
        return Some(Refusal::NotPublic);
    }
    None
}

/// Whether a line, or the sentences it consists of, are a mark and nothing else.
fn is_mark(mark: &Regex, line: &str) -> bool {
    let line = line.trim();
    !line.is_empty()
        && (mark.is_match(line)
            || line.contains(['.', '!', ':'])
                && line
                    .split(['.', '!', ':'])
                    .filter(|part| !part.trim().is_empty())
                    .all(|part| mark.is_match(part)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plain_speech_is_no_mark() {
        for speech in [
            "The minutes are still pending approval.",
            "The pool is members only at the moment",
            "You need to be logged in to see your results, which few people manage.",
            "Please log in to the portal and tell us what you find",
            "My comment was held for moderation for a week",
            "Our new clinic is awaiting approval from the board",
            "This article is for members of the public",
        ] {
            for mark in [&PASSWORD, &HELD, &LOGIN] {
                assert!(!is_mark(mark, speech), "{speech}");
            }
        }
        for (mark, line) in [
            (&HELD, "Awaiting Moderator Approval"),
            (&HELD, "[Your comment is awaiting moderation.]"),
            (&HELD, "This post is pending approval by a moderator"),
            (&LOGIN, "You must be logged in to see this."),
            (&LOGIN, "Members only"),
            (&LOGIN, "This post is for paying subscribers only"),
            (&LOGIN, "Please log in to view this content"),
            (
                &PASSWORD,
                "This content is password protected. To view it please enter your password below:",
            ),
            (
                &PASSWORD,
                "There is no excerpt because this is a protected post.",
            ),
            (
                &PASSWORD,
                "Protected Comments: Please enter your password to view comments.",
            ),
        ] {
            assert!(is_mark(mark, line), "{line}");
        }
    }
}
