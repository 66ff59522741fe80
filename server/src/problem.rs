//! Problems: every error of this server, as `application/problem+json` (RFC 9457) with a stable code.
//!
//! A handler returns a [`Problem`]; [`finish`] gives it its `instance` and its form (JSON, or a page for those who
//! asked for one), and turns the framework's own errors into problems, so that no error leaves in another shape.

mod finish;

use axum::http::header::{RETRY_AFTER, WWW_AUTHENTICATE};
use axum::http::{HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use utoipa::ToSchema;

pub use finish::finish;

/// How one identifies oneself (RFC 9110, section 11.6.1; RFC 6750, section 3).
const BEARER: HeaderValue = HeaderValue::from_static("Bearer realm=\"discover\"");
/// Media type of a problem.
pub const PROBLEM_JSON: &str = "application/problem+json";

macro_rules! codes {
    ($($(#[$doc:meta])* $name:ident = $code:literal, $status:ident, $title:literal;)*) => {
        /// Stable codes; clients may rely on them.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
        pub enum Code { $($(#[$doc])* $name,)* }

        impl Code {
            pub const ALL: &[Self] = &[$(Self::$name,)*];
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$name => $code,)* }
            }
            pub const fn status(self) -> StatusCode {
                match self { $(Self::$name => StatusCode::$status,)* }
            }
            pub const fn title(self) -> &'static str {
                match self { $(Self::$name => $title,)* }
            }
        }
    };
}

codes! {
    QuerySyntax = "query_syntax", BAD_REQUEST, "The query cannot be read";
    /// A field in a query, or a parameter of a request, that does not exist.
    UnknownField = "unknown_field", BAD_REQUEST, "There is no such field";
    QueryTooLarge = "query_too_large", BAD_REQUEST, "The query is too large";
    BadParameter = "bad_parameter", BAD_REQUEST, "A parameter cannot be read";
    BadCursor = "bad_cursor", BAD_REQUEST, "The cursor cannot be read";
    CursorExpired = "cursor_expired", GONE, "The cursor is too old";
    BadBody = "bad_body", BAD_REQUEST, "The body cannot be read";
    Unauthenticated = "unauthenticated", UNAUTHORIZED, "A key is needed";
    Forbidden = "forbidden", FORBIDDEN, "This is not allowed";
    NotFound = "not_found", NOT_FOUND, "There is nothing here";
    MethodNotAllowed = "method_not_allowed", METHOD_NOT_ALLOWED, "This method is not allowed here";
    Conflict = "conflict", CONFLICT, "This does not fit the present state";
    GoneWithdrawn = "gone_withdrawn", GONE, "This was withdrawn";
    TooLarge = "too_large", PAYLOAD_TOO_LARGE, "The request is too large";
    RateLimited = "rate_limited", TOO_MANY_REQUESTS, "Too many requests";
    Overloaded = "overloaded", SERVICE_UNAVAILABLE, "Too busy just now";
    Unavailable = "unavailable", SERVICE_UNAVAILABLE, "Not available just now";
    Internal = "internal", INTERNAL_SERVER_ERROR, "Something went wrong here";
}

impl Code {
    /// Address of the page that explains this code.
    pub fn page(self) -> String {
        format!("/problems/{}", self.as_str().replace('_', "-"))
    }

    /// What the page at [`Code::page`] says: what happened and what to do.
    pub const fn explanation(self) -> &'static str {
        match self {
            Self::QuerySyntax => {
                "The search does not follow the query language. `column` says at which character reading stopped, counted from 1, and `hint` what would help."
            }
            Self::UnknownField => {
                "A query or a request named a field or parameter that does not exist. Nothing is ignored silently; `parameter` or `hint` names what there is."
            }
            Self::QueryTooLarge => {
                "A query may have 512 characters, 32 clauses and 8 levels of brackets."
            }
            Self::BadParameter => {
                "`parameter` has a value that cannot be used; `detail` says what was expected."
            }
            Self::BadCursor => {
                "Cursors are opaque: use `next` or the `Link` header as given, with the same query."
            }
            Self::CursorExpired => {
                "The list has changed too much to go on from this place. Start again from the first page."
            }
            Self::BadBody => "The body of the request is not the JSON that is expected here.",
            Self::Unauthenticated => {
                "This needs a key (`Authorization: Bearer disc_…`) or an owner's session, and there was none that opens. Keys end with their date or when they are revoked; the operator gives them out, for a stated purpose that everybody can read."
            }
            Self::Forbidden => {
                "Your key was not given for this, or the site the request came from may not do it."
            }
            Self::NotFound => "There is nothing at this address, or it may not be shown.",
            Self::MethodNotAllowed => {
                "The address exists, but not for this method; the `Allow` header names those it has."
            }
            Self::Conflict => {
                "The request cannot be carried out in the present state; look again and repeat."
            }
            Self::GoneWithdrawn => {
                "It was here, and its network or somebody concerned took it back. It is not coming back under this address."
            }
            Self::TooLarge => "The address may have 8 KiB and the body 64 KiB.",
            Self::RateLimited => {
                "Too many requests came from your address or with your key. Wait as long as `Retry-After` says."
            }
            Self::Overloaded => {
                "More work came in than can be done in time. Wait as long as `Retry-After` says."
            }
            Self::Unavailable => {
                "A part that is needed for this answer is not available. Try again in a while."
            }
            Self::Internal => "The fault is ours, and has been recorded. Trying again may help.",
        }
    }
}

/// An error, on its way to whoever asked. `instance` is added by [`finish`].
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{}: {detail}", code.as_str())]
pub struct Problem {
    pub code: Code,
    /// Differs from the code's own only for framework errors (414, 415).
    pub status: StatusCode,
    pub detail: String,
    /// Character of the query at which reading stopped, from 1.
    pub column: Option<usize>,
    pub hint: Option<String>,
    /// The parameter at fault.
    pub parameter: Option<String>,
    /// Seconds after which trying again makes sense.
    pub retry_after: Option<u64>,
}

/// The JSON form of a [`Problem`].
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Problem)]
pub struct ProblemBody {
    /// Address of a page that explains the code.
    #[serde(rename = "type")]
    #[schema(example = "/problems/query-syntax")]
    kind: String,
    title: &'static str,
    status: u16,
    /// Stable.
    #[schema(example = "query_syntax")]
    code: &'static str,
    detail: String,
    /// Character of the query at which reading stopped, from 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    column: Option<usize>,
    #[serde(skip_serializing_if = "Option::is_none")]
    hint: Option<String>,
    /// The parameter at fault.
    #[serde(skip_serializing_if = "Option::is_none")]
    parameter: Option<String>,
    /// Path of the request.
    instance: String,
}

