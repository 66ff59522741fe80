//! The ledger: an append-only, hash-chained record of grants and withdrawals.
//!
//! It holds no personal data and no names: networks stand as random ids, evidence as hashes. Each entry's hash
//! is SHA-256 over its canonical JSON (fields in the order below, no spaces), which includes the hash before it.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::ids::{GrantId, NetworkId};
use crate::proof::{ProofMethod, sha256_hex};

/// `prev` of the first entry.
pub const GENESIS: &str = "0000000000000000000000000000000000000000000000000000000000000000";

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LedgerEvent {
    Granted,
    Renewed,
    ScopeChanged,
    Paused,
    Resumed,
    Lapsed,
    Withdrawn,
    Purged,
    Restored,
    /// A body wrote to the answers of a topic.
    Answer,
    /// The text of such an entry was erased; the entry stays.
    AnswerErased,
}

impl LedgerEvent {
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Granted => "granted",
            Self::Renewed => "renewed",
            Self::ScopeChanged => "scope_changed",
            Self::Paused => "paused",
            Self::Resumed => "resumed",
            Self::Lapsed => "lapsed",
            Self::Withdrawn => "withdrawn",
            Self::Purged => "purged",
            Self::Restored => "restored",
            Self::Answer => "answer",
            Self::AnswerErased => "answer_erased",
        }
    }
}

/// Who caused an entry.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Actor {
    /// The owner, through the proof on the site or the owner's home.
    Owner,
    Operator,
    /// A body that the operator gave a key to write answers with.
    Body,
    /// A rule: expiry, outage, retention.
    System,
    /// Somebody who objected to a post.
    Objector,
}

/// What a withdrawal or a purge is about, where it is not the whole network.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PartKind {
    Source,
    Path,
    Conversation,
    Post,
    /// What fell out of a scope that became narrower.
    Scope,
    /// All that one member has in the network.
    Voice,
}

impl PartKind {
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Source => "source",
            Self::Path => "path",
            Self::Conversation => "conversation",
            Self::Post => "post",
            Self::Scope => "scope",
            Self::Voice => "voice",
        }
    }
}

/// A part of a network, without its name: `mac` is a keyed hash (hex) that only this instance can make, so that
/// nobody can try out whether some post was withdrawn.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Part {
    pub kind: PartKind,
    pub mac: String,
}

/// What an entry says. Absent fields are left out of the JSON.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LedgerFact {
    pub at: Timestamp,
    pub event: LedgerEvent,
    pub network: NetworkId,
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub grant: Option<GrantId>,
    pub actor: Actor,
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub method: Option<ProofMethod>,
    /// Hash of what was seen as proof.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub evidence_sha256: Option<String>,
    /// Hash of the scope's addresses, one a line.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub scope_sha256: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub expires: Option<Timestamp>,
    /// Receipt of a purge: how many posts went.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub posts: Option<u64>,
    /// Receipt of a purge: how many conversations went altogether.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub conversations: Option<u64>,
    /// Receipt of a purge: SHA-256 of the ids of those conversations, sorted, one a line. Whoever knows the ids can
    /// check that they are among what went.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub conversations_sha256: Option<String>,
    /// What it is about, where it is not the whole network.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub part: Option<Part>,
    /// Number of the answer's entry that it is about; its network is none then, which is all zeros.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub answer: Option<u64>,
    /// SHA-256 of an answer's salt and text. The salt is erased with the text, so that nobody can try out what it said;
    /// `conversations_sha256` is made of the list that it answers, in the same way.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub text_sha256: Option<String>,
}

impl LedgerFact {
    /// A fact about a whole network, with nothing more to say.
    pub fn new(at: Timestamp, event: LedgerEvent, network: NetworkId, actor: Actor) -> Self {
        Self {
            at,
            event,
            network,
            grant: None,
            actor,
            method: None,
            evidence_sha256: None,
            scope_sha256: None,
            expires: None,
            posts: None,
            conversations: None,
            conversations_sha256: None,
            part: None,
            answer: None,
            text_sha256: None,
        }
    }
}

/// One line of the ledger.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LedgerEntry {
    /// From 1, without gaps.
    pub seq: u64,
    pub prev: String,
    #[serde(flatten)]
    pub fact: LedgerFact,
    /// Lower-case hex SHA-256 of everything above.
    pub hash: String,
}

