//! Pages as they are answered: rendered in the reader's language, with their ETag.

use askama::Template;
use axum::http::header::VARY;
use axum::http::{HeaderMap, HeaderValue};
use axum::response::Response;

use super::carried;
use crate::problem::Problem;
use crate::state::View;
use crate::{etag, i18n};

pub(crate) const HTML: &str = "text/html; charset=utf-8";

/// A page with its ETag. `at` is its one address here, whatever others add to it.
pub(crate) fn respond(
    headers: &HeaderMap,
    view: &View,
    at: &str,
    page: &impl Template,
) -> Result<Response, Problem> {
    let base = view.state.config().base_url.as_str().trim_end_matches('/');
    let canonical = format!("{base}{}{at}", i18n::prefix());
    let html = i18n::render(page, Some(canonical));
    let html = html.map_err(|error| Problem::internal(&error))?;
    let html = carried::carry(html);
    let mut response = etag::respond(headers, view, HTML, html);
    // The page, and the names of its topics, are in the reader's language.
    let vary = HeaderValue::from_static("accept-language");
    response.headers_mut().append(VARY, vary);
    Ok(response)
}

pub(crate) fn render(page: &impl Template) -> Result<String, Problem> {
    let html = i18n::render(page, None).map_err(|error| Problem::internal(&error))?;
    Ok(carried::carry(html))
}
