//! One fetch on its way: the address it has come to, what is left of its time, and which redirects it may follow.

use std::time::{Duration, Instant};

use reqwest::header::LOCATION;
use url::Url;

use super::error::FetchError;
use super::messages::{Request, Response};

/// Redirects followed for one fetch.
pub const MAX_HOPS: u8 = 5;

/// One fetch on its way through redirects.
pub(super) struct Hop<'a> {
    pub(super) request: &'a Request,
    pub(super) encodings: &'static str,
    /// Sent with POST, where there is one.
    pub(super) form: Option<String>,
    /// How long to wait for the site's turn, where that is limited.
    pub(super) patience: Option<Duration>,
    pub(super) url: Url,
    pub(super) hops: u8,
    pub(super) moved: Option<Url>,
    pub(super) only_permanent: bool,
    pub(super) left: Duration,
    pub(super) begun: Instant,
}

impl<'a> Hop<'a> {
    pub(super) fn new(request: &'a Request, encodings: &'static str, budget: Duration) -> Self {
        let mut url = request.url.clone();
        url.set_fragment(None);
        Self {
            request,
            encodings,
            form: None,
            patience: None,
            url,
            hops: 0,
            moved: None,
            only_permanent: true,
            left: budget,
            begun: Instant::now(),
        }
    }

    pub(super) fn spend(&mut self) {
        // Waiting for turns between hops is ours, not the server's, but a hop must end; what is left is halved at worst.
        let spent = self.begun.elapsed();
        self.left = self.left.saturating_sub(spent).max(self.left / 2);
        self.begun = Instant::now();
    }

    pub(super) fn redirect(&mut self, response: &Response) -> Result<(), FetchError> {
        if self.hops == MAX_HOPS {
            return Err(FetchError::TooManyRedirects);
        }
        let target = response
            .headers
            .get(LOCATION)
            .and_then(|value| std::str::from_utf8(value.as_bytes()).ok())
            .and_then(|location| self.url.join(location.trim()).ok());
        let Some(mut target) = target else {
            return Err(FetchError::BadRedirect(response.status));
        };
        target.set_fragment(None);
        if looks_like_login(&target) && !looks_like_login(&self.request.url) {
            return Err(FetchError::LoginWall {
                from: Box::new(self.request.url.clone()),
                to: Box::new(target),
            });
        }
        if self.url.scheme() == "https" && target.scheme() == "http" {
            return Err(FetchError::Downgrade);
        }
        self.only_permanent &= matches!(response.status, 301 | 308);
        if self.only_permanent {
            self.moved = Some(target.clone());
        }
        self.hops += 1;
        self.url = target;
        Ok(())
    }
}

/// Whether an address is where a visitor is sent to log in.
fn looks_like_login(url: &Url) -> bool {
    const STEPS: &[&str] = &[
        "login",
        "log-in",
        "log_in",
        "logon",
        "signin",
        "sign-in",
        "sign_in",
        "sso",
        "auth",
        "oauth",
        "oauth2",
        "saml",
        "cas",
        "session",
        "sessions",
        "accounts",
        "wp-login.php",
        "login.php",
        "ucp.php",
        "register",
    ];
    let path = url.path().to_ascii_lowercase();
    let step = path
        .split('/')
        .any(|step| STEPS.contains(&step) && step != "accounts" && step != "register");
    let account = path.contains("/accounts/login") || path.contains("/account/login");
    step && !path.starts_with("/.well-known/") && !path.starts_with("/api/") || account
}
