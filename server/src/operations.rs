//! Operations the server asks of the process around it, because they need the crawler or change what is shown.
//!
//! Each is one function that the composition root hands in. The server itself fetches nothing and hides nothing: it
//! has neither a crawler nor the pen for [`crate::Published`].

use std::fmt;
use std::sync::Arc;

use axum::body::Bytes;
use discover_model::grant::Purpose;
use discover_model::proof::{Proof, ProofMethod, ProofSubject};
use discover_model::redaction::Kind;
use discover_model::{Area, Grant, NetworkId, Refusal, SourceId, SourceKind};
use discover_store::{Hide, ObjectionId};
use futures_util::future::BoxFuture;
use jiff::civil::Date;
use serde::Serialize;
use url::Url;

/// Why an operation came to nothing, in words for whoever asked.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum OperationError {
    /// The request cannot be carried out as things are; the words may be shown.
    #[error("{0}")]
    Refused(String),
    /// A fault of ours; the words go to the log.
    #[error("{0}")]
    Failed(String),
    /// Nothing could be written just now; the words may be shown.
    #[error("{0}")]
    Unavailable(String),
    #[error("this instance only shows what it holds just now")]
    Closed,
}

/// An operation that takes an `A` and brings a `T`.
pub type Operation<A, T> =
    Arc<dyn Fn(A) -> BoxFuture<'static, Result<T, OperationError>> + Send + Sync>;

/// How a post stands at its source when an objection to it is looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PostCheck {
    Gone,
    /// Its source is read again soon, and the post goes if it bears the objection's code then.
    Stands,
    Unreachable,
    /// It was looked at less than half a minute ago; nothing was asked.
    JustChecked,
}

/// How tokens are made: only the process around the server has the key.
pub type MakeToken = Arc<dyn Fn(NetworkId, &ProofSubject) -> String + Send + Sync>;

/// What a look at an owner's proof came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Looked {
    Stands,
    /// No valid proof: what is held is hidden.
    Missing,
    Withdrawn,
    Unreachable,
    TooSoon,
    /// Consent is on paper, and there is no place to look at.
    OnPaper,
}

/// A site that wants to register.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Asked {
    /// Made at random when the owner first asked; the token is bound to it.
    pub network: NetworkId,
    /// What the owner would have read: a forum, a feed, a site.
    pub address: Url,
    pub method: ProofMethod,
    /// Titles and links alone would be kept.
    pub link_only: bool,
    /// The network is of a sensitive kind, whatever would be kept of it.
    pub sensitive: bool,
}

/// What stands at the place of the proof of somebody who asked.
#[derive(Debug, Clone, PartialEq)]
pub enum Preview {
    /// Not there yet.
    NoProof,
    /// Something is there, and is no proof, for this reason.
    BadProof(String),
    Unreachable(String),
    Seen(Box<Found>),
}

/// What a proof allows, what was found within it, and what would be taken. It lives in memory only.
#[derive(Debug, Clone, PartialEq)]
pub struct Found {
    pub scope: Vec<String>,
    pub purposes: Vec<Purpose>,
    pub retention_days: Option<u16>,
    pub expires: Option<jiff::civil::Date>,
    pub members_told: bool,
    /// What runs the site, where it says so.
    pub platform: Option<String>,
    /// What stood in the way of finding sources, for the owner.
    pub notes: Vec<String>,
    /// The best first; the items are of that one.
    pub sources: Vec<FoundSource>,
    /// Recent items, as they would be kept.
    pub items: Vec<PreviewItem>,
    /// There are more than are shown.
    pub more: bool,
    /// Why there are none or not all, in words for the owner.
    pub trouble: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FoundSource {
    pub kind: SourceKind,
    pub url: Url,
    pub title: Option<String>,
    /// What it was found by.
    pub how: String,
    /// Of comments, or of one part of the site.
    pub side: bool,
    /// What it needs in the registry, as TOML.
    pub settings: Option<String>,
}

/// A source that an owner chose.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChosenSource {
    pub kind: SourceKind,
    pub url: Url,
    pub settings: Option<String>,
}

/// One item of a preview.
#[derive(Debug, Clone, PartialEq)]
pub struct PreviewItem {
    pub url: String,
    pub verdict: Verdict,
}

#[derive(Debug, Clone, PartialEq)]
pub enum Verdict {
    Kept {
        /// Redacted.
        title: Option<String>,
        /// Redacted, and shortened to an excerpt.
        excerpt: String,
        redacted: Vec<(Kind, u32)>,
    },
    /// Shown by address and code only.
    Refused(Refusal),
}

/// What an owner chose after the preview.
#[derive(Debug, Clone, PartialEq)]
pub struct Join {
    pub asked: Asked,
    pub slug: String,
    pub name: String,
    pub owner: String,
    pub contact: Option<String>,
    pub retention_days: u16,
    pub areas: Vec<Area>,
    pub sources: Vec<ChosenSource>,
}

/// A change that an owner thinks about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Thought {
    pub network: NetworkId,
    /// An address within the scope, whose sources are to be read too.
    pub add: Option<Url>,
}

/// What an owner's proofs say at this moment, beside what was granted, and what was found at the address to be added.
#[derive(Debug, Clone, PartialEq)]
pub struct Terms {
    pub proofs: Vec<ProofNow>,
    pub found: Option<Found>,
}

/// What stands at the place of one proof now.
#[derive(Debug, Clone, PartialEq)]
pub struct ProofNow {
    pub granted: Grant,
    /// The proof, or why there is none, in words.
    pub seen: Result<Proof, String>,
}

