//! Who may do what: one table of all routes. What does not stand in it is refused.
//!
//! The guard lies around every route. It refuses routes that the table does not name, requests that change something
//! and come from another site, owners' routes without a session, and keys of analysts without the route's scope; a
//! session is handed on as [`Owner`]. What the operator does has no route: it is done on the host (`discover admin`).

use axum::extract::{MatchedPath, Request, State};
use axum::http::header::{COOKIE, HOST, LOCATION, ORIGIN};
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

use discover_store::KeyScope;

use crate::analyst::Analyst;
use crate::problem::{Code, Problem};
use crate::state;

pub(crate) use crate::owner::session::Owner;

/// Who may use a route.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Access {
    /// Anybody. What it changes, if anything, needs no identity and is limited otherwise.
    Public,
    /// The owner of a network, for this network only.
    Owner,
    /// A WebSub hub, which was told an address nobody can guess and sends no forms of ours.
    Hub,
    /// Whoever was sent a mail with an address nobody can guess, and mail programs for them (RFC 8058).
    Mailed,
    /// Anybody; a request with an analyst's key needs a key of this scope.
    Scoped(KeyScope),
    /// Holders of an analyst's key of this scope, each for what was made with this key.
    Keyed(KeyScope),
}

use Access::{Hub as ByHub, Mailed, Owner as ByOwner, Public};

const SEARCH: Access = Access::Scoped(KeyScope::Search);
const GRAPH: Access = Access::Scoped(KeyScope::Graph);
const EXPORT: Access = Access::Scoped(KeyScope::Export);
const FOLLOW: Access = Access::Keyed(KeyScope::Follow);
const ANSWER: Access = Access::Keyed(KeyScope::Answer);

