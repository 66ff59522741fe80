//! What a source's owner is told: all well, or what blocked us and how to fix it.

use discover_model::Refusal;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::counts::Counts;
use crate::fetch::{FetchError, shown};
use crate::trouble::Trouble;

/// The state of one source after a visit.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Health {
    pub status: Status,
    /// Stable word for the cause.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub code: Option<String>,
    /// What happened, in plain words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub what: Option<String>,
    /// What the owner can do about it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fix: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub since: Option<Timestamp>,
    /// The refusal this is, where it is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub refusal: Option<Refusal>,
    /// What became of everything that was seen.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub counts: Option<Counts>,
    /// The same in words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub entries: Option<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Status {
    Ok,
    /// We wait because the site asked us to.
    Waiting,
    /// The site or the rules say no; only its owner can change that.
    Blocked,
    /// Something failed that may mend by itself.
    Failing,
    /// Gone, as the site says for good (410); asked every week in case it is back.
    Stopped,
}

impl Health {
    pub fn ok() -> Self {
        Self {
            status: Status::Ok,
            code: None,
            what: None,
            fix: None,
            since: None,
            refusal: None,
            counts: None,
            entries: None,
        }
    }

    /// Entries stood there, and the gate could make nothing of any of them.
    pub fn nothing_readable(seen: u64, since: Timestamp) -> Self {
        let mut health = Self::new(
            Status::Failing,
            "unreadable",
            format!("none of its {seen} entries can be read"),
            "check that each entry has an address, and a title or a text",
        );
        health.since = Some(since);
        health
    }

    /// Says what became of everything that was seen.
    pub fn set_counts(&mut self, counts: Option<&Counts>) {
        self.counts = counts.cloned();
        self.entries = counts.map(Counts::words);
    }

    pub fn is_ok(&self) -> bool {
        self.status == Status::Ok
    }

    fn new(status: Status, code: &str, what: String, fix: &str) -> Self {
        Self {
            status,
            code: Some(code.to_owned()),
            what: Some(what),
            fix: Some(fix.to_owned()),
            since: None,
            refusal: None,
            counts: None,
            entries: None,
        }
    }

    /// Adds what follows from the cause to what the owner is told.
    pub(crate) fn add_notice(&mut self, notice: &str) {
        if let Some(what) = &mut self.what {
            what.push_str(": ");
            what.push_str(notice);
        }
    }

    pub(crate) fn waiting(until: Timestamp) -> Self {
        Self::new(
            Status::Waiting,
            "retry_after",
            format!("the site asked us to wait until {until}"),
            "nothing: we come back then",
        )
    }

    pub(crate) fn of(trouble: &Trouble, since: Timestamp) -> Self {
        let mut health = match trouble {
            Trouble::Fetch(error) => Self::of_fetch(error),
            Trouble::Status {
                retry_after: Some(_),
                status: 429 | 503,
                ..
            } => Self::of_status(429, trouble.to_string()),
            Trouble::Status { status, .. } => Self::of_status(*status, trouble.to_string()),
            Trouble::Unreadable { .. } => Self::new(
                Status::Failing,
                "unreadable",
                trouble.to_string(),
                "check that the address gives the feed or data itself to a visitor without an account",
            ),
            Trouble::Refused { .. } => Self::new(
                Status::Blocked,
                "refused",
                trouble.to_string(),
                "change the setting at the site if this is not what its owner wants",
            ),
            Trouble::Setting(_) => Self::new(
                Status::Blocked,
                "setting",
                trouble.to_string(),
                "correct the source's settings",
            ),
            Trouble::Stopped => Self::new(
                Status::Waiting,
                "interrupted",
                trouble.to_string(),
                "nothing: the visit goes on where it stopped",
            ),
        };
        health.since = Some(since);
        health.refusal = trouble.refusal();
        health
    }

    fn of_status(status: u16, what: String) -> Self {
        match status {
            401..=403 | 451 => Self::new(
                Status::Blocked,
                "forbidden",
                what,
                "let visitors without an account read the address; a firewall may also keep our user agent out",
            ),
            404 => Self::new(
                Status::Failing,
                "not_found",
                what,
                "correct the address, or remove the source",
            ),
            410 => Self::new(
                Status::Stopped,
                "gone",
                what,
                "register the new address, or remove the source",
            ),
            429 => Self::new(
                Status::Waiting,
                "rate_limited",
                what,
                "nothing: we slow down; a longer `every` or lower `max_rps` helps",
            ),
            _ => Self::new(
                Status::Failing,
                "server_error",
                what,
                "nothing if it passes; else look into the site's log at the time given",
            ),
        }
    }

    fn of_fetch(error: &FetchError) -> Self {
        let what = error.to_string();
        let (status, code, fix) = match error {
            FetchError::NoConsent(_) => (
                Status::Blocked,
                "out_of_scope",
                "widen the scope in the consent file, or correct the source's address".to_owned(),
            ),
            FetchError::OutOfScope { to, .. } => (
                Status::Blocked,
                "moved_out_of_scope",
                format!(
                    "if the source has moved, register {} with its own proof",
                    shown(to)
                ),
            ),
            FetchError::LoginWall { .. } => (
                Status::Blocked,
                "login_wall",
                "let visitors without an account read the address".to_owned(),
            ),
            FetchError::Blocked(_) | FetchError::WrongPeer(_) => (
                Status::Blocked,
                "blocked_address",
                "use an address on the public internet".to_owned(),
            ),
            FetchError::Robots(url) => (
                Status::Blocked,
                "robots",
                format!(
                    "add to robots.txt: User-agent: Discover / Allow: {}",
                    url.path()
                ),
            ),
            FetchError::RobotsUnreachable(_) => (
                Status::Failing,
                "robots_unreachable",
                "make /robots.txt answer 200, or 404 if there is none".to_owned(),
            ),
            FetchError::HostWaits(_) => (
                Status::Waiting,
                "retry_after",
                "nothing: we come back then".to_owned(),
            ),
            FetchError::Tls(_) => (
                Status::Failing,
                "certificate",
                "renew or correct the site's certificate".to_owned(),
            ),
            FetchError::Dns { .. } => (
                Status::Failing,
                "dns",
                "check the site's name and name servers".to_owned(),
            ),
            FetchError::TooLarge(_) | FetchError::Bomb => (
                Status::Failing,
                "too_large",
                "publish fewer items in one document".to_owned(),
            ),
            FetchError::TooManyRedirects | FetchError::Downgrade | FetchError::BadRedirect(_) => (
                Status::Failing,
                "redirect",
                "register the address the redirects should lead to".to_owned(),
            ),
            _ => (
                Status::Failing,
                "unreachable",
                "nothing if it passes; else check that the site answers from outside".to_owned(),
            ),
        };
        Self::new(status, code, what, &fix)
    }
}
