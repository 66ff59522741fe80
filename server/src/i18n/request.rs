//! The language of one request: by its address (`/cy/topics`), else by what the browser asks for.
//!
//! Contract: behind [`layer`] nobody sees a language in an address, and `Accept-Language` begins with the one that was
//! chosen, so that names of topics follow the same choice. [`render`] is the one place where a page becomes text; it puts
//! the chosen language before every address of a page that it links to. What the settings say of the site's looks comes the same way.

use std::any::Any;
use std::cell::Cell;
use std::sync::Arc;

use askama::{Template, Values};
use axum::extract::{Request, State};
use axum::http::header::{ACCEPT_LANGUAGE, LOCATION};
use axum::http::{HeaderValue, Method};
use axum::middleware::Next;
use axum::response::Response;

use super::locale::{Locale, Locales, asked};
use crate::assets::Branding;

tokio::task_local! {
    static SHOWN: Shown;
}

/// What the settings say of every page.
#[derive(Debug, Clone, Default)]
pub(crate) struct Site {
    pub(crate) languages: Locales,
    pub(crate) branding: Arc<Branding>,
}

/// What a request asks for.
#[derive(Debug, Clone, Default)]
pub(crate) struct Shown {
    locale: Locale,
    /// Whether the address says so, and the links of the page are to.
    explicit: bool,
    /// The address without its language; of a form, the page that it began at.
    at: String,
    site: Site,
}

/// A link to the same page in another language.
#[derive(Debug)]
pub(crate) struct Switch {
    pub(crate) locale: Locale,
    pub(crate) href: String,
    /// Whether the page is in it.
    pub(crate) current: bool,
}

/// What pages are rendered with.
#[derive(Debug)]
struct Around {
    /// Of the page.
    page: Locale,
    /// Of the part that is rendered just now.
    locale: Cell<Locale>,
    /// There where the page is in another language than English.
    foreign: Option<bool>,
    canonical: Option<String>,
    languages: Vec<Switch>,
}

impl Values for Around {
    fn get_value<'a>(&'a self, key: &str) -> Option<&'a dyn Any> {
        match key {
            "locale" => Some(&self.locale),
            "page" => Some(&self.page),
            "foreign" => self.foreign.as_ref().map(|foreign| foreign as &dyn Any),
            "canonical" => self
                .canonical
                .as_ref()
                .map(|canonical| canonical as &dyn Any),
            "languages" => Some(&self.languages),
            _ => None,
        }
    }
}

fn shown() -> Shown {
    SHOWN.try_with(Clone::clone).unwrap_or_default()
}

/// Runs something as a request in this language.
#[cfg(test)]
pub(crate) fn within<T>(locale: Locale, explicit: bool, run: impl FnOnce() -> T) -> T {
    let shown = Shown {
        locale,
        explicit,
        at: "/".to_owned(),
        site: Site::default(),
    };
    SHOWN.sync_scope(shown, run)
}

/// The looks of this instance, for templates.
pub(crate) fn branding() -> Arc<Branding> {
    shown().site.branding
}

/// `/cy` where the address chose Welsh; else nothing.
pub(crate) fn prefix() -> String {
    let shown = shown();
    if shown.explicit {
        format!("/{}", shown.locale.code())
    } else {
        String::new()
    }
}

/// The page in its reader's language. `canonical` is its one address, where it has one.
pub(crate) fn render(page: &impl Template, canonical: Option<String>) -> askama::Result<String> {
    let shown = shown();
    let around = Around {
        page: shown.locale,
        locale: Cell::new(shown.locale),
        foreign: (shown.locale != Locale::English).then_some(true),
        canonical,
        languages: shown
            .site
            .languages
            .iter()
            .map(|locale| Switch {
                locale,
                href: with_prefix(locale, &shown.at),
                current: locale == shown.locale,
            })
            .collect(),
    };
    let html = page.render_with_values(&around)?;
    Ok(if shown.explicit {
        prefixed(&html, shown.locale)
    } else {
        html
    })
}

fn with_prefix(locale: Locale, at: &str) -> String {
    let at = if at.starts_with('/') { at } else { "/" };
    format!("/{}{at}", locale.code())
}

/// Splits `/cy/topics` into its language and the rest.
fn split(path: &str) -> Option<(Locale, &str)> {
    let after = path.strip_prefix('/')?;
    let (code, _) = after.split_once('/').unwrap_or((after, ""));
    let locale = Locale::of_code(code)?;
    let rest = &after[code.len()..];
    Some((locale, if rest.is_empty() { "/" } else { rest }))
}

/// Whether an address of ours is a page, and no file, feed or part of the API: those are in one language.
fn is_page(path: &str) -> bool {
    let path = path.split(['?', '#']).next().unwrap_or_default();
    let last = path.rsplit('/').next().unwrap_or_default();
    !(path.starts_with("/api/")
        || path.starts_with("/assets/")
        || path.starts_with("//")
        || last.contains('.')
        || matches!(last, "atom" | "json"))
}

