//! GET /conversations/{id}

use axum::extract::{Path, RawQuery, State};
use axum::http::HeaderMap;
use axum::response::Response;

use super::answer;
use crate::problem::Problem;
use crate::read;
use crate::read::params;
use crate::shapes::{Conversation, Id};

/// One conversation
///
/// Its title, at most 300 characters of its text, and the way to the original. An id from before a reply found its
/// root leads to the conversation it now belongs to.
#[utoipa::path(get, path = "/conversations/{id}", tag = "conversations",
    params(("id" = Id, Path, description = "Id of a conversation")),
    responses((status = 200, description = "The conversation", body = Conversation)))]
pub(crate) async fn conversation(
    State(state): State<crate::State>,
    headers: HeaderMap,
    Path(id): Path<String>,
    RawQuery(raw): RawQuery,
) -> Result<Response, Problem> {
    params::none(raw.as_deref().unwrap_or_default())?;
    let view = state.view().await?;
    let conversation = read::conversation::conversation(&view, &id).await?;
    answer::one(&headers, &view, &conversation)
}
