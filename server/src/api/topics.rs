//! GET /topics, /topics/changes, /topics/matrix, /topics/warnings, /topics/{id}, /topics/{id}/conversations and
//! /topics/{id}/networks

use axum::extract::Path;
use axum::http::HeaderMap;
use axum::response::Response;

use super::answer;
use crate::problem::Problem;
use crate::read;
use crate::read::params::{ChangesParams, Nothing, PageParams, Params, TopicParams};
use crate::shapes::{
    Conversation, Id, List, Matrix, Topic, TopicChanges, TopicNetworks, TopicPage, Warnings,
};
use crate::state::View;

/// Topics in one of the three lists
///
/// Only topics with at least 3 networks or 8 voices, and a subject. A topic stands in one list at most; `rank` says of each
/// list why or why not, with the arithmetic.
#[utoipa::path(get, operation_id = "list_topics", path = "/topics", tag = "topics", params(TopicParams),
    responses((status = 200, description = "Topics, first in the ranking first", body = TopicPage)))]
pub(crate) async fn list(
    view: View,
    headers: HeaderMap,
    Params(params): Params<TopicParams>,
) -> Result<Response, Problem> {
    let page = read::topics::list(&view, &params).await?;
    let next = page.next.as_deref().map(|next| params.at(next).to_query());
    answer::list(&headers, &view, &page, "/topics", next)
}

/// One topic
///
/// An id from before a merge leads to the topic that goes on.
#[utoipa::path(get, path = "/topics/{id}", tag = "topics",
    params(("id" = Id, Path, description = "Id of a topic")),
    responses((status = 200, description = "The topic", body = Topic)))]
pub(crate) async fn topic(
    view: View,
    headers: HeaderMap,
    Path(id): Path<String>,
    Params(Nothing): Params<Nothing>,
) -> Result<Response, Problem> {
    let topic = read::topics::topic(&view, &id).await?;
    answer::one(&headers, &view, &topic)
}

/// Conversations of a topic
///
/// Latest activity first.
#[utoipa::path(get, path = "/topics/{id}/conversations", tag = "topics",
    params(("id" = Id, Path, description = "Id of a topic"), PageParams),
    responses((status = 200, description = "Conversations, latest first", body = List<Conversation>)))]
pub(crate) async fn conversations(
    view: View,
    headers: HeaderMap,
    Path(id): Path<String>,
    Params(params): Params<PageParams>,
) -> Result<Response, Problem> {
    let page = read::topics::conversations(&view, &id, &params).await?;
    let next = page.next.as_deref().map(|next| params.at(next).to_query());
    let path = format!("/topics/{id}/conversations");
    answer::list(&headers, &view, &page, &path, next)
}

/// Who takes part in a topic, who could and does not
///
/// Silence is said only of networks that could speak of it. Figures of a network are there from 8 voices on.
#[utoipa::path(get, path = "/topics/{id}/networks", tag = "topics",
    params(("id" = Id, Path, description = "Id of a topic")),
    responses((status = 200, description = "Networks that take part, and those that do not", body = TopicNetworks)))]
pub(crate) async fn networks(
    view: View,
    headers: HeaderMap,
    Path(id): Path<String>,
    Params(Nothing): Params<Nothing>,
) -> Result<Response, Problem> {
    let networks = read::matrix::networks(&view, &id).await?;
    answer::one(&headers, &view, &networks)
}

/// Networks by topics
///
/// Who talks about what, who could and does not, and what cannot be compared: the topics of one list, with every network.
#[utoipa::path(get, path = "/topics/matrix", tag = "topics", params(TopicParams),
    responses((status = 200, description = "One row a topic", body = Matrix)))]
pub(crate) async fn matrix(
    view: View,
    headers: HeaderMap,
    Params(params): Params<TopicParams>,
) -> Result<Response, Problem> {
    let matrix = read::matrix::matrix(&view, &params).await?;
    let next = matrix
        .next
        .as_deref()
        .map(|next| params.at(next).to_query());
    answer::list(&headers, &view, &matrix, "/topics/matrix", next)
}

/// What changed since a day
///
/// Topics that were born, grew to twice their size, merged, split, faded or were renamed, latest first.
#[utoipa::path(get, path = "/topics/changes", tag = "topics", params(ChangesParams),
    responses((status = 200, description = "Changes, latest first", body = TopicChanges)))]
pub(crate) async fn changes(
    view: View,
    headers: HeaderMap,
    Params(params): Params<ChangesParams>,
) -> Result<Response, Problem> {
    let changes = read::changes::changes(&view, &params)?;
    let next = changes
        .next
        .as_deref()
        .map(|next| params.at(next).to_query());
    answer::list(&headers, &view, &changes, "/topics/changes", next)
}

/// Early warnings
///
/// Topics that several networks speak of more than each of them is used to, corrected for the number of tests; with
/// how often the rule was wrong when it was run over past days with networks that had nothing to do with each other.
#[utoipa::path(get, path = "/topics/warnings", tag = "topics",
    responses((status = 200, description = "Warnings, most surprising first", body = Warnings)))]
pub(crate) async fn warnings(
    view: View,
    headers: HeaderMap,
    Params(Nothing): Params<Nothing>,
) -> Result<Response, Problem> {
    let warnings = read::warnings::warnings(&view).await?;
    answer::one(&headers, &view, &warnings)
}