/// Puts the language before every link and form that leads to a page here. Only our own markup holds `="/`: quotation
/// marks of others are escaped.
fn prefixed(html: &str, locale: Locale) -> String {
    let mut out = String::with_capacity(html.len() + html.len() / 32);
    let mut rest = html;
    while let Some(at) = rest.find("=\"/") {
        let (before, after) = rest.split_at(at + 2);
        out.push_str(before);
        let link = before.ends_with(" href=\"") || before.ends_with(" action=\"");
        let path = after.split('"').next().unwrap_or_default();
        if link
            && is_page(path)
            && split(path.split(['?', '#']).next().unwrap_or_default()).is_none()
        {
            out.push('/');
            out.push_str(locale.code());
        }
        rest = after;
    }
    out.push_str(rest);
    out
}

/// Where a reader who changes the language goes on: a form that was sent cannot be asked for again.
fn page_at(method: &Method, path: &str, query: Option<&str>) -> String {
    if *method != Method::GET && *method != Method::HEAD {
        let first = path.split('/').nth(1).unwrap_or_default();
        // A mail's own pages ask at the address that they are sent to.
        return match first {
            "mail" => path.to_owned(),
            first => format!("/{first}"),
        };
    }
    match query {
        Some(query) => format!("{path}?{query}"),
        None => path.to_owned(),
    }
}

/// Finds the language of a request, and takes it out of its address. Must lie outside every route.
pub(crate) async fn layer(State(site): State<Site>, mut request: Request, next: Next) -> Response {
    let given = request.uri().path();
    let offered = |locale| site.languages.offer(locale);
    let chosen = split(given).filter(|(locale, rest)| offered(*locale) && is_page(rest));
    let path = chosen.map_or(given, |(_, rest)| rest).to_owned();
    let chosen = chosen.map(|(locale, _)| locale);
    let query = request.uri().query();
    let shown = Shown {
        locale: chosen.unwrap_or_else(|| site.languages.best(&asked(request.headers()))),
        explicit: chosen.is_some(),
        at: page_at(request.method(), &path, query),
        site,
    };
    if let Some(locale) = chosen {
        let address = match query {
            Some(query) => format!("{path}?{query}"),
            None => path,
        };
        if let Ok(address) = address.parse() {
            *request.uri_mut() = address;
        }
        let others = request.headers().get(ACCEPT_LANGUAGE);
        let others = others.and_then(|value| value.to_str().ok());
        let asked = match others {
            Some(others) => format!("{}, {others}", locale.code()),
            None => locale.code().to_owned(),
        };
        if let Ok(asked) = HeaderValue::try_from(asked) {
            request.headers_mut().insert(ACCEPT_LANGUAGE, asked);
        }
    }
    let mut response = SHOWN.scope(shown, next.run(request)).await;
    if let Some(locale) = chosen
        && let Some(to) = response.headers().get(LOCATION)
        && let Ok(to) = to.to_str()
        && to.starts_with('/')
        && is_page(to)
        && let Ok(to) = HeaderValue::try_from(with_prefix(locale, to))
    {
        response.headers_mut().insert(LOCATION, to);
    }
    response
}

#[cfg(test)]
mod unit {
    use super::*;

    #[test]
    fn links_to_pages_carry_the_language_and_links_to_files_and_others_do_not() {
        let html = "<a href=\"/topics?level=1#x\"><a href=\"/\"><form action=\"/search\"><a href=\"/api\">\
            <a href=\"/api/v1/map\"><link href=\"/assets/1/discover.css\"><a href=\"/topics/a/atom\"><a href=\"/map.svg\">\
            <a href=\"https://site.example/\"><a href=\"/ur/map\"><a href=\"#main\"><p title=\"/no\">";
        assert_eq!(
            prefixed(html, Locale::Welsh),
            "<a href=\"/cy/topics?level=1#x\"><a href=\"/cy/\"><form action=\"/cy/search\"><a href=\"/cy/api\">\
            <a href=\"/api/v1/map\"><link href=\"/assets/1/discover.css\"><a href=\"/topics/a/atom\"><a href=\"/map.svg\">\
            <a href=\"https://site.example/\"><a href=\"/ur/map\"><a href=\"#main\"><p title=\"/no\">"
        );
    }

    #[test]
    fn an_address_has_a_language_or_none() {
        assert_eq!(split("/cy/topics"), Some((Locale::Welsh, "/topics")));
        assert_eq!(split("/en"), Some((Locale::English, "/")));
        assert_eq!(split("/ur/"), Some((Locale::Urdu, "/")));
        for none in ["/", "/topics/cy", "/cyfan", "/pl/topics", ""] {
            assert_eq!(split(none), None, "{none}");
        }
    }

    #[test]
    fn whoever_changes_the_language_at_a_form_that_was_sent_begins_it_again() {
        let at = |method, path| page_at(&method, path, None);
        assert_eq!(at(Method::POST, "/register/preview"), "/register");
        assert_eq!(at(Method::POST, "/mail/stop/a/b"), "/mail/stop/a/b");
        assert_eq!(at(Method::GET, "/topics/warnings"), "/topics/warnings");
        assert_eq!(page_at(&Method::GET, "/search", Some("q=a")), "/search?q=a");
    }
}
