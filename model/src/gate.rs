//! The gate: the pure function that decides whether an item may be kept, and the only maker of [`Admitted`].
//!
//! What the gate sees is what an anonymous reader was given. Author and platform signals win over the owner's
//! consent; redaction happens here, before anything can be written.

use std::collections::HashMap;

use jiff::Timestamp;
use url::Url;

use crate::canonical::canonical;
use crate::grant::{Grant, ProvisionalGrant};
use crate::ids::{PostId, digest128};
use crate::item::{Item, ItemState, Thread};
use crate::language::Language;
use crate::post::{MAX_LINKS, MAX_TEXT_BYTES, MAX_TITLE_BYTES, Post};
use crate::redaction;
use crate::redaction::addresses;
use crate::refusal::Refusal;
use crate::source::{FeedItem, Source};
use crate::text::shows_nothing;
use crate::time::{clamp_published, is_plausible};
use crate::voice::{Voice, VoiceKey};

/// A value that passed the gate. The field is private to this module: nothing else can make one.
#[derive(Debug, Clone, PartialEq)]
pub struct Admitted<T>(T);

impl<T> Admitted<T> {
    pub fn get(&self) -> &T {
        &self.0
    }
    pub fn into_inner(self) -> T {
        self.0
    }
}

impl Admitted<Post> {
    /// Adds the decided language; nothing else of an admitted post can change.
    #[must_use]
    pub fn with_language(mut self, language: Option<Language>, confidence: f32) -> Self {
        self.0.language = language;
        self.0.language_confidence = confidence;
        self
    }
}

/// What the gate must know besides the grant.
#[derive(Debug)]
pub struct Policy<'a> {
    pub source: &'a Source,
    pub voice_key: &'a VoiceKey,
    /// Title and link alone may be kept.
    pub link_only: bool,
    /// Posts that were taken back, objected to or past their retention, and must not come back with a stale copy.
    pub taken_back: &'a HashMap<PostId, Refusal>,
}

/// Decides about one item. `now` becomes the post's first-seen time; the store keeps an earlier one if it has it.
pub fn admit(
    grant: &Grant,
    policy: &Policy<'_>,
    item: Item,
    now: Timestamp,
) -> Result<Admitted<Post>, Refusal> {
    decide(grant, policy, item, now).map(Admitted)
}

/// What [`admit`] would say under consent that is not given yet, as a plain post: nothing that can be stored.
pub fn preview(
    grant: &ProvisionalGrant,
    policy: &Policy<'_>,
    item: Item,
    now: Timestamp,
) -> Result<Post, Refusal> {
    decide(grant.as_grant(), policy, item, now)
}

