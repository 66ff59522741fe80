//! Pages that stand by themselves: about, for site owners, privacy, accessibility, API.

use askama::Template;
use axum::extract::State as FromState;
use axum::http::HeaderMap;
use axum::response::Response;
use discover_model::Refusal;
use jiff::ToSpan as _;
use jiff::civil::Date;
use url::Url;

use super::respond;
use super::view::{Fact, Frame, Nav};
use crate::i18n::{Msg, filters, msg};
use crate::openapi::Operation;
use crate::problem::Problem;
use crate::read;
use crate::shapes::{About, CodeCount, Thresholds};
use crate::state::{State, View};
use crate::text::{say, words};

/// How to reach the operator, as a link.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Contact {
    pub(super) href: String,
    pub(super) words: String,
}

/// A page, a mail address, or a bare mail address; anything else is no link.
pub(super) fn contact(operator: &str) -> Option<Contact> {
    let operator = operator.trim();
    let url = match Url::parse(operator) {
        Ok(url) => url,
        Err(_) if operator.contains('@') => Url::parse(&format!("mailto:{operator}")).ok()?,
        Err(_) => return None,
    };
    let words = match url.scheme() {
        "mailto" => url.path().to_owned(),
        "http" | "https" => operator.to_owned(),
        _ => return None,
    };
    Some(Contact {
        href: url.to_string(),
        words,
    })
}

#[derive(Debug, Template)]
#[template(path = "about.html")]
pub(super) struct AboutPage {
    frame: Frame,
    /// Who runs it and for which area; empty where nobody said.
    runs: Msg,
    facts: Vec<Fact>,
    ledger: Msg,
    refused: Vec<Counted>,
    reasons: Vec<Reason>,
    redacted: Vec<Counted>,
    thresholds: Thresholds,
    contact: Option<Contact>,
    user_agent: String,
}

/// Who runs an instance, and for which area; empty where nobody said.
pub(super) fn runs(operator: Option<&str>, area: Option<&str>) -> Msg {
    match (operator, area) {
        (Some(operator), Some(area)) => {
            msg!("operator-runs-for", operator = operator, area = area).sentence()
        }
        (Some(operator), None) => msg!("operator-runs", operator = operator).sentence(),
        (None, Some(area)) => msg!("run-for", area = area),
        (None, None) => Msg::Text(String::new()),
    }
}

#[derive(Debug)]
struct Counted {
    words: Msg,
    code: String,
    count: Msg,
}

#[derive(Debug)]
struct Reason {
    code: &'static str,
    words: Msg,
}

fn counted(rows: &[CodeCount]) -> Vec<Counted> {
    rows.iter()
        .map(|row| Counted {
            words: Msg::English(words::sentence(&row.words)),
            code: row.code.clone(),
            count: say::about(row.count),
        })
        .collect()
}

impl AboutPage {
    pub(super) fn new(about: &About, user_agent: String) -> Self {
        Self {
            frame: Frame::new(
                &about.instance,
                msg!("about-title", instance = about.instance),
                Nav::None,
            ),
            runs: runs(about.operator.as_deref(), about.area.as_deref()),
            facts: vec![
                Fact {
                    what: msg!("fact-networks", count = about.networks),
                    value: words::exact(about.networks).into(),
                },
                Fact {
                    what: msg!("fact-sources", count = about.sources),
                    value: words::exact(about.sources).into(),
                },
                Fact {
                    what: msg!("fact-conversations"),
                    value: words::exact(about.conversations).into(),
                },
                Fact {
                    what: msg!("fact-posts"),
                    value: say::about(about.posts),
                },
                Fact {
                    what: msg!("fact-topics"),
                    value: words::exact(about.topics).into(),
                },
            ],
            ledger: match about.ledger_seq {
                0 => msg!("ledger-empty"),
                seq => msg!(
                    "ledger-entries",
                    count = seq,
                    hash = about.ledger_head.chars().take(16).collect::<String>(),
                ),
            },
            refused: counted(&about.refused),
            reasons: Refusal::ALL
                .iter()
                .map(|refusal| Reason {
                    code: refusal.code(),
                    words: Msg::English(refusal.words().to_owned()),
                })
                .collect(),
            redacted: counted(&about.redacted),
            thresholds: about.thresholds,
            contact: contact(&about.operator_contact),
            user_agent,
        }
    }
}