/// Every route: method, path as the router writes it, and who may use it.
pub(crate) const ROUTES: &[(&str, &str, Access)] = &[
    ("GET", "/", Public),
    ("GET", "/about", Public),
    ("GET", "/accessibility", Public),
    ("GET", "/api", Public),
    ("GET", "/api/v1/about", Public),
    ("GET", "/api/v1/compare", SEARCH),
    ("GET", "/api/v1/conversations/{id}", SEARCH),
    ("GET", "/api/v1/conversations/{id}/consent", Public),
    ("GET", "/api/v1/conversations/{id}/related", GRAPH),
    ("GET", "/api/v1/digests", GRAPH),
    ("GET", "/api/v1/digests/{period}", GRAPH),
    ("GET", "/api/v1/elsewhere", GRAPH),
    ("GET", "/api/v1/follows", FOLLOW),
    ("POST", "/api/v1/follows", FOLLOW),
    ("GET", "/api/v1/follows/{id}", FOLLOW),
    ("DELETE", "/api/v1/follows/{id}", FOLLOW),
    ("GET", "/api/v1/follows/{id}/deliveries", FOLLOW),
    ("POST", "/api/v1/follows/{id}/replay", FOLLOW),
    ("GET", "/api/v1/graph", EXPORT),
    ("GET", "/api/v1/ledger", Public),
    ("GET", "/api/v1/ledger/heads", Public),
    ("GET", "/api/v1/map", GRAPH),
    ("GET", "/api/v1/networks", Public),
    ("GET", "/api/v1/networks/{slug}", Public),
    ("GET", "/api/v1/networks/{slug}/answers", GRAPH),
    ("POST", "/api/v1/networks/{slug}/answers/replay", Public),
    ("POST", "/api/v1/networks/{slug}/look-now", Public),
    ("POST", "/api/v1/networks/{slug}/withdrawal", Public),
    ("GET", "/api/v1/openapi.json", Public),
    ("GET", "/api/v1/paths", GRAPH),
    ("GET", "/api/v1/posts/{id}/consent", Public),
    ("GET", "/api/v1/related", GRAPH),
    ("POST", "/api/v1/related", GRAPH),
    ("GET", "/api/v1/search", SEARCH),
    ("GET", "/api/v1/search/brief", SEARCH),
    ("GET", "/api/v1/search/events", SEARCH),
    ("GET", "/api/v1/search/export", EXPORT),
    ("GET", "/api/v1/search/package", EXPORT),
    ("GET", "/api/v1/search/package/{name}", EXPORT),
    ("GET", "/api/v1/search/words", SEARCH),
    ("GET", "/api/v1/topics", GRAPH),
    ("GET", "/api/v1/topics/changes", GRAPH),
    ("GET", "/api/v1/topics/matrix", GRAPH),
    ("GET", "/api/v1/topics/notices", GRAPH),
    ("GET", "/api/v1/topics/warnings", GRAPH),
    ("GET", "/api/v1/topics/{id}", GRAPH),
    ("GET", "/api/v1/topics/{id}/annotations", GRAPH),
    ("POST", "/api/v1/topics/{id}/annotations", Public),
    ("GET", "/api/v1/topics/{id}/answers", GRAPH),
    ("POST", "/api/v1/topics/{id}/answers", ANSWER),
    ("GET", "/api/v1/topics/{id}/brief", GRAPH),
    ("GET", "/api/v1/topics/{id}/conversations", GRAPH),
    ("GET", "/api/v1/topics/{id}/networks", GRAPH),
    ("GET", "/api/v1/topics/{id}/package", EXPORT),
    ("GET", "/api/v1/topics/{id}/package/{name}", EXPORT),
    ("GET", "/api/v1/transparency", Public),
    ("GET", "/api/v1/tray", SEARCH),
    ("GET", "/api/v1/views", Public),
    ("GET", "/assets/{tag}/{name}", Public),
    ("GET", "/bot", Public),
    ("GET", "/compare", Public),
    ("GET", "/compare.csv", Public),
    ("GET", "/compare.svg", Public),
    ("GET", "/conversations/{id}", Public),
    ("GET", "/digest", Public),
    ("GET", "/digest.atom", Public),
    ("POST", "/digest/mail", Public),
    ("GET", "/digest/{period}", Public),
    ("GET", "/embed", Public),
    ("GET", "/favicon.ico", Public),
    ("GET", "/healthz", Public),
    ("GET", "/mail/confirm/{follow}/{token}", Mailed),
    ("POST", "/mail/confirm/{follow}/{token}", Mailed),
    ("GET", "/mail/stop/{follow}/{token}", Mailed),
    ("POST", "/mail/stop/{follow}/{token}", Mailed),
    ("GET", "/map", Public),
    ("GET", "/map.csv", Public),
    ("GET", "/map.svg", Public),
    ("GET", "/metrics", Public),
    ("GET", "/missing", Public),
    ("POST", "/missing", Public),
    ("GET", "/networks", Public),
    ("GET", "/networks.opml", Public),
    ("GET", "/networks/{slug}", Public),
    ("GET", "/networks/{slug}/answers.atom", Public),
    ("GET", "/networks/{slug}/answers.json", Public),
    ("GET", "/networks/{slug}/atom", Public),
    ("GET", "/networks/{slug}/json", Public),
    ("POST", "/networks/{slug}/look-now", Public),
    ("GET", "/object", Public),
    ("POST", "/object", Public),
    ("POST", "/object/check", Public),
    ("GET", "/oembed", Public),
    ("GET", "/opensearch.xml", Public),
    ("GET", "/owner", ByOwner),
    ("POST", "/owner/annotations", ByOwner),
    ("GET", "/owner/change", ByOwner),
    ("POST", "/owner/change", ByOwner),
    ("GET", "/owner/download", ByOwner),
    ("GET", "/owner/leave", ByOwner),
    ("POST", "/owner/leave", ByOwner),
    ("GET", "/owner/login", Public),
    ("POST", "/owner/login", Public),
    ("POST", "/owner/login/check", Public),
    ("POST", "/owner/login/file", Public),
    ("POST", "/owner/logout", ByOwner),
    ("POST", "/owner/look-now", ByOwner),
    ("GET", "/owner/notes", ByOwner),
    ("POST", "/owner/notes", ByOwner),
    ("POST", "/owner/pause", ByOwner),
    ("POST", "/owner/resume", ByOwner),
    ("POST", "/owner/told", ByOwner),
    ("POST", "/owner/told/again", ByOwner),
    ("POST", "/owner/told/end", ByOwner),
    ("GET", "/paths", Public),
    ("GET", "/privacy", Public),
    ("GET", "/problems", Public),
    ("GET", "/problems/{code}", Public),
    ("GET", "/readyz", Public),
    ("GET", "/register", Public),
    ("POST", "/register", Public),
    ("GET", "/register/file", Public),
    ("GET", "/register/join", Public),
    ("POST", "/register/join", Public),
    ("GET", "/register/preview", Public),
    ("POST", "/register/preview", Public),
    ("GET", "/register/proof", Public),
    ("GET", "/robots.txt", Public),
    ("GET", "/search", Public),
    ("GET", "/search.atom", Public),
    ("GET", "/search.json", Public),
    ("GET", "/search/brief", Public),
    ("GET", "/search/brief.md", Public),
    ("POST", "/search/mail", Public),
    ("GET", "/search/package", Public),
    ("GET", "/search/print", Public),
    ("GET", "/search/timeline.csv", Public),
    ("GET", "/search/timeline.svg", Public),
    ("GET", "/topics", Public),
    ("GET", "/topics/changes", Public),
    ("GET", "/topics/matrix", Public),
    ("GET", "/topics/matrix.csv", Public),
    ("GET", "/topics/matrix.xlsx", Public),
    ("GET", "/topics/warnings", Public),
    ("GET", "/topics/warnings/atom", Public),
    ("GET", "/topics/warnings/json", Public),
    ("GET", "/topics/{id}", Public),
    ("GET", "/topics/{id}/atom", Public),
    ("GET", "/topics/{id}/answers", Public),
    ("GET", "/topics/{id}/answers.atom", Public),
    ("GET", "/topics/{id}/answers.json", Public),
    ("GET", "/topics/{id}/answers/write", Public),
    ("POST", "/topics/{id}/answers/write", Public),
    ("GET", "/topics/{id}/brief", Public),
    ("GET", "/topics/{id}/brief.md", Public),
    ("GET", "/topics/{id}/json", Public),
    ("GET", "/topics/{id}/package", Public),
    ("GET", "/topics/{id}/timeline.csv", Public),
    ("GET", "/topics/{id}/timeline.svg", Public),
    ("GET", "/transparency", Public),
    ("GET", "/tray", Public),
    ("GET", "/tray.csv", Public),
    ("GET", "/tray.txt", Public),
    ("GET", "/tray.xlsx", Public),
    ("GET", "/tray/brief", Public),
    ("GET", "/tray/brief.md", Public),
    ("GET", "/views/{name}", Public),
    ("GET", "/websub/{source}/{token}", ByHub),
    ("POST", "/websub/{source}/{token}", ByHub),
];

