//! A package: what is handed on to a deliberation, with where it comes from and whose consent it rests on.

use discover_model::{ConversationId, Direction, GrantId, Language, SourceKind, TopicId};
use jiff::Timestamp;
use jiff::civil::Date;
use serde::Serialize;
use utoipa::ToSchema;

use super::{
    Check, Coordinated, Copies, Evidence, Id, Kind, LanguageCode, Matched, WritingDirection,
};

/// The manifest of a package: its quotations, their sources and consents, what is left out, and its files. In the archive
/// it is `manifest.json`, and `manifest.sig` beside it is Ed25519 over `discover package\n{SHA-256 of manifest.json}\n`, as
/// lower-case hex.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct Package {
    /// The topic's label, or what was searched for.
    pub label: String,
    /// What it is about, in full, at its address here.
    #[schema(format = "uri")]
    pub url: String,
    /// Where this manifest is made anew whenever it is asked for. What is withdrawn is not in it any more: then it must not
    /// be used any more.
    #[schema(format = "uri")]
    pub manifest: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<Id>)]
    pub topic: Option<TopicId>,
    /// Of a topic; absent where nothing looks so.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub coordinated: Option<Coordinated>,
    /// The instance that made it.
    pub instance: String,
    /// How to reach who runs it.
    pub contact: String,
    /// Conversations about it, exact.
    pub conversations: u64,
    /// Those that were looked through for something to quote, near copies once: of the first hundred.
    pub looked_through: u64,
    /// One a conversation: of a topic the most central first, of a search in its order.
    #[schema(max_items = 100)]
    pub quotations: Vec<Quotation>,
    /// Networks that are quoted, by slug.
    pub networks: Vec<QuotedNetwork>,
    pub left_out: NotHandedOn,
    pub files: Vec<PackageFile>,
    pub check: Check,
    /// Ed25519 public key of the signature, as lower-case hex: the key of the ledger's signed heads.
    pub key: String,
}

impl Package {
    /// Conversations about it, near copies once.
    pub const fn once(&self) -> u64 {
        self.conversations.saturating_sub(self.left_out.near_copies)
    }
}

/// A passage of a conversation, with its reference.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Quotation {
    /// From 1.
    pub number: u64,
    /// As written, with personal details taken out.
    #[schema(max_length = 300)]
    pub text: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<LanguageCode>)]
    pub language: Option<Language>,
    #[schema(value_type = WritingDirection)]
    pub direction: Direction,
    /// Slug of its network.
    pub network: String,
    #[schema(value_type = Id)]
    pub conversation: ConversationId,
    /// Title of the conversation.
    pub title: String,
    #[schema(value_type = Kind)]
    pub kind: SourceKind,
    /// Day of the post; absent where nobody knows.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = Date)]
    pub day: Option<Date>,
    /// The original, at its network; or what its network links to, where there is `links_to`.
    #[schema(format = "uri")]
    pub url: String,
    /// Host that `url` leads to, where it is none that the network proved to be its own.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub links_to: Option<String>,
    /// The conversation's page here.
    #[schema(format = "uri")]
    pub page: String,
    /// Conversations that are nearly the same; absent where there is none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub copies: Option<Copies>,
    /// The grant under which it is kept; among the consents of its network.
    #[schema(value_type = Id)]
    pub grant: GrantId,
}

/// A network that is quoted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct QuotedNetwork {
    pub slug: String,
    pub name: String,
    /// The organisation that owns it.
    pub owner: String,
    /// Quotations of it, exact.
    pub quotations: u64,
    pub consents: Vec<QuotedConsent>,
}

/// A consent that quotations rest on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct QuotedConsent {
    #[schema(value_type = Id)]
    pub grant: GrantId,
    pub evidence: Evidence,
    pub retention_days: u16,
    #[schema(value_type = String, format = DateTime)]
    pub expires: Timestamp,
    /// Number and hash of the ledger's entry that recorded it.
    pub ledger_seq: u64,
    pub ledger_hash: String,
}

/// Conversations about it that are not quoted, and why.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct NotHandedOn {
    /// Near copies of another one of them, all of them: pages count them once.
    pub near_copies: u64,
    /// The same words as one that is quoted.
    pub same_words: u64,
    /// They say next to nothing, or may be shown by title and link alone.
    pub nothing_to_quote: u64,
    /// Not looked through: they come after the first hundred.
    pub beyond: u64,
    /// Which of its words a conversation has; absent where it is a topic.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub matched: Option<Matched>,
}

/// A file of a package.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct PackageFile {
    #[schema(example = "polis.csv")]
    pub name: String,
    pub media: String,
    pub bytes: u64,
    pub sha256: String,
    /// Quotations in it.
    pub quotations: u64,
    /// Quotations of the package that are not in it.
    pub left_out: u64,
    /// Why not; absent where none is left out.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub because: Option<String>,
}
