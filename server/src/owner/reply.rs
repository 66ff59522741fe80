//! What owners' pages are answered with: pages that no cache keeps, the cookie, limits and refusals.

use axum::http::header::{CACHE_CONTROL, LOCATION, RETRY_AFTER, SET_COOKIE, VARY};
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};

use discover_model::NetworkId;

use crate::access;
use crate::i18n::{self, Msg, msg};
use crate::limits::Client;
use crate::limits::rate::RateLimits;
use crate::operations::OperationError;
use crate::problem::{Code, Problem};
use crate::state::State;

/// A page that no cache may keep.
fn private(html: String) -> Response {
    let mut response = ([("content-type", "text/html; charset=utf-8")], html).into_response();
    let headers = response.headers_mut();
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}

/// The same, of a template.
pub(crate) fn private_page(page: &impl askama::Template) -> Result<Response, Problem> {
    Ok(private(i18n::render(page, None).map_err(internal)?))
}

/// A page that only the browser it was made for may keep: a page that answers a form, and that the reader comes back to.
/// Of one that is kept nowhere a browser asks to send the form again.
pub(super) fn browser_page(page: &impl askama::Template) -> Result<Response, Problem> {
    let mut response = private_page(page)?;
    let headers = response.headers_mut();
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("private, no-cache"));
    headers.insert(VARY, HeaderValue::from_static("accept-language"));
    Ok(response)
}

pub(crate) fn see_other(path: &str) -> Response {
    let mut response = StatusCode::SEE_OTHER.into_response();
    if let Ok(path) = HeaderValue::try_from(path) {
        response.headers_mut().insert(LOCATION, path);
    }
    response
}

/// Sets the one cookie there is; `None` takes it away.
pub(super) fn set_cookie(state: &State, mut response: Response, id: Option<&str>) -> Response {
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
pub(super) fn browser(state: &State, headers: &HeaderMap) -> String {
    access::cookie(headers, state.config().base_url.scheme() == "https").unwrap_or_default()
}

/// Begins a session of a network's owner; returns the id for the cookie.
pub(super) async fn begin(
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
pub(super) fn check_form(owner: &access::Owner, given: &str) -> Result<(), Problem> {
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

pub(super) fn internal(error: impl std::fmt::Display) -> Problem {
    Problem::internal(&error)
}

/// A limit is said in the form, and when it ends.
pub(super) fn limited(problem: &Problem) -> Option<Msg> {
    (problem.code == Code::RateLimited).then(|| {
        let minutes = problem.retry_after.unwrap_or(60).div_ceil(60);
        msg!("question-limit", minutes = minutes)
    })
}

/// The page of a form that says so, with the status of the limit.
pub(crate) fn as_limited(mut page: Response, problem: &Problem) -> Response {
    *page.status_mut() = StatusCode::TOO_MANY_REQUESTS;
    if let Some(seconds) = problem.retry_after {
        page.headers_mut().insert(RETRY_AFTER, seconds.into());
    }
    page
}
