//! POST /networks/{slug}/look-now, POST /networks/{slug}/withdrawal

use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use discover_store::Hide;
use jiff::SignedDuration;

use crate::limits::Client;
use crate::operations::{Change, Looked};
use crate::owner;
use crate::problem::{Code, Problem};
use crate::shapes::{LookedAt, SignedWithdrawal};

/// A signed request counts for so long.
const FRESH: SignedDuration = SignedDuration::from_mins(15);

/// Look at an owner's proof now
///
/// Anybody may ask; only the place of the proof is fetched. What has gone from there is hidden at once.
#[utoipa::path(post, path = "/networks/{slug}/look-now", tag = "consent",
    params(("slug" = String, Path, description = "Slug of a network", example = "riverside-forum")),
    responses((status = 200, description = "What the look came to", body = LookedAt)))]
pub(crate) async fn look_now(
    State(state): State<crate::State>,
    client: Client,
    Path(slug): Path<String>,
) -> Result<Response, Problem> {
    let network = owner::named(&state, &slug).await?;
    let looked = owner::look(&state, client, &network).await?;
    let code = match looked {
        Looked::Stands => "stands",
        Looked::Missing => "missing",
        Looked::Withdrawn => "withdrawn",
        Looked::Unreachable => "unreachable",
        Looked::TooSoon => "too_soon",
        Looked::OnPaper => "on_paper",
    };
    let answer = LookedAt {
        looked: code.to_owned(),
        words: owner::words(looked).to_owned(),
    };
    Ok(axum::Json(answer).into_response())
}

/// Leave, by a request signed with the owner's key
///
/// The key itself is never sent. When this answers, nothing shows what was withdrawn; the purge follows within the hour.
#[utoipa::path(post, path = "/networks/{slug}/withdrawal", tag = "consent", request_body = SignedWithdrawal,
    params(("slug" = String, Path, description = "Slug of a network", example = "riverside-forum")),
    responses((status = 204, description = "Hidden everywhere")))]
pub(crate) async fn withdrawal(
    State(state): State<crate::State>,
    client: Client,
    headers: HeaderMap,
    Path(slug): Path<String>,
    body: Bytes,
) -> Result<Response, Problem> {
    let asked: SignedWithdrawal = super::related::json_body(&headers, &body)?;
    // Only what was wrongly signed counts: nobody keeps an owner from leaving by asking in the owner's place.
    let wrong = |slug: &str| {
        let problem = Problem::new(Code::Unauthenticated, "the signature is not the owner's");
        owner::failed(&state, client, slug).err().unwrap_or(problem)
    };
    let network = match owner::named(&state, &slug).await {
        Ok(network) => network,
        Err(problem) if problem.code == Code::NotFound => return Err(wrong("")),
        Err(problem) => return Err(problem),
    };
    let now = (state.config().clock)();
    if now.duration_since(asked.at).abs() > FRESH {
        return Err(Problem::new(
            Code::Conflict,
            "`at` must be now, within 15 minutes",
        ));
    }
    let SignedWithdrawal {
        what, which, at, ..
    } = &asked;
    let message = format!("discover withdraw\n{slug}\n{what}\n{which}\n{at:.0}\n");
    let signed = state
        .store()
        .is_signed_by_owner(network.id, &message, &asked.signature)
        .await
        .map_err(|error| Problem::internal(&error))?;
    if !signed {
        return Err(wrong(&slug));
    }
    let hide = owner::part(&state, network.id, what, which).await?;
    let whole = matches!(hide, Hide::Network(_));
    (state.config().operations.set)(Change::Leave(hide))
        .await
        .map_err(owner::problem_of)?;
    if whole {
        state.owners().sessions.end_all(network.id);
    }
    Ok(StatusCode::NO_CONTENT.into_response())
}
