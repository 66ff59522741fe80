//! Error pages: what happened in plain words, and a way on.

use askama::Template;

use super::about::{Contact, contact};
use super::view::{Frame, Link, Nav};
use crate::i18n::{self, Msg, filters, msg};
use crate::problem::{Code, Problem};
use crate::state::State;
use crate::text::words;

#[derive(Debug, Template)]
#[template(path = "error.html")]
pub(super) struct Page {
    frame: Frame,
    status: u16,
    heading: Msg,
    message: Msg,
    hint: Option<Msg>,
    ways: Vec<Link>,
    explained: String,
    code: &'static str,
    contact: Option<Contact>,
}

impl Page {
    pub(super) fn new(instance: &str, operator: &str, problem: &Problem, path: &str) -> Self {
        let heading = heading(problem.code);
        Self {
            frame: Frame::new(instance, msg!("error-title", title = heading), Nav::None),
            status: problem.status.as_u16(),
            heading,
            message: message(problem),
            hint: problem
                .hint
                .as_deref()
                .map(|hint| Msg::English(closed(&words::sentence(hint)))),
            ways: ways(path, problem.code),
            explained: problem.code.page(),
            code: problem.code.as_str(),
            contact: contact(operator),
        }
    }
}

fn heading(code: Code) -> Msg {
    match code {
        Code::NotFound => msg!("error-not-found"),
        Code::GoneWithdrawn => msg!("error-gone"),
        Code::CursorExpired => msg!("error-cursor"),
        Code::RateLimited | Code::Overloaded => msg!("error-busy"),
        Code::Unavailable | Code::Internal => msg!("error-sorry"),
        Code::BadParameter | Code::BadCursor | Code::UnknownField => msg!("error-address"),
        Code::QuerySyntax => msg!("error-query"),
        Code::QueryTooLarge => msg!("error-query-large"),
        Code::BadBody => msg!("error-body"),
        Code::Unauthenticated => msg!("error-key"),
        Code::Forbidden => msg!("error-forbidden"),
        Code::MethodNotAllowed => msg!("error-method"),
        Code::Conflict => msg!("error-conflict"),
        Code::TooLarge => msg!("error-large"),
    }
}

fn message(problem: &Problem) -> Msg {
    match problem.code {
        Code::NotFound => msg!("error-not-found-why"),
        Code::GoneWithdrawn => msg!("error-gone-why"),
        Code::CursorExpired => msg!("error-cursor-why"),
        Code::RateLimited => msg!("error-limit-why"),
        Code::Overloaded | Code::Unavailable => msg!("error-busy-why"),
        Code::Internal => msg!("error-internal-why"),
        _ => Msg::English(closed(&words::sentence(&problem.detail))),
    }
}

fn closed(text: &str) -> String {
    if text.ends_with(['.', '!', '?']) {
        text.to_owned()
    } else {
        format!("{text}.")
    }
}

/// Ways on, the one that fits the address first.
fn ways(path: &str, code: Code) -> Vec<Link> {
    let mut ways = Vec::new();
    let list = [
        ("/search", msg!("way-search")),
        ("/topics", msg!("way-topics")),
        ("/networks", msg!("way-networks")),
        ("/map", msg!("way-map")),
        ("/problems", msg!("way-problems")),
    ];
    if code != Code::Internal
        && let Some((href, name)) = list
            .into_iter()
            .find(|(prefix, _)| path.starts_with(prefix))
    {
        ways.push(Link::new(href, name));
    }
    for (href, name) in [
        ("/", msg!("way-front")),
        ("/topics", msg!("way-talk")),
        ("/networks", msg!("way-asked")),
    ] {
        if ways.iter().all(|way| way.href != href) {
            ways.push(Link::new(href, name));
        }
    }
    ways
}

/// The HTML form of a problem. Cannot fail: where even this page cannot be made, a line of text is.
pub(crate) fn problem_page(state: &State, problem: &Problem, path: &str) -> String {
    let config = state.config();
    let page = Page::new(
        &config.instance_name,
        &config.operator_contact,
        problem,
        path,
    );
    i18n::render(&page, None)
        .unwrap_or_else(|error| {
            tracing::error!(%error, "the error page could not be made");
            "<!doctype html><html lang=\"en-GB\"><title>Error</title><p>Something went wrong. <a href=\"/\">The front page</a>".to_owned()
        })
}
