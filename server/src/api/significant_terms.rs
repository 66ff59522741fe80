//! GET /search/words, GET /compare

use axum::http::HeaderMap;
use axum::response::Response;

use super::answer;
use crate::problem::Problem;
use crate::read;
use crate::read::params::{CompareParams, Params, WordsParams};
use crate::shapes::{Comparison, SignificantTerms};
use crate::state::View;

/// Words that set a result apart
///
/// The words that are far more frequent in what a search found (its first 200 conversations) than everywhere else, by
/// the log-likelihood ratio. Only words that at least 3 networks or 8 voices use are named.
#[utoipa::path(get, path = "/search/words", tag = "search", params(WordsParams),
    responses((status = 200, description = "The words, most telling first", body = SignificantTerms)))]
pub(crate) async fn words(
    view: View,
    headers: HeaderMap,
    Params(WordsParams(params)): Params<WordsParams>,
) -> Result<Response, Problem> {
    let found = read::significant_terms::words(&view, &params).await?;
    answer::one(&headers, &view, &found)
}

/// Up to five searches, or periods, side by side
///
/// Each side has its total, facets, timeline and telling words. The second side differs from the first by its query
/// (`q2`), its period (`after2`, `before2`), or both, a third by `q3` and so on up to `q5`; filters hold for all. A side that
/// differs in nothing from the first is left out, as long as another does.
#[utoipa::path(get, path = "/compare", tag = "search", params(CompareParams),
    responses((status = 200, description = "The sides, in order", body = Comparison)))]
pub(crate) async fn compare(
    view: View,
    headers: HeaderMap,
    Params(params): Params<CompareParams>,
) -> Result<Response, Problem> {
    let found = read::significant_terms::compare(&view, &params).await?;
    answer::one(&headers, &view, &found)
}
