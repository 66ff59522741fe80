//! Error pages: what happened in plain words, and a way on.

use askama::Template;

use super::about::{Contact, contact};
use super::view::{Frame, Link, Nav};
use crate::problem::{Code, Problem};
use crate::state::State;
use crate::text::words;

#[derive(Debug, Template)]
#[template(path = "error.html")]
pub(super) struct Page {
    frame: Frame,
    status: u16,
    heading: &'static str,
    message: String,
    hint: Option<String>,
    ways: Vec<Link>,
    explained: String,
    code: &'static str,
    contact: Option<Contact>,
}

impl Page {
    pub(super) fn new(instance: &str, operator: &str, problem: &Problem, path: &str) -> Self {
        let heading = heading(problem.code);
        Self {
            frame: Frame::new(instance, format!("Error: {heading}"), Nav::None),
            status: problem.status.as_u16(),
            heading,
            message: message(problem),
            hint: problem
                .hint
                .as_deref()
                .map(|hint| closed(&words::sentence(hint))),
            ways: ways(path, problem.code),
            explained: problem.code.page(),
            code: problem.code.as_str(),
            contact: contact(operator),
        }
    }
}

fn heading(code: Code) -> &'static str {
    match code {
        Code::NotFound => "Page not found",
        Code::GoneWithdrawn => "This was taken back",
        Code::CursorExpired => "This page of the list is no longer there",
        Code::RateLimited | Code::Overloaded => "Too busy just now",
        Code::Unavailable | Code::Internal => "Sorry, something went wrong",
        Code::BadParameter | Code::BadCursor | Code::UnknownField => "The address cannot be read",
        other => other.title(),
    }
}

fn message(problem: &Problem) -> String {
    match problem.code {
        Code::NotFound => "There is nothing at this address, or it may not be shown. If you typed it, check that it is right; if you followed a link, it may be old.".to_owned(),
        Code::GoneWithdrawn => "It was here, and its network or somebody concerned took it back. We no longer show it, and it is not coming back under this address.".to_owned(),
        Code::CursorExpired => "The list has changed since you opened it. Start again from its first page.".to_owned(),
        Code::RateLimited => "Many requests came from your connection. Wait a little and try again.".to_owned(),
        Code::Overloaded | Code::Unavailable => "We could not answer in time. Wait a little and try again.".to_owned(),
        Code::Internal => "The fault is ours, and it has been recorded. Trying again may help.".to_owned(),
        _ => closed(&words::sentence(&problem.detail)),
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
        ("/search", "Start the search again"),
        ("/topics", "All topics"),
        ("/networks", "All networks"),
        ("/map", "The map of topics"),
        ("/problems", "All problem codes"),
    ];
    if code != Code::Internal
        && let Some((href, name)) = list
            .into_iter()
            .find(|(prefix, _)| path.starts_with(prefix))
    {
        ways.push(Link::new(href, name));
    }
    for (href, name) in [
        ("/", "The front page"),
        ("/topics", "What people are talking about"),
        ("/networks", "The networks that asked to be found"),
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
    Page::new(&config.instance_name, &config.operator_contact, problem, path)
        .render()
        .unwrap_or_else(|error| {
            tracing::error!(%error, "the error page could not be made");
            "<!doctype html><html lang=\"en-GB\"><title>Error</title><p>Something went wrong. <a href=\"/\">The front page</a>".to_owned()
        })
}
