//! The layer that gives every error its final form.

use axum::body::Body;
use axum::extract::Request;
use axum::http::header::{ACCEPT, ALLOW, CONTENT_TYPE, RETRY_AFTER, VARY, WWW_AUTHENTICATE};
use axum::http::{HeaderValue, StatusCode};
use axum::middleware::Next;
use axum::response::Response;

use super::{Code, PROBLEM_JSON, Problem};
use crate::pages;
use crate::state::State;

/// Where errors are always JSON.
const API: &str = "/api/";

/// Gives every error its final form. Must lie outside all layers that can fail.
pub async fn finish(
    axum::extract::State(state): axum::extract::State<State>,
    request: Request,
    next: Next,
) -> Response {
    let path = request.uri().path().to_owned();
    let wants_page = wants_page(&path, request.headers().get(ACCEPT));
    let mut response = next.run(request).await;
    let problem = response
        .extensions_mut()
        .remove::<Problem>()
        .or_else(|| of_framework(&response));
    let Some(problem) = problem else {
        return response;
    };
    let (content_type, body) = if wants_page {
        let page = pages::problem_page(&state, &problem, &path);
        ("text/html; charset=utf-8", page.into_bytes())
    } else {
        let json = serde_json::to_vec(&problem.body(&path)).unwrap_or_default();
        (PROBLEM_JSON, json)
    };
    let mut finished = Response::new(Body::from(body));
    *finished.status_mut() = problem.status;
    for name in [ALLOW, RETRY_AFTER, WWW_AUTHENTICATE] {
        if let Some(value) = response.headers_mut().remove(&name) {
            finished.headers_mut().insert(name, value);
        }
    }
    finished
        .headers_mut()
        .insert(CONTENT_TYPE, HeaderValue::from_static(content_type));
    if !path.starts_with(API) {
        finished
            .headers_mut()
            .insert(VARY, HeaderValue::from_static("accept, accept-language"));
    }
    finished
}

/// A page is given to whoever names HTML, outside the API.
fn wants_page(path: &str, accept: Option<&HeaderValue>) -> bool {
    !path.starts_with(API)
        && accept
            .and_then(|value| value.to_str().ok())
            .is_some_and(|value| value.contains("text/html"))
}

/// The framework answers some requests itself, with a bare status and a line of text at most.
fn of_framework(response: &Response) -> Option<Problem> {
    let status = response.status();
    if !(status.is_client_error() || status.is_server_error()) {
        return None;
    }
    let ours = response
        .headers()
        .get(CONTENT_TYPE)
        .and_then(|value| value.to_str().ok())
        .is_some_and(|value| value.starts_with(PROBLEM_JSON) || value.starts_with("text/html"));
    if ours {
        return None;
    }
    let (code, detail) = match status {
        StatusCode::NOT_FOUND => (Code::NotFound, "there is nothing at this address"),
        StatusCode::METHOD_NOT_ALLOWED => (
            Code::MethodNotAllowed,
            "this address does not take this method",
        ),
        StatusCode::PAYLOAD_TOO_LARGE => (Code::TooLarge, "the body is larger than is taken here"),
        StatusCode::URI_TOO_LONG => (Code::TooLarge, "the address is longer than 8 KiB"),
        StatusCode::UNSUPPORTED_MEDIA_TYPE => (
            Code::BadBody,
            "the body must be JSON, with content-type application/json",
        ),
        StatusCode::REQUEST_TIMEOUT | StatusCode::GATEWAY_TIMEOUT => {
            (Code::Overloaded, "the answer was not ready in time")
        }
        StatusCode::SERVICE_UNAVAILABLE => (Code::Overloaded, "too busy to answer just now"),
        status if status.is_server_error() => (Code::Internal, "the request could not be answered"),
        StatusCode::UNPROCESSABLE_ENTITY => {
            (Code::BadBody, "the body is not what is expected here")
        }
        _ => (Code::BadParameter, "the request cannot be read"),
    };
    Some(Problem {
        status,
        ..Problem::new(code, detail)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_is_given_only_outside_the_api_and_only_on_demand() {
        let html = HeaderValue::from_static("text/html,application/xhtml+xml,*/*;q=0.8");
        let any = HeaderValue::from_static("*/*");
        assert!(wants_page("/nothing", Some(&html)));
        assert!(!wants_page("/nothing", Some(&any)));
        assert!(!wants_page("/nothing", None));
        assert!(!wants_page("/api/v1/nothing", Some(&html)));
    }
}