/// Where the chain is broken.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Broken {
    #[error(
        "entry {found} stands where entry {expected} should: entries were dropped or reordered"
    )]
    Sequence { expected: u64, found: u64 },
    #[error("entry {0} does not follow from the entry before it")]
    Chain(u64),
    #[error("entry {0} was altered: its hash does not fit its content")]
    Altered(u64),
    #[error("the ledger ends at entry {found}, but entry {expected} was recorded as its head")]
    Truncated { expected: u64, found: u64 },
    #[error("the head recorded apart from the ledger does not fit entry {0}")]
    Head(u64),
}

#[derive(Serialize)]
struct Hashed<'a> {
    seq: u64,
    prev: &'a str,
    #[serde(flatten)]
    fact: &'a LedgerFact,
}

impl LedgerEntry {
    /// The next entry after one with this `seq` and hash (0 and [`GENESIS`] for the first).
    pub fn follow(seq: u64, prev: &str, fact: LedgerFact) -> Self {
        let seq = seq + 1;
        let hash = hash_of(seq, prev, &fact);
        Self {
            seq,
            prev: prev.to_owned(),
            fact,
            hash,
        }
    }
}

fn hash_of(seq: u64, prev: &str, fact: &LedgerFact) -> String {
    let json =
        serde_json::to_string(&Hashed { seq, prev, fact }).expect("a fact has only plain fields");
    sha256_hex(json.as_bytes())
}

/// Checks a whole chain in order; `head` is the last `(seq, hash)` as recorded elsewhere, where there is one.
pub fn verify<'a>(
    entries: impl IntoIterator<Item = &'a LedgerEntry>,
    head: Option<(u64, &str)>,
) -> Result<(u64, String), Broken> {
    let mut seq = 0;
    let mut prev = GENESIS.to_owned();
    for entry in entries {
        if entry.seq != seq + 1 {
            return Err(Broken::Sequence {
                expected: seq + 1,
                found: entry.seq,
            });
        }
        if entry.prev != prev {
            return Err(Broken::Chain(entry.seq));
        }
        if hash_of(entry.seq, &entry.prev, &entry.fact) != entry.hash {
            return Err(Broken::Altered(entry.seq));
        }
        if let Some((head_seq, head_hash)) = head
            && head_seq == entry.seq
            && head_hash != entry.hash
        {
            return Err(Broken::Head(entry.seq));
        }
        seq = entry.seq;
        prev.clone_from(&entry.hash);
    }
    match head {
        Some((expected, _)) if expected > seq => Err(Broken::Truncated {
            expected,
            found: seq,
        }),
        _ => Ok((seq, prev)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn chain(length: u64) -> Vec<LedgerEntry> {
        let mut entries: Vec<LedgerEntry> = Vec::new();
        for n in 0..length {
            let fact = LedgerFact {
                posts: Some(n),
                ..LedgerFact::new(
                    Timestamp::constant(1_790_000_000, 0),
                    LedgerEvent::Granted,
                    NetworkId::from_u128(u128::from(n)),
                    Actor::Owner,
                )
            };
            let (seq, prev) = entries.last().map_or((0, GENESIS.to_owned()), |last| {
                (last.seq, last.hash.clone())
            });
            entries.push(LedgerEntry::follow(seq, &prev, fact));
        }
        entries
    }

    #[test]
    fn a_flipped_dropped_reordered_or_cut_entry_is_found() {
        let good = chain(5);
        let head = good
            .last()
            .map(|last| (last.seq, last.hash.clone()))
            .expect("five entries");
        let head = Some((head.0, head.1.as_str()));
        assert!(verify(&good, head).is_ok());

        let mut flipped = good.clone();
        flipped[2].fact.posts = Some(99);
        assert_eq!(verify(&flipped, head), Err(Broken::Altered(3)));
        let mut dropped = good.clone();
        dropped.remove(1);
        assert_eq!(
            verify(&dropped, head),
            Err(Broken::Sequence {
                expected: 2,
                found: 3
            })
        );
        let mut reordered = good.clone();
        reordered.swap(1, 2);
        assert!(verify(&reordered, head).is_err());
        assert_eq!(
            verify(&good[..4], head),
            Err(Broken::Truncated {
                expected: 5,
                found: 4
            })
        );
    }
}
