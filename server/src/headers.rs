//! Headers of every answer: a strict content security policy and its relatives. The only cookie is that of an owner
//! who logged in.

use axum::extract::Request;
use axum::http::header::{
    ACCESS_CONTROL_ALLOW_HEADERS, ACCESS_CONTROL_ALLOW_METHODS, ACCESS_CONTROL_ALLOW_ORIGIN,
    ACCESS_CONTROL_EXPOSE_HEADERS, ACCESS_CONTROL_MAX_AGE, ACCESS_CONTROL_REQUEST_METHOD,
    CACHE_CONTROL, CONTENT_SECURITY_POLICY, ORIGIN, REFERRER_POLICY, STRICT_TRANSPORT_SECURITY,
    X_CONTENT_TYPE_OPTIONS, X_FRAME_OPTIONS,
};
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode};
use axum::middleware::Next;
use axum::response::Response;

use crate::etag::NO_CACHE;
use crate::state::State;

/// Nothing from elsewhere, no inline script or style, no frames; forms go to ourselves.
const CSP: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; \
    connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'; \
    require-trusted-types-for 'script'";

/// As [`CSP`], for what other sites may show in a frame: it has no form and no script, and opens nothing but links.
const FRAMED_CSP: &str =
    "default-src 'none'; style-src 'self'; form-action 'none'; base-uri 'none'; frame-ancestors *";

/// Marks an answer that other sites may show in a frame.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Framed;

const ROBOTS: HeaderName = HeaderName::from_static("x-robots-tag");
const OPENER: HeaderName = HeaderName::from_static("cross-origin-opener-policy");
const RESOURCE: HeaderName = HeaderName::from_static("cross-origin-resource-policy");
const PERMISSIONS: HeaderName = HeaderName::from_static("permissions-policy");

/// Pages that show what others wrote are not for other search engines: those should send people to the original.
fn holds_results(path: &str) -> bool {
    [
        "/search",
        "/conversations/",
        "/topics/",
        "/tray",
        "/embed",
        "/oembed",
        "/api/",
    ]
    .iter()
    .any(|prefix| path.starts_with(prefix))
}

/// Lists and comparisons have no end of further addresses: whoever reads them need not follow their links.
fn is_endless(path: &str) -> bool {
    ["/search", "/compare", "/tray"]
        .iter()
        .any(|prefix| path.starts_with(prefix))
}

/// Beside a tray every page has addresses without end.
fn carries_tray(query: &str) -> bool {
    query.split('&').any(|part| part.starts_with("tray="))
}

/// What scripts of other sites may read: the API, and feeds. No cookie opens anything of it, so there is nothing that
/// they could do in a reader's name.
pub(crate) fn is_for_other_sites(path: &str) -> bool {
    let of_feed = [".atom", ".json", "/atom", "/json"];
    path.starts_with("/api/")
        || matches!(path, "/networks.opml" | "/oembed" | "/opensearch.xml")
        || (["/search", "/topics/", "/networks/"]
            .iter()
            .any(|of| path.starts_with(of))
            && of_feed.iter().any(|form| path.ends_with(form)))
}

/// A browser's question whether a script of another site may ask something (Fetch standard, CORS-preflight).
fn is_preflight(method: &Method, headers: &HeaderMap) -> bool {
    *method == Method::OPTIONS
        && headers.contains_key(ORIGIN)
        && headers.contains_key(ACCESS_CONTROL_REQUEST_METHOD)
}

fn preflight() -> Response {
    let mut response = Response::new(axum::body::Body::empty());
    *response.status_mut() = StatusCode::NO_CONTENT;
    for (name, value) in [
        (ACCESS_CONTROL_ALLOW_METHODS, "GET, HEAD, POST, DELETE"),
        (
            ACCESS_CONTROL_ALLOW_HEADERS,
            // `*` would not stand for Authorization.
            "Authorization, Content-Type, If-None-Match, Last-Event-ID",
        ),
        (ACCESS_CONTROL_MAX_AGE, "7200"),
    ] {
        response
            .headers_mut()
            .insert(name, HeaderValue::from_static(value));
    }
    response
}

/// Adds the headers to every answer, errors included. The outermost layer.
pub(crate) async fn secure(
    axum::extract::State(state): axum::extract::State<State>,
    request: Request,
    next: Next,
) -> Response {
    let path = request.uri().path();
    let style = path.starts_with("/assets/");
    let (open, results, endless) = (
        is_for_other_sites(path),
        holds_results(path),
        is_endless(path) || request.uri().query().is_some_and(carries_tray),
    );
    let mut response = if open && is_preflight(request.method(), request.headers()) {
        preflight()
    } else {
        next.run(request).await
    };
    let framed = response.extensions().get::<Framed>().is_some();
    // A frame without an origin of its own takes its style sheet from here as from another site.
    let shared = open || framed || style;
    let headers = response.headers_mut();
    let csp = if framed { FRAMED_CSP } else { CSP };
    headers.insert(CONTENT_SECURITY_POLICY, HeaderValue::from_static(csp));
    headers.insert(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    if !framed {
        headers.insert(X_FRAME_OPTIONS, HeaderValue::from_static("DENY"));
    }
    headers.insert(REFERRER_POLICY, HeaderValue::from_static("no-referrer"));
    headers.insert(OPENER, HeaderValue::from_static("same-origin"));
    headers.insert(
        PERMISSIONS,
        HeaderValue::from_static("camera=(), geolocation=(), microphone=()"),
    );
    headers.insert(
        RESOURCE,
        HeaderValue::from_static(if shared {
            "cross-origin"
        } else {
            "same-origin"
        }),
    );
    if open {
        headers.insert(ACCESS_CONTROL_ALLOW_ORIGIN, HeaderValue::from_static("*"));
        headers.insert(
            ACCESS_CONTROL_EXPOSE_HEADERS,
            HeaderValue::from_static(
                "Allow, Content-Disposition, ETag, Last-Modified, Link, Retry-After, WWW-Authenticate, X-Total-Count",
            ),
        );
    }
    if results {
        headers.insert(ROBOTS, HeaderValue::from_static("noindex"));
    }
    if endless {
        headers.insert(ROBOTS, HeaderValue::from_static("noindex, nofollow"));
    }
    if state.config().base_url.scheme() == "https" {
        headers.insert(
            STRICT_TRANSPORT_SECURITY,
            HeaderValue::from_static("max-age=31536000"),
        );
    }
    headers.entry(CACHE_CONTROL).or_insert(NO_CACHE);
    response
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn other_sites_may_read_the_api_and_feeds_and_no_page() {
        for path in [
            "/api/v1/search",
            "/search.atom",
            "/search.json",
            "/topics/abc.atom",
            "/topics/abc/json",
            "/networks/leeds/atom",
            "/networks.opml",
            "/opensearch.xml",
        ] {
            assert!(is_for_other_sites(path), "{path}");
        }
        for path in [
            "/",
            "/search",
            "/owner/download",
            "/networks/leeds",
            "/topics/atom-bombs",
        ] {
            assert!(!is_for_other_sites(path), "{path}");
        }
    }
}
