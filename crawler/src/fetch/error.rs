//! What can go wrong with one fetch, in words an owner can act on.

use std::net::IpAddr;

use discover_model::Refusal;
use jiff::Timestamp;
use url::Url;

use crate::ssrf_guard::Blocked;

/// Why nothing was fetched, or why what came is not used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum FetchError {
    #[error("no consent covers {}", shown(.0))]
    NoConsent(Box<Url>),
    #[error("{} redirects to {}, which no consent covers", shown(.from), shown(.to))]
    OutOfScope {
        from: Box<Url>,
        to: Box<Url>,
        permanent: bool,
    },
    #[error("{} redirects to a login page", shown(.from))]
    LoginWall { from: Box<Url>, to: Box<Url> },
    #[error(transparent)]
    Blocked(#[from] Blocked),
    #[error("robots.txt does not allow {}", shown(.0))]
    Robots(Box<Url>),
    #[error("robots.txt cannot be read ({0}), which counts as a no")]
    RobotsUnreachable(String),
    #[error("the host asked us to wait until {0}")]
    HostWaits(Timestamp),
    #[error("more than 5 redirects")]
    TooManyRedirects,
    #[error("a redirect from https to http is not followed")]
    Downgrade,
    #[error("answer {0} redirects to nowhere")]
    BadRedirect(u16),
    #[error("no complete answer within {0} seconds")]
    Timeout(u64),
    #[error("the answer trickles at less than 1 KiB a second")]
    TooSlow,
    #[error("the answer is larger than {0} bytes")]
    TooLarge(usize),
    #[error("the answer unpacks to more than 100 times its size")]
    Bomb,
    #[error("the answer breaks off before its end")]
    Truncated,
    #[error("the answer is packed as {0:?}, which was not asked for")]
    Encoding(String),
    #[error("the answer says it is packed as {0}, but cannot be unpacked")]
    Garbage(&'static str),
    #[error("the name {host} cannot be resolved: {reason}")]
    Dns { host: String, reason: String },
    #[error("the certificate or encryption was refused: {0}")]
    Tls(String),
    #[error("no connection: {0}")]
    Connect(String),
    #[error("the connection led to {0}, which was not the address checked")]
    WrongPeer(IpAddr),
    #[error("the answer cannot be read: {0}")]
    Protocol(String),
    #[error("the fetch layer cannot start: {0}")]
    Config(String),
}

impl FetchError {
    /// The refusal code this failure stands for, where it is one.
    pub fn refusal(&self) -> Option<Refusal> {
        match self {
            Self::NoConsent(_) | Self::OutOfScope { .. } => Some(Refusal::OutOfScope),
            Self::LoginWall { .. } => Some(Refusal::LoginWall),
            Self::Blocked(_) | Self::WrongPeer(_) => Some(Refusal::BlockedAddress),
            Self::Robots(_) | Self::RobotsUnreachable(_) => Some(Refusal::Robots),
            Self::TooLarge(_) | Self::Bomb => Some(Refusal::TooLarge),
            _ => None,
        }
    }
}

/// An address without its query, as it may stand in logs and messages.
pub fn shown(url: &Url) -> String {
    url[..url::Position::AfterPath].chars().take(300).collect()
}

/// What a request that got no answer failed by.
pub(super) fn classify(error: &reqwest::Error) -> FetchError {
    let mut source = std::error::Error::source(error);
    while let Some(inner) = source {
        if let Some(ours) = inner.downcast_ref::<FetchError>() {
            return ours.clone();
        }
        if inner.downcast_ref::<rustls::Error>().is_some() {
            return FetchError::Tls(inner.to_string());
        }
        source = inner.source();
    }
    if error.is_timeout() {
        FetchError::Connect("the host does not answer".to_owned())
    } else if error.is_connect() {
        FetchError::Connect(chain(error))
    } else {
        FetchError::Protocol(chain(error))
    }
}

/// What an answer that broke off failed by.
pub(super) fn classify_body(error: &reqwest::Error) -> FetchError {
    let text = chain(error);
    if error.is_timeout() {
        FetchError::Timeout(0)
    } else if text.contains("end of file")
        || text.contains("before message completed")
        || text.contains("reset")
        || text.contains("unexpected")
    {
        FetchError::Truncated
    } else {
        FetchError::Protocol(text)
    }
}

/// An error's causes, outermost left out: it repeats the address, query and all.
pub(super) fn chain(error: &dyn std::error::Error) -> String {
    let mut parts: Vec<String> = Vec::new();
    let mut source = error.source();
    while let Some(inner) = source {
        let text = inner.to_string();
        if parts.last() != Some(&text) {
            parts.push(text);
        }
        source = inner.source();
    }
    if parts.is_empty() {
        return "no reason given".to_owned();
    }
    parts.join(": ").chars().take(200).collect()
}
