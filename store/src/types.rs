//! What goes into the store and comes out of it, beside the domain's own types.

use std::collections::BTreeMap;

use discover_model::ledger::{LedgerEntry, Part};
use discover_model::proof::sha256_hex;
use discover_model::redaction::Kind;
use discover_model::{
    Admitted, ConversationId, Grant, GrantId, ItemMark, NetworkId, Origin, Post, PostId, Refusal,
    Source, SourceId,
};
use jiff::civil::Date;
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

/// Undecided objections of one network at most: a visitor is told to write to the operator beyond that.
pub const OPEN_AT_ONCE: u64 = 1000;

/// A source whose turn has come, leased to the caller.
#[derive(Debug, Clone, PartialEq)]
pub struct Due {
    pub source: Source,
    /// What the crawler stored last; `{}` before the first visit.
    pub state_json: String,
    pub next_due: Timestamp,
    /// It has left the registry file: what is held of it is looked at, nothing new is read.
    pub left: bool,
    /// Hand it back with every [`Commit`] of this visit: a commit from an outdated lease is refused.
    pub fence: u64,
}

/// Everything one step of a visit brings: it is stored in one transaction, or not at all.
#[derive(Debug)]
pub struct Commit<'a> {
    pub source: &'a Source,
    pub posts: Vec<Admitted<Post>>,
    /// Marks of the items that `posts` were made from, by the ids of these.
    pub marks: BTreeMap<PostId, ItemMark>,
    /// Held posts whose items are as their marks say: nothing of them is decided or written, but that they were named.
    pub unchanged: Vec<PostId>,
    /// Posts that were taken back, as this source derives their ids.
    pub gone: Vec<PostId>,
    /// What the gate refused: code, and the address that is shown to the owner.
    pub refusals: Vec<(Refusal, String)>,
    /// The crawler's state after this step; `None` leaves it as it is.
    pub state_json: Option<String>,
    /// Ends the visit and its lease.
    pub finish: Option<Finished>,
    /// [`Due::fence`]; `None` where nobody holds a lease (imports, tests).
    pub fence: Option<u64>,
}

impl<'a> Commit<'a> {
    /// A commit of nothing, to be filled.
    pub fn new(source: &'a Source) -> Self {
        Self {
            source,
            posts: Vec::new(),
            marks: BTreeMap::new(),
            unchanged: Vec::new(),
            gone: Vec::new(),
            refusals: Vec::new(),
            state_json: None,
            finish: None,
            fence: None,
        }
    }
}

/// The end of a visit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finished {
    pub next_due: Timestamp,
    pub health_json: String,
    pub fetched_at: Timestamp,
    /// Whether the source could be read.
    pub ok: bool,
}

/// What a commit did.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Committed {
    /// The last change in the log after this commit.
    pub seq: u64,
    pub stored: u64,
    pub updated: u64,
    pub unchanged: u64,
    pub removed: u64,
    /// Posts refused here although the gate let them pass: their grant ended, or their network, source, path or
    /// post was withdrawn in the meantime.
    pub refused: u64,
    /// The source may not be visited any more: its network was withdrawn or paused or has lapsed, or no live grant
    /// covers it. A visit that hears this asks the site for nothing more.
    pub closed: bool,
    /// The deny set grew (a hidden conversation was joined to another): publish [`crate::Store::visibility`] anew.
    pub visibility_changed: bool,
}

/// One line of the change log: read the conversation, or forget it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Change {
    pub seq: u64,
    pub network: NetworkId,
    pub conversation: ConversationId,
    pub gone: bool,
}

/// How a source is doing, for its owner and the operator.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SourceHealth {
    pub source: SourceId,
    pub network: NetworkId,
    pub last_fetch: Option<Timestamp>,
    pub last_ok: Option<Timestamp>,
    pub next_due: Timestamp,
    pub health_json: Option<String>,
    /// Visits in a row that failed.
    pub failures: u32,
    pub stopped: bool,
}

/// A day on which a network was visited.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct VisitDay {
    pub network: NetworkId,
    pub day: Date,
    /// The day of the visit before, where there was one.
    pub before: Option<Date>,
    /// Whether any of its sources could be read.
    pub ok: bool,
}

