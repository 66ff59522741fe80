//! What network owners do here: register, log in, see what is held, pause, leave, take everything with them.
//!
//! Contract: an owner's page is for one network only, the one of the session; no address or form names another.
//! Nothing is fetched here: looks at a site go through the [`crate::operations::Operations`], in turns ([`crate::limits::rate`]).

mod areas;
mod change;
mod home;
mod leave;
mod login;
mod register;
pub(crate) mod session;

use axum::Router;
use axum::http::header::{CACHE_CONTROL, LOCATION, SET_COOKIE};
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};

pub(crate) use leave::{look, look_now_by_anybody, named, part, words};

use discover_model::NetworkId;

use crate::access;
use crate::limits::Client;
use crate::limits::rate::RateLimits;
use crate::operations::OperationError;
use crate::problem::{Code, Problem};
use crate::state::State;

/// What the server remembers of owners; in memory only.
#[derive(Debug, Default)]
pub(crate) struct Owners {
    pub(crate) sessions: session::Sessions,
    pub(crate) nonces: session::Nonces,
    pub(crate) rates: RateLimits,
}

pub(crate) fn routes() -> Router<State> {
    Router::new()
        .route("/register", get(register::form).post(register::ask))
        .route("/register/proof", get(register::proof))
        .route("/register/preview", post(register::preview))
        .route("/register/join", post(register::join))
        .route("/owner/login", get(login::form).post(login::by_key))
        .route("/owner/login/file", post(login::by_file))
        .route("/owner/login/check", post(login::check))
        .route("/owner/logout", post(login::out))
        .route("/owner", get(home::page))
        .route("/owner/change", get(change::form).post(change::change))
        .route("/owner/download", get(home::download))
        .route("/owner/look-now", post(leave::look_now))
        .route("/owner/pause", post(leave::pause))
        .route("/owner/resume", post(leave::resume))
        .route("/owner/leave", get(leave::form).post(leave::leave))
}

/// A page that no cache may keep.
fn private(html: String) -> Response {
    let mut response = ([("content-type", "text/html; charset=utf-8")], html).into_response();
    let headers = response.headers_mut();
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}

/// The same, of a template.
pub(crate) fn private_page(page: &impl askama::Template) -> Result<Response, Problem> {
    Ok(private(page.render().map_err(internal)?))
}

fn see_other(path: &str) -> Response {
    let mut response = StatusCode::SEE_OTHER.into_response();
    if let Ok(path) = HeaderValue::try_from(path) {
        response.headers_mut().insert(LOCATION, path);
    }
    response
}

/// Sets the one cookie there is; `None` takes it away.
fn set_cookie(state: &State, mut response: Response, id: Option<&str>) -> Response {
    let https = state.config().base_url.scheme() == "https";
    let name = access::cookie_name(https);
    let (value, age) = match id {
        Some(id) => (id, 7 * 24 * 3600),
        None => ("", 0),
    };
    let secure = if https { "; Secure" } else { "" };
    let cookie = format!("{name}={value}; Path=/; HttpOnly; SameSite=Lax; Max-Age={age}{secure}");
    if let Ok(cookie) = HeaderValue::try_from(cookie) {
        response.headers_mut().insert(SET_COOKIE, cookie);
    }
    response
}

/// The id in the cookie, for what needs no session yet.
fn browser(state: &State, headers: &HeaderMap) -> String {
    access::cookie(headers, state.config().base_url.scheme() == "https").unwrap_or_default()
}

/// Begins a session of a network's owner; returns the id for the cookie.
async fn begin(
    state: &State,
    network: NetworkId,
    random: [u8; 32],
    now: jiff::Timestamp,
) -> Result<String, Problem> {
    let stamp = state.store().owner_stamp(network).await;
    let stamp = stamp
        .map_err(internal)?
        .ok_or_else(|| Problem::not_found("network"))?;
    let sessions = &state.owners().sessions;
    Ok(sessions.begin(network, random, stamp, now))
}

/// Somebody did not prove to be the owner of a network (`slug` is empty where there is none): too often, and they wait.
pub(crate) fn failed(state: &State, client: Client, slug: &str) -> Result<(), Problem> {
    let rates = &state.owners().rates;
    rates.fail(client.0, slug).map_err(|seconds| Problem {
        retry_after: Some(seconds),
        ..Problem::new(Code::RateLimited, "too many tries; wait and go on")
    })
}

/// Refuses a form whose token is not that of the session.
fn check_form(owner: &access::Owner, given: &str) -> Result<(), Problem> {
    if owner.form == given {
        return Ok(());
    }
    Err(
        Problem::new(Code::Forbidden, "this form is not of your present session")
            .with_hint("open the page again and send the form from there"),
    )
}

pub(crate) fn problem_of(error: OperationError) -> Problem {
    match error {
        OperationError::Refused(words) => Problem::new(Code::Conflict, words),
        OperationError::Unavailable(words) => Problem::new(Code::Unavailable, words),
        OperationError::Failed(words) => Problem::internal(&words),
        OperationError::Closed => Problem::new(
            Code::Unavailable,
            "this instance only shows what it holds just now",
        ),
    }
}

/// Whoever asks too often for what costs another site a request waits.
pub(crate) fn in_turn(
    rates: &RateLimits,
    client: Option<std::net::IpAddr>,
    site: &str,
) -> Result<(), Problem> {
    rates.take(client, site).map_err(|seconds| Problem {
        retry_after: Some(seconds),
        ..Problem::new(
            Code::RateLimited,
            "this site was asked about often just now; wait and go on",
        )
    })
}

fn internal(error: impl std::fmt::Display) -> Problem {
    Problem::internal(&error)
}
