//! How an answer of the API is written: JSON with ETag, and `Link` for the next page.

use axum::http::header::LINK;
use axum::http::{HeaderMap, HeaderValue};
use axum::response::Response;
use serde::Serialize;

use crate::etag;
use crate::problem::Problem;
use crate::state::View;
use crate::text::links;

/// One thing.
pub(crate) fn one(
    request: &HeaderMap,
    view: &View,
    value: &impl Serialize,
) -> Result<Response, Problem> {
    let body = serde_json::to_vec(value).map_err(|error| Problem::internal(&error))?;
    Ok(etag::respond(request, view, "application/json", body))
}

/// One page of a list; `next` is the query string of the page after it.
pub(crate) fn list(
    request: &HeaderMap,
    view: &View,
    value: &impl Serialize,
    path: &str,
    next: Option<String>,
) -> Result<Response, Problem> {
    let mut response = one(request, view, value)?;
    if let Some(query) = next {
        let link = format!("<{}{path}?{query}>; rel=\"next\"", links::API);
        let link = HeaderValue::try_from(link).map_err(|error| Problem::internal(&error))?;
        response.headers_mut().insert(LINK, link);
    }
    Ok(response)
}
