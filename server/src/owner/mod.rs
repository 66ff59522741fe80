//! What network owners do here: register, log in, see what is held, pause, leave, take everything with them.
//!
//! Contract: an owner's page is for one network only, the one of the session; no address or form names another.
//! Nothing is fetched here: looks at a site go through the [`crate::operations::Operations`], in turns ([`crate::limits::rate`]).

mod annotations;
mod areas;
mod change;
mod download;
mod home;
mod leave;
mod login;
mod notes;
mod own_notes;
mod places;
mod question;
mod refused;
mod register;
mod reply;
pub(crate) mod session;
mod told;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::routing::{get, post};

pub(crate) use leave::{look, look_now_by_anybody, named, part, words};
pub(crate) use reply::{as_limited, failed, in_turn, private_page, problem_of, see_other};
pub(crate) use session::Owners;

use crate::state::State;

pub(crate) fn routes() -> Router<State> {
    Router::new()
        .route("/register", get(register::form).post(register::ask))
        .route("/register/proof", get(register::proof))
        .route("/register/file", get(register::file))
        .route(
            "/register/preview",
            get(register::again).post(register::preview),
        )
        .route("/register/join", get(register::again).post(register::join))
        .route("/owner/login", get(login::form).post(login::by_key))
        .route("/owner/login/file", post(login::by_file))
        .route("/owner/login/check", post(login::check))
        .route("/owner/logout", post(login::out))
        .route("/owner", get(home::page))
        .route("/owner/change", get(change::form).post(change::change))
        .route("/owner/download", get(download::download))
        .route("/owner/look-now", post(leave::look_now))
        .route("/owner/annotations", post(annotations::change))
        .route("/owner/told", post(told::choose))
        .route("/owner/told/again", post(told::again))
        .route("/owner/told/end", post(told::end))
        .route(
            "/owner/notes",
            get(notes::form)
                .post(notes::upload)
                // What is read of it is bounded there.
                .layer(DefaultBodyLimit::disable()),
        )
        .route("/owner/pause", post(leave::pause))
        .route("/owner/resume", post(leave::resume))
        .route("/owner/leave", get(leave::form).post(leave::leave))
}
