//! Answers with an ETag: `W/"<generation>.<hash of the body>"`; weak, because the same answer may go out compressed.
//!
//! The generation of what may be shown stands in the tag, so that no cache can give back an answer from before a
//! withdrawal; the hash covers everything else that may change it, so that what does not concern an answer leaves its tag.
//! `Last-Modified` is told where it is known and never compared: what was taken away does not make an answer younger.

use axum::body::{Body, Bytes};
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE, ETAG, IF_NONE_MATCH, LAST_MODIFIED};
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::response::Response;
use jiff::Timestamp;
use sha2::{Digest, Sha256};

use crate::state::View;

/// Every public answer is asked about again before it is reused.
pub(crate) const NO_CACHE: HeaderValue = HeaderValue::from_static("no-cache");

/// A 200 with body and ETag, or a 304 where the reader has it already.
pub(crate) fn respond(
    request: &HeaderMap,
    view: &View,
    content_type: &'static str,
    body: impl Into<Bytes>,
) -> Response {
    let body = body.into();
    let tag = tag(view.generation(), &body);
    let known = request
        .get_all(IF_NONE_MATCH)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .any(|value| matches(value, &tag));
    let mut response = if known {
        let mut response = Response::new(Body::empty());
        *response.status_mut() = StatusCode::NOT_MODIFIED;
        response
    } else {
        let mut response = Response::new(Body::from(body));
        response
            .headers_mut()
            .insert(CONTENT_TYPE, HeaderValue::from_static(content_type));
        response
    };
    let headers = response.headers_mut();
    headers.insert(CACHE_CONTROL, NO_CACHE);
    if let Ok(value) = HeaderValue::try_from(tag) {
        headers.insert(ETAG, value);
    }
    response
}

/// Says when what is in an answer changed last.
pub(crate) fn last_modified(response: &mut Response, at: Timestamp) {
    let at = at.strftime("%a, %d %b %Y %H:%M:%S GMT").to_string();
    if let Ok(value) = HeaderValue::try_from(at) {
        response.headers_mut().insert(LAST_MODIFIED, value);
    }
}

fn tag(generation: u64, body: &[u8]) -> String {
    use std::fmt::Write;
    let mut tag = format!("W/\"{generation}.");
    for byte in &Sha256::digest(body)[..12] {
        let _ = write!(tag, "{byte:02x}");
    }
    tag.push('"');
    tag
}

/// `If-None-Match` compares weakly.
fn matches(header: &str, tag: &str) -> bool {
    fn opaque(tag: &str) -> &str {
        tag.strip_prefix("W/").unwrap_or(tag)
    }
    header
        .split(',')
        .map(str::trim)
        .any(|given| given == "*" || opaque(given) == opaque(tag))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tag_changes_with_generation_and_body() {
        let base = tag(1, b"body");
        assert_eq!(base, tag(1, b"body"));
        for other in [tag(2, b"body"), tag(1, b"other")] {
            assert_ne!(base, other);
        }
        assert!(matches(&format!("\"x\", {base}"), &base));
        assert!(matches(base.trim_start_matches("W/"), &base));
        assert!(matches("*", &base));
        assert!(!matches("\"x\"", &base));
    }
}
