//! Voices: distinct authors inside one network, known only by a keyed hash.
//!
//! Used for counting, never for searching or showing. The key is one per network and is destroyed with it,
//! so the same person in two networks is two voices that cannot be linked. It also makes the marks by which a crawl
//! state remembers items and pages without their names.

use hmac::{Hmac, Mac};
use serde::{Deserialize, Serialize};
use sha2::Sha256;

/// A network's secret for [`Voice::of`].
#[derive(Clone, PartialEq, Eq)]
pub struct VoiceKey([u8; 32]);

impl VoiceKey {
    pub const fn new(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }
    pub const fn bytes(&self) -> &[u8; 32] {
        &self.0
    }
}

impl VoiceKey {
    /// What stands for `name` in a crawl state: nobody without the key can tell whether a name was there. `of` says what
    /// the name is of ("item", "page"), so that marks of different things do not meet.
    pub fn mark(&self, of: &str, name: &str) -> Mark {
        let mut mac =
            Hmac::<Sha256>::new_from_slice(&self.0).expect("HMAC takes a key of any length");
        for part in ["mark", of, name] {
            mac.update(&(part.len() as u64).to_be_bytes());
            mac.update(part.as_bytes());
        }
        let hash = mac.finalize().into_bytes();
        let mut first = [0; 8];
        first.copy_from_slice(&hash[..8]);
        Mark(u64::from_be_bytes(first))
    }
}

impl VoiceKey {
    /// A name of 24 letters for what must not be told from its name by anybody without the key. Of letters alone, as digits
    /// may look like somebody's.
    pub fn letters(&self, of: &str, name: &str) -> String {
        let mut mac =
            Hmac::<Sha256>::new_from_slice(&self.0).expect("HMAC takes a key of any length");
        for part in ["letters", of, name] {
            mac.update(&(part.len() as u64).to_be_bytes());
            mac.update(part.as_bytes());
        }
        let hash = mac.finalize().into_bytes();
        let half = |four: u8| char::from(b'a' + four);
        hash.iter()
            .take(12)
            .flat_map(|byte| [half(byte >> 4), half(byte & 15)])
            .collect()
    }
}

/// Keyed hash of a name that something has inside a network, 64 bits; made by [`VoiceKey::mark`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Mark(u64);

impl std::fmt::Debug for VoiceKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("VoiceKey(…)")
    }
}

/// Keyed hash of an author, 128 bits.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Voice(u128);

impl std::fmt::Debug for Voice {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Voice(…)")
    }
}

impl Voice {
    /// `author` is the network's own name for its author (account name or number).
    pub fn of(key: &VoiceKey, author: &str) -> Self {
        let mut mac =
            Hmac::<Sha256>::new_from_slice(&key.0).expect("HMAC takes a key of any length");
        mac.update(author.trim().to_lowercase().as_bytes());
        let hash = mac.finalize().into_bytes();
        let mut first = [0; 16];
        first.copy_from_slice(&hash[..16]);
        Self(u128::from_be_bytes(first))
    }

    /// The one voice of a source that names no authors.
    pub fn of_source(key: &VoiceKey, source: crate::SourceId) -> Self {
        Self::of(key, &format!("source {source}"))
    }

    pub const fn from_bytes(bytes: [u8; 16]) -> Self {
        Self(u128::from_be_bytes(bytes))
    }
    pub const fn to_bytes(self) -> [u8; 16] {
        self.0.to_be_bytes()
    }
}
