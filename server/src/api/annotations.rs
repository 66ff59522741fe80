//! GET and POST /topics/{id}/annotations

use axum::body::Bytes;
use axum::extract::Path;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};

use super::answer;
use super::owner::signed;
use super::related::json_body;
use crate::limits::Client;
use crate::problem::Problem;
use crate::read;
use crate::read::params::{Nothing, Params};
use crate::shapes::{Annotation, Id, List, SignedAnnotation};
use crate::state::View;

/// Notes on a topic
///
/// A day and a few words, each by a network that speaks in the topic, as its right of reply, or by the operator. One that is
/// taken away, or whose network left, is gone.
#[utoipa::path(get, operation_id = "annotations", path = "/topics/{id}/annotations", tag = "topics",
    params(("id" = Id, Path, description = "Id of a topic")),
    responses((status = 200, description = "All of them, by day", body = List<Annotation>)))]
pub(crate) async fn list(
    view: View,
    headers: HeaderMap,
    Path(id): Path<String>,
    Params(Nothing): Params<Nothing>,
) -> Result<Response, Problem> {
    let list = read::annotations::list(&view, &id).await?;
    answer::one(&headers, &view, &list)
}

/// Write a note on a topic that cites your network
///
/// By a request signed with the owner's key; the key itself is never sent. The words pass the same redaction as everything
/// here, stand on the topic, its timeline and its brief with your network's name, and are public at once.
#[utoipa::path(post, operation_id = "write_annotation", path = "/topics/{id}/annotations", tag = "topics",
    params(("id" = Id, Path, description = "Id of a topic")), request_body = SignedAnnotation,
    responses((status = 201, description = "The note is written", body = Annotation),
        (status = 204, description = "The note of that day is taken away")))]
pub(crate) async fn write(
    view: View,
    client: Client,
    headers: HeaderMap,
    Path(id): Path<String>,
    Params(Nothing): Params<Nothing>,
    body: Bytes,
) -> Result<Response, Problem> {
    let asked: SignedAnnotation = json_body(&headers, &body)?;
    let slug = &asked.network;
    let SignedAnnotation { day, text, at, .. } = &asked;
    let message = format!("discover annotate\n{slug}\n{id}\n{day}\n{text}\n{at:.0}\n");
    let network = signed(&view.state, client, slug, *at, &message, &asked.signature).await?;
    let written = read::annotations::write(&view, network.id, &id, *day, text).await?;
    Ok(match written {
        Some(note) => (StatusCode::CREATED, axum::Json(note)).into_response(),
        None => StatusCode::NO_CONTENT.into_response(),
    })
}
