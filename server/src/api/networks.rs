//! GET /networks, GET /networks/{slug}, GET /about

use axum::extract::{Path, RawQuery, State};
use axum::http::HeaderMap;
use axum::response::Response;

use super::answer;
use crate::problem::Problem;
use crate::read;
use crate::read::params::{self, PageParams};
use crate::shapes::{About, List, Network};

/// Networks that opted in
#[utoipa::path(get, operation_id = "list_networks", path = "/networks", tag = "networks", params(PageParams),
    responses((status = 200, description = "Networks, by slug", body = List<Network>)))]
pub(crate) async fn list(
    State(state): State<crate::State>,
    headers: HeaderMap,
    RawQuery(raw): RawQuery,
) -> Result<Response, Problem> {
    let params = PageParams::parse(raw.as_deref().unwrap_or_default())?;
    let view = state.view().await?;
    let page = read::networks::list(&view, &params).await?;
    let next = page.next.as_deref().map(|next| params.at(next).to_query());
    answer::list(&headers, &view, &page, "/networks", next)
}

/// One network
#[utoipa::path(get, path = "/networks/{slug}", tag = "networks",
    params(("slug" = String, Path, description = "Slug of a network", example = "riverside-forum")),
    responses((status = 200, description = "The network", body = Network)))]
pub(crate) async fn network(
    State(state): State<crate::State>,
    headers: HeaderMap,
    Path(slug): Path<String>,
    RawQuery(raw): RawQuery,
) -> Result<Response, Problem> {
    params::none(raw.as_deref().unwrap_or_default())?;
    let view = state.view().await?;
    let network = read::networks::network(&view, &slug).await?;
    answer::one(&headers, &view, &network)
}

/// What is kept and what is refused
///
/// Live figures of this instance.
#[utoipa::path(get, path = "/about", tag = "networks",
    responses((status = 200, description = "Figures and rules of this instance", body = About)))]
pub(crate) async fn about(
    State(state): State<crate::State>,
    headers: HeaderMap,
    RawQuery(raw): RawQuery,
) -> Result<Response, Problem> {
    params::none(raw.as_deref().unwrap_or_default())?;
    let view = state.view().await?;
    let about = read::about::about(&view).await?;
    answer::one(&headers, &view, &about)
}
