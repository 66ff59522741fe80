//! GET and POST /follows, GET and DELETE /follows/{id}, GET /follows/{id}/deliveries, POST /follows/{id}/replay

use axum::Extension;
use axum::body::Bytes;
use axum::extract::Path;
use axum::http::header::{CACHE_CONTROL, LOCATION};
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};

use super::answer;
use super::related::json_body;
use crate::alerts::saved_searches;
use crate::analyst::Analyst;
use crate::problem::Problem;
use crate::read::params::{Nothing, PageParams, Params};
use crate::shapes::{Delivery, Follow, Id, List, NewFollow, ReplayFrom, Replayed};
use crate::state::View;
use crate::text::links;

/// Nothing between us and the key's holder keeps it.
const PRIVATE: HeaderValue = HeaderValue::from_static("private, no-store");

fn private(mut response: Response) -> Response {
    response.headers_mut().insert(CACHE_CONTROL, PRIVATE);
    response
}

/// Saved searches of your key
#[utoipa::path(get, operation_id = "list_follows", path = "/follows", tag = "follows", security(("key" = ["follow:write"])),
    responses((status = 200, description = "All of them, oldest first", body = List<Follow>)))]
pub(crate) async fn list(
    view: View,
    Extension(analyst): Extension<Analyst>,
    headers: HeaderMap,
    Params(Nothing): Params<Nothing>,
) -> Result<Response, Problem> {
    let list = saved_searches::list(&view, &analyst.key).await?;
    answer::list(&headers, &view, &list, "/follows", None).map(private)
}

/// Save a search and be told what it finds
///
/// From now on, each conversation that fits the search exactly is told once, when it is new or has changed
/// (`conversation.found`), and once more when it has gone or fits no more (`conversation.withdrawn`): drop what you hold of
/// it then. Alerts are POST requests signed as [Standard Webhooks](https://www.standardwebhooks.com/) are; `secret` is said
/// in this answer and never again. By mail, whoever reads the address is asked first, and gets one mail an hour or a day
/// for all that was found. A key may have 50 follows.
#[utoipa::path(post, operation_id = "save_follow", path = "/follows", tag = "follows", security(("key" = ["follow:write"])),
    request_body(content = NewFollow, example = json!({
        "name": "Blood tests", "search": {"q": "\"blood tests\"", "language": ["en", "cy"]},
        "deliver": {"webhook": "https://insight.example/hooks/discover"}
    })),
    responses((status = 201, description = "The search is saved", body = Follow,
        headers(("Location" = String, description = "Where it is")))))]
pub(crate) async fn make(
    view: View,
    Extension(analyst): Extension<Analyst>,
    headers: HeaderMap,
    Params(Nothing): Params<Nothing>,
    body: Bytes,
) -> Result<Response, Problem> {
    let new: NewFollow = json_body(&headers, &body)?;
    let made = saved_searches::make(&view, &analyst.key, &new).await?;
    let place = HeaderValue::try_from(format!("{}/follows/{}", links::API, made.id))
        .map_err(|error| Problem::internal(&error))?;
    let response = (StatusCode::CREATED, [(LOCATION, place)], axum::Json(made));
    Ok(private(response.into_response()))
}

/// One saved search
#[utoipa::path(get, operation_id = "follow", path = "/follows/{id}", tag = "follows", security(("key" = ["follow:write"])),
    params(("id" = Id, Path, description = "Id of a follow of your key")),
    responses((status = 200, description = "The saved search", body = Follow)))]
pub(crate) async fn one(
    view: View,
    Extension(analyst): Extension<Analyst>,
    headers: HeaderMap,
    Path(id): Path<String>,
    Params(Nothing): Params<Nothing>,
) -> Result<Response, Problem> {
    let follow = saved_searches::one(&view, &analyst.key, &id).await?;
    answer::one(&headers, &view, &follow).map(private)
}

/// End a saved search
///
/// Nothing is sent any more, and nothing of it is kept.
#[utoipa::path(delete, operation_id = "end_follow", path = "/follows/{id}", tag = "follows", security(("key" = ["follow:write"])),
    params(("id" = Id, Path, description = "Id of a follow of your key")),
    responses((status = 204, description = "Ended")))]
pub(crate) async fn end(
    view: View,
    Extension(analyst): Extension<Analyst>,
    Path(id): Path<String>,
    Params(Nothing): Params<Nothing>,
) -> Result<Response, Problem> {
    saved_searches::end(&view, &analyst.key, &id).await?;
    Ok(StatusCode::NO_CONTENT.into_response())
}

/// What a saved search was and is to be told
///
/// Latest first. Those that ended are forgotten after 30 days.
#[utoipa::path(get, operation_id = "follow_deliveries", path = "/follows/{id}/deliveries", tag = "follows", security(("key" = ["follow:write"])),
    params(("id" = Id, Path, description = "Id of a follow of your key"), PageParams),
    responses((status = 200, description = "Deliveries", body = List<Delivery>)))]
pub(crate) async fn deliveries(
    view: View,
    Extension(analyst): Extension<Analyst>,
    headers: HeaderMap,
    Path(id): Path<String>,
    Params(params): Params<PageParams>,
) -> Result<Response, Problem> {
    let page = saved_searches::deliveries(&view, &analyst.key, &id, &params).await?;
    let next = page.next.as_deref().map(|next| params.at(next).to_query());
    let path = format!("/follows/{id}/deliveries");
    answer::list(&headers, &view, &page, &path, next).map(private)
}

/// Send deliveries once more
///
/// Those that were given up, or all from one on, each with the id it had; what has gone meanwhile is not sent. A follow
/// that was paused because its receiver answered 410 is taken up again.
#[utoipa::path(post, operation_id = "replay_follow", path = "/follows/{id}/replay", tag = "follows", security(("key" = ["follow:write"])),
    params(("id" = Id, Path, description = "Id of a follow of your key")), request_body(content = ReplayFrom, example = json!({})),
    responses((status = 200, description = "What will be sent", body = Replayed)))]
pub(crate) async fn replay(
    view: View,
    Extension(analyst): Extension<Analyst>,
    headers: HeaderMap,
    Path(id): Path<String>,
    Params(Nothing): Params<Nothing>,
    body: Bytes,
) -> Result<Response, Problem> {
    let from: ReplayFrom = json_body(&headers, &body)?;
    let replayed = saved_searches::replay(&view, &analyst.key, &id, &from).await?;
    Ok(private(axum::Json(replayed).into_response()))
}