/// Who may use this route; `None` where the table does not name it.
pub(crate) fn access(method: &Method, path: &str) -> Option<Access> {
    let method = if *method == Method::HEAD {
        "GET"
    } else {
        method.as_str()
    };
    ROUTES
        .iter()
        .find(|(of, at, _)| *of == method && *at == path)
        .map(|(.., access)| *access)
}

/// The layer that enforces the table.
pub(crate) async fn guard(
    State(state): State<state::State>,
    mut request: Request,
    next: Next,
) -> Response {
    let Some(path) = request.extensions().get::<MatchedPath>().cloned() else {
        // No route at all: the router says so.
        return next.run(request).await;
    };
    let path = path.as_str();
    let api = path.starts_with("/api/");
    let changes = !matches!(
        *request.method(),
        Method::GET | Method::HEAD | Method::OPTIONS
    );
    let known = ROUTES.iter().any(|(_, at, _)| *at == path);
    let access = access(request.method(), path);
    if !known {
        tracing::error!(
            path,
            "a route without an entry in the table of access is refused"
        );
        return Problem::new(Code::Forbidden, "nobody may use this route").into_response();
    }
    // A method that the path does not have is the router's to refuse.
    let Some(access) = access else {
        return next.run(request).await;
    };
    let told = matches!(access, Access::Hub | Access::Mailed);
    if changes && !api && !told && !from_here(&state, request.headers()) {
        return Problem::new(Code::Forbidden, "this form was sent from another site")
            .with_hint("open the form here and send it from there")
            .into_response();
    }
    if let Access::Scoped(scope) | Access::Keyed(scope) = access {
        let refused = match request.extensions().get::<Analyst>() {
            Some(analyst) if analyst.has(scope) => None,
            Some(_) => Some(
                Problem::new(
                    Code::Forbidden,
                    format!("this key was not given for {scope}"),
                )
                .with_hint(match access {
                    Access::Keyed(_) => "ask the operator for a key with this scope",
                    _ => "ask the operator for a key with this scope, or ask without one",
                }),
            ),
            None if matches!(access, Access::Keyed(_)) => Some(
                Problem::new(
                    Code::Unauthenticated,
                    format!("this needs a key that was given for {scope}"),
                )
                .with_hint(
                    "ask the operator for one, and send it as `Authorization: Bearer disc_…`",
                ),
            ),
            None => None,
        };
        if let Some(problem) = refused {
            return problem.into_response();
        }
    }
    if access == Access::Owner {
        let https = state.config().base_url.scheme() == "https";
        let cookie = cookie(request.headers(), https);
        let now = (state.config().clock)();
        let owner = cookie.and_then(|id| state.owners().sessions.open(&id, now));
        let owner = match owner {
            Some(owner) => match state.store().owner_stamp(owner.network).await {
                Ok(stamp) => (stamp.as_ref() == Some(&owner.stamp)).then_some(owner),
                Err(error) => return Problem::internal(&error).into_response(),
            },
            None => None,
        };
        match owner {
            Some(owner) => {
                request.extensions_mut().insert(owner);
            }
            None if changes => {
                return Problem::new(Code::Unauthenticated, "you are not logged in, or no longer")
                    .with_hint("log in at /owner/login")
                    .into_response();
            }
            None => {
                let mut response = StatusCode::SEE_OTHER.into_response();
                response
                    .headers_mut()
                    .insert(LOCATION, HeaderValue::from_static("/owner/login"));
                return response;
            }
        }
    }
    next.run(request).await
}

