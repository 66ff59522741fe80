//! Pages: HTML made on the server, the twin of the API.
//!
//! Contract: a handler reads the query, calls one function of `read` for what the page is about, and renders a
//! template; names of what surrounds it (topics by id, proof of consent) come from the same module. Every page works without script, loads nothing from elsewhere, and
//! escapes every foreign text: no template marks anything as safe, and only types whose content cannot carry markup
//! are printed unescaped ([`crate::text::inline`], [`crate::picture`]).

mod about;
mod answers;
mod brief;
mod changes;
mod compare;
mod conversation;
mod digest;
mod digest_mail;
pub(crate) mod elsewhere;
mod error;
mod home;
mod mail;
mod map;
mod matrix;
mod missing;
mod networks;
mod object;
mod paths;
mod pictures;
mod problems;
mod reader;
mod reasons;
#[cfg(test)]
pub(crate) mod sample;
mod search;
#[cfg(test)]
mod tests;
mod topic;
mod topics;
mod transparency;
pub(crate) mod view;
mod warnings;

use askama::Template;
use axum::Router;
use axum::http::header::VARY;
use axum::http::{HeaderMap, HeaderValue};
use axum::response::Response;
use axum::routing::{get, post};

pub(crate) use error::problem_page;

use crate::problem::Problem;
use crate::state::{State, View};
use crate::{etag, i18n};

const HTML: &str = "text/html; charset=utf-8";

pub(crate) fn routes() -> Router<State> {
    Router::new()
        .route("/", get(home::page))
        .route("/search", get(search::page))
        .route("/search/print", get(search::sheet::page))
        .route("/compare", get(compare::page))
        .route("/topics", get(topics::page))
        .route("/topics/changes", get(changes::page))
        .route("/topics/matrix", get(matrix::page))
        .route("/topics/warnings", get(warnings::page))
        .route("/topics/{id}/answers", get(answers::page))
        .merge(brief::routes())
        .merge(digest::routes())
        .route("/digest/mail", post(digest_mail::ask))
        .merge(elsewhere::routes())
        .merge(pictures::routes())
        .route("/conversations/{id}", get(conversation::page))
        .route(
            "/mail/confirm/{follow}/{token}",
            get(mail::confirm_form).post(mail::confirm),
        )
        .route(
            "/mail/stop/{follow}/{token}",
            get(mail::stop_form).post(mail::stop),
        )
        .route("/map", get(map::page))
        .route("/paths", get(paths::page))
        .route("/networks", get(networks::list))
        .route("/networks/{slug}", get(networks::one))
        .route("/about", get(about::about))
        .route("/bot", get(about::bot))
        .route("/privacy", get(about::privacy))
        .route("/accessibility", get(about::accessibility))
        .route("/api", get(about::api))
        .route("/transparency", get(transparency::page))
        .route("/missing", get(missing::form).post(missing::name))
        .route("/object", get(object::form).post(object::object))
        .route("/object/check", post(object::check))
        .route(
            "/networks/{slug}/look-now",
            post(crate::owner::look_now_by_anybody),
        )
        .route("/problems", get(problems::list))
        .route("/problems/{code}", get(problems::one))
}

/// A page with its ETag. `at` is its one address here, whatever others add to it.
fn respond(
    headers: &HeaderMap,
    view: &View,
    at: &str,
    page: &impl Template,
) -> Result<Response, Problem> {
    let base = view.state.config().base_url.as_str().trim_end_matches('/');
    let canonical = format!("{base}{}{at}", i18n::prefix());
    let html = i18n::render(page, Some(canonical));
    let html = html.map_err(|error| Problem::internal(&error))?;
    let mut response = etag::respond(headers, view, HTML, html);
    // The page, and the names of its topics, are in the reader's language.
    let vary = HeaderValue::from_static("accept-language");
    response.headers_mut().append(VARY, vary);
    Ok(response)
}

fn render(page: &impl Template) -> Result<String, Problem> {
    i18n::render(page, None).map_err(|error| Problem::internal(&error))
}
