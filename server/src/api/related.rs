//! GET /conversations/{id}/related, GET and POST /related

use axum::body::Bytes;
use axum::extract::Path;
use axum::http::HeaderMap;
use axum::http::StatusCode;
use axum::http::header::CONTENT_TYPE;
use axum::response::Response;

use super::answer;
use crate::problem::{Code, Problem};
use crate::read;
use crate::read::params::{Nothing, PageParams, Params, RelatedParams, RelatedText};
use crate::shapes::{Id, List, Relation};
use crate::state::View;

/// Conversations related to one
///
/// Each with the reasons for the relation, heaviest first.
#[utoipa::path(get, operation_id = "related_to_conversation", path = "/conversations/{id}/related", tag = "conversations",
    params(("id" = Id, Path, description = "Id of a conversation"), PageParams),
    responses((status = 200, description = "Related conversations, closest first", body = List<Relation>)))]
pub(crate) async fn of_conversation(
    view: View,
    headers: HeaderMap,
    Path(id): Path<String>,
    Params(params): Params<PageParams>,
) -> Result<Response, Problem> {
    let page = read::related::of_conversation(&view, &id, &params).await?;
    let next = page.next.as_deref().map(|next| params.at(next).to_query());
    let path = format!("/conversations/{id}/related");
    answer::list(&headers, &view, &page, &path, next)
}

/// Conversations related to the one at an address
///
/// For those who know a conversation by its address at its network.
#[utoipa::path(get, path = "/related", tag = "conversations", params(RelatedParams),
    responses((status = 200, description = "Related conversations, closest first", body = List<Relation>)))]
pub(crate) async fn by_url(
    view: View,
    headers: HeaderMap,
    Params(params): Params<RelatedParams>,
) -> Result<Response, Problem> {
    let page = read::related::by_url(&view, &params).await?;
    let next = page.next.as_deref().map(|next| params.at(next).to_query());
    answer::list(&headers, &view, &page, "/related", next)
}

/// Conversations related to a text
///
/// The text is compared and forgotten: it is neither kept nor logged. Where this instance has a model of meaning, what says
/// much the same in any language is found too, with the reason `meaning`: a machine's judgement.
#[utoipa::path(post, path = "/related", tag = "conversations", request_body = RelatedText,
    responses((status = 200, description = "Related conversations, closest first", body = List<Relation>)))]
pub(crate) async fn by_text(
    view: View,
    headers: HeaderMap,
    Params(Nothing): Params<Nothing>,
    body: Bytes,
) -> Result<Response, Problem> {
    let text = read_body(&headers, &body)?;
    let page = read::related::by_text(&view, &text).await?;
    answer::list(&headers, &view, &page, "/related", None)
}

fn read_body(headers: &HeaderMap, body: &[u8]) -> Result<RelatedText, Problem> {
    json_body(headers, body).map_err(|problem| match problem.status {
        StatusCode::BAD_REQUEST => problem.with_hint(
            "expected {\"text\": \"…\", \"language\": \"en\"}; language may be left out",
        ),
        _ => problem,
    })
}

/// A body that must be JSON.
pub(super) fn json_body<T: serde::de::DeserializeOwned>(
    headers: &HeaderMap,
    body: &[u8],
) -> Result<T, Problem> {
    let json = headers
        .get(CONTENT_TYPE)
        .and_then(|value| value.to_str().ok())
        .is_some_and(|value| {
            let media = value.split(';').next().unwrap_or_default();
            media.trim().eq_ignore_ascii_case("application/json")
        });
    if !json {
        return Err(Problem {
            status: StatusCode::UNSUPPORTED_MEDIA_TYPE,
            ..Problem::new(
                Code::BadBody,
                "the body must be JSON, with content-type application/json",
            )
        });
    }
    serde_json::from_slice(body).map_err(|error| Problem::new(Code::BadBody, error.to_string()))
}