/// Where a post stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PostAt {
    /// The post's own id, where it was asked for by the id of a second source.
    pub id: PostId,
    pub conversation: ConversationId,
    pub network: NetworkId,
    pub source: SourceId,
    pub grant: GrantId,
    pub url: String,
    pub version: u32,
    pub first_seen: Timestamp,
}

/// A kept post that is to be looked at again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Kept {
    pub id: PostId,
    pub key: String,
    pub url: String,
    pub checked: Timestamp,
}

/// Figures of the whole instance, without networks that are hidden.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Counts {
    pub networks: u64,
    pub sources: u64,
    pub conversations: u64,
    pub posts: u64,
    pub refused: BTreeMap<Refusal, u64>,
    pub redacted: BTreeMap<Kind, u64>,
    pub per_network: BTreeMap<NetworkId, NetworkCounts>,
}

/// Figures of one network.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct NetworkCounts {
    pub sources: u64,
    pub conversations: u64,
    pub posts: u64,
    pub voices: u64,
    pub last_fetch: Option<Timestamp>,
    pub refused: BTreeMap<Refusal, u64>,
    pub redacted: BTreeMap<Kind, u64>,
}

/// What is to be hidden.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Hide {
    Network(NetworkId),
    Source(SourceId),
    Path {
        network: NetworkId,
        origin: Origin,
        /// Path prefix, by whole segments.
        prefix: String,
    },
    Conversation(ConversationId),
    Post(PostId),
}

/// What was erased from the store and has no receipt on the ledger yet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Purged {
    pub network: NetworkId,
    /// A withdrawn source, path, conversation or post; `None` for the whole network.
    pub part: Option<Part>,
    /// Conversations that are gone altogether.
    pub conversations: Vec<ConversationId>,
    pub posts: u64,
}

impl Purged {
    /// The whole network went.
    pub fn whole(&self) -> bool {
        self.part.is_none()
    }

    /// SHA-256 (hex) of the ids of the conversations that went, sorted, one a line.
    pub fn conversations_sha256(&self) -> String {
        let mut ids: Vec<String> = self.conversations.iter().map(ToString::to_string).collect();
        ids.sort_unstable();
        sha256_hex(ids.join("\n").as_bytes())
    }
}

/// What an expiry run removed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Expired {
    pub posts: u64,
    /// The last change in the log after this run.
    pub seq: u64,
}

/// An expiry that would take a large part of the store after a long pause, and waits for the operator's word.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ExpiryWait {
    pub since: Timestamp,
    /// After so much more time of running, what is past its term goes without the operator's word.
    pub left: SignedDuration,
    /// Posts that are hidden meanwhile.
    pub posts: u64,
}

/// What is asked about in [`crate::Store::consent_proof`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Subject {
    Conversation(ConversationId),
    Post(PostId),
}

impl From<ConversationId> for Subject {
    fn from(id: ConversationId) -> Self {
        Self::Conversation(id)
    }
}

impl From<PostId> for Subject {
    fn from(id: PostId) -> Self {
        Self::Post(id)
    }
}

/// The ledger's head at the end of a day, signed. Published, so that nobody, the operator included, can change what
/// was said before it without being found out.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SignedHead {
    pub day: Date,
    pub seq: u64,
    pub hash: String,
    pub at: Timestamp,
    /// Ed25519 over `discover ledger head\n{day}\n{seq}\n{hash}\n`, as lower-case hex.
    pub signature: String,
}

/// The way from something shown to the consent it rests on.
#[derive(Debug, Clone, PartialEq)]
pub struct ConsentProof {
    pub network: NetworkId,
    pub grant: Grant,
    /// The entry that recorded the grant as it stands.
    pub entry: LedgerEntry,
    /// Number and hash of the last entry on the path: the next head that was signed, else the ledger's last entry.
    pub head: (u64, String),
    /// The signature under that head, where it has one.
    pub signed: Option<SignedHead>,
    /// Hashes of the entries after `entry`, up to the head.
    pub path: Vec<String>,
}
