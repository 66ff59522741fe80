//! GET /digests, /digests/{period} and /topics/notices

use axum::extract::Path;
use axum::http::HeaderMap;
use axum::response::Response;
use discover_store::DigestEvery;

use super::answer;
use crate::problem::Problem;
use crate::read;
use crate::read::params::{DigestListParams, DigestParams, NoticeParams, Params};
use crate::read::period::Period;
use crate::shapes::{Digest, DigestList, Notices};
use crate::state::View;

/// Digests of weeks or months
///
/// The present period first, then those that are over, with how much of what each named is not shown any more.
#[utoipa::path(get, operation_id = "list_digests", path = "/digests", tag = "topics", params(DigestListParams),
    responses((status = 200, description = "Digests, latest first", body = DigestList)))]
pub(crate) async fn list(
    view: View,
    headers: HeaderMap,
    Params(params): Params<DigestListParams>,
) -> Result<Response, Problem> {
    let list = read::digest::list(&view, params.every, &params.area).await?;
    answer::one(&headers, &view, &list)
}

/// One digest
///
/// What people talked about in a week or a month: of all topics, of those of some areas, or what a search finds in these days.
/// A digest of the past names the topics and conversations that it named then, in the words of now; what may not be
/// shown any more is counted. `errata` are earlier digests of which that is so.
#[utoipa::path(get, path = "/digests/{period}", tag = "topics",
    params(
        ("period" = String, Path, description = "An ISO week (2026-W48), a month (2026-11), or `week` or `month` for the last that is over, or the present one where there is none",
            example = "week"),
        DigestParams),
    responses((status = 200, description = "The digest", body = Digest)))]
pub(crate) async fn digest(
    view: View,
    headers: HeaderMap,
    Path(period): Path<String>,
    Params(params): Params<DigestParams>,
) -> Result<Response, Problem> {
    let mut every = DigestEvery::ALL.into_iter();
    let digest = match every.find(|every| every.as_str() == period) {
        Some(every) => read::digest::digest(&view, None, every, &params).await?,
        None => {
            let period = Period::parse(&period)?;
            read::digest::digest(&view, Some(period), period.every, &params).await?
        }
    };
    answer::one(&headers, &view, &digest)
}

/// Topics that are told of early
///
/// Warnings, and topics that are newly emerging: those that hold, and those that ended in the last 90 days, each with its odds.
/// One ends when it has not held for a day, or its topic is gone.
#[utoipa::path(get, operation_id = "topic_notices", path = "/topics/notices", tag = "topics", params(NoticeParams),
    responses((status = 200, description = "Notices, those that hold first", body = Notices)))]
pub(crate) async fn notices(
    view: View,
    headers: HeaderMap,
    Params(params): Params<NoticeParams>,
) -> Result<Response, Problem> {
    let notices = read::notices::notices(&view, &params).await?;
    answer::one(&headers, &view, &notices)
}