fn decide(grant: &Grant, policy: &Policy<'_>, item: Item, now: Timestamp) -> Result<Post, Refusal> {
    if !grant.is_live(now) || grant.network != policy.source.network {
        return Err(Refusal::Withdrawn);
    }
    match item.state {
        ItemState::Live => {}
        ItemState::Withheld(refusal) => return Err(refusal),
        ItemState::Gone => return Err(Refusal::Withdrawn),
    }
    canonical(&item.url).ok_or(Refusal::Malformed)?;
    if !grant.allows(&item.url) {
        return Err(Refusal::OutOfScope);
    }
    if item.key.trim().is_empty() {
        return Err(Refusal::Malformed);
    }
    let key = stored_key(&item.key);
    let id = PostId::derive(grant.network, policy.source.id, &key);
    if let Some(refusal) = policy.taken_back.get(&id) {
        return Err(*refusal);
    }

    let mut redacted = redaction::Counts::default();
    let text = if policy.link_only {
        String::new()
    } else {
        redacted.redact(&addresses::in_text(truncate(
            item.text.trim(),
            MAX_TEXT_BYTES,
        )))
    };
    let title = item
        .title
        .as_deref()
        .map(str::trim)
        .filter(|title| !shows_nothing(title))
        .map(|title| redacted.redact(&addresses::in_text(truncate(title, MAX_TITLE_BYTES))));
    // A reply may be a picture alone: it is still a post of its conversation.
    let is_reply = item.root.is_some() || item.parent.is_some();
    if policy.link_only && (title.is_none() || is_reply) {
        return Err(Refusal::LinkOnly);
    }
    if shows_nothing(&text) && title.is_none() && !is_reply {
        return Err(Refusal::Malformed);
    }

    let address = addresses::shown(
        &item.url,
        &item.key,
        &policy.source.url,
        &policy.source.options.accounts,
        redacted.taken(),
        policy.voice_key,
    )
    .ok_or(Refusal::Malformed)?;
    let voice = match item
        .author
        .as_deref()
        .map(str::trim)
        .filter(|author| !author.is_empty())
    {
        // The text of a topic-wise feed is not its author's: such a source is one voice.
        Some(author) if policy.source.options.item == FeedItem::Post => {
            Voice::of(policy.voice_key, author)
        }
        _ => Voice::of_source(policy.voice_key, policy.source.id),
    };
    let links = if policy.link_only {
        Vec::new()
    } else {
        canonical_links(&item.links, &address.canonical)
    };
    let content_hash = content_hash(title.as_deref(), &text, &links);
    Ok(Post {
        id,
        network: grant.network,
        source: policy.source.id,
        grant: grant.id,
        key,
        root: item.root.as_deref().map(stored_key),
        parent: item.parent.as_deref().map(stored_key),
        thread: item.thread.map(|thread| Thread {
            key: stored_key(&thread.key),
            title: thread
                .title
                .as_deref()
                .map(|title| {
                    let title = addresses::in_text(truncate(title.trim(), MAX_TITLE_BYTES));
                    redaction::redact(&title).text
                })
                .filter(|title| !title.is_empty()),
            url: addresses::shown(
                &thread.url,
                &thread.key,
                &policy.source.url,
                &policy.source.options.accounts,
                redacted.taken(),
                policy.voice_key,
            )
            .map_or_else(|| policy.source.url.clone(), |shown| shown.url),
            closed: thread.closed,
        }),
        url: address.url,
        canonical_url: address.canonical,
        title,
        text,
        voice,
        // A date that cannot be does not hide a good one beside it.
        published: clamp_published(item.published.filter(|at| is_plausible(*at)), now)
            .or_else(|| clamp_published(item.updated, now)),
        updated: item.updated.map(|updated| updated.min(now)),
        first_seen: now,
        declared_language: item.language.map(|tag| truncate(&tag, 35).to_owned()),
        language: None,
        language_confidence: 0.0,
        links,
        content_hash,
        redacted: redacted.into_vec(),
    })
}

/// An item key as it is kept. Keys that hold a personal detail, or may (message ids), or are long are kept as a hash.
pub fn stored_key(key: &str) -> String {
    let hashed = key.contains('@')
        || key.len() > 512
        || key.chars().any(char::is_control)
        || addresses::key_is_personal(key);
    if hashed {
        format!("h:{:032x}", digest128("key", &[key.as_bytes()]))
    } else {
        key.to_owned()
    }
}

fn canonical_links(links: &[Url], own: &str) -> Vec<String> {
    let mut seen = Vec::new();
    for link in links.iter().filter_map(addresses::link) {
        if link != own && link.len() <= 2048 && !link.contains('@') && !seen.contains(&link) {
            seen.push(link);
            if seen.len() == MAX_LINKS {
                break;
            }
        }
    }
    seen
}

fn content_hash(title: Option<&str>, text: &str, links: &[String]) -> u128 {
    let folded = |text: &str| {
        let mut folded = String::with_capacity(text.len());
        for word in text.split_whitespace() {
            if !folded.is_empty() {
                folded.push(' ');
            }
            folded.push_str(word);
        }
        folded
    };
    digest128(
        "content",
        &[
            folded(title.unwrap_or_default()).as_bytes(),
            folded(text).as_bytes(),
            links.join("\n").as_bytes(),
        ],
    )
}

/// The longest prefix of at most `limit` bytes that ends at a character.
fn truncate(text: &str, limit: usize) -> &str {
    if text.len() <= limit {
        return text;
    }
    let mut end = limit;
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    &text[..end]
}

#[cfg(test)]
mod tests {
    use jiff::SignedDuration;

    use super::*;
    use crate::grant::{Evidence, GrantRecord, GrantState, Purpose};
    use crate::ids::{GrantId, NetworkId};
    use crate::proof::ProofMethod;
    use crate::scope::Scope;
    use crate::source::{SourceKind, SourceOptions};

    const NOW: Timestamp = Timestamp::constant(1_790_000_000, 0);

    fn grant() -> Grant {
        let origin: crate::Origin = "https://site.example".parse().expect("origin");
        Grant::recorded(GrantRecord {
            id: GrantId::from_u128(5),
            network: NetworkId::from_u128(1),
            scope: Scope::new(origin, &["/forum/"]).expect("scope"),
            purposes: vec![Purpose::Search, Purpose::Topics],
            retention_days: 365,
            evidence: Evidence {
                method: ProofMethod::WellKnown,
                folder: None,
                sha256: String::new(),
                seen: NOW,
            },
            granted: NOW,
            expires: NOW + SignedDuration::from_hours(24),
            members_told: true,
            state: GrantState::Live,
        })
    }