/// Whether a request that changes something was sent from a page of ours, as browsers say by themselves.
fn from_here(state: &state::State, headers: &HeaderMap) -> bool {
    let text = |name| {
        headers
            .get(name)
            .and_then(|value: &HeaderValue| value.to_str().ok())
    };
    if let Some(site) = text(axum::http::HeaderName::from_static("sec-fetch-site")) {
        return matches!(site, "same-origin" | "none");
    }
    let Some(origin) = text(ORIGIN) else {
        return false;
    };
    let ours = state.config().base_url.origin().ascii_serialization();
    origin == ours
        || text(HOST).is_some_and(|host| {
            // Reached under another name, such as localhost, while no proxy stands in between.
            state.config().base_url.scheme() == "http" && origin == format!("http://{host}")
        })
}

/// Name of the session's cookie. Browsers keep `__Host-` cookies to this very host and to TLS.
pub(crate) fn cookie_name(https: bool) -> &'static str {
    if https { "__Host-discover" } else { "discover" }
}

/// The session a request names. Over TLS only a `__Host-` cookie does: other hosts of the site could set a plain one.
pub(crate) fn cookie(headers: &HeaderMap, https: bool) -> Option<String> {
    headers
        .get_all(COOKIE)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(';'))
        .filter_map(|pair| pair.trim().split_once('='))
        .find(|(name, _)| *name == cookie_name(https))
        .map(|(_, value)| value.to_owned())
}
