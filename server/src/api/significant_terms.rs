//! GET /search/words, GET /compare

use axum::extract::{RawQuery, State};
use axum::http::HeaderMap;
use axum::response::Response;

use super::answer;
use crate::problem::Problem;
use crate::read;
use crate::read::params::{CompareParams, WordsParams};
use crate::shapes::{Comparison, SignificantTerms};

/// Words that set a result apart
///
/// The words that are far more frequent in what a search found (its first 200 conversations) than everywhere else, by
/// the log-likelihood ratio. Only words that at least 3 networks or 8 voices use are named.
#[utoipa::path(get, path = "/search/words", tag = "search", params(WordsParams),
    responses((status = 200, description = "The words, most telling first", body = SignificantTerms)))]
pub(crate) async fn words(
    State(state): State<crate::State>,
    headers: HeaderMap,
    RawQuery(raw): RawQuery,
) -> Result<Response, Problem> {
    let WordsParams(params) = WordsParams::parse(raw.as_deref().unwrap_or_default())?;
    let view = state.view().await?;
    let found = read::significant_terms::words(&view, &params).await?;
    answer::one(&headers, &view, &found)
}

/// Two searches, or two periods, side by side
///
/// Each side has its total, facets, timeline and telling words. The second side differs from the first by its query
/// (`q2`), its period (`after2`, `before2`), or both; filters hold for both.
#[utoipa::path(get, path = "/compare", tag = "search", params(CompareParams),
    responses((status = 200, description = "Both sides", body = Comparison)))]
pub(crate) async fn compare(
    State(state): State<crate::State>,
    headers: HeaderMap,
    RawQuery(raw): RawQuery,
) -> Result<Response, Problem> {
    let params = CompareParams::parse(raw.as_deref().unwrap_or_default())?;
    let view = state.view().await?;
    let found = read::significant_terms::compare(&view, &params).await?;
    answer::one(&headers, &view, &found)
}
