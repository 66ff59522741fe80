//! Where WebSub hubs reach us (W3C Recommendation of 23 January 2018): `GET` verifies intent, `POST` brings news.
//!
//! Contract: nothing a hub sends is read for its content. A signed notice makes the source's next visit come sooner.

use axum::Router;
use axum::body::Bytes;
use axum::extract::{DefaultBodyLimit, Path, RawQuery, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use discover_model::SourceId;

use crate::operations::{HubAsks, HubTells, OperationError};
use crate::problem::{Code, Problem};
use crate::state;

/// Hubs send a feed along; larger ones are not taken.
const MAX_NOTICE: usize = 4 << 20;

pub(crate) fn routes() -> Router<state::State> {
    Router::new()
        .route("/websub/{source}/{token}", get(asks).post(tells))
        .layer(DefaultBodyLimit::max(MAX_NOTICE))
}

fn failed(error: &OperationError) -> Problem {
    match error {
        OperationError::Closed | OperationError::Refused(_) => unknown(),
        OperationError::Failed(why) | OperationError::Unavailable(why) => Problem::internal(why),
    }
}

fn unknown() -> Problem {
    Problem::new(Code::NotFound, "no such subscription")
}

async fn asks(
    State(state): State<state::State>,
    Path((source, token)): Path<(String, String)>,
    RawQuery(query): RawQuery,
) -> Result<Response, Problem> {
    let source: SourceId = source.parse().map_err(|_| unknown())?;
    let asks = HubAsks {
        source,
        token,
        query: query.unwrap_or_default(),
    };
    let answer = (state.config().operations.hub_asks)(asks)
        .await
        .map_err(|error| failed(&error))?
        .ok_or_else(unknown)?;
    Ok(([("content-type", "text/plain; charset=utf-8")], answer).into_response())
}

async fn tells(
    State(state): State<state::State>,
    Path((source, token)): Path<(String, String)>,
    headers: HeaderMap,
    body: Bytes,
) -> Result<StatusCode, Problem> {
    let source: SourceId = source.parse().map_err(|_| unknown())?;
    let tells = HubTells {
        source,
        token,
        signature: headers
            .get("x-hub-signature")
            .and_then(|value| value.to_str().ok())
            .map(str::to_owned),
        body,
    };
    let known = (state.config().operations.hub_tells)(tells)
        .await
        .map_err(|error| failed(&error))?;
    // A hub ends a subscription on 410.
    Ok(if known {
        StatusCode::ACCEPTED
    } else {
        StatusCode::GONE
    })
}
