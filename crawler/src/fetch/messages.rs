//! What is asked for, and what is answered.

use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use reqwest::header::HeaderMap;
use url::Url;

use super::headers::{self, Validators};

/// What is asked for: decides the cap and the `Accept` header.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum What {
    Feed,
    Page,
    Json,
    Proof,
    Robots,
    Hub,
}

impl What {
    pub(super) const fn accept(self) -> &'static str {
        match self {
            Self::Feed => {
                "application/atom+xml, application/rss+xml, application/feed+json, application/xml;q=0.9, text/xml;q=0.9, */*;q=0.5"
            }
            Self::Page => "text/html, application/xhtml+xml;q=0.9, */*;q=0.5",
            Self::Json | Self::Proof => "application/json, */*;q=0.5",
            Self::Robots => "text/plain, */*;q=0.5",
            Self::Hub => "*/*",
        }
    }
}

/// One fetch.
#[derive(Debug, Clone)]
pub struct Request {
    pub url: Url,
    pub what: What,
    /// Sent exactly as they were received, and to the address they came from only: the tag of one page says nothing
    /// about another that redirects to it, or that it redirects to.
    pub validators: Validators,
    /// The address they came from, where it is not `url`.
    pub validators_of: Option<Url>,
    /// A longer gap than the instance's, where the owner asked for one.
    pub gap: Duration,
}

impl Request {
    pub fn new(url: Url, what: What) -> Self {
        Self {
            url,
            what,
            validators: Validators::default(),
            validators_of: None,
            gap: Duration::ZERO,
        }
    }

    #[must_use]
    pub fn with(mut self, validators: &Validators) -> Self {
        self.validators = validators.clone();
        self
    }
}

/// A complete answer, of whatever status, after redirects.
#[derive(Debug, Clone)]
pub struct Response {
    /// The address that answered.
    pub url: Url,
    pub status: u16,
    pub headers: HeaderMap,
    /// Unpacked. Of an error only the beginning is read.
    pub body: Vec<u8>,
    pub hops: u8,
    /// Where the unbroken run of permanent redirects (301, 308) from the first address leads.
    pub moved: Option<Url>,
}

impl Response {
    pub fn header(&self, name: &str) -> Option<&str> {
        headers::text(&self.headers, name)
    }
    pub fn content_type(&self) -> Option<&str> {
        self.header("content-type")
    }
    pub fn validators(&self) -> Validators {
        Validators::of(&self.headers)
    }
    pub fn lifetime(&self, now: Timestamp) -> Option<SignedDuration> {
        headers::lifetime(&self.headers, now)
    }
    pub fn retry_after(&self, now: Timestamp) -> Option<SignedDuration> {
        headers::retry_after(&self.headers, now)
    }
    pub fn is_success(&self) -> bool {
        self.status == 200 || self.status == 203
    }
}
