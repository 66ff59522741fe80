//! Where an owner is told of answers to what the network raised: chosen, and ended, on the owner's home.

use askama::Template;
use axum::extract::{Extension, Form, State as FromState};
use axum::response::Response;
use discover_model::FollowId;
use discover_store::{Follow, NotMade, OwnerPlace};
use serde::Deserialize;

use super::reply::{check_form, in_turn, internal, private_page, see_other};
use crate::access::Owner;
use crate::alerts::saved_searches;
use crate::i18n::{Msg, filters, msg};
use crate::limits::Client;
use crate::pages::view::{Frame, Nav};
use crate::problem::{Code, Problem};
use crate::shapes::{MailEvery, NewDeliver};
use crate::state::{State, View};

/// Places of one network.
const MOST: usize = 5;

/// A place, as the owner's home lists it.
#[derive(Debug)]
pub(super) struct Place {
    pub(super) id: String,
    pub(super) words: Msg,
    /// What is in the way.
    pub(super) trouble: Option<Msg>,
}

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

pub(super) async fn places(state: &State, owner: &Owner) -> Result<Vec<Place>, Problem> {
    let follows = state.store().owner_follows(owner.network).await;
    Ok(follows.map_err(internal)?.iter().map(place).collect())
}

fn place(follow: &Follow) -> Place {
    let mut trouble = follow
        .paused
        .as_ref()
        .map(|why| msg!("owner-answers-paused", why = Msg::English(why.clone())));
    let words = match (&follow.webhook, &follow.mail) {
        (None, Some(mail)) => {
            if mail.confirmed.is_none() {
                trouble = Some(msg!("owner-answers-unconfirmed"));
            }
            msg!("owner-answers-mail", to = mail.to.as_str())
        }
        (webhook, _) => msg!(
            "owner-answers-webhook",
            to = webhook.clone().unwrap_or_default()
        ),
    };
    Place {
        id: follow.id.to_string(),
        words,
        trouble,
    }
}

pub(super) async fn choose(
    FromState(state): FromState<State>,
    Extension(owner): Extension<Owner>,
    client: Client,
    Form(asked): Form<ToldForm>,
) -> Result<Response, Problem> {
    check_form(&owner, &asked.form)?;
    // Whether an address may be sent to is looked up: not without end.
    in_turn(&state.owners().rates, client.0, &owner.network.to_string())?;
    let view = state.view().await?;
    let chosen = chosen(&view, asked.to.trim()).await?;
    let made = state
        .store()
        .make_owner_follow(owner.network, &chosen, MOST, view.now);
    let made = made.await.map_err(internal)?;
    let made = made.map_err(|not_made| match not_made {
        NotMade::Left => Problem::not_found("network"),
        NotMade::Full => Problem::new(
            Code::Conflict,
            format!("answers are sent to {MOST} places at most: end one of them first"),
        ),
        NotMade::Asked { again } => Problem {
            retry_after: Some(
                again
                    .duration_since(view.now)
                    .as_secs()
                    .max(1)
                    .unsigned_abs(),
            ),
            ..Problem::new(
                Code::RateLimited,
                "this address was asked whether it wants mails as often as it may be",
            )
        },
    })?;
    let secret = made.webhook.is_some();
    let secret = secret.then(|| saved_searches::secret(&view, made.id));
    private_page(&ToldPage {
        frame: Frame::new(
            &state.config().instance_name,
            msg!("owner-answers"),
            Nav::None,
        ),
        to: asked.to.trim().to_owned(),
        secret,
    })
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
