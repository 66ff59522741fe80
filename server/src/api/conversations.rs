//! GET /conversations/{id}

use axum::extract::Path;
use axum::http::HeaderMap;
use axum::response::Response;

use super::answer;
use crate::problem::Problem;
use crate::read;
use crate::read::params::{Nothing, Params};
use crate::shapes::{Conversation, Id};
use crate::state::View;

/// One conversation
///
/// Its title, at most 300 characters of its text, and the way to the original. An id from before a reply found its
/// root leads to the conversation it now belongs to.
#[utoipa::path(get, path = "/conversations/{id}", tag = "conversations",
    params(("id" = Id, Path, description = "Id of a conversation")),
    responses((status = 200, description = "The conversation", body = Conversation)))]
pub(crate) async fn conversation(
    view: View,
    headers: HeaderMap,
    Path(id): Path<String>,
    Params(Nothing): Params<Nothing>,
) -> Result<Response, Problem> {
    let conversation = read::conversation::conversation(&view, &id).await?;
    answer::one(&headers, &view, &conversation)
}
