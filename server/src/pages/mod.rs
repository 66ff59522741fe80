//! Pages: HTML made on the server, the twin of the API.
//!
//! Contract: a handler reads the query, calls one function of `read` for what the page is about, and renders a
//! template; names of what surrounds it (topics by id, proof of consent) come from the same module. Every page works without script, loads nothing from elsewhere, and
//! escapes every foreign text: no template marks anything as safe, and only types whose content cannot carry markup
//! are printed unescaped ([`crate::text::inline`], [`crate::picture`]).

mod about;
mod answer_form;
pub(crate) mod answers;
mod brief;
pub(crate) mod carried;
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
mod package;
mod paths;
mod pictures;
mod problems;
mod reader;
mod reasons;
mod respond;
#[cfg(test)]
pub(crate) mod sample;
mod search;
mod search_mail;
#[cfg(test)]
mod tests;
mod topic;
mod topics;
mod transparency;
mod tray;
pub(crate) mod view;
mod views;
mod warnings;

use axum::Router;
use axum::routing::{get, post};

pub(crate) use error::problem_page;
pub(crate) use respond::{HTML, render, respond};

use crate::state::State;

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
        .route(
            "/topics/{id}/answers/write",
            get(answer_form::form).post(answer_form::write),
        )
        .route("/topics/{id}/package", get(package::of_topic))
        .route("/search/package", get(package::of_search))
        .merge(brief::routes())
        .merge(digest::routes())
        .route("/digest/mail", post(digest_mail::ask))
        .merge(elsewhere::routes())
        .merge(tray::routes())
        .route("/views/{name}", get(views::named))
        .route("/search/mail", post(search_mail::ask))
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
