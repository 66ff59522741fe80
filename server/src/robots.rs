//! `GET /robots.txt`: what robots need not ask for (RFC 9309). Conversations, topics and networks stay open.

use axum::http::HeaderValue;
use axum::http::header::CONTENT_TYPE;
use axum::response::{IntoResponse as _, Response};

/// A search has no end of addresses, a form is nobody's but its reader's, and the API has terms of its own.
const RULES: &str = "User-agent: *
Disallow: /search
Disallow: /compare
Disallow: /api/v1/
Disallow: /owner
Disallow: /register/
Disallow: /object
Disallow: /mail/
Disallow: /websub/
";

pub(crate) async fn robots() -> Response {
    let mut response = RULES.into_response();
    let media = HeaderValue::from_static("text/plain; charset=utf-8");
    response.headers_mut().insert(CONTENT_TYPE, media);
    response
}
