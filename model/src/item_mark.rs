//! Marks of items: by a mark it is known that an item is read as it was before, under the same rules, so that what became
//! of it stands and need not be decided again.
//!
//! A mark is a hash under the network's own key, over the item as its connector read it and over everything the gate's
//! answer depends on beside the time: grant and scope, the source's settings, what the network lets be kept, and the rules
//! of this program. It says nothing about an item to whoever has not the key, and nothing at all once the key is gone.

use hmac::{Hmac, Mac};
use serde::Serialize;
use sha2::Sha256;

use crate::gate::Policy;
use crate::grant::Grant;
use crate::ids::GrantId;
use crate::item::{Item, ItemState, Thread};
use crate::scope::Scope;
use crate::source::Source;

/// Mark of one item, 128 bits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ItemMark([u8; 16]);

impl ItemMark {
    pub const fn from_bytes(bytes: [u8; 16]) -> Self {
        Self(bytes)
    }
    pub const fn to_bytes(self) -> [u8; 16] {
        self.0
    }
}

/// What an answer of the gate depends on beside the item.
#[derive(Serialize)]
struct Terms<'a> {
    rules: &'a str,
    grant: GrantId,
    scope: &'a Scope,
    source: &'a Source,
    link_only: bool,
}

/// Makes the marks of one source's items.
pub struct Marker(Hmac<Sha256>);

impl std::fmt::Debug for Marker {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Marker(…)")
    }
}

impl Marker {
    /// `rules` names the version of everything that reads, redacts and judges a text.
    pub fn new(grant: &Grant, policy: &Policy<'_>, rules: &str) -> Self {
        let mut mac = Hmac::<Sha256>::new_from_slice(policy.voice_key.bytes())
            .expect("HMAC takes a key of any length");
        let terms = Terms {
            rules,
            grant: grant.id,
            scope: &grant.scope,
            source: policy.source,
            link_only: policy.link_only,
        };
        let terms = serde_json::to_vec(&terms).expect("plain settings become JSON");
        mac.update(b"item");
        put(&mut mac, &terms);
        Self(mac)
    }

    /// The mark of an item that is there to be read; what is held back or gone has none.
    pub fn mark(&self, item: &Item) -> Option<ItemMark> {
        // Every field by its name: a new one has to be thought of here.
        let Item {
            key,
            url,
            root,
            parent,
            thread,
            title,
            text,
            author,
            published,
            updated,
            language,
            links,
            state,
        } = item;
        if *state != ItemState::Live {
            return None;
        }
        let mut mac = self.0.clone();
        put(&mut mac, key.as_bytes());
        put(&mut mac, url.as_str().as_bytes());
        for text in [root, parent, title, author, language] {
            put_maybe(&mut mac, text.as_deref());
        }
        put(&mut mac, text.as_bytes());
        for time in [published, updated] {
            let time = time.map(|time| time.as_nanosecond().to_be_bytes());
            put(&mut mac, time.as_ref().map_or(&[], |bytes| &bytes[..]));
        }
        mac.update(&[u8::from(thread.is_some())]);
        if let Some(Thread {
            key,
            title,
            url,
            closed,
        }) = thread
        {
            put(&mut mac, key.as_bytes());
            put_maybe(&mut mac, title.as_deref());
            put(&mut mac, url.as_str().as_bytes());
            let closed = closed.map(|closed| if closed { "closed" } else { "open" });
            put_maybe(&mut mac, closed);
        }
        for link in links {
            put(&mut mac, link.as_str().as_bytes());
        }
        let mut first = [0; 16];
        first.copy_from_slice(&mac.finalize().into_bytes()[..16]);
        Some(ItemMark(first))
    }
}

/// Adds a part with its length before it, so that none can be shifted into the next.
fn put(mac: &mut Hmac<Sha256>, part: &[u8]) {
    mac.update(&(part.len() as u64).to_be_bytes());
    mac.update(part);
}

fn put_maybe(mac: &mut Hmac<Sha256>, part: Option<&str>) {
    mac.update(&[u8::from(part.is_some())]);
    put(mac, part.unwrap_or_default().as_bytes());
}

#[cfg(test)]
mod tests {
    use std::collections::HashMap;

    use jiff::{SignedDuration, Timestamp};
    use url::Url;

    use super::*;
    use crate::grant::{Evidence, GrantRecord, GrantState, Purpose};
    use crate::ids::NetworkId;
    use crate::proof::ProofMethod;
    use crate::refusal::Refusal;
    use crate::source::{SourceKind, SourceOptions};
    use crate::voice::VoiceKey;

    const NOW: Timestamp = Timestamp::constant(1_790_000_000, 0);

