//! Whether the process lives (`/healthz`) and whether it can answer (`/readyz`).

use std::collections::BTreeMap;

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
    /// Bad states by name, each with what to do; absent where there is none.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    signs: BTreeMap<String, String>,
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
    let signs = current(&state);
    Ok(Json(Ready {
        status: if signs.is_empty() {
            "ready"
        } else {
            "degraded"
        },
        store_seq,
        index_seq: view.seq,
        generation: view.generation(),
        signs,
    })
    .into_response())
}

/// What was set, and what the store knows of itself.
pub(crate) fn current(state: &State) -> BTreeMap<String, String> {
    state.config().signs.with_those_of(state.store())
}
