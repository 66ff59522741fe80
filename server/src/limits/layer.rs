//! The layer that enforces the limits, and the client as handlers are told of it.

use std::net::SocketAddr;

use axum::extract::{ConnectInfo, Request};
use axum::http::StatusCode;
use axum::http::request::Parts;
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

use super::client::{Client, client};
use crate::analyst::{self, Door};
use crate::problem::{Code, Problem};
use crate::state::State;

/// So many times as long may an answer take that has to ask an owner's site first, at its pace. These are taken in turns
/// ([`super::rate`]), so that they do not fill the house.
const ASKING_A_SITE: u32 = 6;

impl axum::extract::FromRequestParts<State> for Client {
    type Rejection = std::convert::Infallible;

    async fn from_request_parts(parts: &mut Parts, state: &State) -> Result<Self, Self::Rejection> {
        let peer = parts.extensions.get::<ConnectInfo<SocketAddr>>();
        let peer = peer.map(|ConnectInfo(address)| address.ip());
        let trusted = &state.config().limits.trusted_proxies;
        Ok(Self(client(peer, &parts.headers, trusted)))
    }
}

/// The layer that enforces all but the body's size.
pub async fn guard(
    axum::extract::State(state): axum::extract::State<State>,
    mut request: Request,
    next: Next,
) -> Response {
    let limits = &state.config().limits;
    let length = request
        .uri()
        .path_and_query()
        .map_or(0, |address| address.as_str().len());
    if length > limits.uri {
        return Problem {
            status: StatusCode::URI_TOO_LONG,
            ..Problem::new(Code::TooLarge, "the address is longer than 8 KiB")
        }
        .into_response();
    }
    let peer = request
        .extensions()
        .get::<ConnectInfo<SocketAddr>>()
        .map(|ConnectInfo(address)| address.ip());
    // A key is for the API, and counts by its own quota in place of the client's.
    let door = if request.uri().path().starts_with("/api/") {
        match analyst::door(&state, request.headers()).await {
            Ok(door) => door,
            Err(problem) => return problem.into_response(),
        }
    } else {
        Door::Anonymous
    };
    let counted = matches!(door, Door::Anonymous | Door::Wrong(_));
    if counted
        && let Some(client) = client(peer, request.headers(), &limits.trusted_proxies)
        && let Err(seconds) = state.clients().check(client)
    {
        return Problem {
            retry_after: Some(seconds),
            ..Problem::new(
                Code::RateLimited,
                "more requests than one client is given; wait and go on",
            )
        }
        .into_response();
    }
    match door {
        Door::Anonymous => {}
        Door::Known(analyst) => {
            request.extensions_mut().insert(analyst);
        }
        Door::Wrong(problem) | Door::Spent(problem) => return problem.into_response(),
    }
    // Health and figures must answer while everything else is refused.
    let vital = matches!(request.uri().path(), "/healthz" | "/readyz" | "/metrics");
    let _slot = match state.requests().try_acquire() {
        Ok(slot) => Some(slot),
        Err(_) if vital => None,
        Err(_) => {
            return Problem::new(Code::Overloaded, "too many requests are being answered")
                .into_response();
        }
    };
    let asks_a_site = matches!(
        request.uri().path(),
        "/register/preview" | "/register/join" | "/owner/change"
    );
    let time = if asks_a_site {
        limits.time * ASKING_A_SITE
    } else {
        limits.time
    };
    match tokio::time::timeout(time, next.run(request)).await {
        Ok(response) => response,
        Err(_) => {
            Problem::new(Code::Overloaded, "the answer was not ready in time").into_response()
        }
    }
}
