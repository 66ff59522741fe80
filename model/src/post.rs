//! Posts as they are kept: plain, redacted, without a name.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use url::Url;

use crate::ids::{GrantId, NetworkId, PostId, SourceId};
use crate::item::Thread;
use crate::language::Language;
use crate::redaction::Kind;
use crate::voice::Voice;

/// Longest text kept of one post, in bytes of UTF-8.
pub const MAX_TEXT_BYTES: usize = 64 * 1024;
/// Longest title kept, in bytes.
pub const MAX_TITLE_BYTES: usize = 1024;
/// Most outgoing links kept of one post.
pub const MAX_LINKS: usize = 50;

/// One public item that passed the gate. Only an `Admitted<Post>` can be stored.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Post {
    pub id: PostId,
    pub network: NetworkId,
    pub source: SourceId,
    pub grant: GrantId,
    pub key: String,
    /// Item key of the root, where known. A post without parent and root is its own root.
    pub root: Option<String>,
    /// Item key of the post replied to.
    pub parent: Option<String>,
    /// The thread it stands in, its title redacted.
    pub thread: Option<Thread>,
    pub url: Url,
    /// Canonical form of `url`: two sources with the same one carry the same post.
    pub canonical_url: String,
    /// Redacted.
    pub title: Option<String>,
    /// Redacted.
    pub text: String,
    pub voice: Voice,
    /// What the item says, clamped to first seen if in the future; none where it says nothing that can be.
    pub published: Option<Timestamp>,
    pub updated: Option<Timestamp>,
    pub first_seen: Timestamp,
    /// As the item, feed or owner declares it; the decision is in `language`.
    pub declared_language: Option<String>,
    pub language: Option<Language>,
    /// Certainty of `language`, 0 to 1.
    pub language_confidence: f32,
    /// Canonical outgoing links.
    pub links: Vec<String>,
    /// Hash of title, text and links after normalising white space: equal means nothing to re-index.
    pub content_hash: u128,
    /// How many pieces of each kind were redacted, for counting only.
    pub redacted: Vec<(Kind, u32)>,
}
