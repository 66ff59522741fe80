//! Identifiers: 128 bits, written as 26 characters of lower-case base32 (RFC 4648 alphabet, no padding).
//!
//! Derived ids (`PostId`, `ConversationId`, `SourceId`) are truncated SHA-256 over a label and
//! length-prefixed parts, and every one of them includes the network: two networks can never share
//! or overwrite a post.

use std::fmt;
use std::str::FromStr;

use data_encoding::{Encoding, Specification};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

fn base32() -> &'static Encoding {
    static ENCODING: std::sync::OnceLock<Encoding> = std::sync::OnceLock::new();
    ENCODING.get_or_init(|| {
        let mut spec = Specification::new();
        spec.symbols.push_str("abcdefghijklmnopqrstuvwxyz234567");
        spec.encoding()
            .expect("a 32-symbol alphabet is a valid encoding")
    })
}

/// The text is not an id: 26 characters of `a-z2-7` were expected.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("not an id: {0:?} (26 characters of a-z and 2-7 expected)")]
pub struct BadId(pub String);

fn parse(text: &str) -> Result<u128, BadId> {
    let bad = || BadId(text.chars().take(40).collect());
    if text.len() != 26 {
        return Err(bad());
    }
    let bytes = base32().decode(text.as_bytes()).map_err(|_| bad())?;
    let array: [u8; 16] = bytes.try_into().map_err(|_| bad())?;
    Ok(u128::from_be_bytes(array))
}

/// Truncated SHA-256 over a label and length-prefixed parts.
pub(crate) fn digest128(label: &str, parts: &[&[u8]]) -> u128 {
    let mut hasher = Sha256::new();
    hasher.update(label.as_bytes());
    for part in parts {
        hasher.update((part.len() as u64).to_be_bytes());
        hasher.update(part);
    }
    let hash = hasher.finalize();
    let mut first = [0; 16];
    first.copy_from_slice(&hash[..16]);
    u128::from_be_bytes(first)
}

macro_rules! id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(u128);

        impl $name {
            pub const fn from_u128(value: u128) -> Self {
                Self(value)
            }
            pub const fn as_u128(self) -> u128 {
                self.0
            }
            pub const fn to_bytes(self) -> [u8; 16] {
                self.0.to_be_bytes()
            }
            pub const fn from_bytes(bytes: [u8; 16]) -> Self {
                Self(u128::from_be_bytes(bytes))
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&base32().encode(&self.to_bytes()))
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, concat!(stringify!($name), "({})"), self)
            }
        }

        impl FromStr for $name {
            type Err = BadId;
            fn from_str(text: &str) -> Result<Self, BadId> {
                parse(text).map(Self)
            }
        }

        impl Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                if serializer.is_human_readable() {
                    serializer.collect_str(self)
                } else {
                    self.0.serialize(serializer)
                }
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                if deserializer.is_human_readable() {
                    let text = String::deserialize(deserializer)?;
                    text.parse().map_err(serde::de::Error::custom)
                } else {
                    u128::deserialize(deserializer).map(Self)
                }
            }
        }
    };
}

id!(
    /// A network: a random UUID, so that it says nothing about the network once its names are destroyed.
    NetworkId
);
id!(
    /// A declared source: hash of network, kind and address.
    SourceId
);
id!(
    /// One grant of consent: random.
    GrantId
);
id!(
    /// A post: hash of network, source and item key.
    PostId
);
id!(
    /// A conversation: hash of network and the root's item key.
    ConversationId
);
id!(
    /// A topic: given at birth by the graph, kept through growth, resolved through aliases after a merge.
    TopicId
);

id!(
    /// A saved search that is followed: random.
    FollowId
);
id!(
    /// One thing that a follow is told: random, and the same however often it is sent.
    DeliveryId
);

impl PostId {
    pub fn derive(network: NetworkId, source: SourceId, item_key: &str) -> Self {
        Self(digest128(
            "post",
            &[&network.to_bytes(), &source.to_bytes(), item_key.as_bytes()],
        ))
    }
}

impl ConversationId {
    /// `root_key` is the item key of the root post (of the post itself while its root is unknown).
    pub fn derive(network: NetworkId, root_key: &str) -> Self {
        Self(digest128(
            "conversation",
            &[&network.to_bytes(), root_key.as_bytes()],
        ))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_survives_writing_and_reading() {
        let id = PostId::from_u128(0x0123_4567_89ab_cdef_0011_2233_4455_6677);
        let text = id.to_string();
        assert_eq!(text.len(), 26);
        assert_eq!(text.parse::<PostId>(), Ok(id));
        assert!("ABC".parse::<PostId>().is_err());
        assert!("-".repeat(26).parse::<PostId>().is_err());
    }

    #[test]
    fn the_same_item_key_in_two_networks_gives_two_posts() {
        let (a, b) = (NetworkId::from_u128(1), NetworkId::from_u128(2));
        let source = SourceId::from_u128(9);
        assert_ne!(
            PostId::derive(a, source, "guid"),
            PostId::derive(b, source, "guid")
        );
        assert_ne!(
            ConversationId::derive(a, "guid"),
            ConversationId::derive(b, "guid")
        );
    }

    #[test]
    fn parts_cannot_be_shifted_into_each_other() {
        assert_ne!(
            digest128("x", &[b"ab", b"c"]),
            digest128("x", &[b"a", b"bc"])
        );
    }
}
