//! GET and POST /topics/{id}/answers, GET /networks/{slug}/answers

use axum::Extension;
use axum::body::Bytes;
use axum::extract::Path;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};

use super::answer;
use super::related::json_body;
use crate::analyst::Analyst;
use crate::problem::Problem;
use crate::read;
use crate::read::params::{Nothing, Params};
use crate::shapes::{AnswerEntry, Answers, Id, NetworkAnswers, NewAnswer};
use crate::state::View;

/// What happened about a topic
///
/// Who has heard, who has answered, what was decided and changed, and what is due or overdue. Entries are never removed: a
/// mistake is followed by a correction, and an erased text leaves its place and its reason. An id from before a merge leads
/// to the topic that goes on; a topic that is gone keeps its answers.
#[utoipa::path(get, operation_id = "answers", path = "/topics/{id}/answers", tag = "topics",
    params(("id" = Id, Path, description = "Id of a topic")),
    responses((status = 200, description = "Entries, oldest first", body = Answers)))]
pub(crate) async fn list(
    view: View,
    headers: HeaderMap,
    Path(id): Path<String>,
    Params(Nothing): Params<Nothing>,
) -> Result<Response, Problem> {
    let answers = read::answers::of_topic(&view, &id).await?;
    answer::one(&headers, &view, &answers)
}

/// Answers to what a network raised
///
/// The latest entries about topics that the network speaks in, as it did when they were written. A correction is an entry; an
/// erased text leaves its place and its reason.
#[utoipa::path(get, operation_id = "answers_to_network", path = "/networks/{slug}/answers", tag = "networks",
    params(("slug" = String, Path, description = "Slug of a network", example = "riverside-forum")),
    responses((status = 200, description = "Entries, latest first", body = NetworkAnswers)))]
pub(crate) async fn of_network(
    view: View,
    headers: HeaderMap,
    Path(slug): Path<String>,
    Params(Nothing): Params<Nothing>,
) -> Result<Response, Problem> {
    let answers = read::answers::of_network(&view, &slug).await?;
    answer::one(&headers, &view, &answers)
}

/// Say what happened about a topic
///
/// In the name under which the operator gave you the key. The text passes the same redaction as everything here, and is
/// public at once; it can be corrected by another entry, never changed. The entry names the topic's ten most central
/// conversations as what it answers.
#[utoipa::path(post, operation_id = "write_answer", path = "/topics/{id}/answers", tag = "topics",
    security(("key" = ["answer:write"])), params(("id" = Id, Path, description = "Id of a topic")),
    request_body(content = NewAnswer, example = json!({
        "stage": "heard", "text": "We have read this, and will look at who cannot book.", "due": "2026-12-19"
    })),
    responses((status = 201, description = "The entry is written", body = AnswerEntry)))]
pub(crate) async fn write(
    view: View,
    Extension(analyst): Extension<Analyst>,
    headers: HeaderMap,
    Path(id): Path<String>,
    Params(Nothing): Params<Nothing>,
    body: Bytes,
) -> Result<Response, Problem> {
    let new: NewAnswer = json_body(&headers, &body)?;
    let written = read::answers::write(&view, &analyst, &id, &new).await?;
    Ok((StatusCode::CREATED, axum::Json(written)).into_response())
}