    fn source() -> Source {
        let url = Url::parse("https://site.example/forum/feed").expect("url");
        Source::new(
            NetworkId::from_u128(1),
            SourceKind::Feed,
            url,
            SourceOptions::default(),
        )
    }

    fn item() -> Item {
        Item {
            key: "guid-1".into(),
            url: Url::parse("https://site.example/forum/t/1").expect("url"),
            root: None,
            parent: None,
            thread: None,
            title: Some("A title".into()),
            text: "Some text by jo@example.org".into(),
            author: Some("Jo".into()),
            published: Some(NOW + SignedDuration::from_hours(48)),
            updated: None,
            language: None,
            links: vec![],
            state: ItemState::Live,
        }
    }

    fn decide(grant: &Grant, item: Item, now: Timestamp) -> Result<Admitted<Post>, Refusal> {
        let (source, key, taken_back) = (source(), VoiceKey::new([3; 32]), HashMap::new());
        let policy = Policy {
            source: &source,
            voice_key: &key,
            link_only: false,
            taken_back: &taken_back,
        };
        admit(grant, &policy, item, now)
    }

    #[test]
    fn an_admitted_post_is_redacted_clamped_and_nameless() {
        let post = decide(&grant(), item(), NOW)
            .expect("admitted")
            .into_inner();
        assert!(!post.text.contains("jo@example.org"));
        assert_eq!(post.published, Some(NOW));
        assert!(!serde_json::to_string(&post).expect("json").contains("Jo\""));
    }

    #[test]
    fn nothing_is_kept_without_a_live_grant() {
        let paused = grant().in_state(GrantState::Paused);
        assert_eq!(decide(&paused, item(), NOW), Err(Refusal::Withdrawn));
        assert_eq!(
            decide(&grant(), item(), NOW + SignedDuration::from_hours(25)),
            Err(Refusal::Withdrawn)
        );
    }

    #[test]
    fn what_is_withheld_or_out_of_scope_is_refused_with_its_code() {
        let mut outside = item();
        outside.url = Url::parse("https://site.example/staff/t/1").expect("url");
        assert_eq!(decide(&grant(), outside, NOW), Err(Refusal::OutOfScope));
        let mut held = item();
        held.state = ItemState::Withheld(Refusal::Held);
        assert_eq!(decide(&grant(), held, NOW), Err(Refusal::Held));
        let mut empty = item();
        empty.title = None;
        empty.text = "  \n ".into();
        assert_eq!(decide(&grant(), empty, NOW), Err(Refusal::Malformed));
    }

    #[test]
    fn what_was_taken_back_does_not_return_with_a_stale_copy() {
        let (source, key) = (source(), VoiceKey::new([3; 32]));
        let id = PostId::derive(source.network, source.id, "guid-1");
        let taken_back = HashMap::from([(id, Refusal::Objected)]);
        let policy = Policy {
            source: &source,
            voice_key: &key,
            link_only: false,
            taken_back: &taken_back,
        };
        assert_eq!(
            admit(&grant(), &policy, item(), NOW),
            Err(Refusal::Objected)
        );
    }

    /// P17: what a sensitive network gives away is a title and a link.
    #[test]
    fn of_a_network_shown_by_links_alone_no_text_and_no_reply_is_kept() {
        let (source, key, taken_back) = (source(), VoiceKey::new([3; 32]), HashMap::new());
        let policy = Policy {
            source: &source,
            voice_key: &key,
            link_only: true,
            taken_back: &taken_back,
        };
        let mut linking = item();
        linking.links = vec![Url::parse("https://elsewhere.example/a").expect("url")];
        let post = admit(&grant(), &policy, linking, NOW)
            .expect("admitted")
            .into_inner();
        assert_eq!((post.text.as_str(), post.links.len()), ("", 0));
        assert_eq!(post.title.as_deref(), Some("A title"));
        let (mut reply, mut untitled) = (item(), item());
        reply.root = Some("guid-0".into());
        untitled.title = None;
        for refused in [reply, untitled] {
            assert_eq!(
                admit(&grant(), &policy, refused, NOW),
                Err(Refusal::LinkOnly)
            );
        }
    }

    #[test]
    fn a_message_id_is_not_kept_as_an_address() {
        let key = stored_key("<20260101.abc@mail.example>");
        assert!(!key.contains('@') && !key.contains("mail.example"));
    }
}
