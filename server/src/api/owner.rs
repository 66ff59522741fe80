//! POST /networks/{slug}/look-now, /networks/{slug}/withdrawal and /networks/{slug}/answers/replay

use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use discover_model::Network;
use discover_store::Hide;
use jiff::{SignedDuration, Timestamp};

use crate::limits::Client;
use crate::operations::{Change, Looked};
use crate::owner;
use crate::problem::{Code, Problem};
use crate::shapes::{LookedAt, Replayed, SignedReplay, SignedWithdrawal};

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
    let SignedWithdrawal {
        what,
        which,
        at,
        signature,
    } = &asked;
    let message = format!("discover withdraw\n{slug}\n{what}\n{which}\n{at:.0}\n");
    let network = signed(&state, client, &slug, *at, &message, signature).await?;
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

/// Send answers once more
///
/// To every place that the owner chose: what was given up, or failed and waits. A place that was ended by what its receiver
/// answered is taken up again. By a request signed with the owner's key; the key itself is never sent. What was given up is
/// kept for 30 days.
#[utoipa::path(post, operation_id = "replay_answers", path = "/networks/{slug}/answers/replay", tag = "networks",
    params(("slug" = String, Path, description = "Slug of a network", example = "riverside-forum")), request_body = SignedReplay,
    responses((status = 200, description = "What will be sent", body = Replayed)))]
pub(crate) async fn replay(
    State(state): State<crate::State>,
    client: Client,
    headers: HeaderMap,
    Path(slug): Path<String>,
    body: Bytes,
) -> Result<Response, Problem> {
    let asked: SignedReplay = super::related::json_body(&headers, &body)?;
    let message = format!("discover replay\n{slug}\n{:.0}\n", asked.at);
    let network = signed(&state, client, &slug, asked.at, &message, &asked.signature).await?;
    owner::in_turn(&state.owners().rates, client.0, &network.id.to_string())?;
    let now = (state.config().clock)();
    let queued = state.store().replay_owner_follows(network.id, None, now);
    let queued = queued.await.map_err(|error| Problem::internal(&error))?;
    let replayed = Replayed {
        queued: queued.unwrap_or_default(),
    };
    Ok(axum::Json(replayed).into_response())
}

/// The network whose owner signed this message just now.
pub(super) async fn signed(
    state: &crate::State,
    client: Client,
    slug: &str,
    at: Timestamp,
    message: &str,
    signature: &str,
) -> Result<Network, Problem> {
    // Only what was wrongly signed counts: nobody keeps an owner from asking by asking in the owner's place.
    let wrong = |slug: &str| {
        let problem = Problem::new(Code::Unauthenticated, "the signature is not the owner's");
        owner::failed(state, client, slug).err().unwrap_or(problem)
    };
    let network = match owner::named(state, slug).await {
        Ok(network) => network,
        Err(problem) if problem.code == Code::NotFound => return Err(wrong("")),
        Err(problem) => return Err(problem),
    };
    let now = (state.config().clock)();
    if now.duration_since(at).abs() > FRESH {
        let detail = "`at` must be now, within 15 minutes";
        return Err(Problem::new(Code::Conflict, detail));
    }
    let store = state.store();
    let signed = store.is_signed_by_owner(network.id, message, signature);
    if signed.await.map_err(|error| Problem::internal(&error))? {
        Ok(network)
    } else {
        Err(wrong(slug))
    }
}
