//! GET /topics, GET /topics/{id}, GET /topics/{id}/conversations

use axum::extract::{Path, RawQuery, State};
use axum::http::HeaderMap;
use axum::response::Response;

use super::answer;
use crate::problem::Problem;
use crate::read;
use crate::read::params::{self, PageParams, TopicParams};
use crate::shapes::{Conversation, Id, List, Topic, TopicPage};

/// Topics in one of the three rankings
///
/// Only topics with at least 3 networks or 8 voices. The arithmetic of every rank is in `rank`.
#[utoipa::path(get, path = "/topics", tag = "topics", params(TopicParams),
    responses((status = 200, description = "Topics, first in the ranking first", body = TopicPage)))]
pub(crate) async fn list(
    State(state): State<crate::State>,
    headers: HeaderMap,
    RawQuery(raw): RawQuery,
) -> Result<Response, Problem> {
    let params = TopicParams::parse(raw.as_deref().unwrap_or_default())?;
    let view = state.view().await?;
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
    State(state): State<crate::State>,
    headers: HeaderMap,
    Path(id): Path<String>,
    RawQuery(raw): RawQuery,
) -> Result<Response, Problem> {
    params::none(raw.as_deref().unwrap_or_default())?;
    let view = state.view().await?;
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
    State(state): State<crate::State>,
    headers: HeaderMap,
    Path(id): Path<String>,
    RawQuery(raw): RawQuery,
) -> Result<Response, Problem> {
    let params = PageParams::parse(raw.as_deref().unwrap_or_default())?;
    let view = state.view().await?;
    let page = read::topics::conversations(&view, &id, &params).await?;
    let next = page.next.as_deref().map(|next| params.at(next).to_query());
    let path = format!("/topics/{id}/conversations");
    answer::list(&headers, &view, &page, &path, next)
}
