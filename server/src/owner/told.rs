//! Where an owner is told of answers to what the network raised: chosen, looked after and ended on the owner's home.

use askama::Template;
use axum::extract::{Extension, Form, State as FromState};
use axum::http::StatusCode;
use axum::response::Response;
use discover_model::FollowId;
use discover_store::{
    Delivery, DeliveryEvent, DeliverySubject, Follow, NotMade, OwnerFollow, OwnerPlace,
};
use jiff::Timestamp;
use serde::Deserialize;

use super::home;
use super::refused::{Typed, Wrong};
use super::reply::{check_form, in_turn, internal, private_page, see_other};
use crate::access::Owner;
use crate::alerts::saved_searches;
use crate::i18n::{Msg, filters, msg};
use crate::limits::Client;
use crate::pages::view::{Frame, Nav, label};
use crate::problem::Problem;
use crate::read::answers;
use crate::shapes::{MailEvery, NewDeliver};
use crate::state::{State, View};
use crate::text::inline::Moment;

/// Places of one network.
const MOST: usize = 5;
/// Id of the field for a place.
const FIELD: &str = "told-to";

/// A place, as the owner's home lists it.
#[derive(Debug)]
pub(super) struct Place {
    pub(super) id: String,
    pub(super) words: Msg,
    /// What is in the way of everything.
    pub(super) trouble: Option<Msg>,
    /// When something last arrived.
    pub(super) arrived: Msg,
    /// What waits, and until when.
    pub(super) waiting: Option<Msg>,
    /// What failed, latest first.
    pub(super) failed: Vec<Msg>,
    /// What helps.
    pub(super) fix: Option<Msg>,
    /// Whether there is something to be sent again.
    pub(super) again: bool,
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

pub(super) async fn places(view: &View, owner: &Owner) -> Result<Vec<Place>, Problem> {
    let held = view.state.store().owner_places(owner.network).await;
    let mut places = Vec::new();
    for one in held.map_err(internal)? {
        places.push(place(view, &one).await?);
    }
    Ok(places)
}

async fn place(view: &View, held: &OwnerFollow) -> Result<Place, Problem> {
    let zone = &view.state.config().zone;
    let moment = |at: Timestamp| Moment::new(at, zone);
    let (follow, mail) = (&held.follow, held.follow.mail.as_ref());
    let unconfirmed = mail.is_some_and(|mail| mail.confirmed.is_none());
    let said = |said: &str| words(said, mail.is_some());
    let trouble = match (&follow.paused, held.failed.first()) {
        (Some(why), _) => {
            let why = why.strip_prefix("receiver: ").unwrap_or(why);
            Some(match mail {
                Some(_) => msg!("owner-place-no-mailbox", said = said(why)),
                None => msg!("owner-place-ended", said = said(why)),
            })
        }
        (None, Some(failed)) if unconfirmed => {
            let why = failed.said.as_deref().unwrap_or_default();
            Some(msg!("owner-place-not-asked", said = said(why)))
        }
        (None, None) if unconfirmed => Some(msg!("owner-answers-unconfirmed")),
        _ => None,
    };
    let mut failed = Vec::new();
    for one in held.failed.iter().filter(|_| !unconfirmed) {
        failed.push(failure(view, one, held, mail.is_some()).await?);
    }
    let fix = held.failed.first().and_then(|one| one.said.as_deref());
    Ok(Place {
        id: follow.id.to_string(),
        words: match (mail, &follow.webhook) {
            (Some(mail), _) => msg!("owner-answers-mail", to = mail.to.as_str()),
            (None, webhook) => {
                let to = webhook.as_deref().unwrap_or_default();
                msg!("owner-answers-webhook", to = to)
            }
        },
        trouble,
        arrived: match held.arrived {
            Some(at) => msg!("owner-place-arrived", at = moment(at)),
            None => msg!("owner-place-nothing-arrived"),
        },
        waiting: (held.waiting > 0 && !unconfirmed).then(|| {
            let count = held.waiting;
            if follow.paused.is_none() && held.not_before > view.now {
                let at = moment(held.not_before);
                msg!("owner-place-waiting-until", count = count, at = at)
            } else {
                msg!("owner-place-waiting", count = count)
            }
        }),
        fix: fix.map(|said| fix_of(said, mail.is_some())),
        again: !unconfirmed && (!failed.is_empty() || follow.paused.is_some()),
        failed,
    })
}

/// What failed, why, and when it is tried again.
async fn failure(
    view: &View,
    one: &Delivery,
    held: &OwnerFollow,
    mailed: bool,
) -> Result<Msg, Problem> {
    let topic = match one.subject {
        Some(DeliverySubject::Answer(number)) => answers::one(view, number).await?,
        _ => None,
    };
    let topic = topic.and_then(|(_, topic)| topic);
    let topic = topic.map(|topic| label(&topic.label, &topic.labels));
    let what = match (one.event, topic) {
        (DeliveryEvent::AnswerErased, Some(topic)) => msg!("owner-failed-erased", topic = topic),
        (_, Some(topic)) => msg!("owner-failed-answer", topic = topic),
        (_, None) => msg!("owner-failed-gone"),
    };
    let said = words(one.said.as_deref().unwrap_or_default(), mailed);
    let zone = &view.state.config().zone;
    Ok(match one.ended {
        Some(at) => {
            msg!(
                "owner-failed-dead",
                what = what,
                said = said,
                at = Moment::new(at, zone)
            )
        }
        None if held.follow.paused.is_some() => {
            msg!("owner-failed-waits", what = what, said = said)
        }
        None => {
            let next = Moment::new(one.next_due.max(held.not_before), zone);
            msg!("owner-failed-again", what = what, said = said, at = next)
        }
    })
}

/// The status that a receiver answered with, where it did.
fn status(said: &str) -> Option<&str> {
    said.strip_prefix("answer ")
}

fn words(said: &str, mailed: bool) -> Msg {
    match (status(said), mailed) {
        (Some(status), true) => msg!("owner-said-mail", status = status),
        (Some(status), false) => msg!("owner-said-server", status = status),
        (None, _) => Msg::English(said.to_owned()),
    }
}

/// What an owner can do about what a receiver said.
fn fix_of(said: &str, mailed: bool) -> Msg {
    let code = status(said).and_then(|status| status.get(..3)?.parse::<u16>().ok());
    match (mailed, code) {
        (true, Some(550..=559)) => msg!("owner-fix-mailbox"),
        (true, _) => msg!("owner-fix-mail"),
        (false, Some(300..=399)) => msg!("owner-fix-moved"),
        (false, Some(401 | 403)) => msg!("owner-fix-refused"),
        (false, Some(408 | 425 | 429 | 500..=599)) => msg!("owner-fix-busy"),
        (false, Some(_)) => msg!("owner-fix-address"),
        (false, None) => msg!("owner-fix-unreachable"),
    }
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