/// What an owner settled on after seeing the difference.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Settings {
    pub network: NetworkId,
    pub name: String,
    pub owner: String,
    pub contact: Option<String>,
    pub retention_days: u16,
    pub areas: Vec<Area>,
    pub newcomers: bool,
    pub add: Vec<ChosenSource>,
}

/// Where an owner placed a nonce to log in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NonceAt {
    pub network: NetworkId,
    /// What the file speaks for.
    pub subject: ProofSubject,
    pub nonce: String,
}

/// A WebSub hub asks on a source's callback whether a subscription is meant, or says that it is denied.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HubAsks {
    pub source: SourceId,
    pub token: String,
    /// The query of the address as it came.
    pub query: String,
}

/// A WebSub hub tells of news.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HubTells {
    pub source: SourceId,
    pub token: String,
    /// The header `X-Hub-Signature`.
    pub signature: Option<String>,
    pub body: Bytes,
}

/// What the owner of a network of notes uploads.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Upload {
    pub network: NetworkId,
    /// Text or Markdown, one item a heading.
    pub text: String,
    /// The day that all of it was said on, where that is known.
    pub on: Option<Date>,
    /// The owner saw the preview and agrees; else nothing is kept.
    pub keep: bool,
}

/// What became of an upload, or would.
#[derive(Debug, Clone, PartialEq)]
pub struct Uploaded {
    pub items: Vec<Note>,
    /// Lines that are not taken, from the first to the last of them, counted from 1, and why.
    pub left_out: Vec<(usize, usize, String)>,
    pub kept: u64,
    /// Items that were held as they are.
    pub unchanged: u64,
    /// Items that are not kept: refused, or withdrawn before.
    pub refused: u64,
}

/// One item of an upload.
#[derive(Debug, Clone, PartialEq)]
pub struct Note {
    /// What is kept is shown whole, as `excerpt`.
    pub verdict: Verdict,
    pub upsert: Upsert,
}

/// What keeping an item does to what is held under its day and heading.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Upsert {
    Inserts,
    /// Other words stand there, of which it takes the place.
    Replaces,
    Unchanged,
}

impl Upsert {
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Inserts => "new",
            Self::Replaces => "replaces",
            Self::Unchanged => "unchanged",
        }
    }

    pub const fn words(self) -> &'static str {
        match self {
            Self::Inserts => "new",
            Self::Replaces => "takes the place of what is kept of this day under this heading",
            Self::Unchanged => "kept already, as it stands here",
        }
    }
}

/// A change of what is shown, for [`Operations::set`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Change {
    Pause(NetworkId),
    Resume(NetworkId),
    /// By the network's owner.
    Leave(Hide),
    /// Something was hidden or shown in the store: publish it.
    Publish,
}

/// Everything the server can ask for.
#[derive(Clone)]
pub struct Operations {
    pub look_now: Operation<NetworkId, Looked>,
    /// Durable and published when it returns.
    pub set: Operation<Change, ()>,
    pub preview: Operation<Asked, Preview>,
    /// Looks at the proof once more, records network, sources and grant, and returns the network.
    pub join: Operation<Join, NetworkId>,
    /// Looks at all proofs of a network, and at an address to be added; changes nothing.
    pub terms: Operation<Thought, Terms>,
    /// Looks at the proofs once more, takes their word, and records what the owner settled on.
    pub settle: Operation<Settings, ()>,
    /// Whether the proof file of an origin bears the nonce now.
    pub bears_nonce: Operation<NonceAt, bool>,
    pub check_objection: Operation<ObjectionId, PostCheck>,
    pub upload: Operation<Upload, Uploaded>,
    /// What to answer; `None` where nothing was asked of a hub.
    pub hub_asks: Operation<HubAsks, Option<String>>,
    /// Whether there is such a callback; what is not signed as it should be changes nothing.
    pub hub_tells: Operation<HubTells, bool>,
    /// Whether alerts would be sent to this address, as far as it tells by itself.
    pub may_send_to: Operation<Url, ()>,
    /// Whether alerts can be sent by mail.
    pub mails: bool,
    /// Whether readers may ask for digests by mail on a public page.
    pub digest_mails: bool,
    /// Whether readers may ask on a public page for what a search finds by mail.
    pub alert_mails: bool,
    /// The token that an owner places for an origin, or for a folder of it.
    pub token: MakeToken,
    /// A random id for somebody who asks.
    pub fresh_id: Arc<dyn Fn() -> NetworkId + Send + Sync>,
    /// 32 random bytes.
    pub random: Arc<dyn Fn() -> [u8; 32] + Send + Sync>,
}

impl fmt::Debug for Operations {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Operations").finish_non_exhaustive()
    }
}

fn closed<A: Send + 'static, T: Send + 'static>() -> Operation<A, T> {
    Arc::new(|_| Box::pin(async { Err(OperationError::Closed) }))
}

impl Default for Operations {
    /// Operations that nobody carries out: the server shows what there is and changes nothing.
    fn default() -> Self {
        Self {
            look_now: closed(),
            set: closed(),
            preview: closed(),
            join: closed(),
            terms: closed(),
            settle: closed(),
            bears_nonce: closed(),
            check_objection: closed(),
            upload: closed(),
            hub_asks: closed(),
            hub_tells: closed(),
            may_send_to: closed(),
            mails: false,
            digest_mails: false,
            alert_mails: false,
            token: Arc::new(|_, _| String::new()),
            fresh_id: Arc::new(|| NetworkId::from_u128(0)),
            random: Arc::new(|| [0; 32]),
        }
    }
}