    fn url(text: &str) -> Url {
        Url::parse(text).expect("url")
    }

    fn grant() -> Grant {
        of_grant(5)
    }

    fn of_grant(id: u128) -> Grant {
        let origin: crate::Origin = "https://site.example".parse().expect("origin");
        Grant::recorded(GrantRecord {
            id: GrantId::from_u128(id),
            network: NetworkId::from_u128(1),
            scope: Scope::all(origin),
            purposes: vec![Purpose::Search],
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
        Source::new(
            NetworkId::from_u128(1),
            SourceKind::Feed,
            url("https://site.example/feed"),
            SourceOptions::default(),
        )
    }

    fn item() -> Item {
        Item {
            key: "guid-1".into(),
            url: url("https://site.example/t/1"),
            root: Some("root".into()),
            parent: None,
            thread: None,
            title: Some("A title".into()),
            text: "Some text".into(),
            author: Some("Jo".into()),
            published: Some(NOW),
            updated: None,
            language: None,
            links: vec![url("https://elsewhere.example/a")],
            state: ItemState::Live,
        }
    }

    fn marked(
        grant: &Grant,
        source: &Source,
        key: u8,
        link_only: bool,
        rules: &str,
    ) -> Option<ItemMark> {
        let (voice_key, taken_back) = (VoiceKey::new([key; 32]), HashMap::new());
        let policy = Policy {
            source,
            voice_key: &voice_key,
            link_only,
            taken_back: &taken_back,
        };
        Marker::new(grant, &policy, rules).mark(&item())
    }

    #[test]
    fn a_mark_changes_with_every_part_of_an_item() {
        let marker = {
            let (source, voice_key, taken_back) =
                (source(), VoiceKey::new([3; 32]), HashMap::new());
            let policy = Policy {
                source: &source,
                voice_key: &voice_key,
                link_only: false,
                taken_back: &taken_back,
            };
            Marker::new(&grant(), &policy, "1")
        };
        let thread = |title: Option<&str>| Thread {
            key: "t".into(),
            title: title.map(Into::into),
            url: url("https://site.example/t"),
            closed: None,
        };
        let changes: [fn(&mut Item); 13] = [
            |item| item.key.push('x'),
            |item| item.url = url("https://site.example/t/2"),
            |item| item.root = None,
            |item| item.root = Some("other".into()),
            |item| (item.parent, item.root) = (item.root.take(), None),
            |item| item.title = None,
            |item| item.title = Some("A title".to_owned() + "Some"),
            |item| item.text = "Some text, edited".into(),
            |item| item.author = Some("Mo".into()),
            |item| item.published = None,
            |item| item.updated = Some(NOW),
            |item| item.language = Some("en".into()),
            |item| item.links.clear(),
        ];
        let mut items: Vec<Item> = changes
            .iter()
            .map(|change| {
                let mut item = item();
                change(&mut item);
                item
            })
            .collect();
        let said = |closed: bool| Thread {
            closed: Some(closed),
            ..thread(None)
        };
        let threads = [thread(None), thread(Some("T")), said(true), said(false)];
        items.extend(threads.map(|thread| Item {
            thread: Some(thread),
            ..item()
        }));
        items.push(item());
        let marks: Vec<ItemMark> = items.iter().filter_map(|item| marker.mark(item)).collect();
        assert_eq!(marks.len(), items.len());
        for (at, mark) in marks.iter().enumerate() {
            assert!(!marks[..at].contains(mark), "{at}");
        }
        assert_eq!(marker.mark(&item()), marks.last().copied());
        for state in [ItemState::Withheld(Refusal::Held), ItemState::Gone] {
            assert_eq!(marker.mark(&Item { state, ..item() }), None);
        }
    }

    #[test]
    fn a_mark_is_void_under_another_key_grant_scope_setting_or_rule_and_not_when_a_proof_is_seen_again()
     {
        let mark = marked(&grant(), &source(), 3, false, "1");
        let mut other = source();
        other.options.item = crate::source::FeedItem::Topic;
        let narrow = Scope::new(grant().scope.origin().clone(), &["/t/"]).expect("scope");
        for changed in [
            marked(&grant(), &source(), 4, false, "1"),
            marked(&of_grant(6), &source(), 3, false, "1"),
            marked(&grant().with_scope(narrow), &source(), 3, false, "1"),
            marked(&grant(), &other, 3, false, "1"),
            marked(&grant(), &source(), 3, true, "1"),
            marked(&grant(), &source(), 3, false, "2"),
        ] {
            assert_ne!(changed, mark);
        }
        let again = grant().seen_at(NOW + SignedDuration::from_hours(1));
        assert_eq!(marked(&again, &source(), 3, false, "1"), mark);
    }
}