#[derive(Debug, Template)]
#[template(path = "bot.html")]
pub(super) struct BotPage {
    frame: Frame,
    user_agent: String,
    contact: Option<Contact>,
    expires: Date,
    base: String,
}

impl BotPage {
    pub(super) fn new(
        instance: &str,
        operator: &str,
        user_agent: String,
        base: &Url,
        today: Date,
    ) -> Self {
        Self {
            frame: Frame::english(instance, "For site owners", Nav::None),
            user_agent,
            contact: contact(operator),
            // An example that is right on the day it is read.
            expires: today.saturating_add(1.year()),
            base: base.as_str().trim_end_matches('/').to_owned(),
        }
    }
}

macro_rules! plain {
    ($($name:ident, $path:literal, $frame:expr;)*) => {$(
        #[derive(Debug, Template)]
        #[template(path = $path)]
        pub(super) struct $name {
            frame: Frame,
            contact: Option<Contact>,
        }

        impl $name {
            pub(super) fn new(instance: &str, operator: &str) -> Self {
                Self {
                    frame: $frame(instance),
                    contact: contact(operator),
                }
            }
        }
    )*};
}

plain! {
    PrivacyPage, "privacy.html", |instance| Frame::english(instance, "Privacy", Nav::None);
    AccessibilityPage, "accessibility.html",
        |instance| Frame::new(instance, msg!("accessibility-heading"), Nav::None);
}

#[derive(Debug, Template)]
#[template(path = "api.html")]
pub(super) struct ApiPage {
    frame: Frame,
    base: String,
    openapi: &'static str,
    opml: &'static str,
    routes: &'static [Operation],
}

impl ApiPage {
    pub(super) fn new(instance: &str, base: &Url) -> Self {
        Self {
            frame: Frame::english(instance, "API and feeds", Nav::None),
            base: base.to_string(),
            openapi: "/api/v1/openapi.json",
            opml: "/networks.opml",
            routes: crate::openapi::operations(),
        }
    }
}

/// What our crawler calls itself.
fn user_agent(state: &State) -> String {
    let config = state.config();
    if config.user_agent.is_empty() {
        let page = config
            .base_url
            .join("bot")
            .map_or_else(|_| config.base_url.to_string(), |url| url.to_string());
        format!("Discover (+{page})")
    } else {
        config.user_agent.clone()
    }
}

pub(super) async fn about(
    FromState(state): FromState<State>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let view = state.view().await?;
    let about = read::about::about(&view).await?;
    respond(
        &headers,
        &view,
        "/about",
        &AboutPage::new(&about, user_agent(&state)),
    )
}

pub(super) async fn bot(
    FromState(state): FromState<State>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let view = state.view().await?;
    let config = state.config();
    let page = BotPage::new(
        &config.instance_name,
        &config.operator_contact,
        user_agent(&state),
        &config.base_url,
        view.today,
    );
    respond(&headers, &view, "/bot", &page)
}

async fn plain<T: Template>(
    state: &State,
    headers: &HeaderMap,
    at: &str,
    page: impl FnOnce(&str, &str) -> T + Send,
) -> Result<Response, Problem> {
    let view: View = state.view().await?;
    let config = state.config();
    respond(
        headers,
        &view,
        at,
        &page(&config.instance_name, &config.operator_contact),
    )
}

pub(super) async fn privacy(
    FromState(state): FromState<State>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    plain(&state, &headers, "/privacy", PrivacyPage::new).await
}

pub(super) async fn accessibility(
    FromState(state): FromState<State>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    plain(&state, &headers, "/accessibility", AccessibilityPage::new).await
}

pub(super) async fn api(view: View, headers: HeaderMap) -> Result<Response, Problem> {
    let config = view.state.config();
    respond(
        &headers,
        &view,
        "/api",
        &ApiPage::new(&config.instance_name, &config.base_url),
    )
}

#[cfg(test)]
mod unit {
    use super::*;

    #[test]
    fn a_contact_is_a_page_or_a_mail_address_and_never_a_script() {
        let href = |text: &str| contact(text).map(|contact| contact.href);
        assert_eq!(
            href("mailto:desk@site.example").as_deref(),
            Some("mailto:desk@site.example")
        );
        assert_eq!(
            href("desk@site.example").as_deref(),
            Some("mailto:desk@site.example")
        );
        assert_eq!(
            href("https://site.example/contact").as_deref(),
            Some("https://site.example/contact")
        );
        assert_eq!(href("javascript:alert(1)"), None);
        assert_eq!(href(""), None);
    }
}
