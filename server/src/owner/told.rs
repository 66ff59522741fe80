//! Where an owner is told of answers to what the network raised: chosen, sent to again and ended on the owner's home.

use askama::Template;
use axum::extract::{Extension, Form, State as FromState};
use axum::http::StatusCode;
use axum::response::Response;
use discover_model::FollowId;
use discover_store::{Follow, NotMade, OwnerPlace};
use serde::Deserialize;

use super::home;
use super::refused::{Typed, Wrong};
use super::reply::{check_form, in_turn, internal, private_page, see_other};
use crate::access::Owner;
use crate::alerts::saved_searches;
use crate::i18n::{filters, msg};
use crate::limits::Client;
use crate::pages::view::{Frame, Nav};
use crate::problem::Problem;
use crate::shapes::{MailEvery, NewDeliver};
use crate::state::{State, View};
use crate::text::inline::Moment;

/// Places of one network.
const MOST: usize = 5;
/// Id of the field for a place.
const FIELD: &str = "told-to";

/// What is said once, of a place that was chosen.
#[derive(Debug, Template)]
#[template(path = "owner/told.html")]
struct ToldPage {
    frame: Frame,
    to: String,
    /// What requests are signed with; none where mails are sent.
    secret: Option<String>,
}

#[derive(Debug, Deserialize)]
pub(super) struct ToldForm {
    #[serde(default)]
    form: String,
    /// An https address, or a mailbox.
    #[serde(default)]
    to: String,
}

#[derive(Debug, Deserialize)]
pub(super) struct EndForm {
    #[serde(default)]
    form: String,
    #[serde(default)]
    id: String,
}

pub(super) async fn choose(
    FromState(state): FromState<State>,
    Extension(owner): Extension<Owner>,
    client: Client,
    Form(asked): Form<ToldForm>,
) -> Result<Response, Problem> {
    let view = state.view().await?;
    let to = asked.to.trim();
    let made = match make(&view, &owner, client, &asked).await? {
        Ok(made) => made,
        Err(wrong) => {
            let typed = Typed {
                to: asked.to.clone(),
                ..Typed::default()
            };
            return home::refused(&state, &view, owner, typed, wrong).await;
        }
    };
    let secret = made.webhook.is_some();
    let secret = secret.then(|| saved_searches::secret(&view, made.id));
    private_page(&ToldPage {
        frame: Frame::new(
            &state.config().instance_name,
            msg!("owner-answers"),
            Nav::None,
        ),
        to: to.to_owned(),
        secret,
    })
}

/// Makes a place; what is wrong with it is said in the form.
async fn make(
    view: &View,
    owner: &Owner,
    client: Client,
    asked: &ToldForm,
) -> Result<Result<Follow, Wrong>, Problem> {
    let wrong = |problem: Problem| Wrong::of(FIELD, problem).map(Err);
    if let Err(problem) = check_form(owner, &asked.form) {
        return wrong(problem);
    }
    let to = asked.to.trim();
    let mails = view.state.config().operations.mails;
    let is_server = to.starts_with("https://") || to.starts_with("http://");
    let is_mailbox = mails && to.contains('@');
    if !(is_server || is_mailbox) {
        let words = if mails {
            msg!("owner-answers-to-wrong")
        } else {
            msg!("owner-answers-to-server-wrong")
        };
        return Ok(Err(Wrong::at(FIELD, words)));
    }
    // Whether an address may be sent to is looked up: not without end.
    let rates = &view.state.owners().rates;
    if let Err(problem) = in_turn(rates, client.0, &owner.network.to_string()) {
        return wrong(problem);
    }
    let chosen = match chosen(view, to).await {
        Ok(chosen) => chosen,
        Err(problem) => return wrong(problem),
    };
    let store = view.state.store();
    let made = store.make_owner_follow(owner.network, &chosen, MOST, view.now);
    match made.await.map_err(internal)? {
        Ok(made) => Ok(Ok(made)),
        Err(NotMade::Left) => Err(Problem::not_found("network")),
        Err(NotMade::Full) => Ok(Err(Wrong {
            status: StatusCode::CONFLICT,
            ..Wrong::at(FIELD, msg!("owner-answers-full", most = MOST))
        })),
        Err(NotMade::Asked { again }) => {
            let seconds = again.duration_since(view.now).as_secs().max(1);
            let until = Moment::new(again, &view.state.config().zone);
            Ok(Err(Wrong {
                status: StatusCode::TOO_MANY_REQUESTS,
                retry_after: Some(seconds.unsigned_abs()),
                ..Wrong::at(FIELD, msg!("owner-answers-asked-often", until = until))
            }))
        }
    }
}

/// Sends what failed once more, and at once.
pub(super) async fn again(
    FromState(state): FromState<State>,
    Extension(owner): Extension<Owner>,
    client: Client,
    Form(asked): Form<EndForm>,
) -> Result<Response, Problem> {
    check_form(&owner, &asked.form)?;
    let none = || Problem::not_found("place");
    let id: FollowId = asked.id.parse().map_err(|_| none())?;
    let view = state.view().await?;
    if let Err(problem) = in_turn(&state.owners().rates, client.0, &owner.network.to_string()) {
        let wrong = Wrong::of("told", problem)?;
        return home::refused(&state, &view, owner, Typed::default(), wrong).await;
    }
    let now = (state.config().clock)();
    let queued = state
        .store()
        .replay_owner_follows(owner.network, Some(id), now);
    queued.await.map_err(internal)?.ok_or_else(none)?;
    Ok(see_other("/owner#told"))
}

async fn chosen(view: &View, to: &str) -> Result<OwnerPlace, Problem> {
    let is_mail = to.contains('@') && !to.contains("://");
    let deliver = NewDeliver {
        webhook: (!is_mail).then(|| to.to_owned()),
        mail: is_mail.then(|| to.to_owned()),
        every: is_mail.then_some(MailEvery::Hour),
    };
    match saved_searches::place(view, &deliver).await? {
        (Some(webhook), _) => Ok(OwnerPlace::Webhook(webhook.to_string())),
        (None, Some((mailbox, every))) => Ok(OwnerPlace::Mail(mailbox, every)),
        (None, None) => Err(Problem::parameter("to", "expected an address")),
    }
}

pub(super) async fn end(
    FromState(state): FromState<State>,
    Extension(owner): Extension<Owner>,
    Form(asked): Form<EndForm>,
) -> Result<Response, Problem> {
    check_form(&owner, &asked.form)?;
    let none = || Problem::not_found("place");
    let id: FollowId = asked.id.parse().map_err(|_| none())?;
    let ended = state.store().drop_owner_follow(id, owner.network).await;
    if ended.map_err(internal)? {
        Ok(see_other("/owner#told"))
    } else {
        Err(none())
    }
}
