//! What is followed, and why somebody may not follow it.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// The key that follows of readers stand under; nobody holds it.
pub(crate) const READERS: &str = "readers";
/// The key that follows of networks' owners stand under; nobody holds it.
pub(crate) const OWNERS: &str = "owners";

/// What is followed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum FollowAbout {
    #[default]
    Search,
    /// Warnings, and topics that are newly emerging.
    Early,
    /// Digests of weeks or months.
    Digest,
    /// Answers to what a network raised.
    Answers,
}

/// Why a follow is not made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NotMade {
    /// The key has as many as it may.
    Full,
    /// The network has left.
    Left,
    /// The mailbox said no, or it or others were asked too often: not before then.
    Asked { again: Timestamp },
}
