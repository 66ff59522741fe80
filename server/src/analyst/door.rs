//! Looks at what a request brings along to identify itself.

use axum::http::HeaderMap;
use axum::http::header::AUTHORIZATION;
use discover_store::key_id;
use governor::clock::Clock;

use super::Analyst;
use crate::problem::{Code, Problem};
use crate::state::State;

fn unknown() -> Problem {
    Problem::new(
        Code::Unauthenticated,
        "this key is not known here, has expired or was revoked",
    )
    .with_hint("ask the operator for a new key, or ask without one")
}

/// What a request brings along to identify itself.
#[derive(Debug)]
pub(crate) enum Door {
    /// No key.
    Anonymous,
    Known(Analyst),
    /// A key that does not open: counted as the client's request, then refused.
    Wrong(Problem),
    /// A right key that used up its quota.
    Spent(Problem),
}

/// Looks at the key of a request.
pub(crate) async fn door(state: &State, headers: &HeaderMap) -> Result<Door, Problem> {
    let Some(header) = headers.get(AUTHORIZATION) else {
        return Ok(Door::Anonymous);
    };
    let given = header.to_str().unwrap_or_default().split_once(' ');
    let given = given.filter(|(scheme, _)| scheme.eq_ignore_ascii_case("bearer"));
    let Some((_, given)) = given else {
        return Ok(Door::Wrong(unknown()));
    };
    opened(state, given).await
}

/// Looks at a key, wherever it was given.
pub(crate) async fn opened(state: &State, given: &str) -> Result<Door, Problem> {
    let given = given.trim();
    let Some(id) = key_id(given) else {
        return Ok(Door::Wrong(unknown()));
    };
    let now = (state.config().clock)();
    let analysts = state.analysts();
    let held = analysts.held(state.store()).await?;
    let key = held.keys.get(id).filter(|key| key.is_live(now));
    let Some(key) = key.filter(|key| key.opens_with(given)) else {
        return Ok(Door::Wrong(unknown()));
    };
    if let Err(until) = analysts.quota(key).check() {
        return Ok(Door::Spent(Problem {
            retry_after: Some(until.wait_time_from(analysts.clock.now()).as_secs() + 1),
            ..Problem::new(
                Code::RateLimited,
                format!("this key is given {} requests a minute", key.per_minute),
            )
        }));
    }
    analysts.note(
        state.store(),
        key,
        now.to_zoned(state.config().zone.clone()).date(),
    );
    Ok(Door::Known(Analyst {
        key: key.id.as_str().into(),
        holder: key.holder.as_str().into(),
        scopes: key.scopes.as_slice().into(),
    }))
}
