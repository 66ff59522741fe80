//! "Why is our forum not here?": a reader names a site, and the operator may write to its owner.
//!
//! Contract: nothing is fetched, and no site is shown before its owner agrees. Of the reader nothing is kept but how often
//! somebody of the same address block named one, in memory. Only the name of a host is taken: what says who somebody is
//! (an account, the address of a post, a profile) is refused.

use askama::Template;
use axum::extract::{Form, State as FromState};
use axum::response::Response;
use serde::Deserialize;
use url::{Host, Url};

use super::view::{Frame, Link, Nav};
use crate::figures::figures;
use crate::i18n::{Msg, filters, msg};
use crate::limits::Client;
use crate::owner::private_page;
use crate::problem::Problem;
use crate::state::{State, View};
use crate::text::links;
use crate::text::platforms::is_social;

/// Longest name of a host (RFC 1035, 2.3.4).
const LONGEST: usize = 253;

#[derive(Debug, Template)]
#[template(path = "missing.html")]
struct Page {
    frame: Frame,
    site: String,
    trouble: Option<Msg>,
    /// The site that was noted just now.
    noted: Option<String>,
    /// The network that the site is here as already.
    here: Option<Link>,
}

/// Why a text names no site.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum NotASite {
    Empty,
    MoreThanAHost,
    NoName,
    Social,
}

impl NotASite {
    fn words(self) -> Msg {
        match self {
            Self::Empty => msg!("missing-empty"),
            Self::MoreThanAHost => msg!("missing-more-than-host"),
            Self::NoName => msg!("missing-no-name"),
            Self::Social => msg!("missing-social"),
        }
    }
}

/// The host that somebody wrote, alone or as the address of a home page.
fn host(text: &str) -> Result<String, NotASite> {
    let text = text.trim().trim_end_matches('/');
    if text.is_empty() {
        return Err(NotASite::Empty);
    }
    let bare = text
        .strip_prefix("https://")
        .or_else(|| text.strip_prefix("http://"))
        .unwrap_or(text);
    if bare.contains(['/', '@', '?', '#', ' ']) {
        return Err(NotASite::MoreThanAHost);
    }
    let url = Url::parse(&format!("https://{bare}/")).map_err(|_| NotASite::NoName)?;
    let Some(Host::Domain(host)) = url.host() else {
        return Err(NotASite::NoName);
    };
    let host = host.trim_end_matches('.');
    let (_, last) = host.rsplit_once('.').ok_or(NotASite::NoName)?;
    let private = ["local", "localhost", "internal", "onion", "test", "invalid"];
    if host.len() > LONGEST || private.contains(&last) || url.port().is_some() {
        return Err(NotASite::NoName);
    }
    if is_social(host) {
        return Err(NotASite::Social);
    }
    Ok(host.strip_prefix("www.").unwrap_or(host).to_owned())
}

/// The network of this host, where there is one that is shown.
async fn known(view: &View, host: &str) -> Result<Option<Link>, Problem> {
    let figures = figures(view).await?;
    let same = |address: &str| address.strip_prefix("www.").unwrap_or(address) == host;
    let network = view.networks().find(|network| {
        let mut sources = figures.sources(view, network.id);
        sources.any(|source| source.url.host_str().is_some_and(same))
    });
    Ok(network.map(|network| Link::new(links::network(&network.slug), &network.name)))
}

impl Page {
    fn new(state: &State, site: String) -> Self {
        Self {
            frame: Frame::new(
                &state.config().instance_name,
                msg!("missing-title"),
                Nav::Networks,
            ),
            site,
            trouble: None,
            noted: None,
            here: None,
        }
    }

    fn refused(state: &State, site: String, trouble: Msg) -> Self {
        let mut page = Self::new(state, site);
        page.frame.title = msg!("error-title", title = page.frame.title);
        page.trouble = Some(trouble);
        page
    }
}

pub(super) async fn form(FromState(state): FromState<State>) -> Result<Response, Problem> {
    private_page(&Page::new(&state, String::new()))
}

#[derive(Debug, Deserialize)]
pub(super) struct Named {
    #[serde(default)]
    site: String,
}

pub(super) async fn name(
    view: View,
    client: Client,
    Form(form): Form<Named>,
) -> Result<Response, Problem> {
    let state = &view.state;
    let typed: String = form.site.chars().take(2 * LONGEST).collect();
    let host = match host(&typed) {
        Ok(host) => host,
        Err(error) => {
            return private_page(&Page::refused(state, typed, error.words()));
        }
    };
    if let Some(here) = known(&view, &host).await? {
        let here = Some(here);
        return private_page(&Page {
            here,
            ..Page::new(state, String::new())
        });
    }
    if state.owners().rates.miss(client.0).is_err() {
        let trouble = msg!("missing-limit");
        return private_page(&Page::refused(state, typed, trouble));
    }
    let noted = state.store().note_missing_site(&host, view.today).await;
    if !noted.map_err(|error| Problem::internal(&error))? {
        let trouble = msg!("missing-full");
        return private_page(&Page::refused(state, typed, trouble));
    }
    private_page(&Page {
        noted: Some(host),
        ..Page::new(state, String::new())
    })
}

#[cfg(test)]
mod unit {
    use super::*;

    #[test]
    fn only_the_name_of_a_host_is_taken() {
        for (text, taken) in [
            ("Forum.Example.org", Ok("forum.example.org")),
            ("https://www.forum.example.org/", Ok("forum.example.org")),
            (" bücher.example ", Ok("xn--bcher-kva.example")),
            ("", Err(NotASite::Empty)),
            ("forum.example.org/t/7", Err(NotASite::MoreThanAHost)),
            (
                "https://forum.example.org/?u=ann",
                Err(NotASite::MoreThanAHost),
            ),
            ("@ann@social.example", Err(NotASite::MoreThanAHost)),
            ("ann@example.org", Err(NotASite::MoreThanAHost)),
            ("the old forum", Err(NotASite::MoreThanAHost)),
            ("forum", Err(NotASite::NoName)),
            ("192.0.2.7", Err(NotASite::NoName)),
            ("[::1]", Err(NotASite::NoName)),
            ("forum.example.org:8080", Err(NotASite::NoName)),
            ("printer.local", Err(NotASite::NoName)),
            ("facebook.com", Err(NotASite::Social)),
            ("ann.tumblr.com", Err(NotASite::Social)),
            ("notfacebook.com", Ok("notfacebook.com")),
        ] {
            assert_eq!(host(text).as_deref(), taken.as_ref().copied(), "{text}");
        }
    }
}
