//! Whether the process lives (`/healthz`) and whether it can answer (`/readyz`).

use axum::Json;
use axum::response::{IntoResponse, Response};
use serde::Serialize;

use crate::problem::{Code, Problem};
use crate::state::State;

#[derive(Serialize)]
struct Health {
    status: &'static str,
}

#[derive(Serialize)]
struct Ready {
    status: &'static str,
    /// Last change in the store.
    store_seq: u64,
    /// Last change the index holds; behind the store for a moment after each crawl.
    index_seq: u64,
    generation: u64,
}

/// GET /healthz
pub(crate) async fn healthz() -> Response {
    Json(Health { status: "ok" }).into_response()
}

/// GET /readyz
pub(crate) async fn readyz(
    axum::extract::State(state): axum::extract::State<State>,
) -> Result<Response, Problem> {
    let view = state.view().await?;
    let store_seq = state.store().last_seq().await.map_err(|error| {
        tracing::error!(%error, "the store does not answer");
        Problem::new(Code::Unavailable, "the store does not answer")
    })?;
    Ok(Json(Ready {
        status: "ready",
        store_seq,
        index_seq: view.seq,
        generation: view.generation(),
    })
    .into_response())
}
