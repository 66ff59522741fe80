//! GET /search/export

use std::time::{Duration, Instant};

use axum::body::{Body, Bytes};
use axum::extract::Extension;
use axum::http::header::{CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::http::{HeaderName, HeaderValue};
use axum::response::Response;
use futures_util::stream;

use crate::analyst::Analyst;
use crate::export::Writer;
use crate::limits::Client;
use crate::problem::{Code, Problem};
use crate::read::export::Export;
use crate::read::params::{ExportParams, MAX_ROWS, Params};
use crate::shapes::Conversation;
use crate::state::View;

/// A download that takes longer is cut off: it holds the place of another.
const LASTS: Duration = Duration::from_mins(15);

/// Conversations found, exact: an export may hold fewer.
const TOTAL: HeaderName = HeaderName::from_static("x-total-count");

/// Take a result away
///
/// The result of a search as one file of up to 10,000 rows (100,000 with an analyst's key), in the order of the search: CSV, a workbook (xlsx, at most 10,000 rows), NDJSON (one conversation a
/// line) or a list of references. The file is written while it is read; what is withdrawn meanwhile is not in the rest
/// of it. A download that ends early was cut off: the connection is closed without an end of the body.
#[utoipa::path(get, path = "/search/export", tag = "search", params(ExportParams),
    responses((status = 200, description = "The rows", headers(
        ("X-Total-Count" = u64, description = "Conversations found, exact"),
        ("Content-Disposition" = String, description = "A name for the file")),
        content((String = "text/csv"), (String = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"), (Conversation = "application/x-ndjson"), (String = "text/plain")))))]
pub(crate) async fn export(
    view: View,
    analyst: Option<Extension<Analyst>>,
    Client(client): Client,
    Params(params): Params<ExportParams>,
) -> Result<Response, Problem> {
    if params.rows > MAX_ROWS && analyst.is_none() {
        return Err(Problem::new(
            Code::Unauthenticated,
            format!("more than {MAX_ROWS} rows need a key with the scope export:read"),
        )
        .with_hint("ask the operator for a key, or for fewer rows"));
    }
    let slot = view.state.exports().take(client)?;
    let until = Instant::now() + LASTS;
    let export = Export::start(&view, &params).await?;
    let writer = Writer::new(&view, &params);
    let (media, name, total) = (writer.media(), writer.file_name(), export.total);

    let head = Some(writer.head()?);
    let state = view.state.clone();
    let parts = stream::try_unfold(
        (export, writer, head, false, (slot, state)),
        move |(mut export, mut writer, mut head, ended, (slot, state))| async move {
            if ended {
                return Ok::<_, Cut>(None);
            }
            if Instant::now() >= until {
                return Err(Cut("it took too long".to_owned()));
            }
            let mut part = head.take().unwrap_or_default();
            let rows = export.rows().await.map_err(|problem| Cut(problem.detail))?;
            let ended = rows.is_none();
            let more = match rows {
                Some(rows) => writer.rows(rows),
                None => {
                    let view = state.view().await.map_err(|problem| Cut(problem.detail))?;
                    writer.tail(&view, export.total).await
                }
            };
            part.extend(more.map_err(|problem| Cut(problem.detail))?);
            Ok(Some((
                Bytes::from(part),
                (export, writer, head, ended, (slot, state)),
            )))
        },
    );
    let mut response = Response::new(Body::from_stream(parts));
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static(media));
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    headers.insert(TOTAL, HeaderValue::from(total));
    let disposition = format!("attachment; filename=\"{name}\"");
    headers.insert(
        CONTENT_DISPOSITION,
        HeaderValue::try_from(disposition).map_err(|error| Problem::internal(&error))?,
    );
    Ok(response)
}

/// Why a download ended before its end.
#[derive(Debug, thiserror::Error)]
#[error("the export was cut off: {0}")]
struct Cut(String);
