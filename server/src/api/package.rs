//! GET /topics/{id}/package, /search/package and their files

use axum::extract::Path;
use axum::http::header::CONTENT_DISPOSITION;
use axum::http::{HeaderMap, HeaderValue};
use axum::response::Response;

use crate::etag;
use crate::export::package::{self, Bundle};
use crate::limits::Client;
use crate::problem::Problem;
use crate::read::package::Subject;
use crate::read::params::{Nothing, Params, SearchParams};
use crate::shapes::{Id, Package};
use crate::state::View;

/// The manifest of a package, as it is now
///
/// What is handed on of a topic: up to a hundred quotations, the networks and consents that they rest on, what is left out,
/// and the files for Polis, Talk to the City, Decidim and people, each with its SHA-256. Whoever was handed a package asks
/// here again before using it: what is withdrawn is gone from it within a second.
#[utoipa::path(get, operation_id = "topic_package", path = "/topics/{id}/package", tag = "topics",
    params(("id" = Id, Path, description = "Id of a topic")),
    responses((status = 200, description = "The manifest", body = Package)))]
pub(crate) async fn of_topic(
    view: View,
    headers: HeaderMap,
    Client(client): Client,
    Path(id): Path<String>,
    Params(Nothing): Params<Nothing>,
) -> Result<Response, Problem> {
    let _slot = view.state.exports().take(client)?;
    let bundle = package::bundle(&view, &Subject::Topic(id)).await?;
    Ok(manifest(&headers, &bundle))
}

/// One file of a package
///
/// `package.zip` holds all of them, with the manifest and its signature. `decidim-xx.json` is the proposal for a Decidim
/// whose own language is `xx`.
#[utoipa::path(get, operation_id = "topic_package_file", path = "/topics/{id}/package/{name}", tag = "topics",
    params(("id" = Id, Path, description = "Id of a topic"),
        ("name" = String, Path, description = "`package.zip`, `manifest.json`, `manifest.sig`, or a file that the manifest names", example = "polis.csv")),
    responses((status = 200, description = "The file", content((String = "application/zip"), (String = "text/csv"), (String = "application/json")))))]
pub(crate) async fn file_of_topic(
    view: View,
    headers: HeaderMap,
    Client(client): Client,
    Path((id, name)): Path<(String, String)>,
    Params(Nothing): Params<Nothing>,
) -> Result<Response, Problem> {
    let _slot = view.state.exports().take(client)?;
    let bundle = package::bundle(&view, &Subject::Topic(id)).await?;
    file(&headers, &bundle, &name)
}

/// The manifest of a package of a search, as it is now
///
/// As that of a topic; the place in the list (`cursor`, `limit`) makes no difference.
#[utoipa::path(get, operation_id = "search_package", path = "/search/package", tag = "search", params(SearchParams),
    responses((status = 200, description = "The manifest", body = Package)))]
pub(crate) async fn of_search(
    view: View,
    headers: HeaderMap,
    Client(client): Client,
    Params(params): Params<SearchParams>,
) -> Result<Response, Problem> {
    let _slot = view.state.exports().take(client)?;
    let bundle = package::bundle(&view, &Subject::Search(params)).await?;
    Ok(manifest(&headers, &bundle))
}

/// One file of a package of a search
///
/// As one of a topic.
#[utoipa::path(get, operation_id = "search_package_file", path = "/search/package/{name}", tag = "search",
    params(("name" = String, Path, description = "`package.zip`, `manifest.json`, `manifest.sig`, or a file that the manifest names", example = "polis.csv"), SearchParams),
    responses((status = 200, description = "The file", content((String = "application/zip"), (String = "text/csv"), (String = "application/json")))))]
pub(crate) async fn file_of_search(
    view: View,
    headers: HeaderMap,
    Client(client): Client,
    Path(name): Path<String>,
    Params(params): Params<SearchParams>,
) -> Result<Response, Problem> {
    let _slot = view.state.exports().take(client)?;
    let bundle = package::bundle(&view, &Subject::Search(params)).await?;
    file(&headers, &bundle, &name)
}

fn manifest(headers: &HeaderMap, bundle: &Bundle) -> Response {
    bundle.count();
    let body = bundle.manifest().to_vec();
    etag::respond(headers, &bundle.view, "application/json", body)
}

fn file(headers: &HeaderMap, bundle: &Bundle, name: &str) -> Result<Response, Problem> {
    let taken = bundle.take(name)?;
    bundle.count();
    let mut response = etag::respond(headers, &bundle.view, taken.media, taken.bytes);
    let disposition = format!("attachment; filename=\"{}\"", taken.name);
    let disposition = HeaderValue::try_from(disposition);
    response.headers_mut().insert(
        CONTENT_DISPOSITION,
        disposition.map_err(|error| Problem::internal(&error))?,
    );
    Ok(response)
}
