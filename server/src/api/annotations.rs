//! GET and POST /topics/{id}/annotations

use axum::body::Bytes;
use axum::extract::Path;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use jiff::SignedDuration;

use super::answer;
use super::related::json_body;
use crate::limits::Client;
use crate::owner;
use crate::problem::{Code, Problem};
use crate::read;
use crate::read::params::{Nothing, Params};
use crate::shapes::{Annotation, Id, List, SignedAnnotation};
use crate::state::View;

/// A signed request counts for so long.
const FRESH: SignedDuration = SignedDuration::from_mins(15);

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
    // As of a withdrawal: only what was wrongly signed counts.
    let wrong = |slug: &str| {
        let problem = Problem::new(Code::Unauthenticated, "the signature is not the owner's");
        owner::failed(&view.state, client, slug)
            .err()
            .unwrap_or(problem)
    };
    let network = match owner::named(&view.state, slug).await {
        Ok(network) => network,
        Err(problem) if problem.code == Code::NotFound => return Err(wrong("")),
        Err(problem) => return Err(problem),
    };
    if view.now.duration_since(asked.at).abs() > FRESH {
        return Err(Problem::new(
            Code::Conflict,
            "`at` must be now, within 15 minutes",
        ));
    }
    let SignedAnnotation { day, text, at, .. } = &asked;
    let message = format!("discover annotate\n{slug}\n{id}\n{day}\n{text}\n{at:.0}\n");
    let store = view.state.store();
    let signed = store.is_signed_by_owner(network.id, &message, &asked.signature);
    if !signed.await.map_err(|error| Problem::internal(&error))? {
        return Err(wrong(slug));
    }
    let written = read::annotations::write(&view, network.id, &id, *day, text).await?;
    Ok(match written {
        Some(note) => (StatusCode::CREATED, axum::Json(note)).into_response(),
        None => StatusCode::NO_CONTENT.into_response(),
    })
}
