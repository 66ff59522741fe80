//! What can go wrong in a visit: with one fetch, with one page, or with the source as it is declared.

use discover_model::Refusal;
use jiff::SignedDuration;
use url::Url;

use crate::fetch::{FetchError, shown};

/// Why a visit ended early.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(crate) enum Trouble {
    #[error(transparent)]
    Fetch(#[from] FetchError),
    #[error("{} answered {status}", shown(.url))]
    Status {
        url: Box<Url>,
        status: u16,
        retry_after: Option<SignedDuration>,
    },
    #[error("{}: {why}", shown(.url))]
    Unreadable { url: Box<Url>, why: String },
    #[error("{what}")]
    Refused { refusal: Refusal, what: String },
    #[error("{0}")]
    Setting(String),
    #[error("the visit was interrupted")]
    Stopped,
}

impl Trouble {
    pub(crate) fn refusal(&self) -> Option<Refusal> {
        match self {
            Self::Fetch(error) => error.refusal(),
            Self::Status { status, .. } => {
                matches!(status, 401..=403 | 451).then_some(Refusal::NotPublic)
            }
            Self::Refused { refusal, .. } => Some(*refusal),
            _ => None,
        }
    }

    /// Whether the rest of the source is out of reach too, so that trying on would only be a burden.
    pub(crate) fn ends_visit(&self) -> bool {
        match self {
            Self::Fetch(error) => !matches!(
                error,
                FetchError::Robots(_)
                    | FetchError::NoConsent(_)
                    | FetchError::OutOfScope { .. }
                    | FetchError::LoginWall { .. }
                    | FetchError::TooLarge(_)
                    | FetchError::Bomb
                    | FetchError::Timeout(_)
                    | FetchError::TooSlow
                    | FetchError::Truncated
                    | FetchError::Garbage(_)
                    | FetchError::Encoding(_)
                    | FetchError::TooManyRedirects
                    | FetchError::Downgrade
                    | FetchError::BadRedirect(_)
            ),
            // Without a time to wait a 503 may be one page's.
            Self::Status {
                status,
                retry_after,
                ..
            } => *status == 429 || *status == 503 && retry_after.is_some(),
            Self::Unreadable { .. } => false,
            Self::Refused { .. } | Self::Setting(_) | Self::Stopped => true,
        }
    }
}
