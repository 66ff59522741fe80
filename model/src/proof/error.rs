//! Why what stands at the place of a proof is none, in words that say what to write.

use crate::scope::BadScope;

/// Why what stands at the proof address is no proof.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum BadProof {
    #[error("unknown proof method {0:?}: use well-known, dns-txt, meta, profile or attested")]
    Method(String),
    #[error(
        "what is there is larger than 16 KiB: put the consent file itself there, not a web page"
    )]
    TooLarge,
    #[error(
        "your server sends a web page (HTML) in the place of the file: put the file itself there"
    )]
    WebPage,
    #[error("the file is neither UTF-8 nor UTF-16: save it as UTF-8")]
    Encoding,
    #[error("the file is empty: copy into it what you were given")]
    Empty,
    #[error("the consent file cannot be read as JSON: {0}")]
    Syntax(String),
    #[error("the file has no {0:?}: write {1}")]
    Lacks(&'static str, &'static str),
    #[error("{0:?} cannot be read: write {1}")]
    Field(&'static str, &'static str),
    #[error(
        "{0:?} looks like a withdrawal: to withdraw write \"withdrawn\": true, else take it out"
    )]
    NearWithdrawal(String),
    #[error("this proof speaks for {1} alone, and its scope names {0:?}: keep to the folder")]
    OutsideFolder(String, String),
    #[error("the consent file says version {0}; this instance reads version 1")]
    Version(u32),
    #[error("the token is not the one given for this network and origin")]
    WrongToken,
    #[error("no proof was found where it should stand")]
    Missing,
    #[error(transparent)]
    Scope(#[from] BadScope),
    #[error("retention_days must be between 1 and 1095, not {0}")]
    Retention(u32),
    #[error("no purpose is named: use \"search\", \"topics\" or both")]
    NoPurpose,
}

impl BadProof {
    /// Whether somebody may have meant to withdraw: a person has to look before anything is shown or ended.
    pub fn may_be_withdrawal(&self) -> bool {
        matches!(self, Self::NearWithdrawal(_) | Self::Field("withdrawn", _))
    }
}
