//! GET /ledger, GET /ledger/heads, GET /transparency

use axum::http::HeaderMap;
use axum::response::Response;

use super::answer;
use crate::problem::Problem;
use crate::read;
use crate::read::params::{LedgerParams, Nothing, Params};
use crate::shapes::{LedgerPage, SignedHeads, Transparency};
use crate::state::View;

/// The ledger of consent
///
/// Append-only and hash-chained; networks stand in it by random ids. `discover ledger verify` checks it, and so can you.
#[utoipa::path(get, path = "/ledger", tag = "consent", params(LedgerParams),
    responses((status = 200, description = "Entries, in order", body = LedgerPage)))]
pub(crate) async fn page(
    view: View,
    headers: HeaderMap,
    Params(params): Params<LedgerParams>,
) -> Result<Response, Problem> {
    let page = read::ledger::page(&view, params.after, params.limit).await?;
    answer::one(&headers, &view, &page)
}

/// Signed heads of the ledger
///
/// One for each day that ended. Keep copies: with one of them anybody can tell whether the ledger was rewritten.
#[utoipa::path(get, path = "/ledger/heads", tag = "consent",
    responses((status = 200, description = "Signed heads, latest first", body = SignedHeads)))]
pub(crate) async fn heads(
    view: View,
    headers: HeaderMap,
    Params(Nothing): Params<Nothing>,
) -> Result<Response, Problem> {
    let heads = read::ledger::heads(&view).await?;
    answer::one(&headers, &view, &heads)
}

/// What was asked of us and done
#[utoipa::path(get, path = "/transparency", tag = "consent",
    responses((status = 200, description = "Networks, refusals, withdrawals, heads", body = Transparency)))]
pub(crate) async fn transparency(
    view: View,
    headers: HeaderMap,
    Params(Nothing): Params<Nothing>,
) -> Result<Response, Problem> {
    let transparency = read::ledger::transparency(&view).await?;
    answer::one(&headers, &view, &transparency)
}
