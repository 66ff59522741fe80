//! How it goes at each place where an owner is told of answers, as the owner's home lists it.

use discover_store::{Delivery, DeliveryEvent, DeliverySubject, OwnerFollow};
use jiff::Timestamp;

use super::reply::internal;
use crate::access::Owner;
use crate::i18n::{Msg, msg};
use crate::pages::view::label;
use crate::problem::Problem;
use crate::read::answers;
use crate::state::View;
use crate::text::inline::Moment;

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

pub(super) async fn all(view: &View, owner: &Owner) -> Result<Vec<Place>, Problem> {
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
