//! GET /conversations/{id}/consent, GET /posts/{id}/consent

use axum::extract::Path;
use axum::http::HeaderMap;
use axum::response::Response;

use super::answer;
use crate::problem::Problem;
use crate::read;
use crate::read::params::{Nothing, Params};
use crate::shapes::{Consent, Id};
use crate::state::View;

/// The consent under which a conversation is kept
///
/// The grant, the evidence for it, and its place in the ledger: `path` holds the hashes of the entries after it, up
/// to the head.
#[utoipa::path(get, operation_id = "consent_of_conversation", path = "/conversations/{id}/consent", tag = "consent",
    params(("id" = Id, Path, description = "Id of a conversation")),
    responses((status = 200, description = "The consent", body = Consent)))]
pub(crate) async fn of_conversation(
    view: View,
    headers: HeaderMap,
    Path(id): Path<String>,
    Params(Nothing): Params<Nothing>,
) -> Result<Response, Problem> {
    let consent = read::consent::of_conversation(&view, &id).await?;
    answer::one(&headers, &view, &consent)
}

/// The consent under which a post is kept
#[utoipa::path(get, path = "/posts/{id}/consent", tag = "consent",
    params(("id" = Id, Path, description = "Id of a post")),
    responses((status = 200, description = "The consent", body = Consent)))]
pub(crate) async fn of_post(
    view: View,
    headers: HeaderMap,
    Path(id): Path<String>,
    Params(Nothing): Params<Nothing>,
) -> Result<Response, Problem> {
    let consent = read::consent::of_post(&view, &id).await?;
    answer::one(&headers, &view, &consent)
}
