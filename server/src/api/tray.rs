//! GET /tray

use axum::http::HeaderMap;
use axum::response::Response;

use super::answer;
use crate::problem::Problem;
use crate::read;
use crate::read::params::{Params, TrayParams};
use crate::shapes::Tray;
use crate::state::View;

/// Quotations that were gathered
///
/// A tray is up to 20 ids in the address; nothing of it is kept here. Each quotation is as it may be shown now: at most 300
/// characters as they were written, with network, day, link and reference. What is withdrawn, hidden or deleted is not
/// among them from the same second on; `not_shown` counts the ids that nothing is shown of.
#[utoipa::path(get, operation_id = "tray", path = "/tray", tag = "conversations", params(TrayParams),
    responses((status = 200, description = "The quotations, in the order of the tray", body = Tray)))]
pub(crate) async fn tray(
    view: View,
    headers: HeaderMap,
    Params(params): Params<TrayParams>,
) -> Result<Response, Problem> {
    let tray = read::tray::tray(&view, &params).await?;
    answer::one(&headers, &view, &tray)
}