impl Problem {
    pub fn new(code: Code, detail: impl Into<String>) -> Self {
        Self {
            code,
            status: code.status(),
            detail: detail.into(),
            column: None,
            hint: None,
            parameter: None,
            retry_after: match code {
                Code::RateLimited | Code::Overloaded | Code::Unavailable => Some(1),
                _ => None,
            },
        }
    }

    pub fn not_found(what: &str) -> Self {
        Self::new(Code::NotFound, format!("there is no such {what}"))
    }

    /// A parameter whose value cannot be used.
    pub fn parameter(name: &str, detail: impl Into<String>) -> Self {
        Self {
            parameter: Some(name.to_owned()),
            ..Self::new(Code::BadParameter, detail)
        }
    }

    /// Something failed that should not; the cause goes to the log, never to the reader.
    pub fn internal(cause: &dyn std::fmt::Display) -> Self {
        tracing::error!(%cause, "request failed");
        Self::new(Code::Internal, "the request could not be answered")
    }

    #[must_use]
    pub fn with_hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }

    pub fn body(&self, instance: &str) -> ProblemBody {
        ProblemBody {
            kind: self.code.page(),
            title: self.code.title(),
            status: self.status.as_u16(),
            code: self.code.as_str(),
            detail: self.detail.clone(),
            column: self.column,
            hint: self.hint.clone(),
            parameter: self.parameter.clone(),
            instance: instance.to_owned(),
        }
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let mut response = self.status.into_response();
        if let Some(seconds) = self.retry_after {
            response
                .headers_mut()
                .insert(RETRY_AFTER, HeaderValue::from(seconds));
        }
        if self.status == StatusCode::UNAUTHORIZED {
            response.headers_mut().insert(WWW_AUTHENTICATE, BEARER);
        }
        response.extensions_mut().insert(self);
        response
    }
}

/// Responder for panics: the cause is in the log, the reader gets a problem.
pub fn of_panic(_: Box<dyn std::any::Any + Send + 'static>) -> Response {
    Problem::new(Code::Internal, "the request could not be answered").into_response()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_code_has_its_own_page() {
        let mut pages: Vec<String> = Code::ALL.iter().map(|code| code.page()).collect();
        pages.sort();
        pages.dedup();
        assert_eq!(pages.len(), Code::ALL.len());
        assert!(pages.contains(&"/problems/query-syntax".to_owned()));
    }
}
