//! GET /networks, GET /networks/{slug}, GET /about

use axum::extract::Path;
use axum::http::HeaderMap;
use axum::response::Response;

use super::answer;
use crate::problem::Problem;
use crate::read;
use crate::read::params::{Nothing, PageParams, Params};
use crate::shapes::{About, List, Network};
use crate::state::View;

/// Networks that opted in
#[utoipa::path(get, operation_id = "list_networks", path = "/networks", tag = "networks", params(PageParams),
    responses((status = 200, description = "Networks, by name", body = List<Network>)))]
pub(crate) async fn list(
    view: View,
    headers: HeaderMap,
    Params(params): Params<PageParams>,
) -> Result<Response, Problem> {
    let page = read::networks::list(&view, &params).await?;
    let next = page.next.as_deref().map(|next| params.at(next).to_query());
    answer::list(&headers, &view, &page, "/networks", next)
}

/// One network
#[utoipa::path(get, path = "/networks/{slug}", tag = "networks",
    params(("slug" = String, Path, description = "Slug of a network", example = "riverside-forum")),
    responses((status = 200, description = "The network", body = Network)))]
pub(crate) async fn network(
    view: View,
    headers: HeaderMap,
    Path(slug): Path<String>,
    Params(Nothing): Params<Nothing>,
) -> Result<Response, Problem> {
    let network = read::networks::network(&view, &slug).await?;
    answer::one(&headers, &view, &network)
}

/// What is kept and what is refused
///
/// Live figures of this instance.
#[utoipa::path(get, path = "/about", tag = "networks",
    responses((status = 200, description = "Figures and rules of this instance", body = About)))]
pub(crate) async fn about(
    view: View,
    headers: HeaderMap,
    Params(Nothing): Params<Nothing>,
) -> Result<Response, Problem> {
    let about = read::about::about(&view).await?;
    answer::one(&headers, &view, &about)
}
